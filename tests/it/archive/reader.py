"""Reads a gleaner archive, from archive/FORMAT.md alone: python3 reader.py FOLDER

Prints each capture as a JSON line, with its id, its text and the length of its raw bytes. Every checksum, hash and commit
is compared on the way. Needs Python 3.14, or `pip install zstandard`, or the `zstd` program; without any it exits with 77.
"""

import datetime
import gzip
import hashlib
import json
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

MAGIC, FLAG_BASE = b"\x8fGLN", 1
SEGMENT, COMMIT, DICT, TEXT, RECORDS, RAW, CAPTURE, UNCHANGED, DROPPED, SEALED = 1, 2, 3, 4, 6, 7, 8, 9, 10, 11
KNOWN = {SEGMENT, COMMIT, DICT, TEXT, RECORDS, RAW, CAPTURE, UNCHANGED, DROPPED, SEALED}
PLAIN, ZSTD, WITH_DICT, WITH_BASE, IN_WARC, WITH_DICT_BRIEF, WITH_BASE_NEAR = range(7)
FRAME, FOR_JSON, BESIDE = b"\x28\xb5\x2f\xfd", 2, 4


def zstd():
    """A function of a frame, a dictionary or None, and a prefix or None."""
    try:
        from compression import zstd as std
        def decompress(frame, dictionary=None, prefix=None):
            given = std.ZstdDict(dictionary) if dictionary else std.ZstdDict(prefix, is_raw=True).as_prefix if prefix else None
            return std.decompress(frame, zstd_dict=given)
        return decompress
    except ImportError:
        pass
    try:
        import zstandard
        def decompress(frame, dictionary=None, prefix=None):
            kind = zstandard.DICT_TYPE_FULLDICT if dictionary else zstandard.DICT_TYPE_RAWCONTENT
            given = zstandard.ZstdCompressionDict(dictionary or prefix, dict_type=kind) if dictionary or prefix else None
            return zstandard.ZstdDecompressor(dict_data=given).decompress(frame)
        return decompress
    except ImportError:
        pass
    if shutil.which("zstd"):
        def decompress(frame, dictionary=None, prefix=None):
            with tempfile.NamedTemporaryFile() as given:
                given.write(dictionary or prefix or b"")
                given.flush()
                options = ["-D", given.name] if dictionary or prefix else []
                return subprocess.run(["zstd", "-dcq", *options], input=frame, stdout=subprocess.PIPE, check=True).stdout
        return decompress
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
    assert text.startswith(b"gleaner archive\n") and fields["version"] in "1234" and fields["hash"] == "sha256"
    assert int(crc, 16) == crc32c(lines)


def dict_number(frame):
    """The number of the dictionary that a frame names, from its header (RFC 8878, 3.1.1.1)."""
    descriptor = frame[4]
    at, length = 5 + (not descriptor & 0x20), (0, 1, 2, 4)[descriptor & 3]
    return int.from_bytes(frame[at:at + length], "little")


def from_warc(path, offset, length, crc, raw):
    """The content of a member of the WARC file beside a segment."""
    with open(path, "rb") as file:
        file.seek(offset)
        member = file.read(length)
    assert len(member) == length and crc32c(member) == crc, f"damage at {offset} of {path.name}"
    content = gzip.decompress(member)
    assert content.startswith(b"WARC/1.1\r\n") and content.endswith(b"\r\n\r\n")
    return content[len(content) - 4 - raw:-4]


def records(path, decompress, blobs):
    """Every committed record of a segment: kind, id, content."""
    data, at, batch, last, dicts, there = path.read_bytes(), 0, [], bytes(32), {}, {}
    running = hashlib.sha256(last)
    while at + 52 <= len(data):
        head = data[at:at + 52]
        magic, version, kind, codec, flags, stored, raw, name, crc = struct.unpack("<4s4BII32sI", head)
        payload, end = data[at + 52:at + 52 + stored], at + 56 + stored
        if magic != MAGIC or crc != crc32c(head[:48]) or end > len(data):
            break  # an interrupted batch
        assert version < 5 and codec < 7 and flags < 8 and (kind in KNOWN or kind >= 128), f"a newer record at {at}"
        assert data[end - 4:end] == struct.pack("<I", crc32c(payload)), f"damage at {at}"
        if kind == COMMIT:
            assert payload == struct.pack("<I", len(batch)) and name == running.digest(), f"wrong commit at {at}"
            yield from batch
            batch, running = [], hashlib.sha256(name)
        else:
            text, packed = None, payload
            if flags & BESIDE:
                text, packed = there[at - struct.unpack("<I", payload[:4])[0]][2], payload[4:]
            content = packed
            if codec == WITH_BASE:
                base = (RAW if kind == RAW else TEXT, payload[:32].hex())
                fresh = {(kind, name): content for kind, name, content in batch}
                content = decompress(payload[32:], prefix=fresh.get(base) or blobs[base])
            elif codec == WITH_BASE_NEAR:
                base_kind, base = there[at - struct.unpack("<I", packed[:4])[0]][:2]
                assert base_kind == (kind if kind in (RAW, CAPTURE) else TEXT)
                content = decompress(FRAME + packed[4:], prefix=base)
            elif codec == WITH_DICT_BRIEF:
                content = decompress(FRAME + packed, dictionary=dicts[kind in (RECORDS, CAPTURE)])
            elif codec == IN_WARC:
                content = from_warc(path.with_suffix(".warc.gz"), *struct.unpack("<QII", payload), raw)
            elif codec:
                content = decompress(packed, dictionary=dicts[dict_number(packed)] if codec == WITH_DICT else None)
            if text:
                content = content.replace(b"\x01", text.encode())
            assert len(content) == raw + (32 if kind == UNCHANGED else 0)
            assert hashlib.sha256(content).digest() == name, f"wrong content at {at}"
            if kind == DICT:
                dicts[int.from_bytes(content[4:8], "little")] = dicts[flags & FOR_JSON != 0] = content
            there[at] = kind, content, name.hex()  # what others may be packed against, or name
            running.update(head + data[end - 4:end])
            batch.append((kind, name.hex(), content))
        at = end


def segments(folder, store):
    """A store's files in order, each number in its highest generation."""
    newest = {}
    for path in folder.glob(f"{store}/*.seg"):
        number, _, generation = path.stem.partition(".")
        newest[int(number)] = max(newest.get(int(number), (0, None)), (int(generation or 1), path))
    return [newest[number] for number in sorted(newest)]


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
    decompress, blobs, captures, dropped = zstd(), {}, {}, set()
    check_format(folder)
    for generation, path in segments(folder, "raw") + segments(folder, "segments"):
        for kind, name, content in records(path, decompress, blobs):
            if kind == SEGMENT:
                said = {"store": path.parent.name, "number": int(path.stem.partition(".")[0])}
                assert json.loads(content) == said | ({"generation": generation} if generation > 1 else {})
            elif kind in (TEXT, RECORDS, RAW):
                blobs[kind, name] = content
            elif kind == DROPPED:
                dropped.update((content[at], content[at + 1:at + 33].hex()) for at in range(0, len(content), 33))
            elif kind in (CAPTURE, UNCHANGED):
                captures[name] = capture(kind, content, captures)
    for name, said in captures.items():
        for kind, member in ((TEXT, "text"), (RECORDS, "records"), (RAW, "raw")):
            blob = (kind, said.get(member))
            if blob in dropped and blob not in blobs:
                said = {key: value for key, value in said.items() if key != member}
        text, raw = blobs.get((TEXT, said.get("text"))), blobs.get((RAW, said.get("raw")))
        line = {"id": name, "capture": said, "text": None, "raw_bytes": raw if raw is None else len(raw)}
        line["text"] = text if text is None else text.decode()
        print(json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


main(pathlib.Path(sys.argv[1]))
