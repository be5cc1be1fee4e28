"""`dropbox triage serve`: the desk on loopback, for one browser.

Rule: it listens on 127.0.0.1 alone and cannot be told otherwise; it writes no log of requests.
"""

import sys
from pathlib import Path
from typing import Any, Final

from gunicorn.app.base import BaseApplication

from dropbox.errors import NotFoundError
from dropbox.settings import Settings
from dropbox.triage.desk.app import create_app
from dropbox.triage.desk.session import ROOM, Desk
from dropbox.triage.officer import is_vault

HOST: Final = "127.0.0.1"
_THREADS: Final = ROOM + 4  # so many are left for the lock and the page's clock, whatever waits for the vault
_TIMEOUT_SECONDS: Final = 600  # of the worker's heartbeat: an import of gigabytes must not be killed


class _Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with one process, in which the vault is open, configured here and nowhere else."""

    def __init__(self, desk: Desk, options: dict[str, Any]) -> None:
        self._desk, self._options = desk, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> object:
        """In the one worker."""
        self._desk.watch()
        return create_app(self._desk)


def serve(settings: Settings, folder: Path, port: int) -> None:
    """Serve until stopped; prints the one-time start link. Raises NotFoundError when there is no vault."""
    if not is_vault(folder.resolve()):
        raise NotFoundError("there is no vault in this folder: make one with `dropbox triage init`")
    desk = Desk(settings, folder)
    sys.stdout.write(f"http://{HOST}:{port}{desk.start_path}\n")
    sys.stdout.flush()
    _Server(
        desk,
        {
            "bind": f"{HOST}:{port}",
            "worker_class": "gthread",
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
