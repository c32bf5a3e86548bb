//! `gleaner explain`: every block, kept or removed, and why.

use anyhow::Result;
use serde_json::json;

use super::{extract, find, show};
use crate::cli::args::{Explain, Global};
use crate::cli::context;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::document::{Block, Document, Label, Reason};

pub fn run(global: &Global, flags: &Explain, output: &Output) -> Result<Exit> {
    let loaded = context::config_with(global, flags.extraction.flags())?;
    let options = loaded.config.extract.clone();
    let document = if extract::is_file(&flags.what) {
        let input = extract::read(&flags.what, None)?;
        input.extract(&options)
    } else {
        let archive = loaded.archive()?;
        let Some(capture) = find::capture(&archive, &flags.what, None)? else {
            output.note(&format!("nothing in the archive for `{}`", flags.what));
            output.record("summary", &json!({ "blocks": 0 }));
            return Ok(Exit::No);
        };
        let Some(document) = show::document(&archive, &capture, &options)? else {
            output.note("the raw bytes of this capture are not kept, so its blocks cannot be shown");
            output.record("summary", &json!({ "blocks": 0 }));
            return Ok(Exit::No);
        };
        document
    };
    print(&document, flags, output);
    Ok(if document.blocks.iter().any(|block| block.label == Label::Content) { Exit::Done } else { Exit::No })
}

fn print(document: &Document, flags: &Explain, output: &Output) {
    for (at, block) in document.blocks.iter().enumerate() {
        let kept = block.label == Label::Content;
        if (flags.removed && kept) || (flags.kept && !kept) {
            continue;
        }
        let is_title = document.title == Some(at as u32);
        let (verdict, reason) = verdict(block, is_title);
        output.line(&format!("{verdict:<8}{reason:<22}{:.2}  {}  {}", block.score, block.at.0, block.text));
        output.record(
            "block",
            &json!({
                "kept": kept, "reason": reason, "score": block.score, "at": block.at.0, "kind": block.kind, "text": block.text,
            }),
        );
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

fn verdict(block: &Block, is_title: bool) -> (&'static str, String) {
    match &block.label {
        Label::Content if is_title => ("kept", "title".to_owned()),
        Label::Content => ("kept", "content".to_owned()),
        Label::Boilerplate(reason) => ("removed", reason_text(reason)),
    }
}

fn reason_text(reason: &Reason) -> String {
    match reason {
        Reason::SiteRule(rule) => format!("site_rule:{rule}"),
        Reason::SiteMemory { seen, of } => format!("site_memory:{seen}/{of}"),
        other => other.name().to_owned(),
    }
}
