//! The words of `export` and `dedup`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use crate::corpus::Repeats;

#[derive(Debug, ClapArgs)]
pub struct Export {
    /// New or empty folder to write to
    #[arg(short, long, value_name = "DIR", required_unless_present_any = ["verify", "holders", "dry_run"])]
    pub output: Option<PathBuf>,
    /// Add to an earlier export: write only what is new, and name in `retired.jsonl` what is to be taken back
    #[arg(long, value_name = "EXPORT")]
    pub since: Option<PathBuf>,
    /// Compare an earlier export with its manifest instead
    #[arg(long, value_name = "DIR", conflicts_with_all = ["output", "format", "words_min", "dry_run", "since"])]
    pub verify: Option<PathBuf>,
    /// Say which exports of this archive held a document, by id or address, instead
    #[arg(long, value_name = "ID|URL", conflicts_with_all = ["output", "format", "words_min", "dry_run", "since", "verify"])]
    pub holders: Option<String>,
    #[arg(long, value_enum)]
    pub format: Option<FormatName>,
    /// Parts that share nothing, as `train=0.98,validation=0.01,test=0.01`
    #[arg(long, value_name = "PARTS")]
    pub split: Option<String>,
    /// Leave out documents of fewer words, counted before paragraphs are cut
    #[arg(long, value_name = "N")]
    pub words_min: Option<u32>,
    /// Leave out documents of more words
    #[arg(long, value_name = "N")]
    pub words_max: Option<u32>,
    /// Only this language, as `en` (may be repeated)
    #[arg(long, value_name = "LANGUAGE")]
    pub language: Vec<String>,
    /// Only this host; `*.example.org` is it and all below (may be repeated)
    #[arg(long, value_name = "HOST")]
    pub host: Vec<String>,
    /// Only this kind of page, as `article` or `thread` (may be repeated)
    #[arg(long, value_name = "KIND")]
    pub kind: Vec<String>,
    /// Only documents with this tag (may be repeated)
    #[arg(long, value_name = "TAG")]
    pub tag: Vec<String>,
    /// Only documents whose address was last found so, as `ok` or `gone` (may be repeated)
    #[arg(long, value_name = "OUTCOME")]
    pub outcome: Vec<String>,
    /// Leave out documents whose labels are less certain, 0 to 1
    #[arg(long, value_name = "SHARE")]
    pub confidence_min: Option<f64>,
    /// Only documents published at or after this date
    #[arg(long, value_name = "DATE")]
    pub published_from: Option<String>,
    /// Only documents published at or before this date
    #[arg(long, value_name = "DATE")]
    pub published_until: Option<String>,
    /// What the corpus is for: leave out what its owner reserves against it
    #[arg(long, value_enum)]
    pub rights: Option<RightsName>,
    /// A published set of quality rules to hold: `gopher`, `c4` (all but its bad words), `fineweb` (may be repeated)
    #[arg(long, value_name = "RULES")]
    pub quality: Vec<String>,
    /// A condition on the fields of a record, as `words > 100 and kind == "article"`
    #[arg(long = "where", value_name = "CONDITION")]
    pub condition: Option<String>,
    /// Personal data to mask in texts, posts and names: `email,phone,ip,iban,card`
    #[arg(long, value_name = "KINDS", value_delimiter = ',')]
    pub mask: Vec<String>,
    /// Write posts of threads as records beside the text
    #[arg(long)]
    pub posts: bool,
    /// What becomes of the names of posts' authors
    #[arg(long, value_enum)]
    pub users: Option<UsersName>,
    /// Drop exact copies and other versions of an address only, and keep near-duplicates
    #[arg(long)]
    pub keep_near_duplicates: bool,
    /// What becomes of paragraphs that stand in many documents
    #[arg(long, value_enum)]
    pub paragraphs: Option<RepeatsName>,
    /// What kind of texts are compared for near-duplicates
    #[arg(long, value_enum)]
    pub profile: Option<ProfileName>,
    /// Threads [default: one a core]; the files do not depend on it
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub threads: usize,
    /// zstd level of JSON lines and Parquet, 1 to 19: the higher, the smaller and the slower [default: 3]
    #[arg(long, value_name = "LEVEL")]
    pub compression_level: Option<u32>,
    /// Make all sketches anew, and remember none
    #[arg(long)]
    pub no_state: bool,
    /// Say what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum FormatName {
    Jsonl,
    Parquet,
    Text,
    Markdown,
    /// WARC conversion records
    Wet,
    /// TEI P5, a document a file
    Tei,
    /// Every capture with its raw bytes, as `.warc.gz`; nothing is left out
    Warc,
    /// The same in one file for replay tools: WARC, index and pages with their text
    Wacz,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProfileName {
    /// Copied and edited: word 5-grams
    Web,
    /// Read by a machine, with errors: word 2-grams
    Ocr,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum RepeatsName {
    /// Nothing is looked for
    Keep,
    /// Records (of `dedup`: `paragraphs.jsonl`) name them, with the number of documents that have them
    Mark,
    /// They stay in one document only
    Cut,
}

impl RepeatsName {
    pub fn repeats(self) -> Repeats {
        match self {
            Self::Keep => Repeats::Keep,
            Self::Mark => Repeats::Mark,
            Self::Cut => Repeats::Cut,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum RightsName {
    /// Leave nothing out; each record says what is reserved
    Any,
    /// Text and data mining
    Mining,
    /// Training a model
    Training,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum UsersName {
    AsIs,
    /// A hash, the same in an export and all that `--since` adds to it, another one in an export of other documents
    Hash,
    Drop,
}

#[derive(Debug, ClapArgs)]
pub struct Dedup {
    /// JSON lines (plain, `.gz`, `.zst`) or Parquet with `id` and `text`, perhaps `url`, `published`, `source`; `-` for stdin
    #[arg(required = true)]
    pub inputs: Vec<PathBuf>,
    /// New or empty folder to write to
    #[arg(short, long, value_name = "DIR")]
    pub output: PathBuf,
    /// What kind of texts are compared
    #[arg(long, value_enum, default_value_t = ProfileName::Web)]
    pub profile: ProfileName,
    /// Two documents are near-duplicates from this Jaccard similarity of their word n-grams on [default: 0.7; ocr: 0.45]
    #[arg(long, value_name = "J")]
    pub threshold: Option<f64>,
    /// A `source` whose documents are kept before others' (may be repeated, the best first)
    #[arg(long, value_name = "NAME")]
    pub source: Vec<String>,
    /// Drop exact copies and other versions of an address only, and keep near-duplicates
    #[arg(long)]
    pub keep_near_duplicates: bool,
    /// What is done about a line that is no document
    #[arg(long, value_enum, default_value_t = BadLinesName::Stop)]
    pub bad_lines: BadLinesName,
    /// What becomes of paragraphs of kept documents that stand in many of them
    #[arg(long, value_enum, default_value_t = RepeatsName::Mark)]
    pub paragraphs: RepeatsName,
    /// Write who belongs with whom, and not the kept documents
    #[arg(long)]
    pub clusters_only: bool,
    /// Most memory to take, as `1G` or `500M`; what does not fit lies on disk beside the output until all is done
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub memory: Option<u64>,
    /// Folder that remembers what was made of lines, known again by a hash of their bytes, and files that are unchanged by
    /// what the system says and by both their ends: a later or resumed run with the same and more inputs makes only what is
    /// new. A file whose middle alone was written anew, with length and all times as before, is not read again; with a fresh
    /// folder all is
    #[arg(long, value_name = "DIR")]
    pub state: Option<PathBuf>,
    /// Say how many documents would be kept, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Threads [default: one a core]
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub threads: usize,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum BadLinesName {
    /// Write nothing, and name file and line
    Stop,
    /// Leave it out, count it, and name it in `bad-lines.jsonl`
    Skip,
}

/// `500M`, `1G`, or a plain number of bytes.
fn size(text: &str) -> Result<u64, String> {
    let wanted = || format!("`{text}` is no size; write `1G`, `500M` or a number of bytes");
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match text[digits.len()..].to_ascii_uppercase().trim_end_matches('B').trim_end_matches('I') {
        "" => 0,
        "K" => 10,
        "M" => 20,
        "G" => 30,
        "T" => 40,
        _ => return Err(wanted()),
    };
    let number: u64 = digits.parse().map_err(|_| wanted())?;
    number.checked_mul(1 << unit).filter(|bytes| *bytes > 0).ok_or_else(wanted)
}
