#!/usr/bin/env python3
"""People who want to be left alone, told what is held, or forgotten: by the command line and by the API."""
import csv
import io
import json
import os

from apiclient import Served
from daemon import RULES
from peer import Answer
from tap import check, equal, run, test, wait_for

FEDI = """
id: fedi
about: a server
every: 1m
vars: { server: { type: url, about: the server, required: true, example: "https://fedi.example" } }
request: { url: "{server}/items" }
items: { pointer: "" }
map:
  external_id: /id
  text: /text
  author.handle: /account/acct
  author.display_name: /account/name
  author.profile_url: /account/url
"""
NAME, HANDLE, EMAIL = "Zoe Quillfeather", "zoequill", "zoe.q@quill.example"
LINK = "https://social.example/@zoequill"
CONTACTS = f"id,name,email,company,title,Profile URL\nC1,{NAME},{EMAIL},Globex,Buyer,{LINK}\n" \
           "C2,Bo Example,bo@globex.example,Globex,Clerk,https://social.example/@bo\n"


def item(i, text, acct, name):
    return {"id": str(i), "text": text,
            "account": {"acct": acct, "name": name, "url": f"https://social.example/@{acct}"}}


def page(*items):
    return Answer(json.dumps(items), type="application/json")


QUIET = item(0, "quiet", "bo", "Bo Example")
THEIRS = item(1, "I want a zebrafish, says the quill", HANDLE, NAME)
ABOUT = item(2, f"{NAME} told me to get a zebrafish", "bo", "Bo Example")
OTHER = item(3, "we all want a zebrafish here", "cy", "Cy Example")


def talk(**more):
    """People talk; Zoe, Bo and Cy raise a lead each."""
    hark = Served(**more)
    hark.config["sources"] = [{"name": "f", "connector": "fedi", "every": "1s", "internal": "true", "spacing": "0s",
                               "vars": {"server": hark.peer.url("")}}]
    hark.config["receivers"] = [{"name": "out", "type": "file", "path": hark.path("alerts.jsonl")}]
    hark.config["routes"] = [{"when": {}, "to": ["out"]}]
    hark.save()
    os.mkdir(hark.path("connectors"))
    hark.write("connectors/fedi.yaml", FEDI)
    hark.peer.script("/items", page(QUIET), page(QUIET, THEIRS, ABOUT, OTHER))
    hark.write("in.csv", CONTACTS)
    equal(hark.run("import", "contacts", "in.csv", "--yes").returncode, 0)
    os.remove(hark.path("in.csv"))
    return hark


def left(hark):
    """Where the files still say who it was."""
    text = b"".join(open(hark.path(name), "rb").read() for name in os.listdir(hark.folder)
                    if name.startswith("hark.db")).lower()
    return [word for word in (NAME, HANDLE, EMAIL) if word.lower().encode() in text]


def indexed(hark):
    """Of which of the words an index of searches knows that somebody said them, or is called so."""
    return [word for word in ("quill", "quillfeather", HANDLE) for table in ("post_words", "author_words")
            if hark.rows(f"SELECT 1 FROM {table} WHERE {table} MATCH ?", word)]


# What the reference desk keeps of Zoe, person 1 and author {0}, whose post is {1}; lead {2} came by a friend's code.
DESK = """
INSERT INTO accounts (id, external_id, kind, name, origin, created_ms, updated_ms) VALUES (1, 'A1', 'customer', 'Globex', 'import', 1, 1);
INSERT INTO reference_candidates (id, person, account, origin, authority, permission, stage_ms, tone, score, statements, historic,
 created_ms, updated_ms, hold_reason, hold_until, held_by) VALUES (1, 1, 1, 'rule', 'speak', 'found', 1, 'positive', 50, 1, 0, 1, 1,
 'not-now', 9000000000000, 'bea');
INSERT INTO reference_events (reference, at_ms, actor, action, note) VALUES (1, 1, 'bea', 'hold', 'Zoe Quillfeather is away');
INSERT INTO reference_activities (reference, activity, at_ms, actor, lessons) VALUES (1, 'call', 1, 'bea', 'she likes quills');
INSERT INTO reference_favours (reference, side, what, at_ms, actor) VALUES (1, 'offered', 'a quill', 1, 'bea');
INSERT INTO statements (id, person, account, source, tone, text, hash, captured_ms, visibility, regulated, historic)
 VALUES (1, 1, 1, 'f', 'negative', 'it broke my quill', 'x', 1, 'public', 0, 0);
INSERT INTO service_marks (account, statement, at_ms, until_ms, note) VALUES (1, 1, 1, 9000000000000, 'call her');
INSERT INTO reference_requests (id, deal, rep, stage, value_cents, activity, state, created_ms, due_ms, level)
 VALUES (1, 'Hooli roll-out', 'ana', 'Proposal', 1, 'call', 'named', 1, 9000000000000, 0);
INSERT INTO request_names (request, reference, lender, at_ms) VALUES (1, 1, 'bea', 1);
INSERT INTO reference_tasks (kind, author, post, tone, posts, historic, created_ms, last_ms, note)
 VALUES ('find-out-who', {0}, {1}, 'positive', 1, 0, 1, 1, 'zoequill of the quills?');
INSERT INTO unplaced (post, author, tone, product, regulated, historic) VALUES ({1}, {0}, 'positive', 'Quill Desk', 0, 0);
INSERT INTO lead_referrals (lead, code, offer, disclosure, author, person, at_ms) VALUES ({2}, 'QUILL', '10 %', 'she gets one', {0}, 1, 1);
INSERT INTO peeks (deal, who, granted_by, granted_ms, until_ms) VALUES ('Hooli roll-out', 'ZOE.Q@quill.example', 'ana', 1, 2);
INSERT INTO outbox (delivery_id, receiver, kind, urgency, payload, state, attempt, next_ms, created_ms)
 VALUES ('d', 'gone', 'reference.desk', 'normal', '{{"title":"ask Zoe Quillfeather"}}', 'held', 0, 0, 0);
"""
DESK_TABLES = ("reference_candidates", "reference_events", "reference_activities", "reference_favours", "statements", "service_marks",
               "request_names", "reference_tasks", "unplaced", "lead_referrals", "peeks")


def keep_at_the_desk(hark):
    author, post = (hark.rows(sql)[0]["id"] for sql in (f"SELECT id FROM authors WHERE handle = '{HANDLE}'",
                                                         "SELECT id FROM posts WHERE external_id = '1'"))
    lead = hark.rows("SELECT max(lead) AS id FROM signals WHERE post = (SELECT id FROM posts WHERE external_id = '3')")[0]["id"]
    for statement in DESK.format(author, post, lead).strip().rstrip(";").split(";\n"):
        hark.write_rows(statement)


@test
def who_is_erased_is_gone_from_the_files_and_does_not_come_back():
    with talk() as hark:
        hark.start()
        hark.wait_alerts(3)
        equal(left(hark), [NAME, HANDLE, EMAIL])
        wait_for("the words", lambda: len(indexed(hark)) == 4)

        keep_at_the_desk(hark)
        held = hark.json("privacy", "export", EMAIL)["data"]
        equal(held["person"][0]["name"], NAME)
        for section, name, value in [
                ("references", "hold_reason", "not-now"), ("reference history", "note", "Zoe Quillfeather is away"),
                ("reference uses", "lessons", "she likes quills"), ("reference values", "what", "a quill"),
                ("statements", "text", "it broke my quill"), ("service marks", "note", "call her"),
                ("named for", "opportunity", "Hooli roll-out"), ("tasks", "note", "zoequill of the quills?"),
                ("statements of nobody known", "product", "Quill Desk"), ("referrals", "code", "QUILL"),
                ("looks into the community", "who", "ZOE.Q@quill.example")]:
            equal([row[name] for row in held[section]], [value], section)
        equal(held["person"][0]["origin"], "import")
        equal([a["handle"] for a in held["accounts"]], [HANDLE])
        equal([(p["source"], p["text"]) for p in held["posts"]], [("f", THEIRS["text"])])
        equal([p["text"] for p in held["posts of others"]], [ABOUT["text"]])
        check("at" in held["reference history"][0], held["reference history"])
        # What others said where few can read is theirs; what is one's own says where it stands.
        hark.write_rows("UPDATE posts SET visibility = 'private' WHERE external_id IN ('1', '2')")
        of_few = hark.json("privacy", "export", EMAIL)["data"]
        equal([(p["source"], p["visibility"], p.get("text"), p.get("url")) for p in of_few["posts of others"]], [("f", "private", None, None)])
        equal([(p["visibility"], p["text"]) for p in of_few["posts"]], [("private", THEIRS["text"])])
        of_few_leads = [lead for lead in of_few["leads"] if lead.get("visibility") == "private"]
        check(len(of_few_leads) >= 2, of_few["leads"])
        equal([lead for lead in of_few_leads if {"title", "why", "subject"} & lead.keys()], [], "made of words that may be others'")
        equal(of_few["findings"][0]["title"], held["leads"][0]["title"], "what was found in their own words is theirs")
        hark.write_rows("UPDATE posts SET visibility = 'public' WHERE external_id IN ('1', '2')")
        check("receiver" in held["alerts"][0], held["alerts"])
        said = hark.run("privacy", "export", EMAIL).stdout
        check("\nposts\n" in said and THEIRS["text"] in said, said)
        rows = list(csv.DictReader(io.StringIO(hark.run("privacy", "export", EMAIL, "--csv").stdout, newline="")))
        told = {(r["section"], r["record"], r["field"]): r["value"] for r in rows}
        equal(len(told), len(rows), "each field once")
        equal((told["person", "1", "name"], told["posts", "1", "text"]), (NAME, THEIRS["text"]))
        equal(sum(len(r) for rows_of in held.values() for r in rows_of), len(rows), "as much as in JSON")

        before = hark.count("posts"), hark.count("leads"), hark.count("people")
        looked = hark.json("privacy", "erase", EMAIL, "--dry-run")
        equal((hark.count("posts"), hark.count("leads"), hark.count("people")), before)
        equal(hark.count("opt_outs"), 0, "a look lists nobody")
        equal([looked[k] for k in ("dry_run", "people", "accounts", "posts", "posts_of_others", "leads")],
              [True, 1, 1, 1, 1, 2])
        asked = hark.run("privacy", "erase", EMAIL)
        equal(asked.returncode, 2, asked.stdout)
        check("--yes" in asked.stderr, asked.stderr)
        equal(hark.count("posts"), before[0])

        done = hark.json("privacy", "erase", EMAIL, "--yes")
        equal({**done, "dry_run": True}, looked)
        equal(left(hark), [])
        equal([t for t in DESK_TABLES if hark.count(t) > 0], [])
        equal(hark.count("outbox", "kind = 'reference.desk'"), 0)
        equal(indexed(hark), [])
        equal([row["name"] for row in hark.rows("SELECT name FROM people")], ["Bo Example"])
        equal(hark.count("leads"), 1)

        polls = hark.peer.count()
        wait_for("two more polls", lambda: hark.peer.count() >= polls + 3)
        hark.write("again.csv", CONTACTS)
        equal(hark.run("import", "contacts", "again.csv", "--yes").returncode, 0)
        os.remove(hark.path("again.csv"))
        hark.write("moved.csv", CONTACTS.replace(EMAIL, "new@quill.example").replace(LINK, ""))
        equal(hark.run("import", "contacts", "moved.csv", "--yes").returncode, 0, "a new address, the same record")
        equal(hark.count("people"), 1)
        equal(hark.count("authors", f"handle = '{HANDLE}'"), 0)
        equal(hark.count("leads"), 1)
        equal(left(hark), [])
        equal(hark.json("privacy", "export", EMAIL)["data"], {})
        equal(hark.stop(), 0)


@test
def a_lead_that_rests_on_others_too_loses_what_came_from_them():
    rules = RULES.replace("subject: author", "subject: account").replace("'zebrafish'", "'any:accounts AS $a NEAR/20 zebrafish'") \
        .replace("I want a zebrafish", "Globex wants a zebrafish").replace("I want a zebra\"", "Globex\"") \
        .replace("tests:\n", "tests:\n      lists: { accounts: [ Globex ] }\n")
    with talk(rules=rules) as hark:
        hark.write("accounts.csv", "name\nGlobex\n")
        hark.config["lists"] = {"accounts": {"file": "accounts.csv"}}
        hark.save()
        hark.peer.script("/items", page(QUIET), page(
            QUIET, item("at://did:plc:zoe/1", "Globex wants a zebrafish, says the quill", HANDLE, NAME),
            item(3, "Globex wants one more zebrafish", "cy", "Cy Example")))
        hark.start()
        wait_for("the evidence", lambda: hark.count("signals", "lead IS NOT NULL") == 2)
        wait_for("the alert", lambda: hark.count("outbox", "state = 'sent'") >= 1)
        equal(hark.count("posts_at"), 1, "found by an id that is the same everywhere")
        gone = hark.json("privacy", "erase", "@" + HANDLE, "--yes")
        equal((gone["leads"], gone["leads_changed"], gone["posts"]), (0, 1, 1))
        equal(hark.count("posts_at"), 0)
        lead = hark.rows("SELECT signals, posts FROM leads")
        equal(lead, [{"signals": 1, "posts": 1}])
        equal((hark.count("authors", f"handle = '{HANDLE}'"), hark.count("people")), (0, 2), "a handle is no contact")
        equal(hark.stop(), 0)


@test
def the_api_does_the_same_for_those_who_may():
    with talk() as hark:
        for name, role in (("ann", "compliance"), ("sam", "sales-head")):
            hark.user(name, role)
        hark.start()
        hark.wait_alerts(3)
        who = {"who": [EMAIL]}
        for path in ("opt-out", "erase", "export"):
            equal(hark.post("/api/v1/privacy/" + path, "sam", who).status, 403)
        for path in ("due", "notices", "retention"):
            equal(hark.get("/api/v1/privacy/" + path, "sam").status, 403, path)
        texts = hark.get("/api/v1/privacy/notices", "ann").json["items"]
        equal((texts, "en" in [t["language"] for t in texts]), (hark.json("privacy", "notices"), True))
        equal(hark.get("/api/v1/privacy/retention", "ann").json, hark.json("privacy", "retention"))
        equal(hark.get("/api/v1/privacy/retention?due=true", "ann").json, hark.json("privacy", "retention", "--dry-run"))
        for bad in ({}, {"who": []}, {"who": "x"}, {"who": [1]}, {"who": ["a"] * 51}, {"who": [EMAIL], "dry_run": 1}):
            equal(hark.post("/api/v1/privacy/erase", "ann", bad).status, 422, bad)
        said = hark.post("/api/v1/privacy/erase", "ann", {"who": ["Zoe Quillfeather"]})
        equal((said.status, hark.post("/api/v1/privacy/erase", "ann", {"who": ["99"]}).status), (422, 404), said.text)
        due = hark.get("/api/v1/privacy/due?days=31", "ann").json["items"]
        equal([(d["name"], d["address"]) for d in due if "person" in d], [(NAME, EMAIL), ("Bo Example", "bo@globex.example")])
        # Nobody has imported Cy, whom a lead is about; of Zoe and Bo there are leads, too, and they are no second time there.
        found = [d for d in due if "person" not in d]
        equal([(d["name"], d["kind"], d["origin"], "address" in d) for d in found], [("Cy Example", "author", "lead", False)])
        equal(hark.get("/api/v1/privacy/due?days=7", "ann").json["items"], [])
        first = hark.get("/api/v1/privacy/due?days=31&limit=1", "ann").json
        behind = f"/api/v1/privacy/due?days=31&limit=1&cursor={first['next']}"
        last = hark.get(behind, "ann").json
        equal((first["items"] + last["items"], "next" in last), (due[:2], True))
        end = hark.get(f"/api/v1/privacy/due?days=31&limit=1&cursor={last['next']}", "ann").json
        equal((end["items"], "next" in end), (due[2:], False))
        equal(hark.json("privacy", "due", found[0]["lead"], "--language", "en")[0]["lead"], found[0]["lead"])
        told = hark.get("/api/v1/privacy/due?days=31&notice=true&language=en", "ann").json["items"][2]["notice"]
        check("\n- f\n" in told["text"], told)
        mine = [r["id"] for r in hark.rows("SELECT id FROM leads WHERE subject_kind <> 'author' OR subject_name <> 'Cy Example'")]
        for as_whom, lead, status in (("ann", "99", 404), ("ann", "x", 404), ("sam", found[0]["lead"], 403)) + tuple(("ann", i, 422) for i in mine):
            equal(hark.post(f"/api/v1/leads/{lead}/informed", as_whom, {}).status, status, lead)
        equal(hark.post(f"/api/v1/leads/{found[0]['lead']}/informed", "ann", {}).json, {"informed": found[0]["lead"]})
        equal(hark.rows("SELECT count(informed_ms) AS n FROM leads")[0]["n"], 1)
        equal([hark.get(f"/api/v1/privacy/due?cursor={c}", "ann").status for c in ("due-999999", "x")], [422, 400])
        equal(hark.post(f"/api/v1/people/{due[1]['person']}/informed", "ann", {}).status, 200)
        equal([d["name"] for d in hark.get("/api/v1/privacy/due?days=31", "ann").json["items"]], [NAME])
        equal(hark.json("privacy", "due", "--within", "31d")[0]["person"], due[0]["person"])
        told = hark.get("/api/v1/privacy/due?days=31&notice=true", "ann").json["items"][0]
        check("notice" not in told and "was not imported" in told["missing"], told)
        told = hark.get("/api/v1/privacy/due?days=31&notice=true&language=fr", "ann").json["items"][0]["notice"]
        equal((told["language"], NAME in told["text"]), ("fr", True))
        equal(hark.get("/api/v1/privacy/due?notice=true&language=French", "ann").status, 400)
        equal(hark.post("/api/v1/privacy/export", "ann", who).json["data"]["person"][0]["name"], NAME)
        looked = hark.post("/api/v1/privacy/erase", "ann", who).json
        equal((looked["dry_run"], looked["posts"], hark.count("opt_outs")), (True, 1, 0))
        equal(hark.post("/api/v1/privacy/erase", "ann", {**who, "dry_run": False}).json, {**looked, "dry_run": False})
        wait_for("the log to be emptied after the answer", lambda: left(hark) == [])
        equal(hark.post("/api/v1/privacy/opt-out", "ann", {"who": ["@cy@social.example"], "reason": "by mail"}).json,
              {"opt_outs": 1, "posts": 0 if not hark.count("authors", "handle = 'cy'") else 1, "leads": 1})
        hark.peer.script("/items", page(QUIET, item(9, "one more zebrafish", "cy", "Cy Example"),
                                        item(10, "a zebrafish for Bo", "bo", "Bo Example")))
        wait_for("Bo's post", lambda: hark.count("posts", "external_id = '10'") == 1)
        equal(hark.count("posts", "external_id = '9'"), 0, "left alone on that host")
        equal(hark.stop(), 0)


def handed_on(hark, words):
    """Which tables and feeds have the words."""
    texts = {profile: hark.run("leads", "export", "--profile", profile).stdout
             for profile in ("plain", "hubspot", "salesforce-lead")}
    texts["leads.csv"] = hark.get("/api/v1/leads.csv", "sam").text
    texts["leads.atom"] = hark.get("/api/v1/leads.atom", "sam").text
    return [name for name, text in texts.items() if words in text]


@test
def no_table_and_no_feed_hands_on_who_has_opted_out():
    for by in (EMAIL, LINK, "@zoequill"):
        with talk() as hark:
            hark.user("sam", "sales")
            hark.start()
            hark.wait_alerts(3)
            everywhere = ["plain", "hubspot", "salesforce-lead", "leads.csv", "leads.atom"]
            (lead,) = hark.rows("SELECT l.id FROM leads l JOIN signals g ON g.lead = l.id JOIN posts p ON p.id = g.post"
                                " WHERE p.external_id = '1'")
            theirs = f"lead_{lead['id']}"
            equal((handed_on(hark, theirs), handed_on(hark, "lead_")), (everywhere, everywhere))
            equal(hark.run("privacy", "opt-out", by).returncode, 0)
            equal((handed_on(hark, theirs), handed_on(hark, "lead_")), ([], everywhere), by)
            equal([name for name in everywhere if name in handed_on(hark, "says the quill")], [], by)


@test
def whom_nobody_knows_may_opt_out_and_what_is_kept_is_told():
    with talk() as hark:
        equal(hark.json("privacy", "opt-out", "@stranger"), {"opt_outs": 1, "posts": 0, "leads": 0})
        check("nothing is held of them under that" in hark.run("privacy", "opt-out", "@stranger").stdout, "what else to try")
        equal(hark.json("privacy", "opt-out", "@Stranger"), {"opt_outs": 0, "posts": 0, "leads": 0})
        for wrong in ("Zoe", "a b@c.example", ""):
            equal(hark.run("privacy", "opt-out", wrong).returncode, 2, wrong)
        equal(hark.json("privacy", "retention", "--dry-run"),
              {"unmatched_s": 30 * 86400, "leads_s": 180 * 86400, "due": {"posts": 0, "leads": 0}})


def nameless(i, text, name):
    return {"id": str(i), "text": text, "account": {"name": name}}


@test
def who_has_a_name_alone_is_shown_first_and_then_stays_erased():
    with talk() as hark:
        hark.user("ann", "compliance")
        hark.peer.script("/items", page(QUIET), page(QUIET, nameless(21, "I want a zebrafish myself", "Nora  Nameless"),
                                                     nameless(22, "one more zebrafish of mine", "Nora  Nameless"),
                                                     nameless(23, "my own zebrafish", "Cy Example"), THEIRS,
                                                     nameless(24, "a quiet word", "mara@mail.example")))
        hark.start()
        hark.wait_alerts(3)
        wait_for("the posts", lambda: hark.count("posts") == 6)
        equal(hark.json("privacy", "export", "Mara@mail.example")["data"]["posts"][0]["text"], "a quiet word",
              "an address in the place of a name")
        who = "name:nora nameless"
        equal(hark.run("privacy", "export", "Nora Nameless").returncode, 2, "a name alone is nobody")
        for odd in ("name:\x01", "name: \x01\x02 ", "name:" + "x" * 5000):
            said = hark.run("privacy", "opt-out", "--dry-run", odd)
            equal((said.returncode, "is nobody: write @handle" in said.stderr), (2, True), said)
        odd = hark.post("/api/v1/privacy/opt-out", "ann", {"who": ["name:\x01"], "dry_run": True})
        equal((odd.status, "is nobody: write @handle" in odd.text), (422, True), odd.text)
        for command in ("opt-out", "erase", "export"):
            asked = hark.run("privacy", command, who)
            equal((asked.returncode, "--yes" in asked.stderr), (2, True), command)
            for part in ("may be several people", "Nora  Nameless in f: 2 posts", "one more zebrafish of mine"):
                check(part in asked.stdout, (command, part, asked.stdout))
            body = {"who": [who], "dry_run": False} if command == "erase" else {"who": [who]}
            refused = hark.post("/api/v1/privacy/" + command, "ann", body)
            equal((refused.status, "may be several people" in refused.text), (422, True), refused.text)
        equal((hark.count("opt_outs"), hark.count("posts")), (0, 6), "nothing was done")
        looked = hark.json("privacy", "erase", "--dry-run", who)
        equal([(h["source"], h["posts"], len(h["examples"])) for h in looked["by_name"]], [("f", 2, 2)])
        equal((looked["posts"], looked["accounts"], looked["people"]), (2, 1, 0))
        equal(hark.json("privacy", "opt-out", "--dry-run", "name:" + NAME)["posts"], 0, "who has a handle is not meant")
        hark.write_rows("UPDATE posts SET visibility = 'private' WHERE external_id = '22'")
        equal({e["text"][:8]: e["private"] for e in hark.json("privacy", "erase", "--dry-run", who)["by_name"][0]["examples"]},
              {"I want a": False, "one more": True})
        shown = hark.run("privacy", "opt-out", "--dry-run", who).stdout
        equal([("one more" in line) for line in shown.splitlines() if "private: not to be quoted" in line], [True], shown)
        over = hark.post("/api/v1/privacy/opt-out", "ann", {"who": [who], "dry_run": True}).json
        equal((over["posts"], hark.count("opt_outs")), (2, 0))
        held = hark.json("privacy", "export", who, "--yes")["data"]
        equal(sorted(p["text"] for p in held["posts"]), ["I want a zebrafish myself", "one more zebrafish of mine"])

        gone = hark.post("/api/v1/privacy/erase", "ann", {"who": [who], "dry_run": False, "confirmed": True}).json
        equal((gone["posts"], gone["leads"]), (2, looked["leads"]))
        equal(sorted(r["display_name"] for r in hark.rows("SELECT display_name FROM authors")),
              ["Bo Example", "Cy Example", NAME, "mara@mail.example"])
        hark.peer.script("/items", page(QUIET, nameless(21, "I want a zebrafish myself", "Nora Nameless"),
                                        nameless(28, "a zebrafish again", "NORA NAMELESS"),
                                        nameless(29, "a zebrafish for Cy", "Cy Example")))
        wait_for("Cy's post", lambda: hark.count("posts", "external_id = '29'") == 1)
        equal(hark.count("posts", "external_id IN ('21', '22', '28')"), 0)
        equal(hark.stop(), 0)


NOTICE = """subject: We hold data about you
purpose: to sell
basis: { legitimate-interest: our interest, consent: yours, contract: ours }
text: |
  {name}: since {date}
  {source}
  for {purpose}, on {basis}, by {contact}; object at {object}
"""


@test
def whoever_must_be_told_is_told_in_their_own_language_or_that_there_is_no_text():
    with Served() as hark:
        hark.config["operator"] = {"contact": "mailto:ops@example.com", "name": "Example Ltd"}
        hark.save()
        hark.write("in.csv", "id,name,email,company,Preferred Language\n"
                   f"C1,{NAME},{EMAIL},Globex,de-AT\nC2,Bo Example,bo@globex.example,Globex,\n"
                   "C3,Cy Example,cy@globex.example,Globex,Klingon\n")
        equal(hark.run("import", "contacts", "in.csv", "--yes").returncode, 0)
        zoe, bo, cy = (str(d["person"]) for d in hark.json("privacy", "due", "--within", "31d"))
        said = hark.run("privacy", "due", zoe)
        equal(said.returncode, 0, said.stderr)
        today = hark.rows("SELECT date(created_ms / 1000, 'unixepoch') AS day FROM people")[0]["day"]
        for part in (f"To: {EMAIL}", f"Guten Tag {NAME},", f"seit dem {today}", "- in.csv (contacts, ",
                     "berechtigtes Interesse", "Example Ltd, ops@example.com", "Schreiben Sie an ops@example.com",
                     "180 Tage"):
            check(part in said.stdout, (part, said.stdout))
        check("{" not in said.stdout, said.stdout)
        said = hark.run("privacy", "due", bo, cy)
        equal(said.returncode, 1)
        check("no text: which language they read was not imported" in said.stdout, said.stdout)
        check("no text: there is no text in 'Klingon', only in de, en, es, fr, it, nl, pl and pt" in said.stdout,
              said.stdout)
        equal(hark.json("privacy", "due", bo, "--language", "it")[0]["notice"]["language"], "it")
        equal(hark.run("privacy", "due", "99").returncode, 1)
        equal(hark.run("privacy", "due", bo, "--language", "Italian").returncode, 2)
        for lang in ("de", "en", "es", "fr", "it", "nl", "pl", "pt"):
            hark.write("own.yaml", hark.run("privacy", "notices", lang).stdout)
            hark.config["privacy"] = {"language": lang, "notices": {lang: "own.yaml"}}
            hark.save()
            told = hark.json("privacy", "due", bo)[0]["notice"]
            equal((told["language"], "{" in told["text"] + told["subject"]), (lang, False))

        hark.write("own.yaml", NOTICE)
        hark.config["privacy"] = {"language": "tlh", "contact": "mailto:dpo@example.com",
                                  "notices": {"tlh": "own.yaml"}, "purpose": {"tlh": "to trade"}}
        hark.save()
        equal(hark.json("privacy", "due", bo)[0]["notice"]["text"].split("\n")[2],
              "for to trade, on our interest, by Example Ltd, ops@example.com; object at dpo@example.com")
        check("privacy.purpose does not say in de" in hark.run("privacy", "due", zoe).stdout)
        hark.config["privacy"] = {"notices": {"tlh": "own.yaml", "German": "own.yaml", "xx": "none.yaml"},
                                  "purpose": {"qq": "why"}}
        hark.save()
        hark.write("own.yaml", NOTICE.replace("{name}", "{nmae}").replace(" by {contact};", "") + "more: x\n")
        said = hark.run("check").stdout + hark.run("check").stderr
        for part in ("own.yaml:5:3: error C004: nothing stands for {nmae}", "did you mean {name}?",
                     "the text of a notice has to say {contact}", "there is no key 'more' in a notice",
                     "'German' is no language", "none.yaml", "there is no notice in 'qq'"):
            check(part in said, (part, said))


run()
