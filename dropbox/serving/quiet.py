"""Runs gunicorn without a log of requests and without a way to command it.

Rule: what keeps addresses, input and clocks out of logs is set here for every program with pages; a program chooses
only where it listens and how much it serves at once.
"""

import sys
from collections.abc import Callable
from typing import Any, Final

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

_OPTIONS: Final[dict[str, Any]] = {
    "forwarded_allow_ips": "",  # nobody is our proxy: peers are Tor, nginx, browsers and strangers, all from 127.0.0.1
    "forwarder_headers": "",
    "secure_scheme_headers": {},
    "control_socket_disable": True,  # it would be in the home folder and take commands
    "accesslog": None,
    "errorlog": "-",
    "loglevel": "warning",
    "umask": 0o077,
}


class QuietLogger(Logger):  # type: ignore[misc]
    """gunicorn's log without stack traces: an error's text may quote request data."""

    def exception(self, *_: object, **__: object) -> None:
        """Log only the type of the error; a client that went away or reads too slowly is no error."""
        kind = sys.exc_info()[0]
        if kind and issubclass(kind, ConnectionError | TimeoutError):
            return
        self.error_log.error("%s: server error: %s", self.cfg.proc_name, kind.__name__ if kind else "?")


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn, configured by its caller and by no file, variable or argument.

    Args:
        load: returns the WSGI application; called in each worker.
        options: of gunicorn, besides those above.
    """

    def __init__(self, load: Callable[[], object], options: dict[str, Any]) -> None:
        self._load, self._options = load, {"logger_class": QuietLogger} | _OPTIONS | options
        super().__init__()

    def load_config(self) -> None:
        """Set the options."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> object:
        """Return the application, in the worker."""
        return self._load()
