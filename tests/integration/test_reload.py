#!/usr/bin/env python3
"""Reload: all or nothing, and every error said."""
import json
import os
import re
import signal

from daemon import Hark, RULES
from peer import Answer, Peer, rss
from tap import check, equal, run, test, wait_for

QUIET = [{"id": "1", "text": "A quiet day"}]


def following(*words):
    """A feed that says one more of the words at each poll, the last state for ever."""
    items, answers = list(QUIET), [Answer(rss(QUIET))]
    for i, word in enumerate(words):
        items.insert(0, {"id": f"w{i}", "author": f"author {i}", "text": f"I want a {word}"})
        answers.append(Answer(rss(items)))
    return answers


@test
def a_bad_configuration_leaves_the_old_one_running_and_says_where():
    peer = Peer()
    peer.script("/feed", Answer(rss(QUIET)))
    with Hark(sources=[{"name": "a", "url": peer.url("/feed")}]) as hark:
        hark.start()
        hark.wait_baseline()
        good = hark.read("hark.yaml")
        hark.write("hark.yaml", good.replace("every: 1s", "evry: 1s\n  every: soon"))
        done = hark.run("reload")
        equal(done.returncode, 1, "exit code")
        said = done.stdout + done.stderr
        check(re.search(r"hark\.yaml:\d+:\d+: ", said), said)
        check("did you mean" in said and "every" in said, said)
        check(len(re.findall(r"hark\.yaml:\d+:\d+: ", said)) >= 2, "not every error at once:", said)
        before = peer.count()
        wait_for("the old configuration to poll on", lambda: peer.count() > before + 1)
        hark.process.send_signal(signal.SIGHUP)
        wait_for("the daemon to say so as well", lambda: re.search(r"hark\.yaml:\d+:\d+: ", hark.log()))
        hark.write("hark.yaml", good)
        check(hark.json("status").get("reload_error"), "the status is silent about it")
        equal(hark.run("reload").returncode, 0)
        check(not hark.json("status").get("reload_error"))


@test
def a_pack_without_its_list_is_for_the_check_to_tell():
    with Hark(sources=[]) as hark:
        hark.config["rules"] = ["packs/case-study"]
        hark.save()
        hark.start()
        done = hark.run("reload")
        check(done.returncode == 0 and "C018" in done.stderr and "W030" not in done.stderr, done.stderr)
        check("W030" in hark.run("check").stdout, "the check is silent too")


@test
def a_bad_rule_file_leaves_the_old_rules_matching():
    peer = Peer()
    with Hark(sources=[{"name": "a", "url": peer.url("/feed")}]) as hark:
        peer.script("/feed", Answer(rss(QUIET)))
        hark.start()
        hark.wait_baseline()
        hark.write("rules.yaml", RULES.replace("match: 'zebrafish'", "match: '(zebrafish OR'"))
        done = hark.run("reload", "--json")
        equal(done.returncode, 1, "exit code")
        diagnostics = json.loads(done.stdout)["diagnostics"]
        check(any(d["file"].endswith("rules.yaml") and d["line"] > 0 and d["col"] > 0 for d in diagnostics), diagnostics)
        peer.script("/feed", *following("zebrafish")[1:])
        hark.wait_alerts(1)


@test
def new_rules_match_from_the_reload_on():
    peer = Peer()
    peer.script("/feed", Answer(rss(QUIET)))
    with Hark(sources=[{"name": "a", "url": peer.url("/feed")}]) as hark:
        hark.start()
        hark.wait_baseline()
        hark.write("rules.yaml", RULES.replace("zebrafish", "narwhal"))
        equal(hark.run("reload").returncode, 0)
        peer.script("/feed", *following("zebrafish", "narwhal")[1:])
        hark.wait_alerts(1)
        wait_for("two more polls", lambda: peer.count() >= 6)
        equal([l["subject"]["name"] for l in hark.leads()], ["author 1"])


@test
def a_list_that_changes_is_read_again():
    peer = Peer()
    peer.script("/feed", Answer(rss(QUIET)))
    with Hark(sources=[{"name": "a", "url": peer.url("/feed")}]) as hark:
        hark.write("fish.csv", "name\nzebrafish\n")
        hark.write("rules.yaml", "lists: { fish: { file: fish.csv } }\n" + RULES.replace("match: 'zebrafish'", "match: 'any:fish'"))
        hark.start()
        hark.wait_baseline()
        hark.write("fish.csv", "name\nnarwhal\n")
        wait_for("the daemon to see it", lambda: "a list has changed" in hark.log())
        wait_for("the daemon to read it", lambda: "reloaded" in hark.log())
        peer.script("/feed", *following("zebrafish", "narwhal")[1:])
        hark.wait_alerts(1)
        equal([l["subject"]["name"] for l in hark.leads()], ["author 1"])
        hark.write("fish.csv", "name\n" + "narwhal\n" * 101)
        wait_for("the warning", lambda: "fish.csv:2:1: warning W077" in hark.log())
        hark.write("fish.csv", "id\n1\n")
        wait_for("the daemon to refuse it", lambda: re.search(r"fish\.csv:1:1: error E071", hark.log()))
        equal(hark.log().count("not reloaded"), 1, "tries at one change")


@test
def sources_come_and_go_with_a_reload_by_signal():
    peer, other = Peer(), Peer()
    peer.script("/feed", Answer(rss(QUIET)).with_headers(ETag='"1"'), Answer(status=304))
    other.script("/feed", Answer(rss(QUIET)))
    with Hark(sources=[{"name": "a", "url": peer.url("/feed")}, {"name": "b", "url": other.url("/feed")}]) as hark:
        hark.start()
        hark.wait_baseline()
        third = Peer()
        third.script("/feed", Answer(rss(QUIET)))
        hark.config["sources"] = [hark.source({"name": "a", "url": peer.url("/feed")}),
                                  hark.source({"name": "c", "url": third.url("/feed")})]
        hark.save()
        hark.process.send_signal(signal.SIGHUP)
        hark.wait_baseline("c")
        gone = other.count()
        here = peer.count()
        wait_for("the kept source to go on", lambda: peer.count() >= here + 3)
        check(other.count() <= gone + 1, "a removed source is still polled")
        unconditional = [r for r in peer.requests()[1:] if r.header("if-none-match") is None]
        equal(len(unconditional), 0, "unconditional requests around a reload")


def moved(restart):
    peer = Peer()
    peer.script("/old", Answer(rss(QUIET)).with_headers(ETag='"1"'), Answer(status=304))
    peer.script("/new", Answer(rss([{"id": "n", "text": "I want a zebrafish"}])).with_headers(ETag='"2"'), Answer(status=304))
    with Hark(sources=[{"name": "a", "url": peer.url("/old")}]) as hark:
        hark.start()
        hark.wait_baseline()
        wait_for("a second poll", lambda: peer.count("/old") >= 2)
        if restart:
            hark.stop()
        hark.config["sources"] = [hark.source({"name": "a", "url": peer.url("/new")})]
        hark.save()
        if restart:
            hark.start()
        else:
            equal(hark.run("reload").returncode, 0)
        wait_for("polls of the new address", lambda: peer.count("/new") >= 3)
        equal(peer.requests("/new")[0].header("if-none-match"), None)
        equal(peer.requests("/new")[1].header("if-none-match"), '"2"')
        equal(hark.leads(), [], "leads of what was there before")
        equal(len(hark.leads(historic=True)), 1, "historic leads")
        peer.script("/new", Answer(rss([{"id": "o", "text": "A zebrafish, anybody?"}])))
        hark.wait_alerts(1)


@test
def a_new_address_of_a_source_is_a_new_baseline():
    moved(False)


@test
def a_new_address_after_a_restart_is_a_new_baseline_too():
    moved(True)


@test
def what_waits_for_a_restart_is_said_and_no_file_of_others_is_removed():
    peer = Peer()
    peer.script("/feed", Answer(rss(QUIET)))
    with Hark(sources=[{"name": "a", "url": peer.url("/feed")}]) as hark:
        hark.start()
        hark.wait_baseline()
        old, other = hark.path("control"), hark.path("somebody-elses")
        hark.write("somebody-elses", "")
        hark.config["workers"] = 3
        hark.save()
        asked = hark.run("reload")
        check(asked.returncode == 0 and "C023: workers has changed" in asked.stderr, asked.stderr)
        # Where somebody listens already nobody could after a restart; until then the old address is in force.
        equal(hark.json("status")["restart_for"], "workers")
        taken = peer.url("").split("/")[2]
        hark.config["http"] = {**hark.config.get("http", {}), "listen": taken}
        hark.save()
        asked = hark.run("reload")
        check(f"http.listen has changed: that takes a restart, which would fail: cannot listen on {taken}" in asked.stderr, asked.stderr)
        check(hark.json("status")["restart_for"].startswith(f"http.listen, which would fail: cannot listen on {taken}"), hark.json("status"))
        check("until it is restarted: http.listen, which would fail" in hark.run("status").stdout, hark.run("status").stdout)
        hark.config["control"] = other
        hark.save()
        hark.process.send_signal(signal.SIGHUP)
        wait_for("the restart to be asked for", lambda: "control has changed" in hark.log())
        check("workers has changed" in hark.log(), hark.log())
        done = hark.run("reload")
        equal(done.returncode, 3)
        check("harkd (pid %d) does not listen at %s" % (hark.process.pid, other) in done.stderr, done.stderr)
        equal(hark.stop(), 0)
        check(os.path.exists(other), "a file that is not ours is gone")
        check(not os.path.exists(old), "the socket is left behind")


@test
def with_a_broken_file_the_daemon_still_answers_and_everything_wrong_is_said_at_once():
    peer = Peer()
    peer.script("/feed", Answer(rss([{"id": "1", "text": "A quiet day"}])))
    with Hark(sources=[{"name": "a", "url": peer.url("/feed")}]) as hark:
        hark.start()
        hark.wait_baseline()
        hark.write("rules.yaml", "rules:\n  - id: x\n    kind: prase\n    match: 'a'\n")
        hark.write("hark.yaml", hark.read("hark.yaml") + "sorces: []\n")
        equal(hark.run("status").returncode, 0, "hark status")
        equal(hark.run("leads", "list").returncode, 0, "hark leads list")
        done = hark.run("reload")
        equal(done.returncode, 1)
        check("sorces" in done.stderr and "prase" in done.stderr, done.stderr)


@test
def reload_without_a_daemon_is_exit_3():
    with Hark() as hark:
        done = hark.run("reload")
        equal(done.returncode, 3)
        check(done.stderr.strip().count("\n") == 0, done.stderr)


run()
