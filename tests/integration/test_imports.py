#!/usr/bin/env python3
"""Imported records with the running daemon: lists are made of them, an import reaches it without a word, and is there
whole or not at all when it is killed or the disk is full."""
import json
import os
import resource
import signal
import subprocess
import time

from daemon import HARK, RULES, Hark
from peer import Answer, Peer, rss
from tap import check, equal, run, test, wait_for

WHO = RULES + """\
  - id: contact-speaks
    title: A known contact speaks
    kind: mention
    status: live
    level: instant
    subject: author
    score: { base: 70 }
    match: 'any:customers AS $c NEAR/9 gears'
    emit: { tier: $c.tier, owner: $c.owner }
    tests:
      lists: { customers: [ Globex Widgets ] }
      match: [ "Globex Widgets bought gears" ]
      nomatch: [ "Globex Widgets bought nothing" ]
"""
ACCOUNTS = "id,name,type,owner,Level\nA1,Globex Widgets,customer,Rep One,gold\nA2,Initech Rails,prospect,Rep Two,\n"


def imported(hark, kind, text, *args, name="in.csv"):
    hark.write(name, text)
    done = hark.run("import", kind, name, "--yes", *args)
    equal(done.returncode, 0, done.stdout + done.stderr)
    return done.stdout


def with_list(**more):
    hark = Hark(rules=WHO, routes=[{"when": {}, "to": ["out"]}], **more)
    hark.config["lists"]["customers"] = {"from": "accounts", "where": "type = customer"}
    hark.save()
    return hark


@test
def lists_are_made_of_imported_records_for_filters_too():
    with with_list() as hark:
        said = hark.run("check")
        check("needs imported accounts" in said.stdout + said.stderr, said.stdout + said.stderr)
        imported(hark, "accounts", ACCOUNTS, "--map", "tier=Level")
        equal(hark.run("check").returncode, 0)
        posts = '{"source":"x","external_id":"1","text":"Globex Widgets wants gears"}\n' \
                '{"source":"x","external_id":"2","text":"Initech Rails wants gears"}\n'
        found = hark.run("match", "-", stdin=posts)
        equal(found.stdout.count("\n"), 1, found.stdout + found.stderr)
        check('"tier":"gold"' in found.stdout and '"owner":"Rep One"' in found.stdout, found.stdout)


@test
def an_import_reaches_the_running_daemon():
    peer = Peer()
    story = [{"id": "1", "author": "ada", "text": "quiet"}]
    peer.script("/feed", Answer(rss(story)))
    with with_list(sources=[{"name": "a", "url": peer.url("/feed")}]) as hark:
        imported(hark, "accounts", ACCOUNTS, "--map", "tier=Level")
        hark.start()
        equal(hark.json("status")["list_entries"], 1)
        imported(hark, "accounts", ACCOUNTS.replace("prospect", "customer"), "--map", "tier=Level")
        wait_for("the new list", lambda: hark.json("status")["list_entries"] == 2)
        check("records of people and accounts have changed" in hark.log(), hark.log())
        story.append({"id": "2", "author": "bob", "text": "Initech Rails wants gears"})
        peer.script("/feed", Answer(rss(story)))
        hark.wait_alerts(1)
        equal(hark.run("import", "undo", "2", "--yes").returncode, 0)
        wait_for("the old list", lambda: hark.json("status")["list_entries"] == 1)


def many(n, first=0):
    return "id,name,email,employer,title\n" + "".join(
        f"{i},Person Number{i},p{i}@c{i % 97}.example,Company {i % 97},Buyer\n" for i in range(first, first + n))


@test
def an_import_that_is_killed_is_there_whole_or_not_at_all():
    with Hark() as hark:
        imported(hark, "contacts", many(10))
        hark.write("big.csv", many(20000, 10))
        for i in range(6):
            process = subprocess.Popen([HARK, "-c", hark.path("hark.yaml"), "import", "contacts", "big.csv", "--yes"],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=hark.folder)
            time.sleep(0.05 * (i + 1))
            process.send_signal(signal.SIGKILL)
            process.wait()
            people = hark.count("people")
            check(people in (10, 20010), f"{people} people after the kill")
            check(people == 20010 or hark.count("imports") == 1, "half an import is in the ledger")
        hark.run("import", "contacts", "big.csv", "--yes", seconds=60)
        equal(hark.count("people"), 20010)
        equal(hark.count("identities"), 20010)
        equal(hark.count("employments"), 20010)


@test
def an_import_that_finds_no_room_leaves_what_was():
    with Hark() as hark:
        imported(hark, "contacts", many(10))
        hark.write("big.csv", many(20000, 10))

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (1500000, 1500000))

        done = subprocess.run([HARK, "-c", hark.path("hark.yaml"), "import", "contacts", "big.csv", "--yes"],
                              capture_output=True, text=True, preexec_fn=limit, cwd=hark.folder)
        equal(done.returncode, 1, done.stdout)
        check("nothing imported" in done.stderr, done.stderr)
        equal(hark.count("people"), 10)
        equal(hark.count("imports"), 1)
        imported(hark, "contacts", many(20000, 10), name="big.csv")
        equal(hark.count("people"), 20010)
        equal(hark.run("backup", "copy.db", seconds=60).returncode, 0)
        back = subprocess.run([HARK, "-c", hark.path("hark.yaml"), "restore", "copy.db"], capture_output=True, text=True,
                              preexec_fn=limit, cwd=hark.folder)
        check(back.returncode == 1 and "hark.db.restoring" in back.stderr and "File too large" in back.stderr, back.stderr)
        equal(hark.count("people"), 20010)


@test
def what_cannot_be_meant_is_refused_and_what_is_long_is_not_cut():
    with Hark() as hark:
        hark.write("in.csv", "name,other,email\nAda Example,Bo Sample,ada@acme.example\n")
        for said in (["--map", "name=name", "--map", "name=other"], ["--set", "title=CTO", "--set", "title=CEO"]):
            done = hark.run("import", "contacts", "in.csv", "--yes", *said)
            check(done.returncode != 0 and "say one of them" in done.stderr, said, done)
        many = " ".join(f"site{i}.example" for i in range(300))
        far = " ".join(f"site{i}.example" for i in range(900))
        hark.write("in.csv", f"name,type,domains\nGlobex,customer,{many}\nHooli,customer,{far}\nInitech,customer,i.example\n")
        done = hark.run("import", "accounts", "in.csv", "--yes")
        check("line 3: domains: longer than 8000 bytes" in done.stdout, done.stdout + done.stderr)
        equal([r["name"] for r in hark.rows("SELECT name FROM accounts ORDER BY name")], ["Globex", "Initech"])
        equal(hark.count("account_names", "kind = 'domain'"), 301)


@test
def cards_show_what_was_imported():
    with Hark() as hark:
        imported(hark, "contacts", "id,name,email,company,title\n1,Ada Example,ada@acme.example,Acme,CTO\n"
                                   "2,Bob Sample,ada@acme.example,Acme,Buyer\n")
        imported(hark, "contacts", "id,name,company,title\n1,Ada Example,Globex,CTO\n")
        imported(hark, "accounts", "name,type,domain,aliases\nGlobex,customer,globex.example,Globex Group\n")
        imported(hark, "opportunities", "id,account,stage,amount,currency\n9,Globex Group,Won,1200,EUR\n")
        imported(hark, "cases", "id,account,status,subject\n9,Globex,Open,Gears grind\n")
        imported(hark, "surveys", "email,company,nps\nada@acme.example,Globex,9\nx@globex.example,Globex,8\n")
        person = hark.json("people", "show", "1")
        equal([(j["kind"], j["value"].split(",")[0]) for j in person["jobs"]],
              [("now", "CTO at Globex"), ("before", "CTO at Acme")])
        equal(person["to review"][0]["value"], "Bob Sample (2): ada@acme.example")
        equal([p["name"] for p in hark.json("people", "list", "ADA@acme")], ["Ada Example", "Bob Sample"])
        equal([p["name"] for p in hark.json("people", "list", "globex")], ["Ada Example"])
        equal(hark.json("people", "list", "%"), [])
        account = hark.json("accounts", "show", "1")
        equal(account["deals"][0]["value"], "opportunities:9, Won, 1200 EUR")
        equal(account["cases"][0]["value"].split(",")[0], "Gears grind")
        equal(account["surveys"][0]["value"], "mean 8.5 of 2 answers")
        equal(account["people"][0]["kind"], "Ada Example")
        equal(hark.json("accounts", "list", "globex.example")[0]["people"], 1)
        equal(hark.run("accounts", "show", "7").returncode, 1)
        # Names that are longer in bytes than on a screen do not shift what stands beside them.
        imported(hark, "contacts", "id,name,company,title\n3,Zoë Ünal,Globex,Buyer\n")
        shown = hark.run("accounts", "show", "1").stdout
        check("\n  Ada Example  CTO\n" in shown and "\n  Zoë Ünal     Buyer\n" in shown, shown)
        # A column that is not imported says which order the dates are in; a currency is none by its letters alone.
        hark.write("deals.csv", "id,account,stage,amount,currency,close date,Wobble\n1,Globex Group,Open,5,eur,3/4/2026,12/31/2025\n"
                                "2,Globex Group,Open,5,XYZZ,3/5/2026,1/31/2025\n")
        done = hark.run("import", "opportunities", "deals.csv", "--yes")
        check("'XYZZ' is no currency: three letters such as EUR" in done.stdout + done.stderr, done.stdout + done.stderr)
        equal([(r["closes_on"], r["currency"]) for r in hark.rows("SELECT * FROM opportunities WHERE closes_on IS NOT NULL")],
              [("2026-03-04", "EUR")])
        equal([r["records"] for r in hark.json("report", "imports") if r["kind"] == "opportunities"], [1], "without the refused one")

STAFF = "Id,Name,Email,Company\ns1,Ana Lopez,ana@acme.example,Acme\ns2,Bo Lind,bo@acme.example,Acme\n"
TIES = """First Name,Last Name,URL,Email Address,Company,Position,Connected On
Odalys,Merrick,https://www.linkedin.com/in/odalys-example,,Globex Widgets,Buyer,05 Mar 2019
Piet,Sander,,piet@initech.example,Initech Rails,Planner,11 Jun 2021
,,,,,,12 Jun 2021
Kim,,,,,,13 Jun 2021
"""


def ties(hark):
    return hark.rows("SELECT name, account_name, title, known_on FROM ties ORDER BY name")


@test
def whom_a_colleague_knows_is_imported_updated_taken_back_and_forgotten():
    with Hark() as hark:
        hark.write("ties.csv", TIES)
        nobody = hark.run("import", "ties", "ties.csv", "--of", "Ana Lopez", "--yes")
        check(nobody.returncode != 0 and "none of the staff" in nobody.stderr, nobody.stderr)
        imported(hark, "staff", STAFF)
        check("--of" in hark.run("import", "ties", "ties.csv", "--yes").stderr)
        equal(hark.run("import", "ties", "ties.csv", "--of", "Ana Lopez", "--dry-run").returncode, 1)
        equal(ties(hark), [], "a dry run writes nothing")
        done = hark.run("import", "ties", "ties.csv", "--of", "ana lopez", "--yes", "--json")
        counts = json.loads(done.stdout)
        equal([counts[k] for k in ("rows", "new", "changed", "rejected")], [4, 2, 0, 2], counts)
        equal([t["known_on"] for t in ties(hark)], ["2019-03-05", "2021-06-11"])
        check(hark.rows("SELECT count(*) AS n FROM people WHERE kind = 'contact'")[0]["n"] == 0, "no contacts come of it")
        hark.write("ties.csv", TIES.replace("Buyer", "Head of Buying"))
        hark.run("import", "ties", "ties.csv", "--of", "Ana Lopez", "--yes")
        equal([t["title"] for t in ties(hark)], ["Head of Buying", "Planner"])
        # Another colleague's tie to the same person is one of its own.
        equal(hark.run("import", "ties", "ties.csv", "--of", "bo@acme.example", "--yes").returncode, 1)
        equal(len(ties(hark)), 4)
        looked = hark.run("import", "undo", "-n", "3").stdout
        check("1 record that it changed would be as before: Odalys Merrick\n" in looked, looked)
        looked = hark.run("import", "undo", "-n", "4").stdout
        check("2 records that it added would go: Odalys Merrick, Piet Sander\n" in looked, looked)
        imported(hark, "opportunities", "id,account,stage,amount\n9,Globex,Won,1200\n10,Globex,Won,50\n")
        looked = hark.run("import", "undo", "-n", "5").stdout
        check("would go: opportunities:9, opportunities:10\n" in looked, looked)
        refused = hark.run("import", "undo", "1")
        check(refused.returncode != 0 and "of an import hang on the people" in refused.stderr, refused.stderr)
        equal(hark.run("import", "undo", "4", "--yes").returncode, 0)
        equal(hark.run("import", "undo", "3", "--yes").returncode, 0)
        equal([t["title"] for t in ties(hark)], ["Buyer", "Planner"])
        # Whoever wants to be left alone is nobody's tie, now and after the next import.
        equal(hark.run("privacy", "opt-out", "https://www.linkedin.com/in/odalys-example").returncode, 0)
        equal([t["name"] for t in ties(hark)], ["Piet Sander"])
        hark.write("ties.csv", TIES)
        hark.run("import", "ties", "ties.csv", "--of", "Bo Lind", "--yes")
        equal([t["name"] for t in ties(hark)], ["Piet Sander", "Piet Sander"])
        export = hark.run("privacy", "export", "piet@initech.example", "--json").stdout
        check("Ana Lopez" in export and "Initech Rails" in export, export)
        equal(hark.run("privacy", "erase", "piet@initech.example", "--yes").returncode, 0)
        equal(ties(hark), [])



run()
