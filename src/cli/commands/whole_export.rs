//! Exports of whole captures (`--format warc`, `wacz`): what does not go with them, and what they would write.

use std::ops::ControlFlow;

use anyhow::Result;
use serde_json::json;

use crate::archive::{Archive, Filter};
use crate::cli::args::{Export, RightsName};
use crate::cli::exit::Exit;
use crate::cli::failure::Usage;
use crate::cli::output::{Output, counted};
use crate::corpus::{Options, Rights};

/// Every capture goes in as it is: what chooses, hides or adds would be promised in vain, and what is reserved published.
pub fn must_go(flags: &Export, options: &Options) -> Result<()> {
    if let Some(flag) = beside(flags) {
        let what = format!("`{flag}` does not go with `--format warc` or `wacz`: they hold every capture as it is");
        return Err(Usage::new(what, "leave it out, or choose another format").into());
    }
    if options.rights != Rights::Any && flags.rights.is_none() {
        let what =
            "`export.rights` of the configuration does not go with `--format warc` or `wacz`: they hold every capture";
        return Err(Usage::new(what, "say `--rights any` if what is reserved may go in").into());
    }
    Ok(())
}

/// A flag that is given and means nothing of whole captures.
fn beside(flags: &Export) -> Option<&'static str> {
    let given = [
        ("--since", flags.since.is_some()),
        ("--split", flags.split.is_some()),
        ("--words-min", flags.words_min.is_some()),
        ("--words-max", flags.words_max.is_some()),
        ("--language", !flags.language.is_empty()),
        ("--host", !flags.host.is_empty()),
        ("--kind", !flags.kind.is_empty()),
        ("--tag", !flags.tag.is_empty()),
        ("--outcome", !flags.outcome.is_empty()),
        ("--confidence-min", flags.confidence_min.is_some()),
        ("--published-from", flags.published_from.is_some()),
        ("--published-until", flags.published_until.is_some()),
        ("--rights", flags.rights.is_some_and(|rights| !matches!(rights, RightsName::Any))),
        ("--quality", !flags.quality.is_empty()),
        ("--where", flags.condition.is_some()),
        ("--mask", !flags.mask.is_empty()),
        ("--posts", flags.posts),
        ("--users", flags.users.is_some()),
        ("--keep-near-duplicates", flags.keep_near_duplicates),
        ("--paragraphs", flags.paragraphs.is_some()),
        ("--profile", flags.profile.is_some()),
        ("--compression-level", flags.compression_level.is_some()),
        ("--no-state", flags.no_state),
    ];
    given.into_iter().find(|(_, is_given)| *is_given).map(|(name, _)| name)
}

/// What would be written.
pub fn tell(archive: &Archive, output: &Output) -> Result<Exit> {
    let mut captures = 0;
    let mut failed = Ok(());
    archive.captures(&Filter::default(), &mut |capture| match archive.is_capture_erased(&capture) {
        Ok(erased) => {
            captures += u64::from(!erased);
            ControlFlow::Continue(())
        }
        Err(error) => {
            failed = Err(error);
            ControlFlow::Break(())
        }
    })?;
    failed?;
    output.summary(&format!("{} would go in", counted(captures, "capture")), &json!({ "captures": captures }));
    Ok(if captures == 0 { Exit::No } else { Exit::Done })
}
