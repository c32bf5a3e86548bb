#!/usr/bin/env python3
"""Boosts the block model from the rows of `gleaner-train rows`.

  train.py cv WORK OUT.f32 [name=value..]   grouped cross-validation: out-of-fold scores of every plain row
  train.py fit WORK OUT.bin [name=value..]  one model of all rows, in the flat format of src/extract/model.rs
  train.py curve WORK MODEL.bin raw=RAW.f32 gives a model the curve of the scores `cv` wrote into OUT.f32.raw

Deterministic: fixed seeds, one row order, LightGBM's `deterministic` and `force_row_wise`.
"""
import json
import struct
import sys
import time
from pathlib import Path

import lightgbm
import numpy
import scipy.optimize
import scipy.sparse

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
    num_threads=1,
    seed=7,
    deterministic=True,
    force_row_wise=True,
    verbosity=-1,
)
# After these shares of the trees the rows are looked through; those that may yet come to these odds go on, but for this
# share of them at each look.
LOOKS, LOOK_ROWS, LOOK_ODDS, LOOK_LOSS = (0.13, 0.35), 100_000, -2.2, 0.0007
# What every second forest does otherwise.
EXTRA = dict(extra_trees=True, feature_fraction=0.5, learning_rate=0.16)
TREES = 150
FOLDS = 5
# The lexicon: as in src/extract/features/lexicon.rs.
BUCKETS, SCALE, DIVISOR, ZERO, COLUMN = 3, 32, 4, 128, 0
# A token must be seen on this many domains, and is pulled to nothing by this much.
LEXICON_DOMAINS, LEXICON_L2 = 6, 30.0
# What a changed copy of a page weighs beside the page.
VARIANTS = 0.4
# Where a model's curve has its points; what it says of them is told from so many stretches of equally many rows.
CURVE = sorted({0, 0.02, 0.04, 0.06, *numpy.arange(0.08, 0.2, 0.01).round(2), 0.22, *numpy.arange(0.25, 1, 0.05).round(2), 0.98, 1})
STRETCHES, RISE = 400, 1e-4
# Rows below this quantile of weight are sampled.
SAMPLE = 0.85


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
        table = [line.split("\t") for line in (work / "pages.tsv").read_text().split("\n")]
        self.fold = numpy.array([int(line[2]) for line in table])[self.page]
        domains = {name: at for at, name in enumerate(sorted({line[3] for line in table}))}
        self.domain = numpy.array([domains[line[3]] for line in table])
        self.work = work

    def lexicon(self):
        """The sparse matrix of class tokens by bucket, and which token each three columns are; kept for the next run."""
        kept = self.work / "lexicon.npz"
        if not kept.exists():
            matrix, tokens = self.read_lexicon()
            numpy.savez(kept, data=matrix.data, indices=matrix.indices, indptr=matrix.indptr, tokens=tokens)
        with numpy.load(kept) as held:
            shape = (len(held["indptr"]) - 1, len(held["tokens"]) * BUCKETS)
            matrix = scipy.sparse.csr_matrix((held["data"], held["indices"], held["indptr"]), shape)
            return matrix, held["tokens"]

    def read_lexicon(self):
        token = numpy.fromfile(self.work / "token.u32", numpy.uint32)
        bucket = numpy.fromfile(self.work / "bucket.u8", numpy.uint8)
        counts = numpy.fromfile(self.work / "tokens.u16", numpy.uint16).astype(numpy.int64)
        row = numpy.repeat(numpy.arange(len(counts)), counts)
        names, number = numpy.unique(token, return_inverse=True)
        seen = numpy.unique(number.astype(numpy.int64) * 65536 + self.domain[self.page[row]])
        often = numpy.bincount(seen // 65536, minlength=len(names)) >= LEXICON_DOMAINS
        place = numpy.cumsum(often) - 1
        kept = often[number]
        columns = place[number[kept]] * BUCKETS + bucket[kept]
        ones = numpy.ones(len(columns), numpy.float32)
        matrix = scipy.sparse.csr_matrix((ones, (row[kept], columns)), (len(counts), often.sum() * BUCKETS))
        matrix.sum_duplicates()
        return matrix, names[often]

    def weights(self, variants):
        """A page weighs one, a changed copy of it `variants`, its blocks by their words."""
        key = self.page.astype(numpy.int64) * 16 + self.variant
        totals = numpy.bincount(key, self.words)
        weights = self.words / numpy.maximum(totals[key], 1)
        weights[self.variant > 0] *= variants
        return weights * len(weights) / weights.sum()


def learn_lexicon(matrix, label, weight):
    """Logistic regression, its weights as bytes; the constant is left out."""
    matrix, y = matrix.tocsr(), label.astype(numpy.float64)

    def loss(theta):
        z = matrix @ theta[:-1] + theta[-1]
        p = 1 / (1 + numpy.exp(-z))
        error = weight * (p - y)
        gradient = numpy.append(matrix.T @ error + LEXICON_L2 * theta[:-1], error.sum())
        value = (weight * (numpy.logaddexp(0, z) - y * z)).sum() + LEXICON_L2 / 2 * (theta[:-1] ** 2).sum()
        return value, gradient

    theta = scipy.optimize.minimize(
        loss, numpy.zeros(matrix.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 30}
    ).x
    return numpy.clip(numpy.round(theta[:-1] * SCALE), -127, 127).astype(numpy.int32)


def lexical(matrix, weights):
    """The lexicon's column, to the bit as the library computes it."""
    sums = numpy.rint(matrix @ weights.astype(numpy.float64)).astype(numpy.int64)
    return numpy.clip(ZERO + sums // DIVISOR, 0, 255).astype(numpy.uint8)


class Lexicons:
    """Lexicons without some folds, each learned once."""

    def __init__(self, rows):
        self.rows, self.known = rows, {}
        self.matrix, self.tokens = rows.lexicon()

    def without(self, *folds):
        key = tuple(sorted(set(folds)))
        if key not in self.known:
            chosen = numpy.flatnonzero(~numpy.isin(self.rows.fold, key) & (self.rows.w > 0) & (self.rows.variant == 0))
            chosen, weight = sample(self.rows, chosen)
            self.known[key] = learn_lexicon(self.matrix[chosen], self.rows.label[chosen], weight)
        return self.known[key]

    def fill(self, *held):
        """Fills the column: each fold's rows by a lexicon that saw neither them nor the folds held out."""
        for fold in range(FOLDS):
            at = numpy.flatnonzero(self.rows.fold == fold)
            self.rows.x[at, COLUMN] = lexical(self.matrix[at], self.without(fold, *held))


def sample(rows, chosen):
    """Rows of little weight by lot, the lucky ones weighing more, so that the whole stays as it was."""
    floor = numpy.quantile(rows.w[chosen], rows.sample)
    luck = numpy.random.default_rng(7).random(len(chosen))
    chance = numpy.minimum(1, rows.w[chosen] / floor)
    taken = luck < chance
    rows.used = taken.sum()
    return chosen[taken], rows.w[chosen][taken] / chance[taken]


class Forests:
    """Forests of which each saw a part of the pages; their answers are averaged in log-odds.

    Every second one splits at random thresholds (extremely randomised trees, Geurts et al. 2006): what they get wrong
    differs, and page-level noise in the truth is averaged out.
    """

    def __init__(self, rows, chosen, parameters, trees, count, share, other=EXTRA):
        self.models = []
        for number in range(count):
            luck = numpy.random.default_rng(100 + number).random(rows.page.max() + 1)
            part = chosen[luck[rows.page[chosen]] < share] if count > 1 else chosen
            part, weight = sample(rows, part)
            own = parameters | dict(seed=parameters["seed"] + number)
            if number % 2:
                own |= other
            data = lightgbm.Dataset(rows.x[part], rows.label[part], weight=weight, params=own, free_raw_data=True)
            self.models.append(lightgbm.train(own, data, trees))
        self.looks = self.where_hopeless(rows, chosen, [round(trees * share) for share in LOOKS])

    def odds(self, x, trees=None):
        return sum(model.predict(x, raw_score=True, num_iteration=trees) for model in self.models) / len(self.models)

    def where_hopeless(self, rows, chosen, looks):
        """The odds below which hardly a row that may be content is lost: the other trees are not asked about it."""
        chosen = numpy.random.default_rng(5).permutation(chosen)[:LOOK_ROWS]
        x, weight = rows.x[chosen], rows.w[chosen]
        hopeful = self.odds(x) > LOOK_ODDS

        def bound(trees):
            early = self.odds(x, trees)[hopeful]
            order = numpy.argsort(early)
            share = numpy.cumsum(weight[hopeful][order]) / weight[hopeful].sum()
            return trees, float(numpy.float32(early[order][numpy.searchsorted(share, LOOK_LOSS)]))

        return [bound(trees) for trees in looks]

    def predict(self, x):
        odds = self.odds(x)
        for trees, hopeless in reversed(self.looks):
            early = self.odds(x, trees)
            odds = numpy.where(early < hopeless, early, odds)
        return 1 / (1 + numpy.exp(-odds))

    def trees(self):
        """The trees of all forests by turns, their leaves shares of the average."""
        forests = [[tree["tree_structure"] for tree in model.dump_model()["tree_info"]] for model in self.models]
        trees = [tree for turn in zip(*forests, strict=True) for tree in turn]
        for leaf in (leaf for tree in trees for leaf in leaf_nodes(tree)):
            leaf["leaf_value"] /= len(forests)
        return trees

    def feature_importance(self):
        return sum(model.feature_importance("gain") for model in self.models)


def cv(rows, out, parameters, trees, only):
    scores = numpy.zeros(len(rows.label), numpy.float32)
    lexicons = Lexicons(rows)
    for fold in range(FOLDS):
        if only is not None and fold not in only:
            continue
        start = time.time()
        lexicons.fill(fold)
        learned = time.time() - start
        model = Forests(rows, numpy.flatnonzero((rows.fold != fold) & (rows.w > 0)), parameters, trees, *rows.forests)
        test = numpy.flatnonzero(rows.fold == fold)
        scores[test] = model.predict(rows.x[test])
        took = f"{learned:.0f} + {time.time() - start - learned:.0f} s"
        figures = ", ".join(quality(rows, scores, test[rows.variant[test] == some]) for some in numpy.unique(rows.variant[test]))
        print(f"fold {fold}: {rows.used} rows, {took}, {len(lexicons.tokens)} tokens; {figures}", file=sys.stderr, flush=True)
        if fold == 0:
            gains(rows, model)
    if only is None:
        plain = rows.variant == 0
        scores[plain].tofile(f"{out}.raw")
        calibrated(rows, scores, plain)[plain].tofile(out)
    else:
        numpy.savez(out, scores=scores[rows.variant == 0], known=numpy.isin(rows.fold[rows.variant == 0], only))


def calibrated(rows, scores, plain):
    """The scores of each fold by the curve of the others."""
    given = numpy.zeros_like(scores)
    for fold in range(FOLDS):
        seen, held = plain & (rows.fold != fold), plain & (rows.fold == fold)
        given[held] = numpy.interp(scores[held], CURVE, curve(scores[seen], rows.label[seen], rows.w[seen]))
    return given


def curve(scores, label, weight):
    """The share of content at the points of CURVE, rising: pool adjacent violators (Ayer et al. 1955) over stretches of rows."""
    ends = numpy.unique(numpy.quantile(scores, numpy.linspace(0, 1, STRETCHES)))
    stretch = numpy.searchsorted(ends, scores)
    weights, sums, content = (numpy.bincount(stretch, part) for part in (weight, weight * scores, weight * label))
    pools = []
    for at in numpy.flatnonzero(weights):
        pools.append((content[at], weights[at], [sums[at] / weights[at]]))
        while len(pools) > 1 and pools[-2][0] * pools[-1][1] >= pools[-1][0] * pools[-2][1]:
            (a, v, some), (b, w, more) = pools.pop(-2), pools.pop()
            pools.append((a + b, v + w, some + more))
    shares = numpy.interp(CURVE, [numpy.mean(some) for _, _, some in pools], [a / v for a, v, _ in pools])
    # What is scored too low is not raised: that is of pages whose truth has their chrome, too.
    shares = numpy.minimum(shares, CURVE)
    # What the curve has for one, it tells apart as the model does.
    return (shares + RISE * numpy.array(CURVE)) / (1 + RISE)


def with_curve(model, points):
    """A model's bytes with these points for a curve in place of those it has."""
    at = struct.calcsize("<4sBHHHf")
    rest = at + 1 + model[at] * struct.calcsize("<2f")
    packed = b"".join(struct.pack("<2f", *point) for point in points)
    return model[:at] + bytes([len(points)]) + packed + model[rest:]


def quality(rows, scores, at):
    """Loss, and the F1 by labels that the best expected cut reaches, mean over pages."""
    p, y, w, n = scores[at].clip(1e-6, 1 - 1e-6).astype(numpy.float64), rows.label[at], rows.w[at], rows.words[at]
    loss = -(w * (y * numpy.log(p) + (1 - y) * numpy.log(1 - p))).sum() / w.sum()
    pages = numpy.split(numpy.arange(len(at)), numpy.flatnonzero(numpy.diff(rows.page[at])) + 1)
    reached = [label_f1(p[page], y[page], n[page]) for page in pages]
    return f"loss {loss:.4f} F1 {numpy.mean(reached):.4f}"


def label_f1(p, y, n):
    order = numpy.argsort(-p, kind="stable")
    hit = numpy.cumsum((p * n)[order])
    expected = (2 * hit / numpy.maximum(numpy.cumsum(n[order]) + hit[-1], 1e-9)).max()
    kept = n * (p > expected / 2) * (expected >= 0.2)
    given, wanted = kept.sum(), (n * y).sum()
    return float(given == wanted) if given == 0 or wanted == 0 else 2 * (kept * y).sum() / (given + wanted)


def gains(rows, model):
    gain = model.feature_importance()
    order = numpy.argsort(-gain)
    lines = [f"{rows.names[at]}\t{gain[at] / gain.sum():.4f}" for at in order]
    (rows.work / "gains.tsv").write_text("\n".join(lines))


def flat(model, info, tokens, weights):
    """The model as src/extract/model.rs reads it."""
    trees = model.trees()
    scale = max(abs(leaf["leaf_value"]) for tree in trees for leaf in leaf_nodes(tree)) / 32767
    out = [b"GLBM", struct.pack("<BHHHf", 4, info["feature_version"], info["width"], len(trees), scale)]
    out.append(bytes([0, len(model.looks)]))  # No curve yet.
    out += [struct.pack("<Hf", trees * len(model.models), hopeless) for trees, hopeless in model.looks]
    entries = [(token, *some) for token, some in zip(tokens, weights.reshape(-1, BUCKETS)) if any(some)]
    out.append(struct.pack("<H", len(entries)))
    out += [struct.pack("<I3b", *entry) for entry in entries]
    for tree in trees:
        nodes, values = [], []
        place(tree, nodes, values)
        out.append(bytes([len(nodes)]))
        out += [struct.pack("<HBBB", *node) for node in nodes]
        out += [struct.pack("<h", round(value / scale)) for value in values]
    return b"".join(out)


def leaf_nodes(node):
    if "leaf_value" in node:
        return [node]
    return leaf_nodes(node["left_child"]) + leaf_nodes(node["right_child"])


def place(node, nodes, values):
    """Puts a subtree's questions, parents first, and leaves into the lists; returns how a parent names it."""
    if "leaf_value" in node:
        values.append(node["leaf_value"])
        return 0x80 | (len(values) - 1)
    at = len(nodes)
    nodes.append(None)
    left = place(node["left_child"], nodes, values)
    right = place(node["right_child"], nodes, values)
    nodes[at] = (node["split_feature"], int(node["threshold"]), left, right)
    return at


def main():
    what, work, out, *rest = sys.argv[1:]
    options = dict(arg.split("=", 1) for arg in rest)
    trees = int(options.pop("trees", TREES))
    only = options.pop("folds", None)
    drop = options.pop("drop", None)
    variants = float(options.pop("variants", VARIANTS))
    share = float(options.pop("sample", SAMPLE))
    forests = int(options.pop("forests", 1)), float(options.pop("part", 0.75))
    raw = options.pop("raw", None)
    parameters = PARAMETERS | {name: json.loads(value) for name, value in options.items()}
    rows = Rows(work)
    rows.w, rows.sample = rows.weights(variants), share
    rows.forests = forests
    if drop:
        for pattern in drop.split(","):
            for at, name in enumerate(rows.names):
                if name.startswith(pattern):
                    rows.x[:, at] = 0
    if what == "cv":
        cv(rows, out, parameters, trees, only and [int(fold) for fold in only.split(",")])
    elif what == "curve":
        plain = rows.variant == 0
        shares = curve(numpy.fromfile(raw, numpy.float32), rows.label[plain], rows.w[plain])
        Path(out).write_bytes(with_curve(Path(out).read_bytes(), list(zip(CURVE, shares))))
    else:
        lexicons = Lexicons(rows)
        lexicons.fill()
        model = Forests(rows, numpy.flatnonzero(rows.w > 0), parameters, trees, *rows.forests)
        Path(out).write_bytes(flat(model, rows.info, lexicons.tokens, lexicons.without()))


if __name__ == "__main__":
    main()
