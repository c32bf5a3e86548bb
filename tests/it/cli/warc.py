"""Writes a WARC file with warcio, or holds one against its digests with warcio.

    warc.py write FILE.warc.gz
    warc.py check FILE.warc.gz
"""

import sys
from io import BytesIO

try:
    from warcio.archiveiterator import ArchiveIterator
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter
except ImportError:
    sys.exit(77)

TEXT = (
    "The ferry to the outer islands will run twice a day from the first of May, the harbour office said. "
    "Until then travellers must use the mail boat, which leaves at seven and has room for twelve people. "
)


def html(title):
    return f"<!doctype html><title>{title}</title><article><h1>{title}</h1><p>{title}. {TEXT * 3}</p></article>".encode()


def chunked(body):
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


def write(path):
    with open(path, "wb") as file:
        writer = WARCWriter(file, gzip=True)
        for name, headers, body in [
            ("plain", [], html("One")),
            ("chunked", [("Transfer-Encoding", "chunked")], chunked(html("Two"))),
            ("other", [], html("Three")),
        ]:
            http = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8"), *headers], protocol="HTTP/1.1")
            at = {"WARC-Date": "2024-01-01T00:00:00Z"}
            url = f"https://p.example/{name}"
            writer.write_record(writer.create_warc_record(url, "response", BytesIO(body), http_headers=http, warc_headers_dict=at))
        http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        record = writer.create_revisit_record(
            "https://p.example/plain",
            "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ",
            "https://p.example/plain",
            "2024-01-01T00:00:00Z",
            http_headers=http,
            warc_headers_dict={"WARC-Date": "2024-01-02T00:00:00Z"},
        )
        writer.write_record(record)


def check(path):
    count = 0
    with open(path, "rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            record.content_stream().read()
            count += 1
    assert count > 5, count


{"write": write, "check": check}[sys.argv[1]](sys.argv[2])
