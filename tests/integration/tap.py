"""Tests as functions, results as TAP. A name is a sentence, with underscores.

    @test
    def a_first_poll_raises_nothing(): ...

    run()

A test fails by raising; its traceback and whatever it noted with note() become comments."""

import os
import signal
import socket
import sys
import time
import traceback

SLOW = float(os.environ.get("HARK_TEST_SLOW", "1"))  # sanitizer builds, a busy machine
PATIENCE = 2 * SLOW  # what stretches each limit that is only there to end a test that hangs
TEST_TIMEOUT_S = 60  # times PATIENCE, as a test's own `timeout`

_tests = []
_notes = []


class Skip(Exception):
    """What the machine lacks; printed as a TAP skip with its reason."""


def test(function):
    _tests.append(function)
    return function


def count():
    return len(_tests)


def all_tests():
    return list(_tests)


def without(function, why):
    """Replaces a test by a skip with its reason."""
    def skipped():
        raise Skip(why)
    skipped.__name__ = function.__name__
    _tests[_tests.index(function)] = skipped


def note(text):
    _notes.append(str(text))


def figure(text):
    """A measured number, printed with a passing test too."""
    _notes.append("figure: " + text)


def check(condition, *what):
    if not condition:
        raise AssertionError(" ".join(str(w) for w in what) or "condition does not hold")


def equal(got, want, what=""):
    if got != want:
        raise AssertionError(f"{what}: got {got!r}, want {want!r}" if what else f"got {got!r}, want {want!r}")


def stop_listening(listener):
    """Closes a socket another thread may be in accept() of. A close alone does not wake it: it would take the first
    connection of whatever is listening under the same number next."""
    try:
        listener.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # not listening any more
    listener.close()


def wait_for(what, condition, seconds=10):
    """The first true result of condition(); fails with `what` after the time, stretched by PATIENCE."""
    started = time.monotonic()
    deadline = started + seconds * PATIENCE
    while True:
        looked = time.monotonic()
        result = condition()
        if result:
            return result
        now = time.monotonic()
        if now > deadline:
            raise AssertionError(f"waited {seconds * PATIENCE:.0f} s for {what}")
        # Whose look is dear, does not look all the time, nor does anybody for what takes long.
        time.sleep(max(0.02, min(now - looked, 0.2), min((now - started) / 20, 0.06)))


def _comment(text):
    for line in str(text).rstrip().splitlines():
        print("#", line)


def _run_one(number, function):
    name = function.__name__.replace("_", " ")
    del _notes[:]
    started = time.monotonic()
    limit_s = int(getattr(function, "timeout", TEST_TIMEOUT_S) * PATIENCE)

    def give_up(signum, frame):
        raise TimeoutError(f"the test took longer than {limit_s} s")
    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(limit_s)
    try:
        function()
    except Skip as why:
        print(f"ok {number} - {name} # SKIP {why}")
        return True
    except Exception:
        signal.alarm(0)
        print(f"not ok {number} - {name}")
        _comment(traceback.format_exc())
        for text in _notes:
            _comment(text)
        return False
    finally:
        signal.alarm(0)
        sys.stdout.flush()
    print(f"ok {number} - {name}")
    _comment(f"{time.monotonic() - started:.1f} s")
    for text in _notes:
        if text.startswith("figure:"):
            _comment(text)
    sys.stdout.flush()
    return True


def run():
    only = sys.argv[1:]
    chosen = [t for t in _tests if not only or t.__name__ in only]
    print(f"1..{len(chosen)}", flush=True)
    good = [_run_one(i + 1, t) for i, t in enumerate(chosen)]
    sys.exit(0 if all(good) else 1)
