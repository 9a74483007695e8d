"""A browser test beside a harkd: node runs its script, whose TAP is passed on; what a line "!WHAT" on its standard output
asks for is done and answered with a line."""
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "integration"))

import tap

PASSWORD = "correct horse battery"


def browse(script, hark, *args, limit_s, do=None):
    """The script's exit status. `do` takes WHAT and gives the answer; none is "done". The log of `hark` follows what
    failed."""
    browser = subprocess.Popen(
        ["timeout", str(int(limit_s * tap.SLOW)), os.environ["NODE"], os.path.join(HERE, script), *args],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        for line in browser.stdout:
            if line.startswith("!"):
                browser.stdin.write((do(line[1:].strip()) or "done") + "\n")
                browser.stdin.flush()
            else:
                print(line, end="", flush=True)
        status = browser.wait()
    finally:
        browser.kill()
    if status != 0:
        print("# " + hark.log().replace("\n", "\n# "))
    return status
