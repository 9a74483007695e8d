#!/usr/bin/env python3
"""Accounts on a list, looked at again and again: what changes, who is renamed, gone or asks to be left alone."""
import json
import os
import re

from daemon import SOURCE, Hark
from peer import Answer, Peer
from tap import check, equal, run, test, wait_for

RULES = """\
rules:
  - id: moves
    title: Somebody moved
    kind: job-move
    status: live
    level: instant
    subject: author
    score: { base: 70 }
    match: 'joins'
"""
ROUTES = [{"when": {"kind": ["job-move"]}, "to": ["out"]}]
PLENTY = {"X-RateLimit-Limit": "100000000"}  # so that nobody waits


def answer(body, status=200):
    return Answer(json.dumps(body), status=status, headers=PLENTY, type="application/json")


def user(n, login, company, bio, **more):
    return {"id": n, "login": login, "html_url": f"https://github.com/{login}", "name": login.title(),
            "company": company, "bio": bio, **more}


def definition(name, peer):
    """A shipped definition that asks the peer, without the buckets of its real owner."""
    with open(os.path.join(SOURCE, "connectors", "definitions", name + ".yaml"), encoding="utf-8") as f:
        text = f.read()
    server = '  server: { type: url, about: the peer, default: "%s", example: "https://board.example" }' % peer.url("")
    text = text.replace("\nvars:\n", "\nvars:\n" + server + "\n")
    text = re.sub(r'"?https://(api\.github\.com|public\.api\.bsky\.app|hacker-news\.firebaseio\.com)([^"\n]*)"?',
                  r'"{server}\2"', text)
    text = text.replace("https://{instance}", "http://{instance}")
    return re.sub(r"(?m)^(test:|  buckets:).*\n", "", text)


def watch(peer, people, every="1s", rules=RULES, **more):
    hark = Hark(rules=rules, routes=ROUTES, lists={"people": people}, sources=[
        {"name": "w", "connector": "profile-watch", "vars": {"accounts": "people"}, "every": every}], **more)
    os.mkdir(hark.path("connectors"))
    for name in ("github-user", "mastodon-profile", "bluesky-profile", "hackernews-user"):
        hark.write(f"connectors/{name}.yaml", definition(name, peer))
    return hark


def events(hark):
    """{key: [event, …]} in the order they came."""
    got = {}
    for row in hark.rows("SELECT key, event FROM profiles ORDER BY id"):
        got.setdefault(row["key"], []).append(row["event"])
    return got


@test
def two_days_of_seven_people():
    peer = Peer()
    social = f"127.0.0.1:{peer.port}"
    here = {"ada": user(1, "ada", "@acme", "VP Sales"), "bo": user(2, "bo", "Acme", "Engineer"),
            "cy": user(3, "cy", "@acme", "CFO")}
    uri = f"https://{social}/users/di"
    mastodon = {"uri": uri, "acct": "di", "display_name": "Di", "url": f"https://{social}/@di",
                "note": "<p>Designer at Acme</p>", "indexable": True}
    hn = {"id": "fi-example", "about": "Builds at Acme"}
    say = {"mastodon": answer(mastodon), "hn": answer(hn)}
    for who in here:
        number = here[who]["id"]
        peer.script(f"/users/{who}", lambda r, w=who: answer(here[w]))
        peer.script(f"/user/{number}", lambda r, w=who: answer(here[w]))
    peer.script("/api/v1/accounts/lookup", lambda r: say["mastodon"])
    peer.script("/xrpc/app.bsky.actor.getProfile", answer(
        {"did": "did:plc:ei", "handle": "ei.example", "displayName": "Ei", "description": "Founder of Globex"}))
    peer.script("/v0/user/fi-example.json", lambda r: say["hn"])
    people = ("name,company,github,mastodon,bluesky,hn\n"
              f"Ada Quill,Acme,ada,,,\nBo Reed,Acme,bo,,,\nCy Stone,Acme,cy,,,\nDi Moss,Acme,,@di@{social},,\n"
              "Ei Lund,Globex,,,ei.example,\nFi Dale,Acme,,,,fi-example\nGi Marsh,Acme,,@gi@127.0.0.1:9,,\n")
    with watch(peer, people) as hark:
        hark.start()
        wait_for("a baseline of six", lambda: len(events(hark)) == 6)
        check(all(e == ["listed"] for e in events(hark).values()), events(hark))
        equal(hark.rows("SELECT person, employer FROM profiles WHERE key = 'github:1'")[0],
              {"person": "Ada Quill", "employer": "acme"})
        equal(hark.count("posts"), 0)
        here["ada"] = user(1, "ada", "@acme", "CRO")
        here["bo"] = user(2, "bo", "Globex", "Director, ex-Acme")
        here["cy"] = user(3, "cy-stone", "@acme", "CFO")
        say["mastodon"] = answer({**mastodon, "indexable": False})
        say["hn"] = answer(None)
        wait_for("what has changed", lambda: events(hark).get("github:1") == ["listed", "changed"]
                 and events(hark).get("github:2") == ["listed", "left", "joined"]
                 and events(hark).get("github:3") == ["listed", "changed"]
                 and uri not in events(hark))
        moved = hark.rows("SELECT employer, was_employer FROM profiles WHERE key = 'github:2' ORDER BY id")
        equal([tuple(r.values()) for r in moved], [("Acme", None), ("Acme", None), ("Globex", "Acme")])
        equal(hark.rows("SELECT handle FROM profiles WHERE key = 'github:3' ORDER BY id DESC")[0]["handle"], "cy-stone")
        check("Bo Reed joins Globex as Director" in json.dumps(hark.wait_alerts(1)), "the move is told")
        wait_for("one to be gone", lambda: "1 gone" in hark.sources()["w"]["progress"])
        row = hark.sources()["w"]
        check(re.match(r"\d of 7 accounts seen in the last ", row["progress"]), row["progress"])
        check("1 asking to be left alone" in row["progress"], row["progress"])
        said = hark.run("sources", "show", "w").stdout
        check(re.search(r"^progress +\d of 7 accounts", said, re.M), said)
        check(re.search(r"^every +1 s$", said, re.M), said)
        check(re.search(r"\d of 7 accounts seen", hark.run("sources", "list").stdout), "the list shows it too")
        equal(events(hark)["did:plc:ei"], ["listed"])
        equal(row["failures"], 0)
        cursor = hark.rows("SELECT cursor FROM source_cursors")[0]["cursor"]
        check(uri not in cursor and "Designer" not in cursor, "nothing is known of who opted out")
        tried = hark.run("connector", "run", "w")
        equal(tried.returncode, 0, tried.stderr)
        check(re.search(r"listed +Ada Quill +acme +CRO", tried.stdout), tried.stdout)
        check("nothing is stored" in tried.stdout, tried.stdout)


@test
def a_kill_in_the_middle_of_a_slice_tells_nothing_twice():
    peer = Peer()
    n, job = 120, {"company": "Acme", "bio": "Engineer"}
    for i in range(1, n + 1):
        path = lambda r, i=i: answer(user(i, f"p{i}", **job))
        peer.script(f"/users/p{i}", path)
        peer.script(f"/user/{i}", path)
    people = "name,github\n" + "".join(f"Person {i},p{i}\n" for i in range(1, n + 1))
    with watch(peer, people, every="3s") as hark:
        for _ in range(3):
            before = peer.count()
            hark.start()
            wait_for("some looks", lambda: peer.count() >= before + 13)
            hark.kill()
        hark.start()
        wait_for("a baseline of all", lambda: len(events(hark)) == n, 30)
        job.update(company="Globex", bio="Director, ex-Acme")
        for _ in range(3):
            before = peer.count()
            wait_for("some looks", lambda: peer.count() >= before + 17)
            hark.kill()
            hark.start()
        wait_for("everybody to have moved",
                 lambda: sum(e[-1] == "joined" for e in events(hark).values()) == n, 30)
        equal({tuple(e) for e in events(hark).values()}, {("listed", "left", "joined")})
        equal(hark.count("posts"), n)


@test
def a_revoked_token_fails_the_source_and_stops_no_other_network():
    peer = Peer()
    peer.script("/users/ada", lambda r: answer(user(1, "ada", "@acme", "CRO"))
                if r.header("authorization") == "Bearer renewed"
                else answer({"message": "Bad credentials"}, status=401))
    peer.script("/v0/user/fi-example.json", answer({"id": "fi-example", "about": "Builds at Acme"}))
    with watch(peer, "name,github,hn\nAda Quill,ada,\nFi Dale,,fi-example\n") as hark:
        def polled_on():
            before = peer.count("/v0/user/fi-example.json")
            wait_for("some polls more", lambda: peer.count("/v0/user/fi-example.json") > before + 2)

        hark.write("token", "revoked\n")
        os.chmod(hark.path("token"), 0o600)
        hark.config["sources"][0]["secret"] = {"github": "file:" + hark.path("token")}
        hark.save()
        hark.start()
        wait_for("the refusal", lambda: hark.source_row("w").get("failures"))
        polled_on()
        row = hark.sources()["w"]
        check("refuses the secret 'github'" in row["error"], row)
        equal([a["alarm"] for a in row["alarms"]], ["refused"])
        check("Bad credentials" in row["alarms"][0]["text"], row)
        equal(events(hark), {"hackernews:fi-example": ["listed"]})
        # It rests, and a refusal nobody asked for again is no other failure.
        equal([peer.count("/users/ada"), row["failures"]], [1, 1])
        hark.run("reload")
        wait_for("another try", lambda: peer.count("/users/ada") == 2)
        polled_on()
        equal([peer.count("/users/ada"), hark.sources()["w"]["failures"]], [2, 2])
        equal(hark.count("source_alarms"), 1)  # it has not been over in the middle of a slice
        hark.write("token", "renewed\n")

        def asked_again():  # what is under way already is asked for once more
            hark.run("sources", "poll", "w", "--force")
            return hark.source_row("w")["failures"] == 0

        wait_for("its end", asked_again)
        check("github:1" in events(hark), events(hark))
        equal(hark.count("source_alarms", "cleared_ms IS NULL"), 0)


@test
def what_is_wrong_in_a_list_is_said_with_its_place():
    peer = Peer()
    with watch(peer, "name,gihub,hn\nAda,ada,ada_e\nBo,,b o\n") as hark:
        done = hark.run("check")
        equal(done.returncode, 0, done.stdout + done.stderr)
        said = done.stdout + done.stderr
        check(re.search(r"people\.csv:1:6: warning C020: no network has the column 'gihub': did you mean 'github'\?",
                        said), said)
        check(re.search(r"people\.csv:3:5: warning C020: 'b o' is no account: a Hacker News name", said), said)
        hark.write("people.csv", "name,company\nAda,Acme\n")
        done = hark.run("check")
        equal(done.returncode, 1)
        check("people.csv:1:1: the first line names no column with accounts" in done.stdout + done.stderr, done)
        hark.config["sources"][0]["vars"]["accounts"] = "peopel"
        hark.save()
        done = hark.run("check")
        check("peopel" in done.stdout + done.stderr and done.returncode == 1, done)


run()
