"""Runs `dropbox triage serve`: the desk on loopback, for one browser.

Rule: it listens only on 127.0.0.1, which no option changes, and writes no log of requests. A slow client can hold a
connection, never a thread that locking might need.
"""

import sys
from pathlib import Path
from typing import Final

from flask import Flask

from dropbox.errors import NotFoundError
from dropbox.serving import worker
from dropbox.serving.headers import bare_refusal
from dropbox.serving.quiet import Server
from dropbox.settings.installation import Settings
from dropbox.triage.ui.app import create_app
from dropbox.triage.ui.guard import HEADERS
from dropbox.triage.ui.session import ROOM, Desk
from dropbox.triage.vault.officer import is_vault

HOST: Final = "127.0.0.1"
_THREADS: Final = ROOM + 4  # four stay free for locking and the page's clock, however many wait for the vault
_TIMEOUT_SECONDS: Final = 600  # of the worker's heartbeat; an import of gigabytes must not be killed


class _Worker(worker.Worker):
    """The one process, in which the vault is open."""

    threads_may_wait = True  # a form with scans takes long; every connection has its deadlines

    def refusal(self, error: BaseException) -> bytes:
        """Return an answer that has the headers alone."""
        return bare_refusal(error, HEADERS)


def serve(settings: Settings, folder: Path, port: int) -> None:
    """Serve until stopped, and print the one-time start link; raises NotFoundError if there is no vault."""
    if not is_vault(folder.resolve()):
        raise NotFoundError("vault.missing")
    desk = Desk(settings, folder)
    sys.stdout.write(f"http://{HOST}:{port}{desk.start_path}\n")
    sys.stdout.flush()

    def load() -> Flask:
        desk.watch()
        return create_app(desk)

    Server(
        load,
        {
            "bind": f"{HOST}:{port}",
            "worker_class": _Worker,
            "workers": 1,
            "threads": _THREADS,
            "timeout": _TIMEOUT_SECONDS,
            "proc_name": "dropbox-desk",
            "worker_exit": lambda _server, _worker: desk.close("end"),
        },
    ).run()
