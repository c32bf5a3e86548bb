//! Rows of a Parquet file as JSON objects.

use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp, civil};
use parquet::basic::{LogicalType, TimeUnit};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::reader::RowIter;
use parquet::record::{Field, Row};
use parquet::schema::types::{Type, TypePtr};
use serde_json::{Map, Value};

use super::input::Next;
use crate::corpus::CorpusError;

pub struct Rows {
    path: PathBuf,
    rows: RowIter<'static>,
    schema: TypePtr,
}

/// Columns that must be text, or a row is no document.
const TEXTS: [&str; 2] = ["id", "text"];

impl Rows {
    pub fn open(path: &Path) -> Result<Self, CorpusError> {
        let file = File::open(path).map_err(CorpusError::io("read", path))?;
        let reader = SerializedFileReader::new(file).map_err(|error| failed(path, &error))?;
        let schema = reader.metadata().file_metadata().schema_descr().root_schema_ptr();
        if let Some(name) = twice(&schema) {
            let reason = format!("it has more than one column `{name}`; rename or drop one");
            return Err(CorpusError::io("read", path)(std::io::Error::other(reason)));
        }
        Ok(Self { path: path.to_owned(), rows: RowIter::from_file_into(Box::new(reader)), schema })
    }

    /// Appends the next row as a JSON line.
    pub fn next(&mut self, lines: &mut Vec<u8>) -> Result<Next, CorpusError> {
        let Some(row) = self.rows.next() else { return Ok(Next::End) };
        let row = row.map_err(|error| failed(&self.path, &error))?;
        let schema = Some(&*self.schema);
        match row
            .get_column_iter()
            .find_map(|(name, field)| Some((name, unreadable(name, field, inner(schema, name))?)))
        {
            Some((name, bytes)) => bad_line(name, bytes, lines),
            None => {
                let object = object(&row, schema);
                serde_json::to_writer(&mut *lines, &object).expect("a row is plain data");
            }
        }
        lines.push(b'\n');
        Ok(Next::Line)
    }
}

/// A name that two columns have.
fn twice(schema: &Type) -> Option<&str> {
    let mut seen = HashSet::new();
    schema.get_fields().iter().map(|field| field.name()).find(|name| !seen.insert(*name))
}

fn failed(path: &Path, error: &parquet::errors::ParquetError) -> CorpusError {
    let reason = error.to_string();
    // What the reader says of a codec that it was built without, of no use to who has the file.
    let reason = match reason.contains("isabled feature") && reason.contains("brotli") {
        true => {
            "its columns are packed with Brotli, which is not read; write it anew with zstd, gzip or snappy".to_owned()
        }
        false => reason,
    };
    CorpusError::io("read", path)(std::io::Error::other(reason))
}

/// The bytes of a column that must be text, where they are none.
fn unreadable<'a>(name: &str, field: &'a Field, of: Option<&Type>) -> Option<&'a [u8]> {
    match field {
        Field::Bytes(bytes) if TEXTS.contains(&name) && !is_uuid(of) => {
            Some(bytes.data()).filter(|bytes| std::str::from_utf8(bytes).is_err())
        }
        _ => None,
    }
}

/// A line that is as little a document as the row: with the same bytes, but for those that would end the line or the text.
fn bad_line(name: &str, bytes: &[u8], lines: &mut Vec<u8>) {
    lines.extend_from_slice(format!("{{\"{name}\":\"").as_bytes());
    lines
        .extend(bytes.iter().map(|&byte| if byte.is_ascii_control() || b"\"\\".contains(&byte) { b' ' } else { byte }));
    lines.extend_from_slice(b"\"}");
}

fn object(row: &Row, of: Option<&Type>) -> Value {
    let fields = row.get_column_iter().map(|(name, field)| (name.clone(), value(field, inner(of, name))));
    Value::Object(fields.collect::<Map<String, Value>>())
}

/// The type of a field of that name.
fn inner<'a>(of: Option<&'a Type>, name: &str) -> Option<&'a Type> {
    let fields = of.filter(|of| of.is_group())?.get_fields();
    fields.iter().find(|field| field.name() == name).map(|field| &**field)
}

/// The type of a list's elements, or of a map's values: the last field of what is repeated.
fn element(of: Option<&Type>) -> Option<&Type> {
    let repeated = of.filter(|of| of.is_group())?.get_fields().first()?;
    let last = if repeated.is_group() { repeated.get_fields().last()? } else { repeated };
    Some(last)
}

/// Whether whole numbers of that type are nanoseconds since 1970, which the reader does not tell.
fn is_nanoseconds(of: Option<&Type>) -> bool {
    matches!(logical(of), Some(LogicalType::Timestamp(time)) if time.unit == TimeUnit::NANOS)
}

fn is_uuid(of: Option<&Type>) -> bool {
    matches!(logical(of), Some(LogicalType::Uuid))
}

/// What values of that type stand for.
fn logical(of: Option<&Type>) -> Option<&LogicalType> {
    of.and_then(|of| of.get_basic_info().logical_type_ref())
}

fn value(field: &Field, of: Option<&Type>) -> Value {
    match field {
        Field::Null => Value::Null,
        Field::Bool(bool) => (*bool).into(),
        Field::Byte(number) => (*number).into(),
        Field::Short(number) => (*number).into(),
        Field::Int(number) => (*number).into(),
        Field::Long(number) if is_nanoseconds(of) => moment(Timestamp::from_nanosecond((*number).into())),
        Field::Long(number) => (*number).into(),
        Field::UByte(number) => (*number).into(),
        Field::UShort(number) => (*number).into(),
        Field::UInt(number) => (*number).into(),
        Field::ULong(number) => (*number).into(),
        Field::Float(number) => f64::from(*number).into(),
        Field::Double(number) => (*number).into(),
        Field::Str(text) => text.as_str().into(),
        Field::Float16(number) => f64::from(*number).into(),
        Field::Decimal(number) => decimal(&field.to_string(), number.precision()),
        Field::Bytes(bytes) if is_uuid(of) => uuid(bytes.data()),
        Field::Bytes(bytes) => binary(bytes.data()),
        Field::Date(days) => day(*days),
        Field::TimestampMillis(at) => moment(Timestamp::from_millisecond(*at)),
        Field::TimestampMicros(at) => moment(Timestamp::from_microsecond(*at)),
        Field::Group(row) => object(row, of),
        Field::ListInternal(list) => list.elements().iter().map(|item| value(item, element(of))).collect(),
        Field::MapInternal(map) => {
            let name = |key: &Field| value(key, None).as_str().map_or_else(|| key.to_string(), str::to_owned);
            map.entries().iter().map(|(key, item)| (name(key), value(item, element(of)))).collect::<Map<_, _>>().into()
        }
        other => other.to_string().into(),
    }
}

/// A whole number where all of its column fit into one; else its digits, which a binary fraction would round.
fn decimal(digits: &str, precision: i32) -> Value {
    const I64_DIGITS: i32 = 18;
    let Some(whole) = digits.strip_suffix('.') else { return digits.into() };
    let number = whole.parse::<i64>().ok().filter(|_| precision <= I64_DIGITS);
    number.map_or_else(|| whole.into(), Value::from)
}

fn uuid(bytes: &[u8]) -> Value {
    let Ok(bytes) = <[u8; 16]>::try_from(bytes) else { return binary(bytes) };
    let digits = format!("{:032x}", u128::from_be_bytes(bytes));
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| &digits[part]);
    parts.join("-").into()
}

/// Text as text; other bytes as `hex:` and their digits, since nothing of a document may be lost or made up.
fn binary(bytes: &[u8]) -> Value {
    let digit = |half: u8| char::from(b"0123456789abcdef"[usize::from(half)]);
    std::str::from_utf8(bytes).map_or_else(
        |_| {
            let mut hex = String::with_capacity("hex:".len() + 2 * bytes.len());
            hex.push_str("hex:");
            bytes.iter().for_each(|byte| hex.extend([digit(byte >> 4), digit(byte & 15)]));
            hex.into()
        },
        Value::from,
    )
}

fn moment(at: Result<Timestamp, jiff::Error>) -> Value {
    at.map_or(Value::Null, |at| at.to_string().into())
}

fn day(since_1970: i32) -> Value {
    let days = SignedDuration::from_hours(i64::from(since_1970) * 24);
    civil::date(1970, 1, 1).checked_add(days).map_or(Value::Null, |day| day.to_string().into())
}
