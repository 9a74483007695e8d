#!/usr/bin/env python3
"""tests/stories/references/*.yaml: what customers say, what people do about it with the command line, and what stands
there then, through the real daemon.

imports, lists, rules, packs and sources are as in tests/stories (of every source what it says `before`); `private`
names sources read with one's own rights; `config` is more of the configuration. Each of `steps` is one of

    publish: { SOURCE: [posts] }    a post with an id that was there is an edit
    import: { KIND: { csv, options } }; with never and then: a statement that finds nothing whenever somebody looks
        while it is brought in, and one that finds something afterwards
    run: a command line, with exit (0), says (texts in the output) and hides (texts not in it)
    alerts: texts, each in the title of exactly one alert for the desk, none before
    raised: for each receiver by whom they are about what alerts of leads hold, where mappings may hold more
    heard: for each receiver whom the leads are about that it was told of
    told: for each receiver the texts in the titles of all it was told by the desk, in order
    restart: true       harkd ends and starts, and looks after what is due
    older: days         as restart, and what waits for an answer was asked so much earlier
    outside: words that no command prints which is for the outside, in whatever form
    json: a command line, with is: what it prints, where mappings may hold more and a list is complete
    soon: the same of what harkd does by itself, when it comes to it

{today}, {today+7} and {today-3} are dates, {lead KIND} is the only lead of a kind, {review} the newest review."""
import datetime
import glob
import os
import re
import shlex
import threading

import yaml

import tap
from board import BOARD, Source, bring_in, poll_now, read_to_the_end
from daemon import Hark, SOURCE
from tap import check, equal, run, wait_for


def dated(text):
    """Days as they are now; a story is over before the day is, or it is told again tomorrow with others."""
    def day(m):
        return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=int(m.group(1) or 0))).strftime(
            "%Y-%m-%d")
    return re.sub(r"\{today([+-]\d+)?\}", day, text)


def titles(hark, receiver):
    return [a["data"]["title"] for a in hark.alerts(receiver + ".jsonl") if a["type"] == "reference.desk"]


def await_alerts(hark, texts):
    for text in texts:
        wait_for(f"an alert {text!r}", lambda: any(text in t for t in titles(hark, "alerts")), 30)
        equal(sum(text in t for t in titles(hark, "alerts")), 1, f"alerts {text!r}")


def compare_told(hark, want):
    for receiver, texts in want.items():
        wait_for(f"what {receiver} is told", lambda: len(titles(hark, receiver)) >= len(texts), 30)
        got = titles(hark, receiver)
        equal(len(got), len(texts), f"{receiver} is told {got}")
        for title, text in zip(got, texts):
            check(text in title, f"{receiver} is told {title!r}, not {text!r}")


def compare_heard(hark, want):
    for receiver, names in want.items():
        wait_for(f"what {receiver} hears", lambda: len(hark.alerts(receiver + ".jsonl")) >= len(names))
        equal([a["data"]["subject"]["name"] for a in hark.alerts(receiver + ".jsonl") if a["type"] == "lead.raised"], names)


def compare_raised(hark, want):
    def raised(receiver, name):
        return [a["data"] for a in hark.alerts(receiver + ".jsonl") if a["type"] == "lead.raised" and a["data"]["subject"]["name"] == name]
    for receiver, leads in want.items():
        for name, lead in leads.items():
            wait_for(f"{receiver} to hear of {name}", lambda: raised(receiver, name))
            fits(raised(receiver, name)[0], lead, name)


def command(hark, text):
    def lead(m):
        rows = hark.rows("SELECT id FROM leads WHERE kind = ?", m.group(1))
        equal(len(rows), 1, m.group(0))
        return str(rows[0]["id"])

    def review(_):
        return str(hark.rows("SELECT max(id) AS id FROM reviews")[0]["id"])
    return shlex.split(re.sub(r"\{lead ([a-z-]+)\}", lead, re.sub(r"\{review\}", review, dated(text))))


def restart(hark, days=0):
    hark.stop()
    if days > 0:
        hark.write_rows("UPDATE reference_candidates SET ask_due = ask_due - {0}, ask_next = ask_next - {0}".format(
            days * 86400000))
    hark.start()


OUTSIDE = ["references quotes", "references quotes 1", "references proof", "references prospect",
           "references proof --account 'Globex Corporation'", "references quotes --product 'Northwind Desk'",
           "references brief 1", "references coach 1", "references pack D1", "references pack D1 --without-critical",
           "references pack req_1 --without-critical"]


def try_outside(hark, words):
    for line in OUTSIDE:
        for form in ([], ["--json"], ["--csv"]):
            done = hark.run(*shlex.split(line), *form)
            for word in words:
                check(word not in done.stdout + done.stderr, f"{line} {form} says {word!r}:", done.stdout)


def fits(got, want, where):
    if isinstance(want, dict):
        check(isinstance(got, dict), where, got)
        for key, value in want.items():
            if value is None:
                check(key not in got, f"{where}.{key} should not be there", got)
            else:
                check(key in got, f"{where}.{key} is missing", got)
                fits(got[key], value, f"{where}.{key}")
    elif isinstance(want, list):
        check(isinstance(got, list) and len(got) == len(want), f"{where} has other rows:", got)
        for i, (g, w) in enumerate(zip(got, want)):
            fits(g, w, f"{where}[{i}]")
    elif isinstance(want, str) and want.startswith("/") and isinstance(got, str):
        check(re.search(dated(want.strip("/")), got), f"{where}: {got!r} is not {want}")
    else:
        equal(got, dated(want) if isinstance(want, str) else want, where)


def await_json(hark, line, want):
    got = []

    def seen():
        got[:] = [hark.json(*line)]
        try:
            fits(got[0], want, "")
            return True
        except AssertionError:
            return False
    try:
        wait_for(" ".join(line), seen)
    except AssertionError:
        fits(got[0], want, " ".join(line))
        raise


def publish(hark, sources, posts):
    for name, items in posts.items():
        source = sources[name]
        ids = {str(i["id"]) for i in items}
        source.items = items + [i for i in source.items if str(i["id"]) not in ids]
        source.publish(source.items)
    total = sum(len(s.items) for s in sources.values())
    poll_now(hark, [sources[name] for name in posts])
    wait_for(f"{total} posts", lambda: hark.count("posts") >= total)
    read_to_the_end(hark, sources.values())


def watch(hark, step):
    """Brings it in while somebody looks all the time: what goes together is never seen apart."""
    seen, done = [], threading.Event()

    def look():
        while not done.is_set():
            seen.append(hark.rows(step["never"]))
    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        bring_in(hark, step["import"])
    finally:
        done.set()
        watcher.join()
    check(seen and not any(seen), step["never"], [s for s in seen if s][:1])
    check(hark.rows(step["then"]), step["then"])


def do(hark, sources, step):
    if "publish" in step:
        publish(hark, sources, step["publish"])
    elif "import" in step and "never" in step:
        watch(hark, step)
    elif "import" in step:
        bring_in(hark, step["import"])
    elif "restart" in step:
        restart(hark)
    elif "older" in step:
        restart(hark, step["older"])
    elif "told" in step:
        compare_told(hark, step["told"])
    elif "raised" in step:
        compare_raised(hark, step["raised"])
    elif "heard" in step:
        compare_heard(hark, step["heard"])
    elif "alerts" in step:
        await_alerts(hark, step["alerts"])
    elif "outside" in step:
        try_outside(hark, step["outside"])
    elif "soon" in step:
        await_json(hark, command(hark, step["soon"]), step["is"])
    elif "json" in step:
        fits(hark.json(*command(hark, step["json"])), step["is"], step["json"])
    else:
        done = hark.run(*command(hark, step["run"]))
        said = done.stdout + done.stderr
        ragged = [t for t in said.splitlines() if t != t.rstrip()]
        check(not ragged, f"{step['run']} ends lines with a space:", ragged)
        equal(done.returncode, step.get("exit", 0), f"{step['run']}: {said}")
        for text in step.get("says", []):
            check(dated(text) in said, f"{step['run']} does not say {text!r}:", said)
        for text in step.get("hides", []):
            check(text not in said, f"{step['run']} says {text!r}:", said)


def tell(story):
    sources = {name: Source(name, {"connector": "board", **parts}) for name, parts in story["sources"].items()}
    rules = yaml.safe_dump({"rules": story.get("rules", [])}, sort_keys=False, allow_unicode=True)
    configs = [{**s.config(), "visibility": "private" if s.name in story.get("private", []) else "public"}
               for s in sources.values()]
    with Hark(sources=configs, rules=rules, lists=story.get("lists", {}), routes=[{"to": ["out"]}]) as hark:
        os.mkdir(hark.path("connectors"))
        hark.write("connectors/board.yaml", BOARD)
        hark.config["rules"] = story.get("packs", []) + (["rules.yaml"] if story.get("rules") else [])
        hark.config.update(story.get("config", {}))
        hark.save()
        bring_in(hark, story.get("imports", {}))
        for name, source in sources.items():
            source.items = story["sources"][name].get("before", [])
        hark.start()
        hark.wait_baseline()
        for step in story["steps"]:
            do(hark, sources, step)


def add(path):
    with open(path, encoding="utf-8") as f:
        story = yaml.safe_load(f)

    def told():
        tell(story)
    told.__name__ = f"{os.path.basename(path)[:-5]}: {story['about']}"
    tap.test(told)


for path in sorted(glob.glob(os.path.join(SOURCE, "tests", "stories", "references", "*.yaml"))):
    add(path)
check(tap.count() > 0, "no stories found")
run()
