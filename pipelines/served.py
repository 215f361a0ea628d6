"""A folder of report pages in; a server on 127.0.0.1 out that shows them, says what is wrong, and has them shown anew.

The published pages forbid every script and connection. What is served here is a variant of them that may run one script
of this server and listen to it; the files in the folder stay as they are.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import threading
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from analysis.report.csv_tables import FOLDER

SCRIPT = """(() => {
  const { page, version } = document.currentScript.dataset, strip = document.createElement("p");
  strip.setAttribute("role", "status");
  strip.style.cssText = "position:fixed;inset:auto 0 0 0;margin:0;padding:.4rem 1rem;z-index:9;background:#1d2730;" +
    "color:#fff;font:.875rem/1.4 system-ui,sans-serif";
  document.body.append(strip);
  const say = words => { strip.textContent = words; strip.hidden = !words; };
  let line = null;
  const listen = () => {
    if (line || document.hidden) return;
    line = new EventSource(`/-/events?page=${page}&version=${version}`);
    line.addEventListener("doing", event => say(event.data));
    line.addEventListener("reload", () => location.reload());
    line.onerror = () => {
      say("the watch has ended, or starts again");
      if (line.readyState === 2) { line = null; setTimeout(listen, 1000); }
    };
  };
  // A browser keeps six connections to one place: a page that nobody sees holds none, and looks again when it is seen.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && line) { line.close(); line = null; }
    listen();
  });
  say("");
  listen();
})();
"""
POLICY = re.compile(r'(<meta http-equiv="Content-Security-Policy" content="[^"]*)"')
ALLOWED = "; script-src 'self'; connect-src 'self'"
PAGE = re.compile(r"/([\w-][\w.-]*)\.html")
TABLE = re.compile(rf"/{FOLDER}/[\w-][\w.-]*\.(?:csv|rtf)")
ALL = "*"  # the problem of every page
ALERT = ("position: sticky; top: 0; z-index: 8; max-height: 60vh; overflow: auto; padding: 1rem 2rem; "
         "border-bottom: 4px solid currentColor; background: var(--warn-paper, #fff3df); color: var(--warn, #7a3e00)")
BEAT = 15  # seconds after which a line is sent to a browser that may have gone
NOT_YET = """<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self' 'unsafe-inline'">
<title>Not made yet</title><link rel="icon" href="data:,"><link rel="stylesheet" href="style.css"></head>
<body><main style="padding: 2rem"><h1>This page has not been made yet</h1></main></body></html>
"""


class Served(ThreadingHTTPServer):
    """
    Serves the pages of `folder` until it is closed.

    A browser that shows a page is told to load it again as soon as what it would get differs from what it has.
    """

    daemon_threads = True

    def __init__(self, folder: Path, port: int):
        super().__init__(("127.0.0.1", port), Handler)
        self.folder = folder
        self.news = threading.Condition()
        self.doing, self.problems = "", {}
        self.opened: list[str] = []  # pages that browsers listen for, the latest first
        self.ended = False
        self._thread = threading.Thread(target=self.serve_forever, args=(0.1,), daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"

    def close(self) -> None:
        """Ends the server and the lines to browsers."""
        with self.news:
            self.ended = True
            self.news.notify_all()
        self.shutdown()
        self.server_close()

    # ---------------------------------------------------------------------------------------------- what is told to it

    def say(self, doing: str) -> None:
        """What is being done, for the strip at the foot of every page."""
        with self.news:
            self.doing = doing
            self.news.notify_all()

    def found(self, page: str, problem: str | None) -> None:
        """A page is as it should be, or what is wrong with it; browsers that show it load it again."""
        with self.news:
            self.problems.pop(page, None)
            if problem:
                self.problems[page] = problem
            self.news.notify_all()

    def keep(self, pages: list[str]) -> None:
        """All went through: problems of all pages and of pages that are no more are over."""
        with self.news:
            self.problems = {page: problem for page, problem in self.problems.items() if page in pages}
            self.news.notify_all()

    # ---------------------------------------------------------------------------------------------- what it shows

    def words(self) -> str:
        """What is being done, or which pages could not be made."""
        failed = sorted(page for page in self.problems if page != ALL)
        return self.doing or (f"could not be made: {', '.join(failed)}" if failed else "")

    def variant(self, page: str) -> tuple[str, str]:
        """The page as it is served, and the version of it: what a browser compares with what it has."""
        html = _read(self.folder / f"{page}.html") or NOT_YET
        problem = "".join(_problem(name, self.problems[name], html is not NOT_YET)
                          for name in (ALL, page) if name in self.problems)
        version = hashlib.sha256(f"{html}{problem}{_read(self.folder / 'style.css')}".encode()).hexdigest()[:16]
        script = f'<script src="/-/watch.js" data-page="{page}" data-version="{version}" defer></script>\n</head>'
        html = POLICY.sub(rf'\1{ALLOWED}"', html, count=1).replace("</head>", script, 1)
        return re.sub(r"<body[^>]*>", lambda body: body.group() + problem, html, count=1), version


class Handler(BaseHTTPRequestHandler):
    """Answers a browser on this machine."""

    server: Served

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        # A page elsewhere whose name has been made to lead here would send its own name.
        if self.headers.get("Host") not in (f"{host}:{self.server.server_port}" for host in ("127.0.0.1", "localhost")):
            self.send_error(HTTPStatus.FORBIDDEN)
        elif asked.path == "/-/watch.js":
            self._send(SCRIPT, "text/javascript")
        elif asked.path == "/-/events":
            said = parse_qs(asked.query)
            self._events(said.get("page", [""])[0], said.get("version", [""])[0])
        elif asked.path == "/style.css":
            self._send(_read(self.server.folder / "style.css"), "text/css")
        elif TABLE.fullmatch(asked.path):
            self._send(_read(self.server.folder / asked.path[1:]),
                       "application/rtf" if asked.path.endswith(".rtf") else "text/csv")
        elif asked.path == "/" or PAGE.fullmatch(asked.path):
            page = "index" if asked.path == "/" else PAGE.fullmatch(asked.path).group(1)
            with self.server.news:
                html, _ = self.server.variant(page)
            self._send(html, "text/html")
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def _send(self, text: str, kind: str) -> None:
        content = text.encode()
        self._head(kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _head(self, kind: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        for name, value in (("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"),
                            ("Cross-Origin-Resource-Policy", "same-origin")):
            self.send_header(name, value)

    def _events(self, page: str, version: str) -> None:
        """Tells what is being done as long as the browser has the page as it is; then, once, to load it again."""
        if not PAGE.fullmatch(f"/{page}.html"):
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self._head("text/event-stream")
        self.end_headers()
        with self.server.news:
            self.server.opened.insert(0, page)
        with contextlib.suppress(ConnectionError):
            self._tell("retry: 500\n\n")
            self._follow(page, version)
        with self.server.news:
            self.server.opened.remove(page)

    def _follow(self, page: str, version: str) -> None:
        said = None
        while not self.server.ended:
            with self.server.news:
                words, now = self.server.words(), self.server.variant(page)[1]
                if (words, now) == (said, version):
                    self.server.news.wait(BEAT)
                    words, now = self.server.words(), self.server.variant(page)[1]
            if self.server.ended:
                return
            if now != version:
                self._tell("event: reload\ndata: now\n\n")
                return
            self._tell(f"event: doing\ndata: {words}\n\n" if words != said else ": still here\n\n")
            said = words

    def _tell(self, words: str) -> None:
        self.wfile.write(words.encode())
        self.wfile.flush()

    def log_message(self, *words: object) -> None:
        """Nothing: the terminal tells of pages that were made, not of pages that were looked at."""


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""


def _problem(name: str, words: str, kept: bool) -> str:
    """What is wrong, above the page as it was before."""
    title = "The report could not be made" if name == ALL else f"{name} could not be made"
    below = "<p>Below is the page as it was before.</p>" if kept else ""
    return (f'<section role="alert" style="{ALERT}"><h2 style="margin: 0">{escape(title)}</h2>'
            f'<pre style="white-space: pre-wrap">{escape(words)}</pre>{below}</section>')
