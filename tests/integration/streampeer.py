"""A peer that streams, on loopback: lines, server-sent events or a WebSocket, said by a function that gets the
connection after its head.

    peer = StreamPeer(lambda say, request: say.event({"id": 1}))
"""

import base64
import hashlib
import json
import queue
import socket
import struct
import threading
import zlib

from peer import read_request
from tap import stop_listening


class Gone(Exception):
    """The other side has closed."""


class Say:
    """One connection: what to say on it, as the request wishes to hear it."""

    def __init__(self, connection, request):
        self.connection, self.request = connection, request
        self.websocket = request.header("sec-websocket-key")
        self.zip = None

    def raw(self, data):
        try:
            self.connection.sendall(data)
        except OSError as why:
            raise Gone from why

    def head(self, zipped=False, type="application/json"):
        if self.websocket:
            proof = hashlib.sha1((self.websocket + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
            self.raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     b"Sec-WebSocket-Accept: " + base64.b64encode(proof) + b"\r\n\r\n")
            return self
        if zipped:
            self.zip = zlib.compressobj(6, zlib.DEFLATED, 31)
        self.raw(f"HTTP/1.1 200 Scripted\r\nContent-Type: {type}\r\nTransfer-Encoding: chunked\r\n".encode()
                 + (b"Content-Encoding: gzip\r\n" if zipped else b"") + b"\r\n")
        return self

    def refuse(self, status, headers="", body=b""):
        self.raw(f"HTTP/1.1 {status} No\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body)

    def bytes(self, data):
        """A piece of the body."""
        if self.zip is not None:
            data = self.zip.compress(data) + self.zip.flush(zlib.Z_SYNC_FLUSH)
        if data:
            self.raw(b"%x\r\n%s\r\n" % (len(data), data))

    def frame(self, data, first=0x81):
        n = len(data)
        head = struct.pack("!BB", first, n) if n < 126 else struct.pack("!BBH", first, 126, n) if n < 65536 else \
            struct.pack("!BBQ", first, 127, n)
        self.raw(head + data)

    def line(self, value):
        data = json.dumps(value).encode()
        if self.websocket:
            self.frame(data)
        else:
            self.bytes(data + b"\n")

    def event(self, value, type=None, id=None):
        text = f"event: {type}\n" if type else ""
        text += f"id: {id}\n" if id else ""
        self.bytes((text + f"data: {json.dumps(value)}\n\n").encode())

    def wait(self):
        """Until the other side closes."""
        try:
            while self.connection.recv(4096):
                pass
        except OSError:
            pass


class StreamPeer:
    """Calls speak(say, request) for every connection, in a thread of its own."""

    def __init__(self, speak):
        self.speak, self.requests, self.closed = speak, [], queue.Queue()
        self._connections = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def host(self):
        return f"127.0.0.1:{self.port}"

    def cut(self):
        """Ends every connection as a network does that breaks."""
        for c in self._connections:
            try:
                c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                c.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def stop(self):
        stop_listening(self._listener)
        self.cut()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._connections.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            with connection, connection.makefile("rb") as reader:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                request = read_request(reader)
                if request is not None:
                    self.requests.append(request)
                    self.speak(Say(connection, request), request)
        except (Gone, OSError):
            pass
        finally:
            self.closed.put(connection)
