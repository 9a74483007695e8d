#!/usr/bin/env python3
"""A connector outside the tree: built from what `make install` puts, loaded, tried out, polled with; and
what becomes of those that do not fit."""
import os
import re
import shutil
import subprocess
import tempfile

import daemon
from daemon import Hark, one_sentence
from peer import Answer, Peer
from tap import check, equal, run, test, wait_for

NOTES = "# Acme\n2026-09-01 1.0 who has a zebrafish?\n"
STRICT = ["-Wall", "-Wextra", "-pedantic", "-Werror"]


class Installed:
    """hark in a folder of its own, with the example connector built against it, once for all tests."""
    root = None

    def __init__(self):
        if Installed.root is None:
            Installed.root = tempfile.mkdtemp(prefix="hark-abi-")
            os.chmod(Installed.root, 0o755)
            env = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
            self.must(["make", "-C", daemon.BUILD, "install-data", f"DESTDIR={Installed.root}"], env=env)
            found = [d for d, _, files in os.walk(Installed.root) if "hark-connector.pc" in files]
            equal(len(found), 1, "pkg-config files installed")
            Installed.pc = found[0]
            Installed.example = [d for d, _, files in os.walk(Installed.root)
                                 if d.endswith("example-connector")][0]
            Installed.cflags = self.config("--cflags").split()
            Installed.folder = self.config("--variable=connectordir")
            check(os.path.isdir(Installed.folder), Installed.folder, "is not there")

    def config(self, *what):
        return self.must(["pkg-config", "--define-prefix", *what, "hark-connector"],
                         env={**os.environ, "PKG_CONFIG_PATH": Installed.pc}).strip()

    @staticmethod
    def must(argv, **more):
        done = subprocess.run(argv, capture_output=True, text=True, **more)
        equal(done.returncode, 0, f"{' '.join(argv)}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout


def compiler(*names):
    found = [n for n in names if shutil.which(n)]
    check(found, "no compiler of", *names)
    return found[0]


def build(path, source, *flags):
    here = Installed()
    with open(path + ".c", "w", encoding="utf-8") as f:
        f.write(source)
    here.must([compiler("cc", "gcc", "clang"), "-std=c11", *STRICT, "-D_POSIX_C_SOURCE=200809L", *here.cflags, *flags,
               "-shared", "-fPIC", "-o", path, path + ".c"])
    os.remove(path + ".c")


def example():
    with open(os.path.join(Installed().example, "example.c"), encoding="utf-8") as f:
        return f.read().replace("#define _POSIX_C_SOURCE 200809L", "")


SMALL = """
#include <hark/connector.h>
static int plan(struct hark_host *h, void *c, const char *k, struct hark_request *r)
{ (void)h; (void)c; (void)k; r->url = "https://a.example/"; r->transport = HARK_TRANSPORT_HTTP; return 0; }
static int parse(struct hark_host *host, void *c, const struct hark_reply *reply)
{ (void)host; (void)c; (void)reply; @PARSE@ }
HARK_CONNECTOR(@ID@) = {.abi = HARK_CONNECTOR_ABI@MORE@, .name = "@NAME@", .about = "a test",
    .plan = plan, .parse = parse};
"""


def small(path, name, parse="return 0;", id=None, more=""):
    build(path, SMALL.replace("@NAME@", name).replace("@ID@", id or name).replace("@PARSE@", parse)
          .replace("@MORE@", more))


def with_folder(sources=()):
    hark = Hark(sources=sources)
    os.mkdir(hark.path("connectors"))
    os.chmod(hark.path("connectors"), 0o755)
    return hark


@test
def the_installed_header_alone_compiles_as_c_and_as_cpp():
    here = Installed()
    with tempfile.TemporaryDirectory() as folder:
        for name, flags in (("cc", ["-std=c11", "-x", "c"]), ("c++", ["-std=c++11", "-x", "c++"]),
                            ("c++", ["-std=c++20", "-x", "c++"])):
            tools = ("cc", "gcc", "clang") if name == "cc" else ("c++", "g++", "clang++")
            path = os.path.join(folder, "only")
            with open(path, "w", encoding="utf-8") as f:
                f.write("#include <hark/connector.h>\nextern const struct hark_post *p;\n")
            here.must([compiler(*tools), *flags, *STRICT, *here.cflags, "-fsyntax-only", path])
    header = open(os.path.join(here.cflags[0][2:], "hark", "connector.h"), encoding="utf-8").read()
    equal(re.findall(r'#include (".*")', header), [])


@test
def the_example_builds_out_of_tree_and_every_command_works_with_it():
    here = Installed()
    with with_folder() as hark:
        copy = hark.path("src")
        shutil.copytree(here.example, copy)
        env = {**os.environ, "PKG_CONFIG_PATH": here.pc, "PKG_CONFIG": "pkg-config --define-prefix",
               "HARK": daemon.HARK, "MAKEFLAGS": ""}
        here.must(["make", "-C", copy, "check"], env=env)
        here.must(["make", "-C", copy, "install"], env=env)
        os.environ["HARK_CONNECTORS"] = here.folder
        try:
            listed = {c["name"]: c for c in hark.json("connector", "list")}
            check(listed["example"]["usable"], listed["example"])
            check(here.folder in hark.run("connector", "show", "example").stdout, "show does not name the file")
            for command in (("check", "example"), ("test", "example")):
                done = hark.run("connector", *command)
                equal(done.returncode, 0, done.stdout + done.stderr)
            hark.write("notes.txt", NOTES)
            done = hark.run("parse", "--connector", "example", hark.path("notes.txt"))
            check('"external_id":"release-1.0"' in done.stdout, done.stdout, done.stderr)
        finally:
            del os.environ["HARK_CONNECTORS"]


@test
def the_daemon_polls_with_it():
    peer = Peer()
    peer.script("/notes", Answer("# Acme\n", type="text/plain"), Answer(NOTES, type="text/plain"))
    with with_folder(sources=[{"name": "notes", "connector": "example", "url": peer.url("/notes")}]) as hark:
        build(hark.path("connectors/example.so"), example())
        shutil.copytree(os.path.join(Installed().example, "samples"), hark.path("connectors/samples"))
        done = hark.run("connector", "run", "notes")
        equal(done.returncode, 0, done.stderr)
        peer.script("/notes", Answer("# Acme\n", type="text/plain"), Answer(NOTES, type="text/plain"))
        hark.start()
        hark.wait_alerts(1)
        equal(len(hark.leads()), 1)


def refused(prepare, *words):
    """A folder with one fine connector and one that is not: the sentence, and the fine one still works."""
    with with_folder() as hark:
        small(hark.path("connectors/fine.so"), "fine")
        prepare(hark.path("connectors"))
        listed = hark.run("connector", "list")
        row = [l for l in (listed.stdout + listed.stderr).splitlines() if "not loaded" in l or "not used" in l]
        equal(len(row), 1, listed.stdout + listed.stderr)
        check("fine" in listed.stdout, listed.stdout)
        hark.start()
        said = [l for l in hark.log().splitlines() if "not loaded" in l or "not used" in l]
        equal(len(said), 1, hark.log())
        sentence = one_sentence(said[0])
        for word in words:
            check(word in sentence, word, "is not in:", sentence)


@test
def another_abi_is_refused_with_one_sentence():
    refused(lambda d: small(d + "/other.so", "other", more=" + 1"), "other.so", "built for connector ABI",
            "build it again")


@test
def what_defines_nothing_or_another_name_is_refused():
    refused(lambda d: small(d + "/a-b.so", "a-b", id="c"), "a-b.so", "hark_connector_a_b")
    refused(lambda d: small(d + "/ab.so", "other", id="ab"), "ab.so", "calls itself 'other'")
    refused(lambda d: small(d + "/A_b.so", "A_b"), "A_b.so", "rename it")


@test
def a_name_that_is_taken_is_refused():
    refused(lambda d: small(d + "/feed.so", "feed"), "feed.so", "taken by a connector of the program")


@test
def what_is_no_shared_object_is_refused():
    def text(folder):
        with open(folder + "/text.so", "w", encoding="utf-8") as f:
            f.write("this is no program\n")
    refused(text, "text.so", "-shared -fPIC")


@test
def what_others_may_write_is_not_loaded():
    def writable(folder):
        small(folder + "/loose.so", "loose")
        os.chmod(folder + "/loose.so", 0o777)
    refused(writable, "loose.so", "chmod go-w")


BREAKS = {
    "it crashes": ("*(volatile char *)reply->body = 'x'; return 0;", "crashes"),
    "reads too far": ("volatile char v = 0; for (size_t i = 0; i < reply->body_bytes + 2; i++) v ^= reply->body[i]; "
                      "return v & 0;", "crashes"),
    "leaks": ("char *volatile p = malloc(100); (void)p; return 0;", "leaks"),
    "prints": ('printf("hello\\n"); return 0;', "prints"),
    "opens": ('FILE *f = fopen("/dev/null", "r"); (void)f; return 0;', "leaves files open"),
    "does not say why": ("return -1;", "fails without a sentence"),
    "ends the program": ("exit(3);", "ends the program with status 3"),
    "ends it as if all were well": ("exit(0);", "ends the program with status 0"),
}


@test
def the_check_finds_what_a_connector_may_not_do():
    with with_folder() as hark:
        path = hark.path("bad.so")
        os.chmod(hark.folder, 0o755)
        for what, (parse, words) in BREAKS.items():
            build(path, "#include <stdio.h>\n#include <stdlib.h>\n" + SMALL.replace("@NAME@", "bad")
                  .replace("@ID@", "bad").replace("@PARSE@", parse).replace("@MORE@", ""))
            done = hark.run("connector", "check", path)
            equal(done.returncode, 1, what)
            check(words in done.stdout, f"{what}:", done.stdout, done.stderr)
        small(path, "bad")
        equal(hark.run("connector", "check", path).returncode, 0, "a connector that does nothing wrong")


@test
def the_check_finds_a_global():
    with with_folder() as hark:
        os.chmod(hark.folder, 0o755)
        os.mkdir(hark.path("samples"))
        os.mkdir(hark.path("x"))
        source = example().replace("static int example_parse(", "static int n;\nstatic int example_parse(") \
            .replace("long number = 1;", "long number = 1; if (n++ % 2) return host->emit_post(host, "
                     "&(struct hark_post){.external_id = \"odd\"});")
        for name in ("example.txt", "example.jsonl"):
            shutil.copy(os.path.join(Installed().example, "samples", name), hark.path("samples"))
        build(hark.path("example.so"), source)
        done = hark.run("connector", "check", hark.path("example.so"))
        equal(done.returncode, 1)
        check("keep something in a global" in done.stdout, done.stdout)


try:
    run()
finally:
    if Installed.root:
        shutil.rmtree(Installed.root, ignore_errors=True)
