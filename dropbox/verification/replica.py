"""Renders what an honest site would answer, with the installed program, for a day and for what the site has published.

    answer = site(release, settings, published, day, whether files are taken)(request)

Rule: nothing of it listens or sends; its store is a folder of public things that its user deletes.
"""

import contextlib
import datetime
import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIEnvironment

from dropbox.published.keyring import LiveKeyring
from dropbox.settings.installation import Settings
from dropbox.store.connections import Connections
from dropbox.store.database import Store
from dropbox.store.migrate import upgrade
from dropbox.store.room import Room, Shares
from dropbox.web.app import create_app
from dropbox.web.base.site import Site
from dropbox.web.base.view import error_page
from dropbox.web.pages import manifest as site_manifest
from dropbox.web.pages import sealer
from dropbox.web.pages.shared import OWN, shared_paths
from dropbox.wire.keyring import RootAnchor

# Between two machines alone (RFC 9110, 7.6.1).
HOP: Final = frozenset({"connection", "keep-alive", "transfer-encoding"})
# A page for a request with it is made anew, and not kept for others (web.http.page_cache).
NOT_KEPT: Final = ("If-None-Match", '"-"')

# Within which the end is missing: the status line, the head, or the body; empty for a whole answer.
Cut = Literal["", "line", "head", "body"]

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Request:
    """A request: method, path (perhaps with a query), and the headers in the order in which they are sent."""

    method: str
    path: str
    headers: Headers


@dataclass(frozen=True)
class Answer:
    """An answer: status, headers without those between two machines, body, where it was cut and the line cut there.

    `reason` is the phrase after the status; empty where it is the usual one of the status.
    """

    status: int
    headers: Headers
    body: bytes = field(repr=False)
    cut: Cut = ""
    unfinished: str = field(default="", repr=False)
    reason: str = field(default="", repr=False)

    def header(self, name: str) -> str:
        """Return the value of a header; empty if it is missing."""
        return next((value for one, value in self.headers if one.lower() == name), "")


@dataclass(frozen=True)
class Moment:
    """What answers depend on besides the request and what is published: a time, and whether files are taken."""

    now: datetime.datetime
    takes_files: bool = True


class _ToldRoom(Room):
    """The room of a store elsewhere, of which only this is known."""

    told = True

    def __init__(self, connections: Connections) -> None:
        super().__init__(connections, Shares())

    def takes_files(self) -> bool:
        """Return what is supposed."""
        return self.told


class Replica:
    """A site on this machine that nobody reaches.

    Attributes:
        site: with its store, into which what is published is put.
    """

    def __init__(self, settings: Settings, anchor: RootAnchor, folder: Path) -> None:
        """Make the site.

        Args:
            settings: of the site, as far as visitors see them.
            anchor: the pinned root.
            folder: an existing folder for its store.

        Raises:
            ConfigurationError: the settings name a page or a form that is not valid.
        """
        url = f"sqlite:///{folder.absolute().as_posix()}/store.db"
        upgrade(url)
        store = Store.open(url)
        self._room = store.room = _ToldRoom(store.connections)
        self._moment = Moment(datetime.datetime.now(datetime.UTC))
        self._manifest, self._signature = folder / "site.manifest", folder / "sealer.sig"
        shown = replace(settings, health=None, manifest=self._manifest, sealer_signature=self._signature)
        self.site = Site(shown, anchor, store, clock=lambda: self._moment.now)
        self._app = create_app(self.site)
        self._is_busy = False
        self._app.before_request(lambda: error_page("busy", 503) if self._is_busy else None)

    def close(self) -> None:
        """Close the store, so that its folder can be deleted."""
        self.site.store.close()

    def give(self, manifest: bytes, sealer_signature: bytes) -> None:
        """Take over two files of the site, each of which is shown only if it holds; empty where the site has none."""
        for path, data in ((self._manifest, manifest), (self._signature, sealer_signature)):
            path.write_bytes(data)
        self._app.extensions[site_manifest.EXTENSION] = site_manifest.read_manifest(self.site)
        self._app.extensions[sealer.EXTENSION] = sealer.make(self._app, self.site)

    @contextlib.contextmanager
    def keyring(self, other: LiveKeyring) -> Iterator[None]:
        """Have another keyring for a while."""
        own = self.site.keyring
        object.__setattr__(self.site, "keyring", other)
        try:
            yield
        finally:
            object.__setattr__(self.site, "keyring", own)

    def busy(self, request: Request) -> Answer:
        """Return what a site answers whose database is busy."""
        self._is_busy = True
        try:
            headers = (*request.headers, NOT_KEPT)
            return self.answer(Request(request.method, request.path, headers), self._moment)
        finally:
            self._is_busy = False

    def addresses(self) -> list[str]:
        """Return the paths of all answers to GET, in order."""
        own = (rule.rule for rule in self._app.url_map.iter_rules() if rule.endpoint.rpartition(".")[2] in OWN)
        return sorted({*shared_paths(self._app), *own})

    def days(self, now: datetime.datetime) -> tuple[object, ...]:
        """Return the dates on which answers depend at a time."""
        return self.site.settings.today(now), now.astimezone(datetime.UTC).date()

    def answer(self, request: Request, moment: Moment) -> Answer:
        """Return what an honest site answers."""
        self._moment, self._room.told = moment, moment.takes_files
        heads: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], _: Any = None) -> Any:  # noqa: ANN401
            heads.append((status, headers))
            return lambda _: None

        pieces = self._app.wsgi_app(_environ(request), start)
        try:
            body = b"".join(pieces)
        finally:
            _close(pieces)
        status, headers = heads[-1]
        if request.method == "HEAD":
            body = b""
        code, _, reason = status.partition(" ")
        kept = tuple(one for one in headers if one[0].lower() not in HOP)
        return Answer(int(code), kept, body, reason=reason)


def _close(pieces: Iterable[bytes]) -> None:
    if hasattr(pieces, "close"):
        pieces.close()


def _environ(request: Request) -> WSGIEnvironment:
    """What a worker makes of the request (PEP 3333)."""
    path, _, query = request.path.partition("?")
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",  # the site trusts no proxy's word about it
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in request.headers:
        environ["HTTP_" + name.upper().replace("-", "_")] = value
    return environ
