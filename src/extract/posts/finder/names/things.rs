//! Whether what looks like names is what things are called: files, versions, flights, places of concerts.

use std::collections::HashSet;

use crate::extract::html::{NodeId, NodeKind, Tag, Tree};
use crate::extract::posts::render;

use super::super::units::Unit;
use super::super::{marks, times};
use super::{BY_NAME, BYTES_MAX, Candidate, told};

/// Fewest entries that are told to be a list of things, and fewest whose times of day tell it.
const ENTRIES_MIN: usize = 3;
const ROUND_MIN: usize = 5;
/// What happens at an appointed time begins at such minutes; people write at any.
const ROUND_MINUTES: u32 = 5;
/// Ends of the names of files.
const FILES: &[&str] = &[
    "zip", "gz", "bz2", "xz", "7z", "rar", "tar", "tgz", "exe", "msi", "dmg", "iso", "deb", "rpm", "apk", "jar", "pdf",
    "doc", "docx", "xls", "xlsx", "csv", "txt", "jpg", "jpeg", "png", "gif", "mp3", "mp4", "avi", "mkv", "html",
];

/// Longest mark of a carrier before a number, in bytes.
const MARK_BYTES_MAX: usize = 3;
/// Nodes before a name among which its label is looked for.
const LABEL_NODES_MAX: usize = 8;
/// Words of things that have numbers, in small letters.
const NUMBERED: &[&str] = &[
    "no",
    "nr",
    "flight",
    "flug",
    "vuelo",
    "vol",
    "volo",
    "act",
    "lot",
    "los",
    "lote",
    "case",
    "ticket",
    "issue",
    "bug",
    "build",
    "job",
    "order",
    "version",
    "release",
    "episode",
    "chapter",
    "volume",
    "match",
    "game",
    "round",
    "race",
    "bill",
    "law",
    "rule",
    "train",
    "zug",
    "folge",
    "kapitel",
    "akte",
    "gesetz",
    "dossier",
    "caso",
    "рейс",
    "закон",
];
/// Labels of things, in small letters.
const LABELS: &[&str] = &[
    "file",
    "filename",
    "datei",
    "dateiname",
    "fichier",
    "archivo",
    "arquivo",
    "plik",
    "bestand",
    "файл",
    "文件",
    "ファイル",
    "파일",
    "project",
    "projekt",
    "projet",
    "proyecto",
    "projeto",
    "progetto",
    "проект",
    "date",
    "datum",
    "fecha",
    "data",
    "дата",
    "日期",
    "size",
    "größe",
    "taille",
    "tamaño",
    "tamanho",
    "dimensione",
    "rozmiar",
    "размер",
    "version",
    "versión",
    "versão",
    "versione",
    "wersja",
    "версия",
    "版本",
    "release",
    "build",
    "flight",
    "flug",
    "vuelo",
    "vol",
    "voo",
    "volo",
    "рейс",
    "match",
    "spiel",
    "partido",
    "partita",
    "mecz",
    "матч",
    "lot",
    "los",
    "lote",
    "lotto",
    "job",
    "stelle",
    "vacancy",
    "case",
    "akte",
    "fall",
    "dossier",
    "ticket",
    "issue",
    "order",
    "product",
    "produkt",
    "produit",
    "producto",
    "produto",
    "prodotto",
    "item",
    "artikel",
    "model",
    "modell",
    "package",
    "paket",
    "event",
    "venue",
];

/// Whether the candidates, one of each unit, are things rather than people. None is who has a mark of an author.
pub fn are(tree: &Tree<'_>, units: &[Unit], ones: &[&Candidate]) -> bool {
    if ones.len() < ENTRIES_MIN || ones.iter().any(|one| one.worth <= BY_NAME) {
        return false;
    }
    let of_people = |unit: &Unit| marks::is_of_post(tree, unit.start) || told::is_of_people(tree, unit);
    let called = || units.iter().filter(|unit| marks::is_of_thing(tree, unit.start)).count() * 2 > units.len();
    let named = ones.iter().filter(|one| is_of_thing(&one.name)).count() * 2 > ones.len();
    let names: HashSet<&str> = ones.iter().map(|one| one.name.as_str()).collect();
    let appointed = || names.len() == ones.len() && are_appointed(tree, units);
    (named || called() || appointed()) && !units.iter().any(of_people)
}

/// `x.zip`, `v1.2.0`, `#12`, `Flight 12`.
fn is_of_thing(name: &str) -> bool {
    let is_file =
        |word: &str| word.rsplit_once('.').is_some_and(|(_, end)| FILES.contains(&end.to_lowercase().as_str()));
    let is_version = |word: &str| {
        let number = word.trim_start_matches(['v', 'V']);
        let (first, rest) = number.split_once('.').unwrap_or_default();
        let digits = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
        digits(first) && first.bytes().all(|byte| byte.is_ascii_digit()) && digits(rest)
    };
    let is_number = |word: &str| word.chars().all(|c| c.is_ascii_digit() || c == '/');
    let words: Vec<&str> = name.split_whitespace().collect();
    let numbered = words.windows(2).any(|pair| is_number(pair[1]) && leads_to_number(pair[0]));
    name.starts_with(['#', '№']) || words.iter().any(|word| is_file(word) || is_version(word)) || numbered
}

/// Whether a word names a thing by the number behind it, or is the mark of a carrier: `Flight`, `No.`, `LH`. People have
/// numbers too: `User 4521`.
fn leads_to_number(word: &str) -> bool {
    let is_mark = (2..=MARK_BYTES_MAX).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase());
    is_mark || NUMBERED.contains(&word.trim_end_matches('.').to_lowercase().as_str())
}

/// Whether a name stands right behind a label of things: `File: <b>x.zip</b>`, `<dt>Project:</dt><dd>…`, but not
/// `Reader: <b>Ann</b>`. The label is of the name's block, or a cell that heads it.
pub fn are_labelled(tree: &Tree<'_>, unit: &Unit, name: NodeId) -> bool {
    let is_text = |at: &NodeId| tree.kind(*at) == NodeKind::Text && !tree.is_blank(*at) && unit.has(*at);
    let before = (unit.start..name).rev().take(LABEL_NODES_MAX).find(is_text);
    let is_near = |label: NodeId| {
        let of_label = render::block_of(tree, label);
        of_label == render::block_of(tree, name)
            || of_label.is_some_and(|head| matches!(tree.tag(head), Tag::Dt | Tag::Th | Tag::Td))
    };
    before.filter(|&label| is_near(label)).is_some_and(|label| {
        let said = tree.text(label).trim_end().strip_suffix([':', '：']).unwrap_or_default();
        is_label(said.rsplit(['|', '·', '.', ',', ';', '\n']).next().unwrap_or_default())
    })
}

/// `File`, `Start date`, `File name`.
fn is_label(said: &str) -> bool {
    let said = said.trim().to_lowercase();
    let is_thing = |word: &str| LABELS.contains(&word);
    said.len() < BYTES_MAX
        && match said.split_whitespace().collect::<Vec<_>>().as_slice() {
            [one] | [_, one] if is_thing(one) => true,
            [first, "name" | "no" | "number" | "nr" | "id"] => is_thing(first),
            _ => false,
        }
}

/// Whether all times of day are such as things are appointed for: `20:00`, `19:30`. What is only a day may be shown as
/// midnight.
fn are_appointed(tree: &Tree<'_>, units: &[Unit]) -> bool {
    let minutes: Option<Vec<u32>> = units.iter().map(|unit| times::minute(tree, unit.time?)).collect();
    minutes.is_some_and(|minutes| {
        let is_some = minutes.iter().any(|minute| *minute > 0);
        is_some && minutes.len() >= ROUND_MIN && minutes.iter().all(|minute| minute % ROUND_MINUTES == 0)
    })
}

#[cfg(test)]
mod tests {
    use super::{is_label, is_of_thing};

    #[test]
    fn things_are_told_by_their_names() {
        for name in
            ["x.zip", "maps.tar.gz", "v1.2.0-beta", "Sluice 1.4", "#12 Otters", "LH 040", "Act No. 3/2021", "Lot 7"]
        {
            assert!(is_of_thing(name), "{name}");
        }
        for name in ["Ann", "ann.lee", "Ann Lee 2nd", "Anonymous 12", "12", "J. R. Miller", "User 4521", "Agent 007"] {
            assert!(!is_of_thing(name), "{name}");
        }
        for label in ["File", "File name", "Start date", " Projekt "] {
            assert!(is_label(label), "{label}");
        }
        for label in ["Reader", "Re", "Komentoi", "Project lead", "Napisał(a)", "Name", ""] {
            assert!(!is_label(label), "{label}");
        }
    }
}
