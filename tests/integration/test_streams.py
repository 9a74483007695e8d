#!/usr/bin/env python3
"""Sources that are listened to, as the other side sees them: events, lines and WebSockets, cut and resumed."""
import json
import os
import time
from urllib.parse import parse_qs, urlsplit

from daemon import Hark
from peer import Answer, Peer
from streampeer import StreamPeer
from tap import SLOW, check, equal, figure, run, test, wait_for

DEFINITION = """
id: live
about: a live board
every: 1s
every_min: 1s
vars: {{ server: {{ type: host, about: the server, required: true, example: board.example }} }}
{auth}
stream: {{ {transport} url: "http://{{server}}/live", query: {query}, format: {format}, idle: {idle} }}
{more}
cursor: {cursor}
items: {{ pointer: "", skip_if: {{ pointer: $parent/event, eq: noise }} }}
map:
  external_id: /id
  text: /text
  author.handle: /by
  deleted: /gone
"""

IDS = "{ kind: max_id, from: /id }"


def live(peer, format="lines", transport="", query='{ after: "{cursor?}" }', cursor=IDS, idle="60s", auth="", more="",
         **source):
    hark = Hark(sources=[{"name": "b", "connector": "live", "vars": {"server": peer.host}, **source}])
    os.mkdir(hark.path("connectors"))
    hark.write("connectors/live.yaml", DEFINITION.format(
        format=format, transport=transport and f"transport: {transport},", query=query, cursor=cursor, idle=idle,
        auth=auth, more=more))
    return hark


def post(i, text="quiet", **more):
    return {"id": i, "text": text, "by": f"u{i}", **more}


def asked(request):
    return {k: v[0] for k, v in parse_qs(urlsplit(request.target).query).items()}


def after(request):
    return int(asked(request).get("after", 0))


def wait_posts(hark, n, seconds=20):
    wait_for(f"{n} posts", lambda: hark.count("posts") >= n, seconds)


@test
def what_is_heard_is_matched_at_once_and_nothing_of_it_is_historic():
    def speak(say, request):
        say.head()
        say.line(post(1, "who has a zebrafish?"))
        say.bytes(b"\n\n")
        say.line(post(2))
        say.wait()

    peer = StreamPeer(speak)
    with live(peer) as hark:
        hark.start()
        hark.wait_alerts(1)
        equal([l["subject"]["name"] for l in hark.leads()], ["u1"])
        wait_posts(hark, 2)
        equal(len(peer.requests), 1)
        request = peer.requests[0]
        check("mailto:ops@example.com" in request.header("user-agent"), request.header("user-agent"))
        row = wait_for("its figures", lambda: (lambda r: r if r.get("stream", {}).get("events") == 2 else None)(
            hark.sources()["b"]))
        equal((row["state"], row["posts"], row["gaps"]), ("streaming", 2, []))
        check(row["stream"]["since"] and row["stream"]["event"], row)
        check("listening" in hark.run("sources", "show", "b").stdout)
        equal(hark.stop(2), 0)


@test
def server_sent_events_are_read_by_their_standard():
    def speak(say, request):
        equal(request.header("accept"), "text/event-stream")
        say.head(type="text/event-stream")
        say.bytes(b"\xef\xbb\xbf:thump\r\n\r\nevent: noise\r\ndata: {\"id\": 9}\r\n\r\n")
        say.bytes(b"data: {\"id\": 1,\r")
        say.bytes(b"data: \"text\": \"a zebrafish\"}\r\r")
        say.event(post(2), type="update")
        say.bytes(b"data: {not json}\n\ndata: \"text\"\n\ndata: {\"id\": 3, \"text\": \"bad \xff\xc3 bytes\"}\n\n")
        say.wait()

    peer = StreamPeer(speak)
    with live(peer, format="events") as hark:
        hark.start()
        wait_posts(hark, 3)
        equal([r["external_id"] for r in hark.rows("SELECT external_id FROM posts ORDER BY id")], ["1", "2", "3"])
        check("\ufffd" in hark.rows("SELECT text FROM posts WHERE text LIKE 'bad%'")[0]["text"])
        hark.wait_alerts(1)


@test
def a_broken_connection_is_made_again_from_the_cursor_and_nothing_comes_twice():
    total = 40

    def speak(say, request):
        say.head()
        for i in range(max(1, after(request) - 2), total + 1):
            if i == after(request) + 10:
                say.bytes(b'{"id": 1000, "text": "half a')
                return
            say.line(post(i, "zebrafish" if i % 10 == 5 else "quiet"))
        say.wait()

    peer = StreamPeer(speak)
    with live(peer) as hark:
        hark.start()
        wait_posts(hark, total)
        hark.wait_alerts(4)
        cursors = [after(r) for r in peer.requests]
        equal(cursors, sorted(cursors), "cursors only grow")
        check(cursors[-1] >= 30, cursors)
        equal(hark.count("posts"), total)
        equal(hark.count("leads"), 4)
        equal(hark.sources()["b"].get("error"), None)


@test
def kills_lose_nothing_and_raise_nothing_twice():
    """kill -9 while it streams; the peer says everything behind the cursor it is asked from."""
    total, published = 4000, [0]

    def speak(say, request):
        say.head()
        i = after(request)
        while True:
            while i < published[0]:
                i += 1
                say.line(post(i, "zebrafish" if i % 400 == 0 else "quiet"))
            time.sleep(0.005)

    peer = StreamPeer(speak)
    with live(peer) as hark:
        for n in range(5):
            hark.start(wait=False)
            for _ in range(8):
                published[0] += total // 40
                time.sleep(0.04 * (n + 1) * SLOW)
            hark.kill()
        published[0] = total
        hark.start()
        wait_posts(hark, total, 40)
        wait_for("all alerts", lambda: hark.count("outbox", "state <> 'sent'") == 0, 30)
        equal(hark.count("posts"), total)
        equal(hark.count("leads"), total // 400)
        equal(len({a["id"] for a in hark.alerts()}), total // 400)
        figure(f"{len(peer.requests)} connections")


@test
def a_websocket_with_a_clock_for_a_cursor_is_resumed_with_an_overlap():
    now = int(time.time()) - 60
    cuts = []

    def speak(say, request):
        say.head()
        since = int(asked(request).get("cursor", "0"))
        cuts.append(since)
        say.frame(b"", first=0x89)
        first = since // 1000000 if since else now
        for i in range(first, first + 8):
            say.line(post(str(i), "a zebrafish" if i == now + 2 else "quiet", time_us=i * 1000000))
        if len(cuts) < 3:
            say.frame(b"\x03\xe9restart", first=0x88)
            return
        data = json.dumps(post("last")).encode()
        say.frame(data[:9], first=0x01)
        say.frame(b"are you there?", first=0x89)
        say.frame(data[9:], first=0x80)
        say.wait()

    peer = StreamPeer(speak)
    with live(peer, transport="websocket", query='{ cursor: "{since_ms?}000" }',
              cursor="{ kind: max_time, from: { pointer: /time_us, do: [epoch_us] }, overlap: 5s }") as hark:
        hark.start()
        wait_for("the last", lambda: hark.count("posts", "external_id = 'last'"))
        equal(cuts, [0, (now + 2) * 1000000, (now + 4) * 1000000])
        equal(hark.count("posts"), 13, "0 to 11 and the last")
        equal(hark.count("leads"), 1)
        equal([g["cause"] for g in hark.sources()["b"]["gaps"] if not g.get("filled")], [])


@test
def a_backlog_that_begins_too_late_is_a_gap():
    now = int(time.time()) - 7200

    def speak(say, request):
        say.head()
        first = now if "cursor" not in asked(request) else now + 3600
        say.line(post(str(first), time_us=first * 1000000))
        if first == now:
            return
        say.wait()

    peer = StreamPeer(speak)
    with live(peer, transport="websocket", query='{ cursor: "{since_ms?}000" }',
              cursor="{ kind: max_time, from: { pointer: /time_us, do: [epoch_us] }, overlap: 5s }") as hark:
        hark.start()
        wait_posts(hark, 2)
        gaps = wait_for("the gap", lambda: [g for g in hark.sources()["b"]["gaps"] if not g.get("filled")])
        equal([g["cause"] for g in gaps], ["stream"])
        check("blind" in hark.run("sources", "list").stdout)


@test
def what_was_missed_is_read_from_the_list_when_there_is_one():
    shop = Peer()
    shop.script("/items", lambda r: Answer(json.dumps(
        [post(i, "zebrafish" if i == 3 else "quiet") for i in range(int(asked(r).get("min", 0)) + 1, 5)]),
        type="application/json"))

    def speak(say, request):
        say.head(type="text/event-stream")
        if len(peer.requests) == 1:
            say.event(post(1))
            return
        say.event(post(5))
        say.wait()

    peer = StreamPeer(speak)
    more = f'request: {{ url: "http://{{server}}/items", query: {{ min: "{{cursor?}}" }} }}'
    # One host for both: the peer that lists is another, so its address is written out.
    with live(peer, format="events", query="{}", more=more.replace("{server}", "{list}")) as hark:
        text = hark.read("connectors/live.yaml").replace(
            "vars: {", f'vars: {{ list: {{ type: host, about: the list, default: "board.example" }},', 1)
        hark.write("connectors/live.yaml", text)
        hark.config["sources"][0]["vars"]["list"] = f"127.0.0.1:{shop.port}"
        hark.save()
        hark.start()
        wait_posts(hark, 5)
        hark.wait_alerts(1)
        equal([asked(r) for r in shop.requests("/items")], [{"min": "1"}])
        equal([g for g in hark.sources()["b"]["gaps"] if not g.get("filled")], [])


@test
def states_of_one_post_are_folded_and_deletions_followed():
    def speak(say, request):
        say.head()
        say.bytes(b"".join(json.dumps(p).encode() + b"\n" for p in [
            post(1, "a zebrafish"), post(2, "a zebrafish"), post(1, gone=True), post(3, "first"), post(3, "second")]))
        wait_for("the first piece", lambda: hark.count("posts") >= 2)
        say.line(post(2, gone=True))
        say.wait()

    peer = StreamPeer(speak)
    with live(peer) as hark:
        hark.start()
        hark.wait_alerts(1)
        wait_for("the deletion", lambda: not hark.rows(
            "SELECT 1 FROM posts WHERE external_id = '2' AND deleted_ms IS NULL"))
        equal([l["subject"]["name"] for l in hark.leads()], ["u2"])
        equal([r["text"] for r in hark.rows(
            "SELECT text FROM posts WHERE external_id = '3'")], ["second"])


@test
def events_that_are_too_large_or_broken_cost_themselves_alone():
    def speak(say, request):
        say.head()
        say.line(post(1))
        say.line(post(2, "x" * 3000000))
        say.bytes(b"{broken\n[]\n7\n")
        say.line(post(3, "a zebrafish"))
        say.wait()

    for transport in ["", "websocket"]:
        def talk(say, request):
            if say.websocket:
                say.head()
                for data in [json.dumps(post(1)).encode(), b"x" * 3000000, b"{broken", json.dumps(post(3, "a zebrafish")).encode()]:
                    say.frame(data)
                say.wait()
            speak(say, request)

        peer = StreamPeer(talk)
        with live(peer, transport=transport) as hark:
            hark.start()
            hark.wait_alerts(1)
            equal([r["external_id"] for r in hark.rows("SELECT external_id FROM posts ORDER BY id")], ["1", "3"])
            equal(len(peer.requests), 1)


@test
def refusals_are_said_and_waited_out():
    def speak(say, request):
        say.refuse(429, "Retry-After: 3600\r\n")

    for transport in ["", "websocket"]:
        peer = StreamPeer(speak)
        with live(peer, transport=transport) as hark:
            hark.start()
            row = wait_for("the refusal", lambda: (lambda r: r if r.get("error") else None)(hark.sources()["b"]))
            check("429" in row["error"], row["error"])
            equal(row["state"], "failing")
            time.sleep(1.5)
            equal(len(peer.requests), 1)


@test
def a_place_that_is_too_old_is_given_up_and_the_gap_is_kept():
    def speak(say, request):
        if after(request):
            say.refuse(416)
            return
        say.head()
        say.line(post(1 if len(peer.requests) == 1 else 90))
        if len(peer.requests) > 1:
            say.wait()

    peer = StreamPeer(speak)
    with live(peer, more="errors: [ { status: 416, action: reset_cursor, message: too old } ]") as hark:
        hark.start()
        wait_posts(hark, 2)
        equal([after(r) for r in peer.requests[:3]], [0, 1, 0])
        gaps = [g for g in hark.sources()["b"]["gaps"] if not g.get("filled")]
        equal([g["cause"] for g in gaps], ["stream"])


@test
def a_silent_peer_is_left_for_a_new_connection():
    def speak(say, request):
        say.head()
        say.line(post(len(peer.requests)))
        say.wait()

    peer = StreamPeer(speak)
    with live(peer, idle="1s") as hark:
        hark.start()
        wait_for("a second connection", lambda: len(peer.requests) >= 2)
        wait_posts(hark, 2)


@test
def a_flood_of_empty_frames_is_left_and_costs_nobody_else():
    def flood(say, request):
        say.head()
        say.frame(b"{", 0x01)
        while True:
            say.raw(b"\x89\x02hi\x00\x00" * 10000)

    def speak(say, request):
        say.head()
        say.line(post(1, "a zebrafish"))
        say.wait()

    peer, quiet = StreamPeer(flood), StreamPeer(speak)
    with live(peer, transport="websocket") as hark:
        hark.config["sources"].append({**hark.config["sources"][0], "name": "quiet", "vars": {"server": quiet.host}})
        hark.save()
        hark.start()
        hark.wait_alerts(1)
        row = wait_for("the failure", lambda: (lambda r: r if r.get("error") else None)(hark.sources()["b"]))
        check("floods the connection with frames that say nothing" in row["error"], row["error"])
        equal(row["state"], "failing")


@test
def a_flood_that_says_nothing_is_left_whatever_it_is_made_of():
    floods = {"frames": ("websocket", "lines", lambda say: say.raw(b"\x81\x011" * 10000)),
              "blank": ("http", "lines", lambda say: say.bytes(b"\n" * 10000)),
              "small": ("http", "lines", lambda say: say.bytes(b"1\n" * 10000)),
              "comments": ("http", "events", lambda say: say.bytes(b":\n" * 10000)),
              "events": ("http", "events", lambda say: say.bytes(b"data: 1\n\n" * 10000))}

    def pour(flood):
        def speak(say, request):
            say.head()
            while True:
                flood(say)
        return StreamPeer(speak)

    with live(pour(floods["blank"][2])) as hark:
        hark.config["sources"] = []
        for name, (transport, format, flood) in floods.items():
            hark.write(f"connectors/{name}.yaml", DEFINITION.replace("id: live", f"id: {name}").format(
                format=format, transport=f"transport: {transport},", query='{ after: "{cursor?}" }', cursor=IDS,
                idle="60s", auth="", more=""))
            hark.config["sources"].append({"name": name, "connector": name, "every": "15m", "internal": "true",
                                           "vars": {"server": pour(flood).host}})
        hark.save()
        hark.start()
        wait_for("all to be left", lambda: not [n for n, r in hark.sources().items() if not r.get("error")], 30)
        for name, row in hark.sources().items():
            check("floods the connection with" in row["error"], f"{name}: {row['error']}")
            equal(row["state"], "failing", name)


@test
def connections_that_all_end_at_once_are_a_failure_in_the_end():
    def rude(say, request):
        say.head(type="text/event-stream")
        say.bytes(b"retry: 0\n\n")
        say.event(post(len(peer.requests)))

    peer = StreamPeer(rude)
    with live(peer, format="events") as hark:
        hark.start()
        wait_for("the failure", lambda: hark.source_row("b").get("failures", 0) >= 1, 30)
        wait_for("ever longer pauses", lambda: hark.source_row("b")["failures"] >= 3, 30)
        failures, asked = hark.source_row("b")["failures"], len(peer.requests)
        check(asked <= failures + 5, f"{asked} connections, {failures} failures")
        equal(hark.sources()["b"]["state"], "failing")
        wait_posts(hark, 7)


@test
def secrets_reach_the_peer_and_a_compressed_stream_is_read():
    def speak(say, request):
        equal(request.header("authorization"), "Bearer s3cr3t")
        say.head(zipped=True)
        for i in range(50):
            say.line(post(i, "a zebrafish" if i == 49 else "quiet"))
        say.wait()

    peer = StreamPeer(speak)
    with live(peer, auth="auth: { kind: bearer, secret: token }", secret={"token": "env:T1"}) as hark:
        hark.start(env={"T1": "s3cr3t"})
        hark.wait_alerts(1)
        check("s3cr3t" not in hark.log() + hark.run("sources", "list", "--json").stdout)


@test
def a_peer_in_a_private_network_is_refused_unless_it_is_ones_own():
    peer = StreamPeer(lambda say, request: say.head())
    for transport in ["", "websocket"]:
        with live(peer, transport=transport, internal="false", every="1m", spacing="2s") as hark:
            del hark.config["http"]["per-host"]
            hark.save()
            hark.start()
            wait_for("the refusal", lambda: "127.0.0.0/8" in (hark.sources()["b"].get("error") or ""))
    equal(len(peer.requests), 0)


@test
def pause_resume_reload_and_remove_work_at_once():
    def speak(say, request):
        say.head()
        say.line(post(len(peer.requests)))
        say.wait()

    peer = StreamPeer(speak)
    with live(peer) as hark:
        hark.start()
        wait_posts(hark, 1)
        equal(hark.run("reload").returncode, 0)
        equal(hark.run("sources", "poll", "b").returncode, 0)
        equal(hark.run("sources", "pause", "b").returncode, 0)
        peer.closed.get(timeout=5 * SLOW)
        equal(len(peer.requests), 1, "a reload keeps the connection")
        equal(hark.sources()["b"]["state"], "paused")
        equal(hark.run("sources", "resume", "b").returncode, 0)
        wait_posts(hark, 2)
        equal(len(peer.requests), 2)
        hark.config["sources"] = [Hark.source({"name": "other", "url": f"http://{peer.host}/", "paused": "true"})]
        hark.save()
        equal(hark.run("reload").returncode, 0)
        peer.closed.get(timeout=5 * SLOW)
        equal(hark.stop(2), 0)


@test
def once_listens_for_a_while_and_ends():
    def speak(say, request):
        say.head()
        say.line(post(1, "a zebrafish"))
        say.wait()

    peer = StreamPeer(speak)
    with live(peer) as hark:
        equal(hark.once().returncode, 0)
        equal(hark.count("leads", "historic = 0"), 1)
        equal(hark.source_row("b")["failures"], 0)


@test
def a_try_run_listens_and_stores_nothing():
    def speak(say, request):
        say.head()
        say.line(post(1, "a zebrafish"))
        say.wait()

    peer = StreamPeer(speak)
    with live(peer) as hark:
        done = hark.run("connector", "run", "b")
        equal(done.returncode, 0, done.stderr)
        check("a zebrafish" in done.stdout and "1 post, 0 profiles; nothing is stored" in done.stdout, done.stdout)
        check(not os.path.exists(hark.path("hark.db")), "there is no store")


@test
def a_secret_in_the_address_of_a_stream_is_shown_to_nobody():
    def speak(say, request):
        say.head()
        say.line(post(1))
        say.wait()

    peer = StreamPeer(speak)
    with live(peer, auth="auth: { kind: query, name: key, secret: token }", secret={"token": "file:token"}) as hark:
        hark.write("token", "s3cretw0rd")
        done = hark.run("connector", "run", "b")
        equal(asked(peer.requests[0])["key"], "s3cretw0rd")
        check("/live" in done.stdout, done.stdout + done.stderr)
        check("s3cretw0rd" not in done.stdout + done.stderr + hark.run("connector", "run", "b", "--json").stdout)


run()
