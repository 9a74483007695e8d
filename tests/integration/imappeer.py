"""A small IMAP server on loopback, for tests: one user, folders of mails, and whatever it should do wrong.

    with ImapPeer() as peer:
        peer.add(mail("1@a.example", "I want a zebrafish"))
        peer.url("INBOX")

It knows LOGIN, AUTHENTICATE PLAIN and XOAUTH2, STARTTLS, EXAMINE, UID SEARCH and UID FETCH, and notes every command.
SELECT, STORE and a BODY without PEEK would change a mailbox: it notes them as `harm`."""

import base64
import re
import socket
import ssl
import threading

from tap import stop_listening

USER, PASSWORD, TOKEN = "ana@example.org", "open sesame \\ \"1\"", "ya29.token"


def mail(id, text, subject="Hello", sender="Bo Berg <bo@example.com>", head=""):
    mid = f"Message-ID: <{id}>\r\n" if id else ""
    return (f"{mid}From: {sender}\r\nSubject: {subject}\r\nDate: Tue, 1 Sep 2026 08:00:00 +0200\r\n{head}\r\n"
            f"{text}\r\n").encode()


class Folder:
    def __init__(self):
        self.validity, self.next, self.mails = 1700000000, 1, {}

    def add(self, message):
        self.mails[self.next] = message
        self.next += 1
        return self.next - 1


class Cut(Exception):
    """The connection is to be closed now."""


class ImapPeer:
    def __init__(self, tls=None, starttls=None):
        """tls, starttls: an ssl.SSLContext, from the first byte or when asked."""
        self.tls, self.starttls = tls, starttls
        self.folders = {"INBOX": Folder()}
        self.commands, self.harm, self.logins = [], [], 0
        self.hook = None  # (peer, connection, command) -> True: it has answered itself
        self.greeting = b"* OK ready\r\n"
        self.lock = threading.RLock()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *what):
        stop_listening(self.listener)

    def url(self, folder="INBOX"):
        return f"imap{'s' if self.tls else ''}://localhost:{self.port}/{folder}"

    def add(self, message, folder="INBOX"):
        with self.lock:
            return self.folders[folder].add(message)

    def make_anew(self, folder="INBOX"):
        """Another UIDVALIDITY, and all mails under new numbers."""
        with self.lock:
            old, new = self.folders[folder], Folder()
            new.validity, new.next = old.validity + 1, 500
            for message in old.mails.values():
                new.add(message)
            self.folders[folder] = new

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, plain):
        try:
            Session(self, self.tls.wrap_socket(plain, server_side=True) if self.tls else plain).run()
        except (OSError, Cut):
            pass
        finally:
            plain.close()


class Session:
    def __init__(self, peer, connection):
        self.peer, self.connection = peer, connection
        self.file = connection.makefile("rb")
        self.folder, self.tag = None, ""
        self.secure = peer.tls is not None

    def say(self, data):
        self.connection.sendall(data if isinstance(data, bytes) else data.encode())

    def ok(self, text="done"):
        self.say(f"{self.tag} OK {text}\r\n")

    def no(self, text):
        self.say(f"{self.tag} NO {text}\r\n")

    def run(self):
        self.say(self.peer.greeting)
        while True:
            line = self.file.readline().decode().rstrip("\r\n")
            if not line:
                return
            self.tag, _, command = line.partition(" ")
            with self.peer.lock:
                self.peer.commands.append(command)
            if self.peer.hook is None or not self.peer.hook(self, command):
                self.answer(command)

    def answer(self, command):
        word = command.upper()
        if word == "CAPABILITY":
            start = " STARTTLS LOGINDISABLED" if self.peer.starttls and not self.secure else " AUTH=PLAIN AUTH=XOAUTH2"
            self.say(f"* CAPABILITY IMAP4rev1 SASL-IR{start}\r\n")
            self.ok()
        elif word == "STARTTLS":
            self.ok("begin")
            self.connection = self.peer.starttls.wrap_socket(self.connection, server_side=True)
            self.file, self.secure = self.connection.makefile("rb"), True
        elif word.startswith("AUTHENTICATE "):
            self.authenticate(command.split(" "))
        elif word == "LOGOUT":
            self.say("* BYE\r\n")
            self.ok()
            raise Cut
        elif word.startswith("EXAMINE "):
            self.examine(command[8:].strip('"').replace('\\"', '"'))
        elif word.startswith("UID SEARCH "):
            self.search(word[11:])
        elif word.startswith("UID FETCH "):
            self.fetch(command[10:])
        else:
            self.peer.harm.append(command)
            self.say(f"{self.tag} BAD what is that\r\n")

    def authenticate(self, words):
        if len(words) < 3:
            self.say("+ \r\n")
            words.append(self.file.readline().decode().strip())
        said = base64.b64decode(words[2]).decode()
        with self.peer.lock:
            self.peer.logins += 1
        good = {"PLAIN": f"\0{USER}\0{PASSWORD}", "XOAUTH2": f"user={USER}\1auth=Bearer {TOKEN}\1\1"}
        if said == good.get(words[1].upper()):
            self.ok()
        else:
            self.no("[AUTHENTICATIONFAILED] wrong name or password")

    def examine(self, name):
        with self.peer.lock:
            self.folder = self.peer.folders.get(name)
            if self.folder is None:
                return self.no("[NONEXISTENT] no such folder")
            self.say(f"* FLAGS (\\Seen)\r\n* {len(self.folder.mails)} EXISTS\r\n"
                     f"* OK [UIDVALIDITY {self.folder.validity}] valid\r\n* OK [UIDNEXT {self.folder.next}] next\r\n")
            self.ok("[READ-ONLY] opened")

    def search(self, key):
        with self.peer.lock:
            found = sorted(self.folder.mails)
        since = re.fullmatch(r"UID (\d+):\*", key)
        if since:  # the last mail is always among them
            found = [u for u in found if u >= int(since.group(1))] or found[-1:]
        self.say("* SEARCH " + " ".join(map(str, found)) + "\r\n")
        self.ok()

    def fetch(self, command):
        what = re.fullmatch(r"([\d,:]+) \(UID (RFC822\.SIZE|INTERNALDATE BODY\.PEEK\[\]<0\.(\d+)>)\)", command)
        if not what:
            self.peer.harm.append(command)
            return self.say(f"{self.tag} BAD unheard of\r\n")
        for uid in self.uids(what.group(1)):
            message = self.folder.mails.get(uid)
            if message is not None:
                self.say(self.item(uid, message, what.group(3)))
        self.ok()

    @staticmethod
    def uids(text):
        for part in text.split(","):
            first, _, last = part.partition(":")
            yield from range(int(first), int(last or first) + 1)

    @staticmethod
    def item(uid, message, most):
        if most is None:
            return f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(message)})\r\n".encode()
        message = message[:int(most)]
        return (f'* {uid} FETCH (UID {uid} INTERNALDATE "01-Sep-2026 08:00:01 +0200" BODY[]<0> {{{len(message)}}}\r\n'
                .encode() + message + b")\r\n")
