"""A private community that a harkd has read all of, and every command there is: for tests that go through all of them."""
import os
import re
import subprocess

from apiclient import Served
from board import BOARD, Source, bring_in, poll_now, read_to_the_end
from daemon import program
from tap import check, equal, wait_for

WORD, LANE = "quaggasecret", "quaggalane"
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
    post(9, ODALYS, "Thrilled to be joining Initech as VP Sales! Quaggasecret,"),
    post(10, {"name": "Gus", "handle": "gus"}, "What do you say to this https://elsewhere.example/page, a zebra of"),
]


def commands():
    """Every command there is, by its help."""
    def told(*words):
        binary, more = program(*words, "--help")
        text = subprocess.run([binary, *words, "--help"], capture_output=True, text=True, check=True,
                              env={**os.environ, **more}).stdout
        block = re.search(r"^commands\n((?:  .*\n)+)", text, re.M)
        return re.findall(r"^  ([a-z][a-z-]*)", block.group(1), re.M) if block else []
    names = []
    for name in told():
        below = told(name)
        names += [f"{name} {b}" for b in below] or [name]
    return names


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
        poll_now(self.hark, [self.source])
        wait_for("all posts", lambda: self.hark.count("posts") >= len(POSTS), 20)
        read_to_the_end(self.hark, [self.source])
        wait_for("the alerts", lambda: len(self.hark.alerts()) >= 2)
        wait_for("all posts to be found", lambda: "can be found once" not in self.hark.run("search", "pump").stdout)
        done = self.hark.run("references", "request", "D1", "--as", "ana")
        equal(done.returncode, 0, done.stderr)
        self.names = {
            "lead": self.lead("g.rule = 'praise' OR g.rule LIKE 'praise%'"), "intent": self.lead("g.rule = 'wants'"),
            "move": self.lead("g.kind = 'job-move'"), "url": f"https://community.example/{LANE}/4", "token": self.feed,
            "name": "community", "number": "1", "signal": "1", "reference": "1", "request": "1"}
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
