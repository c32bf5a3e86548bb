"""Reads a WACZ as replay tools do: python3 wacz.py FILE. Standard library, and warcio where it is installed."""

import gzip, hashlib, io, json, shutil, subprocess, sys, tempfile, zipfile

wacz = zipfile.ZipFile(sys.argv[1])
assert wacz.testzip() is None, "checksums"
assert all(member.compress_type == zipfile.ZIP_STORED for member in wacz.infolist() if member.filename.startswith("archive/"))
package = wacz.read("datapackage.json")
digest = json.loads(wacz.read("datapackage-digest.json"))
assert digest == {"path": "datapackage.json", "hash": "sha256:" + hashlib.sha256(package).hexdigest()}, digest
package = json.loads(package)
assert package["profile"] == "data-package" and package["wacz_version"] == "1.1.1"
named = {resource["path"]: resource for resource in package["resources"]}
assert set(named) == set(wacz.namelist()) - {"datapackage.json", "datapackage-digest.json"}, named
for path, resource in named.items():
    content = wacz.read(path)
    assert resource["bytes"] == len(content) and resource["hash"] == "sha256:" + hashlib.sha256(content).hexdigest(), path

lines = wacz.read("indexes/index.cdxj").decode().splitlines()
assert lines == sorted(lines) and lines, "the index is sorted"
answers = 0
for line in lines:
    key, time, said = line.split(" ", 2)
    said = json.loads(said)
    file = wacz.read("archive/" + said["filename"])
    record = gzip.decompress(file[int(said["offset"]) : int(said["offset"]) + int(said["length"])])
    head = record.split(b"\r\n\r\n", 1)[0].decode()
    assert f"WARC-Target-URI: {said['url']}" in head and time.isdigit() and len(time) == 14, head
    kind = "revisit" if said["mime"] == "warc/revisit" else "response"
    assert f"WARC-Type: {kind}" in head, head
    answers += kind == "response"

pages = [json.loads(line) for line in wacz.read("pages/pages.jsonl").decode().splitlines()]
assert pages[0]["format"] == "json-pages-1.0" and all(page["url"] and page["ts"] and page["text"] for page in pages[1:])

checked = "without warcio"
try:
    from warcio.archiveiterator import ArchiveIterator
    for name in wacz.namelist():
        if name.startswith("archive/"):
            for record in ArchiveIterator(io.BytesIO(wacz.read(name)), check_digests="raise"):
                record.content_stream().read()
    checked = "with warcio"
except ImportError:
    pass
if indexer := shutil.which("cdxj-indexer"):
    found = []
    with tempfile.TemporaryDirectory() as folder:
        names = [wacz.extract(name, folder) for name in wacz.namelist() if name.startswith("archive/")]
        for line in subprocess.run([indexer, *names], capture_output=True, check=True, text=True).stdout.splitlines():
            key, time, said = line.split(" ", 2)
            said = json.loads(said)
            if said["mime"] != "application/json":
                found.append((key, time, said))
    ours = [(key, time, json.loads(said)) for key, time, said in (line.split(" ", 2) for line in lines)]
    order = lambda line: (line[0], line[1], int(line[2]["offset"]))
    assert sorted(found, key=order) == sorted(ours, key=order), (found, ours)
    checked += " and pywb's indexer"
if validator := shutil.which("wacz"):
    said = subprocess.run([validator, "validate", "-f", sys.argv[1]], capture_output=True, text=True)
    assert said.returncode == 0 and "Validation succeeded" in said.stdout, said.stdout + said.stderr
    checked += " and the validator of WACZ"
print(json.dumps({"answers": answers, "lines": len(lines), "pages": len(pages) - 1, "checked": checked, "texts": {page["url"]: page["text"] for page in pages[1:]}}))
