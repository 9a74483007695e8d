#!/usr/bin/env python3
"""A harkd with a folder of rules for the browser tests, which are rules.mjs: their TAP is passed on."""
import os
import sys

from browse import PASSWORD, browse

import tap
from apiclient import Served
from daemon import RULES

LIMIT_S = 300
POSTS = [("1", "ana", "I want a zebrafish and an okapi"), ("2", "bo", "a zebrafish is all I want"),
         ("3", "cy", "zebrafish or okapi, who can tell <img src=x onerror=ran=1>")]
ROUTES = [{"when": {}, "to": ["out"]}]


def serve(hark):
    hark.config["rules"] = ["rules.yaml", "rules.d/*.yaml", "packs/question"]
    hark.config["receivers"] = [{"name": "out", "type": "file", "path": hark.path("alerts.jsonl")}]
    hark.config["routes"] = ROUTES
    os.mkdir(hark.path("rules.d"))
    hark.save()
    for name, role in [("root", "admin"), ("vera", "viewer")]:
        done = hark.run("user", "add", name, "--role", role, stdin=PASSWORD + "\n")
        tap.equal(done.returncode, 0, done.stderr)
    hark.serve()


def do(hark, what):
    path = "rules.d/wants-okapi.yaml"
    if what == "publish":
        hark.publish(("9", "dee", "My okapi needs a friend"))
    elif what == "edit":
        hark.write(path, hark.read(path) + "# edited in vi\n")
    elif what == "edited":
        tap.check(hark.read(path).endswith("# edited in vi\n"), hark.read(path))
    else:
        raise AssertionError(what)


def main():
    with Served(POSTS, rules=RULES) as hark:
        serve(hark)
        return browse("rules.mjs", hark, hark.path("http"), PASSWORD, limit_s=LIMIT_S, do=lambda what: do(hark, what))


sys.exit(main())
