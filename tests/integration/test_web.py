#!/usr/bin/env python3
"""The inbox as a browser loads it: bytes of the program, with tags, packed, and nothing from elsewhere."""
import gzip
import os
import re

from apiclient import Link, Served
from tap import check, equal, run, test

HAS_WEB = os.environ.get("HARK_WEB") == "yes"
PACKED = {"Accept-Encoding": "br, gzip;q=0.5"}
PLAIN = [{}, {"Accept-Encoding": "gzip;q=0"}, {"Accept-Encoding": "gzip; q=0.00, br"}, {"Accept-Encoding": "br"}]
BUNDLE_MAX = 100 * 1024


def status_of(hark, path):
    """Where no problem JSON is promised."""
    link = Link(hark.path("http"))
    try:
        link.request("GET", path)
        return link.getresponse().status
    finally:
        link.close()


def loads(hark):
    """What the document loads, and itself."""
    return ["/"] + re.findall(r'(?:src|href)="([^"]*)"', hark.get("/").text)


def the_inbox_is_served_packed_and_tagged():
    with Served() as hark:
        hark.serve()
        total = 0
        paths = loads(hark)
        equal(sorted(paths), ["/", "/app.css", "/app.js", "/icon.svg"])
        for path in paths:
            packed = hark.get(path, headers=PACKED)
            equal((packed.status, packed.headers["Content-Encoding"], packed.headers["Vary"]),
                  (200, "gzip", "Accept-Encoding"), path)
            total += len(packed.body)
            for headers in PLAIN:
                plain = hark.get(path, headers=headers)
                equal((plain.status, plain.headers["Content-Encoding"]), (200, None), f"{path} {headers}")
                equal(gzip.decompress(packed.body), plain.body, path)
            tags = [packed.headers["ETag"], plain.headers["ETag"]]
            check(all(re.fullmatch(r'"[0-9a-f]{32}(-gz)?"', t) for t in tags) and tags[0] != tags[1], tags)
            for tag in [tags[1], 'W/"x", ' + tags[1], "W/" + tags[1], "*"]:
                equal(hark.get(path, headers={"If-None-Match": tag}).status, 304, f"{path} {tag}")
            for tag in [tags[0], '"x"', ""]:
                equal(hark.get(path, headers={"If-None-Match": tag}).status, 200, f"{path} {tag}")
            head = hark.ask("HEAD", path)
            equal((head.status, head.body, head.headers["ETag"]), (200, b"", tags[1]), path)
            refused = hark.post(path)
            equal((refused.status, refused.headers["Allow"]), (405, "GET, HEAD"), path)
        check(total <= BUNDLE_MAX, f"{total} bytes are loaded, packed")


def pages_are_the_document_and_nothing_else_is():
    with Served() as hark:
        hark.serve()
        document = hark.get("/").body
        for path in ["/leads", "/leads/lead_7", "/leads/"]:
            reply = hark.get(path)
            equal((reply.status, reply.body, reply.headers["Content-Type"]),
                  (200, document, "text/html; charset=utf-8"), path)
        for path in ["/", "/leads", "/setup"]:
            below = hark.get(path, headers={"X-Forwarded-Prefix": "/hark"})
            equal((below.status, "a host name of its own" in below.json["detail"]), (404, True), path)
            equal(hark.get(path, headers={"X-Forwarded-Prefix": "/"}).status, 200, path)
        for path in ["/lead", "/app.js/x", "/src/main.js", "/index.html"]:
            equal(status_of(hark, path), 404, path)


def a_build_without_the_inbox_says_so():
    with Served() as hark:
        hark.serve()
        reply = hark.get("/")
        equal(reply.status, 404)
        check("--without-web" in reply.json["detail"], reply.json)
        equal(status_of(hark, "/app.js"), 404)


for each in ([the_inbox_is_served_packed_and_tagged, pages_are_the_document_and_nothing_else_is] if HAS_WEB
             else [a_build_without_the_inbox_says_so]):
    test(each)
run()
