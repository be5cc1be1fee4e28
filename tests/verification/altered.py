"""An honest site behind a server of its own that a test may alter: bytes, headers, or the whole answer."""

import contextlib
import dataclasses
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import Flask


@dataclass
class Asked:
    """A request, as the altered server sees it."""

    method: str
    path: str
    headers: dict[str, str]
    number: int  # of this path and method, from 1


@dataclass
class Given:
    """An answer that a test may change; `raw` replaces all of it, `before` goes first on the line."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes
    before: bytes = b""
    after: bytes = b""
    raw: Callable[[Callable[[bytes], object]], None] | None = None

    def set(self, name: str, value: str) -> None:
        """Replace a header."""
        self.headers = [(one, value if one.lower() == name.lower() else old) for one, old in self.headers]

    def with_body(self, body: bytes) -> None:
        """Replace the body."""
        self.body = body
        self.set("Content-Length", str(len(body)))


Alter = Callable[[Asked, Given], None]


def nothing(_asked: Asked, _given: Given) -> None:
    """Be honest."""


@dataclass
class AlteredServer:
    """One thread for each connection; keeps connections open as the real server does."""

    app: Flask
    alter: Alter = nothing
    port: int = 0
    tls: ssl.SSLContext | None = None
    seen: list[Asked] = field(default_factory=list)
    _counts: dict[tuple[str, str], int] = field(default_factory=dict)
    _lock: Any = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def begin(self, alter: Alter) -> None:
        """Alter in another way, and count from one again."""
        self.alter = alter
        self._counts.clear()
        self.seen.clear()

    def answer(self, head: bytes) -> Given:
        """The honest answer, altered."""
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        headers = dict(line.split(": ", 1) for line in lines if line)
        with self._lock:
            number = self._counts[method, target] = self._counts.get((method, target), 0) + 1
        asked = Asked(method, target, headers, number)
        self.seen.append(asked)
        path, _, query = target.partition("?")
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "localhost"}
        environ |= {"SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http", "SCRIPT_NAME": ""}
        environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
        started: list[Any] = []
        pieces = self.app.wsgi_app(environ, lambda status, fields, _=None: started.append((status, fields)))  # type: ignore[arg-type]
        body = b"".join(pieces)
        if hasattr(pieces, "close"):
            pieces.close()
        given = Given(started[-1][0], list(started[-1][1]), b"" if method == "HEAD" else body)
        self.alter(asked, given)
        return given

    @contextlib.contextmanager
    def running(self) -> Iterator["AlteredServer"]:
        """Serve until the end of the block."""
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def setup(self) -> None:
                if outer.tls:
                    self.request = outer.tls.wrap_socket(self.request, server_side=True)
                super().setup()

            def finish(self) -> None:
                super().finish()
                if outer.tls:  # the server would close the socket that was wrapped
                    self.request.close()

            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    while head := _head(self.rfile):
                        given = outer.answer(head)
                        self.wfile.write(given.before)
                        if given.raw:
                            given.raw(self.wfile.write)
                            return
                        fields = "".join(f"{name}: {value}\r\n" for name, value in given.headers)
                        start = f"HTTP/1.1 {given.status}\r\n{fields}Connection: keep-alive\r\n\r\n"
                        self.wfile.write(start.encode("latin-1") + given.body + given.after)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, *_: object) -> None:
                """Say nothing of visitors who do not trust the certificate."""

        with Server(("127.0.0.1", 0), Handler) as server:
            self.port = server.server_address[1]
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
            thread.start()
            try:
                yield self
            finally:
                server.shutdown()
                thread.join()


def _head(stream: Any) -> bytes:
    lines = []
    while line := stream.readline(65536):
        if line == b"\r\n":
            return b"".join(lines)
        lines.append(line)
    return b""


def changed(given: Given, **values: Any) -> None:
    """Set attributes of an answer."""
    for name, value in values.items():
        assert name in {one.name for one in dataclasses.fields(Given)}
        setattr(given, name, value)
