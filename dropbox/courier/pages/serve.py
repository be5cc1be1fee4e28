"""Runs `dropbox courier serve`: the courier's page on loopback, as a user of its own.

Rule: it listens only on 127.0.0.1, which no option changes (an onion service leads there), and writes no log of
requests. Sessions and allowances are in the memory of one process.
"""

import os
from pathlib import Path
from typing import Final

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
from dropbox.serving.headers import bare_refusal
from dropbox.serving.quiet import Server
from dropbox.settings import installation

HOST: Final = "127.0.0.1"
_THREADS: Final = 24  # downloads, uploads and attempts to log in take at most 4 + 2 + 8 of them
_TIMEOUT_SECONDS: Final = 120  # of the worker's heartbeat, which its loop gives
_GRACEFUL_SECONDS: Final = 30
_KEEPALIVE_SECONDS: Final = 15  # also for a connection's first byte: over Tor it comes a round trip later


class Worker(worker.Worker):
    """The one process of the page."""

    threads_may_wait = True  # for a return over a slow line; every connection has its deadlines
    threads_may_send = True  # an export is larger than memory

    def refusal(self, error: BaseException) -> bytes:
        """Return an answer that has the headers alone."""
        return bare_refusal(error, HEADERS)


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
    app = create_app(place)
    Server(
        lambda: app,
        {
            "bind": f"{HOST}:{port}",
            "worker_class": Worker,
            "workers": 1,
            "threads": _THREADS,
            "timeout": _TIMEOUT_SECONDS,
            "graceful_timeout": _GRACEFUL_SECONDS,
            "keepalive": _KEEPALIVE_SECONDS,
            "proc_name": "dropbox-courier",
        },
    ).run()
