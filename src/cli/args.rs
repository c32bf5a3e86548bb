//! The command tree.

mod care;
mod corpus;
mod runs;

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

pub use self::care::{Check, Erase, Prune, ReExtract, Seal};
pub use self::corpus::{BadLinesName, Dedup, Export, FormatName, ProfileName, RightsName, UsersName};
pub use self::runs::{Run, Schedule};
use crate::pipeline::PAGES_MAX;

/// Turns web pages into a clean, trustworthy text corpus.
#[derive(Debug, Parser)]
#[command(name = "gleaner", version, max_term_width = 100, disable_help_subcommand = true)]
#[command(after_help = "Try `gleaner demo` first: it needs no network and no set-up.\n\
    Exit codes: 0 done, 1 the answer is no, 2 usage or config, 3 part failed, 4 nothing succeeded,\n\
    10 no archive, 11 locked, 12 damaged or newer format, 130 interrupted.")]
pub struct Args {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Clone, Debug, Default, ClapArgs)]
pub struct Global {
    /// Folder of the archive [default: `./archive` if it is one, else the XDG data folder]
    #[arg(short, long, global = true, value_name = "DIR")]
    pub archive: Option<PathBuf>,
    /// Configuration file [default: `./gleaner.toml`, else the XDG config folder]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Print JSON lines, each with a `type`, the last one a `summary`
    #[arg(long, global = true)]
    pub json: bool,
    /// Hide progress and notes, never data or errors; sources gone quiet are told once a day
    #[arg(short, long, global = true)]
    pub quiet: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make an empty archive
    Init(Init),
    /// Fetch pages now and keep them
    Add(Add),
    /// Take in HTML, text, WARC, WACZ and WET files without the network
    Import(Import),
    /// Do what is due from `[[schedule]]` in the configuration, then exit
    Run(Run),
    /// Show what is scheduled: next due, last outcome; or print units for systemd or cron
    Schedule(Schedule),
    /// Say why an address was or was not fetched
    Why(Why),
    /// List captures
    List(List),
    /// Show one capture
    Show(Show),
    /// List all captures of one address, oldest first
    History(History),
    /// Find texts by their words
    Search(Search),
    /// Extract clean text without an archive
    Extract(Extract),
    /// Say for every block of a page whether it was kept, and why
    Explain(Explain),
    /// Read kept raw bytes again and say what changed
    ReExtract(ReExtract),
    /// Write a deduplicated corpus
    Export(Box<Export>),
    /// Find copies and near-duplicates in JSON lines or Parquet that never saw an archive
    Dedup(Dedup),
    /// Say what changed between two captures, sentence by sentence and word by word
    Diff(Diff),
    /// Verify every byte of the archive
    Check(Check),
    /// Pack what came in since: smaller, and as quick to read
    Seal(Seal),
    /// Keep what can be read of a damaged archive and say what is lost; deletes nothing
    Repair,
    /// Let old captures go by policy
    Prune(Prune),
    /// Take away a page, a host or a text everywhere, and prove it
    Erase(Erase),
    /// Say what the archive holds
    Stats(Stats),
    /// Ask a robots.txt about addresses read from stdin
    Robots(Robots),
    /// Show the configuration and where each value comes from
    Config(Config),
    /// Run the whole pipeline on a sample site served on this machine
    Demo(Demo),
    /// Print a shell completion script
    Completions(Completions),
    /// Print the manual page, or write one for each command
    Man(Man),
}

/// What a user may say about extraction.
#[derive(Clone, Debug, Default, ClapArgs)]
pub struct Extraction {
    /// Which extractor labels the page
    #[arg(long, value_enum)]
    pub engine: Option<EngineName>,
    /// Lean towards leaving out chrome, or towards keeping all text
    #[arg(long, value_enum)]
    pub mode: Option<ModeName>,
    /// Keep comments under an article
    #[arg(long)]
    pub comments: bool,
    /// What becomes of words that a post quotes
    #[arg(long, value_enum)]
    pub quotes: Option<QuotesName>,
    /// A line with author and time before each post
    #[arg(long)]
    pub bylines: bool,
    /// A file with discussion platforms of your own (may be repeated)
    #[arg(long, value_name = "FILE")]
    pub platforms: Vec<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum QuotesName {
    /// Left out where its words are twenty or more and all stand in the thread already
    Once,
    Keep,
    /// `> ` before each line
    Mark,
    /// Left out where the quoted post is in the thread, marked else
    Drop,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum EngineName {
    /// Learned labels, with rules for reasons
    Gleaner,
    /// Rules alone
    Rules,
    /// The classic baseline: the `readability` crate
    Readability,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ModeName {
    Precision,
    Balanced,
    Recall,
}

/// What a user may say about fetching.
#[derive(Clone, Debug, Default, ClapArgs)]
pub struct Fetching {
    /// Longest time for one request, as `30s` or `2m`
    #[arg(long, value_name = "TIME")]
    pub timeout: Option<String>,
    /// Least time between two requests to one host, as `1s`
    #[arg(long, value_name = "TIME")]
    pub delay: Option<String>,
    /// Call this address or network although it is not globally routable (may be repeated)
    #[arg(long, value_name = "ADDRESS")]
    pub allow_address: Vec<String>,
}

#[derive(Debug, ClapArgs)]
pub struct Init {
    /// Folder to make it in [default: as `--archive`]
    pub folder: Option<PathBuf>,
    /// Whether raw bytes of pages are kept; of an archive that is there: from now on
    #[arg(long, value_enum)]
    pub raw: Option<RawName>,
    /// How long raw bytes are kept, as `90d`: `gleaner prune` lets older ones go
    #[arg(long, value_name = "TIME")]
    pub raw_for: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum RawName {
    /// Packed as well as it can be
    Keep,
    /// As plain `.warc.gz` files that other tools read
    Warc,
    /// Not at all
    None,
}

#[derive(Debug, ClapArgs)]
pub struct Add {
    /// Addresses; a file with one a line; `-` for stdin
    #[arg(required = true, value_name = "URL|FILE|-")]
    pub what: Vec<String>,
    /// Read the thread or article at each address over all its pages, later only what is new
    #[arg(long)]
    pub thread: bool,
    /// Most pages of one thread
    #[arg(long, value_name = "N", requires = "thread", default_value_t = PAGES_MAX)]
    pub pages_max: usize,
    #[command(flatten)]
    pub fetching: Fetching,
    #[command(flatten)]
    pub extraction: Extraction,
}

#[derive(Debug, ClapArgs)]
pub struct Import {
    /// HTML and text files, WARC and WET files (`.warc`, `.wet`, plain, `.gz` or `.zst`), WACZ, or folders
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// Address of the folder the paths are taken from: file `a/b.html` becomes `PREFIX/a/b.html`
    #[arg(long, value_name = "URL")]
    pub url_prefix: Option<String>,
    /// Threads that extract [default: one a core]
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    #[command(flatten)]
    pub extraction: Extraction,
}

#[derive(Debug, ClapArgs)]
pub struct Why {
    pub url: String,
}

#[derive(Debug, ClapArgs)]
pub struct List {
    /// Only this address
    #[arg(long)]
    pub url: Option<String>,
    /// Only this host
    #[arg(long)]
    pub host: Option<String>,
    /// Only visits that ended so, as `ok` or `blocked`
    #[arg(long)]
    pub outcome: Option<String>,
    /// Only at or after this moment or day
    #[arg(long, value_name = "TIME")]
    pub since: Option<String>,
    /// Only at or before this moment or day
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// Only the newest capture of each address
    #[arg(long)]
    pub latest: bool,
    /// At most so many
    #[arg(short = 'n', long, value_name = "N")]
    pub limit: Option<usize>,
}

#[derive(Debug, ClapArgs)]
pub struct Show {
    /// Id, the beginning of one, or an address
    #[arg(value_name = "ID|URL")]
    pub what: String,
    /// The newest capture at or before this moment or day
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    #[arg(long = "as", value_enum, default_value_t = View::Text)]
    pub view: View,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum View {
    Text,
    Markdown,
    /// The raw bytes as fetched
    Html,
    Json,
    /// What is known of the visit
    Headers,
}

#[derive(Debug, ClapArgs)]
pub struct History {
    pub url: String,
}

#[derive(Debug, ClapArgs)]
pub struct Extract {
    /// An address, a file, or `-` for stdin
    #[arg(value_name = "URL|FILE|-", required_unless_present = "batch")]
    pub what: Option<String>,
    /// Extract every page of a folder (.html, .htm, .xhtml, .txt, also .gz and .zst), one JSON line each, in name order
    #[arg(long, value_name = "DIR", conflicts_with = "what", requires = "output")]
    pub batch: Option<PathBuf>,
    /// Where `--batch` writes; `-` for stdout
    #[arg(short, long, value_name = "FILE", requires = "batch")]
    pub output: Option<PathBuf>,
    /// Threads of `--batch`
    #[arg(long, value_name = "N", default_value_t = 1, requires = "batch")]
    pub threads: usize,
    #[arg(long, value_enum, default_value_t = TextFormat::Text)]
    pub format: TextFormat,
    /// Leave out the title line, as `--batch` does of web pages, whose title is in the metadata
    #[arg(long)]
    pub no_title: bool,
    /// Content type of the input, as `text/html; charset=utf-8` [default: by the file's name, else by its bytes]
    #[arg(long, value_name = "TYPE")]
    pub content_type: Option<String>,
    #[command(flatten)]
    pub fetching: Fetching,
    #[command(flatten)]
    pub extraction: Extraction,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TextFormat {
    Text,
    Markdown,
    /// Everything: text, metadata, thread, posts, notes, and of a single page every block with its label, as in `explain --json`
    Json,
}

#[derive(Debug, ClapArgs)]
pub struct Explain {
    /// Id or address in the archive, a file, or `-` for stdin
    #[arg(value_name = "ID|URL|FILE|-")]
    pub what: String,
    /// Only blocks that were removed
    #[arg(long, conflicts_with = "kept")]
    pub removed: bool,
    /// Only blocks that were kept
    #[arg(long)]
    pub kept: bool,
    #[command(flatten)]
    pub extraction: Extraction,
}

#[derive(Debug, ClapArgs)]
pub struct Diff {
    /// Id, the beginning of one, or an address; of one address alone its last two texts are compared
    #[arg(value_name = "ID|URL")]
    pub old: String,
    #[arg(value_name = "ID|URL")]
    pub new: Option<String>,
    /// The old capture is the newest at or before this moment or day
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// Write a page for a browser, with what went struck out and what came underlined
    #[arg(long, conflicts_with = "json")]
    pub html: bool,
}

#[derive(Debug, ClapArgs)]
pub struct Stats {
    /// Sort captures, texts, words and bytes by this
    #[arg(long, value_enum)]
    pub by: Option<ByName>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ByName {
    Host,
    Kind,
    Language,
    Month,
}

#[derive(Debug, ClapArgs)]
pub struct Search {
    /// Words that all stand in the text; in quotes also '"words in a row"', 'begin*' and 'these -without'
    #[arg(required = true)]
    pub words: Vec<String>,
    /// At most so many
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20)]
    pub limit: usize,
}

#[derive(Debug, ClapArgs)]
pub struct Robots {
    pub file: PathBuf,
    /// Name the rules are matched against
    #[arg(long, value_name = "NAME", default_value = "gleaner")]
    pub agent: String,
}

#[derive(Debug, ClapArgs)]
pub struct Config {
    #[command(subcommand)]
    pub what: ConfigWhat,
}

#[derive(Clone, Copy, Debug, Subcommand)]
pub enum ConfigWhat {
    /// Each value in force and where it comes from
    Show,
    /// The file that is read, if any, and where it is looked for
    Path,
    /// The commented default file
    Default,
}

#[derive(Debug, ClapArgs)]
pub struct Demo {
    /// Folder for the demo's archive and corpus [default: a new temporary one]
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub struct Completions {
    pub shell: clap_complete::Shell,
}

#[derive(Debug, ClapArgs)]
pub struct Man {
    /// Write a page for every command into this folder
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
}
