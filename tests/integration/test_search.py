#!/usr/bin/env python3
"""Searches in all that was said, by the command line and by the API."""
import json

from apiclient import Served
from tap import check, equal, run, test, wait_for

POSTS = [("1", "Ana", "I want a zebrafish, says Acme"), ("2", "Bo", "Why would I want a zebrafish without invoices?"),
         ("3", "Cy", "I want a zebrafish: Straße und Café")]


def words(hark):
    """Waits until all posts can be found."""
    def done():
        marks = {r["name"]: r["last"] for r in hark.rows("SELECT name, last FROM counters")}
        return marks.get("words-posts", 0) >= hark.rows("SELECT max(id) AS n FROM posts")[0]["n"]
    wait_for("the words", done, 20)


def texts(answer):
    return [hit["text"] for hit in answer]


@test
def the_command_and_the_api_find_the_same():
    with Served(POSTS) as hark:
        empty = hark.run("search", "zebrafish")
        equal((empty.returncode, empty.stdout), (0, "nothing is stored yet: harkd has not run with "
                                                 + hark.path("hark.yaml") + "\n"))
        hark.user("vi", "viewer", "read")
        hark.serve()
        words(hark)
        for query, found in [("zebrafish", ["3", "2", "1"]), ("zebrafish -acme", ["3", "2"]), ("STRASE cafe", ["3"]),
                             ("\"want a zebrafish says\"", ["1"]), ("invoi*", ["2"]), ("ana", ["1"]), ("nothing", [])]:
            by_command = hark.json("search", query)
            by_api = hark.get("/api/v1/search?q=" + quote(query), "vi").json
            equal(by_api["items"], by_command, query)
            equal(texts(by_command), [dict((p[0], p[2]) for p in POSTS)[i] for i in found], query)
            equal((by_api["waiting"], "next" in by_api), (0, False))
        (hit,) = hark.json("search", "acme")
        equal((hit["lead"], hit["kinds"], hit["private"], hit["author"]["display_name"]), ("lead_1", ["purchase-intent"], False, "Ana"))
        equal([POSTS[0][2][s["start"]:s["end"]] for s in hit["spans"]], ["Acme"])
        said = hark.run("search", "zebrafish", "invoices").stdout
        check("want a «zebrafish» without «invoices»?" in said, said)
        equal(hark.run("search", "wombat").stdout,
              "nothing was said like that: try a word less, or the beginning of one, as in invoic*\n")
        first = hark.get("/api/v1/search?q=zebrafish&limit=2", "vi").json
        second = hark.get("/api/v1/search?q=zebrafish&limit=2&cursor=" + first["next"], "vi").json
        equal((len(first["items"]), texts(second["items"]), "next" in second), (2, [POSTS[0][2]], False))
        before = first["next"].removeprefix("search-")
        check(before.isdigit() and "more: the same with --before " + before in hark.run("search", "zebrafish", "-n", "2").stdout)
        equal(texts(hark.json("search", "zebrafish", "--before", before)), [POSTS[0][2]])
        equal(hark.json("search", "zebrafish", "--source", "a", "--kind", "purchase-intent", "--since", "2001-01-01")[0]["text"],
              POSTS[2][2])
        equal(hark.json("search", "zebrafish", "--until", "2001-01-01"), [])
        equal(hark.stop(), 0)


@test
def what_cannot_be_looked_for_is_said_in_one_sentence():
    with Served(POSTS) as hark:
        hark.user("vi", "viewer", "read")
        hark.serve()
        for args, query, sentence in [
                (["\"late"], "q=%22late", "the quote before 'late' is never closed"),
                (["a*"], "q=a*", "'a*' is the beginning of too many words"),
                (["***"], "q=***", "a search needs a word"),
                (["zebra", "--since", "soon"], "q=zebra&since=soon", "since is a day such as 2026-09-30"),
                (["zebra", "--source", "nowhere"], "q=zebra&source=nowhere", "there is no source 'nowhere'"),
                (["zebra", "--person", "Nobody"], "q=zebra&person=Nobody", "Nobody"),
                (["zebra", "--kind", "zebra"], "q=zebra&kind=zebra", "there is no kind of lead 'zebra'")]:
            done, answer = hark.run("search", *args), hark.get("/api/v1/search?" + query, "vi")
            check(done.returncode != 0 and sentence in done.stderr, (args, done.stderr))
            equal((answer.status, sentence in answer.json["detail"]), (400, True), answer.text)
        for query in ["", "q=", "q=zebra&limit=0", "q=zebra&limit=101", "q=zebra&cursor=x", "q=" + "x" * 1001]:
            equal(hark.get("/api/v1/search?" + query, "vi").status, 400, query)
        for odd in ["a AND", "NEAR(a b, 3)", "words:a", "^a", "{a b}: c", "a OR OR b", "NOT a", "(", "a'); DROP TABLE posts"]:
            equal(hark.get("/api/v1/search?q=" + quote(odd), "vi").status, 200 if any(map(str.isalnum, odd)) else 400, odd)
        equal(hark.get("/api/v1/search?q=zebra").status, 401)
        equal(hark.stop(), 0)


@test
def a_post_of_another_class_is_not_found():
    rules = """rules:
  - { id: secret, title: Secret, kind: mention, status: live, visibility: compliance, match: 'zebrafish' }
"""
    with Served(POSTS[:1], rules=rules) as hark:
        hark.user("vi", "viewer", "read"), hark.user("co", "compliance"), hark.user("root", "admin")
        hark.serve()
        words(hark)
        for who, n in [("vi", 0), ("co", 1), ("root", 1)]:
            equal(len(hark.get("/api/v1/search?q=zebrafish", who).json["items"]), n, who)
        equal(len(hark.get("/api/v1/search?q=quiet", "vi").json["items"]), 1)
        equal(hark.stop(), 0)


@test
def nor_is_it_among_what_its_author_said():
    rules = """rules:
  - { id: secret, title: Secret, kind: mention, status: live, visibility: compliance, match: 'zebrafish' }
"""
    with Served(POSTS[:1], rules=rules) as hark:
        for kind, text in [("accounts", "id,name,type,owner\nA1,Globex,Customer,bea\n"),
                           ("contacts", "id,name,email,company\nC1,Ana Lopez,ana@globex.example,Globex\n")]:
            hark.write(kind + ".csv", text)
            equal(hark.run("import", kind, kind + ".csv", "--yes").returncode, 0)
        done = hark.run("references", "nominate", "Nobody")
        check(done.returncode == 1 and "there is no person 'Nobody': hark people list shows them" in done.stderr, done)
        equal(hark.run("references", "nominate", "ana lopez", "--as", "bea").returncode, 0)
        hark.user("vi", "viewer", "read"), hark.user("mia", "marketing")
        hark.user("co", "compliance"), hark.user("root", "admin")
        hark.serve()
        wait_for("the finding", lambda: hark.rows("SELECT count(*) AS n FROM signals WHERE rule = 'secret'")[0]["n"], 20)
        post = hark.rows("SELECT post FROM signals WHERE rule = 'secret'")[0]["post"]
        hark.write_rows("INSERT INTO encounters (post, person, author, known_by, grade, at_ms)"
                        f" SELECT id, 1, author, 'name', 'a', 1 FROM posts WHERE id = {post}")
        hark.write_rows("INSERT INTO statements (reference, post, person, account, source, tone, text, hash, parts, captured_ms, visibility,"
                        f" regulated, historic) VALUES (1, {post}, 1, 1, 'a', 'positive', 'a zebrafish', '{0:064x}', '[]', 1, 'public', 0, 0)")
        for who, seen in [("vi", False), ("mia", False), ("co", True), ("root", True)]:
            for path in ["people/1", "references", "references/1"]:
                reply = hark.get("/api/v1/" + path, who)
                equal((reply.status, "zebrafish" in reply.text), (200, seen), (who, path))
        equal(hark.get("/api/v1/references/1", "vi").json["withheld"], 1)
        equal(hark.stop(), 0)


def quote(text):
    return "".join(f"%{b:02x}" for b in text.encode())


run()
