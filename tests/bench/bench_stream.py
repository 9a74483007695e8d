#!/usr/bin/env python3
"""A stream that never pauses: how many events a second are read, matched and stored. HARK_BENCH_EVENTS (100000)."""
import json
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))

from daemon import Hark
from streampeer import StreamPeer

EVENTS = int(os.environ.get("HARK_BENCH_EVENTS", "100000"))
DEFINITION = """
id: live
about: a live board
every: 1s
every_min: 1s
vars: { server: { type: host, about: the server, required: true, example: board.example } }
stream: { transport: %s, url: "http://{server}/live", query: { after: "{cursor?}" }, format: lines }
cursor: { kind: max_id, from: /id }
items: { pointer: "" }
map: { external_id: /id, text: /text, author.handle: /by }
"""


def speak(say, request):
    say.head()
    for i in range(1, EVENTS + 1, 100):
        lines = [json.dumps({"id": k, "by": f"u{k % 5000}", "text": f"event number {k} says nothing of interest"}).encode()
                 for k in range(i, i + 100)]
        if say.websocket:
            say.raw(b"".join(bytes([0x81, len(line)]) + line for line in lines))
        else:
            say.bytes(b"\n".join(lines) + b"\n")
    say.wait()


for transport in ["http", "websocket"]:
    peer = StreamPeer(speak)
    with Hark(sources=[{"name": "b", "connector": "live", "vars": {"server": peer.host}}]) as hark:
        os.mkdir(hark.path("connectors"))
        hark.write("connectors/live.yaml", DEFINITION % transport)
        started = time.monotonic()
        hark.start()
        while hark.source_row("b").get("posts_total", 0) < EVENTS:
            time.sleep(0.05)
            if time.monotonic() - started > 600:
                sys.exit(f"only {hark.source_row('b').get('posts_total')} of {EVENTS} events in 600 s")
        took = time.monotonic() - started
        with open(f"/proc/{hark.process.pid}/status") as f:
            peak = next(int(line.split()[1]) for line in f if line.startswith("VmHWM"))
        print(f"stream over {transport}: {EVENTS} events, {EVENTS / took:.0f} a second read, matched and stored, "
              f"{peak // 1024} MiB at most", flush=True)
