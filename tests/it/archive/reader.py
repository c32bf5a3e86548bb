"""Reads a gleaner archive, from archive/FORMAT.md alone: python3 reader.py FOLDER

Prints each capture as a JSON line, with its id, its text and the length of its raw bytes. Every checksum, hash and commit
is compared on the way. Needs Python 3.14, or `pip install zstandard`, or the `zstd` program; without any it exits with 77.
"""

import datetime
import hashlib
import json
import pathlib
import shutil
import struct
import subprocess
import sys

MAGIC, FLAG_BASE = b"\x8fGLN", 1
SEGMENT, COMMIT, TEXT, RECORDS, RAW, CAPTURE, UNCHANGED = 1, 2, 4, 6, 7, 8, 9
KNOWN = {SEGMENT, COMMIT, TEXT, RECORDS, RAW, CAPTURE, UNCHANGED}


def zstd():
    try:
        from compression.zstd import decompress
        return decompress
    except ImportError:
        pass
    try:
        import zstandard
        return zstandard.ZstdDecompressor().decompress
    except ImportError:
        pass
    if shutil.which("zstd"):
        return lambda frame: subprocess.run(["zstd", "-dc"], input=frame, stdout=subprocess.PIPE, check=True).stdout
    print("no zstd for Python", file=sys.stderr)
    sys.exit(77)


def table():
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        yield byte


TABLE = list(table())


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = TABLE[(crc ^ byte) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def check_format(folder):
    text = (folder / "FORMAT").read_bytes()
    lines, crc = text.split(b"crc32c: ")
    fields = dict(line.split(": ", 1) for line in lines.decode().splitlines()[1:])
    assert text.startswith(b"gleaner archive\n") and fields["version"] == "1" and fields["hash"] == "sha256"
    assert int(crc, 16) == crc32c(lines)


def records(path, decompress):
    """Every committed record of a segment: kind, id, content."""
    data, at, batch, last = path.read_bytes(), 0, [], bytes(32)
    running = hashlib.sha256(last)
    while at + 52 <= len(data):
        head = data[at:at + 52]
        magic, version, kind, codec, flags, stored, raw, name, crc = struct.unpack("<4s4BII32sI", head)
        payload, end = data[at + 52:at + 52 + stored], at + 56 + stored
        if magic != MAGIC or crc != crc32c(head[:48]) or end > len(data):
            break  # an interrupted batch
        assert version == 1 and codec < 2 and flags <= FLAG_BASE and (kind in KNOWN or kind >= 128), f"a newer record at {at}"
        assert data[end - 4:end] == struct.pack("<I", crc32c(payload)), f"damage at {at}"
        if kind == COMMIT:
            assert payload == struct.pack("<I", len(batch)) and name == running.digest(), f"wrong commit at {at}"
            yield from batch
            batch, running = [], hashlib.sha256(name)
        else:
            content = decompress(payload) if codec == 1 else payload
            assert len(content) == raw + (32 if flags & FLAG_BASE else 0)
            assert hashlib.sha256(content).digest() == name, f"wrong content at {at}"
            running.update(head + data[end - 4:end])
            batch.append((kind, name.hex(), content))
        at = end


def capture(kind, content, captures):
    if kind == CAPTURE:
        return json.loads(content)
    seconds, nanoseconds = struct.unpack("<qi", content[32:44])
    time = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    fraction = f".{nanoseconds:09}".rstrip("0") if nanoseconds else ""
    patch = json.loads(content[44:] or b"{}")
    whole = {**captures[content[:32].hex()], "fetched_at": f"{time}{fraction}Z", "outcome": "unchanged", **patch}
    return {name: value for name, value in whole.items() if patch.get(name, 0) is not None}


def main(folder):
    decompress, blobs, captures = zstd(), {}, {}
    check_format(folder)
    for path in sorted(folder.glob("raw/*.seg")) + sorted(folder.glob("segments/*.seg")):
        for kind, name, content in records(path, decompress):
            if kind == SEGMENT:
                assert json.loads(content) == {"store": path.parent.name, "number": int(path.stem)}
            elif kind in (TEXT, RECORDS, RAW):
                blobs[name] = content
            elif kind in (CAPTURE, UNCHANGED):
                captures[name] = said = capture(kind, content, captures)
                text, raw = blobs.get(said.get("text")), blobs.get(said.get("raw"))
                line = {"id": name, "capture": said, "text": None, "raw_bytes": raw if raw is None else len(raw)}
                line["text"] = text if text is None else text.decode()
                print(json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


main(pathlib.Path(sys.argv[1]))
