#!/usr/bin/env python3
"""hark report: what a small history adds up to, through the daemon, the imports and the command line."""
import csv
import io
import os
import sqlite3
import time

from board import BOARD, Source
from daemon import Hark
from tap import check, equal, run, test, wait_for

RULES = """\
rules:
  - { id: pumps, title: Pumps, kind: pain, status: live, subject: author, score: { base: 50 }, match: 'pump' }
  - { id: likes, title: Likes, kind: praise, status: live, subject: author, score: { base: 50 }, match: 'thanks' }
"""
STAFF = "Employee ID,Name,Handle\ne1,Bert Lindqvist,bert\ne2,Cleo Abara,support\ne3,Dee Stranger,support\n"
ACCOUNTS = "Id,Account Name,Type\na1,Globex,Prospect\n"
CONTACTS = "Id,Name,Handle,Company\nc1,Angie Moss,@angie@board.example,Globex\n"
OPPORTUNITIES = ("Id,Opportunity Name,Account Name,Stage,Created Date\no1,Pumps for Globex,Globex,Negotiation,2026-03-11\n"
                 "o2,Old one,Globex,Negotiation,2026-02-20\n")
POSTS = [
    {"id": 1, "at": "2026-03-01T09:00:00Z", "handle": "@angie@board.example", "name": "=Angie()", "thread": "t1",
     "text": "My pump is loud.", "links": ["https://forum.example/a", "https://forum.example/b"], "shares": 4},
    {"id": 2, "at": "2026-03-01T10:00:00Z", "handle": "bert", "name": "Bert", "reply_to": "1", "thread": "t1",
     "text": "Turn the valve."},
    {"id": 3, "at": "2026-03-01T11:00:00Z", "handle": "gus", "name": "Gus", "reply_to": "1", "thread": "t1",
     "text": "The pump of mine is, too.", "links": ["https://forum.example/c", "https://other.example/"]},
    {"id": 4, "at": "2026-03-02T09:00:00Z", "handle": "@angie@board.example", "name": "=Angie()", "text": "thanks a lot"},
    {"id": 5, "at": "2026-03-03T09:00:00Z", "handle": "support", "name": "Support", "reply_to": "3", "text": "Hello."},
]


def board(hark):
    os.mkdir(hark.path("connectors"))
    hark.write("connectors/board.yaml", BOARD + "  links: /links/*\n"
               "  engagement.shares: /shares\n")


def rows(hark, *args):
    """The report as JSON; as CSV it has as many rows, and as a table it is shown."""
    got = hark.json("report", *args)
    table = list(csv.DictReader(io.StringIO(hark.run("report", *args, "--csv").stdout)))
    equal(len(table), len(got), args)
    equal([{k for k, v in row.items() if v != ""} for row in table], [set(row) for row in got])
    equal(hark.run("report", *args).returncode, 0)
    return got


@test
def a_history_adds_up():
    source = Source("board", {"connector": "board"})
    with Hark(sources=[source.config()], rules=RULES) as hark:
        board(hark)
        for kind, text in (("staff", STAFF), ("accounts", ACCOUNTS), ("contacts", CONTACTS),
                           ("opportunities", OPPORTUNITIES)):
            hark.write(kind + ".csv", text)
            equal(hark.run("import", kind, kind + ".csv", "--yes").returncode, 0, kind)
        for report in ("venues", "authors", "reps", "spikes", "blind", "custody"):
            equal(hark.json("report", report), [])
        hark.start()
        hark.wait_baseline()
        source.publish(POSTS)
        wait_for("all posts", lambda: hark.count("posts") == len(POSTS))
        wait_for("the leads", lambda: hark.count("leads") == 3)
        for step in ("claim", "answer", "won"):
            equal(hark.run("leads", step, "1", "--as", "bert").returncode, 0)
        for step in ("claim", "answer", "undo", "undo"):  # what was taken back is nobody's work
            equal(hark.run("leads", step, "2", "--as", "bert").returncode, 0)

        equal(rows(hark, "venues", "--kind", "pain"), [
            {"what": "thread", "name": "board", "thread": "t1", "posts": 2, "leads": 2, "authors": 2},
            {"what": "linked", "name": "forum.example", "posts": 3,
             "hint": "add it? hark sources add https://forum.example/"},
            {"what": "linked", "name": "other.example", "posts": 1,
             "hint": "add it? hark sources add https://other.example/"}])
        equal([(a["author"], a["received"], a["replies"], a["shares"], a["posts"])
               for a in rows(hark, "authors", "--rule", "pumps")],
              [("@angie@board.example", 6, 2, 4, 1), ("gus", 1, 1, 0, 1)])
        check("'=Angie()" in hark.run("report", "authors", "--csv").stdout)
        equal(rows(hark, "reps"), [
            {"rep": "Bert Lindqvist", "claimed": 1, "answered": 1, "won": 1, "helped": 1, "advocates": 1},
            {"rep": "Cleo Abara", "claimed": 0, "answered": 0, "won": 0, "helped": 1, "advocates": 0},
            {"rep": "Dee Stranger", "claimed": 0, "answered": 0, "won": 0, "helped": 1, "advocates": 0}])
        equal([(o["opportunity"], o["rule"], o["days"]) for o in rows(hark, "lead-time", "--kind", "pain")],
              [("Old one", "pumps", -10), ("Pumps for Globex", "pumps", 9)])
        equal([(c["colleague"], c["handle"], c["belongs_to"], c["people"]) for c in rows(hark, "custody")],
              [("Bert Lindqvist", "bert", "person", 1), ("Cleo Abara", "support", "company", 1),
               ("Dee Stranger", "support", "company", 1)])
        equal([(s["rule"], s["last_day"], s["spike"]) for s in rows(hark, "spikes", "--all")],
              [("likes", 1, "unknown yet"), ("pumps", 2, "unknown yet")])
        equal(rows(hark, "spikes"), [])


def days(n):
    return int((time.time() + n * 86400) * 1000)


@test
def accounts_with_a_signal_are_compared_with_those_without():
    with Hark(rules=RULES) as hark:
        equal(hark.json("report", "lift"), [])
        hark.write("accounts.csv", "Id,Account Name,Type\n" + "".join(f"a{i},Number {i},Prospect\n" for i in range(20)) +
                   "r1,Rival,Competitor\n")
        hark.write("contacts.csv", "Id,Name,Company\nc1,Angie Moss,Number 3\n")
        today, before = (time.strftime("%Y-%m-%d", time.gmtime(days(n) / 1000)) for n in (0, -40))
        deals = [(0, today, "Closed Won", 100), (1, before, "Closed Won", 900), (3, today, "Closed Won", 300),
                 (10, today, "Closed Won", 50), (11, before, "Closed Won", 150), (12, today, "Closed Lost", 1)]
        hark.write("opportunities.csv", "Id,Opportunity Name,Account Name,Stage,Created Date,Amount,Currency\n" + "".join(
            f"o{n},D,Number {a},{stage},{day},{value},EUR\n" for n, (a, day, stage, value) in enumerate(deals)))
        for kind in ("accounts", "contacts", "opportunities"):
            equal(hark.run("import", kind, kind + ".csv", "--yes").returncode, 0, kind)
        db = sqlite3.connect(hark.database)
        subjects = [("account", "accounts:a0", "Number 0", "likes"), ("account", "accounts:a1", "Number 1", "likes"),
                    ("account", "account_3", "Number 2", "pumps"), ("contact", "contacts:c1", "Angie Moss", "pumps"),
                    ("account", "accounts:r1", "Rival", "pumps"), ("author", "@x@y.example", "X", "pumps")]
        for n, (kind, who, name, rule) in enumerate(subjects):
            db.execute("INSERT INTO leads (kind, lead_key, visibility, subject_kind, subject_id, subject_name, score,"
                       " score_max, level, rule, state, historic, signals, posts, seen_ms, created_ms, updated_ms)"
                       " VALUES (?, ?, 'all', ?, ?, ?, 50, 50, 'normal', ?, 'new', 0, 1, 1, ?, 1, 1)",
                       ("pain" if rule == "pumps" else "praise", str(n), kind, who, name, rule, days(-20)))
        db.commit()
        db.close()
        got = rows(hark, "lift")
        equal([(r["of"], r.get("rule"), r["accounts"], r["won"]) for r in got],
              [("any signal", None, 4, 2), ("a signal of", "likes", 2, 1), ("a signal of", "pumps", 2, 1),
               ("no signal", None, 16, 2)])
        equal([r.get("lift") for r in got], [4, 4, 4, None])
        equal([(r["value"], r["currency"]) for r in got], [(100, "EUR"), (50, "EUR"), (150, "EUR"), (12.5, "EUR")])
        check(got[0]["percent"] == 50 and 14 < got[0]["low"] < 16 and 84 < got[0]["high"] < 86, got[0])
        # Of one kind the others are on the list without a signal; what was before the time asked for is no deal of it.
        equal([(r["accounts"], r["won"]) for r in rows(hark, "lift", "--kind", "pain", "--since", "30d")],
              [(2, 1), (2, 1), (18, 2)])


PARTING_STAFF = ("Employee ID,Name,Email,Handle,End Date\ne1,Bert Lindqvist,bert@us.example,bert,2026-03-02\n"
                 "e2,Cleo Abara,cleo@us.example,cleo,\ne3,Bert Lindqvist,,bertl,2026-01-31\n")
OWNED = {
    "accounts": "Id,Account Name,Type,Owner\na1,Globex,Customer,bert@us.example\na2,Initech,Customer,Cleo Abara\n",
    "contacts": "Id,Name,Email,Company,Owner\nc1,Angie Moss,angie@globex.example,Globex,bert\n",
    "opportunities": "Id,Opportunity Name,Account Name,Stage,Owner\no1,More pumps,Globex,Negotiation,e1\n"
                     "o2,Old pumps,Globex,Closed Won,e1\no3,Others,Initech,Negotiation,cleo\n",
    "cases": "Id,Subject,Account Name,Status,Owner\nk1,Leaks,Globex,Open,bert\n",
}
PARTINGS = [
    {"id": 1, "at": "2026-02-01T09:00:00Z", "handle": "bert", "name": "Bert", "text": "Call me for a quote, as ever."},
    {"id": 2, "at": "2026-02-27T09:00:00Z", "handle": "bert", "name": "Bert Lindqvist",
     "text": "Today was my last day at Us. Thank you all!", "link": "https://board.example/2"},
    {"id": 3, "at": "2026-03-05T09:00:00Z", "handle": "bert", "name": "Bert Lindqvist",
     "text": "Thrilled to be joining Umbrage as Sales Director! Reach out to me, our clients are welcome here."},
    {"id": 4, "at": "2026-03-06T09:00:00Z", "handle": "bert", "name": "Bert Lindqvist", "text": "What a sunny day."},
    {"id": 5, "at": "2026-03-06T10:00:00Z", "handle": "cleo", "name": "Cleo", "text": "Write to me any time, happy to help you."},
    {"id": 6, "at": "2026-03-07T10:00:00Z", "handle": "gus", "name": "Gus", "text": "My pump is loud."},
    {"id": 7, "at": "2026-03-07T11:00:00Z", "handle": "bert", "name": "Bert Lindqvist", "reply_to": "6", "text": "Ask me."},
]


@test
def what_a_leaver_had_is_handed_over_and_what_they_say_is_labelled():
    source = Source("board", {"connector": "board"})
    with Hark(sources=[source.config()], rules=RULES) as hark:
        board(hark)
        for kind, text in {"staff": PARTING_STAFF, **OWNED}.items():
            hark.write(kind + ".csv", text)
            done = hark.run("import", kind, kind + ".csv", "--yes")
            equal(done.returncode, 0, done.stdout + done.stderr)
        hark.start()
        hark.wait_baseline()
        source.publish(PARTINGS)
        wait_for("all posts", lambda: hark.count("posts") == len(PARTINGS))
        wait_for("the lead", lambda: hark.count("leads") == 1)
        equal(hark.run("leads", "claim", "1", "--as", "bert").returncode, 0)
        handed = rows(hark, "handover")
        equal({(r["colleague"], r["left"]) for r in handed}, {("Bert Lindqvist", "2026-03-02")})
        equal([(r["what"], r["name"], r.get("more")) for r in handed],
              [("lead", "Gus", "pain, claimed"), ("account", "Globex", "customer"), ("deal", "More pumps", "Globex"),
               ("case", "Leaks", "Globex"), ("contact", "Angie Moss", None), ("conversation", "Gus", "as bert, 1×")])
        equal([r["author"] for r in rows(hark, "authors")], ["gus"])
        said = rows(hark, "leavers")
        equal([(r["at"][:10], r["label"], r["words"]) for r in said],
              [("2026-02-27", "announces", "my last day"), ("2026-03-05", "solicits", "Reach out to me")])
        equal([r["label"] for r in rows(hark, "leavers", "--all")], ["announces", "solicits", "neither", "neither"])
        # Nobody is handed on who has asked to be left alone, nor what was said where few may read it.
        for who in ("@gus", "angie@globex.example"):
            equal(hark.run("privacy", "opt-out", who).returncode, 0)
        equal([r["what"] for r in rows(hark, "handover")], ["account", "deal", "case"])
        equal(rows(hark, "authors"), [])
        hark.stop()
        hark.write_rows("UPDATE posts SET visibility = 'private' WHERE external_id = '3'")
        equal([r["label"] for r in rows(hark, "leavers", "--all")], ["announces", "neither", "neither"])


@test
def what_was_not_heard_is_estimated_from_what_was():
    source = Source("board", {"connector": "board"})
    with Hark(sources=[source.config()], rules=RULES) as hark:
        board(hark)
        hark.start()
        hark.wait_baseline()
        source.publish([{"id": i, "handle": f"h{i}", "name": f"N{i}", "text": "A pump."} for i in range(1, 8)])
        wait_for("seven leads", lambda: hark.count("leads") == 7)
        hark.stop()
        now, hour = int(time.time() * 1000), 3600 * 1000
        db = sqlite3.connect(hark.database)
        # Heard for 14 hours, blind for the two before the last.
        db.execute("UPDATE sources SET first_ms = ? WHERE name = 'board'", (now - 16 * hour,))
        db.execute("DELETE FROM gaps")
        db.execute("INSERT INTO gaps (source, from_ms, cause, until_ms) VALUES ('board', ?, 'failing', ?)",
                   (now - 3 * hour, now - hour))
        db.commit()
        db.close()
        row, = rows(hark, "blind")
        equal((row["source"], row["cause"], row["leads"], row["hours"]), ("board", "failing", 7, 2))
        check(0.99 < row["leads_missed"] < 1.01, row)
        equal(rows(hark, "blind", "--since", "30m"), [])

        # One was found ten days ago: six in a day are far more than usual. It only watches.
        leads = hark.count("leads")
        for old, want in (("id = 1", [("pumps", "board", 6, 0.1, 10, "yes")]), ("id <= 3", [])):
            db = sqlite3.connect(hark.database)
            db.execute(f"UPDATE signals SET created_ms = ? WHERE {old}", (now - 10 * 24 * hour,))
            db.commit()
            db.close()
            equal([(r["rule"], r["source"], r["last_day"], round(r["usual"], 1), r["days"], r["spike"])
                   for r in rows(hark, "spikes")], want)
        equal(hark.count("leads"), leads)


run()
