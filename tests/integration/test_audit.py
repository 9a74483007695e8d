#!/usr/bin/env python3
"""The audit trail and backups: every change is in the one, by whatever way it came, and the other is whole."""
import json
import os
import re
import shlex
import sqlite3

from apiclient import SPEC, Served
from community import Community, check_json, commands
from peer import Answer, rss
from tap import check, equal, run, test, wait_for


def trail(hark):
    return [(e.get("actor"), e["action"], e.get("target")) for e in reversed(hark.json("audit", "list"))]


def tamper(hark, sql):
    hark.write_rows(sql)
    return hark.run("audit", "verify")


@test
def every_change_is_in_the_trail_and_a_changed_trail_is_found():
    with Served(posts=[("1", "ann", "I want a zebrafish")]) as hark:
        for name, role in (("rep", "sales"), ("comp", "compliance")):
            hark.user(name, role)
        hark.serve()
        equal(hark.run("leads", "claim", "lead_1", "--as", "rep").returncode, 0)
        equal(hark.post("/api/v1/leads/lead_1/release", "rep", {}).status, 200)
        equal(hark.post("/api/v1/leads/lead_99/claim", "rep", {}).status, 404)
        for _ in range(2):
            equal(hark.json("privacy", "export", "@ann")["data"], {})
        equal(hark.post("/api/v1/privacy/export", "comp", {"who": ["@ann"]}).status, 200)
        equal(hark.run("privacy", "erase", "@ann", "--dry-run").returncode, 0)
        equal(hark.run("privacy", "erase", "@ann", "--yes").returncode, 0)
        got = trail(hark)
        login = got[0][0]
        equal([e for e in got if e[1] not in ("hark user add", "hark token add")],
              [(None, "harkd start", None), ("rep", "hark leads claim", "lead_1"),
               ("rep", "POST /api/v1/leads/{lead}/release", "lead_1"),
               (login, "hark privacy export", None), (login, "hark privacy export", None),
               ("comp", "POST /api/v1/privacy/export", None),
               (login, "hark privacy erase", None)])
        page = hark.get("/api/v1/audit?limit=2", "comp").json
        equal([e["action"] for e in page["items"]], ["hark privacy erase", "POST /api/v1/privacy/export"])
        equal(hark.get("/api/v1/audit?cursor=audit-999999", "comp").status, 422, "no such entry")
        rest = hark.get(f"/api/v1/audit?limit=100&cursor={page['next']}", "comp").json
        equal(len(page["items"]) + len(rest["items"]), len(got))
        equal(hark.get("/api/v1/audit", "rep").status, 403)
        whole = hark.json("audit", "verify")
        equal((whole["whole"], whole["entries"]), (True, len(got)))
        equal(hark.run("audit", "verify", "--head", whole["head"]).returncode, 0)
        equal(hark.stop(), 0)
        equal(trail(hark)[-1], (None, "harkd stop", None))
        whole = hark.json("audit", "verify")

        equal(tamper(hark, f"DELETE FROM audit WHERE id = {len(got) + 1}").returncode, 0, "the end is cut off")
        equal(hark.run("audit", "verify", "--head", whole["head"]).returncode, 1)
        said = tamper(hark, "UPDATE audit SET actor = 'boss' WHERE id = 2")
        equal(said.returncode, 1)
        check("entry 2 " in said.stdout, said.stdout)


@test
def a_backup_is_whole_while_harkd_writes_and_a_store_again():
    with Served(posts=[("1", "ann", "I want a zebrafish")]) as hark:
        hark.user("rep", "sales")
        hark.serve()
        copy = hark.path("copy.db")
        told = hark.json("backup", copy)
        equal((told["sound"], told["bytes"]), (True, os.stat(copy).st_size))
        equal(os.stat(copy).st_mode & 0o777, 0o600)
        again = hark.run("backup", copy)
        equal(again.returncode, 1)
        check("overwrites nothing" in again.stderr, again.stderr)
        equal(hark.run("backup", hark.path("no/where.db")).returncode, 1)
        equal(hark.run("backup").returncode, 2)
        db = sqlite3.connect(copy)
        equal([db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("leads", "users", "sessions")], [1, 1, 0])
        db.close()
        equal(hark.run("leads", "claim", "lead_1", "--as", "rep").returncode, 0)
        equal(hark.stop(), 0)
        for name in os.listdir(hark.folder):
            if name.startswith("hark.db-"):
                os.remove(hark.path(name))
        os.replace(copy, hark.path("hark.db"))
        hark.start()
        equal(hark.json("leads", "show", "lead_1")["state"], "new", "as it was then")
        polls = hark.peer.count()
        wait_for("the polls to go on", lambda: hark.peer.count() > polls)
        equal(hark.count("leads"), 1)
        equal(hark.stop(), 0)


def beside(hark, name="hark.db", folder=""):
    found = os.listdir(hark.path(folder))
    return sorted(n for n in found if n.startswith(name + ".before-") and not n.endswith(("-wal", "-shm")))


def found_in(path, word):
    with open(path, "rb") as f:
        return word in f.read()


@test
def a_restore_keeps_who_was_erased_since_erased():
    with Served(posts=[("1", "quillon", "I want a zebrafish, says Quillonova"), ("2", "bo", "I need a zebrafish")]) as hark:
        hark.serve()
        hark.write_rows("UPDATE authors SET handle = lower(display_name) WHERE handle IS NULL")
        copy = hark.path("copy.db")
        equal(hark.run("backup", copy).returncode, 0)
        check(found_in(copy, b"Quillonova"))
        busy = hark.run("restore", copy)
        equal(busy.returncode, 1)
        check("in use by harkd" in busy.stderr, busy.stderr)
        equal(hark.run("privacy", "erase", "@quillon", "--yes").returncode, 0)
        equal(hark.run("privacy", "opt-out", "@somebody", "--reason", "asked").returncode, 0)
        equal(hark.run("leads", "claim", hark.json("leads", "list")[0]["id"], "--as", "rep").returncode, 0)
        equal(hark.stop(), 0)

        state = hark.rows("SELECT state, count(*) AS n FROM leads GROUP BY state")
        hark.write("no-copy", "hello")
        for wrong in ("no-copy", "nowhere"):
            said = hark.run("restore", hark.path(wrong))
            check(said.returncode == 1 and said.stderr.count(hark.path(wrong)) == 1, said)
        told = hark.json("restore", copy, "--dry-run")
        equal((told["restored"], told["leads"], told["erased"]), (False, 1, 1))
        check("nothing was changed" in hark.run("restore", copy, "--dry-run").stdout)
        equal((hark.rows("SELECT state, count(*) AS n FROM leads GROUP BY state"), beside(hark)), (state, []))

        done = hark.run("restore", copy)
        equal(done.returncode, 0, done.stderr)
        check("1 erased again" in done.stdout and "store from before is" in done.stdout, done.stdout)
        equal(hark.rows("SELECT state, count(*) AS n FROM leads GROUP BY state"), [{"state": "new", "n": 1}])
        equal(hark.count("authors", "handle = 'quillon'"), 0)
        check(not found_in(hark.database, b"Quillonova") and not found_in(hark.database, b"quillon"))
        equal((len(beside(hark)), os.path.exists(hark.path("hark.db.restoring"))), (1, False))
        equal([e[1] for e in trail(hark)][-1], "hark restore")
        equal(hark.run("audit", "verify").returncode, 0)
        check(hark.count("opt_outs") >= 2, "who opted out is on the list")
        hark.start()
        polls = hark.peer.count()
        wait_for("more polls", lambda: hark.peer.count() > polls + 1)
        equal(hark.count("leads"), 1, "who was erased does not come back")
        equal(hark.stop(), 0)


@test
def a_restore_lets_nobody_in_whom_the_store_from_before_kept_out():
    with Served() as hark:
        for name in ("ann", "bo", "cy"):
            hark.user(name, "sales")
        hark.tokens["lost"] = hark.token("ann", "write", "--name", "lost laptop")
        ids = {t["name"]: t["id"] for t in hark.rows("SELECT name, id FROM tokens")}
        hark.write_rows("INSERT INTO sessions SELECT x'00', id, 1, 1 FROM users WHERE name = 'ann'")
        copy, plain = hark.path("copy.db"), hark.path("plain.db")
        equal(hark.run("backup", copy).returncode, 0)
        db = sqlite3.connect(hark.database)
        db.execute("VACUUM INTO ?", (plain,))
        db.close()
        for line in (["token", "revoke", str(ids["lost laptop"])], ["user", "disable", "bo"], ["user", "role", "cy", "viewer"]):
            equal(hark.run(*line).returncode, 0, line)
        hark.write_rows("UPDATE users SET password = 'newer' WHERE name = 'ann'")

        def stands(say):
            users = {u["name"]: (u["role"], u["password"], u["disabled_ms"] is None)
                     for u in hark.rows("SELECT name, role, password, disabled_ms FROM users")}
            equal(users, {"ann": ("sales", "newer", True), "bo": ("sales", None, False), "cy": ("viewer", None, True)}, say)
            equal((hark.count("tokens", "revoked_ms IS NOT NULL"), hark.count("sessions")), (1, 0), say)

        told = hark.json("restore", copy, "--dry-run")
        equal((told["tokens_revoked"], told["users_disabled"], told["users_changed"]), (1, 1, 2))
        said = hark.run("restore", copy).stdout
        check("1 token revoked, 1 user disabled, 2 users with a newer role or password" in said, said)
        stands("a backup")
        equal(hark.run("restore", plain).returncode, 0)
        stands("a plain copy, with who was logged in")
        hark.start()
        equal([hark.get("/api/v1/leads", who).status for who in ("ann", "lost", "bo", "cy")], [200, 401, 401, 200])
        equal(hark.stop(), 0)

        hark.write_rows("DELETE FROM users WHERE name = 'cy'")
        hark.write_rows("DELETE FROM tokens WHERE revoked_ms IS NOT NULL")
        told = hark.json("restore", copy)
        equal((told["tokens_revoked"], told["users_disabled"]), (1, 2), "who is gone does not come back")
        equal(hark.rows("SELECT name FROM users WHERE disabled_ms IS NOT NULL ORDER BY name"), [{"name": "bo"}, {"name": "cy"}])


@test
def a_store_that_never_had_the_copy_keeps_nobody_out():
    with Served() as hark:
        hark.user("ann", "admin")
        copy = hark.path("copy.db")
        equal(hark.run("backup", copy).returncode, 0)
        for name in os.listdir(hark.folder):
            if name.startswith("hark.db"):
                os.remove(hark.path(name))
        hark.start()
        equal(hark.stop(), 0)
        told = hark.json("restore", copy)
        equal((told["tokens_revoked"], told["users_disabled"]), (0, 0))
        hark.start()
        equal(hark.get("/api/v1/leads", "ann").status, 200)
        equal(hark.stop(), 0)
        forgot = hark.run("restore", copy, "--forget")
        check("no store from before was asked" in forgot.stdout and "revoked" in forgot.stdout, forgot.stdout)


@test
def who_has_no_address_is_erased_in_a_restored_copy_too():
    with Served() as hark:
        hark.write("people.csv", "name,company,title\nOdalys Merrick,Globex,CTO\nInes Farrow,Initech,COO\n")
        equal(hark.run("import", "contacts", "people.csv", "--yes").returncode, 0)
        copy = hark.path("copy.db")
        equal(hark.run("backup", copy).returncode, 0)
        check(found_in(copy, b"Odalys"))
        who = hark.rows("SELECT id FROM people WHERE name = 'Odalys Merrick'")[0]["id"]
        done = hark.run("privacy", "erase", f"#{who}", "--yes")
        check("(0 fingerprints)" in done.stdout and "hark restore erases them again" in done.stdout, done.stdout)
        equal(hark.json("restore", copy)["erased"], 1)
        equal(hark.rows("SELECT name FROM people"), [{"name": "Ines Farrow"}])
        check(not found_in(hark.database, b"Odalys"))
        equal(hark.json("restore", copy)["erased"], 1, "and every time after")


@test
def no_restore_overwrites_a_store_from_before_or_a_link():
    with Served(posts=[("1", "ann", "I want a zebrafish")]) as hark:
        hark.serve()
        equal(hark.stop(), 0)
        copy, real = hark.path("copy.db"), hark.path("disk/real.db")
        equal(hark.run("backup", copy).returncode, 0)
        said = [hark.run("restore", copy).stdout for _ in range(5)]
        equal((len(beside(hark)), len(set(said))), (5, 5), "each has a name of its own")
        for name in beside(hark):
            db = sqlite3.connect(hark.path(name))
            equal(db.execute("SELECT count(*) FROM leads").fetchone()[0], 1, name)
            db.close()
        os.mkdir(hark.path("disk"))
        os.rename(hark.database, real)
        os.symlink("disk/real.db", hark.database)
        equal(hark.run("restore", copy).returncode, 0)
        equal((os.path.islink(hark.database), os.path.isfile(real), hark.count("leads")), (True, True, 1))
        equal((len(beside(hark)), len(beside(hark, "real.db", "disk"))), (5, 1))
        hark.start()
        busy = hark.run("restore", copy)
        check("in use by harkd" in busy.stderr, busy.stderr)
        equal(hark.stop(), 0)
        os.remove(real)
        lost = hark.run("restore", copy)
        check(lost.returncode != 0 and "a link to what is not there" in lost.stderr, lost.stderr)
        check(os.path.islink(hark.database))


@test
def what_is_no_copy_of_this_store_is_not_restored():
    with Served(posts=[("1", "ann", "I want a zebrafish")]) as hark, Served() as other:
        hark.serve()
        other.start()
        for one in (hark, other):
            equal(one.run("privacy", "opt-out", "@x", "--reason", "asked").returncode, 0)
        equal(other.run("backup", other.path("copy.db")).returncode, 0)
        equal((hark.stop(), other.stop()), (0, 0))
        hark.write("none.db", "no database at all, but long enough to be taken for one by whoever looks at names")
        with open(other.path("copy.db"), "rb") as f:
            whole = f.read()
        with open(hark.path("cut.db"), "wb") as f:
            f.write(whole[:len(whole) // 2])
        for path, says in ((hark.path("none.db"), "none.db"), (hark.path("cut.db"), "cut.db"),
                           (hark.path("missing.db"), "not there"), (hark.database, "the store itself"),
                           (other.path("copy.db"), "another store")):
            said = hark.run("restore", path)
            equal(said.returncode, 2 if path == hark.database else 1, path)
            check(says in said.stderr, said.stderr)
            equal((hark.count("leads"), beside(hark)), (1, []))
        equal(hark.run("restore").returncode, 2)
        equal(hark.run("restore", other.path("copy.db"), "--forget").returncode, 0)
        equal(hark.count("leads"), 0)

# Every step that is kept of, in an order in which each is allowed; {lead} … are of the community.
STEPS = """
leads claim {lead} --as ana
leads answer {lead} --as ana
leads won {lead} --as ana
leads undo {lead} --as ana
leads lost {lead} --as ana
leads verdict {lead} relevant --as ana
leads star {intent} --as ana
leads claim {intent} --as ana
leads release {intent} --as ana
leads assign {intent} ana --as ana
leads snooze {intent} --as ana
leads dismiss {intent} --reason joke --as ana
leads export
leads timeline {lead}
people show 1
import contacts near.csv --yes
import staff staff.csv --yes
import cases cases.csv --yes
import surveys surveys.csv --set survey=nps --yes
import ties ties.csv --of 'Bea Karsten' --yes
import accounts more.csv --set type=prospect --yes
import opportunities deals.csv --yes
import undo {import} --yes
review accept {review}
review undo {review}
review reject {review}
references clear Globex-Corporation --as ana
references done {task} --as ana
references nominate 2 --as bea
references assign 1 bea --as max
references sign 1 --as max
references hold 1 --reason not-now --until 30d --as bea
references unhold 1 --as bea
references ask 1 --as bea
references grant 1 --by Odalys --for call --as bea
references undo 1 --as bea
references grant 1 --by Odalys --for call --as bea
references supply 1 1 --as max
references request-undo 1 --as max
references supply 1 1 --as max
references use 1 call --as bea
references outcome 1 --prospect good --customer good --as bea
references thank 1 --note card --as bea
references fulfil 1 --as ana
references withdraw 1 --reason left --as bea
references reopen 1 --as bea
references ask 1 --as bea
references refuse 1 --reason no --as bea
references value 1 offered cake --as ana
references value-undo 1 --as ana
references request D2 --as ana
references call-off 2 --as ana
references request D1 --as ana
references decline 3 --reason none --as max
references admit pat@hooli.example D1 --until 30d --as ana
references revoke 1 --reason over --as ana
references peek-undo 1 --as ana
references quotes
references proof
references prospect
references pack D1
references brief 1
references coach 1
silence add rule=wants --for 1d --reason test
silence end 1
rules near-misses
rules judge 1 relevant --as ana
notify replay --all
notify subscribe out
user add zoe --role sales
user password zoe
user role zoe viewer
user disable zoe
user enable zoe
token add zoe --scope read
token revoke 1
privacy opt-out @somebody --reason asked
privacy export @nobody
privacy informed 1
privacy erase @fay --yes
sources pause community
sources resume community
sources poll community
sources add {peer} --internal --yes --name other
sources remove other
reload
backup copy.db
"""
# They change nothing in the store, or what is told of by harkd: the rest of what there is must be in STEPS.
OTHERS = set("""demo; init; check; match; explain; dedupe; classify; parse; search; why; why-not; status; completion; restore;
leads list; leads show; leads credit; import list; review list; review show; people list; people search; moves list; moves show;
accounts list; accounts show; silence list; routes show; routes test; references list; references show; references tasks;
references service; references owner; references requests; references request-show; references match; references clock;
references late; references lent; references peeks; references values; rules check; rules test; rules backtest; rules diff;
rules tune; rules fmt; rules list; sources list; sources show; sources export-opml; sources import-opml; sources accept; notify list; notify test;
notify dead; notify held; notify withdrawn; user list; user link; token list; privacy due; privacy notices; privacy retention; audit list; audit verify""".replace("\n", " ")
             .replace("; ", ";").split(";"))

# The same over the API; a text is CSV or YAML.
REQUESTS = [
    ("POST", "/leads/{lead}/claim", "{intent}", {}),
    ("POST", "/leads/{lead}/release", "{intent}", {}),
    ("POST", "/leads/{lead}/star", "{intent}", {}),
    ("POST", "/leads/{lead}/unstar", "{intent}", {}),
    ("POST", "/leads/{lead}/assign", "{intent}", {"to": "ana"}),
    ("POST", "/leads/{lead}/undo", "{intent}", {}),
    ("POST", "/leads/{lead}/claim", "{intent}", {}),
    ("POST", "/leads/{lead}/answer", "{intent}", {}),
    ("POST", "/leads/{lead}/outcome", "{intent}", {"outcome": "won"}),
    ("POST", "/leads/{lead}/verdict", "{intent}", {"relevant": True}),
    ("POST", "/leads/{lead}/credit", "{intent}", {"dispute": "I met them first"}),
    ("POST", "/leads/{lead}/snooze", "{move}", {}),
    ("POST", "/leads/{lead}/dismiss", "{move}", {"reason": "a joke"}),
    ("POST", "/outcomes", "", "lead,outcome\nlead_{lead},won\n"),
    ("POST", "/near-misses", "", {}),
    ("POST", "/near-misses/{number}/verdict", "1", {"relevant": True}),
    ("GET", "/leads.csv", "", None),
    ("GET", "/leads/{lead}/timeline", "{lead}", None),
    ("GET", "/people/{number}", "1", None),
    ("POST", "/accounts/{number}/clear", "1", {"note": "refunded"}),
    ("POST", "/references", "", {"person": 2, "note": "thrilled"}),
    ("POST", "/references/{reference}/assign", "1", {"gatekeeper": "bea"}),
    ("POST", "/references/{reference}/hold", "1", {"reason": "not-now", "until": "30d"}),
    ("POST", "/references/{reference}/unhold", "1", {}),
    ("POST", "/references/{reference}/sign", "1", {}),
    ("POST", "/references/{reference}/ask", "1", {}),
    ("POST", "/references/{reference}/undo", "1", {}),
    ("POST", "/references/{reference}/ask", "1", {}),
    ("POST", "/references/{reference}/grant", "1", {"by": "Odalys Merrick", "for": ["call"]}),
    ("POST", "/requests/{request}/supply", "1", {"reference": 1}),
    ("POST", "/references/{reference}/use", "1", {"activity": "call"}),
    ("POST", "/references/{reference}/outcome", "1", {"prospect": "great"}),
    ("POST", "/references/{reference}/thank", "1", {"note": "a card"}),
    ("POST", "/references/{reference}/values", "1", {"side": "offered", "what": "cake"}),
    ("POST", "/values/{number}/undo", "1", {}),
    ("POST", "/tasks/{number}/done", "{task}", {"note": "a rival"}),
    ("POST", "/peeks", "", {"who": "pat@hooli.example", "opportunity": "D1", "until": "30d"}),
    ("POST", "/peeks/{peek}/revoke", "1", {"reason": "over"}),
    ("POST", "/peeks/{peek}/undo", "1", {}),
    ("GET", "/quotes", "", None),
    ("GET", "/proof", "", None),
    ("GET", "/prospect", "", None),
    ("GET", "/references/{reference}/brief", "1", None),
    ("GET", "/references/{reference}/coach", "1", None),
    ("POST", "/requests/{request}/fulfil", "1", {}),
    ("POST", "/requests/{request}/undo", "1", {}),
    ("POST", "/requests/{request}/decline", "1", {"reason": "none"}),
    ("POST", "/references/{reference}/withdraw", "1", {"reason": "left"}),
    ("POST", "/references/{reference}/reopen", "1", {}),
    ("POST", "/references/{reference}/ask", "1", {}),
    ("POST", "/references/{reference}/refuse", "1", {"reason": "no"}),
    ("POST", "/requests", "", {"opportunity": "D1"}),
    ("POST", "/requests/{request}/call-off", "2", {}),
    ("POST", "/alerts/replay", "", {"receiver": "out"}),
    ("POST", "/imports/{kind}", "accounts", "id,name,type\nA9,Umbra,customer\n"),
    ("POST", "/imports/{number}/undo", "5", {}),
    ("POST", "/receivers/{name}/test", "out", {}),
    ("POST", "/receivers/{name}/subscribe", "out", {}),
    ("POST", "/reviews/{number}/accept", "{review}", {}),
    ("POST", "/reviews/{number}/undo", "{review}", {}),
    ("POST", "/reviews/{number}/reject", "{review}", {}),
    ("POST", "/silences", "", {"what": "account", "value": "Globex", "for": "7d", "reason": "a fair"}),
    ("POST", "/silences/{number}/end", "1", {}),
    ("POST", "/privacy/opt-out", "", {"who": ["@x"], "reason": "asked"}),
    ("POST", "/privacy/export", "", {"who": ["@dora"]}),
    ("POST", "/people/{number}/informed", "1", {}),
    ("POST", "/leads/{lead}/informed", "{found}", {}),
    ("POST", "/privacy/erase", "", {"who": ["@gus"]}),
    ("POST", "/sources/{name}/poll", "community", {}),
    ("POST", "/sources/{name}/pause", "community", {}),
    ("POST", "/sources/{name}/resume", "community", {}),
    ("POST", "/sources", "", {"url": "{peer}", "internal": True, "name": "other"}),
    ("POST", "/sources/{name}/remove", "other", {}),
    ("POST", "/sources.opml", "", "<opml version='2.0'><body><outline xmlUrl='{peer}'/></body></opml>"),
    ("PUT", "/rules/{name}", "fresh", "rules:\n  - { id: fresh, kind: pain, status: live, subject: author, score: { base: 40 }, match: pump }\n"),
    ("POST", "/reload", "", {}),
]
REQUESTS_OTHER = {"/sources/{name}/accept", "/routes/test", "/rules/diff", "/rules/check", "/rules/test", "/rules/preview", "/rules/backtest", "/find-feeds", "/try-source",
                  "/sources/{name}/try", "/setup", "/session", "/session/end", "/unsubscribe/{token}"}


NEAR = "id,name,email,company,title\nC8,Ines Farrow,ines@initech.example,Initech,Head of Operations\n" \
       "C9,Ines Farow,ines@initech.example,Initech,Head of Operations\n"
FILES = {
    "near.csv": "id,name,email,company,title\nC7,Jane Roe,jane@hooli.example,Hooli,CFO\n",
    "staff.csv": "id,name,email\nS1,Bea Karsten,bea@vendor.example\n",
    "cases.csv": "id,account,subject,status,opened\nK1,Hooli,It is slow,open,2026-11-01\n",
    "surveys.csv": "id,account,score,date\nV1,Hooli,9,2026-11-01\n",
    "ties.csv": "name,company\nJane Roe,Hooli\n",
    "more.csv": "id,name\nA9,Umbra\n",
    "deals.csv": "id,name,account,stage\nD9,Umbra first,Umbra,Discovery\n",
}


def prepare(c):
    """Something of everything that can be worked."""
    hark = c.hark
    for name, text in FILES.items():
        hark.write(name, text)
    hark.write("pairs.csv", NEAR)
    os.mkdir(hark.path("rules.d"))
    hark.config["rules"].append("rules.d/*.yaml")
    hark.save()
    equal(hark.run("reload").returncode, 0)
    equal(hark.run("import", "contacts", "pairs.csv", "--yes").returncode, 0)
    hark.write_rows("UPDATE outbox SET state = 'dead' WHERE id = (SELECT min(id) FROM outbox)")
    hark.write_rows("INSERT INTO mail_leaves (receiver, mark, at_ms) VALUES ('out', 'x', 1)")
    hark.write_rows("UPDATE statements SET regulated = 1 WHERE reference = 1")
    hark.write_rows("UPDATE statements SET visibility = 'public' WHERE reference IS NULL")
    c.source.peer.script("/other", Answer(rss([{"id": "0", "text": "A quiet day"}])))
    found = hark.rows("SELECT id FROM leads WHERE subject_kind = 'author' AND subject_name = 'Nobody Known'")
    c.names.update(found=str(found[0]["id"]), review="1", task="1", peer=c.source.peer.url("/other"), **{"import": "5"})


def since(hark, number):
    return hark.rows("SELECT actor, action, target FROM audit WHERE id > ? ORDER BY id", number)


def last(hark):
    return hark.rows("SELECT max(id) AS n FROM audit")[0]["n"]


@test
def every_command_that_changes_something_or_hands_it_on_is_in_the_trail():
    steps = [line for line in STEPS.strip().splitlines()]
    there = set(commands())
    known = {c for c in there for line in steps if (line + " ").startswith(c + " ")}
    equal(sorted(c for c in there - known - OTHERS if not c.startswith(("report ", "connector "))), [], "say whether these do")
    equal(sorted(OTHERS - there) + sorted(OTHERS & known), [], "gone, or named twice")
    with Community() as c:
        hark, wrong = c.hark, []
        prepare(c)
        for line in steps:
            before = last(hark)
            words = [w.replace("Globex-Corporation", "Globex Corporation") for w in shlex.split(c.fill(line))]
            done = hark.run(*words, stdin="correct horse battery\n")
            got = since(hark, before)
            name = next(" ".join(words[:n]) for n in (2, 1) if " ".join(words[:n]) in there)
            who = words[words.index("--as") + 1] if "--as" in words else None
            if done.returncode != 0 or not any(e["action"] == "hark " + name and who in (None, e["actor"]) for e in got):
                wrong.append(f"{line}: {done.returncode} {done.stderr.strip()} {got}")
        equal(wrong, [], "\n".join(wrong))
        # A table for a spreadsheet is handed on, whatever it is of.
        for command in sorted(c for c in there if c.startswith(("report ", "references ")) and "--csv" in
                              hark.run(*c.split(), "--help").stdout):
            arg = {"references request": None, "references match": "1", "references pack": "D1", "references coach": "1"}.get(command, "")
            if arg is not None:
                before = last(hark)
                done = hark.run(*command.split(), *arg.split(), "--csv")
                equal((done.returncode, [e["action"] for e in since(hark, before)]), (0, ["hark " + command]), done.stderr)
        told = {(e["actor"], e["action"], e["target"]) for e in since(hark, 0)}
        for entry in [("ana", "hark leads claim", f"lead_{c.names['lead']}"), ("bea", "hark references ask", "ref_1"),
                      ("ana", "hark references fulfil", "req_1")]:
            check(entry in told, entry)
        check(not any("@" in (e["target"] or "") or "Odalys" in str(e) for e in since(hark, 0)), "a trail names nobody outside")
        equal(hark.run("audit", "verify").returncode, 0)


@test
def every_request_that_changes_something_or_hands_it_on_is_in_the_trail():
    there = {p.replace("/api/v1", "", 1) for p, o in SPEC["paths"].items() if set(o) & {"post", "put", "delete", "patch"}}
    equal(sorted(there ^ ({p for m, p, _, _ in REQUESTS if m != "GET"} | REQUESTS_OTHER)), [], "say whether these do")
    with Community() as c:
        hark, wrong = c.hark, []
        prepare(c)
        equal(hark.run("rules", "near-misses").returncode, 0)
        for method, path, arg, body in REQUESTS:
            before = last(hark)
            place = "/api/v1" + re.sub(r"\{\w+\}", lambda _: c.fill(arg), path)
            if isinstance(body, str):
                reply = hark.ask(method, place, "max", raw=c.fill(body).encode(),
                                 headers={"Content-Type": "application/yaml" if "rules" in path else "text/x-opml" if "opml" in path else "text/csv"})
            else:
                reply = hark.ask(method, place, "max", json.loads(c.fill(json.dumps(body))) if body is not None else None)
            got = since(hark, before)
            if reply.status not in (200, 201) or not any(
                    (e["actor"], e["action"]) == ("max", f"{method} /api/v1{path}") for e in got):
                wrong.append(f"{method} {path}: {reply.status} {reply.text} {got}")
            if method != "GET" and "json" in reply.headers["Content-Type"]:
                check_json(reply.json, f"{method} {path}")  # what is private says so in what a step answers, too
        equal(wrong, [], "\n".join(wrong))
        check(("max", "POST /api/v1/leads/{lead}/claim", f"lead_{c.names['intent']}") in
              {tuple(e.values()) for e in since(hark, 0)}, "numbers are names")


run()
