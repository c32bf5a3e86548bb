"""datatrove's near-duplicates on JSON lines, with its defaults: `python dedup_datatrove.py FILE [COUNT]`.

FILE is what `dedup-bench --write` wrote. Prints the processor time of each stage, and how many documents were kept.
"""

import json
import resource
import sys
import tempfile

from datatrove.data import Document
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.dedup import MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupFilter, MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import MinhashConfig


def seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def documents(path, count):
    with open(path, encoding="utf-8") as lines:
        for _, line in zip(range(count), lines):
            row = json.loads(line)
            yield Document(text=row["text"], id=str(row["id"]))


def main(path, count):
    folder = tempfile.mkdtemp()
    config = MinhashConfig()
    total = 0.0
    for name, step in [
        ("signatures", lambda: MinhashDedupSignature(f"{folder}/signatures", config=config).run(documents(path, count), 0, 1)),
        ("buckets", lambda: [MinhashDedupBuckets(f"{folder}/signatures", f"{folder}/buckets", config=config).run(None, bucket, config.num_buckets)
                             for bucket in range(config.num_buckets)]),
        ("clusters", lambda: MinhashDedupCluster(f"{folder}/buckets", f"{folder}/removed", config=config).run(None, 0, 1)),
        ("filter", lambda: print("kept", sum(1 for _ in MinhashDedupFilter(f"{folder}/removed").run(documents(path, count), 0, 1)))),
    ]:
        started = seconds()
        result = step()
        if result is not None and hasattr(result, "__iter__"):
            list(result)
        total += seconds() - started
        print(f"{name}: {seconds() - started:.2f} s")
    print(f"{count} documents, {total:.2f} s of processor time, {count / total:.0f} documents/s")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 2000)
