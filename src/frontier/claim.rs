//! Handing out: what is due becomes ready in an index by source and host, and what is ready is leased until its visit is
//! settled.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Transaction, params};

use super::again::DOUBT_MAX;
use super::rows::{COLUMNS, KEEP_NOTE, millis, read, seconds};
use super::{Task, Visited, Wish};
use crate::page::Timestamp;

/// Addresses that become ready with each claim at least: of few that are due, all are looked at,
const PROMOTED_MIN: usize = 256;
/// and at most, where those that are ready do not suffice. Others wait for the transaction, politeness too.
const PROMOTED_MAX: usize = 10_000;

/// The priority of a page that was had before: what was never read goes first, as it may be gone soon.
pub(super) const REVISIT: i32 = -1;
/// The outcome of a page that leads to where its source does not reach.
const MOVED: &str = "moved";
/// Gives a row the priority that it has as of now, where it is a page that was had.
pub(super) const TO_REVISIT: &str = "priority = CASE WHEN root = 0 AND role IN ('page', 'thread') AND visits > 0 \
    AND (fails = 0 AND last_outcome IS NOT 'moved' OR changed_at IS NOT NULL) THEN min(priority, -1) ELSE priority END";
/// Of so many tasks of a source one is a page to visit again, if any is due: else those would never have their turn where
/// more is found than may be fetched.
const REVISIT_EVERY: usize = 4;

pub(super) fn leased(line: &rusqlite::Row<'_>) -> rusqlite::Result<Task> {
    read(line).map(|row| row.task)
}

/// A claim under way.
pub(super) struct Claim<'a> {
    transaction: &'a Transaction<'a>,
    wish: &'a Wish,
    /// Hosts that have tasks in this claim.
    taken: Vec<String>,
    tasks: Vec<Task>,
}

impl<'a> Claim<'a> {
    pub(super) fn new(transaction: &'a Transaction<'a>, wish: &'a Wish) -> Self {
        Self { transaction, wish, taken: Vec::new(), tasks: Vec::new() }
    }

    /// Tasks that are due, and whether more may be. About as many become ready as are taken; many only where that does
    /// not suffice, as where all hosts are at work whose addresses are due longest.
    pub(super) fn due(mut self) -> rusqlite::Result<(Vec<Task>, bool)> {
        let Wish { sources, hosts, per_host, .. } = self.wish;
        let quotas = sources.iter().fold(0, |sum: usize, (_, most)| sum.saturating_add(*most));
        let wanted = hosts.saturating_mul(*per_host).min(quotas);
        if wanted == 0 {
            return Ok((self.tasks, false));
        }
        let few = wanted.clamp(PROMOTED_MIN, PROMOTED_MAX);
        let mut more = self.promote(sources.iter().map(|(source, _)| source.as_str()).collect(), few)?;
        self.ready()?;
        more.retain(|source| self.left(source) > 0);
        if !more.is_empty() && self.tasks.len() < wanted {
            let few_hosts = self.taken.len() < *hosts;
            more = self.promote(more, if few_hosts { PROMOTED_MAX } else { few })?;
            if few_hosts {
                self.ready()?;
            }
        }
        Ok((self.tasks, !more.is_empty()))
    }

    /// How many more tasks a source may have.
    fn left(&self, source: &str) -> usize {
        let most = self.wish.sources.iter().filter(|(name, _)| name == source).map(|(_, most)| *most).sum::<usize>();
        most.saturating_sub(self.tasks.iter().filter(|task| task.source == source).count())
    }

    /// What is due of these sources becomes ready, each with a share of so many at most; those that may have more.
    fn promote(&self, sources: Vec<&'a str>, most: usize) -> rusqlite::Result<Vec<&'a str>> {
        let per_source = self.wish.hosts.saturating_mul(self.wish.per_host);
        let (mut left, mut more, count) = (most, Vec::new(), sources.len());
        for (at, source) in sources.into_iter().enumerate() {
            let wanted = self.left(source).min(per_source);
            if wanted == 0 {
                continue;
            }
            // Of a source with few tasks left many may wait behind hosts that are at work.
            let enough = if most == PROMOTED_MAX { most } else { wanted.max(PROMOTED_MIN) };
            let share = (left / (count - at)).clamp(1, enough);
            let promoted = promote(self.transaction, self.wish.now, source, share)?;
            left = left.saturating_sub(promoted);
            if promoted >= share {
                more.push(source);
            }
        }
        Ok(more)
    }

    /// Takes what is ready of each source in turn, from the one behind that which had the last tasks, in whatever run: else
    /// a budget that ends early would be the first one's alone.
    fn ready(&mut self) -> rusqlite::Result<()> {
        let sources = &self.wish.sources;
        let last = self.last(SOURCES_TURN)?;
        let behind = sources.iter().position(|(source, _)| *source == last).map_or(0, |at| at + 1);
        let mut served = None;
        for (source, _) in sources[behind..].iter().chain(&sources[..behind]) {
            let before = self.tasks.len();
            self.of_source(source, self.left(source))?;
            if self.tasks.len() > before {
                served = Some(source);
            }
        }
        served.map_or(Ok(()), |source| self.keep_last(SOURCES_TURN, source))
    }

    /// Who had the last turn, in whatever run: the next claim goes on behind it, so that all have their turn.
    fn last(&self, name: &str) -> rusqlite::Result<String> {
        note(self.transaction, name)
    }

    fn keep_last(&self, note: &str, last: &str) -> rusqlite::Result<()> {
        self.transaction.prepare_cached(KEEP_NOTE)?.execute(params![note, last, millis(self.wish.now)]).map(drop)
    }

    /// Host after host, leaping over what the index holds between: from the last one to the end, then from the start.
    fn of_source(&mut self, source: &str, most: usize) -> rusqlite::Result<()> {
        if most == 0 || self.taken.len() >= self.wish.hosts {
            return Ok(());
        }
        let first = self.last(&turn_note(source))?;
        let (mut host, mut round) = (first.clone(), first.is_empty());
        let (mut left, mut last) = (most, None);
        let (mut before, mut handed) = (0, None);
        while left > 0 && self.taken.len() < self.wish.hosts {
            match self.next_host(source, &host)? {
                Some(next) if !round || first.is_empty() || next <= first => host = next,
                None if !round => {
                    (host, round) = (String::new(), true);
                    continue;
                }
                _ => break,
            }
            if self.taken.contains(&host) || self.wish.busy.contains(&host) {
                continue;
            }
            let most = left.min(self.wish.per_host);
            let had = match handed {
                Some(handed) => handed,
                None => {
                    before = share(self.transaction, source)?;
                    before
                }
            };
            let count = self.of_host(source, &host, most, had)?;
            (left, handed) = (left - count, Some((had + count) % REVISIT_EVERY));
            self.taken.push(host.clone());
            last = Some(host.clone());
        }
        if let Some(handed) = handed.filter(|handed| *handed != before) {
            self.keep_last(&share_note(source), &handed.to_string())?;
        }
        last.map_or(Ok(()), |last| self.keep_last(&turn_note(source), &last))
    }

    fn next_host(&self, source: &str, host: &str) -> rusqlite::Result<Option<String>> {
        self.transaction
            .prepare_cached(
                "SELECT host FROM urls WHERE state = 1 AND source = ?1 AND host > ?2 ORDER BY host LIMIT 1",
            )?
            .query_row([source, host], |line| line.get(0))
            .optional()
    }

    /// Leases tasks of one host, behind so many that its source had since a revisit; how many.
    fn of_host(&mut self, source: &str, host: &str, most: usize, had: usize) -> rusqlite::Result<usize> {
        let revisits = (had + most) / REVISIT_EVERY;
        let mut claimed = Vec::new();
        for (below, most) in [(0, revisits), (i64::MAX, most)] {
            let left = i64::try_from(most.saturating_sub(claimed.len())).unwrap_or(i64::MAX);
            if left == 0 {
                continue;
            }
            let sql = format!(
                "UPDATE urls SET state = 2, leased_at = ?4 WHERE id IN (SELECT id FROM urls WHERE state = 1 AND source = ?1 \
                 AND host = ?2 AND priority < ?5 ORDER BY priority DESC, due_at LIMIT ?3) RETURNING {COLUMNS}"
            );
            let mut statement = self.transaction.prepare_cached(&sql)?;
            let tasks = statement.query_map(params![source, host, left, millis(self.wish.now), below], leased)?;
            claimed.extend(tasks.collect::<rusqlite::Result<Vec<Task>>>()?);
        }
        claimed.sort_by_key(|task| (std::cmp::Reverse(task.priority), task.id));
        let count = claimed.len();
        self.tasks.extend(in_turn(claimed, had));
        Ok(count)
    }
}

/// Puts revisits at each fourth place of their source, while there are any: a run that ends before its tasks do would never
/// come to them behind the others.
fn in_turn(tasks: Vec<Task>, had: usize) -> Vec<Task> {
    let count = tasks.len();
    let (new, again): (Vec<Task>, Vec<Task>) = tasks.into_iter().partition(|task| task.priority > REVISIT);
    let (mut new, mut again) = (new.into_iter(), again.into_iter());
    let mut at_place = |place: usize| match (had + place) % REVISIT_EVERY {
        turn if turn == REVISIT_EVERY - 1 => again.next().or_else(|| new.next()),
        _ => new.next().or_else(|| again.next()),
    };
    (0..count).filter_map(&mut at_place).collect()
}

/// Ends leases without a visit.
pub(super) fn release(transaction: &Transaction<'_>, ids: &[i64], due_at: Timestamp) -> rusqlite::Result<()> {
    end(transaction, ids, "due_at = ?2", Some(due_at))
}

/// Ends leases of pages that are not asked for until they are woken. What other sources visit again and had left to one of them
/// is theirs again, where it has moved.
pub(super) fn rest(transaction: &Transaction<'_>, ids: &[i64]) -> rusqlite::Result<()> {
    end(transaction, ids, "due_at = ?2, dropped = 1", None)?;
    let mut statement = transaction.prepare_cached(
        "UPDATE urls SET due_at = last_at + interval * 1000 WHERE moved_key = (SELECT key FROM urls WHERE id = ?1) \
         AND id != ?1 AND source != (SELECT source FROM urls WHERE id = ?1) AND state = 0 AND due_at IS NULL AND fails = 0 \
         AND NOT dropped AND root = 0 AND role IN ('page', 'thread')",
    )?;
    ids.iter().try_for_each(|id| statement.execute([id]).map(drop))
}

/// These tasks were none of their source's turns: else the revisit among them would be passed over where each run ends
/// before it.
fn end(transaction: &Transaction<'_>, ids: &[i64], how: &str, due_at: Option<Timestamp>) -> rusqlite::Result<()> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let sql =
        format!("UPDATE urls SET state = 0, leased_at = NULL, {how} WHERE id = ?1 AND state = 2 RETURNING source");
    for id in ids {
        let mut statement = transaction.prepare_cached(&sql)?;
        let source = statement.query_row(params![id, due_at.map(millis)], |line| line.get(0)).optional()?;
        if let Some(source) = source {
            *counts.entry(source).or_default() += 1;
        }
    }
    for (source, count) in counts {
        let back = REVISIT_EVERY - count % REVISIT_EVERY;
        let had = (share(transaction, &source)? + back) % REVISIT_EVERY;
        transaction.prepare_cached(KEEP_NOTE)?.execute(params![share_note(&source), had.to_string(), 0])?;
    }
    Ok(())
}

/// How many tasks a source had since a revisit was one of them.
fn share(transaction: &Transaction<'_>, source: &str) -> rusqlite::Result<usize> {
    Ok(note(transaction, &share_note(source))?.parse::<usize>().unwrap_or(0) % REVISIT_EVERY)
}

fn note(transaction: &Transaction<'_>, name: &str) -> rusqlite::Result<String> {
    let mut statement = transaction.prepare_cached("SELECT text FROM notes WHERE name = ?1")?;
    Ok(statement.query_row([name], |line| line.get(0)).optional()?.unwrap_or_default())
}

/// The note with the source that had the last tasks.
const SOURCES_TURN: &str = "turns";

/// The note with the host that a source had last.
fn turn_note(source: &str) -> String {
    format!("turn {source}")
}

/// The note of how many tasks a source had since a revisit was one of them.
fn share_note(source: &str) -> String {
    format!("share {source}")
}

/// Of one priority what is due longest becomes ready; how much.
fn promote_of(
    transaction: &Transaction<'_>,
    now: Timestamp,
    source: &str,
    priority: i64,
    most: usize,
) -> rusqlite::Result<usize> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    transaction
        .prepare_cached(
            "UPDATE urls SET state = 1 WHERE id IN (SELECT id FROM urls WHERE state = 0 AND due_at IS NOT NULL \
             AND source = ?1 AND priority = ?2 AND due_at <= ?3 ORDER BY due_at LIMIT ?4)",
        )?
        .execute(params![source, priority, millis(now), most])
}

/// What is due of a source becomes ready, what matters most first, then what is due longest; how many.
fn promote(transaction: &Transaction<'_>, now: Timestamp, source: &str, most: usize) -> rusqlite::Result<usize> {
    // Beside the others, which may be more than can ever be had.
    promote_of(transaction, now, source, REVISIT.into(), most.div_ceil(REVISIT_EVERY))?;
    let (mut count, mut below) = (0, i64::MAX);
    while count < most {
        let next: Option<i64> = transaction
            .prepare_cached(
                "SELECT priority FROM urls WHERE state = 0 AND due_at IS NOT NULL AND source = ?1 AND priority < ?2 \
                 ORDER BY priority DESC LIMIT 1",
            )?
            .query_row(params![source, below], |line| line.get(0))
            .optional()?;
        let Some(priority) = next else { break };
        count += promote_of(transaction, now, source, priority, most - count)?;
        below = priority;
    }
    Ok(count)
}

/// Ends a lease with what came of it. A page that was looked at before its time, and was as it was, casts a doubt on what
/// said that it had changed.
pub(super) fn settle(transaction: &Transaction<'_>, visit: &Visited) -> rusqlite::Result<()> {
    let changed = visit.changed.then(|| millis(visit.at));
    // What moved out of reach was not had, and of what was broken off there is more that was not.
    let is_over = visit.due_at.is_none_or(|due| due > visit.at);
    let was_had = visit.fails == 0 && visit.outcome != MOVED && is_over;
    transaction
        .prepare_cached(
            "UPDATE urls SET state = 0, leased_at = NULL, visits = visits + 1, last_at = ?2, last_outcome = ?3, \
             fails = ?4, interval = ?5, due_at = CASE WHEN dropped THEN NULL ELSE ?6 END, \
             changed_at = coalesce(?7, changed_at), doubt = CASE WHEN ?7 IS NOT NULL THEN 0 \
             WHEN fails = 0 AND ?4 = 0 AND last_at + interval * 1000 > ?2 THEN min(doubt + 1, ?8) ELSE doubt END, \
             priority = CASE WHEN root = 0 AND ?10 AND role IN ('page', 'thread') THEN min(priority, ?9) \
             ELSE priority END WHERE id = ?1",
        )?
        .execute(params![
            visit.id,
            millis(visit.at),
            visit.outcome,
            visit.fails,
            seconds(visit.interval),
            visit.due_at.map(millis),
            changed,
            DOUBT_MAX,
            REVISIT,
            was_had,
        ])
        .map(drop)
}
