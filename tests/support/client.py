"""A browser without JavaScript, in the small: reads forms, sends them, and misbehaves on demand."""

import http.client
import os
import secrets
import select
import socket
import urllib.parse
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from types import TracebackType
from typing import Any

from dropbox.crypto.secret import parse_secret

PIECE = 64 * 1024
TIMEOUT_SECONDS = 180.0  # the machine may be shared with other test runs
REPORT = {
    "channel": "wbs",
    "desk": "itjen",
    "category": "pungli",
    "what": "Setiap bulan ada setoran.",
    "who": "Kepala seksi",
    "where": "Kantor kabupaten",
    "when": "",
}


class _Reader(HTMLParser):
    """Hidden fields, text areas and data- hooks of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.areas: dict[str, str] = {}
        self.hooks: dict[str, list[str]] = {}
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "input" and values.get("type") == "hidden":
            self.hidden[values["name"]] = values.get("value", "")
        if tag == "textarea":
            self._area = values.get("name") or values.get("id", "")
            self.areas[self._area] = ""
        for name, value in values.items():
            if name.startswith("data-"):
                self.hooks.setdefault(name, []).append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.areas[self._area] += data


@dataclass(frozen=True)
class Page:
    """An answer of the server, read as a reporter's browser would."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    reader: _Reader = field(default_factory=_Reader, repr=False)

    def __post_init__(self) -> None:
        if any(name.lower() == "content-type" and value.startswith("text/html") for name, value in self.headers):
            self.reader.feed(self.text)

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    @property
    def hidden(self) -> dict[str, str]:
        return self.reader.hidden

    @property
    def error(self) -> str:
        """The first data-error, or an empty string."""
        return self.hooks("data-error")[0] if self.hooks("data-error") else ""

    @property
    def statuses(self) -> list[str]:
        """The timeline's status codes."""
        return self.hooks("data-status")

    def hooks(self, name: str) -> list[str]:
        return self.reader.hooks.get(name, [])

    def area(self, name: str) -> str:
        """What a text area holds, without the line end that HTML drops."""
        return self.reader.areas.get(name, "").removeprefix("\n")


def page_of(response: http.client.HTTPResponse) -> Page:
    """The whole answer."""
    return Page(response.status, response.getheaders(), response.read())


@dataclass(frozen=True)
class File:
    """A file of a form; `pieces` gives its bytes anew each time."""

    filename: str
    content: bytes = b""
    size: int = -1  # of generated content
    block: bytes = b""  # repeated with a counter in front of each, when content is generated
    name: str = "files"
    type: str = "application/octet-stream"

    @property
    def length(self) -> int:
        return len(self.content) if self.size < 0 else self.size

    def pieces(self) -> Iterator[bytes]:
        if self.size < 0:
            yield self.content
            return
        for start in range(0, self.size, len(self.block)):
            yield (start.to_bytes(8, "big") + self.block[8:])[: self.size - start]


def generated(filename: str, size: int) -> File:
    """A file of random-looking bytes that is never held whole."""
    return File(filename, size=size, block=os.urandom(1024 * 1024))


@dataclass
class Multipart:
    """A multipart body of known length."""

    parts: Sequence[tuple[str, str] | File]
    boundary: str = field(default_factory=lambda: "----" + secrets.token_hex(12))

    @property
    def content_type(self) -> str:
        return f"multipart/form-data; boundary={self.boundary}"

    def __len__(self) -> int:
        ends = len(self.parts) * 2 + len(self.boundary) + 6
        bodies = sum(part.length if isinstance(part, File) else len(part[1].encode()) for part in self.parts)
        return sum(len(self._head(part)) for part in self.parts) + bodies + ends

    def _head(self, part: tuple[str, str] | File) -> bytes:
        head = f'--{self.boundary}\r\nContent-Disposition: form-data; name="'
        if isinstance(part, File):
            return f'{head}{part.name}"; filename="{part.filename}"\r\nContent-Type: {part.type}\r\n\r\n'.encode()
        return f'{head}{part[0]}"\r\n\r\n'.encode()

    def __iter__(self) -> Iterator[bytes]:
        for part in self.parts:
            yield self._head(part)
            yield from part.pieces() if isinstance(part, File) else [part[1].encode()]
            yield b"\r\n"
        yield f"--{self.boundary}--\r\n".encode()


def _cut(pieces: Iterator[bytes], size: int) -> Iterator[bytes]:
    for piece in pieces:
        for start in range(0, len(piece), size):
            yield piece[start : start + size]


class Sending(AbstractContextManager["Sending"]):
    """A POST under way: `send` some, wait, send more, ask for the `answer`, or break off with `close`."""

    def __init__(
        self,
        port: int,
        path: str,
        body: Multipart,
        *,
        piece: int = PIECE,
        chunked: bool = False,
        length: str | None = None,
        headers: Sequence[tuple[str, str]] = (),
    ) -> None:
        self._pieces = _cut(iter(body), piece)
        self._chunked = chunked
        self.sent = 0
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_SECONDS)
        framing = ("Transfer-Encoding", "chunked") if chunked else ("Content-Length", length or str(len(body)))
        lines = [("Host", f"127.0.0.1:{port}"), ("Content-Type", body.content_type), framing, *headers]
        if not chunked and length == "":
            lines.remove(framing)
        head = "".join(f"{name}: {value}\r\n" for name, value in lines)
        self.socket.sendall(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode())

    def send(self, most: int | None = None) -> "Sending":
        """Send about `most` bytes more (default: all that is left)."""
        until = None if most is None else self.sent + most
        while until is None or self.sent < until:
            piece = next(self._pieces, None)
            if piece is None:
                self.socket.sendall(b"0\r\n\r\n" if self._chunked else b"")
                break
            self.socket.sendall(b"%x\r\n%s\r\n" % (len(piece), piece) if self._chunked else piece)
            self.sent += len(piece)
        return self

    def is_answered(self, wait: float = 0.0) -> bool:
        """Whether the server has said something (or has gone) within so many seconds."""
        return bool(select.select([self.socket], [], [], wait)[0])

    def answer(self) -> Page:
        response = http.client.HTTPResponse(self.socket)
        response.begin()
        return page_of(response)

    def close(self) -> None:
        self.socket.close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def sending_fields(hidden: dict[str, str]) -> dict[str, str]:
    """The hidden fields of a review, and what its reporter types and presses to send the report."""
    number = parse_secret(hidden["code"], hidden["words"]).confirm_number
    return {**hidden, "step": "send", "confirm": hidden["words"].split()[number - 1]}


@dataclass(frozen=True)
class Client:
    """One reporter; every request is a connection of its own."""

    port: int

    def request(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Page:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            return page_of(connection.getresponse())
        finally:
            connection.close()

    def raw(self, data: bytes) -> Page:
        """The answer to bytes that no library would send."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT_SECONDS) as connection:
            connection.sendall(data)
            response = http.client.HTTPResponse(connection)
            response.begin()
            return page_of(response)

    def get(self, path: str) -> Page:
        return self.request("GET", path)

    def post(self, path: str, fields: dict[str, str], headers: dict[str, str] | None = None) -> Page:
        """An urlencoded form."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.request("POST", path, urllib.parse.urlencode(fields), kind | (headers or {}))

    def form(self, **typed: str) -> dict[str, str]:
        """A reviewed report with its hidden fields, ready to be sent."""
        return sending_fields(self.post("/lapor", REPORT | typed | {"step": "review"}).hidden)

    def report(self, **typed: str) -> Page:
        """Fill the form, review it, send it; or the page that says why it cannot be sent."""
        reviewed = self.post("/lapor", REPORT | typed | {"step": "review"})
        is_ready = reviewed.status == 200 and "code" in reviewed.hidden
        return self.post("/lapor", sending_fields(reviewed.hidden)) if is_ready else reviewed

    def open(self, hidden: dict[str, str]) -> Page:
        """The thread of a code and words."""
        return self.post("/status", {"code": hidden["code"], "words": hidden["words"]})

    def sending(self, hidden: dict[str, str], *parts: tuple[str, str] | File, **how: Any) -> Sending:
        """The form for additions, on its way: hidden fields, then the parts."""
        return Sending(self.port, "/tambah", Multipart([*hidden.items(), *parts]), **how)

    def add(self, hidden: dict[str, str], *parts: tuple[str, str] | File, **how: Any) -> Page:
        """The form for additions, sent whole."""
        with self.sending(hidden, *parts, **how) as sending:
            return sending.send().answer()
