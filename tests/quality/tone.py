#!/usr/bin/env python3
"""How well `hark classify` tells negative, neutral and positive apart.

    tone.py [--part PART] [--misses] [FILE.tsv|FILE.jsonl…]

Of the invented statements (statements.txt says what the labels mean), of invented sentences of product reviews
and posts to a vendor, or of files with a label, a tab and a
text a line. Macro-recall is the mean of the recalls, so that rare labels count as much as frequent ones; the
calibration error is the mean gap between the chance given for the label and how often it was right, over ten
steps of the chance. PART is one of the sets that statements.py reads. Nothing is tuned on those of KEPT, so their misses
are not shown; those of LEARNT are learnt from and only shown if asked for (train_tone.py --measure reads them by
weights that have not seen them)."""
import argparse
import json
import math
import os
import subprocess
import sys

import statements

HERE = os.path.dirname(os.path.abspath(__file__))
HARK = os.path.join(os.environ.get("top_builddir", "build"), "hark")
LABELS = ["negative", "neutral", "positive"]
LEARNT = ["dev", "own", "second", "third", "fourth", "fourth-held", "fifth", "fifth-held", "sixth", "sixth-held",
          "seventh", "seventh-held", "eighth", "eighth-held", "ninth", "ninth-held", "tenth", "eleventh",
          "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
          "twentieth", "twentyfirst", "twentysecond", "twentythird"]
KEPT = ["held", "kept", "tenth-held", "eleventh-held", "twelfth-held", "thirteenth-held", "fourteenth-held",
        "fifteenth-held", "sixteenth-held", "seventeenth-held", "eighteenth-held", "nineteenth-held",
        "twentieth-held", "twentyfirst-held", "twentysecond-held", "twentythird-held", "test"]
PARTS = ["lesson", "selection", "outcome", "limit"]


def read_jsonl(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f if line.strip()]


def read_tsv(path):
    with open(path, encoding="utf-8") as f:
        rows = [line.rstrip("\n").split("\t", 1) for line in f if "\t" in line]
    return [{"source": "sample", "text": text, "expect": {"sentiment": label}} for label, text in rows]


def classify(posts):
    """What hark says of each post, without its label."""
    lines = "".join(json.dumps({k: v for k, v in p.items() if k != "expect"}) + "\n" for p in posts)
    run = subprocess.run([HARK, "classify", "-"], input=lines, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        sys.exit(run.stderr)
    return [json.loads(line)["classify"] for line in run.stdout.splitlines()]


def gap(pairs):
    """The calibration error of (chance, right)."""
    steps = {}
    for chance, right in pairs:
        steps.setdefault(min(9, int(chance * 10)), []).append(chance - right)
    return sum(abs(sum(v)) for v in steps.values()) / max(1, len(pairs))


def gap_of_chance(pairs):
    """What the calibration error of as many texts is when every chance is right."""
    steps = {}
    for chance, _ in pairs:
        steps.setdefault(min(9, int(chance * 10)), []).append(chance * (1 - chance))
    return sum(math.sqrt(2 / math.pi * sum(v)) for v in steps.values()) / max(1, len(pairs))


def places(text, spans):
    """The bytes that the spans cover, each span at the first place that no other has taken."""
    raw, taken = text.encode(), set()
    for span in spans:
        want, at = span.encode(), -1
        while (at := raw.find(want, at + 1)) >= 0:
            here = set(range(at, at + len(want)))
            if not here & taken:
                taken |= here
                break
    return taken


def f1(found, wanted, right):
    return 2 * right / max(1, found + wanted)


def measure_spans(name, posts, found):
    """Spans that hark marks, against those of the label: the same bytes, overlapping, and byte by byte."""
    wanted = marked = same = touching = reached = 0
    there = told = shared = 0
    for p, got in zip(posts, found, strict=True):
        want = p["expect"][name]
        text = p.get("title", "") + "\n" + p["text"]
        wanted += len(want)
        marked += len(got)
        same += sum(g in want for g in got)
        touching += sum(any(g in w or w in g or places(text, [g]) & places(text, [w]) for w in want) for g in got)
        reached += sum(any(g in w or w in g or places(text, [g]) & places(text, [w]) for g in got) for w in want)
        here, said = places(text, want), places(text, got)
        there += len(here)
        told += len(said)
        shared += len(here & said)
    precision, recall = touching / max(1, marked), reached / max(1, wanted)
    over = 2 * precision * recall / max(1e-9, precision + recall)
    print(f"  {name:<10} F1 of overlaps {over:.2f}, of bytes {f1(told, there, shared):.2f}, "
          f"same {f1(marked, wanted, same):.2f}; {marked} marked, {wanted} there")


def rank_key(f):
    """As hark puts praise in order: `praise` where it is told, else mixed above positive above the rest."""
    if "praise" in f:
        return (f["praise"],)
    s = f["sentiment"]
    return (2 if f.get("mixed") else s["label"] == "positive", s.get("score", 0))


def measure_order(posts, found):
    """Of all pairs of a mixed, a pure and a negative statement: how many are in that order?"""
    keys = {r: [rank_key(f) for p, f in zip(posts, found, strict=True) if p["expect"].get("rank") == r]
            for r in ("mixed", "pure", "negative")}
    whole = right = 0
    shares = []
    for up, down in (("mixed", "pure"), ("pure", "negative"), ("mixed", "negative")):
        good = sum(a > b for a in keys[up] for b in keys[down])
        n = len(keys[up]) * len(keys[down])
        shares.append(f"{up} over {down} {good / max(1, n):.3f}")
        whole += n
        right += good
    print(f"  pairs in order {right / max(1, whole):.3f}: {', '.join(shares)}")


def measure_flag(name, posts, found, told):
    right = sum(bool(p["expect"][name]) and bool(t) for p, t in zip(posts, told, strict=True))
    said = sum(bool(t) for t in told)
    there = sum(bool(p["expect"][name]) for p in posts)
    print(f"  {name:<10} precision {right / max(1, said):.2f}, recall {right / max(1, there):.2f}; {there} there")


def measure_parts(posts, found):
    for part in PARTS:
        measure_spans(part, posts, [[s["text"] for s in f.get("statements", []) if s["part"] == part] for f in found])
    for name in ("praised", "criticised") if "praised" in posts[0]["expect"] else ():
        measure_spans(name, posts, [[a["text"] for a in f.get("aspects", []) if a["polarity"] == name] for f in found])
    measure_flag("mixed", posts, found, [f.get("mixed") for f in found])
    measure_flag("question", posts, found, [f.get("question") for f in found])
    measure_flag("sarcasm", posts, found, [f.get("sarcasm") for f in found])
    praise = [(p["expect"]["target"], f.get("target")) for p, f in zip(posts, found, strict=True)
              if p["expect"].get("target") is not None and f["sentiment"]["label"] == "positive"]
    print(f"  target     right in {sum(w == g for w, g in praise)} of {len(praise)}")
    measure_order(posts, found)


def measure(name, posts, misses):
    read = classify(posts)
    found = [f["sentiment"] for f in read]
    rows = [(p["expect"]["sentiment"], f, p) for p, f in zip(posts, found, strict=True)]
    foreign = [f for want, f, _ in rows if want == "unknown"]
    rows = [r for r in rows if r[0] != "unknown"]
    recalls = {}
    for label in LABELS:
        mine = [f["label"] == label for want, f, _ in rows if want == label]
        if mine:
            recalls[label] = sum(mine) / len(mine)
    said = [want == "positive" for want, f, _ in rows if f["label"] == "positive"]
    pairs = [(f["p"][f["label"]], f["label"] == want) for want, f, _ in rows if "p" in f]
    print(f"{name}: {len(rows)} texts, macro-recall {sum(recalls.values()) / len(recalls):.3f}")
    print("  recall " + ", ".join(f"{label} {r:.3f}" for label, r in recalls.items()))
    print(f"  praise precision {sum(said) / max(1, len(said)):.3f} of {len(said)}; "
          f"calibration error {gap(pairs):.3f}, {gap_of_chance(pairs):.3f} by chance alone")
    print(f"  taken for another language: {len(rows) - len(pairs)}; other languages that were told: "
          f"{sum(f['label'] == 'unknown' for f in foreign)} of {len(foreign)}")
    if "limit" in posts[0]["expect"]:
        measure_parts(posts, read)
    for want, f, p in rows if misses else []:
        if f["label"] != want:
            print(f"    {want:>8} {f['label']:>8} {f.get('p')} {p['text']}")
    return pairs


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--part", choices=LEARNT + KEPT)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("files", nargs="*")
    args = parser.parse_args()
    if args.misses and args.part not in LEARNT and not args.files:
        sys.exit("misses are for --part " + ", ".join(LEARNT) + ": nothing is tuned on the others")
    for path in args.files:
        posts = read_jsonl(path) if path.endswith(".jsonl") else read_tsv(path)
        measure(os.path.basename(path), posts, args.misses)
    pairs = []
    for part in [] if args.files else [args.part] if args.part else KEPT:
        pairs += measure(f"statements, {part}", statements.read_statements(part), args.misses)
    if not args.files and not args.part:
        print(f"all of these statements: {len(pairs)} texts, calibration error {gap(pairs):.3f}, "
              f"{gap_of_chance(pairs):.3f} by chance alone")
    for name in [] if args.files or args.part else ["reviews-own.tsv", "vendor-own.tsv"]:
        measure(name, read_tsv(os.path.join(HERE, name)), args.misses)


if __name__ == "__main__":
    main()
