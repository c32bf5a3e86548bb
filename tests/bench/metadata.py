#!/usr/bin/env python3
"""Title, authors and date of publication against a truth (standard library only).

  metadata.py DATA OURS.jsonl [--peer trafilatura | --peer PEER.jsonl] [--wrong title|author|date]

DATA/truth/ID.json holds ground_truth.{title,author,publish_date} and url; OURS holds JSON lines
{"id", "metadata": {"title", "authors": [...], "published", "sources": {...}}}, as `extract --batch` writes them; so does PEER.jsonl.
`--peer trafilatura` runs it on DATA/html/ID.html (needs the package) with the page's address, as it is best called.

right  title: word F1 >= 0.8 with the truth. author: the same set of last names. date: the same day (the month
       where the truth has no more).
equal  title: the same words in the same order. author: the same set of full names. date: as right.
recall = right / pages with a truth, precision = right / pages with a truth for which a value was given,
extra  = values given where the truth has none (not counted: the truth is silent, which is not "none").
"""
import argparse
import json
import re
import unicodedata
from collections import Counter
from pathlib import Path

WORD = re.compile(r"\w+")
DEGREE = re.compile(r"^(?:[A-Z]\.?){2,6}$|^(?:Ph\.?D|PharmD|PsyD|Esq|Jr|Sr|MSc|BSc|MEd|EdD)\.?$|^(?:Dr|Prof|Mr|Mrs|Ms)\.?$")


def words(text):
    folded = unicodedata.normalize("NFKD", text or "").casefold()
    return WORD.findall("".join(c for c in folded if not unicodedata.combining(c)).replace("'", "").replace("’", ""))


def people(names):
    """Each name as its words, titles and degrees left out."""
    found = set()
    for part in re.split(r"[,;|/&]|\band\b|\n", names or ""):
        plain = " ".join(w for w in part.split() if not DEGREE.match(w.strip(".,")) or len(part.split()) == 1 and not found)
        if name := tuple(words(plain)):
            found.add(name)
    return found


def title(given, true):
    a, b = words(given), words(true)
    both = (Counter(a) & Counter(b)).total()
    return 2 * both >= 0.8 * (len(a) + len(b)) and both > 0, a == b


def author(given, true):
    a, b = people(given), people(true)
    return {n[-1] for n in a} == {n[-1] for n in b}, a == b


def date(given, true):
    same = given[: len(true)] == true
    return same, same


FIELDS = {"title": title, "author": author, "date": date}
TRUTH = {"title": "title", "author": "author", "date": "publish_date"}
KEY = {"title": "title", "author": "authors", "date": "published"}


def value(row, field):
    meta = row.get("metadata") or {}
    if field == "author":
        return "; ".join(meta.get("authors") or [])
    return (meta.get(KEY[field]) or "").strip()


def trafilatura(data, truth):
    from trafilatura import bare_extraction

    for key, page in truth.items():
        try:
            found = bare_extraction((data / "html" / f"{key}.html").read_bytes(), url=page.get("url"), with_metadata=True)
            found = found.as_dict() if found else {}
        except Exception:  # a page it fails on is a page without metadata
            found = {}
        as_ours = {"title": found.get("title"), "authors": [found.get("author") or ""], "published": found.get("date")}
        yield key, {"id": key, "metadata": as_ours}


def rows(path):
    return {row["id"]: row for row in map(json.loads, Path(path).read_text("utf8").splitlines())}


def table(name, given, truth):
    for field, same in FIELDS.items():
        n = right = equal = some = extra = 0
        for key, page in truth.items():
            have, want = value(given.get(key, {}), field), (page["ground_truth"].get(TRUTH[field]) or "").strip()
            if not want:
                extra += bool(have)
                continue
            n, some = n + 1, some + bool(have)
            got = same(have, want) if have else (False, False)
            right, equal = right + got[0], equal + got[1]
        print(f"{name:<14}{field:<8}{n:>6}{right / max(1, n):>9.3f}{right / max(1, some):>11.3f}{equal / max(1, n):>8.3f}{extra:>7}")


def wrong(field, given, peer, truth):
    for key, page in truth.items():
        have, want = value(given.get(key, {}), field), (page["ground_truth"].get(TRUTH[field]) or "").strip()
        if want and not (have and FIELDS[field](have, want)[0]):
            other = value(peer.get(key, {}), field)
            meta = given.get(key, {}).get("metadata") or {}
            source = (meta.get("sources") or {}).get(KEY[field], "")
            source = source[0] if isinstance(source, list) else source
            beaten = "*" if other and FIELDS[field](other, want)[0] else " "
            print(f"{key} {page['_internal']['page_type']['primary'][:7]:<7} {beaten} [{source}] {have!r} want {want!r} peer {other!r}")


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("data", type=Path)
    ask.add_argument("ours")
    ask.add_argument("--peer")
    ask.add_argument("--save", help="where to write the peer's rows")
    ask.add_argument("--wrong", choices=FIELDS)
    args = ask.parse_args()
    truth = {p.stem: json.loads(p.read_text("utf8")) for p in sorted((args.data / "truth").glob("*.json"))}
    ours, peer = rows(args.ours), {}
    if args.peer:
        peer = dict(trafilatura(args.data, truth)) if args.peer == "trafilatura" else rows(args.peer)
    if args.save:
        Path(args.save).write_text("".join(json.dumps(row) + "\n" for row in peer.values()), "utf8")
    if args.wrong:
        wrong(args.wrong, ours, peer, truth)
        return
    print(f"{'':<14}{'field':<8}{'n':>6}{'recall':>9}{'precision':>11}{'equal':>8}{'extra':>7}")
    table("gleaner", ours, truth)
    if peer:
        table(args.peer.split("/")[-1][:13], peer, truth)


if __name__ == "__main__":
    main()
