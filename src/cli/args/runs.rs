//! The words of `run` and `schedule`.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::Fetching;

#[derive(Debug, ClapArgs)]
pub struct Run {
    /// Only these sources, due or not
    pub names: Vec<String>,
    /// Say what is due, and fetch nothing
    #[arg(long, conflicts_with = "watch")]
    pub dry_run: bool,
    /// Stay, and do what is due when it is due
    #[arg(long)]
    pub watch: bool,
    /// Begin no visit after so long, as `10m`
    #[arg(long, value_name = "TIME")]
    pub max_time: Option<String>,
    /// Visit at most so many pages
    #[arg(long, value_name = "N")]
    pub max_pages: Option<u64>,
    /// Begin no visit after so many bytes of bodies
    #[arg(long, value_name = "BYTES")]
    pub max_bytes: Option<u64>,
    /// Write figures for node-exporter's textfile collector
    #[arg(long, value_name = "FILE")]
    pub metrics: Option<PathBuf>,
    /// While watching, answer Prometheus at this port of this machine (`9187`), or at an address (`192.0.2.7:9187`)
    #[arg(long, value_name = "PORT", requires = "watch")]
    pub listen: Option<String>,
    #[command(flatten)]
    pub fetching: Fetching,
}

#[derive(Debug, ClapArgs)]
pub struct Schedule {
    /// Only these sources
    pub names: Vec<String>,
    /// Print a systemd service and timer for `gleaner run`
    #[arg(long, conflicts_with = "crontab")]
    pub systemd: bool,
    /// Print a crontab line for `gleaner run`
    #[arg(long)]
    pub crontab: bool,
}
