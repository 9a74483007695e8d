#!/usr/bin/env python3
"""A source that stands in for another: polled while that one fails, and nothing is said twice."""
import time
from email.utils import formatdate

from daemon import Hark
from peer import Answer, Peer, rss
from tap import check, equal, run, test, wait_for

STORY = "Everybody wants a zebrafish this year, says a survey among twelve hundred people in three towns"


def dated(ids, dates, texts):
    """A feed whose news are of the moment in which they are first asked for."""
    said = []

    def answer(_):
        if not said:
            now = formatdate(time.time(), usegmt=True)
            said.append('<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>' + "".join(
                f'<item><guid isPermaLink="false">{i}</guid><title>News</title><author>{i}</author>'
                f'<pubDate>{d or now}</pubDate><description>{text}</description></item>'
                for i, d, text in zip(ids, dates, texts)) + "</channel></rss>")
        return Answer(said[0])
    return answer


LONG_AGO, NOW = "Mon, 06 Jan 2020 08:00:00 GMT", None


def chain(first, second, **more):
    return Hark(sources=[{"name": "a", "url": first.url("/feed"), "fallback": "b", **more},
                         {"name": "b", "url": second.url("/feed"), **more}])


def state(hark, name):
    return hark.sources()[name]["state"]


@test
def a_fallback_is_polled_only_while_the_first_fails_and_says_nothing_twice():
    first, second = Peer(), Peer()
    first.script("/feed", dated("1", [LONG_AGO], ["A quiet day"]))
    second.script("/feed", dated("312", [NOW, LONG_AGO, LONG_AGO],
                                 ["I want a zebrafish", "A quiet day", "An old zebrafish"]))
    with chain(first, second) as hark:
        hark.start()
        hark.wait_baseline("a")
        wait_for("some polls", lambda: first.count() >= 3)
        equal(second.count(), 0, "requests to the fallback")
        equal(state(hark, "b"), "standby")
        first.script("/feed", Answer(status=500))
        hark.wait_alerts(1)
        equal([l["subject"]["name"] for l in hark.leads()], ["3"], "what is older than the failure is no news")
        equal(hark.count("posts", "source = (SELECT id FROM sources WHERE name = 'a')"), 3)
        equal(hark.count("posts"), 3)
        check("b: polled in place of a, which fails" in hark.log())
        check(state(hark, "b") in ("ok", "new"), state(hark, "b"))
        equal(hark.sources()["b"]["stands_for"], "a")
        first.script("/feed", dated("31", [NOW, LONG_AGO], ["I want a zebrafish", "A quiet day"]))
        hark.run("sources", "poll", "a")
        wait_for("the first to be well", lambda: "b: rests, a is well" in hark.log(), 20)
        equal(state(hark, "b"), "standby")
        before = second.count()
        wait_for("some polls more", lambda: first.count() >= 6)
        check(second.count() <= before + 1, "the fallback is polled on")
        equal(len(hark.leads()), 1)
        equal(len(hark.alerts()), 1)


@test
def a_fallback_that_is_under_way_when_the_first_is_well_rests_when_it_comes_home():
    first, second = Peer(), Peer()
    first.script("/feed", dated("1", [LONG_AGO], ["A quiet day"]))
    second.script("/feed", Answer(dated("1", [LONG_AGO], ["A quiet day"])(None).body, delay=2))
    with chain(first, second) as hark:
        hark.start()
        hark.wait_baseline("a")
        first.script("/feed", Answer(status=500))
        wait_for("the fallback to be asked", lambda: second.count() >= 1)
        first.script("/feed", dated("1", [LONG_AGO], ["A quiet day"]))
        hark.run("sources", "poll", "a")
        wait_for("the fallback to rest", lambda: "b: rests, a is well" in hark.log(), 20)
        equal(state(hark, "b"), "standby")


@test
def the_same_story_under_another_id_is_one_story():
    first, second = Peer(), Peer()
    first.script("/feed", dated("1", [LONG_AGO], ["A quiet day"]))
    second.script("/feed", dated("7", [NOW], [STORY]))
    with chain(first, second) as hark:
        hark.start()
        hark.wait_baseline("a")
        first.script("/feed", Answer(status=500))
        hark.wait_alerts(1)
        first.script("/feed", dated("91", [NOW, LONG_AGO], [STORY, "A quiet day"]))
        hark.run("sources", "poll", "a")
        wait_for("the first to be well", lambda: "b: rests, a is well" in hark.log(), 20)
        equal(len(hark.leads()), 1)
        equal(len(hark.alerts()), 1)


@test
def a_post_without_date_is_news_when_the_fallback_was_polled_before():
    def undated(*texts):
        return Answer(rss([{"id": t, "text": t, "author": t.split()[-1]} for t in texts]))

    first, second = Peer(), Peer()
    first.script("/feed", undated("A quiet day"))
    second.script("/feed", undated("An old zebrafish"))
    with chain(first, second) as hark:
        hark.start()
        hark.wait_baseline("a")
        first.script("/feed", Answer(status=500))
        hark.wait_baseline("b")
        first.script("/feed", undated("A quiet day"))
        hark.run("sources", "poll", "a")
        wait_for("the first to be well", lambda: "b: rests, a is well" in hark.log(), 20)
        equal(hark.leads(), [], "the first poll of all is a baseline")
        second.script("/feed", undated("A new zebrafish please", "An old zebrafish"))
        first.script("/feed", Answer(status=500))
        hark.wait_alerts(1)
        equal([l["subject"]["name"] for l in hark.leads()], ["please"])


@test
def a_chain_that_makes_no_sense_is_refused():
    peer = Peer()
    with chain(peer, peer) as hark:
        hark.config["sources"][1]["fallback"] = "c"
        hark.save()
        done = hark.run("check")
        equal(done.returncode, 1)
        check("'b' cannot be the fallback of 'a': it has a fallback of its own" in done.stdout + done.stderr)
        check("'c' cannot be the fallback of 'b': there is no such source" in done.stdout + done.stderr)


run()
