//! Invitations to a newsletter, wherever they stand: also typed into a post, where no markup tells them apart.

use super::evidence::ends_sentence;
use super::rules::SURE;
use super::shape::{LONG, Shape};
use super::zones::Zone;
use crate::document::BlockKind;
use crate::extract::html::{Key, NodeId, Tag, Tree};
use crate::extract::sayings::Sayings;

/// An invitation is a line, not a paragraph that speaks of one.
const WORDS_MAX: u32 = 16;
/// In a box that is named so, or that asks for an address of e-mail, an invitation may be longer.
const BOXED_WORDS_MAX: u32 = 40;
/// A form that asks for more than a name and an address is for something else.
const FIELDS_MAX: usize = 2;
/// What is more of the page than this is no box.
const BOX_SHARE_MAX: f32 = 0.45;
/// What has a smaller share is no page's text, however it is built: the pitch and the small print of a sign-up box are prose too.
const SMALL_BOX_SHARE_MAX: f32 = 0.15;
/// A box around an invitation and its form says no more than this, all told.
const BOX_WORDS_MAX: u32 = 60;
/// A box has no more nodes.
const BOX_NODES_MAX: NodeId = 400;
/// How far up a box is looked for.
const BOX_LEVELS: usize = 3;

/// Two of the shortest words of the lists below; a capital may be of fewer bytes than its small letter, but not by so many.
const INVITATION_BYTES_MIN: usize = 10;

/// What one is invited to, in lower case, as far as words are alike.
static LETTERS: Sayings = Sayings::of(&[
    "newsletter",
    "bulletin",
    "mailing list",
    "rundbrief",
    "infolettre",
    "boletín",
    "boletim",
    "biuletyn",
    "nieuwsbrief",
    "nyhetsbrev",
    "nyhedsbrev",
    "uutiskirje",
    "hírlevél",
    "bülten",
    "рассылк",
    "розсилк",
    "ενημερωτικ",
    "电子报",
    "通讯",
    "メルマガ",
    "メールマガジン",
    "จดหมายข่าว",
    "ニュースレター",
    "뉴스레터",
    "النشرة",
    "نشرتنا",
    "ניוזלטר",
    "خبرنامه",
    "whatsapp channel",
    "telegram channel",
    "whatsapp-kanal",
    "telegram-канал",
    "телеграм-канал",
    "канал в telegram",
    "канал в телеграм",
    "наш канал",
]);

/// What one is asked to do.
static DEEDS: Sayings = Sayings::of(&[
    "subscribe",
    "sign up",
    "signup",
    "sign me up",
    "click here",
    "join our",
    "join the",
    "abonnieren",
    "anmelden",
    "hier klicken",
    "abonnez",
    "inscrivez",
    "cliquez",
    "suscríb",
    "suscrib",
    "inscríb",
    "haz clic",
    "iscriviti",
    "clicca",
    "inscreva",
    "assine",
    "clique",
    "zapisz",
    "kliknij",
    "abonneer",
    "aanmelden",
    "klik hier",
    "prenumerera",
    "tilmeld",
    // Those who sign a decree are told of without the ending.
    "подпишитес",
    "подпишис",
    "подписывайс",
    "подписывайтес",
    "подписываяс",
    "подписаться",
    "подписавшис",
    "підпишіться",
    "підпишис",
    "підписуйс",
    "підписуйтес",
    "підписуючис",
    "підписатис",
    "abone ol",
    "odebír",
    "přihlaste",
    "iratkoz",
    "abonează",
    "اشترك",
    "הירשמו",
    "הרשמה",
    "عضو شوید",
    "εγγραφ",
    "订阅",
    "登録",
    "購読",
    "구독",
    "สมัคร",
]);

/// Whether the block invites: a line with a link of its own, a line of a small box around a form, or what a small box
/// says that is named so or asks for nothing but an address of e-mail.
pub fn is_invitation(shape: &Shape<'_, '_>, at: usize) -> bool {
    let (segment, size) = (&shape.segments[at], shape.size(at));
    if size <= WORDS_MAX && (segment.links > 0 && shape.invites(at) || in_box(shape, at)) {
        return true;
    }
    size <= BOXED_WORDS_MAX && (is_named_so(shape, at) && shape.invites(at) || asks_for_mail(shape, at))
}

/// Whether a block that is likely an invitation is one whatever its score: by its own words, or in a box that holds
/// nothing else. On a short page the article, the row of a layout table and the page itself are small enough for a box;
/// with any form and any line about a newsletter in them, that made all of a notice an invitation.
pub fn is_certain(shape: &Shape<'_, '_>, title: Option<usize>, at: usize, score: f32) -> bool {
    if !is_invitation(shape, at) {
        return false;
    }
    if shape.invites(at) {
        return true;
    }
    let is_own = |id: NodeId| is_box_of(shape, title, id, at);
    shape.size(at) <= WORDS_MAX
        && boxes(shape, at)
            .any(|id| has_invitation(shape, id) && is_own(id) && !(is_large(shape, id) && holds_text(shape, id)))
        || score < SURE && mail_boxes(shape, at).any(is_own)
}

/// Whether a line names what one is invited to, and what to do.
pub fn invites(text: &str) -> bool {
    if text.len() < INVITATION_BYTES_MIN {
        return false;
    }
    let text = text.to_lowercase();
    LETTERS.any_in(&text) && DEEDS.any_in(&text)
}

/// Whether a text names a newsletter, whatever it says of it.
pub fn names_letters(text: &str) -> bool {
    LETTERS.any_in(&text.to_lowercase())
}

/// Whether a line begins with what one is asked to do.
pub fn begins_with_deed(text: &str) -> bool {
    let lower = text.to_lowercase();
    let line = lower.trim_start_matches(|c: char| !c.is_alphanumeric());
    DEEDS.places_in(line).any(|place| place.start == 0)
}

/// Whether a small box around the block has a form and an invitation in it.
fn in_box(shape: &Shape<'_, '_>, at: usize) -> bool {
    boxes(shape, at).any(|id| has_invitation(shape, id))
}

fn has_invitation(shape: &Shape<'_, '_>, id: NodeId) -> bool {
    shape.has_form(id) && shape.under(id).any(|other| shape.invites(other))
}

/// Whether a box is so much of the page that it may hold its text beside an invitation.
fn is_large(shape: &Shape<'_, '_>, id: NodeId) -> bool {
    shape.word_share(shape.under(id)) > SMALL_BOX_SHARE_MAX
}

/// Whether a box is about the invitation and the block in it: not most of the page, without the page's heading; and of a
/// large one the form and the invitation do not stand in a part that leaves the block out.
fn is_box_of(shape: &Shape<'_, '_>, title: Option<usize>, id: NodeId, at: usize) -> bool {
    let under = shape.under(id);
    let is_first = |other: usize| title.is_none() && shape.segments[other].kind == BlockKind::Heading(1);
    let is_heading = |other: usize| title == Some(other) || is_first(other);
    let leaves_out = |child: NodeId| !shape.under(child).contains(&at) && has_invitation(shape, child);
    shape.word_share(under.clone()) <= BOX_SHARE_MAX
        && !under.clone().any(is_heading)
        && !(is_large(shape, id) && shape.tree.children(id).any(leaves_out))
}

/// Whether something in a box that neither invites nor stands in the form is prose.
fn holds_text(shape: &Shape<'_, '_>, id: NodeId) -> bool {
    let tree = shape.tree;
    let in_form =
        |first: NodeId| tree.ancestors(first).take_while(|&above| above >= id).any(|at| tree.tag(at) == Tag::Form);
    let is_prose = |at: usize| {
        let text = shape.segments[at].text.as_str();
        shape.size(at) >= LONG || ends_sentence(text) && !text.ends_with([':', '：'])
    };
    shape.under(id).any(|at| is_prose(at) && !shape.invites(at) && !in_form(shape.segments[at].first))
}

/// The small elements around the block.
fn boxes(shape: &Shape<'_, '_>, at: usize) -> impl Iterator<Item = NodeId> {
    let tree = shape.tree;
    let above = std::iter::successors(Some(shape.segments[at].node), |&id| tree.parent(id));
    above
        .take(BOX_LEVELS)
        .filter(|&id| tree.end(id) - id <= BOX_NODES_MAX && shape.words(shape.under(id)) <= BOX_WORDS_MAX)
}

fn is_named_so(shape: &Shape<'_, '_>, at: usize) -> bool {
    boxes(shape, at).any(|id| shape.own[id as usize].has(Zone::Promotion))
}

/// Whether a small box around the block asks for an address of e-mail, and hardly anything else.
fn asks_for_mail(shape: &Shape<'_, '_>, at: usize) -> bool {
    mail_boxes(shape, at).next().is_some()
}

/// The small boxes around the block that ask for an address of e-mail, and hardly anything else.
fn mail_boxes(shape: &Shape<'_, '_>, at: usize) -> impl Iterator<Item = NodeId> {
    let tree = shape.tree;
    let is_filled = move |&id: &NodeId| {
        let kind = tree.attribute(id, Key::Type).unwrap_or("text").trim().to_ascii_lowercase();
        !matches!(kind.as_str(), "hidden" | "submit" | "button" | "image" | "checkbox" | "reset")
    };
    boxes(shape, at).filter(move |&id| {
        if !shape.asks_for_mail(id) {
            return false;
        }
        let fields: Vec<NodeId> = tree.elements(id, Tag::Input).filter(is_filled).take(FIELDS_MAX + 1).collect();
        (1..=FIELDS_MAX).contains(&fields.len())
            && fields.iter().any(|&field| is_for_mail(tree, field))
            && !fields.iter().any(|&field| has(tree, field, Key::Type, "password"))
            && tree.elements(id, Tag::Textarea).next().is_none()
            && shape.word_share(shape.under(id)) <= BOX_SHARE_MAX
    })
}

/// Whether a field is for an address of e-mail.
pub fn is_for_mail(tree: &Tree<'_>, field: NodeId) -> bool {
    let hint = tree.attribute_named(field, "placeholder").unwrap_or_default().to_lowercase();
    let name = tree.attribute(field, Key::Name).unwrap_or_default().to_ascii_lowercase();
    has(tree, field, Key::Type, "email") || name == "email" || hint.contains("email") || hint.contains("e-mail")
}

fn has(tree: &Tree<'_>, field: NodeId, key: Key, value: &str) -> bool {
    tree.attribute(field, key).is_some_and(|held| held.trim().eq_ignore_ascii_case(value))
}
