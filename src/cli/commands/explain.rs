//! `gleaner explain`: every block, kept or removed, and why.

use anyhow::Result;
use serde_json::{Value, json};

use super::{extract, find, show};
use crate::archive::memory::Known;
use crate::cli::args::{Explain, Global};
use crate::cli::context;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::document::{Block, Document, Label, PostView, Reason};
use crate::extract::model::Moved;
use crate::pipeline::sites;

pub fn run(global: &Global, flags: &Explain, output: &Output) -> Result<Exit> {
    let loaded = context::config_with(global, flags.extraction.flags())?;
    let options = loaded.config.extract.clone();
    let (document, moved) = if extract::is_file(&flags.what) {
        extract::read(&flags.what, None)?.explain(&options)
    } else {
        let archive = loaded.archive()?;
        let Some(capture) = find::capture(&archive, &flags.what, None)? else {
            output.note(&format!("nothing in the archive for `{}`", flags.what));
            output.record("summary", &json!({ "blocks": 0 }));
            return Ok(Exit::No);
        };
        let Some(input) = show::input(&archive, &capture)? else {
            output.note("the raw bytes of this capture are not kept, so its blocks cannot be shown");
            let last = find::last_good(&archive, &flags.what, &capture, |capture| capture.raw.is_some())?;
            if let Some(last) = last {
                output.note(&format!("those of {:.0} are: gleaner explain {}", last.fetched_at, find::short(&last)));
            }
            output.record("summary", &json!({ "blocks": 0 }));
            return Ok(Exit::No);
        };
        let (mut document, moved) = input.explain(&options);
        if sites::remembered(&capture) {
            sites::relabel(&archive, &mut document, sites::addresses(&capture), Known::Archived);
        }
        (document, moved)
    };
    print(&document, &moved, options.post_view(), flags, output);
    Ok(if document.blocks.iter().any(|block| block.label == Label::Content) { Exit::Done } else { Exit::No })
}

fn print(document: &Document, moved: &[Vec<Moved>], view: PostView, flags: &Explain, output: &Output) {
    let leaves_out = document.leaves_out(view);
    for (at, (block, moved)) in document.blocks.iter().zip(moved).enumerate() {
        let kept = block.label == Label::Content;
        if (flags.removed && kept) || (flags.kept && !kept) {
            continue;
        }
        let (verdict, reason) = verdict(block, document.title == Some(at as u32));
        let is_left_out = kept && leaves_out(block);
        let quote = if is_left_out { "  (a quote that the text leaves out)" } else { "" };
        let why = remembered_text(&block.label) + quote + &moved_text(moved);
        output.line(&format!("{verdict:<8}{reason:<22}{:.2}  {}  {}{why}", block.score, block.at.0, block.text));
        let mut record = fields(document, at);
        record["moved"] = json!(moved);
        if is_left_out {
            record["left_out"] = json!(true);
        }
        output.record("block", &record);
    }
    let kept = document.blocks.iter().filter(|block| block.label == Label::Content).count();
    if let Some(platform) = &document.metadata.platform {
        output.note(&format!("platform: {} ({})", platform.value, platform.source));
        output.record("platform", &json!({ "platform": platform.value, "by": platform.source }));
    }
    for note in &document.notes {
        output.note(&format!("note: {note}"));
    }
    output.summary(
        &format!("{kept} of {} blocks kept · confidence {:.2}", document.blocks.len(), document.confidence),
        &json!({
            "blocks": document.blocks.len(), "kept": kept, "kind": document.kind,
            "confidence": document.confidence, "notes": document.notes,
        }),
    );
}

/// A block as one JSON object; `extract --format json` lists the same.
pub fn fields(document: &Document, at: usize) -> Value {
    let block = &document.blocks[at];
    let (_, reason) = verdict(block, document.title == Some(at as u32));
    let kept = block.label == Label::Content;
    json!({ "kept": kept, "reason": reason, "score": block.score, "at": block.at.0, "kind": block.kind, "text": block.text })
}

fn verdict(block: &Block, is_title: bool) -> (&'static str, String) {
    match &block.label {
        Label::Content if is_title => ("kept", "title".to_owned()),
        Label::Content => ("kept", "content".to_owned()),
        Label::Boilerplate(reason) => ("removed", reason_text(reason)),
    }
}

/// `  (seen on 14 of 15 pages of this host)`
fn remembered_text(label: &Label) -> String {
    match label {
        Label::Boilerplate(Reason::SiteMemory { seen, of }) => format!("  (seen on {seen} of {of} pages of this host)"),
        _ => String::new(),
    }
}

/// `  ← link_share 0 +1.3, class_nav 2 -0.4`: each feature's value on its scale, and the log-odds it added or took.
fn moved_text(moved: &[Moved]) -> String {
    let one = |moved: &Moved| format!("{} {} {:+.1}", moved.feature, moved.value, moved.by);
    match moved {
        [] => String::new(),
        some => format!("  ← {}", some.iter().map(one).collect::<Vec<_>>().join(", ")),
    }
}

fn reason_text(reason: &Reason) -> String {
    match reason {
        Reason::SiteRule(rule) => format!("site_rule:{rule}"),
        Reason::SiteMemory { seen, of } => format!("site_memory:{seen}/{of}"),
        other => other.name().to_owned(),
    }
}
