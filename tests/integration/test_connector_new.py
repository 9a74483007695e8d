#!/usr/bin/env python3
"""hark connector new URL: from what an address answers to a definition that passes its own test."""
import glob
import json
import os
import re
import time

from daemon import SOURCE, Hark
from peer import Answer, Peer, rss
from tap import check, equal, run, test

ITEMS = [{"id": 9007199254740993 + i, "html": f"<p>Post {i}</p>", "body": f"text {i}", "created_at": "2026-09-01T10:00:00Z",
          "user": {"login": f"ada{i}"}, "url": f"https://board.example/m/{i}"} for i in range(3)]


def answer(body, **more):
    return Answer(json.dumps(body), type="application/json", **more)


def new(hark, *args):
    return hark.run("connector", "new", "--internal", *args)


@test
def an_address_becomes_a_definition_that_passes_its_own_test():
    peer = Peer()
    peer.script("/api", answer({"items": ITEMS}))
    with Hark() as hark:
        os.mkdir(hark.path("connectors"))
        done = new(hark, "--name", "fresh", "-o", hark.path("connectors/fresh.yaml"), peer.url("/api?q=x&n=2#top"))
        equal(done.returncode, 0, done.stderr)
        text = hark.read("connectors/fresh.yaml")
        check("pointer: \"/items\"" in text and "external_id: \"/id\"" in text and "/api?q=x&n=2\"" in text, text)
        check("hark/" in peer.requests()[0].header("user-agent"), "it says who asks")
        check("ops@example.com" in peer.requests()[0].header("user-agent"), "and for whom")
        equal(peer.count(), 1)
        equal(hark.run("connector", "check", hark.path("connectors/fresh.yaml")).returncode, 0)
        done = hark.run("connector", "test", "fresh")
        equal(done.returncode, 0, done.stdout + done.stderr)
        records = [json.loads(line) for line in hark.read("connectors/samples/fresh.jsonl").splitlines()]
        equal([r["external_id"] for r in records], [str(i["id"]) for i in ITEMS])


@test
def what_was_written_today_keeps_its_date_in_the_test_whether_it_says_now_or_not():
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 3600))
    peer = Peer()
    peer.script("/api", answer({"items": [dict(i, created_at=at) for i in ITEMS]}))
    with Hark() as hark:
        os.mkdir(hark.path("connectors"))
        done = new(hark, "--name", "fresh", "-o", hark.path("connectors/fresh.yaml"), peer.url("/api"))
        equal(done.returncode, 0, done.stderr)
        text = hark.read("connectors/fresh.yaml")
        now = re.search(r', now: "(2[0-9T:-]*Z)" }$', text, re.M)
        check(now is not None and now[1] > at, text)
        records = hark.read("connectors/samples/fresh.jsonl")
        equal([json.loads(line)["published"] for line in records.splitlines()], [at] * len(ITEMS))
        hark.write("connectors/fresh.yaml", text.replace(now[0], " }"))
        done = hark.run("connector", "test", "fresh")
        equal(done.returncode, 0, done.stdout + done.stderr)
        hark.write("connectors/fresh.yaml", text.replace(now[1], "2020-01-01T00:00:00Z"))
        done = hark.run("connector", "test", "fresh")
        check(done.returncode == 1 and "fresh.jsonl:1" in done.stdout, done.stdout)


@test
def nothing_that_is_there_is_written_over_and_a_dry_run_writes_nothing():
    peer = Peer()
    peer.script("/api", answer({"items": ITEMS}))
    with Hark() as hark:
        done = new(hark, "--name", "a", "-o", hark.path("a.yaml"), "--dry-run", peer.url("/api"))
        equal(done.returncode, 0, done.stderr)
        check("id: a" in done.stdout and not os.path.exists(hark.path("a.yaml")), done.stdout)
        for there in ("a.yaml", "samples/a.json", "samples/a.jsonl"):
            os.makedirs(hark.path("samples"), exist_ok=True)
            hark.write(there, "mine")
            done = new(hark, "--name", "a", "-o", hark.path("a.yaml"), peer.url("/api"))
            equal(done.returncode, 2, there)
            check("is there already" in done.stderr and hark.read(there) == "mine", done.stderr)
            os.unlink(hark.path(there))
            equal([f for _, _, files in os.walk(hark.folder) for f in files if f.startswith("a.")], [], there)
        equal(new(hark, "--name", "../a", "-o", hark.path("a.yaml"), peer.url("/api")).returncode, 2)


@test
def how_the_next_page_is_had_is_guessed():
    peer = Peer()
    with Hark() as hark:
        for body, headers, line in [
            ({"items": ITEMS}, {"Link": '<https://b.example/?p=2>; rel="next"'}, "paging: { kind: link_header, rel: next"),
            ({"items": ITEMS, "links": {"next": "https://b.example/?p=2"}}, {}, "paging: { kind: url_in_body, next: /links/next"),
            ({"items": ITEMS, "cursor": "abc"}, {}, "# Perhaps: paging: { kind: cursor, next: /cursor"),
        ]:
            peer.script("/api", answer(body, headers=headers))
            done = new(hark, "--name", "p", peer.url("/api"))
            check(line in done.stdout, done.stdout + done.stderr)
            hark.write("p.yaml", done.stdout)
            equal(hark.run("connector", "check", hark.path("p.yaml")).returncode, 0, done.stdout)


@test
def what_needs_no_definition_or_is_none_is_refused_with_what_to_do():
    peer = Peer()
    peer.script("/feed", Answer(rss([{"id": 1}])))
    peer.script("/page", Answer("<!doctype html><html><body>Hello</body></html>", type="text/html"))
    peer.script("/locked", Answer("{}", status=401))
    peer.script("/text", Answer("hello", type="text/plain"))
    with Hark() as hark:
        for path, code, sentence in [("/feed", 1, "is a feed, which needs no definition: hark sources add"),
                                     ("/page", 1, "is a web page, no data: hark sources add"),
                                     ("/locked", 3, "save a reply and give its file"),
                                     ("/gone", 3, "answers 404"), ("/text", 1, "JSON")]:
            done = new(hark, peer.url(path))
            equal((done.returncode, done.stdout), (code, ""), path)
            check(sentence.lower() in done.stderr.lower(), path, done.stderr)
        done = hark.run("connector", "new", peer.url("/api"))
        check(done.returncode != 0 and "--internal" in done.stderr, done.stderr)
        equal(peer.count("/api"), 0, "no private address without being told")
    with Hark(operator={"lawful-basis": "legitimate-interest"}) as hark:
        done = hark.run("connector", "new", "https://board.example/api")
        check(done.returncode == 1 and "who asks" in done.stderr, done.stderr)


@test
def the_items_own_members_come_first():
    peer = Peer()
    with Hark() as hark:
        for item, lines in [
            ({"id": 1, "url": "https://api.example/1", "html_url": "https://b.example/1", "user": {"url": "https://b.example/u"}},
             ['url: "/html_url"']),
            ({"id": 1, "permalink": "https://b.example/1", "user": {"html_url": "https://b.example/u", "login": "ada"}},
             ['url: "/permalink"', 'author.handle: "/user/login"']),
            ({"kind": "t3", "data": {"id": "a", "permalink": "/r/x/a", "url": "https://b.example/a", "selftext": "hi"}},
             ['external_id: "/data/id"', 'url: { pointer: "/data/permalink", do: [ resolve_url ] }', 'text: { pointer: "/data/selftext"']),
            ({"id": 1, "text": "hi", "member": {"nick": "ada"}}, ['author.handle: "/member/nick"']),
            ({"id": 1, "text": "hi", "member_name": "ada"}, ['author.handle: "/member_name"']),
            ({"link": "https://b.example/1", "creation_date": 1788263880, "question_id": 1},
             ['external_id: "/question_id"', 'published: "/creation_date"']),
        ]:
            peer.script("/api", answer({"items": [item]}))
            done = new(hark, "--name", "p", peer.url("/api"))
            for line in lines:
                check("\n  " + line in done.stdout, line, "is not in", done.stdout + done.stderr)


SAMPLES = os.path.join(SOURCE, "connectors", "definitions", "samples")
# Of these a reply gives no address of a post, or neither text nor title.
NO_URL = {"bluesky-author-more", "bluesky-author", "bluesky-profile", "bluesky-search", "discourse-latest", "discourse-more",
          "hackernews-more", "hackernews-user", "reddit-more", "sec-search-more", "sec-search", "smartrecruiters",
          "trustpilot", "wikidata-more", "wikidata", "x-search-more", "x-search", "youtube-comments-more", "youtube-comments"}
NO_TEXT = {"github-user", "hackernews-user", "orcid", "profile-watch-2", "reddit-more", "wikidata-more", "wikidata"}
LINES = {
    "github-issues": ['url: "/html_url"', 'tags: "/labels/*/name"'],
    "reddit": ['external_id: "/data/id"', 'url: { pointer: "/data/permalink", do: [ resolve_url ] }', 'pointer: "/data/selftext"'],
    "youtube-comments": ['text: "/snippet/topLevelComment/snippet/textOriginal"'],
    "discourse": ['{ pointer: "/cooked", do: [ html_to_text ] }', 'url: { pointer: "/post_url", do: [ resolve_url ] }'],
    "stackexchange": ['external_id: "/question_id"'],
    "lemmy": ['url: "/post/ap_id"', 'author.display_name: "/creator/display_name"'],
    "greenhouse": ['{ pointer: "/content", do: [ decode_entities, html_to_text ] }'],
    "appstore-more": ['pointer: "/feed/entry"', 'title: "/title/label"'],
    "x-search": ["# Nothing looks like: url, author", "# Not used: /edit_history_tweet_ids"],
}


@test
def of_every_sample_the_id_the_address_and_the_words_are_found():
    samples = sorted(glob.glob(os.path.join(SAMPLES, "*.json")))
    check(len(samples) > 50, "they are there", samples)
    with Hark() as hark:
        for sample in samples:
            name = os.path.basename(sample)[:-5]
            made = name + "-x"
            done = hark.run("connector", "new", "--url", "https://b.example/api", "-o", hark.path(made + ".yaml"), sample)
            equal(done.returncode, 0, name + ": " + done.stderr)
            records = [json.loads(line) for line in hark.read(f"samples/{made}.jsonl").splitlines()]
            check(records and all(r["external_id"] for r in records), name, records)
            equal(any("url" in r for r in records), name not in NO_URL, name)
            equal(any("text" in r or "title" in r for r in records), name not in NO_TEXT, name)
            text = hark.read(made + ".yaml")
            for line in LINES.get(name, []):
                check(line in text, name, line, text)


@test
def words_in_html_links_that_are_relative_and_what_is_left_over_are_seen():
    item = {"id": 5, "permalink": "/t/5", "user": {"url": "https://b.example/u/1", "name": "Ada"}, "rating": 4,
            "colour": "red", "seen": None, "title": "a\u2028b\u0085c\u007f\u0081d"}
    with Hark() as hark:
        for key in ("body_html", "body_text", "bodyHtml", "text_html", "description_html", "review_text", "snippet"):
            hark.write("reply.json", json.dumps([dict(item, **{key: "<p>one</p>" if "ext" not in key[-4:] else "one"})]))
            name = "w-" + key.lower().replace("_", "-")
            done = hark.run("connector", "new", "--url", "https://b.example/api/x", "-o", hark.path(name + ".yaml"),
                            hark.path("reply.json"))
            equal(done.returncode, 0, key + ": " + done.stderr)
            check("Nothing in it looks like: published." in done.stdout, key, done.stdout)
            record = json.loads(hark.read(f"samples/{name}.jsonl"))
            equal((record["text"], record["url"]), ("one", "https://b.example/t/5"), key)
            check("# Not used: /colour\n" in hark.read(name + ".yaml"), key, hark.read(name + ".yaml"))


@test
def a_time_in_every_item_is_when_it_was_published_whatever_it_is_called():
    with Hark() as hark:
        for key, at in [("at", "2026-09-01T10:00:00Z"), ("when", 1788263880), ("on", "2026-09-01"),
                        ("x_seen", "2026-09-01T10:00:00+02:00"), ("naissance", "2026-09-01T10:00:00.123Z")]:
            hark.write("reply.json", json.dumps([{"id": i, "text": "hi", key: at} for i in range(3)]))
            done = hark.run("connector", "new", hark.path("reply.json"))
            check(f'published: "/{key}"' in done.stdout and "Not used" not in done.stdout, key, done.stdout)
        hark.write("reply.json", json.dumps([{"id": 1, "x": "2026-09-01T10:00:00Z"}, {"id": 2, "x": "soon"}]))
        done = hark.run("connector", "new", hark.path("reply.json"))
        check("published:" not in done.stdout and "# Not used: /x" in done.stdout, done.stdout)
        hark.write("reply.json", json.dumps([{"id": 1, "created": "2026-09-01T10:00:00Z", "ends": "2026-10-01T10:00:00Z"}]))
        done = hark.run("connector", "new", hark.path("reply.json"))
        check('published: "/created"' in done.stdout and "# Not used: /ends" in done.stdout, done.stdout)


@test
def keys_are_escaped_and_what_is_used_is_not_listed_as_left_over():
    with Hark() as hark:
        hark.write("reply.json", json.dumps({"a/b~c": [dict(i, **{"c/d": "e"}) for i in ITEMS]}))
        done = hark.run("connector", "new", "-o", hark.path("k.yaml"), hark.path("reply.json"))
        equal(done.returncode, 0, done.stderr)
        check("find it in connectors/ beside hark.yaml" in done.stdout, done.stdout)
        check('pointer: "/a~1b~0c"' in hark.read("k.yaml") and "/c~1d" in hark.read("k.yaml"), hark.read("k.yaml"))
        equal(len(hark.read("samples/k.jsonl").splitlines()), len(ITEMS))
        hark.write("reply.json", json.dumps([{"colour": "red", "text": "a"}, {"colour": "blue", "text": "b"}]))
        done = hark.run("connector", "new", hark.path("reply.json"))
        check('external_id: "/colour"' in done.stdout and "Not used" not in done.stdout, done.stdout)


@test
def what_turns_the_order_of_letters_is_not_written_into_a_comment():
    odd = "\u202e\u2066\u200f\u061c\ufeff\x1b"
    with Hark() as hark:
        hark.write("reply.json", json.dumps([{"id": 1, "title": f"a{odd}b", f"c{odd}d": "x", "body": "words"}]))
        done = hark.run("connector", "new", hark.path("reply.json"))
        equal(done.returncode, 0, done.stderr)
        check('title: "/title"' in done.stdout and not any(c in done.stdout for c in odd), ascii(done.stdout))


POSTS = [{"postId": 100 + i, "postBody": f"<p>words {i}</p>", "postedBy": {"userName": f"ada{i}"},
          "postedOn": f"2026-09-01T10:0{i}:00Z", "permalink": f"/t/{i}"} for i in range(4)]
FORMS = {
    "inner": (json.dumps({"response": {"threads": [{"threadInfo": {"threadId": "t1"}, "posts": POSTS[:3]},
                                                   {"threadInfo": {"threadId": "t2"}, "posts": POSTS[3:]}]}}),
              4, ['pointer: "/response/threads/*/posts"']),
    "by-key": (json.dumps({"posts": {f"k{p['postId']}": p for p in POSTS}}), 4, ['pointer: "/posts/*"']),
    "one": (json.dumps({"ticket": {"id": 7, "subject": "Where?", "description": "one\ntwo", "requester": {"name": "Ada"},
                                   "created_at": "2026-09-01T10:00:00Z", "url": "https://b.example/7"}}),
            1, ['pointer: "/ticket"', 'author.handle: "/requester/name"', '  text: "/description"']),
    "lines": ("".join(json.dumps(p) + "\n" for p in POSTS), 4, ["  format: ndjson\n", "samples/lines.ndjson"]),
    "xml": ("<?xml version='1.0'?><jobs>" + "".join(
        f"<job><id>{i}</id><name>Job {i}</name><ts>1788263880</ts></job>" for i in range(3)) + "</jobs>",
            3, ["  format: xml\n", "samples/xml.xml"]),
}
NO_POSTS = [
    ({"error": {"code": 401, "message": "Invalid key"}}, "says that something went wrong (Invalid key)"),
    ({"errors": [{"title": "Unauthorized", "status": 401}]}, "(Unauthorized)"),
    ({"message": "Not Found", "documentation_url": "https://b.example/docs", "status": "404"}, "(Not Found)"),
    ({"items": [], "total": None}, "holds no item to guess from"),
    (["a", "b"], "holds no objects"),
]


@test
def posts_are_found_in_replies_of_every_form():
    with Hark() as hark:
        os.mkdir(hark.path("connectors"))
        for name, (reply, posts, lines) in FORMS.items():
            hark.write("reply", reply)
            made = f"connectors/{name}.yaml"
            done = hark.run("connector", "new", "--url", "https://b.example/api", "-o", hark.path(made), hark.path("reply"))
            equal(done.returncode, 0, name + ": " + done.stderr)
            for line in [*lines, 'about: "what b.example lists"']:
                check(line in hark.read(made), name, line, hark.read(made))
            records = [json.loads(line) for line in hark.read(f"connectors/samples/{name}.jsonl").splitlines()]
            equal(len({r["external_id"] for r in records}), posts, name)
            check(all("published" in r and ("text" in r or "title" in r) for r in records), name, records)
            done = hark.run("connector", "test", name)
            equal(done.returncode, 0, name + ": " + done.stdout)


@test
def a_reply_without_posts_is_refused_with_what_it_says():
    with Hark() as hark:
        for reply, said in NO_POSTS:
            hark.write("reply.json", json.dumps(reply))
            done = hark.run("connector", "new", hark.path("reply.json"))
            equal(done.returncode, 1, reply)
            check(said in done.stderr and done.stdout == "", done.stderr)


@test
def a_secret_of_the_address_is_written_nowhere_and_becomes_auth():
    address = "https://b.example/api/tickets?limit=2&token=abcdef&api_key=XYZ123#top"
    with Hark() as hark:
        hark.write("reply.json", json.dumps({"items": ITEMS, "links": {"next": address + "&page=2"}}))
        done = hark.run("connector", "new", "--url", address, "-o", hark.path("s.yaml"), hark.path("reply.json"))
        equal(done.returncode, 0, done.stderr)
        text = hark.read("s.yaml")
        check('url: "https://b.example/api/tickets?limit=2"' in text, text)
        check('auth: { kind: query, name: "token", secret: token }' in text and "# api_key was in the address too" in text, text)
        for path in ("s.yaml", "samples/s.json", "samples/s.jsonl"):
            check("abcdef" not in hark.read(path) and "XYZ123" not in hark.read(path), path, hark.read(path))
        equal(hark.run("connector", "check", hark.path("s.yaml")).returncode, 0)
        hark.write("s.yaml", text.replace("limit=2", "limit=2&token=abcdef"))
        done = hark.run("connector", "check", hark.path("s.yaml"))
        check(done.returncode == 1 and "D011" in done.stdout + done.stderr, done.stdout + done.stderr)


run()
