//! What a page calls its posts.

use super::Discussion;
use crate::document::BlockKind;
use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};
use crate::extract::label::Labels;
use crate::extract::sayings::Sayings;
use crate::extract::segment::Segment;

/// Elements about a post whose names are looked at, with its own.
const LEVELS: usize = 4;
/// Longest heading above them, and nodes of the part before them that may be one.
const HEADING_WORDS_MAX: usize = 6;
const HEADING_NODES_MAX: usize = 16;
/// Blocks without words between that heading and the posts.
const SILENT_MAX: usize = 8;
/// What a heading without words below it may be that of.
const SHOWN: &[Tag] =
    &[Tag::Img, Tag::Figure, Tag::Picture, Tag::Video, Tag::Audio, Tag::Iframe, Tag::Object, Tag::Embed];

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

/// The heading right above comments that says so, or how many they are: it belongs to them. A heading of the text has some
/// of that below it, or a picture, or stands with it in an `article` that the comments are no part of.
pub fn heading_above(tree: &Tree<'_>, segments: &[Segment], found: &Discussion, labels: &Labels) -> Option<usize> {
    let first = found.places.iter().map(|place| place.container).min()?;
    let before = segments.partition_point(|segment| segment.first < first);
    let at = (0..before).rev().take(SILENT_MAX).find(|&at| segments[at].words > 0)?;
    let heading = &segments[at];
    let is_own = labels.title == Some(at) || matches!(heading.kind, BlockKind::Heading(1));
    if is_own || !matches!(heading.kind, BlockKind::Heading(_)) {
        return None;
    }
    let said = heading.text.to_lowercase();
    let counts = || {
        let number = said.trim().strip_suffix(')').and_then(|said| said.rsplit_once('('));
        number.is_some_and(|(_, number)| number.trim() == found.posts.len().to_string())
    };
    let is_short = said.split_whitespace().count() <= HEADING_WORDS_MAX;
    // `Jury comments`, `Comments by region` and `No comment` may head what is told.
    let is_bare = || words(&said).count() == 1 && COMMENTS.any_in(&said) && !said.contains("commentary");
    let article = || tree.ancestors(heading.first).find(|&above| tree.tag(above) == Tag::Article);
    let is_with_them = || article().is_none_or(|article| tree.subtree(article).contains(&first));
    let shows = || (heading.last..first).any(|id| SHOWN.contains(&tree.tag(id)));
    (is_short && (is_bare() || counts()) && is_with_them() && !shows()).then_some(at)
}

fn is_named(tree: &Tree<'_>, id: NodeId, says: &dyn Fn(&str) -> bool) -> bool {
    let of = |key: Key| tree.attribute(id, key).is_some_and(|name| says(&name.to_lowercase()));
    of(Key::Class) || of(Key::Id) || of(Key::Itemprop)
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty())
}
