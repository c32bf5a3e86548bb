//! JSON Feed, read item by item: as one value it takes a hundred times its bytes in memory.

use std::borrow::Cow;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::feed::NO_FEED;
use super::form::beginning;
use super::{ENDS_EARLY, Leads, TEXT_BYTES_MAX, moment};
use crate::page::Url;

/// Reads a JSON Feed; one that is cut off gives the entries before the cut.
pub fn json(text: &str, base: &Url) -> Leads {
    let mut leads = Leads::default();
    let mut feed = Feed { base, leads: &mut leads, has_items: false };
    let mut json = serde_json::Deserializer::from_str(beginning(text));
    let read = Any(&mut feed).deserialize(&mut json).and_then(|()| json.end());
    let has_items = feed.has_items;
    match read {
        Err(error) if error.is_eof() => leads.notes.push(format!("the feed is broken: {ENDS_EARLY}")),
        Err(error) => leads.notes.push(format!("the feed is broken: {error}")),
        Ok(()) if !has_items => leads.notes.push(NO_FEED.to_owned()),
        Ok(()) => {}
    }
    leads
}

/// Takes a value in as far as it is of a kind that is wanted; the rest is passed over.
trait Take {
    fn text(&mut self, _text: &str) {}

    fn map<'de, A: MapAccess<'de>>(&mut self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn list<'de, A: SeqAccess<'de>>(&mut self, mut list: A) -> Result<(), A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }
}

/// A value of any kind.
struct Any<'a, T>(&'a mut T);

impl<'de, T: Take> DeserializeSeed<'de> for Any<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de, T: Take> Visitor<'de> for Any<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.0.text(text);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        self.0.map(map)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<(), A::Error> {
        self.0.list(list)
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// A text that is not too long to be kept.
impl Take for Option<String> {
    fn text(&mut self, text: &str) {
        *self = Some(text).filter(|text| text.len() <= TEXT_BYTES_MAX).map(str::to_owned);
    }
}

struct Feed<'a> {
    base: &'a Url,
    leads: &'a mut Leads,
    has_items: bool,
}

impl Take for Feed<'_> {
    fn map<'de, A: MapAccess<'de>>(&mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Cow<'_, str>>()? {
            if key == "items" {
                map.next_value_seed(Any(&mut Items(self)))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

struct Items<'a, 'b>(&'a mut Feed<'b>);

impl Take for Items<'_, '_> {
    fn list<'de, A: SeqAccess<'de>>(&mut self, mut list: A) -> Result<(), A::Error> {
        self.0.has_items = true;
        let mut item = Item::default();
        while list.next_element_seed(Any(&mut item))?.is_some() {
            let Item { url, external_url, id, modified, published } = std::mem::take(&mut item);
            let id = id.filter(|id| id.starts_with("http"));
            if let Some(address) = url.or(external_url).or(id) {
                let at = modified.or(published).as_deref().and_then(moment);
                self.0.leads.push(self.0.base, &address, at, false);
            }
        }
        Ok(())
    }
}

#[derive(Default)]
struct Item {
    url: Option<String>,
    external_url: Option<String>,
    id: Option<String>,
    modified: Option<String>,
    published: Option<String>,
}

impl Take for Item {
    fn map<'de, A: MapAccess<'de>>(&mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Cow<'_, str>>()? {
            let place = match key.as_ref() {
                "url" => &mut self.url,
                "external_url" => &mut self.external_url,
                "id" => &mut self.id,
                "date_modified" => &mut self.modified,
                "date_published" => &mut self.published,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            map.next_value_seed(Any(place))?;
        }
        Ok(())
    }
}
