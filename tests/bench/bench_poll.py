#!/usr/bin/env python3
"""Polling 2,000 feeds of 15 KB (about a dozen posts each) from a loopback nginx: harkd (fetch, parse, match, store) beside bare
`curl --parallel`, sfeed_update and newsboat, in one run; then a round in which every answer is 304;
then the memory of a daemon with 10,000 idle sources.

    bench_poll.py [--feeds N] [--rounds N] [--skip-readers] [--sources N]

Wall and CPU seconds of whole processes with their children; medians over the rounds. Needs nginx and
curl; sfeed and newsboat where they are installed."""
import argparse
import itertools
import os
import random
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

SYLLABLES = "ba co den fi gra hu ja ki lo men nu or pa qui ra so ta un vel win yo za".split()


def vocabulary(size, rng):
    """Invented words; text draws them with Zipf's weights, as language does."""
    words = set()
    while len(words) < size:
        words.add("".join(rng.choice(SYLLABLES) for _ in range(rng.randint(1, 4))))
    return sorted(words, key=lambda w: (len(w), w))


WORDS = vocabulary(20000, random.Random(3))
WEIGHTS = list(itertools.accumulate(1 / (i + 3) for i in range(len(WORDS))))


def text(rng, n):
    return " ".join(rng.choices(WORDS, cum_weights=WEIGHTS, k=n))


TOP = os.environ.get("top_builddir", ".")


def feed(number, rng, size=15 * 1024):
    """An RSS document of exactly `size` bytes."""
    head = ('<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>'
            f'<title>Bench feed {number:05d}</title><link>http://feed{number:05d}.example/</link>'
            '<description>synthetic</description>\n')
    tail = '</channel></rss>\n'
    items, used, i = [], len(head) + len(tail), 0
    while True:
        title, body = text(rng, 8), text(rng, 160)
        item = (f'<item><guid isPermaLink="false">{number:05d}-{i:04d}</guid><title>{title}</title>'
                f'<link>http://feed{number:05d}.example/{i}</link>'
                '<pubDate>Mon, 02 Nov 2026 10:00:00 GMT</pubDate>'
                f'<description>&lt;p&gt;{body}&lt;/p&gt;</description></item>\n')
        if used + len(item) + 32 > size:
            break
        items.append(item)
        used += len(item)
        i += 1
    return head + "".join(items) + "<!--" + "x" * (size - used - 7) + "-->" + tail


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Nginx:
    def __init__(self, root, work):
        self.port = free_port()
        conf = os.path.join(work, "nginx.conf")
        with open(conf, "w") as f:
            f.write(f"""worker_processes 1; daemon off; error_log {work}/nginx.err; pid {work}/nginx.pid;
user root;
events {{ worker_connections 4096; }}
http {{ access_log off; keepalive_requests 1000000; open_file_cache max=20000; sendfile on;
client_body_temp_path {work}; proxy_temp_path {work}; fastcgi_temp_path {work}; uwsgi_temp_path {work}; scgi_temp_path {work};
types {{ application/rss+xml xml; }}
server {{ listen 127.0.0.1:{self.port} backlog=4096; root {root}; }} }}
""")
        binary = shutil.which("nginx") or "/usr/sbin/nginx"
        self.process = subprocess.Popen([binary, "-c", conf, "-p", work], stderr=subprocess.DEVNULL)
        for _ in range(100):
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        sys.exit("nginx does not start: see " + work)

    def stop(self):
        self.process.terminate()
        self.process.wait()


def timed(argv, ok=(0,), **kwargs):
    """(wall seconds, CPU seconds) of a process and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    done = subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **kwargs)
    wall = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in ok:
        sys.exit(f"{argv[0]} failed with {done.returncode}: {done.stderr.decode()[-2000:]}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def write_config(path, urls, work, every):
    with open(path, "w") as f:
        f.write(f"store: sqlite:{work}/hark.db\n"
                "http: { parallel: 64, per-host: 16 }\n"
                "lists: { customers: { file: customers.csv } }\n"
                "rules: [ rules.yaml ]\nsources:\n")
        for i, url in enumerate(urls):
            f.write(f'  - {{ name: s{i:05d}, connector: feed, url: "{url}", every: {every}, '
                    "internal: true, spacing: 0s }\n")
    with open(os.path.join(os.path.dirname(path), "customers.csv"), "w") as f:
        f.write("name\n" + "".join(f"Customer Number{i}\n" for i in range(1000)))
    with open(os.path.join(os.path.dirname(path), "rules.yaml"), "w") as f:
        f.write("rules:\n")
        for i in range(100):
            f.write(f"  - id: bench-{i}\n    title: Bench {i}\n    kind: mention\n    status: live\n"
                    f"    match: '\"{WORDS[400 + i]} {WORDS[900 + i]}\" OR {WORDS[9000 + i]} OR any:customers'\n")


def wipe(work):
    for name in os.listdir(work):
        if name.startswith("hark.db"):
            os.unlink(os.path.join(work, name))


def curl_config(path, urls, extra=()):
    with open(path, "w") as f:
        for line in extra:
            f.write(line + "\n")
        for url in urls:
            f.write(f'url = "{url}"\noutput = "/dev/null"\n')
    return ["curl", "-s", "--parallel", "--parallel-immediate", "--parallel-max", "64", "-K", path]


def sfeed(work, urls):
    rc = os.path.join(work, "sfeedrc")
    os.makedirs(os.path.join(work, "sfeeds"), exist_ok=True)
    with open(rc, "w") as f:
        f.write(f"sfeedpath='{work}/sfeeds'\nmaxjobs=64\nfeeds() {{\n")
        for i, url in enumerate(urls):
            f.write(f"feed 's{i:05d}' '{url}'\n")
        f.write("}\n")
    return ["sfeed_update", rc]


def newsboat(work, urls):
    home = os.path.join(work, "newsboat")
    os.makedirs(home, exist_ok=True)
    with open(os.path.join(home, "urls"), "w") as f:
        f.write("\n".join(urls) + "\n")
    with open(os.path.join(home, "config"), "w") as f:
        f.write("reload-threads 16\n")
    cache = os.path.join(home, "cache.db")
    if os.path.exists(cache):
        os.unlink(cache)
    return ["newsboat", "-q", "-x", "reload", "-u", home + "/urls", "-c", cache, "-C", home + "/config"]


def memory_idle(harkd, work, urls):
    config = os.path.join(work, "idle.yaml")
    wipe(work)
    write_config(config, urls, work, "24h")
    timed([harkd, "-c", config, "--once"])
    daemon = subprocess.Popen([harkd, "-c", config], stderr=subprocess.DEVNULL)
    time.sleep(6)
    with open(f"/proc/{daemon.pid}/status") as f:
        rss = next(int(line.split()[1]) for line in f if line.startswith("VmRSS"))
    daemon.send_signal(signal.SIGTERM)
    daemon.wait()
    return rss / 1024


def row(name, runs, base=None):
    wall, cpu = (statistics.median(r[i] for r in runs) for i in (0, 1))
    ratio = f"{wall / base:8.2f} x" if base else ""
    print(f"  {name:<28} {wall:8.2f} s wall {cpu:8.2f} s cpu {ratio}", flush=True)
    return wall


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--feeds", type=int, default=2000)
    ap.add_argument("--sources", type=int, default=10000)
    ap.add_argument("--rounds", type=int, default=3)
    ap.add_argument("--skip-readers", action="store_true")
    args = ap.parse_args()
    harkd = os.path.abspath(os.path.join(TOP, "harkd"))
    work = tempfile.mkdtemp(prefix="hark-bench-")
    os.chmod(work, 0o755)
    root = os.path.join(work, "www")
    os.mkdir(root)
    rng = random.Random(7)
    for i in range(args.feeds):
        path = os.path.join(root, f"f{i:05d}.xml")
        with open(path, "w") as f:
            f.write(feed(i, rng))
        os.utime(path, (1793000000, 1793000000))
    nginx = Nginx(root, work)
    base_url = f"http://127.0.0.1:{nginx.port}"
    urls = [f"{base_url}/f{i:05d}.xml" for i in range(args.feeds)]
    config = os.path.join(work, "hark.yaml")
    write_config(config, urls, work, "1h")
    try:
        print(f"{args.feeds} feeds of 15 KB from a loopback nginx, {args.rounds} rounds, medians")
        curl = curl_config(os.path.join(work, "curlrc"), urls)
        curl_runs, hark_runs, same_runs, curl304_runs = [], [], [], []
        etag = f'"{1793000000:x}-{15 * 1024:x}"'
        curl304 = curl_config(os.path.join(work, "curlrc304"), urls,
                              [f'header = "If-None-Match: {etag.replace(chr(34), chr(92) + chr(34))}"'])
        for _ in range(args.rounds):
            wipe(work)
            curl_runs.append(timed(curl))
            hark_runs.append(timed([harkd, "-c", config, "--once"]))
            curl304_runs.append(timed(curl304))
            same_runs.append(timed([harkd, "-c", config, "--once"]))
        print("every feed new")
        base = row("curl --parallel, bare", curl_runs)
        ratio = row("harkd --once", hark_runs, base) / base
        if not args.skip_readers:
            if shutil.which("sfeed_update"):
                row("sfeed_update", [timed(sfeed(work, urls))], base)
            if shutil.which("newsboat"):
                row("newsboat -x reload", [timed(newsboat(work, urls))], base)
        print("every answer 304")
        base304 = row("curl --parallel, bare", curl304_runs)
        ratio304 = row("harkd --once", same_runs, base304) / base304
        idle = memory_idle(harkd, work, [f"{u}?{n}" for n in range(args.sources // args.feeds) for u in urls])
        print(f"{args.sources} idle sources: {idle:.1f} MiB resident")
        print(f"bench_poll: new {ratio:.2f} x curl (target 3), 304 {ratio304:.2f} x curl (target 1.5), "
              f"idle {idle:.1f} MiB (target 64)")
    finally:
        nginx.stop()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
