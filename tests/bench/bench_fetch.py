#!/usr/bin/env python3
"""The fetch loop beside `curl --parallel`: 2,000 files of 15 KB from a loopback nginx, no spacing, 50
transfers at once; medians of whole processes over the rounds.

    bench_fetch.py [--feeds N] [--rounds N] [--parallel N]"""
import argparse
import os
import shutil
import statistics
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from bench_poll import Nginx, timed  # noqa: E402


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--feeds", type=int, default=2000)
    ap.add_argument("--rounds", type=int, default=5)
    ap.add_argument("--parallel", type=int, default=50)
    args = ap.parse_args()
    program = os.path.join(os.environ.get("top_builddir", "."), "tests/bench/bench_fetch")
    work = tempfile.mkdtemp(prefix="hark-bench-")
    os.chmod(work, 0o755)
    os.mkdir(os.path.join(work, "www"))
    for i in range(args.feeds):
        with open(os.path.join(work, "www", f"f{i:05d}.xml"), "wb") as f:
            f.write(os.urandom(15 * 1024))
    nginx = Nginx(os.path.join(work, "www"), work)
    urls = [f"http://127.0.0.1:{nginx.port}/f{i:05d}.xml" for i in range(args.feeds)]
    with open(os.path.join(work, "urls"), "w") as f:
        f.write("\n".join(urls) + "\n")
    with open(os.path.join(work, "curlrc"), "w") as f:
        f.writelines(f'url = "{url}"\noutput = "/dev/null"\n' for url in urls)
    curl = ["curl", "-s", "--parallel", "--parallel-max", str(args.parallel), "-K", os.path.join(work, "curlrc")]
    ours = [program, os.path.join(work, "urls"), str(args.parallel)]
    runs = {"curl": [], "fetch": []}
    try:
        for _ in range(args.rounds):
            runs["curl"].append(timed(curl))
            runs["fetch"].append(timed(ours))
    finally:
        nginx.stop()
        shutil.rmtree(work)
    wall = {name: statistics.median(r[0] for r in v) for name, v in runs.items()}
    cpu = {name: statistics.median(r[1] for r in v) for name, v in runs.items()}
    print(f"{args.feeds} GETs of 15 KB, {args.parallel} at once, medians of {args.rounds}:")
    for name in ("curl", "fetch"):
        print(f"  {name:6} {wall[name] * 1000:7.0f} ms wall {cpu[name] * 1000:7.0f} ms cpu "
              f"{args.feeds / wall[name]:8.0f}/s {wall[name] / wall['curl']:6.2f} x")


if __name__ == "__main__":
    main()
