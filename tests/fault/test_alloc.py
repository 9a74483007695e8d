#!/usr/bin/env python3
"""Every command again with its n-th allocation failing: it may fail with a sentence, it may not
crash, hang, or pretend that a part was the whole.

HARK_ALLOC_POINTS (40) is how many n are tried per command; 0 tries all of them."""
import os
import random
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))

import tap
from daemon import BUILD, HARK, Hark, SOURCE
from peer import rss
from tap import SLOW, check, equal, figure, run, test

SHIM = os.path.join(BUILD, "tests", "fault", "failalloc.so")
POINTS = int(os.environ.get("HARK_ALLOC_POINTS", "40"))
SEED = time.strftime("%Y-%m")  # changes each month, the same for everybody
MESSAGES = (0, 1, 2, 3)


def run_with(hark, args, **env):
    return subprocess.run([HARK, *args], capture_output=True, text=True, cwd=hark.folder, timeout=20 * SLOW,
                          env={**os.environ, "LD_PRELOAD": SHIM, **env}, stdin=subprocess.DEVNULL)


def allocations(hark, args):
    plain = run_with(hark, args, HARK_FAIL_COUNT=hark.path("count"))
    equal(plain.returncode, 0, f"hark {' '.join(args)} without faults: {plain.stderr}")
    return plain.stdout, int(hark.read("count"))


def points(total):
    if POINTS == 0 or total <= POINTS:
        return range(1, total + 1)
    rng = random.Random(SEED)
    return sorted(set(range(1, POINTS // 4)) | set(rng.sample(range(1, total + 1), POINTS * 3 // 4)))


def torture(name, *args):
    def tortured():
        with Hark() as hark:
            prepare(hark)
            whole, total = allocations(hark, args)
            tried = 0
            for at in points(total):
                for on in ("0", "1"):
                    done = run_with(hark, args, HARK_FAIL_AT=str(at), HARK_FAIL_ON=on)
                    tried += 1
                    where = f"allocation {at} of {total} (FAIL_ON={on}): exit {done.returncode}\n{done.stderr[-2000:]}"
                    check(done.returncode in MESSAGES, "crashed at", where)
                    check(done.returncode != 0 or done.stdout == whole, "a part passed for the whole at", where)
            figure(f"{total} allocations, {tried} runs, seed {SEED}")
    tortured.__name__ = name
    tap.test(tortured)


def prepare(hark):
    hark.write("feed.xml", rss([{"id": str(i), "author": f"author {i}", "title": "A title", "text": f"zebrafish & post {i}"}
                                for i in range(20)]))
    parsed = subprocess.run([HARK, "parse", "feed.xml"], capture_output=True, text=True, cwd=hark.folder)
    equal(parsed.returncode, 0, parsed.stderr)
    hark.write("posts.jsonl", parsed.stdout)
    hark.config["sources"] = [hark.source({"name": "a", "url": "http://127.0.0.1:9/feed"})]
    hark.save()


torture("parse", "parse", "feed.xml")


if not os.path.exists(SHIM):
    for t in tap.all_tests():
        tap.without(t, "a sanitizer build brings its own allocator")
run()
