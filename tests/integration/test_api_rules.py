#!/usr/bin/env python3
"""Rules over the API: tried without a trace, saved over nobody's work, in force at once."""
import json
import os
import threading

import tap
from apiclient import Link, Served
from tap import check, equal, run, test

OWN = """\
rules:
  - id: wants-okapi
    kind: question
    status: {status}
    score: {{ base: 70 }}
    match: '{match}'
    tests:
      match: [ "I want an okapi" ]
      nomatch: [ "I want a zebra" ]
"""
TYPE = {"Content-Type": "application/yaml"}
FOLDER = ["rules.yaml", "rules.d/*.yaml", "packs/question"]


def okapi(match="okapi", status="live"):
    return OWN.format(match=match, status=status)


def tried(hark, what, text, who="root", **query):
    query = "&".join(f"{k}={v}" for k, v in query.items())
    return hark.ask("POST", f"/api/v1/rules/{what}?{query}", who, raw=text if isinstance(text, bytes) else text.encode(),
                    headers=TYPE)


def save(hark, name, text, who="root", **headers):
    headers = {k.replace("_", "-"): v for k, v in headers.items()}
    return hark.ask("PUT", "/api/v1/rules/" + name, who, raw=text.encode(), headers={**TYPE, **headers})


def backtest(hark):
    """One that goes on: its connection and its answer, to be read as it comes."""
    link = Link(hark.path("http"))
    link.request("POST", "/api/v1/rules/backtest", okapi().encode(),
                 {**TYPE, "Authorization": "Bearer " + hark.tokens["root"]})
    return link, link.getresponse()


class Ruled(Served):
    """A folder of rules of one's own, an admin and a viewer."""

    def __init__(self, posts=()):
        super().__init__(posts)
        self.config["rules"] = FOLDER
        self.save()
        os.mkdir(self.path("rules.d"))
        for name, role in [("root", "admin"), ("head", "sales-head"), ("vi", "viewer")]:
            self.user(name, role)


POSTS = [("1", "ana", "I want a zebrafish and an okapi"), ("2", "bo", "a zebrafish is all I want"),
         ("3", "cy", "zebrafish or okapi, who can tell")]


def stored(hark):
    """Everything in the store, and what was delivered."""
    rows = {}
    for row in hark.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
                         "AND sql NOT LIKE '%VIRTUAL%'"):
        rows[row["name"]] = hark.rows(f"SELECT * FROM {row['name']}")
    for changing in ("sources", "polls", "source_state", "replays", "tokens"):  # the clock goes on
        rows.pop(changing, None)
    return rows


@test
def a_rule_shows_its_file_and_who_may_change_it():
    with Ruled() as hark:
        hark.serve()
        reply = hark.get("/api/v1/rules/wants-zebrafish", "vi")
        equal((reply.json["text"], reply.json["file"], reply.json["line"]), (hark.read("rules.yaml"), "rules.yaml", 2))
        equal((reply.json["pack"], reply.json["writable"]), (False, True))
        (pack,) = [r["id"] for r in hark.get("/api/v1/rules", "vi").json["items"] if r["pack"]][:1]
        shown = hark.get("/api/v1/rules/" + pack, "vi").json
        equal((shown["writable"], shown["text"].count(f"id: {pack}\n")), (False, 1))
        hark.write("rules.yaml", hark.read("rules.yaml") + "# by hand\n")
        check(hark.get("/api/v1/rules/wants-zebrafish", "vi").json["text"].endswith("# by hand\n"))
        os.unlink(hark.path("rules.yaml"))
        gone = hark.get("/api/v1/rules/wants-zebrafish", "vi").json
        check("text" not in gone and "rules.yaml" in gone["unreadable"], gone)


@test
def nobody_but_an_admin_tries_or_saves():
    with Ruled() as hark:
        hark.serve()
        for who, status in [(None, 401), ("vi", 403), ("head", 403)]:
            for what in ["check", "test", "preview", "backtest"]:
                equal(tried(hark, what, okapi(), who).status, status, (what, who))
            equal(save(hark, "wants-okapi", okapi(), who).status, status, who)
        equal(os.listdir(hark.path("rules.d")), [])


@test
def all_that_is_wrong_is_told_with_its_place():
    with Ruled() as hark:
        hark.serve()
        equal([tried(hark, "check", okapi()).json[k] for k in ("ok", "errors", "findings", "file")],
              [True, 0, [], "rules.d/new.yaml"])
        wrong = tried(hark, "check", okapi("okapi OR zebra AND lion")).json
        (found,) = [f for f in wrong["findings"] if f["code"] == "E012"]
        equal((wrong["ok"], found["line"], found["col"] > 12, found["file"]), (False, 6, True, "rules.d/new.yaml"))
        failed = tried(hark, "check", okapi("zebra")).json
        equal([f["code"] for f in failed["findings"]], ["E050", "E050"])
        refused = tried(hark, "test", okapi("NOT love"))
        check(refused.status == 422 and "E020" in refused.json["detail"], refused.text)
        taken = tried(hark, "check", okapi().replace("wants-okapi", "wants-zebrafish")).json
        equal([(f["code"], f["line"]) for f in taken["findings"]], [("E033", 2)])
        equal(tried(hark, "check", hark.read("rules.yaml"), rule="wants-zebrafish").json["findings"], [])
        for text in ["re:/(/", 'any:nobody', "okapi AND (", "a*"]:
            reply = tried(hark, "check", okapi(text))
            equal((reply.status, reply.json["ok"]), (200, False), text)
            equal(tried(hark, "preview", okapi(text)).status, 422, text)
        tests = tried(hark, "test", okapi("zebra")).json
        equal((tests["passed"], tests["failed"], [c["line"] for c in tests["cases"]]), (0, 2, [8, 9]))
        equal(tried(hark, "test", okapi()).json["passed"], 2)


@test
def odd_texts_and_names_get_a_sentence():
    with Ruled() as hark:
        hark.serve()
        for text, status in [(b"", 422), (b"  \n", 422), (b"rules:\n  - id: \xff\xfe\n", 422), (b"\x00", 200), (b"[", 200),
                             (b"rules: x\n", 200), (b"- " * 5000, 200)]:
            equal(tried(hark, "check", text).status, status, text[:30])
        long_query = okapi("(" + " OR ".join(f"word{i}x" for i in range(9000)) + " OR okapi)")
        equal([f["code"] for f in tried(hark, "check", long_query).json["findings"]], ["E004"])
        many = "rules:\n" + "".join(f"  - {{ id: r{i}, kind: question, match: 'word{i}x OR okapi{i}' }}\n" for i in range(2000))
        check(len(long_query) > 100_000 and len(many) > 100_000)
        equal(len(tried(hark, "check", many).json["rules"]), 2000)
        equal(tried(hark, "preview", many).json["matches"], 0)
        for line in ["POST /api/v1/rules/check", "PUT /api/v1/rules/own"]:
            equal(hark.answer_to_head(f"{line} HTTP/1.1\r\nHost: h\r\nContent-Length: 1048577\r\n\r\n"), 413)
        equal(hark.ask("POST", "/api/v1/rules/check", "root", raw=okapi().encode(),
                       headers={"Content-Type": "application/json"}).status, 415)
        for name in ["..", "x%2fy", "x%2e", "x/../../y"]:
            equal(hark.answer_to_head(f"PUT /api/v1/rules/{name} HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n"), 400)
        for name in ["x.y", "a%20b", "x" * 101, "%C3%A4"]:
            equal(save(hark, name, okapi()).status, 422, name)
        equal(tried(hark, "check", okapi(), rule="../../etc/x").status, 422)
        equal(save(hark, "other", okapi()).status, 422)
        equal(os.listdir(hark.path("rules.d")), [])
        secret = hark.path("secret")
        hark.write("secret", "name\nokapi\n")
        for path in [secret, "../secret", "secret"]:
            reply = tried(hark, "check", f"lists: {{ s: {{ file: {path} }} }}\n" + okapi("any:s"))
            check("E072" in [f["code"] for f in reply.json["findings"]], reply.text)


@test
def a_preview_tells_what_would_come_of_it_and_leaves_no_trace():
    with Ruled(POSTS) as hark:
        hark.serve()
        hark.pause("a")
        tap.wait_for("the words to be indexed", lambda: hark.get("/api/v1/search?q=okapi", "vi").json["waiting"] == 0)
        before, files = stored(hark), sorted(os.listdir(hark.folder))
        got = tried(hark, "preview", okapi("zebrafish NEAR/1 okapi")).json
        equal((got["matches"], got["posts"], got["near_all"]), (1, 4, 2))
        (match,) = got["newest"]
        equal((match["raises"], match["post"]["text"], match["score"] >= 70), ("lead", POSTS[2][2], True))
        spans = [POSTS[2][2][s["start"]:s["end"]] for s in match["spans"] if s["field"] == "text"]
        equal(sorted(spans), ["okapi", "zebrafish"])
        check(got["alerts_a_week"] >= 1)
        far = [n for n in got["near"] if n["post"]["text"] == POSTS[0][2]][0]
        equal((far["miss"][:7], far["change"]), ("2 words", "raise NEAR/1 to NEAR/2"))
        weak = tried(hark, "preview", okapi("okapi").replace("base: 70", "base: 5")).json
        equal({m["raises"] for m in weak["newest"]}, {"signal"})
        equal(tried(hark, "preview", okapi("okapi", "shadow")).json["newest"][0]["raises"], "lead")
        equal(tried(hark, "preview", okapi("okapi", "retired")).json["matches"], 0)
        tried(hark, "check", okapi()), tried(hark, "test", okapi()), tried(hark, "backtest", okapi())
        equal(sorted(os.listdir(hark.folder)), files)
        for table, rows in stored(hark).items():
            equal(rows, before[table], table)
        equal([r["id"] for r in hark.get("/api/v1/rules", "vi").json["items"] if not r["pack"]], ["wants-zebrafish"])


@test
def a_backtest_goes_on_says_how_far_and_what_differs():
    with Ruled(POSTS) as hark:
        hark.serve()
        lines = [json.loads(line) for line in tried(hark, "backtest", okapi()).text.splitlines()]
        equal(sorted(lines[0]), ["done", "total"])
        result = lines[-1]["result"]
        equal((result["posts"], result["leads_gained"], result["rules"][0]["gained"]), (4, 2, 2))
        text = hark.read("rules.yaml").replace("match: 'zebrafish'", "match: 'zebrafish NOT okapi'")
        changed = json.loads(tried(hark, "backtest", text, rule="wants-zebrafish").text.splitlines()[-1])["result"]
        equal((changed["leads_lost"], changed["leads_kept"], changed["rules"][0]["lost"]), (2, 1, 2))
        hark.write("other.yaml", text)
        told = json.loads(hark.run("rules", "backtest", "other.yaml", "--json").stdout)
        equal({k: told[k] for k in ("posts", "leads_lost", "leads_kept")},
              {k: changed[k] for k in ("posts", "leads_lost", "leads_kept")})
        equal(json.loads(tried(hark, "backtest", okapi(), since="1d").text.splitlines()[-1])["result"]["posts"], 4)
        for query in [{"since": "x"}, {"samples": "101"}]:
            equal(tried(hark, "backtest", okapi(), **query).status, 400, query)
        equal(tried(hark, "backtest", "rules: [").status, 422)


def fill(hark, n):
    """So many stored posts that look like the last one."""
    hark.stop()
    same = [c["name"] for c in hark.rows("PRAGMA table_info(posts)") if c["name"] not in ("id", "external_id", "story")]
    hark.write_rows(f"INSERT INTO posts (id, external_id, story, {', '.join(same)}) WITH RECURSIVE n(i) AS "
                    f"(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {n}) SELECT 1000 + i, 'n' || i, 1000 + i, "
                    f"{', '.join(same)} FROM n, posts WHERE posts.id = (SELECT max(id) FROM posts WHERE id < 1000)")
    hark.start()


@test
def others_are_served_while_ten_thousands_of_posts_are_gone_through():
    with Ruled(POSTS[:1]) as hark:
        hark.serve()
        stored_n = int(120_000 / tap.SLOW)
        fill(hark, stored_n)
        for match in ["want OR okapi", "okapi NEAR/5 zebrafish"]:
            got = tried(hark, "preview", okapi(match))
            equal((got.json["posts"], got.json["matches"], len(got.json["newest"])), (10_000, 10_000, 20))
        link, answer = backtest(hark)
        lines = [answer.readline()]  # it goes on, whoever asks next

        def watch():
            lines.extend(answer.read().splitlines())
        one = threading.Thread(target=watch)
        one.start()
        beside, refused = 0, 0
        while one.is_alive():
            equal(hark.get("/api/v1/leads", "vi").status, 200)
            beside += one.is_alive()
            other = tried(hark, "backtest", okapi()).status
            check(other in (200, 409), other)
            refused += other == 409
        one.join()
        link.close()
        check(beside >= 3, f"{beside} lists of leads were answered while it went on")
        check(refused > 0, "the second backtest was never refused")
        equal(json.loads(lines[-1])["result"]["posts"], stored_n + 2)
        check(len(lines) > stored_n / 6000, f"{len(lines)} lines of {stored_n} posts")


@test
def a_backtest_that_nobody_reads_ends_and_a_daemon_that_stops_does_not_wait():
    with Ruled(POSTS[:1]) as hark:
        hark.serve()
        fill(hark, 200_000)
        link, answer = backtest(hark)
        check(answer.readline())
        answer.close()
        link.close()
        tap.wait_for("the next backtest", lambda: tried(hark, "backtest", okapi(), since="1s").status == 200, 5)
        link, answer = backtest(hark)
        check(answer.readline())
        equal(hark.stop(3), 0)
        link.close()


@test
def a_saved_rule_fires_and_no_work_of_others_is_lost():
    with Ruled(POSTS[:1]) as hark:
        hark.serve()
        made = save(hark, "wants-okapi", okapi(status="shadow"))
        equal((made.status, made.json), (201, {"id": "wants-okapi", "file": "rules.d/wants-okapi.yaml"}))
        equal(hark.read("rules.d/wants-okapi.yaml"), okapi(status="shadow"))
        shown = hark.get("/api/v1/rules/wants-okapi", "vi")
        equal((shown.json["status"], shown.headers["ETag"].split(";")[0].strip('"')),
              ("shadow", made.headers["ETag"].strip('"')))
        equal(save(hark, "wants-okapi", okapi(status="shadow")).status, 200)  # sent twice
        for gone in ["rules: []\n", okapi().replace("wants-okapi", "wants-gnu")]:  # nobody could open it any more
            reply = save(hark, "wants-okapi", gone, If_Match=made.headers["ETag"])
            check(reply.status == 422 and "retire it" in reply.json["detail"], reply.text)
        equal(save(hark, "wants-okapi", okapi()).status, 412)
        equal(save(hark, "wants-okapi", okapi(), If_Match='"x"').status, 412)
        live = save(hark, "wants-okapi", okapi(), If_Match=shown.headers["ETag"])
        equal(live.status, 200)
        equal(hark.get("/api/v1/rules/wants-okapi", "vi").json["status"], "live")
        hark.publish(("9", "dee", "My okapi needs a friend"))
        tap.wait_for("the lead", lambda: hark.rows("SELECT 1 FROM leads WHERE rule = 'wants-okapi'"), 20)
        by_hand = okapi() + "# edited in vi\n"
        hark.write("rules.d/wants-okapi.yaml", by_hand)
        refused = save(hark, "wants-okapi", okapi("okapi NOT zoo"), If_Match=live.headers["ETag"])
        equal(refused.status, 412)
        check("wants-okapi.yaml was changed" in refused.json["detail"], refused.text)
        equal(hark.read("rules.d/wants-okapi.yaml"), by_hand)
        os.unlink(hark.path("rules.d/wants-okapi.yaml"))
        equal(save(hark, "wants-okapi", okapi(), If_Match=live.headers["ETag"]).status, 412)
        equal(os.listdir(hark.path("rules.d")), [])
        trail = [(e.get("actor"), e["action"], e.get("target")) for e in hark.get("/api/v1/audit", "root").json["items"]]
        equal(trail.count(("root", "PUT /api/v1/rules/{name}", "wants-okapi")), 3)


@test
def what_does_not_check_and_what_is_not_ones_own_is_not_saved():
    with Ruled() as hark:
        hark.serve()
        wrong = save(hark, "wants-okapi", okapi("okapi AND ("))
        equal(wrong.status, 422)
        check(any(d["line"] == 6 for d in wrong.json["diagnostics"]), wrong.text)
        equal(save(hark, "wants-okapi", okapi().replace("wants-okapi", "wants-zebrafish")).status, 422)
        (pack,) = [r["id"] for r in hark.get("/api/v1/rules", "vi").json["items"] if r["pack"]][:1]
        tag = hark.get("/api/v1/rules/" + pack, "root").headers["ETag"]
        refused = save(hark, pack, okapi().replace("wants-okapi", pack), If_Match=tag)
        equal(refused.status, 409)
        check("comes with hark" in refused.json["detail"])
        hark.write("hark.yaml", hark.read("hark.yaml") + "nonsense: 1\n")
        loose = save(hark, "wants-okapi", okapi())
        equal(loose.status, 409)
        check("is saved, but not in force" in loose.json["detail"], loose.text)
        equal(hark.read("rules.d/wants-okapi.yaml"), okapi())
        hark.config["rules"] = ["rules.yaml"]
        hark.save()
        equal(hark.post("/api/v1/reload", "root").status, 200)
        homeless = save(hark, "wants-lion", okapi().replace("wants-okapi", "wants-lion"))
        equal(homeless.status, 409)
        check("rules.d/*.yaml" in homeless.json["detail"], homeless.text)
        equal(tried(hark, "check", okapi()).json["ok"], True)


@test
def a_folder_that_may_not_be_written_is_named():
    with Ruled() as hark:
        hark.serve()
        os.rmdir(hark.path("rules.d"))
        os.symlink("/proc/self", hark.path("rules.d"))  # nobody may write there, not even root
        refused = save(hark, "wants-okapi", okapi())
        equal(refused.status, 409)
        check("let harkd write to that folder" in refused.json["detail"], refused.text)
        os.unlink(hark.path("rules.d"))


run()
