//! Settles where white space stands and how each emphasis is written.

use super::inline::{Event, Kind, Place, Style};

/// Rounds in which emphases may turn into elements before all do.
const ROUNDS_MAX: usize = 4;

/// Squeezes white space, moves it out of marks, and drops marks around nothing.
pub fn spaces(events: Vec<Event>) -> Vec<Event> {
    let forward = hoist(without_empty(squeeze(events)), |event| matches!(event, Event::Open(..)), true);
    let mut backward: Vec<Event> = forward.into_iter().rev().collect();
    backward = hoist(backward, |event| matches!(event, Event::Close(..)), false);
    backward.reverse();
    squeeze(without_empty(backward))
}

/// One space for a run of white space, none at the ends or beside a break; controls dropped.
fn squeeze(events: Vec<Event>) -> Vec<Event> {
    let mut out: Vec<Event> = Vec::new();
    let mut spaced = true;
    for event in events {
        match event {
            Event::Text(text) => push_text(&mut out, &text, &mut spaced),
            Event::Code(code) => {
                let inner = super::super::text::line(&code);
                if code.starts_with(blank) || inner.is_empty() {
                    push_text(&mut out, " ", &mut spaced);
                }
                if !inner.is_empty() {
                    out.push(Event::Code(inner));
                    spaced = false;
                }
                if code.ends_with(blank) {
                    push_text(&mut out, " ", &mut spaced);
                }
            }
            Event::Break => {
                drop_last_space(&mut out);
                let shown = out.iter().rfind(|event| !matches!(event, Event::Open(..) | Event::Close(..)));
                if shown.is_some_and(|event| *event != Event::Break) {
                    out.push(Event::Break);
                }
                spaced = true;
            }
            Event::Image(..) => {
                out.push(event);
                spaced = false;
            }
            mark => out.push(mark),
        }
    }
    drop_last_space(&mut out);
    drop_last_break(&mut out);
    out
}

fn blank(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

fn push_text(out: &mut Vec<Event>, text: &str, spaced: &mut bool) {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if !blank(c) {
            shown.push(c);
        } else if !*spaced {
            shown.push(' ');
        }
        *spaced = blank(c);
    }
    match out.last_mut() {
        Some(Event::Text(before)) => before.push_str(&shown),
        _ if shown.is_empty() => {}
        _ => out.push(Event::Text(shown)),
    }
}

/// The space that now stands before a break or the end.
fn drop_last_space(out: &mut Vec<Event>) {
    let Some(at) = out.iter().rposition(|event| !matches!(event, Event::Open(..) | Event::Close(..))) else { return };
    if let Event::Text(text) = &mut out[at]
        && text.ends_with(' ')
    {
        text.pop();
        if text.is_empty() {
            out.remove(at);
        }
    }
}

fn drop_last_break(out: &mut Vec<Event>) {
    while let Some(at) = out.iter().rposition(|event| !matches!(event, Event::Open(..) | Event::Close(..)))
        && out[at] == Event::Break
    {
        out.remove(at);
    }
}

/// Moves the space at a mark's inner edge to its outer side. `leading` tells which edge of a text is the inner one.
fn hoist(events: Vec<Event>, edge: impl Fn(&Event) -> bool, leading: bool) -> Vec<Event> {
    let mut out: Vec<Event> = Vec::new();
    for event in events {
        let before_marks = out.len() - out.iter().rev().take_while(|event| edge(event)).count();
        match event {
            Event::Break if before_marks < out.len() => out.insert(before_marks, Event::Break),
            Event::Text(text) if before_marks < out.len() => {
                let rest = if leading { text.trim_start_matches(' ') } else { text.trim_end_matches(' ') };
                if rest.len() < text.len() {
                    out.insert(before_marks, Event::Text(" ".to_owned()));
                }
                if !rest.is_empty() {
                    out.push(Event::Text(rest.to_owned()));
                }
            }
            event => out.push(event),
        }
    }
    out
}

fn without_empty(events: Vec<Event>) -> Vec<Event> {
    let mut out: Vec<Event> = Vec::new();
    for event in events {
        match (&event, out.last()) {
            (Event::Close(kind, _), Some(Event::Open(open, _))) if kind == open => drop(out.pop()),
            _ => out.push(event),
        }
    }
    out
}

/// Chooses elements for the emphases whose asterisks would not be read as such.
pub fn styles(mut events: Vec<Event>, place: Place) -> Vec<Event> {
    let pairs = pairs(&events);
    for round in 0..=ROUNDS_MAX {
        let bad: Vec<(usize, usize)> = pairs
            .iter()
            .copied()
            .filter(|&(open, _)| is_asterisks(&events[open]))
            .filter(|&(open, close)| {
                round == ROUNDS_MAX || !opens(&events, open, place) || !closes(&events, close, place)
            })
            .collect();
        if bad.is_empty() {
            break;
        }
        for (open, close) in bad {
            for at in [open, close] {
                if let Event::Open(_, style) | Event::Close(_, style) = &mut events[at] {
                    *style = Style::Element;
                }
            }
        }
    }
    events
}

/// Where each strong or emphasis begins and ends.
fn pairs(events: &[Event]) -> Vec<(usize, usize)> {
    let mut open = Vec::new();
    let mut pairs = Vec::new();
    for (at, event) in events.iter().enumerate() {
        match event {
            Event::Open(..) => open.push(at),
            Event::Close(kind, _) => {
                let start = open.pop().expect("marks are closed in order");
                if matches!(kind, Kind::Strong | Kind::Emphasis) {
                    pairs.push((start, at));
                }
            }
            _ => {}
        }
    }
    pairs
}

fn is_asterisks(event: &Event) -> bool {
    matches!(
        event,
        Event::Open(Kind::Strong | Kind::Emphasis, Style::Asterisks)
            | Event::Close(Kind::Strong | Kind::Emphasis, Style::Asterisks)
    )
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    Space,
    Word,
    Punctuation,
    /// Another run of asterisks: the two would be read as one.
    Asterisks,
}

/// Whether asterisks here open and cannot close.
fn opens(events: &[Event], at: usize, place: Place) -> bool {
    let is_open = |event: &&Event| matches!(event, Event::Open(..)) && is_asterisks(event);
    let before =
        events[..at].iter().rev().find(|event| !is_open(event)).map_or(Beside::Space, |event| last(event, place));
    let after = events[at..].iter().find(|event| !is_open(event)).map_or(Beside::Space, |event| first(event, place));
    match before {
        Beside::Space => !matches!(after, Beside::Space | Beside::Asterisks),
        Beside::Punctuation => after == Beside::Word,
        Beside::Word | Beside::Asterisks => false,
    }
}

/// Whether asterisks here close and cannot open.
fn closes(events: &[Event], at: usize, place: Place) -> bool {
    let is_close = |event: &&Event| matches!(event, Event::Close(..)) && is_asterisks(event);
    let before =
        events[..at].iter().rev().find(|event| !is_close(event)).map_or(Beside::Space, |event| last(event, place));
    let after = events[at..].iter().find(|event| !is_close(event)).map_or(Beside::Space, |event| first(event, place));
    match after {
        Beside::Space => !matches!(before, Beside::Space | Beside::Asterisks),
        Beside::Punctuation => before == Beside::Word,
        Beside::Word | Beside::Asterisks => false,
    }
}

fn first(event: &Event, place: Place) -> Beside {
    match event {
        Event::Text(text) => text.chars().next().map_or(Beside::Space, class),
        Event::Break if place != Place::Cell => Beside::Space,
        event if is_asterisks(event) => Beside::Asterisks,
        _ => Beside::Punctuation,
    }
}

fn last(event: &Event, place: Place) -> Beside {
    match event {
        Event::Text(text) => text.chars().next_back().map_or(Beside::Space, class),
        event => first(event, place),
    }
}

fn class(c: char) -> Beside {
    match c {
        _ if c.is_whitespace() => Beside::Space,
        _ if c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c) => Beside::Word,
        _ => Beside::Punctuation,
    }
}
