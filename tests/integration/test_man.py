#!/usr/bin/env python3
"""hark-rules(5) says what is so: its examples are run, its codes are those of the source; and quotes of all pages end."""
import json
import os
import re
import subprocess
import tempfile

from daemon import HARK
from tap import check, equal, figure, run, test

TOP = os.environ["top_srcdir"]
PAGE = os.path.join(TOP, "monitor/man/hark-rules.5")
# What the page's examples may name.
LISTS = """{ competitors: [Globex, Initech Suite], products: [Northwind Desk], staff: [Sam Rivers],
        customers: [{ name: Larkspur Freight, tier: A }, { name: Quillon Foods, tier: B }],
        contacts: [{ name: Jane Doe, handle: "@jdoe" }] }"""
DEFINE = """define:
  leaving: '"alternative to" OR "switch* from"'
"""


def unquote(argument):
    text = argument[1:-1] if argument.startswith('"') else argument
    return text.replace("\\(dq", '"').replace("\\&", "").replace("\\e", "\\")


def queries():
    """(query, [posts found], [posts not found]) of every item that shows some."""
    items = []
    with open(PAGE, encoding="utf-8") as f:
        for line in f:
            if line.startswith(".It Li "):
                items.append((unquote(line[7:].strip()), [], []))
            elif line.startswith(".D1 "):
                sign, post = line[4], unquote(line[6:].strip())
                items[-1][1 if sign == "+" else 2].append(post)
    return [i for i in items if i[1] or i[2]]


def blocks():
    with open(PAGE, encoding="utf-8") as f:
        return re.findall(r"^\.Bd -literal.*?\n(.*?)^\.Ed", f.read(), re.M | re.S)


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def as_case(post):
    return post if post.startswith("{") else quoted(post)


def as_rule(number, query, found, not_found):
    lines = [f"  - id: example-{number}", "    kind: mention", f"    match: {quoted(query)}", "    tests:",
             f"      lists: {LISTS}"]
    for key, posts in (("match", found), ("nomatch", not_found)):
        if posts:
            lines.append(f"      {key}:")
            lines += [f"        - {as_case(p)}" for p in posts]
    return "\n".join(lines)


def rules_test(text):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "rules.yaml")
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        return subprocess.run([HARK, "rules", "test", "--json", path], capture_output=True, text=True, check=False)


@test
def every_query_finds_what_the_page_says_and_nothing_else():
    items = queries()
    ran = rules_test(DEFINE + "rules:\n" + "\n".join(as_rule(n, *item) for n, item in enumerate(items)) + "\n")
    said = json.loads(ran.stdout)
    failed = [items[int(c["rule"].split("-")[1])][0] + ": " + c["what"] for c in said["cases"] if not c["ok"]]
    equal(failed, [], str([f["message"] for f in said["findings"]]))
    equal(ran.returncode, 0, ran.stderr)
    cases = sum(len(found) + len(others) for _, found, others in items)
    equal((said["passed"], said["failed"], said["findings"]), (cases, 0, []))
    check(len(items) > 60 and cases > 130, len(items), cases)
    figure(f"{cases} posts under {len(items)} queries")


@test
def a_wrong_example_would_be_seen():
    query, found, _ = queries()[0]
    ran = rules_test("rules:\n" + as_rule(0, query, [], found) + "\n")
    equal(ran.returncode, 1, ran.stdout)


@test
def the_rules_shown_pass_their_own_tests():
    shown = [b for b in blocks() if "rules:" in b]
    check(len(shown) >= 2, shown)
    for text in shown:
        ran = rules_test(text)
        equal(ran.returncode, 0, ran.stdout + ran.stderr)
        check(json.loads(ran.stdout)["passed"] > 0, text)


@test
def the_codes_explained_are_those_of_the_source():
    codes = set()
    for folder in ("rules", "monitor/base", "monitor/cli"):
        for name in os.listdir(os.path.join(TOP, folder)):
            if name.endswith(".c"):
                with open(os.path.join(TOP, folder, name), encoding="utf-8") as f:
                    codes |= set(re.findall(r'"([EWY]\d{3})"', f.read()))
    with open(PAGE, encoding="utf-8") as f:
        explained = re.findall(r"^\.It ([EWY]\d{3})$", f.read(), re.M)
    check(len(codes) > 40, codes)
    equal(sorted(codes - set(explained)), [], "in the source alone")
    equal(explained, sorted(codes), "in the page, in this order")


@test
def a_quote_ends_before_the_next_begins():
    """Of two on one line the second would lie in the first."""
    folder = os.path.join(TOP, "monitor/man")
    pages = [name for name in os.listdir(folder) if re.search(r"\.[1578](\.in)?$", name)]
    check(len(pages) >= 7, pages)
    for name in pages:
        with open(os.path.join(folder, name), encoding="utf-8") as f:
            nested = [line for line in f if re.match(r"\..*\b(Dq|Sq|Ql) .* (Dq|Sq|Ql) ", line)]
        equal(nested, [], name)


run()
