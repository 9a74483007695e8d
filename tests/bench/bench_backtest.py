#!/usr/bin/env python3
"""How fast rules run over stored posts: bench_backtest.py [POSTS], default 1,000,000, one core."""
import os
import resource
import subprocess
import sys
import tempfile
import time

BUILD = os.environ.get("top_builddir") or os.getcwd()
POSTS = int(sys.argv[1]) if len(sys.argv) > 1 else 1000000

with tempfile.TemporaryDirectory(prefix="hark-bench-") as folder:
    subprocess.run([f"{BUILD}/tests/bench/bench_store", str(POSTS), folder], check=True, stdout=subprocess.DEVNULL)
    with open(f"{folder}/hark.yaml", "w", encoding="utf-8") as f:
        f.write('operator: { contact: "mailto:ops@example.com" }\n'
                f"store: sqlite:{folder}/bench.db\nrules: [r.yaml]\n")
    with open(f"{folder}/r.yaml", "w", encoding="utf-8") as f:
        f.write("rules:\n")
        for i in range(100):
            f.write(f"  - {{ id: r{i}, kind: mention, match: 'invoice{i} AND (support{i * 3} OR weather{i * 2})' }}\n")
    best = None
    for _ in range(3):
        began = time.monotonic()
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        subprocess.run([f"{BUILD}/hark", "-c", f"{folder}/hark.yaml", "rules", "backtest", "--all"], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        took = time.monotonic() - began
        cpu = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
        best = min(best or (took, cpu), (took, cpu))
    print(f"backtest: {POSTS} stored posts, 100 rules: {best[0]:.2f} s ({best[1]:.2f} s of processor), "
          f"{POSTS / best[0]:.0f} posts/s")
