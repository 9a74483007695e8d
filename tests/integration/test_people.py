#!/usr/bin/env python3
"""Who wrote a post: known people are known by evidence, namesakes are put up for review."""
import json
import os

from daemon import Hark, ROUTE_ALL
from peer import Answer, Peer
from tap import check, equal, run, test, wait_for

BOARD = """
id: board
about: a board
every: 1m
vars: { server: { type: url, about: the server, required: true, example: "https://board.example" } }
request: { url: "{server}/items" }
items: { pointer: "" }
map:
  external_id: /id
  text: /text
  author.handle: /handle
  author.display_name: /name
  author.profile_url: /url
  author.bio: /bio
"""
CONTACTS = ("id,name,email,company,title,linkedin\n"
            "C1,Odalys Merrick,odalys@globex.example,Globex,CTO,https://www.linkedin.com/in/odalys-merrick-example\n"
            "C2,Bram Oakden,bram@initech.example,Initech,VP Sales,\n")
ACCOUNTS = "name,domains\nGlobex,globex.example\nInitech,initech.example\n"


def post(i, text="I want a zebrafish", **author):
    return {"id": str(i), "text": text, **author}


def importing(hark, kind, text, *more):
    hark.write(kind + ".csv", text)
    done = hark.run("import", kind, kind + ".csv", "--yes", *more)
    equal(done.returncode, 0, done.stdout + done.stderr)


class Board:
    """A source whose posts a test adds to."""

    def __init__(self):
        self.peer, self.items = Peer(), []
        self.peer.script("/items", lambda r: Answer(json.dumps(self.items), type="application/json"))

    def say(self, *posts):
        self.items = list(posts) + self.items


def listen(*boards, contacts=CONTACTS):
    hark = Hark(sources=[{"name": f"b{i}", "connector": "board", "vars": {"server": b.peer.url("")}}
                         for i, b in enumerate(boards)], routes=ROUTE_ALL)
    os.mkdir(hark.path("connectors"))
    hark.write("connectors/board.yaml", BOARD)
    if contacts is not None:
        importing(hark, "accounts", ACCOUNTS, "--set", "type=customer")
        importing(hark, "contacts", contacts)
    return hark


@test
def an_author_is_known_by_profile_and_named_with_the_account_and_the_evidence():
    board = Board()
    with listen(board) as hark:
        hark.start()
        check("who is who: 2 people" in hark.log(), hark.log())
        hark.wait_baseline()
        board.say(post(1, name="O. Merrick", url="https://linkedin.com/in/odalys-merrick-example/"))
        lead = hark.wait_alerts(1)[0]["data"]
        equal(lead["subject"], {"kind": "contact", "id": "contacts:C1", "name": "Odalys Merrick"})
        equal((lead["person"]["name"], lead["person"]["known_by"], lead["person"]["grade"]),
              ("Odalys Merrick", "profile + name", "A"))
        equal((lead["account"]["name"], lead["account"]["type"]), ("Globex", "customer"))
        said = hark.run("leads", "show", lead["id"]).stdout
        check("Odalys Merrick (person 1), by profile + name, grade A" in said, said)
        check("Globex (customer, account 1)" in said, said)


@test
def a_handle_that_is_proven_by_an_address_is_learned_and_known_elsewhere():
    here, there = Board(), Board()
    with listen(here, there) as hark:
        hark.start()
        hark.wait_baseline()
        here.say(post(1, name="Odalys Merrick", handle="@odalys@social.example",
                      bio="Tea. Write to odalys@globex.example"))
        hark.wait_alerts(1)
        (learned,) = hark.rows("SELECT * FROM identities WHERE confidence = 'proven'")
        equal((learned["kind"], learned["value"], learned["person"]), ("handle", "@odalys@social.example", 1))
        there.say(post(1, name="odalys", handle="@odalys@social.example", text="Still want a zebrafish, really"))
        wait_for("the second post", lambda: hark.count("signals") == 2)
        equal([l["subject"]["name"] for l in hark.leads()], ["Odalys Merrick"], "one lead of one person")
        shown = hark.run("people", "show", "1").stdout
        check("@odalys@social.example, proven by post" in shown, shown)
        check("person       1\n" in shown, shown)


@test
def a_name_alone_is_put_up_once_and_decided_for_good():
    board = Board()
    with listen(board) as hark:
        hark.start()
        hark.wait_baseline()
        board.say(post(1, name="Bram Oakden", handle="bram"),
                  post(2, name="Bram Oakden", handle="bram", text="A zebrafish, please"))
        hark.wait_alerts(1)
        wait_for("both posts", lambda: hark.count("signals") == 2)
        equal({l["subject"]["name"] for l in hark.leads()}, {"Bram Oakden"})
        equal(hark.count("encounters"), 0, "nobody is known by a name")
        (row,) = hark.json("review", "list")
        equal((row["why"], row["detail"], row["person"], row["other_name"]), ("same-name", "name", 2, "Bram Oakden"))
        text = hark.run("review", "show", str(row["review"])).stdout
        check("author" in text and "VP Sales" in text and "bram" in text, text)
        check("\nsaid last\n    A zebrafish, please\n" in text, text)
        equal(hark.json("review", "show", str(row["review"]))["said"], "A zebrafish, please")
        check("author Bram Oakden: name" in hark.run("people", "show", "2").stdout, "to review")
        equal(hark.run("review", "accept", str(row["review"])).returncode, 0)
        board.say(post(3, name="Bram Oakden", handle="bram", text="Where is my zebrafish?"))
        wait_for("the third", lambda: hark.count("signals") == 3)
        equal([(l["subject_kind"], l["subject_id"]) for l in hark.rows("SELECT * FROM leads ORDER BY id DESC LIMIT 1")],
              [("contact", "contacts:C2")])
        equal([e["known_by"] for e in hark.rows("SELECT * FROM encounters")], ["review 1"])
        equal(hark.run("review", "undo", str(row["review"])).returncode, 0)
        equal(hark.count("identities", "confidence = 'reviewed'"), 0)
        equal(hark.run("review", "reject", str(row["review"])).returncode, 0)
        board.say(post(4, name="Bram Oakden", handle="bram", text="No zebrafish?",
                       bio="VP Sales at Initech"))
        wait_for("the fourth", lambda: hark.count("signals") == 4)
        equal(hark.count("encounters"), 0, "somebody said they are two")
        equal(hark.json("review", "list"), [])


@test
def who_is_imported_while_harkd_runs_is_known_from_then_on():
    board = Board()
    with listen(board, contacts=None) as hark:
        hark.start()
        hark.wait_baseline()
        importing(hark, "contacts", CONTACTS)
        wait_for("the people", lambda: "who is who: 2 people" in hark.log())
        board.say(post(1, name="Bram Oakden", handle="bo", bio="VP Sales at Initech, Ghent"))
        lead = hark.wait_alerts(1)[0]["data"]
        equal((lead["person"]["name"], lead["person"]["known_by"], lead["person"]["grade"]),
              ("Bram Oakden", "name + employer", "B"))
        equal(hark.run("reload").returncode, 0)
        board.say(post(2, name="bo", url="https://www.linkedin.com/in/odalys-merrick-example", text="zebrafish!"))
        equal(hark.wait_alerts(2)[1]["data"]["subject"]["name"], "Odalys Merrick")


@test
def two_people_with_one_address_are_both_put_up():
    board = Board()
    twins = ("id,name,email,company\n1,Kim Twinfield,team@globex.example,Globex\n"
             "2,Lee Otherfield,team@globex.example,Globex\n")
    with listen(board, contacts=twins) as hark:
        hark.start()
        hark.wait_baseline()
        board.say(post(1, name="The team", handle="team@globex.example"))
        hark.wait_alerts(1)
        equal(hark.count("encounters"), 0)
        equal(sorted(r["person"] for r in hark.json("review", "list") if r["why"] == "same-name"), [1, 2])
        equal(hark.leads()[0]["subject"]["name"], "The team")


@test
def what_people_and_companies_announce_becomes_a_move_and_a_name_alone_a_question():
    board, paper = Board(), Board()
    with listen(board, paper) as hark:
        hark.start()
        hark.wait_baseline()
        board.say(post(1, name="Odalys Merrick", url="https://www.linkedin.com/in/odalys-merrick-example",
                       text="Thrilled to be joining Initech as Chief Operating Officer!"))
        wait_for("the move", lambda: hark.json("moves", "list"))
        (move,) = hark.json("moves", "list")
        equal([move[k] for k in ("name", "event", "to", "title", "from", "grade")],
              ["Odalys Merrick", "joined", "Initech", "Chief Operating Officer", "Globex", "C"])
        paper.say(post(1, name="Trade Paper", text="Initech names Odalys Merrick, formerly of Globex, its new COO"),
                  post(2, name="Trade Paper", text="Hooli appoints Bram Oakden as chief revenue officer"))
        wait_for("the other witness", lambda: hark.json("moves", "list")[0]["sources"] == 2)
        shown = hark.json("moves", "show", "1")
        equal([(e["source"], e["kind"], e["known_by"]) for e in shown["evidence"]],
              [("b0", "announcement", "profile + name"), ("b1", "announcement", "name + employer")])
        (row,) = hark.json("review", "list")
        equal((row["person"], row["move"], row["detail"]), (2, 2, "name"))
        sides = {s["what"]: (s.get("person"), s.get("other")) for s in hark.json("review", "show", str(row["review"]))["sides"]}
        equal(sides["employer"], ("Initech", "Hooli"))
        check("move 2" in hark.run("review", "show", str(row["review"])).stdout)
        equal(hark.run("review", "accept", str(row["review"])).returncode, 0)
        equal([(m["person"], m["to"]) for m in hark.json("moves", "list")], [(2, "Hooli"), (1, "Initech")])
        check("at Hooli" in hark.json("people", "show", "2")["jobs"][0]["value"])
        equal(hark.run("review", "undo", str(row["review"])).returncode, 0)
        equal([m["person"] for m in hark.json("moves", "list")], [1])
        check("at Initech" in hark.json("people", "show", "2")["jobs"][0]["value"])


@test
def who_announces_a_move_is_known_by_name_and_the_employer_of_before():
    board = Board()
    with listen(board) as hark:
        hark.start()
        hark.wait_baseline()
        board.say(post(1, name="Bram Oakden", text="After five years at Initech I am starting on Monday as Chief Operating "
                                                   "Officer at Hooli. Grateful to everyone!"),
                  post(2, name="Odalys Merrick", text="After five years at Umbrella I am starting on Monday as Chief Operating "
                                                      "Officer at Hooli. Grateful to everyone!"))
        wait_for("the moves", lambda: hark.count("moves") == 2)
        (move,) = hark.json("moves", "list")
        equal([move[k] for k in ("name", "to", "from")], ["Bram Oakden", "Hooli", "Initech"])
        equal(hark.json("moves", "show", str(move["move"]))["evidence"][0]["known_by"], "name + employer")
        equal([r["person"] for r in hark.json("review", "list")], [1], "a namesake from elsewhere is a question")


@test
def a_mover_who_is_reviewed_goes_on_with_the_lead_there_is():
    paper, other = Board(), Board()
    with listen(paper, other) as hark:
        hark.config["rules"] = ["packs/job-move"]
        hark.config["lists"] = {"contacts": {"from": "contacts"}, "customers": {"from": "accounts"}}
        hark.config["routes"] = [{"to": ["out"]}]
        hark.save()
        hark.start()
        hark.wait_baseline()
        paper.say(post(1, name="Trade Paper", text="Globex appoints Bram Oakden as chief revenue officer"))
        hark.wait_alerts(1)
        wait_for("the move", lambda: hark.count("moves") == 1)
        said = hark.run("moves", "list").stdout
        check("hark review list" in said and "hark moves list --strangers" in said, said)
        equal(hark.run("review", "accept", "1").returncode, 0)
        wait_for("what follows", lambda: hark.count("move_effects", "lead IS NOT NULL") == 1)
        (lead,) = hark.json("leads", "list", "--state", "all")
        shown = hark.json("leads", "show", "1")
        equal(sorted(s["rule"] for s in shown["signals"]), ["contact-named", "effects/joins-account"])
        equal([e["action"] for e in shown["history"]], ["raised", "evidence"])
        other.say(post(1, name="Other Paper", text="Bram Oakden, formerly of Initech, joins Globex as chief revenue officer"))
        wait_for("the other paper", lambda: hark.json("moves", "list")[0]["sources"] == 2)
        equal(len(hark.json("leads", "list", "--state", "all")), 1)


@test
def a_contact_of_no_account_has_the_owner_it_was_imported_with():
    board = Board()
    with listen(board, contacts="id,name,company,owner,linkedin\nC1,Wanda Freewell,Nowhere Works,Ed,"
                                "https://www.linkedin.com/in/wanda-example\n") as hark:
        hark.start()
        hark.wait_baseline()
        board.say(post(1, name="Wanda Freewell", url="https://linkedin.com/in/wanda-example/"))
        hark.wait_alerts(1)
        said = hark.run("why", "lead_1").stdout
        check("it goes to the owner of Wanda Freewell" in said, said)


@test
def a_person_is_shown_by_name_with_dated_jobs_and_what_they_did_as_of_a_day():
    contacts = ("id,name,company,title,Started On\nC1,Odalys Merrick,Globex,CTO,2026-02\n"
                "C2,Kim Twinfield,Globex,Buyer,\nC3,Kim Otherfield,Initech,Buyer,\n")
    board = Board()
    with listen(board, contacts=contacts) as hark:
        hark.start()
        hark.wait_baseline()
        board.say(post(1, name="Trade Paper", text="Initech names Odalys Merrick, formerly of Globex, its new COO"))
        wait_for("the move", lambda: hark.json("moves", "list"))
        equal([m["to"] for m in hark.json("moves", "list", "odalys merrick")], ["Initech"])
        said = hark.run("moves", "list", "Twinfield")
        equal((said.returncode, said.stdout), (0, "they have not changed jobs, as far as hark was told\n"))
        said = hark.run("moves", "list", "77")
        check(said.returncode == 1 and "there is no person 77: hark people list shows them" in said.stderr, said)
        shown = hark.json("people", "show", "odalys merrick")
        equal(shown["person"], 1)
        equal([j["kind"] for j in shown["jobs"]], ["now", "before"])
        check("COO at Initech" in shown["jobs"][0]["value"] and "told by move 1" in shown["jobs"][0]["value"], shown)
        check("CTO at Globex, since 2026-02" in shown["jobs"][1]["value"] and "imported" in shown["jobs"][1]["value"], shown)
        heard = shown["timeline"][0]
        equal((heard["value"], heard["at"][-1]), ("joins Initech as COO, from Globex, move 1", "Z"))
        check(f"{heard['at'][:10]} joins Initech" in hark.run("people", "show", "1").stdout)
        then = hark.json("people", "show", "Odalys", "--as-of", "2026-03")["jobs"]
        equal([(j["kind"], j["value"].split(",")[0]) for j in then], [("then", "CTO at Globex")])
        equal([(j["kind"], j["value"]) for j in hark.json("people", "show", "Odalys", "--as-of", "2025")["jobs"]],
              [("unknown", "no job of theirs is known as of 2025")])
        equal(hark.run("people", "show", "Odalys", "--as-of", "then").returncode, 2)
        several = hark.run("people", "show", "Kim")
        check(several.returncode == 2 and "2, 3" in several.stderr, several.stderr)
        check("no person" in hark.run("people", "show", "Nobody").stderr)
        equal([p["name"] for p in hark.json("people", "search", "Kim")], ["Kim Otherfield", "Kim Twinfield"])


OFFICERS = """
id: officers
about: a list
every: 1m
record: profile
vars: { server: { type: url, about: the server, required: true, example: "https://board.example" } }
request: { url: "{server}/items" }
items: { pointer: "" }
cursor: { kind: snapshot_diff, from: /id, watch: [ /company, /role ] }
map: { person: /name, employer: /company, title: /role, url: /url }
"""


@test
def a_move_that_two_lists_tell_of_is_one_with_both_as_evidence():
    here, there = Board(), Board()
    odalys = {"id": "1", "name": "Odalys Merrick", "role": "CTO", "company": "Globex",
              "url": "https://www.linkedin.com/in/odalys-merrick-example"}
    stranger = {"id": "2", "name": "Wren Halloway", "role": "CFO", "company": "Globex", "url": "https://b.example/2"}
    with listen(here, there) as hark:
        hark.write("connectors/officers.yaml", OFFICERS)
        for source in hark.config["sources"]:
            source["connector"] = "officers"
        hark.save()
        here.items = there.items = [odalys, stranger]
        hark.start()
        hark.wait_baseline()
        equal(hark.json("moves", "list"), [])
        here.items = [{**odalys, "company": "Initech", "role": "CIO"}, {**stranger, "company": "Initech"}]
        wait_for("the move", lambda: hark.count("moves", "person IS NOT NULL") == 1)
        equal([(m["name"], m.get("person"), m["to"]) for m in hark.json("moves", "list", "--strangers")],
              [("Wren Halloway", None, "Initech")])
        (move,) = hark.json("moves", "list")
        equal((move["name"], move["to"], move["title"], move["grade"]), ("Odalys Merrick", "Initech", "CIO", "C"))
        there.items = [{**odalys, "company": "Initech Inc.", "role": "CIO"}, stranger]
        wait_for("the other list", lambda: hark.json("moves", "list")[0]["sources"] == 2)
        (move,) = hark.json("moves", "list", "1")
        equal(move["grade"], "B")
        shown = hark.json("moves", "show", str(move["move"]))
        equal([(e["source"], e["to"]) for e in shown["evidence"]], [("b0", "Initech"), ("b1", "Initech Inc.")])
        said = hark.run("moves", "show", str(move["move"])).stdout
        check("Odalys Merrick (1)" in said and "b1" in said, said)
        jobs = hark.json("people", "show", "1")["jobs"]
        check("CIO at Initech" in jobs[0]["value"] and jobs[1]["kind"] == "before", jobs)
        equal(hark.run("moves", "show", "99").returncode, 1)
        equal(hark.run("moves", "show", "x").returncode, 2)


def export(hark, name, mtime, *rows):
    hark.write("drop/" + name, "First Name,Last Name,Email Address,Company,Position\n" + "".join(r + "\n" for r in rows))
    os.utime(hark.path("drop/" + name), (mtime, mtime))


def with_roster(contacts):
    hark = Hark(routes=ROUTE_ALL)
    hark.config["sources"] = [{"name": "roster", "connector": "roster", "folder": hark.path("drop"), "every": "10s"}]
    hark.save()
    os.mkdir(hark.path("drop"))
    importing(hark, "contacts", contacts)
    return hark


@test
def who_leaves_the_employer_on_record_is_known_in_a_roster_by_name():
    with with_roster("id,name,company,title\nC1,Bram Oakden,Initech,VP Sales\n") as hark:
        export(hark, "1.csv", 1790000000, "Bram,Oakden,,Initech,VP Sales", "Wren,Halloway,,Initech,CFO")
        export(hark, "2.csv", 1790086400, "Bram,Oakden,,Globex,CIO", "Wren,Halloway,,Globex,CFO")
        hark.start()
        wait_for("both exports", lambda: hark.count("profiles") == 4)
        (move,) = hark.json("moves", "list")
        equal([move[k] for k in ("name", "to", "title", "from", "was_title")],
              ["Bram Oakden", "Globex", "CIO", "Initech", "VP Sales"])
        shown = hark.json("moves", "show", str(move["move"]))
        equal(shown["evidence"][0]["from"], "Initech")


@test
def who_has_the_address_on_record_is_known_in_a_roster_whatever_the_employer():
    with with_roster("id,name,email,company\nC1,Bram Oakden,bram@initech.example,Initech\n") as hark:
        export(hark, "1.csv", 1790000000, "Bram,Oakden,bram@initech.example,Fenwick Rail,VP Sales")
        export(hark, "2.csv", 1790086400, "Bram,Oakden,bram@initech.example,Globex,CIO")
        hark.start()
        wait_for("both exports", lambda: hark.count("profiles") == 2)
        (move,) = hark.json("moves", "list")
        equal((move["person"], move["to"], move["from"]), (1, "Globex", "Fenwick Rail"))
        posts, profiles = hark.rows("SELECT * FROM posts"), hark.rows("SELECT * FROM profiles")
        check("bram@" not in repr([dict(r) for r in posts + profiles]), "the address is read, not kept")


@test
def an_import_says_whose_gates_nobody_keeps_any_more():
    staff = "id,name,email,termination date\nS1,Bea Karsten,bea@vendor.example,{}\nS2,Cy Dorn,cy@vendor.example,\n"
    with listen() as hark:
        importing(hark, "staff", staff.format(""))
        for step in (["nominate", "Odalys Merrick"], ["nominate", "Bram Oakden"], ["assign", "1", "bea"], ["assign", "2", "cy"]):
            done = hark.run("references", *step, "--as", "ana")
            equal(done.returncode, 0, done)
        hark.write("staff.csv", staff.format("2026-11-20"))
        check("kept the gate" not in hark.run("import", "staff", "staff.csv").stdout)
        done = hark.run("import", "staff", "staff.csv", "--yes").stdout
        check("1 reference has lost whoever kept the gate: hark references list --orphans" in done, done)
        equal([r["reference"] for r in hark.json("references", "list", "--orphans")], [1])
        shown = hark.run("references", "show", "1").stdout
        check("orphan     bea has left: hark references assign 1 NAME" in shown, shown)
        done = hark.run("references", "assign", "1", "Bea Karsten", "--as", "ana")
        check(done.returncode != 0 and "Bea Karsten has left on 2026-11-20 and keeps no gate: name somebody else" in done.stderr, done)
        equal(len(hark.json("references", "list", "--orphans")), 1)
        equal(hark.run("references", "assign", "1", "cy", "--as", "ana").returncode, 0)
        equal(hark.json("references", "list", "--orphans"), [])

run()
