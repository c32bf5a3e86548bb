//! The words of what looks after an archive.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::Extraction;

#[derive(Debug, ClapArgs)]
pub struct ReExtract {
    /// Only this address (may be repeated)
    #[arg(long, value_name = "URL")]
    pub url: Vec<String>,
    /// Only this host
    #[arg(long)]
    pub host: Option<String>,
    /// Only what was fetched at or after this moment or day
    #[arg(long, value_name = "TIME")]
    pub since: Option<String>,
    /// Say what would change, and write no capture; what is remembered of sites, in `memory.sqlite`, is brought up to date
    #[arg(long)]
    pub dry_run: bool,
    /// Threads that extract [default: one a core]
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    #[command(flatten)]
    pub extraction: Extraction,
}

#[derive(Debug, ClapArgs)]
pub struct Check {
    /// Only headers and commits: finds what is cut, missing or overwritten
    #[arg(long, conflicts_with = "sample")]
    pub quick: bool,
    /// Unpack and hash only so many percent of the texts, records and raw bytes
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(1..=100))]
    pub sample: Option<u8>,
    /// Only segments written to since this moment or day
    #[arg(long, value_name = "TIME")]
    pub since: Option<String>,
    /// Begin no new segment after so long, as `10m`; the next check with a budget goes on there
    #[arg(long, value_name = "TIME")]
    pub budget: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub struct Seal {
    /// Write recovery data beside what is sealed, from which so much of each file can be mended (`repair`): `1%` to `50%`, or
    /// `off` [default: archive.parity]
    #[arg(long, value_name = "SHARE")]
    pub parity: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub struct Prune {
    /// Of each address keep the newest so many captures; what a kept one repeats stays too
    #[arg(long, value_name = "N")]
    pub keep_last: Option<u32>,
    /// … the newest of each of the last so many days that have one
    #[arg(long, value_name = "N")]
    pub keep_daily: Option<u32>,
    #[arg(long, value_name = "N")]
    pub keep_weekly: Option<u32>,
    #[arg(long, value_name = "N")]
    pub keep_monthly: Option<u32>,
    /// Let visits go that failed before this moment or day
    #[arg(long, value_name = "TIME")]
    pub failures_before: Option<String>,
    /// Let raw bytes go that were fetched before this moment or day; texts and captures stay
    #[arg(long, value_name = "TIME")]
    pub raw_before: Option<String>,
    /// Only of this host and those below it
    #[arg(long)]
    pub host: Option<String>,
    /// Only captures with this tag
    #[arg(long)]
    pub tag: Option<String>,
    /// Say what would go, and let nothing go
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, ClapArgs)]
pub struct Erase {
    /// Addresses, ids of captures or texts, or `host:example.org`
    #[arg(value_name = "URL|ID|host:HOST", required_unless_present_any = ["again", "search"])]
    pub what: Vec<String>,
    /// Also erase other addresses' captures of the same texts
    #[arg(long)]
    pub everywhere: bool,
    /// Search every byte of the archive, packed and unpacked, afterwards
    #[arg(long)]
    pub verify: bool,
    /// Erase what is on the list of the erased and is there again, out of a backup or after a crash
    #[arg(long, conflicts_with = "what")]
    pub again: bool,
    /// Erase nothing; search every byte of the archive for the text of this file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["what", "again"])]
    pub search: Option<PathBuf>,
    /// Say what would be erased, and erase nothing
    #[arg(long)]
    pub dry_run: bool,
}
