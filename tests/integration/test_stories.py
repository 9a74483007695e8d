#!/usr/bin/env python3
"""tests/stories/*.yaml: what was published, and exactly the leads and alerts that must come of it,
through the real daemon."""
import glob
import os

import yaml

import tap
from daemon import Hark, SOURCE
from peer import Answer, Peer, rss
from tap import check, equal, run, wait_for

ALL = [{"to": ["out"]}]


def shorten(lead):
    return {"kind": lead["kind"], "subject": lead["subject"]["name"]}


def in_order(things):
    return sorted(things, key=lambda t: (t["kind"], t["subject"]))


def tell(story):
    peers = {name: Peer() for name in story["sources"]}
    for name, parts in story["sources"].items():
        peers[name].script("/feed", Answer(rss(parts.get("before", []), title=name)))
    rules = yaml.safe_dump({"rules": story["rules"]}, sort_keys=False, allow_unicode=True)
    lists = {k: v for k, v in story.get("lists", {}).items()}
    with Hark(sources=[{"name": n, "url": p.url("/feed")} for n, p in peers.items()], rules=rules, lists=lists,
              routes=ALL) as hark:
        hark.config["rules"] += story.get("packs", [])
        hark.save()
        hark.start()
        hark.wait_baseline()
        total = hark.count("posts")
        for name, parts in story["sources"].items():
            items = parts.get("after", []) + parts.get("before", [])
            peers[name].script("/feed", Answer(rss(items, title=name)))
            total += len(parts.get("after", []))
        wait_for(f"{total} posts", lambda: hark.count("posts") >= total)
        hark.wait_alerts(story.get("alerts", len(story["leads"])))
        for peer in peers.values():
            seen = peer.count()
            wait_for("one more poll", lambda: peer.count() > seen + 1)
        leads = in_order(map(shorten, hark.leads()))
        for got, want in zip(leads, in_order(story["leads"])):
            if want["subject"] == "ANY": # whichever of several copies was read first
                want["subject"] = got["subject"]
        equal(leads, in_order(story["leads"]), "leads")
        equal(len(hark.alerts()), story.get("alerts", len(story["leads"])), "alerts")
        equal(len({a["data"]["id"] for a in hark.alerts()}), len(story["leads"]), "leads in the alerts")


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
