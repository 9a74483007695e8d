#!/usr/bin/env python3
"""What the command line says about rules from what the daemon has stored."""
import hashlib
import json
import os
import sqlite3

from daemon import Hark
from peer import Answer, Peer, rss
from tap import check, equal, run, test, wait_for

RULES = """\
rules:
  - id: wants
    kind: purchase-intent
    subject: author
    score: 70
    match: '"want a" (zebrafish OR narwhal)'
  - id: trial
    kind: mention
    status: shadow
    scope: { lang: [en] }
    match: zebrafish
  - id: old
    kind: mention
    status: retired
    match: zebrafish
"""
QUIET = [{"id": "1", "text": "A quiet day"}]
SAID = [{"id": "2", "author": "Ann", "text": "I want a zebrafish"},
        {"id": "3", "author": "Bob", "text": "I want only a narwhal"},
        {"id": "4", "author": "Cid", "text": "Not even a zebrafish"}]


def polled_twice(hark):
    equal(hark.once().returncode, 0, hark.log())
    equal(hark.once().returncode, 0, hark.log())
    equal(hark.count("posts"), 4)


def scene(**more):
    peer = Peer()
    peer.script("/feed", Answer(rss(QUIET)), Answer(rss(QUIET + SAID)))
    return Hark(sources=[{"name": "a", "url": peer.url("/feed")}], rules=RULES, **more)


@test
def the_list_says_what_each_rule_has_done():
    with scene() as hark:
        before = {r["id"]: r for r in hark.json("rules", "list")}
        check("matches" not in before["wants"], "counters without a store")
        polled_twice(hark)
        rules = {r["id"]: r for r in hark.json("rules", "list")}
        equal(rules["wants"]["matches"], 1)
        equal(rules["wants"]["leads"], 1)
        check(rules["wants"]["last_match"].startswith("20"), rules["wants"])
        equal((rules["trial"]["matches"], rules["trial"]["shadow"], rules["trial"]["leads"]), (2, 2, 0))
        equal(rules["trial"]["lang_passed"], 2)
        equal((rules["old"]["status"], rules["old"]["matches"]), ("retired", 0))
        table = hark.run("rules", "list").stdout
        check("last match" in table and "shadow" in table, table)


@test
def the_store_remembers_which_rules_were_loaded_last():
    with scene(lists={"pets": "name\nZebrafish\n"}) as hark:
        hark.start()
        wait_for("the loaded rules", lambda: hark.count("loaded_rules") == 3)
        equal(hark.rows("SELECT names FROM loaded_lists")[0]["names"], "zebrafish Zebrafish\n")
        hark.write("rules.yaml", RULES.replace("id: old", "id: older"))
        equal(hark.run("reload").returncode, 0)
        equal([r["rule"] for r in hark.rows("SELECT rule FROM loaded_rules ORDER BY rule")],
              ["older", "trial", "wants"])
        equal(hark.stop(), 0)


def backtest(hark, *args, code=0):
    done = hark.run("rules", "backtest", *args, "--json")
    equal(done.returncode, code, done.stderr)
    result = json.loads(done.stdout)
    return result, {r["rule"]: r for r in result["rules"]}


@test
def the_same_rules_find_the_same():
    with scene() as hark:
        polled_twice(hark)
        result, rules = backtest(hark, "--all", "--strict")
        equal(result["posts"], 4)
        equal((rules["wants"]["hits"], rules["wants"]["stored"]), (1, 1))
        equal((rules["wants"]["gained"], rules["wants"]["lost"]), (0, 0))
        equal((result["leads_gained"], result["leads_lost"], result["leads_kept"]), (2, 0, 1))
        equal((rules["trial"]["hits"], rules["trial"]["leads_gained"]), (2, 2), "as if it were live")
        equal(rules["old"]["hits"], 0)


@test
def a_changed_rule_shows_what_it_gains_and_loses():
    with scene() as hark:
        polled_twice(hark)
        hark.write("new.yaml", RULES.split("  - id: trial")[0].replace(
            '\'"want a" (zebrafish OR narwhal)\'', "want narwhal"))
        result, rules = backtest(hark, hark.path("new.yaml"))
        equal(list(rules), ["wants"])
        equal((rules["wants"]["hits"], rules["wants"]["gained"], rules["wants"]["lost"]), (1, 1, 1))
        equal((result["leads_gained"], result["leads_lost"], result["leads_kept"]), (1, 1, 0))
        equal([(w["receiver"], w["before"], w["after"]) for w in result["weekly"]], [("out", 7, 7)])
        gained, = [x for x in result["samples"] if x["gained"]]
        equal((gained["rule"], gained["post"]["text"]), ("wants", "I want only a narwhal"))
        equal([(x["start"], x["end"]) for x in gained["spans"] if x["field"] == "text"], [(2, 6), (14, 21)])
        lost, = [x for x in result["samples"] if not x["gained"]]
        equal(lost["post"]["text"], "I want a zebrafish")
        backtest(hark, hark.path("new.yaml"), "--strict", code=1)
        shown = hark.run("rules", "backtest", hark.path("new.yaml")).stdout
        check("  I want only a narwhal\n    ^~~~        ^~~~~~~\n" in shown, shown)
        check("leads: +1 -1, 0 stay" in shown, shown)


@test
def a_backtest_looks_back_as_far_as_it_is_told():
    with scene() as hark:
        polled_twice(hark)
        with sqlite3.connect(hark.database) as db:
            db.execute("UPDATE posts SET seen_ms = seen_ms - 864000000 WHERE id <= 2")
        db.close()
        equal(backtest(hark, "--all", "--since", "7d")[0]["posts"], 2)
        equal(backtest(hark, "--all", "--since", "2w")[0]["posts"], 4)
        equal(hark.run("rules", "backtest", "--all", "--since", "soon").returncode, 2)
        equal(hark.run("rules", "backtest").returncode, 2)


@test
def copies_of_a_story_and_posts_without_text_are_left_out():
    text = "Somebody said in many words that they want a zebrafish and will pay well for one"
    peer = Peer()
    peer.script("/a", Answer(rss(QUIET)), Answer(rss([{"id": "7", "text": text}])))
    peer.script("/b", Answer(rss(QUIET)), Answer(rss([{"id": "8", "text": text}])))
    with Hark(sources=[{"name": "a", "url": peer.url("/a")}, {"name": "b", "url": peer.url("/b")}],
              rules=RULES) as hark:
        hark.once()
        hark.once()
        result, rules = backtest(hark, "--all", "--strict")
        check(result["copies"] >= 1, result)
        equal((rules["wants"]["hits"], rules["wants"]["gained"], rules["wants"]["lost"]), (1, 0, 0))
        with sqlite3.connect(hark.database) as db:
            db.execute("UPDATE posts SET purged_ms = 1, text = NULL, title = NULL")
        db.close()
        result, rules = backtest(hark, "--all", "--strict")
        equal((result["posts"], rules["wants"]["lost"]), (0, 0))
        check(result["gone"] >= 3, result)


@test
def a_backtest_writes_nothing():
    with scene() as hark:
        polled_twice(hark)

        def content():
            return {name: hashlib.sha256(open(hark.path(name), "rb").read()).hexdigest()
                    for name in os.listdir(hark.folder) if name.startswith("hark.db") and not name.endswith("-shm")}
        sqlite3.connect(hark.database).execute("PRAGMA wal_checkpoint(TRUNCATE)")
        before = content()
        os.chmod(hark.database, 0o400)
        backtest(hark, "--all")
        after = {k: v for k, v in content().items() if k in before}
        equal(after, before)
        check(not any(v != hashlib.sha256(b"").hexdigest() for k, v in content().items() if k not in before),
              "it left something behind")


@test
def a_backtest_without_a_store_says_so():
    with scene() as hark:
        done = hark.run("rules", "backtest", "--all")
        equal(done.returncode, 1)
        check("hark.db" in done.stderr, done.stderr)


run()
