#!/usr/bin/env python3
"""What was read with one's own rights reaches nothing that leaves the house, and is marked wherever people inside see
it: by every command and every GET route there is, each of which must be classified here.

A private community is full of posts with two odd words, one in what they say and one in their addresses. OUTWARD is
what is handed on (tables for CRMs, feeds, packs for prospects): neither word may be in it, in whatever form. INSIDE is
what people read who work here: a line, a paragraph, a row or a JSON object that has a word says that it is private.
QUIET shows no posts."""
import csv
import io
import json
import os
import re
import time

from apiclient import SPEC, Link, Served
from board import BOARD, Source, bring_in
from daemon import HARK
from tap import check, equal, run, test, wait_for

import subprocess

WORD, LANE = "quaggasecret", "quaggalane"
MARK = "private: not to be quoted"
INSTEAD = "from a private source: see it in hark"
FORMS = ([], ["--json"], ["--csv"])

# Each with the command lines to try; {lead}, {url} … are of the private community.
OUTWARD = {
    "leads export": [["--profile", p] for p in ("plain", "hubspot", "salesforce-lead", "hubspot-note", "salesforce-task")],
    "leads timeline": [[n, "--format", f] for n in ("{lead}", "{intent}") for f in ("text", "markdown", "csv")] + [["{lead}"]],
    "references quotes": [[], ["1"]],
    "references proof": [[], ["--account", "Globex Corporation"]],
    "references prospect": [[]],
    "references pack": [["D1"], ["D1", "--without-critical"]],
    "references brief": [["1"]],
    "references coach": [["1"]],
}
INSIDE = {
    "search": [["quaggas*"], ["pump"]],
    "leads list": [[], ["--state", "all"]],
    "leads show": [["{lead}"], ["{intent}"], ["{move}"]],
    "leads credit": [["{intent}"], ["{lead}"]],
    "why": [["lead_{lead}"], ["lead_{intent}"], ["sig_1"]],
    "why-not": [["{url}", "--rule", "wants"], ["lead_{lead}"], ["--person", "Odalys Merrick", "--rule", "wants"],
                ["--account", "Globex Corporation", "--rule", "wants"]],
    "people list": [[]],
    "people search": [["Odalys"]],
    "people show": [["Odalys Merrick"]],
    "accounts list": [[]],
    "accounts show": [["Globex Corporation"]],
    "moves list": [[]],
    "moves show": [["1"]],
    "references list": [[]],
    "references show": [["1"]],
    "references tasks": [[]],
    "references service": [[], ["--all"]],
    "references match": [["1"]],
    "references request-show": [["1"]],
    "references requests": [[]],
    "references late": [[]],
    "references lent": [[]],
    "references peeks": [[]],
    "references values": [[]],
    "references owner": [["Globex Corporation"]],
    "references clock": [[]],
    "rules near-misses": [[]],
    "rules list": [[]],
    "rules backtest": [["--all", "--samples", "50"], ["changed.yaml", "--samples", "50"]],
    "rules diff": [["changed.yaml"]],
    "rules tune": [[]],
    "silence add": [["rule=wants", "--for", "1d", "--reason", "a test", "--dry-run"]],
    "silence list": [[]],
    "notify dead": [[]],
    "notify held": [[]],
    "notify replay": [["--dry-run"]],
    "review list": [[], ["--state", "all"]],
    "review show": [["1"]],
    "report clocks": [[]],
    "report precision": [[]],
    "report recall": [[]],
    "report reps": [[]],
    "report venues": [[]],
    "report authors": [[]],
    "report lead-time": [[]],
    "report questions": [[]],
    "report spikes": [[]],
    "report blind": [[]],
    "report custody": [[]],
    "report handover": [[]],
    "report leavers": [[], ["--all"]],
    "report funnel": [[]],
    "report stages": [[]],
    "report stuck": [[]],
    "report holds": [[]],
    "report supporters": [[]],
    "report outsiders": [[]],
    "report imports": [[]],
    "report satisfaction": [[]],
    "report approvals": [[]],
    "report at-risk": [[]],
    "report origins": [[]],
    "report value": [[]],
    "report cycle": [[]],
    "report lift": [[]],
    "privacy export": [["Odalys Merrick"]],
    "privacy due": [[]],
    "audit list": [[]],
    "status": [[]],
    "sources list": [[]],
    "import list": [[]],
    # What works a lead says what it has become.
    "leads claim": [["{lead}", "--as", "ana"]],
    "leads answer": [["{lead}", "--as", "ana"]],
    "leads won": [["{lead}", "--as", "ana"]],
    "leads undo": [["{lead}", "--as", "ana"]],
    "leads verdict": [["{lead}", "relevant", "--as", "ana"]],
    "leads lost": [["{lead}", "--as", "ana"]],
    "leads release": [["{intent}", "--as", "ana"]],
    "leads star": [["{intent}", "--as", "ana"]],
    "leads assign": [["{intent}", "bea", "--as", "ana"]],
    "leads snooze": [["{intent}", "--as", "ana"]],
    "leads dismiss": [["{intent}", "--reason", "a test", "--as", "ana"]],
    "connector run": [["community"]],
}
# Where the next piece begins that has to say it for itself, if it is not a line.
UNITS = {
    "search": r"\n\n", "leads show": r"\n\n", "references show": r"\n\n", "rules backtest": r"\n\n", "rules diff": r"\n\n",
    "why": r"\n(?=sig_)", "why-not": r"\n(?=post  )", "connector run": r"\Z",
}
# Files of the caller's own, steps that say which row has changed, settings.
QUIET = set("""demo; init; check; import contacts; import accounts; import staff; import opportunities; import cases; import ties;
import surveys; import undo; review accept; review reject; review undo; silence end; routes show; routes test;
references done; references clear; references assign; references ask; references grant; references refuse;
references withdraw; references reopen; references hold; references unhold; references use; references outcome;
references sign; references thank; references nominate; references request; references supply; references fulfil;
references decline; references call-off; references request-undo; references admit; references revoke;
references peek-undo; references value; references value-undo; references undo; rules check; rules test; rules judge; rules fmt; match; explain; dedupe; classify;
parse; notify test; user add; user link; user list; user role; user password; user disable; user enable; token add; token list;
token revoke; privacy opt-out; privacy erase; privacy informed; privacy retention; audit verify; backup; reload;
completion; restore; notify list; notify subscribe""".replace("\n", " ").replace("; ", ";").split(";"))
QUIET_GROUPS = {"sources", "connector"}  # those of them that are named above apart

ROUTES_OUTWARD = {"/api/v1/leads.csv", "/api/v1/leads.atom", "/feeds/{token}/leads.atom", "/api/v1/leads/{lead}/timeline"}
ROUTES_QUIET = {"/api/v1/session", "/metrics", "/unsubscribe/{token}"}
ROUTES_LACKING = {"/api/v1/reviews/{number}"}  # there is none of that number

RULES = """
rules:
  - id: wants
    kind: purchase-intent
    status: live
    subject: author
    score: { base: 70 }
    match: 'quaggas* AND zebra'
    emit: { title: 'Somebody wants a zebra' }
  - { id: asks, kind: question, status: live, subject: author, score: { base: 40 }, match: '"how do"' }
  - { id: nearly, kind: pain, status: live, subject: author, score: { base: 40 }, match: 'pump NEAR/3 broken' }
"""
CHANGED = """
rules:
  - { id: fresh, kind: pain, status: live, subject: author, score: { base: 40 }, match: 'pump' }
"""
IMPORTS = {
    "accounts": {"csv": "id,name,domains,type,owner,industry\nA1,Globex Corporation,globex.example,Customer,bea,Freight\n"
                        "A2,Hooli,hooli.example,Prospect,ana,Freight\n"},
    "contacts": {"csv": "id,name,email,company,title,linkedin\n"
                        "C1,Odalys Merrick,odalys@globex.example,Globex Corporation,CTO,https://www.linkedin.com/in/odalys-example\n"
                        "C2,Bram Oakden,bram@globex.example,Globex Corporation,Systems Analyst,"
                        "https://www.linkedin.com/in/bram-example\n"},
    "opportunities": {"csv": "id,name,account,stage,amount,currency,close date,owner,source\n"
                             "D1,Hooli roll-out,Hooli,Negotiation,50000,EUR,2027-01-31,ana,hubspot\n"
                             "D2,Globex more,Globex Corporation,Negotiation,50000,EUR,2027-01-31,ana,salesforce\n"},
}
ODALYS = {"name": "Odalys Merrick", "handle": "odalys", "url": "https://linkedin.com/in/odalys-example"}
BRAM = {"name": "Bram Oakden", "handle": "bram", "url": "https://linkedin.com/in/bram-example"}


def post(number, who, text, **more):
    return {"id": number, "link": f"https://community.example/{LANE}/{number}", "text": f"{text} {WORD}.", "at": "RECENTLY",
            **who, **more}


POSTS = [
    post(1, ODALYS, "Northwind Desk saved us the quarter, kudos to the whole team behind it, says"),
    post(2, {"name": "Nobody Known", "handle": "nobody"}, "Northwind Desk is great and I love it, it saved us, honest"),
    post(3, BRAM, "Northwind Desk lost my export and support does not answer. Terrible, says"),
    post(4, ODALYS, "Where do I get a zebra, I want one:"),
    post(5, {"name": "Cleo", "handle": "cleo"}, "How do we export", thread=LANE),
    post(6, {"name": "Dora", "handle": "dora"}, "With the red button,", reply_to=5, thread=LANE),
    post(7, {"name": "Eve", "handle": "eve"}, "The pump of our neighbours was broken for a week or so, it is a"),
    post(8, {"name": "Fay", "handle": "fay"}, "The pump that we have had for so many years now is in the end broken,"),
    post(9, ODALYS, "Thrilled to be joining Initech as VP Quaggasecret!"),
    post(10, {"name": "Gus", "handle": "gus"}, "What do you say to this https://elsewhere.example/page, a zebra of"),
]


def commands():
    """Every command there is, by its help."""
    def told(*words):
        text = subprocess.run([HARK, *words, "--help"], capture_output=True, text=True, check=True).stdout
        block = re.search(r"^commands\n((?:  .*\n)+)", text, re.M)
        return re.findall(r"^  ([a-z][a-z-]*)", block.group(1), re.M) if block else []
    names = []
    for name in told():
        below = told(name)
        names += [f"{name} {b}" for b in below] or [name]
    return names


@test
def every_command_is_classified():
    known = set(OUTWARD) | set(INSIDE) | QUIET
    equal(len(known), len(OUTWARD) + len(INSIDE) + len(QUIET), "named once")
    there = set(commands())
    check(len(there) > 100, there)
    equal(sorted(c for c in there - known if c.split()[0] not in QUIET_GROUPS), [], "say what these show")
    equal(sorted(known - there), [], "gone")


def has_word(text):
    return WORD in text.lower() or LANE in text


def check_json(value, where, marked=False):
    """Each string with one of the words is in an object that says that it is private."""
    if isinstance(value, dict):
        marked = marked or value.get("private") is True or value.get("visibility") == "private"
        for key, member in value.items():
            check_json(member, f"{where}.{key}", marked)
    elif isinstance(value, list):
        for i, member in enumerate(value):
            check_json(member, f"{where}[{i}]", marked)
    elif isinstance(value, str):
        check(marked or not has_word(value), f"{where} is not marked: {value!r}")


def check_marked(text, form, where, unit=None):
    if not has_word(text):
        return False
    if form == ["--json"]:
        try:
            check_json(json.loads(text), where)
        except json.JSONDecodeError:
            for line in text.splitlines():
                check_json(json.loads(line), where)
    elif form == ["--csv"]:
        for row in csv.DictReader(io.StringIO(text, newline="")):
            check(MARK in row.values() or not has_word(str(row)), f"{where}: not marked: {row}")
    else:
        for piece in re.split(unit, text):
            check(MARK in piece or not has_word(piece), f"{where}: not marked:\n{piece}")
    return True


class Community:
    """A harkd that has read all of it, and somebody of marketing who may ask the API."""

    def __init__(self):
        self.source = Source("community", {"connector": "board"})
        self.hark = hark = Served()
        config = self.source.config()
        config["visibility"] = "private"
        hark.config["sources"] = [hark.source(config)]
        hark.config["rules"] = ["packs/praise", "packs/complaint", "packs/job-move", "rules.yaml"]
        hark.config["receivers"] = [{"name": "out", "type": "file", "path": hark.path("alerts.jsonl")}]
        hark.config["routes"] = [{"to": ["out"]}]
        hark.config["unanswered"] = {"after": "30s", "rules": ["asks"]}
        for name, text in (("products", "name\nNorthwind Desk\n"), ("accounts", None), ("contacts", None)):
            if text is not None:
                hark.write(name + ".csv", text)
            hark.config["lists"][name] = {"file": name + ".csv"} if text else {"from": name}
        os.mkdir(hark.path("connectors"))
        hark.write("connectors/board.yaml", BOARD)
        hark.write("rules.yaml", RULES)
        hark.write("changed.yaml", CHANGED)
        hark.save()

    def __enter__(self):
        self.hark.__enter__()
        bring_in(self.hark, IMPORTS)
        for name, role in (("ana", "sales"), ("max", "admin")):
            self.hark.user(name, role)
        self.feed = self.hark.token("ana", "feed")
        self.hark.start()
        self.hark.wait_baseline()
        self.source.publish(POSTS)
        wait_for("all posts", lambda: self.hark.count("posts") >= len(POSTS), 20)
        seen = self.source.peer.count()
        wait_for("one more poll", lambda: self.source.peer.count() > seen + 1)
        wait_for("the alerts", lambda: len(self.hark.alerts()) >= 2)
        done = self.hark.run("references", "request", "D1", "--as", "ana")
        equal(done.returncode, 0, done.stderr)
        self.names = {
            "lead": self.lead("g.rule = 'praise' OR g.rule LIKE 'praise%'"), "intent": self.lead("g.rule = 'wants'"),
            "move": self.lead("g.kind = 'job-move'"), "url": f"https://community.example/{LANE}/4", "token": self.feed,
            "name": "community", "number": "1", "reference": "1", "request": "1"}
        return self

    def lead(self, where):
        rows = self.hark.rows(f"SELECT DISTINCT g.lead FROM signals g WHERE g.lead IS NOT NULL AND ({where})")
        check(rows, f"no lead where {where}:", self.hark.rows("SELECT rule, kind, lead FROM signals"))
        return str(rows[0]["lead"])

    def __exit__(self, *args):
        self.hark.__exit__(*args)

    def fill(self, text):
        return re.sub(r"\{(\w+)\}", lambda m: self.names[m.group(1)], text)

    def say(self, command, words, form):
        done = self.hark.run(*command.split(), *[self.fill(w) for w in words], *form)
        check(done.returncode in (0, 1, 2), command, words, done)
        return done


def every_line(table):
    for command, lines in table.items():
        for words in lines:
            for form in FORMS:
                yield command, words, form


def try_commands(c):
    wrong, shown = [], {}
    for command, words, form in every_line(OUTWARD):
        done = c.say(command, words, form)
        if has_word(done.stdout + done.stderr):
            wrong.append(f"hark {command} {words} {form} lets it out:\n{done.stdout}{done.stderr}")
        shown[command] = shown.get(command, False) or bool(done.stdout)
    for command, words, form in every_line(INSIDE):
        done = c.say(command, words, form)
        try:
            found = check_marked(done.stdout + done.stderr, form, f"hark {command} {words} {form}",
                                 UNITS.get(command, r"\n"))
        except AssertionError as why:
            wrong.append(str(why))
            found = True
        shown[command] = shown.get(command, False) or found
    return wrong, shown


def try_route(c, path, query=""):
    c.names["name"] = "wants" if "/rules/" in path else "community"
    return c.hark.get(c.fill(path) + query, None if "token" in path else "max")


def try_routes(c):
    wrong = []
    for path, operations in SPEC["paths"].items():
        if "get" not in operations or path in ROUTES_QUIET or path == "/api/v1/events":
            continue
        queries = [f"?profile={p}" for p in ("plain", "hubspot", "salesforce-lead", "hubspot-note", "salesforce-task")] \
            if path.endswith(".csv") else ["", "?state=all"] if path == "/api/v1/leads" else ["?q=quaggas*"] if path.endswith("/search") else [""]
        for query in queries:
            reply = try_route(c, path, query)
            equal(reply.status, 404 if path in ROUTES_LACKING else 200, f"{path}: {reply.text}")
            if path in ROUTES_OUTWARD:
                if has_word(reply.text):
                    wrong.append(f"GET {path}{query} lets it out: {reply.text}")
            else:
                try:
                    check_marked(reply.text, ["--json"], f"GET {path}{query}")
                except AssertionError as why:
                    wrong.append(str(why))
    return wrong


def hear(c):
    """What the stream of events says from its beginning."""
    link = Link(c.hark.path("http"))
    link.request("GET", "/api/v1/events", None, {"Authorization": "Bearer " + c.hark.tokens["max"], "Last-Event-ID": "0"})
    reply = link.getresponse()
    equal(reply.status, 200)
    link.sock.settimeout(2)
    text = b""
    try:
        while len(text) < 1 << 20:
            piece = reply.read1(65536)
            if not piece:
                break
            text += piece
    except TimeoutError:
        pass
    finally:
        link.close()
    return text.decode()


@test
def a_private_post_reaches_no_export_and_is_marked_wherever_people_see_it():
    with Community() as c:
        wrong = try_routes(c)
        check(not has_word(hear(c)), "the events say it")
        more, shown = try_commands(c)
        wrong += more
        check(not wrong, "\n".join(w[:600] for w in wrong))
        for command in ("search", "leads list", "leads show", "why", "why-not", "references show", "references tasks", "references service",
                        "rules near-misses", "rules backtest"):
            check(shown[command], f"hark {command} shows none of it, so nothing was tried")
        rows = list(csv.DictReader(io.StringIO(c.hark.run("leads", "export").stdout, newline="")))
        check(len(rows) >= 4, rows)
        equal({(r["title"], r["why"], r["url"]) for r in rows}, {(INSTEAD, INSTEAD, "")})


a_private_post_reaches_no_export_and_is_marked_wherever_people_see_it.timeout = 120
run()
