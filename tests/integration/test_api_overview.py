#!/usr/bin/env python3
"""The overview: numbers that are those of the store, and no more of them than one may see."""
import time

import tap
from apiclient import Served
from daemon import RULES
from tap import check, equal, run, test

DAY_MS = 86400 * 1000
SECRET = RULES + """\
  - id: wants-okapi
    title: Somebody wants an okapi
    kind: praise
    status: live
    subject: author
    visibility: sales-head
    score: { base: 70 }
    match: 'okapi'
    tests: { match: [ "an okapi" ], nomatch: [ "a zebra" ] }
"""
POSTS = [("1", "ana", "I want a zebrafish"), ("2", "bo", "a zebrafish for me"), ("3", "cy", "an okapi")]


@test
def what_was_found_and_what_became_of_it_is_counted():
    with Served(POSTS, rules=SECRET) as hark:
        hark.user("root", "admin"), hark.user("anna", "sales")
        hark.serve()
        hark.post("/api/v1/leads/1/claim", "anna")
        hark.post("/api/v1/leads/1/answer", "anna")
        hark.post("/api/v1/leads/2/dismiss", "anna", {"reason": "a joke"})
        got = hark.get("/api/v1/overview", "root").json
        today = time.strftime("%Y-%m-%d", time.gmtime(hark.rows("SELECT min(created_ms) m FROM signals")[0]["m"] / 1000))
        equal(sorted((s["kind"], s["n"]) for s in got["signals"]), [("praise", 1), ("purchase-intent", 2)])
        equal(got["signals"][0]["day"], today)
        equal(got["funnel"], {"raised": 3, "alerted": 0, "claimed": 1, "answered": 1, "won": 0, "lost": 0, "dismissed": 1})
        equal(got["sources"], [{"source": "a", "signals": 3, "leads": 3}])
        equal((got["sources_total"], got["rules_total"], got["blind"]), (1, 2, []))
        clocks = hark.json("report", "clocks", "--since", "30d")
        equal([c["leads"] for c in got["clocks"]], [c["leads"] for c in clocks], "as hark report clocks")
        equal(got["clocks"][0]["claim_to_answer"]["n"], 1)
        seen = hark.get("/api/v1/overview", "anna").json
        equal(([s["kind"] for s in seen["signals"]], seen["funnel"]["raised"], seen["sources"][0]["leads"]),
              (["purchase-intent"], 2, 2), "a class that sales does not see")


@test
def what_is_gone_is_counted_no_more():
    with Served(POSTS[:2]) as hark:
        hark.user("root", "admin")
        hark.serve()
        hark.post("/api/v1/leads/1/dismiss", "root", {"reason": "a joke"})
        hark.stop()
        posts = [r["post"] for r in hark.rows("SELECT post FROM signals ORDER BY lead")]
        hark.write_rows(f"UPDATE signals SET gone_ms = 1 WHERE post = {posts[1]}")
        hark.start()
        got = hark.get("/api/v1/overview", "root").json
        equal(([s["n"] for s in got["signals"]], got["funnel"]["raised"], got["funnel"]["dismissed"]), ([1], 2, 1))
        equal([s["signals"] for s in got["sources"]], [1])
        equal((got["sources_since"], got["clocks_since"]), (got["since"], got["since"]), "all there is was looked at")
        hark.post("/api/v1/leads/1/undo", "root", {})
        equal(hark.get("/api/v1/overview", "root").json["funnel"]["dismissed"], 0)
        hark.stop()
        hark.write_rows(f"DELETE FROM signals WHERE post = {posts[0]}")
        hark.write_rows("DELETE FROM leads WHERE id = 1")
        hark.start()
        got = hark.get("/api/v1/overview", "root").json
        equal((got["signals"], got["sources"], got["funnel"]["raised"]), ([], [], 1))


@test
def days_are_the_readers_and_blind_spots_are_told():
    with Served(POSTS[:1]) as hark:
        hark.user("anna", "sales")
        hark.serve()
        hark.stop()
        now = int(time.time() * 1000)
        noon = (now // DAY_MS - 2) * DAY_MS + DAY_MS - 60000  # a minute before a day of UTC ends
        hark.write_rows(f"UPDATE signals SET created_ms = {noon}")
        hark.write_rows("INSERT INTO gaps (source, cause, from_ms, until_ms) VALUES "
                        f"('a', 'failing', {now - 5 * DAY_MS}, {now - 4 * DAY_MS})")
        hark.start()
        days = [hark.get(f"/api/v1/overview?offset={m}", "anna").json["signals"][0]["day"] for m in (0, 60)]
        equal(days, [time.strftime("%Y-%m-%d", time.gmtime(noon / 1000 + s)) for s in (0, 3600)])
        check(any(b["source"] == "a" and b["cause"] == "failing" for b in hark.get("/api/v1/overview", "anna").json["blind"]))
        equal(hark.get("/api/v1/overview?days=1", "anna").json["signals"], [])
        for query in ["days=0", "days=367", "days=x", "offset=841", "offset=-841"]:
            equal(hark.get("/api/v1/overview?" + query, "anna").status, 400, query)


run()
