"""Looks at the running server: its answers to its monitor, and its user.

Rule: the kernel says as whom the process at the socket runs. The rest is the server's own word: another process may not
see its environment and its sockets where services are kept apart from each other.
"""

import re
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dropbox.courier.gate.peer import peer_user
from dropbox.limits import HEALTH_SECONDS
from dropbox.sentences.catalogue import Sentence

_ANSWER: Final = re.compile(rb"HTTP/1\.1 \d{3} .*?\r\n\r\n([ -~]{1,2000})\n\Z", re.DOTALL)
_WORD: Final = re.compile(r"[a-z]{1,20}")
_PROCESS: Final = re.compile(r"debug=(yes|no) core=(yes|no) listens=(\?|[0-9a-f.:,]+)")
_ANSWER_MAX_BYTES: Final = 8192


@dataclass(frozen=True)
class Running:
    """The running server; None for what it does not say.

    Attributes:
        answer: the word at its monitor's socket; empty for none that is understood.
        user: number of the user as whom it runs.
        dumps_core: whether a crash may write its memory to a disk.
        is_debugged: whether it prints tracebacks, which may hold input.
        addresses: on which it accepts connections.
    """

    answer: str
    user: int
    dumps_core: bool | None
    is_debugged: bool | None
    addresses: tuple[str, ...] | None


def look(path: Path | None) -> Running | Sentence | None:
    """Ask the running server.

    Args:
        path: the monitor's socket of the settings.

    Returns:
        What it says; None if nothing accepts a connection there; a sentence if it could not be asked.
    """
    if path is None:
        return Sentence("unseen.no-socket")
    try:
        word, user = _ask(path, "/health")
        process, _ = _ask(path, "/process")
    except PermissionError:
        return Sentence("unseen.other-user")
    except OSError:
        return None
    match = _PROCESS.fullmatch(process)
    answer = word if _WORD.fullmatch(word) else ""
    if match is None:
        return Running(answer, user, None, None, None)
    debug, core, listens = match.groups()
    addresses = None if listens == "?" else tuple(listens.split(","))
    return Running(answer, user, core == "yes", debug == "yes", addresses)


def _ask(path: Path, page: str) -> tuple[str, int]:
    """Return (the body of an answer, empty if it is not understood; the user who answers); raises OSError."""
    with socket.socket(socket.AF_UNIX) as asked:
        asked.settimeout(HEALTH_SECONDS)
        asked.connect(str(path))
        user = peer_user(asked)
        answer = b""
        try:
            asked.sendall(f"GET {page} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode("ascii"))
            while len(answer) < _ANSWER_MAX_BYTES and (piece := asked.recv(_ANSWER_MAX_BYTES)):
                answer += piece
        except TimeoutError:
            return "", user
        match = _ANSWER.match(answer)
        return (match[1].decode("ascii") if match else ""), user
