#!/usr/bin/env python3
"""Feeds whose hub tells of their news (WebSub): asked for, verified, pushed, renewed and left; and nobody else
gets a word in."""
import hashlib
import hmac
import http.client
import json
import socket
import threading
import urllib.parse

import tap
from daemon import Hark
from peer import Answer, Peer, rss
from tap import check, equal, run, test, wait_for

PUBLIC = "https://hark.example.com/from-outside"


class Over(http.client.HTTPConnection):
    """To harkd's socket: no port that somebody else could have taken meanwhile."""

    def __init__(self, path):
        super().__init__("localhost", timeout=30 * tap.SLOW)
        self.place = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.place)


class Hub(Peer):
    """A hub and the feed it tells of. `verifies`: it asks back, as it should."""

    def __init__(self, lease=864000, verifies=True, status=202):
        super().__init__()
        self.lease, self.verifies, self.status = lease, verifies, status
        self.asked, self.verified, self.lock = [], [], threading.Lock()
        self.hark = None
        self.items = [{"id": "old", "text": "A quiet day"}]
        self.topic = self.url("/feed")
        self.script("/hub", self.on_request)
        self.script("/feed", self.on_poll)

    def links(self):
        return f'<{self.url("/hub")}>; rel="hub", <{self.topic}>; rel="self"'

    def on_poll(self, request):
        return Answer(rss(self.items), headers={"Link": self.links()})

    def on_request(self, request):
        form = {k: v[0] for k, v in urllib.parse.parse_qs(request.body.decode()).items()}
        with self.lock:
            self.asked.append(form)
        if self.verifies and 200 <= self.status < 300:
            threading.Thread(target=self.verify, args=(form,), daemon=True).start()
        return Answer("no reason\n", status=self.status, type="text/plain")

    def verify(self, form, **other):
        challenge = f"c-{len(self.asked)}/<&>"
        question = {"hub.mode": form["hub.mode"], "hub.topic": form["hub.topic"], "hub.challenge": challenge,
                    "hub.lease_seconds": str(self.lease), **other}
        try:
            status, text = self.hark.hub_get(form, {k: v for k, v in question.items() if v is not None})
        except (OSError, http.client.HTTPException):
            return None, None
        if status == 200 and text == question["hub.challenge"]:
            with self.lock:
                self.verified.append(form)
        return status, text

    def modes(self):
        with self.lock:
            return [f["hub.mode"] for f in self.asked]

    def subscribed(self):
        """The last subscription that was verified, as a form."""
        wait_for("a subscription to be verified", lambda: any(f["hub.mode"] == "subscribe" for f in self.verified))
        return [f for f in self.verified if f["hub.mode"] == "subscribe"][-1]


class Subscriber(Hark):
    def __init__(self, hub, source=None, **more):
        super().__init__(sources=[{"name": "news", "url": hub.url("/feed"), "every": "1h", "websub": "true",
                                   **(source or {})}], **more)
        self.config["http"]["listen"] = "unix:" + self.path("http")
        self.config["http"]["public-url"] = PUBLIC + "/"
        self.save()
        hub.hark = self

    def inside(self, form):
        """What the proxy makes of a callback."""
        check(form["hub.callback"].startswith(PUBLIC + "/in/news/"), form["hub.callback"])
        return form["hub.callback"][len(PUBLIC):]

    def ask(self, method, target, body=None, headers=None):
        connection = Over(self.path("http"))
        try:
            try:
                connection.request(method, target, body, headers or {})
            except BrokenPipeError:
                pass  # it was refused before all of it was sent
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), answer.headers
        finally:
            connection.close()

    def hub_get(self, form, question):
        return self.ask("GET", self.inside(form) + "?" + urllib.parse.urlencode(question))[:2]

    def push(self, form, items, digest="sha256", secret=None, body=None, headers=None, type="application/rss+xml"):
        body = rss(items).encode() if body is None else body
        mac = hmac.new((secret or form["hub.secret"]).encode(), body, digest).hexdigest()
        given = {"Content-Type": type, "X-Hub-Signature": f"{digest}={mac}"}
        return self.ask("POST", self.inside(form), body, given if headers is None else headers)

    def websub(self):
        return self.sources()["news"].get("websub", {})

    def wait_state(self, state):
        wait_for(f"the subscription to be {state}", lambda: self.websub().get("state") == state)


def wish(n):
    return {"id": f"w{n}", "text": f"I want a zebrafish, number {n}", "author": f"Author {n}"}


@test
def a_hub_is_asked_asks_back_and_what_it_sends_raises_a_lead():
    hub = Hub()
    with Subscriber(hub) as hark:
        hark.start()
        form = hub.subscribed()
        equal((form["hub.mode"], form["hub.topic"], form["hub.lease_seconds"]), ("subscribe", hub.topic, "864000"))
        equal(len(form["hub.secret"]), 64)
        equal(len(hark.inside(form)), len("/in/news/") + 64)
        hark.wait_state("active")
        equal(hark.push(form, [wish(1)])[0], 204)
        equal(hark.count("posts", "external_id = 'w1'"), 1, "what is answered is stored")
        hark.wait_alerts(1)
        equal(hub.count("/feed"), 1, "it was polled for it")
        wait_for("the push to be counted", lambda: hark.websub().get("pushes") == 1)
        check("pushed" in hark.websub() and "lease_until" in hark.websub(), hark.websub())
        check("hub active for 10 d, last push" in hark.run("sources", "list").stdout)
        said = hark.run("sources", "show", "news").stdout
        check("subscribed active for" in said and "/in/news/ID\n" in said, said)
        check(form["hub.secret"] not in hark.log() and hark.inside(form) not in hark.log(), "a secret is in the log")


@test
def every_digest_is_taken_and_what_is_not_signed_with_the_secret_ignored():
    hub = Hub()
    with Subscriber(hub) as hark:
        hark.start()
        form = hub.subscribed()
        for n, digest in enumerate(("sha1", "sha256", "sha384", "sha512")):
            equal(hark.push(form, [wish(n)], digest=digest)[0], 204)
        equal(hark.count("posts", "external_id LIKE 'w%'"), 4)
        body = rss([wish(9)]).encode()
        good = hmac.new(form["hub.secret"].encode(), body, hashlib.sha256).hexdigest()
        for signature in (None, "", "sha256=", "sha256=" + "0" * 64, "sha256=" + good[:-2], "md5=" + good,
                          good, "sha1=" + good, "sha256=" + good + "00"):
            headers = {"Content-Type": "application/rss+xml"}
            if signature is not None:
                headers["X-Hub-Signature"] = signature
            equal(hark.push(form, [], body=body, headers=headers)[:2], (204, ""), signature)
        equal(hark.push(form, [wish(9)], secret="another")[:2], (204, ""))
        equal(hark.count("posts", "external_id = 'w9'"), 0)
        wait_for("what was ignored to be counted", lambda: hark.websub().get("ignored") == 10)
        equal(hark.websub()["pushes"], 4)
        wait_for("it to be shown", lambda: "10 refused for a wrong token or signature; hub active for " in
                 hark.run("sources", "list").stdout)
        equal(hark.push(form, [wish(9)])[0], 204)
        equal(hark.count("posts", "external_id = 'w9'"), 1)


@test
def what_comes_twice_is_one_post_whichever_way_it_comes():
    hub = Hub()
    with Subscriber(hub) as hark:
        hark.start()
        form = hub.subscribed()
        for _ in range(3):
            equal(hark.push(form, [wish(1), wish(2)])[0], 204)
        hub.items = [wish(2), wish(1), wish(3)] + hub.items
        hark.run("sources", "poll", "news")
        hark.wait_alerts(3)
        equal(hark.push(form, hub.items)[0], 204)
        equal(hark.count("posts"), 4)
        equal(len(hark.leads()), 3)
        equal(len(hark.alerts()), 3)
        equal(hark.leads(historic=True), [])
        equal(hark.sources()["news"]["gaps"], [], "pushed items were taken for ones nobody knew")


@test
def verifications_nobody_asked_for_are_refused():
    hub = Hub(verifies=False)
    with Subscriber(hub) as hark:
        hark.start()
        wait_for("the hub to be asked", lambda: hub.asked)
        form = hub.asked[0]
        path = hark.inside(form)
        for other in ({"hub.topic": "https://other.example.com/"}, {"hub.topic": None}, {"hub.mode": "unsubscribe"},
                      {"hub.mode": "publish"}, {"hub.mode": None}, {"hub.challenge": None}, {"hub.challenge": ""},
                      {"hub.mode": "Subscribe"}, {"hub.topic": hub.topic + " "}):
            equal(hub.verify(form, **other)[0], 404, other)
        query = "?" + urllib.parse.urlencode({"hub.mode": "subscribe", "hub.topic": hub.topic, "hub.challenge": "x"})
        for wrong in ("/in/news/" + "0" * 64, "/in/news", "/in/news/", "/in/other/" + path[9:], path[:-1], path + "0",
                      path + "/", path[:9] + path[9:].upper() if path[9:].upper() != path[9:] else "/in/x"):
            status, text, headers = hark.ask("GET", wrong + query)
            equal(status, 404, wrong)
            check("x" != text)
        equal(hark.websub()["state"], "asked")
        status, text, headers = hark.ask("GET", path + query)
        equal((status, text), (200, "x"))
        check(headers["Content-Type"].startswith("text/plain"))
        equal(headers["X-Content-Type-Options"], "nosniff")
        hark.wait_state("active")


@test
def odd_requests_to_a_callback_do_no_harm():
    hub = Hub()
    with Subscriber(hub) as hark:
        hark.start()
        form = hub.subscribed()
        path = hark.inside(form)
        for method in ("PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "PROPFIND"):
            status, _, headers = hark.ask(method, path)
            equal(status, 405, method)
            equal(headers["Allow"], "GET, POST")
        for n in (30000, 1 << 20):
            try:
                status, text, _ = hark.ask("GET", path + "?hub.mode=subscribe&hub.topic=" +
                                           urllib.parse.quote(hub.topic, "") + "&hub.challenge=" + "x" * n)
                check(status in (400, 413, 414, 431) or len(text) == n, n, status)
            except (OSError, http.client.HTTPException):
                pass  # it did not even listen
        equal(hark.ask("GET", path + "?hub.mode=subscribe&hub.challenge=%00")[0], 400)
        equal(hark.ask("GET", path, body=b"x")[0], 413)
        big = rss([wish(1)]).encode() + b" " * (1 << 20)
        try:
            equal(hark.push(form, [], body=big)[0], 413)
        except (OSError, http.client.HTTPException):
            pass
        for body, type in ((b"", "application/rss+xml"), (b"\0\xff<", "application/rss+xml"), (b"{}", "x"),
                           (b"<rss><channel/></rss>", "text/xml"), (b"[" * 100000, "application/json")):
            equal(hark.push(form, [], body=body, type=type)[0], 204, body[:20])
        equal(hark.push(form, [wish(1)])[0], 204)
        equal(hark.count("posts", "external_id = 'w1'"), 1)
        equal(hark.sources()["news"]["failures"], 0)
        check("error" not in hark.sources()["news"], hark.sources()["news"])


@test
def many_verifications_at_once_are_all_answered():
    hub = Hub()
    with Subscriber(hub) as hark:
        hark.start()
        form = hub.subscribed()
        answers, lock = [], threading.Lock()

        def ask(n):
            for k in range(10):
                got = hub.verify(form, **{"hub.challenge": f"{n}.{k}"})
                with lock:
                    answers.append(got == (200, f"{n}.{k}"))

        threads = [threading.Thread(target=ask, args=(n,), daemon=True) for n in range(8)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        equal(answers, [True] * 80)
        equal(hark.count("subscriptions"), 1)


@test
def a_hub_that_refuses_is_left_alone():
    hub = Hub(verifies=False)
    with Subscriber(hub) as hark:
        hark.start()
        wait_for("the hub to be asked", lambda: hub.asked)
        form = hub.asked[0]
        equal(hub.verify(form, **{"hub.mode": "denied", "hub.topic": "https://other.example.com/"})[0], 404)
        equal(hub.verify(form, **{"hub.mode": "denied", "hub.reason": "not for you"}), (200, ""))
        hark.wait_state("denied")
        equal(hark.websub()["error"], "its hub refuses: not for you")
        equal(hub.verify(form)[0], 404, "it was refused")
        equal(hark.push(form, [wish(1)])[0], 410)
        equal(hark.count("posts", "external_id = 'w1'"), 0)
        hub.items = [wish(1)]
        hark.run("sources", "poll", "news")
        hark.wait_alerts(1)
        equal(len(hub.asked), 1, "it was asked again")
        check("hub denied" in hark.run("sources", "list").stdout)


@test
def a_source_whose_subscription_is_lost_is_polled_as_before():
    hub = Hub()
    next_due = lambda: hark.json("status")["sources"].get("next_due_s", 0)
    with Subscriber(hub) as hark:
        hark.start()
        form = hub.subscribed()
        hark.wait_state("active")
        hub.items = [wish(1)]
        hark.run("sources", "poll", "news")
        wait_for("the next poll to be put off", lambda: next_due() > 3 * 3600)
        equal(hub.verify(form, **{"hub.mode": "denied"}), (200, ""))
        wait_for("it to come as if there were no hub", lambda: next_due() < 2 * 3600)


@test
def the_next_hub_is_asked_when_one_refuses_or_fails():
    for say in ["denied", "HTTP 403"]:
        hub = Hub()
        other = f'<{hub.url("/other")}>; rel="hub"'
        links = hub.links
        hub.links = lambda: f"{other}, {links()}"
        refused = []

        def refuse(request):
            form = {k: v[0] for k, v in urllib.parse.parse_qs(request.body.decode()).items()}
            refused.append(form["hub.mode"])
            if say == "denied":
                threading.Thread(target=hub.verify, args=(form,), kwargs={"hub.mode": "denied"}, daemon=True).start()
            return Answer("", status=202 if say == "denied" else 403)

        hub.script("/other", refuse)
        with Subscriber(hub) as hark:
            hark.start()
            hub.subscribed()
            hark.wait_state("active")
            equal(set(refused), {"subscribe"})
            equal([r["hub"] for r in hark.rows("SELECT hub FROM subscriptions")], [hub.url("/hub")])
            row = hark.sources()["news"]
            equal((row["hub"], row["websub"]["hub"]), (hub.url("/other"), hub.url("/hub")))
            check(f'{hub.url("/other")} {hub.url("/hub")}' in hark.run("sources", "show", "news").stdout, "all are shown")


@test
def a_hub_elsewhere_gets_no_secret_over_http():
    hub = Hub()
    for place, has_secret in [("http://hub.invalid/", False), ("https://hub.invalid/", True),
                              ("http://127.0.0.1:9/", True)]:
        hub.links = lambda place=place: f'<{place}>; rel="hub", <{hub.topic}>; rel="self"'
        with Subscriber(hub) as hark:
            hark.start()
            wait_for("a subscription to be written down", lambda: hark.count("subscriptions"))
            equal(bool(hark.rows("SELECT secret FROM subscriptions")[0]["secret"]), has_secret, place)


@test
def a_hub_with_trouble_is_asked_again():
    hub = Hub(status=503)
    with Subscriber(hub) as hark:
        hark.start()
        wait_for("the hub to be asked", lambda: hub.asked)
        wait_for("its answer to be noted", lambda: "its hub answers HTTP 503: no reason" in
                 hark.websub().get("error", ""))
        hub.status = 202
        hub.subscribed()
        hark.wait_state("active")
        check("error" not in hark.websub(), hark.websub())
        equal(len({f["hub.callback"] for f in hub.asked}), 1, "each try had another callback")


@test
def a_lease_is_renewed_before_it_ends():
    hub = Hub(lease=3)
    with Subscriber(hub) as hark:
        hark.start()
        first = hub.subscribed()
        wait_for("two renewals", lambda: len(hub.verified) >= 3)
        equal({(f["hub.mode"], f["hub.callback"], f["hub.secret"]) for f in hub.verified},
              {("subscribe", first["hub.callback"], first["hub.secret"])})
        hub.lease = 864000
        n = len(hub.verified)
        wait_for("the long lease", lambda: len(hub.verified) > n)
        equal(hark.push(first, [wish(1)])[0], 204)
        hark.wait_alerts(1)


@test
def a_subscription_outlives_a_restart_and_is_renewed_after_it():
    hub = Hub()
    with Subscriber(hub) as hark:
        hark.start()
        form = hub.subscribed()
        hark.wait_state("active")
        for end in (hark.stop, hark.kill):
            end()
            n = len(hub.verified)
            hark.start()
            wait_for("a renewal after the start", lambda: len(hub.verified) > n)
            equal(hub.verified[-1], form)
            equal(hark.push(form, [wish(n)])[0], 204)
            hark.wait_alerts(n)


@test
def what_a_hub_repeats_after_a_kill_is_one_post():
    hub = Hub()
    with Subscriber(hub) as hark:
        hark.start()
        form = hub.subscribed()
        hark.wait_state("active")
        done, taken, lock = threading.Event(), set(), threading.Lock()

        def deliver(first):
            """As a hub does: what is not taken is sent again."""
            n = first
            while not done.is_set():
                try:
                    if hark.push(form, [wish(n)])[0] == 204:
                        with lock:
                            taken.add(f"w{n}")
                        n += 1
                except (OSError, http.client.HTTPException):
                    done.wait(0.01)

        threads = [threading.Thread(target=deliver, args=(100000 * i,), daemon=True) for i in range(3)]
        for t in threads:
            t.start()
        for _ in range(3):
            had = len(taken)
            wait_for("some pushes to be taken", lambda: len(taken) > had + 10, 20)
            hark.kill()
            hark.start()
        done.set()
        for t in threads:
            t.join()
        stored = [r["external_id"] for r in hark.rows("SELECT external_id FROM posts WHERE external_id LIKE 'w%'")]
        equal(len(stored), len(set(stored)), "one post twice")
        equal(sorted(taken - set(stored)), [], "promised and lost")
        equal(hark.count("leads"), len(stored), "one lead a wish")


@test
def a_flood_is_slowed_down_and_nothing_of_it_is_lost():
    hub = Hub()
    with Subscriber(hub) as hark:
        hark.start()
        form = hub.subscribed()
        taken, others, lock = set(), [], threading.Lock()

        def flood(first):
            for n in range(first, first + 20):
                status, _, headers = hark.push(form, [wish(n)])
                with lock:
                    if status == 204:
                        taken.add(f"w{n}")
                    else:
                        others.append((status, headers["Retry-After"]))

        threads = [threading.Thread(target=flood, args=(1000 * i,), daemon=True) for i in range(10)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        check(all(status == 503 and int(after) > 0 for status, after in others), others)
        stored = {r["external_id"] for r in hark.rows("SELECT external_id FROM posts WHERE external_id LIKE 'w%'")}
        equal(stored, taken)


@test
def who_is_not_wanted_any_more_is_told_so():
    hub = Hub()
    with Subscriber(hub) as hark:
        hark.start()
        form = hub.subscribed()
        hark.wait_state("active")
        hark.run("sources", "pause", "news")
        wait_for("the hub to be told of the pause", lambda: hub.modes()[-1] == "unsubscribe")
        equal((hub.asked[-1]["hub.callback"], hub.asked[-1]["hub.topic"]), (form["hub.callback"], hub.topic))
        check("hub.secret" not in hub.asked[-1])
        wait_for("the subscription to be forgotten", lambda: hark.count("subscriptions") == 0)
        equal(hark.push(form, [wish(1)])[0], 404)
        equal(hark.ask("GET", hark.inside(form) + "?hub.mode=subscribe&hub.challenge=x")[0], 404)
        hark.run("sources", "resume", "news")
        wait_for("a new subscription", lambda: hub.verified[-1]["hub.mode"] == "subscribe")
        again = hub.subscribed()
        check(again["hub.callback"] != form["hub.callback"])
        check(again["hub.secret"] != form["hub.secret"])
        hark.wait_state("active")
        hark.config["sources"][0]["websub"] = "false"
        hark.save()
        equal(hark.run("reload").returncode, 0)
        wait_for("the hub to be told of the end", lambda: hub.verified[-1]["hub.mode"] == "unsubscribe")
        equal(hub.verified[-1]["hub.callback"], again["hub.callback"])
        wait_for("nothing to be left", lambda: hark.count("subscriptions") == 0)
        check("websub" not in hark.sources()["news"])


@test
def a_source_that_is_removed_is_left_even_if_its_hub_is_silent():
    hub = Hub()
    with Subscriber(hub) as hark:
        hark.start()
        form = hub.subscribed()
        hark.wait_state("active")
        hub.verifies = False
        hark.config["sources"] = [Hark.source({"name": "other", "url": hub.url("/feed"), "every": "1h"})]
        hark.save()
        equal(hark.run("reload").returncode, 0)
        wait_for("the hub to be told", lambda: hub.modes()[-1] == "unsubscribe")
        equal(hark.push(form, [wish(1)])[0], 410)
        equal(hub.verify(form, **{"hub.mode": "subscribe"})[0], 404)
        equal(hark.count("posts", "external_id = 'w1'"), 0)
        equal(hub.verify(hub.asked[-1])[0], 200)
        wait_for("the subscription to be forgotten", lambda: hark.count("subscriptions") == 0)


@test
def another_topic_or_hub_is_another_subscription():
    hub = Hub()
    with Subscriber(hub) as hark:
        hark.start()
        form = hub.subscribed()
        hark.wait_state("active")
        hub.topic = "https://moved.example.com/feed"
        hub.items = [{"id": "moved", "text": "We have moved"}]
        hark.run("sources", "poll", "news")
        wait_for("the new topic", lambda: any(f["hub.topic"] == hub.topic for f in hub.verified))
        wait_for("the old one to be left", lambda: ("unsubscribe", form["hub.callback"]) in
                 [(f["hub.mode"], f["hub.callback"]) for f in hub.verified])
        new = [f for f in hub.verified if f["hub.topic"] == hub.topic][-1]
        wait_for("one to be left over", lambda: hark.count("subscriptions") == 1)
        equal(hark.push(form, [wish(1)])[0], 404)
        equal(hark.push(new, [wish(2)])[0], 204)
        hark.wait_alerts(1)
        equal(hark.count("posts", "external_id = 'w1'"), 0)


@test
def while_a_hub_tells_of_news_polls_are_rarer_and_find_what_it_kept_to_itself():
    hub = Hub()
    with Subscriber(hub) as hark:
        hark.start()
        hub.subscribed()
        hark.wait_state("active")
        span = "SELECT due_ms - polled_ms AS due, plain_due_ms - polled_ms AS plain FROM sources WHERE name = 'news'"
        hour = 3600 * 1000
        check(hark.rows(span)[0]["due"] < 1.5 * hour)
        hub.items = [wish(1)] + hub.items
        hark.run("sources", "poll", "news")
        hark.wait_alerts(1)
        got = hark.rows(span)[0]
        check(3.5 * hour < got["due"] < 6 * hour, got)
        check(0.9 * hour < got["plain"] < 1.5 * hour, got)
        hub.items = [wish(2)] + hub.items
        hark.stop()
        hark.start()
        got = hark.rows(span)[0]
        check(got["due"] > 3.5 * hour, got, "the row is the poll's")
        equal(hark.count("posts", "external_id = 'w2'"), 0)


@test
def a_push_that_is_no_feed_is_a_reason_to_poll():
    hub = Hub()
    with Subscriber(hub) as hark:
        hark.start()
        form = hub.subscribed()
        hub.items = [wish(1)] + hub.items
        equal(hark.push(form, [], body=b"", type="text/plain")[0], 204)
        hark.wait_alerts(1)
        hub.items = [wish(2)] + hub.items
        equal(hark.push(form, [], body=b"<html><title>News</title></html>", type="text/html")[0], 204)
        hark.wait_alerts(2)
        equal(len(hark.leads()), 2)


@test
def a_document_names_its_hub_as_well_as_headers_do():
    hub = Hub()
    hub.topic = "https://feeds.example.com/news.json"
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "News", "feed_url": hub.topic,
            "hubs": [{"type": "rssCloud", "url": "https://cloud.example.com/"}, {"type": "WebSub", "url": "/hub"}],
            "items": [{"id": "1", "content_text": "A quiet day"}]}
    hub.script("/feed", lambda request: Answer(json.dumps(feed), type="application/feed+json"))
    with Subscriber(hub) as hark:
        hark.start()
        form = hub.subscribed()
        equal(form["hub.topic"], hub.topic)
        feed["items"] = [{"id": "2", "content_text": "I want a zebrafish"}]
        equal(hark.push(form, [], body=json.dumps(feed).encode(), type="application/feed+json")[0], 204)
        hark.wait_alerts(1)
        equal(hark.sources()["news"]["hub"], hub.url("/hub"))


@test
def nobody_is_subscribed_to_without_an_admin_or_without_a_way_back():
    hub = Hub()
    with Subscriber(hub, source={"websub": "false"}) as hark:
        hark.start()
        hark.wait_baseline()
        equal(hark.sources()["news"]["hub"], hub.url("/hub"))
        hark.run("sources", "poll", "news")
        wait_for("a second poll", lambda: hub.count("/feed") == 2)
        equal(hub.asked, [])
        hark.config["sources"][0]["websub"] = "true"
        hark.save()
        equal(hark.run("reload").returncode, 0)
        hub.subscribed()
        equal(hub.count("/feed"), 2, "it was polled again to learn of its hub")
        for key, words in (("public-url", "http.public-url is missing"), ("listen", "http.listen is missing")):
            kept = hark.config["http"].pop(key)
            hark.save()
            said = hark.run("check")
            equal(said.returncode, 1)
            check(words in said.stdout + said.stderr, said.stdout, said.stderr)
            hark.config["http"][key] = kept


run()
