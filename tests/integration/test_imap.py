#!/usr/bin/env python3
"""Mailboxes as sources: what is read of them, that nothing in them changes, and servers that misbehave."""
import base64
import ssl
import subprocess
import threading

from daemon import Hark, one_sentence
from imappeer import Cut, ImapPeer, PASSWORD, TOKEN, USER, mail
from tap import check, equal, run, test, wait_for

NEWS = "I want a zebrafish"
ENV = {"BOX_PASSWORD": PASSWORD, "BOX_TOKEN": TOKEN}


def with_box(peer, mailbox=None, vars={}, secret={"password": "env:BOX_PASSWORD"}, more=(), **source):
    box = {"name": "box", "connector": "imap", "every": "1s", "internal": "yes",
           "vars": {"mailbox": mailbox or peer.url(), "user": USER, **vars}, "secret": secret, **source}
    return Hark(sources=[box, *more])


def posts(hark):
    return [r["external_id"] for r in hark.rows("SELECT external_id FROM posts ORDER BY id")]


def error_of(hark):
    return hark.sources()["box"].get("error") or ""


def fetches(peer):
    with peer.lock:
        return [c for c in peer.commands if "BODY.PEEK" in c]


def people(hark):
    return sorted(l["subject"]["name"] for l in hark.leads())


@test
def the_first_poll_is_a_baseline_and_new_mail_a_private_lead():
    with ImapPeer() as peer:
        for i in range(5):
            peer.add(mail(f"old{i}@a.example", NEWS))
        with with_box(peer, vars={"mails": "2"}) as hark:
            hark.start(env=ENV)
            hark.wait_baseline()
            equal(len(posts(hark)), 5, "in slices of two")
            equal(hark.leads(), [])
            peer.add(mail("new@a.example", NEWS, subject="=?utf-8?Q?F=C3=BCr?= you", sender="Cleo Dahl <cleo@example.com>"))
            hark.wait_alerts(1)
            equal(people(hark), ["Cleo Dahl"])
            row = hark.rows("SELECT * FROM posts WHERE external_id = 'new@a.example'")[0]
            equal((row["title"], row["text"], row["visibility"]), ("Für you", NEWS, "private"))
            lead = hark.alerts()[0]["data"]["id"]
            equal([e["private"] for e in hark.alerts()[0]["data"]["evidence"]], [True], "the receiver is told")
            equal([s["post"]["private"] for s in hark.json("leads", "show", lead)["signals"]], [True])
            check(", source box, private" in hark.run("leads", "show", lead).stdout, "and who looks at it")
            peer.add(mail("nul@a.example", "A NUL \0 ends nothing: " + NEWS, sender="Nula Nord <nula@example.com>"))
            hark.wait_alerts(2)
            equal(people(hark), ["Cleo Dahl", "Nula Nord"])
            equal(peer.harm, [])
            equal(hark.stop(), 0)
        check(all(c.upper().startswith(("CAPABILITY", "AUTHENTICATE", "EXAMINE", "UID ", "LOGOUT")) for c in peer.commands),
              peer.commands)


@test
def another_uidvalidity_makes_no_doubles_and_loses_nothing():
    with ImapPeer() as peer:
        peer.add(mail("a@a.example", "quiet"))
        peer.add(mail(None, "no id, yet the same"))
        with with_box(peer) as hark:
            hark.start(env=ENV)
            hark.wait_baseline()
            peer.add(mail("b@a.example", NEWS))
            hark.wait_alerts(1)
            peer.make_anew()
            peer.add(mail("c@a.example", NEWS, sender="Cleo Dahl <cleo@example.com>"))
            hark.wait_alerts(2)
            equal(people(hark), ["Bo Berg", "Cleo Dahl"])
            equal(len(posts(hark)), 4)
            equal(len(set(posts(hark))), 4)


@test
def nothing_is_lost_or_told_twice_when_it_is_killed_between_slices():
    with ImapPeer() as peer:
        held = threading.Event()

        def hold(session, command):
            if "BODY.PEEK" in command and len(fetches(peer)) == 2:
                held.set()
                raise Cut
            return False

        with with_box(peer, vars={"mails": "1"}) as hark:
            peer.add(mail("base@a.example", "quiet"))
            hark.start(env=ENV)
            hark.wait_baseline()
            hark.stop()
            with peer.lock:
                peer.commands.clear()
            for name in ("Ana", "Bo", "Cleo"):
                peer.add(mail(f"{name}@a.example", NEWS, sender=f"{name} Berg <{name}@example.com>"))
            peer.hook = hold
            hark.start(env=ENV)
            wait_for("the second slice", held.is_set)
            hark.kill()
            peer.hook = None
            hark.start(env=ENV)
            hark.wait_alerts(3)
            wait_for("another look at the box", lambda: peer.commands[-1] == "LOGOUT")
            equal(people(hark), ["Ana Berg", "Bo Berg", "Cleo Berg"])
            equal(len(posts(hark)), 4)
            equal(len({a["lead"]["id"] if "lead" in a else str(a) for a in hark.alerts()}), 3)


@test
def a_wrong_password_is_told_once_and_not_tried_again():
    with ImapPeer() as peer:
        with with_box(peer) as hark:
            hark.start(env={"BOX_PASSWORD": "guessed-9417"})
            wait_for("the refusal", lambda: error_of(hark))
            text = one_sentence(error_of(hark))
            check("refuses the log-in" in text and "AUTHENTICATIONFAILED" in text, text)
            hark.run("reload")
            equal(hark.sources()["box"]["failures"], 1)
            equal(peer.logins, 1)
            due = hark.source_row("box")
            check(due["due_ms"] - due["polled_ms"] > 20 * 3600 * 1000, "the next try", due)
            hark.stop()
            said = hark.log() + hark.read("alerts.jsonl") + str(hark.rows("SELECT * FROM sources"))
            check("guessed-9417" not in said and PASSWORD not in said, "a password was written down")


@test
def what_a_server_repeats_of_the_log_in_is_shown_nowhere():
    def echo(connection, command):
        if command.startswith("AUTHENTICATE"):
            connection.say(f"{connection.tag} BAD you said {words(command)}\r\n")
        return command.startswith("AUTHENTICATE")

    for words in (lambda command: command, lambda command: f"the password is not {PASSWORD} here"):
        with ImapPeer() as peer, with_box(peer) as hark:
            peer.hook = echo
            hark.start(env=ENV)
            wait_for("the refusal", lambda: error_of(hark))
            check("it repeats what was sent to log in" in error_of(hark), error_of(hark))
            hark.stop()
            said = hark.log() + hark.read("alerts.jsonl") + str(hark.rows("SELECT * FROM sources"))
            encoded = base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()
            check(PASSWORD not in said and encoded[:8] not in said, "a password was written down")


@test
def a_folder_that_is_not_there_is_named():
    with ImapPeer() as peer:
        with with_box(peer, mailbox=peer.url("Alarms")) as hark:
            hark.start(env=ENV)
            wait_for("the failure", lambda: error_of(hark))
            text = one_sentence(error_of(hark))
            check("no such folder" in text, text)


def misbehaves(hook, expect, greeting=None):
    """What the source says of a server that does this, while another mailbox goes on."""
    with ImapPeer() as peer, ImapPeer() as other:
        peer.hook = hook
        peer.greeting = peer.greeting if greeting is None else greeting
        peer.add(mail("a@a.example", "x"))
        second = {"name": "other", "connector": "imap", "every": "1s", "internal": "yes",
                  "vars": {"mailbox": other.url(), "user": USER}, "secret": {"password": "env:BOX_PASSWORD"}}
        with with_box(peer, more=[second]) as hark:
            hark.start(env=ENV)
            wait_for("the failure", lambda: error_of(hark), 20)
            text = one_sentence(error_of(hark))
            check(expect in text, text)
            hark.wait_baseline("other")
            other.add(mail("b@a.example", NEWS))
            hark.wait_alerts(1)
            equal(hark.stop(), 0)


@test
def a_server_that_says_nothing_is_given_up():
    misbehaves(None, "no complete answer within", greeting=b"")


@test
def a_server_that_hangs_in_the_middle_is_given_up():
    misbehaves(lambda session, command: command.startswith("UID SEARCH"), "no complete answer within")


@test
def a_server_that_cuts_a_mail_short_is_a_failure():
    def cut(session, command):
        if "BODY.PEEK" not in command:
            return False
        session.say("* 1 FETCH (UID 1 BODY[]<0> {100}\r\nSubject: half\r\n")
        session.connection.shutdown(2)
        raise Cut
    misbehaves(cut, "closed the connection early")


@test
def a_server_that_sends_more_than_it_is_asked_for_is_a_failure():
    def lie(session, command):
        if "BODY.PEEK" in command:
            session.say("* 1 FETCH (UID 1 BODY[]<0> {2000000000}\r\n")
        return "BODY.PEEK" in command
    misbehaves(lie, "more than it is asked for")


@test
def a_server_that_is_none_is_a_failure():
    misbehaves(None, "does not speak IMAP", greeting=b"220 mail.example ESMTP\r\n")


@test
def a_mail_cannot_speak_for_the_server():
    with ImapPeer() as peer:
        peer.add(mail("a@a.example", "quiet"))
        with with_box(peer) as hark:
            hark.start(env=ENV)
            hark.wait_baseline()
            peer.add(mail("b@a.example", "h4 OK done\r\n* 9 FETCH (UID 9 BODY[]<0> {3}\r\nabc)\r\nh4 OK\r\n" + NEWS))
            hark.wait_alerts(1)
            equal(posts(hark), ["a@a.example", "b@a.example"])


@test
def one_bad_mail_does_not_stop_the_rest():
    def bad(session, command):
        if "BODY.PEEK" in command and 2 in session.uids(command.split()[2]):
            session.no("[CORRUPTION] mail 2 is damaged")
            return True
        return False

    with ImapPeer() as peer:
        peer.add(mail("a@a.example", "quiet"))
        with with_box(peer) as hark:
            hark.start(env=ENV)
            hark.wait_baseline()
            peer.hook = bad
            with peer.lock:
                peer.add(mail("b@a.example", NEWS))
                peer.add(b"this is no mail at all\r\n")
                peer.add(mail("c@a.example", NEWS, sender="Cleo Dahl <cleo@example.com>"))
            hark.wait_alerts(1)
            equal(people(hark), ["Cleo Dahl"])
            equal(posts(hark), ["a@a.example", "c@a.example"])


@test
def an_alert_mail_gives_a_post_for_each_page():
    page = '<a href="https://www.google.com/url?sa=t&amp;url=https://%s.example/x%%3Fa%%3D1&amp;ct=ga">%s</a> %s'
    html = (page % ("a", "Zebrafish wanted", "by a shop")) + (page % ("b", "Other news", "of today"))
    with ImapPeer() as peer:
        with with_box(peer) as hark:
            hark.start(env=ENV)
            hark.wait_baseline()
            peer.add(mail("1@alerts.example", html, sender="Google Alerts <googlealerts-noreply@google.com>",
                          head="Content-Type: text/html\r\n"))
            hark.wait_alerts(1)
            equal([r["url"] for r in hark.rows("SELECT url FROM posts ORDER BY id")],
                  ["https://a.example/x?a=1", "https://b.example/x?a=1"])


@test
def a_token_serves_in_place_of_a_password():
    with ImapPeer() as peer:
        peer.add(mail("a@a.example", "quiet"))
        with with_box(peer, vars={"login": "xoauth2"}, secret={"token": "env:BOX_TOKEN"}) as hark:
            hark.start(env=ENV)
            hark.wait_baseline()
            equal(posts(hark), ["a@a.example"])


# --- TLS ---

def certificate(hark):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2",
                    "-addext", "subjectAltName=DNS:localhost", "-keyout", hark.path("key.pem"), "-out",
                    hark.path("cert.pem")], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(hark.path("cert.pem"), hark.path("key.pem"))
    return context


def over_tls(how):
    with Hark() as keys:
        with ImapPeer(**{how: certificate(keys)}) as peer, with_box(peer) as hark:
            peer.add(mail("a@a.example", "quiet"))
            hark.start(env={**ENV, "SSL_CERT_FILE": keys.path("cert.pem")})
            hark.wait_baseline()
            equal(posts(hark), ["a@a.example"])
            hark.stop()
        if how == "starttls":
            check(peer.commands.index("STARTTLS") < [c[:12] for c in peer.commands].index("AUTHENTICATE"), peer.commands)


@test
def tls_from_the_first_byte():
    over_tls("tls")


@test
def tls_by_starttls():
    over_tls("starttls")


def refused_by_certificate(trusted, words):
    with Hark() as keys:
        for how in ("tls", "starttls"):
            with ImapPeer(**{how: certificate(keys)}) as peer, with_box(peer) as hark:
                hark.start(env={**ENV, "SSL_CERT_FILE": trusted})
                wait_for("the failure", lambda: error_of(hark))
                text = one_sentence(error_of(hark))
                check(all(w in text for w in words), text)
                equal(peer.logins, 0)


@test
def a_certificate_nobody_knows_ends_it_before_the_log_in():
    with Hark() as other:
        certificate(other)
        refused_by_certificate(other.path("cert.pem"), ["TLS", "certificate"])


@test
def authorities_that_cannot_be_read_end_it_too():
    refused_by_certificate("/nonexistent/authorities.pem", ["TLS", "install ca-certificates", "SSL_CERT_FILE"])


@test
def a_private_address_and_a_log_in_without_tls_are_for_the_operators_own():
    with ImapPeer() as peer:
        with with_box(peer, internal="no", every="60s", spacing="2s") as hark:
            hark.config["http"]["per-host"] = "1"
            hark.save()
            hark.start(env=ENV)
            wait_for("the refusal", lambda: error_of(hark))
            check("127.0.0.0/8" in error_of(hark) or "::1" in error_of(hark), error_of(hark))
            equal(peer.logins, 0)


@test
def it_can_be_tried_out():
    with ImapPeer() as peer:
        for i in range(3):
            peer.add(mail(f"{i}@a.example", f"mail {i}"))
        with with_box(peer, vars={"mails": "2"}) as hark:
            hark.write("password", PASSWORD)
            hark.config["sources"][0]["secret"] = {"password": "file:password"}
            hark.save()
            done = hark.run("connector", "run", "box")
            equal(done.returncode, 0, done.stderr)
            check("3 posts" in done.stdout and "EXAMINE" in done.stdout, done.stdout)
            check(f"cursor then: 1700000000 3" in done.stdout, done.stdout)
            check(PASSWORD not in done.stdout + done.stderr, "a password was shown")
            done = hark.run("connector", "run", "box", "--cursor", "1700000000 2")
            check("1 post" in done.stdout, done.stdout)


run()
