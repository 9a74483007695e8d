#!/usr/bin/env python3
"""What happens to leads, told as it happens."""
import json
import socket
import threading

import tap
from apiclient import Link, Served
from daemon import RULES
from tap import check, equal, run, test

SECRET_RULES = RULES.replace("subject: author", "subject: author\n    visibility: sales-head")


class Watcher:
    """Reads events on a thread of its own."""

    def __init__(self, hark, who, last=None, headers=()):
        self.events, self.sources, self.ended = [], [], threading.Event()
        self.link = Link(hark.path("http"))
        headers = dict(headers)
        if who is not None:
            headers["Authorization"] = "Bearer " + hark.tokens.get(who, who)
        if last is not None:
            headers["Last-Event-ID"] = last
        self.link.request("GET", "/api/v1/events", headers=headers)
        self.answer = self.link.getresponse()
        equal((self.answer.status, self.answer.headers["Content-Type"]), (200, "text/event-stream"))
        equal(self.answer.readline(), b": hark\n")  # from here on nothing is missed
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        fields = {}
        try:
            for line in self.answer:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if not name and "data" in fields:
                    data = json.loads(fields.pop("data"))
                    (self.sources if fields["event"] == "source" else self.events).append({**data, **fields})
                    fields = {}
                elif name:
                    fields[name] = value
        except (OSError, ValueError):
            pass  # close() took the socket away
        self.ended.set()

    def wait(self, n):
        tap.wait_for(f"{n} events", lambda: len(self.events) >= n)
        return [(e["action"], e["state"]) for e in self.events]

    def close(self):
        self.link.sock.shutdown(socket.SHUT_RDWR)
        self.ended.wait(10 * tap.SLOW)
        self.link.close()


@test
def whoever_watches_hears_of_raises_and_steps_in_order():
    with Served() as hark:
        hark.user("anna", "sales"), hark.user("vi", "viewer", "read")
        hark.serve()
        hark.wait_baseline()
        one, two = Watcher(hark, "anna"), Watcher(hark, "vi")
        hark.publish(("1", "ana", "I want a zebrafish"))
        one.wait(1)
        ahead = Watcher(hark, "vi", "999999")  # of a store that has gone further
        equal(hark.post("/api/v1/leads/1/claim", "anna").status, 200)
        equal(hark.post("/api/v1/leads/1/answer", "anna").status, 200)
        equal([a for a, _ in one.wait(3)], ["raised", "claim", "answer"])
        two.wait(3)
        equal([e["id"] for e in one.events], [e["id"] for e in two.events])
        equal((one.events[1]["lead"], one.events[1]["actor"], one.events[1]["event"]), ("lead_1", "anna", "lead"))
        again = Watcher(hark, "vi", one.events[0]["id"])
        equal([a for a, _ in again.wait(2)], ["claim", "answer"])
        equal([a for a, _ in ahead.wait(2)], ["claim", "answer"])
        for w in (one, two, again, ahead):
            w.close()


@test
def nobody_hears_of_what_they_may_not_see():
    with Served([("1", "ana", "I want a zebrafish")], rules=SECRET_RULES) as hark:
        hark.user("anna", "sales"), hark.user("head", "sales-head"), hark.user("me", "admin", "metrics")
        hark.serve()
        equal(hark.get("/api/v1/events").status, 401)
        equal(hark.get("/api/v1/events", "me").status, 403)
        equal(hark.get("/api/v1/events", "head", headers={"Last-Event-ID": "x"}).status, 400)
        head, anna = Watcher(hark, "head", "0"), Watcher(hark, "anna", "0")
        equal(hark.post("/api/v1/leads/1/claim", "head").status, 200)
        head.wait(2)
        equal(anna.events, [])
        head.close(), anna.close()


@test
def whoever_watches_hears_how_sources_stand():
    with Served() as hark:
        hark.user("root", "admin"), hark.user("vi", "viewer", "read")
        hark.serve()
        hark.wait_baseline()
        root, vi = Watcher(hark, "root"), Watcher(hark, "vi")

        def hears(what, holds):
            tap.wait_for(what, lambda: all(any(map(holds, w.sources)) for w in (root, vi)))

        equal(hark.post("/api/v1/sources/a/pause", "root").status, 200)
        hears("the pause", lambda e: e["source"] == "a" and e["paused"])
        hark.publish(("1", "ana", "nothing of note"))
        for w in (root, vi):
            w.sources.clear()
        equal(hark.post("/api/v1/sources/a/resume", "root").status, 200)
        hears("the poll", lambda e: not e["paused"] and e["posts"] == 2 and "due" in e)
        equal([e for e in root.sources if "id" in e], [])  # they are no place to go on from
        equal((root.events, vi.events), ([], []))
        root.close(), vi.close()


@test
def a_stream_ends_with_what_its_reader_came_with():
    home = {"Origin": "http://hark.example"}
    with Served() as hark:
        for who in ("anna", "ben", "carl", "dora", "root"):
            hark.user(who, "admin" if who == "root" else "sales")
        hark.run("user", "add", "eve", "--role", "sales", stdin="a sentence does well")
        hark.serve()
        brief = hark.token("dora", "read", "--for", "4s")
        reply = hark.post("/api/v1/session", body={"user": "eve", "password": "a sentence does well"}, headers=home)
        cookie = {"Cookie": reply.headers["Set-Cookie"].split(";")[0]}
        ends = [Watcher(hark, "anna"), Watcher(hark, "ben"), Watcher(hark, "carl"), Watcher(hark, brief),
                Watcher(hark, None, headers=cookie)]
        stay = Watcher(hark, "root"), Watcher(hark, "dora")
        for step in (("token", "revoke", "1"), ("user", "disable", "ben"), ("user", "role", "carl", "viewer")):
            done = hark.run(*step)
            equal(done.returncode, 0, done.stderr)
        equal(hark.post("/api/v1/session/end", headers={**cookie, **home, "X-Hark-Token": reply.json["token"]}).status,
              200)
        for i, w in enumerate(ends):
            check(w.ended.wait(10 * tap.SLOW), f"stream {i} goes on")
        check(not any(w.ended.is_set() for w in stay), "one ended whose token is in force")
        for w in stay:
            w.close()


@test
def harkd_stops_while_it_is_watched_and_ends_the_streams():
    with Served() as hark:
        hark.user("anna", "sales")
        hark.serve()
        watchers = [Watcher(hark, "anna") for _ in range(5)]
        equal(hark.stop(), 0)
        for w in watchers:
            check(w.ended.wait(10 * tap.SLOW), "the stream goes on")


run()
