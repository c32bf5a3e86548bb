"""Reads an export with readers that are not gleaner's, and prints what they see: a JSON object a document.

usage: readers.py READER FOLDER; exits 77 where the reader is not installed. `write-tables` writes Parquet files instead.
"""

import glob
import json
import os
import re
import sys

FIELDS = ["id", "url", "title", "authors", "tags", "words", "syndicated_by", "split", "repeated", "text"]
# Whole numbers in every format.
COUNTS = ["stop_words", "sentences"]


def tell(row, more=()):
    if "signals" in row:
        assert all(isinstance(row["signals"][name], int) for name in COUNTS), row["signals"]
    print(json.dumps({field: row[field] for field in [*FIELDS, *more] if field in row}, ensure_ascii=False))


def parsed(row):
    """With its posts as JSON lines have them; a table has them as JSON, or nothing where there are none."""
    posts = row.get("posts")
    if "posts" in row and not isinstance(posts, list):
        return {**row, "posts": json.loads(posts or "[]")}
    return row


def files(folder, pattern):
    found = sorted(glob.glob(os.path.join(folder, pattern)))
    assert found, f"no {pattern} in {folder}"
    return found


def pyarrow(folder):
    import pyarrow.parquet as parquet

    for path in files(folder, "*.parquet"):
        file = parquet.ParquetFile(path)
        types = {field.name: str(field.type) for field in file.schema_arrow}
        assert types["fetched_at"] == "timestamp[ms, tz=UTC]", types
        assert types["authors"].startswith("list<"), types
        assert file.schema_arrow.field("text").nullable is False
        group = file.metadata.row_group(0)
        columns = {group.column(at).path_in_schema: group.column(at) for at in range(group.num_columns)}
        assert columns["text"].compression == "ZSTD"
        least = columns["words"].statistics
        words = file.read(columns=["words"]).column("words").to_pylist()
        assert least.has_min_max and (least.min, least.max) == (min(words), max(words))
        for row in file.read().to_pylist():
            assert set(row["signals"]) >= {"mean_word_length", "stop_words", "repeated_5_grams"}
            tell(parsed(row), ["published", "language", "kind", "text_id", "posts"])


def duckdb(folder):
    import duckdb

    table = "read_parquet(?)" if glob.glob(os.path.join(folder, "*.parquet")) else "read_json(?, format='newline_delimited')"
    pattern = "*.parquet" if "parquet" in table else "*-0*.jsonl.zst"
    found = duckdb.connect().execute(f"SELECT {', '.join(FIELDS)} FROM {table}", [files(folder, pattern)])
    for row in found.fetchall():
        tell(dict(zip(FIELDS, row)))


def moment(text):
    """Where all of a block are moments, `datasets` reads JSON as such and writes them without their zone, which is UTC."""
    return text and re.sub(r"^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)$", r"\1T\2Z", text)


def datasets(folder):
    os.environ.update(HF_HOME=os.path.join(folder, "..", "hub"), HF_HUB_OFFLINE="1", HF_DATASETS_DISABLE_PROGRESS_BARS="1")
    import datasets

    parts = datasets.load_dataset(folder)
    for name, part in parts.items():
        assert part.features["text"].dtype == part.features["licence"].dtype == "string"
        for row in part:
            assert row["split"] in (None, name), (name, row["split"])
            row = parsed(row)
            for post in row.get("posts", []):
                post.update({key: moment(post[key]) for key in ("time", "edited")})
            tell(row, ["posts"])


def warcio(folder):
    from warcio.archiveiterator import ArchiveIterator

    for path in files(folder, "*.warc.wet.gz"):
        with open(path, "rb") as stream:
            for record in ArchiveIterator(stream, check_digests="raise"):
                text = record.content_stream().read().decode()
                if record.rec_type == "warcinfo":
                    assert record.rec_headers["WARC-Filename"] == os.path.basename(path)
                    continue
                assert record.rec_type == "conversion"
                assert record.rec_headers["WARC-Block-Digest"] and record.digest_checker.passed
                tell({"url": record.rec_headers["WARC-Target-URI"], "text": text})


TEI = "{http://www.tei-c.org/ns/1.0}"
# What TEI allows in `when`: the date types of XML Schema.
WHEN = re.compile(r"-?\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(\.\d+)?)?)?)?(Z|[+-]\d\d:\d\d)?|--\d\d(-\d\d)?|---\d\d")


def tei(folder):
    """As lxml, and every document is valid by the TEI consortium's DTD, which the package `trafilatura` brings along."""
    import importlib.util

    from lxml import etree

    package = importlib.util.find_spec("trafilatura")
    if package is None:
        raise ModuleNotFoundError("no trafilatura, and with it no DTD of TEI")
    schema = etree.DTD(os.path.join(package.submodule_search_locations[0], "data", "tei_corpus.dtd"))
    # It is a schema that refuses something.
    assert not schema.validate(etree.XML('<TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body/></text></TEI>'))
    for path in files(folder, "*/*.xml"):
        assert schema.validate(etree.parse(path)), (path, schema.error_log.filter_from_errors())
    lxml(folder)


def lxml(folder):
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    for path in files(folder, "*/*.xml"):
        root = etree.parse(path, parser).getroot()
        assert root.tag == TEI + "TEI" and [child.tag for child in root] == [TEI + "teiHeader", TEI + "text"]
        described = root.find(f"{TEI}teiHeader/{TEI}fileDesc")
        # The order is TEI's, and none of the three may be missing.
        assert [part.tag for part in described] == [TEI + name for name in ("titleStmt", "publicationStmt", "sourceDesc")]
        title = described.find(f"{TEI}titleStmt/{TEI}title")
        for date in root.iter(TEI + "date"):
            assert "when" not in date.attrib or WHEN.fullmatch(date.get("when")), date.get("when")
        paragraphs = root.find(f"{TEI}text/{TEI}body")
        assert len(paragraphs) and all(paragraph.tag == TEI + "p" for paragraph in paragraphs)
        tell({
            "id": described.find(f"{TEI}publicationStmt/{TEI}idno").text,
            "url": described.find(f".//{TEI}ptr").get("target"),
            "title": title.text,
            "text": "\n".join(paragraph.text or "" for paragraph in paragraphs),
        })


def write_tables(folder):
    """The documents of `in.jsonl` as other writers would keep them."""
    import pyarrow
    import pyarrow.parquet as parquet

    with open(os.path.join(folder, "in.jsonl"), encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    names = sorted({name for row in rows for name in row})
    table = pyarrow.table({name: [row.get(name) for row in rows] for name in names})
    large = table.set_column(table.schema.get_field_index("text"), "text", table["text"].cast(pyarrow.large_string()))
    for codec in ["none", "snappy", "gzip", "lz4", "zstd"]:
        parquet.write_table(large if codec == "zstd" else table, os.path.join(folder, f"{codec}.parquet"),
                            compression=codec, row_group_size=2, use_dictionary=codec == "snappy")


READERS = {"pyarrow": pyarrow, "duckdb": duckdb, "datasets": datasets, "warcio": warcio, "lxml": lxml, "tei": tei,
           "write-tables": write_tables}

if __name__ == "__main__":
    try:
        READERS[sys.argv[1]](sys.argv[2])
    except ModuleNotFoundError as error:
        print(error, file=sys.stderr)
        sys.exit(77)
