#!/usr/bin/env python3
"""Links that open leads rest on are looked at again, and what is gone twice is deleted here too."""
import time

from daemon import Hark
from peer import Answer, Peer, rss
from tap import check, equal, run, test, wait_for

HOUR = 3600 * 1000
ASKS = {"id": "1", "text": "I want a zebrafish"}
# Each site says something of its own: a copy would be the evidence of the first one's lead.
REASONS = ["for the pond behind our summer house", "since my brother keeps seven and talks of nothing else",
           "but no shop in town sells fish any more", "and promised the school a tank before autumn begins",
           "to replace what the heron took on Monday morning", "because goldfish bore the whole family by now"]


def differing(sites):
    for site, reason in zip(sites, REASONS):
        site.asks = {**ASKS, "text": f"{ASKS['text']} {reason}"}
    return sites


class Site(Peer):
    """A feed, the page of its one post, and a robots.txt."""

    def __init__(self, page=404, robots=404, rules=""):
        super().__init__()
        self.page, self.asks, self.listed = page, ASKS, []
        self.script("/robots.txt", Answer(rules, status=robots, type="text/plain"))
        self.script("/feed", lambda r: Answer(rss([{"id": "0", "text": "A quiet day"}, *self.listed])))
        self.script("/post", lambda r: Answer("a page", status=self.page, type="text/html"))

    def publish(self):
        self.listed = [{**self.asks, "link": self.url("/post")}]

    def looked(self):
        return [r.path for r in self.requests() if r.path != "/feed"]


def watched(*sites):
    """A daemon that has stopped, with leads whose posts are under watch."""
    hark = Hark(sources=[{"name": f"news-{i}", "url": s.url("/feed"), "every": "1s"} for i, s in enumerate(sites)])
    hark.start()
    hark.wait_baseline()
    for site in sites:
        site.publish()
    wait_for("their posts", lambda: hark.count("signals", "lead IS NOT NULL AND historic = 0") == len(sites))
    wait_for("the alerts to be out", lambda: hark.count("outbox", "state <> 'sent'") == 0)
    hark.stop()
    look(hark, "the posts to be under watch", lambda: len(under_watch(hark)) == len(sites))
    equal([site.looked() for site in sites], [[]] * len(sites))
    return hark


def later(hark, hours):
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


@test
def a_post_whose_page_is_gone_twice_is_deleted_and_its_lead_says_so():
    site = Site()
    with watched(site) as hark:
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
        check("new, its posts are gone" in hark.run("leads", "list").stdout, "before anybody claims it")
        said = hark.run("leads", "show", "1").stdout
        check("later deleted" in said and "HTTP 404, twice" in said, said)
        check(hark.json("leads", "show", "1")["evidence_gone"], "as JSON too")


@test
def any_other_answer_changes_nothing_and_who_wants_no_programs_is_not_asked():
    there, refused, broken = Site(page=200), Site(page=403), Site(page=500)
    closed = Site(robots=200, rules="User-agent: *\nDisallow: /post\n")
    silent, private = Site(robots=503), Site()
    elsewhere = Site()
    private.publish = lambda: private.listed.append({**private.asks, "link": elsewhere.url("/post")})
    sites = differing([there, refused, broken, closed, silent, private])
    with watched(*sites) as hark:
        was = under_watch(hark)
        later(hark, 25)
        look(hark, "the looks", lambda: all(r["due_ms"] > w["due_ms"] - 5 * HOUR for r, w in zip(under_watch(hark), was)))
        # Who is in trouble says nothing, and is asked again the next day, the others on the seventh.
        origins = {r["origin"]: round((r["due_ms"] - w["due_ms"]) / (24 * HOUR)) for r, w in zip(under_watch(hark), was)}
        equal(origins, {site.url(""): 0 if site in [broken, silent] else 5
                        for site in [there, refused, broken, closed, silent, elsewhere]})
        equal([r["gone_ms"] for r in under_watch(hark)], [0] * len(sites))
        equal(hark.count("posts", "deleted_ms IS NOT NULL"), 0)
        for site in [there, refused, broken]:
            equal(site.looked(), ["/robots.txt", "/post"])
        for site in [closed, silent]:
            equal(site.looked(), ["/robots.txt"])
        equal(hark.count("robots", f"origin = '{silent.url('')}'"), 0)
        equal(elsewhere.looked(), [])  # a private place that is none of the source's


@test
def a_failure_between_two_looks_takes_nothing_back():
    failures = [{"/post": Answer("later", status=503)}, {"/post": Answer(raw=b"")}, {"/robots.txt": Answer(raw=b"")}]
    sites = differing([Site() for _ in failures])
    with watched(*sites) as hark:
        later(hark, 25)
        look(hark, "the first looks", lambda: all(r["gone_ms"] for r in under_watch(hark)))
        later(hark, 7)
        hark.write_rows(f"UPDATE robots SET read_ms = read_ms - {25 * HOUR}")
        for site, failure in zip(sites, failures):
            for path, answer in failure.items():
                site.script(path, answer)
        was = [r["due_ms"] for r in under_watch(hark)]
        look(hark, "the failures", lambda: all(r["due_ms"] > w + 20 * HOUR for r, w in zip(under_watch(hark), was)))
        check(all(r["gone_ms"] for r in under_watch(hark)), under_watch(hark))
        equal([site.looked()[-1] for site in sites], ["/post", "/post", "/robots.txt"])
        for site in sites:
            site.script("/robots.txt", Answer("", status=404))
            site.script("/post", Answer("gone", status=410))
        later(hark, 25)
        look(hark, "their end", lambda: not under_watch(hark))
        equal(hark.count("posts", "deleted_ms IS NOT NULL"), len(sites))
        said = hark.run("sources", "show", "news-0").stdout
        check("deleted    1 post that its source took back, the last on 20" in said, said)
        shown = hark.json("sources", "show", "news-0")[0]
        equal((shown["rechecks"], shown["deleted"]), (0, 1))
        check(shown["deleted_at"], shown)
        check("deleted" not in hark.json("sources", "list")[0])


@test
def a_page_that_is_gone_is_so_however_large_and_wherever_else_it_leads_is_not_asked():
    large, moved, elsewhere = Site(), Site(), Peer("127.0.0.2")
    large.script("/post", Answer("x" * (5 << 18), status=404, type="text/html"))
    moved.script("/post", Answer("", status=301, headers={"Location": elsewhere.url("/post")}))
    with watched(*differing([large, moved])) as hark:
        said = hark.run("sources", "show", "news-0")
        check("1 page to be looked at again, the next in " in said.stdout, said.stdout + said.stderr)
        shown = hark.json("sources", "show", "news-0")
        equal(shown[0]["rechecks"], 1)
        check(shown[0]["recheck_due"], shown)
        later(hark, 25)
        soon = time.time() * 1000 + 48 * HOUR  # as pages that are there are looked at next
        look(hark, "the looks", lambda: all(s.looked() for s in (large, moved)) and
             all(r["gone_ms"] or r["due_ms"] > soon for r in under_watch(hark)))
        equal({r["origin"] for r in under_watch(hark) if r["gone_ms"]}, {large.url("")})
        equal(moved.looked(), ["/robots.txt", "/post"])
        equal(elsewhere.count(), 0)


@test
def a_page_that_is_the_same_is_not_sent_again():
    site = Site(page=200)
    dated = {"ETag": '"x"', "Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT"}
    with watched(site) as hark:
        site.script("/post", Answer("a page", headers=dated, type="text/html"), Answer("", status=304))
        for days in (1, 6, 23):
            later(hark, 24 * days + 1)
            soon = time.time() * 1000 + 2 * HOUR
            look(hark, "a look", lambda: all(r["due_ms"] > soon for r in under_watch(hark)))
        sent = [(r.header("if-none-match"), r.header("if-modified-since")) for r in site.requests("/post")]
        equal(sent, [(None, None)] + [tuple(dated.values())] * 2)
        equal([(r.header("if-none-match"), r.header("if-modified-since")) for r in site.requests("/robots.txt")],
              [(None, None)])
        equal(hark.count("posts", "deleted_ms IS NOT NULL"), 0)


@test
def what_holds_a_source_back_holds_its_links_back():
    by_config, by_command, closed, resting, crowded = sites = differing([Site(page=200) for _ in range(5)])
    crowded.script("/busy", Answer(rss([])), Answer("later", status=429, headers={"Retry-After": "7200"}))
    with watched(*sites) as hark:
        sources = hark.config["sources"]
        sources.append(hark.source({"name": "busy", "url": crowded.url("/busy"), "every": "1s"}))
        hark.save()
        look(hark, "a refusal", lambda: hark.count("sources", "name = 'busy' AND retry_ms > 0"))
        tomorrow = time.gmtime(time.time() + 20 * 3600)
        sources[0]["paused"] = "yes"
        sources[2]["active-hours"] = f"{tomorrow.tm_hour:02}:00-{tomorrow.tm_hour:02}:30 UTC"
        hark.save()
        hark.write_rows("UPDATE sources SET paused = 1 WHERE name = 'news-1'")
        until = int(time.time() * 1000) + 2 * HOUR
        hark.write_rows(f"UPDATE sources SET retry_ms = {until}, due_ms = {until} WHERE name = 'news-3'")
        later(hark, 25)
        now = time.time() * 1000
        look(hark, "them to be put off", lambda: all(r["due_ms"] > now for r in under_watch(hark)))
        equal([site.looked() for site in sites], [[]] * 4 + [["/busy"] * 2])
        equal({r["due_ms"] for r in under_watch(hark) if r["origin"] == resting.url("")}, {until})
        del sources[0]["paused"], sources[2]["active-hours"], sources[-1]
        hark.save()
        hark.write_rows("UPDATE sources SET paused = 0, retry_ms = 0")
        later(hark, 25)
        look(hark, "the looks", lambda: all(r["due_ms"] > now + 48 * HOUR for r in under_watch(hark)))
        equal([site.looked()[-1] for site in sites], ["/post"] * 5)


@test
def nothing_is_looked_at_for_a_closed_lead_or_when_it_is_off():
    site = Site()
    with watched(site) as hark:
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
