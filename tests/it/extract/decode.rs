//! Which encoding a page is in.

use encoding_rs::Encoding;
use gleaner::extract::decode::decode;

const GREEK: &str = "Η γρήγορη καφέ αλεπού πηδάει πάνω από τον τεμπέλη σκύλο και φεύγει μακριά στο δάσος.";
const JAPANESE: &str = "今日はとても良い天気ですから、川のそばの小さな村まで歩いて行きました。";

fn encoded(text: &str, label: &str) -> Vec<u8> {
    let encoding = Encoding::for_label(label.as_bytes()).expect("tests name real encodings");
    encoding.encode(text).0.into_owned()
}

fn check(bytes: &[u8], content_type: Option<&str>, encoding: &str, text: &str) {
    let decoded = decode(bytes, content_type);
    assert_eq!((decoded.encoding, &*decoded.text), (encoding, text), "notes: {:?}", decoded.notes);
}

#[test]
fn a_byte_order_mark_beats_the_header() {
    check("\u{feff}é".as_bytes(), Some("text/html; charset=windows-1252"), "UTF-8", "é");
    check(&[0xff, 0xfe, b'a', 0, 0xe9, 0], Some("text/html; charset=utf-8"), "UTF-16LE", "aé");
}

#[test]
fn the_header_beats_the_meta() {
    let page = format!("<meta charset=iso-8859-1>{GREEK}");
    check(&encoded(&page, "iso-8859-7"), Some("text/html;charset=\"ISO-8859-7\""), "ISO-8859-7", &page);
}

#[test]
fn metas_of_both_forms_and_xml_declarations_are_heard() {
    for head in [
        "<!-- <meta charset=utf-8> --><META  CHARSET = 'shift_jis'>",
        "<meta http-equiv=content-type content='text/html; charset=shift_jis'>",
        "<?xml version='1.0' encoding='shift_jis'?>",
    ] {
        let page = format!("{head}{JAPANESE}");
        check(&encoded(&page, "shift_jis"), None, "Shift_JIS", &page);
    }
}

#[test]
fn undeclared_pages_are_detected() {
    check(GREEK.as_bytes(), None, "UTF-8", GREEK);
    for label in ["euc-jp", "shift_jis", "iso-2022-jp"] {
        let name = Encoding::for_label(label.as_bytes()).expect("a real label").name();
        check(&encoded(JAPANESE, label), None, name, JAPANESE);
    }
    check(&encoded(GREEK, "windows-1253"), None, "windows-1253", GREEK);
}

#[test]
fn lies_are_not_believed() {
    check(GREEK.as_bytes(), Some("text/html; charset=iso-8859-1"), "UTF-8", GREEK);
    check(&encoded(GREEK, "windows-1253"), Some("text/html; charset=utf-8"), "windows-1253", GREEK);
    assert!(!decode(GREEK.as_bytes(), Some("text/html; charset=iso-8859-1")).notes.is_empty());
}

#[test]
fn a_few_wrong_bytes_do_not_change_the_encoding() {
    let mut bytes = GREEK.repeat(3).into_bytes();
    bytes.push(0xff);
    let decoded = decode(&bytes, Some("text/html; charset=utf-8"));
    assert_eq!(decoded.encoding, "UTF-8");
    assert!(decoded.text.ends_with('\u{fffd}') && decoded.notes.len() == 1);
}

#[test]
fn utf_16_without_a_mark_is_known_by_its_zeros() {
    let page = format!("<html><body><p>{GREEK}</p></body></html>");
    let little: Vec<u8> = page.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = page.encode_utf16().flat_map(u16::to_be_bytes).collect();
    check(&little, Some("text/html; charset=utf-8"), "UTF-16LE", &page);
    check(&big, None, "UTF-16BE", &page);
}

#[test]
fn nul_is_dropped_and_noted() {
    let decoded = decode(b"<p>a\0b and a much longer text so that nothing looks like UTF-16</p>", None);
    assert!(decoded.text.starts_with("<p>ab") && decoded.notes.len() == 1);
}
