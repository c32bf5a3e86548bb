//! What is gone: of authors whose accounts are, the posts stay, and nobody is named for them; what stands in place of a
//! post's words is no post.

use std::collections::HashSet;

use super::{Discussion, Place};
use crate::document::Post;
use crate::extract::html::{Key, NodeId, Tag, Tree};

/// What stands in brackets where an author was, and what accounts that are gone are called, in small letters.
const GONE: &[&str] = &[
    "deleted",
    "removed",
    "gelöscht",
    "supprimé",
    "eliminado",
    "borrado",
    "removido",
    "excluído",
    "verwijderd",
    "usunięty",
    "usunięte",
    "удалено",
    "удалён",
    "удален",
    "已删除",
    "已刪除",
    "削除済み",
    "삭제됨",
];
const GONE_ACCOUNTS: &[&str] = &[
    "deleted user",
    "deleted account",
    "deleted member",
    "gelöschter benutzer",
    "gelöschter nutzer",
    "utilisateur supprimé",
    "compte supprimé",
    "usuario eliminado",
    "usuário excluído",
    "utente cancellato",
    "удалённый пользователь",
    "账号已注销",
    "该用户已注销",
    "탈퇴한 회원",
];

/// What these platforms write in place of a post's words, in small letters.
const REDDIT: &[&str] = &[
    "[deleted by user]",
    "[removed by moderator]",
    "[removed by reddit]",
    "comment removed by moderator",
    "comment deleted by user",
];
const LEMMY: &[&str] = &["deleted by creator", "removed by mod", "permanently deleted"];
const DISCOURSE: &[&str] = &["(post deleted by author)", "(topic deleted by author)"];
const DISCOURSE_BEGINS: &[&str] =
    &["(post withdrawn by author, will be automatically deleted", "(topic withdrawn by author, will be automatically"];
/// What is more than words.
const MORE: &[Tag] = &[
    Tag::A,
    Tag::Img,
    Tag::Picture,
    Tag::Svg,
    Tag::Pre,
    Tag::Code,
    Tag::Video,
    Tag::Audio,
    Tag::Iframe,
    Tag::Embed,
    Tag::Object,
    Tag::Blockquote,
    Tag::Details,
];
/// The longest of them.
const WORDS_BYTES_MAX: usize = 120;

/// Whether the whole text of a post on such a platform says that its words are gone.
pub fn is_gone_text(text: &str, platform: &str) -> bool {
    let text = text.trim();
    if text.len() > WORDS_BYTES_MAX {
        return false;
    }
    let small = text.to_lowercase();
    let is_in_brackets = || {
        let inner = small.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        inner.is_some_and(|inner| GONE.contains(&inner.trim()))
    };
    let bare = small.replace("[ ", "[").replace(" ]", "]");
    let is_said = match platform {
        "reddit-old" | "reddit-new" => REDDIT.contains(&bare.as_str()),
        "lemmy" => LEMMY.contains(&small.as_str()),
        "discourse-crawler" | "discourse-app" => {
            DISCOURSE.contains(&small.as_str())
                || small.ends_with(')') && DISCOURSE_BEGINS.iter().any(|begin| small.starts_with(begin))
        }
        _ => false,
    };
    is_said || is_in_brackets()
}

/// Most nodes of a post that are looked at for what stands beside such words.
const NODES_MAX: usize = 500;

impl Discussion {
    /// Leaves out the posts whose words are gone where nothing stands beside those, but never the first, which the thread is
    /// dated by. One that others answer stays without words.
    pub fn leave_out_gone(&mut self, tree: &Tree<'_>) {
        let platform = self.thread.platform.as_deref().unwrap_or_default();
        let is_gone = |(post, place): (&Post, &Place)| is_gone_text(&post.text, platform) && says_no_more(tree, place);
        let mut gone: Vec<bool> = self.posts.iter().zip(&self.places).map(is_gone).collect();
        if let Some(first) = gone.first_mut() {
            *first = false;
        }
        if !gone.contains(&true) {
            return;
        }
        let quoted = self.posts.iter().flat_map(|post| post.quotes.iter().filter_map(|quote| quote.post_id.as_deref()));
        let answered = self.posts.iter().filter_map(|post| post.reply_to.as_deref()).chain(quoted);
        let answered: HashSet<String> = answered.map(str::to_owned).collect();
        let mut out = vec![false; gone.len()];
        let posts = self.posts.iter_mut().zip(&mut self.places).enumerate();
        for (at, (post, place)) in posts.filter(|&(at, _)| gone[at]) {
            if post.id.as_ref().is_some_and(|id| answered.contains(id)) {
                post.text.clear();
                place.bodies.clear();
            } else {
                out[at] = true;
            }
        }
        if out.contains(&true) {
            self.leave_out(|at| out[at]);
        }
    }
}

/// Whether a post's words are all that it has: no picture, code, link or file.
fn says_no_more(tree: &Tree<'_>, place: &Place) -> bool {
    let is_out = |id: NodeId| place.dropped.iter().any(|&out| tree.subtree(out).contains(&id));
    let in_bodies = || place.bodies.iter().flat_map(|&body| tree.subtree(body));
    let is_seen = |&id: &NodeId| MORE.contains(&tree.tag(id)) && !is_out(id);
    // What is attached stands beside the words.
    let is_file = |&id: &NodeId| {
        tree.attribute(id, Key::Class).is_some_and(|class| class.to_ascii_lowercase().contains("attach"))
    };
    in_bodies().take(NODES_MAX + 1).count() <= NODES_MAX
        && !in_bodies().any(|id| is_seen(&id))
        && !tree.subtree(place.container).take(NODES_MAX).any(|id| is_file(&id))
}

/// Whether what stands for an author says that the account is gone: `[deleted]`.
pub fn is_gone(name: &str) -> bool {
    let inner = name.trim().trim_matches(['[', ']', '(', ')', '<', '>']).trim().to_lowercase();
    let in_brackets = name.trim().starts_with(['[', '(', '<']);
    in_brackets && GONE.contains(&inner.as_str()) || GONE_ACCOUNTS.contains(&inner.as_str())
}

#[cfg(test)]
mod tests {
    use super::{is_gone, is_gone_text};

    #[test]
    fn who_is_gone_is_told_in_brackets_or_whole() {
        for name in ["[deleted]", "(gelöscht)", "[удалено]", "Deleted user", "탈퇴한 회원"] {
            assert!(is_gone(name), "{name}");
        }
        for name in ["deleted", "[deleted] fan", "Ann", "removed", "[]", ""] {
            assert!(!is_gone(name), "{name}");
        }
    }

    #[test]
    fn words_that_are_gone_are_told_as_a_whole() {
        for (text, platform) in [
            ("[removed]", ""),
            ("[Deleted]", "phpbb"),
            ("[ Removed by Reddit ]", "reddit-new"),
            ("Comment removed by moderator", "reddit-new"),
            ("deleted by creator", "lemmy"),
            ("(post deleted by author)", "discourse-crawler"),
        ] {
            assert!(is_gone_text(text, platform), "{text}");
        }
        for (text, platform) in [
            ("removed", ""),
            ("(removed)", ""),
            ("[removed] was all I saw", "reddit-old"),
            ("deleted by creator", "phpbb"),
            ("Comment removed by moderator", ""),
            ("[]", ""),
            ("", "lemmy"),
        ] {
            assert!(!is_gone_text(text, platform), "{text}");
        }
    }
}
