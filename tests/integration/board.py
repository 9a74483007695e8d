"""A source of a story: a feed, or with `connector: board` a list of posts with id, text, name, handle, url and bio of
the author, and with `at` (a time, RECENTLY, or "40 DAYS AGO"), `reply_to`, `thread`, `mentions` and `link`."""
import json
import time

from peer import Answer, Peer, rss
from tap import equal, wait_for

BOARD = """
id: board
about: a board
every: 1m
vars: { server: { type: url, about: the server, required: true, example: "https://board.example" } }
request: { url: "{server}/feed" }
items: { pointer: "" }
map:
  external_id: /id
  text: /text
  url: /link
  published: /at
  in_reply_to: /reply_to
  thread: /thread
  mentions: /mentions/*
  author.handle: /handle
  author.display_name: /name
  author.profile_url: /url
  author.bio: /bio
"""


class Source:
    def __init__(self, name, parts):
        self.name, self.peer, self.board = name, Peer(), parts.get("connector") == "board"
        self.made = time.time()
        self.recently = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.made - 3600))
        self.publish(parts.get("before", []))

    def publish(self, items):
        items = [{**i, "id": str(i["id"])} for i in items]
        for item in items:
            if item.get("at") == "RECENTLY":
                item["at"] = self.recently
            elif item.get("at", "").endswith(" DAYS AGO"):
                item["at"] = time.strftime("%Y-%m-%dT%H:%M:%SZ",
                                           time.gmtime(self.made - int(item["at"].split()[0]) * 86400))
        self.peer.script("/feed", Answer(json.dumps(items), type="application/json") if self.board
                         else Answer(rss(items, title=self.name)))

    def config(self):
        if self.board:
            return {"name": self.name, "connector": "board", "vars": {"server": self.peer.url("")}}
        return {"name": self.name, "url": self.peer.url("/feed")}


def bring_in(hark, imports):
    for kind, parts in imports.items():
        hark.write(kind + ".import.csv", parts["csv"])
        done = hark.run("import", kind, kind + ".import.csv", "--yes", *parts.get("options", []))
        equal(done.returncode, 0, done.stdout + done.stderr)


def poll_now(hark, sources):
    """They need not wait until they are due."""
    for source in sources:
        equal(hark.ask_daemon({"do": "poll", "source": source.name}).get("ok"), True, source.name)


def read_to_the_end(hark, sources):
    """Waits until what they say now is stored: a source's second poll from now on begins when its first has ended."""
    seen = [source.peer.count() for source in sources]
    for n in (1, 2):
        poll_now(hark, sources)
        for source, before in zip(sources, seen):
            wait_for("one more poll", lambda: source.peer.count() >= before + n)
