"""Runs `dropbox serve`: gunicorn with our worker, because a slow upload must neither be killed nor block others.

Rule: no access log; the error log holds places and types, no addresses and no input. Nothing is written but the store.
"""

import gc
import logging
import os
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from flask import Flask

from dropbox.errors import ConfigurationError
from dropbox.limits import CONNECTIONS, THREADS, WORKERS
from dropbox.process import forbid_core_dumps
from dropbox.published.ends import key_ends
from dropbox.sentences.catalogue import Sentence, in_spoken_language, words_of
from dropbox.sentences.parser import PORT_MAX, Parser, between
from dropbox.serving.quiet import Server
from dropbox.settings.installation import Settings, load
from dropbox.settings.version import program_version
from dropbox.web import housekeeping
from dropbox.web.app import create_app, make_pages
from dropbox.web.base.log import hold_back
from dropbox.web.base.site import Site
from dropbox.web.base.templates import compile_all
from dropbox.web.base.view import TEMPLATES
from dropbox.web.checks.startup import open_site
from dropbox.web.http.worker import QuietLogger, Worker
from dropbox.wire.calendar import date_of

_WORKER_TIMEOUT_SECONDS: Final = 120  # of a worker's own heartbeat, which its loop gives
_GRACEFUL_SECONDS: Final = 30
_PROCESSES_MAX: Final = 1000  # workers, and threads of each: more is a slip of the hand
_OTHER_FILES: Final = 100  # descriptors of a worker that are no connections: store, log, loop
_KEEPALIVE_SECONDS: Final = 15  # also for a connection's first byte: over Tor it comes a round trip later


def _monitor(settings: Settings) -> Iterator[str]:
    """Yield the monitor's socket, if the settings have one; raises ConfigurationError if it cannot be made."""
    if path := settings.health:
        if not path.parent.is_dir() or (path.exists() and not path.is_socket()):
            raise ConfigurationError("settings.health-folder")
        yield f"unix:{path}"


def _started(site: Site, port: int) -> Sentence:
    """Return what starts; nothing in it is a secret, and nothing is about reports."""
    settings = site.settings
    last = key_ends(site.store, site.anchor, site.utc_day()).until()
    return Sentence(
        "server.started",
        version=program_version() or "?",
        port=port,
        addresses=", ".join(filter(None, (settings.address, settings.onion))) or "-",
        day=date_of(last) if last else "-",
        database="SQLite" if site.store.connections.path else "PostgreSQL",
    )


def _say(sentence: str) -> None:
    print(f"dropbox: {in_spoken_language(sentence)}", file=sys.stderr)


def run(argv: list[str]) -> int:
    """Serve until stopped; raises ConfigurationError instead of guessing."""
    parser = Parser(prog="dropbox serve", description=words_of("help.serve-about"))
    parser.add_argument("--config", type=Path, help=words_of("help.serve-config"))
    parser.add_argument("--host", default="127.0.0.1", help=words_of("help.serve-host"))
    parser.add_argument("--port", type=between(0, PORT_MAX), default=8000, help=words_of("help.port"))
    parser.add_argument("--workers", type=between(1, _PROCESSES_MAX), default=WORKERS, help=words_of("help.workers"))
    parser.add_argument("--threads", type=between(1, _PROCESSES_MAX), default=THREADS, help=words_of("help.threads"))
    arguments = parser.parse_args(argv)
    os.umask(0o077)
    forbid_core_dumps()  # one would hold what is being sealed
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    settings = load(arguments.config)
    site = open_site(settings, arguments.host, _say)  # refuse before a worker is born
    _say(_started(site, arguments.port))
    app = create_app(site)
    compile_all(app.extensions[TEMPLATES])
    site.store.close()  # no connection may pass into another process
    gc.collect()
    gc.freeze()  # what all processes share stays shared: the collector would write into it

    def serve() -> Flask:
        """In each worker: its own thread of housekeeping; its connections to the store open when it needs them."""
        hold_back(logging.getLogger("gunicorn.error"))
        housekeeping.start(site, lambda: make_pages(app, site))
        return app

    Server(
        serve,
        {
            "bind": [f"{arguments.host}:{arguments.port}", *_monitor(settings)],
            "worker_class": Worker,
            "logger_class": QuietLogger,
            "workers": arguments.workers,
            "threads": arguments.threads,
            "worker_connections": max(1, min(CONNECTIONS, most - _OTHER_FILES)),
            "timeout": _WORKER_TIMEOUT_SECONDS,
            "graceful_timeout": _GRACEFUL_SECONDS,
            "keepalive": _KEEPALIVE_SECONDS,
            "proc_name": "dropbox",
        },
    ).run()
    return 0
