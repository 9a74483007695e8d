#!/usr/bin/env python3
"""tests/stories/*.yaml: what was imported and published, and exactly the leads and alerts that must come of it,
through the real daemon.

Sources are those of board.py. `alerts` counts them, `alerted` the leads in them, where each lead is not told once. A
lead may also say `known_by` and `account`, as the alert does; `reviews` are pairs put up, as "person / author"."""
import glob
import os

import yaml

import tap
from board import BOARD, Source, bring_in, poll_now, read_to_the_end
from daemon import Hark, SOURCE
from tap import check, equal, run, wait_for

ALL = [{"to": ["out"]}]
def shorten(lead):
    return {"kind": lead["kind"], "subject": lead["subject"]["name"]}


def in_order(things):
    return sorted(things, key=lambda t: (t["kind"], t["subject"]))


def known(hark, lead):
    """What the alerts say of whom a lead is about."""
    for alert in reversed(hark.alerts()):
        data = alert["data"]
        if (data["kind"], data["subject"]["name"]) == (lead["kind"], lead["subject"]):
            return {"known_by": data.get("person", {}).get("known_by"), "account": data.get("account", {}).get("name")}
    return {}


def compare_known(hark, leads):
    for lead in leads:
        for what in set(lead) & {"known_by", "account"}:
            equal(known(hark, lead).get(what), lead[what], f"{what} of {lead['subject']}")


def tell(story):
    sources = [Source(name, parts) for name, parts in story["sources"].items()]
    rules = yaml.safe_dump({"rules": story["rules"]}, sort_keys=False, allow_unicode=True)
    lists = {k: v for k, v in story.get("lists", {}).items()}
    with Hark(sources=[s.config() for s in sources], rules=rules, lists=lists, routes=ALL) as hark:
        os.mkdir(hark.path("connectors"))
        hark.write("connectors/board.yaml", BOARD)
        hark.config["rules"] += story.get("packs", [])
        hark.save()
        bring_in(hark, story.get("imports", {}))
        hark.start()
        hark.wait_baseline()
        total = hark.count("posts")
        for source in sources:
            parts = story["sources"][source.name]
            source.publish(parts.get("after", []) + parts.get("before", []))
            total += len(parts.get("after", []))
        poll_now(hark, sources)
        wait_for(f"{total} posts", lambda: hark.count("posts") >= total)
        hark.wait_alerts(story.get("alerts", len(story["leads"])))
        read_to_the_end(hark, sources)
        leads = in_order(map(shorten, hark.leads()))
        wanted = [{"kind": w["kind"], "subject": w["subject"]} for w in in_order(story["leads"])]
        for got, want in zip(leads, wanted):
            if want["subject"] == "ANY": # whichever of several copies was read first
                want["subject"] = got["subject"]
        equal(leads, wanted, "leads")
        compare_known(hark, story["leads"])
        equal(len(hark.alerts()), story.get("alerts", len(story["leads"])), "alerts")
        equal(len({a["data"]["id"] for a in hark.alerts()}), story.get("alerted", len(story["leads"])), "leads told")
        if "reviews" in story:
            equal(sorted(f"{r['person_name']} / {r['other_name']}" for r in hark.json("review", "list")),
                  sorted(story["reviews"]), "reviews")


def add(path):
    with open(path, encoding="utf-8") as f:
        story = yaml.safe_load(f)

    def told():
        tell(story)
    told.__name__ = f"{os.path.basename(path)[:-5]}: {story['about']}"
    tap.test(told)


for path in sorted(glob.glob(os.path.join(SOURCE, "tests", "stories", "*.yaml"))):
    add(path)
check(tap.count() > 0, "no stories found")
run()
