"""A harkd that listens, with users and tokens, and one request at a time to it."""

import http.client
import json
import os
import re
import socket

import tap
from daemon import SOURCE, Hark
from peer import Answer, Peer, rss

CSP = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
       "form-action 'self'; frame-ancestors 'none'; base-uri 'none'")


with open(os.path.join(SOURCE, "monitor/api/openapi.json"), encoding="utf-8") as spec_file:
    SPEC = json.load(spec_file)

TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "number": (int, float)}


def fits(value, schema, where):
    """Fails where the value is not what the schema says; so much of JSON Schema as openapi.json uses."""
    if "$ref" in schema:
        schema = SPEC["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    for part in schema.get("allOf", []):
        fits(value, part, where)
    kind = schema.get("type")
    if kind is not None:
        tap.check(isinstance(value, TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool)),
                  f"{where} is no {kind}: {value!r}")
    tap.check(value in schema.get("enum", [value]), f"{where}: {value!r}")
    if schema.get("format") == "date-time":
        tap.check(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", value), f"{where}: {value!r}")
    if isinstance(value, dict):
        known = schema.get("properties", {})
        for name in schema.get("required", []):
            tap.check(name in value, f"{where} lacks {name}: {value!r}")
        for name, member in value.items():
            tap.check(name in known or schema.get("additionalProperties", True), f"{where} has {name}")
            fits(member, known.get(name, {}), f"{where}.{name}")
    if isinstance(value, list):
        for i, item in enumerate(value):
            fits(item, schema.get("items", {}), f"{where}[{i}]")


def answers(method, path):
    """What the API says it answers there, by type."""
    for pattern, operations in SPEC["paths"].items():
        method = "get" if method == "HEAD" else method.lower()
        if method in operations and re.fullmatch(re.sub(r"\{[^}]*\}", "[^/]+", pattern), path):
            return operations[method]["responses"]["200"]["content"]
    raise AssertionError(f"{path} is not in openapi.json")


class Link(http.client.HTTPConnection):
    """HTTP over a Unix socket: no port that somebody else could take."""

    def __init__(self, path):
        super().__init__("hark.example", timeout=20 * tap.PATIENCE)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def text(self):
        return self.body.decode()


class Served(Hark):
    """Posts are (id, text) pairs of one feed, which come after its baseline."""

    def __init__(self, posts=(), **more):
        more = {"receivers": [], "routes": [], **more}  # nothing changes a lead by itself
        self.peer = Peer()
        self.items = [{"id": "0", "text": "A quiet day"}]
        self.peer.script("/feed", Answer(rss(self.items)))
        super().__init__(sources=[{"name": "a", "url": self.peer.url("/feed")}], **more)
        self.config["http"]["listen"] = "unix:" + self.path("http")
        self.save()
        self.posts, self.tokens = list(posts), {}

    def user(self, name, role, scope="write"):
        """The token of a new user."""
        done = self.run("user", "add", name, "--role", role, "--no-password")
        tap.equal(done.returncode, 0, done.stderr)
        self.tokens[name] = self.token(name, scope)
        return self.tokens[name]

    def token(self, name, scope, *more):
        done = self.run("token", "add", name, "--scope", scope, *more)
        tap.equal(done.returncode, 0, done.stderr)
        return done.stdout.strip()

    def serve(self):
        self.start()
        if self.posts:
            self.wait_baseline()
            self.publish(*self.posts)
            tap.wait_for("the leads", lambda: self.count("leads") >= len(self.posts), 20)
        return self

    def publish(self, *posts):
        self.items += [{"id": i, "title": f"From {who}", "author": who, "text": text} for i, who, text in posts]
        self.peer.script("/feed", Answer(rss(self.items)))

    def pause(self, source, who="root"):
        """Returns when what its last poll found is stored."""
        tap.equal(self.post(f"/api/v1/sources/{source}/pause", who).status, 200)
        tap.wait_for("the last poll to end", lambda: self.source_row(source)["polls_total"] >= self.peer.count("/feed"))

    def ask(self, method, path, who=None, body=None, headers=(), raw=None):
        """`who`: the user whose token is sent."""
        head = dict(headers)
        if who is not None:
            head["Authorization"] = "Bearer " + self.tokens.get(who, who)
        if body is not None:
            raw = json.dumps(body).encode()
            head.setdefault("Content-Type", "application/json")
        link = Link(self.path("http"))
        try:
            link.request(method, path, raw, head)
            got = link.getresponse()
            reply = Reply(got.status, got.headers, got.read())
        finally:
            link.close()
        tap.equal(reply.headers["Content-Security-Policy"], CSP, f"{method} {path}")
        if reply.status >= 400:
            self.check_problem(reply, f"{method} {path}")
        elif reply.status == 200 and (path.startswith("/api/") or path == "/metrics"):
            schema = answers(method, path.split("?")[0])[reply.headers["Content-Type"].split(";")[0]]["schema"]
            if method != "HEAD" and reply.headers["Content-Type"] == "application/json":
                fits(reply.json, schema, path)
        return reply

    def get(self, path, who=None, **more):
        return self.ask("GET", path, who, **more)

    def post(self, path, who=None, body=None, **more):
        return self.ask("POST", path, who, body, **more)

    def answer_to_head(self, head):
        """The status of what is answered before a body is sent."""
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(20 * tap.PATIENCE)
            s.connect(self.path("http"))
            s.sendall(head.encode())
            return int(s.makefile("rb").readline().split()[1])

    def check_problem(self, reply, what):
        """RFC 9457, with a sentence for people."""
        tap.equal(reply.headers["Content-Type"], "application/problem+json", what)
        tap.equal(reply.json["status"], reply.status, what)
        detail = reply.json["detail"].replace(self.folder, "FOLDER")  # whose name is random letters
        tap.check(detail and "\n" not in detail and "0x" not in detail, what, detail)
