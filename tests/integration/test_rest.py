#!/usr/bin/env python3
"""Sources described by a definition, as the other side sees them: log-ins, pages, details, cursors, rates."""
import base64
import json
import os
import time
from urllib.parse import parse_qs, urlsplit

from daemon import Hark
from peer import Answer, Peer
from tap import check, equal, run, test, wait_for

BOARD = """
id: board
about: a board
every: 1m
vars: {{ server: {{ type: url, about: the server, required: true, example: "https://board.example" }} }}
{auth}
request: {{ url: "{{server}}/items", query: {{ since: "{{cursor?}}", page: "{{page}}" }} }}
cursor: {{ kind: max_id, from: /id }}
paging: {{ kind: page, start: 1, size: 2, max_pages: 5 }}
items: {{ pointer: /items }}
map: {{ external_id: /id, text: /text, author.handle: /by }}
{more}
"""


def board(peer, auth="", more="", secret=None, env=None, **source):
    s = {"name": "b", "connector": "board", "vars": {"server": peer.url("")}, **source}
    if secret:
        s["secret"] = secret
    hark = Hark(sources=[s])
    os.mkdir(hark.path("connectors"))
    hark.write("connectors/board.yaml", BOARD.format(auth=auth, more=more))
    return hark


def page(*items, **more):
    return Answer(json.dumps({"items": [{"id": i, "text": t, "by": f"u{i}"} for i, t in items], **more}),
                  type="application/json")


def query(request):
    return {k: v[0] for k, v in parse_qs(urlsplit(request.target).query).items()}


@test
def a_list_is_asked_whole_once_though_a_detail_is_waited_for():
    peer = Peer()
    people = {"/people/u1": [200], "/people/u2": [500, 200]}
    for path, statuses in people.items():
        peer.script(path, *(Answer('{"bio": "I paint"}', status=s, type="application/json") for s in statuses))

    def items(request):
        now = [(1, "quiet")] if peer.count("/items") < 3 else [(2, "I want a zebrafish"), (1, "quiet")]
        tag = f'"{len(now)}"'
        if request.header("if-none-match") == tag:
            return Answer(status=304)
        return page(*now).with_headers(ETag=tag)
    peer.script("/items", items)
    with board(peer, more='detail: { url: "{server}/people/{/by}", max: 5, map: { author.bio: $detail/bio } }') as hark:
        hark.write("connectors/board.yaml", hark.read("connectors/board.yaml").replace(
            'paging: { kind: page, start: 1, size: 2, max_pages: 5 }', "").replace(
            'query: { since: "{cursor?}", page: "{page}" }', "query: {}").replace(
            "cursor: { kind: max_id, from: /id }", ""))
        hark.start()
        hark.wait_alerts(1)
        asked = [r.header("if-none-match") for r in peer.requests("/items")]
        equal([a for a in asked if a is None], [None], f"asked without a condition: {asked}")
        equal(peer.count("/people/u2"), 2, "the detail that failed is asked for once more")


@test
def a_definition_beside_the_configuration_polls_matches_and_moves_its_cursor():
    peer = Peer()
    peer.script("/items", page((1, "quiet")), page((2, "who has a zebrafish?")), page((2, "who has a zebrafish?")))
    with board(peer) as hark:
        hark.start()
        hark.wait_alerts(1)
        equal([l["subject"]["name"] for l in hark.leads()], ["u2"])
        wait_for("a third poll", lambda: peer.count() >= 3)
        asked = [query(r) for r in peer.requests("/items")]
        equal(asked[0], {"page": "1"})
        equal(asked[1], {"page": "1", "since": "1"})
        equal(asked[2], {"page": "1", "since": "2"})


@test
def pages_are_read_to_their_end_and_the_cursor_waits_for_the_last():
    peer = Peer()
    answers = {"1": page((9, "a"), (8, "b")), "2": page((7, "c"), (6, "zebrafish")), "3": page((5, "d"))}
    first = []

    def answer(request):
        if not first:
            first.append(1)
            return page((1, "quiet"))
        return answers[query(request)["page"]] if query(request).get("since") == "1" else page()

    peer.script("/items", answer)
    with board(peer) as hark:
        hark.start()
        hark.wait_alerts(1)
        wait_for("the poll behind the cursor", lambda: any(query(r).get("since") == "9" for r in peer.requests()))
        since_one = [query(r)["page"] for r in peer.requests() if query(r).get("since") == "1"]
        equal(since_one[:3], ["1", "2", "3"])
        equal(hark.count("posts"), 6)


@test
def a_poll_cut_short_between_pages_is_repeated_from_its_cursor():
    peer = Peer()
    state = {"broken": True}

    def answer(request):
        q = query(request)
        if "since" not in q:
            return page((1, "quiet"))
        if q["page"] == "2" and state["broken"]:
            return Answer("oops", status=500)
        return page((4, "x"), (3, "y")) if q["page"] == "1" and q["since"] == "1" else (
            page((2, "zebrafish")) if q["since"] == "1" else page())

    peer.script("/items", answer)
    with board(peer) as hark:
        hark.start()
        wait_for("the failure", lambda: hark.sources()["b"].get("error"))
        state["broken"] = False
        equal(hark.run("sources", "poll", "b").returncode, 0)
        hark.wait_alerts(1)
        equal(hark.count("posts"), 4)


@test
def every_kind_of_secret_reaches_the_request_and_nothing_else():
    kinds = [
        ("auth: { kind: bearer, secret: token }", {"token": "env:T1"},
         lambda r: r.header("authorization") == "Bearer s3cr3t"),
        ("auth: { kind: header, name: Api-Key, secret: token, name2: Api-User, secret2: user }",
         {"token": "env:T1", "user": "env:T2"},
         lambda r: r.header("api-key") == "s3cr3t" and r.header("api-user") == "ada:x"),
        ("auth: { kind: query, name: key, secret: token }", {"token": "env:T1"},
         lambda r: query(r).get("key") == "s3cr3t"),
        ("auth: { kind: basic, secret: token, secret2: user }", {"token": "env:T1", "user": "env:T2"},
         lambda r: r.header("authorization") == "Basic " + base64.b64encode(b"s3cr3t:ada:x").decode()),
    ]
    for auth, secret, sent in kinds:
        peer = Peer()
        peer.script("/items", page((1, "quiet")), page((2, "zebrafish")))
        with board(peer, auth, secret=secret) as hark:
            hark.start(env={"T1": "s3cr3t", "T2": "ada:x"})
            hark.wait_alerts(1)
            check(all(sent(r) for r in peer.requests("/items")), auth)
            told = hark.log() + hark.run("sources", "list", "--json").stdout
            check("s3cr3t" not in told, "the secret is not shown")
            with open(hark.path("hark.db"), "rb") as f:
                check(b"s3cr3t" not in f.read(), "the secret is not stored")


@test
def tokens_are_had_once_and_again_when_they_are_refused():
    for auth, form in [
        ("auth: { kind: oauth2_client, url: \"{server}/token\", scope: read, secret: id, secret2: key }", True),
        ("auth: { kind: login_json, url: \"{server}/token\", name: identifier, name2: password, secret: id, secret2: key, token: /jwt }", False),
    ]:
        peer = Peer()
        given = []

        def login(request):
            body = request.body.decode()
            if form:
                ok = (parse_qs(body) == {"grant_type": ["client_credentials"], "scope": ["read"]}
                      and request.header("authorization") == "Basic " + base64.b64encode(b"me:pw").decode())
            else:
                ok = json.loads(body) == {"identifier": "me", "password": "pw"}
            if not ok:
                return Answer("no", status=400)
            given.append(f"t{len(given) + 1}")
            return Answer(json.dumps({"access_token" if form else "jwt": given[-1], "expires_in": 3600}),
                          type="application/json")

        def items(request):
            if request.header("authorization") != f"Bearer {given[-1]}":
                return Answer("{}", status=401, type="application/json")
            return page((1, "quiet")) if peer.count("/items") == 1 else page((2, "zebrafish"))

        peer.script("/token", login)
        peer.script("/items", items)
        with board(peer, auth, secret={"id": "env:T1", "key": "env:T2"}) as hark:
            hark.start(env={"T1": "me", "T2": "pw"})
            hark.wait_alerts(1)
            wait_for("more polls", lambda: peer.count("/items") >= 4)
            equal(peer.count("/token"), 1, "log-ins")


@test
def a_log_in_goes_where_the_settings_of_its_source_say():
    peer = Peer()
    peer.script("/of/ada/login", Answer(json.dumps({"jwt": "t1", "next": "r1"}), type="application/json"))
    peer.script("/items", page((1, "quiet")), page((2, "zebrafish")))
    auth = ("auth: { kind: login_json, url: \"{server}/of/{who}/login\", name: n, name2: p, secret: id, secret2: key, "
            "token: /jwt, refresh: /next, refresh_url: \"{server}/of/{who}/next\", expired: TooOld }")
    with board(peer, auth, secret={"id": "env:T1", "key": "env:T2"}) as hark:
        text = BOARD.format(auth=auth, more="").replace(
            "vars: {", "vars: { who: { about: the account, required: true, example: ada },")
        hark.write("connectors/board.yaml", text)
        hark.config["sources"][0]["vars"]["who"] = "ada"
        hark.save()
        hark.start(env={"T1": "me", "T2": "pw"})
        hark.wait_alerts(1)
        equal(peer.count("/of/ada/login"), 1)
        equal({r.header("authorization") for r in peer.requests("/items")}, {"Bearer t1"})


@test
def a_missing_secret_is_said_and_nothing_is_asked_without_it():
    peer = Peer()
    peer.script("/items", page((1, "quiet")))
    with board(peer, "auth: { kind: bearer, secret: token }", secret={"token": "env:NOT_THERE"}) as hark:
        hark.start()
        wait_for("the failure", lambda: "NOT_THERE" in (hark.sources()["b"].get("error") or ""))
        equal(peer.count(), 0)
    with board(peer, "auth: { kind: bearer, secret: token }") as hark:
        done = hark.run("check")
        equal(done.returncode, 1)
        check("needs the secret 'token'" in done.stdout + done.stderr, done.stdout)


@test
def new_items_get_their_detail_and_known_ones_do_not():
    peer = Peer()
    peer.script("/items", page((1, "quiet")), page((2, "short")), page((2, "short")))
    peer.script("/item/2", Answer(json.dumps({"body": "who sells a zebrafish?"}), type="application/json"))
    more = "detail: { url: \"{server}/item/{/id}\", map: { text: $detail/body } }"
    with board(peer, more=more) as hark:
        hark.start()
        hark.wait_alerts(1)
        wait_for("more polls", lambda: peer.count("/items") >= 4)
        equal(peer.count("/item/2"), 1)
        equal(peer.count("/item/1"), 0, "of the baseline")


@test
def a_source_that_says_wait_is_left_alone_and_nobody_is_blamed():
    peer = Peer()
    more = ("errors: [ { if: { pointer: /error }, action: backoff, message: /error, seconds: /wait } ]")
    peer.script("/items", page((1, "quiet")),
                Answer(json.dumps({"error": "slow down", "wait": 3600}), type="application/json"))
    with board(peer, more=more) as hark:
        hark.start()
        wait_for("the refusal", lambda: peer.count() >= 2)
        wait_for("its sentence", lambda: hark.sources()["b"].get("error") == "slow down")
        time.sleep(2.5)
        equal(peer.count(), 2)


@test
def a_try_run_shows_what_comes_and_what_is_left_out_and_stores_nothing():
    peer = Peer()
    peer.script("/items", page((1, "secret zebrafish"), (2, "second")))
    skip = "auth: { kind: bearer, secret: token }"
    with board(peer, skip, secret={"token": "env:T1"}) as hark:
        os.environ["T1"] = "s3cr3t"
        done = hark.run("connector", "run", "b")
        del os.environ["T1"]
        equal(done.returncode, 0, done.stderr)
        check("secret zebrafish" in done.stdout and "u2" in done.stdout, done.stdout)
        check("2 posts, 0 profiles; nothing is stored" in done.stdout, done.stdout)
        check("1 more request would follow in a later poll" in done.stdout, done.stdout)
        check(not os.path.exists(hark.path("hark.db")), "there is no store")
        equal([r.header("authorization") for r in peer.requests()], ["Bearer s3cr3t"])


@test
def a_broken_definition_stops_its_own_source_alone():
    peer = Peer()
    peer.script("/items", page((1, "quiet")))
    with board(peer) as hark:
        good = hark.read("connectors/board.yaml").replace("id: board", "id: bad")
        bad = good.replace("text: /text", "text: { pointer: /text, do: [nosuch] }")
        hark.write("connectors/bad.yaml", good)
        hark.config["sources"].append(
            hark.source({"name": "bad", "connector": "bad", "vars": {"server": peer.url("")}}))
        hark.save()
        hark.start()
        hark.wait_baseline("bad")
        hark.write("connectors/bad.yaml", bad)
        said = hark.run("reload")
        check(said.returncode == 1 and "nosuch" in said.stderr, said.stderr)
        equal(hark.stop(), 0)
        equal(hark.run("check").returncode, 1, "the check")
        before = peer.count()
        hark.start()
        wait_for("the other source to be polled", lambda: peer.count() > before + 1)
        wait_for("the mark", lambda: hark.source_row("bad")["error"])
        check("bad.yaml:" in hark.source_row("bad")["error"] and "nosuch" in hark.source_row("bad")["error"],
              hark.source_row("bad")["error"])
        check("not polled until it is right" in hark.log(), hark.log())
        equal(hark.source_row("b")["error"], None)
        equal(hark.run("reload").returncode, 0, "a reload with what was broken before")
        hark.write("connectors/bad.yaml", good)
        equal(hark.run("reload").returncode, 0, "a reload with it put right")
        hark.run("sources", "poll", "bad", "--force")
        wait_for("it to work again", lambda: not hark.source_row("bad")["error"])
        check("first poll is a baseline" not in hark.log(), "what is known of it was forgotten")
        hark.write("connectors/bad.yaml", bad)
        equal(hark.run("reload").returncode, 1, "a reload with it broken once more")


run()
