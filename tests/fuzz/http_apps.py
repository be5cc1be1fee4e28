"""The applications that are asked: site, desk, courier's page and gate, each with somebody who has come in.

Rule: what a form needs besides its fields (a cookie, a token) is kept up, so that a run reaches what is behind a door.
"""

import contextlib
import os
import random
import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from flask import Flask

from dropbox.settings.installation import load
from tests.fuzz.http_places import Answered, Ask, Place, in_process
from tests.fuzz.http_requests import Asked, Made, Route
from tests.fuzz.http_sockets import memory, over, work
from tests.support.desk_process import serving_desk
from tests.support.desks import make_site
from tests.support.sealed import Browser, Sealed
from tests.support.server import ACCEPTED, SiteFolder, serving

if TYPE_CHECKING:
    from triage_world import World

_TESTS = Path(__file__).parents[1]
FOLDERS = [_TESTS / name for name in ("courier", "courier_page", "triage", "triage_casework", "triage_ui")]
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_OFFICER = "semua"  # has all roles
_STREAM = ("Content-Type", "application/offset+octet-stream")
# Where the site says that it is full, closed or busy (dropbox/web/OPERATING.md).
_BUSY = frozenset(
    f"{language}{rule}"
    for language in ("", "/en")
    for rule in ("/lapor", "/status", "/tambah", "/bukti", "/kirim-berkas", "/unggah", "/unggah/<address>")
)


# --- the site -----------------------------------------------------------------------------------------------------


def _uploads(sealed: Sealed) -> dict[str, Callable[[random.Random], Made]]:
    """Requests of a tus client that are right but for some of them."""
    blob, metadata = sealed.blob, sealed.metadata

    def upload(pick: random.Random) -> Made:
        offset = pick.choice(("0", "0", str(len(blob) // 2), str(len(blob)), "7"))
        length = pick.choice((len(blob), len(blob), 0, 1, len(blob) + 1, 1 << 29, 1 << 40))
        headers = [("Tus-Resumable", "1.0.0"), ("Upload-Length", str(length)), ("Upload-Offset", offset), _STREAM]
        headers.append(("Upload-Metadata", pick.choice((metadata, metadata, f"{metadata},x", metadata[:-2]))))
        kept = [one for one in headers if pick.random() < 0.95]
        start = int(offset)
        body = blob[start : start + pick.choice((0, 5, 9000, len(blob)))]
        return kept, body if pick.random() < 0.8 else pick.randbytes(100)

    return {"/unggah": upload}


@contextlib.contextmanager
def site(folder: Path) -> Iterator[Place]:
    """The site in this process, with demo desks."""
    from dropbox.web.app import create_app

    made, inspectorate = make_site(folder)
    app = create_app(made)
    reporter = Browser(inspectorate)
    yield Place(app, in_process(app.test_client()), made=_uploads(reporter.text()), busy=_BUSY)
    made.store.close()


@contextlib.contextmanager
def served_site(folder: Path) -> Iterator[Place]:
    """The site as `dropbox serve` serves it."""
    from dropbox.web.app import create_app

    ours, _ = make_site(folder)
    files = SiteFolder(folder / "site", settings=ACCEPTED).make()
    reporter = Browser(files.inspectorate)
    with serving(files) as server:

        def connect() -> socket.socket:
            return socket.create_connection(("127.0.0.1", server.port))

        ask = over(connect, f"127.0.0.1:{server.port}")
        yield Place(
            create_app(ours),
            ask,
            made=_uploads(reporter.text()),
            memory=lambda: memory(server.process.pid),
            work=lambda: work(server.process.pid),
            busy=_BUSY,
        )
    ours.store.close()


# --- the desk -----------------------------------------------------------------------------------------------------


def _world(folder: Path) -> "World":
    """A vault with cases, files, and an officer who may do everything that one officer may."""
    from desk_world import let_in
    from triage_world import World, new_thread

    world = World.copied(folder)
    let_in(world, _OFFICER, *load().workstation.roles, name="Semua Uji")
    with world.open() as vault:
        first, second = new_thread(), new_thread()
        world.take(
            vault,
            [
                world.report(first, "Pungutan di madrasah"),
                world.file(first, 1, b"isi berkas", "catatan.txt"),
                world.addition(first, 2),
                world.report(second, "Suap <b>", record={"identity": b"Nama Pelapor, 0812"}),
            ],
        )
    return world


@contextlib.contextmanager
def desk(folder: Path) -> Iterator[Place]:
    """The desk in this process, unlocked by the officer, and again when it was locked."""
    from desk_world import make_desk

    client = make_desk(_world(folder), _OFFICER)
    ask_here, token = in_process(client.browser), client.token()

    def ask(asked: Asked) -> Answered:
        nonlocal token
        answer = ask_here(asked)
        if not client.desk.is_unlocked():
            client.clock.pass_minutes(60)
            assert client.unlock(_OFFICER).status_code == 302
            token = client.token()
        return answer

    try:
        yield Place(client.app, ask, lambda: token)
    finally:
        client.desk.close("end")


@dataclass
class _Officer:
    """A browser at a desk's process: it unlocks the vault again when somebody has locked it."""

    ask_as: Callable[[Callable[[], str]], Ask]
    cookie: str = ""
    token: str = ""
    ask_raw: Ask = field(init=False)

    def __post_init__(self) -> None:
        self.ask_raw = self.ask_as(lambda: self.cookie)

    def _send(self, method: str, path: str, body: bytes = b"") -> Answered:
        kind = (("Content-Type", "application/x-www-form-urlencoded"),) if body else ()
        return self.ask_raw(Asked(Route(method, path), path, kind, body))

    def start(self, link: str) -> None:
        """Come by the start link."""
        self.cookie = self._send("GET", urlsplit(link).path).cookie
        self.unlock()

    def unlock(self) -> None:
        from triage_world import PASSPHRASE

        page = self._send("GET", "/buka")
        self.cookie = page.cookie or self.cookie
        found = _TOKEN.search(page.page)
        assert found, page
        self.token = found[1]
        form = {"csrf_token": self.token, "officer": _OFFICER, "passphrase": PASSPHRASE}
        body = "&".join(f"{name}={quote(value)}" for name, value in form.items()).encode()
        answer = self._send("POST", "/buka", body)
        assert answer.status == 302, answer
        self.cookie = answer.cookie
        found = _TOKEN.search(self._send("GET", "/buka").page)
        assert found
        self.token = found[1]

    def ask(self, asked: Asked) -> Answered:
        answer = self.ask_raw(asked)
        if answer.place.startswith("/buka") or asked.route.rule in ("/buka", "/kunci"):
            self.unlock()
        return answer


@contextlib.contextmanager
def served_desk(folder: Path) -> Iterator[Place]:
    """The desk as `dropbox triage serve` serves it."""
    from desk_world import new_desk

    world = _world(folder)
    app = new_desk(world).app
    with serving_desk(world.path()) as running:

        def connect() -> socket.socket:
            return socket.create_connection(("127.0.0.1", running.port))

        officer = _Officer(lambda cookie: over(connect, f"127.0.0.1:{running.port}", cookie))
        officer.start(running.link)
        pid = running.process.pid
        yield Place(app, officer.ask, lambda: officer.token, memory=lambda: memory(pid), work=lambda: work(pid))


# --- the courier --------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def courier(folder: Path) -> Iterator[Place]:
    """The courier's page in this process, before a gate that remembers, with a courier who has logged in."""
    from page_world import World, sample_export

    world = World(folder)
    world.gate.ready, world.gate.body = sample_export(12, b"sealed"), b"sealed"
    browser = world.inside()
    token = browser.token("/bantuan")

    def ask(asked: Asked) -> Answered:
        nonlocal browser, token
        answer = in_process(browser.client)(asked)
        if asked.route.method == "POST" and browser.get("/bantuan").status_code != 200:
            world.turn(24 * 3600)  # attempts at the door cost time
            browser = world.inside()
            token = browser.token("/bantuan")
        return answer

    yield Place(world.app, ask, lambda: token, memory=lambda: memory(os.getpid()))


def gate_map() -> Flask:
    """The requests of the gate as a URL map: it has none of its own."""
    app = Flask("gate", static_folder=None)
    for method, rule in (
        ("GET", "/state"),
        ("GET", "/export"),
        ("POST", "/export"),
        ("GET", "/export/<int:number>"),
        ("POST", "/return"),
    ):
        app.add_url_rule(rule, f"{method} {rule}", str, methods=[method])
    return app


@contextlib.contextmanager
def gate(folder: Path) -> Iterator[Place]:
    """The gate in a thread of this process, over its socket."""
    from courier_desks import put_blob
    from gate_support import bound_room, open_gate

    from dropbox.store.migrate import upgrade
    from tests.courier.conftest import make_office

    upgrade(f"sqlite:///{folder / 'store.db'}")
    office = make_office(folder)
    bound_room(office)
    put_blob(office.store)
    returned = office.itjen.full_return()
    with open_gate(office) as opened:

        def connect() -> socket.socket:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.connect(str(opened.socket))
            return connection

        def hand_in(pick: random.Random) -> Made:
            return [], pick.choice((returned, returned[:-1], returned[: pick.randrange(len(returned))]))

        yield Place(gate_map(), over(connect, "gate"), made={"/return": hand_in}, memory=lambda: memory(os.getpid()))
    office.store.close()
