//! The HTTP message in a `response` record.

/// The size of a chunk has no more digits.
const SIZE_DIGITS_MAX: usize = 8;

/// Status, headers and body of an answer, as the server sent them; only the transfer coding is undone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    /// Names in lower case, in the order sent.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// Whether the transfer coding ends before it says so.
    pub is_cut: bool,
}

/// Takes the block of a `response` record apart; `None` when it is no HTTP answer.
pub fn response(block: &[u8]) -> Option<Response> {
    let (head, body) = split(block)?;
    let head = String::from_utf8_lossy(head);
    let mut lines = head.lines();
    let status = lines.next()?.strip_prefix("HTTP/")?.split_whitespace().nth(1)?.parse().ok()?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let chunked = |(name, value): &(String, String)| {
        name == "transfer-encoding" && value.to_ascii_lowercase().contains("chunked")
    };
    // Some writers undo the chunks and leave the header.
    let is_chunked = headers.iter().any(chunked);
    if let Some(body) = is_chunked.then(|| unchunk(body)).flatten() {
        return Some(Response { status, headers, body, is_cut: false });
    }
    let begun = is_chunked.then(|| unchunk_cut(body)).flatten();
    let is_cut = begun.is_some();
    Some(Response { status, headers, body: begun.unwrap_or_else(|| body.to_vec()), is_cut })
}

pub(super) fn split(block: &[u8]) -> Option<(&[u8], &[u8])> {
    let crlf = memchr::memmem::find(block, b"\r\n\r\n").map(|at| (at, 4));
    let lf = memchr::memmem::find(block, b"\n\n").map(|at| (at, 2));
    let mixed = memchr::memmem::find(block, b"\n\r\n").map(|at| (at, 3));
    let (at, gap) = [crlf, lf, mixed].into_iter().flatten().min().unwrap_or((block.len(), 0));
    block.starts_with(b"HTTP/").then(|| (&block[..at], &block[at + gap..]))
}

/// The body without its chunks' lengths; `None` when it has no chunks.
pub(super) fn unchunk(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::with_capacity(rest.len());
    loop {
        let end = memchr::memchr(b'\n', rest)?;
        let line = std::str::from_utf8(&rest[..end]).ok()?;
        let length = usize::from_str_radix(line.split(';').next()?.trim(), 16).ok()?;
        rest = &rest[end + 1..];
        if length == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(..length)?);
        rest = rest[length..].strip_prefix(b"\r\n").or(rest[length..].strip_prefix(b"\n"))?;
    }
}

/// The body as far as it came, of one whose chunks follow one another up to an end that none of them announces. A text
/// that happens to begin with a number has its chunks undone already: a first chunk that leads beyond the end must begin
/// as a page does, or as what is packed.
fn unchunk_cut(body: &[u8]) -> Option<Vec<u8>> {
    let mut came = Vec::with_capacity(body.len());
    let (mut rest, mut is_sure) = (body, false);
    loop {
        let Some(end) = memchr::memchr(b'\n', rest) else {
            let digits = rest.strip_suffix(b"\r").unwrap_or(rest);
            return (is_sure && digits.len() <= SIZE_DIGITS_MAX && digits.iter().all(u8::is_ascii_hexdigit))
                .then_some(came);
        };
        let line = std::str::from_utf8(rest[..end].strip_suffix(b"\r")?).ok()?;
        let digits = line.split(';').next()?.trim_end();
        if digits.len() > SIZE_DIGITS_MAX || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let length = usize::from_str_radix(digits, 16).ok().filter(|&length| length > 0)?;
        rest = &rest[end + 1..];
        let Some(chunk) = rest.get(..length) else {
            // A page that ends is whole, and the number before it none of a chunk.
            if !is_sure && rest.trim_ascii_end().to_ascii_lowercase().ends_with(b"</html>") {
                return None;
            }
            came.extend_from_slice(rest);
            return (is_sure || begins_as_sent(rest)).then_some(came);
        };
        came.extend_from_slice(chunk);
        rest = match &rest[length..] {
            b"" | b"\r" => return (is_sure || begins_as_sent(chunk)).then_some(came),
            more => more.strip_prefix(b"\r\n")?,
        };
        is_sure = true;
    }
}

/// Whether bytes begin with a tag, or as gzip or zstd does.
fn begins_as_sent(bytes: &[u8]) -> bool {
    let begin = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    begin.starts_with(b"<") || bytes.starts_with(b"\x1f\x8b") || bytes.starts_with(b"\x28\xb5\x2f\xfd")
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    fn read(body: &str) -> (String, bool) {
        let response = response(format!("{CHUNKED}{body}").as_bytes()).expect("an answer");
        (String::from_utf8(response.body).expect("text"), response.is_cut)
    }

    #[test]
    fn a_chunked_body_that_was_cut_has_its_text_up_to_the_cut() {
        let whole = "3\r\n<p>\r\n00c;a=b\r\nat the mill \r\n2\r\nby\r\n0\r\n\r\n";
        let text = "<p>at the mill by";
        assert_eq!(read(whole), (text.to_owned(), false));
        let end = whole.len() - "0\r\n\r\n".len();
        // From the first byte of the page on, wherever it ends.
        for at in "3\r\n<".len()..=end {
            let (came, is_cut) = read(&whole[..at]);
            // Within the parameters of a size nothing is sure.
            let in_parameters = ("3\r\n<p>\r\n00c;".len()..="3\r\n<p>\r\n00c;a=b\r".len()).contains(&at);
            assert!(is_cut && text.starts_with(came.trim_end()) || in_parameters, "{at}: {came:?}");
        }
        assert_eq!(read(&whole[..end]), (text.to_owned(), true));
        assert_eq!(read("1f40\r\n <!doctype html><p>The ferry"), (" <!doctype html><p>The ferry".to_owned(), true));
    }

    #[test]
    fn what_only_begins_with_a_number_is_left_as_it_came() {
        for body in [
            "1984\r\nIt was a cold day.\r\n",
            "12\r\n",
            "1984",
            "1984\n<p>It was a cold day.",
            "The ferry\r\n12\r\nleaves",
            "3\r\nmill\r\n",
            "3\r\n<p>\r\nThe ferry\r\n",
            "+5\r\n<p>a",
            "00000001984\r\n<p>It was a cold day.",
            "<p>The ferry leaves.</p>",
            "",
        ] {
            assert_eq!(read(body), (body.to_owned(), false), "{body:?}");
        }
        let numbered = "20240101\r\n<html><p>The ferry</p></html>\r\n";
        assert_eq!(read(numbered), (numbered.to_owned(), false));
        let unchunked = response(b"HTTP/1.1 200 OK\r\n\r\n1f40\r\n<p>The ferry").expect("an answer");
        assert_eq!((&unchunked.body[..], unchunked.is_cut), (&b"1f40\r\n<p>The ferry"[..], false));
    }
}
