//! A JSON reader that forgives what pages get wrong: comments, CDATA marks, trailing or missing commas, raw line
//! breaks and control characters in strings, bad escapes, quotes nobody escaped, several values in a row, a cut end.

/// Longest text that is read at all.
pub const BYTES_MAX: usize = 4 << 20;
/// Levels of nesting; what is deeper is passed over.
pub const DEPTH_MAX: usize = 64;
/// Most values of one text.
pub const VALUES_MAX: usize = 200_000;

#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    /// As written.
    Number(String),
    Text(String),
    List(Vec<Json>),
    Map(Vec<(String, Json)>),
}

impl Json {
    /// The value under a key of a map.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(pairs) => pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// A list's items; any other value is a list of itself, null of nothing.
    pub fn items(&self) -> &[Self] {
        match self {
            Self::Null => &[],
            Self::List(items) => items,
            one => std::slice::from_ref(one),
        }
    }

    /// Text or number as text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Number(text) => Some(text),
            _ => None,
        }
    }
}

/// Every value that stands in the text, in order. Total.
pub fn read(text: &str) -> Vec<Json> {
    let mut reader = Reader { bytes: text.as_bytes(), text, at: 0, values: 0 };
    let mut found = Vec::new();
    if text.len() > BYTES_MAX {
        return found;
    }
    while let Some(byte) = reader.peek() {
        match byte {
            b'{' | b'[' => found.extend(reader.value(0)),
            _ => reader.at += 1,
        }
    }
    found
}

struct Reader<'a> {
    bytes: &'a [u8],
    text: &'a str,
    at: usize,
    values: usize,
}

impl Reader<'_> {
    /// The next byte that is neither white space nor comment.
    fn peek(&mut self) -> Option<u8> {
        loop {
            let rest = &self.bytes[self.at..];
            match rest {
                [b, ..] if b.is_ascii_whitespace() || *b < 0x20 => self.at += 1,
                [0xC2, 0xA0, ..] => self.at += 2,
                [0xEF, 0xBB, 0xBF, ..] => self.at += 3,
                [b'/', b'*', ..] => self.skip_past("*/"),
                [b'/', b'/', ..] => self.skip_past("\n"),
                _ if rest.starts_with(b"<![CDATA[") => self.at += 9,
                _ if rest.starts_with(b"]]>") => self.at += 3,
                _ if rest.starts_with(b"<!--") => self.at += 4,
                _ if rest.starts_with(b"-->") => self.at += 3,
                _ => return rest.first().copied(),
            }
        }
    }

    fn skip_past(&mut self, mark: &str) {
        let found = memchr::memmem::find(&self.bytes[self.at..], mark.as_bytes());
        self.at = found.map_or(self.bytes.len(), |at| self.at + at + mark.len());
    }

    fn value(&mut self, depth: usize) -> Option<Json> {
        self.values += 1;
        if self.values > VALUES_MAX {
            self.at = self.bytes.len();
            return None;
        }
        match self.peek()? {
            b'{' if depth < DEPTH_MAX => Some(self.map(depth)),
            b'[' if depth < DEPTH_MAX => Some(self.list(depth)),
            b'{' | b'[' => {
                self.skip_nested();
                Some(Json::Null)
            }
            b'"' => Some(Json::Text(self.string())),
            _ => self.word(),
        }
    }

    fn map(&mut self, depth: usize) -> Json {
        self.at += 1;
        let mut pairs = Vec::new();
        loop {
            match self.peek() {
                None => break,
                Some(b'}') => {
                    self.at += 1;
                    break;
                }
                Some(b'"') => {
                    let key = self.string();
                    if self.peek() == Some(b':') {
                        self.at += 1;
                        pairs.extend(self.value(depth + 1).map(|value| (key, value)));
                    }
                }
                // A list that was never closed ends with the map around it.
                Some(_) => self.at += 1,
            }
        }
        Json::Map(pairs)
    }

    fn list(&mut self, depth: usize) -> Json {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            match self.peek() {
                None | Some(b'}') => break,
                Some(b']') => {
                    self.at += 1;
                    break;
                }
                Some(b',' | b':') => self.at += 1,
                Some(_) => items.extend(self.value(depth + 1)),
            }
        }
        Json::List(items)
    }

    /// `true`, `false`, `null`, a number; anything else is passed over up to the next mark.
    fn word(&mut self) -> Option<Json> {
        let rest = &self.bytes[self.at..];
        let marks = |b: &u8| matches!(b, b',' | b'}' | b']' | b':' | b'"' | b'{' | b'[') || b.is_ascii_whitespace();
        let end = rest.iter().position(marks).unwrap_or(rest.len());
        if end == 0 {
            // A mark where a value should stand: an empty value, unless it closes what is around it.
            self.at += usize::from(rest.first() == Some(&b':'));
            return None;
        }
        // Both ends stand beside ASCII, so they are character boundaries.
        let word = self.text.get(self.at..self.at + end).unwrap_or_default();
        self.at += end;
        match word {
            "true" => Some(Json::Bool(true)),
            "false" => Some(Json::Bool(false)),
            "null" => Some(Json::Null),
            _ if word.starts_with(|c: char| c.is_ascii_digit() || c == '-') => Some(Json::Number(word.to_owned())),
            _ => None,
        }
    }

    fn skip_nested(&mut self) {
        let mut open = 0usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => drop(self.string()),
                b'{' | b'[' => {
                    open += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    open -= 1;
                    self.at += 1;
                }
                _ => self.at += 1,
            }
            if open == 0 {
                return;
            }
        }
    }

    fn string(&mut self) -> String {
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = &self.bytes[self.at..];
            let plain = memchr::memchr2(b'"', b'\\', rest).unwrap_or(rest.len());
            out.push_str(self.text.get(self.at..self.at + plain).unwrap_or_default());
            self.at += plain;
            match rest.get(plain) {
                None => return out,
                Some(b'\\') => self.escape(&mut out),
                Some(_) => {
                    self.at += 1;
                    if self.closes() {
                        return out;
                    }
                    out.push('"');
                }
            }
        }
    }

    /// Whether the quote just passed ends its string: a mark, a line break or the end follows.
    fn closes(&self) -> bool {
        for byte in &self.bytes[self.at..] {
            match byte {
                b' ' | b'\t' => {}
                b',' | b':' | b'}' | b']' | b'\n' | b'\r' | b'/' | b'<' => return true,
                _ => return false,
            }
        }
        true
    }

    fn escape(&mut self, out: &mut String) {
        self.at += 1;
        let Some(&byte) = self.bytes.get(self.at) else { return };
        let plain = match byte {
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' | b'f' => ' ',
            b'u' => return self.unicode(out),
            b'"' | b'\\' | b'/' => char::from(byte),
            // A backslash before anything else is passed over, the character stays.
            _ => return,
        };
        out.push(plain);
        self.at += 1;
    }

    fn unicode(&mut self, out: &mut String) {
        self.at += 1;
        let Some(first) = self.hex() else { return };
        let code = match first {
            0xD800..0xDC00 if self.bytes[self.at..].starts_with(b"\\u") => {
                self.at += 2;
                self.hex().map_or(first, |low| 0x10000 + ((first - 0xD800) << 10) + (low.wrapping_sub(0xDC00) & 0x3FF))
            }
            _ => first,
        };
        out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        let code = u32::from_str_radix(digits, 16).ok()?;
        self.at += 4;
        Some(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        format!("{:?}", read(text))
    }

    #[test]
    fn mended_json_reads_as_the_sound_one() {
        let sound = shown(r#"{"a":"b","c":[1,2]}"#);
        let mended = [
            "<!-- {\"a\":\"b\",\"c\":[1,2]} -->",
            "//<![CDATA[\n{\"a\":\"b\",\"c\":[1,2]}\n//]]>",
            "/* note */ {\"a\":\"b\", // here\n \"c\":[1,2,],}",
            "{\"a\":\"b\"\n\"c\":[1 2]}",
            "{\"a\":\"b\",\"c\":[1,2}",
            "{\"a\":\"b\",\"c\":[1,2",
            ";{\"a\":\"b\",,\"c\":[1,2]};",
            "\u{feff}{\"a\":\"b\",\"x\":,\"c\":[1,2]}",
        ];
        for text in mended {
            assert_eq!(shown(text), sound, "{text}");
        }
    }

    #[test]
    fn strings_keep_what_is_in_them() {
        let cases = [
            ("[\"line\nbreak\u{1}\"]", "line\nbreak\u{1}"),
            (r#"["say "hi" now"]"#, "say \"hi\" now"),
            (r#"["\u00e9\ud83d\ude00\/"]"#, "é😀/"),
            (r#"["\d\u12"]"#, "d12"),
            (r#"["\ud83dx"]"#, "\u{fffd}x"),
        ];
        for (text, want) in cases {
            assert_eq!(read(text), [Json::List(vec![Json::Text(want.to_owned())])], "{text}");
        }
    }

    #[test]
    fn deep_and_broken_texts_end() {
        for text in ["[".repeat(100_000), "{\"a\":".repeat(100_000), "\"\\u".repeat(9), "]}]}".repeat(1000)] {
            let _ = read(&text);
        }
    }
}
