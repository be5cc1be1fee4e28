"""Answers /health to this machine's own monitor: whether the running server can store a report and seal it.

Rule: only requests of the Unix socket `server.health` get this answer, and they get nothing of the site. Tor and a
proxy connect from loopback and pass on whatever Host a visitor wrote, so no header or address distinguishes a visitor
from the administrator; on every address of the site /health is a page that does not exist. No answer is about reports.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final
from wsgiref.types import StartResponse, WSGIEnvironment

from dropbox.serving.connection import PEER
from dropbox.web.http.headers import Application

PATH: Final = "/health"
PROCESS: Final = "/process"
WELL: Final = "ok"
STORE: Final = "store"
KEYS: Final = "keys"


class Health:
    """WSGI middleware: requests of the monitor's socket end here, all others go on."""

    def __init__(
        self, application: Application, path: Path, condition: Callable[[], str], describe: Callable[[], str]
    ) -> None:
        """Guard the site.

        Args:
            application: the site.
            path: of the monitor's socket.
            condition: returns WELL, STORE (the store cannot be read) or KEYS (no desk is open).
            describe: returns a line about this process, for PROCESS.
        """
        self._application, self._socket = application, str(path)
        self._condition, self._describe = condition, describe

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer the monitor, or pass the request on."""
        peer = environ.get(PEER)
        if getattr(peer, "server", None) != self._socket:  # that of a TCP socket is (host, port)
            return self._application(environ, start_response)
        status, word = self._answer(environ)
        body = f"{word}\n".encode("ascii")
        start_response(status, [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
        return [body]

    def _answer(self, environ: WSGIEnvironment) -> tuple[str, str]:
        path = environ["PATH_INFO"] if environ["REQUEST_METHOD"] == "GET" else ""
        if path == PROCESS:
            return "200 OK", self._describe()
        if path != PATH:
            return "404 Not Found", "unknown"
        condition = self._condition()
        return ("200 OK" if condition == WELL else "503 Service Unavailable"), condition
