//! Posts that a page carries as JSON for its script, where its markup shows none.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::document::{Post, Quote, Thread};
use crate::extract::html::{self, NodeId, Tree};

use super::rules::{Island, Platform, Value};
use super::selector::Selector;
use super::{Discussion, POSTS_MAX, Place, mhonarc, render};

/// Longest island that is read.
const BYTES_MAX: usize = 16 << 20;
/// Most quotes of one post.
const QUOTES_MAX: usize = 100;

/// The posts of the platform's island; `None` where the page has none, or shows the posts in its markup too.
pub fn read(tree: &Tree<'_>, platform: &Platform) -> Option<Discussion> {
    let (value, form) = platform.island.as_ref()?;
    if *form == Island::Mhonarc {
        let mut found = mhonarc::read(tree)?;
        found.thread.platform = Some(platform.id.clone());
        return Some(found);
    }
    let (at, text) = text(tree, value)?;
    let json = serde_json::from_str(text).ok()?;
    let mut found = match form {
        Island::Discourse => discourse(&json)?,
        Island::Flarum | Island::Mhonarc => return None,
    };
    found.thread.platform = Some(platform.id.clone());
    found.comments = platform.comments;
    found.places = vec![Place { container: at, ..Place::default() }; found.posts.len()];
    (!found.posts.is_empty()).then_some(found)
}

/// Adds what the platform's island says of posts that the markup shows without ids and times.
pub fn complete(tree: &Tree<'_>, platform: &Platform, found: &mut Discussion) {
    let Some((value, Island::Flarum)) = &platform.island else { return };
    let json = text(tree, value).and_then(|(_, text)| serde_json::from_str::<Json>(text).ok());
    let told = json.as_ref().map(flarum).unwrap_or_default();
    if told.len() == found.posts.len() {
        for (post, told) in found.posts.iter_mut().zip(told) {
            post.time_shown = post.time_shown.take().or_else(|| told.time.clone());
            post.time = post.time.take().or(told.time);
            post.id = post.id.take().or(told.id);
            post.edited = post.edited.take().or(told.edited);
            post.position = told.position;
        }
    }
}

/// `{"apiDocument": {"included": [{"type": "posts", "id": "7", "attributes": {…}}]}}`, in the order of the posts' numbers.
fn flarum(json: &Json) -> Vec<Post> {
    let included = ["apiDocument", "document"].iter().find_map(|key| json.get(key)?.get("included")?.as_array());
    let post = |json: &Json| {
        let said = json.get("attributes")?;
        let is_post = string(json, "type")? == "posts" && string(said, "contentType")? == "comment";
        is_post.then_some(())?;
        Some(Post {
            id: string(json, "id"),
            position: number(said, "number")? as u32,
            time: string(said, "createdAt"),
            edited: string(said, "editedAt"),
            ..Post::default()
        })
    };
    let mut posts: Vec<Post> = included.into_iter().flatten().take(POSTS_MAX).filter_map(post).collect();
    posts.sort_by_key(|post| post.position);
    posts
}

fn text<'a>(tree: &'a Tree<'_>, value: &Value) -> Option<(NodeId, &'a str)> {
    let at = value.element.as_ref()?.all(tree, 0).next()?;
    let text = match &value.attribute {
        Some(name) => tree.attribute_named(at, name)?,
        None => tree.subtree(at).map(|id| tree.text(id)).find(|text| !text.trim().is_empty())?,
    };
    (text.len() <= BYTES_MAX).then_some((at, text))
}

/// `{"topic_7": "{\"title\": …, \"post_stream\": {\"posts\": […]}}"}`.
fn discourse(json: &Json) -> Option<Discussion> {
    let (_, topic) = json.as_object()?.iter().find(|(key, _)| key.starts_with("topic_"))?;
    let topic = inner(topic)?;
    let posts = topic.get("post_stream")?.get("posts")?.as_array()?;
    let thread = Thread {
        id: number(&topic, "id").map(|id| id.to_string()),
        title: string(&topic, "title"),
        forum: number(&topic, "category_id").and_then(|id| category(json.get("site")?, id)),
        tags: topic.get("tags").and_then(Json::as_array).into_iter().flatten().filter_map(tag).take(32).collect(),
        ..Thread::default()
    };
    let posts: Vec<Post> = posts.iter().take(POSTS_MAX).filter_map(discourse_post).collect();
    let next = posts.last().and_then(|last| next_page(&topic, last.position));
    Some(Discussion { thread: Thread { next, ..thread }, posts, ..Discussion::default() })
}

/// JSON that stands in a string, or as it is.
fn inner(json: &Json) -> Option<Json> {
    match json {
        Json::String(text) => serde_json::from_str(text).ok(),
        json => Some(json.clone()),
    }
}

/// The name of a category by its id.
fn category(site: &Json, id: i64) -> Option<String> {
    let site = inner(site)?;
    site.get("categories")?
        .as_array()?
        .iter()
        .find(|known| number(known, "id") == Some(id))
        .and_then(|known| string(known, "name"))
}

/// The page after the one that ends with that post, where the topic has more.
fn next_page(topic: &Json, last: u32) -> Option<String> {
    let size = number(topic, "chunk_size").filter(|size| *size > 0)?;
    let more = number(topic, "posts_count")? > i64::from(last);
    more.then(|| format!("?page={}", (i64::from(last) + size - 1) / size + 1))
}

fn discourse_post(json: &Json) -> Option<Post> {
    let cooked = string(json, "cooked")?;
    let tree = html::parse(&cooked);
    let heads = select(&tree, "aside.quote > .title, .lightbox-wrapper .meta, aside.onebox header");
    let text = render::text(&tree, &[0], &heads);
    let created = string(json, "created_at");
    let edited = string(json, "updated_at").filter(|time| Some(time) != created.as_ref());
    let likes = json.get("actions_summary").and_then(Json::as_array).into_iter().flatten();
    let likes = likes.filter(|action| number(action, "id") == Some(2)).find_map(|action| number(action, "count"));
    let reactions = likes.map(|count| ("like".to_owned(), count as u32));
    let position = number(json, "post_number")? as u32;
    let post = Post {
        id: Some(format!("post_{position}")),
        position,
        author: string(json, "username"),
        author_url: string(json, "username").map(|name| format!("/u/{name}")),
        time: created,
        edited: edited.filter(|_| number(json, "version").is_some_and(|version| version > 1)),
        reply_to: number(json, "reply_to_post_number").map(|number| format!("post_{number}")),
        quotes: quotes(&tree, &heads),
        reactions: reactions.into_iter().collect::<BTreeMap<_, _>>(),
        accepted: json.get("accepted_answer").and_then(Json::as_bool).unwrap_or(false),
        text,
        ..Post::default()
    };
    (!post.text.is_empty()).then_some(post)
}

fn quotes(tree: &Tree<'_>, heads: &[NodeId]) -> Vec<Quote> {
    let quote = |id: NodeId| Quote {
        author: tree.attribute_named(id, "data-username").map(str::to_owned),
        post_id: tree.attribute_named(id, "data-post").map(|number| format!("post_{number}")),
        text: render::text(tree, &[id], heads),
    };
    select(tree, "aside.quote").into_iter().take(QUOTES_MAX).map(quote).filter(|quote| !quote.text.is_empty()).collect()
}

fn select(tree: &Tree<'_>, selector: &str) -> Vec<NodeId> {
    Selector::parse(selector).expect("a selector of ours is sound").all(tree, 0).collect()
}

fn tag(json: &Json) -> Option<String> {
    json.as_str().map(str::to_owned).or_else(|| string(json, "name"))
}

fn string(json: &Json, key: &str) -> Option<String> {
    json.get(key)?.as_str().map(str::to_owned)
}

fn number(json: &Json, key: &str) -> Option<i64> {
    json.get(key)?.as_i64()
}
