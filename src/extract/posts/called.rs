//! What a page calls its posts.

use super::Discussion;
use crate::extract::html::{Key, NodeId, NodeKind, Tree};
use crate::extract::sayings::Sayings;

/// Elements about a post whose names are looked at, with its own.
const LEVELS: usize = 4;
/// Longest heading above them, and nodes of the part before them that may be one.
const HEADING_WORDS_MAX: usize = 6;
const HEADING_NODES_MAX: usize = 16;

/// What readers' words are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Called {
    Comments,
    Reviews,
    /// Replies, responses: of a board, or under an article.
    Answers,
}

/// Stems of names for comments, wherever they stand in a name.
static COMMENTS: Sayings = Sayings::of(&[
    "comment",
    "komment",
    "coment",
    "koment",
    "kommentar",
    "reactie",
    "reakcj",
    "reakce",
    "talkback",
    "leserbrief",
    "lesermeinung",
    "hozzaszol",
    "yorum",
    "sxoli",
    "scholi",
    "binhluan",
    "binh-luan",
    "pinglun",
    "otzyv",
    "otziv",
    "комментар",
    "отзыв",
    "评论",
    "評論",
    "コメント",
    "댓글",
    "تعليق",
    "réaction",
    "hozzászól",
    "diskuz",
    "diskusia",
    "σχόλι",
    "תגוב",
    "bình luận",
    "ความคิดเห็น",
]);
/// With what a word in the name of reviews begins.
const REVIEWS: &[&str] = &[
    "review",
    "testimonial",
    "rezension",
    "bewertung",
    "resena",
    "reseña",
    "recensi",
    "avaliac",
    "recenz",
    "beoordel",
    "anmeldel",
    "arvostelu",
    "degerlendirme",
    "ertekeles",
    "valoracion",
    "レビュー",
];
/// With what a word in the name of answers to anything begins.
const ANSWERS: &[&str] = &["response", "respond", "respuesta", "resposta", "risposte"];

/// What most posts are called.
pub fn called(tree: &Tree<'_>, found: &Discussion) -> Option<Called> {
    let most = |says: &dyn Fn(&str) -> bool| {
        let named =
            |id: NodeId| std::iter::once(id).chain(tree.ancestors(id)).take(LEVELS).any(|id| is_named(tree, id, says));
        // What answers one post need not be called as those that answer all.
        let outer = || found.places.iter().zip(&found.posts).filter(|(_, post)| post.depth == 0);
        outer().filter(|(place, _)| named(place.container)).count() * 2 > outer().count()
    };
    let begins = |list: &'static [&'static str]| {
        move |name: &str| words(name).any(|word| list.iter().any(|stem| word.starts_with(stem)))
    };
    match () {
        () if most(&begins(REVIEWS)) => Some(Called::Reviews),
        () if most(&|name| COMMENTS.any_in(name)) => Some(Called::Comments),
        () if most(&begins(ANSWERS)) => Some(Called::Answers),
        () => headed(tree, found),
    }
}

/// What the heading above the posts calls them.
fn headed(tree: &Tree<'_>, found: &Discussion) -> Option<Called> {
    let first = found.places.iter().map(|place| place.container).min()?;
    let heading = |id: &NodeId| tree.tag(*id).is_heading();
    let above = std::iter::once(first).chain(tree.ancestors(first)).take(LEVELS);
    let nearest = above.into_iter().find_map(|level| {
        let before = tree.children(tree.parent(level)?).take_while(|&child| child < level);
        let last = before.filter(|&id| tree.kind(id) == NodeKind::Element).last()?;
        std::iter::once(last).chain(tree.subtree(last).take(HEADING_NODES_MAX)).find(heading)
    })?;
    let said = tree.text_content(nearest).to_lowercase();
    let answers = || words(&said).any(|word| ANSWERS.iter().any(|stem| word.starts_with(stem)));
    match () {
        () if said.split_whitespace().count() > HEADING_WORDS_MAX => None,
        () if COMMENTS.any_in(&said) => Some(Called::Comments),
        () if answers() => Some(Called::Answers),
        () => None,
    }
}

fn is_named(tree: &Tree<'_>, id: NodeId, says: &dyn Fn(&str) -> bool) -> bool {
    let of = |key: Key| tree.attribute(id, key).is_some_and(|name| says(&name.to_lowercase()));
    of(Key::Class) || of(Key::Id) || of(Key::Itemprop)
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty())
}
