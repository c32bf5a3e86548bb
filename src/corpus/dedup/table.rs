//! Rows of a Parquet file as JSON objects.

use std::fs::File;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp, civil};
use parquet::file::reader::SerializedFileReader;
use parquet::record::reader::RowIter;
use parquet::record::{Field, Row};
use serde_json::{Map, Value};

use super::input::Next;
use crate::corpus::CorpusError;

pub struct Rows {
    path: PathBuf,
    rows: RowIter<'static>,
}

impl Rows {
    pub fn open(path: &Path) -> Result<Self, CorpusError> {
        let file = File::open(path).map_err(CorpusError::io("read", path))?;
        let reader = SerializedFileReader::new(file).map_err(|error| failed(path, &error))?;
        Ok(Self { path: path.to_owned(), rows: RowIter::from_file_into(Box::new(reader)) })
    }

    /// Appends the next row as a JSON line.
    pub fn next(&mut self, lines: &mut Vec<u8>) -> Result<Next, CorpusError> {
        let Some(row) = self.rows.next() else { return Ok(Next::End) };
        let row = row.map_err(|error| failed(&self.path, &error))?;
        serde_json::to_writer(&mut *lines, &object(&row)).expect("a row is plain data");
        lines.push(b'\n');
        Ok(Next::Line)
    }
}

fn failed(path: &Path, error: &parquet::errors::ParquetError) -> CorpusError {
    CorpusError::io("read", path)(std::io::Error::other(error.to_string()))
}

fn object(row: &Row) -> Value {
    let fields = row.get_column_iter().map(|(name, field)| (name.clone(), value(field)));
    Value::Object(fields.collect::<Map<String, Value>>())
}

fn value(field: &Field) -> Value {
    match field {
        Field::Null => Value::Null,
        Field::Bool(bool) => (*bool).into(),
        Field::Byte(number) => (*number).into(),
        Field::Short(number) => (*number).into(),
        Field::Int(number) => (*number).into(),
        Field::Long(number) => (*number).into(),
        Field::UByte(number) => (*number).into(),
        Field::UShort(number) => (*number).into(),
        Field::UInt(number) => (*number).into(),
        Field::ULong(number) => (*number).into(),
        Field::Float(number) => f64::from(*number).into(),
        Field::Double(number) => (*number).into(),
        Field::Str(text) => text.as_str().into(),
        Field::Bytes(bytes) => String::from_utf8_lossy(bytes.data()).into(),
        Field::Date(days) => day(*days),
        Field::TimestampMillis(at) => moment(Timestamp::from_millisecond(*at)),
        Field::TimestampMicros(at) => moment(Timestamp::from_microsecond(*at)),
        Field::Group(row) => object(row),
        Field::ListInternal(list) => list.elements().iter().map(value).collect(),
        Field::MapInternal(map) => {
            let name = |key: &Field| value(key).as_str().map_or_else(|| key.to_string(), str::to_owned);
            map.entries().iter().map(|(key, of)| (name(key), value(of))).collect::<Map<_, _>>().into()
        }
        other => other.to_string().into(),
    }
}

fn moment(at: Result<Timestamp, jiff::Error>) -> Value {
    at.map_or(Value::Null, |at| at.to_string().into())
}

fn day(since_1970: i32) -> Value {
    let days = SignedDuration::from_hours(i64::from(since_1970) * 24);
    civil::date(1970, 1, 1).checked_add(days).map_or(Value::Null, |day| day.to_string().into())
}
