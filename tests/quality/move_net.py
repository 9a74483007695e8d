"""The small network of rules/classify/wording_net.h: trains it, makes whole numbers of it, and counts with those as
rules/classify/wording_net.c does. It needs torch (python3-torch). The output is the same for the same input on one
machine: what is left to chance has a seed, and one thread computes."""
import typing

import numpy as np
import torch

GROUPS, SLOTS = 10, 1 << 20  # of wording.h
ROWS, WIDE, HIDDEN = 1 << 14, 16, 64  # of wording_net.h
ROOT_PARTS, INPUT_PARTS, INPUT_MAX = 4096, 8, 32767  # of wording_net.c
EPOCHS, BATCH, RATE = 12, 64, 0.003
DRAW_ROWS, DRAW_LAYER = 0.3, 0.01
ROWS_LOST, INPUTS_LOST, UNITS_LOST = 0.5, 0.2, 0.4  # of each post in each round, so that none is relied upon
DOUBT = 0.02  # of each label
STEPS_MAX = 127  # a signed byte


class Rows(typing.NamedTuple):
    """What a post is to the finder: slots, the group of each, how often; of each group how many."""

    slots: np.ndarray
    groups: np.ndarray
    times: np.ndarray
    n: np.ndarray


class Net(typing.NamedTuple):
    """Tables of wording_net_table.c; `step` is what one of the answer is worth."""

    rows: np.ndarray
    layer: np.ndarray
    bias: np.ndarray
    out: np.ndarray
    step: float


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.rows = torch.nn.EmbeddingBag(ROWS, WIDE, mode="sum")
        torch.nn.init.normal_(self.rows.weight, 0, 0.05)
        self.layer = torch.nn.Linear(GROUPS * WIDE, HIDDEN)
        self.out = torch.nn.Linear(HIDDEN, 1, bias=False)

    def forward(self, rows, starts, worth, posts):
        inputs = self.rows(rows, starts, per_sample_weights=worth).view(posts, GROUPS * WIDE)
        inputs = torch.nn.functional.dropout(inputs, INPUTS_LOST)
        units = torch.nn.functional.dropout(torch.relu(self.layer(inputs)), UNITS_LOST)
        return self.out(units).squeeze(1)


def known_rows(post, known):
    """(row, group, worth) of what was learnt, by group."""
    kept = np.flatnonzero(known[post.slots])
    kept = kept[np.argsort(post.groups[kept], kind="stable")]
    groups = post.groups[kept]
    return post.slots[kept] * ROWS // SLOTS, groups, (post.times[kept] / np.sqrt(post.n[groups])).astype(np.float32)


def batch_of(posts, chance):
    rows, starts, worths, n = [], [], [], 0
    for row, group, worth in posts:
        kept = chance.random(len(row)) >= ROWS_LOST
        starts.append(n + np.searchsorted(group[kept], np.arange(GROUPS)))
        rows.append(row[kept])
        worths.append(worth[kept] / (1 - ROWS_LOST))
        n += len(rows[-1])
    parts = (np.concatenate(p) for p in (rows, starts, worths))
    return (*(torch.from_numpy(p) for p in parts), len(posts))


def train(posts, moves, shares, known):
    """Of Rows, whether it moves, what it counts and, for each slot, whether anything was learnt of it."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    chance = np.random.default_rng(0)
    model = Model()
    spoken = [i for i, p in enumerate(posts) if len(p.slots) > 0]
    seen = {i: known_rows(posts[i], known) for i in spoken}
    weak = {"params": [model.rows.weight], "weight_decay": DRAW_ROWS}
    strong = {"params": [*model.layer.parameters(), *model.out.parameters()], "weight_decay": DRAW_LAYER}
    optimizer = torch.optim.AdamW([weak, strong], lr=RATE)
    steps = EPOCHS * -(-len(spoken) // BATCH)
    pace = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps + 1, pct_start=0.15)
    for _ in range(EPOCHS):
        order = chance.permutation(spoken)
        for begin in range(0, len(order), BATCH):
            these = order[begin : begin + BATCH]
            told = model(*batch_of([seen[i] for i in these], chance))
            wanted = torch.from_numpy(np.where(moves[these], 1 - DOUBT, DOUBT).astype(np.float32))
            weights = torch.from_numpy(shares[these].astype(np.float32))
            loss = torch.nn.functional.binary_cross_entropy_with_logits(told, wanted, weight=weights)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            pace.step()
    return whole_numbers(model)


def in_steps(values):
    """(whole numbers, what one is worth)."""
    step = np.abs(values).max() / STEPS_MAX
    return np.round(values / step).astype(np.int64), float(step)


def whole_numbers(model):
    rows, row_step = in_steps(model.rows.weight.detach().numpy())
    layer, layer_step = in_steps(model.layer.weight.detach().numpy())
    out, out_step = in_steps(model.out.weight.detach().numpy()[0])
    unit_step = row_step / INPUT_PARTS * layer_step
    bias = np.round(model.layer.bias.detach().numpy() / unit_step).astype(np.int64)
    return Net(rows, layer, bias, out, unit_step * out_step)


def answers(net, posts, known):
    """Of each post, as wording_net_answer()."""
    told = np.zeros(len(posts))
    for i, post in enumerate(posts):
        kept = np.flatnonzero(known[post.slots])
        sums = np.zeros((GROUPS, WIDE), dtype=np.int64)
        rows = net.rows[post.slots[kept] * ROWS // SLOTS] * post.times[kept, None]
        np.add.at(sums, post.groups[kept], rows)
        roots = np.floor(ROOT_PARTS * np.sqrt(np.maximum(post.n, 1))).astype(np.int64)
        scaled = sums * (ROOT_PARTS * INPUT_PARTS)
        inputs = np.sign(scaled) * (np.abs(scaled) // roots[:, None])  # C rounds towards zero
        inputs = np.clip(inputs, -INPUT_MAX, INPUT_MAX).reshape(-1)
        told[i] = np.maximum(net.layer @ inputs + net.bias, 0) @ net.out
    return told


def write(net, path, worth):
    """`worth`: tenths of a point for one of what train() looked for."""

    def numbers(name, size, values):
        f.write(f"const {name}{size} = {{\n")
        for row in values:
            f.write("{" + ",".join(map(str, row)) + "},\n" if np.ndim(row) else f"{row},\n")
        f.write("};\n")

    with open(path, "w", encoding="utf-8") as f:
        f.write("/* Made by tests/quality/train_moves.py. */\n#include \"rules/classify/wording_net.h\"\n\n")
        f.write(f"const double wording_net_step = {net.step * worth:.9g};\n\n/* clang-format off */\n")
        numbers("int8_t wording_net_rows", "[WORDING_NET_ROWS][WORDING_NET_WIDE]", net.rows)
        numbers("int8_t wording_net_layer", "[WORDING_NET_HIDDEN][WORDING_NET_INPUTS]", net.layer)
        numbers("int32_t wording_net_bias", "[WORDING_NET_HIDDEN]", net.bias)
        numbers("int8_t wording_net_out", "[WORDING_NET_HIDDEN]", net.out)
