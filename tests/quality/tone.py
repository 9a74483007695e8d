#!/usr/bin/env python3
"""How well `hark classify` tells negative, neutral and positive apart.

    tone.py [--part dev|test] [--misses] [FILE.tsv…]

Of the invented statements (statements.txt says what the labels mean), or of files with a label, a tab and a
text a line. Macro-recall is the mean of the recalls, so that rare labels count as much as frequent ones; the
calibration error is the mean gap between the chance given for the label and how often it was right, over ten
steps of the chance. Nothing is tuned on the test half, so its misses are not shown."""
import argparse
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
HARK = os.path.join(os.environ.get("top_builddir", "build"), "hark")
LABELS = ["negative", "neutral", "positive"]
PARTS = ["lesson", "selection", "outcome", "limit"]


def read_statements(part):
    with open(os.path.join(HERE, f"statements-{part}.jsonl"), encoding="utf-8") as f:
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


def measure_parts(posts, found):
    """Spans that hark marks, against those of the label: the same bytes, and overlapping."""
    for part in PARTS:
        wanted = marked = same = touching = 0
        for p, f in zip(posts, found, strict=True):
            want = p["expect"][part]
            got = [s["text"] for s in f.get("statements", []) if s["part"] == part]
            wanted += len(want)
            marked += len(got)
            same += sum(g in want for g in got)
            touching += sum(any(g in w or w in g for w in want) for g in got)
        whole = max(1, wanted + marked)
        print(f"  {part:<10} F1 {2 * same / whole:.2f}, of overlaps {2 * touching / whole:.2f}; "
              f"{marked} marked, {wanted} there")
    mixed = [p["expect"]["mixed"] for p, f in zip(posts, found, strict=True) if f.get("mixed")]
    there = sum(p["expect"]["mixed"] for p in posts)
    print(f"  mixed      precision {sum(mixed) / max(1, len(mixed)):.2f}, recall {sum(mixed) / max(1, there):.2f}")


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
    print(f"  praise precision {sum(said) / max(1, len(said)):.3f} of {len(said)}; calibration error {gap(pairs):.3f}")
    print(f"  taken for another language: {len(rows) - len(pairs)}; other languages that were told: "
          f"{sum(f['label'] == 'unknown' for f in foreign)} of {len(foreign)}")
    if "limit" in posts[0]["expect"]:
        posts = [dict(p, expect={"mixed": False, **dict.fromkeys(PARTS, []), **p["expect"]}) for p in posts]
        measure_parts(posts, read)
    for want, f, p in rows if misses else []:
        if f["label"] != want:
            print(f"    {want:>8} {f['label']:>8} {f.get('p')} {p['text']}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--part", choices=["dev", "test"])
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("files", nargs="*")
    args = parser.parse_args()
    if args.misses and args.part != "dev" and not args.files:
        sys.exit("misses are for --part dev: nothing is tuned on the test half")
    for path in args.files:
        measure(os.path.basename(path), read_tsv(path), args.misses)
    for part in [] if args.files else [args.part] if args.part else ["dev", "test"]:
        measure(f"statements, {part}", read_statements(part), args.misses)


if __name__ == "__main__":
    main()
