//! SIGKILL at any instant: what was told is kept, and no more than what was in flight is fetched again.

use std::collections::HashSet;
use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::place;
use crate::support::random::Random;
use crate::support::server::{Reply, Server};
use crate::support::sim::story;

/// Two sites, so that two visits at most are in flight at any moment.
const SITES: usize = 2;

fn site(pages: usize) -> Server {
    Server::open(move |request| match request.path.as_str() {
        "/map.xml" => {
            let entries: String = (0..pages).map(|n| format!("<url><loc>/p{n}</loc></url>")).collect();
            Reply::new(200, &[("content-type", "application/xml")], format!("<urlset>{entries}</urlset>").as_bytes())
        }
        path => Reply::html(&story(path)),
    })
}

/// Requests of all sites, pages, lists and robots.txt alike.
fn requests(sites: &[Server]) -> usize {
    sites.iter().map(|site| site.log().len()).sum()
}

/// Requests of a site beyond the first for each path.
fn again(site: &Server) -> usize {
    let paths = site.paths();
    paths.len() - paths.iter().collect::<HashSet<_>>().len()
}

fn killed_often(kills: usize, seed: u64) {
    // More than so many runs get through before they are killed.
    let pages = (kills * 4).clamp(40, 4000);
    let sites: Vec<Server> = (0..SITES).map(|_| site(pages)).collect();
    let table = |(n, site): (usize, &Server)| {
        let url = site.url("/map.xml");
        format!("[[schedule]]\nname = \"m{n}\"\nkind = \"sitemap\"\nurl = \"{url}\"\nevery = \"30d\"\nlimit = 100000\n")
    };
    let place = place(&sites.iter().enumerate().map(table).collect::<String>());
    let mut random = Random::new(seed);
    let mut told: HashSet<String> = HashSet::new();
    let mut killed = 0;
    for _ in 0..kills {
        // At no time was more asked again of a site than what a kill had cut off.
        for site in &sites {
            let again = again(site);
            assert!(again <= killed, "{again} again after {killed} kills");
        }
        let mut child = place
            .command(&["run", "--json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program runs");
        let until = requests(&sites) + random.below(9);
        let patience = Instant::now() + Duration::from_secs(20);
        while requests(&sites) < until && Instant::now() < patience && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_micros(random.next() % 20_000));
        child.kill().unwrap();
        let output = child.wait_with_output().unwrap();
        killed += usize::from(output.status.signal() == Some(9));
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        // The last line may be cut off in the middle: then it was not told.
        let whole = stdout.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        told.extend(whole.filter(|line| line["type"] == "capture").map(|line| line["id"].as_str().unwrap().to_owned()));
    }
    let (code, last) = place.json(&["run"]);
    assert_eq!(code, 0, "{:?}", last.last());
    told.extend(crate::cli::ids(&last));
    let (_, listed) = place.json(&["list"]);
    let kept: HashSet<String> = crate::cli::ids(&listed).into_iter().collect();
    let lost = told.difference(&kept).count();
    let (all, again) = (requests(&sites), sites.iter().map(again).collect::<Vec<_>>());
    println!(
        "{killed} kills: {} captures told, {lost} lost; {SITES} sites of {pages} pages, {all} requests, {again:?} of them again \
         (in flight: at most one of each site)",
        told.len(),
    );
    assert_eq!(lost, 0);
    for site in &sites {
        let fetched: HashSet<String> = site.paths().into_iter().filter(|path| path.starts_with("/p")).collect();
        assert_eq!(fetched.len(), pages, "every page was fetched in the end");
        assert!(again.iter().all(|again| *again <= killed), "{again:?} again");
    }
    let (_, due) = place.json(&["run", "--dry-run"]);
    assert_eq!(due.last().unwrap()["due"], 0, "nothing is left behind");
    assert_eq!(place.run(&["check"]).code, 0);
}

#[test]
fn nothing_told_is_lost_by_a_few_kills() {
    killed_often(20, 1);
}

/// `cargo test --release --test it thousand_kills -- --ignored --nocapture`
#[test]
#[ignore = "takes minutes"]
fn nothing_told_is_lost_by_a_thousand_kills() {
    killed_often(1000, 2);
}
