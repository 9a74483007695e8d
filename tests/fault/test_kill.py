#!/usr/bin/env python3
"""kill -9 at random moments while thousands of numbered posts come in: no post is lost, no lead is
raised twice, every alert arrives at least once, and repeats carry the same id.

HARK_KILL_ROUNDS (10) and HARK_KILL_POSTS (20000) make it longer, HARK_KILL_SEED repeats a run."""
import os
import random
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))

import tap
from daemon import Hark
from peer import Answer, Peer, rss
from tap import SLOW, check, equal, figure, run, test, wait_for

ROUNDS = int(os.environ.get("HARK_KILL_ROUNDS", "10"))
POSTS = int(os.environ.get("HARK_KILL_POSTS", "20000"))
SEED = os.environ.get("HARK_KILL_SEED") or str(time.time_ns())
SOURCES = 20
MATCH_EVERY = 47  # shares no factor with SOURCES, so every source has some


def post(n):
    """Numbered over all sources; every MATCH_EVERY-th wants something."""
    wants = n % MATCH_EVERY == 0
    return {"id": f"p{n}", "author": f"author {n}", "link": f"https://site.example/{n}",
            "text": f"post number {n}" + (" wants a zebrafish" if wants else " is quiet")}


class Source:
    """Lists everything published so far, as a feed that is never pruned does."""

    def __init__(self, index):
        self.index, self.peer, self.published = index, Peer(), 0
        self.total = POSTS // SOURCES
        self.pages = {}
        self.peer.script("/feed", self.answer)

    def number(self, i):
        return i * SOURCES + self.index

    def answer(self, request):
        n, mark = self.published, f'"{self.published}"'
        if request.header("if-none-match") == mark:
            return Answer(status=304)
        if n not in self.pages:
            self.pages[n] = rss([post(self.number(i)) for i in range(n - 1, -1, -1)])
        return Answer(self.pages[n]).with_headers(ETag=mark)


def publish(sources, share):
    for s in sources:
        s.published = max(s.published, int(s.total * share))


def expected(sources, first):
    return {s.number(i) for s in sources for i in range(first, s.total) if s.number(i) % MATCH_EVERY == 0}


@test
def nothing_is_lost_and_nothing_is_raised_twice():
    rng = random.Random(SEED)
    sources = [Source(i) for i in range(SOURCES)]
    hook = Peer()
    hook.script("/hook", Answer(status=200))
    hark = Hark(sources=[{"name": f"s{s.index}", "url": s.peer.url("/feed")} for s in sources],
                routes=[{"to": ["hook", "out"]}], receivers=[
                    {"name": "hook", "type": "webhook", "url": hook.url("/hook"), "internal": "true", "secret": "file:key"},
                    {"name": "out", "type": "file", "path": "alerts.jsonl"}])
    tap.note(f"seed {SEED}")
    with hark:
        hark.write("key", "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU=")
        os.chmod(hark.path("key"), 0o600)
        first = baseline(hark, sources)
        kill_rounds(hark, sources, rng)
        publish(sources, 1)
        slowest = final_run(hark, sources, first)
        figure(f"{ROUNDS} kills, {POSTS} posts, {len(expected(sources, first))} leads, seed {SEED}")
        figure(f"last start to ready in {slowest:.2f} s, {hook.count()} webhook calls")
        examine(hark, hook, sources, first)


def baseline(hark, sources):
    """A first part of every source, stored before the killing starts."""
    publish(sources, 0.02)
    hark.start()
    hark.wait_baseline()
    hark.kill()
    return sources[0].published


def kill_rounds(hark, sources, rng):
    for i in range(ROUNDS):
        hark.start(wait=False)
        steps = threading.Thread(target=publish_slowly, args=(sources, i / ROUNDS, (i + 1) / ROUNDS))
        steps.start()
        time.sleep(rng.uniform(0.02, 1.2) * SLOW)
        check(hark.process.poll() is None, "harkd ended by itself:\n", hark.log())
        hark.kill()
        steps.join()


def publish_slowly(sources, start, end):
    for k in range(1, 6):
        publish(sources, 0.02 + 0.98 * (start + (end - start) * k / 5))
        time.sleep(0.1)


def final_run(hark, sources, first):
    started = time.monotonic()
    hark.start()
    ready = time.monotonic() - started
    wait_for("every post", lambda: hark.count("posts") >= POSTS, 60)
    wait_for("every alert", lambda: hark.count("outbox", "state <> 'sent'") == 0, 60)
    return ready


def examine(hark, hook, sources, first):
    equal(hark.stop(), 0)
    ids = {r["external_id"] for r in hark.rows("SELECT external_id FROM posts")}
    lost = {f"p{s.number(i)}" for s in sources for i in range(s.total)} - ids
    equal(len(lost), 0, f"lost posts {sorted(lost)[:10]}")
    equal(hark.count("posts"), POSTS, "rows of posts")
    people = [r["subject_name"] for r in hark.rows("SELECT subject_name FROM leads WHERE historic = 0")]
    want = {f"author {n}" for n in expected(sources, first)}
    equal(len(people), len(set(people)), "duplicate leads")
    equal(set(people), want, "leads")
    equal(hark.rows("PRAGMA integrity_check")[0]["integrity_check"], "ok")
    outbox = {r["delivery_id"]: (r["lead"], r["receiver"]) for r in hark.rows("SELECT * FROM outbox")}
    equal(len(outbox), 2 * len(want), "rows in the outbox")
    heard = [r.header("webhook-id") for r in hook.requests()]
    equal(set(heard), {i for i, (_, to) in outbox.items() if to == "hook"}, "ids the webhook heard")
    lines = [a["id"] for a in hark.alerts()]
    equal(set(lines), {i for i, (_, to) in outbox.items() if to == "out"}, "ids in the file")
    figure(f"repeated deliveries: {len(heard) - len(set(heard))} webhook, {len(lines) - len(set(lines))} file")


nothing_is_lost_and_nothing_is_raised_twice.timeout = 90 + 3 * ROUNDS
run()
