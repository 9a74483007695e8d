#!/usr/bin/env python3
"""tests/stories/desk/*.yaml: who gets which lead, who does not hear of it and why, through the real daemon.

imports, lists, rules, packs and sources are as in tests/stories; receivers are names, or mappings with what a receiver
may say; routes, inhibit and territories are the configuration's. What a source has `later` comes once all else has, and what it
has `last` once that is told.
`told`: the subjects each receiver hears of, or how many; `digest`: how many leads one digest names; `decided`: what
is kept of each subject's lead, in order, an end of a silence apart; `why_not`: a change that is shown for the post about a subject; `credit`: who has which part of a
subject's lead, after some steps of hark leads; `asked`: topics of hark report questions; `shown`: what hark leads show says of it; `config`: other sections of
the configuration; `timeline`: after some steps, the rows [kind, what, part of the text] before the first answer to a
subject's lead, and in `deals` the deals of two CRMs that it is attached to; `rivals`: by subject, who of a competitor is in
the thread, by what it is known, hours ahead, whether one of ours is there; `ties`: by subject, which colleagues know them or others there; `causes`: the stage that decided for a post, or for a link that is
not stored, and what would turn it, or with `unchanged` why nothing is tried: then none may be shown; `json`: by command, the rows that its JSON is made of, with what matters of each."""
import csv
import glob
import io
import json
import os
import time

import yaml

import tap
from board import BOARD, Source, poll_now
from daemon import Hark, SOURCE
from tap import check, equal, run, wait_for


def receiver(hark, r):
    r = {"name": r} if isinstance(r, str) else dict(r)
    if r.get("quiet") == "AROUND-NOW":
        now = time.time()
        r["quiet"] = "-".join(time.strftime("%H:%M", time.gmtime(now + h * 3600)) for h in (-6, 6)) + " UTC"
    return r if "type" in r else {"type": "file", "path": hark.path(r["name"] + ".jsonl"), **r}


def configure(hark, story):
    hark.config["receivers"] = [receiver(hark, r) for r in story["receivers"]]
    hark.config["routes"] = story["routes"]
    hark.config["inhibit"] = story.get("inhibit", [])
    hark.config["lists"].update(story.get("lists", {}))
    hark.config["rules"] += story.get("packs", [])
    if "credit_policy" in story:
        hark.config["credit"] = story["credit_policy"]
    hark.config.update(story.get("config", {}))
    if "territories" in story:
        hark.write("territories.csv", story["territories"])
        hark.config["territories"] = "territories.csv"
    hark.save()


def bring_in(hark, story):
    for name, parts in story.get("imports", {}).items():
        kind = name.split("/")[0]
        hark.write(kind + ".csv", parts["csv"])
        of = ["--of", parts["of"]] if "of" in parts else []
        done = hark.run("import", kind, kind + ".csv", "--yes", *of, *parts.get("options", []))
        equal(done.returncode, 0, done.stdout + done.stderr)


def messages(hark, name, kind):
    return [a["data"] for a in hark.alerts(name + ".jsonl") if a["type"] == kind]


def compare_told(hark, story):
    for name, want in story["told"].items():
        n = want if isinstance(want, int) else len(want)
        wait_for(f"{n} alerts for {name}", lambda: len(messages(hark, name, "lead.raised")) >= n)
    for r in hark.config["receivers"]:
        want = story["told"].get(r["name"], [])
        got = sorted(d["subject"]["name"] for d in messages(hark, r["name"], "lead.raised"))
        equal(len(got) if isinstance(want, int) else got, want if isinstance(want, int) else sorted(want), r["name"])


def compare_decided(hark, story):
    for subject, want in story.get("decided", {}).items():
        got = hark.rows("SELECT stage, cause, receiver, value, threshold FROM lead_decisions d JOIN leads l ON"
                        " l.id = d.lead WHERE l.subject_name = ? ORDER BY d.id", subject)
        for d in got:
            if d["cause"] == "silenced":
                d["threshold"] = None
        whole = {"receiver": None, "value": None, "threshold": None}
        for g, w in zip(got, want):
            if w["cause"] == "open-case":
                g["threshold"] = None # a place in the configuration
        equal(got, [{**{"stage": w["stage"], "cause": w["cause"]}, **whole, **w} for w in want], subject)


def compare_why_not(hark, story):
    for subject, want in story.get("why_not", {}).items():
        row = hark.rows("SELECT o.name || ':' || p.external_id AS ref FROM leads l JOIN signals g ON g.lead = l.id"
                        " JOIN posts p ON p.id = g.post JOIN sources o ON o.id = p.source WHERE l.subject_name = ?",
                        subject)[0]
        answer = hark.json("why-not", row["ref"], "--rule", want["rule"])
        check(any(want["change"] in c for c in answer["would_tell"]), answer["would_tell"])
        typed = [r for r in answer["reasons"] if r.get("stage") not in (None, "owner")]
        check(typed and typed[0]["value"], answer["reasons"])
        check(want["change"] in hark.run("why-not", row["ref"], "--rule", want["rule"]).stdout)


def asked(hark, want, sources):
    """What hark why-not is asked: about somebody, of a lead, of a post, of a link that no source has said."""
    rule = ["--rule", want["rule"]] if "rule" in want else []
    for key in ("person", "account"):
        if key in want:
            return ["--" + key, want[key], *rule]
    if "lead" in want:
        return [f"lead_{hark.rows('SELECT id FROM leads WHERE subject_name = ?', want['lead'])[0]['id']}"]
    return [want["of"] if ":" in want["of"] else sources[want["of"]].peer.url("/not-there"), *rule]


def answered(hark, of):
    """All posts that are told of, as one."""
    answers = json.loads(hark.run("why-not", *of, "--json").stdout)
    answers = answers if isinstance(answers, list) else [answers]
    return {key: sum((a.get(key, []) for a in answers), []) for key in ("reasons", "would_tell")}


def compare_causes(hark, story, sources):
    """Each stage with its value and threshold, and the change that turns it."""
    for want in story.get("causes", []):
        of = asked(hark, want, sources)
        step = None

        def told():
            nonlocal step
            answer = answered(hark, of)
            step = next((r for r in answer["reasons"] if (r["stage"], r["code"]) == (want["stage"], want["code"])), None)
            return step and all(step.get(k, "").startswith(want[k])
                                for k in ("value", "threshold", "receiver") if k in want)
        wait_for(f"{want}", told)
        answer = answered(hark, of)
        check(want.get("flip", "") in step.get("flip", ""), step)
        check({"flip", "change", "unchanged"} & set(want), "a cause has what turns it, or why nothing does", want)
        if "unchanged" in want:
            equal((step.get("flip"), answer["would_tell"]), (None, []), want)
        check(any(want.get("change", "") in c for c in [*answer["would_tell"], ""]), want, answer)
        shown = hark.run("why-not", *of).stdout
        check(want.get("change", "") in shown and step["text"] in shown, shown)


def compare_digests(hark, story):
    equal(hark.count("lead_decisions", "cause = 'over-budget'"), story.get("over_budget", 0), "over the budget")
    for name, n in story.get("digest", {}).items():
        wait_for(f"the digest of {name}", lambda: messages(hark, name, "leads.digest"), 30)
        digests = messages(hark, name, "leads.digest")
        equal([d["leads_count"] for d in digests], [n])
        scores = [lead["score"] for lead in digests[0]["leads"]]
        equal(scores, sorted(scores, reverse=True), "the strongest first")
        direct = {d["id"] for d in messages(hark, name, "lead.raised")}
        check(not direct & {lead["id"] for lead in digests[0]["leads"]}, "told twice")


def compare_credit(hark, story):
    for subject, want in story.get("credit", {}).items():
        lead = hark.rows("SELECT id FROM leads WHERE subject_name = ?", subject)[0]["id"]
        for step in want.get("steps", []):
            equal(hark.run("leads", *[str(lead) if w == "LEAD" else w for w in step]).returncode, 0, step)
        got = hark.json("leads", "credit", str(lead))
        equal([c["name"] for c in got["chain"]], want["chain"])
        equal({f"{p['name']} ({p['role']})": p["percent"] for p in got["split"]}, want["split"])
        equal({p["name"]: p.get("value") for p in got["split"]}, want.get("value", {p: None for p in
              [q["name"] for q in got["split"]]}))
        equal([(d["by"], d["note"]) for d in got["disputes"]], [tuple(d) for d in want.get("disputes", [])])
        equal(hark.json("leads", "credit", str(lead)), got, "the same split again")
        shown = hark.run("leads", "credit", str(lead)).stdout
        for line in want.get("shown", []):
            check(line in shown, shown)


def compare_shown(hark, story):
    for subject, want in story.get("shown", {}).items():
        lead = hark.rows("SELECT id FROM leads WHERE subject_name = ?", subject)[0]["id"]
        shown = hark.run("leads", "show", str(lead)).stdout
        for line in want:
            check(line in shown, line, shown)


def compare_timelines(hark, story):
    for subject, want in story.get("timeline", {}).items():
        where = "subject_name = ? AND kind = ?"
        lead = str(hark.rows("SELECT id FROM leads WHERE " + where, subject, want["kind"])[0]["id"])
        for step in want.get("steps", []):
            equal(hark.run("leads", *[lead if w == "LEAD" else w for w in step]).returncode, 0, step)
        got = hark.json("leads", "timeline", lead)
        equal(len(got["rows"]), len(want["rows"]), got["rows"])
        for row, (kind, what, text) in zip(got["rows"], want["rows"]):
            equal((row["kind"], row.get("what", "")), (kind, what), got["rows"])
            check(text in row.get("text", ""), row)
        equal(got["answered"], want["answered"])
        equal([got["person"], got["account"]], want["of"])
        for form in ("text", "markdown", "csv"):
            shown = hark.run("leads", "timeline", lead, "--format", form).stdout
            check(all(text.replace("-", "\\-") in shown or text in shown for _, _, text in want["rows"]), shown)
        for profile, deals in want.get("deals", {}).items():
            table = list(csv.reader(hark.run("leads", "export", "--state", "all", "--profile", profile).stdout
                                    .splitlines()))
            equal(sorted({r[0] for r in table[1:] if r and r[0] in want["known_deals"]}), sorted(deals), profile)
        for profile, column in (("hubspot", "Hark Timeline"), ("salesforce-lead", "HarkTimeline__c")):
            text = hark.run("leads", "export", "--state", "all", "--profile", profile).stdout
            fields = [r[column] for r in csv.DictReader(io.StringIO(text, newline=""))]
            check(any(all(t in f for _, _, t in want["rows"]) for f in fields), fields)


def compare_rivals(hark, story):
    for subject, want in story.get("rivals", {}).items():
        lead = hark.rows("SELECT id FROM leads WHERE subject_name = ?", subject)[0]["id"]
        got = hark.json("leads", "show", str(lead)).get("rivals", [])
        equal([[r["name"], r["known_by"], round(r["ahead_ms"] / 3600000), "ours" in r] for r in got], want, subject)


def compare_ties(hark, story):
    """On the card and in the alert."""
    for subject, want in story.get("ties", {}).items():
        lead = hark.rows("SELECT id FROM leads WHERE subject_name = ?", subject)[0]["id"]
        for got in [hark.json("leads", "show", str(lead))] + [d for r in story["receivers"]
                for d in messages(hark, r["name"], "lead.raised") if d["subject"]["name"] == subject]:
            ties = got.get("ties", [])
            check(all(t["colleague"] > 0 for t in ties), ties)
            equal([{k: t[k] for k in w} for t, w in zip(ties, want)], want, subject)
            equal(len(ties), len(want), ties)


def compare_leads(hark, story):
    if "leads" in story:
        got = hark.rows("SELECT kind, subject_name AS subject, signals FROM leads ORDER BY kind, subject_name")
        equal(got, sorted(story["leads"], key=lambda l: (l["kind"], l["subject"])), "leads")


def compare_asked(hark, story):
    """By topic, whatever week it is."""
    for want in story.get("asked", []):
        rows = [r for r in hark.json("report", "questions") if r["topic"] == want["topic"]]
        sums = {key: sum(r[key] for r in rows) for key in ("questions", "answered", "unanswered")}
        equal(sums, {k: want[k] for k in sums}, rows)
        check(all(0 < r["people"] <= want["people"] and len(r["week"]) == 10 for r in rows), rows)


def compare_json(hark, story):
    for command, want in story.get("json", {}).items():
        got = hark.json(*command.split())
        equal([{k: row.get(k) for k in w} for row, w in zip(got, want)], want, command)
        equal(len(got), len(want), command)


def tell(story):
    sources = [Source(name, parts) for name, parts in story["sources"].items()]
    rules = yaml.safe_dump({"rules": story.get("rules", [])}, sort_keys=False, allow_unicode=True)
    with Hark(sources=[s.config() for s in sources], rules=rules) as hark:
        os.mkdir(hark.path("connectors"))
        hark.write("connectors/board.yaml", BOARD)
        configure(hark, story)
        bring_in(hark, story)
        hark.start()
        hark.wait_baseline()
        for what in story.get("silences", []):
            done = hark.run("silence", "add", what, "--for", "1h", "--reason", "a test", "--as", "ana")
            equal(done.returncode, 0, done.stderr)
        items, total = {s.name: story["sources"][s.name].get("before", []) for s in sources}, hark.count("posts")
        for part in ("after", "later", "last"):
            if part == "last":
                compare_told(hark, story)
            for source in sources:
                items[source.name] = items[source.name] + story["sources"][source.name].get(part, [])
                source.publish(items[source.name])
                total += len(story["sources"][source.name].get(part, []))
            poll_now(hark, [s for s in sources if part in story["sources"][s.name]])
            wait_for(f"{total} posts", lambda: hark.count("posts") >= total)
        compare_decided(hark, story)
        compare_why_not(hark, story)
        compare_causes(hark, story, {s.name: s for s in sources})
        compare_digests(hark, story)
        compare_credit(hark, story)
        compare_leads(hark, story)
        compare_shown(hark, story)
        compare_rivals(hark, story)
        compare_ties(hark, story)
        compare_timelines(hark, story)
        compare_asked(hark, story)
        compare_json(hark, story)


def add(path):
    with open(path, encoding="utf-8") as f:
        story = yaml.safe_load(f)

    def told():
        tell(story)
    told.__name__ = f"{os.path.basename(path)[:-5]}: {story['about']}"
    tap.test(told)


for path in sorted(glob.glob(os.path.join(SOURCE, "tests", "stories", "desk", "*.yaml"))):
    add(path)
check(tap.count() > 0, "no stories found")
run()
