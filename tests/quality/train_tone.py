#!/usr/bin/env python3
"""Makes the tone model and the weights that turn what it says into the tone of a post.

    make rules/classify/tone_train tests/quality/tone_frames
    train_tone.py --tweets A.tsv --films B.tsv --later C.tsv [--work DIR] >weights
    cp weights rules/classify/tone_weights.c

The first two files are learnt by rules/classify/tone_train together with tone-own.tsv, tone-limits.tsv (clauses
that state a limit) and the statements beside this script, whole and in pieces. The weights have to be learnt from
texts that the model has not seen, nor any of the same hand, or they trust it too much: so it is made again without
each of the SETS and without tone-own.tsv, and the tweets of --later are never in it. The kinds of statements are weighed as statements teach,
the labels of chatter as tweets do, and a third column of weights tells the two apart. What words and pairs tell of a
statement is learnt with the weights, and becomes a part of the model. With --measure nothing is written: each set is
read by weights that were learnt without it, and the figures are printed. After a change of the signs the old weights
do not compile: --blank prints none. --work keeps the models from one run to the next. The same input gives the same
output: no chance takes part."""
import argparse
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tempfile

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.environ.get("top_builddir", "build")
MODEL = os.path.join(HERE, "..", "..", "rules", "classify", "tone.model")
# No hand is in two of them
SETS = [["dev", "own", "second", "third"], ["fourth", "fourth-held", "seventh", "seventh-held"],
        ["fifth", "fifth-held", "sixth", "sixth-held"], ["eighth"], ["ninth"]]
PLAIN = len(SETS)  # and one more: the short plain texts of tone-own.tsv, without which praise would be taken for irony
FOLDS = PLAIN + 1
MAY_LIMIT = re.compile(r"\b(but|though|although|only|wish|however|except|still|could)\b", re.I)
KINDS = ["mixed", "pure", "negative", "other"]
LABELS = {"negative": ["negative"], "neutral": ["other"], "positive": ["mixed", "pure"]}
# How often each label is taken to be said, so that rare ones are not lost
SHARES = {"statements": {"negative": 0.3, "neutral": 0.22, "positive": 0.48},
          "tweets": {"negative": 0.31, "neutral": 0.34, "positive": 0.35}}
OTHER_CLAUSE = 0.5  # what a clause of another statement counts beside one of praise
CHATTER = 0.65  # how much of all is taken to be chatter
PLAIN_TEXT, TWEET = 1.5, 0.15  # what one counts beside a statement
DAMNED = 0.4  # what the weight of damning words differs by at least between blame and praise
DRAW_LIMIT, DRAW_LIMIT_WORD, DRAW, DRAW_WORD, DRAW_CHAT, DRAW_CHATTER = 3.0, 0.3, 6.0, 2.0, 10.0, 1.0  # towards 0
DRAW_FIRM, DRAW_FIRM_WORD, FIRM = 1.0, 0.5, 2.5  # and what praise of a firm counts beside that of a product
MOVES, MOVES_CHAT = np.array([1, 1, -1, 0]), np.array([-1, 0, 1])  # what turns a tone around moves these
BUCKETS = 1 << 14  # TONE_TOLD_BUCKETS
STEPS, RATE = 300, 0.15
DENIES = -1  # which sign of a clause says so: set by main()
WHOLE_NAMES = []  # of the signs of a whole post: set by main()
BAD_SIGNS = ["model: negative", "bad words", "very bad words", "damning words", "bad words at the end", "long and bad",
             "short and bad", "gives it up", "a result for the worse"]
GOOD_SIGNS = ["model: positive", "best clause", "worst clause", "first clause", "last clause", "mean clause",
              "good words", "words of delight", "good words at the end", "long and good", "short and good",
              "keeps it", "a result"]


def read_statements(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as f:
        posts = [json.loads(line) for line in f if line.strip()]
    return [p for p in posts if p["expect"]["sentiment"] != "unknown"]


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
    lines = "".join(json.dumps({k: v for k, v in p.items() if k != "expect"}) + "\n" for p in posts)
    run = subprocess.run([os.path.join(BUILD, "tests/quality/tone_frames"), model], input=lines, check=True,
                         capture_output=True, text=True)
    return [(p, f) for p, f in zip(posts, map(json.loads, run.stdout.splitlines()), strict=True)
            if f["label"] != "unknown"]


def names_of():
    run = subprocess.run([os.path.join(BUILD, "tests/quality/tone_frames"), "names"], check=True,
                         capture_output=True, text=True)
    rows = [line.split("\t") for line in run.stdout.splitlines()]
    return [n for k, n in rows if k == "clause"], [n for k, n in rows if k == "whole"]


def is_limit(post, frame):
    """For each clause: does most of it lie in a limit?"""
    text, at, out = post["text"], 0, []
    spans = [(text.find(s), text.find(s) + len(s)) for s in post["expect"].get("limit", [])]
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
        self.bucket = np.array([b for r in rows for b in r], dtype=np.int64)
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


def learn_limits(data):
    data = [(p, f) for p, f in data if kinds_of(p) in (["pure"], ["other"]) or (kinds_of(p) == ["mixed"] and has_spans(p))]
    clauses = [c for _, f in data for c in f["clauses"]]
    right = np.array([y for p, f in data for y in is_limit(p, f)], dtype=float)[:, None]
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


def learn_all(said, tweets, at):
    """said: (post, frame, fold). Weights of limits; of wholes, as tone_whole.h has them in columns; what words tell of
    kinds. Praise that is worded as blame teaches nothing but that blame may be praise."""
    said = [(p, f, fold) for p, f, fold in said if not (p["expect"]["sarcasm"] and p["expect"]["sentiment"] == "positive")]
    limits = learn_limits([(p, f) for p, f, _ in said])
    data, chances = [], []
    for k in sorted({fold for _, _, fold in said}):
        unseen = learn_limits([(p, f) for p, f, fold in said if fold != k])
        mine = [(p, f) for p, f, fold in said if fold == k]
        data += mine
        chances += limit_chances([f for _, f in mine], unseen)
    statements = examples(data, chances, at, "statements")
    tweets = examples(tweets, limit_chances([f for _, f in tweets], limits), at, "tweets")
    both = [(s, w, may, moved, share) for s, w, may, _, moved, share in statements]
    both += [(s, w, may, moved, TWEET * share) for s, w, may, _, moved, share in tweets]
    kinds, told = learn_classes(both, KINDS, MOVES, DRAW, DRAW_WORD, hold_sides)
    chat, _ = learn_classes([(s, [], [label], moved, share) for s, _, _, label, moved, share in tweets], list(LABELS),
                            MOVES_CHAT, DRAW_CHAT, 1, hold_chat)
    return limits, (np.concatenate([kinds, chat, learn_chatter(statements, tweets)], 1), told)


def report(name, data, limits, whole, at):
    pairs, labels, ranks = [], [], {k: [] for k in KINDS}
    w, told = whole
    signs = [with_limits(f, c, at) for (_, f), c in zip(data, limit_chances([f for _, f in data], limits), strict=True)]
    sums, moved, n = np.array(signs) @ w, np.array([f["moved"] for _, f in data]), len(KINDS)
    kinds = softmax(sums[:, :n] + Words([f["words"] for _, f in data]).sums(told), moved, MOVES)
    chat, chatter = softmax(sums[:, n:-1], moved, MOVES_CHAT), 1 / (1 + np.exp(-sums[:, -1:]))
    said = np.stack([kinds[:, 2], kinds[:, 3], kinds[:, 0] + kinds[:, 1]], 1)
    for (p, _), chance, mixed in zip(data, kinds, (1 - chatter) * said + chatter * chat, strict=True):
        by_label = dict(zip(LABELS, mixed, strict=True))
        said = max(by_label, key=by_label.get)
        labels.append((p["expect"]["sentiment"], said))
        pairs.append((by_label[said], said == p["expect"]["sentiment"]))
        if "rank" in p["expect"]:
            ranks[p["expect"]["rank"]].append(chance[0] + 0.35 * chance[1] + 0.15 * chance[3])
    return name, pairs, labels, ranks


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
        print(f"{name}: {len(labels)} texts, macro-recall {sum(recalls) / 3:.3f} "
              f"({', '.join(f'{r:.2f}' for r in recalls)}), calibration error {gap:.3f}, "
              f"mixed over pure {orders[0]:.3f}, pure over negative {orders[1]:.3f}, mixed over negative {orders[2]:.3f}")


def floats(values):
    lines, line = [], ""
    for v in values:
        word = f"{v:.4f}f, "
        if len(line) + len(word) > 88:
            lines.append(line.rstrip())
            line = ""
        line += word
    return lines + [line.rstrip()]


def print_weights(limits, whole, firm):
    print("/* Made by tests/quality/train_tone.py, in the order of tone_clauses.h, tone_aspects.h and tone_whole.h. */")
    print('#include "rules/classify/tone_aspects.h"\n#include "rules/classify/tone_whole.h"\n\nconst float tone_limit_weights[CLAUSE_SIGNS] = {')
    for line in floats(limits[:, 0]):
        print("\t" + line)
    print("};\n\nconst float tone_firm_weights[FIRM_SIGNS] = {")
    for line in floats(firm[:, 0]):
        print("\t" + line)
    print("};\n\nconst float tone_whole_weights[WHOLE_SIGNS][TONE_WEIGHED] = {")
    for name, row in zip(WHOLE_NAMES, whole, strict=bool(len(whole))):
        print(f"\t{{{', '.join(f'{v:.4f}f' for v in row)}}}, /* {name} */")
    print("};")


def write_model(work, model, limits, kinds, firm):
    """With what words tell: for a limit, for each kind less what they tell for the last, and for praise of a firm."""
    told = os.path.join(work, "told")
    rows = np.concatenate([limits, kinds[:, :-1] - kinds[:, -1:]], 1)
    np.concatenate([rows.ravel(), firm.ravel()]).astype("<f4").tofile(told)
    subprocess.run([os.path.join(BUILD, "rules/classify/tone_train"), f"told={told}", model, MODEL], check=True)


def main():
    parser = argparse.ArgumentParser()
    for name in ("--tweets", "--films", "--later"):
        parser.add_argument(name)
    parser.add_argument("--work")
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--blank", action="store_true")
    args = parser.parse_args()
    if args.blank:
        print_weights(np.zeros((1, 1)), [], np.zeros((1, 1)))
        return
    work = args.work or tempfile.mkdtemp()
    posts = [(dict(p, source=name), k) for k, names in enumerate(SETS) for name in names
             for p in read_statements(f"statements-{name}.jsonl")]
    posts += [(p, PLAIN) for p in read_texts("plain", os.path.join(HERE, "tone-own.tsv"))]
    models = [os.path.join(work, f"tone{k}.model") for k in range(FOLDS + 1)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for _ in pool.map(lambda k: make_model(args, [p for p, fold in posts if fold != k], models[k]),
                          [k for k, model in enumerate(models) if not os.path.exists(model)]):
            pass
    global DENIES
    clause_names, whole_names = names_of()
    WHOLE_NAMES.extend(whole_names)
    at, DENIES = whole_names.index("a limit"), clause_names.index("denied flaw")
    said = [(p, f, k) for k in range(FOLDS) for p, f in frames([p for p, fold in posts if fold == k], models[k])]
    tweets = frames(read_texts("tweets", args.later), models[FOLDS])
    if args.measure:
        parts = []
        for k, names in enumerate([*SETS, ["plain"]]):
            limits, whole = learn_all([x for x in said if x[2] != k],
                                      [t for i, t in enumerate(tweets) if i % FOLDS != k], at)
            report_firm(" ".join(names), [(p, f) for p, f, fold in said if fold == k], learn_firm(
                [x for x in said if x[2] != k]))
            parts.append(report("tweets", tweets[k::FOLDS], limits, whole, at))
            for name in names:
                data = [(p, f) for p, f, fold in said if fold == k and p["source"] == name]
                parts.append(report(name, data, limits, whole, at))
        print_report(parts)
        return
    limits, whole = learn_all(said, tweets, at)
    firm = learn_firm(said)
    print_weights(limits[0], whole[0], firm[0])
    write_model(work, models[FOLDS], limits[1], whole[1], firm[1])


if __name__ == "__main__":
    main()
