//! Invitations to a newsletter, wherever they stand: also typed into a post, where no markup tells them apart.

use super::shape::Shape;
use crate::extract::html::NodeId;
use crate::extract::sayings::Sayings;

/// An invitation is a line, not a paragraph that speaks of one.
const WORDS_MAX: u32 = 16;
/// A box around an invitation and its form says no more than this, all told.
const BOX_WORDS_MAX: u32 = 60;
/// A box has no more nodes.
const BOX_NODES_MAX: NodeId = 400;
/// How far up a box is looked for.
const BOX_LEVELS: usize = 3;

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
    "ニュースレター",
    "뉴스레터",
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
    "подпиш",
    "подписа",
    "εγγραφ",
    "订阅",
    "登録",
    "購読",
    "구독",
]);

/// Whether the block invites: a line with a link of its own, or a line of a small box around a form.
pub fn is_invitation(shape: &Shape<'_, '_>, at: usize) -> bool {
    let segment = &shape.segments[at];
    if shape.size(at) > WORDS_MAX {
        return false;
    }
    (segment.links > 0 && shape.invites(at)) || in_box(shape, at)
}

/// Whether a line names what one is invited to, and what to do.
pub fn invites(text: &str) -> bool {
    let text = text.to_lowercase();
    LETTERS.any_in(&text) && DEEDS.any_in(&text)
}

/// Whether a small box around the block has a form and an invitation in it.
fn in_box(shape: &Shape<'_, '_>, at: usize) -> bool {
    let tree = shape.tree;
    let above = std::iter::successors(Some(shape.segments[at].node), |&id| tree.parent(id));
    above.take(BOX_LEVELS).any(|id| {
        let inside = shape.under(id);
        tree.end(id) - id <= BOX_NODES_MAX
            && shape.words(inside.clone()) <= BOX_WORDS_MAX
            && shape.has_form(id)
            && inside.clone().any(|other| shape.invites(other))
    })
}
