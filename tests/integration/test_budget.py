#!/usr/bin/env python3
"""The budget of a day counts every request, whatever ends a poll."""
import json
import os
import time

from daemon import Hark
from peer import Answer, Peer
from tap import equal, run, test, wait_for

BOARD = """
id: board
about: a board
every: 1m
vars: { server: { type: url, about: the server, required: true, example: "https://board.example" } }
request: { url: "{server}/items", query: { page: "{page}" } }
paging: { kind: page, start: 1, size: 2, max_pages: 6 }
items: { pointer: /items }
map: { external_id: /id, text: /text, author.handle: /by }
MORE
rate: { budget: { per_day: 10, a_request: 1 } }
"""
DETAIL = 'detail: { url: "{server}/people/{/by}", max: 20, map: { author.bio: $detail/note } }'


def board(peer, more=""):
    hark = Hark(sources=[{"name": "b", "connector": "board", "vars": {"server": peer.url("")}}])
    os.mkdir(hark.path("connectors"))
    hark.write("connectors/board.yaml", BOARD.replace("MORE", more))
    return hark


def as_json(value):
    return Answer(json.dumps(value), type="application/json")


def endless(peer, path="/items"):
    """Every page is full of what nobody has seen."""
    n = [0]

    def answer(request):
        n[0] += 2
        return as_json({"items": [{"id": i, "text": "quiet", "by": f"u{i}"} for i in (n[0], n[0] + 1)]})
    peer.script(path, answer)


def spent(hark):
    return hark.source_row("b").get("spent", 0)


@test
def details_are_requests_like_any_other():
    peer = Peer()
    endless(peer)
    for i in range(2, 60):
        peer.script(f"/people/u{i}", as_json({"note": "I paint"}))
    with board(peer, DETAIL) as hark:
        hark.start()
        wait_for("the day's budget to be spent", lambda: spent(hark) == 10)
        hark.stop()
        equal(len(peer.requests()), 10, "requests")
        hark.start()
        wait_for("the source to say so", lambda: hark.run("sources", "poll", "b").returncode == 0)
        wait_for("it says that the budget is spent",
                 lambda: "its budget of 10 for today (UTC) is spent" in (hark.sources()["b"].get("error") or ""))
        equal(hark.source_row("b")["failures"], 0, "nobody's failure")
        equal(len(peer.requests()), 10, "requests")


@test
def a_poll_that_is_cut_short_has_cost_what_it_has_cost():
    peer = Peer()
    endless(peer)
    with board(peer) as hark:
        for _ in range(8):
            before = len(peer.requests())
            hark.start()
            wait_for("a request, or nothing left", lambda: len(peer.requests()) > before or spent(hark) >= 10)
            hark.kill()
        hark.start()
        wait_for("the day's budget to be spent", lambda: spent(hark) >= 10)
        time.sleep(1)
        assert len(peer.requests()) <= 10, f"{len(peer.requests())} requests of a budget of 10"


@test
def a_request_that_ends_in_nothing_counts():
    peer = Peer()
    peer.script("/items", Answer(status=500))
    with board(peer) as hark:
        hark.start()
        wait_for("a failure", lambda: hark.source_row("b").get("failures", 0) > 0)
        hark.stop()
        equal(spent(hark), len(peer.requests()), "units")


run()
