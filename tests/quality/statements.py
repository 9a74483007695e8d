"""Reads labelled statements: statements-NAME.jsonl, or statements-NAME.txt with a line a statement:

    M Setup took a day, {O:we cut the night shift from nine hours to six}, {L:the app eats batteries}.

A letter of RANKS, after it q where something is asked of readers and s where it is meant otherwise than said, a blank,
and the text, in which {L:…} is a limit, {Z:…} a lesson, {S:…} a selection and {O:…} an outcome; they may lie within one
another. What is praised, what is criticised and whom praise is for is not told in these, so `expect` lacks it.
statements.txt says what the labels mean."""
import json
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
RANKS = {"M": ("mixed", "positive"), "P": ("pure", "positive"), "N": ("negative", "negative"), "O": ("other", "neutral")}
PARTS = {"L": "limit", "Z": "lesson", "S": "selection", "O": "outcome"}
LINE = re.compile(r"([MPNO])(q?)(s?) (.*\S)")
MARK = re.compile(r"\{([LZSO]):|\}")


def read_marked(text):
    """The text without marks; of each part the spans, in the order in which they begin."""
    plain, spans, open_marks, at = "", [], [], 0
    for mark in MARK.finditer(text):
        plain += text[at:mark.start()]
        at = mark.end()
        if mark.group(1):
            open_marks.append((len(plain), mark.group(1)))
        elif not open_marks:
            raise ValueError(f"a span that never began: {text}")
        else:
            start, letter = open_marks.pop()
            spans.append((start, letter, plain[start:]))
    if open_marks:
        raise ValueError(f"a span that never ends: {text}")
    plain += text[at:]
    return plain, {part: [s for _, x, s in sorted(spans) if x == letter] for letter, part in PARTS.items()}


def read_line(line):
    """What a line says is expected, and its text."""
    found = LINE.fullmatch(line)
    if not found:
        raise ValueError(f"not a statement: {line}")
    letter, asks, wry, marked = found.groups()
    rank, sentiment = RANKS[letter]
    text, spans = read_marked(marked)
    if (rank == "mixed") != bool(spans["limit"]):
        raise ValueError(f"mixed praise has a limit, and nothing else: {line}")
    return text, {"sentiment": sentiment, "mixed": rank == "mixed", "rank": rank, **spans,
                  "question": bool(asks), "sarcasm": bool(wry)}


def read_lines(lines, name):
    posts = []
    for line in lines:
        text, expect = read_line(line.rstrip("\n"))
        posts.append({"source": "sample", "external_id": f"{name}-{len(posts) + 1}", "type": "post", "text": text,
                      "lang": "en", "expect": expect})
    return posts


def read_statements(name):
    path = os.path.join(HERE, f"statements-{name}")
    if os.path.exists(path + ".txt"):
        with open(path + ".txt", encoding="utf-8") as f:
            return read_lines(f, name)
    with open(path + ".jsonl", encoding="utf-8") as f:
        return [json.loads(line) for line in f if line.strip()]
