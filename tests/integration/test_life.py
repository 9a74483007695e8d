#!/usr/bin/env python3
"""Start, stop, and what must not start."""
import os
import shutil
import sqlite3
import subprocess
import time

from daemon import HARKD, Hark, NotifySocket, one_sentence
from peer import Answer, Peer, rss
from tap import SLOW, check, equal, figure, run, test, wait_for, without

QUIET = [{"id": "1", "text": "A quiet day"}]


@test
def status_is_as_of_now():
    peer = Peer()
    peer.script("/feed", Answer(rss([{"id": "1", "text": "x"}])))
    with Hark(sources=[{"name": "a", "url": peer.url("/feed"), "every": "1h"}]) as hark:
        hark.start()
        hark.wait_baseline()
        for paused, word in ((1, "pause"), (0, "resume"), (1, "pause")):
            equal(hark.run("sources", word, "a").returncode, 0)
            equal(hark.json("status")["sources"]["paused"], paused)
        check(": 1 source, " in hark.log(), hark.log())


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
def a_tone_model_that_is_none_is_refused_with_one_sentence():
    with Hark() as hark:
        os.mkdir(hark.path("models"))
        hark.write("models/tone.model", "")
        done = subprocess.run([HARKD, "-c", hark.path("hark.yaml")], capture_output=True, text=True, timeout=20 * SLOW,
                              env={**os.environ, "HARK_MODELS": hark.path("models")})
        check(done.returncode not in (0, None), done)
        check("tone.model is no tone model" in one_sentence(done.stderr.splitlines()[-1]), done.stderr)


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


def without_its_database(take_away):
    peer = Peer()
    peer.script("/feed", Answer(rss(QUIET)))
    with Hark(sources=[{"name": "a", "url": peer.url("/feed")}]) as hark:
        hark.start()
        hark.wait_baseline()
        take_away(hark)
        wait_for("harkd to notice", lambda: hark.process.poll() is not None, 20)
        equal(hark.process.returncode, 1, "exit code: systemd starts it again")
        said = [l for l in hark.log().splitlines() if "stopping: " in l]
        equal(len(said), 1, hark.log())
        check("hark.db" in said[0] and "deleted, moved or replaced" in said[0], said[0])
        hark.start()
        hark.wait_baseline()


@test
def a_new_database_and_an_emptied_one_are_told_of():
    with Hark() as hark:
        for emptied, told in ((False, 1), (False, 1), (True, 2)):
            if emptied:
                os.truncate(hark.path("hark.db"), 0)
            hark.start()
            hark.stop(20)
            equal(hark.log().count("hark.db is new: "), told, hark.log())


@test
def a_deleted_database_is_noticed_and_ends_harkd():
    without_its_database(lambda hark: [os.unlink(hark.database + end) for end in ("", "-wal", "-shm")])


@test
def a_replaced_database_is_noticed_and_ends_harkd():
    def replace(hark):
        shutil.copy(hark.database, hark.path("copy"))
        os.rename(hark.path("copy"), hark.database)
    without_its_database(replace)


@test
def an_answer_that_cannot_be_stored_is_the_sources_error():
    peer, other = Peer(), Peer()
    peer.script("/feed", Answer(rss(QUIET)))
    other.script("/feed", Answer(rss(QUIET)))
    with Hark(sources=[{"name": "a", "url": peer.url("/feed")}, {"name": "b", "url": other.url("/feed")}]) as hark:
        hark.start()
        hark.wait_baseline("a")
        hark.wait_baseline("b")
        hark.stop()
        with sqlite3.connect(hark.database) as db:
            db.execute("CREATE TRIGGER refuse BEFORE INSERT ON posts WHEN NEW.text LIKE '%poison%' "
                       "BEGIN SELECT RAISE(ABORT, 'no poison here'); END")
        db.close()
        hark.start()
        peer.script("/feed", Answer(rss([{"id": "2", "text": "poison"}] + QUIET)).with_headers(ETag='"poison"'))
        other.script("/feed", Answer(rss([{"id": "3", "text": "I want a zebrafish"}] + QUIET)))
        wait_for("the error to be shown", lambda: hark.source_row("a").get("error"))
        error = hark.source_row("a")["error"]
        check("cannot be stored" in error and "no poison here" in error, error)
        wait_for("it to be asked again", lambda: peer.count() >= 4, 20)
        check(not any(r.header("if-none-match") for r in peer.requests()), "the validators ran ahead of the posts")
        hark.wait_alerts(1)
        wait_for("it to be counted as failing", lambda: hark.json("status")["sources"]["failing"] == 1)
        equal(hark.log().count("no poison here"), 1, "said once, not at each poll:\n" + hark.log())
        peer.script("/feed", Answer(rss([{"id": "4", "text": "honey"}] + QUIET)))
        wait_for("the error to be gone", lambda: not hark.source_row("a").get("error"), 30)


has_systemd = "#define HAVE_SYSTEMD 1" in open(os.path.join(os.environ.get("top_builddir", "."), "config.h")).read()
if not has_systemd:
    without(systemd_hears_ready_and_the_watchdog, "built without libsystemd")

run()
