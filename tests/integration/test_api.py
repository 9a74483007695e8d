#!/usr/bin/env python3
"""The API: who gets in, what they see, and the work on leads."""
import sqlite3
import threading

import tap
from apiclient import Served
from daemon import RULES
from peer import Answer, rss
from tap import check, equal, run, test, wait_for

POSTS = [("1", "ana", "I want a zebrafish"), ("2", "bo", "a zebrafish for me"), ("3", "cy", "zebrafish please")]

SECRET_RULES = RULES + """\
  - id: wants-okapi
    title: Somebody wants an okapi
    kind: purchase-intent
    status: live
    subject: author
    visibility: sales-head
    score: { base: 70 }
    match: 'okapi'
    tests:
      match: [ "I want an okapi" ]
      nomatch: [ "I want a zebra" ]
"""


@test
def nobody_gets_in_without_a_token_in_force():
    with Served() as hark:
        token = hark.user("anna", "sales")
        hark.serve()
        equal(hark.get("/api/v1/me", "anna").json, {"user": "anna", "role": "sales", "scope": "write"})
        answers = set()
        for who in [None, "hark_" + "0" * 64, token[:-1], token + "0", "", "x" * 3000]:
            reply = hark.get("/api/v1/me", who)
            equal(reply.status, 401, who)
            check(reply.headers["WWW-Authenticate"].startswith("Bearer"))
            answers.add(reply.text)
        for value in ["Basic YW5uYTphbm5h", "Bearer", token, "Digest " + token]:
            reply = hark.get("/api/v1/me", headers={"Authorization": value})
            equal(reply.status, 401, value)
            answers.add(reply.text)
        equal(len(answers), 1, "they cannot be told apart")
        check(hark.count("tokens", "used_ms > 0") == 1, "when it was used is not remembered")
        number = str(hark.json("token", "list")[0]["id"])
        equal(hark.run("user", "disable", "anna").returncode, 0)
        equal(hark.get("/api/v1/me", "anna").status, 401)
        equal(hark.run("user", "enable", "anna").returncode, 0)
        equal(hark.get("/api/v1/me", "anna").status, 200)
        equal(hark.run("token", "revoke", number).returncode, 0)
        equal(hark.get("/api/v1/me", "anna").status, 401)
        check(token not in hark.log() and token[5:] not in hark.log(), "the token is in the log")


@test
def a_role_and_a_scope_go_so_far_and_no_further():
    with Served(POSTS[:1]) as hark:
        for name, role, scope in [("vi", "viewer", "write"), ("ro", "sales", "read"), ("me", "admin", "metrics"),
                                  ("an", "sales", "write")]:
            hark.user(name, role, scope)
        hark.serve()
        for name, reads, works in [("vi", 200, 403), ("ro", 200, 403), ("me", 403, 403), ("an", 200, 200)]:
            equal(hark.get("/api/v1/leads", name).status, reads, name)
            equal(hark.post("/api/v1/leads/1/claim", name).status, works, name)
        equal([e["actor"] for e in hark.rows("SELECT actor FROM lead_events WHERE action = 'claim'")], ["an"])


@test
def the_queue_comes_in_pages_and_by_filters():
    with Served(POSTS) as hark:
        hark.user("anna", "sales")
        hark.serve()
        first = hark.get("/api/v1/leads?limit=2", "anna").json
        equal([i["id"] for i in first["items"]], ["lead_3", "lead_2"])
        last = hark.get(f"/api/v1/leads?limit=2&cursor={first['next']}", "anna").json
        equal([i["id"] for i in last["items"]], ["lead_1"])
        check("next" not in last, last)
        equal(hark.post("/api/v1/leads/lead_2/claim", "anna").status, 200)
        for query, ids in [("state=claimed", [2]), ("state=new,claimed", [3, 2, 1]), ("claimed_by=anna", [2]),
                           ("claimed_by=bo", []), ("kind=praise", []), ("kind=purchase-intent", [3, 2, 1]),
                           ("score=100", []), ("rule=wants-zebrafish", [3, 2, 1]), ("historic=true", []),
                           ("state=won", []), ("state=all", [3, 2, 1])]:
            got = hark.get("/api/v1/leads?" + query, "anna").json["items"]
            equal([i["id"] for i in got], [f"lead_{n}" for n in ids], query)
        for query in ["state=open", "limit=0", "limit=501", "limit=x", "score=101", "kind=zebra", "cursor=zebra",
                      "state=", "state=new,,won"]:
            equal(hark.get("/api/v1/leads?" + query, "anna").status, 400, query)
        wrong = hark.get("/api/v1/leads?limit=2&stat=new", "anna")
        equal((wrong.status, "there is no 'stat' to ask for here: there are state kind" in wrong.text), (400, True), wrong.text)
        equal(hark.get("/api/v1/me?x=1", "anna").status, 400)
        equal([hark.get(f"/api/v1/leads{end}", "anna").status for end in ("?", "?limit=2&", "?&limit=2")], [200] * 3)


@test
def one_lead_has_its_evidence_and_a_tag_that_saves_the_way():
    with Served(POSTS[:1]) as hark:
        hark.user("anna", "sales")
        hark.serve()
        reply = hark.get("/api/v1/leads/1", "anna")
        lead = reply.json
        equal((lead["id"], lead["state"], lead["signals"][0]["post"]["text"]),
              ("lead_1", "new", "I want a zebrafish"))
        check(lead["history"] and lead["score_made_of"], lead)
        again = hark.get("/api/v1/leads/1", "anna", headers={"If-None-Match": reply.headers["ETag"]})
        equal((again.status, again.body), (304, b""))
        equal(hark.get("/api/v1/leads/1", "anna", headers={"If-None-Match": '"other"'}).status, 200)
        head = hark.ask("HEAD", "/api/v1/leads/1", "anna")
        equal((head.status, head.body, head.headers["ETag"]), (200, b"", reply.headers["ETag"]))
        for path in ["/api/v1/leads/2", "/api/v1/leads/x", "/api/v1/leads/-1", "/api/v1/leads/1/x",
                     "/api/v1/lead", "/api/v2/leads", "/api/", "/api/v1/leads/lead_99999999999999999999"]:
            equal(hark.get(path, "anna").status, 404, path)


@test
def how_far_a_story_has_gone_is_said_and_where_it_is():
    story = ("I want a zebrafish for the laboratory in our new office, with a tank that is large enough for fifty of "
             "them, food for a year, and somebody nearby who knows what to do when they are ill")
    with Served([("1", "ana", story)]) as hark:
        hark.user("anna", "sales")
        hark.peer.script("/copies", Answer(rss([{"id": "b0", "text": "Nothing to tell"}])))
        hark.config["sources"].append(hark.source({"name": "b", "url": hark.peer.url("/copies")}))
        hark.save()
        hark.serve()
        equal(hark.get("/api/v1/leads/1", "anna").json["signals"][0]["reach"], {"sources": 1, "copies": []})
        hark.peer.script("/copies", Answer(rss([{"id": "2", "title": "From ana", "author": "Bo", "text": story, "link": "https://b.example/2"}])))
        wait_for("the copy", lambda: hark.count("story_copies") == 1)
        hark.stop()
        hark.write_rows("UPDATE authors SET followers = CASE display_name WHEN 'Bo' THEN 1200 ELSE 30 END")
        hark.start()
        found = hark.get("/api/v1/leads/1", "anna").json["signals"][0]
        where = found["reach"]["copies"][0]
        equal((found["copies"], found["reach"]["sources"], found["reach"]["followers"]), (1, 2, 1230))
        equal((where["source"], where["url"], where["author"], where["followers"], where["private"]),
              ("b", "https://b.example/2", "Bo", 1200, False))
        told = hark.run("leads", "show", "1").stdout
        check("reach: 2 sources, before 1230 followers" in told and "b  Bo  https://b.example/2" in told, told)


@test
def a_lead_is_worked_from_claim_to_outcome():
    with Served(POSTS) as hark:
        hark.user("anna", "sales"), hark.user("bo", "sales")
        hark.serve()
        got = hark.post("/api/v1/leads/1/claim", "anna", {"for": "2h"}).json
        equal((got["state"], got["claim"]["by"]), ("claimed", "anna"))
        refused = hark.post("/api/v1/leads/1/claim", "bo")
        equal(refused.status, 409)
        check("anna" in refused.json["detail"], refused.text)
        equal(hark.post("/api/v1/leads/1/release", "anna").json["state"], "new")
        equal(hark.post("/api/v1/leads/1/undo", "anna").json["state"], "claimed")
        equal(hark.post("/api/v1/leads/1/outcome", "anna", {"outcome": "won"}).status, 409)
        equal(hark.post("/api/v1/leads/1/answer", "anna", {}).json["state"], "answered")
        won = hark.post("/api/v1/leads/1/outcome", "anna", {"outcome": "won", "value": 12000, "currency": "EUR"})
        equal((won.json["state"], won.json["outcome"]["value"], won.json["outcome"]["currency"]),
              ("won", 12000, "EUR"))
        equal(hark.post("/api/v1/leads/2/dismiss", "bo", {"reason": "a student"}).json["reason"], "a student")
        equal(hark.post("/api/v1/leads/3/snooze", "bo", {"for": "3d"}).json["state"], "snoozed")
        said = hark.post("/api/v1/leads/2/verdict", "bo", {"relevant": False, "reason": "a student"})
        equal(said.status, 200, said.text)
        equal(hark.rows("SELECT good, actor FROM verdicts"), [{"good": 0, "actor": "bo"}])
        equal([e["action"] for e in hark.json("leads", "show", "1")["history"]][-5:],
              ["claim", "release", "undo", "answer", "win"])


@test
def what_is_sent_wrongly_changes_nothing_and_says_why():
    with Served(POSTS[:1]) as hark:
        hark.user("anna", "sales")
        hark.serve()
        before = hark.rows("SELECT * FROM leads")
        for path, body, status in [
                ("claim", {"form": "2h"}, 422), ("claim", {"for": 2}, 422), ("claim", {"for": "soon"}, 422),
                ("claim", {"for": "-1h"}, 422), ("claim", {"for": "0"}, 422), ("claim", [], 400),
                ("claim", "x", 400),
                ("dismiss", {}, 422), ("dismiss", {"reason": " "}, 422), ("dismiss", {"reason": "x" * 2001}, 422),
                ("dismiss", {"reason": "a\0b"}, 422), ("dismiss", {"reason": "a\x1b[31m"}, 422),
                ("outcome", {}, 422), ("outcome", {"outcome": "draw"}, 422),
                ("outcome", {"outcome": "won", "value": 1}, 422), ("outcome", {"outcome": "won", "currency": "EUR"}, 422),
                ("outcome", {"outcome": "won", "value": -1, "currency": "EUR"}, 422),
                ("outcome", {"outcome": "won", "value": 1.5, "currency": "EUR"}, 422),
                ("outcome", {"outcome": "won", "value": 10**12 + 1, "currency": "EUR"}, 422),
                ("outcome", {"outcome": "won", "value": 9223372036854775807, "currency": "EUR"}, 422),
                ("outcome", {"outcome": "won", "value": 1, "currency": "\u200bE"}, 422),
                ("outcome", {"outcome": "lost", "value": 1, "currency": "EUR"}, 422),
                ("verdict", {}, 422), ("verdict", {"relevant": "no"}, 422), ("verdict", {"relevant": False}, 422),
                ("release", {"x": 1}, 422)]:
            equal(hark.post("/api/v1/leads/1/" + path, "anna", body).status, status, (path, body))
        json = {"Content-Type": "application/json"}
        for raw, headers, status in [
                (b"{", json, 400), (b"\xff\xfe", json, 400), (b"[" * 30000, json, 400), (b"nul", json, 400),
                (b'{"for": "1h", "for": "9h"}', json, 400),
                (b'{"for": "1h"}', {"Content-Type": "text/plain"}, 415), (b'{"for": "1h"}', {}, 415),
                (b"for=1h", {"Content-Type": "application/x-www-form-urlencoded"}, 415)]:
            reply = hark.ask("POST", "/api/v1/leads/1/claim", "anna", raw=raw, headers=headers)
            equal(reply.status, status, (raw[:20], headers))
        for line, length in [("POST /api/v1/leads/1/claim", 65537), ("GET /api/v1/leads", 1)]:
            equal(hark.answer_to_head(f"{line} HTTP/1.1\r\nHost: h\r\nContent-Length: {length}\r\n\r\n"), 413)
        for method, path in [("DELETE", "/api/v1/leads/1"), ("GET", "/api/v1/leads/1/claim"),
                             ("PUT", "/api/v1/leads")]:
            reply = hark.ask(method, path, "anna")
            equal(reply.status, 405, (method, path))
            check(reply.headers["Allow"], "what is allowed is not said")
        equal(hark.post("/api/v1/leads/9/claim", "anna").status, 404)
        equal(hark.rows("SELECT * FROM leads"), before)


@test
def a_step_on_what_has_changed_meanwhile_is_refused():
    with Served(POSTS[:1]) as hark:
        hark.user("anna", "sales"), hark.user("bo", "sales")
        hark.serve()
        seen = hark.get("/api/v1/leads/1", "anna").headers["ETag"]
        claimed = hark.post("/api/v1/leads/1/claim", "anna", headers={"If-Match": seen})
        equal(claimed.status, 200, claimed.text)
        stale = hark.post("/api/v1/leads/1/release", "anna", headers={"If-Match": seen})
        equal(stale.status, 412)
        equal(hark.post("/api/v1/leads/1/release", "anna",
                        headers={"If-Match": claimed.headers["ETag"]}).status, 200)
        equal(hark.post("/api/v1/leads/1/claim", "bo", headers={"If-Match": "*"}).status, 200)


@test
def a_request_sent_twice_with_one_key_is_done_once():
    with Served(POSTS) as hark:
        hark.user("anna", "sales"), hark.user("bo", "sales")
        hark.serve()
        key = {"Idempotency-Key": "k-1"}
        first = hark.post("/api/v1/leads/1/claim", "anna", {"for": "2h"}, headers=key)
        again = hark.post("/api/v1/leads/1/claim", "anna", {"for": "2h"}, headers=key)
        equal((again.status, again.body, again.headers["ETag"]), (200, first.body, first.headers["ETag"]))
        equal(hark.count("lead_events", "action = 'claim'"), 1)
        equal(hark.post("/api/v1/leads/1/claim", "anna", {"for": "3h"}, headers=key).status, 422)
        equal(hark.post("/api/v1/leads/2/claim", "anna", {"for": "2h"}, headers=key).status, 422)
        equal(hark.post("/api/v1/leads/2/claim", "bo", {"for": "2h"}, headers=key).status, 200)  # their own key
        equal(hark.post("/api/v1/leads/3/claim", "bo", headers={"Idempotency-Key": "x" * 201}).status, 400)
        refused = {"Idempotency-Key": "k-2"}  # what failed is tried anew
        equal(hark.post("/api/v1/leads/3/release", "bo", headers=refused).status, 409)
        equal(hark.post("/api/v1/leads/3/claim", "bo").status, 200)
        equal(hark.post("/api/v1/leads/3/release", "bo", headers=refused).status, 200)


@test
def of_many_who_claim_at_once_one_gets_it():
    with Served(POSTS[:1]) as hark:
        names = [f"u{i}" for i in range(8)]
        for name in names:
            hark.user(name, "sales")
        hark.serve()
        got = {}
        threads = [threading.Thread(target=lambda n=n: got.update({n: hark.post("/api/v1/leads/1/claim", n).status}))
                   for n in names]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        equal(sorted(got.values()), [200] + [409] * 7)
        winner = next(n for n, status in got.items() if status == 200)
        equal(hark.json("leads", "show", "1")["claim"]["by"], winner)


@test
def a_lead_of_another_class_is_not_there():
    with Served(POSTS[:1] + [("4", "dee", "I want an okapi")], rules=SECRET_RULES) as hark:
        for role in ["viewer", "sales", "sales-head", "marketing", "compliance", "admin"]:
            hark.user(role, role)
        hark.serve()
        secret = hark.rows("SELECT id FROM leads WHERE visibility = 'sales-head'")[0]["id"]
        for role, sees in [("viewer", False), ("sales", False), ("sales-head", True), ("marketing", False),
                           ("compliance", False), ("admin", True)]:
            listed = [i["id"] for i in hark.get("/api/v1/leads", role).json["items"]]
            equal(f"lead_{secret}" in listed, sees, role)
            equal(len(listed), 2 if sees else 1, role)
            reply = hark.get(f"/api/v1/leads/{secret}", role)
            equal(reply.status, 200 if sees else 404, role)
            if not sees:
                nothing = hark.get("/api/v1/leads/999", role)
                equal(reply.text.replace(str(secret), "N"), nothing.text.replace("999", "N"), role)
                equal(hark.post(f"/api/v1/leads/{secret}/claim", role).status, 403 if role == "viewer" else 404)
        equal(hark.count("lead_events", "action = 'claim'"), 0)


@test
def why_it_is_there_and_whose_sale_it_is_are_told_as_by_the_commands():
    with Served(rules=SECRET_RULES) as hark:
        for role in ["viewer", "sales", "sales-head"]:
            hark.user(role, role)
        hark.serve()
        hark.wait_baseline()
        hark.publish(("1", "ana", "I want a zebrafish"), ("2", "bo", "I want an okapi"))
        tap.wait_for("both leads", lambda: hark.count("leads") == 2)
        ids = {row["rule"]: row["id"] for row in hark.rows("SELECT id, rule FROM leads")}
        (plain,), (secret,) = [[i for r, i in ids.items() if (r == "wants-okapi") == okapi] for okapi in (False, True)]
        (told,) = hark.get(f"/api/v1/leads/{plain}/why", "viewer").json["items"]
        equal([told], hark.json("why", f"lead_{plain}"))
        equal((told["rule_now"], told["post"]["text"], told["explanation"]["outcome"]), ("same", "I want a zebrafish", "match"))
        equal(hark.get(f"/api/v1/leads/{plain}/credit", "viewer").json, hark.json("leads", "credit", str(plain)))
        equal(hark.get(f"/api/v1/signals/{told['id']}/why", "viewer").json, told)
        (told,) = hark.get(f"/api/v1/why-not?lead={plain}", "viewer").json["items"]
        equal((told["post"]["text"], told["explanation"]["outcome"]), ("I want a zebrafish", "match"))
        equal((told["reasons"], told["would_tell"]),
              tuple(hark.json("why-not", f"lead_{plain}")[k] for k in ("reasons", "would_tell")))
        (told,) = hark.get("/api/v1/why-not?post=a:0&rule=wants-zebrafish", "viewer").json["items"]
        equal([r["code"] for r in told["reasons"]], ["no-match"])
        (told,) = hark.get(f"/api/v1/why-not?rule=wants-zebrafish&post={hark.peer.url('/never')}", "viewer").json["items"]
        equal(([r["code"] for r in told["reasons"]], "post" in told), (["not-said"], False))
        for wrong, status in (("", 400), ("?rule=wants-zebrafish", 400), ("?post=a:0", 400), ("?post=a:0&lead=1&rule=wants-zebrafish", 400),
                              ("?post=a:0&rule=want", 404), ("?post=b:0&rule=wants-zebrafish", 404), ("?person=Nobody&rule=wants-zebrafish", 404)):
            equal(hark.get("/api/v1/why-not" + wrong, "viewer").status, status, wrong)
        # Who disagrees, and that it is settled.
        path = f"/api/v1/leads/{plain}/credit"
        equal(hark.post(path, "viewer", {"dispute": "mine"}).status, 403)
        for wrong in ({}, {"dispute": " "}, {"dispute": "mine", "settle": "ours"}, {"note": "mine"}):
            equal(hark.post(path, "sales", wrong).status, 422, wrong)
        equal([(d["by"], d["settles"], d["note"]) for d in hark.post(path, "sales", {"dispute": "I met them"}).json["disputes"]],
              [("sales", False, "I met them")])
        equal(hark.post(path, "sales-head", {"settle": "both"}).json, hark.json("leads", "credit", str(plain)))
        # What one may not see is not there.
        for what in ("why", "credit"):
            equal(hark.get(f"/api/v1/leads/{secret}/{what}", "sales-head").status, 200, what)
            for path in (f"leads/{secret}/{what}", f"leads/99/{what}", f"leads/x/{what}"):
                equal(hark.get("/api/v1/" + path, "sales").status, 404, path)
        equal(hark.post(f"/api/v1/leads/{secret}/credit", "sales", {"dispute": "mine"}).status, 404)
        found = hark.rows(f"SELECT id FROM signals WHERE lead = {secret}")[0]["id"]
        for path in (f"signals/{found}/why", f"why-not?lead={secret}", "why-not?post=a:2&rule=wants-okapi", "why-not?post=a:2&rule=wants-zebrafish"):
            equal((hark.get("/api/v1/" + path, "sales").status, hark.get("/api/v1/" + path, "sales-head").status), (404, 200), path)


@test
def what_is_read_needs_no_turn_to_write():
    with Served(POSTS[:1]) as hark:
        hark.user("anna", "sales")
        hark.serve()
        equal(hark.get("/api/v1/leads", "anna").status, 200)
        other = sqlite3.connect(hark.database, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        equal(len(hark.get("/api/v1/leads", "anna").json["items"]), 1)
        got = []
        claim = threading.Thread(target=lambda: got.append(hark.post("/api/v1/leads/1/claim", "anna").status))
        claim.start()
        equal(hark.get("/api/v1/leads/1", "anna").json["state"], "new")
        other.execute("ROLLBACK")
        other.close()
        claim.join()
        equal(got, [200])


@test
def harkd_stops_in_order_while_it_is_asked():
    with Served(POSTS[:1]) as hark:
        hark.user("anna", "sales")
        hark.serve()
        done, seen = threading.Event(), []

        def ask():
            while not done.is_set():
                try:
                    seen.append(hark.post("/api/v1/leads/1/verdict", "anna", {"relevant": True}).status)
                except OSError:
                    return
        threads = [threading.Thread(target=ask) for _ in range(3)]
        for t in threads:
            t.start()
        tap.wait_for("some answers", lambda: len(seen) > 10)
        equal(hark.stop(), 0)
        done.set()
        for t in threads:
            t.join()
        check(set(seen) <= {200, 503}, set(seen))
        equal(hark.count("verdicts"), seen.count(200), "what was answered is stored, and nothing else")


run()
