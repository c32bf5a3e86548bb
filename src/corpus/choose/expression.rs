//! `--where`: a condition on the fields of a record.
//!
//! `words > 100 and (language == "en" or host ~ "example") and not kind == "listing"`: comparisons `==`, `!=`, `<`, `<=`,
//! `>`, `>=`, `~` (contains); of a list, any element counts. Dates are compared as what they mean: `published < "2024-06"`
//! is before the first moment of June. A field that is not there, or of another type, makes every comparison but `!=` false;
//! a value that its field can never have is an error.

use serde_json::Value;

use crate::corpus::date;
use crate::page::Timestamp;

#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    Any(Vec<Self>),
    All(Vec<Self>),
    Not(Box<Self>),
    Compare {
        field: String,
        how: How,
        with: Value,
    },
    /// With the first and the last moment that a date may mean.
    When {
        field: String,
        how: How,
        first: Timestamp,
        last: Timestamp,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
    Contains,
}

/// Deeper nesting is no condition a person wrote.
const DEPTH_MAX: usize = 32;

impl Expression {
    /// Reads a condition over these fields, or says what is wrong with it.
    pub fn parse(text: &str, fields: &[&str]) -> Result<Self, String> {
        let mut parser = Parser { words: words(text)?, at: 0, fields };
        let expression = parser.any(0)?;
        match parser.words.get(parser.at) {
            None => Ok(expression),
            Some(word) => Err(format!("`{}` is too much", word.text)),
        }
    }

    pub fn holds(&self, record: &Value) -> bool {
        match self {
            Self::Any(parts) => parts.iter().any(|part| part.holds(record)),
            Self::All(parts) => parts.iter().all(|part| part.holds(record)),
            Self::Not(part) => !part.holds(record),
            Self::Compare { field, how, with } => compare(&record[field.as_str()], *how, with),
            Self::When { field, how, first, last } => {
                let at = record[field.as_str()].as_str().and_then(date::earliest);
                at.map_or(*how == How::Unequal, |at| is_then(at, *how, *first, *last))
            }
        }
    }
}

/// The same as for bounds on the date of publication: what is at a date lies within all that it may mean.
fn is_then(at: Timestamp, how: How, first: Timestamp, last: Timestamp) -> bool {
    match how {
        How::Equal => (first..=last).contains(&at),
        How::Unequal => !(first..=last).contains(&at),
        How::Less => at < first,
        How::LessOrEqual => at <= last,
        How::More => at > last,
        How::MoreOrEqual => at >= first,
        How::Contains => false,
    }
}

fn compare(value: &Value, how: How, with: &Value) -> bool {
    if how == How::Unequal {
        return !compare(value, How::Equal, with);
    }
    match (value, with) {
        // A list of nobody is none.
        (Value::Array(values), Value::Null) => how == How::Equal && values.is_empty(),
        (Value::Array(values), _) => values.iter().any(|value| compare(value, how, with)),
        (Value::Number(a), Value::Number(b)) => ordered(how, a.as_f64().partial_cmp(&b.as_f64())),
        (Value::String(a), Value::String(b)) if how == How::Contains => {
            a.to_lowercase().contains(b.to_lowercase().as_str())
        }
        (Value::String(a), Value::String(b)) => ordered(how, Some(a.as_str().cmp(b.as_str()))),
        (Value::Bool(a), Value::Bool(b)) => how == How::Equal && a == b,
        (Value::Null, Value::Null) => how == How::Equal,
        _ => false,
    }
}

fn ordered(how: How, order: Option<std::cmp::Ordering>) -> bool {
    order.is_some_and(|order| match how {
        How::Equal => order.is_eq(),
        How::Unequal => order.is_ne(),
        How::Less => order.is_lt(),
        How::LessOrEqual => order.is_le(),
        How::More => order.is_gt(),
        How::MoreOrEqual => order.is_ge(),
        How::Contains => false,
    })
}

struct Word {
    text: String,
    is_quoted: bool,
}

fn words(text: &str) -> Result<Vec<Word>, String> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' | '\'' => {
                let end = rest[1..].find(first).ok_or_else(|| format!("`{rest}` lacks its closing quote"))?;
                words.push(Word { text: rest[1..=end].to_owned(), is_quoted: true });
                end + 2
            }
            '(' | ')' | '~' => 1,
            '=' | '!' | '<' | '>' => 1 + usize::from(rest[1..].starts_with('=')),
            _ => rest.find(|c: char| c.is_whitespace() || "()=!<>~\"'".contains(c)).unwrap_or(rest.len()),
        };
        if !matches!(first, '"' | '\'') {
            words.push(Word { text: rest[..length].to_owned(), is_quoted: false });
        }
        rest = rest[length..].trim_start();
    }
    Ok(words)
}

struct Parser<'a> {
    words: Vec<Word>,
    at: usize,
    fields: &'a [&'a str],
}

impl Parser<'_> {
    fn takes(&mut self, word: &str) -> bool {
        let is = self.words.get(self.at).is_some_and(|next| !next.is_quoted && next.text.eq_ignore_ascii_case(word));
        self.at += usize::from(is);
        is
    }

    fn next(&mut self, what: &str) -> Result<&Word, String> {
        self.at += 1;
        self.words.get(self.at - 1).ok_or_else(|| format!("{what} is missing at the end"))
    }

    fn any(&mut self, depth: usize) -> Result<Expression, String> {
        let mut parts = vec![self.all(depth)?];
        while self.takes("or") {
            parts.push(self.all(depth)?);
        }
        Ok(Expression::Any(parts))
    }

    fn all(&mut self, depth: usize) -> Result<Expression, String> {
        let mut parts = vec![self.one(depth)?];
        while self.takes("and") {
            parts.push(self.one(depth)?);
        }
        Ok(Expression::All(parts))
    }

    fn one(&mut self, depth: usize) -> Result<Expression, String> {
        if depth > DEPTH_MAX {
            return Err(format!("it is nested more than {DEPTH_MAX} deep"));
        }
        if self.takes("not") {
            return Ok(Expression::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.takes("(") {
            let inner = self.any(depth + 1)?;
            return if self.takes(")") { Ok(inner) } else { Err("a `)` is missing".to_owned()) };
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Result<Expression, String> {
        let field = self.next("a field")?.text.clone();
        if !self.fields.contains(&field.as_str()) {
            return Err(format!("there is no field `{field}`; there are {}", self.fields.join(", ")));
        }
        let how = match self.next("a comparison")?.text.as_str() {
            "=" | "==" => How::Equal,
            "!=" => How::Unequal,
            "<" => How::Less,
            "<=" => How::LessOrEqual,
            ">" => How::More,
            ">=" => How::MoreOrEqual,
            "~" => How::Contains,
            other => return Err(format!("`{other}` is no comparison; there are == != < <= > >= ~")),
        };
        let word = self.next("a value")?;
        let with = if word.is_quoted { Value::String(word.text.clone()) } else { value(&word.text, &field)? };
        let shown = word.text.clone();
        comparison(field, how, with, &shown)
    }
}

/// What a field holds.
enum Kind {
    Text,
    Date,
    Number,
}

/// All that texts say of themselves is numbers; so are a few of the other fields.
fn kind(field: &str) -> Kind {
    const TEXTS: [&str; 12] = [
        "url",
        "host",
        "title",
        "authors",
        "site",
        "language",
        "tags",
        "licence",
        "reserved",
        "kind",
        "outcome",
        "extractor",
    ];
    match field {
        "published" | "modified" | "fetched_at" => Kind::Date,
        field if TEXTS.contains(&field) => Kind::Text,
        _ => Kind::Number,
    }
}

/// What a field can never be would be taken for what no document is. `shown`: the value as it was written.
fn comparison(field: String, how: How, with: Value, shown: &str) -> Result<Expression, String> {
    let is_only = |signs: &str| Err(format!("`{field}` can be compared with {with} by {signs} alone"));
    match (kind(&field), &with) {
        (_, Value::Null) if !matches!(how, How::Equal | How::Unequal) => return is_only("== and !="),
        (_, Value::Null) => {}
        (Kind::Number, Value::Number(_)) if how == How::Contains => return is_only("== != < <= > >="),
        (Kind::Text, Value::String(text)) if matches!(how, How::Equal | How::Unequal) => can_be(&field, text)?,
        (Kind::Number, Value::Number(_)) | (Kind::Text, Value::String(_)) => {}
        (Kind::Date, Value::String(_)) if how == How::Contains => {}
        (Kind::Date, Value::String(text)) => {
            let (first, last) = date::earliest(text)
                .zip(date::latest(text))
                .ok_or_else(|| format!("`{field}` is a date, and `{text}` is none; write it as 2024-06-19"))?;
            return Ok(Expression::When { field, how, first, last });
        }
        (Kind::Number, _) => return Err(format!("`{field}` is a number, and {with} is none")),
        (Kind::Text | Kind::Date, _) => return Err(format!("`{field}` is no number: write `{shown}` in quotes")),
    }
    Ok(Expression::Compare { field, how, with })
}

/// Whether the field may have that value.
fn can_be(field: &str, text: &str) -> Result<(), String> {
    let wanted = [text.to_owned()];
    match field {
        "kind" => super::known::<super::Kind>(&wanted, super::KINDS),
        "outcome" => super::known::<super::Outcome>(&wanted, super::OUTCOMES),
        "language" => super::names::tag(text),
        _ => Ok(()),
    }
}

fn value(text: &str, field: &str) -> Result<Value, String> {
    let is_number = matches!(kind(field), Kind::Number);
    match text {
        "true" => Ok(Value::Bool(true)),
        "false" => Ok(Value::Bool(false)),
        "null" => Ok(Value::Null),
        number => number.parse::<f64>().map(Value::from).map_err(|_| match is_number {
            true => format!("`{field}` is a number, and `{number}` is none; write it as 2000 or 0.5"),
            false => format!("write `{number}` in quotes"),
        }),
    }
}
