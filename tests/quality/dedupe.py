#!/usr/bin/env python3
"""How well `hark dedupe` tells copies of a story from the next line of the same template, in invented posts.

    dedupe.py [--part dev|test] [--misses]

A line of dedupe-*.jsonl is a Post with `group` (the same for copies) and `how` it was made of the first. dedupe-test
was written first and is for the figures; look at the misses of dedupe-dev only. A pair of posts is right if both say
the same: copies or not. "Wrongly hidden" are posts put to a story that begins with another group's post. The posts are
read in 20 orders: in the file's order, and shuffled. Two readings of how alike the partitions are: of the pairs that
either of two orders puts together, those that both do; and of all pairs of posts, those of which both say the same."""
import argparse
import collections
import itertools
import json
import os
import random
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
HARK = os.path.join(os.environ.get("top_builddir", "build"), "hark")
ORDERS = 20


def read_sample(part):
    with open(os.path.join(HERE, f"dedupe-{part}.jsonl"), encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def clusters_of(posts):
    """The name of each post's story, by external_id."""
    known = ("source", "external_id", "title", "text")
    lines = "".join(json.dumps({k: p[k] for k in known if k in p}) + "\n" for p in posts)
    run = subprocess.run([HARK, "dedupe", "-"], input=lines, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        sys.exit(run.stderr)
    return {p["external_id"]: p["cluster"] for p in map(json.loads, run.stdout.splitlines())}


def pairs_of(names):
    """All pairs of posts that have the same name."""
    members = collections.defaultdict(list)
    for post, name in names.items():
        members[name].append(post)
    return {tuple(sorted(pair)) for group in members.values() for pair in itertools.combinations(group, 2)}


def wrongly_hidden(posts, names, group):
    first = {}
    wrong = []
    for p in posts:
        head = first.setdefault(names[p["external_id"]], p)
        if group[head["external_id"]] != p["group"]:
            wrong.append((p, head))
    return wrong


def show(posts, names, group):
    for p, head in wrongly_hidden(posts, names, group):
        print(f"      hidden: {p['how']}: {p.get('title', '')} {p['text'][:150]}\n          as: {head['how']}: {head['text'][:150]}")
    biggest = collections.defaultdict(collections.Counter)
    for p in posts:
        biggest[p["group"]][names[p["external_id"]]] += 1
    for p in posts:
        usual = biggest[p["group"]].most_common(1)[0][0]
        if names[p["external_id"]] != usual:
            print(f"      missed: {p['how']}: {p.get('title', '')} {p['text'][:150]}")


def report(part, misses):
    posts = read_sample(part)
    group = {p["external_id"]: p["group"] for p in posts}
    truth = pairs_of(group)
    rng = random.Random(part)
    firsts, together, same, worst = None, [], [], 0
    pairs = len(posts) * (len(posts) - 1) // 2
    for order in range(ORDERS):
        read = posts if order == 0 else rng.sample(posts, len(posts))
        names = clusters_of(read)
        found = pairs_of(names)
        hidden = wrongly_hidden(read, names, group)
        if order == 0:
            firsts = found
            right = len(found & truth)
            precision, recall = right / len(found) if found else 1.0, right / len(truth)
            f1 = 2 * precision * recall / (precision + recall) if right else 0.0
            print(f"{part}: {len(posts)} posts, {len(set(group.values()))} stories, {len(truth)} pairs of copies\n"
                  f"  precision {precision:.4f}  recall {recall:.4f}  F1 {f1:.4f}  "
                  f"wrongly hidden {len(hidden)}/{len(posts)} {len(hidden) / len(posts):.2%}")
            if misses:
                show(read, names, group)
        union = len(firsts | found)
        together.append(len(firsts & found) / union if union else 1.0)
        same.append(1 - len(firsts ^ found) / pairs)
        worst = max(worst, len(hidden))
    print(f"  {ORDERS} orders of arrival, {worst} wrongly hidden at most; the same as in the first one are of the pairs\n"
          f"    put together in either {min(together):.2%} at least, {sum(together) / ORDERS:.2%} on average\n"
          f"    of all posts {min(same):.3%} at least, {sum(same) / ORDERS:.3%} on average\n")


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--part", choices=("dev", "test"))
    options.add_argument("--misses", action="store_true", help="show what was missed or wrongly hidden")
    args = options.parse_args()
    for part in (args.part,) if args.part else ("dev", "test"):
        report(part, args.misses)


if __name__ == "__main__":
    main()
