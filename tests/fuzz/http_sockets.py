"""Sends requests byte by byte as they are, and looks at the processes that answer.

Rule: a request is answered, or its connection is closed, within PATIENCE_SECONDS; else it hangs.
"""

import contextlib
import http.client
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

from tests.fuzz.http_places import PAGE_MAX, Answered, Ask
from tests.fuzz.http_requests import Asked
from tests.support.server import children_of

PATIENCE_SECONDS = 120.0  # on a machine that does other things as well
_OWN = {"connection", "content-length", "host"}


def written(asked: Asked, host: str, cookie: str) -> bytes:
    """The bytes of a request, with what its headers leave open."""
    named = {name.lower() for name, _ in asked.headers}
    own = {"host": ("Host", host), "connection": ("Connection", "close")}
    own |= {"cookie": ("Cookie", cookie)} if cookie else {}
    own |= {"content-length": ("Content-Length", str(len(asked.body)))} if asked.body or asked.method != "GET" else {}
    headers = [value for name, value in own.items() if name not in named] + list(asked.headers)
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"{asked.method} {asked.path} HTTP/1.1\r\n{lines}\r\n".encode("latin-1") + asked.body


def over(connect: Callable[[], socket.socket], host: str, cookie: Callable[[], str] = str) -> Ask:
    """Ask over a socket, a connection for each request.

    Args:
        connect: gives a connected socket.
        host: of the header.
        cookie: of the header, at this moment.
    """

    def ask(asked: Asked) -> Answered:
        begun = time.monotonic()
        with contextlib.closing(connect()) as connection:
            connection.settimeout(PATIENCE_SECONDS)
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it has answered before the end
                connection.sendall(written(asked, host, cookie()))
            answer = http.client.HTTPResponse(connection, method=asked.method)
            try:
                answer.begin()
                data = answer.read()
            except (http.client.HTTPException, ConnectionResetError):
                return Answered(0, "", time.monotonic() - begun)
        kept = (answer.headers["Set-Cookie"] or "").partition(";")[0]
        is_page = answer.headers.get_content_type() == "text/html"
        page = data[:PAGE_MAX].decode("utf-8", "replace") if is_page else ""
        return Answered(answer.status, page, time.monotonic() - begun, answer.headers["Location"] or "", kept)

    return ask


def memory(pid: int) -> int:
    """Bytes that a process and its children hold (VmRSS)."""
    held = 0
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # a child that has just ended
        held = sum(memory(child) for child in children_of(pid))
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                held += int(line.split()[1]) << 10
    return held


def work(pid: int) -> float:
    """Seconds of processor time that a process, its children, and those that ended had (proc_pid_stat(5))."""
    spent = 0.0
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        spent = sum(work(child) for child in children_of(pid))
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        spent += sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return spent
