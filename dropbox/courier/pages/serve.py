"""Runs `dropbox courier serve`: the courier's page on loopback, as a user of its own.

Rule: it listens only on 127.0.0.1, which no option changes (an onion service leads there), and writes no log of
requests. Sessions and allowances are in the memory of one process.
"""

import os
import sys
from pathlib import Path
from typing import Any, Final

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.http.errors import ParseException

from dropbox.courier.gate.client import Gate
from dropbox.courier.pages.accounts import Accounts
from dropbox.courier.pages.app import create_app
from dropbox.courier.pages.door import Door
from dropbox.courier.pages.guard import HEADERS
from dropbox.courier.pages.view import Place
from dropbox.disk.private import guard_process
from dropbox.disk.terminal import say
from dropbox.errors import ConfigurationError
from dropbox.sentences.catalogue import Sentence
from dropbox.serving import worker
from dropbox.settings import installation

HOST: Final = "127.0.0.1"
_THREADS: Final = 24  # downloads, uploads and attempts to log in take at most 4 + 2 + 8 of them
_TIMEOUT_SECONDS: Final = 120  # of the worker's heartbeat, which its loop gives
_GRACEFUL_SECONDS: Final = 30
_KEEPALIVE_SECONDS: Final = 15  # also for a connection's first byte: over Tor it comes a round trip later


class _QuietLogger(Logger):  # type: ignore[misc]
    """gunicorn's log without stack traces: an error's text may quote request data."""

    def exception(self, *_: object, **__: object) -> None:
        """Log only the type of the error; that a client went away or reads too slowly is none."""
        kind = sys.exc_info()[0]
        if kind and issubclass(kind, ConnectionError | TimeoutError):
            return
        self.error_log.error("courier: server error: %s", kind.__name__ if kind else "?")


class Worker(worker.Worker):
    """The one process of the page."""

    threads_may_wait = True  # for a return over a slow line; every connection has its deadlines
    threads_may_send = True  # an export is larger than memory

    def refusal(self, error: BaseException) -> bytes:
        """Return a minimal answer: a client that does not send valid HTTP is no browser."""
        status = "400 Bad Request" if isinstance(error, ParseException) else "500 Internal Server Error"
        lines = (status, *(f"{name}: {value}" for name, value in HEADERS), "Content-Length: 0", "Connection: close")
        return ("HTTP/1.1 " + "\r\n".join(lines) + "\r\n\r\n").encode("ascii")


class _Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with one process, configured only here."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self._app, self._options = app, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> object:
        """Return the application, in the worker."""
        return self._app


def serve(config: Path | None, port: int) -> None:
    """Serve until stopped; raises ConfigurationError instead of guessing."""
    guard_process()
    settings = installation.load(config)
    if os.geteuid() == 0 and "root-user" not in settings.accept:
        raise ConfigurationError("courier-page.root-user")
    accounts = Accounts(settings.courier_page.folder)
    if not accounts.names():
        say(Sentence("courier-page.no-accounts"))
    place = Place(settings, Door(accounts), Gate(settings.courier_page.gate))
    _Server(
        create_app(place),
        {
            "bind": f"{HOST}:{port}",
            "worker_class": Worker,
            "logger_class": _QuietLogger,
            "workers": 1,
            "threads": _THREADS,
            "timeout": _TIMEOUT_SECONDS,
            "graceful_timeout": _GRACEFUL_SECONDS,
            "keepalive": _KEEPALIVE_SECONDS,
            "forwarded_allow_ips": "",  # nobody is our proxy
            "forwarder_headers": "",
            "secure_scheme_headers": {},
            "control_socket_disable": True,  # it would lie in the home folder and take commands
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "warning",
            "proc_name": "dropbox-courier",
            "umask": 0o077,
        },
    ).run()
