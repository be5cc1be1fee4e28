"""Between a browser and the server: keeps what the browser sends; answers itself, or breaks off, on demand."""

import contextlib
import http.client
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_DROPPED = ("connection", "keep-alive", "transfer-encoding", "date", "server")


@dataclass(frozen=True)
class Sent:
    """A request as the browser made it."""

    method: str
    path: str
    head: str
    body: bytes

    @property
    def raw(self) -> bytes:
        return f"{self.method} {self.path}\n{self.head}".encode() + self.body


@dataclass
class Relay:
    """Faults are switched on and off while it runs."""

    upstream: int
    port: int = 0
    sent: list[Sent] = field(default_factory=list)
    canned: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)  # path: status, type, body
    before: dict[str, bytes] = field(default_factory=dict)  # path: what stands before the server's plain answer
    cut: dict[str, float] = field(default_factory=dict)  # path: after this share of what is on the wire it is dead
    down: bool = False  # no connection comes about
    refuse: str = ""  # the key with which every PATCH is refused
    break_at: int = 0  # at the so-manieth PATCH from now, after half its bytes, the network goes down
    received: Counter[str] = field(default_factory=Counter)  # path: bytes of the bodies that it was answered with
    turned_away: int = 0  # requests that came while the network was down
    lose_answers: int = 0  # so many POSTs arrive, and their answers do not

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def raw(self) -> bytes:
        """Everything that the browser has sent."""
        return b"\n".join(sent.raw for sent in self.sent)

    def asked(self) -> list[str]:
        """Methods and paths, without the upload's random address."""
        return [f"{sent.method} {'/'.join(sent.path.split('/')[:3])[:15]}" for sent in self.sent]

    def forget(self) -> None:
        """Start a new record."""
        self.sent.clear()
        self.received.clear()

    def handle(self, request: BaseHTTPRequestHandler) -> None:
        """One request."""
        length = int(request.headers.get("Content-Length") or 0)
        if self.down:
            self.turned_away += 1
            request.close_connection = True
            return
        body = request.rfile.read(length)
        self.sent.append(Sent(request.command, request.path, str(request.headers), body))
        if request.path in self.canned:
            status, kind, content = self.canned[request.path]
            self._answer(request, status, [("Content-Type", kind)], content)
            return
        if request.command == "PATCH" and self.refuse:
            self._answer(request, 507, [("Dropbox-Error", self.refuse)], b"")
            return
        if request.command == "PATCH" and self.break_at:
            self.break_at -= 1
            if not self.break_at:
                self.down = True
                self._forward(request, body, len(body) // 2)
                return
        self._forward(request, body, len(body))

    def _forward(self, request: BaseHTTPRequestHandler, body: bytes, count: int) -> None:
        upstream = http.client.HTTPConnection("127.0.0.1", self.upstream, timeout=120)
        with contextlib.closing(upstream):
            upstream.putrequest(request.command, request.path, skip_host=True, skip_accept_encoding=True)
            dropped = (*_DROPPED, "accept-encoding") if request.path in self.before else _DROPPED
            for name, value in request.headers.items():
                if name.lower() not in dropped:
                    upstream.putheader(name, value)
            upstream.endheaders()
            upstream.send(body[:count])
            if count < len(body):
                request.close_connection = True
                return
            answer = upstream.getresponse()
            content = answer.read()
        if request.command == "POST" and self.lose_answers:
            self.lose_answers -= 1
            request.close_connection = True
            return
        self._answer(request, answer.status, answer.getheaders(), content)

    def _answer(
        self, request: BaseHTTPRequestHandler, status: int, headers: list[tuple[str, str]], content: bytes
    ) -> None:
        content = self.before.get(request.path, b"") + content
        request.send_response_only(status)
        for name, value in headers:
            if name.lower() not in (*_DROPPED, "content-length"):
                request.send_header(name, value)
        if status != 204:
            request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        self.received[request.path] += len(content)
        if request.command != "HEAD":
            request.wfile.write(content[: int(self.cut.get(request.path, 1) * len(content))])
        if request.path in self.cut:
            request.close_connection = True


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up is no news."""


@contextlib.contextmanager
def relaying(upstream: int) -> Iterator[Relay]:
    """A relay before the server on that port."""
    relay = Relay(upstream)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def _any(self) -> None:
            relay.handle(self)

        do_GET = do_POST = do_PATCH = do_HEAD = do_DELETE = do_OPTIONS = _any  # noqa: N815

    server = _Server(("127.0.0.1", 0), Handler)
    relay.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield relay
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
