//! Parts of a text that are called after what they speak of, and so as parts of a page's frame are: a section on cookies in a
//! manual, one on consent in a study, what documentation comments on a function, a note set aside among paragraphs. What asks
//! has something to click, and what readers say has their names.

use std::ops::Range;

use super::evidence::ends_sentence;
use super::shape::Shape;
use super::zones::{Zone, by_name, is_by_words};
use crate::document::{BlockKind, Label, Reason};
use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};
use crate::extract::segment::{Hidden, Segment};

/// So many elements are looked at, no larger ones, and so many beside one.
const ELEMENTS_MAX: usize = 500;
const NODES_MAX: NodeId = 2000;
const SIBLINGS_MAX: usize = 200;
/// So far around a button of a box of code its code stands, and around a remark the name of who made it.
const LEVELS: usize = 3;
const AROUND_LEVELS: usize = 2;
const AROUND_NODES_MAX: NodeId = 300;
/// A table has so many cells, a list so many items, a sentence so many words, and a text so many paragraphs.
const CELLS_MIN: usize = 4;
const ITEMS_MIN: usize = 2;
const WORDS_MIN: u32 = 4;
const PARAGRAPHS_MIN: usize = 2;
/// Links are no more than this share of a note among paragraphs, and of a list that explains.
const LINKED_SHARE_MAX: u32 = 3;
/// A quote that is pulled out of a text is no longer, and stands so near to its place.
const QUOTE_BLOCKS_MAX: usize = 2;
const NEAR_BLOCKS: usize = 30;
/// So near to the cut a note must come.
const NEAR_OF_NOTE: f32 = 0.75;

/// Takes from elements the zones that they are in for their subject.
pub fn forget(shape: &mut Shape<'_, '_>) {
    let asked = asked(shape);
    forget_questions(shape, &asked);
    forget_remarks(shape, &asked);
    forget_tags(shape, &asked);
    forget_asides(shape);
}

/// Whether a block says something that is no link.
fn is_plain(segment: &Segment) -> bool {
    segment.words > 0 && segment.link_words * 2 < segment.words
}

fn says(segment: &Segment) -> bool {
    is_plain(segment) && segment.words >= WORDS_MIN && ends_sentence(&segment.text)
}

/// Elements in any of the zones that are asked for here.
fn asked(shape: &Shape<'_, '_>) -> Vec<NodeId> {
    const ASKED: &[Zone] = &[Zone::Consent, Zone::Captcha, Zone::Breadcrumb, Zone::Comment, Zone::Tags];
    (0..shape.tree.len()).filter(|&id| shape.own[id as usize].any(ASKED)).collect()
}

/// Of such elements those in one of the zones that no larger one holds, but for those that hold most of the page.
fn outermost(shape: &Shape<'_, '_>, asked: &[NodeId], zones: &[Zone]) -> Vec<NodeId> {
    let (mut found, mut next) = (Vec::new(), 0);
    for &id in asked {
        if id < next || !shape.own[id as usize].any(zones) {
            continue;
        }
        if found.len() >= ELEMENTS_MAX {
            break;
        }
        let is_large = shape.tree.end(id) - id > NODES_MAX || shape.is_most(id);
        next = if is_large { id + 1 } else { shape.tree.end(id) };
        if !is_large {
            found.push(id);
        }
    }
    found
}

/// What asks for consent or sets a riddle has a button or a field, and shows the way no sentence.
fn forget_questions(shape: &mut Shape<'_, '_>, asked: &[NodeId]) {
    for id in outermost(shape, asked, &[Zone::Consent, Zone::Captcha]) {
        if is_titled(shape.tree, id) || is_of_text(shape, id) && !asks(shape, id) && has_matter(shape, id) {
            for at in shape.tree.subtree(id) {
                shape.own[at as usize] = shape.own[at as usize].without(Zone::Consent).without(Zone::Captcha);
            }
        }
    }
    for id in outermost(shape, asked, &[Zone::Breadcrumb]) {
        let segments = &shape.segments[shape.under(id)];
        let is_section = segments.iter().any(is_heading) && segments.iter().any(says);
        if is_titled(shape.tree, id) || is_section && is_of_text(shape, id) {
            shape.own[id as usize] = shape.own[id as usize].without(Zone::Breadcrumb);
        }
    }
}

fn is_heading(segment: &Segment) -> bool {
    matches!(segment.kind, BlockKind::Heading(_))
}

/// Whether the element is a heading, and its id, which repeats its words, alone names it so.
fn is_titled(tree: &Tree<'_>, id: NodeId) -> bool {
    tree.tag(id).is_heading()
        && tree
            .attribute(id, Key::Class)
            .is_none_or(|class| !by_name(class).any(&[Zone::Consent, Zone::Captcha, Zone::Breadcrumb]))
}

/// Whether an element stands in what holds the page's text, or beside a heading or a paragraph. At the end of a page, and at
/// both ends of its body, banners stand too.
fn is_of_text(shape: &Shape<'_, '_>, id: NodeId) -> bool {
    let tree = shape.tree;
    let holds_text = |above: NodeId| shape.own[above as usize].any(&[Zone::Main, Zone::Article, Zone::Body]);
    let is_line = |at: NodeId| at != id && (tree.tag(at) == Tag::P || tree.tag(at).is_heading());
    if tree.ancestors(id).any(holds_text) {
        return true;
    }
    let Some(parent) = tree.parent(id) else { return false };
    let mut lines = tree.children(parent).take(SIBLINGS_MAX).filter(|&at| is_line(at));
    match tree.tag(parent) {
        Tag::Body => lines.next().is_some_and(|at| at < id) && lines.any(|at| at > id),
        _ => shape.under(id).end < shape.segments.len() && lines.next().is_some(),
    }
}

/// Whether there is something to click or to fill in under an element, or a word to accept with.
fn asks(shape: &Shape<'_, '_>, id: NodeId) -> bool {
    let tree = shape.tree;
    let is_control = |at: NodeId| match tree.tag(at) {
        Tag::Button => !is_of_code(tree, at),
        Tag::Input | Tag::Select | Tag::Textarea | Tag::Form | Tag::Iframe | Tag::Dialog => true,
        Tag::A if shape.own[at as usize].has(Zone::Widget) || leads_nowhere(tree, at) => true,
        _ => {
            matches!(tree.attribute(at, Key::Role), Some("button" | "dialog" | "alertdialog"))
                || tree.has_attributes(at) && tree.rare_attribute(at, "onclick").is_some()
        }
    };
    let says = |at: usize| matches!(shape.chrome[at], Some(Reason::Consent)) && is_click(tree, &shape.segments[at]);
    tree.subtree(id).any(is_control) || shape.under(id).any(says)
}

/// Whether a link is for scripts alone, and no name for a place in the page.
fn leads_nowhere(tree: &Tree<'_>, link: NodeId) -> bool {
    match tree.attribute(link, Key::Href).map(str::trim) {
        Some(to) => matches!(to, "" | "#" | "#!") || to.starts_with("javascript:"),
        None => {
            tree.attribute(link, Key::Name).is_none()
                && !tree.parent(link).is_some_and(|above| tree.tag(above).is_heading())
                && tree.subtree(link).any(|at| tree.kind(at) == NodeKind::Text && !tree.is_blank(at))
        }
    }
}

/// Whether a block may be something to click, which no heading, paragraph or cell is that holds no link.
fn is_click(tree: &Tree<'_>, segment: &Segment) -> bool {
    let is_text = is_heading(segment) || matches!(segment.kind, BlockKind::TableCell { .. });
    segment.links > 0 || !is_text && tree.tag(segment.node) != Tag::P
}

/// Whether a button copies the code beside it.
fn is_of_code(tree: &Tree<'_>, button: NodeId) -> bool {
    tree.ancestors(button)
        .take(LEVELS)
        .any(|id| tree.end(id) - id <= NODES_MAX && tree.elements(id, Tag::Pre).next().is_some())
}

/// Whether an element holds a heading with something under it, a table or a list.
fn has_matter(shape: &Shape<'_, '_>, id: NodeId) -> bool {
    let segments = &shape.segments[shape.under(id)];
    let some = |is: fn(&Segment) -> bool| segments.iter().filter(|segment| is(segment)).count();
    let headed = segments.iter().position(is_heading).is_some_and(|at| segments[at + 1..].iter().any(is_plain));
    headed
        || some(|segment| matches!(segment.kind, BlockKind::TableCell { .. })) >= CELLS_MIN
        || some(|segment| matches!(segment.kind, BlockKind::ListItem { .. }) && is_plain(segment)) >= ITEMS_MIN
}

/// Words for what documentation says of a part of a program and a study of its results, as much as for what readers say.
const REMARKS: &[&str] = &["comment", "commentary", "discussion"];

/// A remark that nobody signs and nobody can answer is no reader's: where it stands alone, and no reader speaks around it.
fn forget_remarks(shape: &mut Shape<'_, '_>, asked: &[NodeId]) {
    let all = outermost(shape, asked, &[Zone::Comment]);
    let parents: Vec<Option<NodeId>> = all.iter().map(|&id| shape.tree.parent(id)).collect();
    let is_alone = |id: NodeId| parents.iter().filter(|&&parent| parent == shape.tree.parent(id)).nth(1).is_none();
    let remarks: Vec<NodeId> = all.iter().copied().filter(|&id| is_alone(id) && is_remark(shape, id)).collect();
    for id in remarks {
        for at in shape.tree.subtree(id) {
            shape.own[at as usize] = shape.own[at as usize].without(Zone::Comment);
        }
    }
}

fn is_remark(shape: &Shape<'_, '_>, id: NodeId) -> bool {
    let tree = shape.tree;
    if !is_by_words(tree, id, Zone::Comment, REMARKS) || has_readers(shape, id) {
        return false;
    }
    let under = shape.under(id);
    let is_chrome =
        |at: usize| matches!(shape.chrome[at], Some(Reason::Comment | Reason::CommentForm | Reason::SignIn));
    if under.clone().any(is_chrome) || !shape.segments[under].iter().any(says) {
        return false;
    }
    // Who says it may stand before it.
    let is_page = |at: NodeId| matches!(tree.tag(at), Tag::Html | Tag::Body | Tag::Main | Tag::Article);
    let is_near = |at: &NodeId| tree.end(*at) - at <= AROUND_NODES_MAX && !is_page(*at);
    let around = tree.ancestors(id).take(AROUND_LEVELS).take_while(is_near);
    let is_name = |at: NodeId| matches!(tree.tag(at), Tag::B | Tag::Strong | Tag::Cite);
    let is_signed = |holder: NodeId| has_readers(shape, holder) || tree.subtree(holder).any(is_name);
    is_by_words(tree, id, Zone::Comment, &["discussion"]) || !around.into_iter().any(is_signed)
}

/// Whether something tells when and by whom a part of the page was written, or lets readers answer or like it.
fn has_readers(shape: &Shape<'_, '_>, id: NodeId) -> bool {
    const SIGNS: &[Zone] =
        &[Zone::Byline, Zone::Reaction, Zone::PostChrome, Zone::CommentForm, Zone::SignIn, Zone::Share, Zone::Form];
    let tree = shape.tree;
    let is_sign = |at: NodeId| match tree.tag(at) {
        Tag::Button => !is_of_code(tree, at),
        Tag::Input | Tag::Textarea | Tag::Form | Tag::Time => true,
        Tag::A => tree.attribute(at, Key::Rel).is_some_and(|rel| rel.contains("nofollow") || rel.contains("ugc")),
        _ => false,
    };
    tree.subtree(id).any(|at| at != id && (is_sign(at) || shape.own[at as usize].any(SIGNS)))
}

/// A list of tags is links or single words; one that says more of each explains something.
fn forget_tags(shape: &mut Shape<'_, '_>, asked: &[NodeId]) {
    for id in outermost(shape, asked, &[Zone::Tags]) {
        let under = shape.under(id);
        let segments = &shape.segments[under.clone()];
        let is_item = |segment: &&Segment| {
            matches!(segment.kind, BlockKind::ListItem { .. } | BlockKind::Term | BlockKind::Definition)
        };
        let (items, texts) = (
            segments.iter().filter(is_item).count(),
            segments.iter().filter(is_item).filter(|item| item.links == 0 && item.words >= WORDS_MIN).count(),
        );
        let is_linked = shape.link_words(under.clone()) * LINKED_SHARE_MAX > shape.words(under);
        if texts > 0 && texts * 2 >= items && !is_linked {
            for at in shape.tree.subtree(id) {
                shape.own[at as usize] = shape.own[at as usize].without(Zone::Tags);
            }
        }
    }
}

/// An `aside` among the paragraphs of a text that says something of its own is a note or a box of facts, and no column beside
/// the text.
fn forget_asides(shape: &mut Shape<'_, '_>) {
    let asides: Vec<NodeId> = shape.tree.elements(0, Tag::Aside).take(ELEMENTS_MAX).collect();
    for id in asides.into_iter().filter(|&id| is_note(shape, id)).collect::<Vec<_>>() {
        shape.own[id as usize] = shape.own[id as usize].without(Zone::Sidebar);
        for at in shape.tree.subtree(id) {
            // `note-aside`: that it is one, its tag has said.
            if called_aside_alone(shape.tree, at) {
                shape.own[at as usize] = shape.own[at as usize].without(Zone::Sidebar);
            }
        }
    }
}

fn is_note(shape: &Shape<'_, '_>, id: NodeId) -> bool {
    const OTHERS: &[Zone] = &[
        Zone::Navigation,
        Zone::Promotion,
        Zone::Related,
        Zone::Share,
        Zone::SignIn,
        Zone::Search,
        Zone::Form,
        Zone::Comment,
        Zone::CommentForm,
        Zone::Byline,
        Zone::Reaction,
        Zone::PostChrome,
        Zone::Pagination,
        Zone::Widget,
        Zone::Contents,
        Zone::Tags,
    ];
    let tree = shape.tree;
    if tree.end(id) - id > NODES_MAX || !called_aside_alone(tree, id) {
        return false;
    }
    let under = shape.under(id);
    let (words, linked) = (shape.words(under.clone()), shape.link_words(under.clone()));
    words >= WORDS_MIN
        && linked * LINKED_SHARE_MAX <= words
        && is_among_paragraphs(shape, id)
        && !is_pulled(shape, &under)
        && tree.ancestors(id).any(|at| matches!(tree.tag(at), Tag::Main | Tag::Article))
        && !under.into_iter().any(|at| shape.is_chrome(at) || is_headline(&shape.segments[at]))
        && !tree
            .subtree(id)
            .any(|at| shape.own[at as usize].any(OTHERS) || matches!(tree.tag(at), Tag::Iframe | Tag::Video))
}

/// Whether what a small part of the page says is said in a longer block near it as well: a quote pulled out of the text. Its
/// longest block tells, for notes share their labels.
fn is_pulled(shape: &Shape<'_, '_>, under: &Range<usize>) -> bool {
    let said = |at: usize| shape.segments[at].text.trim_matches(|c: char| !c.is_alphanumeric());
    let near = under.start.saturating_sub(NEAR_BLOCKS)..(under.end + NEAR_BLOCKS).min(shape.segments.len());
    let holds = |at: usize, text: &str| said(at).len() > text.len() && said(at).contains(text);
    let repeats = |text: &str| near.clone().filter(|at| !under.contains(at)).any(|at| holds(at, text));
    let longest = under.clone().max_by_key(|&at| said(at).len());
    under.len() <= QUOTE_BLOCKS_MAX
        && longest.is_some_and(|at| shape.segments[at].words >= WORDS_MIN && repeats(said(at)))
}

/// Whether a block is a heading that leads to another page.
fn is_headline(segment: &Segment) -> bool {
    is_heading(segment) && segment.links > 0
}

/// Whether no name but `aside` itself makes an element a column beside the text.
fn called_aside_alone(tree: &Tree<'_>, id: NodeId) -> bool {
    let name = |key| tree.attribute(id, key).unwrap_or_default().replace("aside", " ");
    !by_name(&name(Key::Class)).has(Zone::Sidebar)
        && !by_name(&name(Key::Id)).has(Zone::Sidebar)
        && tree.attribute(id, Key::Role) != Some("complementary")
}

fn is_among_paragraphs(shape: &Shape<'_, '_>, id: NodeId) -> bool {
    let tree = shape.tree;
    let Some(parent) = tree.parent(id) else { return false };
    let says = |at: NodeId| shape.words(shape.under(at)) > 0;
    let beside = tree.children(parent).take(SIBLINGS_MAX).filter(|&at| tree.tag(at) == Tag::P && says(at));
    beside.take(PARAGRAPHS_MIN).count() == PARAGRAPHS_MIN
}

/// Keeps notes among paragraphs whole where they come near: the model has seen few asides that are text, and a label without its
/// value says nothing.
pub fn keep_notes(shape: &Shape<'_, '_>, blocks: &mut [(Label, f32)], confidence: f32) {
    // The tag makes a sidebar of each that is no note.
    let is_note = |id: &NodeId| !shape.own[*id as usize].has(Zone::Sidebar);
    for id in shape.tree.elements(0, Tag::Aside).take(ELEMENTS_MAX).filter(is_note) {
        let heard = |at: &usize| !shape.segments[*at].is_silent() && shape.segments[*at].hidden == Hidden::No;
        let under: Vec<usize> = shape.under(id).filter(heard).collect();
        let mean = under.iter().map(|&at| blocks[at].1).sum::<f32>() / under.len().max(1) as f32;
        if mean < NEAR_OF_NOTE * confidence / 2.0 {
            continue;
        }
        for at in under {
            if blocks[at].0 == Label::Boilerplate(Reason::LowScore) {
                blocks[at].0 = Label::Content;
            }
        }
    }
}

/// What only screen readers tell in a line that shows hides itself, and not the line.
pub fn forget_veils_of_labels(shape: &mut Shape<'_, '_>) {
    let tree = shape.tree;
    for segment in shape.segments {
        let veils = |at: NodeId, own: &[super::zones::Zones]| {
            let inner = tree.ancestors(at).take_while(|&id| id > segment.node);
            inner.filter(|&id| own[id as usize].has(Zone::Veiled)).collect::<Vec<_>>()
        };
        if segment.first == segment.last || segment.hidden != Hidden::No {
            continue;
        }
        let mut first = veils(segment.first, &shape.own);
        first.retain(|&id| tree.end(id) <= segment.last);
        let shows =
            |at: NodeId| tree.kind(at) == NodeKind::Text && !tree.is_blank(at) && veils(at, &shape.own).is_empty();
        if !first.is_empty() && (segment.first..=segment.last).take(SIBLINGS_MAX).any(shows) {
            first.into_iter().for_each(|id| shape.own[id as usize] = shape.own[id as usize].without(Zone::Veiled));
        }
    }
}
