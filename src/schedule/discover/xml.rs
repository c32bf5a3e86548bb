//! Elements and texts of an XML document that may be broken or hostile.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};

use super::TEXT_BYTES_MAX;
use crate::schedule::tags::{named, unescape};

/// Deeper nesting is not read.
const DEPTH_MAX: usize = 64;

/// What is told of a document, element names in lower case without their prefix.
pub enum Part<'a> {
    /// An element begins: its name and its attributes.
    Open(&'a str, &'a [(String, String)]),
    /// An element ends: its name, whether it has a prefix, and all text directly in it.
    Close(&'a str, bool, &'a str),
}

/// Walks a document as far as it can be read; says why it ended early.
pub fn walk(text: &str, tell: &mut dyn FnMut(Part<'_>)) -> Option<String> {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}').trim_start());
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut open: Vec<(String, bool, String)> = Vec::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                let (name, prefixed) = name_of(tag.name().as_ref());
                tell(Part::Open(&name, &attributes(&tag)));
                open.push((name, prefixed, String::new()));
                if open.len() > DEPTH_MAX {
                    return Some(format!("elements are nested more than {DEPTH_MAX} deep"));
                }
            }
            Ok(Event::Empty(tag)) => {
                let (name, prefixed) = name_of(tag.name().as_ref());
                tell(Part::Open(&name, &attributes(&tag)));
                tell(Part::Close(&name, prefixed, ""));
            }
            Ok(Event::End(tag)) => {
                let (name, _) = name_of(tag.name().as_ref());
                // An end tag closes the nearest element of its name, and all that was left open in it.
                if let Some(at) = open.iter().rposition(|(other, ..)| *other == name) {
                    for (name, prefixed, text) in open.drain(at..).rev() {
                        tell(Part::Close(&name, prefixed, text.trim()));
                    }
                }
            }
            Ok(Event::Text(text)) => push(&mut open, &text),
            Ok(Event::CData(text)) => push(&mut open, &text),
            Ok(Event::GeneralRef(name)) => push(&mut open, &reference(&name)),
            Ok(Event::Eof) => return (!open.is_empty()).then(|| "it ends in the middle".to_owned()),
            Ok(_) => {}
            Err(error) => return Some(error.to_string()),
        }
    }
}

fn push(open: &mut [(String, bool, String)], text: &str) {
    if let Some((_, _, into)) = open.last_mut() {
        let room = TEXT_BYTES_MAX.saturating_sub(into.len());
        into.extend(text.char_indices().take_while(|(at, c)| at + c.len_utf8() <= room).map(|(_, c)| c));
    }
}

/// XML's five and numbers; what a document declares itself stays as written.
fn reference(name: &BytesRef<'_>) -> String {
    if let Ok(Some(c)) = name.resolve_char_ref() {
        return c.to_string();
    }
    named(name).map_or_else(|| format!("&{};", &**name), String::from)
}

fn name_of(name: &str) -> (String, bool) {
    let name = name.to_ascii_lowercase();
    match name.rsplit_once(':') {
        Some((_, local)) => (local.to_owned(), true),
        None => (name, false),
    }
}

fn attributes(tag: &quick_xml::events::BytesStart<'_>) -> Vec<(String, String)> {
    let mut all = tag.attributes();
    let all = all.with_checks(false).flatten().take(32);
    let cut = |text: &str| text.chars().take(TEXT_BYTES_MAX).collect::<String>();
    let value =
        |attribute: &quick_xml::events::attributes::Attribute<'_>| unescape(&cut(&attribute.value)).into_owned();
    all.map(|attribute| (cut(attribute.key.as_ref()).to_ascii_lowercase(), value(&attribute))).collect()
}
