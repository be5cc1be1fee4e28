"""Each fault that is planted in an honest installation is found, and the honest one has none."""

import datetime
import json
import os
import re
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from dropbox.cli import main
from dropbox.courier import signer, upkeep
from dropbox.crypto.private.desk_keys import EpochSecretKey
from dropbox.crypto.signing import Trust
from dropbox.crypto.site_manifest import SITE_MANIFEST
from dropbox.errors import ConfigurationError
from dropbox.limits import MIB
from dropbox.published.trust import ALL_DESKS
from dropbox.sentences.catalogue import Sentence
from dropbox.server import carrying, entrances, facts, report, running
from dropbox.server.carrying import Carrying, Gate
from dropbox.server.checks import LEFT_OUT, PARTS, TAKEN_OVER
from dropbox.server.entrances import Entrances, Refused, Valid
from dropbox.server.finding import CODES, Severity
from dropbox.server.running import Running
from dropbox.settings.contacts import Contact
from dropbox.settings.installation import ACCEPTABLE, Settings, load
from dropbox.settings.program import program_hash
from dropbox.settings.public import encode_public
from dropbox.settings.version import program_version
from dropbox.store import rewrite
from dropbox.store.database import Store
from dropbox.store.migrate import upgrade
from dropbox.store.upkeep import days_of
from dropbox.web.checks import machine, startup
from dropbox.web.checks.sockets import Listener
from dropbox.web.http.headers import CSP
from dropbox.wire.calendar import date_of, day_of, epoch_of
from dropbox.wire.keyring import PRIVATE_FILE_LINE
from dropbox.wire.manifest import Answer, SiteManifest, encode_manifest
from tests.support.desks import FakeInspectorate
from tests.support.exports import Server as ServerKey
from tests.support.server import inspectorate_of_today

NOW = datetime.datetime.now(datetime.UTC)
TODAY = day_of(NOW.date())
NIGHT = load().night(NOW)
HOST = "lapor.example"
NGINX = """
http {
    server { listen 80; server_name lapor.example; access_log off; error_log /dev/null crit; return 301 https://$host; }
    server {
        listen 443 ssl;
        server_name lapor.example;
        access_log off;  error_log /dev/null crit;  client_max_body_size 0;
        location / { proxy_pass http://127.0.0.1:8000; proxy_http_version 1.1; proxy_request_buffering off;
                     proxy_buffering off; }
    }
}
"""
GATE = Gate(os.getuid() or 4711, open_folders=(), free=1 << 40)
PAGE = Listener("127.0.0.1", 8001, 4712, "1")
WAYS = Entrances(proxy=True, certificate=Valid(date_of(TODAY + 60), 90), tor=True)
COURIERS = frozenset({PAGE.user, 0})
WELL = Running("ok", os.getuid() or 4711, dumps_core=False, is_debugged=False, addresses=("127.0.0.1",))


def eight(day: int) -> bytes:
    return day.to_bytes(8)


@dataclass
class Place:
    """An installation that lacks nothing, until something is planted."""

    folder: Path
    inspectorate: FakeInspectorate
    patch: pytest.MonkeyPatch
    over: dict[str, Any] = field(default_factory=dict)  # settings

    @property
    def config(self) -> Path:
        return self.folder / "dropbox.toml"

    def settings(self) -> Settings:
        confirmed = Contact("129", "", "called", NOW.date())
        settings = load(self.config)
        contacts = dict.fromkeys(settings.contacts, confirmed)
        return replace(settings, **{"contacts": contacts, "address": f"https://{HOST}", **self.over})

    def sign_manifest(self) -> None:
        """Have the root sign what this program is, and what visitors see of the settings as they are."""
        shown = encode_public(self.settings())
        page = {"/": Answer(bytes(32), fixed=False)}
        said = SiteManifest(
            self.inspectorate.anchor.instance, 1, TODAY, program_version(), program_hash(), CSP, shown, page
        )
        body = said.encode()
        self.over["manifest"] = self.folder / "site.manifest"
        self.over["manifest"].write_bytes(
            encode_manifest(body, self.inspectorate.root.sign(SITE_MANIFEST, said.instance, body))
        )

    def store(self) -> Store:
        return Store.open(f"sqlite:///{self.folder / 'store.db'}")

    def state(self, name: str, value: bytes | None) -> None:
        store = self.store()
        if value is None:
            store.state.delete(name)
        else:
            store.state.put(name, value)
        store.close()

    def publish(self, kind: str, desk: str, number: int, body: bytes) -> None:
        store = self.store()
        with store.transaction() as tx:
            store.published.put(tx, kind, desk, number, body)
        store.close()

    def sql(self, statement: str) -> None:
        store = self.store()
        with store.transaction() as tx:
            tx.execute(text(statement))
        store.close()

    def certify(self, first: int, last: int) -> None:
        """Give the server a certificate."""
        store, anchor = self.store(), self.inspectorate.anchor
        wanted = signer.request(store, Trust(anchor, TODAY))
        store.state.put(
            "server certificate",
            ServerKey(self.inspectorate.root, anchor).certificate(first, last, server=wanted.server),
        )
        store.close()

    def desk(self, **values: Any) -> None:
        """Publish itjen's keys anew, under other days."""
        desk = replace(self.inspectorate.desks["itjen"], **values)
        self.publish("keys", "itjen", 2, desk.key_bundle(2))

    def board(self, made: int) -> None:
        self.publish("board", "itjen", 9, self.inspectorate.desks["itjen"].packed_board(9, [], made))

    def server(self, **values: Any) -> None:
        self.patch.setattr(running, "look", lambda _: replace(WELL, **values))

    def gate(self, **values: Any) -> None:
        self.patch.setattr(carrying, "look", lambda *_: Carrying(replace(GATE, **values), (PAGE,), COURIERS))

    def ways(self, **values: Any) -> None:
        self.patch.setattr(entrances, "look", lambda _: replace(WAYS, **values))

    def page(self, *page: Listener) -> None:
        self.patch.setattr(carrying, "look", lambda *_: Carrying(GATE, page, COURIERS))

    def nginx(self, old: str, new: str) -> None:
        path = self.folder / "nginx.conf"
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")

    def used(self) -> int:
        store = self.store()
        used = int(store.room.usage().used)
        store.close()
        return used

    def look(self) -> report.Report:
        return report.look(facts.gather(self.settings(), NOW, self.folder / "nginx.conf"))

    def codes(self) -> set[str]:
        return {finding.code for _, finding in self.look().findings}


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, FakeInspectorate]:
    """A folder as the guide says: a real root, keys for twelve weeks, boards of today, an export, a tidying."""
    folder = tmp_path_factory.mktemp("honest") / "site"
    folder.mkdir(mode=0o700)
    inspectorate = inspectorate_of_today(demo=False)
    (folder / "root.pub").write_bytes(inspectorate.anchor.encode())
    (folder / "dropbox.toml").write_text('[server]\ndatabase = "sqlite:///store.db"\n', "utf-8")
    (folder / "nginx.conf").write_text(NGINX, "utf-8")
    upgrade(f"sqlite:///{folder / 'store.db'}")
    for path in folder.iterdir():
        path.chmod(0o600)
    place = Place(folder, inspectorate, pytest.MonkeyPatch())
    for desk in inspectorate.desks.values():
        desk.epochs.update({epoch_of(TODAY) + ahead: EpochSecretKey.generate() for ahead in range(12)})
    store = place.store()
    inspectorate.publish_keys(store)
    upkeep.note_export(store, NIGHT)
    store.close()
    for name, desk in inspectorate.desks.items():
        place.publish("board", name, 1, desk.packed_board(1, []))
    place.certify(TODAY - 10, TODAY + 300)
    place.state("rewritten", eight(NIGHT))
    return folder, inspectorate


@pytest.fixture
def place(tmp_path: Path, honest: tuple[Path, FakeInspectorate], monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A copy of it, on a machine without faults and with a server that is well."""
    folder = tmp_path / "site"
    shutil.copytree(honest[0], folder)
    (tmp_path / "home").mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setattr(machine, "has_swap", lambda: False)
    monkeypatch.setattr(machine, "clock_is_unset", lambda: False)
    monkeypatch.setattr(startup, "homes", lambda: [tmp_path / "home"])
    monkeypatch.setattr(startup, "drives", lambda: [tmp_path / "drive"])
    monkeypatch.setattr(startup, "_PROJECT", tmp_path)
    place = Place(folder, honest[1], monkeypatch)
    place.server()
    place.gate()
    place.ways()
    place.sign_manifest()
    yield place


def keeps_times(_: object) -> None:
    raise ConfigurationError("store.journal-times")


def few_epochs(place: Place) -> None:
    epochs = place.inspectorate.desks["itjen"].epochs
    week = epoch_of(TODAY)
    desk = replace(place.inspectorate.desks["itjen"])
    desk.epochs = {epoch: epochs[epoch] for epoch in (week, week + 1)}
    place.publish("keys", "itjen", 2, desk.key_bundle(2))


def another_root(place: Place, **values: Any) -> None:
    (place.folder / "root.pub").write_bytes(replace(place.inspectorate.anchor, **values).encode())


def run_as_root(place: Place) -> None:
    """The server's user; who owns its files is another test's."""
    place.server(user=0)
    place.gate(user=0)
    place.patch.setattr(machine, "open_files", lambda *_: iter(()))


def another_owner(place: Place, name: str) -> None:
    """A user who is neither root nor the server's."""
    place.server(user=os.getuid() + 1)
    stat_of = Path.stat

    def owned(path: Path, **options: Any) -> os.stat_result:
        status = stat_of(path, **options)
        return os.stat_result((*status[:4], 65534, *status[5:])) if path == place.folder / name else status

    place.patch.setattr(Path, "stat", owned)


PLANTS: dict[str, Callable[[Place], object]] = {
    "server-down": lambda place: place.patch.setattr(running, "look", lambda _: None),
    "server-unwell": lambda place: place.server(answer="keys"),
    "debug": lambda place: place.server(is_debugged=True),
    "core-dumps": lambda place: place.server(dumps_core=True),
    "root-user": run_as_root,
    "open-address": lambda place: place.server(addresses=("127.0.0.1", "192.0.2.1")),
    "root-unusable": lambda place: (place.folder / "root.pub").unlink(),
    "demo-root": lambda place: another_root(place, demo=True),
    "root-ends": lambda place: another_root(place, last=TODAY + 100),
    "revocations-end": lambda place: place.publish(
        "revocations", ALL_DESKS, 2, place.inspectorate.revocations(2, made=TODAY - 90)
    ),
    "keys-unusable": lambda place: place.sql("DELETE FROM published WHERE kind = 'keys'"),
    "desk-closed": lambda place: place.desk(last=TODAY - 1, first=TODAY - 50),
    "desk-closes": lambda place: place.desk(last=TODAY + 3),
    "desk-missing": lambda place: place.sql("DELETE FROM published WHERE kind = 'keys' AND desk = 'irjen'"),
    "desk-revoked": lambda place: place.publish(
        "revocations",
        ALL_DESKS,
        2,
        place.inspectorate.revocations(2, place.inspectorate.desks["irjen"].station.public),
    ),
    "desk-certificate-ends": lambda place: place.desk(last=TODAY + 10),
    "desk-keys-run-out": few_epochs,
    "server-certificate-missing": lambda place: place.state("server certificate", None),
    "server-certificate-unusable": lambda place: place.certify(TODAY - 100, TODAY - 1),
    "server-certificate-ends": lambda place: place.certify(TODAY - 100, TODAY + 10),
    "board-missing": lambda place: place.sql("DELETE FROM published WHERE kind = 'board' AND desk = 'irjen'"),
    "board-late": lambda place: place.board(TODAY - 8),
    "board-old": lambda place: place.board(TODAY - 11),
    "export-never": lambda place: place.state("export-day", None),
    "export-late": lambda place: place.state("export-day", eight(NIGHT - 8)),
    "export-old": lambda place: place.state("export-day", eight(NIGHT - 15)),
    "clock-wrong": lambda place: place.state("export-day", eight(NIGHT + 2)),
    "gate-down": lambda place: place.gate(user=None),
    "gate-user": lambda place: place.gate(user=4713),
    "gate-open": lambda place: place.gate(open_folders=(place.folder,)),
    "gate-full": lambda place: place.gate(free=1),
    "gate-no-spool": lambda place: place.gate(free=None),
    "page-down": lambda place: place.page(),
    "page-user": lambda place: place.page(replace(PAGE, user=0)),
    "page-open": lambda place: place.page(replace(PAGE, address="192.0.2.1")),
    "database-unusable": lambda place: place.sql("UPDATE alembic_version SET version_num = '0001'"),
    "database-unreachable": lambda place: (place.folder / "store.db").write_bytes(b"no database" * 100),
    "database-keeps-times": lambda place: place.patch.setattr(rewrite, "check", keeps_times),
    "files-full": lambda place: place.over.update(store_bytes=4 * MIB),
    "texts-low": lambda place: place.over.update(store_bytes=(place.used() + 3 * MIB) * 20 // 19),
    "texts-full": lambda place: place.over.update(store_bytes=MIB),
    "tidying-never": lambda place: place.state("rewritten", None),
    "tidying-late": lambda place: place.state("rewritten", eight(NIGHT - 3)),
    "tidying-fails": lambda place: place.state("tidy-failing", eight(NIGHT - 3)),
    "open-folders": lambda place: (place.folder / "store.db").chmod(0o644),
    "swap": lambda place: place.patch.setattr(machine, "has_swap", lambda: True),
    "clock-unset": lambda place: place.patch.setattr(machine, "clock_is_unset", lambda: True),
    "private-key": lambda place: (place.folder / "x").write_bytes(PRIVATE_FILE_LINE + b"\nkind: root\nname: x\n"),
    "onion-down": lambda place: place.ways(tor=False),
    "tls-refused": lambda place: place.ways(certificate=Refused("certificate has expired")),
    "tls-ends": lambda place: place.ways(certificate=Valid(date_of(TODAY + 13), 90)),
    "proxy-down": lambda place: place.ways(proxy=False),
    "proxy-buffers": lambda place: place.nginx("proxy_request_buffering off;", ""),
    "proxy-compresses": lambda place: place.nginx("http {", "http { gzip on;"),
    "proxy-logs": lambda place: place.nginx("access_log off; error_log /dev/null crit; return", "return"),
    "proxy-small": lambda place: place.nginx("client_max_body_size 0;", ""),
    "intake-closed": lambda place: place.over.update(intake_open=False),
    "contacts-missing": lambda place: place.over.update(contacts={"polisi": None}),
    "contacts-old": lambda place: place.over.update(
        contacts={"polisi": Contact("110", "", "called", NOW.date() - datetime.timedelta(days=400))}
    ),
    "address-missing": lambda place: place.over.update(address=""),
    "site-manifest": lambda place: place.over.update(intake_open=False),
    "security-contact-old": lambda place: place.over.update(
        security_contact="mailto:a@example.org", security_until=NOW.date() - datetime.timedelta(days=2)
    ),
}


def test_an_honest_installation_is_well(place: Place) -> None:
    """No finding, nothing unseen, and every part is named as well but for two that it does not have."""
    looked = place.look()
    assert looked.findings == []
    assert looked.unseen == {}
    assert looked.exit_code == report.WELL
    assert set(looked.well) == set(PARTS) - {"disk", "standby"}


def test_there_is_a_plant_for_each_code() -> None:
    """The table below is whole."""
    assert PLANTS.keys() == CODES.keys()


@pytest.mark.parametrize("code", PLANTS)
def test_a_planted_fault_is_found(place: Place, code: str) -> None:
    """The fault's own code is found, with a sentence in both languages, and the exit code is at least its own."""
    PLANTS[code](place)
    looked = place.look()
    (sentence,) = {finding.sentence for _, finding in looked.findings if finding.code == code}
    assert sentence.sentence("id") != sentence.sentence("en")
    assert looked.exit_code >= (report.ALARM if CODES[code] is Severity.ALARM else report.WARNING)


def test_a_manifest_that_outsiders_cannot_use_is_found(place: Place) -> None:
    """A cut, an altered and a missing manifest each have a sentence of their own; settings that name none need none."""
    file = place.folder / "site.manifest"
    held = file.read_bytes()

    def said() -> str:
        (sentence,) = {finding.sentence for _, finding in place.look().findings}
        return sentence.code

    file.write_bytes(held[:-1])
    assert said() == "format.too-short"
    file.write_bytes(held[:-1] + bytes([held[-1] ^ 1]))
    assert said() == "signature.wrong"
    file.unlink()
    assert said() == "file.name-unreadable"
    place.over["manifest"] = None
    assert place.look().findings == []


@pytest.mark.parametrize("user", [0, GATE.user, 33, 1000, 65534])
def test_only_a_courier_may_run_the_page(place: Place, user: int) -> None:
    """Root, the server's user and every user whom the settings do not name are found at the page's port."""
    place.page(PAGE, replace(PAGE, user=user))
    assert place.codes() == {"page-user"}


def test_the_room_is_what_is_free(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """An export of today, which the spool need not hold, makes no room for a larger one."""
    monkeypatch.setattr("dropbox.courier.exchange.expected_bytes", lambda _: 20 << 30)
    place.gate(free=1 << 30)
    assert place.codes() == {"gate-full"}


@pytest.mark.parametrize("code", ACCEPTABLE)
def test_what_the_settings_accept_is_named_and_no_finding(place: Place, code: str) -> None:
    """Each word of `server.accept` takes one finding away, and the report says so."""
    PLANTS[code](place)
    place.over["accept"] = frozenset({code})
    looked = place.look()
    assert looked.findings == []
    assert looked.accepted == [code]
    assert looked.exit_code == report.WELL


def server_of_another(place: Place) -> None:
    place.patch.setattr(running, "look", lambda _: None)
    place.patch.setattr("os.geteuid", lambda: 4712)


@pytest.mark.parametrize("name", [".", "store.db", "root.pub", "dropbox.toml"])
def test_a_strange_owner_is_found_whatever_the_mode(place: Place, name: str) -> None:
    """An owner can change a file, so it must be root or the user as whom the server runs."""
    another_owner(place, name)
    assert "open-folders" in place.codes()


@pytest.mark.parametrize(("issued", "left", "found"), [(90, 14, False), (90, 13, True), (6, 2, False), (6, 1, True)])
def test_a_short_certificate_is_warned_of_later(place: Place, issued: int, left: int, found: bool) -> None:  # noqa: FBT001
    """The warning comes in the last 14 days, and in the last third of a certificate that is issued for six days."""
    place.ways(certificate=Valid(date_of(TODAY + left), issued))
    assert ("tls-ends" in place.codes()) is found


UNSEEN: dict[str, tuple[str, Callable[[Place], object]]] = {
    "no addresses": ("address", lambda place: place.server(addresses=())),
    "no server's user": ("files", server_of_another),
    "no socket": ("server", lambda place: place.patch.setattr(running, "look", lambda _: Sentence("unseen.no-socket"))),
    "limits": ("core-dumps", lambda place: place.server(dumps_core=None)),
    "environment": ("debug", lambda place: place.server(is_debugged=None)),
    "sockets": ("address", lambda place: place.server(addresses=None)),
    "swap": ("swap", lambda place: place.patch.setattr(machine, "has_swap", lambda: None)),
    "clock": ("clock", lambda place: place.patch.setattr(machine, "clock_is_unset", lambda: None)),
    "another user": ("private-keys", lambda place: place.patch.setattr("os.geteuid", lambda: 4712)),
    "another user, of homes": ("homes", lambda place: place.patch.setattr("os.geteuid", lambda: 4712)),
    "many files": ("private-keys", lambda place: place.patch.setattr("dropbox.web.checks.reach.REACH_ENTRIES_MAX", 0)),
    "nginx": ("proxy", lambda place: (place.folder / "nginx.conf").unlink()),
    "another host": ("proxy", lambda place: place.nginx(HOST, "other.example")),
    "half a configuration": ("proxy", lambda place: place.nginx("}\n}", "}")),
    "another proxy": ("tls", lambda place: place.ways(certificate=Sentence("unseen.no-listener"))),
    "the proxy's sockets": ("proxy", lambda place: place.ways(proxy=Sentence("unseen.sockets"))),
    "another machine's Tor": ("onion", lambda place: place.ways(tor=Sentence("unseen.no-tor"))),
    "standby": ("standby", lambda place: place.patch.setattr(facts, "_has_standby", lambda _: True)),
    "no root": ("keys", lambda place: (place.folder / "root.pub").unlink()),
    "no database": ("tidying", lambda place: (place.folder / "store.db").write_bytes(b"no database" * 100)),
}


@pytest.mark.parametrize("name", UNSEEN)
def test_what_was_not_seen_is_said_and_is_not_well(place: Place, name: str) -> None:
    """A part that cannot be looked at has a reason, is not among those that are well, and the exit code is not 0."""
    part, plant = UNSEEN[name]
    plant(place)
    looked = place.look()
    assert looked.unseen[part]
    assert part not in looked.well
    assert looked.exit_code in {report.WARNING, report.ALARM}


def test_all_that_the_survey_says_is_taken_over_or_left_out_by_name() -> None:
    """No sentence of the courier about store, desks and certificate is dropped in silence."""
    package = Path(signer.__file__).parent
    texts = "".join((package / f"{name}.py").read_text("utf-8") for name in ("survey", "upkeep", "quorum"))
    said = {word for word in texts.split('"') if re.fullmatch(r"(courier|server-certificate)\.[a-z-]+", word)}
    only_at_export = {"courier.flood", "courier.usual"}
    assert said - only_at_export - {*TAKEN_OVER, *LEFT_OUT} == set()
    assert {code for code in {*TAKEN_OVER, *LEFT_OUT} if code.startswith("courier.")} - said == set()


def test_looking_changes_nothing(place: Place) -> None:
    """A look changes no row, day or mode of the store, makes no file, and the next look finds as much."""
    before = sorted(path.name for path in place.folder.iterdir())
    store = place.store()
    days, number = days_of(store), store.state.get("export")
    store.close()
    (place.folder / "store.db").chmod(0o644)
    data = (place.folder / "store.db").read_bytes()
    assert place.codes() == place.codes() == {"open-folders"}
    assert stat.S_IMODE((place.folder / "store.db").stat().st_mode) == 0o644
    assert (place.folder / "store.db").read_bytes() == data
    assert sorted(path.name for path in place.folder.iterdir()) == before
    store = place.store()
    assert (days_of(store), store.state.get("export")) == (days, number)
    place.look()  # while it is served
    store.close()
    assert sorted(path.name for path in place.folder.iterdir()) == before


def command(place: Place, *more: str) -> int:
    return main(["server", "status", "--config", str(place.config), "--nginx", str(place.folder / "nginx.conf"), *more])


def test_the_command_says_it_in_both_languages(
    place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings as they are packaged lack help numbers and an address; the lines name codes, parts and reasons."""
    assert command(place) == report.WARNING
    said = capsys.readouterr().out
    assert "warning contacts-missing: no help number is confirmed" in said
    assert "not looked at: proxy, because the settings name no address" in said
    assert "well: server, user" in said
    monkeypatch.setenv("DROPBOX_LANG", "id")
    assert command(place) == report.WARNING
    said = capsys.readouterr().out
    assert "peringatan contacts-missing: Nomor bantuan belum dipastikan" in said
    assert "tidak diperiksa: proxy, karena: pengaturan tidak menyebut alamat situs" in said


def test_a_part_can_be_left_out_by_name_only(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """What is left out is named, and a part that does not exist is wrong use."""
    assert command(place, "--without", "settings", "--without", "proxy") == report.WELL
    assert "left out by --without: proxy, settings" in capsys.readouterr().out
    assert command(place, "--without", "everything") == 2


def test_homes_that_a_service_does_not_see_are_left_out_aloud(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A key in a home is found; without homes report and metrics name the part as left out, and never as well."""
    (tmp_path / "home" / "root.key").write_bytes(PRIVATE_FILE_LINE + b"\nkind: root\nname: x\n")
    assert command(place) == report.ALARM
    assert "private-key" in capsys.readouterr().out
    metrics = tmp_path / "dropbox.prom"
    assert command(place, "--without", "homes", "--metrics", str(metrics)) == report.WARNING
    said = capsys.readouterr().out
    assert "left out by --without: homes" in said
    assert "private-key " not in said
    assert "homes" not in said.partition("well: ")[2]
    assert 'dropbox_left_out{part="homes"} 1\n' in metrics.read_text("utf-8")
    assert 'dropbox_left_out{part="private-keys"} 0\n' in metrics.read_text("utf-8")


def test_a_key_on_a_drive_is_found_without_homes(place: Place, tmp_path: Path) -> None:
    """Drives belong to what a service sees, so leaving out homes does not leave them out."""
    (tmp_path / "drive").mkdir()
    (tmp_path / "drive" / "root.key").write_bytes(PRIVATE_FILE_LINE + b"\nkind: root\nname: x\n")
    assert command(place, "--without", "homes") == report.ALARM


def test_json_has_what_the_words_have(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """One object, with findings, what was not seen, and the exit code."""
    exit_code = command(place, "--json")
    found = json.loads(capsys.readouterr().out)
    assert found["exit_code"] == exit_code == report.WARNING
    assert {one["code"] for one in found["findings"]} == {"contacts-missing", "address-missing"}
    assert set(found["not_seen"]) == {"proxy"}
    assert found["day"] == NOW.date().isoformat()


def test_the_file_of_metrics_is_private_and_whole(place: Place, tmp_path: Path) -> None:
    """Mode 0640 whatever the umask, replaced at once, and nothing else is left in its folder."""
    folder = tmp_path / "collector"
    folder.mkdir()
    path = folder / "dropbox.prom"
    path.write_text("old")
    umask = os.umask(0o077)
    try:
        command(place, "--metrics", str(path))
    finally:
        os.umask(umask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert list(folder.iterdir()) == [path]
    assert 'dropbox_finding{code="contacts-missing",severity="warning"} 1\n' in path.read_text("utf-8")


def test_a_wrong_address_is_refused(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """--url takes a site, not a page or a file, and the refusal does not repeat it."""
    for url in ("lapor.example", "file:///etc/passwd", "https://lapor.example/kanari", "https://"):
        assert command(place, "--url", url) == 1
    assert "kanari" not in capsys.readouterr().err
