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
import re

from apiclient import SPEC, Link
from community import CHANGED, Community, check_json, commands, has_word
from tap import check, equal, run, test

MARK = "private: not to be quoted"
INSTEAD = "from a private source: see it in hark"
FORMS = ([], ["--json"], ["--csv"])
# A record each, which says so in a field of its own.
RECORDS = {"privacy export"}

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
    "why-not": [["{url}", "--rule", "wants"], ["{url}"], ["lead_{lead}"], ["--person", "Odalys Merrick", "--rule", "wants"],
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
    "notify withdrawn": [[]],
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
    "privacy export": [["odalys@globex.example"], ["@dora"]],
    "privacy due": [[], ["--notice", "--language", "en"]],
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
token revoke; privacy opt-out; privacy erase; privacy informed; privacy notices; privacy retention; audit verify; backup; reload;
completion; restore; notify list; notify subscribe""".replace("\n", " ").replace("; ", ";").split(";"))
QUIET_GROUPS = {"sources", "connector"}  # those of them that are named above apart

ROUTES_OUTWARD = {"/api/v1/leads.csv", "/api/v1/leads.atom", "/feeds/{token}/leads.atom", "/api/v1/leads/{lead}/timeline",
                  "/api/v1/quotes", "/api/v1/proof", "/api/v1/prospect", "/api/v1/pack", "/api/v1/references/{reference}/brief",
                  "/api/v1/references/{reference}/coach"}
ROUTES_QUIET = {"/api/v1/session", "/metrics", "/unsubscribe/{token}"}
# There is none of that number; nothing may be shown, and that is the answer.
ROUTES_LACKING = {"/api/v1/reviews/{number}": 404, "/api/v1/pack": 409}

@test
def every_command_is_classified():
    known = set(OUTWARD) | set(INSIDE) | QUIET
    equal(len(known), len(OUTWARD) + len(INSIDE) + len(QUIET), "named once")
    there = set(commands())
    check(len(there) > 100, there)
    equal(sorted(c for c in there - known if c.split()[0] not in QUIET_GROUPS), [], "say what these show")
    equal(sorted(known - there), [], "gone")


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


def every_line(table):
    for command, lines in table.items():
        for words in lines:
            for form in FORMS[1:2] if command in RECORDS else FORMS:
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
    return c.hark.get(c.fill(path + query), None if "token" in path else "max")


def routes():
    """Every one, a route of several reports once for each."""
    for path, operations in SPEC["paths"].items():
        reports = operations.get("get", {}).get("parameters", [{}])[0].get("schema", {}).get("enum", []) if "{report}" in path else [""]
        for report in reports:
            yield path.replace("{report}", report), operations


def try_routes(c):
    wrong = []
    for path, operations in routes():
        if "get" not in operations or path in ROUTES_QUIET or path == "/api/v1/events":
            continue
        queries = [f"?profile={p}" for p in ("plain", "hubspot", "salesforce-lead", "hubspot-note", "salesforce-task")] \
            if path.endswith(".csv") else ["", "?state=all"] if path == "/api/v1/leads" else ["?q=quaggas*"] if path.endswith("/search") \
            else ["?lead={lead}", "?post={url}&rule=wants", "?person=1&rule=wants"] if path.endswith("/why-not") \
            else ["?deal=D1", "?deal=D1&without_critical=true"] if path.endswith("/pack") \
            else ["", "?format=csv"] if any(p.get("name") == "format" for p in operations["get"].get("parameters", [])) else [""]
        for query in queries:
            reply = try_route(c, path, query)
            equal(reply.status, ROUTES_LACKING.get(path, 200), f"{path}: {reply.text}")
            if path in ROUTES_OUTWARD:
                if has_word(reply.text):
                    wrong.append(f"GET {path}{query} lets it out: {reply.text}")
            else:
                try:
                    check_marked(reply.text, ["--csv" if "csv" in query else "--json"], f"GET {path}{query}")
                except AssertionError as why:
                    wrong.append(str(why))
    return wrong


# What shows posts to those who may change rules and sources; test_audit.py holds what changes something to the same.
POSTED = [("/api/v1/rules/preview?rule=fresh", CHANGED), ("/api/v1/rules/diff", CHANGED), ("/api/v1/rules/backtest?samples=50", CHANGED),
          ("/api/v1/sources/community/try", "")]


def try_posted(c):
    wrong, shown = [], []
    for path, text in POSTED:
        reply = c.hark.ask("POST", path, "max", raw=text.encode(), headers={"Content-Type": "application/yaml"} if text else {})
        equal(reply.status, 200, f"{path}: {reply.text}")
        try:
            if check_marked(reply.text, ["--json"], f"POST {path}"):
                shown.append(path)
        except AssertionError as why:
            wrong.append(str(why))
    check(POSTED[0][0] in shown or wrong, f"only {shown} show any of it")
    return wrong


def hear(c):
    """What the stream of events says from its beginning: at its first look of leads, then how each source stands."""
    link = Link(c.hark.path("http"))
    link.request("GET", "/api/v1/events", None, {"Authorization": "Bearer " + c.hark.tokens["max"], "Last-Event-ID": "0"})
    reply = link.getresponse()
    equal(reply.status, 200)
    left, lines = c.hark.count("sources"), []
    try:
        while left > 0:
            lines.append(reply.readline().decode())
            check(lines[-1], "the stream has ended")
            left -= lines[-1] == "event: source\n"
        lines.append(reply.readline().decode())
    finally:
        link.close()
    return "".join(lines)


@test
def a_private_post_reaches_no_export_and_is_marked_wherever_people_see_it():
    with Community() as c:
        wrong = try_routes(c) + try_posted(c)
        check(not has_word(hear(c)), "the events say it")
        more, shown = try_commands(c)
        wrong += more
        check(not wrong, "\n".join(w[:600] for w in wrong))
        for command in ("search", "privacy export", "leads list", "leads show", "why", "why-not", "references show", "references tasks", "references service",
                        "rules near-misses", "rules backtest"):
            check(shown[command], f"hark {command} shows none of it, so nothing was tried")
        rows = list(csv.DictReader(io.StringIO(c.hark.run("leads", "export").stdout, newline="")))
        check(len(rows) >= 4, rows)
        equal({(r["title"], r["why"], r["url"]) for r in rows}, {(INSTEAD, INSTEAD, "")})


a_private_post_reaches_no_export_and_is_marked_wherever_people_see_it.timeout = 120
run()
