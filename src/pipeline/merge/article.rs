//! Pages of an article as one text: what stands on each page in the same place is said once, and all else as it stands.

use std::collections::{HashMap, HashSet};

use super::is_telling;

#[derive(Debug, Default)]
pub struct Article {
    pub paragraphs: Vec<String>,
    /// How many of them the first page has.
    pub on_first: usize,
    /// The page before, as it is.
    before: Vec<String>,
}

impl Article {
    /// Adds a page; how many of its paragraphs are new. Refrains, short answers and headings come again where they please:
    /// what repeats the pages before is what opens or closes this page as it did the last one, and what overlaps.
    pub fn add(&mut self, page: Vec<String>) -> usize {
        if self.before.is_empty() {
            self.on_first = page.len();
            self.paragraphs.clone_from(&page);
            self.before = page;
            return self.on_first;
        }
        let known: HashSet<&String> = self.paragraphs.iter().collect();
        let new = match page.iter().all(|paragraph| known.contains(paragraph)) {
            // A page that was read before, or is clamped to the last one.
            true => 0..0,
            false => self.head(&page)..page.len() - self.tail(&page),
        };
        let count = new.len();
        self.paragraphs.extend_from_slice(page.get(new).unwrap_or_default());
        self.before = page;
        count
    }

    /// How many paragraphs at the head of a page stand at the head of the one before, or overlap with what was read.
    fn head(&self, page: &[String]) -> usize {
        let (here, so_far) = (counts(page), counts(&self.paragraphs));
        let (before, once) =
            (counts(&self.before), |counts: &HashMap<&str, u32>, text: &str| counts.get(text) == Some(&1));
        let is_opening = |at: usize| self.before.get(at) == Some(&page[at]) && once(&before, &page[at]);
        let is_overlap = |text: &str| once(&so_far, text) && is_telling(text);
        let repeats = |at: &usize| once(&here, &page[*at]) && (is_opening(*at) || is_overlap(&page[*at]));
        (0..page.len()).take_while(repeats).count()
    }

    /// How many at its end stand at the end of the page before, which say too much to be said again.
    fn tail(&self, page: &[String]) -> usize {
        let (here, before) = (counts(page), counts(&self.before));
        let both = page.iter().rev().zip(self.before.iter().rev());
        let same = both.take_while(|(a, b)| a == b && here[a.as_str()] == 1 && before[b.as_str()] == 1);
        same.take_while(|(text, _)| is_telling(text)).count()
    }
}

fn counts(paragraphs: &[String]) -> HashMap<&str, u32> {
    let mut counts = HashMap::new();
    for paragraph in paragraphs {
        *counts.entry(paragraph.as_str()).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAD: &str = "How the ferry lost its bell, and who had to ring it by hand.";
    const WRITER: &str = "Mia Tern has crossed the sound on every ferry since the first.";
    const REFRAIN: &str = "And the bell went down, and down, and down again.";

    fn own(at: usize) -> String {
        format!("In year {at} of the ferry the skipper told the passengers another tale about it.")
    }

    #[test]
    fn what_stands_on_each_page_is_said_once_and_all_else_as_it_stands() {
        let (a, b, c, d) = (&own(1)[..], &own(2)[..], &own(3)[..], &own(4)[..]);
        type Case<'t> = (&'t str, Vec<Vec<&'t str>>, Vec<&'t str>);
        let cases: [Case<'_>; 8] = [
            ("a page alone", vec![vec![a, "Yes.", b, "Yes.", c]], vec![a, "Yes.", b, "Yes.", c]),
            (
                "refrains",
                vec![vec![a, REFRAIN, b, REFRAIN], vec![c, REFRAIN, d, REFRAIN]],
                vec![a, REFRAIN, b, REFRAIN, c, REFRAIN, d, REFRAIN],
            ),
            (
                "answers",
                vec![vec![a, "Yes.", b, "No."], vec![c, "Yes.", d, "No."]],
                vec![a, "Yes.", b, "No.", c, "Yes.", d, "No."],
            ),
            ("a lead and a writer", vec![vec![LEAD, a, WRITER], vec![LEAD, b, WRITER]], vec![LEAD, a, WRITER, b]),
            ("an overlap", vec![vec![a, b], vec![b, c]], vec![a, b, c]),
            ("a page that grows", vec![vec![a, "Yes.", b], vec![a, "Yes.", b, c]], vec![a, "Yes.", b, c]),
            ("the last page again", vec![vec![a, b], vec![c, "Yes."], vec![c, "Yes."]], vec![a, b, c, "Yes."]),
            (
                "code with a line between",
                vec![vec![a, "f();", "", "f();"], vec![b, "f();", "", "f();"]],
                vec![a, "f();", "", "f();", b, "f();", "", "f();"],
            ),
        ];
        for (case, pages, want) in cases {
            let mut article = Article::default();
            for page in pages {
                article.add(page.into_iter().map(str::to_owned).collect());
            }
            assert_eq!(article.paragraphs, want, "{case}");
        }
    }
}
