//! Pages cut, doubled, spliced and sprinkled with markup: what holds of every document holds of these.
//!
//! The same pages on every run; `GLEANER_MUTATIONS=N` makes more of them.

use std::path::Path;

use crate::support::invariants;

const MUTATIONS: usize = 150;
/// Longer pages are cut before they are changed.
const PAGE_BYTES_MAX: usize = 20_000;

/// What real pages break on.
const BITS: &[&[u8]] = &[
    b"<p>",
    b"</p>",
    b"<div class=post>",
    b"</div>",
    b"<table>",
    b"<tr>",
    b"<td>",
    b"</table>",
    b"<a href=/user/1>",
    b"</a>",
    b"<b>",
    b"</b>",
    b"<li>",
    b"<ul>",
    b"<ol start=99999999999>",
    b"<blockquote>",
    b"<pre>",
    b"<code class=language-x>",
    b"<br>",
    b"<br><br>",
    b"<!--",
    b"-->",
    b"<script>",
    b"</script>",
    b"<style>",
    b"<noscript>",
    b"</noscript>",
    b"<template>",
    b"<svg>",
    b"<math>",
    b"<title>",
    b"<h1>",
    b"<img alt='\xf0\x9f\x98\x80'>",
    b"<img alt=word src=x>",
    b"<select><option>",
    b"<textarea>",
    b"<frameset>",
    b"<plaintext>",
    b"<time datetime=2024-02-30>",
    b"12 June 2024",
    b"by Jane Doe",
    b"<article>",
    b"<form>",
    b"<button>",
    b"<input type=submit>",
    b"&amp;",
    b"&#0;",
    b"&#x110000;",
    b"&nbsp",
    b"\0",
    b"\xff",
    b"\xc3\x28",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xe2\x80\x8b",
    b"\xcc\x81",
    b"\xe4\xb8\xad\xe6\x96\x87",
    b"<meta charset=shift_jis>",
    b"<base href='http://['>",
    b"<link rel=canonical href='//'>",
    b"</html>",
    b"<body hidden>",
    b"<p style='display:none'>",
    b"<td colspan=4294967295>",
    b"<dl><dt>",
    b"<dd>",
    b"<a",
    b"='",
    b"\">",
    b"<script type='application/ld+json'>{\"@type\":\"Article\",\"author\":[[{\"name\":\"A\"}]]}</script>",
];

/// Numbers that look random and are the same on every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    fn range(&mut self, bytes: &[u8], longest: usize) -> std::ops::Range<usize> {
        let start = self.below(bytes.len() + 1);
        let length = self.below(longest);
        start..bytes.len().min(start + length)
    }

    fn change(&mut self, page: &mut Vec<u8>, other: &[u8]) {
        match self.below(7) {
            0 => drop(page.drain(self.range(page, 400))),
            1 => {
                let doubled = page[self.range(page, 400)].to_vec();
                let times = 1 + self.below(30);
                let at = self.below(page.len() + 1);
                page.splice(at..at, doubled.repeat(times));
            }
            2 => {
                let part = other[self.range(other, 2000)].to_vec();
                let at = self.below(page.len() + 1);
                page.splice(at..at, part);
            }
            3 => {
                let at = self.below(page.len() + 1);
                page.truncate(at.max(page.len() / 2));
            }
            4 if !page.is_empty() => {
                let at = self.below(page.len());
                page[at] = self.next() as u8;
            }
            _ => {
                let at = self.below(page.len() + 1);
                page.splice(at..at, BITS[self.below(BITS.len())].iter().copied());
            }
        }
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("the pages").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let pages = paths.iter().filter_map(|path| std::fs::read(path.join("source.html")).ok());
    pages.map(|page| page[..page.len().min(PAGE_BYTES_MAX)].to_vec()).collect()
}

#[test]
fn changed_pages_keep_what_always_holds() {
    let asked = std::env::var("GLEANER_MUTATIONS").ok().and_then(|asked| asked.parse().ok());
    let seeds = seeds();
    assert!(seeds.len() > 20, "{} pages", seeds.len());
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    for number in 0..asked.unwrap_or(MUTATIONS) {
        let mut page = seeds[random.below(seeds.len())].clone();
        for _ in 0..1 + random.below(12) {
            let other = &seeds[random.below(seeds.len())];
            random.change(&mut page, other);
        }
        let kind = ["text/html", "text/html", "text/html; charset=utf-8", "text/plain"][random.below(4)];
        let checked = std::panic::catch_unwind(|| invariants::check(&page, kind));
        if checked.is_err() {
            let kept = std::env::temp_dir().join(format!("gleaner-mutation-{number}.html"));
            std::fs::write(&kept, &page).expect("the page can be kept");
            panic!("mutation {number} as {kind} breaks what holds of every document; it is kept in {}", kept.display());
        }
    }
}

#[test]
fn the_pages_themselves_keep_it() {
    seeds().iter().for_each(|page| drop(invariants::check(page, "text/html")));
}
