#!/usr/bin/env python3
"""What the command line says about rules from what the daemon has stored."""
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


run()
