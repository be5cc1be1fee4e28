"""A running desk over a real vault, and the one browser that it knows."""

import re
from dataclasses import dataclass, field, replace
from typing import Any

from flask.testing import FlaskClient
from triage_world import CHEAP, LOGIN, PASSPHRASE, SETTINGS, World
from werkzeug.test import TestResponse

from dropbox.triage.desk.app import create_app
from dropbox.triage.desk.session import Desk
from dropbox.triage.office import log, officers
from dropbox.triage.officer import NewOfficer
from dropbox.triage.vault import Vault

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Clock:
    """Monotonic seconds that pass when a test says so."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Client:
    """The bound browser of an unlocked desk."""

    desk: Desk
    clock: Clock
    http: FlaskClient
    token: str = field(default="", repr=False)

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.http.get(path, **more)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """With the token; answers are not followed."""
        return self.http.post(path, data={"csrf_token": self.token} | (data or {}), **more)

    @property
    def vault(self) -> Vault:
        """The open vault, as the pages have it."""
        opened = self.desk.vault()
        assert opened is not None
        return opened

    def lines(self, action: str) -> list[dict[str, Any]]:
        """Details of the log's lines of an act, oldest first."""
        return [line.details for line in log.lines(self.vault) if line.action == action]


def add_officer(world: World, login: str, *roles: str) -> None:
    """Another officer, with the same passphrase."""
    with world.open() as vault:
        officers.add(vault, SETTINGS, NewOfficer(login, login.title(), roles, PASSPHRASE), CHEAP)


def make_desk(world: World, officer: str = LOGIN) -> Client:
    """A desk that this officer has unlocked; it exports into `ekspor` beside the vault."""
    workstation = replace(SETTINGS.workstation, export_folder=world.folder / "ekspor")
    clock = Clock()
    desk = Desk(replace(SETTINGS, workstation=workstation), world.path(), clock=clock, cost=CHEAP)
    app = create_app(desk)
    client = Client(desk, clock, app.test_client())
    assert client.get(desk.start_path).status_code == 302
    match = _TOKEN.search(client.get("/buka").text)
    assert match is not None
    client.token = match[1]
    assert client.post("/buka", {"officer": officer, "passphrase": PASSPHRASE}).status_code == 302
    return client
