#!/usr/bin/env python3
"""A harkd with leads and users for the browser tests, which are inbox.mjs: their TAP is passed on."""
import hashlib
import html
import sys

from browse import PASSWORD, browse

import tap
from apiclient import Served
from peer import Answer, rss

LIMIT_S = 600
RULES = """\
rules:
  - id: wants-zebrafish
    title: Somebody wants zebrafish
    kind: purchase-intent
    status: live
    subject: author
    score: { base: 70 }
    match: 'zebrafish'
    tests: { match: [ "I want a zebrafish" ], nomatch: [ "I want a zebra" ] }
  - id: hurts
    title: Something hurts
    kind: pain
    status: live
    subject: author
    score: { base: 40 }
    match: 'quagga'
    tests: { match: [ "a quagga" ], nomatch: [ "a zebra" ] }
"""

RUN = "window.ran=1,alert(1)"
VECTORS = [
    f"<script>{RUN}</script>", f"<script src=//evil.example/x.js></script>", f"<img src=x onerror={RUN}>",
    f"<img src=//evil.example/p.gif>", f"<svg onload={RUN}>", f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>", f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<iframe src=javascript:{RUN}></iframe>", f"<details open ontoggle={RUN}>", f"<video><source onerror={RUN}></video>",
    f"<audio src=x onerror={RUN}>", f"<body onload={RUN}>", f"<input autofocus onfocus={RUN}>",
    f"<select autofocus onfocus={RUN}>", f"<object data=javascript:{RUN}></object>", f"<embed src=javascript:{RUN}>",
    f"<math><mi href=javascript:{RUN}>x</mi></math>", "<style>@import '//evil.example/x.css';</style>",
    "<link rel=stylesheet href=//evil.example/x.css>", "<meta http-equiv=refresh content='0;url=//evil.example/'>",
    "<base href=//evil.example/>", f"<form action=javascript:{RUN}><button autofocus>x</button></form>",
    f"<a href='javascript:{RUN}'>x</a>", f"<template><script>{RUN}</script></template>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>", f"<div style=background:url(javascript:{RUN})>",
    f"<p onpointerover={RUN} tabindex=0>x</p>", f"${{{RUN}}} {{{{{RUN}}}}} `;{RUN};`", f"\\u003cscript\\u003e{RUN}",
]
WRAPS = ["{}", "\"'>{}", "</textarea></title></style></script>{}", "--><!--]]>{}<!--", "<b x='{}\">\"'>{}"]
PAYLOADS = [wrap.replace("{}", vector) for vector in VECTORS for wrap in WRAPS]


def payload_items():
    """Each is text, title, author and address; an author's and every other text is escaped once more, to be words. No
    two are copies of one story."""
    for i, payload in enumerate(PAYLOADS):
        text = payload if i % 2 == 0 else html.escape(payload)
        digest = hashlib.sha256(str(i).encode()).hexdigest()
        story = " ".join(digest[n:n + 6] for n in range(0, 60, 6))
        yield {"id": f"x{i}", "title": payload, "author": f"{i} {html.escape(payload)}",
               "text": f"A quagga &lt;says {story}: {text}",
               "link": f"javascript:{RUN}//{i}" if i % 3 == 0 else f"https://site.example/{i}"}


def add(hark, items):
    had = len(hark.items)
    hark.items += items
    hark.peer.script("/feed", Answer(rss(hark.items)))
    tap.wait_for("the posts", lambda: hark.count("leads", "historic = 0") >= len(hark.items) - 1, 30)
    return had


def publish(hark, what):
    if what == "more":
        add(hark, [{"id": f"m{i}", "author": f"newcomer{i}", "text": "A zebrafish, please"} for i in range(3)])
    else:
        add(hark, list(payload_items()))


def main():
    posts = [(f"p{i}", f"writer{i}", f"Where do I buy a zebrafish? Number {i}, naïve 🐟 zebrafish") for i in range(120)]
    with Served(rules=RULES) as hark:
        for name, role in [("anna", "sales"), ("bo", "sales"), ("vera", "viewer")]:
            done = hark.run("user", "add", name, "--role", role, stdin=PASSWORD + "\n")
            tap.equal(done.returncode, 0, done.stderr)
        hark.serve()
        hark.wait_baseline()
        add(hark, [{"id": i, "title": f"From {who}", "author": who, "text": text} for i, who, text in posts])
        return browse("inbox.mjs", hark, hark.path("http"), PASSWORD, str(len(PAYLOADS)), limit_s=LIMIT_S,
                      do=lambda what: publish(hark, what))


sys.exit(main())
