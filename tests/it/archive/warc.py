"""Reads WARC files with warcio: python3 warc.py FILE... Prints a list of the answers; without warcio it exits with 77."""

import hashlib
import json
import sys

try:
    from warcio.archiveiterator import ArchiveIterator
except ImportError:
    sys.exit(77)

answers = []
for name in sys.argv[1:]:
    with open(name, "rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            if record.rec_type == "response":
                body = record.content_stream().read()
                answers.append({
                    "url": record.rec_headers.get_header("WARC-Target-URI"), "bytes": len(body),
                    "sha256": hashlib.sha256(body).hexdigest(), "status": record.http_headers.get_statuscode(),
                    "type": record.http_headers.get_header("Content-Type"),
                })
print(json.dumps(answers))
