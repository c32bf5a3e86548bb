#!/usr/bin/env python3
"""Boosts the block model from the rows of `gleaner-train rows`.

  train.py cv WORK OUT.f32 [name=value..]   grouped cross-validation: out-of-fold scores of every plain row
  train.py fit WORK OUT.json [name=value..] one model of all rows, as LightGBM's dump

Deterministic: fixed seeds, one row order, LightGBM's `deterministic` and `force_row_wise`.
"""
import json
import sys
import time
from pathlib import Path

import lightgbm
import numpy

PARAMETERS = dict(
    objective="binary",
    learning_rate=0.08,
    num_leaves=63,
    max_depth=10,
    min_data_in_leaf=60,
    feature_fraction=0.3,
    bagging_fraction=0.7,
    bagging_freq=1,
    lambda_l2=2.0,
    max_bin=255,
    min_data_in_bin=1,
    bin_construct_sample_cnt=200_000,
    enable_bundle=False,
    num_threads=2,
    seed=7,
    deterministic=True,
    force_row_wise=True,
    verbosity=-1,
)
TREES = 150


class Rows:
    """The rows `gleaner-train rows` wrote."""

    def __init__(self, work):
        work = Path(work)
        self.info = json.loads((work / "info.json").read_text())
        self.names = (work / "names.txt").read_text().split("\n")
        self.x = numpy.fromfile(work / "x.u8", numpy.uint8).reshape(-1, self.info["width"])
        self.label = numpy.fromfile(work / "label.u8", numpy.uint8)
        self.words = numpy.fromfile(work / "words.u32", numpy.uint32).astype(numpy.float64)
        self.page = numpy.fromfile(work / "page.u32", numpy.uint32)
        self.variant = numpy.fromfile(work / "variant.u8", numpy.uint8)
        folds = numpy.array([int(line.split("\t")[2]) for line in (work / "pages.tsv").read_text().split("\n")])
        self.fold = folds[self.page]

    def weights(self):
        """A page weighs one in all its variants together, its blocks by their words."""
        key = self.page.astype(numpy.int64) * 16 + self.variant
        totals = numpy.bincount(key, self.words)
        weights = self.words / numpy.maximum(totals[key], 1)
        return weights * len(weights) / weights.sum()


def boost(rows, chosen, parameters, trees):
    data = lightgbm.Dataset(
        rows.x[chosen], rows.label[chosen], weight=rows.w[chosen], params=parameters, free_raw_data=True
    )
    return lightgbm.train(parameters, data, trees)


def cv(rows, out, parameters, trees, only):
    scores = numpy.zeros(len(rows.label), numpy.float32)
    for fold in range(5):
        if only is not None and fold not in only:
            continue
        start = time.time()
        model = boost(rows, numpy.flatnonzero((rows.fold != fold) & (rows.w > 0)), parameters, trees)
        test = numpy.flatnonzero((rows.fold == fold) & (rows.variant == 0))
        scores[test] = model.predict(rows.x[test])
        p, y, w = scores[test].clip(1e-6, 1 - 1e-6), rows.label[test], rows.w[test]
        loss = -(w * (y * numpy.log(p) + (1 - y) * numpy.log(1 - p))).sum() / w.sum()
        print(f"fold {fold}: loss {loss:.4f}, {time.time() - start:.0f} s", file=sys.stderr, flush=True)
        if fold == 0:
            gains(rows, model)
    scores[rows.variant == 0].tofile(out)


def gains(rows, model):
    gain = model.feature_importance("gain")
    order = numpy.argsort(-gain)
    lines = [f"{rows.names[at]}\t{gain[at] / gain.sum():.4f}" for at in order]
    Path("/tmp/mw/gains.tsv").write_text("\n".join(lines))


def main():
    what, work, out, *rest = sys.argv[1:]
    options = dict(arg.split("=", 1) for arg in rest)
    trees = int(options.pop("trees", TREES))
    only = options.pop("folds", None)
    drop = options.pop("drop", None)
    parameters = PARAMETERS | {name: json.loads(value) for name, value in options.items()}
    rows = Rows(work)
    rows.w = rows.weights()
    if drop:
        for pattern in drop.split(","):
            for at, name in enumerate(rows.names):
                if name.startswith(pattern):
                    rows.x[:, at] = 0
    if what == "cv":
        cv(rows, out, parameters, trees, only and [int(fold) for fold in only.split(",")])
    else:
        model = boost(rows, numpy.flatnonzero(rows.w > 0), parameters, trees)
        Path(out).write_text(json.dumps(model.dump_model()))


main()
