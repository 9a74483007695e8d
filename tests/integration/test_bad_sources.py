#!/usr/bin/env python3
"""Sources that are slow, broken, hostile or something else: each gets one clear sentence, and the
others go on."""
import gzip
import re
import socket
import ssl
import subprocess
import threading

from daemon import Hark, one_sentence
from peer import Answer, Peer, rss
from tap import check, equal, note, run, test, wait_for

GOOD = [{"id": "1", "text": "A quiet day"}]
LATER = [{"id": "2", "author": "Cy", "text": "Where do I get a zebrafish?"}] + GOOD
BOMB = ('<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(9)) +
    ']><rss version="2.0"><channel><title>x</title><item><title>&j;</title></item></channel></rss>')
GZIP_HEADERS = [("Content-Encoding", "gzip")]


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]


# name: (answer, what the sentence must speak of)
BAD = {
    "html": (Answer("<!DOCTYPE html><html><head><title>Sign in</title></head><body><p>Hi</body></html>",
                    type="text/html"), r"HTML|web page|not a feed|no feed"),
    "empty": (Answer(""), r"empty|no feed|nothing"),
    "huge": (Answer(rss([{"id": "1", "text": "x" * (2 << 20)}])), r"larger|limit|too (large|big)|max-body|MiB"),
    "endless": (Answer(endless=b"<item><title>again</title></item>" * 100), r"larger|limit|too (large|big)|max-body|MiB"),
    "gzip-bomb": (Answer(gzip.compress(b"\0" * (64 << 20), 9), headers=GZIP_HEADERS),
                  r"larger|limit|too (large|big)|max-body|MiB|unpack|compress|expand"),
    "entity-bomb": (Answer(BOMB), r"entit"),
    "error-in-200": (Answer('{"error": {"code": 17, "message": "Token expired"}}', type="application/json"),
                     r"error|JSON|not a feed|no feed"),
    "slow": (Answer(rss(GOOD), delay=30), r"time|slow|seconds|3 s"),
    "dripping": (Answer(rss(GOOD * 50), drip=(10, 0.5)), r"time|slow|seconds|3 s"),
    "cut-off": (Answer(rss([{"id": "1", "text": "y" * 5000}]), cut=700), r"closed|end|cut|short|incomplete|transfer|partial|broke"),
    "not-http": (Answer(raw=b"220 mail.example ESMTP ready\r\n"), r"HTTP"),
    "not-found": (Answer("gone", status=404, type="text/plain"), r"404"),
    "failing": (Answer("oops", status=500, type="text/plain"), r"500"),
    "forbidden": (Answer("<h1>no</h1>", status=403, type="text/html"), r"403"),
    "wrong-encoding": (Answer(b"this is not gzip at all", headers=GZIP_HEADERS), r"compress|encod|gzip|unpack|content|transfer"),
    "nothing": (Answer(status=204), r"HTTP 204: that is no answer"),
    "to-nowhere": (Answer(status=302), r"HTTP 302: it redirects to no address"),
    "to-a-file": (Answer(status=302, headers=[("Location", "file:///etc/passwd")]), r"redirect|protocol|http|file"),
    "bad-json": (Answer('{"version": "https://jsonfeed.org/version/1.1", "items": [', type="application/feed+json"),
                 r"JSON|line|column|feed"),
}


def bad_network():
    peers, sources = {}, []
    for name, (answer, _) in BAD.items():
        peers[name] = Peer()
        peers[name].script("/feed", answer)
        sources.append({"name": name, "url": peers[name].url("/feed")})
    sources.append({"name": "refused", "url": f"http://127.0.0.1:{closed_port()}/feed"})
    sources.append({"name": "unknown-host", "url": "http://no-such-host.invalid/feed"})
    sources.append({"name": "unknown-name", "url": "http://bücher.invalid/feed"})
    return peers, sources


@test
def each_bad_source_gets_one_sentence_and_the_others_go_on():
    good = Peer()
    good.script("/feed", Answer(rss(GOOD)), Answer(rss(LATER)))
    peers, sources = bad_network()
    names = [s["name"] for s in sources]

    def said(row):
        return row.get("error") or row.get("degraded")
    with Hark(sources=sources + [{"name": "good", "url": good.url("/feed")}]) as hark:
        hark.start()
        hark.wait_alerts(1)
        wait_for("every bad source to have its error",
                 lambda: all(said(hark.source_row(n)) for n in names), 30)
        polls = good.count()
        wait_for("the good source to be polled on", lambda: good.count() > polls + 1)
        listed = hark.sources()
        wrong = []
        for name in names:
            text = one_sentence(said(listed[name]))
            note(f"{name}: {text}")
            want = BAD.get(name, (None, "connect|refused|resolve|host|name"))[1]
            if not re.search(want, text, re.I):
                wrong.append(f"{name}: {text!r} does not speak of /{want}/")
        check(not wrong, "\n".join(wrong))
        check(not listed["good"].get("error"), listed["good"])
        equal(len(hark.leads()), 1)
        table = hark.run("sources", "list")
        equal(table.returncode, 0)
        for name in names:
            check(name in table.stdout, name, "is not in the table")
        equal(hark.stop(), 0)


@test
def a_damaged_feed_gives_its_items_and_says_where_it_is_damaged():
    peer = Peer()
    feed = rss([{"id": "1", "title": "Salt and pepper", "text": "First"}, {"id": "2", "text": "Second"}])
    peer.script("/feed", Answer(feed.replace("Salt and", "Salt &").replace("</channel></rss>", "")))
    with Hark(sources=[{"name": "a", "url": peer.url("/feed")}]) as hark:
        hark.start()
        hark.wait_baseline("a")
        equal(hark.count("posts"), 2)
        row = hark.source_row("a")
        check(row["degraded"], "not marked as damaged")
        check(re.search(r"\d", one_sentence(row["degraded"])), row["degraded"])
        check(not row["error"], row["error"])


@test
def a_source_that_recovers_is_healthy_again():
    peer = Peer()
    peer.script("/feed", Answer("no", status=503, type="text/plain").with_headers(Retry_After="1"), Answer(rss(GOOD)))
    with Hark(sources=[{"name": "a", "url": peer.url("/feed")}]) as hark:
        hark.start()
        hark.wait_baseline("a")
        wait_for("the error to be gone", lambda: not hark.source_row("a")["error"])
        equal(hark.source_row("a")["failures"], 0)


@test
def a_gone_source_is_paused():
    peer = Peer()
    peer.script("/feed", Answer("gone", status=410, type="text/plain"))
    with Hark(sources=[{"name": "a", "url": peer.url("/feed")}]) as hark:
        hark.start()
        wait_for("the pause", lambda: hark.source_row("a").get("paused"))
        equal(hark.source_row("a")["error"], "HTTP 410: it is gone for good; paused: `hark sources remove a`, or "
              "`hark sources resume a` to try again")


class FramePeer:
    """Over TLS: a feed to who speaks HTTP/1.1, to who speaks HTTP/2 an answer and then empty frames for ever."""

    def __init__(self, folder):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2",
                        "-addext", "subjectAltName=DNS:localhost", "-keyout", f"{folder}/key", "-out", f"{folder}/cert"],
                       check=True, capture_output=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(f"{folder}/cert", f"{folder}/key")
        self.context.set_alpn_protocols(["h2", "http/1.1"])
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://localhost:{self.listener.getsockname()[1]}/feed"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            threading.Thread(target=self.serve, args=(self.listener.accept()[0],), daemon=True).start()

    def serve(self, plain):
        try:
            with self.context.wrap_socket(plain, server_side=True) as line:
                line.recv(65536)
                if line.selected_alpn_protocol() != "h2":
                    body = rss(GOOD).encode()
                    line.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" %
                                 (len(body), body))
                    return
                line.sendall(b"\0\0\0\4\0\0\0\0\0" + b"\0\0\1\1\4\0\0\0\1\x88")  # settings; ":status: 200"
                while True:
                    line.sendall(b"\0\0\0\0\0\0\0\0\1" * 7000)
        except OSError:
            pass  # it has gone


@test
def no_peer_keeps_the_others_waiting_with_frames_that_hold_nothing():
    good = Peer()
    good.script("/feed", Answer(rss(GOOD)))
    with Hark(sources=[{"name": "good", "url": good.url("/feed")}]) as hark:
        peer = FramePeer(hark.folder)
        hark.config["sources"].append({**hark.config["sources"][0], "name": "frames", "url": peer.url})
        hark.save()
        hark.start(env={"SSL_CERT_FILE": f"{hark.folder}/cert"})
        hark.wait_baseline("good", "frames")
        polls = good.count()
        wait_for("the good source to be polled on", lambda: good.count() > polls + 1)


run()
