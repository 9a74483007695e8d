#!/usr/bin/env python3
"""Weighs the features of rules/classify/features.h on labelled posts and writes weights.c.

    make tests/quality/move_frames && train_moves.py [--folds 5] [--bias 0] >rules/classify/weights.c

A logistic regression over named features, drawn towards what PRIOR says where the posts say little. Of a
post that announces a move the likeliest phrase with the right person is the example, of the others each phrase.
The output is the same for the same input: no chance takes part. --folds instead prints how well posts of
moves-second.jsonl are told apart that were left out of the training."""
import argparse
import json
import math
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.environ.get("top_builddir", "build")
SHARES = {"dev": 0.5, "own": 0.5, "second": 1.0, "third": 1.0}  # dev and own were seen by whoever wrote the phrases
ROUNDS, STEPS, RATE, DRAW = 4, 150, 0.5, 0.002
UNKNOWN = 0.5  # so that moves are found whose phrases are not known
WRONG_PHRASE = 0.25  # of a post that does announce a move
REASON = -2.2  # beside the phrase it counts twice
PRIOR = {
    "phrase": -2.0,
    "phrase is weak": -0.6,
    "phrase says it alone": 1.0,
    "author": 0.6,
    "employer": 1.0,
    "employer is the author": 1.0,
    "title": 1.0,
    "no employer, no title": -2.0,
    "former employer": 1.0,
    "word of news near it": 0.7,
    "same employer": 0.0,
    "question": -2.5,
    "memory": -3.0,
    "account": -4.0,
    "advert": -5.5,
    "biography": -3.0,
    "open post": -3.0,
    "wish": -3.0,
    "negated": -3.0,
    "would, could, might": -2.5,
    "wished, planned, said": -1.0,
    "hypothetical": -4.0,
    "before, since, when": -1.0,
    "who, which": -0.5,
    "nobody in particular": -1.0,
    "in quotes": -1.0,
    "author is no person": -1.5,
    "person may be none": -1.0,
    "another word before it": -0.5,
    "another word behind it": -1.0,
    "now, new, next": 0.3,
    "words of work": 0.3,
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
        {"want": p["expect"], "frames": fs, "share": SHARES[part], "id": p["external_id"]}
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


def tell(posts, w, bias):
    right = wrong = moves = 0
    for p in posts:
        best = max(p["frames"], key=lambda f: score(f, w), default=None)
        hit = best is not None and score(best, w) + bias >= 0
        moves += p["want"] is not None
        right += hit and p["want"] is not None
        wrong += hit and p["want"] is None
    return right, wrong, moves


def folds(posts, n, names, reasons, bias):
    second = [p for p in posts if p["share"] == 1.0]
    rest = [p for p in posts if p["share"] != 1.0]
    sums = {b: [0, 0, 0] for b in (bias - 1, bias - 0.5, bias, bias + 0.5, bias + 1)}
    for k in range(n):
        w = train(rest + [p for i, p in enumerate(second) if i % n != k], names, reasons)
        for b, s in sums.items():
            for i, v in enumerate(tell([p for i, p in enumerate(second) if i % n == k], w, b)):
                s[i] += v
    for b, (right, wrong, moves) in sums.items():
        print(f"bias {b:+.1f}: precision {right / max(1, right + wrong):.3f} recall {right / max(1, moves):.3f}")


def reasons_of():
    with open(os.path.join(HERE, "../../rules/classify/vetoes.c"), encoding="utf-8") as f:
        return {line.split('"')[1] for line in f if line.startswith('\t{"')}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--folds", type=int)
    parser.add_argument("--bias", type=float, default=0.0)
    args = parser.parse_args()
    posts = [p for part in SHARES for p in read_posts(part)]
    reasons = reasons_of()
    names = sorted({n for p in posts for f in p["frames"] for n in f["features"]} | set(PRIOR) | reasons)
    if args.folds:
        folds(posts, args.folds, names, reasons, args.bias)
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
