#!/usr/bin/env python3
"""Weighs the features of rules/classify/features.h on labelled posts and writes weights.c.

    make tests/quality/move_frames && train_moves.py [--left-out] [--bias B] >rules/classify/weights.c

A logistic regression over named features, drawn towards what PRIOR says where the posts say little. Of a
post that announces a move the likeliest phrase with the right person is the example, of the others each phrase.
The output is the same for the same input: no chance takes part. --left-out instead prints, for each file that
was written without a look at the phrases, how well it is told apart by weights that were trained on the other
files, and for all of them together precision and recall by bias."""
import argparse
import json
import math
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.environ.get("top_builddir", "build")
# dev, own and sixth were seen by whoever wrote the phrases
SHARES = {"dev": 0.5, "own": 0.5, "second": 1.0, "third": 1.0, "fourth": 1.0, "fifth": 1.0, "sixth": 0.5,
          "seventh": 1.0, "eighth": 1.0, "ninth": 1.0, "tenth": 0.5, "eleventh": 0.5, "twelfth": 1.0,
          "thirteenth": 1.0}
LEFT_OUT = ["second", "third", "fourth", "fifth", "seventh", "eighth", "ninth"]
ROUNDS, STEPS, RATE, DRAW = 4, 150, 0.5, 0.002
BIAS = -0.2  # rather miss a move than invent one: see --left-out
UNKNOWN = 0.5  # so that moves are found whose phrases are not known
WRONG_PHRASE = 0.25  # of a post that does announce a move
REASON = -1.0  # beside the phrase it counts twice
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
    "same employer": 0.0,
    "question": -1.5,
    "memory": -1.8,
    "account": -2.4,
    "advert": -3.3,
    "biography": -1.8,
    "open post": -1.8,
    "agency": -1.3,
    "court": -1.4,
    "interview": -1.3,
    "joke": -1.3,
    "anniversary": -1.4,
    "leave": -1.7,
    "plural": -1.4,
    "tool": -1.4,
    "policy": -1.5,
    "advice": -1.5,
    "satire": -1.5,
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
    frames = [json.loads(line) for line in run.stdout.splitlines()]
    return [
        {"want": p["expect"], "frames": fs, "share": SHARES[part], "part": part}
        for p, fs in zip(posts, frames, strict=True)
    ]


def is_right(frame, want):
    ends = {frame.get("event") == "left", want["event"] == "left"}
    return frame.get("person") == want["person"] and len(ends) == 1


def score(frame, w):
    return sum(v * w.get(name, 0.0) for name, v in frame["features"].items())


def examples_of(post, w):
    """(features, label, weight) of one post."""
    want, share = post["want"], post["share"]
    ranked = sorted(post["frames"], key=lambda f: -score(f, w))
    if want is None:
        return [(f["features"], 0, share * (1.0 if i == 0 else 0.3)) for i, f in enumerate(ranked)]
    right = [f for f in ranked if is_right(f, want)]
    right.sort(key=lambda f: -(score(f, w) + (1.0 if f.get("employer") == want["employer"] else 0.0)))
    found = [(f["features"], 1, share) for f in right[:1]]
    others = [f for f in ranked if not right or f is not right[0]]
    for f in others:
        same = is_right(f, want) and f.get("employer") == right[0].get("employer")
        found += [] if same else [(f["features"], 0, share * WRONG_PHRASE)]
    return found


def prior_of(name, reasons):
    return PRIOR.get(name, REASON if name in reasons else 0.0)


def without_phrases(post):
    """The post as if no phrase of it were known."""
    bare = [f for f in post["frames"] if f["bare"]]
    return {**post, "frames": bare, "share": post["share"] * UNKNOWN}


def train(posts, names, reasons):
    posts = posts + [without_phrases(p) for p in posts]
    prior = {n: prior_of(n, reasons) for n in names}
    w = dict(prior)
    for _ in range(ROUNDS):
        examples = [e for p in posts for e in examples_of(p, w)]
        total = sum(e[2] for e in examples)
        speed = dict.fromkeys(names, 0.0)
        for _ in range(STEPS):
            slope = {n: DRAW * (w[n] - prior[n]) for n in names}
            for features, label, weight in examples:
                s = sum(v * w[n] for n, v in features.items())
                p = 1 / (1 + math.exp(-max(-30.0, min(30.0, s))))
                g = weight * (p - label) / total
                for n, v in features.items():
                    slope[n] += g * v
            for n in names:
                speed[n] = 0.9 * speed[n] - RATE * slope[n]
                w[n] += speed[n]
    return w


def best_score(post, w):
    return max((score(f, w) for f in post["frames"]), default=-99.0)


def precision_recall(told, bias):
    """Of (score, does it move)."""
    hits = [moves for s, moves in told if s + bias >= 0]
    return sum(hits) / max(1, len(hits)), sum(hits) / max(1, sum(moves for _, moves in told))


def left_out(posts, names, reasons):
    told = []
    for part in LEFT_OUT:
        w = train([p for p in posts if p["part"] != part], names, reasons)
        rows = [(best_score(p, w), p["want"] is not None) for p in posts if p["part"] == part]
        print("{}: precision {:.3f} recall {:.3f}".format(part, *precision_recall(rows, 0)))
        told += rows
    for bias in (1.0, 0.5, 0.0, -0.5, -1.0, -1.5, -2.0, -2.5, -3.0):
        print("bias {:+.1f}: precision {:.3f} recall {:.3f}".format(bias, *precision_recall(told, bias)))


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
    if args.left_out:
        left_out(posts, names, reasons)
        return
    w = train(posts, names, reasons)
    w["phrase"] += args.bias
    print("/* Made by tests/quality/train_moves.py: what each feature is worth, in tenths. */")
    print('#include "rules/classify/features.h"\n\nconst struct weight weights[] = {')
    for n in names:
        if round(w[n] * 10) != 0:
            print(f'\t{{"{n}", {round(w[n] * 10)}}},')
    print("};\nconst size_t weights_n = sizeof(weights) / sizeof(weights[0]);")


if __name__ == "__main__":
    sys.exit(main())
