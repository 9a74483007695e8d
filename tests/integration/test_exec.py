#!/usr/bin/env python3
"""Programs as sources: what they get, what is taken of what they write, and how they are ended."""
import json
import os

from daemon import Hark, one_sentence
from peer import Answer, Peer, rss
from tap import check, equal, run, test, wait_for

POST = '{"external_id":"%s","author":{"handle":"%s"},"text":"%s"}'


def program(hark, name, script):
    hark.write(name, "#!/bin/sh\n" + script)
    os.chmod(hark.path(name), 0o755)
    return hark.path(name)


def with_program(script, *args, peers=(), **source):
    hark = Hark(sources=[])
    path = program(hark, "prog", script)
    hark.config["sources"] = [Hark.source({"name": "p", "connector": "exec", "command": [path, *args], **source}),
                              *[Hark.source(s) for s in peers]]
    hark.save()
    return hark


def pids(hark, name="pids", n=1):
    return wait_for(f"{n} process ids in {name}", lambda: (lambda v: v if len(v) >= n else None)(
        [int(x) for x in hark.read(name).split()]))


def alive(pid):
    """A zombie is not."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as f:
            return f.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="utf-8") as f:
        return f.read().split()


@test
def it_is_polled_matched_and_gets_its_cursor_back():
    script = ('echo "${HARK_CURSOR-none}" >>cursors\n'
              'if [ -z "$HARK_CURSOR" ]; then echo \'%s\'; else echo \'%s\'; fi\n'
              'echo \'{"cursor":"after 1"}\'\n') % (POST % ("1", "Al", "quiet"), POST % ("2", "Bo", "I want a zebrafish"))
    with with_program(script) as hark:
        hark.start()
        hark.wait_alerts(1)
        equal([l["subject"]["name"] for l in hark.leads()], ["Bo"])
        equal(hark.read("cursors").splitlines()[:2], ["none", "after 1"])


@test
def it_gets_its_arguments_without_a_shell_and_a_clean_environment():
    script = 'env | sort >env.new; printf "%s|" "$@" >args; echo /proc/self/fd/* >fds; cat >stdin; mv env.new env\n'
    with with_program(script, "a b", "$HOME;*", secret={"API_KEY": "env:TEST_CANARY"}) as hark:
        hark.start(env={"TEST_CANARY": "shh", "TEST_OTHER": "not for you"})
        env = wait_for("the environment", lambda: hark.read("env"))
        names = {l.split("=", 1)[0] for l in env.splitlines()} - {"PWD", "OLDPWD", "SHLVL", "_"}
        equal(names, {"HARK_SOURCE", "HARK_RUN", "API_KEY", "LANG", "PATH"})
        check("API_KEY=shh" in env, env)
        equal(hark.read("args"), "a b|$HOME;*|")
        equal(hark.read("stdin"), "")
        extra = [f for f in hark.read("fds").split() if int(f.rsplit("/", 1)[1]) > 3 and int(f.rsplit("/", 1)[1]) != 10]
        equal(extra, [], "open files beside the three, the shell's script and the folder that is listed")


@test
def a_line_that_is_no_record_is_left_out_with_its_number():
    with with_program("true") as hark:
        hark.write("out.jsonl", (POST % ("1", "Al", "fine")) + '\nnoise\n{"text":7}\n{"title":""}\n' +
                   (POST % ("2", "Bo", "also fine")) + '\n{"text":"cut o')
        done = hark.run("parse", "--connector", "exec", hark.path("out.jsonl"))
        equal(done.returncode, 0, done.stderr)
        equal(len(done.stdout.splitlines()), 2)
        check(":2:1: " in done.stderr, done.stderr)
        program(hark, "prog", f"cat {hark.path('out.jsonl')}\n")
        said = hark.run("connector", "run", "p").stdout
        for line in ("line 2: ", "line 3: ", "line 4: it has neither title nor text", "line 6: "):
            check(line in said, line, "is not in:", said)
        hark.write("out.jsonl", "noise\nmore\n")
        done = hark.run("connector", "run", "p")
        check(done.returncode != 0 and "no line of it is a record; line 1: " in one_sentence(done.stderr), done.stderr)


@test
def a_member_that_no_post_has_is_left_out_and_told_once():
    with with_program("echo >>runs; cat out.jsonl\n", every="30m") as hark:
        hark.write("out.jsonl", (POST % ("1", "Al", "fine")) + '\n{"text":"b","author":{"name":"Bo"},"url":"t/7"}\n')
        done = hark.run("parse", "--connector", "exec", hark.path("out.jsonl"))
        equal(len(done.stdout.splitlines()), 2)
        check("out.jsonl:2:1: author.name: no post has such a member, it is left out" in done.stderr, done.stderr)
        hark.start()
        wait_for("it to be seen", lambda: "author.name: no post" in (hark.sources()["p"].get("noted") or ""))
        equal(hark.sources()["p"]["state"], "ok")
        hark.run("sources", "poll", "p")
        wait_for("the second poll", lambda: len(hark.read("runs").splitlines()) >= 2)
        hark.stop()
        equal(hark.log().count("no post has such a member"), 1, hark.log())


@test
def a_time_that_cannot_be_is_left_out_and_told():
    with with_program("cat out.jsonl\n", every="30m") as hark:
        hark.write("out.jsonl", '{"external_id":"2","text":"b","published":"9999-01-01T00:00:00Z"}\n')
        done = hark.run("parse", "--connector", "exec", hark.path("out.jsonl"))
        equal(len(done.stdout.splitlines()), 1)
        check("9999" not in done.stdout, done.stdout)
        check("out.jsonl:1:1: published: 9999-01-01T00:00:00Z is before 1995" in done.stderr, done.stderr)
        hark.start()
        wait_for("it to be seen", lambda: "published: 9999" in (hark.sources()["p"].get("noted") or ""))
        equal(hark.sources()["p"]["state"], "ok")


@test
def ids_may_be_numbers_and_null_is_no_member():
    with with_program("true") as hark:
        hark.write("out.jsonl", '{"external_id":9007199254740993,"text":"a"}\n{"person":null,"external_id":"n","text":"b"}\n'
                   '{"cursor":null,"feed":null,"text":"c"}\n{"deleted":true}\n{"deleted":true,"external_id":7}\n')
        done = hark.run("parse", "--connector", "exec", hark.path("out.jsonl"))
        posts = [json.loads(line) for line in done.stdout.splitlines()]
        equal([p.get("text") for p in posts], ["a", "b", "c", None])
        equal((posts[0]["external_id"], posts[3]["external_id"]), ("9007199254740993", "7"))
        check(":4:1: what is deleted is named by external_id" in done.stderr, done.stderr)


@test
def the_cursor_at_the_end_counts_however_many_lines_are_left_out():
    script = ('echo "${HARK_CURSOR-none}" >>cursors\n' + "".join(
        f"echo '{POST % (i, 'Al', 'quiet')}'\n" for i in range(4)) + 'echo \'{"cursor":"after 3"}\'\n'
              'echo \'{"external_id":"t","text":"quiet","tags":["cursor"]}\'\n')
    for lines, posts, said in ((2, 2, True), (6, 5, False)):
        with with_program(script, vars={"lines": str(lines)}) as hark:
            hark.start()
            wait_for("a second run", lambda: len(hark.read("cursors").splitlines()) >= 2)
            equal(hark.read("cursors").splitlines()[:2], ["none", "after 3"])
            equal(hark.count("posts"), posts)
            equal("more lines than are read" in (hark.sources()["p"].get("degraded") or ""), said)


@test
def what_is_cut_while_the_cursor_moves_on_is_a_gap():
    script = ('echo >>runs; n=$(wc -l <runs)\n'
              'for i in 1 2 3 4; do echo "{\\"external_id\\":\\"$n-$i\\",\\"text\\":\\"quiet\\"}"; done\n'
              'echo "{\\"cursor\\":\\"$n\\"}"\n')
    with with_program(script, vars={"lines": "2"}) as hark:
        hark.start()
        wait_for("a gap", lambda: hark.rows("SELECT 1 FROM gaps WHERE cause = 'overflow'"))


@test
def a_long_argument_is_given_and_one_too_long_is_said_so():
    with with_program('printf %s "$1" | wc -c >new; mv new got\n', "x" * 131071) as hark:
        hark.start()
        equal(wait_for("its run", lambda: hark.read("got")).strip(), "131071")
    for arguments, says in ((["x" * 131072], "command: part 2 has 131072 bytes, of at most 131071"),
                            (["x" * 131071] * 9, "bytes, of at most 1048576")):
        with with_program("true", *arguments) as hark:
            done = hark.run("check")
            equal(done.returncode, 1)
            check(says in done.stdout + done.stderr, (done.stdout + done.stderr)[-500:])


@test
def an_exit_status_means_something():
    with with_program("echo one >&2; echo 'no such board' >&2; exit $(cat status)\n") as hark:
        hark.write("status", "3")
        hark.start()
        row = wait_for("the failure", lambda: hark.source_row("p") if hark.source_row("p").get("error") else None)
        check("exit status 3, saying: no such board" in row["error"], row["error"])
        check("no such board" in hark.run("sources", "list").stdout, "not shown")
        for status, failures in ((75, 0), (77, 1)):
            hark.stop()
            hark.write("status", str(status))
            os.remove(hark.database)
            hark.start()
            row = wait_for("the end", lambda: hark.source_row("p") if hark.source_row("p").get("error") else None)
            check(f"exit status {status}" in row["error"], row["error"])
            equal(row["failures"], failures, f"failures after {status}")
            done = hark.run("connector", "run", "p")
            equal((done.returncode, "not now: " in done.stdout), (failures, failures == 0), done.stdout)


@test
def a_program_that_cannot_run_says_so():
    with with_program("true") as hark:
        os.remove(hark.path("prog"))
        done = hark.run("connector", "run", "p")
        check("cannot run it: No such file" in one_sentence(done.stderr), done.stderr)
        hark.config["sources"][0]["command"] = []
        hark.save()
        check(hark.run("check").returncode == 1, "an empty command is taken")


HANGS = 'echo $$ >>pids; (trap "" TERM; echo $(exec sh -c \'echo $PPID\') >>pids; while :; do sleep 1; done) & ' \
        'echo "still busy" >&2; wait\n'


@test
def one_that_takes_too_long_is_ended_with_all_it_started():
    with with_program(HANGS, vars={"timeout": "1"}) as hark:
        hark.start()
        two = pids(hark, n=2)
        wait_for("the time-out", lambda: hark.source_row("p").get("error"))
        error = hark.source_row("p")["error"]
        check("not done within 1 s, ended, saying: still busy" in error, error)
        wait_for("their end", lambda: not any(alive(p) for p in two))
        equal(children(hark.process.pid), [], "zombies")


# In a session of its own, and nobody's child.
STRAYS = (": >pids; setsid sh -c '(sleep 600 & echo $! >>pids; wait) & echo $$ >>pids; wait' &\n"
          "while [ $(wc -l <pids) -lt 2 ]; do sleep 0.05; done\n")


@test
def what_left_its_session_ends_with_it_too():
    for ends in (POST % ("1", "Al", "quiet"), ""):
        with with_program(STRAYS + (f"echo '{ends}'\n" if ends else "sleep 600\n"), every="1h",
                          vars={"timeout": "600"}) as hark:
            hark.start()
            strays = pids(hark, n=2)
            if ends:
                hark.wait_baseline("p")
            else:
                equal(hark.stop(), 0)
            wait_for("their end", lambda: not any(alive(p) for p in strays))


@test
def one_that_writes_without_end_is_ended():
    with with_program("exec yes '{\"text\":\"x\"}'\n", **{"max-body": "64KiB"}) as hark:
        hark.start()
        wait_for("the limit", lambda: hark.source_row("p").get("error"))
        check("more than 65536 bytes (max-body)" in hark.source_row("p")["error"], hark.source_row("p")["error"])


@test
def the_others_are_polled_meanwhile_and_a_stop_ends_it():
    peer = Peer()
    peer.script("/feed", Answer(rss([{"id": "1", "text": "quiet"}])),
                Answer(rss([{"id": "2", "author": "Cy", "text": "zebrafish wanted"}])))
    with with_program(HANGS, vars={"timeout": "600"}, peers=[{"name": "f", "url": peer.url("/feed")}]) as hark:
        hark.start()
        two = pids(hark, n=2)
        hark.wait_alerts(1)
        check(all(alive(p) for p in two), "it should still run")
        equal(hark.stop(), 0)
        wait_for("their end", lambda: not any(alive(p) for p in two))


@test
def a_reload_ends_it_and_asks_the_new_one():
    with with_program(HANGS, vars={"timeout": "600"}) as hark:
        hark.start()
        two = pids(hark, n=2)
        other = program(hark, "other", "echo '%s'\n" % (POST % ("1", "Al", "quiet")))
        hark.config["sources"][0]["command"] = [other]
        hark.save()
        equal(hark.run("reload").returncode, 0)
        hark.wait_baseline("p")
        wait_for("their end", lambda: not any(alive(p) for p in two))
        equal(hark.source_row("p")["error"], None)


def open_files(pid):
    """What the process has open; some of it may be closed meanwhile."""
    for f in os.listdir(f"/proc/{pid}/fd"):
        try:
            yield os.readlink(f"/proc/{pid}/fd/{f}")
        except FileNotFoundError:
            pass


@test
def many_that_hang_leave_no_open_files_behind():
    with with_program(HANGS, vars={"timeout": "1"}) as hark:
        source = hark.config["sources"][0]
        hark.config["sources"] = [
            {**source, "name": f"p{i}", "command": [*source["command"]], "vars": {"timeout": "1"}} for i in range(12)]
        hark.save()
        hark.start()
        wait_for("all time-outs", lambda: hark.count("sources", "error IS NOT NULL") == 12, 40)
        pid = hark.process.pid
        wait_for("the pipes to close", lambda: not any(f.startswith("pipe:") for f in open_files(pid)))


run()
