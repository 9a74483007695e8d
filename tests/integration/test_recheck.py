#!/usr/bin/env python3
"""Links that open leads rest on are looked at again, and what is gone twice is deleted here too."""
from daemon import Hark
from peer import Answer, Peer, rss
from tap import check, equal, run, test, wait_for

HOUR = 3600 * 1000
ASKS = {"id": "1", "text": "I want a zebrafish"}


class Site(Peer):
    """A feed, the page of its one post, and a robots.txt."""

    def __init__(self, page=404, robots=404, rules="", name="news"):
        super().__init__()
        self.page, self.name, self.listed = page, name, []
        self.script("/robots.txt", Answer(rules, status=robots, type="text/plain"))
        self.script("/feed", lambda r: Answer(rss([{"id": "0", "text": "A quiet day"}, *self.listed])))
        self.script("/post", lambda r: Answer("a page", status=self.page, type="text/html"))

    def publish(self):
        self.listed = [{**ASKS, "link": self.url("/post")}]

    def looked(self):
        return [r.path for r in self.requests() if r.path != "/feed"]


def watched(site, **more):
    """A daemon that has stopped, with a lead whose post is under watch."""
    hark = Hark(sources=[{"name": site.name, "url": site.url("/feed"), "every": "1s"}], **more)
    hark.start()
    hark.wait_baseline()
    site.publish()
    hark.wait_alerts(1)
    hark.stop()
    return hark


def later(hark, hours, sql=""):
    """So many hours go by for what is under watch."""
    hark.write_rows(f"UPDATE rechecks SET due_ms = due_ms - {hours * HOUR}, "
                    f"gone_ms = CASE gone_ms WHEN 0 THEN 0 ELSE gone_ms - {hours * HOUR} END")
    hark.write_rows(f"UPDATE posts SET seen_ms = seen_ms - {hours * HOUR}")


def look(hark, what, until):
    hark.start()
    wait_for(what, until)
    hark.stop()


def under_watch(hark):
    return hark.rows("SELECT * FROM rechecks")


def watch(hark):
    """The first turn of a start puts it under watch."""
    look(hark, "the post to be under watch", lambda: len(under_watch(hark)) == 1)


@test
def a_post_whose_page_is_gone_twice_is_deleted_and_its_lead_says_so():
    site = Site()
    with watched(site) as hark:
        watch(hark)
        equal(site.looked(), [])
        later(hark, 25)
        look(hark, "the first look", lambda: under_watch(hark)[0]["gone_ms"] > 0)
        equal(site.looked(), ["/robots.txt", "/post"])
        equal(hark.count("posts", "deleted_ms IS NOT NULL"), 0)
        later(hark, 5)
        look(hark, "nothing", hark.ready)
        equal(site.looked(), ["/robots.txt", "/post"])
        later(hark, 2)
        look(hark, "the second look", lambda: not under_watch(hark))
        equal(site.looked(), ["/robots.txt", "/post", "/post"])  # robots.txt is known over a restart
        equal(hark.count("posts", "deleted_ms IS NOT NULL AND title IS NULL AND text IS NULL"), 1)
        equal(hark.count("outbox", "payload = '{}'"), 1)
        hark.start()
        said = hark.run("leads", "show", "1").stdout
        check("later deleted" in said and "HTTP 404, twice" in said, said)
        check(hark.json("leads", "show", "1")["evidence_gone"], "as JSON too")


@test
def a_page_that_answers_anything_else_changes_nothing():
    for status in [200, 403, 500]:
        site = Site(page=status)
        with watched(site) as hark:
            watch(hark)
            due = under_watch(hark)[0]["due_ms"]
            later(hark, 25)
            look(hark, "the look", lambda: under_watch(hark)[0]["due_ms"] > due + 24 * HOUR)
            equal(under_watch(hark)[0]["gone_ms"], 0)
            equal(hark.count("posts", "deleted_ms IS NOT NULL"), 0)
            equal(site.looked(), ["/robots.txt", "/post"])


@test
def a_site_that_wants_no_programs_or_cannot_say_is_not_asked():
    for robots in [{"robots": 200, "rules": "User-agent: *\nDisallow: /post\n"}, {"robots": 503}]:
        site = Site(**robots)
        with watched(site) as hark:
            watch(hark)
            due = under_watch(hark)[0]["due_ms"]
            later(hark, 25)
            look(hark, "the look", lambda: under_watch(hark)[0]["due_ms"] > due + 24 * HOUR)
            equal(site.looked(), ["/robots.txt"])


@test
def a_link_to_another_private_place_is_not_followed():
    site, other = Site(), Site()
    site.publish = lambda: site.listed.append({**ASKS, "link": other.url("/post")})
    with watched(site) as hark:
        watch(hark)
        due = under_watch(hark)[0]["due_ms"]
        later(hark, 25)
        look(hark, "the look", lambda: under_watch(hark)[0]["due_ms"] > due + 24 * HOUR)
        equal(other.looked(), [])


@test
def nothing_is_looked_at_for_a_closed_lead_or_when_it_is_off():
    site = Site()
    with watched(site) as hark:
        watch(hark)
        later(hark, 25)
        hark.config["privacy"] = {"recheck": "off"}
        hark.save()
        look(hark, "nothing", hark.ready)
        equal(len(under_watch(hark)), 1)
        del hark.config["privacy"]
        hark.save()
        hark.write_rows("UPDATE leads SET state = 'lost'")
        look(hark, "its end", lambda: not under_watch(hark))
        equal(site.looked(), [])


run()
