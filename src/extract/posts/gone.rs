//! Authors whose accounts are gone: their posts stay, and nobody is named for them.

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

/// Whether what stands for an author says that the account is gone: `[deleted]`.
pub fn is_gone(name: &str) -> bool {
    let inner = name.trim().trim_matches(['[', ']', '(', ')', '<', '>']).trim().to_lowercase();
    let in_brackets = name.trim().starts_with(['[', '(', '<']);
    in_brackets && GONE.contains(&inner.as_str()) || GONE_ACCOUNTS.contains(&inner.as_str())
}

#[cfg(test)]
mod tests {
    use super::is_gone;

    #[test]
    fn who_is_gone_is_told_in_brackets_or_whole() {
        for name in ["[deleted]", "(gelöscht)", "[удалено]", "Deleted user", "탈퇴한 회원"] {
            assert!(is_gone(name), "{name}");
        }
        for name in ["deleted", "[deleted] fan", "Ann", "removed", "[]", ""] {
            assert!(!is_gone(name), "{name}");
        }
    }
}
