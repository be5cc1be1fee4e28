"""A desk without a browser: Flask's test client that came by the start link and unlocked the vault."""

import re
import threading
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from triage_world import CHEAP, LOGIN, PASSPHRASE, SETTINGS, TODAY, World
from werkzeug.test import TestResponse

from dropbox.triage.access import officers
from dropbox.triage.cases import audit_log
from dropbox.triage.ui.app import create_app
from dropbox.triage.ui.session import Desk
from dropbox.triage.vault.officer import NewOfficer
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from tests.support.server import wait_until

_READ_SECONDS = 240.0
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Clock:
    """Seconds that pass when the test says so."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now

    def pass_minutes(self, minutes: float) -> None:
        self.now += 60 * minutes


@dataclass
class DeskClient:
    """The one browser of a desk."""

    desk: Desk
    app: Flask
    clock: Clock
    browser: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.browser = self.app.test_client()

    def start(self) -> TestResponse:
        """Come by the start link."""
        return self.browser.get(self.desk.start_path)

    def unlock(self, login: str = LOGIN, passphrase: str = PASSPHRASE, **more: Any) -> TestResponse:
        return self.post("/buka", {"officer": login, "passphrase": passphrase}, **more)

    def without_token(self, page: str) -> str:
        """A page but for its token, which has the second in which it was made."""
        return _TOKEN.sub("", page)

    def token(self) -> str:
        """The token that every form of this browser bears."""
        match = _TOKEN.search(self.browser.get("/buka").text)
        assert match
        return match[1]

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.browser.get(path, **more)

    def look(self, path: str) -> TestResponse:
        """Return the page of a file when everything on it was drawn and examined."""
        address, _, query = path.partition("?")
        self.get(path)

        def is_done() -> bool:
            state = self.get(f"{address}/keadaan?{query}").json
            return state is None or (state["is_drawn"] and state["is_examined"])

        wait_until("the file is read", is_done, _READ_SECONDS)
        return self.get(path)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """Send a form with its token."""
        return self.browser.post(path, data={"csrf_token": self.token()} | (data or {}), **more)

    @property
    def vault(self) -> Vault:
        """The open vault, as the pages have it."""
        opened = self.desk.vault()
        assert opened
        return opened

    def lines(self, action: str) -> list[dict[str, Any]]:
        """Details of the log's lines of an act, oldest first."""
        return [line.details for line in audit_log.lines(self.vault) if line.action == action]


class Busy:
    """A request that goes on in a thread of its own; `answer` is there when it has ended."""

    def __init__(self, client: DeskClient, path: str, data: dict[str, str] | None = None) -> None:
        self.browser = client.app.test_client()
        cookie = client.browser.get_cookie("desk")
        assert cookie
        self.browser.set_cookie("desk", cookie.value)
        self._path, self._data = path, data
        self._answers: list[TestResponse] = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        send = self.browser.get if self._data is None else self.browser.post
        self._answers.append(send(self._path, **({} if self._data is None else {"data": self._data})))

    @property
    def answer(self) -> TestResponse:
        """The answer, waited for."""
        self._thread.join(_READ_SECONDS)
        assert self._answers, "it goes on for ever"
        return self._answers[0]


def new_desk(world: World, name: str = "itjen") -> DeskClient:
    """A desk that waits for its start link; it exports into `ekspor` beside the vault."""
    workstation = replace(SETTINGS.workstation, export_folder=world.folder / "ekspor")
    clock = Clock()
    desk = Desk(replace(SETTINGS, workstation=workstation), world.path(name), clock, CHEAP)
    return DeskClient(desk, create_app(desk), clock)


def make_desk(world: World, officer: str = LOGIN) -> DeskClient:
    """A desk that this officer has unlocked; whoever closes the vault again is the desk: `client.desk.close("end")`."""
    client = new_desk(world)
    client.start()
    assert client.unlock(officer).status_code == 302
    return client


def let_in(world: World, login: str, *roles: str, name: str = "", unit: str = "", passphrase: str = PASSPHRASE) -> None:
    """Another officer, with the same passphrase if no other is given."""
    with world.open() as vault:
        officers.add(
            Work(vault, SETTINGS, TODAY),
            NewOfficer(login, name or f"{login.title()} Uji", roles, passphrase, unit),
            CHEAP,
        )
