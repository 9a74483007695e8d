#!/usr/bin/env python3
"""Digests of the real daemon: one message a person, what it leaves out, and that nothing is something to say."""
import json
import sqlite3
import time

from daemon import Hark
from peer import Answer, Peer, rss
from tap import check, equal, run, test, wait_for

QUIET = [{"id": "1", "text": "A quiet day"}]
NEWS = [{"id": "2", "author": "Cy Ronn", "text": "Where do I get a zebrafish?"},
        {"id": "3", "author": "Di", "text": "I need a hot zebrafish today"}] + QUIET
RULES = """\
rules:
  - { id: wants, title: Somebody wants one, kind: purchase-intent, status: live, subject: author,
      score: { base: 40, '"hot"': 40 }, match: zebrafish }
"""


def hark_with(receivers):
    peer = Peer()
    peer.script("/feed", Answer(rss(QUIET)), Answer(rss(NEWS)))
    hark = Hark(sources=[{"name": "forum", "url": peer.url("/feed")}], rules=RULES, receivers=receivers,
                routes=[{"to": [r["name"] for r in receivers]}])
    for r in receivers:
        r["path"] = hark.path(r["name"] + ".jsonl")
    hark.save()
    return hark


def told(hark, name, kind):
    return [a["data"] for a in hark.alerts(name + ".jsonl") if a["type"] == kind]


def yesterday(hark):
    """As if the last digests were those of two days ago, and a source was not heard for an hour since."""
    now = int(time.time() * 1000)
    with sqlite3.connect(hark.database) as db:
        db.execute("INSERT INTO gaps (source, from_ms, cause, until_ms) VALUES ('forum', ?, 'failing', ?)",
                   (now - 9 * 3600000, now - 8 * 3600000))
        db.execute("UPDATE receivers SET digest_ms = digest_ms - 2 * 86400000 WHERE digest_ms IS NOT NULL")
    db.close()


@test
def what_is_urgent_comes_at_once_and_the_rest_with_the_digest():
    with hark_with([{"name": "ana", "type": "file", "digest": "daily 08:00 Europe/Berlin"},
                    {"name": "bo", "type": "file", "digest": "hourly", "digest-takes": "all", "digest-max": "1"},
                    {"name": "cy", "type": "file"}]) as hark:
        hark.start()
        wait_for("both leads", lambda: len(told(hark, "cy", "lead.raised")) == 2, 20)
        wait_for("the urgent one", lambda: len(told(hark, "ana", "lead.raised")) == 1)
        equal(told(hark, "bo", "lead.raised"), [])
        row = hark.rows("SELECT cause, value, threshold FROM lead_decisions WHERE receiver = 'ana'")
        equal([(r["cause"], r["value"]) for r in row], [("next-digest", "normal")])
        lead = str(hark.rows("SELECT lead FROM lead_decisions WHERE receiver = 'ana'")[0]["lead"])
        check("ana: waits for its digest (normal): 20" in hark.run("leads", "why", lead).stdout
              or "ana: waits for its digest (normal): 20" in hark.run("leads", "show", lead).stdout)
        equal(hark.stop(), 0)
        yesterday(hark)
        hark.start()
        wait_for("ana's digest", lambda: told(hark, "ana", "leads.digest"), 20)
        wait_for("bo's digest", lambda: told(hark, "bo", "leads.digest"), 20)
        ana, bo = told(hark, "ana", "leads.digest"), told(hark, "bo", "leads.digest")
        equal([(d["leads_count"], [x["who"] for x in d["leads"]]) for d in ana], [(1, ["Cy Ronn"])])
        equal([(d["leads_count"], [x["who"] for x in d["leads"]]) for d in bo], [(2, ["Di"])])
        check("since" in ana[0]["title"] and any("forum was not heard" in n for n in ana[0]["notes"]), ana[0])
        equal(hark.stop(), 0)


@test
def a_digest_without_leads_comes_if_it_is_wanted():
    with hark_with([{"name": "ana", "type": "file", "digest": "daily 08:00 UTC"},
                    {"name": "bo", "type": "file", "digest": "hourly"},
                    {"name": "cy", "type": "file", "digest": "daily 08:00 UTC", "when-empty": "skip"}]) as hark:
        hark.config["sources"] = []
        hark.save()
        hark.start()
        wait_for("the first look", lambda: hark.count("receivers", "digest_ms IS NOT NULL") == 3, 20)
        equal(hark.stop(), 0)
        yesterday(hark)
        hark.start()
        wait_for("ana's digest", lambda: told(hark, "ana", "leads.digest"), 20)
        wait_for("all looked at", lambda: hark.count(
            "receivers", "digest_ms > (SELECT max(digest_ms) FROM receivers) - 3600000") == 3)
        equal((told(hark, "bo", "leads.digest"), told(hark, "cy", "leads.digest")), ([], []))
        check(told(hark, "ana", "leads.digest")[0]["title"].startswith("No lead since "))
        equal(hark.stop(), 0)


@test
def whoever_is_erased_is_in_no_digest_any_more():
    with hark_with([{"name": "ana", "type": "exec", "digest": "hourly", "digest-takes": "all"}]) as hark:
        hark.config["receivers"] = [{"name": "ana", "type": "exec", "digest": "hourly", "digest-takes": "all",
                                     "command": ["/bin/false"]}]
        hark.save()
        hark.start()
        wait_for("both leads", lambda: hark.count("leads") == 2, 20)
        equal(hark.stop(), 0)
        yesterday(hark)
        hark.start()
        wait_for("the digest", lambda: hark.count("outbox", "kind = 'leads.digest'") == 1, 20)
        check("Cy Ronn" in hark.rows("SELECT payload FROM outbox")[0]["payload"])
        with sqlite3.connect(hark.database) as db:
            db.execute("UPDATE authors SET handle = 'cyronn' WHERE display_name = 'Cy Ronn'")
        db.close()
        done = hark.run("privacy", "erase", "@cyronn", "--yes")
        equal(done.returncode, 0, done.stderr)
        left = json.loads(hark.rows("SELECT payload FROM outbox WHERE kind = 'leads.digest'")[0]["payload"])["data"]
        equal(([x["who"] for x in left["leads"]], left["leads_count"]), (["Di"], 1))
        equal(hark.stop(), 0)


run()
