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
from daemon import BUILD, HARK, Hark, RULES, SOURCE
from peer import rss
from tap import SLOW, check, equal, figure, run, test

SHIM = os.path.join(BUILD, "tests", "fault", "failalloc.so")
SAMPLES = os.path.join(SOURCE, "connectors", "definitions", "samples")
POINTS = int(os.environ.get("HARK_ALLOC_POINTS", "40"))
SEED = time.strftime("%Y-%m")  # changes each month, the same for everybody
MESSAGES = (0, 1, 2, 3)
LIST = "name,id,aliases,handles,domains\n" + "".join(
    f'Rival Ä{i} O\'Hara,r{i},"Alias {i}; Other {i}",@rival{i}; https://site.example/@r{i},rival{i}.example\n' for i in range(9))
LIST_RULE = """\
  - id: rival-or-number
    title: Somebody speaks of a rival
    kind: mention
    status: live
    subject: author
    match: 'any:rivals AS $who OR ("post 3" AND re:/numb[aeiou]r|po(?<end>st)/)'
    emit: { who: $who.name }
    tests:
      lists: { rivals: [ Globex, { name: Initech, handle: "@initech" } ] }
      match: [ "post 3", { text: "Globex it is", emit: { who: Globex } } ]
"""


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
                    check(done.returncode == 0 or done.stderr.strip() or done.stdout.strip(), "says nothing at", where)
                    check(done.returncode != 0 or done.stdout == whole, "a part passed for the whole at", where)
            figure(f"{total} allocations, {tried} runs, seed {SEED}")
    tortured.__name__ = name
    tap.test(tortured)


def prepare(hark):
    hark.write("feed.xml", rss([{"id": str(i), "author": f"author {i}", "title": "A title", "text": f"zebrafish & post {i}" + (" by Rival Ä3 O'Hara" if i == 7 else "")}
                                for i in range(20)]))
    parsed = subprocess.run([HARK, "parse", "feed.xml"], capture_output=True, text=True, cwd=hark.folder)
    equal(parsed.returncode, 0, parsed.stderr)
    hark.write("posts.jsonl", parsed.stdout)
    hark.write("rules.yaml", RULES + LIST_RULE)
    os.mkdir(hark.path("lists"))
    hark.write("lists/rivals.csv", LIST)
    hark.config["lists"] = {"rivals": {"file": "lists/rivals.csv"}}
    hark.config["sources"] = [hark.source({"name": "a", "url": "http://127.0.0.1:9/feed"})]
    hark.save()


torture("parse", "parse", "feed.xml")
torture("parse_a_mail", "parse", "--connector", "imap", os.path.abspath(os.path.join(SAMPLES, "imap-newsletter.eml")))
torture("parse_an_alert_mail", "parse", "--connector", "imap", os.path.abspath(os.path.join(SAMPLES, "imap-alert.eml")))
torture("match", "match", "--rules", "rules.yaml", "--lists", "lists", "posts.jsonl")
torture("check", "check")
torture("rules_test", "rules", "test", "rules.yaml")


run()
