#!/usr/bin/env python3
"""How well `hark classify` finds job moves, on invented posts.

    moves.py [--part dev|own|second|third|fourth|fifth|sixth|seventh|seventh-held|eighth|eighth-held|
              ninth|ninth-held|tenth|tenth-held|eleventh|eleventh-held|
              twelfth|twelfth-held|thirteenth|thirteenth-held|fourteenth|
              fifteenth|fifteenth-held|sixteenth|sixteenth-held|
              seventeenth|seventeenth-held|eighteenth|nineteenth|nineteenth-held|
              twentieth|twentieth-held|twentyfirst|twentyfirst-held|
              twentysecond|twentysecond-held|twentythird|twentythird-held|
              twentyfourth|test] [--misses]

moves.txt says what the labels mean. Nothing is tuned on the test half, so its misses are not shown."""
import argparse
import json
import math
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
HARK = os.path.join(os.environ.get("top_builddir", "build"), "hark")
DEVELOPMENT = ["dev", "own", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
               "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth",
               "seventeenth", "eighteenth", "nineteenth", "twentieth", "twentyfirst", "twentysecond", "twentythird",
               "twentyfourth",
               "seventh-held", "eighth-held", "ninth-held", "tenth-held",
               "eleventh-held", "twelfth-held", "thirteenth-held", "fifteenth-held", "sixteenth-held",
               "seventeenth-held", "nineteenth-held", "twentieth-held",
               "twentyfirst-held", "twentysecond-held", "twentythird-held"]
ALL = DEVELOPMENT + ["test"]
PARTS = ["person", "employer", "title", "event"]


def read_sample(part):
    with open(os.path.join(HERE, f"moves-{part}.jsonl"), encoding="utf-8") as f:
        return [json.loads(line) for line in f if line.strip()]


def classify(posts):
    """What hark says of each post, without its label and note."""
    lines = "".join(json.dumps({k: v for k, v in p.items() if k not in ("expect", "note")}) + "\n" for p in posts)
    run = subprocess.run([HARK, "classify", "--why", "-"], input=lines, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        sys.exit(run.stderr)
    return [json.loads(line)["classify"]["move"] for line in run.stdout.splitlines()]


def wilson(hits, n):
    """The interval that holds a share with 95 % confidence."""
    if n == 0:
        return 0.0, 1.0
    z, p = 1.96, hits / n
    middle, reach = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - reach) / (1 + z * z / n), (middle + reach) / (1 + z * z / n)


def share(name, hits, n):
    low, high = wilson(hits, n)
    print(f"  {name:<10} {hits / n if n else 0:.3f}  [{low:.3f} {high:.3f}]  {hits} of {n}")


def is_hit(found):
    return found is not None and "event" in found


def points_of(found):
    """How sure the reader is, of a move it refuses as well."""
    return found["points"] if found is not None and "points" in found else -math.inf


def show_recall_at(told, moves):
    """Of (points, does it move): the highest recall with so much precision, wherever the line were drawn."""
    for precision in (0.90, 0.95):
        best = hits = 0
        ranked = sorted(told, key=lambda t: -t[0])
        for n, (points, moved) in enumerate(ranked, 1):
            hits += moved
            tied = n < len(ranked) and ranked[n][0] == points
            best = hits if not tied and points > -math.inf and hits >= precision * n else best
        print(f"  recall at precision {precision:.2f}: {best / moves if moves else 0:.3f}")


def show_miss(post, want, found):
    text = " || ".join(t for t in (post.get("title"), post["text"]) if t)
    print(f"  {post['external_id']} {post['author'].get('display_name')}: {text}")
    print(f"    wanted {want and {k: v for k, v in want.items() if v}} ({post.get('note')})")
    keys = PARTS + ["from", "pattern", "refused", "points"]
    print(f"    found  {found and {k: found[k] for k in keys if k in found}}")


def measure(part, misses):
    posts = read_sample(part)
    found = classify(posts)
    right = wrong = moves = 0
    told = []
    same = dict.fromkeys(PARTS + ["from"], 0)
    for post, f in zip(posts, found, strict=True):
        want, hit = post["expect"], is_hit(f)
        moves += want is not None
        told.append((points_of(f), want is not None))
        right += hit and want is not None
        wrong += hit and want is None
        exact = hit and want is not None
        for key in same if exact else []:
            ok = (want[key] or None) == f.get(key)
            same[key] += ok
            exact &= ok
        if misses and (hit or want is not None) and not exact:
            show_miss(post, want, f)
    print(f"{part}: {len(posts)} posts, {moves} of them moves")
    share("precision", right, right + wrong)
    share("recall", right, moves)
    for key, n in same.items():
        share(key, n, right)
    show_recall_at(told, moves)
    print(f"  F1         {2 * right / (right + wrong + moves) if moves else 0:.3f}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--part", choices=ALL)
    parser.add_argument("--misses", action="store_true")
    args = parser.parse_args()
    if args.misses and args.part not in DEVELOPMENT:
        sys.exit("misses are for --part " + ", ".join(DEVELOPMENT) + ": nothing is tuned on the others")
    for part in [args.part] if args.part else ALL:
        measure(part, args.misses)


if __name__ == "__main__":
    main()
