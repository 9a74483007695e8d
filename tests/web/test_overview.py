#!/usr/bin/env python3
"""A harkd with findings of some weeks for the browser tests, which are overview.mjs: their TAP is passed on."""
import sys
import time

from browse import PASSWORD, browse

import tap
from apiclient import Served

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
        return browse("overview.mjs", hark, PASSWORD, link, *(h.path("http") for h in (hark, fresh, bare, first)), limit_s=LIMIT_S)


sys.exit(main())
