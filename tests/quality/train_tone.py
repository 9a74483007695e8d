#!/usr/bin/env python3
"""Makes the tone model and the weights that turn what it says into the tone of a post.

    make rules/classify/tone_train tests/quality/tone_frames tests/quality/claim_steps
    train_tone.py --tweets A.tsv --films B.tsv --later C.tsv [--work DIR] >weights
    cp weights rules/classify/tone_weights.c

The first two files are learnt by rules/classify/tone_train together with tone-own.tsv, tone-limits.tsv (clauses
that state a limit) and the statements beside this script, whole and in pieces. The weights have to be learnt from
texts that the model has not seen, nor any of the same hand, or they trust it too much: so it is made again without
each of the SETS and without tone-own.tsv, and the tweets of --later are never in it. The kinds of statements are weighed as statements teach,
the labels of chatter as tweets do, and a third column of weights tells the two apart. Praise is put in order by weights
of its own, which see what clauses claim too and hardly any text but statements. What words and pairs tell of a
statement is learnt with the weights, and becomes a part of the model. So does what clauses claim (tone_claims.h), by
the labelled clauses of CLAUSES, plain ones and those of the statements, LATER_SETS among them; what the weights see of a
set is told without it. With --measure nothing is written: each set is
read by weights that were learnt without it, and the figures are printed. After a change of the signs the old weights
do not compile: --blank prints none. With --claims only what claims are told by, the order of praise and limits beside
claims are made anew, with --order the first two: from the wry praise of the tenth and the eleventh set the whole learns
to take plain praise for irony. These are learnt from LATER_SETS too, which teach nothing else; --claims is how the model
there is was made. --work keeps the models from one run to the next, and what is learnt of SETS alone: where these
or the features change, it has to be another folder. The same input gives the same output: no chance takes part, but lots that are the same every time."""
import argparse
import concurrent.futures
import json
import multiprocessing
import os
import pickle
import re
import subprocess
import sys
import tempfile

import numpy as np
import scipy.optimize
import scipy.sparse

import statements

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.environ.get("top_builddir", "build")
MODEL = os.path.join(HERE, "..", "..", "rules", "classify", "tone.model")
# No hand is in two of them
SETS = [["dev", "own", "second", "third"], ["fourth", "fourth-held", "seventh", "seventh-held"],
        ["fifth", "fifth-held", "sixth", "sixth-held"], ["eighth", "eighth-held"], ["ninth", "ninth-held"],
        ["tenth"], ["eleventh"]]
PLAIN = len(SETS)  # and one more: the short plain texts of tone-own.tsv, without which praise would be taken for irony
FOLDS = PLAIN + 1
MAY_LIMIT = re.compile(r"\b(but|though|although|only|wish|however|except|still|could)\b", re.I)
KINDS = ["mixed", "pure", "negative", "other"]
LABELS = {"negative": ["negative"], "neutral": ["other"], "positive": ["mixed", "pure"]}
# How often each label is taken to be said, so that rare ones are not lost
SHARES = {"statements": {"negative": 0.3, "neutral": 0.22, "positive": 0.48},
          "tweets": {"negative": 0.31, "neutral": 0.34, "positive": 0.35}}
OTHER_CLAUSE = 0.5  # what a clause of another statement counts beside one of praise
POWERS = 1.3  # of both readings of a statement together (tone_whole.c)
CHATTER = 0.65  # how much of all is taken to be chatter
PLAIN_TEXT, TWEET = 1.5, 0.15  # what one counts beside a statement
ORDER_PLAIN, ORDER_LATER = 0.1, 0.3  # the same of a plain text and of a later set's where praise is put in order
DAMNED = 0.4  # what the weight of damning words differs by at least between blame and praise
DRAW_LIMIT, DRAW_LIMIT_WORD, DRAW, DRAW_WORD, DRAW_CHAT, DRAW_CHATTER = 3.0, 0.3, 6.0, 2.0, 10.0, 1.0  # towards 0
DRAW_FIRM, DRAW_FIRM_WORD, FIRM = 1.0, 0.5, 2.5  # and what praise of a firm counts beside that of a product
MOVES, MOVES_CHAT = np.array([1, 1, -1, 0]), np.array([-1, 0, 1])  # what turns a tone around moves these
BUCKETS = 1 << 14  # TONE_TOLD_BUCKETS
ALL_BUCKETS = 1 << 19  # TONE_BUCKETS
CLAUSES, PLAIN_CLAUSES = ["sw10", "sw11"], "plain"
LETTERS = "PNL0ZSO"  # in the order of enum tone_claim
CLAIM_KINDS = {"L": "mixed", "P": "pure", "N": "negative"}  # what a clause is taken for by itself, else other
PARTS = {"limit": "L", "lesson": "Z", "selection": "S", "outcome": "O"}
WHOLE_SENTENCES = ["lesson", "selection"]  # these are told by whole sentences, so they are learnt from those
REST = {"mixed": "P", "pure": "P", "negative": "N", "other": "0"}  # what clauses of a statement claim that lie in no part
CLAIM_LEAST, CLAIM_DRAW, CLAIM_KIND_DRAW, CLAIM_ROUNDS, CLAIM_RATE = 3, 1 / 6, 1 / 12, 6, 0.4
CLAIM_STEPS = 80  # to the bottom
CLAIM_PLAIN = 3  # how often a plain text counts: else plain words are taken for wry ones
CLAIM_KINDS_MOST = 8  # KINDS of claim_steps.c
# What claims are told by, the order of praise and limits beside claims are learnt from these, too, nothing else is
LATER_SETS = ["twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
              "twentieth", "twentyfirst", "twentysecond", "twentythird"]
LIMIT_NODES, LIMIT_ROUNDS, LIMIT_BATCH, LIMIT_RATE, LIMIT_DROPPED, LIMIT_DRAW = 16, 6, 512, 0.005, 0.1, 1e-4
LIMIT_LIKELY = 0.36  # as in tone_parts.c
CLAIM_SCALE = 6.5  # of what a seldom feature counts beside a frequent one
CLAIM_BUCKETS, SHARED, ROWS, LINE = 1 << 20, 80, 7, 64  # TONE_CLAIM_BUCKETS, …
# Of each lane of a row: where its lowest bit lies, what lies in the middle, what share of all rows keeps within its bits
LANE_PLACES, LANE_MIDDLES = [16 * (k % 4) + [0, 5, 11][k // 4] for k in range(11)], np.array([16] * 4 + [32] * 4 + [16] * 3)
LANE_MOST = [0.999] * 4 + [0.9999] * 2 + [0.999] * 5
LINES = -(-CLAIM_BUCKETS // SHARED)
STEPS, RATE = 300, 0.15
ORDER_STEPS = 60
DENIES = -1  # which sign of a clause says so: set by main()
WORK = []  # what the processes of each_apart() do
CLAUSE_NAMES, WHOLE_NAMES, CLAIM_NAMES = [], [], []  # of the signs of a clause, of a whole post, of its claims: set by main()
BAD_SIGNS = ["model: negative", "bad words", "very bad words", "damning words", "bad words at the end", "long and bad",
             "short and bad", "gives it up", "a result for the worse"]
GOOD_SIGNS = ["model: positive", "best clause", "worst clause", "first clause", "last clause", "mean clause",
              "good words", "words of delight", "good words at the end", "long and good", "short and good",
              "keeps it", "a result"]


def do_work(item):
    return WORK[-1](item)


def each_apart(work, items):
    """[work(item) …], each in a process of its own: what is there before is shared."""
    WORK.append(work)
    with multiprocessing.get_context("fork").Pool(2 * os.cpu_count()) as pool:
        done = pool.map(do_work, items, chunksize=1)
    WORK.pop()
    return done


def kept(work, name, make):
    """What make() gives, kept in a file of --work from one run to the next; not kept without a folder."""
    path = os.path.join(work, name) if work else None
    if path and os.path.exists(path):
        with open(path, "rb") as f:
            return pickle.load(f)
    made = make()
    if path:
        with open(path, "wb") as f:
            pickle.dump(made, f)
    return made


def read_statements(name):
    """With the name of the set for their source."""
    return [dict(p, source=name) for p in statements.read_statements(name) if p["expect"]["sentiment"] != "unknown"]


def read_texts(source, path):
    with open(path, encoding="utf-8") as f:
        rows = [line.rstrip("\n").split("\t", 1) for line in f if "\t" in line]
    return [{"source": source, "external_id": str(i), "text": text, "expect": {"sentiment": label, "sarcasm": False}}
            for i, (label, text) in enumerate(rows)]


def has_spans(post):
    return post["expect"].get("spans", True)


def pieces(post):
    """A statement as the model learns it: whole, its limits, what is praised, its sentences."""
    e, text = post["expect"], re.sub(r"\s", " ", post["text"])
    out, rest = [(e["sentiment"], text)], text
    if e["rank"] == "mixed" and not has_spans(post):
        return out
    for part in ("limit", "lesson", "outcome", "selection"):
        for span in e[part]:
            span = re.sub(r"\s", " ", span)
            rest = rest.replace(span, "|")
            if part == "limit" and e["rank"] == "mixed" and len(span.split()) > 2:
                out.append(("negative", span))
            elif part in ("lesson", "selection"):
                out.append(("neutral", span))
    if e["rank"] == "mixed":
        out += [("positive", s.strip(" ,.;:")) for s in re.split(r"\||(?<=[.!?])\s", rest) if len(s.split()) > 2]
    elif e["rank"] != "other":
        out += [(e["sentiment"], s) for s in re.split(r"(?<=[.!?])\s", text) if s != text and len(s.split()) > 3]
    return out


def make_model(args, posts, out):
    names = {"plain": out + ".plain.tsv", "said": out + ".said.tsv"}
    for name, path in names.items():
        with open(path, "w", encoding="utf-8") as f:
            f.writelines(f"{label}\t{text}\n" for p in posts if (p["source"] == "plain") == (name == "plain")
                         for label, text in (pieces(p) if name == "said" else [(p["expect"]["sentiment"], p["text"])]))
    run = [os.path.join(BUILD, "rules/classify/tone_train"), out, f"tweets={args.tweets}", f"films={args.films}",
           f"own*8={names['plain']}", "limits*2=" + os.path.join(HERE, "tone-limits.tsv"), f"said*2={names['said']}",
           f"+later={args.later}"]
    print(subprocess.run(run, check=True, capture_output=True, text=True).stdout, file=sys.stderr)


def frames(posts, model):
    lines = "".join(json.dumps({k: v for k, v in p.items() if k not in ("expect", "letter")}) + "\n"
                    for p in posts)
    run = subprocess.run([os.path.join(BUILD, "tests/quality/tone_frames"), model], input=lines, check=True,
                         capture_output=True, text=True)
    out = [(p, f) for p, f in zip(posts, map(json.loads, run.stdout.splitlines()), strict=True)
           if f["label"] != "unknown"]
    for _, f in out:
        for part in [f, *f["clauses"], *f["sentences"]]:
            part["claimed"] = np.array(part["claimed"], dtype=np.int64)
    return out


def names_of():
    run = subprocess.run([os.path.join(BUILD, "tests/quality/tone_frames"), "names"], check=True,
                         capture_output=True, text=True)
    rows = [line.split("\t") for line in run.stdout.splitlines()]
    return [[n for k, n in rows if k == kind] for kind in ("clause", "whole", "claim")]


def tells(post, frame, part):
    """For each sentence: does it hold some of such a part?"""
    text, at, out = post["text"], 0, []
    spans = [(text.find(s), text.find(s) + len(s)) for s in post["expect"].get(part, [])]
    for c in frame["sentences"]:
        start = text.find(c["text"], at)
        at = max(at, start)
        out.append(any(a < start + len(c["text"]) and b > start for a, b in spans))
    return out


def lies_in(post, frame, part):
    """For each clause: does most of it lie in such a part?"""
    text, at, out = post["text"], 0, []
    spans = [(text.find(s), text.find(s) + len(s)) for s in post["expect"].get(part, [])]
    for c in frame["clauses"]:
        start = text.find(c["text"], at)
        at = max(at, start)
        end = start + len(c["text"])
        shared = sum(max(0, min(end, b) - max(start, a)) for a, b in spans)
        out.append(start >= 0 and 2 * shared >= len(c["text"]))
    return out


class Words:
    """Rows of buckets: what words and pairs tell, divided by the root of their number as tone_sums_limit() does."""

    def __init__(self, rows):
        sizes = [len(r) for r in rows]
        self.n = len(rows)
        self.bucket = np.array([b for r in rows for b in r], dtype=np.int64) * BUCKETS // ALL_BUCKETS
        self.row = np.repeat(np.arange(self.n), sizes)
        self.value = 1 / np.sqrt(np.repeat(np.maximum(1, sizes), sizes))

    def sums(self, table):
        return np.stack([np.bincount(self.row, column[self.bucket] * self.value, self.n) for column in table.T], 1)

    def back(self, d):
        return np.stack([np.bincount(self.bucket, column[self.row] * self.value, BUCKETS) for column in d.T], 1)


class Slope:
    """Adam, with steps that shrink."""

    def __init__(self, w):
        self.w, self.m, self.v = w, np.zeros_like(w), np.zeros_like(w)

    def go(self, g, step):
        self.m += 0.1 * (g - self.m)
        self.v += 0.001 * (g * g - self.v)
        rate = RATE * (1 - (step - 1) / STEPS)
        self.w -= rate * self.m / (1 - 0.9**step) / (np.sqrt(self.v / (1 - 0.999**step)) + 1e-9)


def descend(signs, words, kinds, gradient, draw, draw_words, hold=None):
    """Weights of signs and of words, both drawn towards 0 but the first sign. `gradient`: from what they sum up to.
    `hold` puts right what must not be. Signs are of different size: each is divided by how much it differs."""
    scale = signs.std(0) + 0.1
    signs = signs / scale
    draws = np.full((len(scale), 1), draw)
    draws[0] = 0.01
    w, told = Slope(np.zeros((len(scale), kinds))), Slope(np.zeros((BUCKETS, kinds)))
    for step in range(1, STEPS + 1):
        d = gradient(signs @ w.w + words.sums(told.w))
        w.go(signs.T @ d + draws * w.w, step)
        told.go(words.back(d) + draw_words * told.w, step)
        if hold:
            hold(w.w)
    return w.w / scale[:, None], told.w


def logistic(x, y, kinds, draw):
    """One against the others for each kind, what is of the kind counts as much as there are others: weights of the
    features of x, then what is without any. For few rounds (claim_steps.c): what is descended to the bottom tells less
    of another hand."""
    n, features = len(y), x.shape[1]
    right = np.array(y)[:, None] == np.arange(CLAIM_KINDS_MOST)
    share = np.where(right, n / kinds / np.maximum(1, right.sum(0)), np.arange(CLAIM_KINDS_MOST) < kinds)
    draws = draw / np.maximum(1, np.bincount(x.indices, minlength=features))
    lots = np.random.default_rng(0)
    order = np.concatenate([lots.permutation(n) for _ in range(CLAIM_ROUNDS)])
    counts = np.array([n, features, x.nnz, CLAIM_ROUNDS]).astype("<i4").tobytes() + np.float32(CLAIM_RATE).tobytes()
    rows = [v.astype("<i4").tobytes() for v in (x.indptr, x.indices, np.array(y), order)]
    run = subprocess.run([os.path.join(BUILD, "tests/quality/claim_steps")], check=True, capture_output=True,
                         input=b"".join([counts, *rows] + [v.astype("<f4").tobytes() for v in (x.data, share, draws)]))
    return np.frombuffer(run.stdout, "<f4").reshape(-1, CLAIM_KINDS_MOST)[:, :kinds].astype(float)


def thorough(x, y, kinds, draw):
    """The same, to the bottom: what tells lessons and choices of whole sentences needs that."""
    right = np.zeros((x.shape[0], kinds))
    right[np.arange(len(y)), y] = 1
    share = np.where(right > 0, (len(y) / kinds / np.maximum(1, right.sum(0))), 1)
    back = x.T.tocsr()

    def loss(flat):
        w = flat.reshape(-1, kinds)
        sums = x @ w[:-1] + w[-1]
        d = share * (1 / (1 + np.exp(-sums)) - right)
        gradient = np.vstack([back @ d + draw * w[:-1], d.sum(0)])
        return (share * (np.logaddexp(0, sums) - right * sums)).sum() + draw / 2 * (w[:-1] ** 2).sum(), gradient.ravel()

    found = scipy.optimize.minimize(loss, np.zeros((x.shape[1] + 1) * kinds), jac=True, method="L-BFGS-B",
                                    options={"maxiter": CLAIM_STEPS})
    return found.x.reshape(-1, kinds)


def claim_features(rows):
    sizes = np.array([len(r) for r in rows])
    values = np.repeat(1 / np.sqrt(np.maximum(1, sizes)), sizes)
    at = (np.repeat(np.arange(len(rows)), sizes), np.concatenate(rows))
    return scipy.sparse.csr_matrix((values, at), shape=(len(rows), CLAIM_BUCKETS))


def letters_of(post, frame):
    """Of each clause. Told once: looked for for each hand that is left out."""
    if "right" not in frame:
        out = [REST[kinds_of(post)[0]]] * len(frame["clauses"])
        for part, letter in reversed(PARTS.items()):
            out = [letter if lies else old for lies, old in zip(lies_in(post, frame, part), out, strict=True)]
        frame["right"] = out
    return frame["right"]


class Claims:
    """What features tell of a clause, and of a whole statement: a row for each bucket that was met often."""

    def __init__(self, said, labelled, sentences):
        said = [(p, f) for p, f in said if len(kinds_of(p)) == 1 and has_spans(p)]
        said += (CLAIM_PLAIN - 1) * [x for x in said if x[0]["source"] == "plain"]
        clauses = [c["claimed"] for _, f in said for c in f["clauses"]] + [f["claimed"] for _, f in labelled]
        letters = [x for p, f in said for x in letters_of(p, f)] + [p["letter"] for p, _ in labelled]
        wholes = [f["claimed"] for _, f in said + labelled]
        kinds = [kinds_of(p)[0] for p, _ in said] + [CLAIM_KINDS.get(p["letter"], "other") for p, _ in labelled]
        x = claim_features(clauses)
        seen = np.bincount(x.indices, minlength=CLAIM_BUCKETS)
        self.known = np.flatnonzero(seen >= CLAIM_LEAST)
        self.seen = seen[self.known]
        rare = scipy.sparse.diags((np.log((1 + len(clauses)) / (1 + self.seen)) + 1) / CLAIM_SCALE)
        parts = []
        for rows, names, right, draw in ((x, LETTERS, letters, CLAIM_DRAW),
                                         (claim_features(wholes), KINDS, kinds, CLAIM_KIND_DRAW)):
            w = logistic((rows[:, self.known] @ rare).tocsr(), [names.index(r) for r in right], len(names), draw)
            parts.append(np.vstack([rare @ w[:-1], w[-1:]]))
        rows = np.concatenate(parts, 1)
        self.rows, self.bias = rows[:-1].copy(), rows[-1].copy()
        for part, (known, rows, bias) in sentences.items():
            lane = LETTERS.index(PARTS[part])
            self.rows[:, lane], self.bias[lane] = 0, bias
            self.rows[np.searchsorted(self.known, known), lane] = rows

    def sums(self, rows):
        return claim_features(rows)[:, self.known] @ self.rows + self.bias

    def tell(self, frames):
        """Puts into each what tone_claims_read() tells."""
        n = len(LETTERS)
        clauses = self.sums([c["claimed"] for f in frames for c in f["clauses"]])[:, :n]
        clauses /= 1 + abs(clauses)
        wholes, at = np.clip(self.sums([f["claimed"] for f in frames])[:, n:], -5, 5), 0
        for f, kinds in zip(frames, wholes, strict=True):
            c = clauses[at:at + len(f["clauses"])]
            at += len(c)
            f["letters"] = c
            if len(c) == 0:
                f["claims"] = np.zeros(len(CLAIM_NAMES))
                continue
            beside = np.delete(c[:, 0], c[:, 2].argmax())
            beside = (1 + (beside.max() if len(beside) else -1)) / 4
            kind = (c[:, 0] - c[:, 1]) / 2
            last = [(1 + c[:, 2].max()) * beside, (1 + c[:, 1].max()) * beside, kind.max(), kind.min(), kind[0]]
            f["claims"] = np.concatenate([c.max(0), c.mean(0), c[-1], kinds, last])

    def table(self):
        """As the model file has it: where a line has no more room, those first that tell most of kinds, by what is met."""
        most = np.array([np.quantile(abs(lane), share) for lane, share in zip(self.rows.T, LANE_MOST, strict=True)])
        step = np.maximum(most, 1e-9) / (LANE_MIDDLES - 1)
        steps = np.clip(np.rint(self.rows / step), 1 - LANE_MIDDLES, LANE_MIDDLES - 1) + LANE_MIDDLES
        packed = (steps.astype(np.uint64) << np.array(LANE_PLACES, dtype=np.uint64)).sum(1, dtype=np.uint64)
        lanes = len(step)
        head = np.zeros(2 * LINE // 4, dtype="<f4")
        head[:lanes], head[lanes:2 * lanes] = step, self.bias
        lines, room = np.zeros((LINES, LINE), dtype=np.uint8), np.zeros(LINES, dtype=int)
        packed = packed.astype("<u8").view(np.uint8).reshape(-1, 8)
        kinds = self.rows[:, len(LETTERS):]
        told = self.seen * np.linalg.norm(kinds / kinds.std(0), axis=1)
        for i in np.argsort(-told, kind="stable"):
            line, tag = divmod(self.known[i], SHARED)
            if room[line] < ROWS:
                lines[line, room[line] * 8:][:8] = packed[i]
                lines[line, ROWS * 8 + room[line]] = tag + 1
                room[line] += 1
        return head.tobytes() + lines.tobytes()


def learn_sentences(said, labelled):
    """What tells lessons and choices, of the features that were met often in these: {part: (features, rows, bias)}."""
    said, out = [(p, f) for p, f in said if "rank" in p["expect"] and has_spans(p)], {}
    x = claim_features([c["claimed"] for _, f in said for c in f["clauses"]] + [f["claimed"] for _, f in labelled])
    seen = np.bincount(x.indices, minlength=CLAIM_BUCKETS)
    known = np.flatnonzero(seen >= CLAIM_LEAST)
    rare = scipy.sparse.diags((np.log((1 + x.shape[0]) / (1 + seen[known])) + 1) / CLAIM_SCALE)
    sentences = claim_features([s["claimed"] for _, f in said for s in f["sentences"]] +
                               [f["claimed"] for _, f in labelled])
    for part in WHOLE_SENTENCES:
        right = [y for p, f in said for y in tells(p, f, part)] + [p["letter"] == PARTS[part] for p, _ in labelled]
        w = thorough((sentences[:, known] @ rare).tocsr(), np.array(right, dtype=int), 2, CLAIM_DRAW)[:, 1]
        out[part] = known, rare @ w[:-1], w[-1]
    return out


def read_clauses(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as f:
        rows = [line.rstrip("\n").split("\t") for line in f if "\t" in line]
    return [{"source": "clause", "external_id": str(i), "text": text, "letter": letter}
            for i, (text, letter) in enumerate(rows)]


def report_claims(claims, model):
    for name in CLAUSES:
        data = frames(read_clauses(f"clauses-{name}-held.tsv"), model)
        told = claims.sums([f["claimed"] for _, f in data])[:, :len(LETTERS)].argmax(1)
        right = np.array([LETTERS.index(p["letter"]) for p, _ in data])
        recalls = ", ".join(f"{x} {(told[right == k] == k).mean():.2f}" for k, x in enumerate(LETTERS) if (right == k).any())
        print(f"clauses {name}, held: {len(data)}, right {(told == right).mean():.3f}; recall {recalls}")


def learn_limits(data):
    data = [(p, f) for p, f in data if kinds_of(p) in (["pure"], ["other"]) or (kinds_of(p) == ["mixed"] and has_spans(p))]
    clauses = [c for _, f in data for c in f["clauses"]]
    right = np.array([y for p, f in data for y in lies_in(p, f, "limit")], dtype=float)[:, None]
    share = np.array([OTHER_CLAUSE if kinds_of(p) == ["other"] else 1 for p, f in data for _ in f["clauses"]])
    return descend(np.array([c["signs"] for c in clauses]), Words([c["words"] for c in clauses]), 1,
                   lambda sums: share[:, None] * (1 / (1 + np.exp(-sums)) - right), DRAW_LIMIT, DRAW_LIMIT_WORD)


def learn_firm(said):
    """Whether praise is for a firm, not for its product: by what is counted of clauses, and by words."""
    data = [(p, f) for p, f, _ in said if p["expect"].get("target") in ("company", "product")]
    right = np.array([p["expect"]["target"] == "company" for p, _ in data], dtype=float)[:, None]
    share = 1 + (FIRM - 1) * right
    return descend(np.array([f["firm"] for _, f in data]), Words([f["words"] for _, f in data]), 1,
                   lambda sums: share * (1 / (1 + np.exp(-sums)) - right), DRAW_FIRM, DRAW_FIRM_WORD)


def report_firm(name, data, firm):
    """Told of those that are praise of either, and right, and there."""
    data = [(p, f) for p, f in data if p["expect"].get("target") in ("company", "product")]
    sums = np.array([f["firm"] for _, f in data] or np.zeros((0, 4))) @ firm[0]
    told = (sums + Words([f["words"] for _, f in data]).sums(firm[1]))[:, 0] > 0
    there = np.array([p["expect"]["target"] == "company" for p, _ in data], dtype=bool)
    print(f"{name}: praise of a firm told of {told.sum()}, right {(told & there).sum()}, there {there.sum()}")


def limit_chances(frames, limits):
    """Of the clauses of each frame. A denied flaw is no limit."""
    clauses = [c for f in frames for c in f["clauses"]]
    w, told = limits
    sums = np.array([c["signs"] for c in clauses]) @ w + Words([c["words"] for c in clauses]).sums(told)
    chances = iter(0 if c["signs"][DENIES] else x for c, x in zip(clauses, 1 / (1 + np.exp(-sums[:, 0])), strict=True))
    return [[float(next(chances)) for _ in f["clauses"]] for f in frames]


def with_limits(frame, chances, at):
    """The signs of the whole as tone_whole.c reads them, with these chances of limits."""
    signs = list(frame["signs"])
    if chances:
        order = sorted(chances, reverse=True)
        most = chances.index(order[0])
        beside = max([0] + [(1 - p) * max(-2, min(2, c["tone"]))
                            for i, (p, c) in enumerate(zip(chances, frame["clauses"], strict=True)) if i != most])
        signs[at:at + 4] = [order[0], order[1] if len(order) > 1 else 0, chances[-1], order[0] * beside]
    return signs


def hold_sides(w):
    """What sounds bad never speaks more for pure praise than for blame, what sounds good never less: sarcasm is
    frequent in what is learnt from, and would turn single signs around. What damns is seldom in it and speaks for
    blame by DAMNED more."""
    hold(w, [(BAD_SIGNS, 1, 2, 0), (GOOD_SIGNS, 2, 1, 0), (["damning words"], 0, 2, DAMNED),
             (["damning words"], 1, 2, DAMNED)])


def hold_chat(w):
    """The same of labels of chatter."""
    hold(w, [(BAD_SIGNS, 2, 0, 0), (GOOD_SIGNS, 0, 2, 0)])


def hold(w, held):
    for names, low, high, least in held:
        for i in (WHOLE_NAMES.index(name) for name in names):
            lacks = w[i, low] + least - w[i, high]
            if lacks > 0:
                w[i, low] -= lacks / 2
                w[i, high] += lacks / 2


def learn_classes(rows, classes, moves, draw, draw_words, hold=None):
    """rows: (signs, words, classes it may be, moved, weight). Weights for each class, by signs and by words."""
    may = np.array([[c in r[2] for c in classes] for r in rows], dtype=float)
    moved = np.array([r[3] for r in rows])
    weight = np.array([r[4] for r in rows])[:, None]

    def gradient(sums):
        p = softmax(sums, moved, moves)
        right = p * may
        return weight * (p - right / right.sum(1, keepdims=True))

    return descend(np.array([r[0] for r in rows]), Words([r[1] for r in rows]), len(classes), gradient, draw, draw_words,
                   hold)


def learn_chatter(statements, tweets):
    """How far a post is chatter, by its signs."""
    rows = statements + tweets
    right = np.repeat([0.0, 1.0], [len(statements), len(tweets)])[:, None]
    weight = np.repeat([(1 - CHATTER) / len(statements), CHATTER / len(tweets)], [len(statements), len(tweets)])
    weight = weight[:, None] * len(rows)
    return descend(np.array([r[0] for r in rows]), Words([[] for _ in rows]), 1,
                   lambda sums: weight * (1 / (1 + np.exp(-sums)) - right), DRAW_CHATTER, 1)[0]


def softmax(sums, moved, moves):
    sums = sums + moved[:, None] * moves
    p = np.exp(sums - sums.max(1, keepdims=True))
    return p / p.sum(1, keepdims=True)


def kinds_of(post):
    """What it may be. A plain text that praises and sets nothing against it states no limit."""
    if "rank" in post["expect"]:
        return [post["expect"]["rank"]]
    plain = post["source"] == "plain" and post["expect"]["sentiment"] == "positive" and not MAY_LIMIT.search(post["text"])
    return ["pure"] if plain else LABELS[post["expect"]["sentiment"]]


def examples(data, limits, at, group):
    count = {label: sum(p["expect"]["sentiment"] == label for p, _ in data) for label in LABELS}
    out = []
    for (p, f), chances in zip(data, limits, strict=True):
        label = p["expect"]["sentiment"]
        share = SHARES[group][label] * len(data) / count[label] * (PLAIN_TEXT if p["source"] == "plain" else 1)
        out.append((with_limits(f, chances, at), f["words"], kinds_of(p), label, f["moved"], share))
    return out


def kinds_in_order(rows, order):
    """The chances of kinds, of rows as learn_order() takes them."""
    return softmax(np.array([r[0] for r in rows]) @ order, np.array([r[2] for r in rows]), MOVES)


def next_to(rows, n, least):
    """Those of the clause so many before each, or behind where n is below 0."""
    out = np.full_like(rows, least)
    for i in range(len(rows)):
        if 0 <= i - n < len(rows):
            out[i] = rows[i - n]
    return out


def beside_signs(frame, chances, kinds):
    """Of each clause, as tone_limits.c has them."""
    n, claims, clauses = len(chances), np.asarray(frame["letters"], dtype=float), frame["clauses"]
    p = np.array(chances)[:, None]
    odds = np.clip(np.log((p + 1e-9) / (1 - p + 1e-9)), -5, 5)
    tones = np.clip([[c["tone"]] for c in clauses], -3, 3)
    columns = []
    for away in (0, 1, -1, 2, -2):
        columns += [next_to(claims, away, 0), next_to(odds, away, -5)]
    columns += [next_to(tones, away, 0) for away in (0, 1, -1)]
    for v, least in ((claims[:, 0], -1), (claims[:, 1], -1), (claims[:, 2], -1), (odds[:, 0], -5), (tones[:, 0], -3)):
        columns.append(np.array([[v[:i].max(initial=least), v[i + 1:].max(initial=least)] for i in range(n)]))
    tokens = np.array([[len(c["words"]) // 2] for c in clauses])
    shared = [*np.clip(np.log(kinds + 1e-9), -5, 0)[:3], np.log(n), np.log1p(tokens.sum())]
    columns += [np.tile(shared, (n, 1)), np.log1p(tokens), (np.arange(n)[:, None] + 0.5) / n,
                np.array([c["signs"] for c in clauses]), np.tile(frame["claims"], (n, 1))]
    return np.concatenate(columns, 1)


def limit_names():
    """Of these signs."""
    claims = ["praise", "blame", "limit", "none", "lesson", "choice", "result", "a limit by itself"]
    places = ["", " before", " behind", " of the second before", " of the second behind"]
    return ([c + place for place in places for c in claims] + ["tone" + place for place in places[:3]] +
            [f"most {c} {side}" for c in ("praise", "blame", "limit", "a limit by itself", "tone")
             for side in ("before", "behind")] +
            ["mixed praise", "pure praise", "all blame", "clauses", "tokens of the post", "tokens", "place"] +
            CLAUSE_NAMES + CLAIM_NAMES)


class Net:
    """Of one layer, whose nodes are squashed as claims are. What is drawn by lot is drawn the same every time."""

    def __init__(self, x, y):
        lots = np.random.RandomState(1)
        n, middle, self.scale = x.shape[1], x.mean(0), x.std(0) + 0.1
        x, y = ((x - middle) / self.scale).astype(np.float32), y.astype(np.float32)
        w = [(2 * lots.rand(*shape) - 1) / np.sqrt(size)
             for shape, size in (((n, LIMIT_NODES), n), ((LIMIT_NODES,), n), ((LIMIT_NODES,), LIMIT_NODES))]
        self.w = [v.astype(np.float32) for v in [*w, np.zeros(1)]]
        moved, spread = [0 * v for v in self.w], [0 * v for v in self.w]
        steps, step = LIMIT_ROUNDS * (len(y) // LIMIT_BATCH), 0
        for _ in range(LIMIT_ROUNDS):
            order = lots.permutation(len(y))
            for i in range(len(y) // LIMIT_BATCH):
                rows = order[i * LIMIT_BATCH:(i + 1) * LIMIT_BATCH]
                kept = lots.rand(LIMIT_BATCH, n).astype(np.float32) >= LIMIT_DROPPED
                step += 1
                for v, m, s, g in zip(self.w, moved, spread, self.slope(x[rows] * kept / np.float32(1 - LIMIT_DROPPED),
                                                                       y[rows]), strict=True):
                    m += 0.1 * (g - m)
                    s += 0.001 * (g * g - s)
                    v -= (LIMIT_RATE * (1 - (step - 1) / steps) *
                          (m / (1 - 0.9**step) / (np.sqrt(s / (1 - 0.999**step)) + 1e-8) + LIMIT_DRAW * v))
        self.w[1] = self.w[1] - (middle / self.scale) @ self.w[0]
        self.w[0] = self.w[0] / self.scale[:, None]
        self.w[0][limit_names().index(CLAUSE_NAMES[0])] += self.w[1]  # a sign that is always 1

    def slope(self, x, y):
        sums = x @ self.w[0] + self.w[1]
        squashed = 1 + abs(sums)
        d = (1 / (1 + np.exp(-(sums / squashed @ self.w[2] + self.w[3]))) - y) / len(y)
        dh = d[:, None] * self.w[2] / squashed**2
        return x.T @ dh, dh.sum(0), (sums / squashed).T @ d, d.sum(keepdims=True)

    def chances(self, x):
        sums = x @ self.w[0]
        return 1 / (1 + np.exp(-(sums / (1 + abs(sums)) @ self.w[2] + self.w[3])))


def beside_chances(data, chances, kinds, net):
    """Of the clauses of each post. A denied flaw is no limit, as limit_chances() has it."""
    return [np.sign(c) * net.chances(beside_signs(f, c, k)) if c else [] for (_, f), c, k in
            zip(data, chances, kinds, strict=True)]


def learn_beside(data, chances, kinds):
    """Whether a clause is the limit of mixed praise, by what is told of the post without its hand."""
    rows, right = [], []
    for (p, f), c, k in zip(data, chances, kinds, strict=True):
        if has_spans(p) and "rank" in p["expect"] and c:
            rows.append(beside_signs(f, c, k))
            right += lies_in(p, f, "limit") if p["expect"]["rank"] == "mixed" else [False] * len(c)
    return Net(np.concatenate(rows), np.array(right))


def rows_in_order(data, chances, at):
    """What puts praise in order, as learn_order() takes it."""
    rows = examples(data, chances, at, "statements")
    counts = {"plain": ORDER_PLAIN / PLAIN_TEXT, **{name: ORDER_LATER for name in LATER_SETS}}
    return [(np.concatenate([s, f["claims"]]), may, moved, share * counts.get(p["source"], 1))
            for (p, f), (s, _, may, _, moved, share) in zip(data, rows, strict=True)]


def learn_order(rows):
    """rows: (signs, kinds it may be, moved, weight). Weights for each kind, to the bottom: of so many rows quicker than
    descend(). Drawn towards 0 in the same way."""
    signs, weight = np.array([r[0] for r in rows]), np.array([r[3] for r in rows], dtype=np.float32)[:, None]
    may = np.array([[k in r[1] for k in KINDS] for r in rows], dtype=np.float32)
    turned = (np.array([r[2] for r in rows])[:, None] * MOVES).astype(np.float32)
    scale = signs.std(0) + 0.1
    signs, draws = (signs / scale).astype(np.float32), np.full((len(scale), 1), DRAW)
    draws[0] = 0.01

    def loss(flat):
        w = flat.reshape(-1, len(KINDS))
        sums = signs @ w.astype(np.float32) + turned
        p = np.exp(sums - sums.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        right = p * may
        told = right.sum(1, keepdims=True)
        slope = signs.T @ (weight * (p - right / told)) + draws * w
        return -(weight * np.log(told + 1e-20)).sum(dtype=float) + (draws * w * w).sum() / 2, slope.ravel()

    found = scipy.optimize.minimize(loss, np.zeros(len(scale) * len(KINDS)), jac=True, method="L-BFGS-B",
                                    options={"maxiter": ORDER_STEPS})
    return found.x.reshape(-1, len(KINDS)) / scale[:, None]


def kinds_unseen(ordered, folds):
    """The chances of kinds of each, without its hand; None of plain texts."""
    def of_fold(k):
        order = learn_order([r for r, fold in zip(ordered, folds, strict=True) if fold != k])
        return kinds_in_order([r for r, fold in zip(ordered, folds, strict=True) if fold == k], order)

    out, names = [None] * len(folds), sorted(set(folds) - {PLAIN})
    for k, kinds in zip(names, each_apart(of_fold, names), strict=True):
        mine = [i for i, fold in enumerate(folds) if fold == k]
        for i, kind in zip(mine, kinds, strict=True):
            out[i] = kind
    return out


def may_teach(post):
    return not (post["expect"]["sarcasm"] and post["expect"]["sentiment"] == "positive")


def learn_all(said, tweets, later, at, only=None, work=None):
    """said: (post, frame, fold); later: (post, frame). Weights of limits; of wholes, as tone_whole.h has them in columns;
    what words tell of kinds. Praise that is worded as blame teaches nothing but that blame may be praise."""
    said = [(p, f, fold) for p, f, fold in said if may_teach(p)]
    later = [(p, f) for p, f in later if may_teach(p)]
    data, chances, fold_of = [], [], []
    folds = sorted({fold for _, _, fold in said})
    *without, limits = kept(work, "limits", lambda: each_apart(
        lambda k: learn_limits([(p, f) for p, f, fold in said if fold != k]), folds + [None]))
    for k, unseen in zip(folds, without, strict=True):
        mine = [(p, f) for p, f, fold in said if fold == k]
        data += mine
        fold_of += [k] * len(mine)
        chances += limit_chances([f for _, f in mine], unseen)
    every = data + later
    every_chances = chances + limit_chances([f for _, f in later], limits)
    fold_of += [FOLDS + LATER_SETS.index(p["source"]) for p, _ in later]
    ordered = rows_in_order(every, every_chances, at)
    order = learn_order(ordered)
    beside = learn_beside(every, every_chances, kinds_unseen(ordered, fold_of)) if only != "order" else None
    if only:
        return limits, (None, None, order, beside)
    said = examples(data, chances, at, "statements")
    tweets = examples(tweets, limit_chances([f for _, f in tweets], limits), at, "tweets")
    both = [(s, w, may, moved, share) for s, w, may, _, moved, share in said]
    both += [(s, w, may, moved, TWEET * share) for s, w, may, _, moved, share in tweets]
    kinds, told = learn_classes(both, KINDS, MOVES, DRAW, DRAW_WORD, hold_sides)
    chat, _ = learn_classes([(s, [], [label], moved, share) for s, _, _, label, moved, share in tweets], list(LABELS),
                            MOVES_CHAT, DRAW_CHAT, 1, hold_chat)
    return limits, (np.concatenate([kinds, chat, learn_chatter(said, tweets)], 1), told, order, beside)


def count_marks(post, frame, marked):
    """Clauses that are marked, those that share some of a limit, limits, those that share some of a marked clause."""
    text, at, places = post["text"], 0, []
    for c, mark in zip(frame["clauses"], marked, strict=True):
        at = max(at, text.find(c["text"], at))
        if mark:
            places.append((at, at + len(c["text"])))
    spans = [(text.find(s), text.find(s) + len(s)) for s in post["expect"]["limit"]]
    met = np.array([[a < d and c < b for c, d in spans] for a, b in places]).reshape(len(places), len(spans))
    return len(places), met.any(1).sum(), len(spans), met.any(0).sum()


def labels_of(kinds):
    return np.stack([kinds[:, 2], kinds[:, 3], kinds[:, 0] + kinds[:, 1]], 1)


def join_readings(kinds, claimed, words):
    """The chances of labels, as tone_whole_claimed() has them. words: the logarithm of their number."""
    power = np.clip(0.8 - 0.5 * (words - 1.8), 0.25, 0.8)[:, None]
    said = np.maximum(labels_of(kinds), 1e-6) ** power * np.maximum(labels_of(claimed), 1e-6) ** (POWERS - power)
    return said / said.sum(1, keepdims=True)


def report(name, data, limits, whole, at):
    pairs, labels, ranks = [], [], {k: [] for k in KINDS}
    w, told, order, beside = whole
    chances = limit_chances([f for _, f in data], limits)
    signs = [with_limits(f, c, at) for (_, f), c in zip(data, chances, strict=True)]
    sums, moved, n = np.array(signs) @ w, np.array([f["moved"] for _, f in data]), len(KINDS)
    kinds = softmax(sums[:, :n] + Words([f["words"] for _, f in data]).sums(told), moved, MOVES)
    chat, chatter = softmax(sums[:, n:-1], moved, MOVES_CHAT), 1 / (1 + np.exp(-sums[:, -1:]))
    ordered = softmax(np.concatenate([signs, [f["claims"] for _, f in data]], 1) @ order, moved, MOVES)
    said = join_readings(kinds, ordered, np.array(signs)[:, WHOLE_NAMES.index("length")])
    marks = np.zeros(4, dtype=int)  # clauses marked, of these right; limits there, of these met
    limited = beside_chances(data, chances, ordered, beside)
    for (p, f), chance, mixed, limit in zip(data, ordered, (1 - chatter) * said + chatter * chat, limited, strict=True):
        if "rank" in p["expect"] and has_spans(p):
            marks += count_marks(p, f, [mixed.argmax() == 2 and x >= LIMIT_LIKELY for x in limit])
        by_label = dict(zip(LABELS, mixed, strict=True))
        said = max(by_label, key=by_label.get)
        labels.append((p["expect"]["sentiment"], said))
        pairs.append((by_label[said], said == p["expect"]["sentiment"]))
        if "rank" in p["expect"]:
            ranks[p["expect"]["rank"]].append(chance[0] + 0.35 * chance[1] + 0.15 * chance[3])
    return name, pairs, labels, ranks, marks


def print_report(parts):
    for name in dict.fromkeys(p[0] for p in parts):
        mine = [p for p in parts if p[0] == name]
        labels = [x for p in mine for x in p[2]]
        recalls = [sum(a == b for a, b in labels if a == k) / max(1, sum(a == k for a, _ in labels)) for k in LABELS]
        steps = {}
        for chance, right in (x for p in mine for x in p[1]):
            steps.setdefault(int(chance * 10), []).append(chance - right)
        gap = sum(abs(sum(v)) for v in steps.values()) / len(labels)
        ranks = {k: [x for p in mine for x in p[3][k]] for k in KINDS}
        orders = [sum(a > b for a in ranks[u] for b in ranks[d]) / max(1, len(ranks[u]) * len(ranks[d]))
                  for u, d in (("mixed", "pure"), ("pure", "negative"), ("mixed", "negative"))]
        marked, right, there, met = sum(p[4] for p in mine)
        found = 2 * right * met / max(1, right * there + met * marked)
        print(f"{name}: {len(labels)} texts, macro-recall {sum(recalls) / 3:.3f} "
              f"({', '.join(f'{r:.2f}' for r in recalls)}), calibration error {gap:.3f}, "
              f"mixed over pure {orders[0]:.3f}, pure over negative {orders[1]:.3f}, mixed over negative {orders[2]:.3f}, "
              f"F1 of limits {found:.3f}")


def floats(values):
    lines, line = [], ""
    for v in values:
        word = f"{v:.4f}f, "
        if len(line) + len(word) > 88:
            lines.append(line.rstrip())
            line = ""
        line += word
    return lines + [line.rstrip()]


def print_rows(declared, names, rows):
    print(f"\nconst float {declared} = {{")
    for name, row in zip(names, rows, strict=bool(len(rows))):
        print(f"\t{{{', '.join(f'{v:.4f}f' for v in row)}}}, /* {name} */")
    print("};")


def print_weights(limits, whole, order, firm, beside):
    print("/* Made by tests/quality/train_tone.py, in the order of tone_clauses.h, tone_aspects.h, tone_whole.h,\n"
          " * tone_claims.h and tone_limits.h. */")
    print('#include "rules/classify/tone_aspects.h"\n#include "rules/classify/tone_limits.h"\n'
          '#include "rules/classify/tone_whole.h"\n\nconst float tone_limit_weights[CLAUSE_SIGNS] = {')
    for line in floats(limits[:, 0]):
        print("\t" + line)
    print("};\n\nconst float tone_firm_weights[FIRM_SIGNS] = {")
    for line in floats(firm[:, 0]):
        print("\t" + line)
    print("};")
    print_rows("tone_whole_weights[WHOLE_SIGNS][TONE_WEIGHED]", WHOLE_NAMES, whole)
    print_order(order, beside)


def print_order(order, beside):
    print_rows("tone_order_weights[WHOLE_SIGNS + CLAIM_SIGNS][TONE_KINDS]", WHOLE_NAMES + CLAIM_NAMES, order)
    if isinstance(beside, str):  # as they were
        print(beside, end="")
        return
    rows, nodes = (beside.w[0], [*beside.w[2], *beside.w[3]]) if beside else ([], [])
    print("\nconst float tone_beside_weights[LIMIT_SIGNS][LIMIT_NODES] = {")
    for name, row in zip(limit_names(), rows, strict=bool(len(rows))):
        words = [f"{v:.4f}f" for v in row]
        print(f"\t/* {name} */\n\t{{{', '.join(words[:8])},\n\t\t{', '.join(words[8:])}}},")
    print("};\n\nconst float tone_beside_nodes[LIMIT_NODES + 1] = {")
    for line in floats(nodes):
        print("\t" + line)
    print("};")


def write_model(work, model, limits, kinds, firm, claims):
    """With what words tell: for a limit, for each kind less what they tell for the last, for praise of a firm, and of
    claims."""
    told = os.path.join(work, "told")
    rows = np.concatenate([limits, kinds[:, :-1] - kinds[:, -1:]], 1)
    with open(told, "wb") as f:
        f.write(np.concatenate([rows.ravel(), firm.ravel()]).astype("<f4").tobytes() + claims.table())
    subprocess.run([os.path.join(BUILD, "rules/classify/tone_train"), f"told={told}", model, MODEL], check=True)


def write_claims(work, claims, order, beside):
    """Into the model there is, which keeps its other tables; the weights there are with another order of praise."""
    path, weights = os.path.join(work, "claims"), os.path.join(HERE, "..", "..", "rules", "classify", "tone_weights.c")
    with open(path, "wb") as f:
        f.write(claims.table())
    subprocess.run([os.path.join(BUILD, "rules/classify/tone_train"), f"claims={path}", MODEL, MODEL], check=True)
    with open(weights, encoding="utf-8") as f:
        text = f.read()
    print(text.split("\nconst float tone_order_weights")[0], end="")
    print_order(order, beside if beside is not None else text[text.index("\nconst float tone_beside_weights"):])


def tell_claims(said, tweets, later, model, work):
    """To each set by claims that were learnt without it; those learnt from all."""
    labelled = [x for name in CLAUSES for x in frames(read_clauses(f"clauses-{name}.tsv"), model)]
    plain = CLAIM_PLAIN * frames(read_clauses(f"clauses-{PLAIN_CLAUSES}.tsv"), model)
    sentences = kept(work, "sentences", lambda: each_apart(
        lambda k: learn_sentences([(p, f) for p, f, fold in said if fold != k], labelled), list(range(FOLDS))))
    said = said + [(p, f, FOLDS + LATER_SETS.index(p["source"])) for p, f in later]
    folds = list(range(FOLDS + len(LATER_SETS)))
    for p, f, _ in said:
        letters_of(p, f)
    *unseen, claims = each_apart(lambda k: Claims([(p, f) for p, f, fold in said if fold != k], labelled + plain,
                                                  sentences[min(k, PLAIN)]), folds + [len(folds)])
    claims.tell([f for _, f in tweets])
    for k in folds:
        unseen[k].tell([f for _, f, fold in said if fold == k])
    return claims


def main():
    parser = argparse.ArgumentParser()
    for name in ("--tweets", "--films", "--later"):
        parser.add_argument(name)
    parser.add_argument("--work")
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--blank", action="store_true")
    parser.add_argument("--claims", action="store_true")
    parser.add_argument("--order", action="store_true")
    args = parser.parse_args()
    if args.blank:
        print_weights(np.zeros((1, 1)), [], [], np.zeros((1, 1)), None)
        return
    work = args.work or tempfile.mkdtemp()
    posts = [(p, k) for k, names in enumerate(SETS) for name in names for p in read_statements(name)]
    posts += [(p, PLAIN) for p in read_texts("plain", os.path.join(HERE, "tone-own.tsv"))]
    models = [os.path.join(work, f"tone{k}.model") for k in range(FOLDS + 1)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for _ in pool.map(lambda k: make_model(args, [p for p, fold in posts if fold != k], models[k]),
                          [k for k, model in enumerate(models) if not os.path.exists(model)]):
            pass
    global DENIES
    for names, mine in zip((CLAUSE_NAMES, WHOLE_NAMES, CLAIM_NAMES), names_of(), strict=True):
        names.extend(mine)
    at, DENIES = WHOLE_NAMES.index("a limit"), CLAUSE_NAMES.index("denied flaw")
    said = [(p, f, k) for k in range(FOLDS) for p, f in frames([p for p, fold in posts if fold == k], models[k])]
    tweets = frames(read_texts("tweets", args.later), models[FOLDS])
    later = [x for name in LATER_SETS for x in frames(read_statements(name), models[FOLDS])]
    claims = tell_claims(said, tweets, later, models[FOLDS], args.work)
    if args.measure:
        report_claims(claims, models[FOLDS])
        parts = []
        for k, names in enumerate([*SETS, ["plain"]]):
            limits, whole = learn_all([x for x in said if x[2] != k],
                                      [t for i, t in enumerate(tweets) if i % FOLDS != k], later, at)
            report_firm(" ".join(names), [(p, f) for p, f, fold in said if fold == k], learn_firm(
                [x for x in said if x[2] != k]))
            parts.append(report("tweets", tweets[k::FOLDS], limits, whole, at))
            for name in names:
                data = [(p, f) for p, f, fold in said if fold == k and p["source"] == name]
                parts.append(report(name, data, limits, whole, at))
        print_report(parts)
        return
    limits, whole = learn_all(said, tweets, later, at, "order" if args.order else "claims" if args.claims else None,
                              args.work)
    if args.order or args.claims:
        write_claims(work, claims, *whole[2:])
        return
    firm = learn_firm(said)
    print_weights(limits[0], whole[0], whole[2], firm[0], whole[3])
    write_model(work, models[FOLDS], limits[1], whole[1], firm[1], claims)


if __name__ == "__main__":
    main()
