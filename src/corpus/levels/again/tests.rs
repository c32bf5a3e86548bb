//! What a run takes from what an earlier one found.

use std::collections::HashMap;

use super::super::{Candidate, Level, Rules, Take, Texts, Verdict, verdicts};
use super::{Found, moved, rising};
use crate::capture::Id;
use crate::corpus::CorpusError;
use crate::corpus::near::{self, Likeness, Prints, Profile, Sketch};

/// A text, and when it was published.
type Document = (String, Option<&'static str>);

/// Remembers what was found, and how many prints the last run asked for.
#[derive(Default)]
struct Runs {
    texts: Vec<String>,
    found: Option<Found>,
    printed: usize,
    has_let_go: bool,
    /// How alike pairs of texts are, where that is remembered too.
    pairs: Option<HashMap<(Id, Id), Likeness>>,
}

impl Texts for Runs {
    fn sketches(&mut self, of: &[usize]) -> Result<Vec<Option<Sketch>>, CorpusError> {
        assert!(!self.has_let_go);
        Ok(of.iter().map(|&at| Sketch::of(&self.texts[at], Profile::Web)).collect())
    }

    fn prints(&mut self, of: &[usize], take: Take<'_>) -> Result<(), CorpusError> {
        assert!(self.has_let_go, "no sketches lie in memory beside prints");
        self.printed += of.len();
        of.iter().enumerate().try_for_each(|(slot, &at)| take(slot, Prints::of(&self.texts[at], Profile::Web)))
    }

    fn let_go(&mut self) {
        self.has_let_go = true;
    }

    fn remembers(&self) -> bool {
        self.pairs.is_some()
    }

    fn known(&mut self, pairs: &[(usize, usize)]) -> Result<Vec<Option<Likeness>>, CorpusError> {
        let known = |&pair| self.pairs.as_ref()?.get(&self.ids(pair)).copied();
        Ok(pairs.iter().map(known).collect())
    }

    fn learn(&mut self, new: Vec<((usize, usize), Likeness)>) -> Result<(), CorpusError> {
        let new: Vec<_> = new.into_iter().map(|(pair, likeness)| (self.ids(pair), likeness)).collect();
        self.pairs.as_mut().unwrap().extend(new);
        Ok(())
    }

    fn finds(&self) -> bool {
        true
    }

    fn found(&mut self, _: Rules) -> Result<Option<Found>, CorpusError> {
        Ok(self.found.clone())
    }

    fn find(&mut self, _: Rules, found: &Found) -> Result<(), CorpusError> {
        self.found = Some(found.clone());
        Ok(())
    }
}

impl Runs {
    /// Of two texts, in an order of their own.
    fn ids(&self, (a, b): (usize, usize)) -> (Id, Id) {
        let [a, b] = [a, b].map(|at| Id::of(self.texts[at].as_bytes()));
        (a.min(b), a.max(b))
    }

    fn run(&mut self, documents: &[Document]) -> Vec<Verdict> {
        let candidate = |(at, (text, published)): (usize, &Document)| Candidate {
            text: Id::of(text.as_bytes()),
            content: near::content(text),
            address: None,
            is_canonical: true,
            published: published.map(|date| date.parse().unwrap()),
            source: 0,
            length: text.len() as u64,
            name: at.to_string().as_str().into(),
        };
        let mut all: Vec<(Candidate, &str)> =
            documents.iter().enumerate().map(|each| (candidate(each), each.1.0.as_str())).collect();
        all.sort_by(|a, b| a.0.rank().cmp(&b.0.rank()));
        let (candidates, texts): (Vec<Candidate>, Vec<&str>) = all.into_iter().unzip();
        self.texts = texts.into_iter().map(str::to_owned).collect();
        (self.printed, self.has_let_go) = (0, false);
        let rules = Rules { near: true, threshold: near::THRESHOLD, kin: None, threads: 1, profile: Profile::Web };
        verdicts(&candidates, rules, self).unwrap()
    }

    /// Runs, gives what a run from nothing gives, and how many prints it asked for.
    fn agree(&mut self, documents: &[Document]) -> usize {
        let mut fresh = Self::default();
        let expected = fresh.run(documents);
        assert!(self.run(documents) == expected);
        assert!(self.found == fresh.found);
        let near = |verdict: &Verdict| verdict.twin.is_some_and(|twin| twin.level == Level::NearDuplicate);
        assert!(expected.iter().filter(|verdict| near(verdict)).count() > 70);
        self.printed
    }
}

fn text(seed: usize, copy: usize) -> String {
    let words = (0..60).map(|at| format!("w{} ", near::fixed_hash(format!("{seed} {at}").as_bytes()) % 5000));
    format!("{} c{copy}", words.collect::<String>())
}

/// Forty of which there are three, and eighty others.
fn documents() -> Vec<Document> {
    let families = (0..120).map(|at| text(at / 3, at % 3));
    families.chain((120..200).map(|at| text(at, 0))).map(|text| (text, None)).collect()
}

#[test]
fn those_alone_are_compared_that_hang_together_with_what_changed() {
    let (mut runs, mut all) = (Runs::default(), documents());
    assert_eq!(runs.agree(&all), 120, "all that are in a pair");
    assert_eq!(runs.agree(&all), 0, "nothing has changed");
    all.push((text(0, 3), None));
    assert!((2..=4).contains(&runs.agree(&all)), "one came to three");
    all.push((text(500, 0), None));
    assert_eq!(runs.agree(&all), 0, "one came to none");
    all.remove(4);
    assert!((1..=2).contains(&runs.agree(&all)), "one of three went");
}

/// Once one of them has linked it, the others say nothing more: it is compared with the one that is kept for it.
#[test]
fn one_that_comes_to_many_is_not_compared_with_each_of_them() {
    let mut runs = Runs { pairs: Some(HashMap::new()), ..Runs::default() };
    let family = (0..30).map(|copy| (text(300, copy), None));
    let mut all: Vec<Document> = documents().into_iter().chain(family).collect();
    runs.agree(&all);
    for copy in 30..34 {
        all.push((text(300, copy), None));
        let printed = runs.agree(&all);
        assert!((2..=3).contains(&printed), "{printed}");
    }
}

/// A date is what documents are ranked by first.
#[test]
fn what_changes_its_rank_has_no_others_compared() {
    let (mut runs, mut all) = (Runs::default(), documents());
    runs.agree(&all);
    for (at, date) in [(10, "2024-06-01T00:00:00Z"), (70, "2023-06-01T00:00:00Z"), (10, "2022-06-01T00:00:00Z")] {
        // Found once more, with its date.
        all.push((all[at].0.clone(), Some(date)));
        assert!((1..=3).contains(&runs.agree(&all)), "{date}");
    }
    all.truncate(200);
    assert!((1..=6).contains(&runs.agree(&all)), "two are as before");
}

#[test]
fn where_much_changed_all_is_compared_anew() {
    let (mut runs, mut all) = (Runs::default(), documents());
    runs.agree(&all);
    all.extend((600..680).map(|at| (text(at, 0), None)));
    assert_eq!(runs.agree(&all), 120);
}

#[test]
fn of_those_in_another_order_as_few_as_can_be_count_as_new() {
    let told = |then: &[u128], now: &[u128]| {
        let moved = moved(then, now);
        (moved.to, moved.new)
    };
    assert_eq!(told(&[1, 2, 3], &[1, 2, 3]), (vec![Some(0), Some(1), Some(2)], vec![]));
    assert_eq!(told(&[1, 2, 3], &[3, 1, 4, 2]), (vec![Some(1), Some(3), None], vec![0, 2]));
    assert_eq!(told(&[], &[3, 1]), (vec![], vec![0, 1]));
    assert_eq!(told(&[1, 2, 3], &[]), (vec![None; 3], vec![]));
    assert_eq!(told(&[5, 1, 2, 3, 4], &[1, 2, 3, 4, 5]).1, [4]);
    let numbers = |numbers: &[u32]| (0..).zip(numbers.iter().copied()).collect::<Vec<(u32, u32)>>();
    assert_eq!(rising(&numbers(&[9, 2, 3, 8, 4, 5, 1])), [(1, 2), (2, 3), (4, 4), (5, 5)]);
}
