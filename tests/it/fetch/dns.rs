//! Names that change their mind, told by a real DNS server in a network of the test's own (Linux, as root).

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, TcpListener, UdpSocket};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::cli::Place;

/// An address of the public network; within the test's own network it is this machine's.
const PUBLIC: Ipv4Addr = Ipv4Addr::new(93, 184, 216, 34);
const INSIDE: Ipv4Addr = Ipv4Addr::LOCALHOST;

/// A name that first leads to a public address and then to this machine reaches nothing on it.
#[test]
fn a_name_that_turns_inwards_reaches_nothing() {
    let me = std::env::current_exe().expect("the test binary");
    let mut command = Command::new("unshare");
    command.args(["--net", "--mount"]).arg(me);
    command.args(["fetch::dns::in_a_network_of_its_own", "--exact", "--include-ignored", "--nocapture"]);
    let Ok(output) = command.output() else { return skipped("there is no `unshare`") };
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    if text.contains("Operation not permitted") || text.contains("SKIPPED") {
        return skipped(text.trim());
    }
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

fn skipped(why: &str) {
    eprintln!("=== SKIPPED: NO NETWORK OF ITS OWN FOR THE DNS SERVER (run as root on Linux): {why} ===");
}

#[test]
#[ignore = "run by a_name_that_turns_inwards_reaches_nothing"]
fn in_a_network_of_its_own() {
    let place = Place::new();
    let resolv = place.write("resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n");
    let resolv = resolv.to_str().expect("a plain path");
    let names = place.write("nsswitch.conf", "hosts: dns\n");
    let public = format!("{PUBLIC}/32");
    for words in [
        &["ip", "link", "set", "lo", "up"][..],
        &["ip", "address", "add", &public, "dev", "lo"],
        &["mount", "--bind", resolv, "/etc/resolv.conf"],
        &["mount", "--bind", names.to_str().expect("a plain path"), "/etc/nsswitch.conf"],
    ] {
        match Command::new(words[0]).args(&words[1..]).output() {
            Ok(done) if done.status.success() => {}
            other => return println!("SKIPPED: {words:?}: {other:?}"),
        }
    }
    // What the name leads to, by how often it was asked for.
    let asked = Arc::new(AtomicUsize::new(0));
    let told: Arc<Mutex<Vec<Vec<Ipv4Addr>>>> = Arc::default();
    dns(Arc::clone(&asked), Arc::clone(&told));
    let outside = TcpListener::bind((PUBLIC, 0)).expect("the address is this machine's");
    let port = outside.local_addr().expect("an address").port();
    let inside = TcpListener::bind((INSIDE, port)).expect("a port of its own");
    let [outside, inside] = [outside, inside].map(count);
    let add = |path: &str| {
        let mut command = place.command(&["--json", "add", &format!("http://turns.example:{port}{path}")]);
        let output = command.env_remove("GLEANER_FETCH_ALLOW_ADDRESSES").output().expect("the program runs");
        let lines = crate::cli::lines(&String::from_utf8_lossy(&output.stdout));
        lines.iter().find(|line| line["type"] == "capture").expect("a capture")["outcome"].as_str().map(str::to_owned)
    };
    let set = |answers: &[&[Ipv4Addr]]| {
        asked.store(0, Ordering::SeqCst);
        *told.lock().expect("no panic") = answers.iter().map(|answer| answer.to_vec()).collect();
    };
    // Public at every look: the page comes, from the public address.
    set(&[&[PUBLIC]]);
    assert_eq!(add("/a").as_deref(), Some("ok"));
    assert!(asked.load(Ordering::SeqCst) > 0, "the name was asked for here");
    let came = outside.load(Ordering::SeqCst);
    assert!(came > 0);
    // Turned inwards between two visits, or at the second look of one.
    set(&[&[INSIDE]]);
    assert_eq!(add("/b").as_deref(), Some("address"));
    set(&[&[PUBLIC], &[INSIDE]]);
    add("/c");
    // Both at once: what is inside is not an answer.
    set(&[&[INSIDE, PUBLIC]]);
    add("/d");
    assert_eq!(inside.load(Ordering::SeqCst), 0, "nobody came in");
    assert!(outside.load(Ordering::SeqCst) >= came);
}

/// Answers with pages and counts who comes.
fn count(listener: TcpListener) -> Arc<AtomicUsize> {
    let count = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&count);
    std::thread::spawn(move || {
        for mut connection in listener.incoming().flatten() {
            seen.fetch_add(1, Ordering::SeqCst);
            let mut request = [0; 4096];
            let read = connection.read(&mut request).unwrap_or(0);
            let is_page = !String::from_utf8_lossy(&request[..read]).contains("robots.txt");
            let body = if is_page { crate::support::sim::story("/turns") } else { String::new() };
            let (status, kind) = if is_page { ("200 OK", "text/html") } else { ("404 Not Found", "text/plain") };
            let _ = write!(
                connection,
                "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
        }
    });
    count
}

/// A DNS server (RFC 1035, section 4) on its port: addresses of `A` questions in turn, the last answer for ever, no others.
fn dns(asked: Arc<AtomicUsize>, told: Arc<Mutex<Vec<Vec<Ipv4Addr>>>>) {
    let socket = UdpSocket::bind((IpAddr::V4(Ipv4Addr::LOCALHOST), 53)).expect("a port of its own");
    std::thread::spawn(move || {
        let mut question = [0; 512];
        while let Ok((length, from)) = socket.recv_from(&mut question) {
            let name_end = 12 + question[12..length].iter().position(|&byte| byte == 0).unwrap_or(0) + 1;
            let is_address = question[name_end..name_end + 2] == [0, 1];
            let answers = if is_address {
                let (told, at) = (told.lock().expect("no panic"), asked.fetch_add(1, Ordering::SeqCst));
                told.get(at).or(told.last()).cloned().unwrap_or_default()
            } else {
                Vec::new()
            };
            let mut reply = question[..2].to_vec();
            reply.extend([0x81, 0x80, 0, 1, 0, answers.len() as u8, 0, 0, 0, 0]);
            reply.extend_from_slice(&question[12..name_end + 4]);
            for address in answers {
                // The name again, an address, held for no time at all.
                reply.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]);
                reply.extend(address.octets());
            }
            let _ = socket.send_to(&reply, from);
        }
    });
}
