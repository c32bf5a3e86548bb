//! Posts of a record in one shape: tables want a type for every key.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::document::{Post, Quote};

/// A post with every key. What boards call reactions is no key, but a value.
#[derive(Serialize)]
struct Row<'a> {
    id: &'a Option<String>,
    position: u32,
    permalink: &'a Option<String>,
    author: &'a Option<String>,
    author_url: &'a Option<String>,
    time: &'a Option<String>,
    time_told: bool,
    time_shown: &'a Option<String>,
    edited: &'a Option<String>,
    reply_to: &'a Option<String>,
    depth: u32,
    text: &'a str,
    quotes: &'a [Quote],
    signature: &'a Option<String>,
    reactions: Vec<Reaction<'a>>,
    score: Option<i64>,
    accepted: bool,
}

#[derive(Serialize)]
struct Reaction<'a> {
    name: &'a str,
    count: u32,
}

impl<'a> Row<'a> {
    /// All that a post has: what is new in one is to be told here too.
    #[rustfmt::skip]
    fn of(post: &'a Post) -> Self {
        let Post {
            id, position, permalink, author, author_url, time, time_told, time_shown, edited, reply_to, depth, text, quotes,
            signature, reactions, score, accepted,
        } = post;
        let reactions = reactions.iter().map(|(name, &count)| Reaction { name, count }).collect();
        let (position, time_told, depth, score, accepted) = (*position, *time_told, *depth, *score, *accepted);
        Self {
            id, position, permalink, author, author_url, time, time_told, time_shown, edited, reply_to, depth, text, quotes,
            signature, reactions, score, accepted,
        }
    }
}

/// A post as it is read.
#[derive(Deserialize)]
struct Told {
    #[serde(default)]
    reactions: Reactions,
    #[serde(flatten)]
    post: Post,
}

#[derive(Deserialize)]
struct Counted {
    name: String,
    count: u32,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Reactions {
    List(Vec<Counted>),
    /// Of exports by earlier versions.
    Map(BTreeMap<String, u32>),
}

impl Default for Reactions {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

/// Posts, to be written in this shape.
pub struct Rows<'a>(pub &'a [Post]);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(Row::of))
    }
}

pub fn serialize<S: Serializer>(posts: &[Post], serializer: S) -> Result<S::Ok, S::Error> {
    Rows(posts).serialize(serializer)
}

pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Post>, D::Error> {
    let of = |Told { reactions, post }| {
        let reactions = match reactions {
            Reactions::List(list) => list.into_iter().map(|counted| (counted.name, counted.count)).collect(),
            Reactions::Map(map) => map,
        };
        Post { reactions, ..post }
    };
    Ok(Vec::<Told>::deserialize(deserializer)?.into_iter().map(of).collect())
}
