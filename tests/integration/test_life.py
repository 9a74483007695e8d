#!/usr/bin/env python3
"""Start, stop, and what must not start."""
import os
import subprocess
import time

from daemon import HARKD, Hark, NotifySocket, one_sentence
from peer import Answer, Peer, rss
from tap import SLOW, check, equal, figure, run, test, wait_for, without

QUIET = [{"id": "1", "text": "A quiet day"}]


@test
def sigterm_stops_within_five_seconds_whatever_is_under_way():
    peer, slow = Peer(), Peer()
    peer.script("/feed", Answer(rss(QUIET)))
    slow.script("/feed", Answer(rss(QUIET), delay=60))
    with Hark(sources=[{"name": "a", "url": peer.url("/feed")}, {"name": "slow", "url": slow.url("/feed")}]) as hark:
        hark.config["http"]["timeout"] = "60s"
        hark.save()
        hark.start()
        hark.wait_baseline("a")
        wait_for("the slow transfer", lambda: slow.count() >= 1)
        started = time.monotonic()
        equal(hark.stop(5), 0)
        figure(f"stopped after {time.monotonic() - started:.2f} s")


@test
def a_second_daemon_on_the_same_database_is_refused():
    peer = Peer()
    peer.script("/feed", Answer(rss(QUIET)))
    with Hark(sources=[{"name": "a", "url": peer.url("/feed")}]) as hark:
        hark.start()
        hark.wait_baseline()
        second = subprocess.run([HARKD, "-c", hark.path("hark.yaml")], capture_output=True, text=True, timeout=20 * SLOW)
        equal(second.returncode, 2)
        check("hark.db" in one_sentence(second.stderr), second.stderr)
        before = peer.count()
        wait_for("the first to go on", lambda: peer.count() > before + 1)
        equal(hark.run("status").returncode, 0, "the control socket still answers")


@test
def what_cannot_be_read_is_refused_with_one_sentence():
    with Hark() as hark:
        missing = subprocess.run([HARKD, "-c", hark.path("nowhere.yaml")], capture_output=True, text=True, timeout=20 * SLOW)
        equal(missing.returncode, 2)
        for line in missing.stderr.strip().splitlines():
            check("nowhere.yaml" in one_sentence(line), missing.stderr)
        hark.write("hark.db", "this is no database, it is a shopping list. " * 200)
        hark.config["sources"] = [hark.source({"name": "a", "url": "http://127.0.0.1:9/feed"})]
        hark.save()
        wrong = subprocess.run([HARKD, "-c", hark.path("hark.yaml")], capture_output=True, text=True, timeout=20 * SLOW)
        equal(wrong.returncode, 2)
        check("hark.db" in one_sentence(wrong.stderr), wrong.stderr)
        check(hark.read("hark.db").startswith("this is no database"), "the file was changed")


@test
def a_broken_configuration_is_refused_with_every_error_and_its_place():
    with Hark() as hark:
        hark.write("hark.yaml", hark.read("hark.yaml") + "sorces: []\nreceivrs: []\n")
        done = subprocess.run([HARKD, "-c", hark.path("hark.yaml")], capture_output=True, text=True, timeout=20 * SLOW)
        equal(done.returncode, 2)
        check("sorces" in done.stderr and "receivrs" in done.stderr, done.stderr)
        check("did you mean" in done.stderr and ":1:" in done.stderr, done.stderr)


@test
def systemd_hears_ready_and_the_watchdog():
    peer = Peer()
    peer.script("/feed", Answer(rss(QUIET)))
    with Hark(sources=[{"name": "a", "url": peer.url("/feed")}]) as hark:
        notify = NotifySocket(hark.path("notify"))
        hark.start(wait=False, env={"NOTIFY_SOCKET": notify.path, "WATCHDOG_USEC": "2000000"})
        wait_for("READY=1", lambda: "READY=1" in notify.heard)
        wait_for("two watchdog beats", lambda: notify.heard.count("WATCHDOG=1") >= 2)
        hark.stop()
        wait_for("STOPPING=1", lambda: "STOPPING=1" in notify.heard)
        notify.close()


@test
def a_claim_that_is_over_comes_back_at_the_next_start():
    peer = Peer()
    peer.script("/feed", Answer(rss(QUIET)))
    with Hark(sources=[{"name": "a", "url": peer.url("/feed")}]) as hark:
        hark.start()
        hark.wait_baseline()
        peer.script("/feed", Answer(rss(QUIET + [{"id": "2", "text": "I want a zebrafish"}])))
        wait_for("the lead", hark.leads)
        equal(hark.run("leads", "claim", "1", "--for", "1s", "--as", "anna").returncode, 0)
        hark.stop()
        time.sleep(1)
        hark.start()
        wait_for("the lead to be new again", lambda: hark.rows("SELECT state FROM leads") == [{"state": "new"}])
        check("were not returned" not in hark.log(), hark.log())


has_systemd = "#define HAVE_SYSTEMD 1" in open(os.path.join(os.environ.get("top_builddir", "."), "config.h")).read()
if not has_systemd:
    without(systemd_hears_ready_and_the_watchdog, "built without libsystemd")

run()
