#!/usr/bin/env python3
"""Sources that are asked in certain hours only, as the other side sees them. The hours begin or end an hour from
now, so that no test meets their edge."""
import os
import time

from daemon import Hark
from peer import Answer, Peer, rss
from streampeer import StreamPeer
from tap import check, equal, run, test, wait_for

STREAM = """
id: live
about: a live board
every: 1s
every_min: 1s
vars: { server: { type: host, about: the server, required: true, example: board.example } }
stream: { url: "http://{server}/live", format: lines, idle: 60s }
cursor: { kind: max_id, from: /id }
items: { pointer: "" }
map: { external_id: /id, text: /text, author.handle: /by }
"""


STARTED = time.time()


def hours(begin, end):
    """`begin` and `end`: hours from the start of this file, so that it reads the same whenever it is asked."""
    return "-".join(time.strftime("%H:%M", time.gmtime(STARTED + h * 3600)) for h in (begin, end)) + " UTC"


NOW, LATER = (-1, 1), (1, 2)


def page(_):
    return Answer(rss([{"id": "1", "text": "I want a zebrafish"}]))


def set_hours(hark, when):
    hark.config["sources"][0]["active-hours"] = hours(*when)
    hark.save()
    equal(hark.run("reload").returncode, 0)


@test
def a_source_is_not_asked_outside_its_hours_but_by_an_admin():
    peer, other = Peer(), Peer()
    peer.script("/feed", page)
    other.script("/feed", page)
    with Hark(sources=[{"name": "a", "url": peer.url("/feed"), "active-hours": hours(*LATER)},
                       {"name": "b", "url": other.url("/feed"), "active-hours": hours(*NOW)}]) as hark:
        hark.start()
        wait_for("some polls of the other", lambda: other.count() >= 3)
        equal(peer.count(), 0)
        row = hark.sources()["a"]
        equal(row["state"], "resting")
        check(row["due"][:19] >= row["resting_until"][:19], row)
        check("resting_until" not in hark.sources()["b"])
        check("resting until" in hark.run("sources", "list").stdout)
        check("until" in hark.run("sources", "show", "a").stdout)
        equal(hark.run("sources", "poll", "a").returncode, 0)
        hark.wait_baseline("a")
        seen = other.count()
        wait_for("more polls of the other", lambda: other.count() >= seen + 2)
        equal(peer.count(), 1, "requests at rest: the one an admin wanted")
        equal(hark.sources()["a"]["state"], "resting")
        set_hours(hark, NOW)
        wait_for("polls in the new hours", lambda: peer.count() >= 3)
        equal(hark.sources()["a"]["state"], "ok")
        set_hours(hark, LATER)
        seen = other.count()
        wait_for("polls of the other, while the last of this one ends", lambda: other.count() >= seen + 2)
        rested = peer.count()
        wait_for("more polls of the other", lambda: other.count() >= seen + 5)
        equal(peer.count(), rested)


@test
def once_asks_nobody_at_rest():
    peer = Peer()
    peer.script("/feed", page)
    with Hark(sources=[{"name": "a", "url": peer.url("/feed"), "active-hours": hours(*LATER)}]) as hark:
        equal(hark.once().returncode, 0)
        equal(peer.count(), 0)


@test
def a_stream_is_left_when_its_hours_end_and_entered_when_they_begin():
    def speak(say, request):
        say.head()
        say.line({"id": len(peer.requests), "text": "quiet", "by": "u"})
        say.wait()

    peer = StreamPeer(speak)
    with Hark(sources=[{"name": "b", "connector": "live", "vars": {"server": peer.host},
                        "active-hours": hours(*NOW)}]) as hark:
        os.mkdir(hark.path("connectors"))
        hark.write("connectors/live.yaml", STREAM)
        hark.start()
        wait_for("a post", lambda: hark.count("posts") == 1)
        set_hours(hark, LATER)
        wait_for("rest", lambda: hark.sources()["b"]["state"] == "resting")
        equal(len(peer.requests), 1)
        set_hours(hark, NOW)
        wait_for("another post", lambda: hark.count("posts") == 2)
        equal(len(peer.requests), 2)


@test
def a_definition_says_hours_for_sources_that_say_none():
    definition = """
id: board
about: a board
every: 1s
every_min: 1s
active_hours: %s
vars: { list: { type: url, about: the list, required: true, example: "https://board.example/list" } }
request: { url: "{list|raw}" }
items: { pointer: "" }
map: { external_id: /id, text: /text }
""" % hours(*LATER)
    peer, other = Peer(), Peer()
    for p in (peer, other):
        p.script("/list", lambda _: Answer('[{"id":1,"text":"quiet"}]', type="application/json"))
    with Hark(sources=[{"name": "a", "connector": "board", "vars": {"list": peer.url("/list")}},
                       {"name": "b", "connector": "board", "vars": {"list": other.url("/list")},
                        "active-hours": hours(*NOW)}]) as hark:
        os.mkdir(hark.path("connectors"))
        hark.write("connectors/board.yaml", definition)
        hark.start()
        wait_for("a post of the other", lambda: hark.count("posts") == 1)
        wait_for("some polls of the other", lambda: other.count() >= 3)
        equal(peer.count(), 0)
        equal(hark.sources()["a"]["state"], "resting")
        check(hours(*LATER) in hark.run("connector", "show", "board").stdout)


@test
def hours_are_checked_with_the_configuration():
    for text, says in (("9-17", "write hours as in 07:00-20:00 Europe/Berlin"),
                       ("07:00-20:00", "the time zone is missing"),
                       ("07:00-20:00 Nowhere/Land", "there is no time zone 'Nowhere/Land'")):
        with Hark(sources=[{"name": "a", "url": "http://127.0.0.1:1/", "active-hours": text}]) as hark:
            done = hark.run("check")
            equal(done.returncode, 1)
            check(says in done.stdout + done.stderr, done.stdout + done.stderr)


run()
