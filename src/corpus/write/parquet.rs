//! Documents as Parquet tables: the columns of a record, zstd inside.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, FloatType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnPath;

use super::pack::LEVEL_MAX;
use super::{Document, HashedFile, Sink};
use crate::corpus::choose::signals::Signals;
use crate::corpus::posts::Rows;
use crate::corpus::{CorpusError, FileEntry, Record, Repeated};

/// Texts of one row group: small enough to be held, large enough for readers.
const GROUP_BYTES: u64 = 64 << 20;

/// What a column holds of a record.
enum Cell {
    Text(fn(&Record) -> String),
    /// Is taken out of it.
    Taken(fn(&mut Record) -> String),
    Maybe(fn(&Record) -> Option<String>),
    List(fn(&Record) -> Vec<String>),
    Integer(fn(&Record) -> i32),
    Float(fn(&Record) -> f32),
    Time(fn(&Record) -> i64),
    /// Lines and numbers of documents.
    Repeated,
}

const COLUMNS: &[(&str, Cell)] = &[
    ("id", Cell::Text(|r| r.id.to_string())),
    ("url", Cell::Text(|r| r.url.to_string())),
    ("host", Cell::Text(|r| r.host.clone())),
    ("title", Cell::Maybe(|r| r.title.clone())),
    ("authors", Cell::List(|r| r.authors.clone())),
    ("published", Cell::Maybe(|r| r.published.clone())),
    ("modified", Cell::Maybe(|r| r.modified.clone())),
    ("site", Cell::Maybe(|r| r.site.clone())),
    ("language", Cell::Maybe(|r| r.language.clone())),
    ("description", Cell::Maybe(|r| r.description.clone())),
    ("tags", Cell::List(|r| r.tags.clone())),
    ("licence", Cell::Maybe(|r| r.licence.clone())),
    ("reserved", Cell::Maybe(|r| r.reserved.clone())),
    ("kind", Cell::Text(|r| json(&r.kind).trim_matches('"').to_owned())),
    ("words", Cell::Integer(|r| i32::try_from(r.words).unwrap_or(i32::MAX))),
    ("confidence", Cell::Float(|r| r.confidence)),
    ("fetched_at", Cell::Time(|r| r.fetched_at.as_millisecond())),
    ("outcome", Cell::Maybe(|r| r.outcome.map(|outcome| outcome.to_string()))),
    ("syndicated_by", Cell::List(|r| r.syndicated_by.iter().map(ToString::to_string).collect())),
    ("extractor", Cell::Text(|r| r.extractor.clone())),
    ("split", Cell::Maybe(|r| r.split.clone())),
    ("repeated", Cell::Repeated),
    ("text_id", Cell::Text(|r| r.text_id.to_string())),
    ("text", Cell::Taken(|r| std::mem::take(&mut r.text))),
    // As JSON: what a post holds varies from board to board.
    ("posts", Cell::Maybe(|r| (!r.posts.is_empty()).then(|| json(&Rows(&r.posts))))),
];

/// How a signal is read, as the type that JSON lines have.
enum Signal {
    Share(fn(&Signals) -> f32),
    Count(fn(&Signals) -> u32),
}

const SIGNALS: &[(&str, Signal)] = &[
    ("mean_word_length", Signal::Share(|s| s.mean_word_length)),
    ("symbols", Signal::Share(|s| s.symbols)),
    ("bullet_lines", Signal::Share(|s| s.bullet_lines)),
    ("ellipsis_lines", Signal::Share(|s| s.ellipsis_lines)),
    ("alphabetic_words", Signal::Share(|s| s.alphabetic_words)),
    ("stop_words", Signal::Count(|s| s.stop_words)),
    ("sentences", Signal::Count(|s| s.sentences)),
    ("ended_lines", Signal::Share(|s| s.ended_lines)),
    ("short_lines", Signal::Share(|s| s.short_lines)),
    ("repeated_line_characters", Signal::Share(|s| s.repeated_line_characters)),
    ("breaks", Signal::Share(|s| s.breaks)),
    ("top_2_gram", Signal::Share(|s| s.top_2_gram)),
    ("repeated_5_grams", Signal::Share(|s| s.repeated_5_grams)),
];

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("a record is plain data")
}

fn schema() -> String {
    let mut out = String::from("message document {\n");
    for (name, cell) in COLUMNS {
        out.push_str(&match cell {
            Cell::Text(_) | Cell::Taken(_) => format!("required binary {name} (STRING);\n"),
            Cell::Maybe(_) => format!("optional binary {name} (STRING);\n"),
            Cell::List(_) => {
                format!(
                    "required group {name} (LIST) {{ repeated group list {{ required binary element (STRING); }} }}\n"
                )
            }
            Cell::Integer(_) => format!("required int32 {name};\n"),
            Cell::Float(_) => format!("required float {name};\n"),
            Cell::Repeated => format!(
                "required group {name} (LIST) {{ repeated group list {{ required group element {{ required int32 line; \
                 required int32 documents; required int32 on_host; }} }} }}\n"
            ),
            Cell::Time(_) => format!("required int64 {name} (TIMESTAMP(MILLIS,true));\n"),
        });
    }
    out.push_str("required group signals {\n");
    for (name, signal) in SIGNALS {
        let kind = if matches!(signal, Signal::Count(_)) { "int32" } else { "float" };
        out.push_str(&format!("required {kind} {name};\n"));
    }
    out + "}\n}\n"
}

/// `documents-00000.parquet` and so on.
pub struct Tables {
    folder: PathBuf,
    stem: String,
    bytes_max: u64,
    /// Of zstd.
    level: u32,
    open: Option<Table>,
    done: Vec<FileEntry>,
}

struct Table {
    writer: SerializedFileWriter<HashedFile>,
    path: PathBuf,
    group: Vec<Record>,
    group_bytes: u64,
    bytes: u64,
    documents: u64,
}

impl Tables {
    /// Of texts of so many bytes, packed at a level of zstd.
    pub fn new(folder: &Path, stem: &str, (bytes_max, level): (u64, u32)) -> Self {
        Self { folder: folder.to_owned(), stem: stem.to_owned(), bytes_max, level, open: None, done: Vec::new() }
    }

    fn close(&mut self) -> Result<(), CorpusError> {
        if let Some(table) = self.open.take() {
            self.done.push(table.finish()?);
        }
        Ok(())
    }
}

impl Sink for Tables {
    fn put(&mut self, document: Document<'_>) -> Result<(), CorpusError> {
        let table = match &mut self.open {
            Some(table) => table,
            None => {
                let name = format!("{}-{:05}.parquet", self.stem, self.done.len());
                self.open.insert(Table::create(&self.folder, &name, self.level)?)
            }
        };
        table.put(document.record)?;
        if table.bytes >= self.bytes_max { self.close() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>) -> Result<Vec<FileEntry>, CorpusError> {
        self.close()?;
        Ok(self.done)
    }
}

impl Table {
    fn create(folder: &Path, name: &str, level: u32) -> Result<Self, CorpusError> {
        let file = HashedFile::create(folder, name)?;
        let path = file.path().to_owned();
        let schema = Arc::new(parse_message_type(&schema()).expect("the schema is fixed, and read in the tests"));
        let level = ZstdLevel::try_new(level.clamp(1, LEVEL_MAX) as i32).expect("zstd has these levels");
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(level))
            .set_created_by(format!("gleaner {}", env!("CARGO_PKG_VERSION")));
        for name in ["id", "url", "title", "description", "text_id", "text", "posts"] {
            properties = properties.set_column_dictionary_enabled(ColumnPath::from(name), false);
        }
        // Least and greatest texts say nothing and take room.
        for name in ["text", "posts", "description"] {
            properties = properties.set_column_statistics_enabled(ColumnPath::from(name), EnabledStatistics::None);
        }
        let writer = SerializedFileWriter::new(file, schema, Arc::new(properties.build()));
        let writer = writer.map_err(|error| failed(&path, error))?;
        Ok(Self { writer, path, group: Vec::new(), group_bytes: 0, bytes: 0, documents: 0 })
    }

    fn put(&mut self, record: Record) -> Result<(), CorpusError> {
        let bytes = record.text.len() as u64;
        (self.group_bytes, self.bytes, self.documents) =
            (self.group_bytes + bytes, self.bytes + bytes, self.documents + 1);
        self.group.push(record);
        if self.group_bytes >= GROUP_BYTES { self.write_group() } else { Ok(()) }
    }

    fn write_group(&mut self) -> Result<(), CorpusError> {
        let mut records = std::mem::take(&mut self.group);
        self.group_bytes = 0;
        group(&mut self.writer, &mut records).map_err(|error| failed(&self.path, error))
    }

    fn finish(mut self) -> Result<FileEntry, CorpusError> {
        self.write_group()?;
        let file = self.writer.into_inner().map_err(|error| failed(&self.path, error))?;
        file.finish(self.documents)
    }
}

fn failed(path: &Path, error: ParquetError) -> CorpusError {
    CorpusError::io("write", path)(io::Error::other(error))
}

fn group(writer: &mut SerializedFileWriter<HashedFile>, records: &mut [Record]) -> Result<(), ParquetError> {
    let mut group = writer.next_row_group()?;
    for (_, cell) in COLUMNS {
        if let Cell::Repeated = cell {
            write_repeated(&mut group, records)?;
            continue;
        }
        let column = group.next_column()?.expect("the schema has a column for each");
        write_column(column, cell, records)?;
    }
    for (_, signal) in SIGNALS {
        let mut column = group.next_column()?.expect("the schema has a column for each");
        let all = records.iter().map(|record| &record.signals);
        match signal {
            Signal::Share(of) => {
                column.typed::<FloatType>().write_batch(&all.map(of).collect::<Vec<f32>>(), None, None)?;
            }
            Signal::Count(of) => {
                let values: Vec<i32> = all.map(|signals| i32::try_from(of(signals)).unwrap_or(i32::MAX)).collect();
                column.typed::<Int32Type>().write_batch(&values, None, None)?;
            }
        }
        column.close()?;
    }
    group.close().map(drop)
}

fn write_repeated(
    group: &mut SerializedRowGroupWriter<'_, HashedFile>,
    records: &[Record],
) -> Result<(), ParquetError> {
    for part in [|r: &Repeated| r.line, |r: &Repeated| r.documents, |r: &Repeated| r.on_host] {
        let lists = records.iter().map(|record| record.repeated.iter().map(part).map(|number| number as i32).collect());
        let (values, is_there, repeats) = levels(lists);
        let mut column = group.next_column()?.expect("the schema has a column for each");
        column.typed::<Int32Type>().write_batch(&values, Some(&is_there), Some(&repeats))?;
        column.close()?;
    }
    Ok(())
}

/// Lists as Parquet keeps them: all values, and of each place whether a value is there and whether it goes on a list.
fn levels<T>(lists: impl Iterator<Item = Vec<T>>) -> (Vec<T>, Vec<i16>, Vec<i16>) {
    let (mut values, mut is_there, mut repeats) = (Vec::new(), Vec::new(), Vec::new());
    for list in lists {
        if list.is_empty() {
            is_there.push(0);
            repeats.push(0);
        }
        for (at, value) in list.into_iter().enumerate() {
            is_there.push(1);
            repeats.push(i16::from(at > 0));
            values.push(value);
        }
    }
    (values, is_there, repeats)
}

fn write_column(
    mut column: SerializedColumnWriter<'_>,
    cell: &Cell,
    records: &mut [Record],
) -> Result<(), ParquetError> {
    let bytes = |text: String| ByteArray::from(text.into_bytes());
    match cell {
        Cell::Text(of) => {
            let values: Vec<ByteArray> = records.iter().map(|record| bytes(of(record))).collect();
            column.typed::<ByteArrayType>().write_batch(&values, None, None)?;
        }
        Cell::Taken(of) => {
            let values: Vec<ByteArray> = records.iter_mut().map(|record| bytes(of(record))).collect();
            column.typed::<ByteArrayType>().write_batch(&values, None, None)?;
        }
        Cell::Maybe(of) => {
            let all: Vec<Option<String>> = records.iter().map(of).collect();
            let levels: Vec<i16> = all.iter().map(|value| i16::from(value.is_some())).collect();
            let values: Vec<ByteArray> = all.into_iter().flatten().map(bytes).collect();
            column.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None)?;
        }
        Cell::List(of) => {
            let lists = records.iter().map(|record| of(record).into_iter().map(bytes).collect());
            let (values, is_there, repeats) = levels(lists);
            column.typed::<ByteArrayType>().write_batch(&values, Some(&is_there), Some(&repeats))?;
        }
        Cell::Integer(of) => {
            let values: Vec<i32> = records.iter().map(of).collect();
            column.typed::<Int32Type>().write_batch(&values, None, None)?;
        }
        Cell::Float(of) => {
            let values: Vec<f32> = records.iter().map(of).collect();
            column.typed::<FloatType>().write_batch(&values, None, None)?;
        }
        Cell::Repeated => {}
        Cell::Time(of) => {
            let values: Vec<i64> = records.iter().map(of).collect();
            column.typed::<Int64Type>().write_batch(&values, None, None)?;
        }
    }
    column.close().map(drop)
}
