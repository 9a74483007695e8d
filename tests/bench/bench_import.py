#!/usr/bin/env python3
"""100,000 contacts into an empty store, the same again, and again with another employer for each: seconds of
`hark import`, wall and CPU, best of three, and its largest memory. The target for the first is 5 s."""
import os
import random
import resource
import subprocess
import sys
import tempfile
import time

BUILD = os.environ.get("top_builddir") or os.getcwd()
PEOPLE = 100000
RUNS = 3
HEADER = "Record ID,First Name,Last Name,Email,LinkedIn URL,Company Name,Job Title,City,Contact owner\n"


def rows(moved):
    order = list(range(PEOPLE))
    random.Random(5).shuffle(order)
    for i in order:
        at = (i * 7 + 13 * moved) % 5000
        yield (f"{i},First{i % 700},Last{i % 311},p{i}@company{at}.example,https://www.linkedin.com/in/p-{i},"
               f"\"Company {at}, Inc.\",Head of {i % 40},Berlin,Rep {i % 90}\n")


def run(folder, name):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    done = subprocess.run([os.path.join(BUILD, "hark"), "import", "contacts", name, "--yes"], cwd=folder,
                          capture_output=True, text=True)
    wall = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    best = {}
    with tempfile.TemporaryDirectory(prefix="hark-bench-") as folder:
        for moved in (0, 1):
            with open(os.path.join(folder, f"{moved}.csv"), "w", encoding="utf-8") as f:
                f.write(HEADER)
                f.writelines(rows(moved))
        for i in range(RUNS):
            with open(os.path.join(folder, "hark.yaml"), "w", encoding="utf-8") as f:
                f.write(f'operator: {{ contact: "mailto:ops@example.com" }}\nstore: sqlite:{i}.db\n')
            for what, name in (("new", "0.csv"), ("the same again", "0.csv"), ("all moved", "1.csv")):
                best[what] = min(best.get(what, (1e9, 0)), run(folder, name))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print("import: 100,000 contacts " + ", ".join(
        f"{what} {wall:.1f} s (CPU {cpu:.1f} s)" for what, (wall, cpu) in best.items()) +
        f"; target 5 s; peak {peak:.0f} MB")


main()
