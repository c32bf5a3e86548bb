//! robots.txt as RFC 9309 and Google's open matcher read it.
//!
//! In: the bytes of a robots.txt. Out: [`Robots`], which answers for an agent and a path with a [`Verdict`]
//! that names the line.
//! Always: pure, linear in its input, any bytes are survived, and where the two sources differ Google's
//! published matcher decides, since it is what site owners test with. Who fetches is stricter ([`Robots::permits`]).
//! Not here: fetching robots.txt (`fetch`).

mod lines;
mod pattern;
mod report;

use std::collections::HashMap;

pub use pattern::path_of;
pub use report::report;

use lines::{Kind, lines};
use pattern::{Path, Pattern, plain};

/// Most of a file that is read; RFC 9309 asks for at least this.
pub const BYTES_MAX: usize = 500 << 10;

/// One robots.txt.
#[derive(Clone, Debug, Default)]
pub struct Robots {
    groups: Vec<Group>,
    sitemaps: Vec<String>,
    /// Signals that stand before the first group and so hold for every agent.
    signals: Vec<Signal>,
}

/// Consecutive `User-agent` lines and the rules that follow them.
#[derive(Clone, Debug, Default)]
struct Group {
    /// Whether `*` is among the agents.
    everyone: bool,
    agents: Vec<Vec<u8>>,
    rules: Vec<Rule>,
    crawl_delay: Option<f64>,
    signals: Vec<Signal>,
}

#[derive(Clone, Debug)]
struct Rule {
    allow: bool,
    paths: Paths,
    /// The same with percent-encodings undone, where that is something else.
    plain: Option<Box<Paths>>,
    line: usize,
    /// As written, without comment.
    text: String,
}

#[derive(Clone, Debug)]
struct Paths {
    pattern: Pattern,
    /// `Allow: /x/index.html` allows `/x/` too.
    folder: Option<Pattern>,
}

/// A `Content-Signal` or `Content-Usage` line, not interpreted.
#[derive(Clone, Debug)]
pub struct Signal {
    pub line: usize,
    /// `content-signal` or `content-usage`.
    pub name: String,
    pub value: String,
    /// The paths it speaks of, where its value begins with a pattern (IETF draft-ietf-aipref-attach).
    paths: Option<Pattern>,
}

impl Signal {
    fn new(line: usize, name: &str, value: &[u8]) -> Self {
        let first = value.split(u8::is_ascii_whitespace).next().unwrap_or_default();
        let paths = first.starts_with(b"/").then(|| Pattern::new(first));
        Self { line, name: name.to_owned(), value: text(value), paths }
    }

    /// How specific it is for a path; none where it does not speak of it.
    fn weight(&self, path: Path<'_>) -> Option<usize> {
        self.paths.as_ref().map_or(Some(0), |paths| paths.matches(path).then(|| paths.len()))
    }
}

/// May an agent fetch a path, and which line says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict<'a> {
    pub allowed: bool,
    /// The line that decided, from 1; none where no rule matched.
    pub line: Option<usize>,
    /// That line as written, without comment; empty where no rule matched.
    pub rule: &'a str,
    /// It forbids only once percent-encodings are undone ([`Robots::permits`]).
    pub undone: bool,
}

impl Robots {
    /// Reads the first [`BYTES_MAX`] bytes. Lines that mean nothing are passed over.
    pub fn parse(bytes: &[u8]) -> Self {
        let mut robots = Self::default();
        // A group takes agents until its first rule; the next agent line then opens another.
        let mut open = false;
        for line in lines(whole_lines(bytes)) {
            robots.read(&line, &mut open);
        }
        robots
    }

    fn read(&mut self, line: &lines::Line<'_>, open: &mut bool) {
        let group = self.groups.last_mut();
        match line.kind {
            Kind::Agent => {
                if !std::mem::replace(open, true) {
                    self.groups.push(Group::default());
                }
                self.groups.last_mut().expect("a group was just opened").add_agent(line.value);
            }
            Kind::Allow | Kind::Disallow => {
                if let Some(group) = group {
                    group.rules.push(Rule::new(line));
                    *open = false;
                }
            }
            Kind::Sitemap => self.sitemaps.push(text(line.value)),
            Kind::CrawlDelay => {
                if let Some(group) = group {
                    group.add_crawl_delay(line.value);
                }
            }
            Kind::Signal(name) => {
                let signal = Signal::new(line.number, name, line.value);
                group.map_or(&mut self.signals, |group| &mut group.signals).push(signal);
            }
        }
    }

    /// May `agent` fetch `path`, which is path and query as sent?
    pub fn verdict(&self, agent: &str, path: &str) -> Verdict<'_> {
        self.decided(agent, Path::new(path), |rule| &rule.paths)
    }

    /// The same for who fetches: Google's matcher takes `/%7Ejoe/` and `/~joe/` for two paths, RFC 9309 (section 2.2.2) for
    /// one. It is allowed only where both readings allow it; the verdict is that of the one that forbids.
    pub fn permits(&self, agent: &str, path: &str) -> Verdict<'_> {
        if path == "/robots.txt" {
            // Allowed by what it is (section 2.2.2).
            return Verdict { allowed: true, line: None, rule: "", undone: false };
        }
        let as_written = self.verdict(agent, path);
        if !as_written.allowed {
            return as_written;
        }
        let path = plain(path.as_bytes(), false);
        let undone = self.decided(agent, Path::of(&path), |rule| rule.plain.as_deref().unwrap_or(&rule.paths));
        if undone.allowed { as_written } else { Verdict { undone: true, ..undone } }
    }

    fn decided(&self, agent: &str, path: Path<'_>, paths: impl Fn(&Rule) -> &Paths) -> Verdict<'_> {
        let named = self.names(agent);
        let (mut allow, mut disallow) = (Best::default(), Best::default());
        for rule in self.groups_of(agent, named).flat_map(|group| &group.rules) {
            let best = if rule.allow { &mut allow } else { &mut disallow };
            best.weigh(rule, paths(rule), path);
        }
        let decided = if disallow.weight > allow.weight { &disallow } else { &allow };
        Verdict {
            allowed: disallow.weight <= allow.weight,
            line: decided.rule.map(|rule| rule.line),
            rule: decided.rule.map_or("", |rule| rule.text.as_str()),
            undone: false,
        }
    }

    /// Seconds an agent is asked to leave between two requests: the most its groups ask for.
    pub fn crawl_delay(&self, agent: &str) -> Option<f64> {
        self.groups_of(agent, self.names(agent)).filter_map(|group| group.crawl_delay).reduce(f64::max)
    }

    /// Addresses of sitemaps, as written.
    pub fn sitemaps(&self) -> &[String] {
        &self.sitemaps
    }

    /// The signals that hold for an agent and a path, which is path and query as sent: of each name those of the longest
    /// pattern that matches, as for rules.
    pub fn signals(&self, agent: &str, path: &str) -> Vec<&Signal> {
        let path = Path::new(path);
        let groups = self.groups_of(agent, self.names(agent)).flat_map(|group| &group.signals);
        let weighed = self.signals.iter().chain(groups).filter_map(|signal| Some((signal.weight(path)?, signal)));
        let weighed: Vec<(usize, &Signal)> = weighed.collect();
        let mut most: HashMap<&str, usize> = HashMap::new();
        for (weight, signal) in &weighed {
            let most = most.entry(&signal.name).or_default();
            *most = (*most).max(*weight);
        }
        weighed.into_iter().filter(|(weight, signal)| *weight == most[signal.name.as_str()]).map(|(_, s)| s).collect()
    }

    fn names(&self, agent: &str) -> bool {
        self.groups.iter().any(|group| group.names(agent))
    }

    /// The groups that name the agent, or those for everyone where none does.
    fn groups_of<'a, 'b>(&'a self, agent: &'b str, named: bool) -> impl Iterator<Item = &'a Group> + use<'a, 'b> {
        self.groups.iter().filter(move |group| if named { group.names(agent) } else { group.everyone })
    }
}

impl Group {
    /// A name ends at the first byte that no name has, so `Bot/2.1` is `Bot`. A `*` with more behind a space
    /// still means everyone.
    fn add_agent(&mut self, value: &[u8]) {
        match value {
            [b'*'] => self.everyone = true,
            [b'*', next, ..] if next.is_ascii_whitespace() || *next == 0x0b => self.everyone = true,
            _ => {
                let is_name = |byte: &u8| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-');
                let end = value.iter().position(|byte| !is_name(byte)).unwrap_or(value.len());
                self.agents.push(value[..end].to_vec());
            }
        }
    }

    fn names(&self, agent: &str) -> bool {
        self.agents.iter().any(|name| name.eq_ignore_ascii_case(agent.as_bytes()))
    }

    fn add_crawl_delay(&mut self, value: &[u8]) {
        let value = text(value);
        let seconds = value.parse::<f64>().ok().or_else(|| seconds(&value));
        let seconds = seconds.filter(|seconds| *seconds >= 0.0 && seconds.is_finite());
        self.crawl_delay = self.crawl_delay.into_iter().chain(seconds).reduce(f64::max);
    }
}

impl Rule {
    fn new(line: &lines::Line<'_>) -> Self {
        let allow = line.kind == Kind::Allow;
        let plain = plain(line.value, true);
        Self {
            allow,
            paths: Paths::new(line.value, allow),
            plain: (plain != line.value).then(|| Box::new(Paths::new(&plain, allow))),
            line: line.number,
            text: text(line.text),
        }
    }
}

impl Paths {
    fn new(value: &[u8], allow: bool) -> Self {
        let folder = if allow { Pattern::folder_of_index(value) } else { None };
        Self { pattern: Pattern::new(value), folder }
    }

    /// No match is more specific than that.
    fn len_max(&self) -> usize {
        self.pattern.len().max(self.folder.as_ref().map_or(0, Pattern::len))
    }

    /// How specific a match is: the length of the pattern; none where it does not match.
    fn weight(&self, path: Path<'_>) -> Option<usize> {
        let patterns = std::iter::once(&self.pattern).chain(&self.folder);
        patterns.filter(|pattern| pattern.matches(path)).map(Pattern::len).next()
    }
}

/// The most specific match so far. An empty pattern matches, but decides nothing.
#[derive(Default)]
struct Best<'a> {
    weight: usize,
    rule: Option<&'a Rule>,
}

impl<'a> Best<'a> {
    fn weigh(&mut self, rule: &'a Rule, paths: &Paths, path: Path<'_>) {
        // Only a longer pattern can win, and the lengths are cheaper to compare than the paths.
        if paths.len_max() <= self.weight {
            return;
        }
        if let Some(weight) = paths.weight(path).filter(|weight| *weight > self.weight) {
            *self = Self { weight, rule: Some(rule) };
        }
    }
}

/// Seconds as people write them: `10s`, `30 seconds`, `0,5`, `1;`. Of any other unit nothing is made.
pub(super) fn seconds(value: &str) -> Option<f64> {
    let is_digit = |c: char| c.is_ascii_digit();
    let number = value.trim_start_matches(is_digit);
    let rest = number.strip_prefix(['.', ',']).map_or(number, |rest| rest.trim_start_matches(is_digit));
    let unit = rest.trim_matches(|c: char| c.is_ascii_whitespace() || matches!(c, '.' | ',' | ';'));
    let is_seconds = ["", "s", "sec", "secs", "second", "seconds"].iter().any(|name| unit.eq_ignore_ascii_case(name));
    let number = &value[..value.len() - rest.len()];
    number.replace(',', ".").parse().ok().filter(|_| is_seconds)
}

/// What is read of a file: where it is cut, a rule that lost its end could say anything, so it goes too.
fn whole_lines(bytes: &[u8]) -> &[u8] {
    if bytes.len() <= BYTES_MAX {
        return bytes;
    }
    let end = memchr::memrchr2(b'\n', b'\r', &bytes[..BYTES_MAX]).map_or(0, |end| end + 1);
    &bytes[..end]
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
