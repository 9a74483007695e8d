#!/usr/bin/env python3
"""What sources say of people over time: dated observations, one row a change."""
import json
import os

from daemon import Hark
from peer import Answer, Peer
from tap import check, equal, run, test, wait_for

RULES = """\
rules:
  - id: moves
    title: Somebody moved
    kind: job-move
    status: live
    level: instant
    subject: author
    score: { base: 70 }
    match: '"has left"'
"""
ROUTES = [{"when": {"kind": ["job-move"]}, "to": ["out"]}]
OFFICERS = """
id: officers
about: a list
every: 1m
record: profile
vars: { server: { type: url, about: the server, required: true, example: "https://board.example" } }
request: { url: "{server}/items" }
items: { pointer: "" }
cursor: { kind: snapshot_diff, from: /id, watch: [ /role ], misses: 2 }
map: { person: /name, employer: { const: Acme }, title: /role, url: /url, bio: /bio }
"""


def who(i, name, role="CFO", **more):
    return {"id": i, "name": name, "role": role, "url": f"https://b.example/{i}", **more}


def page(*items):
    return Answer(json.dumps(items), type="application/json")


@test
def a_person_is_one_row_a_change_and_a_post_the_rules_see():
    peer = Peer()
    state = {"items": [who(1, "Ada Quill"), who(2, "Bo Reed")]}
    peer.script("/items", lambda r: page(*state["items"]))
    with Hark(rules=RULES, routes=ROUTES,
              sources=[{"name": "o", "connector": "officers", "vars": {"server": peer.url("")}}]) as hark:
        os.mkdir(hark.path("connectors"))
        hark.write("connectors/officers.yaml", OFFICERS)
        hark.start()
        wait_for("four polls", lambda: peer.count() >= 4)
        equal(hark.count("profiles"), 2)
        state["items"] = [who(1, "Ada Quill", "CEO"), who(2, "Bo Reed")]
        wait_for("a change", lambda: hark.count("profiles") == 3)
        row = hark.rows("SELECT * FROM profiles ORDER BY id DESC LIMIT 1")[0]
        equal((row["person"], row["title"], row["event"], row["employer"]), ("Ada Quill", "CEO", "changed", "Acme"))
        state["items"] = [who(2, "Bo Reed")]
        alert = hark.wait_alerts(1)[0]
        check("Ada Quill has left Acme" in json.dumps(alert), alert)
        row = hark.rows("SELECT * FROM profiles ORDER BY id DESC LIMIT 1")[0]
        equal((row["person"], row["event"]), ("Ada Quill", "left"))
        source = hark.sources()["o"]
        equal((source["people"], source["profile_changes"]), (2, 2))
        said = hark.run("sources", "show", "o").stdout
        check("2 people, 2 changes" in said, said)


@test
def nothing_is_kept_of_who_opts_out_in_a_list():
    peer = Peer()
    peer.script("/items", page(who(1, "Ada Quill"), who(2, "Quietperson", bio="likes tea #NoBot")))
    with Hark(rules=RULES, routes=ROUTES,
              sources=[{"name": "o", "connector": "officers", "vars": {"server": peer.url("")}}]) as hark:
        os.mkdir(hark.path("connectors"))
        hark.write("connectors/officers.yaml", OFFICERS)
        hark.start()
        wait_for("three polls", lambda: peer.count() >= 3)
        equal(hark.count("profiles"), 1)
        equal(hark.sources()["o"]["opted_out"], 1)
        data = b"".join(open(hark.path(name), "rb").read() for name in os.listdir(hark.folder)
                        if name.startswith("hark.db"))
        check(b"Quietperson" not in data and b"b.example/2" not in data, "no trace")


@test
def what_was_stored_goes_when_somebody_asks_for_it_later():
    peer = Peer()
    state = {"items": [who(1, "Ada Quill"), who(2, "Bo Reed")]}
    peer.script("/items", lambda r: page(*state["items"]))
    officers = OFFICERS.replace("url: /url", 'url: /url, key: { pointer: /id, do: ["prefix:officer:"] }')
    rules = RULES.replace('"has left"', "acme")
    with Hark(rules=rules, routes=ROUTES,
              sources=[{"name": "o", "connector": "officers", "vars": {"server": peer.url("")}}]) as hark:
        os.mkdir(hark.path("connectors"))
        hark.write("connectors/officers.yaml", officers)
        hark.start()
        wait_for("the list", lambda: hark.count("profiles") == 2)
        state["items"] = [who(1, "Ada Quill", "CEO"), who(2, "Bo Reed", "COO")]
        wait_for("two changes", lambda: hark.count("profiles") == 4)
        wait_for("their leads", lambda: len(hark.leads()) == 2)
        equal([r["key"] for r in hark.rows("SELECT key FROM profiles ORDER BY id")],
              ["officer:1", "officer:2", "officer:1", "officer:2"])
        state["items"] = [who(1, "Ada Quill", "CEO", bio="#nobot"), who(2, "Bo Reed", "COO")]
        wait_for("her rows to go", lambda: hark.count("profiles") == 2)
        equal({r["person"] for r in hark.rows("SELECT person FROM profiles")}, {"Bo Reed"})
        wait_for("the post about her to go",
                 lambda: hark.count("posts", "deleted_ms IS NOT NULL AND text IS NULL") == 1)
        kept = hark.rows("SELECT text FROM posts WHERE deleted_ms IS NULL")
        equal([r["text"] for r in kept], ["Bo Reed: COO at Acme"])
        actions = [r["action"] for r in hark.rows("SELECT action FROM lead_events")]
        check("evidence lost" in actions, actions)


run()
