//! Handing out: what is due becomes ready in an index by source and host, and what is ready is leased.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Transaction, params};

use super::rows::{COLUMNS, millis, read};
use super::{Task, Wish};
use crate::page::Timestamp;

/// Addresses that become ready with each claim at least: of few that are due, all are looked at,
const PROMOTED_MIN: usize = 256;
/// and at most, where those that are ready do not suffice. Others wait for the transaction, politeness too.
const PROMOTED_MAX: usize = 10_000;

pub(super) fn leased(line: &rusqlite::Row<'_>) -> rusqlite::Result<Task> {
    read(line).map(|row| row.task)
}

/// A claim under way.
pub(super) struct Claim<'a> {
    transaction: &'a Transaction<'a>,
    wish: &'a Wish,
    /// The host each source had last: its next claim goes on behind it, so that all have their turn.
    last: &'a mut BTreeMap<String, String>,
    /// Hosts that have tasks in this claim.
    taken: Vec<String>,
    tasks: Vec<Task>,
}

impl<'a> Claim<'a> {
    pub(super) fn new(
        transaction: &'a Transaction<'a>,
        wish: &'a Wish,
        last: &'a mut BTreeMap<String, String>,
    ) -> Self {
        Self { transaction, wish, last, taken: Vec::new(), tasks: Vec::new() }
    }

    /// Tasks that are due, and whether more may be. About as many become ready as are taken; many only where that does
    /// not suffice, as where all hosts are at work whose addresses are due longest.
    pub(super) fn due(mut self) -> rusqlite::Result<(Vec<Task>, bool)> {
        let Wish { now, sources, hosts, per_host, .. } = self.wish;
        let quotas = sources.iter().fold(0, |sum: usize, (_, most)| sum.saturating_add(*most));
        let wanted = hosts.saturating_mul(*per_host).min(quotas);
        let few = wanted.clamp(PROMOTED_MIN, PROMOTED_MAX);
        let mut more = wanted > 0 && promote(self.transaction, *now, few)?;
        self.ready()?;
        if more && self.tasks.len() < wanted {
            let few_hosts = self.taken.len() < *hosts;
            more = promote(self.transaction, *now, if few_hosts { PROMOTED_MAX } else { few })?;
            if few_hosts {
                self.ready()?;
            }
        }
        Ok((self.tasks, more))
    }

    /// Takes what is ready of each source in turn.
    fn ready(&mut self) -> rusqlite::Result<()> {
        for (source, most) in &self.wish.sources {
            let had = self.tasks.iter().filter(|task| task.source == *source).count();
            self.of_source(source, most.saturating_sub(had))?;
        }
        Ok(())
    }

    /// Host after host, leaping over what the index holds between: from the last one to the end, then from the start.
    fn of_source(&mut self, source: &str, most: usize) -> rusqlite::Result<()> {
        let first = self.last.get(source).cloned().unwrap_or_default();
        let (mut host, mut round) = (first.clone(), first.is_empty());
        let mut left = most;
        while left > 0 && self.taken.len() < self.wish.hosts {
            match self.next_host(source, &host)? {
                Some(next) if !round || first.is_empty() || next <= first => host = next,
                None if !round => {
                    (host, round) = (String::new(), true);
                    continue;
                }
                _ => return Ok(()),
            }
            if self.taken.contains(&host) || self.wish.busy.contains(&host) {
                continue;
            }
            left -= self.of_host(source, &host, left.min(self.wish.per_host))?;
            self.last.insert(source.to_owned(), host.clone());
            self.taken.push(host.clone());
        }
        Ok(())
    }

    fn next_host(&self, source: &str, host: &str) -> rusqlite::Result<Option<String>> {
        self.transaction
            .prepare_cached(
                "SELECT host FROM urls WHERE state = 1 AND source = ?1 AND host > ?2 ORDER BY host LIMIT 1",
            )?
            .query_row([source, host], |line| line.get(0))
            .optional()
    }

    /// Leases tasks of one host; how many.
    fn of_host(&mut self, source: &str, host: &str, most: usize) -> rusqlite::Result<usize> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let sql = format!(
            "UPDATE urls SET state = 2, leased_at = ?4 WHERE id IN (SELECT id FROM urls WHERE state = 1 AND source = ?1 \
             AND host = ?2 ORDER BY priority DESC, due_at LIMIT ?3) RETURNING {COLUMNS}"
        );
        let mut statement = self.transaction.prepare_cached(&sql)?;
        let claimed = statement.query_map(params![source, host, most, millis(self.wish.now)], leased)?;
        let mut claimed: Vec<Task> = claimed.collect::<rusqlite::Result<_>>()?;
        claimed.sort_by_key(|task| (std::cmp::Reverse(task.priority), task.id));
        let count = claimed.len();
        self.tasks.append(&mut claimed);
        Ok(count)
    }
}

/// What is due becomes ready, what matters most first, then what is due longest; whether more may be due.
fn promote(transaction: &Transaction<'_>, now: Timestamp, most: usize) -> rusqlite::Result<bool> {
    let mut left = i64::try_from(most).unwrap_or(i64::MAX);
    let mut below = i64::MAX;
    while left > 0 {
        let next: Option<i64> = transaction
            .prepare_cached(
                "SELECT priority FROM urls WHERE state = 0 AND due_at IS NOT NULL AND priority < ?1 \
                 ORDER BY priority DESC LIMIT 1",
            )?
            .query_row([below], |line| line.get(0))
            .optional()?;
        let Some(priority) = next else { return Ok(false) };
        let promoted = transaction
            .prepare_cached(
                "UPDATE urls SET state = 1 WHERE id IN (SELECT id FROM urls WHERE state = 0 AND due_at IS NOT NULL \
                 AND priority = ?1 AND due_at <= ?2 ORDER BY due_at LIMIT ?3)",
            )?
            .execute(params![priority, millis(now), left])?;
        left = left.saturating_sub(i64::try_from(promoted).unwrap_or(i64::MAX));
        below = priority;
    }
    Ok(true)
}
