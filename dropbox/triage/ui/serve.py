"""Runs `dropbox triage serve`: the desk on loopback, for one browser.

Rule: it listens only on 127.0.0.1, which no option changes, and writes no log of requests. A slow client can hold a
connection, never a thread that locking might need.
"""

import sys
from pathlib import Path
from typing import Any, Final

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.http.errors import ParseException

from dropbox.errors import NotFoundError
from dropbox.serving import worker
from dropbox.settings.installation import Settings
from dropbox.triage.ui.app import create_app
from dropbox.triage.ui.guard import HEADERS
from dropbox.triage.ui.session import ROOM, Desk
from dropbox.triage.vault.officer import is_vault

HOST: Final = "127.0.0.1"
_THREADS: Final = ROOM + 4  # four stay free for locking and the page's clock, however many wait for the vault
_TIMEOUT_SECONDS: Final = 600  # of the worker's heartbeat; an import of gigabytes must not be killed


class _QuietLogger(Logger):  # type: ignore[misc]
    """gunicorn's log without stack traces: an error's text may quote request data."""

    def exception(self, *_: object, **__: object) -> None:
        """Log only the type of the error."""
        kind = sys.exc_info()[0]
        self.error_log.error("desk: server error: %s", kind.__name__ if kind else "?")


class _Worker(worker.Worker):
    """The one process, in which the vault is open."""

    threads_may_wait = True  # a form with scans takes long; every connection has its deadlines

    def refusal(self, error: BaseException) -> bytes:
        """Return a minimal answer: a client that does not send valid HTTP is not the desk's browser."""
        status = "400 Bad Request" if isinstance(error, ParseException) else "500 Internal Server Error"
        lines = (status, *(f"{name}: {value}" for name, value in HEADERS), "Content-Length: 0", "Connection: close")
        return ("HTTP/1.1 " + "\r\n".join(lines) + "\r\n\r\n").encode("ascii")


class _Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with one process, in which the vault is open, configured only here."""

    def __init__(self, desk: Desk, options: dict[str, Any]) -> None:
        self._desk, self._options = desk, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> object:
        """Return the application, in the worker."""
        self._desk.watch()
        return create_app(self._desk)


def serve(settings: Settings, folder: Path, port: int) -> None:
    """Serve until stopped, and print the one-time start link; raises NotFoundError if there is no vault."""
    if not is_vault(folder.resolve()):
        raise NotFoundError("vault.missing")
    desk = Desk(settings, folder)
    sys.stdout.write(f"http://{HOST}:{port}{desk.start_path}\n")
    sys.stdout.flush()
    _Server(
        desk,
        {
            "bind": f"{HOST}:{port}",
            "worker_class": _Worker,
            "logger_class": _QuietLogger,
            "workers": 1,
            "threads": _THREADS,
            "timeout": _TIMEOUT_SECONDS,
            "control_socket_disable": True,
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "warning",
            "proc_name": "dropbox-desk",
            "umask": 0o077,
            "worker_exit": lambda _server, _worker: desk.close("end"),
        },
    ).run()
