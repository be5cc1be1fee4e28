"""Keeps the answers that are equal for all visitors, and gives them without asking the application again.

    ConstantHeaders -> BareAddresses -> PageCache -> Flask
    answer = application(prefix, path, host, encodings)      valid for one state of the site

Rule: a kept answer is made for a request that holds its key and nothing else. So nothing that a visitor sends (another
header, a cookie, a query) can get into the page of another, and the key shows all that a page may depend on. An answer
ends with the state in which it was made: at midnight, after an import, when files are closed.
"""

import contextlib
import functools
import io
import sys
import threading
from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from dropbox.limits import PAGES_KEPT_BYTES
from dropbox.web.http.addresses import HERE
from dropbox.web.http.headers import Application

STATIC: Final = "/static/"
DATA: Final = "/data/"
_READING: Final = ("GET", "HEAD")
_PARTIAL: Final = ("HTTP_RANGE", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_NONE_MATCH")  # for files: not answered from here
_LARGEST: Final = PAGES_KEPT_BYTES // 4  # a board of thousands of cells is read from the store each time


@dataclass(frozen=True)
class _Key:
    """All that a kept answer may depend on, besides the state of the site."""

    prefix: str  # empty, or HERE
    path: str
    host: str
    encodings: tuple[str, ...]

    def environ(self) -> WSGIEnvironment:
        """Return a request that holds the key and nothing else."""
        return {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": self.prefix,
            "PATH_INFO": self.path,
            "QUERY_STRING": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": self.host,
            "HTTP_ACCEPT_ENCODING": ", ".join(self.encodings),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }


@dataclass(frozen=True)
class _Answer:
    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)


class _Kept:
    """The answers of one state of the site."""

    def __init__(self, state: Hashable) -> None:
        self.state: Final = state
        self._answers: dict[_Key, _Answer] = {}
        self._bytes = 0
        self._adding = threading.Lock()

    def get(self, key: _Key) -> _Answer | None:
        return self._answers.get(key)

    def put(self, key: _Key, answer: _Answer) -> None:
        """Keep an answer; all others are dropped first when there is no room."""
        with self._adding:
            if self._bytes + len(answer.body) > PAGES_KEPT_BYTES:
                self._answers, self._bytes = {}, 0
            if key not in self._answers:
                self._answers[key] = answer
                self._bytes += len(answer.body)


class PageCache:
    """WSGI middleware.

    Args:
        application: makes the answers.
        paths: of the answers that are equal for all.
        host_of: returns the host with which an answer is made for a request; None for a visitor who gets one of their
            own.
        state_of: returns all that such answers depend on besides their key; whatever it raises, the application is
            asked.
    """

    def __init__(
        self,
        application: Application,
        paths: Collection[str],
        host_of: Callable[[WSGIEnvironment], str | None],
        state_of: Callable[[], Hashable],
    ) -> None:
        self._application = application
        self._paths = frozenset(paths)
        self._host_of = host_of
        self._state_of = state_of
        self._kept = _Kept(None)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer with a kept answer, or ask the application."""
        key = self._key_of(environ)
        answer = self._answer(key) if key else None
        if answer is None:
            return self._application(environ, start_response)
        start_response(answer.status, list(answer.headers))
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else answer.body]

    def make_all(self, host: str) -> None:
        """Make the usual answers for a host, so that no visitor waits, and none learns from a wait who came before."""
        for path in self._paths:
            self._answer(_Key("", path, *_variant(path, host, "gzip, br")))

    def _key_of(self, environ: WSGIEnvironment) -> _Key | None:
        path, prefix = environ.get("PATH_INFO", ""), environ.get("SCRIPT_NAME", "")
        if (
            environ.get("REQUEST_METHOD") not in _READING
            or path not in self._paths
            or prefix not in ("", HERE)
            or environ.get("wsgi.url_scheme") != "http"
            or any(name in environ for name in _PARTIAL)
        ):
            return None
        host = self._host_of(environ)
        return (
            None if host is None else _Key(prefix, path, *_variant(path, host, environ.get("HTTP_ACCEPT_ENCODING", "")))
        )

    def _answer(self, key: _Key) -> _Answer | None:
        try:
            state = self._state_of()
        except Exception:  # noqa: BLE001  # the application meets the same fault, and knows how to say it
            return None
        kept = self._kept
        if kept.state != state:
            kept = self._kept = _Kept(state)
        return kept.get(key) or self._made(kept, key)

    def _made(self, kept: _Kept, key: _Key) -> _Answer | None:
        heads: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], _: Any = None) -> Callable[[bytes], object]:  # noqa: ANN401
            heads.append((status, headers))
            return lambda _: None

        pieces = self._application(key.environ(), start)
        try:
            body = b"".join(pieces)
        finally:
            if hasattr(pieces, "close"):
                pieces.close()
        status, headers = heads[-1]
        if not status.startswith("200 ") or len(body) > _LARGEST:
            return None
        answer = _Answer(status, tuple(headers), body)
        with contextlib.suppress(Exception):  # the answer is made; without a state it is not kept
            if self._state_of() == kept.state:  # else it may be of either state
                kept.put(key, answer)
        return answer


def _variant(path: str, host: str, accepted: str) -> tuple[str, tuple[str, ...]]:
    """Return host and encodings, as far as the answer at a path depends on them."""
    if path.startswith(DATA):
        return "localhost", ()
    usable = _encodings(accepted)
    if path.startswith(STATIC):
        return "localhost", usable
    return host, tuple(name for name in usable if name == "gzip")


@functools.lru_cache(maxsize=256)
def _encodings(accepted: str) -> tuple[str, ...]:
    """Return the encodings that a visitor accepts, of those that the site has (RFC 9110, 12.5.3)."""
    read = parse_accept_header(accepted, Accept)
    return tuple(name for name in ("br", "gzip") if read.quality(name) > 0)
