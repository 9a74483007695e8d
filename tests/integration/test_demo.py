#!/usr/bin/env python3
"""`hark demo` as somebody meets it: offline, asking nothing, leaving nothing behind."""
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

from daemon import HARK
from tap import SLOW, check, equal, figure, run, test, wait_for

WANT = ["job-move", "praise", "praise", "purchase-announced", "purchase-intent"]


class Demo:
    """A demo whose temporary folder lies in one of ours, started from a folder without rights."""

    def __init__(self, *args):
        self.tmp = tempfile.mkdtemp(prefix="hark-test-")
        self.process = subprocess.Popen([HARK, "demo", *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, cwd="/", start_new_session=True,
                                        # Who is started in the background may have been told to ignore Ctrl-C.
                                        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
                                        env={**os.environ, "TMPDIR": self.tmp, "HOME": "/nonexistent"})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
        shutil.rmtree(self.tmp, ignore_errors=True)

    def end(self, seconds=60):
        out, err = self.process.communicate(timeout=seconds * SLOW)
        return self.process.returncode, out, err

    def read_until(self, text):
        said = ""
        while text not in said:
            line = self.process.stdout.readline()
            check(line, "the demo ended:\n", said)
            said += line
        return said

    def harkd(self):
        """Process ids of daemons that read a configuration of ours."""
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as f:
                    words = f.read().decode().split("\0")
            except OSError:
                continue
            if words[0].endswith("harkd") and any(w.startswith(self.tmp) for w in words):
                found.append(int(pid))
        return found


@test
def once_raises_one_lead_for_each_strand_and_none_for_noise():
    started = time.monotonic()
    with Demo("--once", "--json") as demo:
        code, out, err = demo.end()
        equal(code, 0, err)
        leads = json.loads(out)
        equal(sorted(l["kind"] for l in leads), WANT)
        names = [l["subject"]["name"] for l in leads]
        for name in ("Ines Duarte-Holm", "Tobias Wennerby", "Odalys Merrick", "Maren Solvik"):
            equal(names.count(name), 1, name)
        check(re.search(r"baseline: \d+ posts read in \d+ requests, nothing raised", err), err)
        equal(os.listdir(demo.tmp), [], "left behind")
        figure(f"{time.monotonic() - started:.1f} s from the command to the leads (SLOW={SLOW:g})")


@test
def for_people_it_tells_the_story_and_what_to_do_next():
    with Demo("--once") as demo:
        code, out, err = demo.end()
        equal(code, 0, err)
        for part in ("baseline: ", "5 leads raised: `hark leads list`", "Odalys Merrick", "hark init"):
            check(part in out, repr(part), "is missing in:\n", out)


@test
def ctrl_c_ends_it_at_any_moment_and_leaves_nothing():
    for moment in (0.05, 0.4, 1.5):
        with Demo() as demo:
            time.sleep(moment)
            os.killpg(demo.process.pid, signal.SIGINT)
            code, out, err = demo.end(10)
            check(code in (0, -signal.SIGINT), f"after {moment} s: exit {code}\n{err}")
            equal(demo.harkd(), [], "daemons left")
            equal(os.listdir(demo.tmp), [], f"left behind after {moment} s")


@test
def in_the_foreground_another_terminal_can_ask_the_daemon():
    with Demo() as demo:
        said = demo.read_until("Ctrl-C ends the demo")
        command = re.search(r"in another terminal\s+(\S+) -c (\S+) leads list", said)
        check(command, said)
        done = subprocess.run([command[1], "-c", command[2], "leads", "list", "--json"], capture_output=True, text=True)
        equal(len(json.loads(done.stdout)), 5)
        equal(subprocess.run([command[1], "-c", command[2], "status"], capture_output=True).returncode, 0)
        listed = subprocess.run([command[1], "-c", command[2], "sources", "list", "--json"], capture_output=True, text=True)
        failing = [s["name"] for s in json.loads(listed.stdout) if s.get("error")]
        equal(failing, ["gone-fishing"])
        demo.process.send_signal(signal.SIGTERM)
        equal(demo.end(10)[0], 0)
        equal(os.listdir(demo.tmp), [])


@test
def killed_outright_it_takes_its_daemon_along():
    with Demo() as demo:
        wait_for("harkd", demo.harkd)
        demo.process.kill()
        wait_for("harkd to end", lambda: not demo.harkd())


@test
def two_demos_run_side_by_side():
    with Demo("--once", "--json") as one, Demo("--once", "--json") as two:
        for demo in (one, two):
            code, out, err = demo.end()
            equal(code, 0, err)
            equal(len(json.loads(out)), 5)


@test
def a_kept_folder_stays_and_one_in_use_is_refused():
    with Demo("--once", "--json", "--keep", "/nonexistent/folder") as demo:
        code, _, err = demo.end()
        check(code != 0 and "/nonexistent/folder" in err and err.count("\n") == 1, err)
    keep = tempfile.mkdtemp(prefix="hark-test-keep-")
    try:
        with Demo("--once", "--json", "--keep", keep) as demo:
            equal(demo.end()[0], 0)
        check(os.path.exists(os.path.join(keep, "hark.db")), os.listdir(keep))
        equal(len(open(os.path.join(keep, "alerts.jsonl")).read().splitlines()), 5, "alerts delivered")
        with Demo("--once", "--json", "--keep", keep) as demo:
            code, _, err = demo.end()
            check(code == 2 and "not empty" in err, code, err)
    finally:
        shutil.rmtree(keep)


run()
