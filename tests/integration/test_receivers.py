#!/usr/bin/env python3
"""Alerts as receivers get them."""
import base64
import calendar
import hashlib
import hmac
import json
import os
import stat
import time

from daemon import Hark
from peer import Answer, Peer, rss
from tap import check, equal, run, test, wait_for

QUIET = [{"id": "1", "text": "A quiet day"}]
LOUD = [{"id": "2", "author": "Cy", "text": "Where do I get a zebrafish?"}] + QUIET
KEY = bytes(range(32))
SECRET = "whsec_" + base64.b64encode(KEY).decode()
TO = lambda *names: [{"when": {"kind": ["purchase-intent"]}, "to": list(names)}]


def story_peer():
    peer = Peer()
    peer.script("/feed", Answer(rss(QUIET)), Answer(rss(LOUD)))
    return peer


def verify(request, key=KEY):
    """As Standard Webhooks 1.0.0 says."""
    wid, stamp = request.header("webhook-id"), request.header("webhook-timestamp")
    check(wid and stamp, request.headers)
    check(abs(int(stamp) - time.time()) < 300, "timestamp", stamp)
    want = base64.b64encode(hmac.new(key, f"{wid}.{stamp}.".encode() + request.body, hashlib.sha256).digest()).decode()
    given = [s.split(",", 1) for s in request.header("webhook-signature").split(" ")]
    check(["v1", want] in given, "no valid signature in", request.header("webhook-signature"))
    return wid


def hook_hark(hook, **more):
    source = story_peer()
    hark = Hark(sources=[{"name": "a", "url": source.url("/feed")}], routes=TO("hook"), receivers=[
        {"name": "hook", "type": "webhook", "url": hook.url("/hook"), "internal": "true", "secret": "file:hook.key", **more}])
    hark.write("hook.key", SECRET + "\n")
    os.chmod(hark.path("hook.key"), 0o600)
    return hark


@test
def a_webhook_is_signed_and_says_what_happened():
    hook = Peer()
    hook.script("/hook", Answer(status=204, type=None))
    with hook_hark(hook) as hark:
        hark.start()
        wait_for("the delivery", lambda: hook.count() >= 1, 15)
        r = hook.requests()[0]
        verify(r)
        equal(r.method, "POST")
        check((r.header("content-type") or "").startswith("application/json"), r.header("content-type"))
        body = json.loads(r.body)
        check("zebrafish" in r.body.decode() and "Cy" in r.body.decode(), body)
        wait_for("the row to be sent", lambda: hark.count("outbox", "state = 'sent'") == 1)
        time.sleep(1)
        equal(hook.count(), 1, "deliveries")
        check("whsec" not in hark.log() and KEY.hex() not in hark.log(), "the secret is in the log")


@test
def while_keys_rotate_both_sign():
    hook, old = Peer(), bytes(range(32, 64))
    hook.script("/hook", Answer(status=200))
    with hook_hark(hook, **{"old-secret": "file:old.key"}) as hark:
        hark.write("old.key", "whsec_" + base64.b64encode(old).decode())
        hark.start()
        wait_for("the delivery", lambda: hook.count() >= 1, 15)
        verify(hook.requests()[0], KEY)
        verify(hook.requests()[0], old)


@test
def a_retry_carries_the_same_id_also_after_a_kill():
    hook = Peer()
    hook.script("/hook", Answer(status=503).with_headers(Retry_After="1"), Answer(status=200))
    with hook_hark(hook) as hark:
        hark.start()
        wait_for("the failure to be stored", lambda: hark.count("outbox", "state <> 'due'") == 1, 15)
        hark.kill()
        hark.start()
        wait_for("the row to be sent", lambda: hark.count("outbox", "state = 'sent'") == 1, 30)
        ids = {verify(r) for r in hook.requests()}
        equal(len(ids), 1, f"ids of {hook.count()} tries")
        equal(hark.rows("SELECT delivery_id FROM outbox")[0]["delivery_id"], ids.pop())


@test
def a_410_ends_the_deliveries():
    hook = Peer()
    hook.script("/hook", Answer(status=410))
    with hook_hark(hook) as hark:
        hark.start()
        wait_for("the receiver to be disabled", lambda: hark.count("receivers", "state = 'disabled'") == 1, 15)
        time.sleep(1)
        equal(hook.count(), 1)
        check("hook" in hark.log(), "the owner is not told:\n" + hark.log())


@test
def a_redirect_of_a_webhook_is_not_followed():
    hook, trap = Peer(), Peer()
    hook.script("/hook", Answer(status=307, headers=[("Location", trap.url("/hook"))]))
    with hook_hark(hook) as hark:
        hark.start()
        wait_for("the try", lambda: hook.count() >= 1, 15)
        wait_for("the failure", lambda: hark.count("outbox", "state = 'failed'") == 1)
        equal(trap.count(), 0)


@test
def a_dead_receiver_holds_up_no_other():
    source, dead = story_peer(), Peer()
    dead.script("/hook", Answer(status=200, delay=60))
    with Hark(sources=[{"name": "a", "url": source.url("/feed")}], routes=TO("dead", "out"), receivers=[
            {"name": "dead", "type": "webhook", "url": dead.url("/hook"), "internal": "true", "secret": "env:HOOK_SECRET"},
            {"name": "out", "type": "file", "path": "alerts.jsonl"}]) as hark:
        hark.start(env={"HOOK_SECRET": SECRET})
        hark.wait_alerts(1)
        equal(hark.stop(), 0)


@test
def a_program_gets_the_alert_on_standard_input():
    source = story_peer()
    with Hark(sources=[{"name": "a", "url": source.url("/feed")}], routes=TO("prog")) as hark:
        hark.write("take", '#!/bin/sh\nin=$(cat)\nif [ ! -e "$1/tried" ]; then touch "$1/tried"; exit 1; fi\n'
                           'printf "%s\\n" "$in" >> "$1/taken.jsonl"\n')
        os.chmod(hark.path("take"), stat.S_IRWXU)
        hark.config["receivers"] = [{"name": "prog", "type": "exec", "command": [hark.path("take"), hark.folder]}]
        hark.save()
        hark.start()
        wait_for("the first try", lambda: os.path.exists(hark.path("tried")), 15)
        taken = hark.wait_alerts(1, "taken.jsonl", 30)
        check("Cy" in json.dumps(taken[0]), taken)
        wait_for("the row to be sent", lambda: hark.count("outbox", "state = 'sent'") == 1)


@test
def a_program_that_takes_too_long_is_ended_with_what_it_started():
    source = story_peer()
    deaf = "sh -c 'trap \"\" TERM; echo $$ >pid; while :; do sleep 1; done'; :"  # its parent hears the signal
    away = "setsid sh -c 'echo $$ >away; exec sleep 600' & "
    with Hark(sources=[{"name": "a", "url": source.url("/feed")}], routes=TO("prog"), receivers=[
            {"name": "prog", "type": "exec", "command": ["sh", "-c", away + deaf], "timeout": "2s"}]) as hark:
        hark.start()
        wait_for("the time-out", lambda: hark.count("outbox", "last_error LIKE '%not done within 2 s%'"), 20)
        for file in ("pid", "away"):  # of its group, and in a session of its own
            pid = int(hark.read(file))
            wait_for("its end", lambda: not os.path.exists(f"/proc/{pid}"))


@test
def what_a_program_that_is_done_leaves_running_goes_on():
    source = story_peer()
    with Hark(sources=[{"name": "a", "url": source.url("/feed")}], routes=TO("prog"), receivers=[
            {"name": "prog", "type": "exec", "command": ["sh", "-c", "sleep 600 >&- 2>&- & echo $! >pid"]}]) as hark:
        hark.start()
        wait_for("the alert", lambda: hark.count("outbox", "state = 'sent'") == 1)
        hark.stop()
        os.kill(int(hark.read("pid")), 9)


@test
def a_file_gets_one_json_line_and_stdout_one_for_people():
    source = story_peer()
    with Hark(sources=[{"name": "a", "url": source.url("/feed")}], routes=TO("out", "term"), receivers=[
            {"name": "out", "type": "file", "path": "alerts.jsonl"}, {"name": "term", "type": "stdout"}]) as hark:
        hark.start()
        alert = hark.wait_alerts(1)[0]
        equal(alert["id"], hark.rows("SELECT delivery_id FROM outbox WHERE receiver = 'out'")[0]["delivery_id"])
        check("Cy" in json.dumps(alert), alert)
        wait_for("the line on stdout", lambda: "\n" in hark.read("stdout"))
        check("Cy" in hark.read("stdout") or "zebrafish" in hark.read("stdout"), hark.read("stdout"))


@test
def what_waits_for_quiet_hours_to_end_is_shown_with_when_that_is():
    source = story_peer()
    at = lambda s: time.strftime("%H:%M", time.gmtime(time.time() + s))
    with Hark(sources=[{"name": "a", "url": source.url("/feed")}], routes=TO("ana", "bo"), receivers=[
            {"name": "ana", "type": "stdout", "quiet": f"{at(-3600)}-{at(7200)} UTC"},
            {"name": "bo", "type": "stdout"}]) as hark:
        hark.start()
        wait_for("the alert", lambda: hark.count("outbox", "state = 'sent'") == 1)
        ana, bo = hark.json("notify", "list")
        equal((ana["waiting"], ana["held"], bo["waiting"], "waiting_until" in bo), (1, 0, 0, False))
        until = calendar.timegm(time.strptime(ana["waiting_until"], "%Y-%m-%dT%H:%M:%SZ"))
        check(7000 < until - time.time() <= 7200, ana)
        row = [line for line in hark.run("notify", "list").stdout.splitlines() if line.startswith("ana")][0]
        check("1, until 20" in row, row)
        check("hark notify list" in hark.run("notify", "held").stdout)


@test
def an_alert_waits_no_longer_than_its_lead_is_open():
    source = story_peer()
    at = lambda s: time.strftime("%H:%M", time.gmtime(time.time() + s))
    with Hark(sources=[{"name": "a", "url": source.url("/feed")}], routes=TO("ana"), receivers=[
            {"name": "ana", "type": "stdout", "quiet": f"{at(-3600)}-{at(7200)} UTC"}]) as hark:
        hark.start()
        wait_for("the alert", lambda: hark.count("outbox", "state = 'due'") == 1)
        waits = lambda: [hark.json("notify", "list")[0][what] for what in ("waiting", "withdrawn")]
        lead = hark.json("leads", "list")[0]["id"]
        for step in (["dismiss", lead, "--reason", "no customer", "--as", "ana"], ["snooze", lead, "--for", "1d", "--as", "ana"]):
            equal(hark.run("leads", *step).returncode, 0)
            equal(waits(), [0, 1], step)
            row = hark.json("notify", "withdrawn")[0]
            check(row["last_error"].startswith("its lead"), row)
            check("alert withdrawn" in hark.run("leads", "show", lead).stdout)
            equal(hark.run("leads", "undo", lead, "--as", "ana").returncode, 0)
            equal(waits(), [1, 0], step)


@test
def notify_test_shows_what_the_receiver_answers():
    hook = Peer()
    hook.script("/hook", Answer("welcome", status=200, type="text/plain"), Answer("nope", status=400, type="text/plain"))
    with hook_hark(hook) as hark:
        equal(hark.run("notify", "test", "hook").returncode, 0)
        verify(hook.requests()[0])
        bad = hark.run("notify", "test", "hook")
        check(bad.returncode != 0 and "400" in bad.stdout + bad.stderr, bad)
        equal(hark.run("notify", "test", "nobody").returncode != 0, True)
        for status in (200, 400):  # what a terminal would obey does not reach it
            hook.script("/hook", Answer("\x1b[31m a\x9b31m b\u202e", status=status, type="text/plain"))
            said = hark.run("notify", "test", "hook").stdout
            check("31m b" in said and not any(c in said for c in "\x1b\x9b\u202e"), repr(said))


run()
