#!/usr/bin/env python3
"""Alerts in chats: what arrives, how fast, and that the address stays a secret."""
import json
import os

from daemon import Hark
from peer import Answer, Peer, rss
from tap import check, equal, run, test, wait_for

QUIET = [{"id": "1", "text": "A quiet day"}]
LOUD = [{"id": "2", "author": "Cy", "text": "Where do I get a zebrafish? <!channel> @everyone"},
        {"id": "3", "author": "Di", "text": "I need zebrafish too"}] + QUIET
MORE = [{"id": "4", "author": "Ed", "text": "Who sells a zebrafish?"},
        {"id": "5", "author": "Flo", "text": "Is there a zebrafish for sale?"}]


def chat_hark(kind, chat, path="/hooks/T0KEN", posts=LOUD):
    source = Peer()
    source.script("/feed", Answer(rss(QUIET)), Answer(rss(posts)))
    hark = Hark(sources=[{"name": "a", "url": source.url("/feed")}],
                routes=[{"when": {"kind": ["purchase-intent"]}, "to": ["chat"]}],
                receivers=[{"name": "chat", "type": kind, "address": "file:chat.url", "internal": True}])
    hark.write("chat.url", chat.url(path) + "\n")
    os.chmod(hark.path("chat.url"), 0o600)
    return hark


@test
def every_chat_gets_its_own_kind_of_message_once_a_second():
    for kind, has in (("slack", lambda b: b["blocks"][0]["type"] == "header"),
                      ("teams", lambda b: b["attachments"][0]["content"]["type"] == "AdaptiveCard"),
                      ("discord", lambda b: b["allowed_mentions"] == {"parse": []} and b["embeds"])):
        chat = Peer()
        chat.script("/hooks/T0KEN", Answer("ok"))
        with chat_hark(kind, chat, posts=LOUD + MORE) as hark:
            hark.start()
            wait_for("all alerts", lambda: hark.count("outbox", "state = 'sent'") == 4, 20)
            got = chat.requests("/hooks/T0KEN")
            equal(len(got), 4, kind)
            for r in got:
                check(has(json.loads(r.body)), kind, r.body)
                equal(r.header("content-type"), "application/json")
                check(r.header("webhook-signature") is None, "chats read no signature")
            check("zebrafish" in got[0].body.decode(), got[0].body)
            # A busy peer looks late at one of them; over all of them each second is still there.
            check(got[3].at - got[0].at >= 3 * 0.95, kind, [r.at - got[0].at for r in got])


@test
def a_chat_that_asks_to_wait_gets_it_later_and_its_address_is_told_nowhere():
    chat = Peer()
    chat.script("/hooks/T0KEN", Answer("slow down", status=429).with_headers(Retry_After="1"), Answer("ok"))
    with chat_hark("slack", chat) as hark:
        hark.start()
        wait_for("both alerts", lambda: hark.count("outbox", "state = 'sent'") == 2, 30)
        said = hark.log() + hark.run("notify", "list").stdout + hark.run("notify", "list", "--json").stdout
        said += json.dumps(hark.rows("SELECT last_error FROM outbox")) + hark.run("check").stdout
        check("T0KEN" not in said, said)


@test
def a_chat_that_is_gone_is_disabled_and_its_alerts_are_kept():
    chat = Peer()
    chat.script("/hooks/T0KEN", Answer("no_service", status=404))
    with chat_hark("slack", chat) as hark:
        hark.start()
        wait_for("the receiver to be disabled", lambda: hark.count("receivers", "state = 'disabled'") == 1, 15)
        check("404 Not Found: it wants no more" in hark.log(), hark.log())
        equal(hark.count("outbox", "state != 'sent'"), 2)


@test
def a_test_says_what_the_chat_answers_and_what_is_wrong_with_the_address():
    chat = Peer()
    chat.script("/hooks/T0KEN", Answer("ok"))
    with chat_hark("discord", chat) as hark:
        done = hark.run("notify", "test", "chat")
        equal(done.returncode, 0, done.stdout + done.stderr)
        check("answer 200: ok" in done.stdout, done.stdout)
        check("test" in chat.requests("/hooks/T0KEN")[0].body.decode())
        for text, says in (("not a url", "not an http or https URL"), ("http://hooks.example/T0KEN", "only https://")):
            hark.config["receivers"][0].pop("internal", None)
            hark.save()
            hark.write("chat.url", text)
            done = hark.run("notify", "test", "chat")
            equal(done.returncode, 1)
            check(says in done.stdout + done.stderr, done.stdout + done.stderr)
            check("T0KEN" not in done.stdout + done.stderr, done.stdout)


run()
