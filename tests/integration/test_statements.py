#!/usr/bin/env python3
"""Labelled statements, a line each, as tests/quality/statements.py reads them; and that each set in the tree is well
formed."""
import glob
import os
import sys

from tap import check, equal, run, test

QUALITY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "quality")
sys.path.insert(0, QUALITY)
import statements  # noqa: E402  it lies beside the sets


def refused(line):
    try:
        statements.read_line(line)
    except ValueError as e:
        return str(e)
    return None


@test
def a_line_tells_its_rank_and_its_spans():
    text, expect = statements.read_line(
        "Ms {S:We took it over Larch because {O:it halved our mileage}}. {L:The app is slow}, {L:so is the map}.")
    equal(text, "We took it over Larch because it halved our mileage. The app is slow, so is the map.")
    equal((expect["rank"], expect["sentiment"], expect["mixed"]), ("mixed", "positive", True))
    equal(expect["limit"], ["The app is slow", "so is the map"])
    equal(expect["selection"], ["We took it over Larch because it halved our mileage"])
    equal(expect["outcome"], ["it halved our mileage"])
    equal((expect["lesson"], expect["sarcasm"], expect["question"]), ([], True, False))


@test
def each_letter_has_a_tone():
    for line, rank, tone in (("P I sleep.", "pure", "positive"), ("N I don't.", "negative", "negative"),
                             ("Oq Who does?", "other", "neutral")):
        _, expect = statements.read_line(line)
        equal((expect["rank"], expect["sentiment"]), (rank, tone))


@test
def what_is_not_told_is_not_expected():
    _, expect = statements.read_line("P It works.")
    check(not {"praised", "criticised", "target", "regulated"} & set(expect))


@test
def a_broken_line_is_refused():
    for line in ("X No such letter.", "P", "Psq Flags in another order.", "N {O:Never ends.", "N Never began}.",
                 "M No limit.", "P Praise {L:with one}."):
        check(refused(line), line)


@test
def every_set_reads():
    names = [os.path.basename(p)[len("statements-"):-len(".txt")] for p in glob.glob(os.path.join(QUALITY, "statements-*.txt"))]
    check(names)
    for name in names:
        check(len(statements.read_statements(name)) > 0, name)


run()
