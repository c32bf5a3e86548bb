#!/usr/bin/env python3
"""Boosts the line model from the rows of `gleaner-train line-rows`.

  lines.py cv WORK OUT.f32 [name=value..]            grouped cross-validation: out-of-fold scores of every line of the
                                                     texts that are files
  lines.py fit WORK OUT.bin [name=value..]           one model of all rows, in the flat format of src/extract/model.rs
  lines.py apply WORK OTHER OUT.f32 [name=value..]   the model of WORK on the rows of OTHER

Deterministic, by the same means as train.py.
"""
import json
import sys
import time
from pathlib import Path

import numpy

from train import FOLDS, PARAMETERS, SAMPLE, Forests, flat, gains

PARAMETERS = PARAMETERS | dict(
    learning_rate=0.06,
    num_leaves=47,
    max_depth=8,
    min_data_in_leaf=150,
    feature_fraction=0.3,
    lambda_l2=10.0,
    num_threads=1,
)
TREES = 250
# The second forest: extremely randomised, and so deeper.
FORESTS = 2
EXTRA = dict(
    extra_trees=True, num_leaves=63, max_depth=10, min_data_in_leaf=60, feature_fraction=0.5, learning_rate=0.1
)
# What a made text of a page weighs beside a text that is a file; styles as in src/train/src/renders.rs.
MADE = 0.4
FILES = 2


class Rows:
    """The rows `gleaner-train line-rows` wrote."""

    def __init__(self, work):
        self.work = work = Path(work)
        self.sample = SAMPLE
        self.info = json.loads((work / "info.json").read_text())
        self.names = (work / "names.txt").read_text().split("\n")
        self.x = numpy.fromfile(work / "x.u8", numpy.uint8).reshape(-1, self.info["width"])
        self.label = numpy.fromfile(work / "label.u8", numpy.uint8)
        words = numpy.fromfile(work / "words.u32", numpy.uint32).astype(numpy.float64)
        table = [line.split("\t") for line in (work / "texts.tsv").read_text().splitlines()]
        counts = [int(line[4]) for line in table]
        self.page = text = numpy.repeat(numpy.arange(len(table)), counts)
        self.style = numpy.repeat([int(line[1]) for line in table], counts)
        self.fold = numpy.repeat([int(line[2]) for line in table], counts)
        self.plain = self.style < FILES
        # A text weighs one, its lines by their words.
        totals = numpy.bincount(text, words, len(table))
        self.w = words / numpy.maximum(totals[text], 1)
        self.w[~self.plain] *= MADE
        self.w *= len(self.w) / self.w.sum()


def boost(rows, chosen, parameters, trees):
    return Forests(rows, chosen, parameters, trees, FORESTS, 1.0, EXTRA)


def cv(rows, out, parameters, trees):
    scores = numpy.zeros(len(rows.label), numpy.float32)
    for fold in range(FOLDS):
        start = time.time()
        model = boost(rows, numpy.flatnonzero((rows.fold != fold) & (rows.w > 0)), parameters, trees)
        test = numpy.flatnonzero((rows.fold == fold) & rows.plain)
        scores[test] = model.predict(rows.x[test])
        p, y, w = scores[test].clip(1e-6, 1 - 1e-6), rows.label[test], rows.w[test]
        loss = -(w * (y * numpy.log(p) + (1 - y) * numpy.log(1 - p))).sum() / w.sum()
        print(f"fold {fold}: {rows.used} rows, loss {loss:.4f}, {time.time() - start:.0f} s", file=sys.stderr, flush=True)
        if fold == 0:
            gains(rows, model)
    scores[rows.plain].tofile(out)


def main():
    what, work, *rest = sys.argv[1:]
    other = rest.pop(0) if what == "apply" else None
    out, *rest = rest
    options = dict(arg.split("=", 1) for arg in rest)
    trees = int(options.pop("trees", TREES))
    drop = options.pop("drop", None)
    styles = options.pop("styles", None)
    parameters = PARAMETERS | {name: json.loads(value) for name, value in options.items()}
    rows = Rows(work)
    if drop:
        for at, name in enumerate(rows.names):
            if name.startswith(tuple(drop.split(","))):
                rows.x[:, at] = 0
    if styles:
        rows.w[~numpy.isin(rows.style, [int(style) for style in styles.split(",")])] = 0
    if what == "cv":
        return cv(rows, out, parameters, trees)
    model = boost(rows, numpy.flatnonzero(rows.w > 0), parameters, trees)
    if what == "fit":
        Path(out).write_bytes(flat(model, rows.info, [], numpy.zeros((0, 3))))
    else:
        rows = Rows(other)
        model.predict(rows.x[rows.plain]).astype(numpy.float32).tofile(out)


if __name__ == "__main__":
    main()
