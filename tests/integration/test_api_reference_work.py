#!/usr/bin/env python3
"""References, requests and reviews worked over the API: by whom, in which order, and what is said where it is refused."""
import datetime

from apiclient import Served
from tap import check, equal, run, test

ACCOUNTS = ("id,name,type,owner,industry\nA1,Globex,Customer,bea,Freight\nA2,Initech,Customer,cy,Insurance\n"
            "A3,Hooli,Prospect,ana,Freight\n")
CONTACTS = ("id,name,email,company,title\nC1,Odalys Merrick,odalys@globex.example,Globex,CTO\n"
            "C2,Ines Farrow,ines@initech.example,Initech,Head of Operations\n"
            "C3,Ines Farow,ines@initech.example,Initech,Head of Operations\n")
DEALS = ("id,name,account,stage,amount,currency,owner,status\nD1,Hooli roll-out,Hooli,Proposal,50000,EUR,ana,open\n"
         "D2,Hooli trial,Hooli,Proposal,,EUR,ana,open\n")
USERS = [("vi", "viewer"), ("ana", "sales"), ("bea", "sales"), ("cy", "sales"), ("hal", "sales-head"), ("mia", "marketing"),
         ("vera", "compliance"), ("root", "admin")]
HASH = f"{1:064x}"


def say(hark, number, reference, person, account, text, **more):
    row = {"id": number, "reference": reference, "person": person, "account": account, "source": "a", "tone": "positive", "text": text,
           "hash": f"{number:064x}", "parts": "[]", "captured_ms": 1000, "visibility": "public", "regulated": 0,
           "historic": 0, **more}
    hark.write_rows("INSERT INTO statements ({}) VALUES ({})".format(
        ", ".join(row), ", ".join(f"'{v}'" if isinstance(v, str) else str(v) for v in row.values())))


def desk(hark):
    for kind, text in [("accounts", ACCOUNTS), ("contacts", CONTACTS), ("opportunities", DEALS)]:
        hark.write(kind + ".csv", text)
        done = hark.run("import", kind, kind + ".csv", "--yes")
        equal(done.returncode, 0, done.stdout + done.stderr)
    for name, role in USERS:
        hark.user(name, role)
    return hark.serve()


def do(hark, who, path, body=None, status=200, **more):
    reply = hark.post("/api/v1/" + path, who, body or {}, **more)
    equal(reply.status, status, f"{who} {path}: {reply.text}")
    return reply.json


def get(hark, who, path):
    return hark.get("/api/v1/" + path, who)


def with_reference(hark):
    """ref_1, of Odalys, whose gate bea keeps, with statement 1."""
    desk(hark)
    equal(do(hark, "ana", "references", {"person": 1, "note": "thrilled"})["id"], "ref_1")
    say(hark, 1, 1, 1, 1, "It cut our import to a day")
    return hark


NAMED = {"by": "Odalys Merrick", "named": True, "statement": 1, "sha256": HASH, "until": "365d"}


@test
def from_found_to_named_and_back():
    with Served() as hark:
        with_reference(hark)
        nowhere = do(hark, "ana", "references", {"person": 2, "account": 999}, status=404)
        check("there is no account 999" in nowhere["detail"], nowhere)
        asked = do(hark, "mia", "references/ref_1/ask")
        equal((asked["permission"], asked["ask_to"]), ("asked", "bea"))
        inside = do(hark, "bea", "references/1/grant", {"by": "Odalys Merrick", "for": ["call", "quote"]})
        equal((inside["permission"], inside["scope"]), ("internal-only", "call quote"))
        check("agreed to  call, quote\n" in hark.run("references", "show", "1").stdout)
        do(hark, "mia", "references/ref_1/ask")
        named = do(hark, "hal", "references/ref_1/grant", NAMED)
        equal((named["permission"], named["consent_statement"]), ("named", 1))
        equal(named, get(hark, "root", "references/1").json)
        equal([q["name"] for q in hark.json("references", "quotes")], ["Odalys Merrick"])
        equal(do(hark, "hal", "references/1/undo")["permission"], "asked")
        equal(hark.json("references", "quotes"), [])
        equal(do(hark, "bea", "references/1/undo", status=403)["detail"], "the last step was taken by mia, not by you")
        gone = do(hark, "bea", "references/1/withdraw", {"reason": "left"})
        equal(gone["permission"], "withdrawn")
        equal(do(hark, "bea", "references/1/undo")["permission"], "asked")
        do(hark, "bea", "references/1/refuse", {"reason": "big-deal", "until": "60d"})
        held = get(hark, "vi", "references/1").json
        equal((held["permission"], held["hold_reason"], held["held_by"]), ("found", "big-deal", "bea"))
        steps = [(e["action"], e["actor"]) for e in held["history"] if "actor" in e]
        equal(steps, [("nominated", "ana"), ("ask", "mia"), ("grant", "bea"), ("ask", "mia"), ("name", "hal"), ("undo", "hal"),
                      ("withdraw", "bea"), ("undo", "bea"), ("refuse", "bea")])
        trail = [(e.get("actor"), e["action"]) for e in hark.json("audit", "list")]
        check(("bea", "POST /api/v1/references/{reference}/refuse") in trail, trail)


@test
def what_the_guard_is_against_is_refused_with_why_and_until_when():
    with Served() as hark:
        with_reference(hark)
        until = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=30)).strftime("%Y-%m-%d")
        # Over the API nobody has a command line before them.
        reply = do(hark, "mia", "references/1/grant", NAMED, status=409)
        check("ask first: press Ask the gatekeeper (a)" in reply["detail"] and "hark " not in reply["detail"], reply)
        granted = hark.run("references", "grant", "1", "--as", "mia", "--by", "Odalys", "--for", "call")
        check("ask first: hark references ask" in granted.stderr, granted.stderr)
        do(hark, "bea", "references/1/hold", {"reason": "not-now", "until": until})
        reply = do(hark, "mia", "references/1/ask", status=409)
        check("ref_1 may not be asked: on hold (not-now) by bea" in reply["detail"], reply)
        equal(reply["next_free"][:10], until)
        (verdict,) = get(hark, "vi", "references/1").json["guard"]["verdicts"]
        equal((verdict["cause"], verdict["why"]), ("held", "on hold (not-now) by bea"))
        last = get(hark, "vi", "references/1").json["history"][-1]
        equal((last["action"], last["actor"], last["note"]), ("refused: ask", "mia", reply["detail"]))
        do(hark, "bea", "references/1/unhold")
        do(hark, "mia", "references/1/ask")
        # From here no step is allowed that the state does not know.
        for step, body in [("ask", {}), ("reopen", {}), ("use", {"activity": "call"})]:
            reply = do(hark, "mia", "references/1/" + step, body, status=409)
            check("ref_1 is asked" in reply["detail"] and "next_free" not in reply, reply)
        # What they agreed to is what was read, to the letter.
        other = do(hark, "mia", "references/1/grant", {**NAMED, "sha256": "0" * 64}, status=409)
        check("is another text now" in other["detail"], other)
        equal(get(hark, "vi", "references/1").json["permission"], "asked")
        # The cap: what was used counts, and the day it is free again is told.
        do(hark, "mia", "references/1/grant", {"by": "Odalys Merrick"})
        for _ in range(10):
            reply = hark.post("/api/v1/references/1/use", "ana", {"activity": "call"})
            if reply.status != 200:
                break
        equal(reply.status, 409, reply.text)
        check("the cap is" in reply.json["detail"] and "next_free" in reply.json, reply.text)
        told = do(hark, "ana", "references/1/outcome", {"prospect": "great", "customer": "good", "minutes": 30})
        check("great for the prospect" in told["history"][-1]["note"], told["history"])
        do(hark, "ana", "references/1/thank", {"note": "a card"})


WORDS = "It cut our import to a day"
LEFT_ALONE = "asked to be left alone"


def given_out(hark, number):
    """What of Odalys leaves the house, by command."""
    found = []
    for words in (["quotes"], ["quotes", "1"], ["proof"], ["prospect"], ["pack", "D1", "--without-critical"], ["brief", "1"],
                  ["coach", "1"], ["match", number]):
        for form in ([], ["--json"], ["--csv"]):
            done = hark.run("references", *words, *form)
            if any(w in done.stdout + done.stderr for w in (WORDS, "Odalys", "but its export")):
                found.append(words[0])
                break
    return found


def leave_alone(by, *, prepare=None):
    with Served() as hark:
        with_reference(hark)
        hark.stop()
        hark.write_rows("UPDATE statements SET url = 'https://board.example/1', parts ="
                        """ '[{"part":"limit","text":"but its export is slow"}]' WHERE id = 1""")
        for sql in prepare or []:
            hark.write_rows(sql)
        hark.serve()
        do(hark, "mia", "references/1/ask")
        do(hark, "mia", "references/1/grant", NAMED)
        number = do(hark, "ana", "requests", {"opportunity": "D1"})["id"]
        equal(given_out(hark, number), ["quotes", "quotes", "proof", "prospect", "pack", "brief", "coach", "match"])
        equal(hark.run("privacy", "opt-out", by).returncode, 0)
        equal(given_out(hark, number), [], by)
        for words in (["quotes", "1"], ["brief", "1"], ["coach", "1"]):
            done = hark.run("references", *words)
            check(done.returncode == 1 and LEFT_ALONE in done.stderr, words, done)
        seen = get(hark, "vi", "references/1").json["guard"]
        equal((seen["may_ask"], seen["verdicts"][0]["cause"], seen["verdicts"][0]["why"]),
              (False, "opted-out", "they have " + LEFT_ALONE))
        equal(get(hark, "ana", f"requests/{number}/matches").json["items"], [])
        for who, step, body in [("mia", "references/1/ask", {}), ("ana", "references/1/use", {"activity": "quote"}),
                                ("mia", "references/1/grant", NAMED), ("mia", "references/1/grant", {"by": "Odalys Merrick"}),
                                ("mia", "references", {"person": 1, "note": "x"}),
                                ("mia", f"requests/{number}/supply", {"reference": "ref_1"})]:
            said = do(hark, who, step, body, status=409)
            check(LEFT_ALONE in said["detail"], step, said)
        for words in (["ask", "1"], ["use", "1", "call"], ["grant", "1", "--by", "x"], ["nominate", "1"]):
            done = hark.run("references", *words, "--as", "bea")
            check(done.returncode == 1 and LEFT_ALONE in done.stderr, words, done)
        do(hark, "bea", "references/1/withdraw", {"reason": "left"})  # what gives less out may be done


@test
def who_has_opted_out_is_left_alone_as_a_reference_too():
    leave_alone("ODALYS@globex.example")


@test
def so_is_who_opted_out_by_the_author_of_what_was_said():
    leave_alone("@odalys@social.example", prepare=[
        "INSERT INTO authors (id, key, handle, profile_url, profile_hash, first_ms, changed_ms) VALUES (7, 'k', 'odalys',"
        " 'https://social.example/@odalys', 1, 1, 1)",
        "INSERT INTO posts (id, source, external_id, author, words, type, visibility, seen_ms, received_ms)"
        " VALUES (7, 1, 'p7', 7, 5, 'post', 'public', 1, 1)",
        "UPDATE statements SET post = 7 WHERE id = 1"])


@test
def each_step_is_for_those_it_is_for():
    with Served() as hark:
        with_reference(hark)
        say(hark, 2, 1, 1, 1, "Their cover is the best", regulated=1)
        for who in ("vi", "ana", "bea", "vera"):
            for step in ("ask", "reopen", "assign"):
                do(hark, who, "references/1/" + step, {"gatekeeper": "x"} if step == "assign" else {}, status=403)
        for step, body in [("hold", {"reason": "x", "until": "1d"}), ("grant", {"by": "x"}), ("refuse", {}), ("withdraw", {}),
                           ("unhold", {}), ("undo", {})]:
            do(hark, "vi", "references/1/" + step, body, status=403)
            said = do(hark, "cy", "references/1/" + step, body, status=403)
            check("whoever owns ref_1 or keeps its gate" in said["detail"], said)
        for who in ("ana", "mia", "hal"):
            do(hark, who, "references/1/sign", status=403)
        check("compliance has not signed" in do(hark, "mia", "references/1/ask", status=409)["detail"], "unsigned")
        equal(do(hark, "mia", "references/1/thank")["withheld"], 1)
        signed = do(hark, "vera", "references/1/sign")
        equal([s.get("signed_by") for s in signed["statements"] if s["regulated"]], ["vera"])
        do(hark, "vera", "references/1/sign", status=409)
        do(hark, "mia", "references/1/assign", {"gatekeeper": "cy"})
        do(hark, "mia", "references/1/ask")
        do(hark, "cy", "references/1/refuse", {"reason": "not now"})
        hark.tokens["reader"] = hark.token("mia", "read")
        do(hark, "reader", "references/1/ask", status=403)
        do(hark, "mia", "references/9/ask", status=404)
        equal(hark.post("/api/v1/references/1/ask").status, 401)
        # Whoever tried is in the trail, each time; whoever nobody knows is not.
        tried = [(e["actor"], e["action"].rsplit("/", 1)[1], e["target"])
                 for e in hark.get("/api/v1/audit?limit=500", "root").json["items"] if e.get("note") == "refused"]
        for who, step, times in (("vi", "ask", 1), ("vera", "assign", 1), ("cy", "grant", 1), ("hal", "sign", 1), ("mia", "ask", 2)):
            equal(tried.count((who, step, "ref_1")), times, tried)
        equal(len(tried), 12 + 12 + 3 + 1 + 1 + 1)


@test
def bad_bodies_say_what_is_wrong():
    with Served() as hark:
        with_reference(hark)
        do(hark, "mia", "references/1/ask")
        before = get(hark, "mia", "references/1").json
        for said, why in [(["refuse", "1", "--reason", "x" * 3000], "--reason has at most 2000 bytes"),
                          (["refuse", "1", "--reason", "no\x1b[2J"], "--reason holds a control character"),
                          (["assign", "1", "x" * 3000], "an argument has at most 2000 bytes")]:
            done = hark.run("references", *said)
            check(done.returncode != 0 and why in done.stderr, said[0], done.stderr)
        for step, body, says in [
                ("hold", {"until": "30d"}, "needs a 'reason'"), ("hold", {"reason": "x"}, "'until' is a day"),
                ("hold", {"reason": "x", "until": "2020-01-01"}, "in the future"), ("hold", {"reason": "x", "until": "soon"}, "such as 30d"),
                ("grant", {}, "'by' says who"), ("grant", {"by": "x", "named": 1}, "true or false"),
                ("grant", {"by": "x", "named": True}, "to which text"), ("grant", {"by": "x", "statement": 1}, "'sha256'"),
                ("grant", {"by": "x", "statement": "1"}, "number of a statement"), ("grant", {"by": "x", "for": "call"}, "is call, quote"),
                ("grant", {"by": "x", "for": ["dance"]}, "is call, quote"), ("grant", {"by": "x", "for": ["case-study"] * 90}, "once"),
                ("grant", {"by": "x", "until": "2020-01-01"}, "in the future"), ("use", {}, "is call, quote"),
                ("use", {"activity": "dance"}, "is call, quote"), ("use", {"activity": "call", "on": "7d"}, "not one to come"),
                ("use", {"activity": "call", "request": "x"}, "such as req_7"), ("outcome", {}, "how was it"),
                ("outcome", {"prospect": "fine"}, "bad, tepid"), ("outcome", {"prospect": "good", "minutes": -1}, "whole number"),
                ("outcome", {"prospect": "good", "minutes": "1"}, "whole number"), ("assign", {}, "'gatekeeper'"),
                ("assign", {"gatekeeper": "a\nb"}, "one line"),
                ("ask", {"why": "x"}, "no member 'why'"), ("withdraw", {"reason": "x" * 2001}, "at most")]:
            said = do(hark, "mia", "references/1/" + step, body, status=422)
            check(says in said["detail"], step, body, said)
        equal(get(hark, "mia", "references/1").json, before, "nothing is kept of a slip of the pen")
        for body in ({}, {"person": 0}, {"person": "x"}):
            do(hark, "ana", "references", body, status=422)
        do(hark, "ana", "references", {"person": 99}, status=404)
        said = do(hark, "ana", "references", {"person": 1}, status=409)
        check("is ref_1 already" in said["detail"], said)
        for body, says in [({}, "'opportunity'"), ({"opportunity": "D1", "weighs": "x"}, "a list"), ({"opportunity": "D1", "weighs": [""]}, "a list"),
                           ({"opportunity": "D1", "for": "dance"}, "is call"), ({"opportunity": "D1", "dry_run": 1}, "true or false")]:
            said = do(hark, "ana", "requests", body, status=422)
            check(says in said["detail"], body, said)
        do(hark, "ana", "requests", {"opportunity": "D9"}, status=404)


@test
def who_is_late_is_told_and_what_is_sent_twice_is_done_once():
    with Served() as hark:
        with_reference(hark)
        seen = get(hark, "mia", "references/1").headers["ETag"]
        asked = hark.post("/api/v1/references/1/ask", "mia", headers={"If-Match": seen, "Idempotency-Key": "a"})
        equal(asked.status, 200, asked.text)
        again = hark.post("/api/v1/references/1/ask", "mia", headers={"If-Match": seen, "Idempotency-Key": "a"})
        equal((again.status, again.json, again.headers["ETag"]), (200, asked.json, asked.headers["ETag"]))
        stale = hark.post("/api/v1/references/1/withdraw", "mia", headers={"If-Match": seen})
        equal(stale.status, 412, stale.text)
        other = hark.post("/api/v1/references/1/withdraw", "mia", headers={"Idempotency-Key": "a"})
        equal(other.status, 422)
        now = get(hark, "mia", "references/1")
        equal([e["action"] for e in now.json["history"] if "actor" in e], ["nominated", "ask"], "neither left a trace")
        equal(hark.get("/api/v1/references/1", "mia", headers={"If-None-Match": now.headers["ETag"]}).status, 304)
        equal(hark.post("/api/v1/references/1/withdraw", "mia", headers={"If-Match": now.headers["ETag"]}).status, 200)


@test
def a_request_from_asking_to_what_came_of_it():
    with Served() as hark:
        with_reference(hark)
        dry = do(hark, "ana", "requests", {"opportunity": "D1", "dry_run": True})
        equal((dry["state"], "id" in dry, get(hark, "ana", "requests").json["items"]), ("open", False, []))
        made = do(hark, "ana", "requests", {"opportunity": "D1", "weighs": ["import speed", "Rivalsoft"], "role": "CTO"})
        equal((made["id"], made["state"], made["rep"], made["weighs"]), ("req_1", "open", "ana", ["import speed", "Rivalsoft"]))
        # The policy says no, and that is kept with its rule.
        no = do(hark, "ana", "requests", {"opportunity": "D1"}, status=409)
        check("refused by one-at-a-time" in no["detail"], no)
        no = do(hark, "ana", "requests", {"opportunity": "D2"}, status=409)
        check("the value of the opportunity is not known" in no["detail"], no)
        equal([(r["state"], r.get("rule")) for r in get(hark, "vi", "requests").json["items"]],
              [("open", None), ("refused", "one-at-a-time"), ("refused", "complete")])
        do(hark, "ana", "requests/1/supply", {"reference": "ref_1"}, status=403)
        no = do(hark, "mia", "requests/1/supply", {"reference": "ref_1"}, status=409)
        check("nobody may be approached without a permission" in no["detail"], no)
        equal(get(hark, "ana", "requests/1").json["history"][-1]["action"], "refused: name")
        do(hark, "mia", "references/1/ask")
        do(hark, "mia", "references/1/grant", {"by": "Odalys Merrick", "for": ["call"]})
        do(hark, "bea", "references/1/hold", {"reason": "x", "until": "5d"})
        check("next_free" in do(hark, "mia", "requests/1/supply", {"reference": 1}, status=409), "held")
        do(hark, "bea", "references/1/unhold")
        seen = get(hark, "mia", "requests/1").headers["ETag"]
        named = do(hark, "mia", "requests/req_1/supply", {"reference": "ref_1"}, headers={"If-Match": seen})
        equal((named["state"], [n["name"] for n in named["names"]]), ("named", ["Odalys Merrick"]))
        do(hark, "mia", "requests/1/decline", {"reason": "x"}, status=412, headers={"If-Match": seen})
        do(hark, "ana", "references/1/use", {"activity": "call", "request": "req_1"})
        do(hark, "ana", "references/1/outcome", {"expected": "good", "prospect": "great"})
        (use,) = get(hark, "ana", "requests/1").json["outcomes"]
        equal((use["activity"], use["prospect"]), ("call", "great"))
        equal(do(hark, "bea", "requests/1/fulfil", status=403)["detail"],
              "this is for marketing, the head of sales, and ana, who has asked")
        equal(do(hark, "ana", "requests/1/fulfil")["state"], "fulfilled")
        equal(do(hark, "ana", "requests/1/undo")["state"], "named")
        equal(do(hark, "mia", "requests/1/decline", {"reason": "nobody is left"})["why"], "nobody is left")
        equal(do(hark, "ana", "requests/1/undo", status=403)["detail"], "the last step was taken by mia, not by you")
        equal(do(hark, "mia", "requests/1/undo")["state"], "named")
        equal(do(hark, "ana", "requests/1/undo", status=403)["detail"], "the last step was taken by mia, not by you")
        back = do(hark, "mia", "requests/1/undo")  # one step further back
        equal((back["state"], back["names"]), ("open", []))
        equal(do(hark, "mia", "requests/1/undo", status=409)["detail"],
              "req_1: nothing has been done that could be undone")
        equal(do(hark, "ana", "requests/1/call-off")["state"], "withdrawn")
        do(hark, "mia", "requests/1/decline", status=422)
        do(hark, "mia", "requests/1/supply", status=422)
        do(hark, "mia", "requests/99/fulfil", status=404)


@test
def what_else_the_desk_does_is_done_by_the_api():
    with Served() as hark:
        desk(hark)
        do(hark, "mia", "references", {"person": 1})
        # Looks into the community: for who let them in, and who keeps references.
        ask = {"who": "pat@hooli.example", "opportunity": "D1", "until": "30d"}
        do(hark, "vi", "peeks", ask, status=403)
        for wrong in ({}, {**ask, "until": "2020-01-01"}, {**ask, "opportunity": ""}, {**ask, "x": 1},
                      *({**ask, "who": f"pat{c}@hooli.example"} for c in "\u200b\ufeff\u202e\u00ad\x85")):
            do(hark, "ana", "peeks", wrong, status=422)
        do(hark, "ana", "peeks", {**ask, "opportunity": "D99"}, status=404)
        first = hark.post("/api/v1/peeks", "ana", ask, headers={"Idempotency-Key": "k"})
        equal((first.json["id"], first.json["who"]), ("peek_1", "pat@hooli.example"))
        equal(hark.post("/api/v1/peeks", "ana", ask, headers={"Idempotency-Key": "k"}).body, first.body)
        do(hark, "ana", "peeks", ask, status=409)
        seen = {"If-Match": first.headers["ETag"]}
        equal(do(hark, "bea", "peeks/peek_1/revoke", {"reason": "x"}, status=403)["detail"],
              "this is for marketing, the head of sales, and ana, who let them in")
        equal(do(hark, "mia", "peeks/1/revoke", {"reason": "no deal"}, headers=seen)["why"], "no deal")
        do(hark, "ana", "peeks/1/undo", status=412, headers=seen)
        do(hark, "ana", "peeks/1/revoke", status=409)
        check("revoked" not in do(hark, "ana", "peeks/peek_1/undo"), "it is in force again")
        do(hark, "ana", "peeks/9/undo", status=404)
        equal([p["who"] for p in hark.json("references", "peeks")], ["pat@hooli.example"])
        # What comes and goes while somebody pages shows nobody twice and leaves nobody out.
        for who, until in (("kim", "40d"), ("lee", "50d"), ("sam", "60d")):
            do(hark, "ana", "peeks", {"who": f"{who}@hooli.example", "opportunity": "D1", "until": until})
        page = get(hark, "ana", "peeks?limit=2").json
        shown = [p["who"][:3] for p in page["items"]]
        do(hark, "ana", "peeks", {"who": "eve@hooli.example", "opportunity": "D1", "until": "9d"})
        page = get(hark, "ana", "peeks?limit=1&cursor=" + page["next"]).json
        shown += [p["who"][:3] for p in page["items"]]
        do(hark, "mia", "peeks/peek_3/revoke", {"reason": "no deal"})  # lee, the last one shown
        page = get(hark, "ana", "peeks?limit=2&cursor=" + page["next"]).json
        equal((shown, [p["who"][:3] for p in page["items"]], "next" in page), (["pat", "kim", "lee"], ["sam"], False))
        for number in (2, 4, 5):
            do(hark, "mia", f"peeks/peek_{number}/revoke", {"reason": "no deal"})
        # What is owed.
        value = {"side": "offered", "what": "a ticket", "worth": 400, "currency": "EUR", "until": "90d"}
        equal(do(hark, "bea", "references/ref_1/values", value), {"entry": 1, "reference": "ref_1"})
        for wrong in ({}, {**value, "side": "given"}, {**value, "worth": 1.5}, {**value, "worth": 1000000001}, {**value, "worth": 92233720368547758},
                      {**value, "currency": "euros"}, {**value, "currency": "eur"}, {**value, "currency": "E\u202eR"}, {**value, "what": "a\u0007 ticket"}, {**value, "currency": ""}, {**value, "until": "2020-01-01"},
                      {"side": "asked", "what": "x", "worth": -1, "currency": "EUR"}, {"side": "asked", "what": ""}):
            do(hark, "bea", "references/1/values", wrong, status=422)
        do(hark, "bea", "references/9/values", value, status=404)
        (row,) = hark.json("references", "values")
        equal((row["what"], row["worth"], row["by"]), ("a ticket", 400, "bea"))
        equal(do(hark, "ana", "values/1/undo", status=403)["detail"],
              "this is for marketing, the head of sales, and bea, who has entered it")
        equal(do(hark, "bea", "values/1/undo"), {"entry": 1})
        do(hark, "bea", "values/1/undo", status=409)
        do(hark, "bea", "values/9/undo", status=404)
        equal(hark.json("references", "values"), [])
        # Who is to be found out, and who is unhappy.
        hark.write_rows("INSERT INTO authors VALUES (99, 'kit', 'kit', 'Kit', NULL, NULL, NULL, NULL, NULL, 1, 1, 1)")
        hark.write_rows("INSERT INTO reference_tasks (kind, author, tone, posts, historic, created_ms, last_ms)"
                        " VALUES ('find-out-who', 99, 'positive', 1, 0, 1000, 1000)")
        say(hark, 1, "NULL", 1, 1, "It is dreadful", tone="negative")
        hark.write_rows("UPDATE statements SET reference = NULL")
        hark.write_rows("INSERT INTO service_marks (account, statement, at_ms, until_ms) VALUES (1, 1, 1000, 9000000000000)")
        do(hark, "vi", "tasks/1/done", status=403)
        equal(do(hark, "mia", "tasks/1/done", {"note": "a rival"}), {"task": 1})
        do(hark, "mia", "tasks/1/done", status=404)
        equal([(t["done_by"], t["note"]) for t in get(hark, "vi", "tasks?done=true").json["items"]], [("mia", "a rival")])
        equal(do(hark, "ana", "accounts/1/clear", {"note": "refunded"}), {"account": 1, "cleared": 1})
        do(hark, "ana", "accounts/1/clear", status=404)
        equal(get(hark, "vi", "service").json["items"], [])


@test
def lists_come_page_by_page():
    with Served() as hark:
        desk(hark)
        for person in (1, 2, 3):
            do(hark, "ana", "references", {"person": person})
        hark.write_rows("UPDATE reference_candidates SET score = CASE id WHEN 2 THEN 70 ELSE 40 END")
        say(hark, 1, 1, 1, 1, "Good enough", tone="positive")
        say(hark, 2, 1, 1, 1, "Great, but slow", tone="mixed", parts='[{"part":"limit","text":"but slow"}]')
        say(hark, 3, 2, 2, 2, "Their cover is the best", regulated=1)
        got, cursor = [], ""
        while cursor is not None:
            page = get(hark, "ana", "references?limit=1" + cursor).json
            got += page["items"]
            cursor = "&cursor=" + page["next"] if "next" in page else None
        equal([r["id"] for r in got], ["ref_2", "ref_1", "ref_3"])
        equal([r.get("said", {}).get("text") for r in got], [None, "Great, but slow", None])
        equal(got[1]["said"]["parts"], [{"part": "limit", "text": "but slow"}])
        equal([r.get("said", {}).get("text") for r in get(hark, "vera", "references").json["items"]],
              ["Their cover is the best", "Great, but slow", None])
        do(hark, "ana", "requests", {"opportunity": "D1"})
        do(hark, "ana", "requests", {"opportunity": "D1"}, status=409)
        page = get(hark, "ana", "requests?limit=1").json
        equal(([r["id"] for r in page["items"]], page["next"]), (["req_1"], "req_1"))
        page = get(hark, "ana", "requests?limit=1&cursor=req_1").json
        equal(([r["id"] for r in page["items"]], page.get("next")), (["req_2"], None))
        for path in ("references?cursor=x", "references?cursor=101.1", "references?cursor=5.x", "requests?cursor=x", "reviews?cursor=x",
                     "reviews?cursor=0", "reviews?state=x", "reviews?limit=0"):
            equal(get(hark, "ana", path).status, 400, path)


@test
def two_that_may_be_one_are_decided_and_taken_back():
    with Served() as hark:
        desk(hark)
        page = get(hark, "vi", "reviews").json
        equal(page["items"], hark.json("review", "list"))
        (row,) = page["items"]
        at = f"reviews/{row['review']}"
        shown = get(hark, "vi", at)
        equal(shown.json, hark.json("review", "show", str(row["review"])))
        do(hark, "vi", at + "/accept", status=403)
        done = do(hark, "ana", at + "/accept", headers={"If-Match": shown.headers["ETag"]})
        equal((done["state"], done["decided_by"]), ("accepted", "ana"))
        do(hark, "bea", at + "/reject", status=412, headers={"If-Match": shown.headers["ETag"]})
        check("decided already" in do(hark, "bea", at + "/reject", status=409)["detail"], "twice")
        equal(get(hark, "vi", "reviews").json["items"], [])
        equal(len(get(hark, "vi", "reviews?state=accepted").json["items"]), 1)
        equal(hark.json("people", "show", "3")["one with"], [{"kind": "person", "value": "Ines Farrow (2)"}])
        equal(do(hark, "bea", at + "/undo")["state"], "open")
        equal(do(hark, "bea", at + "/reject")["state"], "rejected")
        equal(len(get(hark, "vi", "reviews?state=all").json["items"]), 1)
        for path in ("reviews/9", "reviews/x"):
            equal(get(hark, "vi", path).status, 404, path)
            do(hark, "ana", path + "/accept", status=404)
        do(hark, "ana", at + "/accept", {"why": "x"}, status=422)


run()
