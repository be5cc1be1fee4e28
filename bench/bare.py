"""Serves the reference: a bare Flask view that stores 16 KiB with one durable commit, under the same gunicorn settings.

Run as `python bench/bare.py PORT DATABASE`.
"""

import os
import sqlite3
import sys
import threading
from typing import Any

from flask import Flask, request
from gunicorn.app.base import BaseApplication

from dropbox.limits import SQLITE_BUSY_MS, THREADS, WORKERS

CELL_BYTES = 16 * 1024


def make_app(database: str) -> Flask:
    """Return an application with one view: read the body, store 16 KiB, commit (WAL, synchronous=FULL), answer."""
    app = Flask("bare")
    local = threading.local()
    turn = threading.Lock()  # writers of a process queue, as in the product: SQLite's own waiting starves some

    def connection() -> sqlite3.Connection:
        if not hasattr(local, "connection"):
            local.connection = sqlite3.connect(database, timeout=SQLITE_BUSY_MS / 1000, isolation_level=None)
            local.connection.execute("PRAGMA journal_mode=WAL")
            local.connection.execute("PRAGMA synchronous=FULL")
        held: sqlite3.Connection = local.connection
        return held

    @app.post("/")
    def store() -> str:
        request.get_data()
        with turn:
            row = (os.urandom(16), os.urandom(CELL_BYTES))
            connection().execute("INSERT INTO cell (id, data) VALUES (?, ?)", row)
        return "stored"

    @app.get("/")
    def home() -> str:
        return "ready"

    return app


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, port: int, database: str) -> None:
        self._port = port
        self._database = database
        super().__init__()

    def load_config(self) -> None:
        """The settings of `dropbox serve`, but gunicorn's own worker class."""
        options: dict[str, Any] = {
            "bind": f"127.0.0.1:{self._port}",
            "worker_class": "gthread",
            "workers": WORKERS,
            "threads": THREADS,
            "keepalive": 15,
            "accesslog": None,
            "loglevel": "warning",
            "control_socket_disable": True,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return the application, in each worker."""
        return make_app(self._database)


def main() -> None:
    """Make the table and serve."""
    port, database = int(sys.argv[1]), sys.argv[2]
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE IF NOT EXISTS cell (id BLOB PRIMARY KEY, data BLOB) WITHOUT ROWID")
    _Server(port, database).run()


if __name__ == "__main__":
    main()
