"""A small mail server on loopback, for tests: it takes mails, or does what it should do wrong.

    with SmtpPeer() as peer:
        peer.url           "smtp://127.0.0.1:PORT"
        peer.mails         the messages it took, parsed

It knows EHLO, STARTTLS, AUTH PLAIN and LOGIN, MAIL, RCPT, DATA, RSET and QUIT (RFC 5321, 3207, 4954)."""

import base64
import email
import email.policy
import socket
import threading

from tap import stop_listening

USER, PASSWORD = "ana", "open sesame \\ \"1\""


class SmtpPeer:
    def __init__(self, starttls=None, login=False):
        """starttls: an ssl.SSLContext; login: whether it asks for one."""
        self.starttls, self.login = starttls, login
        self.mails, self.envelopes, self.commands, self.raw = [], [], [], []
        self.script = []  # answers to DATA in turn: None takes it, "" says nothing, else the line
        self.mute_at_quit = False
        self.encrypted = 0
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=16)
        self.port = self.listener.getsockname()[1]
        self.url = f"smtp://localhost:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *what):
        stop_listening(self.listener)

    def _accept(self):
        while True:
            try:
                conn, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(conn,), daemon=True).start()

    def _serve(self, conn):
        try:
            self._talk(conn)
        except (OSError, ValueError):
            pass
        finally:
            conn.close()

    def _talk(self, conn):
        stream, secure, known, sender, rcpt = conn.makefile("rwb"), False, False, None, []

        def say(line):
            stream.write(line.encode() + b"\r\n")
            stream.flush()

        say("220 mail.example ready")
        while True:
            line = stream.readline().decode().rstrip("\r\n")
            if not line:
                return
            self.commands.append(line.split(" ")[0].upper())
            word = line.upper()
            if word.startswith("EHLO"):
                extra = ([] if secure or not self.starttls else ["STARTTLS"]) + (["AUTH PLAIN LOGIN"] if self.login else [])
                for e in ["mail.example"] + extra:
                    say("250-" + e)
                say("250 8BITMIME")
            elif word == "STARTTLS" and self.starttls:
                say("220 go")
                conn = self.starttls.wrap_socket(conn, server_side=True)
                stream, secure = conn.makefile("rwb"), True
                self.encrypted += 1
            elif word.startswith("AUTH PLAIN"):
                given = line.split(" ", 2)[2] if line.count(" ") > 1 else None
                if given is None:
                    say("334 ")
                    given = stream.readline().decode().strip()
                known = base64.b64decode(given).decode().split("\0")[1:] == [USER, PASSWORD]
                say("235 welcome" if known else "535 5.7.8 who are you?")
            elif word.startswith("MAIL FROM:"):
                if self.login and not known:
                    say("530 log in first")
                    continue
                sender = line[10:].split(">")[0].strip("< ")
                say("250 ok")
            elif word.startswith("RCPT TO:"):
                rcpt.append(line[8:].split(">")[0].strip("< "))
                say("250 ok")
            elif word == "DATA":
                say("354 go on")
                self._take(stream, say, sender, rcpt)
                rcpt = []
            elif word == "QUIT" and self.mute_at_quit:
                stream.readline()
                return
            elif word == "QUIT":
                say("221 bye")
                return
            else:
                say("250 ok" if word == "RSET" else "502 no such command")

    def _take(self, stream, say, sender, rcpt):
        lines = []
        while (line := stream.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        answer = self.script.pop(0) if self.script else None
        self.raw.append(b"".join(lines))
        if answer == "":
            stream.readline()
        if answer is not None:
            say(answer)
            return
        self.envelopes.append((sender, rcpt))
        self.mails.append(email.message_from_bytes(b"".join(lines), policy=email.policy.default))
        say("250 taken as 1")
