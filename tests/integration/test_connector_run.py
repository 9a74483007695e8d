#!/usr/bin/env python3
"""hark connector run: one whole poll by hand, as the daemon would do it, with nothing stored."""
import base64
import hashlib
import json
import os
import signal
import subprocess
from urllib.parse import parse_qs, urlsplit

from daemon import HARK, Hark
from peer import Answer, Peer, rss
from tap import check, equal, run, test, wait_for

BOARD = """
id: board
about: a board
every: 5m
vars: {{ server: {{ type: url, about: the server, required: true, example: "https://board.example" }} }}
{auth}
request: {{ url: "{{server}}/items", query: {{ since: "{{cursor?}}", page: "{{page}}" }} }}
cursor: {{ kind: max_id, from: /id }}
paging: {{ kind: page, start: 1, size: 2, max_pages: 5 }}
items: {{ pointer: /items, skip_if: {{ pointer: /hidden, eq: true }} }}
map: {{ external_id: /id, text: /text, author.handle: /by }}
rate: {{ buckets: {{ n: 30, per: 1m, scope: host }} }}
{more}
"""

DETAIL = 'detail: { url: "{server}/item/{/id}", map: { text: $detail/body } }'


def board(peer, auth="", more="", sources=None, **kept):
    s = [{"name": "b", "connector": "board", "vars": {"server": peer.url("")}, **kept}] if sources is None else sources
    hark = Hark(sources=s)
    os.mkdir(hark.path("connectors"))
    hark.write("connectors/board.yaml", BOARD.format(auth=auth, more=more))
    return hark


def page(*items, **more):
    return Answer(json.dumps({"items": [{"id": i, "text": t, "by": f"u{i}"} for i, t in items], **more}),
                  type="application/json")


def query(request):
    return {k: v[0] for k, v in parse_qs(urlsplit(request.target).query).items()}


def pages(request):
    return {"1": page((4, "four"), (3, "three")), "2": page((2, "two"), (1, "one")), "3": page()}[query(request)["page"]]


def result(hark, *args):
    done = hark.run("connector", "run", *args, "--json")
    equal(done.returncode, 0, done.stderr)
    return json.loads(done.stdout)


def fingerprint(folder):
    out = {}
    for name in sorted(os.listdir(folder)):
        if name.startswith("hark.db"):
            with open(os.path.join(folder, name), "rb") as f:
                out[name] = (hashlib.sha256(f.read()).hexdigest(), os.stat(f.name).st_mtime_ns)
    return out


@test
def a_first_poll_reads_one_page_and_says_what_a_later_one_would_ask():
    peer = Peer()
    peer.script("/items", pages)
    with board(peer) as hark:
        got = result(hark, "b")
        equal([p["external_id"] for p in got["posts"]], ["4", "3"])
        equal([(r["method"], r["status"]) for r in got["requests"]], [("GET", 200)])
        equal(got["requests"][0]["url"], peer.url("/items?page=1"))
        equal(got["requests_left"], 1)
        equal(json.loads(got["cursor"]), {"id": "4"})
        equal(got["rates"]["buckets"], [{"n": 30, "per_ms": 60000, "scope": "host"}])
        said = hark.run("connector", "run", "b").stdout
        check("1 more request would follow in a later poll" in said, said)
        check("at most 30 in 1m by host" in said and "cursor then: {" in said, said)
        check("next due in" in said and "nothing is stored" in said, said)
        check(not os.path.exists(hark.path("hark.db")), "there is no store")


@test
def a_later_poll_follows_pages_and_details_and_shows_each_post_once():
    peer = Peer()
    peer.script("/items", pages)
    for i in range(1, 5):
        peer.script(f"/item/{i}", Answer(json.dumps({"body": f"whole {i}"}), type="application/json"))
    with board(peer, more=DETAIL) as hark:
        got = result(hark, "b", "--later")
        equal([(p["external_id"], p["text"]) for p in got["posts"]],
              [(str(i), f"whole {i}") for i in (4, 3, 2, 1)])
        equal(sorted(urlsplit(r["url"]).path for r in got["requests"]),
              ["/item/1", "/item/2", "/item/3", "/item/4", "/items", "/items", "/items"])
        check(all(r["bytes"] > 0 for r in got["requests"]), got["requests"])
        equal((got["cut"], got["requests_left"]), (False, 0))


@test
def a_poll_goes_on_from_a_cursor_and_ends_after_so_many_requests():
    peer = Peer()
    peer.script("/items", pages)
    with board(peer) as hark:
        got = result(hark, "b", "--cursor", '{"id":"0"}', "--max-requests", "2")
        equal([query(r).get("since") for r in peer.requests()], ["0", "0"])
        equal((len(got["requests"]), got["cut"]), (2, True))
        for wrong in ("0", "1001", "many"):
            equal(hark.run("connector", "run", "b", "--max-requests", wrong).returncode, 2)


@test
def the_database_is_neither_written_nor_opened():
    peer = Peer()
    peer.script("/items", pages)
    with board(peer) as hark:
        equal(hark.once().returncode, 0)
        before = fingerprint(hark.folder)
        equal(hark.run("connector", "run", "b", "--later").returncode, 0)
        equal(fingerprint(hark.folder), before)
        os.rename(hark.path("hark.db"), hark.path("elsewhere"))  # nothing there: nobody misses it, nobody makes it
        equal(hark.run("connector", "run", "b").returncode, 0)
        check(not os.path.exists(hark.path("hark.db")), "no store is made")


@test
def a_log_in_is_shown_without_the_secret():
    peer = Peer()
    peer.script("/token", Answer(json.dumps({"access_token": "t0ken", "expires_in": 3600}), type="application/json"))
    peer.script("/items", lambda r: page((1, "one")) if r.header("authorization") == "Bearer t0ken"
                else Answer("{}", status=401))
    auth = 'auth: { kind: oauth2_client, url: "{server}/token", secret: id, secret2: key }'
    with board(peer, auth, secret={"id": "env:T1", "key": "env:T2"}) as hark:
        os.environ.update(T1="me", T2="s3cr3t")
        done = hark.run("connector", "run", "b")
        equal(done.returncode, 0, done.stderr)
        check("(log-in)" in done.stdout and "one" in done.stdout, done.stdout)
        check("s3cr3t" not in done.stdout + done.stderr and "t0ken" not in done.stdout, done.stdout)
        equal(peer.count("/token"), 1)
        del os.environ["T1"], os.environ["T2"]


@test
def a_token_server_that_misbehaves_gets_a_sentence_and_no_request_goes_out():
    peer = Peer()
    peer.script("/items", page((1, "one")))
    auth = 'auth: { kind: oauth2_client, url: "{server}/token", secret: id, secret2: key }'
    os.environ.update(T1="me", T2="s3cr3t")
    with board(peer, auth, secret={"id": "env:T1", "key": "env:T2"}) as hark:
        for answer, sentence in [
            (Answer("<html>"), "no token"), (Answer("[1]"), "no token"), (Answer(""), "no token"),
            (Answer('{"access_token": null}'), "no token"), (Answer('{"access_token": 5}'), "no token"),
            (Answer('{"access_token": ""}'), "no token"), (Answer('{"access_token": "a\\u0000b"}'), "no token"),
            (Answer(json.dumps({"access_token": "a\r\nX-Evil: 1"})), "no token"),
            (Answer(endless=b'{"access_token":"' + b"a" * 1000), "larger than"),
            (Answer('{"access_token": "%s"}' % ("a" * 60000)), "no token"),
            (Answer("", status=302, headers={"Location": peer.url("/else")}), "refused (HTTP 302)"),
            (Answer("x", status=401), "refused (HTTP 401)"),
        ]:
            peer.script("/token", answer)
            done = hark.run("connector", "run", "b")
            check(done.returncode != 0 and sentence in done.stderr, sentence, done.stderr)
            check("s3cr3t" not in done.stdout + done.stderr, done.stdout)
        equal((peer.count("/items"), peer.count("/else")), (0, 0))
        for lie in ("-5", "1e300", '"soon"', "null", "9223372036854775807"):
            peer.script("/token", Answer('{"access_token": "t", "expires_in": %s}' % lie))
            equal(hark.run("connector", "run", "b").returncode, 0, lie)
    del os.environ["T1"], os.environ["T2"]


@test
def a_secret_in_the_query_is_sent_and_not_shown():
    peer = Peer()
    peer.script("/items", page((1, "one")))
    with board(peer, "auth: { kind: query, name: key, secret: token }", secret={"token": "env:T1"}) as hark:
        os.environ["T1"] = "s3cr3t"
        for more in ([], ["--json"]):
            done = hark.run("connector", "run", "b", *more)
            equal(done.returncode, 0, done.stderr)
            check("s3cr3t" not in done.stdout + done.stderr, done.stdout)
        equal([query(r)["key"] for r in peer.requests()], ["s3cr3t"] * 2)
        del os.environ["T1"]


@test
def a_connector_runs_with_settings_from_the_command_line():
    peer = Peer()
    peer.script("/items", lambda r: page((1, "one")) if r.header("authorization") == "Bearer s3cr3t"
                else Answer("{}", status=401))
    auth = "auth: { kind: bearer, secret: token, optional: true }"
    with board(peer, auth, sources=[]) as hark:
        server = "server=" + peer.url("")
        os.environ["T1"] = "s3cr3t"
        got = result(hark, "board", "--set", server, "--secret", "token=env:T1", "--internal")
        equal([p["text"] for p in got["posts"]], ["one"])
        del os.environ["T1"]
        done = hark.run("connector", "run", "board", "--set", server)
        equal(done.returncode, 1, done.stderr)
        check("private" in done.stderr or "internal" in done.stderr, done.stderr)
        done = hark.run("connector", "run", "board", "--internal")
        check("needs server" in done.stderr and "Traceback" not in done.stderr, done.stderr)
        done = hark.run("connector", "run", "board", "--set", "server")
        equal(done.returncode, 2)
        done = hark.run("connector", "run", "board", "--set", 'server=x", internal: yes, y: "', "--internal")
        check(done.returncode != 0 and peer.count() == 1, done.stderr)
        done = hark.run("connector", "run", "boart", "--set", server)
        equal(done.returncode, 2)
        check("did you mean 'board'" in done.stderr, done.stderr)
        done = hark.run("connector", "show", "tickets")
        check("a file of that name in connectors/ beside hark.yaml" in done.stderr, done.stderr)


@test
def what_options_lack_is_said_in_options():
    with board(Peer(), "auth: { kind: bearer, secret: token }\nenabled_by_default: false\nterms: ask first",
               sources=[]) as hark:
        said = hark.run("connector", "run", "board", "--set", "server=http://127.0.0.1:1", "--set", "x=y").stderr
        for words in ("say --secret NAME=env:VARIABLE, file:PATH or", "say --accept-terms)", "say --internal)",
                      "command line: error C012: connector board: there is no setting 'x'"):
            check(words in said, words, "is not in:", said)
        check("accept-terms: yes" not in said and "internal: yes" not in said and "vars" not in said, said)


@test
def what_went_wrong_is_the_result():
    peer = Peer()
    with board(peer) as hark:
        for answer, code, sentence in [
            (Answer("no", status=500), 1, "its server has a problem"),
            (Answer("<html>Blocked", type="text/html"), 1, "web page"),
            (Answer("{}", status=403), 1, "403"),
            (Answer("no", status=429, headers={"Retry-After": "7200"}), 1, "come back later"),
        ]:
            peer.script("/items", answer)
            done = hark.run("connector", "run", "b")
            equal(done.returncode, code, done.stdout + done.stderr)
            check(sentence.lower() in done.stderr.lower(), done.stderr)
            check(str(answer.status) in done.stdout, done.stdout)
        check("next due in 2 h" in done.stdout, done.stdout)
        peer.stop()
        done = hark.run("connector", "run", "b")
        equal(done.returncode, 3, done.stdout + done.stderr)


@test
def a_paused_source_and_a_feed_can_be_tried():
    peer = Peer()
    peer.script("/feed", Answer(rss([{"id": "x", "title": "Hello"}])))
    with board(peer, sources=[{"name": "f", "url": peer.url("/feed"), "paused": "yes"}]) as hark:
        equal([p["title"] for p in result(hark, "f")["posts"]], ["Hello"])


@test
def what_was_left_out_is_counted_with_its_reason():
    peer = Peer()
    peer.script("/items", Answer(json.dumps({"items": [{"id": 1, "text": "a"}, {"id": 2, "text": "b", "hidden": True}]}),
                                 type="application/json"))
    with board(peer) as hark:
        got = result(hark, "b")
        equal([(s["items"]) for s in got["skipped"]], [1])
        check("hidden" in got["skipped"][0]["why"], got["skipped"])


@test
def a_folder_and_a_program_have_no_status_and_no_host_and_what_is_wrong_is_said_once():
    sources = [{"name": "lists", "connector": "roster", "folder": "drop"},
               {"name": "tells", "connector": "exec", "command": ["/bin/echo", "oops"]},
               {"name": "tells-one", "connector": "exec", "command": ["/usr/bin/printf", '{"text":"a"}\\noops\\n']}]
    with Hark(sources=sources) as hark:
        os.mkdir(hark.path("drop"))
        hark.write("drop/a.csv", 'name,employer\nBo Sample,Acme\nCy Sample,"Ac\nme,\n')
        os.utime(hark.path("drop/a.csv"), (1.7e9, 1.7e9))
        said = hark.run("connector", "run", "lists").stdout
        check("a.csv:3: row left out: a quotation mark" in said and "skipped" not in said, said)
        check("200" not in said and "its host" not in said and "roster 1 " not in said, said)
        check("cursor then: " in said and " bytes, which --json shows" in said, said)
        check(hark.json("connector", "run", "lists")["cursor"].startswith("roster 1 "), "no cursor in --json")
        said = hark.run("connector", "run", "tells-one").stdout
        equal((said.count("oops"), "skipped" in said), (1, False), said)
        hark.write("drop/a.csv", "a,b\n1,2\n")
        os.utime(hark.path("drop/a.csv"), (1.7e9, 1.7e9))
        done = hark.run("connector", "run", "lists")
        equal((done.stdout + done.stderr).count("names a column"), 1, done.stdout + done.stderr)


@test
def what_went_wrong_with_the_request_is_said_once():
    with Hark(sources=[{"name": "a", "url": "http://127.0.0.1:1/"}]) as hark:
        done = hark.run("connector", "run", "a")
        equal((done.returncode, (done.stdout + done.stderr).count("cannot connect")), (3, 1), done.stdout + done.stderr)


@test
def a_configuration_that_is_not_there_has_nothing_beside_it():
    with Hark(sources=[]) as hark:
        os.mkdir(hark.path("conf.d"))
        hark.write("conf.d/a.yaml", "nonsense: 1\n")
        done = subprocess.run([HARK, "check", hark.path("nosuch.yaml")], capture_output=True, text=True)
        equal((done.returncode, "nonsense" in done.stdout, "1 error, 0 warnings" in done.stdout), (1, False, True),
              done.stdout)


def listen_to_control_c():
    """What a shell starts in the background ignores it, and so would its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@test
def control_c_ends_it_with_what_has_come():
    peer = Peer()
    peer.script("/items", lambda r: page((2, "two"), (1, "one")) if query(r)["page"] == "1" else
                Answer("late", delay=30))
    with board(peer) as hark:
        p = subprocess.Popen([HARK, "-c", hark.path("hark.yaml"), "connector", "run", "b", "--later"],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=hark.folder,
                             preexec_fn=listen_to_control_c)
        wait_for("the second page", lambda: peer.count("/items") == 2)
        p.send_signal(signal.SIGINT)
        out, err = p.communicate(timeout=20)
        equal(p.returncode, -signal.SIGINT, err)
        check("stopped before its end" in out and "2 posts" in out, out)


run()
