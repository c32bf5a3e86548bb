//! Parquet files that other programs write.
#![cfg(feature = "parquet")]

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gleaner::corpus::{BadLines, CorpusError, DedupOptions, DedupReport, dedup};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use serde_json::Value;

use super::fake::words;

/// A table of ids and texts as they are, and of another column.
fn table(folder: &Path, kind: &str, rows: &[(&[u8], &[u8], i64)]) -> PathBuf {
    let path = folder.join("in.parquet");
    let published = if kind.is_empty() { String::new() } else { format!("required int64 published ({kind});") };
    let schema = format!("message m {{ required binary id; required binary text; {published} }}");
    let schema = Arc::new(parse_message_type(&schema).unwrap());
    let properties = Arc::new(WriterProperties::default());
    let mut file = SerializedFileWriter::new(File::create(&path).unwrap(), schema, properties).unwrap();
    let mut group = file.next_row_group().unwrap();
    let ids: Vec<ByteArray> = rows.iter().map(|row| row.0.to_vec().into()).collect();
    let texts: Vec<ByteArray> = rows.iter().map(|row| row.1.to_vec().into()).collect();
    for values in [ids, texts] {
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<ByteArrayType>().write_batch(&values, None, None).unwrap();
        column.close().unwrap();
    }
    if let Some(mut column) = group.next_column().unwrap() {
        let values: Vec<i64> = rows.iter().map(|row| row.2).collect();
        column.typed::<Int64Type>().write_batch(&values, None, None).unwrap();
        column.close().unwrap();
    }
    group.close().unwrap();
    file.close().unwrap();
    path
}

fn run(input: &Path, bad_lines: BadLines) -> Result<(DedupReport, Vec<Value>), CorpusError> {
    let out = tempfile::tempdir().unwrap();
    let report =
        dedup(&[input.to_owned()], &DedupOptions { bad_lines, ..DedupOptions::default() }, &out.path().join("out"))?;
    let mut kept = Vec::new();
    for entry in std::fs::read_dir(out.path().join("out")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "zst") {
            let text = String::from_utf8(zstd::decode_all(File::open(path).unwrap()).unwrap()).unwrap();
            kept.extend(text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()));
        }
    }
    Ok((report, kept))
}

#[test]
fn a_text_that_is_no_utf_8_is_a_bad_line_and_no_other_text() {
    let folder = tempfile::tempdir().unwrap();
    let rows: [(&[u8], &[u8], i64); 4] =
        [(b"a", b"plain", 0), (b"b", b"caf\xe9\n\"", 0), (b"c", b"caf\xe8\n\"", 0), (b"\xff\\", b"other", 0)];
    let input = table(folder.path(), "", &rows);
    let error = run(&input, BadLines::Stop).unwrap_err();
    let CorpusError::Line { line: 2, reason, .. } = &error else { panic!("{error}") };
    assert!(reason.contains("not UTF-8"), "{reason}");
    let (report, kept) = run(&input, BadLines::Skip).unwrap();
    assert_eq!((report.documents, report.bad_lines), (1, 3));
    assert_eq!(kept, [serde_json::json!({"id": "a", "text": "plain"})]);
}

/// A picture beside its text takes little more than its bytes, and says what it is.
#[test]
fn bytes_that_are_no_text_are_kept_in_hexadecimal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("in.parquet");
    let schema = "message m { required binary id; required binary text; required binary picture; }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let mut file = SerializedFileWriter::new(File::create(&path).unwrap(), schema, Arc::default()).unwrap();
    let mut group = file.next_row_group().unwrap();
    let pictures: [&[u8]; 2] = [b"\x00\xff\n\"\x9a", "caf\u{e9}".as_bytes()];
    for values in [[&b"a"[..], b"b"], [&b"one text"[..], b"another"], pictures] {
        let mut column = group.next_column().unwrap().unwrap();
        let values = values.map(|value| ByteArray::from(value.to_vec()));
        column.typed::<ByteArrayType>().write_batch(&values, None, None).unwrap();
        column.close().unwrap();
    }
    group.close().unwrap();
    file.close().unwrap();
    let (_, kept) = run(&path, BadLines::Stop).unwrap();
    let kept: Vec<&Value> = kept.iter().map(|row| &row["picture"]).collect();
    assert_eq!(kept, ["hex:00ff0a229a", "caf\u{e9}"]);
}

/// Of a table whose columns are these, the lines of a row of these values.
fn fixed(fields: &str, row: &[&[u8]]) -> Result<Vec<Value>, CorpusError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("in.parquet");
    let schema = format!("message m {{ {fields} }}");
    let schema = Arc::new(parse_message_type(&schema).unwrap());
    let mut file = SerializedFileWriter::new(File::create(&path).unwrap(), schema, Arc::default()).unwrap();
    let mut group = file.next_row_group().unwrap();
    for value in row {
        let mut column = group.next_column().unwrap().unwrap();
        let bytes = ByteArray::from(value.to_vec());
        match column.untyped() {
            ColumnWriter::FixedLenByteArrayColumnWriter(column) => column.write_batch(&[bytes.into()], None, None),
            ColumnWriter::ByteArrayColumnWriter(column) => column.write_batch(&[bytes], None, None),
            _ => panic!("another kind of column"),
        }
        .unwrap();
        column.close().unwrap();
    }
    group.close().unwrap();
    file.close().unwrap();
    run(&path, BadLines::Stop).map(|(_, kept)| kept)
}

#[test]
fn ids_of_every_width_come_out_as_they_are_written_elsewhere() {
    let number = |width: usize| [vec![0; width - 1], vec![3]].concat();
    let uuid = 0x550e_8400_e29b_41d4_a716_4466_5544_0000_u128.to_be_bytes();
    for (kind, value, expected) in [
        ("fixed_len_byte_array(16) id (UUID)", uuid.to_vec(), Value::from("550e8400-e29b-41d4-a716-446655440000")),
        ("fixed_len_byte_array(4) id (DECIMAL(9,0))", number(4), 3.into()),
        ("fixed_len_byte_array(9) id (DECIMAL(20,0))", number(9), "3".into()),
        ("fixed_len_byte_array(4) id (DECIMAL(9,2))", number(4), "0.03".into()),
    ] {
        let kept = fixed(&format!("required {kind}; required binary text;"), &[&value, b"a text"]).unwrap();
        assert_eq!(kept[0]["id"], expected, "{kind}");
    }
}

#[test]
fn two_columns_of_one_name_are_refused() {
    let fields = "required binary id; required binary text; required binary text;";
    let error = fixed(fields, &[b"a", b"one text", b"another"]).unwrap_err();
    let CorpusError::Io { source, .. } = &error else { panic!("{error}") };
    assert!(source.to_string().contains("more than one column `text`"), "{source}");
}

#[test]
fn moments_of_every_unit_are_dates() {
    let folder = tempfile::tempdir().unwrap();
    let old = words(1, 80);
    let new = format!("{old} and a few words more");
    for (unit, of_second) in [("MILLIS", 1_000), ("MICROS", 1_000_000), ("NANOS", 1_000_000_000)] {
        let rows: [(&[u8], &[u8], i64); 2] =
            [(b"new", new.as_bytes(), 1_609_459_200 * of_second), (b"old", old.as_bytes(), 1_546_300_800 * of_second)];
        let input = table(folder.path(), &format!("TIMESTAMP({unit},true)"), &rows);
        let (_, kept) = run(&input, BadLines::Stop).unwrap();
        assert_eq!(kept.len(), 1, "{unit}");
        assert_eq!((&kept[0]["id"], &kept[0]["published"]), (&"old".into(), &"2019-01-01T00:00:00Z".into()), "{unit}");
        // As numbers they say the same.
        let input = table(folder.path(), "INTEGER(64,true)", &rows);
        assert_eq!(run(&input, BadLines::Stop).unwrap().1[0]["id"], "old", "{unit}");
    }
}
