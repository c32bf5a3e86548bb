//! The browser's processes and profile: started for one page, and gone after it.

use std::fs::{self, DirBuilder};
use std::io::{self, Read};
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::pipe::Pipe;
use crate::fetch::{Options, client};

/// A browser that was asked to close has so long before it is killed.
const CLOSE_MAX: Duration = Duration::from_secs(3);
/// Most bytes of what it says when it dies.
const LAST_WORDS_MAX: u64 = 2000;

/// How the folders of profiles are called, before the number of their process.
const PREFIX: &str = "gleaner-browser-";
/// One that nothing was put into for so long is nobody's, if its process is no more.
const LEFT_AFTER: Duration = Duration::from_secs(60 * 60);

/// Runs the browser with its pipes where it wants them. Whatever becomes of this program, the profile goes with the
/// browser, which ends when its pipe does.
const SHELL: &str =
    r#"ulimit -c 0; "$@" 3<&0 4>&1 </dev/null >/dev/null 2>"$0/log" || tail -c 2000 "$0/log" >&2; rm -rf -- "$0""#;

/// No sound, no calls home, no first-run pages, one process for pages, and no way to the network but the proxy.
const FLAGS: &[&str] = &[
    "--headless",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-sync",
    "--disable-features=MediaRouter,DialMediaRouteProvider,OptimizationHints,Translate,AutofillServerCommunication,WebTransport,\
     HttpsUpgrades,HttpsFirstBalancedModeAutoEnable",
    "--metrics-recording-only",
    "--mute-audio",
    "--password-store=basic",
    "--block-new-web-contents",
    "--renderer-process-limit=1",
    "--blink-settings=imagesEnabled=false",
    "--window-size=1280,2000",
    // Past a proxy: QUIC, WebRTC, and names looked up by the browser itself.
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--dns-prefetch-disable",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    // Loopback too goes through the proxy.
    "--proxy-bypass-list=<-loopback>",
];

/// What a browser is started with.
pub(super) struct Started<'a> {
    pub program: &'a Path,
    pub options: &'a Options,
    pub proxy: SocketAddr,
    /// The name under which the page's host is asked.
    pub agent: &'a str,
}

/// Killed with all its processes when dropped.
#[derive(Debug)]
pub(super) struct Browser {
    child: Child,
    profile: PathBuf,
    pub(super) pipe: Pipe,
}

/// The program of that name or path.
pub(super) fn find(name: &str) -> Option<PathBuf> {
    if name.contains('/') {
        return Some(PathBuf::from(name)).filter(|path| path.is_file());
    }
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(name)).find(|path| path.is_file())
}

impl Browser {
    pub(super) fn start(started: &Started<'_>) -> io::Result<Self> {
        let profile = new_folder()?;
        let mut command = command(started, &profile);
        let spawned = command.spawn();
        let mut child = spawned.inspect_err(|_| drop(fs::remove_dir_all(&profile)))?;
        let (to, from) = (child.stdin.take().expect("piped"), child.stdout.take().expect("piped"));
        // JSON may write a character as six.
        let most = 6 * usize::try_from(started.options.body_bytes_max).unwrap_or(usize::MAX / 8) + (1 << 20);
        match Pipe::new(to.into(), from.into(), most) {
            Ok(pipe) => Ok(Self { child, profile, pipe }),
            Err(error) => {
                end(&mut child, &profile);
                Err(error)
            }
        }
    }

    /// Bytes of memory that its processes have for themselves, where the system tells.
    pub(super) fn memory_bytes(&self) -> u64 {
        let group = self.child.id().to_string();
        let Ok(processes) = fs::read_dir("/proc") else { return 0 };
        processes.flatten().filter_map(|process| private_bytes(&process.path(), &group)).sum()
    }

    /// What it says about its end, once it has ended.
    pub(super) async fn last_words(&mut self) -> String {
        let ended = timeout(CLOSE_MAX, ended(&mut self.child)).await;
        let (Ok(()), Some(stderr)) = (ended, self.child.stderr.take()) else { return String::new() };
        let mut said = Vec::new();
        let _ = stderr.take(LAST_WORDS_MAX).read_to_end(&mut said);
        let said = String::from_utf8_lossy(&said);
        // Its warnings are long: the last line is why.
        said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default().chars().take(300).collect()
    }

    /// Ends it in good order, as far as it lets itself be ended.
    pub(super) async fn close(mut self) {
        let asked = timeout(CLOSE_MAX, async {
            self.pipe.send(None, "Browser.close", serde_json::json!({})).await?;
            // Nobody reads on: it must not wait for that.
            while self.pipe.next().await.is_ok() {}
            ended(&mut self.child).await;
            io::Result::Ok(())
        });
        let _ = asked.await;
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        end(&mut self.child, &self.profile);
    }
}

async fn ended(child: &mut Child) {
    while let Ok(None) = child.try_wait() {
        sleep(Duration::from_millis(20)).await;
    }
}

/// Kills the group while its first process is not waited for, so that its number is nobody else's.
fn end(child: &mut Child, profile: &Path) {
    if let Ok(None) = child.try_wait() {
        let group = format!("-{}", child.id());
        let _ = Command::new("/bin/sh").args(["-c", "kill -9 \"$0\" 2>/dev/null", &group]).status();
        let _ = child.kill();
        let _ = child.wait();
    }
    // The dying may still write.
    for _ in 0..50 {
        if !profile.exists() || fs::remove_dir_all(profile).is_ok() {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn command(started: &Started<'_>, profile: &Path) -> Command {
    let Started { program, options, proxy, agent } = started;
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(SHELL).arg(profile).arg(program).args(FLAGS);
    if !options.browser_sandbox {
        command.arg("--no-sandbox");
    }
    let agent = client::user_agent(options, agent).expect("the fetcher was made with it");
    let heap_mib = (options.render_memory_bytes_max / 2) >> 20;
    command
        .arg(format!("--user-data-dir={}", profile.join("profile").display()))
        .arg(format!("--proxy-server=http://{proxy}"))
        .arg(format!("--user-agent={}", agent.to_str().unwrap_or_default()))
        .arg(format!("--js-flags=--max-old-space-size={}", heap_mib.max(16)))
        .arg("about:blank");
    // Nothing of our environment is a page's business.
    let path = std::env::var_os("PATH").unwrap_or_default();
    command
        .env_clear()
        .env("PATH", path)
        .env("HOME", profile)
        .env("TMPDIR", profile)
        .env("TZ", "UTC")
        .env("LANG", "C.UTF-8");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    command
}

/// Removes the profiles that programs which are no more left behind. A program elsewhere that shares the folder but not
/// the numbers of processes has its profile for minutes only.
pub(super) fn sweep(folder: &Path) {
    let found = fs::read_dir(folder).into_iter().flatten().flatten();
    for profile in found.filter(|entry| is_of_the_dead(&entry.file_name().to_string_lossy())) {
        let age = profile.metadata().and_then(|about| about.modified()).ok().and_then(|at| at.elapsed().ok());
        if age.is_some_and(|age| age > LEFT_AFTER) {
            // Another user's is not ours to remove.
            let _ = fs::remove_dir_all(profile.path());
        }
    }
}

/// Whether that is the profile of a process that does not run; where nothing can tell, it does.
fn is_of_the_dead(name: &str) -> bool {
    let process = name.strip_prefix(PREFIX).and_then(|rest| rest.split_once('-')).map(|(process, _)| process);
    let all = Path::new("/proc");
    let Some(process) = process.and_then(|process| process.parse::<u32>().ok()) else { return false };
    all.join("self").exists() && !all.join(process.to_string()).exists()
}

/// A folder that was not there, for this user alone.
fn new_folder() -> io::Result<PathBuf> {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let name = format!("{PREFIX}{}-{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
    let folder = std::env::temp_dir().join(name);
    // One of a process that had the same number and was killed.
    let _ = fs::remove_dir_all(&folder);
    DirBuilder::new().mode(0o700).create(&folder)?;
    Ok(folder)
}

/// Of a process of that group: what is resident and not shared.
fn private_bytes(process: &Path, group: &str) -> Option<u64> {
    const PAGE_BYTES: u64 = 4096;
    let stat = fs::read_to_string(process.join("stat")).ok()?;
    // After the name in brackets: state, parent, group.
    if stat.rsplit_once(')')?.1.split_whitespace().nth(2) != Some(group) {
        return None;
    }
    let told = fs::read_to_string(process.join("statm")).ok()?;
    let mut pages = told.split_whitespace().skip(1).map(|pages| pages.parse::<u64>().unwrap_or(0));
    Some(pages.next()?.saturating_sub(pages.next()?) * PAGE_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_of_the_dead_are_swept() {
        let folder = tempfile::tempdir().expect("a folder");
        let of = |name: String, hours: u64| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.join("profile")).expect("a new folder");
            let at = fs::metadata(&path).and_then(|about| about.modified()).expect("it has a time");
            let opened = fs::File::open(&path).expect("it is there");
            opened.set_modified(at - Duration::from_secs(hours * 3600)).expect("it is ours");
            path
        };
        // Beyond the largest number that a process can have.
        let dead = of(format!("{PREFIX}99999999-0"), 2);
        let kept = [
            of(format!("{PREFIX}99999999-1"), 0),
            of(format!("{PREFIX}{}-0", std::process::id()), 2),
            of(format!("{PREFIX}mine"), 2),
            of("other-99999999-0".to_owned(), 2),
        ];
        sweep(folder.path());
        assert!(!dead.exists() && kept.iter().all(|path| path.exists()), "{:?}", fs::read_dir(folder.path()));
    }
}
