#!/usr/bin/env python3
"""A harkd with findings of some weeks for the browser tests, which are overview.mjs: their TAP is passed on."""
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "integration"))

import tap
from apiclient import Served

PASSWORD = "correct horse battery"
LIMIT_S = 300
DAY_MS = 86400 * 1000
WORDS = {"purchase-intent": "zebrafish", "pain": "quagga", "praise": "okapi"}
RULES = "rules:\n" + "".join(f"""\
  - id: {kind}s
    title: It says {word}
    kind: {kind}
    status: live
    subject: author
    score: {{ base: 70 }}
    match: '{word}'
    tests: {{ match: [ "a {word}" ], nomatch: [ "a zebra" ] }}
""" for kind, word in WORDS.items())


def people(hark):
    for name, role in [("root", "admin"), ("anna", "sales")]:
        done = hark.run("user", "add", name, "--role", role, stdin=PASSWORD + "\n")
        tap.equal(done.returncode, 0, done.stderr)


def fill(hark):
    """Findings of the last ten days, leads worked, and a blind spot."""
    words = list(WORDS.values())
    hark.posts = [(f"p{i}", f"writer{i}", f"A {words[i % 5 % 3]}, said {i}") for i in range(60)]
    hark.user("bo", "sales")
    hark.serve()
    for i in range(1, 31):
        hark.post(f"/api/v1/leads/{i}/claim", "bo")
        hark.post(f"/api/v1/leads/{i}/answer" if i % 3 else f"/api/v1/leads/{i}/dismiss", "bo",
                  {} if i % 3 else {"reason": "a joke"})
        if i % 6 == 1:
            hark.post(f"/api/v1/leads/{i}/outcome", "bo", {"outcome": "won"})
    hark.stop()
    now = int(time.time() * 1000)
    hark.write_rows(f"UPDATE signals SET created_ms = created_ms - (id % 10) * {DAY_MS}")
    hark.write_rows("INSERT INTO gaps (source, cause, from_ms, until_ms) VALUES "
                    f"('a', 'failing', {now - 9 * DAY_MS}, {now - 8 * DAY_MS})")
    hark.start()


def browse(*places):
    """The browser's status."""
    return subprocess.run(
        ["timeout", str(int(LIMIT_S * tap.SLOW)), os.environ["NODE"], os.path.join(HERE, "overview.mjs"), PASSWORD,
         *places]).returncode


def main():
    with Served(rules=RULES) as hark, Served(rules=RULES) as fresh, Served(rules=RULES) as bare, Served() as first:
        bare.config["sources"] = []
        bare.save()
        for h in (hark, fresh, bare):
            people(h)
        fill(hark)
        fresh.serve()
        bare.serve()
        first.serve()
        link = first.json("user", "link")["link"]
        status = browse(link, *(h.path("http") for h in (hark, fresh, bare, first)))
        if status != 0:
            print("# " + hark.log().replace("\n", "\n# "))
        return status


sys.exit(main())
