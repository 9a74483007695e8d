#!/usr/bin/env python3
"""How well the shipped packs find what they are for, in invented posts.

    packs.py [--part tune|test|held] [--misses]

Of packs.tsv odd lines are for tuning, even lines only for the figures; packs-held.tsv was written
when the packs were done. Do not read the misses of either while you change a pack. A label is a kind of signal, or a pack that only sets a
flag, tells stories or adds up (regulated, sensitive, case-study, weak-signals); "none" is a look-alike. A post that praises,
complains or asks names a product as well, so "mention" is judged on mentions and look-alikes alone."""
import argparse
import json
import math
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
HARK = os.path.join(os.environ.get("top_builddir", "build"), "hark")
KINDS = ["mention", "praise", "complaint", "question", "purchase-intent", "purchase-announced", "hiring", "pain",
         "job-move", "case-study", "regulated", "sensitive", "weak-signals"]
# A finding beside the label that is right as well: a story praises, who asks what to buy may be in pain, and whatever is
# strong may hold a hint as well.
ALSO = {"case-study": {"praise", "purchase-announced"}, "regulated": {"praise", "case-study"},
        "sensitive": {"praise", "complaint", "purchase-intent"}, "purchase-intent": {"question", "pain"},
        "pain": {"purchase-intent"}, "purchase-announced": {"praise", "purchase-intent"}, "complaint": {"question"},
        "question": set(), "weak-signals": {"hiring", "pain", "purchase-intent"}}
WEAK_BESIDE = {"purchase-intent", "purchase-announced", "hiring", "pain", "complaint", "question", "case-study", "praise",
               "sensitive"}


def read_sample(part):
    posts = []
    name = "packs-held.tsv" if part == "held" else "packs.tsv"
    with open(os.path.join(HERE, name), encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            if line.startswith("#") or part == ("test" if number % 2 == 1 else "tune"):
                continue
            label, author, text = line.rstrip("\n").split("\t")
            posts.append({"id": str(number), "label": label, "author": author, "text": text})
    return posts


def found_in(posts):
    """For each post what was found: kinds, and the packs that are no kind."""
    lines = "".join(json.dumps({"source": "sample", "external_id": p["id"], "lang": "en", "text": p["text"],
                                "author": {"handle": p["author"] if p["author"] != "-" else f"@nobody{p['id']}"}}) + "\n"
                    for p in posts)
    packs = os.environ.get("HARK_PACKS", os.path.join(HERE, "../../rules/packs"))
    run = subprocess.run([HARK, "match", "--rules", packs, "--lists", os.path.join(HERE, "lists"), "-"], input=lines,
                         capture_output=True, text=True, check=False)
    if run.returncode != 0:
        sys.exit(run.stderr)
    found = {p["id"]: set() for p in posts}
    for line in run.stdout.splitlines():
        signal = json.loads(line)
        flags = set(signal.get("flags", []))
        names = flags & {"regulated", "sensitive"} or {signal["kind"]}
        if signal["rule"].startswith("case-study"):
            names = {"case-study"}
        if signal["rule"].startswith("weak-"):
            names = {"weak-signals"}
        found[signal["post"]["external_id"]] |= names
    return found


def wilson(k, n):
    if n == 0:
        return 0.0, 1.0
    z, p = 1.96, k / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    wide = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, middle - wide), min(1.0, middle + wide)


def share(k, n):
    low, high = wilson(k, n)
    return f"{k:3}/{n:<3} {k / n if n else 0:.2f} [{low:.2f}, {high:.2f}]"


def also(label):
    return ALSO.get(label, set()) | ({"weak-signals"} if label in WEAK_BESIDE else set())


def judge(kind, posts, found):
    """Right, wrongly found, missed."""
    right, wrong, missed = [], [], []
    for p in posts:
        has = kind in found[p["id"]]
        if p["label"] == kind:
            (right if has else missed).append(p)
        elif has and kind not in also(p["label"]) and (kind != "mention" or p["label"] == "none"):
            wrong.append(p)
    return right, wrong, missed


def report(part, show):
    posts = read_sample(part)
    found = found_in(posts)
    aside = sum(p["label"] == "none" for p in posts)
    print(f"{part}: {len(posts)} posts, {aside} of them match nothing")
    print(f"  {'':19}{'precision':29}recall")
    sums = [0, 0, 0]
    for kind in KINDS:
        right, wrong, missed = judge(kind, posts, found)
        print(f"  {kind:19}{share(len(right), len(right) + len(wrong)):29}{share(len(right), len(right) + len(missed))}")
        sums = [s + len(which) for s, which in zip(sums, (right, wrong, missed))]
        if show:
            for what, which in (("wrong", wrong), ("missed", missed)):
                for p in which:
                    print(f"      {what}: {p['id']} ({p['label']}) {p['text']}")
    print(f"  {'all':19}{share(sums[0], sums[0] + sums[1]):29}{share(sums[0], sums[0] + sums[2])}\n")


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--part", choices=("tune", "test", "held"))
    options.add_argument("--misses", action="store_true", help="show what was missed or wrongly found")
    args = options.parse_args()
    for part in (args.part,) if args.part else ("tune", "test", "held"):
        report(part, args.misses)


if __name__ == "__main__":
    main()
