#!/usr/bin/env python3
"""Alerts as mails: what a mail program makes of them, and what the server may say."""
import json
import os
import re
import sqlite3
import ssl
import subprocess
import tempfile

from apiclient import Link
from daemon import Hark
from peer import Answer, Peer, rss
from smtppeer import PASSWORD, USER, SmtpPeer
from tap import check, equal, run, test, wait_for

QUIET = [{"id": "1", "text": "A quiet day"}]
TRICKY = "Where do I get a zebrafish? &lt;script&gt;alert(1)&lt;/script&gt;<br>.<br>Bcc: all@board.example<br>Grüße ☃"


def mail_hark(smtp, text=TRICKY, author="Cy", **more):
    source = Peer()
    source.script("/feed", Answer(rss(QUIET)), Answer(rss([{"id": "2", "author": author, "text": text}] + QUIET)))
    receiver = {"name": "ana", "type": "mail", "server": smtp.url, "from": "hark@acme.example",
                "to": "ana@acme.example", "internal": True, **more}
    hark = Hark(sources=[{"name": "a", "url": source.url("/feed")}], receivers=[receiver],
                routes=[{"when": {"kind": ["purchase-intent"]}, "to": ["ana"]}])
    hark.write("password", PASSWORD + "\n")
    os.chmod(hark.path("password"), 0o600)
    return hark


def sent(hark, n=1):
    wait_for("the mail to be sent", lambda: hark.count("outbox", "state = 'sent'") == n, 30)


@test
def a_mail_says_why_and_shows_the_words_as_words():
    with SmtpPeer() as smtp, mail_hark(smtp, author="Çy Ünal") as hark:
        hark.start()
        sent(hark)
        equal(smtp.envelopes, [("hark@acme.example", ["ana@acme.example"])])
        m = smtp.mails[0]
        check("\u00c7y" in m["Subject"] or "zebrafish" in m["Subject"], m["Subject"])
        equal(m["Auto-Submitted"], "auto-generated")
        check(m["Bcc"] is None, "a header out of a post")
        equal(m["References"], "<lead-1@acme.example>")
        row = hark.rows("SELECT delivery_id FROM outbox")[0]
        equal(m["Message-ID"], f"<{row['delivery_id']}@acme.example>")
        text, html = (m.get_body((kind,)).get_content() for kind in ("plain", "html"))
        check("«zebrafish»" in text and "Grüße ☃" in text and "hark leads show 1" in text, text)
        check("<mark>zebrafish</mark>" in html and "&lt;script&gt;" in html and "<script" not in html, html)
        raw = smtp.raw[0]
        check(all(line.endswith(b"\r") for line in raw.split(b"\n")[:-1]), "lines that do not end with CRLF")
        check(all(len(line) <= 100 for line in raw.split(b"\r\n\r\n")[0].split(b"\n")), "a long header line", raw)


@test
def a_refused_mail_is_sent_again_as_the_same():
    with SmtpPeer() as smtp, mail_hark(smtp) as hark:
        smtp.script = ["451 4.3.0 later"]
        hark.start()
        sent(hark)
        ids = {re.search(rb"(?im)^message-id: (.*)\r$", raw).group(1) for raw in smtp.raw}
        equal(len(smtp.raw), 2)
        equal(len(ids), 1, ids)


@test
def it_logs_in_over_tls_and_tells_nobody_how():
    with tempfile.TemporaryDirectory() as d:
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2",
                        "-addext", "subjectAltName=DNS:localhost", "-keyout", f"{d}/key", "-out", f"{d}/cert"],
                       check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{d}/cert", f"{d}/key")
        with SmtpPeer(starttls=context, login=True) as smtp, \
                mail_hark(smtp, user=USER, password="file:password") as hark:
            hark.start(env={"SSL_CERT_FILE": f"{d}/cert"})
            sent(hark)
            equal(smtp.encrypted, 1)
            check(PASSWORD not in hark.log(), "the password is in the log")
            hark.write("password", "wrong")
            done = hark.run("notify", "test", "ana", env={"SSL_CERT_FILE": f"{d}/cert"})
            equal(done.returncode, 1)
            check("refused user and password" in done.stdout and "wrong" not in done.stdout, done.stdout)


@test
def what_the_server_says_is_shown():
    with SmtpPeer() as smtp, mail_hark(smtp) as hark:
        smtp.script = ["554 5.7.1 no thanks"]
        done = hark.run("notify", "test", "ana")
        equal(done.returncode, 1)
        check("answered 554, saying: 554 5.7.1 no thanks" in done.stdout, done.stdout)
        done = hark.run("notify", "test", "ana", "--json")
        equal(done.returncode, 0, done.stdout)
        check(json.loads(done.stdout)["sent"], done.stdout)
        check("test" in smtp.mails[0]["Subject"].lower(), smtp.mails[0]["Subject"])
        del hark.config["receivers"][0]["internal"]
        hark.save()
        done = hark.run("notify", "test", "ana")
        check("for your own server say internal: yes" in done.stdout, done.stdout)


@test
def a_server_that_falls_silent_holds_nobody_up():
    with SmtpPeer() as smtp, mail_hark(smtp, timeout="1s") as hark:
        smtp.mute_at_quit = True
        hark.start()
        sent(hark)
        hark.stop(10)
        equal(len(smtp.raw), 1, "mails")
        smtp.script = [""]
        done = hark.run("notify", "test", "ana", seconds=10)
        check("not done within 1 s" in done.stdout, done.stdout)


@test
def wrong_settings_are_said_with_their_place():
    with SmtpPeer() as smtp:
        for key, value, says in (("server", "https://mail.example", "no mail server"),
                                 ("server", "smtp://mail.example/x", "without a path"),
                                 ("to", "ana", "no mail address"), ("from", "a b@c.example", "no mail address"),
                                 ("password", "sesame", "env:NAME")):
            with mail_hark(smtp, **{key: value}) as hark:
                done = hark.run("check")
                equal(done.returncode, 1, key)
                check(says in done.stdout + done.stderr, key, done.stdout + done.stderr)
                check(re.search(r"hark\.yaml:\d+:\d+", done.stdout + done.stderr), done.stdout + done.stderr)


def leave(hark, method, token, body=None, type="application/x-www-form-urlencoded"):
    link = Link(hark.path("http"))
    link.request(method, "/unsubscribe/" + token, body, {"Host": "hark.example", **({"Content-Type": type} if body else {})})
    reply = link.getresponse()
    return reply.status, reply.read().decode()


@test
def whoever_reads_mails_ends_them_with_the_link_in_one_and_it_can_be_undone():
    with SmtpPeer() as smtp, mail_hark(smtp) as hark:
        hark.config["http"].update({"listen": "unix:" + hark.path("http"), "public-url": "https://hark.example/"})
        hark.save()
        hark.start()
        sent(hark)
        m = smtp.mails[0]
        link = re.fullmatch("<https://hark.example/unsubscribe/(ana\\.[0-9a-f]{64})>", m["List-Unsubscribe"].strip())
        equal(m["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click")
        check(link is not None, m["List-Unsubscribe"])
        token = link[1]
        for kind in ("plain", "html"):
            check(token in m.get_body((kind,)).get_content(), "the body has the link")
        for wrong in (token[:-1] + ("0" if token[-1] != "0" else "1"), "bo" + token[3:], "ana.", token[:-1], "x"):
            for method in ("GET", "POST"):
                equal(leave(hark, method, wrong)[0], 404, wrong)
        status, page = leave(hark, "GET", token)
        check(status == 200 and "ana@acme.example" in page and '<form method="post">' in page, page)
        equal(hark.count("mail_leaves"), 0, "to look changes nothing")
        for type, body in (("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"),
                           ("multipart/form-data; boundary=b", "--b\r\n\r\n\r\n--b--\r\n")):
            status, page = leave(hark, "POST", token, body, type)
            check(status == 200 and "No more mails" in page, page)
        equal((hark.count("mail_leaves"), hark.count("audit", "action = 'POST /unsubscribe/{token}'")), (1, 1))
        check("<form" not in leave(hark, "GET", token)[1])
        row = hark.json("notify", "list")[0]
        equal((row["receiver"], row["state"], "unsubscribed" in row), ("ana", "unsubscribed", True))
        check("hark notify subscribe ana undoes it" in hark.run("notify", "list").stdout)
        wrong = hark.run("notify", "subscribe", "an\"a", "--json")
        check(wrong.returncode != 0 and "there is no receiver 'an\"a'" in wrong.stderr, wrong.stdout + wrong.stderr)
        with sqlite3.connect(hark.database) as db:
            db.execute("UPDATE outbox SET state = 'due', next_ms = 0, done_ms = NULL")
        db.close()
        equal(hark.stop(), 0)
        hark.start()
        wait_for("the alert to be held", lambda: hark.count("outbox", "state = 'held'") == 1, 20)
        check("wants no more mails" in hark.run("notify", "held").stdout)
        equal(len(smtp.mails), 1)
        done = hark.run("notify", "subscribe", "ana")
        check("sent again" in done.stdout and "1 alert kept" in done.stdout, done.stdout, done.stderr)
        check("nobody had ended" in hark.run("notify", "subscribe", "ana").stdout)
        equal(hark.run("notify", "replay", "--receiver", "ana").returncode, 0)
        equal(hark.stop(), 0)
        hark.start()
        wait_for("the mail", lambda: len(smtp.mails) == 2, 20)
        equal(hark.stop(), 0)


@test
def a_mail_has_no_such_link_where_hark_cannot_be_reached():
    with SmtpPeer() as smtp, mail_hark(smtp) as hark:
        hark.start()
        sent(hark)
        check(smtp.mails[0]["List-Unsubscribe"] is None and "unsubscribe" not in smtp.raw[0].decode())
        equal(hark.stop(), 0)


run()
