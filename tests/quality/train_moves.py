#!/usr/bin/env python3
"""Weighs the features of rules/classify/features.h, what a whole post says (wording.h, wording_net.h, wording_event.h)
and which names have which role (roles.h) on labelled posts: writes weights.c, wording_table.c, wording_net_table.c,
wording_event_table.c and roles_table.c of rules/classify, or only measures.

    make tests/quality/move_frames && train_moves.py [--left-out]

First a logistic regression over named features, drawn towards what PRIOR says where the posts say little. Of a post
that announces a move the likeliest phrase with the right person is the example, of the others each phrase: by these
weights the likeliest move of a post is chosen. Then another one over all that the post says with that move, which
decides beside a small network over the same rows (move_net.py), a third says which event it is (move_event.py),
and a last one which name has which role (move_roles.py); all is hashed by move_frames, so that only C knows what it
is. move_frames knows the event and the roles given before by the tables it is built with: build and run it twice. The output is the same for the same input on one machine. --left-out writes nothing and prints, for
each group of files that were written without a look at the phrases, how well they are told apart by what was learnt
of the other files, and for all of them together precision and recall by bias. It needs numpy, scipy (python3-scipy)
and torch (python3-torch)."""
import argparse
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
import scipy.optimize
import scipy.sparse

import move_event
import move_net
import move_roles

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.environ.get("top_builddir", "build")
RULES = os.path.join(HERE, "../../rules/classify")
# dev, own, sixth and fourteenth were seen by whoever wrote the phrases
SHARES = {"dev": 0.5, "own": 0.5, "second": 1.0, "third": 1.0, "fourth": 1.0, "fifth": 1.0, "sixth": 0.5,
          "seventh": 1.0, "eighth": 1.0, "ninth": 1.0, "tenth": 0.5, "eleventh": 0.5, "twelfth": 1.0,
          "thirteenth": 1.0, "fourteenth": 0.5, "fifteenth": 1.0, "sixteenth": 1.0,
          "seventeenth": 1.0, "eighteenth": 4.0, "nineteenth": 1.0, "twentieth": 1.0,
          "twentyfirst": 1.0, "twentysecond": 1.0, "twentythird": 1.0, "twentyfourth": 3.0,
          "seventh-held": 1.0, "eighth-held": 1.0, "ninth-held": 1.0, "tenth-held": 0.5, "eleventh-held": 0.5,
          "twelfth-held": 1.0, "thirteenth-held": 1.0, "fifteenth-held": 1.0, "sixteenth-held": 1.0,
          "seventeenth-held": 1.0, "nineteenth-held": 1.0, "twentieth-held": 1.0,
          "twentyfirst-held": 1.0, "twentysecond-held": 1.0, "twentythird-held": 1.0}
# What customers say of products: they tell of no move, with all the names and titles they are signed with.
SHARES |= dict.fromkeys((f"statements {n}" for n in ("third", "eighth", "ninth", "tenth", "eleventh")), 0.5)
LEFT_OUT = [["second", "third", "fourth", "fifth"], ["seventh", "eighth", "ninth"], ["tenth", "eleventh", "twelfth"],
            ["thirteenth"], ["fifteenth"], ["sixteenth"], ["seventeenth"], ["nineteenth"], ["twentieth"],
            ["twentyfirst"], ["twentysecond"], ["twentythird"]]
ROUNDS, STEPS, RATE, DRAW = 4, 150, 0.5, 0.001
BIAS = 0.5  # of the named features: what may be one is read as a whole
BIAS_WHOLE = -1.2  # of the whole, see --left-out
LINE_SAY, NET_SAY = 0.5, 0.7  # of what the line and the net are worth in the whole
UNKNOWN = 1.0  # so that moves are found whose phrases, and refused whose reasons, are not known
WRONG_PHRASE = 0.25  # of a post that does announce a move
REASON = -1.5  # at most; beside the phrase it counts twice
ONE_REASON = "all parts and a phrase, one subject beside"
DRAW_REASON = 0.002  # few posts speak of each
GROUPS, SLOTS = 10, 1 << 20  # of wording.h
SLOT_LEAST = 3  # posts with one, for it to be learnt
DRAW_WHOLE = 0.2
STEPS_WHOLE = 80
NAMED = 0.3  # what the named features keep of their say beside the whole, see --left-out
STEPS_MAX = 127  # a weight is a signed byte
PRIOR = {
    "phrase": -1.2,
    "phrase is weak": -0.36,
    "phrase says it alone": 0.6,
    "author": 0.36,
    "employer": 0.6,
    "employer is the author": 0.6,
    "title": 0.6,
    "no employer, no title": -1.2,
    "former employer": 0.6,
    "word of news near it": 0.42,
    "a surname of somebody, the phrase, somewhere": 1.2,
    "no employer, no title, a place": -1.0,
    "question": -1.5,
    "memory": -1.8,
    "account": -2.4,
    "advert": -3.3,
    "biography": -1.8,
    "open post": -1.8,
    "leave": -1.7,
    "school": -2.2,
    "wish": -1.8,
    "negated": -1.8,
    "would, could, might": -1.5,
    "wished, planned, said": -0.6,
    "hypothetical": -2.4,
    "before, since, when": -0.6,
    "who, which": -0.3,
    "nobody in particular": -0.6,
    "in quotes": -1.0,
    "author is no person": -0.9,
    "person may be none": -0.6,
    "another word before it": -0.3,
    "another word behind it": -0.6,
    "now, new, next": 0.18,
    "somebody, the phrase, somewhere": 0.6,
    "employer before a common word": -0.6,
    "a country or city behind it": -1.0,
    "words of work": 0.18,
    "no phrase, nor two parts that touch": -1.0,
}


def read_posts(part):
    kind, _, name = part.rpartition(" ")
    with open(os.path.join(HERE, f"{kind or 'moves'}-{name}.jsonl"), encoding="utf-8") as f:
        posts = [json.loads(line) for line in f if line.strip()]
    lines = [json.dumps({k: v for k, v in p.items() if k not in ("expect", "note")}) + "\n" for p in posts]
    seen = run_frames(lines)
    return [
        {"want": None if kind else p["expect"], "frames": s["frames"], "share": SHARES[part], "part": part, "line": line}
        for p, s, line in zip(posts, seen, lines, strict=True)
    ]


def run_frames(lines, *weights):
    run = subprocess.run([os.path.join(BUILD, "tests/quality/move_frames"), *weights], input="".join(lines),
                         capture_output=True, text=True, check=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


def is_right(frame, want):
    ends = {frame.get("event") == "left", want["event"] == "left"}
    return frame.get("person") == want["person"] and len(ends) == 1


def read_table(post, names):
    """The phrases of a post as rows, for each name a column."""
    at = {n: i for i, n in enumerate(names)}
    table = np.zeros((len(post["frames"]), len(names)))
    for row, frame in zip(table, post["frames"], strict=True):
        for n, v in frame["features"].items():
            row[at[n]] = v
    return table


def examples_of(post, w):
    """(row, label, weight) of one post."""
    want, share, frames = post["want"], post["share"], post["frames"]
    scores = post["table"] @ w
    ranked = np.argsort(-scores, kind="stable")
    if want is None:
        return [(post["table"][k], 0, share * (1.0 if i == 0 else 0.3)) for i, k in enumerate(ranked)]
    right = [k for k in ranked if is_right(frames[k], want)]
    right.sort(key=lambda k: -(scores[k] + (1.0 if frames[k].get("employer") == want["employer"] else 0.0)))
    found = [(post["table"][k], 1, share) for k in right[:1]]
    for k in ranked:
        same = right and is_right(frames[k], want) and frames[k].get("employer") == frames[right[0]].get("employer")
        found += [] if same else [(post["table"][k], 0, share * WRONG_PHRASE)]
    return found


def prior_of(name, reasons):
    return min(PRIOR.get(name, 0.0), REASON if name in reasons else 9.0)


def without_phrases(post):
    """The post as if no phrase of it were known."""
    bare = [i for i, f in enumerate(post["frames"]) if f["bare"]]
    frames = [post["frames"][i] for i in bare]
    return {**post, "frames": frames, "table": post["table"][bare], "share": post["share"] * UNKNOWN}


def without_reasons(examples, reason_columns):
    """Those in which a reason speaks, as if it were not known: a text not seen yet has others."""
    found = []
    for row, label, weight in examples:
        if row[reason_columns].any():
            other = row.copy()
            other[reason_columns] = 0
            found.append((other, label, weight * UNKNOWN))
    return found


def train(posts, names, reasons):
    """Weights of the features."""
    posts = posts + [without_phrases(p) for p in posts]
    prior = np.array([prior_of(n, reasons) for n in names])
    reason_columns = np.array([n in reasons for n in names])
    told_columns = np.array([n == ONE_REASON for n in names])
    draw = np.where(reason_columns, DRAW_REASON, DRAW)
    w = prior.copy()
    for _ in range(ROUNDS):
        examples = []
        for p in posts:
            found = examples_of(p, w)
            examples += found + without_reasons(found, reason_columns | told_columns)
        rows = np.array([e[0] for e in examples])
        labels = np.array([e[1] for e in examples])
        shares = np.array([e[2] for e in examples])
        shares /= shares.sum()
        speed = np.zeros(len(names))
        for _ in range(STEPS):
            told = 1 / (1 + np.exp(-np.clip(rows @ w, -30, 30)))
            speed = 0.9 * speed - RATE * (rows.T @ (shares * (told - labels)) + draw * (w - prior))
            w = w + speed
    w[names.index("phrase")] += BIAS
    return np.round(w * 10).astype(int)


# ---- the whole post: a line, and a net ----


def read_wholes(posts, names, weights):
    """What move_frames sees of each post with the likeliest move: slots and groups (move_net.Rows), those of the line
    as a sparse table, what the named features say, and who may have its roles (lists of move_roles.Choice)."""
    with tempfile.NamedTemporaryFile("w", suffix=".tsv", encoding="utf-8") as f:
        f.writelines(f"{n}\t{w}\n" for n, w in zip(names, weights, strict=True))
        f.flush()
        seen = run_frames([p["line"] for p in posts], f.name)
    wholes, rows, columns, values = [], [], [], []
    for i, s in enumerate(seen):
        codes, times = np.unique(np.array(s["wording"], dtype=np.int64), return_counts=True)
        n = np.bincount(codes % GROUPS, times, GROUPS)
        wholes.append(move_net.Rows(codes // GROUPS, codes % GROUPS, times, n))
        rows.append(np.full(len(codes), i))
        columns.append(codes // GROUPS)
        values.append(times / np.sqrt(n[codes % GROUPS]))
    place = np.concatenate(rows), np.concatenate(columns)
    table = scipy.sparse.csr_matrix((np.concatenate(values), place), shape=(len(posts), SLOTS))
    table.sum_duplicates()
    kept = np.bincount(table.indices, minlength=SLOTS) >= SLOT_LEAST
    table = (table @ scipy.sparse.diags(kept.astype(float))).tocsr()
    table.eliminate_zeros()
    choices = [move_roles.read(s["roles"], s["names"], p["want"]) if p["want"] and s["roles"] else []
               for s, p in zip(seen, posts, strict=True)]
    return wholes, table, np.array([s["named"] / 10 if s["pattern"] else -99.0 for s in seen]), choices


def train_wholes(table, posts):
    """(weights in steps, what a step is worth, bias)."""
    signs = np.array([1.0 if p["want"] is not None else -1.0 for p in posts])
    shares = np.array([p["share"] for p in posts])
    turned = table.T.tocsr()

    def loss(v):
        margin = signs * (table @ v[:-1] + v[-1])
        wrong = -signs * shares / (1 + np.exp(np.clip(margin, -50, 50)))
        slope = np.append(turned @ wrong, wrong.sum()) + DRAW_WHOLE * v
        return (shares * np.logaddexp(0, -margin)).sum() + DRAW_WHOLE * (v @ v) / 2, slope

    found = scipy.optimize.minimize(loss, np.zeros(SLOTS + 1), jac=True, method="L-BFGS-B",
                                    options={"maxiter": STEPS_WHOLE})
    step = np.abs(found.x[:-1]).max() / STEPS_MAX
    return np.round(found.x[:-1] / step).astype(int), step, found.x[-1]


def precision_recall(told, bias):
    """Of (score, does it move)."""
    hits = [moves for s, moves in told if s + bias >= 0]
    return sum(hits) / max(1, len(hits)), sum(hits) / max(1, sum(moves for _, moves in told))


def recall_at(told, precision):
    """The highest recall with so much precision."""
    best, hits = 0, 0
    for n, (_, moves) in enumerate(sorted(told, key=lambda t: -t[0]), 1):
        hits += moves
        best = hits if hits >= precision * n else best
    return best / max(1, sum(moves for _, moves in told))


def set_of(post):
    return post["part"].removesuffix("-held")


def weigh_events(table, known, posts, chosen):
    """What says which event it is, learnt of those of the chosen posts that tell of a move."""
    moving = [i for i in chosen if posts[i]["want"] is not None and table.indptr[i] < table.indptr[i + 1]]
    shares = np.array([posts[i]["share"] for i in moving])
    return move_event.train(table[moving], known, [posts[i]["want"]["event"] for i in moving], shares)


def weigh_roles(choices, posts, chosen):
    these = [(c, posts[i]["share"]) for i in chosen for c in choices[i]]
    return move_roles.train([c for c, _ in these], np.array([share for _, share in these]))


def weigh_wholes(rows, table, posts, chosen):
    """Of the posts that are chosen: (weights in steps, step, bias) of the line, and the net."""
    these = [posts[i] for i in chosen]
    w, step, bias = train_wholes(table[chosen], these)
    moves = np.array([p["want"] is not None for p in these])
    shares = np.array([p["share"] for p in these])
    return (w, step, bias), move_net.train([rows[i] for i in chosen], moves, shares, w != 0)


def left_out(posts, rows, table, named, choices):
    told, right, roles = {"line": [], "net": [], "both": []}, [], []
    parts = np.array([set_of(p) for p in posts])
    moves = np.array([p["want"] is not None for p in posts])
    for left in LEFT_OUT:
        held = np.isin(parts, left)
        others, these = np.where(~held)[0], np.where(held)[0]
        (w, step, bias), net = weigh_wholes(rows, table, posts, others)
        line = table[these] @ w * step + bias + NAMED * named[these]
        answers = move_net.answers(net, [rows[i] for i in these], w != 0) * net.step
        both = LINE_SAY * line + NET_SAY * answers
        for name, scores in zip(told, (line, answers, both), strict=True):
            told[name] += zip(scores, moves[these], strict=True)
        tells = [i for i in these if moves[i] and table.indptr[i] < table.indptr[i + 1]]
        events = move_event.told(weigh_events(table, w != 0, posts, others), table[tells], w != 0)
        right += zip([posts[i]["want"]["event"] for i in tells], events, strict=True)
        seen = [c for i in these for c in choices[i]]
        roles += zip(seen, move_roles.hits(weigh_roles(choices, posts, others), seen), strict=True)
        here = told["both"][-len(these) :]
        print("{}: precision {:.3f} recall {:.3f}".format(", ".join(left), *precision_recall(here, BIAS_WHOLE)), flush=True)
    for bias in np.arange(1.0, -1.6, -0.25):
        print("bias {:+.2f}: precision {:.3f} recall {:.3f}".format(bias, *precision_recall(told["both"], bias)))
    for name, scores in told.items():
        for precision in (0.8, 0.85, 0.9, 0.95):
            print(f"{name}, precision {precision:.2f}: recall {recall_at(scores, precision):.3f}")
    print(f"event: {sum(want == found for want, found in right) / len(right):.3f} of {len(right)}")
    for role in move_roles.ROLES:
        hits = [hit for c, hit in roles if c.role == role]
        print(f"{role}, where some name is right: {sum(hits) / len(hits):.3f} of {len(hits)}")


def reasons_of():
    with open(os.path.join(RULES, "vetoes.c"), encoding="utf-8") as f:
        return {line.split('"')[1] for line in f if line.startswith('\t{"')}


def write_weights(names, weights):
    with open(os.path.join(RULES, "weights.c"), "w", encoding="utf-8") as f:
        f.write("/* Made by tests/quality/train_moves.py: what each feature is worth, in tenths. */\n")
        f.write('#include "rules/classify/features.h"\n\nconst struct weight weights[] = {\n')
        f.writelines(f'\t{{"{n}", {w}}},\n' for n, w in zip(names, weights, strict=True) if w != 0)
        f.write("};\nconst size_t weights_n = sizeof(weights) / sizeof(weights[0]);\n")


def write_wholes(w, step, bias):
    with open(os.path.join(RULES, "wording_table.c"), "w", encoding="utf-8") as f:
        f.write("/* Made by tests/quality/train_moves.py. */\n#include \"rules/classify/wording.h\"\n\n")
        worth = step * 10 * LINE_SAY, (bias * LINE_SAY + BIAS_WHOLE) * 10, NAMED * LINE_SAY
        f.write("const struct wording_worth wording_worth = {{{:.9g}, {:.9g}, {:.9g}}};\n\n".format(*worth))
        f.write("/* clang-format off */\nconst int8_t wording_table[WORDING_SLOTS] = {\n")
        for i in range(0, SLOTS, 64):
            f.write(",".join(map(str, w[i : i + 64])) + ",\n")
        f.write("};\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--left-out", action="store_true")
    args = parser.parse_args()
    posts = [p for part in SHARES for p in read_posts(part)]
    reasons = reasons_of()
    names = sorted({n for p in posts for f in p["frames"] for n in f["features"]} | set(PRIOR) | reasons)
    for p in posts:
        p["table"] = read_table(p, names)
    weights = train(posts, names, reasons)
    rows, table, named, choices = read_wholes(posts, names, weights)
    if args.left_out:
        left_out(posts, rows, table, named, choices)
        return
    write_weights(names, weights)
    line, net = weigh_wholes(rows, table, posts, np.arange(len(posts)))
    write_wholes(*line)
    events = weigh_events(table, line[0] != 0, posts, np.arange(len(posts)))
    move_event.write(events, os.path.join(RULES, "wording_event_table.c"))
    move_roles.write(weigh_roles(choices, posts, np.arange(len(posts))), os.path.join(RULES, "roles_table.c"))
    move_net.write(net, os.path.join(RULES, "wording_net_table.c"), 10 * NET_SAY)


if __name__ == "__main__":
    sys.exit(main())
