#!/usr/bin/env python3
"""Sources that need somebody: told once, to those who want to hear of it, and over by themselves."""
import os

from daemon import Hark
from peer import Answer, Peer, rss
from tap import check, equal, run, test, wait_for

FEED = Answer(rss([{"id": "1", "text": "A quiet day"}, {"id": "2", "text": "Another one"}]))
OPS = [{"when": {"kind": ["purchase-intent"]}, "to": ["out"]}, {"when": {"kind": "source-alarm"}, "to": ["ops"]}]


SHOP = """
id: shop
about: a shop
vars: { base: { type: url, about: the server, required: true, example: "https://shop.example" } }
request: { url: "{base}" }
items: { pointer: /items }
map: { external_id: /id, text: /text }
"""


def hark_of(*sources, **more):
    hark = Hark(sources=sources, routes=OPS, alarms={"gather": "1s"}, **more)
    hark.config["receivers"] = [{"name": n, "type": "file", "path": hark.path(n + ".jsonl")} for n in ("out", "ops")]
    hark.save()
    return hark


def alarms(hark, name="a"):
    return [a["alarm"] for a in hark.sources()[name]["alarms"]]


def messages(hark):
    return [m["data"] for m in hark.alerts("ops.jsonl")]


@test
def a_source_that_fails_is_told_once_and_clears_itself():
    peer = Peer()
    with hark_of({"name": "a", "url": peer.url("/feed"), "alarm-after": "2"}) as hark:
        peer.script("/feed", FEED)
        hark.start()
        hark.wait_baseline()
        equal(alarms(hark), [])
        peer.script("/feed", Answer(status=500))
        wait_for("a message", lambda: messages(hark))
        equal(messages(hark)[0]["title"], "1 source alarm: a (failing)")
        equal(messages(hark)[0]["alarms"][0]["host"], peer.address)
        equal(alarms(hark), ["failing"])
        check("a is failing: 2 failures in a row" in hark.run("status").stdout, hark.run("status").stdout)
        equal(hark.json("status")["source_alarms"][0]["source"], "a")
        check("alarm      failing" in hark.run("sources", "show", "a").stdout)
        peer.script("/feed", FEED)
        hark.run("sources", "poll", "a")
        wait_for("the alarm to be over", lambda: alarms(hark) == [], 20)
        check("a: alarm failing is over" in hark.log())
        equal(len(messages(hark)), 1, "messages")
        equal(hark.alerts("out.jsonl"), [])


@test
def a_page_that_turns_into_html_and_a_refusal_are_told_apart():
    peer = Peer()
    with hark_of({"name": "a", "url": peer.url("/a")}, {"name": "b", "url": peer.url("/b")}) as hark:
        peer.script("/a", FEED)
        peer.script("/b", FEED)
        hark.start()
        hark.wait_baseline()
        peer.script("/a", Answer("<html><body>Welcome</body></html>", type="text/html"))
        peer.script("/b", Answer(status=403))
        wait_for("both alarms", lambda: alarms(hark) == ["changed"] and alarms(hark, "b") == ["refused"], 20)
        check("is a web page" in hark.sources()["a"]["alarms"][0]["text"])


@test
def a_page_of_another_shape_is_no_empty_page():
    peer = Peer()
    with hark_of({"name": "a", "connector": "shop", "vars": {"base": peer.url("/api")}}) as hark:
        os.mkdir(hark.path("connectors"))
        hark.write("connectors/shop.yaml", SHOP)
        peer.script("/api", Answer('{"items":[{"id":1,"text":"one"},{"id":2,"text":"two"}]}', type="application/json"))
        hark.start()
        hark.wait_baseline()
        peer.script("/api", Answer('[{"id":3,"text":"three"}]', type="application/json"))
        wait_for("it to be noticed", lambda: hark.sources()["a"]["state"] == "damaged")
        check("there is nothing at /items" in hark.sources()["a"]["degraded"], hark.sources()["a"]["degraded"])


@test
def an_outage_of_an_api_is_no_other_format():
    peer = Peer()
    pages = {"a": Answer("<html><body>Bad gateway</body></html>", type="text/html", status=502),
             "b": Answer('{"message":"oops"}', type="application/json", status=500),
             "c": Answer("no such thing", type="text/plain", status=404)}
    names = list(pages) + ["patient"]
    shops = [{"name": n, "connector": "shop", "vars": {"base": peer.url("/" + n)}, "alarm-after": "3"} for n in names]
    shops[-1]["alarm-after"] = "50"
    with hark_of(*shops) as hark:
        os.mkdir(hark.path("connectors"))
        hark.write("connectors/shop.yaml", SHOP)
        for name in names:
            peer.script("/" + name, Answer('{"items":[{"id":1,"text":"one"}]}', type="application/json"))
        hark.start()
        hark.wait_baseline()
        for name in names:
            peer.script("/" + name, pages.get(name, pages["a"]))
        for name in pages:
            wait_for(f"the alarm of {name}", lambda n=name: alarms(hark, n), 40)
            equal(alarms(hark, name), ["failing"], name)
            check("3 failures in a row" in hark.sources()[name]["alarms"][0]["text"], hark.sources()[name])
        wait_for("failures enough", lambda: hark.sources()["patient"]["failures"] >= 3, 40)
        equal(alarms(hark, "patient"), [])


@test
def twenty_sources_of_a_host_that_is_down_are_gathered():
    peer, other = Peer(), Peer()
    many = [{"name": f"s{i}", "url": peer.url(f"/{i}"), "alarm-after": "1"} for i in range(20)]
    with hark_of(*many, {"name": "well", "url": other.url("/feed")}) as hark:
        other.script("/feed", FEED)
        for i in range(20):
            peer.script(f"/{i}", FEED)
        hark.start()
        hark.wait_baseline()
        hark.config["alarms"]["gather"] = "8s"
        hark.save()
        equal(hark.run("reload").returncode, 0)
        for i in range(20):
            peer.script(f"/{i}", Answer(status=503))
        wait_for("all of them", lambda: sum(m["raised"] for m in messages(hark)) >= 20, 60)
        got = [(m["raised"], m["title"]) for m in messages(hark)]
        equal(sum(n for n, _ in got), 20, got)
        check(len(got) <= 3, got)  # the look may fall between two polls
        n, title = max(got)
        check(f"{n} source alarms at" in title, got)


run()
