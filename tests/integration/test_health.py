#!/usr/bin/env python3
"""What a supervisor is told over HTTP."""
import socket
import urllib.error
import urllib.request

import tap
from daemon import Hark
from peer import Answer, Peer, rss
from tap import check, equal, run, test


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def ask(port, path, method="GET"):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def post_head(port, path):
    """The status of what is answered before the body is sent."""
    with socket.create_connection(("127.0.0.1", port), timeout=10 * tap.SLOW) as s:
        s.sendall(f"POST {path} HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n".encode())
        return int(s.makefile("rb").readline().split()[1])


@test
def health_and_readiness_are_answered_and_nothing_else():
    peer, port = Peer(), free_port()
    peer.script("/feed", Answer(rss([{"id": "1", "text": "A quiet day"}])))
    with Hark(sources=[{"name": "a", "url": peer.url("/feed")}]) as hark:
        hark.config["http"]["listen"] = f"127.0.0.1:{port}"
        hark.save()
        hark.start()
        equal(ask(port, "/-/healthy"), (200, "ok\n"))
        equal(ask(port, "/-/ready"), (200, "ok\n"))
        equal(ask(port, "/-/ready", "POST")[0], 405)
        code, text = ask(port, "/foo")
        equal(code, 404)
        check("/-/healthy" in text, text)
        for path, code in [("/foo", 404), ("/-/ready", 405)]:
            equal(post_head(port, path), code, f"a POST with a body to {path}")


run()
