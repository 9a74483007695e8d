#!/usr/bin/env python3
"""Weighs the features of rules/classify/features.h on labelled posts and writes weights.c.

    make tests/quality/move_frames && train_moves.py [--left-out] [--bias B] >rules/classify/weights.c

A logistic regression over named features, drawn towards what PRIOR says where the posts say little. Of a
post that announces a move the likeliest phrase with the right person is the example, of the others each phrase.
What all words of a post say, one by one and two by two, is learnt beside them, drawn towards nothing.
The output is the same for the same input: no chance takes part. --left-out instead prints, for each file that
was written without a look at the phrases, how well it is told apart by weights that were trained on the other
files, and for all of them together precision and recall by bias."""
import argparse
import collections
import json
import os
import subprocess
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.environ.get("top_builddir", "build")
# dev, own, sixth and fourteenth were seen by whoever wrote the phrases
SHARES = {"dev": 0.5, "own": 0.5, "second": 1.0, "third": 1.0, "fourth": 1.0, "fifth": 1.0, "sixth": 0.5,
          "seventh": 1.0, "eighth": 1.0, "ninth": 1.0, "tenth": 0.5, "eleventh": 0.5, "twelfth": 1.0,
          "thirteenth": 1.0, "fourteenth": 0.5, "fifteenth": 1.0, "sixteenth": 1.0,
          "seventeenth": 1.0}
LEFT_OUT = ["second", "third", "fourth", "fifth", "seventh", "eighth", "ninth",
            "tenth", "eleventh", "twelfth", "thirteenth", "fifteenth", "sixteenth", "seventeenth"]
ROUNDS, STEPS, RATE, DRAW = 4, 150, 0.5, 0.001
BIAS = 0.5  # see --left-out
UNKNOWN = 1.0  # so that moves are found whose phrases, and refused whose reasons, are not known
WRONG_PHRASE = 0.25  # of a post that does announce a move
REASON = -1.5  # at most; beside the phrase it counts twice
ONE_REASON = "all parts and a phrase, one subject beside"
DRAW_REASON = 0.002  # few posts speak of each
WORDS_LEAST = 5  # posts with a word or pair of words, for it to be looked at
WORDS_DRAW = 0.003
WORDS_SMALL = 2  # hundredths that are worth a row
PRIOR = {
    "phrase": -1.2,
    "phrase is weak": -0.36,
    "phrase says it alone": 0.6,
    "author": 0.36,
    "employer": 0.6,
    "employer is the author": 0.6,
    "title": 0.6,
    "no employer, no title": -1.2,
    "former employer": 0.6,
    "word of news near it": 0.42,
    "a surname of somebody, the phrase, somewhere": 1.2,
    "no employer, no title, a place": -1.0,
    "question": -1.5,
    "memory": -1.8,
    "account": -2.4,
    "advert": -3.3,
    "biography": -1.8,
    "open post": -1.8,
    "leave": -1.7,
    "school": -2.2,
    "wish": -1.8,
    "negated": -1.8,
    "would, could, might": -1.5,
    "wished, planned, said": -0.6,
    "hypothetical": -2.4,
    "before, since, when": -0.6,
    "who, which": -0.3,
    "nobody in particular": -0.6,
    "in quotes": -1.0,
    "author is no person": -0.9,
    "person may be none": -0.6,
    "another word before it": -0.3,
    "another word behind it": -0.6,
    "now, new, next": 0.18,
    "somebody, the phrase, somewhere": 0.6,
    "employer before a common word": -0.6,
    "a country or city behind it": -1.0,
    "words of work": 0.18,
    "no phrase, nor two parts that touch": -1.0,
}


def read_posts(part):
    path = os.path.join(HERE, f"moves-{part}.jsonl")
    with open(path, encoding="utf-8") as f:
        posts = [json.loads(line) for line in f if line.strip()]
    lines = "".join(json.dumps({k: v for k, v in p.items() if k not in ("expect", "note")}) + "\n" for p in posts)
    run = subprocess.run(
        [os.path.join(BUILD, "tests/quality/move_frames")], input=lines, capture_output=True, text=True, check=True
    )
    seen = [json.loads(line) for line in run.stdout.splitlines()]
    return [
        {"want": p["expect"], "frames": s["frames"], "words": set(s["words"]), "share": SHARES[part], "part": part}
        for p, s in zip(posts, seen, strict=True)
    ]


def is_right(frame, want):
    ends = {frame.get("event") == "left", want["event"] == "left"}
    return frame.get("person") == want["person"] and len(ends) == 1


def read_table(post, names):
    """The phrases of a post as rows, for each name a column."""
    at = {n: i for i, n in enumerate(names)}
    table = np.zeros((len(post["frames"]), len(names)))
    for row, frame in zip(table, post["frames"], strict=True):
        for n, v in frame["features"].items():
            row[at[n]] = v
    return table


def choose_words(posts):
    """Those that are common enough, sorted; each post learns which of them it has."""
    n = collections.Counter(w for p in posts for w in p["words"])
    words = sorted(w for w, k in n.items() if k >= WORDS_LEAST and w.isascii() and not set(w) & set('"\\\\'))
    at = {w: i for i, w in enumerate(words)}
    for p in posts:
        p["has"] = np.array(sorted(at[w] for w in p["words"] if w in at), dtype=int)
    return words


def examples_of(post, w):
    """(row, label, weight) of one post. Its words are the same for each of its phrases."""
    want, share, frames = post["want"], post["share"], post["frames"]
    scores = post["table"] @ w
    ranked = np.argsort(-scores, kind="stable")
    if want is None:
        return [(post["table"][k], 0, share * (1.0 if i == 0 else 0.3)) for i, k in enumerate(ranked)]
    right = [k for k in ranked if is_right(frames[k], want)]
    right.sort(key=lambda k: -(scores[k] + (1.0 if frames[k].get("employer") == want["employer"] else 0.0)))
    found = [(post["table"][k], 1, share) for k in right[:1]]
    for k in ranked:
        same = right and is_right(frames[k], want) and frames[k].get("employer") == frames[right[0]].get("employer")
        found += [] if same else [(post["table"][k], 0, share * WRONG_PHRASE)]
    return found


def prior_of(name, reasons):
    return min(PRIOR.get(name, 0.0), REASON if name in reasons else 9.0)


def without_phrases(post):
    """The post as if no phrase of it were known."""
    bare = [i for i, f in enumerate(post["frames"]) if f["bare"]]
    frames = [post["frames"][i] for i in bare]
    return {**post, "frames": frames, "table": post["table"][bare], "share": post["share"] * UNKNOWN}


def without_reasons(examples, reason_columns):
    """Those in which a reason speaks, as if it were not known: a text not seen yet has others."""
    found = []
    for row, label, weight in examples:
        if row[reason_columns].any():
            other = row.copy()
            other[reason_columns] = 0
            found.append((other, label, weight * UNKNOWN))
    return found


def train(posts, names, reasons, words_n):
    """Weights of the features, and of words."""
    has = np.concatenate([p["has"] for p in posts])
    owner = np.repeat(np.arange(len(posts)), [len(p["has"]) for p in posts])
    posts_n, posts = len(posts), posts + [without_phrases(p) for p in posts]
    prior = np.array([prior_of(n, reasons) for n in names])
    reason_columns = np.array([n in reasons for n in names])
    told_columns = np.array([n == ONE_REASON for n in names])
    draw = np.where(reason_columns, DRAW_REASON, DRAW)
    w, u = prior.copy(), np.zeros(words_n)
    for _ in range(ROUNDS):
        examples, places = [], []
        for i, p in enumerate(posts):
            found = examples_of(p, w)
            found += without_reasons(found, reason_columns | told_columns)
            examples += found
            places += [i % posts_n] * len(found)
        rows = np.array([e[0] for e in examples])
        labels = np.array([e[1] for e in examples])
        shares = np.array([e[2] for e in examples])
        shares /= shares.sum()
        speed, speed_u = np.zeros(len(names)), np.zeros(words_n)
        for _ in range(STEPS):
            of_words = np.bincount(owner, u[has], posts_n)[places]
            told = 1 / (1 + np.exp(-np.clip(rows @ w + of_words, -30, 30)))
            wrong = shares * (told - labels)
            of_posts = np.bincount(places, wrong, posts_n)
            speed = 0.9 * speed - RATE * (rows.T @ wrong + draw * (w - prior))
            speed_u = 0.9 * speed_u - RATE * (np.bincount(has, of_posts[owner], words_n) + WORDS_DRAW * u)
            w, u = w + speed, u + speed_u
    return w, u


def best_score(post, w, u):
    return (post["table"] @ w).max(initial=-99.0) + u[post["has"]].sum()


def precision_recall(told, bias):
    """Of (score, does it move)."""
    hits = [moves for s, moves in told if s + bias >= 0]
    return sum(hits) / max(1, len(hits)), sum(hits) / max(1, sum(moves for _, moves in told))


def recall_at(told, precision):
    """The highest recall with so much precision."""
    best, hits = 0, 0
    for n, (_, moves) in enumerate(sorted(told, key=lambda t: -t[0]), 1):
        hits += moves
        best = hits if hits >= precision * n else best
    return best / max(1, sum(moves for _, moves in told))


def left_out(posts, names, reasons, words_n):
    told = []
    for part in LEFT_OUT:
        w, u = train([p for p in posts if p["part"] != part], names, reasons, words_n)
        rows = [(best_score(p, w, u), p["want"] is not None) for p in posts if p["part"] == part]
        print("{}: precision {:.3f} recall {:.3f}".format(part, *precision_recall(rows, BIAS)))
        told += rows
    for bias in np.arange(2.0, -2.1, -0.5):
        print("bias {:+.1f}: precision {:.3f} recall {:.3f}".format(bias, *precision_recall(told, bias)))
    for precision in (0.8, 0.85, 0.9, 0.95):
        print(f"precision {precision:.2f}: recall {recall_at(told, precision):.3f}")


def reasons_of():
    with open(os.path.join(HERE, "../../rules/classify/vetoes.c"), encoding="utf-8") as f:
        return {line.split('"')[1] for line in f if line.startswith('\t{"')}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--left-out", action="store_true")
    parser.add_argument("--bias", type=float, default=BIAS)
    args = parser.parse_args()
    posts = [p for part in SHARES for p in read_posts(part)]
    reasons = reasons_of()
    names = sorted({n for p in posts for f in p["frames"] for n in f["features"]} | set(PRIOR) | reasons)
    for p in posts:
        p["table"] = read_table(p, names)
    words = choose_words(posts)
    if args.left_out:
        left_out(posts, names, reasons, len(words))
        return
    w, u = train(posts, names, reasons, len(words))
    w = dict(zip(names, w, strict=True))
    w["phrase"] += args.bias
    print("/* Made by tests/quality/train_moves.py: what each feature is worth, in tenths. */")
    print('#include "rules/classify/features.h"\n\nconst struct weight weights[] = {')
    for n in names:
        if round(w[n] * 10) != 0:
            print(f'\t{{"{n}", {round(w[n] * 10)}}},')
    print("};\nconst size_t weights_n = sizeof(weights) / sizeof(weights[0]);")
    print("\n/* In hundredths. */\nconst struct weight wordings[] = {")
    for word, points in zip(words, np.round(u * 100), strict=True):
        if abs(points) >= WORDS_SMALL:
            print(f'\t{{"{word}", {int(points)}}},')
    print("};\nconst size_t wordings_n = sizeof(wordings) / sizeof(wordings[0]);")


if __name__ == "__main__":
    sys.exit(main())
