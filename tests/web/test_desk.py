#!/usr/bin/env python3
"""A harkd with customers, colleagues and deals for the browser tests of People and References, which are desk.mjs: their
TAP is passed on, and what they ask for is done: "!publish", "!publish script" and "!hark WORDS", which answers with what
that prints."""
import json
import os
import shlex
import sys
import time

from browse import PASSWORD, browse

import tap
from board import BOARD, Source, bring_in
from daemon import Hark

LIMIT_S = 600
PEOPLE = {
    "accounts": {"csv": "id,name,domains,type,owner,motion,industry\n"
                        "A1,Globex Corporation,globex.example,Customer,bea,B2LB,Freight\n"
                        "A2,Initech,initech.example,Customer,,B2LB,Insurance\n"
                        "A3,Hooli,hooli.example,Prospect,ana,B2LB,Freight\n"},
    "contacts": {"csv": "id,name,email,company,title,linkedin\n"
                        "C1,Odalys Merrick,odalys@globex.example,Globex Corporation,CTO,https://www.linkedin.com/in/odalys-example\n"
                        "C2,Bram Oakden,bram@globex.example,Globex Corporation,Systems Analyst,https://www.linkedin.com/in/bram-example\n"
                        "C3,Ines Farrow,ines@initech.example,Initech,Head of Operations,https://www.linkedin.com/in/ines-example\n"
                        "C4,Anna Müller,anna@globex.example,Globex Corporation,VP Sales,\n"
                        "C5,Anna Mueller,anna@globex.example,Globex,Head of Sales,\n"
                        "C6,Piet Vos,piet@initech.example,Initech,Analyst,\n"
                        "C7,Pieter Vos,pieter@initech.example,Initech,Analyst,\n"},
    "staff": {"csv": "id,name,email\nS1,Bea Karsten,bea@vendor.example\n"},
    "ties": {"csv": "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
                    "Odalys,Merrick,https://www.linkedin.com/in/odalys-example,,Globex,CTO,05 Mar 2019\n",
             "options": ["--of", "Bea Karsten"]},
    "opportunities": {"csv": "id,name,account,stage,amount,currency,owner,status\n"
                             "D1,Hooli roll-out,Hooli,Proposal,50000,EUR,ana,open\n"},
}
POSTS = [
    {"id": "10", "name": "Odalys Merrick", "url": "https://linkedin.com/in/odalys-example", "link": "https://forum.example/10",
     "text": "Northwind Desk is great and I would recommend it, but the import took three weeks."},
    {"id": "11", "name": "Bram Oakden", "url": "https://linkedin.com/in/bram-example",
     "text": "Six months in and I can highly recommend Northwind Desk"},
    {"id": "12", "name": "Ines Farrow", "url": "https://linkedin.com/in/ines-example", "text": "Northwind Desk saved us hours every week"},
]
SCRIPT = {"id": "13", "name": "Odalys Merrick", "url": "https://linkedin.com/in/odalys-example",
          "text": "We recommend Northwind Desk to everybody <img src=x onerror=window.ran=1>"}
ROSTER = "First Name,Last Name,Email Address,Company,Position\nPiet,Vos,piet@initech.example,{},{}\n"


def make(hark, forum):
    for folder in ("connectors", "drop"):
        os.mkdir(hark.path(folder))
    hark.write("connectors/board.yaml", BOARD)
    hark.write("drop/1.csv", ROSTER.format("Initech", "Analyst"))
    os.utime(hark.path("drop/1.csv"), (time.time() - 2 * 86400,) * 2)
    hark.config["rules"] = ["packs/praise", "packs/complaint"]
    hark.config["http"]["listen"] = "unix:" + hark.path("http")
    hark.config["regulated"] = [{"industry": "Insurance", "why": "state law: praise may be solicitation"}]
    hark.config["sources"].append({"name": "roster", "connector": "roster", "folder": hark.path("drop"), "every": "10s"})
    hark.save()
    bring_in(hark, PEOPLE)
    for name, role in [("mia", "marketing"), ("bea", "sales"), ("ana", "sales"), ("vera", "compliance"), ("vi", "viewer"), ("root", "admin")]:
        done = hark.run("user", "add", name, "--role", role, stdin=PASSWORD + "\n")
        tap.equal(done.returncode, 0, done.stderr)
    hark.start()
    hark.wait_baseline()
    hark.write("drop/2.csv", ROSTER.format("Hooli", "Head of Data"))
    os.utime(hark.path("drop/2.csv"), (time.time() - 86400,) * 2)
    tap.equal(hark.run("sources", "poll", "roster").returncode, 0)
    tap.wait_for("the move", lambda: hark.count("moves") > 0, 20)


def answer(hark, forum, what):
    if what.startswith("publish"):
        posts = POSTS + [SCRIPT] if what.endswith(" script") else POSTS
        forum.publish(posts)
        tap.wait_for("the statements", lambda: hark.count("statements") >= len(posts), 30)
        return "done"
    done = hark.run(*shlex.split(what[len("hark "):]), "--json")
    tap.equal(done.returncode, 0, done.stderr)
    return json.dumps(json.loads(done.stdout))


def main():
    forum = Source("forum", {"connector": "board"})
    with Hark(sources=[forum.config()], rules="rules: []\n", lists={"products": "name\nNorthwind Desk\n"}, receivers=[], routes=[]) as hark:
        make(hark, forum)
        return browse("desk.mjs", hark, hark.path("http"), PASSWORD, limit_s=LIMIT_S,
                      do=lambda what: answer(hark, forum, what))


sys.exit(main())
