//! How a page writes its dates: one order for all of them.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use super::scan::{Numeric, Scan};
use super::words::Tongue;
use super::{Date, TEXT_BYTES_MAX};
use crate::extract::html::{Key, NodeKind, Tag, Tree};

/// Longest text, white space aside, that says when something was, and how many of a page are read.
const LINE_BYTES_MAX: usize = 100;
const SPACED_BYTES_MAX: usize = 600;
const LINES_MAX: usize = 2000;
/// Dates that speak for an order are so many times those that speak for the other: people write theirs among a board's.
const VOTES_OF_OTHER: usize = 4;
/// Fewest moments, all different, of which it can be said that they rise.
const RISING_MIN: usize = 3;

/// How a page writes 3/4/2024.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    Unknown,
    DayFirst,
    MonthFirst,
    /// Two digits that stand first are the year, as in 24/3/14; what 3/4/2024 is stays unknown.
    YearFirst,
}

impl Order {
    /// The custom of a language tag: `en-US` puts the month first, all other languages of Europe the day; plain `en`
    /// does not tell. East Asia and Hungary put the year first.
    pub fn of_language(tag: &str) -> Self {
        let tag = tag.to_ascii_lowercase().replace('_', "-");
        match tag.split('-').next().unwrap_or_default() {
            "en" if ["en-us", "en-ph"].contains(&tag.as_str()) => Self::MonthFirst,
            "en" if tag.len() == 5 && tag != "en-ca" && tag != "en-za" => Self::DayFirst,
            "zh" | "ja" | "ko" | "hu" => Self::YearFirst,
            "en" | "" | "mul" | "und" => Self::Unknown,
            _ => Self::DayFirst,
        }
    }
}

/// The order of numbers, and the language of words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Custom {
    pub order: Order,
    pub tongue: Option<Tongue>,
}

impl From<Order> for Custom {
    fn from(order: Order) -> Self {
        Self { order, tongue: None }
    }
}

impl Custom {
    pub fn of_language(tag: &str) -> Self {
        Self { order: Order::of_language(tag), tongue: Tongue::of_tag(tag) }
    }

    /// The custom of a text without markup: by those of its dates that can be read in one way only, else by its language.
    pub fn of_lines<'l>(lines: impl Iterator<Item = &'l str>, language: Option<&str>) -> Self {
        let by_language = language.map(Self::of_language).unwrap_or_default();
        let mut votes = Votes::default();
        let short = lines.filter(|line| line.len() <= LINE_BYTES_MAX && line.bytes().any(|byte| byte.is_ascii_digit()));
        short.take(LINES_MAX).for_each(|line| votes.count(line, by_language));
        Self { order: votes.order().unwrap_or(by_language.order), ..by_language }
    }
}

/// What a page says of how it writes dates: read once, asked by all that read its dates.
#[derive(Clone, Debug)]
pub struct Customs<'t, 's> {
    tree: &'t Tree<'s>,
    by_language: Custom,
    votes: Votes,
}

impl<'t, 's> Customs<'t, 's> {
    pub fn of_page(tree: &'t Tree<'s>, language: Option<&str>) -> Self {
        let by_language = language.map(Custom::of_language).unwrap_or_default();
        let mut votes = Votes::default();
        lines(tree).take(LINES_MAX).for_each(|line| votes.count(line, by_language));
        Self { tree, by_language, votes }
    }

    /// The custom of all the page's dates: by those that can be read in one way only, by the dates it gives to machines;
    /// else by the language.
    pub fn custom(&self) -> Custom {
        self.with_posts(&[])
    }

    /// The same, where these are the times of its posts in their order, which rise.
    pub fn with_posts(&self, posts: &[String]) -> Custom {
        let (by_language, mut votes) = (self.by_language, Cow::Borrowed(&self.votes));
        if !posts.is_empty() {
            posts.iter().take(LINES_MAX).for_each(|line| votes.to_mut().count(line, by_language));
        }
        if votes.open.is_empty() && votes.all() == 0 {
            return by_language;
        }
        let order = votes.order().or_else(|| votes.told_by_machines(self.tree)).or_else(|| risen(posts, by_language));
        Custom { order: order.unwrap_or(by_language.order), ..by_language }
    }
}

/// What the dates of a page say of their order.
#[derive(Clone, Debug, Default)]
struct Votes {
    day_first: usize,
    month_first: usize,
    /// Those that can be read in two ways: as day first, and as month first.
    open: BTreeMap<String, (Date, Date)>,
}

impl Votes {
    fn count(&mut self, line: &str, custom: Custom) {
        for (told, found) in numerics(line, custom) {
            match (told, found.readings()) {
                (Some(Order::DayFirst), _) | (None, (Some(_), None)) => self.day_first += 1,
                (Some(Order::MonthFirst), _) | (None, (None, Some(_))) => self.month_first += 1,
                (_, (Some(day_first), Some(month_first))) if day_first != month_first => {
                    self.open.insert(day_first.to_string(), (day_first, month_first));
                }
                _ => {}
            }
        }
    }

    fn all(&self) -> usize {
        self.day_first + self.month_first
    }

    fn order(&self) -> Option<Order> {
        let outweighs = |one: usize, other: usize| one > 0 && one >= VOTES_OF_OTHER * other;
        match (outweighs(self.day_first, self.month_first), outweighs(self.month_first, self.day_first)) {
            (true, false) => Some(Order::DayFirst),
            (false, true) => Some(Order::MonthFirst),
            _ => None,
        }
    }

    /// Of two readings one may be a day that the page tells machines.
    fn told_by_machines(&self, tree: &Tree<'_>) -> Option<Order> {
        let known = if self.open.is_empty() { HashSet::new() } else { machine_days(tree) };
        let said = |date: &Date| usize::from(known.contains(&date.to_string()));
        let told = self.open.values().map(|(day_first, month_first)| (said(day_first), said(month_first)));
        let (day_first, month_first) = told.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        match (day_first, month_first) {
            (1.., 0) => Some(Order::DayFirst),
            (0, 1..) => Some(Order::MonthFirst),
            _ => None,
        }
    }
}

/// The dates of a line that are numbers with the year last, each with the order that its weekday tells.
fn numerics(line: &str, custom: Custom) -> Vec<(Option<Order>, Numeric)> {
    let may = line.bytes().filter(|byte| matches!(byte, b'/' | b'-' | b'.')).count() >= 2;
    if !may || !line.bytes().any(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let scan = Scan::new(super::super::entities::floor(line, TEXT_BYTES_MAX), custom);
    let found = (0..scan.tokens.len()).filter_map(|at| Some((at, scan.year_last(at)?)));
    // With full stops the day is always the first.
    let found = found.filter(|(_, found)| found.mark != '.');
    let told = found.map(|(at, found)| (at, scan.told_by_weekday(at, &found), found));
    // Three short numbers alone may be a size or a score.
    let is_date = |at: usize, told: Option<Order>, found: &Numeric| {
        // With its year first it is of another kind.
        if !found.is_long && scan.short_year_first(at).is_some() {
            return false;
        }
        let clock = || scan.with_time(Date::default(), at, found.next).0.time.is_some();
        found.is_long || told.is_some() || clock()
    };
    told.filter(|(at, told, found)| is_date(*at, *told, found)).map(|(_, told, found)| (told, found)).collect()
}

/// The order in which the moments rise, where in the other they do not.
fn risen(posts: &[String], custom: Custom) -> Option<Order> {
    let moments = |order: Order| -> Vec<Date> {
        let read = |text: &String| super::find(text, Custom { order, ..custom }).filter(Date::is_day);
        posts.iter().filter_map(read).collect()
    };
    let (day_first, month_first) = (moments(Order::DayFirst), moments(Order::MonthFirst));
    let rises = |dates: &[Date]| {
        let keys: Vec<String> = dates.iter().map(|date| Date { time: None, ..*date }.to_string()).collect();
        let is_rising = keys.windows(2).all(|two| two[0] <= two[1]);
        if is_rising { keys.iter().collect::<HashSet<_>>().len() } else { 0 }
    };
    match (rises(&day_first), rises(&month_first)) {
        (RISING_MIN.., 0) => Some(Order::DayFirst),
        (0, RISING_MIN..) => Some(Order::MonthFirst),
        _ => None,
    }
}

/// The short texts of a page.
fn lines<'t>(tree: &'t Tree<'_>) -> impl Iterator<Item = &'t str> {
    let mut id = 0;
    std::iter::from_fn(move || {
        while id < tree.len() {
            let at = id;
            id += 1;
            match (tree.kind(at), tree.tag(at)) {
                (_, Tag::Script | Tag::Style | Tag::Select | Tag::Textarea) => id = tree.end(at),
                (NodeKind::Text, _) if is_line(tree.text(at)) => return Some(tree.text(at)),
                _ => {}
            }
        }
        None
    })
}

fn is_line(text: &str) -> bool {
    text.len() <= SPACED_BYTES_MAX && may_be_dated(text) && text.trim().len() <= LINE_BYTES_MAX
}

/// Whether a line has two marks of a date, and a digit. With full stops alone the day is always the first.
fn may_be_dated(line: &str) -> bool {
    let bytes = line.as_bytes();
    memchr::memchr2(b'/', b'-', bytes).is_some()
        && memchr::memchr3_iter(b'/', b'-', b'.', bytes).nth(1).is_some()
        && bytes.iter().any(u8::is_ascii_digit)
}

/// The days that a page gives to machines, as `2024-06-19`.
fn machine_days(tree: &Tree<'_>) -> HashSet<String> {
    let named = ["datetime", "content", "title", "data-date", "data-datetime"];
    let mut days = HashSet::new();
    for id in 0..tree.len() {
        if tree.kind(id) == NodeKind::Element && tree.has_attributes(id) {
            let values = named.iter().filter_map(|name| tree.attribute_named(id, name));
            values.for_each(|value| days.extend(iso_days(value)));
        }
        let linked = |id| tree.attribute(id, Key::Type).is_some_and(|kind| kind.contains("ld+json"));
        if tree.tag(id) == Tag::Script && linked(id) {
            days.extend(iso_days(&tree.text_content(id)));
        }
    }
    days
}

/// Each `2024-06-19` of a text.
fn iso_days(text: &str) -> impl Iterator<Item = String> + '_ {
    let is_day = |bytes: &[u8]| {
        bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
    };
    let days = text.as_bytes().windows("2024-06-19".len()).filter(move |bytes| is_day(bytes));
    days.map(|bytes| String::from_utf8_lossy(bytes).into_owned())
}
