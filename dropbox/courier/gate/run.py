"""Runs `dropbox courier gate` until it is stopped.

Rule: it starts only where nobody but its user and the group of its folder can reach the socket, and nobody but its
user can replace it.
"""

import contextlib
import os
import pwd
import signal
import socket
import stat
import sys
from pathlib import Path
from typing import Final

from dropbox.courier.gate.broker import Broker
from dropbox.courier.gate.server import Server
from dropbox.courier.gate.spool import Spool
from dropbox.disk.private import guard_process
from dropbox.disk.terminal import say
from dropbox.errors import ConfigurationError
from dropbox.published import trust
from dropbox.sentences.catalogue import Sentence
from dropbox.settings.installation import Settings
from dropbox.store.database import Store

_TRIAL_SECONDS: Final = 10
_CONNECT: Final = 0o666  # who may enter the folder may connect; SO_PEERCRED decides


def run(settings: Settings) -> int:
    """Serve until SIGTERM or Ctrl-C; returns 0.

    Raises:
        ConfigurationError: the settings name no socket or an unknown user, others may enter a folder, a gate runs at
            the socket already, or the store or the root key is not there.
    """
    path = settings.courier.socket
    if path is None:
        raise ConfigurationError("gate.no-socket")
    guard_process()
    users = frozenset(_number(user) for user in settings.courier.users)
    broker = Broker(settings, trust.pinned_root(settings.root_pub), Spool(settings.courier.spool))
    Store.open(settings.database).close()  # refuses at the start what each request would refuse
    _make_way(path)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        server = Server(path, broker, users)
    except OSError as error:
        raise ConfigurationError("gate.no-folder", path=path, system=error.errno) from None
    with server:
        path.chmod(_CONNECT)
        say(Sentence("gate.ready"))
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return 0
        finally:
            path.unlink(missing_ok=True)
            broker.spool.close()
    return 0


def _number(user: str) -> int:
    try:
        return pwd.getpwnam(user).pw_uid
    except KeyError:
        raise ConfigurationError("gate.unknown-user", name=user) from None


def _make_way(path: Path) -> None:
    """Check the socket's folder, and remove a socket that a killed gate left there."""
    try:
        folder = path.parent.stat()
        if folder.st_uid != os.geteuid() or folder.st_mode & (stat.S_IWGRP | stat.S_IRWXO):
            raise ConfigurationError("gate.open-folder", path=path.parent)
    except OSError as error:
        raise ConfigurationError("gate.no-folder", path=path.parent, system=error.errno) from None
    with contextlib.suppress(FileNotFoundError):
        if not stat.S_ISSOCK(path.lstat().st_mode):
            raise ConfigurationError("gate.not-socket", path=path)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as trial:
            trial.settimeout(_TRIAL_SECONDS)
            try:
                trial.connect(os.fspath(path))
            except ConnectionRefusedError:
                path.unlink()
                return
            except OSError:  # a queue that is full: somebody listens, and does not answer
                pass
            raise ConfigurationError("gate.runs-already", path=path)
