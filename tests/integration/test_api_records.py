#!/usr/bin/env python3
"""The API beside leads: people, rules, sources, silences, the daemon. What it says is what the commands say."""
import csv
import io
import json
import os
import re

from apiclient import SPEC, Served
from community import commands
from peer import Answer, Peer
from tap import check, equal, run, test, wait_for

ACCOUNTS = "account name,account id,website\nGlobex,A1,globex.example\nInitech,A2,initech.example\n"
CONTACTS = "first name,last name,email,account name,title\nJane,Doe,jane@globex.example,Globex,CTO\n"
NEAR = """\
rules:
  - { id: wants, kind: purchase-intent, status: live, subject: author, score: { base: 50 }, match: 'zebrafish NEAR/3 want' }
"""
MORE = CONTACTS + "Jane,Doe,doe@initech.example,Initech,COO\nAbe,Poe,abe@initech.example,Initech,CFO\n"


def without_clock(source):
    """What does not pass between two questions."""
    return {k: v for k, v in source.items()
            if k not in ("polled", "changed", "due", "polls", "interval_ms", "heard", "posts")}


def pages(hark, path, who):
    """The items of each page."""
    got = hark.get(path, who).json
    found = [got["items"]]
    while "next" in got:
        got = hark.get(f"{path}&cursor={got['next']}", who).json
        found.append(got["items"])
    return found


# What no route does, and why.
NO_ROUTE = [
    ("demo; init; check; rules fmt; connector new; connector check; connector test; completion",
     "works on files of whoever types it, on their machine"),
    ("match; explain; dedupe; classify; parse", "reads what whoever types it gives it, and nothing of a harkd"),
    ("backup; restore", "writes files beside the store, or in its place"),
    ("user add; user link; user list; user role; user password; user disable; user enable; token add; token list; token revoke",
     "users and tokens are made where the store is: no token makes another"),
]


@test
def every_command_has_its_route_or_it_is_said_why_none():
    """By the help of all commands, and x-command of openapi.json."""
    told = [o.get("x-command", []) for operations in SPEC["paths"].values() for o in operations.values()]
    routed = {c for t in told for c in ([t] if isinstance(t, str) else t)}
    without = {c for names, _ in NO_ROUTE for c in names.split("; ")}
    there = set(commands())
    check(len(there) > 100, there)
    equal(sorted(there - routed - without), [], "say by which route, or why by none")
    equal(sorted((routed | without) - there), [], "there is no such command")
    equal(sorted(routed & without), [], "both")


@test
def records_are_those_of_the_commands():
    with Served([("1", "ana", "I want a zebrafish")]) as hark:
        for kind, text, more in [("accounts", ACCOUNTS, ["--set", "type=customer"]), ("contacts", MORE, [])]:
            hark.write(kind + ".csv", text)
            done = hark.run("import", kind, kind + ".csv", "--yes", *more)
            equal(done.returncode, 0, done.stderr)
        hark.user("vi", "viewer", "read"), hark.user("root", "admin")
        hark.serve()
        for path, command in [("people", "people"), ("accounts", "accounts"), ("rules", "rules")]:
            equal(hark.get("/api/v1/" + path, "vi").json["items"], hark.json(command, "list"), path)
        equal(hark.get("/api/v1/people/1", "vi").json, hark.json("people", "show", "1"))
        equal(hark.get("/api/v1/imports", "vi").json["items"], hark.json("import", "list"))
        equal([[i["import"] for i in page] for page in pages(hark, "/api/v1/imports?limit=1", "vi")], [[2], [1]])
        equal(hark.get("/api/v1/accounts/1", "vi").json, hark.json("accounts", "show", "1"))
        equal([p["name"] for p in hark.get("/api/v1/people?q=globex", "vi").json["items"]], ["Jane Doe"])
        equal(hark.get("/api/v1/people?q=nobody", "vi").json["items"], [])
        equal([a["name"] for a in hark.get("/api/v1/accounts?limit=1", "vi").json["items"]], ["Globex"])
        for kind in ("people", "accounts"):
            everybody = hark.get(f"/api/v1/{kind}", "vi").json
            check("next" not in everybody and len(everybody["items"]) > 1, everybody)
            equal(pages(hark, f"/api/v1/{kind}?limit=1", "vi"), [[one] for one in everybody["items"]], kind)
        rule = hark.get("/api/v1/rules/wants-zebrafish", "vi").json
        equal((rule["status"], rule["matches"], rule["leads"]), ("live", 1, 1))
        (source,) = hark.get("/api/v1/sources", "vi").json["items"]
        equal(without_clock(source), without_clock(hark.json("sources", "list")[0]))
        equal(hark.get("/api/v1/sources/a", "vi").json["name"], "a")
        status = hark.get("/api/v1/status", "vi").json
        equal((status["rules"], status["sources"]["total"], status["leads"]), (1, 1, 1))
        for path in ["people/9", "people/x", "accounts/0", "rules/none", "sources/none"]:
            equal(hark.get("/api/v1/" + path, "vi").status, 404, path)
        for path in ["people?limit=0", "people?limit=501", "people?cursor=x", "accounts?cursor=0", "moves?cursor=-1", "people?q=" + "x" * 201]:
            equal(hark.get("/api/v1/" + path, "vi").status, 400, path)
        for path in ["accounts?cursor=people-1", "people?cursor=people-", "people?cursor=people", "imports?cursor=1", "imports?cursor=moves-1",
                     "alerts?cursor=imports-1", "tasks?cursor=service-1", "audit?cursor=imports-1", "search?q=x&cursor=audit-1"]:
            answer = hark.get("/api/v1/" + path, "root")
            check(answer.status == 400 and "was not given by hark for " + path.split("?")[0] in answer.json["detail"], path, answer.text)
        for path in ["silences?all=banana", "moves?strangers=", "leads?historic=yes", "tasks?done=1", "tasks?historic=x", "service?all=x", "peeks?due=x",
                     "values?by_account=x", "references?orphans=x", "references?unowned=x", "pack?deal=x&without_critical=x",
                     "privacy/due?notice=x", "reports/precision?all=banana"]:
            answer = hark.get("/api/v1/" + path, "root")
            check(answer.status == 400 and "is true or false" in answer.json["detail"], path, answer.text)
        for path in ["silences?all=false", "moves?strangers=true", "leads?historic=false"]:
            equal(hark.get("/api/v1/" + path, "root").status, 200, path)
        for path in ["people?cursor=people-999999", "accounts?cursor=accounts-999999"]:  # not an empty page: rows would be lost
            equal(hark.get("/api/v1/" + path, "vi").status, 422, path)
        bring_in_and_take_back(hark)


def bring_in_and_take_back(hark):
    """A table over the API is what it is by the command: looked at, brought in whole, taken back."""
    def send(path, text, **more):
        return hark.ask("POST", "/api/v1/imports/" + path, "root", raw=text.encode(), **{"headers": {"Content-Type": "text/csv"}, **more})
    table = "Who;Mail\nIda Frost;ida@globex.example\n;nobody@globex.example\nUlf Marn;ulf@globex.example\n"
    form = "?file=crm.csv&map=name%3DWho%0Aemail%3DMail&set=employer%3DGlobex"
    looked = send("contacts" + form + "&dry_run=true", table).json
    hark.write("crm.csv", table)
    said = json.loads(hark.run("import", "contacts", "crm.csv", "--dry-run", "--map", "name=Who", "--map", "email=Mail", "--set",
                               "employer=Globex", "--json").stdout)
    equal({k: v for k, v in looked.items() if not k.startswith("rejected_rows")}, said)
    equal((looked["new"], looked["rejected"], looked["written"], looked["mapping"]), (2, 1, False, {"name": "Who", "email": "Mail"}))
    row, = csv.DictReader(io.StringIO(looked["rejected_rows"], newline=""), delimiter=";")
    equal((row["Mail"], row["rejected line"]), ("nobody@globex.example", "3"))
    equal(len(hark.json("import", "list")), 2)
    key = {"headers": {"Content-Type": "text/csv", "Idempotency-Key": "once"}}
    done = send("contacts" + form, table, **key).json
    equal((done["import"], done["new"], send("contacts" + form, table, **key).json), (3, 2, done))
    equal((hark.json("import", "list")[0]["by"], hark.json("import", "list")[0]["file"]), ("root", "crm.csv"))
    again = send("contacts" + form, table).json
    equal((again["written"], again["unchanged"], len(hark.json("import", "list"))), (False, 2, 3), "nothing new: no entry")
    check(again["before"].startswith("import 3, "), again)
    for path, text, status in [("contacts?dry_run=maybe", table, 400), ("nothing", table, 404), ("contacts", "a,b\n1,2\n", 422),
                               ("contacts?map=x", table, 422), ("contacts?dates=ymd", table, 400), ("contacts?of=Ida", table, 400),
                               ("ties", table, 400), ("contacts?charset=klingon", table, 400), ("contacts?delimiter=word", table, 400),
                               ("contacts?system=CRM", table, 400)]:
        equal(send(path, text).status, status, path)
    equal(send("contacts", table, headers={"Content-Type": "application/json"}).status, 415)
    equal(send("contacts" + form, table, headers={"Content-Type": "text/csv", "Idempotency-Key": "\xff"}).status, 400)
    for path in ["contacts?file=%ff", "contacts?file=a%1b[31m", "contacts?set=title%3D%c3", "%ff"]:  # it would be in the ledger, the trail
        equal(hark.answer_to_head(f"POST /api/v1/imports/{path} HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n"), 400, path)
    for kind, text, fix in [("contacts", "a,b\n1,2\n", "call it name"), ("accounts", "name\nHooli\n", "say what they are"),
                            ("opportunities", "id,account,stage,close date\n1,Globex,open,3/4/2026\n", "say what 3/4/2026 means")]:
        detail = send(kind, text).json["detail"]
        check(fix in detail and "--" not in detail and "competitor)" not in detail, "options are for terminals:", detail)
    check("hark " not in hark.post("/api/v1/imports/99/undo", "root", {}).json["detail"])
    many = send("contacts?dry_run=true", "id,name" + ",x" * 250 + "\n" + "y\n" * 20000).json  # a cell for each column of each
    check(many["rejected"] == 20000 and many["rejected_rows_cut"] and len(many["rejected_rows"]) < 2 << 20, many["rejected"])
    equal({len(row) for row in csv.reader(io.StringIO(many["rejected_rows"], newline=""))}, {254}, "whole rows")
    check(not looked["rejected_rows_cut"], looked)
    equal(send("contacts", "id,n" + "_" * 70000 + "ame\n1,Ida Frost\n").status, 422, "a header that the ledger does not hold")
    equal(hark.answer_to_head("POST /api/v1/imports/contacts HTTP/1.1\r\nHost: h\r\nContent-Length: 1048577\r\n\r\n"), 413)
    equal(hark.ask("POST", "/api/v1/imports/contacts", "vi", raw=table.encode(), headers={"Content-Type": "text/csv"}).status, 403)
    equal(hark.post("/api/v1/imports/3/undo", "root", {"dry_run": True}).json, {"dry_run": True, "import": 3, "removed": 2, "restored": 0})
    check("undone" not in hark.json("import", "list")[0], "only looked")
    equal(hark.post("/api/v1/imports/3/undo", "root", {}).json["removed"], 2)
    equal(hark.json("import", "list")[0]["undone_by"], "root")
    equal([hark.post(f"/api/v1/imports/{n}/undo", "root", {}).status for n in ("3", "99", "x")], [409, 404, 404])
    equal(hark.post("/api/v1/imports/3/undo", "vi", {}).status, 403)


@test
def reports_on_what_was_found_are_those_of_the_command_line():
    reports = ["precision", "recall", "reps", "venues", "authors", "lead-time", "lift", "questions", "spikes", "blind", "custody",
               "handover", "leavers"]
    with Served([("1", "ana", "I want a zebrafish")]) as hark:
        hark.write("accounts.csv", ACCOUNTS)
        equal(hark.run("import", "accounts", "accounts.csv", "--set", "type=customer", "--yes").returncode, 0)
        hark.user("root", "admin"), hark.user("vera", "compliance")
        hark.serve()
        equal(hark.post("/api/v1/leads/1/claim", "root").status, 200)
        equal(hark.post("/api/v1/leads/1/verdict", "root", {"relevant": True}).status, 200)
        filled = 0
        for name in reports:
            path = f"/api/v1/reports/{name}?"
            all_of_it = name in ("spikes", "leavers")
            got = hark.get(path + "all=true", "root").json
            said = hark.json("report", name, *["--all"] * all_of_it)
            equal(got["items"], said if isinstance(said, list) else [said], name)
            equal(got.get("empty") is not None, got["items"] == [], name)
            filled += got["items"] != []
            table = hark.get(path + "format=csv", "root").text.splitlines()
            equal(table[0].split(","), [c["key"] for c in got["columns"]], name)
            if name != "recall":
                equal(table, hark.run("report", name, "--csv").stdout.splitlines(), name)
            equal(hark.get(path, "vera").status, 403, name)
        check(filled >= 7, filled)
        # What the command nests, a step of the way within a row, is flat here and in a spreadsheet.
        clocks = hark.get("/api/v1/reports/clocks", "root").json["items"]
        equal([(r["by"], r["name"], r["leads"], r["alert_to_claim_n"], "alert_to_claim_p50_ms" in r) for r in clocks],
              [(r["by"], r["name"], r["leads"], r["alert_to_claim"]["n"], r["alert_to_claim"]["n"] > 0) for r in hark.json("report", "clocks")])
        equal(hark.get("/api/v1/reports/clocks?format=csv", "root").text.splitlines(), hark.run("report", "clocks", "--csv").stdout.splitlines())
        reports.append("clocks")
        equal(len(hark.rows("SELECT 1 FROM audit WHERE action LIKE '%/reports/%'")), len(reports))  # each table that was handed on
        equal(hark.get("/api/v1/reports/venues?kind=pain", "root").json["items"], [])
        equal(hark.get("/api/v1/reports/venues?kind=x", "root").status, 400)
        equal(hark.get("/api/v1/reports/authors?rule=none", "root").json["items"], [])


def try_routes_and_receivers(hark):
    """Who would be told of a lead, and what receivers answer to a test."""
    def same(body, *words):
        got = hark.post("/api/v1/routes/test", "root", body).json
        equal(got, json.loads(hark.run("routes", "test", *words, "--json").stdout), body)
        return got
    equal(same({"kind": "pain", "owner": "hed", "to": ["hed"]}, "--kind", "pain", "--owner", "hed", "--to", "hed")["to"], ["hed"])
    equal(same({"kind": "pain", "owner": "hed", "to": []}, "--kind", "pain", "--owner", "hed", "--to", "nobody")["ok"], False)
    equal([d["cause"] for d in same({"lead": "lead_1"}, "--lead", "1")["decisions"]][-1:], ["no-route"])
    equal(same({})["tests"], 0)
    for body, status in (({"kind": "x"}, 422), ({"score": 101}, 422), ({"at": "noon"}, 422), ({"to": "hed"}, 422), ({"lead": 99}, 404),
                         ({"sort": "pain"}, 422)):
        equal(hark.post("/api/v1/routes/test", "root", body).status, status, body)
    equal(hark.get("/api/v1/receivers", "root").json["items"], hark.json("notify", "list"))
    done = hark.post("/api/v1/receivers/hook/test", "root", {}).json
    equal((done["sent"], done["status"], done["answer"]), (True, 200, "welcome"))
    done = hark.post("/api/v1/receivers/hook/test", "root", {}).json
    equal((done["sent"], done["status"], "400" in done["error"]), (False, 400, True))
    equal(hark.post("/api/v1/receivers/hed/test", "root", {}).json["sent"], True)
    check("root asked for a test" in hark.read("hed.jsonl"), hark.read("hed.jsonl"))
    equal(hark.post("/api/v1/receivers/hed/subscribe", "root", {}).json, {"receiver": "hed", "subscribed": False, "held": 0})
    for what in ("receivers/hed/test", "receivers/hed/subscribe", "routes/test"):
        equal(hark.post("/api/v1/" + what, "hed", {}).status, 403, what)
        equal(hark.post("/api/v1/" + what.replace("hed", "nobody"), "root", {}).status, 404 if "hed" in what else 200, what)
    equal(hark.get("/api/v1/receivers", "hed").status, 403)


def tell_what_a_changed_rule_changes(hark):
    def diff(text, query=""):
        return hark.ask("POST", "/api/v1/rules/diff" + query, "root", raw=text.encode(), headers={"Content-Type": "application/yaml"})
    equal(diff("").json, hark.json("rules", "diff"))
    equal((diff("").json["rules"], diff("").json["same"]), ([], 1))
    got = diff(NEAR.replace("zebrafish NEAR/3 want", "zebrafish"), "?rule=wants").json
    equal([(r["change"], r["rule"], r["hits"], r["gained"], r["lost"]) for r in got["rules"]], [("changed", "wants", 2, 1, 0)])
    equal((got["posts"], got["leads_gained"], got["lists"]), (3, 1, []))
    equal([(r["change"], r["rule"]) for r in diff(NEAR.replace("id: wants", "id: fresh")).json["rules"]], [("added", "fresh")])
    equal([diff("rules: [", "?rule=wants").status, diff("", "?since=soon").status], [422, 400])
    equal(hark.ask("POST", "/api/v1/rules/diff", "hed", raw=b"").status, 403)


@test
def what_rules_came_near_to_is_judged_and_scores_are_proposed():
    hook = Peer()
    hook.script("/hook", Answer("welcome", status=200, type="text/plain"), Answer("nope", status=400, type="text/plain"))
    with Served([("1", "ana", "I want a zebrafish")], rules=NEAR, routes=[{"when": {"kind": "pain"}, "to": ["owner"]}], receivers=[
            {"name": "hed", "type": "file", "path": "hed.jsonl"},
            {"name": "hook", "type": "webhook", "url": hook.url("/hook"), "internal": "true", "secret": "file:hook.key"}]) as hark:
        hark.write("hook.key", "whsec_" + "QUJD" * 10 + "\n")
        os.chmod(hark.path("hook.key"), 0o600)
        hark.user("root", "admin"), hark.user("hed", "sales-head"), hark.user("vera", "compliance")
        hark.serve()
        hark.publish(("2", "bo", "My zebrafish is so ill that I do not know what else it could want"))
        wait_for("both posts", lambda: hark.count("posts", "external_id IN ('1', '2')") == 2)
        none = hark.get("/api/v1/near-misses", "root").json
        check(none["sample"] == [] and none["empty"], none)
        said = hark.post("/api/v1/near-misses", "root", {}).json
        equal((len(said["sample"]), hark.get("/api/v1/near-misses", "root").json, hark.json("rules", "near-misses")), (1, said, said))
        equal(hark.post("/api/v1/near-misses", "root", {}).json, said, "a week later there is another")
        equal(hark.post("/api/v1/near-misses", "hed", {}).status, 403)
        tell_what_a_changed_rule_changes(hark)
        number = said["sample"][0]["id"]
        path = f"/api/v1/near-misses/{number}/verdict"
        for body, status in (({}, 422), ({"relevant": "yes"}, 422), ({"relevant": True, "note": "x"}, 422)):
            equal(hark.post(path, "root", body).status, status, body)
        for wrong in ("99", "x", "0"):
            equal(hark.post(f"/api/v1/near-misses/{wrong}/verdict", "root", {"relevant": True}).status, 404, wrong)
        equal(hark.post(path, "root", {"relevant": False, "reason": "a pet"}).json, {"id": number, "relevant": False})
        equal([(r["verdict"], r["reason"]) for r in hark.json("rules", "near-misses")["sample"]], [("not-relevant", "a pet")])
        equal(hark.post("/api/v1/leads/1/verdict", "root", {"relevant": True}).status, 200)
        tuned = hark.get("/api/v1/tuning", "root").json["items"]
        equal((tuned != [], tuned), (True, hark.json("rules", "tune")))
        for what in ("near-misses", "tuning"):
            equal(hark.get("/api/v1/" + what, "hed").status, 403, what)
        equal(hark.get("/api/v1/routes", "root").json["items"], hark.json("routes", "show"))
        equal(hark.get("/api/v1/routes", "hed").status, 403)
        try_routes_and_receivers(hark)
        # The trail is whole, and says so the same way.
        whole = hark.json("audit", "verify")
        equal(hark.get("/api/v1/audit/check?head=" + whole["head"], "vera").json["whole"], True)
        equal(hark.get("/api/v1/audit/check", "vera").json, hark.json("audit", "verify"))
        equal(hark.get("/api/v1/audit/check?head=" + "0" * 64, "vera").json["whole"], False)
        equal(hark.get("/api/v1/audit/check", "hed").status, 403)


@test
def moves_are_those_of_the_command_and_of_ones_own_class():
    with Served() as hark:
        hark.write("contacts.csv", CONTACTS)
        equal(hark.run("import", "contacts", "contacts.csv", "--yes").returncode, 0)
        hark.user("anna", "sales"), hark.user("root", "admin")
        for number, visibility in [(1, "all"), (2, "staff"), (3, "all")]:
            hark.write_rows("INSERT INTO moves (id, person, name, name_key, event, to_employer, visibility, sources, "
                            f"pending, first_ms, last_ms) VALUES ({number}, 1, 'Jane Doe', 'jane doe', 'joined', "
                            f"'Initech {number}', '{visibility}', 1, 0, 1000, 2000)")
        hark.serve()
        equal(hark.get("/api/v1/moves", "root").json["items"], hark.json("moves", "list"))
        equal([m["move"] for m in hark.get("/api/v1/moves?person=1", "root").json["items"]], [3, 2, 1])
        equal([m["move"] for m in hark.get("/api/v1/moves", "anna").json["items"]], [3, 1])
        equal([[m["move"] for m in page] for page in pages(hark, "/api/v1/moves?limit=1", "anna")], [[3], [1]],
              "no page is empty for what one may not see")
        equal(hark.get("/api/v1/moves?person=2", "root").json["items"], [])
        equal(hark.get("/api/v1/moves?strangers=true", "root").json["items"], [])
        equal(hark.get("/api/v1/moves/1", "anna").json, hark.json("moves", "show", "1"))
        for path, who, status in [("/2", "root", 200), ("/2", "anna", 404), ("/4", "root", 404), ("/x", "root", 404),
                                  ("?person=x", "root", 400), ("?person=1&strangers=true", "root", 400)]:
            equal(hark.get("/api/v1/moves" + path, who).status, status, (path, who))


@test
def a_star_and_an_owner_are_set_and_taken_back():
    with Served([("1", "ana", "I want a zebrafish")]) as hark:
        hark.user("anna", "sales"), hark.user("bo", "sales"), hark.user("vi", "viewer")
        hark.serve()
        at = "/api/v1/leads/lead_1"
        check("starred" not in hark.get(at, "vi").json)
        equal(hark.post(at + "/star", "vi", {}).status, 403)
        lead = hark.post(at + "/star", "anna", {}).json
        equal((lead["starred"], lead["state"]), (True, "new"))
        equal(hark.post(at + "/assign", "anna", {"to": "bo"}).json["owner"], "bo")
        for body in [{}, {"to": ""}, {"to": "nobody"}, {"to": 7}, {"to": "vi"}, {"to": "bo\nanna"}]:
            equal(hark.post(at + "/assign", "anna", body).status // 100, 4, body)
        equal([(e.get("actor"), e["action"], e.get("note")) for e in hark.get(at, "vi").json["history"]][-2:],
              [("anna", "star", None), ("anna", "assign", "bo")])
        lead = hark.post(at + "/undo", "anna", {}).json
        equal((lead.get("owner"), lead["starred"]), (None, True))
        check("starred" not in hark.post(at + "/unstar", "anna", {}).json)
        equal(hark.json("leads", "star", "1", "--as", "bo")["starred"], True)
        check("starred" not in hark.json("leads", "star", "1", "--off", "--as", "bo"))
        equal(hark.json("leads", "assign", "1", "anna", "--as", "bo")["owner"], "anna")
        looks = hark.run("leads", "assign", "1", "vi", "--as", "bo")
        check(looks.returncode != 0 and "hark user role vi sales" in looks.stderr, looks.stderr)
        for step, said in ((("assign", "1", "bo"), "owned by bo"), (("star", "1"), "with a star")):
            equal(hark.run("leads", *step, "--as", "bo").stdout.split(":")[0], "lead_1 is new, " + said)
        unknown = hark.run("leads", "assign", "1", "nobody", "--as", "bo")
        check(unknown.returncode != 0 and "nobody is called 'nobody' here" in unknown.stderr, unknown.stderr)
        equal(hark.stop(), 0)


@test
def a_silence_is_begun_and_ended():
    with Served() as hark:
        hark.user("anna", "sales"), hark.user("vi", "viewer")
        hark.serve()
        wish = {"what": "account", "value": "Globex", "for": "7d", "reason": "a fair is on"}
        equal(hark.post("/api/v1/silences", "vi", wish).status, 403)
        made = hark.post("/api/v1/silences", "anna", wish).json
        equal((made["what"], made["value"], made["by"], made["reason"]), ("account", "Globex", "anna", "a fair is on"))
        equal(hark.get("/api/v1/silences", "vi").json["items"], hark.json("silence", "list"))
        for change in [{"what": "x"}, {"value": ""}, {"for": None}, {"for": "0"}, {"reason": None}, {"until": "x"},
                       {"what": "kind", "value": "zebra"}]:
            equal(hark.post("/api/v1/silences", "anna", {**wish, **change}).status, 422, change)
        equal(len(hark.json("silence", "list")), 1)
        equal(hark.post(f"/api/v1/silences/{made['id']}/end", "anna").json, {"id": made["id"]})
        equal(hark.post(f"/api/v1/silences/{made['id']}/end", "anna").status, 404)
        equal(hark.post("/api/v1/silences/x/end", "anna").status, 404)
        equal(hark.get("/api/v1/silences", "vi").json["items"], [])
        equal(len(hark.get("/api/v1/silences?all=true", "vi").json["items"]), 1)


@test
def an_admin_pauses_and_polls_sources_and_nobody_else():
    with Served() as hark:
        hark.user("head", "sales-head"), hark.user("root", "admin")
        hark.serve()
        for what in ["poll", "pause", "resume"]:
            equal(hark.post(f"/api/v1/sources/a/{what}", "head").status, 403, what)
            equal(hark.post(f"/api/v1/sources/none/{what}", "root").status, 404, what)
        equal(hark.post("/api/v1/sources/a/pause", "root").json, {"ok": True})
        equal(hark.get("/api/v1/sources/a", "head").json["state"], "paused")
        equal(hark.post("/api/v1/sources/a/resume", "root").json, {"ok": True})
        equal(hark.get("/api/v1/sources/a", "head").json["paused"], False)
        hark.wait_baseline()
        equal(hark.post("/api/v1/sources/a/poll", "root", {"force": True}).json, {"ok": True})
        equal(hark.post("/api/v1/sources/a/poll", "root", {"x": 1}).status, 422)


@test
def a_broken_configuration_is_told_and_the_old_one_stays():
    with Served() as hark:
        hark.user("root", "admin"), hark.user("anna", "sales")
        hark.serve()
        equal(hark.post("/api/v1/reload", "anna").status, 403)
        equal(hark.post("/api/v1/reload", "root").json["ok"], True)
        hark.write("rules.yaml", "rules:\n  - id: broken\n    match: '(('\n")
        reply = hark.post("/api/v1/reload", "root")
        equal(reply.status, 422)
        check(any(d["file"] == "rules.yaml" and d["line"] == 3 for d in reply.json["diagnostics"]), reply.text)
        equal([r["id"] for r in hark.get("/api/v1/rules", "anna").json["items"]], ["wants-zebrafish"])
        check("reload_error" in hark.get("/api/v1/status", "anna").json)


@test
def alerts_that_were_given_up_are_sent_again():
    with Served() as hark:
        for name, role in (("anna", "sales"), ("root", "admin")):
            hark.user(name, role)
        hark.serve()
        for i, (receiver, state) in enumerate([("gone", "dead"), ("gone", "dead"), ("other", "held"), ("away", "withdrawn")]):
            hark.write_rows("INSERT INTO outbox (delivery_id, receiver, kind, urgency, payload, state, attempt, next_ms, created_ms, last_error)"
                            f" VALUES ('d{i}', '{receiver}', 'lead.raised', 'normal', '{{}}', '{state}', 10, 0, 1, 'no answer')")
        equal(hark.get("/api/v1/alerts", "anna").status, 403)
        equal(hark.get("/api/v1/alerts", "root").json["items"], hark.json("notify", "dead"))
        equal(hark.get("/api/v1/alerts?state=held", "root").json["items"], hark.json("notify", "held"))
        equal([a["id"] for a in hark.get("/api/v1/alerts?state=withdrawn&receiver=away", "root").json["items"]], [4])
        equal(hark.run("notify", "withdrawn", "--receiver", "away").returncode, 0)
        equal([[a["id"] for a in page] for page in pages(hark, "/api/v1/alerts?limit=1", "root")], [[1], [2]])
        equal(hark.get("/api/v1/alerts?receiver=other", "root").json["items"], [])
        equal(hark.get("/api/v1/alerts?state=sent", "root").status, 400)
        equal(hark.get("/api/v1/alerts?receiver=nobody", "root").status, 404)
        for what in ("dead", "held", "withdrawn"):
            done = hark.run("notify", what, "--receiver", "nobody")
            equal((done.returncode, done.stdout), (1, ""), done)
            check("there is no receiver 'nobody': hark notify list shows all" in done.stderr, done.stderr)
            equal(hark.run("notify", what, "--receiver", "gone").returncode, 0)
        for body in ({}, {"id": 1, "all": True}, {"all": "yes"}, {"id": 0}):
            equal(hark.post("/api/v1/alerts/replay", "root", body).status, 422, body)
        equal(hark.post("/api/v1/alerts/replay", "anna", {"all": True}).status, 403)
        equal(hark.post("/api/v1/alerts/replay", "root", {"id": 9}).status, 404)
        nobody = hark.post("/api/v1/alerts/replay", "root", {"receiver": "nobody"})
        equal((nobody.status, nobody.json["detail"]), (404, "there is no receiver 'nobody': look at receivers: of the configuration"))
        for receiver, code in (("nobody", 1), ("", 2), (" ", 2)):
            done = hark.run("notify", "replay", "--receiver", receiver)
            equal((done.returncode, hark.count("receivers")), (code, 0), done)
        equal(hark.count("outbox", "state = 'due'"), 0, "no receiver is not all of them")
        equal(hark.post("/api/v1/alerts/replay", "root", {"id": 1}).json, {"due": 1})
        equal(hark.post("/api/v1/alerts/replay", "root", {"receiver": "gone"}).json["due"] >= 1, True)
        equal(hark.post("/api/v1/alerts/replay", "root", {"all": True}).status, 200)


def series(text):
    """{name with labels: value}; fails where the text is none that Prometheus reads, or not named as it wants."""
    got, types, helped = {}, {}, set()
    for line in text.splitlines():
        if line.startswith("# HELP "):
            helped.add(line.split()[2])
            check(line.endswith("."), line)
        elif line.startswith("# TYPE "):
            name, kind = line.split()[2:]
            check(name not in types and kind in ("counter", "gauge"), line)
            check((kind == "counter") == name.endswith("_total"), line)
            types[name] = kind
        else:
            found = re.fullmatch(r'([a-z][a-z0-9_]*)(\{([a-z_]+)="([^"\\]*)"\})? (\d+)', line)
            check(found and found[1] in types and found[1] in helped, line)
            check(line.rsplit(" ", 1)[0] not in got, line)
            got[line.rsplit(" ", 1)[0]] = int(found[5])
    return got


@test
def metrics_are_named_as_prometheus_wants_and_bounded():
    with Served([("1", "ana", "I want a zebrafish"), ("2", "bo", "a zebrafish")]) as hark:
        hark.user("prom", "viewer", "metrics"), hark.user("anna", "sales")
        hark.serve()
        equal(hark.post("/api/v1/leads/1/claim", "anna").status, 200)
        equal(hark.get("/metrics").status, 401)
        equal(hark.get("/metrics", "anna").status, 200)
        got = series(hark.get("/metrics", "prom").text)
        for name, value in [('hark_leads{state="new"}', 1), ('hark_leads{state="claimed"}', 1),
                            ("hark_leads_raised_total", 2), ('hark_posts_total{what="new"}', 3), ("hark_sources", 1),
                            ("hark_rules", 1), ("hark_disk_full", 0), ('hark_source_failures{source="a"}', 0),
                            ('hark_api_requests_total{code="2xx"}', 2), ('hark_api_requests_total{code="4xx"}', 1),
                            ("hark_config_last_reload_successful", 1)]:
            equal(got[name], value, name)
        check(not any(word in name for name in got for word in ("ana", "zebra", "http:")), got)


@test
def secrets_are_nowhere_to_be_read():
    canaries = {f"HARK_CANARY_{i}": f"canary-{i}-5b1f6e0c9d2a" for i in range(4)}
    with Served([("1", "ana", "I want a zebrafish")],
                receivers=[{"name": "hook", "type": "webhook", "url": "http://127.0.0.1:9/", "internal": "yes",
                            "secret": "env:HARK_CANARY_0"}]) as hark:
        hark.config["sources"].append({"name": "pushed", "connector": "inbound", "secret": {"token": "env:HARK_CANARY_1"}})
        hark.save()
        done = hark.run("user", "add", "root", "--role", "admin", stdin=canaries["HARK_CANARY_2"] + "\n")
        equal(done.returncode, 0, done.stderr)
        hark.tokens["root"] = token = hark.token("root", "write")
        hark.start(env=canaries)
        hark.wait_baseline("a")
        reply = hark.post("/api/v1/session", body={"user": "root", "password": canaries["HARK_CANARY_2"]})
        equal(reply.status, 200)
        secret = reply.headers["Set-Cookie"].split(";")[0].split("=")[1]
        wrong = hark.post("/api/v1/session", body={"user": "root", "password": canaries["HARK_CANARY_3"]})
        seen = [wrong.text, reply.text]
        for path, operations in SPEC["paths"].items():
            if "get" in operations and "{" not in path and path not in ("/api/v1/events", "/api/v1/session"):
                seen.append(hark.get(path, "root").text)
        for path in ["sources/pushed", "sources/a", "rules/wants-zebrafish", "leads/9"]:
            seen.append(hark.get("/api/v1/" + path, "root").text)
        seen += [hark.log(), hark.run("status", "--json").stdout, hark.run("sources", "list", "--json").stdout]
        for one in [*canaries.values(), token, token[5:], secret]:
            check(not any(one in text for text in seen), one, [t for t in seen if one in t])


run()
