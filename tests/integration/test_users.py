#!/usr/bin/env python3
"""hark user and hark token as people meet them."""
import os
import pty

import tap
from daemon import HARK, Hark, one_sentence
from tap import check, equal, run, test

PASSWORD = "correct horse battery"


def added(hark, name="anna", role="sales"):
    done = hark.run("user", "add", name, "--role", role, stdin=PASSWORD + "\n")
    equal(done.returncode, 0, done.stderr)
    return done


@test
def a_user_is_added_before_the_daemon_ever_ran_and_changes():
    with Hark() as hark:
        check("hark user add" in hark.run("user", "list").stdout, "an empty list says what to do")
        check("anna is a user now, as sales" in added(hark).stdout)
        again = hark.run("user", "add", "anna", "--role", "admin", stdin=PASSWORD + "\n")
        equal(again.returncode, 1)
        check("already" in one_sentence(again.stderr), again.stderr)
        kept = hark.rows("SELECT password FROM users")[0]["password"]
        check(kept.startswith("$argon2id$v=19$m=19456,t=3,p=1$"), kept)
        equal(hark.run("user", "password", "anna", stdin="another fine sentence\n").returncode, 0)
        check(hark.rows("SELECT password FROM users")[0]["password"] != kept, "the password stayed")
        equal(hark.run("user", "role", "anna", "sales-head").returncode, 0)
        equal(hark.run("user", "add", "ci", "--role", "viewer", "--no-password").returncode, 0)
        equal(hark.run("user", "disable", "anna").returncode, 0)
        got = {u["user"]: u for u in hark.json("user", "list")}
        equal((got["anna"]["role"], got["anna"]["password"]), ("sales-head", True))
        check("disabled" in got["anna"] and "disabled" not in got["ci"], got)
        equal(got["ci"]["password"], False)
        equal(hark.run("user", "enable", "anna").returncode, 0)
        check("disabled" not in hark.json("user", "list")[0])


@test
def what_is_no_user_is_refused_in_a_sentence():
    with Hark() as hark:
        for args, stdin, words in [
                (("add", "anna"), "", "a role is"),
                (("add", "anna", "--role", "boss"), "", "not boss"),
                (("add", "an na", "--role", "sales"), "", "an na"),
                (("add", "a" * 65, "--role", "sales"), "", "64"),
                (("add", "anna", "--role", "sales"), "short\n", "at least 12"),
                (("add", "anna", "--role", "sales"), "", "nobody answered"),
                (("add", "anna", "--role", "sales"), "x" * 2000 + "\n", "at most"),
        ]:
            done = hark.run("user", *args, stdin=stdin)
            check(done.returncode in (1, 2), done)
            check(words in done.stderr, words, done.stderr)
            equal(done.stdout, "", "nobody is asked where nobody types")
        equal(hark.count("users"), 0)
        added(hark)
        for args in [("disable", "bob"), ("password", "bob"), ("role", "bob", "sales")]:
            done = hark.run("user", *args, stdin=PASSWORD + "\n")
            equal(done.returncode, 1, args)
            check("no user 'bob'" in one_sentence(done.stderr), done.stderr)


def typed(hark, args, *lines):
    """What a terminal shows while somebody types."""
    child, terminal = pty.fork()
    if child == 0:
        os.execv(HARK, [HARK, "-c", hark.path("hark.yaml"), *args])
    shown = b""
    for line in lines:
        while not shown.endswith(b": "):
            shown += os.read(terminal, 1000)
        os.write(terminal, line.encode() + b"\n")
        shown += b"|"
    try:
        while got := os.read(terminal, 1000):
            shown += got
    except OSError:
        pass  # the child has closed its end
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown.decode()


@test
def a_password_is_typed_twice_and_never_shown():
    with Hark() as hark:
        args = ("user", "add", "anna", "--role", "sales")
        code, shown = typed(hark, args, PASSWORD, "something else")
        equal(code, 2, shown)
        check("not the same" in shown and PASSWORD not in shown, shown)
        code, shown = typed(hark, args, PASSWORD, PASSWORD)
        equal(code, 0, shown)
        check(PASSWORD not in shown, shown)


@test
def a_token_is_shown_once_and_stored_as_a_hash():
    with Hark() as hark:
        added(hark)
        done = hark.run("token", "add", "anna", "--scope", "write", "--for", "30d", "--name", "nightly")
        equal(done.returncode, 0, done.stderr)
        text = done.stdout.strip()
        check(text.startswith("hark_") and len(text) == 69, text)
        check("shown this once" in done.stderr, done.stderr)
        with open(hark.database, "rb") as f:
            stored = f.read()
        for name in ("hark.db-wal",):
            if os.path.exists(hark.path(name)):
                with open(hark.path(name), "rb") as f:
                    stored += f.read()
        check(b"anna" in stored and text.encode() not in stored and text[5:].encode() not in stored)
        (listed,) = hark.json("token", "list")
        equal((listed["user"], listed["name"], listed["scope"]), ("anna", "nightly", "write"))
        check(text not in str(listed) and "used" not in listed, listed)
        equal(hark.run("token", "revoke", str(listed["id"])).returncode, 0)
        equal(hark.json("token", "list"), [])
        check("revoked" in hark.json("token", "list", "--all")[0])
        equal(hark.run("token", "revoke", str(listed["id"])).returncode, 1)


@test
def what_is_no_token_is_refused_in_a_sentence():
    with Hark() as hark:
        added(hark)
        for args, words in [
                (("add",), "whose"),
                (("add", "bob"), "no user 'bob'"),
                (("add", "anna", "--scope", "all"), "scope"),
                (("add", "anna", "--for", "never"), "--for"),
                (("add", "anna", "--for", "0"), "--for"),
                (("add", "anna", "--for", "9000d"), "--for"),
                (("revoke", "x"), "number"),
                (("revoke", "7"), "no token 7"),
        ]:
            done = hark.run("token", *args)
            check(done.returncode in (1, 2) and words in done.stderr, args, done.stderr)
        hark.run("user", "disable", "anna")
        done = hark.run("token", "add", "anna")
        equal(done.returncode, 1)
        check("disabled" in one_sentence(done.stderr), done.stderr)
        equal(hark.count("tokens"), 0)


run()
