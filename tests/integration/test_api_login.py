#!/usr/bin/env python3
"""Browsers: logging in, what a cookie may do and for whom, and people a proxy lets in."""
import os
import re

from apiclient import Served
from tap import check, equal, run, test

HAS_WEB = os.environ.get("HARK_WEB") == "yes"
PASSWORD = "correct horse battery"
HOME = {"Origin": "https://hark.example"}  # the Host that apiclient sends
AWAY = [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", **HOME}, {"Origin": "https://hark.example.evil.example"},
        {"Origin": "https://xhark.example"}]


def people(hark, *names, role="sales"):
    for name in names:
        done = hark.run("user", "add", name, "--role", role, stdin=PASSWORD + "\n")
        equal(done.returncode, 0, done.stderr)


def log_in(hark, user, password=PASSWORD, **more):
    return hark.post("/api/v1/session", body={"user": user, "password": password}, **more)


def cookie(reply):
    return {"Cookie": "theme=dark; " + reply.headers["Set-Cookie"].split(";")[0] + "; x=y"}


@test
def a_cookie_reads_and_works_with_the_token_of_its_session():
    with Served([("1", "ana", "I want a zebrafish")]) as hark:
        people(hark, "anna")
        hark.serve()
        reply = log_in(hark, "anna", headers=HOME)
        equal(reply.status, 200)
        text = reply.headers["Set-Cookie"]
        for part in ["hark_session=", "HttpOnly", "SameSite=Lax", "Path=/"]:
            check(part in text, text)
        check("Secure" not in text and "__Host-" not in text, text)
        secret = text.split(";")[0].split("=")[1]
        equal(len(secret), 64)
        mine, token = cookie(reply), {"X-Hark-Token": reply.json["token"]}
        equal(hark.get("/api/v1/me", headers=mine).json, {"user": "anna", "role": "sales", "scope": "write"})
        equal(hark.get("/api/v1/session", headers=mine).json["token"], reply.json["token"])
        claim = "/api/v1/leads/1/claim"
        for headers in [{**mine}, {**mine, **HOME}, {**mine, **token}, {**mine, **HOME, "X-Hark-Token": "0" * 64}] + [
                {**mine, **token, **away} for away in AWAY]:
            equal(hark.post(claim, headers=headers).status, 403, headers)
        equal(hark.count("lead_events", "action = 'claim'"), 0)
        equal(hark.post(claim, headers={**mine, **token, **HOME}).json["claim"]["by"], "anna")
        equal(hark.post("/api/v1/leads/1/release",
                        headers={**mine, **token, "Sec-Fetch-Site": "same-origin"}).status, 200)
        rows = hark.rows("SELECT hash FROM sessions")
        check(secret.encode() not in rows[0]["hash"] and bytes.fromhex(secret) != rows[0]["hash"], rows)
        check(secret not in hark.log() and PASSWORD not in hark.log())


@test
def a_session_ends_when_somebody_leaves_or_is_made_to():
    with Served() as hark:
        people(hark, "anna")
        hark.serve()
        first, second, third = (log_in(hark, "anna") for _ in range(3))
        check(len({r.headers["Set-Cookie"] for r in (first, second, third)}) == 3)
        equal(hark.post("/api/v1/session/end", headers={**cookie(first), **HOME}).status, 403)
        left = hark.post("/api/v1/session/end",
                         headers={**cookie(first), **HOME, "X-Hark-Token": first.json["token"]})
        check(left.status == 200 and "Max-Age=0" in left.headers["Set-Cookie"], left.headers)
        equal(hark.get("/api/v1/me", headers=cookie(first)).status, 401)
        equal(hark.get("/api/v1/me", headers=cookie(second)).status, 200)
        equal(hark.post(f"/api/v1/session/end",
                        headers={**cookie(second), **HOME, "X-Hark-Token": third.json["token"]}).status, 403)
        equal(hark.run("user", "password", "anna", stdin="another fine sentence\n").returncode, 0)
        for one in (second, third):
            equal(hark.get("/api/v1/me", headers=cookie(one)).status, 401)
        equal(log_in(hark, "anna").status, 401)
        fresh = log_in(hark, "anna", "another fine sentence")
        equal(hark.run("user", "disable", "anna").returncode, 0)
        equal(hark.get("/api/v1/me", headers=cookie(fresh)).status, 401)
        equal(log_in(hark, "anna", "another fine sentence").status, 401)
        hark.kill()
        hark.write_rows("UPDATE users SET disabled_ms = NULL")
        hark.start()
        fresh = log_in(hark, "anna", "another fine sentence")
        equal(hark.get("/api/v1/me", headers=cookie(fresh)).status, 200)
        hark.kill()
        hark.write_rows("UPDATE sessions SET used_ms = used_ms - 12 * 3600000")
        hark.start()
        equal(hark.get("/api/v1/me", headers=cookie(fresh)).status, 401)


@test
def wrong_names_and_passwords_are_answered_alike_and_not_for_long():
    with Served() as hark:
        people(hark, "anna", "bo")
        hark.user("robot", "sales")  # has no password
        hark.serve()
        answers = {log_in(hark, user, password).text for user, password in [
            ("anna", "wrong"), ("nobody", PASSWORD), ("robot", PASSWORD), ("anna", "")]}
        equal(len(answers), 1, answers)
        equal(log_in(hark, "bo").status, 200)  # which forgets what this address tried
        for body in [{}, {"user": "anna"}, {"user": "anna", "password": 1}, {"user": "anna", "password": "x" * 1025},
                     {"user": "x" * 65, "password": "x"}, {"user": "anna", "password": "x", "role": "admin"}]:
            equal(hark.post("/api/v1/session", body=body).status, 422, str(body)[:60])
        for away in AWAY[:3]:
            equal(log_in(hark, "anna", headers=away).status, 403)
        codes = [log_in(hark, f"guess{i}", "wrong").status for i in range(6)]
        equal(codes, [401] * 5 + [429])
        refused = log_in(hark, "bo")
        equal(refused.status, 429, "an address that guesses is heard no more")
        check(0 < int(refused.headers["Retry-After"]) <= 60, refused.headers["Retry-After"])


@test
def behind_tls_the_cookie_is_of_the_host_and_goes_nowhere_in_the_open():
    with Served() as hark:
        hark.config["http"]["behind-tls"] = "yes"
        hark.save()
        people(hark, "anna")
        hark.serve()
        text = log_in(hark, "anna").headers["Set-Cookie"]
        check(text.startswith("__Host-hark_session=") and "Secure" in text and "Path=/" in text
              and "Domain" not in text, text)
        value = text.split(";")[0].split("=")[1]
        equal(hark.get("/api/v1/me", headers={"Cookie": f"hark_session={value}"}).status, 401)
        equal(hark.get("/api/v1/me", headers={"Cookie": f"__Host-hark_session={value}"}).status, 200)


def invitations(hark):
    """The tokens of the links that harkd has printed."""
    return re.findall(r"/setup#(\w+)", hark.log())


@test
def the_first_admin_comes_by_a_link_that_is_good_once():
    with Served() as hark:
        hark.start()
        if not HAS_WEB:
            equal(invitations(hark), [], "there is no page it could lead to")
            check("without the inbox" in hark.run("user", "link").stderr)
            return
        begin = lambda token, name="root", password=PASSWORD, **more: hark.post(
            "/api/v1/setup", body={"token": token, "user": name, "password": password}, **more)
        first, = invitations(hark)
        equal(hark.json("status")["first_user_awaited"], True)
        check("hark user link" in hark.run("status").stdout)
        check(first.encode() not in b"".join(r["value"] for r in hark.rows("SELECT value FROM settings")))
        equal(hark.get("/setup").status, 200)
        equal(hark.get("/api/v1/setup").status, 405)
        made = hark.json("user", "link")
        second = made["link"].split("/setup#")[1]
        equal(begin(first).status, 403, "a newer link takes its place")
        for away in AWAY:
            equal(begin(second, headers=away).status, 403)
        for name, password in [("", PASSWORD), ("ro ot", PASSWORD), ("x" * 65, PASSWORD), ("root", "short"), ("root", "x" * 1025)]:
            equal(begin(second, name, password).status, 422, name)
        equal(hark.post("/api/v1/setup", body={"token": second, "user": "root", "password": PASSWORD, "role": "admin"}).status, 422)
        equal(hark.count("users"), 0)
        got = begin(second, headers=HOME)
        equal((got.status, got.json["user"], got.json["role"]), (200, "root", "admin"))
        equal(hark.get("/api/v1/me", headers=cookie(got)).json["role"], "admin")
        equal(log_in(hark, "root").status, 200)
        again = begin(second, "mallory")
        equal(again.status, 409)
        equal(hark.run("user", "link").returncode, 1)
        equal((hark.count("users"), hark.count("settings", "name = 'first link'")), (1, 0))
        equal([(e.get("actor"), e.get("target")) for e in hark.json("audit", "list") if e["action"].endswith("/setup")], [("root", "root")])
        check(second not in hark.log() and PASSWORD not in hark.log() and hark.json("status")["first_user_awaited"] is False)
        equal(hark.stop(), 0)
        hark.start()
        equal(len(invitations(hark)), 1, "no more of them")


@test
def no_link_leads_past_a_proxy_and_guesses_are_slowed_down():
    with Served() as hark:
        hark.config["http"]["user-header"] = "X-Remote-User"
        hark.save()
        hark.start()
        equal(invitations(hark), [], "the proxy says who is there")
        made = hark.run("user", "link")
        check(made.returncode == 1 and ("proxy" if HAS_WEB else "inbox") in made.stderr, made.stderr)
        tries = lambda: [hark.post("/api/v1/setup", body={"token": f"guess{i}", "user": "root", "password": PASSWORD}).status
                         for i in range(3)]
        equal(tries(), [409] * 3)
        hark.config["http"].pop("user-header")
        hark.save()
        equal(hark.run("reload").returncode, 0)
        equal(tries(), [403] * 2 + [429])
        equal(hark.count("users"), 0)


@test
def who_a_proxy_has_let_in_is_named_by_its_header_alone():
    with Served([("1", "ana", "I want a zebrafish")]) as hark:
        people(hark, "anna@example.com")
        hark.user("vi", "viewer")
        hark.serve()
        named = {"X-Remote-User": "anna@example.com"}
        equal(hark.get("/api/v1/me", headers=named).status, 401, "nobody has said that there is a proxy")
        hark.config["http"]["user-header"] = "X-Remote-User"
        hark.save()
        equal(hark.run("reload").returncode, 0)
        equal(hark.get("/api/v1/me", headers=named).json["user"], "anna@example.com")
        equal(hark.get("/api/v1/me", headers={"X-Remote-User": "mallory"}).status, 403)
        equal(hark.get("/api/v1/me", headers={"X-Remote-User": ""}).status, 401)
        equal(hark.get("/api/v1/me", "vi", headers=named).json["user"], "vi", "a token says more")
        equal(hark.post("/api/v1/leads/1/claim", headers=named).status, 403)
        for away in AWAY:
            equal(hark.post("/api/v1/leads/1/claim", headers={**named, **away}).status, 403)
        equal(hark.post("/api/v1/leads/1/claim", headers={**named, **HOME}).status, 200)
        equal(hark.run("user", "disable", "anna@example.com").returncode, 0)
        equal(hark.get("/api/v1/me", headers=named).status, 403)


run()
