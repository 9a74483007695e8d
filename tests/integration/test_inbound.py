#!/usr/bin/env python3
"""What other programs send to hark: taken once it is on the disk, refused with a sentence, lost never."""
import base64
import hashlib
import hmac
import http.client
import json
import os
import re
import socket
import threading
import time

import tap
from daemon import Hark
from tap import check, equal, run, test, wait_for

TOKEN = "k7Qm2Zt9Xw4Rb6Yp"
KEY = "0123456789abcdef0123456789abcdef"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Inbound(Hark):
    def __init__(self, connector="inbound", listen=True, vars=None, secret=None, **more):
        source = {"name": "desk", "connector": connector, "secret": {"token": "file:token", **(secret or {})}}
        if vars:
            source["vars"] = vars
        super().__init__(**more)
        self.port = free_port()
        self.config["sources"] = [source]
        self.config["http"]["listen"] = f"127.0.0.1:{self.port}"
        self.write("token", TOKEN + "\n")
        self.write("key", KEY + "\n")
        os.chmod(self.path("token"), 0o600)
        self.save()

    def send(self, body, path=f"/in/desk/{TOKEN}", method="POST", type="application/json", headers=None):
        """(status, document, headers) of the answer; the connection's end is an OSError."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30 * tap.SLOW)
        try:
            given = {"Content-Type": type} if type else {}
            connection.request(method, path, body if isinstance(body, (bytes, str)) else json.dumps(body),
                               {**given, **(headers or {})})
            answer = connection.getresponse()
            text = answer.read().decode()
            return answer.status, json.loads(text) if text.startswith("{") else text, answer.headers
        finally:
            connection.close()

    def raw(self, text):
        with socket.create_connection(("127.0.0.1", self.port), timeout=10 * tap.SLOW) as s:
            s.sendall(text if isinstance(text, bytes) else text.encode())
            got = b""
            while piece := s.recv(65536):
                got += piece
            return got.decode()


def wish(n):
    return {"external_id": f"w{n}", "author": {"handle": f"author-{n}"}, "text": f"I want a zebrafish, number {n}"}


def problem(got, status, *words):
    equal(got[0], status, got[1])
    equal(got[2]["Content-Type"], "application/problem+json")
    equal(got[1]["status"], status)
    for word in words:
        check(word in got[1]["detail"], word, "is not in", got[1]["detail"])
    check("\n" not in got[1]["detail"])


@test
def a_post_that_is_sent_raises_a_lead_and_a_repeated_one_no_second():
    with Inbound() as hark:
        hark.start()
        status, said, _ = hark.send(wish(1))
        equal((status, said), (200, {"taken": 1, "new": 1, "skipped": 0, "errors": []}))
        equal(hark.count("posts"), 1, "what is answered is stored")
        hark.wait_alerts(1)
        equal(hark.send(wish(1))[1]["new"], 0)
        equal(hark.send([wish(1), wish(2)])[1], {"taken": 2, "new": 1, "skipped": 0, "errors": []})
        equal(hark.send("\n".join(json.dumps(wish(n)) for n in (2, 3)), type="application/x-ndjson")[1]["new"], 1)
        hark.wait_alerts(3)
        equal(len(hark.leads()), 3)
        equal(hark.leads(historic=True), [])
        hark.send({**wish(4), "author": {"handle": "quiet", "bio": "Widgets. #nobots"}})
        equal(hark.sources()["desk"]["posts"], 3, "repeated ones and who has opted out are no posts")
        said = hark.run("sources", "show", "desk").stdout
        check("posts      3 in 5 messages\n" in said and "every " not in said and "polled" not in said, said)


@test
def each_bad_item_is_named_and_the_good_ones_are_taken():
    with Inbound() as hark:
        hark.start()
        status, said, _ = hark.send([wish(1), {"text": 7}, wish(2), "x", {"external_id": "e"}])
        equal(status, 200)
        equal((said["taken"], said["new"], said["skipped"]), (2, 2, 3))
        equal([e["item"] for e in said["errors"]], [1, 3, 4])
        check("text must be a string" in said["errors"][0]["why"], said)
        problem(hark.send([{"text": 7}]), 422, "of its 1 item none", "text must be a string")
        problem(hark.send("{"), 422, "JSON")
        problem(hark.send(""), 422, "nothing was sent")
        check("JSON" in hark.sources()["desk"]["error"] or "nothing" in hark.sources()["desk"]["error"])
        equal(hark.sources()["desk"]["state"], "ok")
        hark.send(wish(3))
        check("error" not in hark.sources()["desk"])
        check("desk: is sent what can be read again" in hark.log() and "answers again" not in hark.log(), hark.log())


@test
def what_is_left_out_of_a_record_is_told_to_its_sender_and_shown():
    with Inbound() as hark:
        hark.start()
        for n, more in ((1, {"colour": "red"}), (2, {}), (3, {"author": {"name": "Al"}}), (4, {"url": "not a url"})):
            said = hark.send({**wish(n), **more})[1]
            equal((said["taken"], said["skipped"]), (1, 0))
            equal("left_out" in said, more != {}, said)
            equal(hark.sources()["desk"].get("noted"), said.get("left_out"))
            equal(hark.sources()["desk"]["state"], "ok")
        check("url: 'not a url' is no link" in said["left_out"], said)
        check("is no link" in hark.run("sources", "show", "desk").stdout)
        told = [l for l in hark.log().splitlines() if "taken, but for a part" in l]
        equal(len(told), 1, told)
        check("colour: no post has such a member" in told[0], told[0])


@test
def who_has_no_right_or_another_wish_hears_so():
    with Inbound() as hark:
        hark.start()
        wrong = hark.send(wish(1), path="/in/desk/" + "x" * 16)
        problem(wrong, 404)
        equal(hark.send(wish(1), path="/in/other/" + TOKEN)[1], wrong[1], "another name is told apart")
        equal(hark.send(wish(1), path="/in/desk")[1], wrong[1])
        equal(hark.send(wish(1), path="/in/")[1], wrong[1])
        equal(hark.send(wish(1), path=f"/in/desk/{TOKEN}/x")[1], wrong[1])
        equal(hark.send(wish(1), path=f"/in/desk/{TOKEN[:-1]}")[1], wrong[1])
        problem(hark.send("", path=f"/in/desk/{TOKEN}", method="GET"), 405)
        problem(hark.send("a=b", type="application/x-www-form-urlencoded"), 415, "application/json")
        problem(hark.send("{}", type=None), 415)
        for path in (f"/in/../in/desk/{TOKEN}", f"/in//desk/{TOKEN}", f"/in/desk%2f{TOKEN}", "/in/%2e%2e/x"):
            check(" 400 " in hark.raw(f"POST {path} HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n"), path)
        said = hark.run("sources", "show", "desk").stdout
        check(f"sent to    http://127.0.0.1:{hark.port}/in/desk/TOKEN\n" in said, said)
        equal(hark.sources()["desk"]["sent_to"], f"http://127.0.0.1:{hark.port}/in/desk/TOKEN")
        equal(hark.send(wish(1), path="/in/desk", headers={"Authorization": "Bearer " + TOKEN})[0], 200)
        equal(hark.send(wish(2), type="application/json; charset=utf-8")[0], 200)
        equal(hark.count("posts"), 2)
        wait_for("the refusals to be counted", lambda: hark.sources()["desk"]["push"]["refused"] >= 4)
        check("refused for a wrong token" in hark.run("sources", "list").stdout)
        check(TOKEN not in hark.log() and "x" * 16 not in hark.log(), "a token is in the log")


@test
def a_body_that_is_too_large_is_refused_before_it_is_read():
    with Inbound() as hark:
        hark.config["sources"][0]["max-body"] = "2KiB"
        hark.save()
        hark.start()
        got = hark.raw(f"POST /in/desk/{TOKEN} HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
                       "Content-Length: 2049\r\n\r\n")
        check(" 413 " in got and "problem+json" in got, got)
        piece = b"800\r\n" + b" " * 2048 + b"\r\n"
        got = hark.raw(f"POST /in/desk/{TOKEN} HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
                       "Transfer-Encoding: chunked\r\n\r\n".encode() + 2 * piece + b"0\r\n\r\n")
        check(" 413 " in got, got)
        equal(hark.send(wish(1))[0], 200)


@test
def signed_messages_are_checked_and_old_ones_refused():
    with Inbound(vars={"signature": "webhook"}, secret={"key": "file:key"}) as hark:
        hark.start()

        def signed(body, at=None, key=KEY, id="msg_1"):
            at = str(int(time.time() if at is None else at))
            mac = hmac.new(key.encode(), f"{id}.{at}.{body}".encode(), hashlib.sha256).digest()
            return {"webhook-id": id, "webhook-timestamp": at,
                    "webhook-signature": "v1," + base64.b64encode(mac).decode()}

        body = json.dumps(wish(1))
        problem(hark.send(body), 401, "missing")
        problem(hark.send(body, headers=signed(body, key="another")), 401, "wrong")
        problem(hark.send(body, headers=signed(body, at=time.time() - 301)), 401, "five minutes")
        problem(hark.send(body + " ", headers=signed(body)), 401, "wrong")
        equal(hark.count("posts"), 0)
        good = signed(body)
        equal(hark.send(body, headers=good)[1]["new"], 1)
        equal(hark.send(body, headers=good)[1]["new"], 0, "a replay")
        wait_for("the refusals to be counted", lambda: hark.sources()["desk"]["push"]["refused"] == 4)
        check(KEY not in hark.log())


@test
def github_signs_its_own_way():
    with Inbound(vars={"signature": "hub"}, secret={"key": "file:key"}) as hark:
        hark.start()
        body = json.dumps(wish(1))
        mac = hmac.new(KEY.encode(), body.encode(), hashlib.sha256).hexdigest()
        problem(hark.send(body, headers={"X-Hub-Signature-256": "sha256=" + "0" * 64}), 401)
        problem(hark.send(body, headers={"X-Hub-Signature": "sha256=" + mac}), 401)
        equal(hark.send(body, headers={"X-Hub-Signature-256": "sha256=" + mac})[0], 200)


DEFINITION = """\
id: tickets
about: Tickets of the example desk
pushed: true
auth: { kind: hub_signature, secret: key }
items: { pointer: /event/tickets, skip_if: { pointer: /spam, eq: true } }
map:
  external_id: /number
  author.handle: /from
  title: /subject
  text: { pointer: /html, do: [ html_to_text ] }
"""


@test
def a_definition_reads_the_json_of_others():
    with Inbound(connector="tickets", secret={"key": "file:key"}) as hark:
        os.mkdir(hark.path("connectors"))
        hark.write("connectors/tickets.yaml", DEFINITION)
        hark.start()
        body = json.dumps({"event": {"tickets": [
            {"number": 1, "from": "mira", "subject": "Help", "html": "<p>I want a <b>zebrafish</b></p>"},
            {"number": 2, "spam": True}, {"from": "nobody"}]}})
        mac = hmac.new(KEY.encode(), body.encode(), hashlib.sha256).hexdigest()
        status, said, _ = hark.send(body, headers={"X-Hub-Signature-256": "sha256=" + mac})
        equal((status, said["taken"], said["skipped"]), (200, 1, 2))
        equal([e["item"] for e in said["errors"]], [1, 2])
        hark.wait_alerts(1)


@test
def addresses_come_and_go_with_a_reload():
    with Inbound() as hark:
        hark.start()
        equal(hark.send(wish(1))[0], 200)
        kept = hark.config["sources"]
        hark.config["sources"] = [{**kept[0], "name": "other"}]
        hark.save()
        equal(hark.run("reload").returncode, 0)
        equal(hark.send(wish(2))[0], 404)
        equal(hark.send(wish(2), path="/in/other/" + TOKEN)[0], 200)
        equal(hark.run("sources", "pause", "other").returncode, 0)
        status, said, headers = hark.send(wish(3), path="/in/other/" + TOKEN)
        equal((status, said["detail"]), (503, "the source is paused"))
        check(int(headers["Retry-After"]) > 0)
        equal(hark.run("sources", "poll", "other").returncode, 1)
        hark.write("token", "short\n")
        equal(hark.send(wish(4), path="/in/other/short")[0], 404)
        check("could be guessed" in hark.log())
        where = re.compile(r"hark\.yaml:\d+:\d+: error C009: .* shorter than 16 characters and could be guessed")
        for command in ("check", "reload"):
            done = hark.run(command)
            equal(done.returncode, 1, command)
            check(where.search(done.stdout + done.stderr), done.stdout + done.stderr)
        hark.stop()
        done = hark.once()
        check(done.returncode != 0 and where.search(done.stdout + done.stderr), done)


@test
def a_flood_is_slowed_down_and_nothing_of_it_is_lost():
    with Inbound(vars={"rate": "60000"}) as hark:
        hark.start()
        taken, others, lock = set(), [], threading.Lock()

        def flood(first):
            for n in range(first, first + 25):
                status, said, headers = hark.send(wish(n))
                with lock:
                    if status == 200:
                        taken.add(f"w{n}")
                    else:
                        others.append((status, headers["Retry-After"]))

        threads = [threading.Thread(target=flood, args=(1000 * i,), daemon=True) for i in range(8)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        check(all(status in (429, 503) and int(after) > 0 for status, after in others), others)
        stored = {r["external_id"] for r in hark.rows("SELECT external_id FROM posts")}
        equal(stored, taken)


@test
def more_than_the_rate_is_told_to_wait():
    with Inbound(vars={"rate": "1"}) as hark:
        hark.start()
        equal(hark.send(wish(1))[0], 200)
        status, said, headers = hark.send(wish(2))
        equal(status, 429)
        check(0 < int(headers["Retry-After"]) <= 61, headers["Retry-After"])


@test
def nothing_that_was_answered_200_is_lost_to_a_kill():
    with Inbound(vars={"rate": "60000"}) as hark:
        promised, done, lock = set(), threading.Event(), threading.Lock()

        def sender(first):
            n = first
            while not done.is_set():
                try:
                    if hark.send(wish(n))[0] == 200:
                        with lock:
                            promised.add(f"w{n}")
                        n += 1
                except (OSError, http.client.HTTPException, ValueError):
                    time.sleep(0.01)

        threads = [threading.Thread(target=sender, args=(100000 * i,), daemon=True) for i in range(4)]
        for t in threads:
            t.start()
        for i in range(4):
            hark.start()
            had = len(promised)
            wait_for("some messages to be taken", lambda: len(promised) > had + 10, 20)
            hark.kill()
        done.set()
        for t in threads:
            t.join()
        hark.start()
        stored = {r["external_id"] for r in hark.rows("SELECT external_id FROM posts")}
        equal(sorted(promised - stored), [], "promised and lost")
        equal(hark.count("leads"), hark.count("posts"), "one lead a wish")


@test
def a_stop_answers_everybody():
    with Inbound(vars={"rate": "60000"}) as hark:
        hark.start()
        answers, stop = [], threading.Event()

        def sender(first):
            n = first
            while not stop.is_set():
                try:
                    answers.append(hark.send(wish(n))[0])
                except (OSError, http.client.HTTPException):
                    return
                n += 1

        threads = [threading.Thread(target=sender, args=(1000 * i,), daemon=True) for i in range(4)]
        for t in threads:
            t.start()
        wait_for("messages to come", lambda: len(answers) > 20)
        equal(hark.stop(), 0)
        stop.set()
        for t in threads:
            t.join()
        check(set(answers) <= {200, 503}, set(answers))
        check(answers.count(200) <= hark.count("posts"), answers.count(200), "promised")


@test
def a_source_that_nothing_can_reach_is_said():
    with Inbound() as hark:
        del hark.config["http"]["listen"]
        hark.save()
        done = hark.run("check")
        check("nothing can be sent to 'desk'" in done.stdout + done.stderr, done.stdout + done.stderr)
        check("sent to    nowhere" in hark.run("sources", "show", "desk").stdout)
        hark.config["http"]["listen"] = f"0.0.0.0:{hark.port}"
        hark.save()
        hark.start(wait=False)
        equal(hark.process.wait(20 * tap.SLOW), 2)
        check("behind-tls" in hark.log(), hark.log())


run()
