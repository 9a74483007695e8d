#!/usr/bin/env python3
"""Polling as the other side sees it: what harkd asks, when, and what becomes of the answer."""
import gzip
import json
import time
from urllib.parse import parse_qs, urlsplit

from daemon import Hark
from peer import Answer, Peer, rss
from tap import SLOW, check, equal, figure, run, test, wait_for

OLD = [{"id": "1", "author": "Ada", "text": "A quiet day"}, {"id": "2", "author": "Bo", "text": "I want a zebrafish"}]
NEW = [{"id": "3", "author": "Cy", "text": "Where do I get a zebrafish?"}] + OLD


def one_source(path="/feed", **more):
    peer = Peer()
    return peer, Hark(sources=[{"name": "a", "url": peer.url(path), **more}])


@test
def a_first_poll_is_a_baseline_and_the_second_raises():
    peer, hark = one_source()
    peer.script("/feed", Answer(rss(OLD)), Answer(rss(NEW)))
    with hark:
        hark.start()
        alerts = hark.wait_alerts(1)
        leads = hark.leads()
        equal([l["subject"]["name"] for l in leads], ["Cy"])
        equal(len(hark.leads(historic=True)), 1, "historic leads")
        equal(hark.count("posts"), 3)
        wait_for("two more polls", lambda: peer.count() >= 4)
        equal(len(hark.alerts()), 1, "alerts after more polls")
        equal(len(alerts), 1)


@test
def an_edited_post_raises_no_second_lead():
    peer, hark = one_source()
    edited = [{**NEW[0], "text": "Where do I get a zebrafish, please?"}] + OLD
    peer.script("/feed", Answer(rss(OLD)), Answer(rss(NEW)), Answer(rss(edited)))
    with hark:
        hark.start()
        hark.wait_alerts(1)
        wait_for("the edited feed to be read twice", lambda: peer.count() >= 5)
        equal(len(hark.leads()), 1)
        equal(len(hark.alerts()), 1)


@test
def the_same_story_at_another_site_raises_no_second_lead():
    peer, other = Peer(), Peer()
    story = {"id": "s", "title": "News", "text": "Everybody wants a zebrafish this year, says a survey among twelve hundred people in three towns"}
    quiet = [{"id": "q", "text": "Nothing"}]
    peer.script("/feed", Answer(rss(quiet)), Answer(rss([{**story, "author": "Site one"}] + quiet)))
    other.script("/feed", Answer(rss(quiet)), Answer(rss([
        {**story, "id": "t", "author": "Site two", "link": "https://two.example/x"}] + quiet)))
    with Hark(sources=[{"name": "one", "url": peer.url("/feed")}, {"name": "two", "url": other.url("/feed")}]) as hark:
        hark.start()
        hark.wait_alerts(1)
        wait_for("both to be read on", lambda: peer.count() >= 4 and other.count() >= 4)
        equal(len(hark.leads()), 1)
        equal(len(hark.alerts()), 1)


@test
def validators_come_back_byte_for_byte_also_after_a_restart():
    peer, hark = one_source()
    etag, modified = 'W/"a, b;c=\\"d"', "Sun, 06 Nov 1994 08:49:37 GMT"
    peer.script("/feed", Answer(rss(OLD)).with_headers(ETag=etag, Last_Modified=modified), Answer(status=304))
    with hark:
        hark.start()
        wait_for("three polls", lambda: peer.count() >= 3)
        hark.stop()
        before = peer.count()
        hark.start()
        wait_for("polls after the restart", lambda: peer.count() >= before + 2)
        first, rest = peer.requests()[0], peer.requests()[1:]
        equal(first.header("if-none-match"), None)
        for r in rest:
            equal(r.header("if-none-match"), etag)
            equal(r.header("if-modified-since"), modified)


@test
def validators_of_a_reply_that_could_not_be_read_are_not_kept():
    peer, hark = one_source()
    peer.script("/feed", Answer("<html><body>Maintenance</body></html>", type="text/html").with_headers(ETag='"bad"'))
    with hark:
        hark.start()
        wait_for("the failure to be stored", lambda: hark.source_row("a").get("error"))
        hark.stop()
        before = peer.count()
        peer.script("/feed", Answer(rss(OLD)).with_headers(ETag='"good"'), Answer(status=304))
        hark.start()
        equal(hark.run("sources", "poll", "a").returncode, 0)
        wait_for("a poll after the restart", lambda: peer.count() > before)
        equal({r.header("if-none-match") for r in peer.requests()[:before + 1]}, {None})


@test
def a_429_is_left_alone_for_its_retry_after_also_after_a_restart():
    peer, hark = one_source()
    peer.script("/feed", Answer(status=429, type="text/plain").with_headers(Retry_After="4"))
    with hark:
        hark.start()
        wait_for("the refusal to be stored", lambda: hark.source_row("a").get("error"))
        hark.stop()
        before = peer.count()
        peer.script("/feed", Answer(rss(OLD)))
        hark.start()
        wait_for("a poll after the restart", lambda: peer.count() > before, 15)
        asked = [r.at for r in peer.requests()[:before + 1]]
        for last, next in zip(asked, asked[1:]):
            check(next - last >= 4, f"asked again after {next - last:.2f} s")
        hark.wait_baseline("a")
        wait_for("the error to be gone", lambda: not hark.source_row("a").get("error"))


@test
def many_sources_of_one_spaced_host_keep_nobody_waiting():
    crowded, other = Peer(), Peer()
    other.script("/feed", Answer(rss(OLD)))
    sources = [{"name": f"crowd{i}", "url": crowded.url(f"/{i}"), "spacing": "60s"} for i in range(600)]
    with Hark(sources=sources + [{"name": "z", "url": other.url("/feed")}]) as hark:
        hark.start()
        wait_for("the other host to be polled again and again", lambda: other.count() >= 4)
        equal(crowded.count(), 1, "requests of the spaced host")
        equal(hark.run("sources", "pause", "crowd5").returncode, 0)
        hark.config["sources"] = hark.config["sources"][590:]
        hark.save()
        equal(hark.run("reload").returncode, 0)
        before = other.count()
        wait_for("polls after the reload", lambda: other.count() >= before + 3)


@test
def every_source_of_a_host_gets_its_turn():
    peer = Peer()
    for i in range(200):
        peer.script(f"/{i}", Answer(rss(OLD)))
    with Hark(sources=[{"name": f"s{i}", "url": peer.url(f"/{i}"), "every": "1h"} for i in range(200)]) as hark:
        hark.config["http"]["per-host"] = "1"
        hark.save()
        hark.start()
        wait_for("every source to be polled once", lambda: peer.count() >= 200)
        equal({r.path for r in peer.requests()}, {f"/{i}" for i in range(200)})
        equal(peer.count(), 200)


@test
def a_redirect_is_followed_and_a_loop_of_them_is_not():
    peer = Peer()
    peer.script("/old", Answer(status=302).with_headers(Location="/new"))
    peer.script("/new", Answer(rss(OLD)))
    peer.script("/loop", Answer(status=302).with_headers(Location="/loop"))
    with Hark(sources=[{"name": "moved", "url": peer.url("/old")}, {"name": "loop", "url": peer.url("/loop")}]) as hark:
        hark.start()
        hark.wait_baseline("moved")
        equal(hark.count("posts"), 2)
        wait_for("the loop to be noticed", lambda: hark.source_row("loop").get("error"))
        check(peer.count("/loop") < 30, peer.count("/loop"), "requests in a loop")


def paged(path, items, size=2):
    """A script that answers any page of these items and names the next one; its validator covers all."""
    def answer(request):
        page = int((parse_qs(urlsplit(request.target).query).get("page") or ["1"])[0])
        part = items[(page - 1) * size:page * size]
        more = {"next_url": f"{path}?page={page + 1}"} if page * size < len(items) else {}
        mark = f'"{len(items)}-{page}"'
        if request.header("if-none-match") == mark:
            return Answer(status=304)
        return Answer(json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Paged", **more, "items": [
            {"id": i["id"], "authors": [{"name": i.get("author", "Ada")}], "content_text": i["text"]} for i in part]}),
            type="application/feed+json").with_headers(ETag=mark)
    return answer


@test
def after_a_gap_older_pages_are_read_and_only_then():
    peer, hark = one_source("/api")
    old = [{"id": f"o{i}", "text": f"A quiet day, number {i}"} for i in range(6)]
    new = [{"id": f"n{i}", "author": f"author {i}", "text": f"Where is my zebrafish, number {i}?"} for i in range(5)]
    peer.script("/api", paged("/api", old))
    with hark:
        hark.start()
        hark.wait_baseline("a")
        wait_for("two polls more", lambda: peer.count() >= 3)
        equal(hark.count("posts"), 2, "posts of a first poll, which takes one page")
        check(all("page=" not in r.target for r in peer.requests()), "a page was asked for without a gap")
        peer.script("/api", paged("/api", new + old))
        hark.wait_alerts(5)
        asked = [r.target for r in peer.requests() if "page=" in r.target]
        equal(asked, ["/api?page=2", "/api?page=3"], "pages asked for")
        check(all(r.header("if-none-match") is None for r in peer.requests() if "page=" in r.target))
        before = peer.count()
        wait_for("quiet polls", lambda: peer.count() >= before + 2)
        equal(peer.requests()[-1].header("if-none-match"), f'"{len(new + old)}-1"', "the validator kept is the first page's")
        equal(len([r for r in peer.requests() if "page=" in r.target]), 2, "pages asked for after all is known")
        equal(hark.count("posts"), 7)
        equal(len(hark.leads()), 5)


@test
def a_kill_between_two_pages_loses_none():
    peer, hark = one_source("/api")
    old = [{"id": f"o{i}", "text": f"A quiet day, number {i}"} for i in range(2)]
    new = [{"id": f"n{i}", "author": f"author {i}", "text": f"Where is my zebrafish, number {i}?"} for i in range(5)]
    peer.script("/api", paged("/api", old))
    with hark:
        hark.start()
        hark.wait_baseline("a")
        whole = paged("/api", new + old)
        peer.script("/api", lambda r: Answer(delay=30) if "page=2" in r.target else whole(r))
        wait_for("the second page to be asked for", lambda: any("page=2" in r.target for r in peer.requests()))
        wait_for("the first to be stored", lambda: hark.count("posts") == 4)
        hark.kill()
        peer.script("/api", whole)
        hark.start()
        # An alert that was on its way when it was killed comes again, under the same id.
        wait_for("an alert of each", lambda: len({a["id"] for a in hark.alerts()}) == 5, 15)
        equal(len(hark.leads()), 5)
        equal(hark.count("posts"), 7)


@test
def every_request_says_who_asks_and_takes_compression():
    peer, hark = one_source()
    peer.script("/feed", Answer(rss(OLD), zipped=True))
    with hark:
        hark.start()
        hark.wait_baseline("a")
        r = peer.requests()[0]
        check((r.header("user-agent") or "").startswith("hark/"), r.header("user-agent"))
        check("ops@example.com" in r.header("user-agent"), r.header("user-agent"))
        check("gzip" in (r.header("accept-encoding") or ""), r.header("accept-encoding"))
        equal(hark.count("posts"), 2)


@test
def a_body_that_ends_in_the_middle_of_its_compression_is_a_failed_poll():
    whole = gzip.compress(rss([{"id": i, "text": f"word{i} " * 50} for i in range(20)]).encode())
    half = whole[:len(whole) // 2]
    raw = (b'HTTP/1.1 200 OK\r\nETag: "half"\r\nContent-Encoding: gzip\r\nContent-Type: application/rss+xml\r\n'
           b"Content-Length: %d\r\n\r\n" % len(half)) + half
    peer = Peer()
    peer.script("/feed", Answer(rss([{"id": 0, "text": "quiet"}]), headers={"ETag": '"first"'}), Answer(raw=raw))
    with Hark(sources=[{"name": "a", "url": peer.url("/feed")}]) as hark:
        hark.start()
        hark.wait_baseline("a")
        wait_for("a third poll", lambda: peer.count() >= 3)
        check("ends in the middle of its compression" in hark.sources()["a"]["error"], hark.sources()["a"])
        equal({r.header("if-none-match") for r in peer.requests()[1:]}, {'"first"'})
        equal(hark.count("posts"), 1)


@test
def a_private_address_is_refused_unless_the_source_is_internal():
    peer, own = Peer(), Peer()
    own.script("/feed", Answer(rss(OLD)))
    with Hark(sources=[{"name": "own", "url": own.url("/feed")},
                       {"name": "trap", "url": peer.url("/feed"), "internal": "false", "every": "15m", "spacing": "2s"}],
              http={"timeout": "3s"}) as hark:
        hark.start()
        hark.wait_baseline("own")
        wait_for("the refusal", lambda: hark.source_row("trap").get("error"))
        equal(peer.count(), 0, "requests to a private address")


@test
def a_source_with_two_thousand_posts_is_read_whole():
    peer, hark = one_source()
    posts = [{"id": str(i), "author": f"author {i}", "text": f"post number {i}"} for i in range(2000)]
    peer.script("/feed", Answer(rss(posts)))
    with hark:
        started = time.monotonic()
        hark.start()
        hark.wait_baseline("a")
        equal(hark.count("posts"), 2000)
        figure(f"2,000 posts stored {time.monotonic() - started:.2f} s after the start (SLOW={SLOW:g})")


@test
def once_polls_every_source_delivers_and_ends():
    peer, hark = one_source(backfill="3650d")
    now = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime())
    feed = rss(NEW).replace("<description>", f"<pubDate>{now}</pubDate><description>")
    peer.script("/feed", Answer(feed))
    with hark:
        done = hark.once()
        equal(done.returncode, 0, done.stderr)
        equal(peer.count(), 1)
        equal(len(hark.alerts()), 2, "alerts of a source with backfill")
        equal(len(hark.leads()), 2)

@test
def a_poll_by_hand_heeds_retry_after_unless_it_is_forced():
    peer = Peer()
    peer.script("/feed", Answer(rss([])), Answer("later", status=429, headers={"Retry-After": "7200"}))
    with Hark(sources=[{"name": "news", "url": peer.url("/feed"), "every": "1h"}]) as hark:
        hark.start()
        hark.wait_baseline()
        equal(hark.run("sources", "poll", "news").returncode, 0)
        wait_for("the refusal", lambda: hark.source_row("news")["failures"] == 1)
        said = hark.run("sources", "poll", "news")
        equal(said.returncode, 1, said.stderr)
        check("'news' wants no request before 2" in said.stderr and "Retry-After" in said.stderr, said.stderr)
        hark.stop()
        hark.start()  # it is known over a restart
        equal(hark.run("sources", "poll", "news").returncode, 1)
        equal(peer.count("/feed"), 2)
        equal(hark.run("sources", "poll", "news", "--force").returncode, 0)
        wait_for("the poll", lambda: peer.count("/feed") == 3)


run()
