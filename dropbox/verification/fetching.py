"""Fetches one answer from a server that may be hostile: bounded in bytes and time, and nowhere but from that server.

Rule: nothing is followed, kept or believed: no redirect, no cookie, no cache. What is not exactly one answer of
HTTP/1.1 is reported: informational answers, trailers, bytes behind the answer, a longer body, one of unknown length.
An answer that ends too early is returned as far as it came: browsers show such a page.
"""

import contextlib
import math
import socket
import ssl
import time
from typing import Final

import h11

from dropbox.verification import socks
from dropbox.verification.replica import HOP, Answer, Cut, Request
from dropbox.verification.target import Target

_PIECE: Final = 64 * 1024
_HEAD_MAX_BYTES: Final = 32 * 1024
_START: Final = b"HTTP/1.1 "
_ADDRESSES_MAX: Final = 8  # of a host


class UnansweredError(Exception):
    """No whole answer came: the line broke, or the time was over. `code` says which; `part` is what came, or None."""

    def __init__(self, code: str, part: Answer | None = None) -> None:
        super().__init__(code)
        self.code, self.part = code, part


class UnheardOfError(Exception):
    """What came is no answer that the site could give; `code` says what it is."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Line:
    """A visitor's connection to the site, used again as browsers do; not thread-safe, except for `stop`."""

    def __init__(self, target: Target, circuit: str, seconds: float, end: float = math.inf) -> None:
        """Open nothing yet.

        Args:
            target: the site.
            circuit: name of the visitor, for the proxy.
            seconds: for each attempt to get an answer, without the resolver's.
            end: of the whole look, on the monotonic clock.
        """
        self._target, self._circuit, self._seconds, self._end = target, circuit, seconds, end
        self._socket: socket.socket | None = None
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEAD_MAX_BYTES)
        self._until = 0.0
        self._start = bytearray()  # of the answer, until its head is whole
        self._head: h11.Response | None = None
        self._body = bytearray()

    def close(self) -> None:
        """End the connection."""
        if self._socket:
            with contextlib.suppress(OSError):
                self._socket.close()
        self._socket = None

    def stop(self) -> None:
        """Give no more time to any answer. One that is awaited ends at once, a connection in --seconds."""
        self._end = self._until = -math.inf
        if line := self._socket:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(line, socket.SHUT_RDWR)  # that of SSLSocket takes its state from the reader

    def fetch(self, request: Request, most: int) -> Answer:
        """Return the answer to a request.

        Args:
            request: without a body.
            most: number of bytes that its body may have.

        Raises:
            UnansweredError: no whole one came, or not in time.
            UnheardOfError: it is no answer of this kind.
        """
        was_open = self._socket is not None
        self._until = min(time.monotonic() + self._seconds, self._end)
        try:
            return self._ask(request, most)
        except UnansweredError:
            if not was_open or self._start:
                raise
        self._until = min(time.monotonic() + self._seconds, self._end)
        return self._ask(request, most)  # the server had closed a connection that was idle

    def _ask(self, request: Request, most: int) -> Answer:
        self._start, self._head, self._body = bytearray(), None, bytearray()
        try:
            if self._socket is None:
                self._open()
            self._send(request)
            answer = self._receive(most)
        except socks.ProxyError as error:
            self.close()
            raise UnansweredError(error.code) from None
        except TimeoutError:
            self.close()
            raise UnansweredError("timeout", self._part()) from None
        except ssl.SSLCertVerificationError:
            self.close()
            raise UnheardOfError("certificate") from None
        except OSError:
            self.close()
            raise UnansweredError("broken", self._part()) from None
        except h11.RemoteProtocolError:
            self.close()
            raise UnheardOfError("not-http") from None
        except BaseException:
            self.close()
            raise
        if self._http.our_state is h11.DONE and self._http.their_state is h11.DONE:
            self._http.start_next_cycle()
        else:
            self.close()
        return answer

    def _open(self) -> None:
        target = self._target
        line = self._connect(*(target.proxy or (target.name, target.port)))
        try:
            if target.proxy:
                socks.connect(line, target.name, target.port, self._circuit, self._left)
            if target.secure:
                line.settimeout(self._left())
                context = ssl.create_default_context()
                context.set_alpn_protocols(["http/1.1"])
                line = context.wrap_socket(line, server_hostname=target.name)
        except BaseException:
            line.close()
            raise
        self._socket = line
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEAD_MAX_BYTES)

    def _connect(self, name: str, port: int) -> socket.socket:
        """Connect to the first address of a host that answers; the time that is left is for all of them together."""
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)[:_ADDRESSES_MAX]
        broken: OSError = ConnectionError()
        for number, (family, kind, protocol, _, address) in enumerate(found):
            line = socket.socket(family, kind, protocol)
            try:
                line.settimeout(self._left() / (len(found) - number))
                line.connect(address)
            except OSError as error:
                line.close()
                broken = error
            else:
                return line
        raise broken

    def _left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def _send(self, request: Request) -> None:
        assert self._socket is not None  # noqa: S101  opened before
        headers = [(name.encode("ascii"), value.encode("latin-1")) for name, value in request.headers]
        asked = h11.Request(method=request.method, target=request.path, headers=headers)
        self._socket.settimeout(self._left())
        self._socket.sendall((self._http.send(asked) or b"") + (self._http.send(h11.EndOfMessage()) or b""))

    def _receive(self, most: int) -> Answer:
        head = self._event()
        if isinstance(head, h11.InformationalResponse):
            raise UnheardOfError("informational")
        if not isinstance(head, h11.Response):
            raise ConnectionError
        self._head = head
        names = {name for name, _ in head.headers}
        if head.http_version != b"1.1" or {b"content-length", b"transfer-encoding"} <= names:
            raise UnheardOfError("not-http")
        while isinstance(event := self._event(), h11.Data):
            self._body += event.data
            if len(self._body) > most:
                raise UnheardOfError("too-long")
        if not isinstance(event, h11.EndOfMessage):
            raise ConnectionError
        if self._http.trailing_data[0]:
            raise UnheardOfError("more-behind")
        if event.headers.raw_items():  # browsers ignore them, so no header may stand there
            raise UnheardOfError("trailer")
        return _answer(head, self._body)

    def _part(self) -> Answer | None:
        """What came before the end: some browsers believe a head that is cut within, and its last line."""
        if self._head:
            return _answer(self._head, self._body, "body")
        lines, end, last = bytes(self._start).rpartition(b"\n")
        unfinished = last.decode("latin-1")
        if not end:
            status = last[len(_START) :][:3]
            return Answer(int(status) if status.isdigit() else 0, (), b"", "line", unfinished) if status else None
        http = h11.Connection(h11.CLIENT)
        http.send(h11.Request(method="GET", target="/", headers=[("Host", "-")]))
        http.receive_data(lines + b"\n\r\n")
        try:
            head = http.next_event()
        except h11.RemoteProtocolError:
            raise UnheardOfError("not-http") from None
        if not isinstance(head, h11.Response):
            raise UnheardOfError("informational")
        return _answer(head, bytearray(), "head", unfinished)

    def _event(self) -> object:
        assert self._socket is not None  # noqa: S101  opened before
        while (event := self._http.next_event()) is h11.NEED_DATA:
            self._socket.settimeout(self._left())
            data = self._socket.recv(_PIECE)
            if not data:
                if self._head and not self._has_length():
                    raise UnheardOfError("not-http")  # honest servers say where an answer ends, so a cut is seen
                raise ConnectionError
            if not self._head:
                self._start += data
                if not self._start.startswith(_START[: len(self._start)]):
                    raise UnheardOfError("not-http")  # some browsers take anything for an answer of HTTP/0.9
            self._http.receive_data(data)
        return event

    def _has_length(self) -> bool:
        names = {name for name, _ in self._head.headers} if self._head else set()
        return bool(names & {b"content-length", b"transfer-encoding"})


def _answer(head: h11.Response, body: bytearray, cut: Cut = "", unfinished: str = "") -> Answer:
    headers = [(name.decode("ascii"), value.decode("latin-1")) for name, value in head.headers.raw_items()]
    kept = tuple(one for one in headers if one[0].lower() not in HOP)
    return Answer(head.status_code, kept, bytes(body), cut, unfinished, head.reason.decode("latin-1"))
