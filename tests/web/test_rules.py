#!/usr/bin/env python3
"""A harkd with a folder of rules for the browser tests, which are rules.mjs: their TAP is passed on."""
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "integration"))

import tap
from apiclient import Served
from daemon import RULES

PASSWORD = "correct horse battery"
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


def watch(hark, browser):
    """Passes its TAP on and does what it asks for."""
    for line in browser.stdout:
        if line.startswith("!do "):
            do(hark, line.split()[1])
            browser.stdin.write("done\n")
            browser.stdin.flush()
        else:
            print(line, end="", flush=True)
    return browser.wait()


def main():
    with Served(POSTS, rules=RULES) as hark:
        serve(hark)
        browser = subprocess.Popen(
            ["timeout", str(int(LIMIT_S * tap.SLOW)), os.environ["NODE"], os.path.join(HERE, "rules.mjs"),
             hark.path("http"), PASSWORD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            status = watch(hark, browser)
        finally:
            browser.kill()
        if status != 0:
            print("# " + hark.log().replace("\n", "\n# "))
        return status


sys.exit(main())
