//! `dedup` on more inputs than a program may have open.

#![cfg(unix)]

use std::process::Command;

use serde_json::json;

use super::fake::words;
use crate::cli::{Place, ended};

#[test]
fn more_inputs_than_may_be_open_are_read_one_after_another() {
    const SHARDS: u64 = 100;
    let place = Place::new();
    let line = |id: u64, text: &str| format!("{}\n", json!({"id": id, "text": text}));
    let mut names = Vec::new();
    for shard in 0..SHARDS {
        let mut lines: String = (shard * 8..shard * 8 + 8).map(|id| line(id, &words(id, 60))).collect();
        // So few are alike that they alone are read once more.
        if shard % 20 == 10 {
            lines += &line(8 * SHARDS + shard, &format!("{} at last", words(shard * 8 - 40, 60)));
        }
        names.push(format!("{shard}.jsonl"));
        place.write(&names[shard as usize], lines);
    }
    for more in [&["-o", "out"][..], &["-o", "again", "--state", "state"], &["-o", "last", "--state", "state"]] {
        let gleaner = place.command(&[]);
        let mut shell = Command::new("sh");
        shell.args(["-c", "ulimit -n 40 && exec \"$0\" \"$@\""]).arg(gleaner.get_program()).arg("dedup");
        let ended = ended(shell.args(&names).args(more).current_dir(place.folder.path()).output().unwrap());
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        let clusters = std::fs::read_to_string(place.path(more[1]).join("clusters.jsonl")).unwrap();
        assert_eq!(clusters.matches("near-duplicate").count(), 5);
    }
}
