"""A real harkd with a configuration made for one test, in a folder of its own.

    with Hark(sources=[{"name": "a", "url": peer.url("/feed")}]) as hark:
        hark.start()
        hark.leads()
"""

import functools
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import threading

import yaml

import tap

BUILD = os.environ.get("top_builddir") or os.getcwd()
SOURCE = os.environ.get("top_srcdir") or os.path.join(os.path.dirname(__file__), "..", "..")
HARKD = os.environ.get("HARKD", os.path.join(BUILD, "harkd"))
HARK = os.environ.get("HARK", os.path.join(BUILD, "hark"))

# The thread sanitizer makes a command take four times as long, and finds one thread beside the first: that which helps to
# read the configuration, as in harkd. So its check takes the plain build's hark (quickstart says which) for all commands
# but these. helper_only.so ends a command that starts another thread.
PLAIN = os.environ.get("HARK_PLAIN")
THREADED = ("match", "demo", "connector")
OTHER_IN_PLAIN = (("user", "link"),)  # it says whether there is an inbox

RULES = """\
rules:
  - id: wants-zebrafish
    title: Somebody wants zebrafish
    kind: purchase-intent
    status: live
    level: instant
    subject: author
    score: { base: 70 }
    match: 'zebrafish'
    tests:
      match: [ "I want a zebrafish" ]
      nomatch: [ "I want a zebra" ]
"""

ROUTE_ALL = [{"when": {"kind": ["purchase-intent"]}, "to": ["out"]}]


@functools.lru_cache(maxsize=None)
def plain_environment():
    symbols = subprocess.run(["nm", PLAIN], capture_output=True, text=True, check=True).stdout
    return {"HARK_ONLY_THREAD": re.search(r"^([0-9a-f]+) t make_table$", symbols, re.M).group(1),
            "LD_PRELOAD": os.path.join(BUILD, "tests/integration/helper_only.so")}


def program(*args):
    """What runs the command, and what its environment has beside ours."""
    if not PLAIN or args[:1] in [(t,) for t in THREADED] or args[:2] in OTHER_IN_PLAIN:
        return HARK, {}
    return PLAIN, plain_environment()


class Hark:
    def __init__(self, sources=(), rules=RULES, lists=None, receivers=None, routes=None, **more):
        self.folder = tempfile.mkdtemp(prefix="hark-test-")
        self.process = None
        self.database = self.path("hark.db")
        self.config = {
            "operator": {"contact": "mailto:ops@example.com", "lawful-basis": "legitimate-interest"},
            "store": "sqlite:" + self.path("hark.db"),
            "control": self.path("control"),
            "http": {"per-host": "16", "timeout": "3s", "connect-timeout": "2s", "max-body": "1MiB"},
            "lists": {},
            "rules": ["rules.yaml"],
            "sources": [self.source(s) for s in sources],
            "receivers": receivers if receivers is not None else [
                {"name": "out", "type": "file", "path": self.path("alerts.jsonl")}],
            "routes": routes if routes is not None else ROUTE_ALL,
        }
        self.config.update(more)
        self.write("rules.yaml", rules)
        for name, text in (lists or {}).items():
            self.write(name + ".csv", text)
            self.config["lists"][name] = {"file": name + ".csv"}
        self.save()

    @staticmethod
    def source(s):
        return {"connector": "feed", "every": "1s", "internal": "true", "spacing": "0s", **s}

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if self.process is not None:
            self.kill()
        if kind is not None:
            tap.note("harkd said:\n" + self.log())
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)

    def read(self, name):
        try:
            with open(self.path(name), encoding="utf-8") as f:
                return f.read()
        except FileNotFoundError:
            return ""

    def save(self):
        self.write("hark.yaml", yaml.safe_dump({k: v for k, v in self.config.items() if v not in ({}, [])},
                                               sort_keys=False))

    # ---- the daemon ----

    def start(self, wait=True, preexec=None, env=None):
        log = open(self.path("harkd.log"), "ab")
        self.process = subprocess.Popen([HARKD, "-c", self.path("hark.yaml")], stdin=subprocess.DEVNULL,
                                        stdout=open(self.path("stdout"), "ab"), stderr=log, preexec_fn=preexec,
                                        env={**os.environ, **(env or {})}, cwd=self.folder)
        log.close()
        if wait:
            tap.wait_for("harkd to be ready", self.ready, 20)
        return self

    def ready(self):
        if self.process.poll() is not None:
            raise AssertionError(f"harkd ended with {self.process.returncode}:\n{self.log()}")
        try:
            return self.ask_daemon({"do": "status"})["ok"]
        except (OSError, ValueError):  # it does not listen yet, or lets go of whom it has not heard
            return False

    def ask_daemon(self, request):
        """What `hark status` and its like do, without a program's start."""
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(20 * tap.PATIENCE)
            s.connect(self.config["control"])
            s.sendall(json.dumps(request).encode() + b"\n")
            return json.loads(s.makefile("rb").read())

    def log(self):
        return self.read("harkd.log")

    def stop(self, seconds=5):
        """SIGTERM; the exit status. Fails when it takes longer."""
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(seconds * tap.SLOW)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"harkd did not stop within {seconds * tap.SLOW:.0f} s")
        self.process = None
        return status

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process = None

    def once(self, seconds=30):
        return subprocess.run([HARKD, "-c", self.path("hark.yaml"), "--once"], capture_output=True, text=True,
                              timeout=seconds * tap.PATIENCE, cwd=self.folder)

    # ---- the command line ----

    def run(self, *args, stdin=None, seconds=20, env=None):
        binary, more = program(*args)
        return subprocess.run([binary, "-c", self.path("hark.yaml"), *args], capture_output=True, text=True,
                              input=stdin, timeout=seconds * tap.PATIENCE, cwd=self.folder,
                              env={**os.environ, **more, **(env or {})})

    def json(self, *args):
        done = self.run(*args, "--json")
        tap.equal(done.returncode, 0, f"hark {' '.join(args)} ({done.stderr.strip()})")
        return json.loads(done.stdout)

    def leads(self, historic=False):
        """As they are stored, in the shape of `hark leads list --json`."""
        return [{"kind": r["kind"], "title": r["title"], "subject": {"name": r["subject_name"]}}
                for r in self.rows("SELECT * FROM leads WHERE historic = ? ORDER BY id", int(historic))]

    def sources(self):
        return {s["name"]: s for s in self.json("sources", "list")}

    def alerts(self, name="alerts.jsonl"):
        """Whole lines only: one may be under way."""
        text = self.read(name)
        return [json.loads(line) for line in text[:text.rfind("\n") + 1].splitlines()]

    def rows(self, sql, *values):
        """A look into the database, as dicts; nothing before there is one."""
        try:
            db = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=10)
        except sqlite3.OperationalError:
            return []
        try:
            db.row_factory = sqlite3.Row
            return [dict(row) for row in db.execute(sql, values)]
        except sqlite3.OperationalError as why:
            if "no such table" in str(why):
                return []
            raise
        finally:
            db.close()

    def write_rows(self, sql):
        """A change to the database; only while no daemon runs."""
        db = sqlite3.connect(self.database)
        try:
            db.execute(sql)
            db.commit()
        finally:
            db.close()

    def count(self, table, where="1"):
        got = self.rows(f"SELECT count(*) AS n FROM {table} WHERE {where}")
        return got[0]["n"] if got else 0

    def source_row(self, name):
        got = self.rows("SELECT * FROM sources WHERE name = ?", name)
        return got[0] if got else {}

    def wait_baseline(self, *names):
        """Waits until these sources have had their first reply stored."""
        names = names or [s["name"] for s in self.config["sources"]]
        tap.wait_for(f"the baseline of {', '.join(names)}",
                     lambda: all(self.source_row(n).get("baseline_done") for n in names), 20)

    def wait_alerts(self, n, name="alerts.jsonl", seconds=15):
        tap.wait_for(f"{n} alerts in {name}", lambda: len(self.alerts(name)) >= n, seconds)
        return self.alerts(name)


def one_sentence(text):
    """What every message to a person is: one line, not empty, no internals spilled."""
    text = text.strip()
    tap.check(text and "\n" not in text and len(text) < 500, "not one sentence:", repr(text))
    tap.check(not re.search(r"Traceback|0x[0-9a-f]{6,}|\(null\)", text), "internals in:", repr(text))
    return text


class NotifySocket:
    """What systemd would hear: READY=1, WATCHDOG=1 …"""

    def __init__(self, path):
        self.path, self.heard = path, []
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(path)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            try:
                self.heard += self.socket.recv(4096).decode().splitlines()
            except OSError:
                return

    def close(self):
        self.socket.close()
