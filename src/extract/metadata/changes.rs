//! Whether the words before a date say that a page was changed on it rather than published.

use super::dates::fold;
use crate::extract::sayings::Sayings;

/// Beginnings of words, folded, for a change.
static CHANGED: Sayings = Sayings::of(&[
    "updated",
    "update",
    "modified",
    "edited",
    "revised",
    "last reviewed",
    "medically reviewed",
    "changed",
    "aktualisi",
    "bearbeitet",
    "stand",
    "geandert",
    "letzte anderung",
    "last change",
    "derniere modification",
    "ultima modifica",
    "laatste wijziging",
    "ostatnia zmiana",
    "posledni zmena",
    "utolso modositas",
    "son degisiklik",
    "mis a jour",
    "mise a jour",
    "maj",
    "modifie",
    "revise le",
    "actualizad",
    "actualizacion",
    "modificado",
    "aggiornat",
    "aggiornamento",
    "modificat",
    "atualizad",
    "atualizacao",
    "bijgewerkt",
    "gewijzigd",
    "uppdatera",
    "andrad",
    "oppdater",
    "endret",
    "opdater",
    "redigeret",
    "paivitet",
    "muokattu",
    "aktualizac",
    "aktualizov",
    "zaktualiz",
    "upravoven",
    "frissit",
    "modositva",
    "actualizat",
    "guncel",
    "azurira",
    "posodoblj",
    "ενημερωση",
    "ενημερωθηκε",
    "τροποποι",
    "обновлен",
    "изменен",
    "оновлен",
    "змінен",
    "актуализ",
    "cap nhat",
    "diperbarui",
    "dikemas kini",
    "อัปเดต",
    "แก้ไข",
    "更新",
    "修改",
    "修订",
    "変更",
    "수정",
    "업데이트",
    "갱신",
    "تحديث",
    "تعديل",
    "به روز",
    "بروزرسانی",
    "עודכן",
    "עדכון",
    "अपडेट",
    "अद्यतन",
]);
/// Those that stand whole: as beginnings they begin other words.
const WHOLE: &[&str] = &["stand", "maj", "changed", "edited", "update"];
/// Behind which somebody is named who edits, whether or not anything is changed.
const BY: &str = " by ";
/// Beginnings of words, folded, for publication.
static PUBLISHED: Sayings = Sayings::of(&[
    "publi",
    "post",
    "veroffentlich",
    "erschienen",
    "pubblic",
    "gepublic",
    "geplaatst",
    "opublik",
    "julkais",
    "utgiv",
    "udgiv",
    "yayin",
    "опублик",
    "δημοσι",
    "発表",
    "公開",
    "发布",
    "發布",
    "게시",
    "입력",
]);

/// Whether the last of the words that say what was done is one for a change.
pub fn is_of_change(lead: &str) -> bool {
    if lead.trim().is_empty() {
        return false;
    }
    let folded = fold(lead);
    let changed = last(&CHANGED, &folded);
    changed.is_some() && changed > last(&PUBLISHED, &folded)
}

/// Where the last of them stands, at the beginning of a word; scripts without small letters have it anywhere.
fn last(sayings: &Sayings, folded: &str) -> Option<usize> {
    let begins = |start: usize, end: usize| {
        let spaced = folded[start..].starts_with(char::is_lowercase);
        let begun = !folded[..start].ends_with(char::is_alphanumeric);
        let whole = !folded[end..].starts_with(char::is_alphabetic);
        let is_last = folded[..start].ends_with("last ");
        let names = &folded[start..end] == "edited" && folded[end..].starts_with(BY) && !is_last;
        !spaced || begun && !names && (whole || !WHOLE.contains(&&folded[start..end]))
    };
    sayings.places_in(folded).filter(|place| begins(place.start, place.end)).map(|place| place.start).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_for_what_was_done_counts() {
        let changes = [
            "Last updated on ",
            "Updated: ",
            "Page last modified ",
            "Medically reviewed by Jane Doe, ",
            "Zuletzt aktualisiert am ",
            "Stand: ",
            "Letzte Änderung: ",
            "Última modificación: ",
            "Mis à jour le ",
            "Última actualización: ",
            "Aggiornato il ",
            "Senast uppdaterad ",
            "Обновлено ",
            "最終更新日：",
            "更新于",
            "최종 수정 ",
            "Published in May, updated ",
            "Last edited by Ann on ",
        ];
        for lead in changes {
            assert!(is_of_change(lead), "{lead}");
        }
        let others = [
            "",
            "Published ",
            "Evening Standard, ",
            "Credited to Jane Doe, ",
            "Unchanged prices: ",
            "Posted by Jane Doe on ",
            "Edited by Jane Doe, ",
            "Updates | ",
            "Updates on the mill. Published ",
            "发布于",
        ];
        for lead in others {
            assert!(!is_of_change(lead), "{lead}");
        }
    }
}
