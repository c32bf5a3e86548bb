"""Pages per second of gleaner beside others: the same generated site on loopback, the same run, nobody waits out of politeness.

    python3 tests/bench/fetch/peers.py --gleaner target/release/gleaner [--python VENV/bin/python] [--hosts 32] [--pages 60]

Peers that are not installed are left out: Scrapy with trafilatura (of `--python`), wget, wget2, spider.
"""

import argparse
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent


def main():
    options = arguments()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="gleaner-fetch-", dir=options.folder))
    server = serve(options, folder)
    try:
        urls = folder / "urls.txt"
        addresses = [f"{base}/page-{page}.html" for base in bases(options) for page in range(options.pages)]
        urls.write_text("\n".join(addresses) + "\n")
        load = os.getloadavg()[0]
        print(f"{len(addresses)} pages of {options.hosts} hosts, {os.cpu_count()} cores, {time.strftime('%F')}, load {load:.1f}\n")
        print("| what | does | pages | pages/s | of a core | wall s | CPU s | peak MiB | written MiB |")
        print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
        for name, does, prepare in PEERS:
            for turn in range(options.repeat):
                work = folder / f"{prepare.__name__}-{turn}"
                work.mkdir()
                task = prepare(options, work, urls)
                if task:
                    row(name, does, work, *task)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()
        shutil.rmtree(folder)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gleaner", default="target/release/gleaner")
    parser.add_argument("--python", default=sys.executable, help="a Python with scrapy and trafilatura")
    parser.add_argument("--hosts", type=int, default=32)
    parser.add_argument("--pages", type=int, default=60, help="pages of a host")
    parser.add_argument("--port", type=int, default=18080)
    parser.add_argument("--at-once", type=int, default=32, help="requests at the same time")
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--folder", help="where the peers write: a disk, not a memory, for syncs that count")
    return parser.parse_args()


def serve(options, folder):
    site = folder / "site"
    subprocess.run(["rustc", "--edition", "2024", "-O", HERE / "site.rs", "-o", site], check=True)
    server = subprocess.Popen([site, str(options.port), str(options.hosts), str(options.pages)], stdout=subprocess.PIPE)
    server.stdout.readline()
    return server


def bases(options):
    """The addresses that `site.rs` listens on."""
    return [f"http://127.0.{host // 250}.{host % 250 + 1}:{options.port}" for host in range(1, options.hosts + 1)]


def row(name, does, work, version, command, environment, count):
    started = time.monotonic()
    with open(work / "log.txt", "wb") as log:
        process = subprocess.Popen(command, cwd=work, stdout=log, stderr=log, env=os.environ | environment)
        _, _, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - started
    pages = count(work)
    cpu = used.ru_utime + used.ru_stime
    # On a machine that others use too, pages by the time had of the cores tell more than those by the clock.
    cells = [f"{name} {version}", does, f"{pages}", f"{pages / wall:.0f}", f"{pages / max(cpu, 0.01):.0f}", f"{wall:.1f}"]
    cells += [f"{cpu:.1f}", f"{used.ru_maxrss / 1024:.0f}", f"{size(work) / 2**20:.1f}"]
    print("| " + " | ".join(cells) + " |", flush=True)


def size(work):
    return sum(path.stat().st_size for path in work.rglob("*") if path.is_file() and path.name != "log.txt")


def version(*command):
    """The first word of what a program says of itself that begins with a digit; nothing where it is not there."""
    try:
        told = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return next((word for word in told.stdout.split() if word[:1].isdigit()), "")


def gleaner_settings(options, work):
    """Nobody waits, and loopback may be called; everything else is as it comes."""
    settings = f'[fetch]\ndelay = "0s"\naddress_delay = "0s"\nconcurrency = {options.at_once}\nallow_addresses = ["127.0.0.0/8"]\n'
    (work / "gleaner.toml").write_text(settings + f'\n[archive]\nfolder = "{work / "archive"}"\n')


def gleaner_count(options):
    def count(work):
        told = subprocess.run([options.gleaner, "list", "--json"], cwd=work, capture_output=True, text=True, check=True)
        return sum('"outcome":"ok"' in line and "page-" in line for line in told.stdout.splitlines())

    return count


def gleaner_add(options, work, urls):
    options.gleaner = str(pathlib.Path(options.gleaner).resolve())
    known = version(options.gleaner, "--version")
    gleaner_settings(options, work)
    command = ["sh", "-c", 'exec "$0" add - < "$1"', options.gleaner, str(urls)]
    return known and (known, command, {}, gleaner_count(options))


def gleaner_run(options, work, urls):
    known = version(options.gleaner, "--version")
    gleaner_settings(options, work)
    with open(work / "gleaner.toml", "a") as settings:
        settings.write(f'\n[[schedule]]\nname = "site"\nkind = "urls"\nfile = "{urls}"\nevery = "7d"\nlimit = 10000000\n')
    return known and (known, [options.gleaner, "run"], {}, gleaner_count(options))


def scrapy(options, work, urls):
    both = version(options.python, "-c", "import scrapy, trafilatura; print(f'{scrapy.__version__}+{trafilatura.__version__}')")
    environment = {"URLS": str(urls), "AT_ONCE": str(options.at_once)}
    return both and (both, [options.python, str(HERE / "scrapy_spider.py")], environment, lines_with_text)


def lines_with_text(work):
    with open(work / "pages.jsonl", "rb") as lines:
        return sum(b'"text": "' in line for line in lines)


def wget_warc(options, work, urls):
    known = version("wget", "--version")
    command = ["wget", "-q", "-i", str(urls), "--warc-file=site", "--delete-after", "-nd", "-P", "pages"]
    return known and (known, command, {}, warc_count)


def warc_count(work):
    packed = subprocess.run(["gzip", "-dc", work / "site.warc.gz"], capture_output=True, check=True).stdout
    return packed.count(b"WARC-Type: response")


def wget2_files(options, work, urls):
    known = version("wget2", "--version")
    command = ["wget2", "-q", "-i", str(urls), f"--max-threads={options.at_once}", "-x", "-P", "pages"]
    return known and (known, command, {}, lambda work: sum(1 for _ in (work / "pages").rglob("page-*")))


def spider_files(options, work, urls):
    return spider(options, "download -t pages-$0", lambda work: sum(1 for _ in work.glob("pages-*/page-*")))


def spider_scrape(options, work, urls):
    return spider(options, "scrape > $0.json", lambda work: sum(told(file) for file in work.glob("*.json")))


def told(file):
    return sum(1 for line in file.read_text().splitlines() if line.lstrip().startswith('"url":') and "/page-" in line)


def spider(options, what, count):
    """It takes one site at a time, from its front: so as many of it run at once as others have requests."""
    known = version("spider", "--version")
    fronts = "".join(f"{number} {base}/\n" for number, base in enumerate(bases(options)))
    one = f"spider --http --url $1 --respect-robots-txt --depth 1 {what}"
    command = ["sh", "-c", f"printf '{fronts}' | xargs -P {options.at_once} -n 2 sh -c '{one}'"]
    return known and (known, command, {}, count)


PEERS = [
    ("gleaner add", "fetch, extract, archive with raw bytes, each batch synced", gleaner_add),
    ("gleaner run", "the same through the frontier: kills cost nothing", gleaner_run),
    ("Scrapy+trafilatura", "fetch, extract, JSON lines, synced at the end", scrapy),
    ("wget --warc-file", "fetch one after the other, WARC, no text", wget_warc),
    ("wget2", "fetch, files, no text", wget2_files),
    ("spider download", "fetch, files, no text; a process a site", spider_files),
    ("spider scrape", "fetch, whole pages as markdown; a process a site", spider_scrape),
]

if __name__ == "__main__":
    main()
