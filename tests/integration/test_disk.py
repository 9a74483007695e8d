#!/usr/bin/env python3
"""A full disk: said, survived, and nothing stored is lost. Runs on a small disk of its own, mounted
in a namespace of its own."""
import os
import subprocess
import sys
import time

import tap
from apiclient import Served
from daemon import RULES, Hark
from peer import Answer, Peer, rss
from tap import check, equal, figure, run, test, wait_for

DISK_MIB = 48


def enter_namespace():
    """Starts this program again where it may mount; says why if it may not."""
    if os.environ.get("HARK_TEST_NAMESPACE"):
        return None
    way = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-Urm"]
    try:
        probe = subprocess.run(way + ["mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, text=True)
    except FileNotFoundError:
        return "unshare (util-linux) is not installed"
    if probe.returncode != 0:
        return f"this machine lets us mount nothing: {probe.stderr.strip()}"
    os.environ["HARK_TEST_NAMESPACE"] = "1"
    os.execvp(way[0], way + [sys.executable, *sys.argv])


def fill(path):
    """Takes every free byte."""
    size = 1 << 20
    with open(path, "wb", buffering=0) as f:
        while size:
            try:
                f.write(b"\0" * size)
            except OSError:
                size //= 2


def posts(first, last):
    return [{"id": str(i), "author": f"author {i}",
             "text": f"post number {i}, with some words so that it takes room " + ("zebrafish" if i % 50 == 0 else "")}
            for i in range(last, first - 1, -1)]


@test
def a_full_disk_is_said_and_survived_and_nothing_is_lost():
    peer = Peer()
    peer.script("/feed", Answer(rss(posts(1, 100))))
    with Hark(sources=[{"name": "a", "url": peer.url("/feed")}]) as hark:
        disk = hark.path("disk")
        os.mkdir(disk)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", disk], check=True)
        try:
            full_disk(peer, hark, disk)
        finally:
            if hark.process is not None:
                hark.kill()
            subprocess.run(["umount", disk], check=True)


def full_disk(peer, hark, disk):
    hark.config["store"] = f"sqlite:{disk}/hark.db"
    hark.config["control"] = hark.path("control")
    hark.database = f"{disk}/hark.db"
    hark.save()
    hark.start()
    hark.wait_baseline()
    equal(hark.count("posts"), 100)

    fill(f"{disk}/ballast")
    peer.script("/feed", Answer(rss(posts(1, 3000))))
    started = time.monotonic()
    wait_for("the full disk to be said", lambda: hark.json("status").get("disk_full"), 20)
    figure(f"said after {time.monotonic() - started:.1f} s")
    check(hark.process.poll() is None, "harkd ended")
    check(f"free on the disk of {disk}" in hark.log(), "the log says nothing of it:\n" + hark.log())
    check("full" in hark.run("status").stdout, hark.run("status").stdout)
    time.sleep(2)
    check(hark.process.poll() is None, "harkd ended")
    check(hark.log().count("free on the disk") < 5, "the log is flooded:\n" + hark.log())

    os.unlink(f"{disk}/ballast")
    started = time.monotonic()
    wait_for("all posts after space is back", lambda: hark.count("posts") == 3000, 60)
    hark.wait_alerts(58)
    figure(f"resumed after {time.monotonic() - started:.1f} s")
    equal(len({a["data"]["subject"]["name"] for a in hark.alerts()}), 58, "people alerted about")
    wait_for("the all-clear", lambda: not hark.json("status").get("disk_full"))
    equal(hark.stop(), 0)
    equal(hark.rows("PRAGMA integrity_check")[0]["integrity_check"], "ok")


@test
def without_room_to_start_it_ends_in_a_way_that_is_tried_again():
    with Hark(sources=[{"name": "a", "url": "http://127.0.0.1:9/feed"}]) as hark:
        disk = hark.path("disk")
        os.mkdir(disk)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", disk], check=True)
        try:
            hark.config["store"] = f"sqlite:{disk}/hark.db"
            hark.save()
            fill(f"{disk}/ballast")
            hark.start(wait=False)
            wait_for("harkd to give up", lambda: hark.process.poll() is not None)
            equal(hark.process.returncode, 1, "exit code: systemd starts it again")
            check("No space left" in hark.log() or "disk is full" in hark.log(), hark.log())
            os.unlink(f"{disk}/ballast")
            hark.start()
            equal(hark.stop(), 0)
        finally:
            if hark.process is not None:
                hark.kill()
            subprocess.run(["umount", disk], check=True)


@test
def who_works_on_a_full_disk_is_told_so_and_the_log_is_told_once():
    with Served() as hark:
        disk = hark.path("disk")
        os.mkdir(disk)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", disk], check=True)
        try:
            hark.config["store"] = f"sqlite:{disk}/hark.db"
            hark.database = f"{disk}/hark.db"
            hark.config["rules"] = ["rules.yaml", "disk/*.yaml"]
            hark.save()
            hark.user("root", "admin")
            hark.start()
            fill(f"{disk}/ballast")
            own = {"method": "PUT", "path": "/api/v1/rules/okapi", "who": "root",
                   "raw": RULES.replace("wants-zebrafish", "okapi").encode() + b"# word\n" * 2000,
                   "headers": {"Content-Type": "application/yaml"}}
            refused = hark.ask(**own)
            equal((refused.status, "No space left" in refused.text, "let harkd write" in refused.text),
                  (503, True, False), refused.text)
            check(not [f for f in os.listdir(disk) if f.startswith("okapi")], os.listdir(disk))
            for _ in range(5):
                equal(hark.get("/api/v1/leads", "root").status, 200)
            equal(hark.log().count("used last"), 1, hark.log())
            os.unlink(f"{disk}/ballast")
            equal(hark.ask(**own).status, 201)
            equal(hark.rows("SELECT count(used_ms) AS n FROM tokens")[0]["n"], 1)
        finally:
            if hark.process is not None:
                hark.kill()
            subprocess.run(["umount", disk], check=True)


why = enter_namespace()
if why:
    tap.without(a_full_disk_is_said_and_survived_and_nothing_is_lost, why)
    tap.without(who_works_on_a_full_disk_is_told_so_and_the_log_is_told_once, why)
    tap.without(without_room_to_start_it_ends_in_a_way_that_is_tried_again, why)
run()
