#!/usr/bin/env python3
"""Polling 2,000 feeds of 15 KB (about a dozen posts each) from a loopback nginx: harkd (fetch, parse, match, store) beside bare
`curl --parallel`, sfeed_update and newsboat, in one run; then a round in which every answer is 304; both by a
process that starts for it, with an empty store, and ends, and by a daemon that runs already; then as many mixed
sources, of the same posts: a third RSS, a third JSON Feed, a third a JSON API read by a definition; then the memory of
a daemon with 10,000 idle sources, started anew and after it has polled them.

    bench_poll.py [--feeds N] [--rounds N] [--skip-readers] [--sources N]

Wall and CPU seconds of whole processes with their children; medians over the rounds. The rows of a running daemon
are from the millisecond at which all feeds are due to when the last answer is on the disk: nobody starts a daemon for
each round. Its new posts raise leads, those of a first poll are a baseline. Curl is a process each time, as it is
used. Needs nginx and curl; sfeed and newsboat where they are installed."""
import argparse
import itertools
import json
import os
import random
import resource
import shutil
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

SYLLABLES = "ba co den fi gra hu ja ki lo men nu or pa qui ra so ta un vel win yo za".split()
COMMON = """the of and to in is a that for it was on are with as be at this by have from or had not but what all were we
when there can an your which their if will each about how up out them then she many some so these would other into has
more her two like him see time could no make than been its who now my made over did""".split()


def vocabulary(size, rng):
    """Invented words behind the commonest of English, for whose sake a text is read as English; text draws them with
    Zipf's weights, as language does."""
    words = set()
    while len(words) < size - len(COMMON):
        words.add("".join(rng.choice(SYLLABLES) for _ in range(rng.randint(1, 4))))
    words -= set(COMMON)
    return COMMON + sorted(words, key=lambda w: (len(w), w))


WORDS = vocabulary(20000, random.Random(3))
WEIGHTS = list(itertools.accumulate(1 / (i + 3) for i in range(len(WORDS))))


def text(rng, n):
    return " ".join(rng.choices(WORDS, cum_weights=WEIGHTS, k=n))


TOP = os.environ.get("top_builddir", ".")


def posts(number, rng, room):
    """What fits into `room` bytes of RSS: (id, link, title, text)."""
    found, used = [], 0
    while True:
        i = len(found)
        post = f"{number:05d}-{i:04d}", f"http://feed{number:05d}.example/{i}", text(rng, 8), text(rng, 160)
        used += len(rss_item(post)) + 1
        if used + 32 > room:
            return found
        found.append(post)


def rss_item(post):
    return (f'<item><guid isPermaLink="false">{post[0]}</guid><title>{post[2]}</title><link>{post[1]}</link>'
            '<pubDate>Mon, 02 Nov 2026 10:00:00 GMT</pubDate>'
            f'<description>&lt;p&gt;{post[3]}&lt;/p&gt;</description></item>')


def feed(number, rng, size=15 * 1024):
    """An RSS document of exactly `size` bytes."""
    head = ('<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>'
            f'<title>Bench feed {number:05d}</title><link>http://feed{number:05d}.example/</link>'
            '<description>synthetic</description>\n')
    tail = '</channel></rss>\n'
    items = "".join(rss_item(p) + "\n" for p in posts(number, rng, size - len(head) - len(tail)))
    return head + items + "<!--" + "x" * (size - len(head) - len(items) - len(tail) - 7) + "-->" + tail


def json_feed(number, rng, size=15 * 1024):
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": f"Bench feed {number:05d}", "items": [
        {"id": p[0], "url": p[1], "title": p[2], "content_html": f"<p>{p[3]}</p>",
         "date_published": "2026-11-02T10:00:00Z"} for p in posts(number, rng, size - 200)]})


def json_api(number, rng, size=15 * 1024):
    return json.dumps({"total": 12, "results": [
        {"id": p[0], "link": p[1], "subject": p[2], "body_html": f"<p>{p[3]}</p>", "created": "2026-11-02T10:00:00Z",
         "user": {"login": f"user{number}", "followers": 12}, "stats": {"likes": 3, "replies": 1}, "labels": ["a", "b"]}
        for p in posts(number, rng, size - 200)]})


DEFINITION = """id: bench-api
about: an API of the benchmark
every: 1h
vars: { url: { type: url, about: the page, required: true, example: "https://api.example/1" } }
request: { url: "{url}" }
items: { pointer: /results }
map:
  external_id: /id
  url: /link
  title: /subject
  text: { pointer: /body_html, do: [html_to_text] }
  published: /created
  author.handle: /user/login
  author.followers: /user/followers
  engagement.likes: /stats/likes
  engagement.replies: /stats/replies
  tags: /labels
rate: { buckets: { n: 1000000, per: 1m, scope: source } }
"""


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
types {{ application/rss+xml xml; application/feed+json feed; application/json json; }}
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

    def serve(self, files, root, mtime):
        """Puts the files, {name: text}, in the place of the former ones; what nginx knows of those is forgotten."""
        for name, content in files.items():
            path = os.path.join(root, name)
            with open(path, "w") as f:
                f.write(content)
            os.utime(path, (mtime, mtime))
        self.process.send_signal(signal.SIGHUP)
        time.sleep(1)

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
            what = f'bench-api, vars: {{ url: "{url}" }}' if url.endswith(".json") else f'feed, url: "{url}"'
            f.write(f"  - {{ name: s{i:05d}, connector: {what}, every: {every}, internal: true, spacing: 0s }}\n")
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


def status(work):
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(os.path.join(work, "hark.sock"))
        s.sendall(b'{"do":"status"}\n')
        return json.loads(b"".join(iter(lambda: s.recv(65536), b"")))


def memory_idle(harkd, work, urls):
    """MiB of a daemon that has polled them all and has nothing to do, and of one that starts with that store."""
    config = os.path.join(work, "idle.yaml")
    wipe(work)
    write_config(config, urls, work, "24h")
    found = []
    for polls in (len(urls), 0):
        daemon = subprocess.Popen([harkd, "-c", config], stderr=subprocess.DEVNULL)
        while not os.path.exists(os.path.join(work, "hark.sock")) or status(work)["polls"] < polls:
            time.sleep(0.5)
        while not is_indexed(work):
            time.sleep(1)
        time.sleep(6)
        with open(f"/proc/{daemon.pid}/status") as f:
            found.append(next(int(line.split()[1]) for line in f if line.startswith("VmRSS")) / 1024)
        daemon.send_signal(signal.SIGTERM)
        daemon.wait()
    return found


def is_indexed(work):
    """Whether all posts can be searched: until then the daemon has something to do."""
    with sqlite3.connect(os.path.join(work, "hark.db")) as db:
        return db.execute("SELECT coalesce((SELECT last FROM counters WHERE name = 'words-posts'), 0) >="
                          " coalesce((SELECT max(id) FROM posts), 0)").fetchone()[0]


def posts_in(work):
    with sqlite3.connect(os.path.join(work, "hark.db")) as db:
        return db.execute("SELECT count(*) FROM posts").fetchone()[0]


def cpu_of(pid):
    with open(f"/proc/{pid}/stat") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def running_round(harkd, config, work, feeds):
    """(wall, CPU) seconds of a daemon that has polled all feeds before, from the moment at which all are due again."""
    due_ms = int(time.time() * 1000) + 2000
    with sqlite3.connect(os.path.join(work, "hark.db")) as db:
        db.execute("UPDATE sources SET due_ms = ?", (due_ms,))
    db.close()
    daemon = subprocess.Popen([harkd, "-c", config], stderr=subprocess.DEVNULL)
    time.sleep(due_ms / 1000 - time.time() - 0.2)
    before, cpu = status(work)["polls"], cpu_of(daemon.pid)
    time.sleep(due_ms / 1000 - time.time())
    done = 0
    while done < feeds: # asked seldom: each answer costs the daemon, and asking this process, time on the same processors
        passed = time.time() - due_ms / 1000
        time.sleep(max(0.002, min(passed * (feeds - done) / max(done, 1) / 2, 0.05)))
        done = status(work)["polls"]
    wall, cpu = time.time() - due_ms / 1000, cpu_of(daemon.pid) - cpu
    daemon.send_signal(signal.SIGTERM)
    daemon.wait()
    if before != 0:
        sys.exit(f"{before} feeds were polled before they were due")
    return wall, cpu


def write_mixed(root, n):
    """The names of the files, a third of each kind."""
    names = []
    for i in range(n):
        kind, write = (("xml", feed), ("feed", json_feed), ("json", json_api))[i % 3]
        names.append(f"m{i:05d}.{kind}")
        with open(os.path.join(root, names[-1]), "w") as f:
            f.write(write(i, random.Random(i)))
    return names


def poll_mixed(harkd, work, names, base_url, rounds):
    """Prints the rows; the ratio to curl."""
    os.makedirs(os.path.join(work, "connectors"), exist_ok=True)
    with open(os.path.join(work, "connectors", "bench-api.yaml"), "w") as f:
        f.write(DEFINITION)
    urls = [f"{base_url}/{name}" for name in names]
    feeds = [f"{base_url}/m{i:05d}.as.xml" for i in range(len(names))]
    for i, _ in enumerate(names):
        with open(os.path.join(work, "www", f"m{i:05d}.as.xml"), "w") as f:
            f.write(feed(i, random.Random(i)))
    config, feed_config = (os.path.join(work, c) for c in ("mixed.yaml", "feeds.yaml"))
    write_config(config, urls, work, "1h")
    write_config(feed_config, feeds, work, "1h")
    curl = curl_config(os.path.join(work, "curlrc-mixed"), urls)
    runs = {"curl": [], "mixed": [], "feeds": []}
    for _ in range(rounds):
        runs["curl"].append(timed(curl))
        for name, path in (("mixed", config), ("feeds", feed_config)):
            wipe(work)
            runs[name].append(timed([harkd, "-c", path, "--once"]))
            total = subprocess.run([os.path.join(os.path.dirname(harkd), "hark"), "-c", path, "sources", "list", "--json"],
                                   stdout=subprocess.PIPE, check=True).stdout
            stored = sum(s["posts"] for s in json.loads(total))
            if stored < 10 * len(names):
                sys.exit(f"{path}: only {stored} posts are stored")
    base = row("curl --parallel, bare", runs["curl"])
    ratio = row("harkd --once, mixed", runs["mixed"], base) / base
    row("harkd --once, feeds only", runs["feeds"], base)
    return ratio


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
    first, later = ({f"f{i:05d}.xml": feed(i + shift, random.Random(i + shift)) for i in range(args.feeds)}
                    for shift in (0, args.feeds))
    nginx = Nginx(root, work)
    base_url = f"http://127.0.0.1:{nginx.port}"
    urls = [f"{base_url}/{name}" for name in first]
    config = os.path.join(work, "hark.yaml")
    write_config(config, urls, work, "1h")
    try:
        print(f"{args.feeds} feeds of 15 KB from a loopback nginx, {args.rounds} rounds, medians")
        curl = curl_config(os.path.join(work, "curlrc"), urls)
        curl_runs, hark_runs, new_runs, curl304_runs, same_runs, running_runs = [], [], [], [], [], []
        etag = f'"{1793000000:x}-{15 * 1024:x}"'
        curl304 = curl_config(os.path.join(work, "curlrc304"), urls,
                              [f'header = "If-None-Match: {etag.replace(chr(34), chr(92) + chr(34))}"'])
        for _ in range(args.rounds):
            wipe(work)
            nginx.serve(first, root, 1793000000)
            timed(curl)
            curl_runs.append(timed(curl))
            hark_runs.append(timed([harkd, "-c", config, "--once"]))
            curl304_runs.append(timed(curl304))
            same_runs.append(timed([harkd, "-c", config, "--once"]))
            running_runs.append(running_round(harkd, config, work, args.feeds))
            nginx.serve(later, root, 1793000100)
            timed(curl)
            before = posts_in(work)
            new_runs.append(running_round(harkd, config, work, args.feeds))
            if posts_in(work) - before < 10 * args.feeds:
                sys.exit(f"of the new posts only {posts_in(work) - before} are stored")
        print("every feed new")
        base = row("curl --parallel, bare", curl_runs)
        once = row("harkd --once, from nothing", hark_runs, base) / base
        ratio = row("harkd, running", new_runs, base) / base
        if not args.skip_readers:
            if shutil.which("sfeed_update"):
                row("sfeed_update", [timed(sfeed(work, urls))], base)
            if shutil.which("newsboat"):
                row("newsboat -x reload", [timed(newsboat(work, urls))], base)
        print("every answer 304")
        base304 = row("curl --parallel, bare", curl304_runs)
        once304 = row("harkd --once, with its start", same_runs, base304) / base304
        ratio304 = row("harkd, running", running_runs, base304) / base304
        print("RSS, JSON Feed and a JSON API, every one new")
        mixed = poll_mixed(harkd, work, write_mixed(root, args.feeds), base_url, args.rounds)
        after, idle = memory_idle(harkd, work, [f"{u}?{n}" for n in range(args.sources // args.feeds) for u in urls])
        print(f"{args.sources} idle sources: {idle:.1f} MiB resident, {after:.1f} after polling them")
        print(f"bench_poll: new {ratio:.2f} x curl (target 3; with the start of a process and "
              f"an empty store {once:.2f}), 304 {ratio304:.2f} x curl (target 1.5; "
              f"with the start of a process {once304:.2f}), "
              f"mixed {mixed:.2f} x curl, idle {idle:.1f} MiB, after polling {after:.1f} (target 64)")
    finally:
        nginx.stop()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
