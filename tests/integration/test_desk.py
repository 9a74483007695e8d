#!/usr/bin/env python3
"""The lead desk through the real daemon and the command line: scores, verdicts, near misses, clocks."""
import sqlite3

from daemon import Hark
from peer import Answer, Peer, rss
from tap import check, equal, run, test, wait_for

RULES = """\
rules:
  - id: wants-one
    title: Somebody wants one
    kind: purchase-intent
    status: live
    subject: author
    score: { base: 50, question: 10, 'followers > 5': 20 }
    match: 'zebrafish NEAR/3 buy'
"""


def item(i, text, author=None):
    return {"id": str(i), "author": author or f"Author {i}", "text": text}


def serve(hark, peer, items):
    hark.start()
    hark.wait_baseline()
    peer.script("/feed", Answer(rss(items)))
    wait_for("all posts", lambda: hark.count("posts") >= len(items))


def desk(peer, **more):
    peer.script("/feed", Answer(rss([])))
    return Hark(sources=[{"name": "forum", "url": peer.url("/feed")}], rules=RULES, **more)


@test
def a_score_says_what_it_is_made_of():
    peer = Peer()
    with desk(peer, score={"stories": "7"}) as hark:
        serve(hark, peer, [item(1, "Where can I buy zebrafish?", "Ana Aldous"),
                           item(2, "I will buy zebrafish.", "Ana Aldous")])
        wait_for("both findings", lambda: hark.count("signals") == 2)
        lead = hark.json("leads", "show", "1")
        equal(lead["score"], 67)
        equal([(p["symbol"], p["points"]) for p in lead["score_made_of"]], [("finding", 60), ("stories", 7)])
        shown = hark.run("leads", "show", "1").stdout
        check("+60 finding: its strongest finding, by rule wants-one" in shown, shown)
        check("+7 stories: further stories say so" in shown, shown)
        why = hark.run("why", "lead_1").stdout
        check("lead_1  score 67" in why and "score 60 = base 50 + question 10" in why, why)
        terms = hark.json("why", "lead_1")[0]["explanation"]["score"]
        equal([(t["term"], t["points"], t["holds"]) for t in terms],
              [("base", 50, True), ("question", 10, True), ("followers > 5", 20, False)])
        hark.config["score"] = {"stories": "9"}
        hark.save()
        shown = hark.run("leads", "show", "1").stdout
        check("as of now 69" in shown, shown)


@test
def verdicts_say_how_good_a_rule_is_and_what_would_be_nearer():
    peer = Peer()
    with desk(peer) as hark:
        equal(hark.json("report", "precision"), [])
        serve(hark, peer, [item(i, "I want to buy zebrafish.") for i in range(1, 7)])
        wait_for("six leads", lambda: hark.count("leads") == 6)
        for i in range(1, 7):
            word = ["relevant"] if i == 1 else ["not-relevant", "--reason", "a pet shop"]
            equal(hark.run("leads", "verdict", str(i), *word, "--as", "ana").returncode, 0)
        refused = hark.run("leads", "verdict", "1", "not-relevant", "--as", "ana")
        equal(refused.returncode, 2)
        check("needs a reason" in refused.stderr, refused.stderr)
        history = hark.json("leads", "show", "2")["history"]
        equal([(e["action"], e.get("actor"), e.get("note")) for e in history if e["action"] != "raised"],
              [("not-relevant", "ana", "a pet shop")])
        rows = {(r["by"], r["name"]): r for r in hark.json("report", "precision")}
        for key in (("all", "all leads"), ("rule", "wants-one"), ("source", "forum")):
            equal((rows[key]["n"], rows[key]["relevant"], rows[key]["score"]), (6, 1, 50))
            equal((rows[key]["low"], rows[key]["high"]), (0.0300534, 0.563503))
        tuned = hark.json("rules", "tune")
        equal([(t["rule"], t["n"], t["change"], t["enough"]) for t in tuned], [("wants-one", 6, -13, True)])
        before = hark.read("rules.yaml")
        check("base -13" in hark.run("rules", "tune").stdout)
        equal(hark.read("rules.yaml"), before, "the rules")
        equal(hark.rows("SELECT DISTINCT score FROM leads"), [{"score": 50}])


@test
def ten_near_misses_a_week_give_an_estimate_of_recall():
    peer = Peer()
    with desk(peer) as hark:
        items = [item(1, "I want to buy zebrafish."), item(2, "An aquarium without any fish.")]
        # 12 near misses: the words are there, too far apart.
        items += [item(i, f"My zebrafish number {i} is ill, she said, so we will not buy food") for i in range(3, 15)]
        serve(hark, peer, items)
        wait_for("the lead", lambda: hark.count("leads") == 1)
        got = hark.json("rules", "near-misses")
        equal((got["near_misses"], got["found"], len(got["sample"])), (12, 1, 10))
        equal(hark.json("rules", "near-misses"), got, "the ten stay the same")
        equal(hark.json("report", "recall")["n"], 0)
        for row, word in zip(got["sample"][:4], ("relevant", "not-relevant", "not-relevant", "not-relevant")):
            equal(hark.run("rules", "judge", str(row["id"]), word, "--as", "ana").returncode, 0)
        recall = hark.json("report", "recall")
        equal((recall["n"], recall["relevant"], recall["near_misses"], recall["found"]), (4, 1, 12, 1))
        equal(recall["recall"], 0.25) # one found, a quarter of twelve missed
        check(recall["low"] <= 0.25 <= recall["high"], recall)
        equal(hark.run("rules", "judge", "99", "relevant", "--as", "ana").returncode, 1)
        equal(hark.run("rules", "judge", "1", "perhaps").returncode, 2)


@test
def a_silence_shows_what_it_would_have_kept_quiet_and_ends():
    peer = Peer()
    with desk(peer, routes=[{"to": ["out"]}]) as hark:
        serve(hark, peer, [item(1, "I want to buy zebrafish."), item(2, "We buy zebrafish.")])
        hark.wait_alerts(2)
        add = ("silence", "add", "rule=wants-one", "--for", "1h", "--reason", "a fair", "--as", "ana")
        for look in ("--dry-run", "-n", "--preview"):
            equal(hark.json(*add, look), {"hits_30d": 2})
        equal(hark.json("silence", "list"), [], "a preview saves nothing")
        equal(hark.json(*add), {"id": 1, "hits_30d": 2})
        peer.script("/feed", Answer(rss([item(3, "They buy zebrafish."), item(4, "She will buy zebrafish.")])))
        wait_for("four leads", lambda: hark.count("leads") == 4)
        wait_for("what it kept quiet", lambda: hark.json("silence", "list")[0]["hits"] == 2)
        check("silenced" in str(hark.json("why-not", "forum:3", "--rule", "wants-one")["reasons"]))
        check("kept quiet by silence 1: rule=wants-one" in hark.run("leads", "show", "3").stdout)
        equal(hark.run("silence", "end", "1").returncode, 0)
        equal(hark.run("silence", "end", "1").returncode, 1)
        equal(hark.json("silence", "list"), [])
        equal(hark.json("silence", "list", "--all")[0]["hits"], 2)
        peer.script("/feed", Answer(rss([item(5, "He will buy zebrafish.")])))
        hark.wait_alerts(3)
        for wrong in (("rule=x",), ("rule=x", "--for", "1h"), ("colour=red", "--for", "1h", "--reason", "r")):
            equal(hark.run("silence", "add", *wrong).returncode, 2)
        done = hark.run("silence", "add", "kind=prase", "--for", "1h", "--reason", "r")
        equal(done.returncode, 2)
        check("did you mean 'praise'" in done.stderr, done.stderr)
        for wrong, said in ((("sources", "import"), "did you mean 'import-opml'?"), (("review",), "which command? list, show, accept"),
                            (("token", "add", "bob"), "hark user list shows them")):
            done = hark.run(*wrong)
            check(done.returncode in (1, 2) and said in done.stderr, done)
        for words in (("help", "leads"), ("leads", "help"), ("help", "leads", "won"), ("help",)):
            same = [w for w in words if w != "help"] + ["--help"]
            equal(hark.run(*words).stdout, hark.run(*same).stdout, words)


@test
def what_does_not_exist_is_said():
    peer = Peer()
    with desk(peer) as hark:
        hark.write("accounts.csv", "Id,Account Name,Type\n1,Globex,Customer\n2,Initech,Prospect\n")
        equal(hark.run("import", "accounts", "accounts.csv", "--yes").returncode, 0)
        for wrong, said in (("rule=want-one", "did you mean 'wants-one'?"), ("account=Globax", "did you mean 'Globex'?"),
                            ("account=Umbrella", "hark accounts list")):
            done = hark.run("silence", "add", wrong, "--for", "1h", "--reason", "r", "--as", "ana")
            equal(done.returncode, 2, wrong)
            check(said in done.stderr, done.stderr)
        equal(hark.json("silence", "list"), [])
        equal(hark.run("silence", "add", "account=globex", "--for", "1h", "--reason", "r", "--as", "ana").returncode, 0)
        hark.config["lists"]["resellers"] = {"from": "accounts", "where": "type = reseller"}
        hark.config["lists"]["buyers"] = {"from": "accounts", "where": "type = customer"}
        hark.write("rules.yaml", RULES + "  - { id: near-them, kind: mention, match: 'any:resellers OR any:buyers' }\n")
        hark.save()
        said = hark.run("check").stdout
        check("W078" in said and "none of the accounts has such a type as 'reseller'" in said, said)
        check("there are: customer, prospect" in said and "buyers" not in said, said)


@test
def a_claim_stands_where_nothing_more_can_be_read_of_them():
    peer = Peer()
    with desk(peer) as hark:
        serve(hark, peer, [item(1, "Where can I buy zebrafish?", "Ana Aldous")])
        wait_for("the lead", lambda: hark.count("leads") == 1)
        hark.stop()
        db = sqlite3.connect(hark.database)
        db.execute("ALTER TABLE edges RENAME TO edges_elsewhere")
        db.commit()
        db.close()
        done = hark.run("leads", "claim", "1", "--as", "ana")
        equal(done.returncode, 0, done.stderr)
        check("lead_1 is claimed by ana until" in done.stdout, done.stdout)
        check("note: it is claimed, but who else is in touch with them cannot be read: " in done.stderr, done.stderr)
        equal(hark.run("leads", "claim", "1", "--as", "bo").returncode, 1)
        equal(hark.rows("SELECT state, claim_by FROM leads"), [{"state": "claimed", "claim_by": "ana"}])


@test
def routes_are_a_tree_that_can_be_tried():
    peer = Peer()
    routes = [{"when": {"kind": "praise"}, "to": ["ana", "owner"],
               "routes": [{"when": {"account-type": "customer"}, "to": "bo"}, {"when": {"score": "80"}}]}]
    tests = [{"about": "customers", "lead": {"account-type": "Customer"}, "to": "bo"},
             {"about": "at night", "lead": {"owner": "bo"}, "at": "2027-01-15T22:30:00Z", "to": ["ana", "bo"],
              "held": "ana"},
             {"lead": {"kind": "pain"}}]
    with desk(peer, **{"routes": routes, "route-tests": tests}) as hark:
        hark.config["receivers"] = [{"name": "ana", "type": "stdout", "quiet": "19:00-07:30 Europe/Berlin"},
                                    {"name": "bo", "type": "stdout"}]
        hark.save()
        equal(hark.json("routes", "test"), {"tests": 3, "failed": 0, "diagnostics": []})
        shown = hark.json("routes", "show")
        equal([(r["depth"], r["to"], r["continue"]) for r in shown],
              [(0, ["ana", "owner"], True), (1, ["bo"], False), (1, ["ana", "owner"], False)])
        check("  account-type customer → bo, then no further" in hark.run("routes", "show").stdout)
        routes[0]["routes"][0]["continue"] = "yes"
        routes[0]["routes"][1]["continue"] = "yes"
        hark.config["routes"] = routes
        hark.save()
        shown = hark.run("routes", "show").stdout
        check("  account-type customer → bo, then on to the next" in shown and shown.count("then") == 1, shown)
        del routes[0]["routes"][0]["continue"], routes[0]["routes"][1]["continue"]
        hark.save()
        got = hark.json("routes", "test", "--kind", "praise", "--score", "90")
        equal((got["to"], [r["depth"] for r in got["routes"]]), (["ana"], [0, 1]))
        equal(hark.run("routes", "test", "--account-type", "customer", "--to", "bo").returncode, 0)
        equal(hark.run("routes", "test", "--kind", "pain", "--to", "nobody").returncode, 0)
        wrong = hark.run("routes", "test", "--account-type", "customer", "--to", "ana,bo")
        equal(wrong.returncode, 1)
        check("ana is not told" in wrong.stdout, wrong.stdout)
        done = hark.run("check")
        check("no route takes the leads of wants-one (purchase-intent)" in done.stdout, done.stdout)
        equal(done.returncode, 0)
        hark.config["route-tests"] = [{"about": "wrong", "lead": {"kind": "pain"}, "to": "ana"}]
        hark.save()
        done = hark.run("check")
        equal(done.returncode, 1)
        check("the test of routes 'wrong' fails: ana is not told" in done.stdout, done.stdout)
        hark.config["route-tests"] = [{"lead": {"kind": "pian"}, "to": "anna", "held": "ana"}]
        hark.save()
        said = hark.run("check").stdout
        for part in ("there is no kind 'pian'", "there is no receiver 'anna'", "held: without at:"):
            check(part in said, said)


@test
def clocks_run_from_the_post_to_the_answer():
    peer = Peer()
    with desk(peer, routes=[{"to": ["out"]}]) as hark:
        equal(hark.json("report", "clocks"), [])
        serve(hark, peer, [item(1, "I want to buy zebrafish."), item(2, "We buy zebrafish.")])
        hark.wait_alerts(2)
        wait_for("what was told is written down", lambda: hark.count("leads", "alerted_ms IS NOT NULL") == 2)
        equal(hark.run("leads", "claim", "1", "--as", "ana").returncode, 0)
        equal(hark.run("leads", "answer", "1", "--as", "ana").returncode, 0)
        rows = {(r["by"], r["name"]): r for r in hark.json("report", "clocks")}
        equal(sorted(rows), [("all", "all leads"), ("rep", "ana"), ("source", "forum")])
        equal(rows["all", "all leads"]["leads"], 2)
        equal(rows["source", "forum"]["seen_to_alert"]["n"], 2)
        equal(rows["rep", "ana"]["claim_to_answer"]["n"], 1)
        equal(rows["all", "all leads"]["alert_to_claim"]["n"], 1)
        table = hark.run("report", "clocks").stdout
        check("rep ana" in table and "post to answer" in table, table)


run()
