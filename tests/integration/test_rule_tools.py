#!/usr/bin/env python3
"""What the command line says about rules from what the daemon has stored."""
import hashlib
import json
import os
import sqlite3

from daemon import Hark
from peer import Answer, Peer, rss
from tap import check, equal, run, test, wait_for

RULES = """\
rules:
  - id: wants
    kind: purchase-intent
    subject: author
    score: 70
    match: '"want a" (zebrafish OR narwhal)'
  - id: trial
    kind: mention
    status: shadow
    scope: { lang: [en] }
    match: zebrafish
  - id: old
    kind: mention
    status: retired
    match: zebrafish
"""
QUIET = [{"id": "1", "text": "A quiet day"}]
SAID = [{"id": "2", "author": "Ann", "text": "I want a zebrafish"},
        {"id": "3", "author": "Bob", "text": "I want only a narwhal"},
        {"id": "4", "author": "Cid", "text": "Not even a zebrafish"}]


def polled_twice(hark):
    equal(hark.once().returncode, 0, hark.log())
    equal(hark.once().returncode, 0, hark.log())
    equal(hark.count("posts"), 4)


def scene(**more):
    peer = Peer()
    peer.script("/feed", Answer(rss(QUIET)), Answer(rss(QUIET + SAID)))
    return Hark(sources=[{"name": "a", "url": peer.url("/feed")}], rules=RULES, **more)


@test
def the_list_says_what_each_rule_has_done():
    with scene() as hark:
        before = {r["id"]: r for r in hark.json("rules", "list")}
        check("matches" not in before["wants"], "counters without a store")
        polled_twice(hark)
        rules = {r["id"]: r for r in hark.json("rules", "list")}
        equal(rules["wants"]["matches"], 1)
        equal(rules["wants"]["leads"], 1)
        check(rules["wants"]["last_match"].startswith("20"), rules["wants"])
        equal((rules["trial"]["matches"], rules["trial"]["shadow"], rules["trial"]["leads"]), (2, 2, 0))
        equal(rules["trial"]["lang_passed"], 2)
        equal((rules["old"]["status"], rules["old"]["matches"]), ("retired", 0))
        table = hark.run("rules", "list").stdout
        check("last match" in table and "shadow" in table, table)


@test
def the_store_remembers_which_rules_were_loaded_last():
    with scene(lists={"pets": "name\nZebrafish\n"}) as hark:
        hark.start()
        wait_for("the loaded rules", lambda: hark.count("loaded_rules") == 3)
        equal(hark.rows("SELECT names FROM loaded_lists")[0]["names"], "zebrafish Zebrafish\n")
        hark.write("rules.yaml", RULES.replace("id: old", "id: older"))
        equal(hark.run("reload").returncode, 0)
        equal([r["rule"] for r in hark.rows("SELECT rule FROM loaded_rules ORDER BY rule")],
              ["older", "trial", "wants"])
        equal(hark.stop(), 0)


def backtest(hark, *args, code=0):
    done = hark.run("rules", "backtest", *args, "--json")
    equal(done.returncode, code, done.stderr)
    result = json.loads(done.stdout)
    return result, {r["rule"]: r for r in result["rules"]}


@test
def the_same_rules_find_the_same():
    with scene() as hark:
        polled_twice(hark)
        result, rules = backtest(hark, "--all", "--strict")
        equal(result["posts"], 4)
        equal((rules["wants"]["hits"], rules["wants"]["stored"]), (1, 1))
        equal((rules["wants"]["gained"], rules["wants"]["lost"]), (0, 0))
        equal((result["leads_gained"], result["leads_lost"], result["leads_kept"]), (2, 0, 1))
        equal((rules["trial"]["hits"], rules["trial"]["leads_gained"]), (2, 2), "as if it were live")
        equal(rules["old"]["hits"], 0)


@test
def a_changed_rule_shows_what_it_gains_and_loses():
    with scene() as hark:
        polled_twice(hark)
        hark.write("new.yaml", RULES.split("  - id: trial")[0].replace(
            '\'"want a" (zebrafish OR narwhal)\'', "want narwhal"))
        result, rules = backtest(hark, hark.path("new.yaml"))
        equal(list(rules), ["wants"])
        equal((rules["wants"]["hits"], rules["wants"]["gained"], rules["wants"]["lost"]), (1, 1, 1))
        equal((result["leads_gained"], result["leads_lost"], result["leads_kept"]), (1, 1, 0))
        equal([(w["receiver"], w["before"], w["after"]) for w in result["weekly"]], [("out", 7, 7)])
        gained, = [x for x in result["samples"] if x["gained"]]
        equal((gained["rule"], gained["post"]["text"]), ("wants", "I want only a narwhal"))
        equal([(x["start"], x["end"]) for x in gained["spans"] if x["field"] == "text"], [(2, 6), (14, 21)])
        lost, = [x for x in result["samples"] if not x["gained"]]
        equal(lost["post"]["text"], "I want a zebrafish")
        backtest(hark, hark.path("new.yaml"), "--strict", code=1)
        shown = hark.run("rules", "backtest", hark.path("new.yaml")).stdout
        check("  I want only a narwhal\n    ^~~~        ^~~~~~~\n" in shown, shown)
        check("leads: +1 -1, 0 stay" in shown, shown)


@test
def a_backtest_counts_who_is_reached_as_the_owner():
    routes = [{"when": {"kind": ["mention"]}, "to": "out"}, {"to": "owner"}]
    receivers = [{"name": n, "type": "file", "path": f"{n}.jsonl"} for n in ("out", "ana", "bo")]
    with scene(routes=routes, receivers=receivers) as hark:
        hark.write("rules.yaml", RULES.replace("score: 70", "score: 70\n    owner: ana"))
        polled_twice(hark)
        equal(hark.count("outbox", "receiver = 'ana'"), 1)
        result, _ = backtest(hark, "--all")
        weekly = {w["receiver"]: (w["before"], w["after"]) for w in result["weekly"]}
        equal(weekly, {"out": (0, 14), "ana": (7, 7), "bo": (0, 0)})


@test
def a_backtest_looks_back_as_far_as_it_is_told():
    with scene() as hark:
        polled_twice(hark)
        with sqlite3.connect(hark.database) as db:
            db.execute("UPDATE posts SET seen_ms = seen_ms - 864000000 WHERE id <= 2")
        db.close()
        equal(backtest(hark, "--all", "--since", "7d")[0]["posts"], 2)
        equal(backtest(hark, "--all", "--since", "2w")[0]["posts"], 4)
        equal(hark.run("rules", "backtest", "--all", "--since", "soon").returncode, 2)
        equal(hark.run("rules", "backtest").returncode, 2)


@test
def copies_of_a_story_and_posts_without_text_are_left_out():
    text = "Somebody said in many words that they want a zebrafish and will pay well for one"
    peer = Peer()
    peer.script("/a", Answer(rss(QUIET)), Answer(rss([{"id": "7", "text": text}])))
    peer.script("/b", Answer(rss(QUIET)), Answer(rss([{"id": "8", "text": text}])))
    with Hark(sources=[{"name": "a", "url": peer.url("/a")}, {"name": "b", "url": peer.url("/b")}],
              rules=RULES) as hark:
        hark.once()
        hark.once()
        result, rules = backtest(hark, "--all", "--strict")
        check(result["copies"] >= 1, result)
        equal((rules["wants"]["hits"], rules["wants"]["gained"], rules["wants"]["lost"]), (1, 0, 0))
        with sqlite3.connect(hark.database) as db:
            db.execute("UPDATE posts SET purged_ms = 1, text = NULL, title = NULL")
        db.close()
        result, rules = backtest(hark, "--all", "--strict")
        equal((result["posts"], rules["wants"]["lost"]), (0, 0))
        check(result["gone"] >= 3, result)


@test
def a_backtest_writes_nothing():
    with scene() as hark:
        polled_twice(hark)

        def content():
            return {name: hashlib.sha256(open(hark.path(name), "rb").read()).hexdigest()
                    for name in os.listdir(hark.folder) if name.startswith("hark.db") and not name.endswith("-shm")}
        sqlite3.connect(hark.database).execute("PRAGMA wal_checkpoint(TRUNCATE)")
        before = content()
        os.chmod(hark.database, 0o400)
        backtest(hark, "--all")
        after = {k: v for k, v in content().items() if k in before}
        equal(after, before)
        check(not any(v != hashlib.sha256(b"").hexdigest() for k, v in content().items() if k not in before),
              "it left something behind")


@test
def a_backtest_without_a_store_says_so():
    with scene() as hark:
        done = hark.run("rules", "backtest", "--all")
        equal(done.returncode, 1)
        check("hark.db" in done.stderr, done.stderr)


@test
def what_a_first_poll_found_is_no_part_of_a_later_alert():
    peer = Peer()
    early = [{"id": "1", "author": "Ann", "text": "I want a narwhal"}]
    peer.script("/feed", Answer(rss(early)), Answer(rss(early + SAID[:1])))
    with Hark(sources=[{"name": "a", "url": peer.url("/feed")}], rules=RULES) as hark:
        equal(hark.once().returncode, 0, hark.log())
        equal(hark.once().returncode, 0, hark.log())
        told = {s["historic"]: [a["receiver"] for a in s["alerts"]] for s in hark.json("why", "lead_1")}
        equal(told, {True: [], False: ["out"]})
        shown = hark.run("why", "lead_1").stdout
        equal((shown.count("nobody was alerted"), shown.count("alert     out: ")), (1, 1), shown)


@test
def a_stored_signal_is_explained_while_its_rule_is_the_same():
    with scene() as hark:
        polled_twice(hark)
        told, = hark.json("why", "sig_1")
        equal((told["rule"], told["rule_now"], told["lead"]), ("wants", "same", "lead_1"))
        equal(told["explanation"]["outcome"], "match")
        equal([c["outcome"] for c in told["explanation"]["query"]["clauses"]], ["true", "true"])
        equal([a["receiver"] for a in told["alerts"]], ["out"])
        equal(hark.json("why", "lead_1")[0]["id"], "sig_1")
        check("sig_1" in [s["id"] for s in hark.json("why", "a:2")])
        equal(hark.json("why", "https://site.example/2"), hark.json("why", "a:2"))
        done = hark.run("why", "a:3")
        check(done.returncode == 1 and "hark why-not a:3 --rule ID" in done.stderr, done.stderr)
        check("a:9" in hark.run("why", "a:9").stderr and "hark people show" in hark.run("why", "person_1").stderr)
        shown = hark.run("why", "lead_1").stdout
        check("sig_1 in lead_1" in shown and ", unchanged since" in shown and "alert     out: " in shown, shown)
        check("  I want a zebrafish\n    ^~~~~~ ^~~~~~~~~\n" in shown, shown)
        hark.write("rules.yaml", RULES.replace("score: 70", "score: 71"))
        told, = hark.json("why", "sig_1")
        equal((told["rule_now"], "explanation" in told), ("changed", False))
        hark.write("rules.yaml", RULES.replace("id: wants", "id: other"))
        equal(hark.json("why", "sig_1")[0]["rule_now"], "gone")
        hark.write("rules.yaml", "rules: [")
        done = hark.run("why", "sig_1")
        equal(done.returncode, 0)
        check("the rules have errors" in done.stderr and "sig_1 in lead_1" in done.stdout, done.stdout, done.stderr)
        for args, code in ((["sig_99"], 1), (["nonsense"], 2), ([], 2)):
            equal(hark.run("why", *args).returncode, code, args)


def reasons(hark, post, rule):
    answer = hark.json("why-not", post, "--rule", rule)
    return [r["code"] for r in answer["reasons"]], answer


@test
def why_not_names_what_decided_on_the_way_of_a_post():
    with scene() as hark:
        polled_twice(hark)
        codes, answer = reasons(hark, "https://site.example/3", "wants")
        equal(codes, ["no-match"])
        equal(answer["explanation"]["query"]["clauses"][0]["miss"], "all its words are there, but not in a row")
        equal(reasons(hark, "a:2", "trial")[0], ["shadow"])
        equal(reasons(hark, "a:2", "old")[0], ["retired"])
        codes, answer = reasons(hark, "a:2", "wants")
        equal(codes, ["found", "lead", "alert"])
        equal(answer["signals"][0]["id"], "sig_1")
        hark.write("rules.yaml", RULES.replace("zebrafish OR narwhal", "zebrafish OR only").replace(
            "    score: 70\n", "    score: 70\n    scope: { type: [reply] }\n"))
        equal(reasons(hark, "a:2", "wants")[0][0], "scope")
        hark.write("rules.yaml", RULES.replace('"want a" (zebrafish OR narwhal)', "narwhal"))
        equal(reasons(hark, "a:3", "wants")[0], ["changed-since"])
        equal(hark.run("why-not", "https://nobody.example/", "--rule", "wants").returncode, 1)
        equal(hark.run("why-not", "a:3", "--rule", "want").returncode, 1)
        equal(hark.run("why-not", "a:3").returncode, 2)
        said = hark.run("why-not", "a:3").stderr
        check("hark why-not a:3 --rule ID (wants, trial, old:" in said, said)
        equal(hark.json("why-not", "a:2")[0]["signals"][0]["id"], "sig_1", "by what found something")
        check("post      https://site.example/2" in hark.run("why-not", "https://site.example/2").stdout)
        told = hark.run("why-not", "https://site.example/nowhere").stderr
        check("no stored post has the link" in told, told)
        for post, sentence in (("x:", "no post 'x:' is stored: there is no source 'x', or nothing came from it yet"), ("x:2", "there is no source 'x'"),
                               ("a:99", "no post 'a:99' is stored: source 'a' has not said it"), ("a:", "no post 'a:' is stored: source 'a'"),
                               ("mailto://a", "no stored post has the link")):
            for command in (["why", post], ["why-not", post, "--rule", "wants"]):
                done = hark.run(*command)
                equal((done.returncode, sentence in done.stderr, done.stderr.count("\n")), (1, True, 1), done)


@test
def why_not_knows_first_polls_weak_scores_windows_routes_and_copies():
    text = "Somebody said in many words that they want a zebrafish and will pay well for one"
    weak = RULES.replace("score: 70", "score: 10")
    peer = Peer()
    peer.script("/a", Answer(rss([{"id": "1", "author": "Ann", "text": "I want a zebrafish"}])),
                Answer(rss([{"id": "2", "author": "Bob", "text": text},
                            {"id": "3", "author": "Bob", "text": "I do want a zebrafish"}])),
                Answer(rss([{"id": "4", "author": "Bob", "text": "Again, I want a narwhal"}])))
    peer.script("/b", Answer(rss(QUIET)), Answer(rss([{"id": "8", "author": "Cid", "text": text}])))
    with Hark(sources=[{"name": "a", "url": peer.url("/a")}, {"name": "b", "url": peer.url("/b")}],
              rules=RULES, routes=[]) as hark:
        hark.once()
        hark.once()
        check("historic" in reasons(hark, "a:1", "wants")[0], reasons(hark, "a:1", "wants")[0])
        found = {key: reasons(hark, key, "wants")[0] for key in ("a:2", "a:3", "b:8")}
        check("no-route" in found["a:2"] or "no-route" in found["b:8"], found)
        equal(sorted("copy" in found[k] for k in ("a:2", "b:8")), [False, True], found)
        hark.once()
        check("joined" in reasons(hark, "a:4", "wants")[0], reasons(hark, "a:4", "wants")[0])
    peer = Peer()
    peer.script("/a", Answer(rss(QUIET)), Answer(rss([{"id": "2", "author": "Bob", "text": text}])))
    with Hark(sources=[{"name": "a", "url": peer.url("/a")}], rules=weak) as hark:
        hark.once()
        hark.once()
        equal(reasons(hark, "a:2", "wants")[0], ["found", "weak"])


def diff(hark, *args):
    result = hark.json("rules", "diff", *args)
    return {(c["change"], c["rule"]): c for c in result["rules"]}, result


@test
def diff_says_what_a_reload_would_change():
    with scene(lists={"pets": "name\nZebrafish\nAxolotl\n"}) as hark:
        done = hark.run("rules", "diff")
        equal(done.returncode, 1)
        polled_twice(hark)
        changes, result = diff(hark)
        equal((changes, result["lists"], result["same"]), ({}, [], 3))
        check("nothing differs" in hark.run("rules", "diff").stdout)
        hark.write("rules.yaml", RULES.replace("id: old", "id: fresh").replace("status: retired", "status: live")
                   .replace('"want a" (zebrafish OR narwhal)', "want narwhal"))
        hark.write("pets.csv", "name\nZebrafish\nNarwhal\n")
        changes, result = diff(hark)
        equal(sorted(changes), [("added", "fresh"), ("changed", "wants"), ("removed", "old")])
        wants = changes["changed", "wants"]
        equal((wants["old_query"], wants["new_query"]), ('"want a" (zebrafish OR narwhal)', "want narwhal"))
        equal((wants["hits"], wants["gained"], wants["lost"]), (1, 1, 1))
        equal(changes["added", "fresh"]["hits"], 2)
        pets, = result["lists"]
        equal((pets["added_names"], pets["removed_names"]), (["Narwhal"], ["Axolotl"]))
        shown = hark.run("rules", "diff").stdout
        check('~ wants  (rules.yaml:2)\n    - "want a" (zebrafish OR narwhal)\n    + want narwhal\n'
              "    1 hit, 1 of them new, 1 gone\n" in shown, shown)
        check("list pets: 2 entries, were 2 (+1 -1)\n    + Narwhal\n    - Axolotl\n" in shown, shown)


@test
def diff_of_a_file_compares_its_rules_alone():
    with scene() as hark:
        hark.write("more.yaml", "rules: [{ id: other, kind: mention, match: quiet }]\n")
        hark.config["rules"].append("more.yaml")
        hark.save()
        polled_twice(hark)
        hark.write("rules.yaml", RULES.replace("status: shadow", "status: live"))
        changes, result = diff(hark, hark.path("rules.yaml"))
        equal(list(changes), [("changed", "trial")])
        equal((changes["changed", "trial"]["old_status"], changes["changed", "trial"]["new_status"]),
              ("shadow", "live"))
        equal(result["same"], 2)
        check("shadow → live" in hark.run("rules", "diff", hark.path("rules.yaml")).stdout)
        changes, _ = diff(hark)
        equal(list(changes), [("changed", "trial")])


run()
