#!/usr/bin/env python3
"""A harkd with sources, well and ailing, for the browser tests, which are sources.mjs: their TAP is passed on."""
import base64
import sys
import time

from browse import PASSWORD, browse

import tap
from apiclient import Served
from daemon import RULES
from peer import Answer, rss

LIMIT_S = 300
HOUR_MS = 3600 * 1000
PAGE = '<html><head><title>News</title><link rel=alternate type="application/rss+xml" href="/news.xml"></head></html>'
NEWS = [{"id": "n1", "title": "A quiet week", "author": "Ana", "text": "Nothing happened"}]


def serve(hark):
    """Two sources beside the feed: one that fails, one that is paused; blind spots of the last days."""
    hark.peer.script("/bad", Answer(status=503))
    hark.peer.script("/still", Answer(rss([])))
    hark.peer.script("/news", Answer(PAGE, type="text/html"))
    hark.peer.script("/news.xml", Answer(rss(NEWS, "Acme News")))
    hark.peer.script("/other.xml", Answer(rss(NEWS, "Other News")))
    hark.config["sources"] += [hark.source({"name": "bad", "url": hark.peer.url("/bad")}),
                               hark.source({"name": "still", "url": hark.peer.url("/still"), "paused": "yes"})]
    hark.peer.script("/hook", Answer(status=503))
    hark.write("hook.key", "whsec_" + base64.b64encode(b"k" * 32).decode())
    hark.config["receivers"] = [
        {"name": "out", "type": "file", "path": hark.path("alerts.jsonl")},
        {"name": "hook", "type": "webhook", "url": hark.peer.url("/hook"), "internal": "true", "secret": "file:hook.key"}]
    hark.save()
    for name, role in [("root", "admin"), ("vera", "viewer")]:
        done = hark.run("user", "add", name, "--role", role, stdin=PASSWORD + "\n")
        tap.equal(done.returncode, 0, done.stderr)
    hark.serve()
    hark.wait_baseline("a")
    hark.stop()
    now = int(time.time() * 1000)
    for cause, start, end, filled in [('failing', 30, 28, 0), ('stopped', 60, 57, 1), ('overflow', 100, 99, 0)]:
        hark.write_rows("INSERT INTO gaps (source, cause, from_ms, until_ms, filled_ms) VALUES "
                        f"('a', '{cause}', {now - start * HOUR_MS}, {now - end * HOUR_MS}, {now if filled else 'NULL'})")
    hark.write_rows("INSERT INTO outbox (delivery_id, receiver, kind, urgency, payload, state, attempt, next_ms, created_ms, last_status, last_error)"
                    f" VALUES ('d1', 'hook', 'lead', 'normal', '{{}}', 'dead', 9, {now}, {now}, 503, 'HTTP 503')")
    hark.start()
    tap.wait_for("the failing source", lambda: hark.source_row("bad").get("failures"), 20)


def do(hark, what):
    if what == "publish":
        hark.peer.script("/news.xml", Answer(rss(
            NEWS + [{"id": "n2", "title": "Wanted", "author": "Bo", "text": "I want a zebrafish"}], "Acme News")))
    elif what == "baseline":
        hark.wait_baseline("acme-news")
    else:
        raise AssertionError(what)


def main():
    with Served(rules=RULES) as hark:
        serve(hark)
        return browse("sources.mjs", hark, hark.path("http"), PASSWORD, hark.peer.url(""), limit_s=LIMIT_S,
                      do=lambda what: do(hark, what))


sys.exit(main())
