#!/usr/bin/env python3
"""Sources over HTTP: found behind a web page, tried, added; and what is refused."""
import re
import threading
import time

import tap
import yaml
from apiclient import Served
from peer import Answer, rss
from tap import check, equal, run, test

PAGE = '<html><head><title>News</title><link rel=alternate type="application/rss+xml" href="/news.xml"></head></html>'


def served(**more):
    hark = Served(**more)
    hark.user("root", "admin"), hark.user("anna", "sales")
    hark.peer.script("/", Answer(PAGE, type="text/html"))
    hark.peer.script("/news.xml", Answer(rss([{"id": "n1", "title": "First", "text": "A quiet day"},
                                              {"id": "n2", "title": "Second", "text": "A zebrafish"}], "Acme News")))
    return hark.serve()


def entry(hark, **more):
    return {"url": hark.peer.url("/news.xml"), "internal": True, "every": "1s", **more}


@test
def the_feeds_of_a_page_are_found_with_what_is_in_them():
    with served() as hark:
        reply = hark.post("/api/v1/find-feeds", "root", {"url": hark.peer.url("/"), "internal": True})
        equal(reply.status, 200, reply.text)
        equal(reply.json["found"], [{"url": hark.peer.url("/news.xml"), "title": "Acme News", "format": "rss20",
                                     "posts": 2, "titles": ["First", "Second"], "name": "acme-news"}])
        known = hark.post("/api/v1/find-feeds", "root", {"url": hark.peer.url("/feed"), "internal": True}).json
        equal([(f["known_as"], "name" in f) for f in known["found"]], [("a", False)])


@test
def what_cannot_be_found_is_said_in_a_sentence():
    with served() as hark:
        hark.peer.script("/plain", Answer("<html>nothing</html>", type="text/html"))
        hark.peer.script("/items", Answer('{"items": [{"id": 1}]}', type="application/json"))
        asked = hark.peer.count()
        for body, status, words in [
                ({"url": hark.peer.url("/items"), "internal": True}, 422, "it answers is JSON: hark connector new"),
                ({"url": hark.peer.url("/plain"), "internal": True}, 422, "no feed at"),
                ({"url": hark.peer.url("/gone"), "internal": True}, 422, "answers 404"),
                ({"url": hark.peer.url("/")}, 422, '"internal": true'),
                ({"url": "http://user:secret@news.example/"}, 422, "'url'"),
                ({"url": ""}, 422, "'url' is the address"), ({"url": 7}, 422, "'url' is a text"),
                ({"url": "x", "internal": "yes"}, 422, "true or false"), ({"uri": "x"}, 422, "did you mean 'url'"),
                ({}, 422, "'url' is the address")]:
            reply = hark.post("/api/v1/find-feeds", "root", body)
            equal(reply.status, status, (body, reply.text))
            check(words in reply.json["detail"], reply.text)
        check("secret" not in hark.log())
        check(hark.peer.count("/robots.txt") == 0 and hark.peer.count() > asked)
        equal(hark.post("/api/v1/find-feeds", "anna", {"url": "news.example"}).status, 403)


@test
def a_feed_that_was_found_is_tried_added_and_asked():
    with served() as hark:
        tried = hark.post("/api/v1/try-source", "root", entry(hark)).json
        equal((tried["posts_total"], [p["title"] for p in tried["posts"]]), (2, ["First", "Second"]))
        equal([(r["status"], r["url"]) for r in tried["requests"]], [(200, hark.peer.url("/news.xml"))])
        shown = hark.post("/api/v1/sources", "root", entry(hark, dry_run=True)).json
        equal((shown["added"], shown["reloaded"], shown["url"]), (False, False, hark.peer.url("/news.xml")))
        plain = hark.post("/api/v1/sources", "root", entry(hark, url="news.example:8080/feed", dry_run=True)).json
        equal(plain["url"], "https://news.example:8080/feed", "what it is asked by is said")
        check(hark.read("conf.d/sources.yaml") == "" and hark.source_row("acme-news") == {}, "a dry run wrote")
        done = hark.post("/api/v1/sources", "root", entry(hark, name="acme-news"))
        equal((done.status, done.json["name"], done.json["added"], done.json["reloaded"]), (200, "acme-news", True, True),
              done.text)
        written = yaml.safe_load(hark.read("conf.d/sources.yaml"))["sources"]
        equal(written, [{"name": "acme-news", "url": hark.peer.url("/news.xml"), "every": "1s", "internal": True}])
        equal(yaml.safe_load(done.json["yaml"]), written, "what is shown is what is written")
        hark.wait_baseline("acme-news")
        hark.peer.script("/news.xml", Answer(rss([{"id": "n3", "author": "ana", "text": "I want a zebrafish"}])))
        tap.wait_for("the lead", lambda: hark.count("leads", "historic = 0") == 1, 20)
        again = hark.post("/api/v1/sources", "root", entry(hark))
        equal((again.status, "it is there already: 'acme-news'" in again.json["detail"]), (409, True), again.text)
        trail = hark.get("/api/v1/audit", "root").json["items"]
        check(any(e["action"] == "POST /api/v1/sources" and e["target"] == "acme-news" for e in trail), trail)
        check(hark.get("/api/v1/sources/acme-news", "root").json["removable"])
        gone = hark.post("/api/v1/sources/acme-news/remove", "root")
        equal((gone.status, gone.json["reloaded"]), (200, True), gone.text)
        equal(yaml.safe_load(hark.read("conf.d/sources.yaml"))["sources"], None)
        equal(hark.get("/api/v1/sources/acme-news", "root").status, 404)
        equal(hark.count("posts", "external_id = 'n3'"), 1, "what was read stays")


@test
def only_what_was_added_here_is_taken_out_here():
    with served() as hark:
        check(not hark.get("/api/v1/sources/a", "anna").json["removable"])
        before = hark.read("hark.yaml")
        kept = hark.post("/api/v1/sources/a/remove", "root")
        equal((kept.status, "stands in a file that you keep" in kept.json["detail"]), (409, True), kept.text)
        equal(hark.read("hark.yaml"), before)
        equal(hark.post("/api/v1/sources/a/remove", "anna").status, 403)
        hark.post("/api/v1/sources/a/pause", "root")
        step = hark.get("/api/v1/audit", "root").json["items"][0]
        equal((step["actor"], step["action"], step["target"]), ("root", "POST /api/v1/sources/{name}/pause", "a"))


@test
def feeds_of_another_reader_come_in_and_go_out_as_a_list():
    with served() as hark:
        def send(text, query="", who="root", **headers):
            return hark.ask("POST", "/api/v1/sources.opml" + query, who, raw=text.encode(), headers={"Content-Type": "text/x-opml", **headers})
        out = hark.get("/api/v1/sources.opml", "root").text
        equal((out.count("<outline"), hark.peer.url("/feed") in out), (1, True))
        equal(re.sub("<dateCreated>.*", "", out), re.sub("<dateCreated>.*", "", hark.run("sources", "export-opml").stdout))
        new = "https://feeds.example/more"
        text = out.replace("</body>", f'<outline xmlUrl="{new}" title="More"/><outline xmlUrl="http://127.0.0.1/x"/></body>')
        looked = send(text, "?dry_run=true&every=1h").json
        equal((looked["feeds"], looked["known"], looked["left_out"], looked["sources"]), (3, 1, 1, [{"name": "more", "url": new}]))
        check("private address" in looked["reasons"][0]["reason"], looked)
        equal(len(hark.json("sources", "list")), 1)
        refused = send(text)  # per-host, which would let hark ask strangers many things at once
        equal((refused.status, "not written" in refused.json["detail"]), (422, True), refused.text)
        del hark.config["http"]["per-host"]
        hark.save()
        equal(hark.post("/api/v1/reload", "root", {}).status, 200)
        reply = send(text, "?every=1h", **{"Idempotency-Key": "k"})
        equal(reply.status, 200, reply.text)
        done = reply.json
        equal((done["reloaded"], send(text, "?every=1h", **{"Idempotency-Key": "k"}).json), (True, done))
        equal(sorted(s["name"] for s in hark.json("sources", "list")), ["a", "more"])
        equal(hark.post("/api/v1/sources/more/remove", "root", {}).status, 200)
        equal(send(out).json["known"], 1)
        for text, query, status in (("{}", "", 422), (out, "?every=soon", 400), (out, "?dry_run=1", 400)):
            equal(send(text, query).status, status, (text, query))
        equal((send(out, who="anna").status, hark.get("/api/v1/sources.opml", "anna").status), (403, 403))
        # A feed is no roster, which could refuse an export.
        equal([hark.post("/api/v1/sources/a/accept", who, {}).status for who in ("root", "anna")], [409, 403])


@test
def a_folder_that_is_not_writable_is_told():
    with served() as hark:
        hark.write("conf.d", "")
        reply = hark.post("/api/v1/sources", "root", entry(hark))
        check(reply.status in (409, 422), reply.text)
        check("conf.d" in reply.json["detail"], reply.text)


@test
def a_request_that_is_sent_twice_adds_once():
    with served() as hark:
        key = {"Idempotency-Key": "one"}
        first = hark.post("/api/v1/sources", "root", entry(hark, name="n"), headers=key)
        second = hark.post("/api/v1/sources", "root", entry(hark, name="n"), headers=key)
        equal((first.status, second.status, first.json == second.json), (200, 200, True), second.text)
        other = hark.post("/api/v1/sources", "root", entry(hark, name="m"), headers=key)
        equal((other.status, "another request" in other.json["detail"]), (422, True), other.text)
        equal(len(yaml.safe_load(hark.read("conf.d/sources.yaml"))["sources"]), 1)


@test
def a_file_that_people_have_edited_keeps_what_they_wrote():
    with served() as hark:
        hark.post("/api/v1/sources", "root", entry(hark, name="n"))
        text = hark.read("conf.d/sources.yaml") + "  - { name: byhand, url: %s, internal: yes }\n" % hark.peer.url("/x")
        hark.write("conf.d/sources.yaml", text)
        done = hark.post("/api/v1/sources", "root", entry(hark, name="m", url=hark.peer.url("/m.xml")))
        equal(done.status, 200, done.text)
        equal([s["name"] for s in yaml.safe_load(hark.read("conf.d/sources.yaml"))["sources"]], ["n", "byhand", "m"])
        hark.write("conf.d/sources.yaml", "sources: [\n")
        broken = hark.post("/api/v1/sources", "root", entry(hark, name="o", url=hark.peer.url("/o.xml")))
        equal((broken.status, "hark check" in broken.json["detail"]), (422, True), broken.text)
        equal(hark.read("conf.d/sources.yaml"), "sources: [\n")


@test
def what_would_be_refused_is_not_written():
    with served(lists={"tags": "name\ncrm\n"}) as hark:
        for more, status, words in [
                ({"every": "soon"}, 422, "every"), ({"name": "No Name"}, 422, "name"), ({"name": "a"}, 422, "a"),
                ({"url": None, "connector": None}, 422, "say a 'url' or a 'connector'"),
                ({"url": None, "connector": "fed"}, 422, "fed"), ({"vars": {"x": 1}}, 422, "'vars' holds"),
                ({"vars": [1]}, 422, "'vars' holds"), ({"vars": {"zebra": "x"}}, 422, "zebra"),
                ({"url": "ftp://news.example/"}, 422, "url"), ({"internal": False, "every": "30m"}, 422, "is not internal"),
                ({"url": None, "connector": "exec", "vars": {"command": '["true"]'}}, 403, "only the configuration"),
                ({"url": None, "connector": "roster", "vars": {"folder": "/etc"}}, 403, "only the configuration"),
                ({"secrets": {"token": "file:/etc/shadow"}}, 422, "env:NAME or credential:NAME"),
                ({"secrets": {"token": "hunter2"}}, 422, "secret 'token'"),
                ({"url": None, "connector": "mastodon-tag", "vars": {"instance": "m.example", "tag": "x y"}}, 422, "tag")]:
            for path in ["/api/v1/sources", "/api/v1/try-source"]:
                reply = hark.post(path, "root", entry(hark, **more))
                equal(reply.status, status, (path, more, reply.text))
                check(words in reply.json["detail"], (words, reply.text))
                check("hunter2" not in reply.text)
        equal((hark.read("conf.d/sources.yaml"), hark.peer.count("/news.xml")), ("", 0))
        for path in ["/api/v1/sources", "/api/v1/try-source", "/api/v1/sources/a/try"]:
            equal(hark.post(path, "anna", {}).status, 403, path)


@test
def a_source_that_is_there_is_tried_without_a_trace():
    with served() as hark:
        hark.wait_baseline()
        hark.pause("a")
        hark.publish(("9", "bo", "a zebrafish"))
        before = hark.source_row("a")
        tried = hark.post("/api/v1/sources/a/try", "root").json
        equal((tried["source"], [p["text"] for p in tried["posts"]]), ("a", ["A quiet day", "a zebrafish"]))
        hark.peer.script("/feed", Answer(status=503))
        failed = hark.post("/api/v1/sources/a/try", "root").json
        check("503" in failed["error"], failed)
        equal((hark.count("posts"), hark.count("leads"), hark.source_row("a")), (1, 0, before))
        equal(hark.post("/api/v1/sources/zebra/try", "root").status, 404)


@test
def a_slow_page_keeps_nobody_waiting_and_no_stop():
    with served() as hark:
        hark.peer.script("/slow", Answer(PAGE, type="text/html", delay=60))
        threads = [threading.Thread(target=ask_slowly, args=(hark,), daemon=True) for _ in range(4)]
        for t in threads:
            t.start()
        tap.wait_for("two to be on their way", lambda: hark.peer.count("/slow") >= 2, 10)
        equal(hark.get("/api/v1/overview", "anna").status, 200)
        for _ in range(20):
            equal(hark.get("/api/v1/sources", "anna").status, 200)
        check(all(t.is_alive() for t in threads), "others waited for the slow page")
        equal(hark.stop(), 0)


def ask_slowly(hark):
    try:
        hark.post("/api/v1/find-feeds", "root", {"url": hark.peer.url("/slow"), "internal": True})
    except Exception as why:  # of a reply that was cut by the stop
        tap.note(repr(why))


@test
def connectors_are_listed_with_their_settings():
    with served() as hark:
        items = {c["name"]: c for c in hark.get("/api/v1/connectors", "anna").json["items"]}
        tag = items["mastodon-tag"]
        equal((tag["usable"], tag["definition"], [s["name"] for s in tag["settings"] if s["required"]]),
              (True, True, ["instance", "tag"]))
        equal((items["feed"]["definition"], items["feed"]["usable"]), (False, True))


run()
