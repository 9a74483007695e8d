#!/usr/bin/env python3
"""What happens to leads and alerts when a post is deleted or edited at its source."""
import json
import os

from daemon import Hark
from peer import Answer, Peer
from tap import check, equal, run, test, wait_for

BOARD = """
id: board
about: a board
every: 1m
vars: { server: { type: url, about: the server, required: true, example: "https://board.example" } }
request: { url: "{server}/items" }
items: { pointer: "" }
map: { external_id: /id, text: /text, author.handle: /by, deleted: /deleted }
"""
QUIET = {"id": "0", "text": "quiet", "by": "ada"}
ASKS = {"id": "1", "text": "I want a zebrafish", "by": "ada"}


def page(*items):
    return Answer(json.dumps(items), type="application/json")


def board(peer, dead=False, items="/items"):
    """With `dead`, a receiver that nothing reaches."""
    out = {"name": "out", "type": "webhook", "url": "http://127.0.0.1:9/", "secret": "env:HOOK", "internal": True}
    hark = Hark(sources=[{"name": "b", "connector": "board", "vars": {"server": peer.url("")}}],
                **({"receivers": [out]} if dead else {}))
    os.mkdir(hark.path("connectors"))
    hark.write("connectors/board.yaml", BOARD)
    return hark


def shown(hark):
    return hark.json("leads", "show", "1")


@test
def a_deleted_post_marks_its_lead_and_stops_the_alert_nobody_has_got():
    peer = Peer()
    gone = []
    peer.script("/items", page(QUIET), lambda r: page({"id": "1", "deleted": True}) if gone else page(ASKS))
    with board(peer, dead=True) as hark:
        hark.start(env={"HOOK": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"})
        wait_for("an alert that fails", lambda: hark.count("outbox", "state = 'failed'") == 1)
        gone.append(1)
        wait_for("the alert to be stopped", lambda: hark.count("outbox") == 0)
        lead = shown(hark)
        check(lead["evidence_gone"], "the lead says so")
        check("deleted" in lead["signals"][0]["post"], "its post too")
        check("text" not in lead["signals"][0]["post"], "the words are gone")
        equal([h["action"] for h in lead["history"]], ["raised", "evidence lost", "alert stopped"])
        said = hark.run("leads", "show", "1").stdout
        check("later deleted" in said and "all of its evidence" in said, said)
        told = hark.json("why", "lead_1")
        check("post_deleted" in told[0], told)
        check("deleted   " in hark.run("why", "lead_1").stdout, "hark why says so")


@test
def new_evidence_after_a_deletion_is_told_again():
    peer = Peer()
    state = {"items": [ASKS]}
    peer.script("/items", page(QUIET), lambda r: page(*state["items"]))
    with board(peer, dead=True) as hark:
        hark.start(env={"HOOK": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"})
        wait_for("an alert that fails", lambda: hark.count("outbox", "state = 'failed'") == 1)
        state["items"] = [{"id": "1", "deleted": True}]
        wait_for("the alert to be stopped", lambda: hark.count("outbox") == 0)
        state["items"] = [{"id": "2", "text": "still looking for a zebrafish", "by": "ada"}]
        wait_for("another alert", lambda: hark.count("outbox") == 1)
        payload = hark.rows("SELECT payload FROM outbox")[0]["payload"]
        check("still looking" in payload and "I want" not in payload, payload)
        equal(hark.count("leads"), 1)


@test
def an_alert_that_was_sent_keeps_no_copy_of_a_deleted_post():
    peer = Peer()
    gone = []
    peer.script("/items", page(QUIET), lambda r: page({"id": "1", "deleted": True}) if gone else page(ASKS))
    with board(peer) as hark:
        hark.start()
        hark.wait_alerts(1)
        wait_for("the outbox to know", lambda: hark.count("outbox", "state = 'sent'") == 1)
        gone.append(1)
        wait_for("the copy to go", lambda: hark.count("outbox", "payload = '{}'") == 1)
        equal(hark.count("posts", "text LIKE '%zebrafish%'"), 0)
        check(shown(hark)["evidence_gone"], "the lead says so")
        equal(len(hark.alerts()), 1)


@test
def an_edit_is_matched_again_and_shown_with_both_fingerprints():
    peer = Peer()
    state = {"text": ASKS["text"]}
    peer.script("/items", page(QUIET), lambda r: page({**ASKS, "text": state["text"]}))
    with board(peer) as hark:
        hark.start()
        hark.wait_alerts(1)
        state["text"] = "Hello all. I want a big zebrafish"
        wait_for("the edit", lambda: hark.count("posts", "revisions = 1") == 1)
        signal = shown(hark)["signals"][0]
        check("gone" not in signal, "it still says so")
        span = signal["spans"]["text"][0] if isinstance(signal["spans"], dict) else signal["spans"][0]
        check("zebrafish" in json.dumps(signal["post"]["text"]) and span, signal)
        edits = signal["post"]["edits"]
        equal(edits["count"], 1)
        check(edits["before"] != edits["after"] and edits["last"], edits)
        state["text"] = "Thanks, found one."
        wait_for("the second edit", lambda: hark.count("posts", "revisions = 2") == 1)
        lead = shown(hark)
        check(lead["evidence_gone"] and "gone" in lead["signals"][0], lead)
        equal(lead["signals"][0]["post"]["edits"]["before"], edits["before"])
        said = hark.run("leads", "show", "1").stdout
        check("does not say it any more" in said and "edited 2×" in said, said)
        said = hark.run("why", "lead_1").stdout
        check("does not say it any more" in said and "edited    2×" in said, said)
        check("post_edits" in hark.json("why", "lead_1")[0], "and as JSON")
        equal(len(hark.alerts()), 1)


@test
def an_alert_still_waiting_tells_the_edited_words():
    peer = Peer()
    state = {"text": ASKS["text"]}
    peer.script("/items", page(QUIET), lambda r: page({**ASKS, "text": state["text"]}))
    taken = []

    def hook(request):
        if hark.count("posts", "revisions = 1") == 0:
            return Answer("no", status=500).with_headers(Retry_After="1")
        taken.append(request.body.decode())
        return Answer("ok")
    peer.script("/hook", hook)
    with board(peer, dead=True) as hark:
        hark.config["receivers"][0]["url"] = peer.url("/hook")
        hark.save()
        hark.start(env={"HOOK": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"})
        wait_for("the failure", lambda: hark.count("outbox", "state <> 'due'") == 1)
        state["text"] = "I want two zebrafish"
        wait_for("the edit", lambda: hark.count("posts", "revisions = 1") == 1)
        wait_for("the delivery", lambda: taken, 40)
        check("I want two zebrafish" in taken[0] and "I want a zebrafish" not in taken[0], taken)


run()
