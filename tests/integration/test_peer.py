#!/usr/bin/env python3
"""The scripted peer itself: a test that trusts it must be able to."""
import gzip
import http.client
import time

from peer import Answer, Peer, rss
from tap import check, equal, run, test


def ask(peer, path, **headers):
    c = http.client.HTTPConnection(peer.address, peer.port, timeout=10)
    try:
        c.request("GET", path, headers=headers)
        r = c.getresponse()
        return r.status, dict(r.getheaders()), r.read()
    finally:
        c.close()


@test
def answers_come_in_the_order_of_the_script_and_the_last_repeats():
    peer = Peer()
    peer.script("/a", Answer("one"), Answer(status=503), Answer("three"))
    equal([ask(peer, "/a")[0] for _ in range(4)], [200, 503, 200, 200])
    equal(ask(peer, "/b")[0], 404)
    equal((peer.count("/a"), peer.count()), (4, 5))


@test
def requests_are_remembered_with_their_headers():
    peer = Peer()
    ask(peer, "/x?y=1", If_None_Match="never", **{"If-None-Match": 'W/"z"'})
    r = peer.requests("/x")[0]
    equal((r.method, r.target, r.header("if-none-match"), r.header("absent")), ("GET", "/x?y=1", 'W/"z"', None))


@test
def a_zipped_answer_is_zipped_and_says_so():
    peer = Peer()
    peer.script("/z", Answer("hello " * 100, zipped=True))
    status, headers, body = ask(peer, "/z")
    equal(headers["Content-Encoding"], "gzip")
    equal(gzip.decompress(body), b"hello " * 100)


@test
def a_cut_answer_ends_early_and_a_late_one_comes_late():
    peer = Peer()
    peer.script("/c", Answer("x" * 100, cut=10))
    peer.script("/l", Answer("late", delay=0.3))
    try:
        ask(peer, "/c")
        raise AssertionError("the answer was whole")
    except http.client.IncompleteRead as e:
        equal(len(e.partial), 10)
    started = time.monotonic()
    equal(ask(peer, "/l")[2], b"late")
    check(time.monotonic() - started >= 0.3)


@test
def a_feed_escapes_what_it_carries():
    check("&lt;b&gt; &amp; &quot;" in rss([{"id": "1", "text": '<b> & "'}]))


run()
