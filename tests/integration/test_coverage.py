#!/usr/bin/env python3
"""What hark did not hear, and says so: a daemon that was stopped, a source that failed, a page that does not
reach back."""
from daemon import Hark
from peer import Answer, Peer, rss
from tap import check, equal, run, test, wait_for


def posts(*ids):
    return Answer(rss([{"id": str(i), "text": f"Post number {i} of the day"} for i in ids]))


def gaps(hark, name="a"):
    return [(g["cause"], "filled" in g) for g in hark.sources()[name]["gaps"]]


def one_source():
    peer = Peer()
    return peer, Hark(sources=[{"name": "a", "url": peer.url("/feed")}])


@test
def a_failure_leaves_a_gap_that_is_closed_when_the_answer_reaches_back():
    peer, hark = one_source()
    peer.script("/feed", posts(1, 2))
    with hark:
        hark.start()
        hark.wait_baseline()
        equal(gaps(hark), [])
        peer.script("/feed", Answer(status=500))
        wait_for("a gap", lambda: gaps(hark) == [("failing", False)])
        check("blind " in hark.run("sources", "list").stdout, "the list says blind")
        peer.script("/feed", posts(2, 3))
        wait_for("the gap to be closed", lambda: gaps(hark) == [("failing", True)], 20)
        shown = hark.run("sources", "show", "a").stdout
        check("failing, read later: nothing is missing" in shown, shown)
        check("blind" not in hark.run("sources", "list").stdout, "what was read later is no trouble")


@test
def more_than_a_page_holds_stays_missing():
    peer, hark = one_source()
    peer.script("/feed", posts(1, 2), posts(8, 9))
    with hark:
        hark.start()
        wait_for("a gap", lambda: gaps(hark) == [("overflow", False)])
        shown = hark.json("sources", "show", "a")[0]
        equal(shown["gaps"][0]["cause"], "overflow")
        check("blind" in hark.run("sources", "list").stdout)


@test
def a_stop_of_the_daemon_is_a_gap_of_every_source():
    peer, hark = one_source()
    peer.script("/feed", posts(1, 2))
    with hark:
        hark.start()
        hark.wait_baseline()
        hark.stop()
        # As if it had been stopped an hour ago.
        hark.write_rows("UPDATE sources SET heard_ms = heard_ms - 3600000, due_ms = due_ms - 3600000")
        hark.start()
        wait_for("a gap", lambda: gaps(hark) == [("stopped", True)])


@test
def an_unknown_source_is_guessed():
    peer, hark = one_source()
    with hark:
        done = hark.run("sources", "show", "b")
        equal(done.returncode, 1)
        check("there is no source 'b'" in done.stderr, done.stderr)


run()
