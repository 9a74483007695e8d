#!/usr/bin/env python3
"""Leads on their way elsewhere: tables for people and CRMs, feeds, and the outcomes that come back."""
import csv
import io
import re
import xml.etree.ElementTree as ET

from apiclient import Served
from tap import check, equal, run, test

POSTS = [("1", "ana", "I want a zebrafish"), ("2", "Bo Example", "a zebrafish, \"now\"\nplease"),
         ("3", "=cmd|' /C calc'!A0", "zebrafish <script>alert(1)</script> & more")]
ATOM = "{http://www.w3.org/2005/Atom}"


def table(reply):
    equal(reply.headers["Content-Type"], "text/csv; charset=utf-8")
    check("attachment" in reply.headers["Content-Disposition"])
    check("\n" not in re.sub(r'"(?:[^"]|"")*"', "", reply.text).replace("\r\n", ""), "line ends")
    return list(csv.DictReader(io.StringIO(reply.text, newline="")))


@test
def a_plain_table_is_for_spreadsheets_and_computes_nothing():
    with Served(POSTS) as hark:
        hark.user("anna", "sales")
        hark.serve()
        rows = table(hark.get("/api/v1/leads.csv", "anna"))
        equal([r["lead"] for r in rows], ["lead_3", "lead_2", "lead_1"])
        equal(rows[0]["who"], "'=cmd|' /C calc'!A0")
        equal((rows[2]["who"], rows[2]["score"], rows[2]["state"], rows[2]["url"]),
              ("ana", "70", "new", "https://site.example/1"))
        equal(len(table(hark.get("/api/v1/leads.csv?limit=1", "anna"))), 1)
        equal(table(hark.get("/api/v1/leads.csv?state=won", "anna")), [])
        equal(hark.get("/api/v1/leads.csv?profile=excel", "anna").status, 400)
        equal(hark.get("/api/v1/leads.csv?limit=10001", "anna").status, 400)
        equal(hark.get("/api/v1/leads.csv").status, 401)


@test
def profiles_hold_what_the_two_systems_ask_for():
    with Served(POSTS) as hark:
        hark.user("anna", "sales")
        hark.serve()
        for row in table(hark.get("/api/v1/leads.csv?profile=salesforce-lead", "anna")):
            check(row["LastName"] and row["Company"], row)
            equal(row["Status"], "Open - Not Contacted")
            check(re.fullmatch(r"\d{4}-\d\d-\d\d", row["HarkSeen__c"]), row)
        rows = {r["Hark Lead ID"]: r for r in table(hark.get("/api/v1/leads.csv?profile=hubspot", "anna"))}
        equal((rows["lead_2"]["First Name"], rows["lead_2"]["Last Name"]), ("Bo", "Example"))
        equal((rows["lead_1"]["First Name"], rows["lead_1"]["Last Name"]), ("", "ana"))
        equal(rows["lead_1"]["Lead Status"], "New")
        day = r"first signal \d{4}-\d\d-\d\d, \S+ \S+ before today \(\d{4}-\d\d-\d\d\); 1 signal\n\d{4}-\d\d-\d\d "
        check(re.match(day + "purchase-intent by ana in a: I want a zebrafish  https://", rows["lead_1"]["Hark Timeline"]),
              rows["lead_1"])
        for profile in ("hubspot-note", "salesforce-task"):
            equal(table(hark.get("/api/v1/leads.csv?profile=" + profile, "anna")), [], "no deals")
        got = hark.get("/api/v1/leads/1/timeline", "anna").json
        equal([(r["kind"], r["who"], r["text"]) for r in got["rows"]], [("signal", "ana", "I want a zebrafish")])
        equal((got["lead"], got["answered"], got["signals"], got["left_out"]), ("lead_1", False, 1, 0))
        equal(hark.get("/api/v1/leads/99/timeline", "anna").status, 404)
        equal(hark.get("/api/v1/leads/1/timeline").status, 401)


def send(hark, who, text, **more):
    return hark.ask("POST", "/api/v1/outcomes", who, raw=text.encode(),
                    headers={"Content-Type": "text/csv", **more})


@test
def outcomes_come_back_by_the_tables_that_went_out():
    with Served(POSTS) as hark:
        hark.user("crm", "sales"), hark.user("vi", "viewer"), hark.user("anna", "sales")
        hark.serve()
        out = hark.get("/api/v1/leads.csv?profile=salesforce-lead", "crm").text
        equal(send(hark, "crm", out).json, {"refused": [], "taken": 0, "known": 0, "open": 3})
        back = out.replace("Open - Not Contacted", "Closed - Converted", 1)
        equal(send(hark, "vi", back).status, 403)
        equal(send(hark, "crm", back).json, {"refused": [], "taken": 1, "known": 0, "open": 2})
        equal(send(hark, "crm", back).json, {"refused": [], "taken": 0, "known": 1, "open": 2})
        equal([e["action"] for e in hark.json("leads", "show", "3")["history"]][-3:], ["claim", "answer", "win"])
        equal(hark.post("/api/v1/leads/1/claim", "anna").status, 200)
        got = send(hark, "crm", "lead,outcome,value,currency\nlead_2,won,12000,EUR\n2,lost,,\n1,won,,\nx,won,,\n"
                                "lead_99,lost,,\nlead_2,draw,,\nlead_2,won,12.5,EUR\nlead_2,won,12,\n"
                                "3,won,9223372036854775807,EUR\n3,won,1,<b>\n").json
        equal((got["taken"], got["known"], [r["line"] for r in got["refused"]]), (1, 0, [3, 4, 5, 6, 7, 8, 9, 10, 11]))
        check("anna" in got["refused"][1]["why"], got)
        lead = hark.json("leads", "show", "2")
        equal((lead["state"], lead["outcome"]["value"], lead["outcome"]["currency"]), ("won", 12000, "EUR"))
        equal(hark.json("leads", "show", "1")["state"], "claimed")


@test
def a_table_that_is_none_is_refused_whole():
    with Served(POSTS) as hark:
        hark.user("crm", "sales")
        hark.serve()
        for text, status in [("", 422), ("lead\n1\n", 422), ("who,outcome\nana,won\n", 422), ("\0\0", 422),
                             ("lead,outcome\n" + "1,open\n" * 10001, 422)]:
            equal(send(hark, "crm", text).status, status, text[:40])
        equal(hark.ask("POST", "/api/v1/outcomes", "crm", {"lead": 1}).status, 415)
        equal(hark.ask("POST", "/api/v1/outcomes?dry_run=true", "crm", raw=b"lead,outcome\n1,lost\n", headers={"Content-Type": "text/csv"}).status, 400,
              "whoever only looks changes nothing")
        equal(hark.answer_to_head("POST /api/v1/outcomes HTTP/1.1\r\nHost: h\r\nContent-Length: 1048577\r\n\r\n"), 413)
        first = send(hark, "crm", "lead,outcome\n1,lost\n", **{"Idempotency-Key": "a"})
        equal(send(hark, "crm", "lead,outcome\n1,lost\n", **{"Idempotency-Key": "a"}).body, first.body)
        equal(first.json["taken"], 1)


@test
def a_feed_is_read_by_its_address_and_holds_text_alone():
    with Served(POSTS) as hark:
        hark.user("anna", "sales")
        hark.tokens["feed"] = feed = hark.token("anna", "feed")
        hark.serve()
        reply = hark.get(f"/feeds/{feed}/leads.atom")
        equal(reply.headers["Content-Type"], "application/atom+xml; charset=utf-8")
        tree = ET.fromstring(reply.body)
        equal(tree.tag, ATOM + "feed")
        entries = tree.findall(ATOM + "entry")
        ids = [e.findtext(ATOM + "id") for e in entries]
        equal(ids, [f"tag:ops@example.com,2026:lead_{n}" for n in (3, 2, 1)])
        for node in [tree] + entries:
            for name in ("id", "title", "updated"):
                check(node.findtext(ATOM + name), name)
        check(entries[0].findtext(ATOM + "content").startswith("zebrafish"), reply.text)
        check(b"<script" not in reply.body, reply.text)
        equal(entries[2].find(ATOM + "link").get("href"), "https://site.example/1")
        same = hark.get(f"/feeds/{feed}/leads.atom", headers={"If-None-Match": reply.headers["ETag"]})
        equal((same.status, same.body), (304, b""))
        equal(hark.get("/api/v1/leads.atom", "anna").body, reply.body)
        equal(len(ET.fromstring(hark.get(f"/feeds/{feed}/leads.atom?limit=1").body).findall(ATOM + "entry")), 1)
        equal(hark.get("/api/v1/leads", "feed").status, 403)
        equal(hark.get("/metrics", "feed").status, 403)
        for token in [hark.tokens["anna"], "hark_" + "0" * 64, "x"]:
            equal(hark.get(f"/feeds/{token}/leads.atom").status, 404, "a token that opens more opens nothing here")


@test
def what_was_read_with_ones_own_rights_is_in_no_feed():
    with Served(POSTS[:1]) as hark:
        hark.config["sources"][0]["visibility"] = "private"
        hark.save()
        hark.user("anna", "sales")
        hark.serve()
        check("zebrafish" in hark.get("/api/v1/leads/1", "anna").json["signals"][0]["post"]["text"])
        entry = ET.fromstring(hark.get("/api/v1/leads.atom", "anna").body).find(ATOM + "entry")
        equal(entry.find(ATOM + "content"), None)
        check("visibility private: not to be quoted" in hark.run("sources", "show", hark.config["sources"][0]["name"]).stdout,
              "whoever looks at the source reads that it is one of these")


run()
