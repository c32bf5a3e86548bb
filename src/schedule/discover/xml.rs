//! Elements and texts of an XML document that may be broken or hostile.

use std::collections::HashMap;

use quick_xml::errors::SyntaxError;
use quick_xml::events::{BytesRef, Event};
use quick_xml::{Error, Reader};

use super::form::beginning;
use super::{ENDS_EARLY, TEXT_BYTES_MAX};
use crate::schedule::tags::{named, unescape};

/// What is nested deeper is not read.
const DEPTH_MAX: usize = 64;
/// Of so many names it is known how many of those elements are open.
const SKIPPED_MAX: usize = 256;

/// The elements that lists are made of: none stands within another of its name, unless in what an entry quotes.
const ENTRIES: &[&str] = &["item", "entry", "url", "sitemap"];
/// Elements of an entry that hold what is not its own: the feed it was taken from, a page's text.
pub const FOREIGN: &[&str] = &["source", "content", "summary", "description"];
/// Elements of HTML that are never closed, where it stands in a list as it is.
const VOID: &[&str] = &["br", "hr", "img", "input", "wbr"];

/// What is told of a document, element names in lower case without their prefix.
pub enum Part<'a> {
    /// An element begins: its name, whether it has a prefix, and its attributes.
    Open(&'a str, bool, &'a [(String, String)]),
    /// An element ends: its name, whether it has a prefix, and all text directly in it.
    Close(&'a str, bool, &'a str),
}

/// Walks a document as far as it can be read; says why it ended early.
pub fn walk(text: &str, tell: &mut dyn FnMut(Part<'_>)) -> Option<String> {
    let mut reader = Reader::from_str(beginning(text));
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut nest = Nest::default();
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => nest.start(&tag, tell),
            Ok(Event::Empty(tag)) => nest.empty(&tag, tell),
            Ok(Event::End(tag)) => nest.end(&name_of(tag.name().as_ref()).0, tell),
            Ok(Event::Text(text)) => nest.push(&text),
            Ok(Event::CData(text)) => nest.push(&text),
            Ok(Event::GeneralRef(name)) => nest.push(&reference(&name)),
            Ok(Event::Eof) => return nest.flaw(),
            Ok(_) => {}
            Err(error) if is_at_end(&error) => return Some(format!("{ENDS_EARLY} ({error})")),
            Err(error) => return Some(error.to_string()),
        }
    }
}

/// Whether the reader looked for the end of something up to that of the text.
fn is_at_end(error: &Error) -> bool {
    matches!(error, Error::Syntax(what) if !matches!(what, SyntaxError::InvalidBangMarkup))
}

struct Element {
    name: String,
    prefixed: bool,
    text: String,
}

/// The elements that are open.
#[derive(Default)]
struct Nest {
    open: Vec<Element>,
    /// Those too deep to be read, by name: what is wrong in one entry takes none of the others away.
    skipped: HashMap<String, usize>,
    skipped_all: usize,
    /// Whether some were too deep that are no entry's.
    is_deep: bool,
}

impl Nest {
    fn start(&mut self, tag: &quick_xml::events::BytesStart<'_>, tell: &mut dyn FnMut(Part<'_>)) {
        let (name, prefixed) = name_of(tag.name().as_ref());
        if !prefixed && VOID.contains(&name.as_str()) {
            return;
        }
        if !prefixed && ENTRIES.contains(&name.as_str()) {
            self.end_entry(&name, tell);
        }
        if self.is_full() {
            self.is_deep |= !self.open.iter().any(|element| ENTRIES.contains(&element.name.as_str()));
            if self.skipped.len() < SKIPPED_MAX || self.skipped.contains_key(&name) {
                *self.skipped.entry(name).or_default() += 1;
            }
            self.skipped_all += 1;
            return;
        }
        tell(Part::Open(&name, prefixed, &attributes(tag)));
        self.open.push(Element { name, prefixed, text: String::new() });
    }

    fn empty(&self, tag: &quick_xml::events::BytesStart<'_>, tell: &mut dyn FnMut(Part<'_>)) {
        if !self.is_full() {
            let (name, prefixed) = name_of(tag.name().as_ref());
            tell(Part::Open(&name, prefixed, &attributes(tag)));
            tell(Part::Close(&name, prefixed, ""));
        }
    }

    /// An end tag closes the nearest element of its name, and all that was left open in it.
    fn end(&mut self, name: &str, tell: &mut dyn FnMut(Part<'_>)) {
        if let Some(skipped) = self.skipped.get_mut(name) {
            *skipped -= 1;
            self.skipped_all -= 1;
            if *skipped == 0 {
                self.skipped.remove(name);
            }
        } else if let Some(at) = self.open.iter().rposition(|element| element.name == name) {
            self.close(at, tell);
        }
    }

    /// An entry that begins ends the one before, if that was left open.
    fn end_entry(&mut self, name: &str, tell: &mut dyn FnMut(Part<'_>)) {
        let Some(at) = self.open.iter().rposition(|element| element.name == name && !element.prefixed) else { return };
        let quoted = self.open[at..].iter().any(|element| FOREIGN.contains(&element.name.as_str()));
        // What is left open in an entry may be its text, too.
        if !quoted || self.is_full() {
            self.close(at, tell);
        }
    }

    fn close(&mut self, at: usize, tell: &mut dyn FnMut(Part<'_>)) {
        // Not cleared, which takes as long as it ever was large.
        self.skipped = HashMap::new();
        self.skipped_all = 0;
        for Element { name, prefixed, text } in self.open.drain(at..).rev() {
            tell(Part::Close(&name, prefixed, text.trim()));
        }
    }

    fn push(&mut self, text: &str) {
        // What stands in an element that is too deep is not the text of the one above.
        let above = self.open.last_mut().filter(|_| self.skipped_all == 0);
        if let Some(Element { text: into, .. }) = above {
            let room = TEXT_BYTES_MAX.saturating_sub(into.len());
            into.extend(text.char_indices().take_while(|(at, c)| at + c.len_utf8() <= room).map(|(_, c)| c));
        }
    }

    fn is_full(&self) -> bool {
        self.open.len() >= DEPTH_MAX
    }

    fn flaw(&self) -> Option<String> {
        if self.is_deep {
            return Some(format!("elements are nested more than {DEPTH_MAX} deep"));
        }
        (!self.open.is_empty()).then(|| ENDS_EARLY.to_owned())
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
