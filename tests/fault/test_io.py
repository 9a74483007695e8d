#!/usr/bin/env python3
"""A disk that fails: what could not be written stops harkd, so that systemd starts it again on what the
disk really holds; a full one is said and waited out. In polls and in commands alike."""
import errno
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))

from daemon import BUILD, Hark
from peer import Answer, Peer, rss
from tap import check, equal, run, test, wait_for

SHIM = os.path.join(BUILD, "tests", "fault", "failio.so")
OLD = [{"id": "1", "author": "Ada", "text": "A quiet day"}]
NEW = [{"id": "2", "author": "Bo", "text": "I want a zebrafish"}] + OLD


class Faulty:
    """harkd on a disk that does as it is told."""

    def __init__(self, every="1s"):
        self.peer = Peer()
        self.peer.script("/feed", Answer(rss(OLD)))
        self.hark = Hark(sources=[{"name": "a", "url": self.peer.url("/feed"), "every": every}])

    def __enter__(self):
        self.hark.start(env={"LD_PRELOAD": SHIM, "HARK_IO_PART": "/hark.db", "HARK_IO_FAULT": self.hark.path("fault")})
        self.hark.wait_baseline("a")
        return self

    def __exit__(self, *error):
        self.hark.__exit__(*error)

    def fail(self, what, number):
        self.hark.write("fault.new", f"{what} {number}")
        os.rename(self.hark.path("fault.new"), self.hark.path("fault"))

    def heal(self):
        os.unlink(self.hark.path("fault"))

    def expect_end(self):
        wait_for("harkd to stop", lambda: self.hark.process.poll() is not None, 20)
        equal(self.hark.process.returncode, 1, "exit code: systemd starts it again")
        check("stopping: " in self.hark.log(), self.hark.log())
        self.heal()
        self.hark.start()
        equal(self.hark.rows("PRAGMA integrity_check")[0]["integrity_check"], "ok")


@test
def a_poll_that_cannot_be_synced_ends_harkd_and_is_repeated():
    with Faulty() as f:
        f.fail("sync", errno.EIO)
        f.peer.script("/feed", Answer(rss(NEW)))
        f.expect_end()
        f.hark.wait_alerts(1)


@test
def a_command_that_cannot_be_synced_ends_harkd():
    with Faulty(every="1h") as f:
        f.fail("sync", errno.EIO)
        done = f.hark.run("sources", "pause", "a")
        check(done.returncode != 0, done)
        check("disk I/O error" in done.stderr and "Success" not in done.stderr, done.stderr)
        f.expect_end()


@test
def a_command_that_cannot_be_written_ends_harkd():
    with Faulty(every="1h") as f:
        f.fail("write", errno.EIO)
        check(f.hark.run("sources", "pause", "a").returncode != 0)
        f.expect_end()


@test
def a_full_disk_in_a_command_is_said_and_survived():
    with Faulty(every="2s") as f:
        f.fail("write", errno.ENOSPC)
        done = f.hark.run("sources", "pause", "a")
        check(done.returncode != 0, done)
        check("the disk is full" in done.stderr, done.stderr)
        wait_for("the full disk to be said", lambda: f.hark.json("status").get("disk_full"))
        f.peer.script("/feed", Answer(rss(NEW)))
        f.heal()
        f.hark.wait_alerts(1)
        wait_for("the all-clear", lambda: not f.hark.json("status").get("disk_full"))
        equal(f.hark.run("sources", "pause", "a").returncode, 0)
        equal(f.hark.stop(), 0)


@test
def a_command_that_is_written_again_says_that_there_is_room():
    with Faulty(every="1h") as f:
        f.fail("write", errno.ENOSPC)
        check(f.hark.run("sources", "pause", "a").returncode != 0)
        wait_for("the full disk to be said", lambda: f.hark.json("status").get("disk_full"))
        f.heal()
        equal(f.hark.run("sources", "pause", "a").returncode, 0)
        wait_for("the all-clear", lambda: not f.hark.json("status").get("disk_full"))
        equal(f.hark.stop(), 0)


run()
