#!/usr/bin/env python3
"""Two people that may be one: put up by an import, shown side by side, decided, and taken back."""
from daemon import Hark
from tap import check, equal, run, test

PEOPLE = ("id,name,email,company,title\n1,Anna Müller,anna@acme.example,Acme GmbH,VP Sales\n"
          "2,Anna Mueller,anna@acme.example,Acme,Head of Sales\n3,Zoe Sample,zoe@acme.example,Acme,CTO\n")


def with_people(people=PEOPLE):
    hark = Hark()
    hark.write("in.csv", people)
    done = hark.run("import", "contacts", "in.csv", "--yes")
    equal(done.returncode, 0, done.stdout + done.stderr)
    return hark


@test
def both_sides_are_shown_with_what_agrees_and_what_differs():
    with with_people() as hark:
        (row,) = hark.json("review", "list")
        equal((row["person_name"], row["other_name"], row["state"]), ("Anna Müller", "Anna Mueller", "open"))
        shown = hark.json("review", "show", str(row["review"]))
        equal([(s["what"], s.get("verdict"), s.get("reason")) for s in shown["sides"]],
              [("name", "may agree", "spelling"), ("employer", "agrees", "form"), ("title", "differs", None),
               ("e-mail", "agrees", None)])
        text = hark.run("review", "show", str(row["review"])).stdout
        check("Anna Müller" in text and "may agree: spelling" in text and "VP Sales" in text, text)


@test
def a_decision_is_kept_and_can_be_taken_back():
    with with_people() as hark:
        (row,) = hark.json("review", "list")
        number = str(row["review"])
        equal(hark.run("review", "accept", number, "--as", "ana").returncode, 0)
        equal(hark.json("review", "list"), [])
        equal([r["decided_by"] for r in hark.json("review", "list", "--state", "accepted")], ["ana"])
        equal(hark.json("people", "show", "2")["one with"], [{"kind": "person", "value": "Anna Müller (1)"}])
        equal(hark.json("people", "show", "1")["one with"], [{"kind": "person", "value": "Anna Mueller (2)"}])
        done = hark.run("review", "reject", number)
        equal(done.returncode, 1)
        check("decided already" in done.stderr, done.stderr)
        equal(hark.run("review", "undo", number).returncode, 0)
        equal(len(hark.json("review", "list")), 1)
        equal("one with" in hark.json("people", "show", "2"), False)
        equal(hark.run("review", "reject", number).returncode, 0)
        hark.run("import", "contacts", "in.csv", "--yes")
        equal(hark.json("review", "list"), [], "put up again")


@test
def two_that_are_one_are_listed_as_one():
    with with_people(PEOPLE.replace("Anna Mueller", "Annie Mueller")) as hark:
        hark.write("accounts.csv", "name,aliases\nAcme,Acme GmbH\n")
        hark.run("import", "accounts", "accounts.csv", "--set", "type=customer", "--yes")
        people = hark.json("accounts", "list")[0]["people"]
        (row,) = hark.json("review", "list")
        equal(hark.run("review", "accept", str(row["review"])).returncode, 0)
        equal([(p["person"], p.get("one with")) for p in hark.json("people", "list")],
              [(1, None), (2, 1), (3, None)])
        equal(people - hark.json("accounts", "list")[0]["people"], 1)
        hark.write("rule.yaml", "lists: { who: { from: contacts } }\nrules:\n  - id: met\n    title: Met\n"
                   "    kind: mention\n    match: any:who\n")
        hark.config["rules"] = ["rule.yaml"]
        hark.save()
        said = hark.run("check")
        check("lists with 2 entries" in said.stdout + said.stderr, said.stdout + said.stderr)
        hark.write("posts.jsonl", '{"text":"I met Anna Müller"}\n{"text":"I met Annie Mueller"}\n{"text":"Nobody"}\n')
        found = hark.run("match", "--rules", "rule.yaml", "posts.jsonl").stdout
        equal(found.count('"rule":"met"'), 2, found)


@test
def an_import_goes_once_what_was_decided_of_its_people_is_taken_back():
    for step in ("accept", "reject"):
        with with_people() as hark:
            (row,) = hark.json("review", "list")
            number = str(row["review"])
            equal(hark.run("review", step, number).returncode, 0)
            done = hark.run("import", "undo", "1")
            equal((done.returncode, done.stderr),
                  (1, f"hark import undo: review {number} (Anna Müller, Anna Mueller) is decided: "
                      f"`hark review undo {number}` first\n"))
            equal(hark.run("review", "undo", number).returncode, 0)
            done = hark.run("import", "undo", "1", "--yes")
            equal((done.returncode, done.stderr), (0, ""))
            equal(hark.json("people", "list"), [])


@test
def what_is_not_there_is_said():
    with Hark() as hark:
        equal(hark.json("review", "list"), [])
        for command in ("show", "accept", "reject", "undo"):
            done = hark.run("review", command, "7")
            equal(done.returncode, 1, command)
            check("hark import contacts" in done.stderr, done.stderr)
        equal(hark.run("review", "show", "x").returncode, 2)
        equal(hark.run("review", "list", "--state", "odd").returncode, 2)


run()
