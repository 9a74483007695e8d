#!/usr/bin/env python3
"""People who ask to be left alone: nothing of theirs is matched or kept, and they are counted."""
import json
import os

from daemon import SOURCE, Hark
from peer import Answer, Peer
from tap import check, equal, run, test, wait_for

FEDI = """
id: fedi
about: a server
every: 1m
vars: { server: { type: url, about: the server, required: true, example: "https://fedi.example" } }
request: { url: "{server}/items" }
items:
  pointer: ""
  opt_out:
    - { pointer: /account/indexable, eq: false }
    - { pointer: /account/noindex, eq: true }
    - { pointer: /account/labels/*/val, eq: "!no-unauthenticated" }
map:
  external_id: /id
  text: /text
  author.handle: /account/acct
  author.bio: { pointer: /account/note, do: [html_to_text] }
"""

BIOS = ["#nobot", "#NoBot", "#nobots", "#NOBOTS", "#noindex", "#NoIndex", "#nosearch", "#noscrape", "#NoScraping",
        "#nocrawl", "#noarchive", "#No_Bots", "#no_index", "hello #nobot", "#nobot, thanks", "(#noindex)",
        "I paint.\n#cats #nobot", "<p>#<span>nobot</span></p>",
        '<p><a href="https://x.example/tags/nobot" class="mention hashtag">#<span>nobot</span></a></p>',
        "<p>#<span>NoIndex</span></p>", "\uff03nobot", "\u732b\u304c\u597d\u304d #noindex", "#nobot\u3002", "#nobot.",
        "##nobot", "#cats#noindex"]
FIELDS = [{"indexable": False}, {"noindex": True}, {"labels": [{"val": "!no-unauthenticated"}]},
          {"indexable": False, "note": "likes cats"}]
CASES = [{"note": bio} for bio in BIOS] + FIELDS
WANTED = ["I build robots", "#nobotany", "#noindexed-ish cats", "nobot", "# nobot", "#robots #index", ""]


def fedi(peer):
    hark = Hark(sources=[{"name": "f", "connector": "fedi", "vars": {"server": peer.url("")}}])
    os.mkdir(hark.path("connectors"))
    hark.write("connectors/fedi.yaml", FEDI)
    return hark


def item(i, account, text="who has a zebrafish?"):
    return {"id": f"id{i}", "text": text, "account": {"acct": f"quietperson{i}", **account}}


def page(*items):
    return Answer(json.dumps(items), type="application/json")


def bytes_of(hark):
    return b"".join(open(hark.path(name), "rb").read() for name in os.listdir(hark.folder)
                    if name.startswith("hark.db"))


@test
def thirty_ways_to_opt_out_give_no_lead_and_leave_nothing_behind():
    equal(len(CASES), 30)
    peer = Peer()
    listed = [item(i, account) for i, account in enumerate(CASES)]
    peer.script("/items", page({"id": "0", "text": "quiet", "account": {"acct": "ada"}}),
                page(*listed, {"id": "1", "text": "I want a zebrafish", "account": {"acct": "ada"}}))
    with fedi(peer) as hark:
        hark.start()
        hark.wait_alerts(1)
        wait_for("one more poll", lambda: peer.count() >= 4)
        equal([l["subject"]["name"] for l in hark.leads()], ["ada"])
        equal(hark.count("posts"), 2)
        equal(hark.count("authors"), 1)
        equal(hark.sources()["f"]["opted_out"], 30)
        check("skipped 30: author opted out" in hark.run("sources", "list").stdout, "hark sources says so")
        check(b"quietperson" not in bytes_of(hark), "nobody's name is stored")
        said = hark.run("connector", "run", "f").stdout
        check("skipped 30: author opted out" in said, said)


@test
def a_bio_that_only_looks_like_it_is_read():
    peer = Peer()
    peer.script("/items", page({"id": "0", "text": "quiet", "account": {"acct": "ada"}}),
                page(*[item(i, {"note": bio, "indexable": True, "labels": []}) for i, bio in enumerate(WANTED)]))
    with fedi(peer) as hark:
        hark.start()
        hark.wait_alerts(len(WANTED))
        equal(hark.sources()["f"]["opted_out"], 0)


@test
def what_was_kept_of_somebody_who_opts_out_later_is_removed():
    peer = Peer()
    peer.script("/items", page({"id": "0", "text": "quiet", "account": {"acct": "ada"}}),
                page(item(1, {})), page(item(1, {"indexable": False})))
    with fedi(peer) as hark:
        hark.start()
        hark.wait_alerts(1)
        wait_for("the text to go", lambda: hark.count("posts", "external_id = 'id1' AND text IS NULL") == 1)
        equal(hark.sources()["f"]["opted_out"], 1)


BY_DETAIL = """
id: fedi
about: a server whose list does not say who opts out
every: 1m
vars:
  server: { type: url, about: the server, required: true, example: "https://fedi.example" }
  people: { type: url, about: where people are, required: true, example: "https://fedi.example" }
request: { url: "{server}/items" }
items: { pointer: "" }
map: { external_id: /id, text: /text, author.handle: /account/acct }
detail: { url: "{people}/people/{/account/acct}", max: 5, map: { author.bio: $detail/note } }
"""


def by_detail(peer, people=None):
    server = peer.url("")
    hark = Hark(sources=[{"name": "f", "connector": "fedi", "vars": {"server": server, "people": people or server}}])
    os.mkdir(hark.path("connectors"))
    hark.write("connectors/fedi.yaml", BY_DETAIL)
    return hark


def note(text):
    return Answer(json.dumps({"note": text}), type="application/json")


@test
def nothing_is_matched_or_kept_before_the_detail_says_who_opts_out():
    peer = Peer()
    peer.script("/items", page(item(0, {}, "quiet")), page(item(1, {}), item(2, {}), item(0, {}, "quiet")))
    for i, answers in enumerate(([note("tea")], [note("please #nobot")], [Answer(status=500), note("tea")])):
        peer.script(f"/people/quietperson{i}", *answers)
    with by_detail(peer) as hark:
        hark.start()
        hark.wait_alerts(1)
        wait_for("more polls", lambda: peer.count("/items") >= 5)
        equal([l["subject"]["name"] for l in hark.leads()], ["quietperson2"])
        equal([r["external_id"] for r in hark.rows("SELECT external_id FROM posts ORDER BY external_id")], ["id0", "id2"])
        equal([peer.count(f"/people/quietperson{i}") for i in range(3)], [1, 1, 2])
        equal(hark.sources()["f"]["opted_out"], 1)
        hark.stop()
        check(b"quietperson1" not in bytes_of(hark), "nothing of them was kept")


@test
def a_post_waits_over_a_kill_until_its_detail_is_there():
    peer, people = Peer(), Peer()
    people.script("/people/quietperson0", note("tea"))
    people.script("/people/quietperson1", Answer(status=500))
    peer.script("/items", page(item(0, {}, "quiet")), page(item(1, {})), page())
    with by_detail(peer, people.url("")) as hark:
        hark.start()
        wait_for("the failure to be told",
                 lambda: "no detail yet" in (hark.sources()["f"].get("degraded") or ""))
        hark.kill()
        equal(hark.count("posts"), 1)
        people.script("/people/quietperson1", note("tea"))
        hark.write_rows("UPDATE source_cursors SET cursor = replace(cursor, '\"t\":', '\"t\":0,\"_\":')")
        hark.start()
        hark.wait_alerts(1)
        equal([l["subject"]["name"] for l in hark.leads()], ["quietperson1"])


def cut_short(how):
    """Five posts, each detail held back until it was cut short; by then the list does not have them any more."""
    peer, people = Peer(), Peer()
    quiet = item(0, {}, "quiet")
    peer.script("/items", page(quiet), page(quiet, *[item(i, {}) for i in range(1, 6)]), page(quiet))
    people.script("/people/quietperson0", note("tea"))
    for i in range(1, 6):
        people.script(f"/people/quietperson{i}", Answer(json.dumps({"note": "tea"}), type="application/json", delay=600))
    with by_detail(peer, people.url("")) as hark:
        hark.start()
        wait_for("a detail under way", lambda: people.count() >= 2)
        for i in range(1, 6):
            people.script(f"/people/quietperson{i}", note("tea"))
        how(hark)
        hark.wait_alerts(5)
        equal(sorted(l["subject"]["name"] for l in hark.leads()), [f"quietperson{i}" for i in range(1, 6)])


@test
def posts_whose_details_are_under_way_wait_over_a_kill():
    def kill(hark):
        hark.kill()
        hark.start()
    cut_short(kill)


@test
def posts_whose_details_are_under_way_wait_over_a_reload():
    def reload(hark):
        hark.config["sources"][0]["every"] = "2s"
        hark.save()
        equal(hark.run("reload").returncode, 0)
    cut_short(reload)


@test
def a_detail_whose_host_is_away_holds_nobody_else_up():
    peer, away = Peer(), Peer()
    address = away.url("")
    away.stop()
    peer.script("/items", page(item(0, {}, "quiet")), page(item(1, {})))
    with by_detail(peer, address) as hark:
        hark.start()
        wait_for("polls that go on", lambda: peer.count("/items") >= 4)
        state = hark.sources()["f"]
        check("left out" in state["degraded"] or "no detail yet" in state["degraded"], state)
        equal(hark.count("posts"), 0)
        equal(hark.leads(), [])


def sample(name):
    with open(os.path.join(SOURCE, "connectors", "definitions", "samples", name), encoding="utf-8") as f:
        return json.load(f)


def every(value, *path):
    """The objects at a path; "*" is every member of a list."""
    found = [value]
    for step in path:
        found = [y for x in found for y in (x if step == "*" else [x[step]])]
    return found


LABEL = {"labels": [{"val": "!no-unauthenticated"}]}
SHIPPED = [
    ("mastodon-tag", "mastodon.json", ["*", "account"], {"indexable": False}),
    ("mastodon-tag", "mastodon.json", ["*", "account"], {"noindex": True}),
    ("mastodon-public", "mastodon.json", ["*", "account"], {"note": "<p>#<span>nobot</span></p>"}),
    ("mastodon-account", "mastodon.json", ["*", "account"], {"note": "<p>#NoBots</p>"}),
    ("mastodon-profile", "mastodon-profile.json", [], {"note": "<p>cats #<span>noindex</span></p>"}),
    ("mastodon-profile", "mastodon-profile.json", [], {"indexable": False}),
    ("mastodon-profile", "mastodon-profile.json", [], {"discoverable": False}),
    ("mastodon-profile", "mastodon-profile.json", [], {"fields": [{"name": "bots", "value": "#nobot"}]}),
    ("bluesky-search", "bluesky-search.json", ["posts", "*", "author"], LABEL),
    ("bluesky-author", "bluesky-author.json", ["feed", "*", "post", "author"], LABEL),
    ("bluesky-profile", "bluesky-profile.json", [], LABEL),
    ("bluesky-profile", "bluesky-profile.json", [], {"description": "tea #noindex"}),
    ("github-user", "github-user.json", [], {"bio": "#nobot"}),
    ("hackernews-user", "hackernews-user.json", [], {"about": "tea<p>#noindex"}),
    ("lemmy", "lemmy.json", ["posts", "*", "creator"], {"bio": "tea #noindex"}),
    ("x-search", "x-search.json", ["includes", "users", "*"], {"description": "#nobot"}),
]


@test
def every_shipped_definition_that_can_know_honours_it():
    with Hark() as hark:
        for connector, name, path, said in SHIPPED:
            reply = sample(name)
            if connector == "x-search":
                reply["includes"]["users"].append({"id": "1003"})
            hark.write("reply.json", json.dumps(reply))
            before = hark.run("parse", "--connector", connector, hark.path("reply.json"))
            check(before.stdout != "", f"{connector} reads its sample: {before.stderr}")
            for account in every(reply, *path):
                account.update(said)
            hark.write("reply.json", json.dumps(reply))
            after = hark.run("parse", "--connector", connector, hark.path("reply.json"))
            equal(after.returncode, 0, after.stderr)
            equal(after.stdout, "", f"{connector}, {said}")


run()
