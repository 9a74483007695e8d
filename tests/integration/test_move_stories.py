#!/usr/bin/env python3
"""tests/stories/moves/*.yaml: what lists of people say over time, and exactly the moves, what follows from them by the
shipped policy, the leads and who is told, through the real daemon.

imports, lists, packs, rules, receivers and routes are as in tests/stories/desk; `references` are there before.
`says` are steps: a roster export, or posts of a board or of an `other` one; the first is the baseline. `effects`: by person, in order;
`orphaned`: references without a gatekeeper now; `prints`: what a command line `says` then and `hides`."""
import glob
import json
import os
import shlex

import yaml

import tap
from daemon import Hark, SOURCE
from peer import Answer, Peer
from tap import check, equal, run, wait_for

BOARD = """
id: board
about: a board
every: 1m
vars: { server: { type: url, about: the server, required: true, example: "https://board.example" } }
request: { url: "{server}/items" }
items: { pointer: "" }
map: { external_id: /id, text: /text, type: [ /type, { const: post } ], author.handle: /handle, author.display_name: /name, author.profile_url: /url }
"""
FIRST_DAY = 1790000000


class World:
    def __init__(self, story):
        self.peer, self.items, self.others, self.days = Peer(), [], [], 0
        self.peer.script("/items", lambda r: Answer(json.dumps(self.items), type="application/json"))
        self.peer.script("/other/items", lambda r: Answer(json.dumps(self.others), type="application/json"))
        rules = yaml.safe_dump({"rules": story["rules"]}, sort_keys=False) if "rules" in story else "rules: []\n"
        self.hark = Hark(rules=rules, routes=story["routes"])
        self.hark.config["receivers"] = [{"type": "file", "path": self.hark.path(r["name"] + ".jsonl"), **r}
                                         for r in story["receivers"]]
        self.hark.config["lists"].update(story.get("lists", {}))
        self.hark.config["rules"] = story.get("packs", []) + (["rules.yaml"] if "rules" in story else [])
        self.hark.config["sources"] = [
            {"name": "roster", "connector": "roster", "folder": self.hark.path("drop"), "every": "10s"},
            {"name": "board", "connector": "board", "vars": {"server": self.peer.url("")}, "every": "1s",
             "internal": "true", "spacing": "0s"}]
        if any("other" in step for step in story["says"]):
            self.hark.config["sources"].append({**self.hark.config["sources"][-1], "name": "other",
                                                "vars": {"server": self.peer.url("/other")}})
        os.mkdir(self.hark.path("drop"))
        os.mkdir(self.hark.path("connectors"))
        self.hark.write("connectors/board.yaml", BOARD)
        self.hark.save()

    def say(self, step):
        """Until all of it is read."""
        self.days += 1
        if "roster" in step:
            name = f"drop/{self.days}.csv"
            self.hark.write(name, "\n".join(step["roster"]) + "\n")
            os.utime(self.hark.path(name), (FIRST_DAY + self.days * 86400,) * 2)
        if "board" in step:
            self.items = [{**p, "id": str(p["id"])} for p in step["board"]] + self.items
        self.others = [{**p, "id": str(p["id"])} for p in step.get("other", [])] + self.others
        if self.hark.process is None:
            self.hark.start()
            self.hark.wait_baseline()
            return
        polls = {s: self.hark.source_row(s)["polls_total"] for s in ("roster", "board")}
        for source, before in polls.items():
            equal(self.hark.run("sources", "poll", source).returncode, 0)
            wait_for(f"a poll of {source}", lambda: self.hark.source_row(source)["polls_total"] > before)
        posts = len(self.items) + len(self.others)
        wait_for(f"{posts} posts", lambda: self.hark.count("posts") >= posts)


def bring_in(hark, story):
    for kind, parts in story["imports"].items():
        hark.write(kind + ".csv", parts["csv"])
        done = hark.run("import", kind, kind + ".csv", "--yes", *parts.get("options", []))
        equal(done.returncode, 0, done.stdout + done.stderr)


def add_references(hark, references):
    """Rows as the schema has them: what the story does not say is empty."""
    columns = hark.rows("SELECT name, type, [notnull] AS must, dflt_value FROM pragma_table_info('reference_candidates')")
    for r in references:
        person = hark.rows("SELECT id FROM people WHERE name = ?", r["person"])[0]["id"]
        account = hark.rows("SELECT id FROM accounts WHERE name = ?", r["account"])[0]["id"]
        values = {"person": person, "account": account, "permission": "found", "origin": "human",
                  "gatekeeper": r.get("gatekeeper"), "owner": r.get("owner")}
        for c in columns:
            if c["must"] and c["dflt_value"] is None and c["name"] not in values and c["name"] != "id":
                values[c["name"]] = "" if c["type"] == "text" else 0
        shown = ["NULL" if v is None else repr(v) for v in values.values()]
        hark.write_rows(f"INSERT INTO reference_candidates ({', '.join(values)}) VALUES ({', '.join(shown)})")


def only(wanted, got):
    return {k: got.get(k) for k in wanted}


def by_name(rows):
    return sorted(rows, key=lambda r: r["name"])


def compare_moves(hark, story):
    got = [{**m, "seen_by": m["seen_by"]} for m in hark.json("moves", "list")]
    equal(len(got), len(story["moves"]), got)
    for w, g in zip(by_name(story["moves"]), by_name(got)):
        equal(only(w, g), w)
    if "strangers" in story:
        equal(sorted(m["name"] for m in hark.json("moves", "list", "--strangers")), sorted(story["strangers"]))
    if "reviews" in story:
        equal(sorted(f"{r['person_name']} / {r['other_name']}" for r in hark.json("review", "list")),
              sorted(story["reviews"]))
    followed = {m["name"]: hark.json("moves", "show", str(m["move"]))["effects"] for m in got}
    for name, wanted in story["effects"].items():
        equal(len(followed[name]), len(wanted), f"{name}: {followed[name]}")
        for w, g in zip(wanted, followed[name]):
            equal(only(w, g), w, name)
    equal(sorted(r["name"] for r in hark.rows("SELECT p.name FROM reference_candidates r JOIN people p ON p.id = r.person"
                                              " WHERE orphaned_ms IS NOT NULL")), story.get("orphaned", []))
    equal(sum(map(len, followed.values())), sum(map(len, story["effects"].values())), "no more than that")


def compare_leads(hark, story):
    got = hark.rows("SELECT l.subject_name, l.visibility, l.kind, group_concat(g.explain, ' / ') AS why FROM leads l"
                    " JOIN signals g ON g.lead = l.id GROUP BY l.id ORDER BY l.subject_name, l.id")
    equal([(g["subject_name"], g["visibility"], g["kind"]) for g in got],
          [(w["subject"], w["class"], w["kind"]) for w in story["leads"]], got)
    for g, w in zip(got, story["leads"]):
        check(w.get("why", "") in g["why"], g["why"])


def compare_prints(hark, story):
    for line in story.get("prints", []):
        done = hark.run(*shlex.split(line["run"]))
        for text in line.get("says", []):
            check(text in done.stdout, f"{line['run']} does not say {text!r}:", done.stdout + done.stderr)
        for text in line.get("hides", []):
            check(text not in done.stdout + done.stderr, f"{line['run']} says {text!r}:", done.stdout + done.stderr)


def compare_told(hark, story):
    for name, want in story["told"].items():
        hark.wait_alerts(len(want), name + ".jsonl")
        equal(sorted(a["data"]["subject"]["name"] for a in hark.alerts(name + ".jsonl")), sorted(want), name)


def tell(story):
    world = World(story)
    with world.hark as hark:
        bring_in(hark, story)
        add_references(hark, story.get("references", []))
        for step in story["says"]:
            world.say(step)
        wait_for("the moves", lambda: hark.count("moves", "person IS NOT NULL") >= len(story["moves"]))
        compare_moves(hark, story)
        compare_leads(hark, story)
        compare_prints(hark, story)
        compare_told(hark, story)
        for source in ("roster", "board"): # the same again changes nothing
            equal(hark.run("sources", "poll", source).returncode, 0)
        hark.stop()
        hark.start()
        compare_moves(hark, story)
        compare_leads(hark, story)
        compare_told(hark, story)


def add(path):
    with open(path, encoding="utf-8") as f:
        story = yaml.safe_load(f)

    def told():
        tell(story)
    told.__name__ = f"{os.path.basename(path)[:-5]}: {story['about']}"
    tap.test(told)


for path in sorted(glob.glob(os.path.join(SOURCE, "tests", "stories", "moves", "*.yaml"))):
    add(path)
check(tap.count() > 0, "no stories found")
run()
