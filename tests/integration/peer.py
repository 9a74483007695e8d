"""A scripted HTTP peer on loopback: says exactly what a test wants said, bytes and delays included,
and remembers who asked for what.

    peer = Peer()
    peer.script("/feed", Answer(body=rss([...])), Answer(status=304))   # the last one repeats
    peer.url("/feed"), peer.count("/feed"), peer.requests("/feed")[0].header("if-none-match")
"""

import gzip
import html
import socket
import threading
import time

from tap import stop_listening


class Request:
    def __init__(self, method, target, headers, body):
        self.method, self.target, self.headers, self.body = method, target, headers, body
        self.path = target.split("?", 1)[0]
        self.at = time.monotonic()

    def header(self, name):
        """The value as sent, or None."""
        for key, value in self.headers:
            if key.lower() == name.lower():
                return value
        return None


class Answer:
    """status, headers and body of one answer, and how it is sent:
    delay       seconds before the first byte
    zipped      gzip the body and say so
    cut         send only that many bytes of the body, then close
    drip        (bytes, seconds): send in pieces of that size, that far apart
    endless     bytes repeated for ever, without Content-Length
    raw         exactly these bytes and nothing else
    """

    def __init__(self, body=b"", status=200, headers=(), type="application/rss+xml", delay=0, zipped=False,
                 cut=None, drip=None, endless=None, raw=None):
        self.body = body.encode() if isinstance(body, str) else body
        self.status, self.type = status, type
        self.headers = list(headers.items() if isinstance(headers, dict) else headers)
        self.delay, self.zipped, self.cut, self.drip, self.endless, self.raw = delay, zipped, cut, drip, endless, raw

    def with_headers(self, **headers):
        self.headers += [(k.replace("_", "-"), v) for k, v in headers.items()]
        return self


class Peer:
    def __init__(self, address="127.0.0.1"):
        self._lock = threading.Lock()
        self._scripts = {}
        self._requests = []
        self._stopping = False
        self._connections = set()
        self._listener = socket.create_server((address, 0), backlog=512)
        self.address, self.port = self._listener.getsockname()[:2]
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, path):
        return f"http://{self.address}:{self.port}{path}"

    def script(self, path, *answers):
        """Answers given in turn, the last one for ever; a callable gets the Request and returns one."""
        with self._lock:
            self._scripts[path] = list(answers)

    def requests(self, path=None):
        with self._lock:
            return [r for r in self._requests if path is None or r.path == path]

    def count(self, path=None):
        return len(self.requests(path))

    def forget(self):
        with self._lock:
            self._requests.clear()

    def stop(self):
        self._stopping = True
        stop_listening(self._listener)
        with self._lock:
            connections = list(self._connections)
        for c in connections:
            try:
                c.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _accept(self):
        while not self._stopping:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with self._lock:
            self._connections.add(connection)
        try:
            with connection, connection.makefile("rb") as reader:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                while not self._stopping and self._serve_one(connection, reader):
                    pass
        except OSError:
            pass
        finally:
            with self._lock:
                self._connections.discard(connection)

    def _serve_one(self, connection, reader):
        request = read_request(reader)
        if request is None:
            return False
        return send(connection, self._next_answer(request))

    def _next_answer(self, request):
        with self._lock:
            self._requests.append(request)
            script = self._scripts.get(request.path)
            if not script:
                return Answer(b"nothing here\n", status=404, type="text/plain")
            answer = script[0] if len(script) == 1 else script.pop(0)
        return answer(request) if callable(answer) else answer


def read_request(reader):
    line = reader.readline(65536)
    if not line.strip():
        return None
    method, target, _ = line.decode("latin-1").split(" ", 2)
    headers = []
    while True:
        line = reader.readline(65536).decode("latin-1").rstrip("\r\n")
        if not line:
            break
        name, value = line.split(":", 1)
        headers.append((name, value.strip(" \t")))
    request = Request(method, target, headers, b"")
    length = int(request.header("content-length") or 0)
    if request.header("expect"):
        return None
    request.body = reader.read(length) if length else b""
    return request


def send(connection, answer):
    """False when the connection is over."""
    if answer.delay:
        time.sleep(answer.delay)
    if answer.raw is not None:
        connection.sendall(answer.raw)
        return False
    body = gzip.compress(answer.body, 9) if answer.zipped else answer.body
    head = [f"HTTP/1.1 {answer.status} Scripted"] + [f"{k}: {v}" for k, v in answer.headers]
    if answer.status != 304 and answer.type:
        head.append(f"Content-Type: {answer.type}")
    if answer.zipped:
        head.append("Content-Encoding: gzip")
    if answer.endless is None and answer.status != 304:
        head.append(f"Content-Length: {len(body)}")
    connection.sendall(("\r\n".join(head) + "\r\n\r\n").encode("latin-1"))
    if answer.endless is not None:
        while True:
            connection.sendall(answer.endless)
    if answer.status == 304:
        return True
    if answer.cut is not None:
        connection.sendall(body[:answer.cut])
        return False
    if answer.drip is None:
        connection.sendall(body)
        return True
    size, pause = answer.drip
    for i in range(0, len(body), size):
        connection.sendall(body[i:i + size])
        time.sleep(pause)
    return True


def rss(items, title="Scripted"):
    """Items are dicts: id, title, text, author, link; all optional but id."""
    out = ['<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" '
           'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>', html.escape(title), "</title>\n"]
    for i in items:
        out.append(f'<item><guid isPermaLink="false">{i["id"]}</guid><title>{html.escape(i.get("title", "A post"))}'
                   f'</title><dc:creator>{html.escape(i.get("author", "Nobody"))}</dc:creator>'
                   f'<link>{html.escape(i.get("link", "https://site.example/" + str(i["id"])))}</link>'
                   f'<description>{html.escape(i.get("text", ""))}</description></item>\n')
    out.append("</channel></rss>\n")
    return "".join(out)
