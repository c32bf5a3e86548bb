#!/usr/bin/env python3
"""Site memory, measured on real multi-page sites: the HTML documentation of Debian packages, served on loopback.

    apt-get download apache2-doc python3.11-doc … && python3 tests/bench/site_memory.py --gleaner target/release/gleaner *.deb

Each package is fetched with `gleaner add` without site memory, then read again with it (`re-extract`). The truth is the
text of the element that the documentation's own generator puts the text into (SITES below). Printed for each package and
in all, without and with memory: words kept that are not the text (chrome kept) and words of the text not kept (body lost),
both in percent of the text's words, and how many pages lost more than LOSS_TOLD words to the memory.
"""

import argparse, collections, gzip, http.server, json, os, pathlib, random, re, subprocess, tempfile, threading
from html.parser import HTMLParser

VOID = set("area base br col embed hr img input link meta param source track wbr".split())
UNSEEN = {"script", "style", "noscript", "template", "head", "button"}
# A page that loses more words than this to the memory is counted.
LOSS_TOLD = 5


def has(name, value):
    """Whether an element has a class or id of that name, or is such an element."""
    def test(tag, attributes):
        return value in (attributes.get(name) or "").split()
    return test


def tag_is(*tags):
    return lambda tag, attributes: tag in tags


# Where each package's pages lie, which element holds the text, and what within it is no text.
SITES = {
    "apache2-doc": ("**/manual/**/*.html*", r"/manual/(?!(?:da|de|es|fr|ja|ko|pt-br|ru|tr|zh-cn)/).*\.html(\.en)?$",
                    has("id", "page-content"), [has("class", "toplang"), has("class", "bottomlang"), has("id", "comments_section"), has("id", "quickview"), has("class", "menu"), has("class", "seealso"), has("class", "up")]),
    "python3.11-doc": ("**/*.html", r"", has("role", "main"), [has("class", "headerlink"), has("class", "footer")]),
    "debian-policy": ("**/*.html", r"", has("role", "main"), [has("class", "headerlink")]),
    "postgresql-doc-15": ("**/*.html", r"", tag_is("body"), [has("class", "navheader"), has("class", "navfooter")]),
    "exim4-doc-html": ("**/*.html", r"", has("id", "content"), [has("class", "navigation"), has("class", "navheader"), has("class", "navfooter"), has("class", "navigation"), tag_is("nav")]),
    "qtbase5-doc-html": ("**/*.html", r"/qt(core|network|sql|test|gui|widgets)/", has("class", "mainContent"), [has("class", "sidebar"), has("class", "toc"), has("class", "navigationbar")]),
    "libgtk-3-doc": ("**/*.html", r"", has("class", "refentry"), []),
    "git-doc": ("**/*.html", r"", tag_is("body"), [has("id", "footer"), has("id", "footer-text")]),
    "debian-handbook": ("**/html/en-US/*.html", r"", tag_is("body"), [has("class", "docnav"), has("class", "nav"), has("class", "menu"), has("id", "title")]),
    "sqlite3-doc": ("**/*.html*", r"", tag_is("body"), [has("class", "nosearch"), has("class", "fancy_toc")]),
}


class Text(HTMLParser):
    """The text of the first element that `main` knows, without what `drops` know."""

    def __init__(self, main, drops):
        super().__init__()
        self.main, self.drops = main, drops
        self.open, self.parts = [], []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        inside, dropped = self.open[-1][1:] if self.open else (False, False)
        self.parts.append(" ")
        if tag in VOID:
            return
        inside = inside or self.main(tag, attributes)
        dropped = dropped or tag in UNSEEN or any(drop(tag, attributes) for drop in self.drops)
        self.open.append((tag, inside, dropped))

    def handle_endtag(self, tag):
        self.parts.append(" ")
        for at in range(len(self.open) - 1, -1, -1):
            if self.open[at][0] == tag:
                del self.open[at:]
                return

    def handle_data(self, data):
        if self.open and self.open[-1][1] and not self.open[-1][2]:
            self.parts.append(data)


def words(text):
    return collections.Counter(re.findall(r"\w+", text.lower()))


def truth(html, site):
    reader = Text(site[2], site[3])
    reader.feed(html)
    return words("".join(reader.parts))


def serve(pages):
    """Serves pages by path; gives the server."""
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            body = pages.get(self.path)
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def load(folder, site, count):
    """A sample of a package's pages, by path."""
    files = sorted(path for path in folder.glob(site[0]) if path.is_file() and not path.is_symlink() and re.search(site[1], str(path)))
    chosen = sorted(random.Random(1).sample(files, min(count, len(files))))
    read = lambda path: gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return {"/" + "/".join(path.relative_to(folder).parts[-3:]).removesuffix(".gz"): read(path) for path in chosen}


def texts(run, urls):
    shown = [subprocess.run(run("show", url, "--json"), capture_output=True, text=True, env=ENV).stdout for url in urls]
    return [json.loads(lines.splitlines()[0]).get("text") or "" for lines in shown]


def measure(gleaner, pages, site, show):
    """The rows of one package: (truth, kept without, kept with) for each page."""
    server = serve(pages)
    base = f"http://127.0.0.1:{server.server_port}"
    truths = {path: truth(body.decode("utf-8", "replace"), site) for path, body in pages.items()}
    paths = [path for path in pages if sum(truths[path].values()) >= 50]
    urls = [base + path for path in paths]
    with tempfile.TemporaryDirectory() as folder:
        run = lambda *words: [gleaner, "-a", f"{folder}/a", *words]
        pathlib.Path(folder, "urls").write_text("\n".join(urls))
        subprocess.run(run("add", f"{folder}/urls", "--quiet"), env={**ENV, "GLEANER_ARCHIVE_SITE_MEMORY": "false"}, stdout=subprocess.DEVNULL)
        before = texts(run, urls)
        subprocess.run(run("re-extract", "--quiet"), env=ENV, stdout=subprocess.DEVNULL)
        after = texts(run, urls)
        if show:
            tell_lines(before, after, paths, truths)
    server.shutdown()
    return [(truths[path], words(old), words(new)) for path, old, new in zip(paths, before, after)]


def tell_lines(before, after, paths, truths):
    """What the memory took, with how much of it is text."""
    lines = collections.Counter()
    for old, new, path in zip(before, after, paths):
        gone = collections.Counter(old.splitlines()) - collections.Counter(new.splitlines())
        for line, count in gone.items():
            own = words(line)
            is_text = sum((own & truths[path]).values()) / max(1, sum(own.values()))
            lines[(line[:100], "text?" if is_text > 0.8 else "chrome")] += count
    for (line, kind), count in lines.most_common(25):
        print(f"    {count:4} {kind:7} {line}")


def tell(name, rows):
    total = sum(sum(true.values()) for true, _, _ in rows) or 1
    share = lambda value: f"{100 * value / total:7.2f}"
    figures = []
    for at in (1, 2):
        figures.append(share(sum(sum((row[at] - row[0]).values()) for row in rows)))
        figures.append(share(sum(sum((row[0] - row[at]).values()) for row in rows)))
    lost = sum(sum(((row[0] & row[1]) - row[2]).values()) > LOSS_TOLD for row in rows)
    print(f"{name:20} {len(rows):5} {total:9} | {figures[0]} {figures[1]} | {figures[2]} {figures[3]} | {lost}")


ENV = {**os.environ, "GLEANER_FETCH_ALLOW_ADDRESSES": "127.0.0.1", "GLEANER_FETCH_DELAY": "0s"}


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--gleaner", default="target/release/gleaner")
    arguments.add_argument("--pages", type=int, default=100, help="pages of each package")
    arguments.add_argument("--show", action="store_true", help="show the lines that the memory took")
    arguments.add_argument("debs", nargs="+", help="packages, or folders they were unpacked to")
    arguments = arguments.parse_args()
    gleaner = os.path.abspath(arguments.gleaner)
    print(f"{'package':20} pages     words |  chrome    lost |  chrome    lost | pages that lost text")
    print(f"{'':36} | without memory  | with memory     |")
    everything = []
    for deb in arguments.debs:
        name = pathlib.Path(deb).name.split("_")[0]
        if name not in SITES:
            continue
        with tempfile.TemporaryDirectory() as folder:
            if os.path.isfile(deb):
                subprocess.run(["dpkg-deb", "-x", deb, folder], check=True)
            pages = load(pathlib.Path(folder if os.path.isfile(deb) else deb), SITES[name], arguments.pages)
            rows = measure(gleaner, pages, SITES[name], arguments.show)
        tell(name, rows)
        everything += rows
    tell("all", everything)


if __name__ == "__main__":
    main()
