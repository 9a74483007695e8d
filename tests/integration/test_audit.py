#!/usr/bin/env python3
"""The audit trail and backups: every change is in the one, by whatever way it came, and the other is whole."""
import os
import sqlite3

from apiclient import Served
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
              [("rep", "hark leads claim", None),
               ("rep", "POST /api/v1/leads/{lead}/release", "lead_1"),
               (login, "hark privacy export", None), (login, "hark privacy export", None),
               ("comp", "POST /api/v1/privacy/export", None),
               (login, "hark privacy erase", None)])
        page = hark.get("/api/v1/audit?limit=2", "comp").json
        equal([e["action"] for e in page["items"]], ["hark privacy erase", "POST /api/v1/privacy/export"])
        rest = hark.get(f"/api/v1/audit?limit=100&before={page['next']}", "comp").json
        equal(len(page["items"]) + len(rest["items"]), len(got))
        equal(hark.get("/api/v1/audit", "rep").status, 403)
        whole = hark.json("audit", "verify")
        equal((whole["whole"], whole["entries"]), (True, len(got)))
        equal(hark.run("audit", "verify", "--head", whole["head"]).returncode, 0)
        equal(hark.stop(), 0)

        equal(tamper(hark, f"DELETE FROM audit WHERE id = {len(got)}").returncode, 0, "the end is cut off")
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


run()
