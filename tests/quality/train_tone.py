#!/usr/bin/env python3
"""Makes the tone model and the weights that turn what it says into the tone of a post.

    make rules/classify/tone_train tests/quality/tone_frames
    train_tone.py --tweets A.tsv --films B.tsv --later C.tsv [--work DIR] >weights
    cp weights rules/classify/tone_weights.c

The first two files are learnt by rules/classify/tone_train together with tone-own.tsv, tone-limits.tsv (clauses
that state a limit) and the statements beside this script, whole and in pieces. The weights have to be learnt from
texts that the model has not seen: so it is made five times without a fifth of the statements, and the tweets of
--later are never in it. With --measure nothing is written: each fifth of the statements is read by weights that
were learnt without it, and the figures are printed. After a change of the signs the old weights do not compile:
--blank prints none. --work keeps the models from one run to the next. The same
input gives the same output: no chance takes part."""
import argparse
import concurrent.futures
import json
import math
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.environ.get("top_builddir", "build")
MODEL = os.path.join(HERE, "..", "..", "rules", "classify", "tone.model")
FOLDS = 5
KINDS = ["mixed", "pure", "negative", "other"]
LABELS = {"negative": ["negative"], "neutral": ["other"], "positive": ["mixed", "pure"]}
# How often each label is taken to be said, so that rare ones are not lost
SHARES = {"statements": {"negative": 0.3, "neutral": 0.22, "positive": 0.48},
          "tweets": {"negative": 0.31, "neutral": 0.34, "positive": 0.35}}
TWEET, OWN, OTHER_CLAUSE = 0.35, 0.5, 0.5  # what one counts beside a statement of statements-dev.jsonl
DRAW_LIMIT, DRAW = 3.0, 10.0  # towards 0
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


def read_tweets(path):
    with open(path, encoding="utf-8") as f:
        rows = [line.rstrip("\n").split("\t", 1) for line in f if "\t" in line]
    return [{"source": "tweet", "external_id": str(i), "text": text, "expect": {"sentiment": label}}
            for i, (label, text) in enumerate(rows)]


def pieces(post):
    """A statement as the model learns it: whole, its limits, what is praised, its sentences."""
    e, text = post["expect"], re.sub(r"\s", " ", post["text"])
    out, rest = [(e["sentiment"], text)], text
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
    said = out + ".tsv"
    with open(said, "w", encoding="utf-8") as f:
        f.writelines(f"{label}\t{text}\n" for p in posts for label, text in pieces(p))
    run = [os.path.join(BUILD, "rules/classify/tone_train"), out, f"tweets={args.tweets}", f"films={args.films}",
           "own*8=" + os.path.join(HERE, "tone-own.tsv"), "limits*2=" + os.path.join(HERE, "tone-limits.tsv"),
           f"said*8={said}", f"+later={args.later}"]
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
    spans = [(text.find(s), text.find(s) + len(s)) for s in post["expect"]["limit"]]
    for c in frame["clauses"]:
        start = text.find(c["text"], at)
        at = max(at, start)
        end = start + len(c["text"])
        shared = sum(max(0, min(end, b) - max(start, a)) for a, b in spans)
        out.append(start >= 0 and 2 * shared >= len(c["text"]))
    return out


def descend(size, draw, gradient, hold=None):
    """Adam, with steps that shrink; the first weight is not drawn. `hold` puts right what must not be."""
    w, m, v = [0.0] * size, [0.0] * size, [0.0] * size
    for step in range(1, STEPS + 1):
        g = gradient(w)
        rate = RATE * (1 - (step - 1) / STEPS)
        for i in range(size):
            d = g[i] + draw[i] * w[i]
            m[i] = 0.9 * m[i] + 0.1 * d
            v[i] = 0.999 * v[i] + 0.001 * d * d
            w[i] -= rate * m[i] / (1 - 0.9**step) / (math.sqrt(v[i] / (1 - 0.999**step)) + 1e-9)
        if hold:
            hold(w)
    return w


def sparse(signs, scale):
    return [(i, x / scale[i]) for i, x in enumerate(signs) if x]


def scale_of(rows):
    """Signs are of different size: each is divided by how much it differs."""
    n, size = max(1, len(rows)), len(rows[0])
    mean = [sum(r[i] for r in rows) / n for i in range(size)]
    return [math.sqrt(sum((r[i] - mean[i]) ** 2 for r in rows) / n) + 0.1 for i in range(size)]


def learn_limits(data):
    rows = []
    for post, frame in data:
        if post["expect"]["rank"] == "negative":
            continue
        share = (OTHER_CLAUSE if post["expect"]["rank"] == "other" else 1) * weight_of(post)
        rows += [(c["signs"], y, share) for c, y in zip(frame["clauses"], is_limit(post, frame), strict=True)]
    scale = scale_of([r[0] for r in rows])
    sparse_rows = [(sparse(x, scale), y, share) for x, y, share in rows]

    def gradient(w):
        g = [0.0] * len(w)
        for x, y, share in sparse_rows:
            d = share * (1 / (1 + math.exp(-sum(w[i] * v for i, v in x))) - y)
            for i, v in x:
                g[i] += d * v
        return g

    size = len(scale)
    w = descend(size, [0.01] + [DRAW_LIMIT] * (size - 1), gradient)
    return [x / s for x, s in zip(w, scale, strict=True)]


def limit_chances(frame, weights):
    """A denied flaw is no limit."""
    return [0 if c["signs"][DENIES] else 1 / (1 + math.exp(-sum(w * x for w, x in zip(weights, c["signs"], strict=True))))
            for c in frame["clauses"]]


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


def weight_of(post):
    return TWEET if post["source"] == "tweet" else OWN if post["source"] == "own" else 1


def hold_sides(w, size):
    """What sounds bad never speaks more for pure praise than for blame, what sounds good never less: sarcasm is
    frequent in what is learnt from, and would turn single signs around."""
    for names, low, high in ((BAD_SIGNS, 1, 2), (GOOD_SIGNS, 2, 1)):
        for i in (WHOLE_NAMES.index(name) for name in names):
            a, b = low * size + i, high * size + i
            if w[a] > w[b]:
                w[a] = w[b] = (w[a] + w[b]) / 2


def learn_whole(rows):
    """rows: (signs, kinds it may be, moved, weight). Weights for each kind."""
    scale = scale_of([r[0] for r in rows])
    size, kinds = len(scale), len(KINDS)
    data = [(sparse(x, scale), [KINDS.index(k) for k in may], moved, weight) for x, may, moved, weight in rows]

    def gradient(w):
        g = [0.0] * len(w)
        for x, may, moved, weight in data:
            p = softmax([sum(w[k * size + i] * v for i, v in x) for k in range(kinds)], moved)
            right = sum(p[k] for k in may)
            for k in range(kinds):
                d = weight * (p[k] - (p[k] / right if k in may else 0))
                if abs(d) > 1e-6:
                    base = k * size
                    for i, v in x:
                        g[base + i] += d * v
        return g

    w = descend(size * kinds, ([0.01] + [DRAW] * (size - 1)) * kinds, gradient, lambda w: hold_sides(w, size))
    return [[w[k * size + i] / scale[i] for i in range(size)] for k in range(kinds)]


def softmax(sums, moved):
    sums = [s + (moved if k < 2 else -moved if k == 2 else 0) for k, s in enumerate(sums)]
    most = max(sums)
    p = [math.exp(s - most) for s in sums]
    return [x / sum(p) for x in p]


def examples(data, chances, at, group):
    count = {label: sum(p["expect"]["sentiment"] == label for p, _ in data) for label in LABELS}
    out = []
    for (p, f), c in zip(data, chances, strict=True):
        label = p["expect"]["sentiment"]
        may = [p["expect"]["rank"]] if "rank" in p["expect"] else LABELS[label]
        share = SHARES[group][label] * len(data) / count[label]
        out.append((with_limits(f, c, at), may, f["moved"], share * weight_of(p)))
    return out


def learn_all(said, tweets, at):
    """said: (post, frame, fold). Weights of limits and of wholes."""
    limits = learn_limits([(p, f) for p, f, _ in said])
    unseen = {k: learn_limits([(p, f) for p, f, fold in said if fold != k]) for k in {fold for _, _, fold in said}}
    rows = examples([(p, f) for p, f, _ in said], [limit_chances(f, unseen[k]) for _, f, k in said], at, "statements")
    rows += examples(tweets, [limit_chances(f, limits) for _, f in tweets], at, "tweets")
    return limits, learn_whole(rows)


def report(name, data, limits, whole, at):
    pairs, labels, ranks = [], [], {k: [] for k in KINDS}
    for p, f in data:
        signs = with_limits(f, limit_chances(f, limits), at)
        chance = softmax([sum(w * x for w, x in zip(ws, signs, strict=True)) for ws in whole], f["moved"])
        by_label = {"negative": chance[2], "neutral": chance[3], "positive": chance[0] + chance[1]}
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


def print_weights(limits, whole):
    print("/* Made by tests/quality/train_tone.py, in the order of tone_clauses.h and tone_whole.h. */")
    print('#include "rules/classify/tone_whole.h"\n\nconst float tone_limit_weights[CLAUSE_SIGNS] = {')
    for line in floats(limits):
        print("\t" + line)
    print("};\n\nconst float tone_whole_weights[TONE_KINDS][WHOLE_SIGNS] = {")
    for name, row in zip(KINDS, whole, strict=True):
        print(f"\t/* {name} */\n\t{{")
        for line in floats(row):
            print("\t\t" + line)
        print("\t},")
    print("};")


def main():
    parser = argparse.ArgumentParser()
    for name in ("--tweets", "--films", "--later"):
        parser.add_argument(name)
    parser.add_argument("--work")
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--blank", action="store_true")
    args = parser.parse_args()
    if args.blank:
        print_weights([0], [[0]] * len(KINDS))
        return
    work = args.work or tempfile.mkdtemp()
    own = [dict(p, source=name) for name in ("own", "second", "third", "fourth")
           for p in read_statements(f"statements-{name}.jsonl")]
    posts = [(p, i % FOLDS) for i, p in enumerate(read_statements("statements-dev.jsonl") + own)]
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
    tweets = frames(read_tweets(args.later), models[FOLDS])
    if args.measure:
        parts = []
        for k in range(FOLDS):
            limits, whole = learn_all([x for x in said if x[2] != k],
                                      [t for i, t in enumerate(tweets) if i % FOLDS != k], at)
            parts.append(report("tweets", tweets[k::FOLDS], limits, whole, at))
            for name, mine in (("statements-dev", "sample"), ("statements-own", "own"),
                               ("statements-second", "second"), ("statements-third", "third"),
                               ("statements-fourth", "fourth")):
                data = [(p, f) for p, f, fold in said if fold == k and p["source"] == mine]
                parts.append(report(name, data, limits, whole, at))
        print_report(parts)
        return
    limits, whole = learn_all(said, tweets, at)
    print_weights(limits, whole)
    with open(models[FOLDS], "rb") as f, open(MODEL, "wb") as to:
        to.write(f.read())


if __name__ == "__main__":
    main()
