"""The courier's page before a gate that only remembers what it was asked, with clocks that the test turns."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

import argon2
import pyotp
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dropbox.courier.gate.client import Desk, Export, Gate, State, Taken
from dropbox.courier.pages.accounts import Accounts
from dropbox.courier.pages.app import create_app
from dropbox.courier.pages.door import Door
from dropbox.courier.pages.view import Place
from dropbox.errors import DropboxError, NotFoundError
from dropbox.sentences.catalogue import Sentence
from dropbox.settings import installation
from dropbox.settings.installation import Settings
from dropbox.wire.calendar import Day, Epoch, day_of, epoch_of

NAME = "kurir"
PASSPHRASE = "lima kata acak sekali"
CHEAP = argon2.PasswordHasher(1, 8, 1)
START = 1_764_500_000.0  # Unix time of the tests' first code
HASH_WORK = re.compile(r"csrf_token\" value=\"[^\"]+\"")


class Clock:
    """A clock that stands still until it is turned."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __call__(self) -> float:
        return self.seconds


def today() -> Day:
    return day_of(installation.load().today())


def desk(name: str, **changed: object) -> Desk:
    """A desk that owes nothing."""
    made = Desk(name, Day(today() - 3), Day(today() + 60), Day(today() + 80), ())
    return replace(made, **changed)


def sample_export(number: int, body: bytes) -> Export:
    sha256 = hashlib.sha256(body).hexdigest()
    return Export(number, today(), len(body), sha256, 3, (Sentence("courier.usual", usual=3),))


@dataclass
class FakeGate(Gate):
    """Answers what the test has set, and notes what was changed."""

    waiting: bool = True
    body: bytes = b""
    taken: Taken | DropboxError = field(
        default_factory=lambda: Taken(Sentence("courier.what-list", number=2), is_new=True, deleted=None, warnings=())
    )
    ready: Export | None = None
    done: list[str] = field(default_factory=list)
    files: list[bytes] = field(default_factory=list)
    kinds: list[type] = field(default_factory=list)
    fault: DropboxError | None = None
    desks: tuple[Desk, ...] = field(default_factory=lambda: (desk("irjen"), desk("itjen")))

    def state(self) -> State:
        if self.fault:
            raise self.fault
        week = Epoch(epoch_of(today()) - 2) if self.waiting else None
        return State(self.waiting, week, self.desks, Day(today() + 300), Day(today() + 90), ())

    def prepare(self) -> Export:
        self.done.append("prepare")
        number = self.ready.number + 1 if self.ready else 12
        self.body = bytes(range(256)) * 40
        self.ready = sample_export(number, self.body)
        return self.ready

    def export(self) -> Export | None:
        return self.ready

    def read(self, number: int, start: int) -> Iterator[bytes]:
        if self.ready is None or number != self.ready.number:
            raise NotFoundError("courier-page.export-gone")
        for at in range(start, len(self.body), 1000):
            yield self.body[at : at + 1000]

    def take(self, file: BinaryIO, length: int) -> Taken:
        self.done.append("take")
        self.files.append(file.read(length))
        self.kinds.append(type(file))
        if isinstance(self.taken, DropboxError):
            raise self.taken
        return self.taken


@dataclass
class World:
    """A page with one account, and a browser before it."""

    folder: Path
    clock: Clock = field(default_factory=lambda: Clock(1000.0))
    now: Clock = field(default_factory=lambda: Clock(START))
    gate: FakeGate = field(default_factory=FakeGate)
    settings: Settings = field(default_factory=installation.load)

    def __post_init__(self) -> None:
        self.accounts = Accounts(self.folder / "accounts", CHEAP)
        self.secret = self.accounts.add(NAME, PASSPHRASE)
        self.door = Door(self.accounts, self.clock, self.now)
        self.app = create_app(Place(self.settings, self.door, self.gate))

    def turn(self, seconds: float) -> None:
        """Let time go by, on both clocks."""
        self.clock.seconds += seconds
        self.now.seconds += seconds

    def code(self, steps: int = 0) -> str:
        """The code of this moment, or of so many steps of 30 seconds later."""
        return pyotp.TOTP(self.secret).at(int(self.now()), counter_offset=steps)

    def browser(self) -> "Browser":
        return Browser(self, self.app.test_client())

    def inside(self) -> "Browser":
        """A browser that has logged in."""
        browser = self.browser()
        assert browser.enter().status_code == 303
        return browser


@dataclass
class Browser:
    """A client with cookies that fills in forms as they are."""

    world: World
    client: FlaskClient

    def get(self, path: str, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.get(path, headers=named, buffered=True)  # closed, as a server closes what it has sent

    def token(self, path: str = "/masuk") -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(path).text)
        assert found
        return found[1]

    def post(self, path: str, data: dict[str, object] | None = None, *, at: str = "/bantuan") -> TestResponse:
        """Send a form of a page."""
        return self.client.post(path, data={"csrf_token": self.token(at), **(data or {})})

    def enter(
        self, name: str = NAME, passphrase: str = PASSPHRASE, code: str | None = None, device: str = ""
    ) -> TestResponse:
        """Fill in the door; without a code with the right one, and time goes by for the next."""
        if code is None:
            code = self.world.code()
            self.world.now.seconds += 30
        return self.post(
            "/masuk", {"name": name, "passphrase": passphrase, "code": code, "device": device}, at="/masuk"
        )

    def is_inside(self) -> bool:
        return self.get("/").status_code == 200


def bare(answer: TestResponse) -> tuple[int, str, list[tuple[str, str]]]:
    """Status, body and headers of an answer, without the token of its form."""
    return answer.status_code, HASH_WORK.sub("", answer.text), sorted(answer.headers.items())
