"""Which name of a post is who moves, where to and where from: makes the table of rules/classify/roles.h, a softmax over
those who may have a role, each worth the sum of its signs. It needs numpy and scipy (python3-scipy)."""
import typing

import numpy as np
import scipy.optimize
import scipy.sparse

ROLES, ROWS = ["person", "employer", "from"], 1 << 17  # of roles.h
ROW_LEAST = 3  # posts with one, for it to be learnt
DRAW, STEPS = 0.3, 80
STEPS_MAX = 127  # a signed byte


class Choice(typing.NamedTuple):
    """Of one role of one post: the rows of each that may have it, and which of them do."""

    role: str
    rows: list
    right: np.ndarray


def read(codes, names, want):
    """`codes`: (number * roles + role) * ROWS + row, as move_frames says; number 0 is nobody, the others are `names`, the
    author last. Roles of which nothing that may have it is right are left out."""
    codes = np.array(codes, dtype=np.int64)
    numbers, roles, rows = codes // ROWS // len(ROLES), codes // ROWS % len(ROLES), codes % ROWS
    called, found = [None, *names], []
    for i, role in enumerate(ROLES):
        seen = np.unique(numbers[roles == i])
        right = np.array([called[n] == want[role] for n in seen])
        if right.any() and (role != "from" or want["event"] == "joined"):
            found.append(Choice(role, [np.unique(rows[(numbers == n) & (roles == i)]) for n in seen], right))
    return found


def table_of(choices):
    """All that may be it, one below the other, and where each post begins."""
    rows = [r for c in choices for r in c.rows]
    ends = np.cumsum([len(r) for r in rows])
    table = scipy.sparse.csr_matrix((np.ones(ends[-1]), np.concatenate(rows), np.append(0, ends)), shape=(len(rows), ROWS))
    return table, np.append(0, np.cumsum([len(c.rows) for c in choices])[:-1])


def train(choices, shares):
    """The table; a share for each choice."""
    table, begins = table_of(choices)
    kept = np.bincount(table.indices, minlength=ROWS) >= ROW_LEAST
    table = (table @ scipy.sparse.diags(kept.astype(float))).tocsr()
    turned = table.T.tocsr()
    right = np.concatenate([c.right for c in choices]).astype(float)
    lengths = np.diff(np.append(begins, table.shape[0]))
    share = np.repeat(shares, lengths)

    def loss(w):
        worth = table @ w
        worth -= np.repeat(np.maximum.reduceat(worth, begins), lengths)
        power = np.exp(worth)
        whole, good = np.add.reduceat(power, begins), np.add.reduceat(power * right, begins)
        wrong = (power / np.repeat(whole, lengths) - power * right / np.repeat(good, lengths)) * share
        return (shares * (np.log(whole) - np.log(good))).sum() + DRAW * (w @ w) / 2, turned @ wrong + DRAW * w

    w = scipy.optimize.minimize(loss, np.zeros(ROWS), jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x
    return np.round(w / np.abs(w).max() * STEPS_MAX).astype(int)


def hits(w, choices):
    """Of each post, whether what is worth most is right; what is seen first wins."""
    return [bool(c.right[np.argmax([w[r].sum() for r in c.rows])]) for c in choices]


def write(w, path):
    with open(path, "w", encoding="utf-8") as f:
        f.write("/* Made by tests/quality/train_moves.py. */\n#include \"rules/classify/roles.h\"\n\n")
        f.write("/* clang-format off */\nconst int8_t roles_table[ROLES_ROWS] = {\n")
        f.writelines(",".join(map(str, w[i : i + 64])) + ",\n" for i in range(0, ROWS, 64))
        f.write("};\n")
