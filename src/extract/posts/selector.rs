//! CSS selectors over the tree: the part of the language that rules about pages use.
//!
//! `tag`, `*`, `#id`, `.class`, `[a]`, `[a=v]`, `[a^=v]`, `[a$=v]`, `[a*=v]`, `[a~=v]`, `:has(…)`, `:has(+ …)`, `:not(…)`, `:first-child`,
//! `:last-child`, `:first-of-type`, `:last-of-type`, `:nth-child(n)`, `:nth-last-of-type(n)` and kin, descendants, `>` and lists.

use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};

/// Longest selector.
const BYTES_MAX: usize = 1000;
/// How many levels up an ancestor is looked for, how many siblings are counted, how many nodes `:has` looks at.
const LEVELS_MAX: usize = 256;
const SIBLINGS_MAX: usize = 5000;
const HAS_NODES_MAX: NodeId = 5000;

/// Selectors parted by commas, and how they are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector(Vec<Complex>, String);

/// Compounds from right to left, each with how it hangs on the one to its left.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Complex {
    compounds: Vec<(Compound, Hang)>,
    /// Begins with `>`: a child of the node that is searched.
    child_of_scope: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hang {
    Descendant,
    Child,
}

type Compound = Vec<Simple>;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Simple {
    Any,
    Tag(Tag),
    /// An element of a name that is no known tag's.
    Named(String),
    Id(String),
    Class(String),
    Attribute(Name, Test, String),
    Has(Selector),
    /// The element right after it.
    Before(Selector),
    Not(Selector),
    /// From the front or the back, among all or those of the same name.
    Nth {
        from_end: bool,
        of_type: bool,
        place: usize,
    },
}

impl Simple {
    fn name(&self) -> Option<&str> {
        match self {
            Self::Class(name) | Self::Id(name) | Self::Named(name) => Some(name),
            Self::Attribute(Name { text, .. }, ..) => Some(text),
            _ => None,
        }
    }
}

/// An attribute's name, and its key where it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Name {
    text: String,
    key: Key,
}

impl Name {
    fn of<'t>(&self, tree: &'t Tree<'_>, id: NodeId) -> Option<&'t str> {
        match self.key {
            Key::Other => tree.rare_attribute(id, &self.text),
            key => tree.attribute(id, key),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Test {
    Present,
    Equals,
    Begins,
    Ends,
    Contains,
    Word,
}

impl Selector {
    /// Reads a selector.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.len() > BYTES_MAX {
            return Err(format!("a selector of more than {BYTES_MAX} bytes"));
        }
        let mut reader = Reader { text, at: 0 };
        let list = reader.list(0)?;
        match reader.rest() {
            "" => Ok(Self(list.0, text.to_owned())),
            rest => Err(format!("`{rest}` cannot be read as part of a selector")),
        }
    }

    /// Picks what either of two does.
    pub fn or(&self, other: &Self) -> Self {
        Self([self.0.as_slice(), &other.0].concat(), format!("{}, {}", self.1, other.1))
    }

    /// The selector as written.
    pub fn text(&self) -> &str {
        &self.1
    }

    /// Whether the selector picks the node.
    pub fn matches(&self, tree: &Tree<'_>, id: NodeId) -> bool {
        self.0.iter().any(|complex| !complex.child_of_scope && complex.matches(tree, id, None))
    }

    /// The nodes below (not at) `scope` that the selector picks, in document order; what it says of nodes above them is
    /// said of `scope` and what is in it.
    pub fn all<'a>(&'a self, tree: &'a Tree<'_>, scope: NodeId) -> impl Iterator<Item = NodeId> + 'a {
        self.within(tree, scope, tree.end(scope))
    }

    fn within<'a>(&'a self, tree: &'a Tree<'_>, scope: NodeId, end: NodeId) -> impl Iterator<Item = NodeId> + 'a {
        let tag = self.only_tag();
        let of_tag = tag.map(|tag| tree.elements(scope, tag).filter(move |id| (scope + 1..end).contains(id)));
        let elements = || (scope + 1..end).filter(|&id| tree.kind(id) == NodeKind::Element);
        let others = if tag.is_none() { Some(elements()) } else { None };
        let some = of_tag.into_iter().flatten().chain(others.into_iter().flatten());
        some.filter(move |&id| self.0.iter().any(|complex| complex.matches(tree, id, Some(scope))))
    }

    /// The tag of all that it picks, where it says one.
    fn only_tag(&self) -> Option<Tag> {
        match self.0.as_slice() {
            [complex] => complex.tag(),
            _ => None,
        }
    }

    /// Whether the selector picks anything on the page, whose bearers of each class, id and attribute, and elements of unknown names, are known.
    pub fn hits<'b>(&self, tree: &Tree<'_>, bearers: impl Fn(&str) -> &'b [NodeId]) -> bool {
        self.0.iter().any(|complex| {
            let may_hit = complex.names().all(|name| !bearers(name).is_empty());
            may_hit
                && match complex.own_names().map(&bearers).min_by_key(|some| some.len()) {
                    Some(some) => some.iter().any(|&id| complex.matches(tree, id, Some(0))),
                    None => (1..tree.len()).any(|id| complex.matches(tree, id, Some(0))),
                }
        })
    }

    /// The classes, ids, attributes and unknown elements it speaks of.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flat_map(Complex::names)
    }
}

impl Complex {
    /// The tag that it asks of the element itself that it picks.
    fn tag(&self) -> Option<Tag> {
        let own = &self.compounds.first()?.0;
        own.iter().find_map(|simple| if let Simple::Tag(tag) = simple { Some(*tag) } else { None })
    }

    /// Classes, ids and attributes of the element itself that it picks, and its own name where that is of no known tag.
    fn own_names(&self) -> impl Iterator<Item = &str> {
        self.compounds.first().into_iter().flat_map(|(own, _)| own).filter_map(Simple::name)
    }

    /// The names without each of which it picks nothing.
    fn names(&self) -> impl Iterator<Item = &str> {
        let simples = self.compounds.iter().flat_map(|(compound, _)| compound);
        simples.filter_map(Simple::name)
    }

    fn matches(&self, tree: &Tree<'_>, id: NodeId, scope: Option<NodeId>) -> bool {
        let ((first, hang), rest) = self.compounds.split_first().expect("a selector has a compound");
        compound_matches(tree, first, id) && self.up(tree, id, *hang, rest, scope)
    }

    /// Whether the compounds further left stand above the node. Greedy for `>` chains, any ancestor else.
    fn up(&self, tree: &Tree<'_>, id: NodeId, hang: Hang, rest: &[(Compound, Hang)], scope: Option<NodeId>) -> bool {
        let Some(((compound, next), rest)) = rest.split_first() else {
            return !self.child_of_scope || tree.parent(id) == scope;
        };
        let levels = if hang == Hang::Child { 1 } else { LEVELS_MAX };
        // What stands around the node that is searched is no part of it.
        let inside = |above: &NodeId| scope.is_none_or(|scope| *above >= scope);
        let mut above = tree.ancestors(id).take(levels).take_while(inside);
        let mut above = above.by_ref().filter(|&above| compound_matches(tree, compound, above));
        match next {
            // What hangs on an ancestor further up hangs on the nearest too, so the first one decides.
            Hang::Descendant => above.next().is_some_and(|above| self.up(tree, above, *next, rest, scope)),
            Hang::Child => above.any(|above| self.up(tree, above, *next, rest, scope)),
        }
    }
}

fn compound_matches(tree: &Tree<'_>, compound: &Compound, id: NodeId) -> bool {
    tree.kind(id) == NodeKind::Element && compound.iter().all(|simple| simple_matches(tree, simple, id))
}

fn simple_matches(tree: &Tree<'_>, simple: &Simple, id: NodeId) -> bool {
    match simple {
        Simple::Any => true,
        Simple::Tag(tag) => tree.tag(id) == *tag,
        Simple::Named(name) => tree.name(id).eq_ignore_ascii_case(name),
        Simple::Id(name) => tree.attribute(id, Key::Id) == Some(name),
        Simple::Class(name) => tree.attribute(id, Key::Class).is_some_and(|class| has_word(class, name)),
        Simple::Attribute(name, test, want) => name.of(tree, id).is_some_and(|value| test.holds(value, want)),
        Simple::Has(selector) => {
            let end = tree.end(id).min(id.saturating_add(HAS_NODES_MAX));
            selector.within(tree, id, end).next().is_some()
        }
        Simple::Before(selector) => {
            let siblings = tree.parent(id).into_iter().flat_map(|parent| tree.children(parent)).take(SIBLINGS_MAX);
            let mut after = siblings.skip_while(|&at| at <= id).filter(|&at| tree.kind(at) == NodeKind::Element);
            after.next().is_some_and(|next| selector.matches(tree, next))
        }
        Simple::Not(selector) => !selector.matches(tree, id),
        Simple::Nth { from_end, of_type, place } => nth(tree, id, *from_end, *of_type) == Some(*place),
    }
}

fn tag(name: String) -> Simple {
    match Tag::of(&name) {
        Tag::Other => Simple::Named(name),
        tag => Simple::Tag(tag),
    }
}

impl Test {
    fn holds(self, value: &str, want: &str) -> bool {
        match self {
            Self::Present => true,
            Self::Equals => value == want,
            Self::Begins => !want.is_empty() && value.starts_with(want),
            Self::Ends => !want.is_empty() && value.ends_with(want),
            Self::Contains => !want.is_empty() && value.contains(want),
            Self::Word => has_word(value, want),
        }
    }
}

/// Whether one of the words, parted by white space, is that one.
fn has_word(words: &str, want: &str) -> bool {
    let Some(&first) = want.as_bytes().first() else { return false };
    let words = words.as_bytes();
    let ends = |at: Option<&u8>| at.is_none_or(u8::is_ascii_whitespace);
    let is_word = |at: usize| {
        words[at..].starts_with(want.as_bytes())
            && ends(words.get(at + want.len()))
            && ends(at.checked_sub(1).map(|before| &words[before]))
    };
    words.len() >= want.len() && memchr::memchr_iter(first, words).any(is_word)
}

/// The node's place among its siblings, from 1.
fn nth(tree: &Tree<'_>, id: NodeId, from_end: bool, of_type: bool) -> Option<usize> {
    let parent = tree.parent(id)?;
    let same = |at: &NodeId| tree.kind(*at) == NodeKind::Element && (!of_type || tree.name(*at) == tree.name(id));
    let siblings = tree.children(parent).take(SIBLINGS_MAX).filter(same);
    Some(if from_end { siblings.filter(|at| *at >= id).count() } else { siblings.take_while(|at| *at <= id).count() })
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self, c: char) -> bool {
        let taken = self.peek() == Some(c);
        if taken {
            self.at += c.len_utf8();
        }
        taken
    }

    fn spaces(&mut self) -> bool {
        let before = self.at;
        self.at += self.rest().len() - self.rest().trim_start().len();
        self.at > before
    }

    fn list(&mut self, depth: usize) -> Result<Selector, String> {
        let mut list = vec![self.complex(depth)?];
        while self.take(',') {
            list.push(self.complex(depth)?);
        }
        Ok(Selector(list, String::new()))
    }

    fn complex(&mut self, depth: usize) -> Result<Complex, String> {
        self.spaces();
        let child_of_scope = self.take('>');
        self.spaces();
        let mut parts = vec![(self.compound(depth)?, Hang::Descendant)];
        loop {
            let spaced = self.spaces();
            if self.take('>') {
                self.spaces();
                parts.push((self.compound(depth)?, Hang::Child));
            } else if spaced && !matches!(self.peek(), None | Some(',' | ')')) {
                parts.push((self.compound(depth)?, Hang::Descendant));
            } else {
                break;
            }
        }
        parts.reverse();
        Ok(Complex { compounds: parts, child_of_scope })
    }

    fn compound(&mut self, depth: usize) -> Result<Compound, String> {
        let mut simples = Vec::new();
        loop {
            let simple = match self.peek() {
                Some('*') => {
                    self.at += 1;
                    Simple::Any
                }
                Some('#') => {
                    self.at += 1;
                    Simple::Id(self.name()?)
                }
                Some('.') => {
                    self.at += 1;
                    Simple::Class(self.name()?)
                }
                Some('[') => self.attribute()?,
                Some(':') => self.pseudo(depth)?,
                Some(c) if is_name(c) && simples.is_empty() => tag(self.name()?.to_ascii_lowercase()),
                _ => break,
            };
            simples.push(simple);
        }
        if simples.is_empty() {
            Err(format!("a tag, class or id is missing before `{}`", self.rest()))
        } else {
            Ok(simples)
        }
    }

    fn name(&mut self) -> Result<String, String> {
        let length = self.rest().find(|c: char| !is_name(c)).unwrap_or(self.rest().len());
        if length == 0 {
            return Err(format!("a name is missing before `{}`", self.rest()));
        }
        let name = self.rest()[..length].to_owned();
        self.at += length;
        Ok(name)
    }

    fn attribute(&mut self) -> Result<Simple, String> {
        self.at += 1;
        let text = self.name()?.to_ascii_lowercase();
        let name = Name { key: Key::of(&text), text };
        let tests =
            [("=", Test::Equals), ("^=", Test::Begins), ("$=", Test::Ends), ("*=", Test::Contains), ("~=", Test::Word)];
        let test = tests.iter().find(|(mark, _)| self.rest().starts_with(mark));
        let Some((mark, test)) = test else {
            return self.closed(Simple::Attribute(name, Test::Present, String::new()));
        };
        self.at += mark.len();
        let value = match self.peek() {
            Some(quote @ ('"' | '\'')) => {
                self.at += 1;
                let end = self.rest().find(quote).ok_or_else(|| format!("`{quote}` is not closed"))?;
                let value = self.rest()[..end].to_owned();
                self.at += end + 1;
                value
            }
            _ => {
                let end = self.rest().find(']').ok_or("`[` is not closed")?;
                let value = self.rest()[..end].trim().to_owned();
                self.at += end;
                value
            }
        };
        self.closed(Simple::Attribute(name, *test, value))
    }

    fn closed(&mut self, simple: Simple) -> Result<Simple, String> {
        if self.take(']') { Ok(simple) } else { Err("`[` is not closed".to_owned()) }
    }

    fn pseudo(&mut self, depth: usize) -> Result<Simple, String> {
        self.at += 1;
        let name = self.name()?;
        let nth = |from_end, of_type, place| Ok(Simple::Nth { from_end, of_type, place });
        match name.as_str() {
            "first-child" => nth(false, false, 1),
            "last-child" => nth(true, false, 1),
            "first-of-type" => nth(false, true, 1),
            "last-of-type" => nth(true, true, 1),
            "nth-child" => nth(false, false, self.number()?),
            "nth-last-child" => nth(true, false, self.number()?),
            "nth-of-type" => nth(false, true, self.number()?),
            "nth-last-of-type" => nth(true, true, self.number()?),
            "has" | "not" if depth == 0 && self.take('(') => {
                self.spaces();
                let is_next = name == "has" && self.take('+');
                let inner = self.list(depth + 1)?;
                self.spaces();
                match self.take(')') {
                    false => Err(format!("`:{name}(` is not closed")),
                    true if is_next => Ok(Simple::Before(inner)),
                    true if name == "has" => Ok(Simple::Has(inner)),
                    true => Ok(Simple::Not(inner)),
                }
            }
            _ => Err(format!("`:{name}` is not known")),
        }
    }

    fn number(&mut self) -> Result<usize, String> {
        let inner = self
            .rest()
            .strip_prefix('(')
            .and_then(|rest| rest.split_once(')'))
            .ok_or("a number in brackets is missing")?
            .0;
        let number = inner.trim().parse().map_err(|_| format!("`{inner}` is no number"))?;
        self.at += inner.len() + 2;
        Ok(number)
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '-' || c == '_'
}
