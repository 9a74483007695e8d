#!/usr/bin/env python3
"""References and requests over the API: what it says is what the commands say, to whom it may be said."""
import csv
import io

from apiclient import Served
from tap import check, equal, run, test

ACCOUNTS = ("id,name,type,owner,industry\nA1,Globex,Customer,bea,Freight\nA2,Initech,Customer,cy,Insurance\n"
            "A3,Hooli,Prospect,ana,Freight\n")
CONTACTS = ("id,name,email,company,title\nC1,Odalys Merrick,odalys@globex.example,Globex,CTO\n"
            "C2,Ines Farrow,ines@initech.example,Initech,Head of Operations\n")
DEALS = "id,name,account,stage,amount,currency,owner,status\nD1,Hooli roll-out,Hooli,Proposal,50000,EUR,ana,open\n"


def say(hark, number, reference, person, account, text, **more):
    row = {"id": number, "reference": reference, "person": person, "account": account, "source": "a", "tone": "positive", "text": text,
           "hash": f"{number:064x}", "parts": "[]", "captured_ms": 1000, "visibility": "public", "regulated": 0,
           "historic": 0, **more}
    hark.write_rows("INSERT INTO statements ({}) VALUES ({})".format(
        ", ".join(row), ", ".join(f"'{v}'" if isinstance(v, str) else str(v) for v in row.values())))


# Who works where is known to the head of sales alone: Ines has left Initech for Globex.
KNOWN_TO_FEW = (
    "INSERT INTO moves (id, person, name, name_key, event, visibility, sources, pending, first_ms, last_ms)"
    " VALUES (1, 2, 'Ines Farrow', 'ines farrow', 'joined', 'sales-head', 1, 0, 5, 5)",
    "UPDATE employments SET ended_ms = 5, ended_move = 1 WHERE person = 2",
    "INSERT INTO employments (person, account, employer, title, observed_ms, origin, confidence, move)"
    " VALUES (2, 1, 'Globex', 'COO', 5, 'move', 'B', 1)",
    "UPDATE reference_candidates SET orphaned_ms = 5, orphan_why = 'bea has left' WHERE id = 1",
    "INSERT INTO move_effects (move, effect, make, reference, text, class, at_ms) VALUES"
    " (1, 'orphans', 'orphans', 1, 'a reference', 'sales-head', 5)",
    "INSERT INTO move_effects (move, effect, make, account, text, class, at_ms) VALUES"
    " (1, 'risk', 'note', 2, 'Initech is at risk', 'sales-head', 5)")


def desk(hark, more=()):
    """Two references: one of them regulated, one with something private, and a request."""
    for kind, text in [("accounts", ACCOUNTS), ("contacts", CONTACTS), ("opportunities", DEALS)]:
        hark.write(kind + ".csv", text)
        done = hark.run("import", kind, kind + ".csv", "--yes")
        equal(done.returncode, 0, done.stdout + done.stderr)
    for line in (["nominate", "1", "--as", "bea"], ["nominate", "2", "--as", "cy"], ["ask", "1", "--as", "mia"],
                 ["request", "D1", "--weighs", "import speed", "--role", "CTO", "--as", "ana"]):
        done = hark.run("references", *line)
        equal(done.returncode, 0, done.stdout + done.stderr)
    say(hark, 1, 1, 1, 1, "It cut our import to a day")
    say(hark, 2, 2, 2, 2, "Their cover is the best", regulated=1)
    for sql in more:
        hark.write_rows(sql)
    for name, role in [("vi", "viewer"), ("ana", "sales"), ("bea", "sales"), ("mia", "marketing"), ("vera", "compliance"),
                       ("hed", "sales-head"),
                       ("root", "admin")]:
        hark.user(name, role)
    return hark.serve()


def show(hark, who, path):
    reply = hark.get("/api/v1/" + path, who)
    equal(reply.status, 200, reply.text)
    return reply.json


@test
def what_is_read_is_what_the_commands_say():
    with Served() as hark:
        desk(hark)
        items = show(hark, "vi", "references")["items"]
        for item, row in zip(items, hark.json("references", "list"), strict=True):
            equal(item["id"], f"ref_{row['reference']}")
            equal((item["name"], item["permission"], item["guard"]["may_ask"]),
                  (row["name"], row["permission"], row["may_ask"]))
        equal([r["id"] for r in show(hark, "vi", "references?state=found,named")["items"]], ["ref_2"])
        equal([r["id"] for r in show(hark, "vi", "references?owner=bea")["items"]], ["ref_1"])
        equal(show(hark, "vi", "references?orphans=true")["items"], [])
        equal(len(show(hark, "vi", "references?limit=1")["items"]), 1)
        for who in ("vera", "root"):
            equal(show(hark, who, "references/ref_2"), hark.json("references", "show", "2"), who)
        equal(show(hark, "vi", "references/1"), hark.json("references", "show", "1"))
        equal(show(hark, "vi", "requests/1"), hark.json("references", "request-show", "1"))
        (one,) = show(hark, "vi", "requests")["items"]
        equal((one["id"], one["state"], one["weighs"]), ("req_1", "open", ["import speed"]))
        equal(show(hark, "vi", "requests?state=named")["items"], [])
        equal(show(hark, "vi", "requests?rep=ana")["items"], [one])
        for got, row in zip(show(hark, "vi", "requests/req_1/matches")["items"], hark.json("references", "match", "1"),
                            strict=True):
            equal((got["reference"], got["points"], got["fits"]), (f"ref_{row['reference']}", row["points"], row["fits"]))
            check(got["fits"] != bool(got["left_out"]), got)
            equal(sum(r["points"] for r in got["reasons"]), got["points"], got)
        # What waits for compliance is for those who sign, and for nobody else.
        for who in ("vi", "ana", "mia"):
            reply = hark.get("/api/v1/references/2", who)
            equal((reply.json["withheld"], reply.json["statements"]), (1, []), who)
            check("cover is the best" not in reply.text, who)
        # Reports are those of the command line, cell by cell.
        for name in ("funnel", "stages", "stuck", "holds", "supporters", "outsiders", "imports", "satisfaction", "approvals",
                     "at-risk", "origins", "value", "cycle"):
            report = show(hark, "vi", f"reports/{name}?days=30")
            said = hark.json("report", name, *([] if name in ("stages", "stuck") else ["--since", "30d"]))
            drop = {"days", "mean_days", "oldest_days"}  # they grow
            equal([{k: v for k, v in r.items() if k not in drop} for r in report["items"]],
                  [{k: v for k, v in r.items() if k not in drop} for r in said], name)
            equal(report.get("empty") is not None, report["items"] == [], name)
            table = hark.get(f"/api/v1/reports/{name}?format=csv", "vi")
            equal(table.headers["Content-Type"], "text/csv; charset=utf-8", name)
            equal(table.text.splitlines()[0].split(","), [c["key"] for c in report["columns"]], name)
        noted = hark.rows("SELECT action, target FROM audit WHERE action LIKE '%/reports/%'")
        equal(len(noted), 13, noted)  # each table that was handed on, no view
        equal(show(hark, "vi", "reports/imports")["items"][0]["kind"], "accounts")
        for path, status in (("reports/x", 404), ("reports/funnel?days=0", 400), ("reports/funnel?format=xml", 400)):
            equal(hark.get("/api/v1/" + path, "vi").status, status, path)
        for path in ("references/9", "references/x", "references/0", "requests/9", "requests/x/matches"):
            equal(hark.get("/api/v1/" + path, "root").status, 404, path)
        for path in ("references?state=lost", "references?limit=0", "requests?state=x", "requests?rep=" + "x" * 401):
            equal(hark.get("/api/v1/" + path, "root").status, 400, path)
        equal(hark.get("/api/v1/references").status, 401)
        tables = [[{k: v for k, v in row.items() if k != "age_ms"} for row in csv.DictReader(io.StringIO(text, newline=""))]
                  for text in (hark.get("/api/v1/references?format=csv", "vi").text, hark.run("references", "list", "--csv").stdout)]
        equal((tables[0] != [], tables[0]), (True, tables[1]))
        equal(hark.get("/api/v1/references?format=xml", "vi").status, 400)
        table = hark.get("/api/v1/requests?format=csv", "vi").text.splitlines()
        equal((len(table), table), (2, hark.run("references", "requests", "--csv").stdout.splitlines()))
        equal(hark.get("/api/v1/requests?format=csv&state=named", "vi").text.splitlines(), table[:1])
        equal([(e["action"], e["actor"]) for e in hark.rows("SELECT action, actor FROM audit ORDER BY id DESC LIMIT 1")],
              [("GET /api/v1/requests", "vi")])


@test
def moves_that_few_may_know_of_are_told_to_nobody_else():
    with Served() as hark:
        desk(hark, KNOWN_TO_FEW)
        for who, sees in (("vi", False), ("mia", False), ("vera", False), ("hed", True), ("root", True)):
            people = {p["name"]: (p.get("employer"), p.get("title")) for p in show(hark, who, "people")["items"]}
            equal(people["Ines Farrow"], ("Globex", "COO") if sees else ("Initech", "Head of Operations"), who)
            found = [p["name"] for p in show(hark, who, "people?q=globex")["items"]]
            equal("Ines Farrow" in found, sees, who)
            equal([a["people"] for a in show(hark, who, "accounts")["items"]], [2, 0, 0] if sees else [1, 0, 1], who)
            card = show(hark, who, "accounts/2")
            equal(("notes" in card, "people" in card), (sees, not sees), who)
            jobs = [j["value"] for j in show(hark, who, "people/2")["jobs"]]
            equal(len(jobs), 2 if sees else 1, who)
            equal("timeline" in show(hark, who, "people/1"), False, who)
            equal(len(show(hark, who, "reports/at-risk")["items"]), 2 if sees else 0, who)
        equal(len(hark.json("report", "at-risk")), 2)


def owed(hark):
    """Something in every list: a named quote, a complaint, an author nobody knows, a look into the community, a value."""
    hark.write_rows("UPDATE reference_candidates SET permission = 'named', consent = 1 WHERE id = 1")
    hark.write_rows("UPDATE statements SET url = 'https://site.example/said', said_ms = 1000,"
                    " parts = '[{\"part\":\"limit\",\"text\":\"slow exports\"}]' WHERE id = 1")
    say(hark, 3, "NULL", 2, 2, "Their new forms are dreadful", tone="negative", url="https://site.example/bad", source="a")
    hark.write_rows("UPDATE statements SET reference = NULL WHERE id = 3")
    hark.write_rows("INSERT INTO service_marks (account, statement, at_ms, until_ms) VALUES (2, 3, 1000, 9000000000000)")
    hark.write_rows("INSERT INTO authors VALUES (99, 'kit', 'kit', 'Kit', NULL, NULL, NULL, NULL, NULL, 1, 1, 1)")
    hark.write_rows("INSERT INTO reference_tasks (kind, author, tone, posts, historic, created_ms, last_ms)"
                    " VALUES ('find-out-who', 99, 'positive', 1, 0, 1000, 1000)")
    for line in (["value", "1", "offered", "a ticket", "--worth", "400", "--currency", "EUR", "--as", "bea"],
                 ["admit", "pat@hooli.example", "D1", "--until", "30d", "--as", "ana"], ["supply", "1", "1", "--as", "mia"]):
        done = hark.run("references", *line)
        equal(done.returncode, 0, done.stdout + done.stderr)


@test
def lists_are_those_of_the_command_line():
    with Served() as hark:
        desk(hark)
        owed(hark)
        grow = {"p50_ms", "p95_ms"}
        shown = 0
        for path, line in [("tasks", ["tasks"]), ("service?all=true", ["service", "--all"]), ("peeks", ["peeks"]),
                           ("values", ["values"]), ("values?reference=ref_1", ["values", "1"]), ("values?by_account=true", ["values", "--by-account"]),
                           ("quotes", ["quotes"]), ("quotes?reference=1", ["quotes", "1"]), ("proof", ["proof"]),
                           ("prospect", ["prospect"]), ("references/1/coach", ["coach", "1"]), ("reports/clock", ["clock"]),
                           ("reports/late", ["late"]), ("reports/lent", ["lent"])]:
            got = show(hark, "root", path)
            equal([{k: v for k, v in r.items() if k not in grow} for r in got["items"]],
                  [{k: v for k, v in r.items() if k not in grow} for r in hark.json("references", *line)], path)
            equal(got.get("empty") is not None, got["items"] == [], path)
            shown += bool(got["items"])
            table = hark.get(f"/api/v1/{path}{'&' if '?' in path else '?'}format=csv", "root")
            equal(table.text.splitlines()[0].split(","), [c["key"] for c in got["columns"]], path)
        check(shown >= 10, shown)
        for path, line in [("references/1/brief", ["brief", "1"]), ("accounts/1/owner", ["owner", "Globex"])]:
            equal(show(hark, "root", path), hark.json("references", *line), path)
        pack, said = show(hark, "root", "pack?deal=D1"), hark.json("references", "pack", "D1")
        equal({**pack, "made": 0}, {**said, "made": 0})
        equal((pack["critical"], len(pack["posts"])), (1, 2))
        equal(hark.get("/api/v1/pack?deal=D1&product=x", "root").status, 409)
        equal(len(show(hark, "root", "proof?limit=1")["items"]), 1)
        page = show(hark, "root", "proof?limit=1&cursor=" + show(hark, "root", "proof?limit=1")["next"])
        equal((len(page["items"]), page.get("next")), (1, None))
        for path, status in (("pack", 400), ("pack?deal=D9", 404), ("quotes?reference=x", 400), ("quotes?reference=2", 409),
                             ("values?all=true&by_account=true", 400), ("accounts/9/owner", 404), ("references/9/brief", 404),
                             ("proof?cursor=x", 400), ("peeks?format=xml", 400), ("proof?product=" + "x" * 401, 400)):
            equal(hark.get("/api/v1/" + path, "root").status, status, path)
        # What leaves the house is noted, what is looked at is not, unless it is handed on as a table.
        before = hark.rows("SELECT max(id) AS n FROM audit")[0]["n"]
        for path in ("quotes", "tasks", "references/1/brief", "values?format=csv"):
            equal(hark.get("/api/v1/" + path, "vi").status, 200, path)
        equal([e["action"][4:] for e in hark.rows(f"SELECT action FROM audit WHERE id > {before} ORDER BY id")],
              ["/api/v1/quotes", "/api/v1/references/{reference}/brief", "/api/v1/values"])
        # Words that wait for compliance, or are of a class of their own, are for nobody else.
        hark.write_rows("UPDATE statements SET regulated = 1 WHERE id = 1")
        hark.write_rows("UPDATE statements SET class = 'compliance' WHERE id = 3")
        equal(len(show(hark, "vera", "service")["items"][0]["text"]), 28)
        (mark,) = show(hark, "vi", "service")["items"]
        equal((mark["account"], mark.get("text"), mark.get("url")), ("Initech", None, None))
        for path in ("prospect", "proof", "references/1/coach"):
            equal(show(hark, "mia", path)["items"], [], path)
        equal([r["flag"] for r in show(hark, "vera", "prospect")["items"] if "flag" in r], ["regulated: do not share"] * 2)
        for path in ("service", "prospect", "references/1/brief", "references/1/coach"):
            text = hark.get("/api/v1/" + path, "mia").text
            check("dreadful" not in text and "import to a day" not in text and "slow exports" not in text, path)
        # What it takes is said by what stands on the page.
        hark.write_rows("UPDATE statements SET regulated = 0, class = 'all', tone = 'positive'")
        reply = hark.get("/api/v1/pack?deal=D1", "root")
        check(reply.status == 409 and "Make it of praise alone makes it" in reply.text and "--" not in reply.text, reply.text)


run()
