"""Which event a move is, by all that the post says: makes the table of rules/classify/wording_event.h, a softmax over the
rows of wording.h, and reads it as rules/classify/wording_event.c does. It needs numpy and scipy (python3-scipy)."""
import typing

import numpy as np
import scipy.optimize
import scipy.sparse

SLOTS, ROWS = 1 << 20, 1 << 15  # of wording.h and wording_event.h
EVENTS = ["joined", "left", "promoted"]  # the first says nothing
DRAW, STEPS = 0.5, 60
STEPS_MAX = 127  # a signed byte


class Events(typing.NamedTuple):
    """Numbers of wording_event_table.c, what one is worth, and what a post of which nothing is known says."""

    rows: np.ndarray
    step: np.ndarray
    bias: np.ndarray


def rows_of(table, known):
    """`table` has a column for each slot; those of which nothing was learnt are left out."""
    cells = table.tocoo()
    kept = known[cells.col]
    place = cells.row[kept], cells.col[kept] // (SLOTS // ROWS)
    return scipy.sparse.csr_matrix((cells.data[kept], place), shape=(table.shape[0], ROWS))


def train(table, known, events, shares):
    """Of posts that tell of moves, and which event each tells."""
    rows = rows_of(table, known)
    turned = rows.T.tocsr()
    wanted = np.array([[e == name for name in EVENTS] for e in events], dtype=float)

    def loss(v):
        weights, bias = v[: -len(EVENTS)].reshape(ROWS, -1), v[-len(EVENTS) :]
        told = rows @ weights + bias
        told -= told.max(axis=1, keepdims=True)
        whole = np.log(np.exp(told).sum(axis=1))
        wrong = (np.exp(told - whole[:, None]) - wanted) * shares[:, None]
        slope = np.concatenate([(turned @ wrong + DRAW * weights).ravel(), wrong.sum(axis=0)])
        return (shares * (whole - (told * wanted).sum(axis=1))).sum() + DRAW * (weights**2).sum() / 2, slope

    begin = np.zeros((ROWS + 1) * len(EVENTS))
    v = scipy.optimize.minimize(loss, begin, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x
    weights, bias = v[: -len(EVENTS)].reshape(ROWS, -1), v[-len(EVENTS) :]
    weights, bias = weights[:, 1:] - weights[:, :1], bias[1:] - bias[0]
    step = np.abs(weights).max(axis=0) / STEPS_MAX
    return Events(np.round(weights / step).astype(int), step, bias)


def told(events, table, known):
    """Of each post the name of its event."""
    says = (rows_of(table, known) @ events.rows) * events.step + events.bias
    return np.array(EVENTS)[np.hstack([np.zeros((len(says), 1)), says]).argmax(axis=1)]


def write(events, path):
    with open(path, "w", encoding="utf-8") as f:
        f.write("/* Made by tests/quality/train_moves.py. */\n#include \"rules/classify/wording_event.h\"\n\n")
        worth = ", ".join(f"{{{s:.9g}, {b:.9g}}}" for s, b in zip(events.step, events.bias, strict=True))
        f.write(f"const struct wording_event_worth wording_event_worth[WORDING_EVENTS] = {{{worth}}};\n\n")
        f.write("/* clang-format off */\nconst int8_t wording_event_table[WORDING_EVENT_ROWS][WORDING_EVENTS] = {\n")
        for i in range(0, ROWS, 16):
            f.write("".join("{{{}}},".format(",".join(map(str, row))) for row in events.rows[i : i + 16]) + "\n")
        f.write("};\n")
