#!/usr/bin/env python3
"""What reads a stream of Posts takes lines of any length, also one that never ends."""
import json
import os
import subprocess
import tempfile

from daemon import HARK
from tap import check, equal, figure, run, test

LINE_MAX = 64 << 20
MEMORY_MAX = 512 << 20  # a line at its ceiling, and what a sanitizer keeps of freed memory
ENDLESS = 1 << 30  # bytes without a newline, a multiple of what memory may grow to
RULE = "rules:\n  - id: acme\n    kind: mention\n    match: acme\n"
JOBS = (["match", "--rules", "r.yaml"], ["match", "--rules", "r.yaml", "--jobs", "2"],
        ["explain", "--rules", "r.yaml", "--json"])


def post(number, text="an acme"):
    return json.dumps({"source": "s", "external_id": str(number), "text": text}).encode() + b"\n"


def blocks(size):
    block = b"x" * (1 << 20)
    for _ in range(size >> 20):
        yield block


def feed(command, pieces):
    """The exit code, what was written, the most memory: of `command` reading `pieces` from a pipe."""
    with tempfile.TemporaryDirectory() as folder, open(os.path.join(folder, "out"), "w+b") as out, \
            open(os.path.join(folder, "err"), "w+b") as err:
        with open(os.path.join(folder, "r.yaml"), "w", encoding="ascii") as f:
            f.write(RULE)
        child = subprocess.Popen([HARK, *command, "-"], cwd=folder, stdin=subprocess.PIPE, stdout=out, stderr=err)
        with child.stdin:
            for piece in pieces:
                child.stdin.write(piece)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return child.returncode, out.read().decode(), err.read().decode(), usage.ru_maxrss << 10


def found(out):
    """The posts that were answered, by their number."""
    return [json.loads(line)["post"]["external_id"] for line in out.splitlines()]


def judge(command, pieces, refused, answered):
    code, out, err, peak = feed(command, pieces)
    equal(code, 1, err)
    equal(err.splitlines()[0], f"-:{refused}: longer than {LINE_MAX} bytes and left out: is a newline missing?")
    equal(found(out), answered, command)
    check(peak < MEMORY_MAX, f"{peak >> 20} MiB of memory")
    figure(f"hark {command[0]}: {peak >> 20} MiB at most")


@test
def a_line_too_long_is_named_and_those_around_it_are_read():
    for command in JOBS:
        judge(command, [post(1), *blocks(LINE_MAX), b"x\n", post(3), post(4)], 2, ["1", "3", "4"])


@test
def a_line_that_never_ends_takes_bounded_memory():
    for command in JOBS:
        judge(command, [post(1), *blocks(ENDLESS)], 2, ["1"])


@test
def long_lines_one_after_the_other_take_no_more_than_one():
    def pieces():
        for number in range(12):
            yield post(number, "an acme " + "x" * (8 << 20))
    code, out, err, peak = feed(["match", "--rules", "r.yaml", "--jobs", "2"], pieces())
    equal(code, 0, err)
    equal(len(out.splitlines()), 12)
    check(peak < MEMORY_MAX, f"{peak >> 20} MiB of memory")
    figure(f"{peak >> 20} MiB at most")


@test
def an_object_that_is_no_post_is_refused_by_all_in_the_same_words():
    lines = b'{"a":1}\n{}\n{"text":"","title":null}\n' + post(1)
    said = set()
    for command in (["match", "--rules", "r.yaml"], ["explain", "--rules", "r.yaml", "--json"], ["classify"],
                    ["dedupe"]):
        code, out, err, _ = feed(command, [lines])
        equal(code, 1, command)
        equal(len(out.splitlines()), 1, command)
        said.add(err)
    equal(said, {"".join(f"-:{n}: post: it has no text, no title, no external_id and no url\n" for n in (1, 2, 3))})


run()
