"""The overseer: clocks and the log without content, and the yearly statement that its chain is whole."""

import datetime
import types
from collections.abc import Iterator
from dataclasses import replace

import pytest
from triage_world import PASSPHRASE, SETTINGS, TODAY, World
from work_world import as_officer, move, new_case

from dropbox import cli
from dropbox.crypto.log_statements import open_log_statement
from dropbox.crypto.signing import Trust
from dropbox.errors import DamagedError, MalformedError, RefusedError, UntrustedError
from dropbox.triage.access import permission
from dropbox.triage.cases import audit_log
from dropbox.triage.casework import protection
from dropbox.triage.cli import run
from dropbox.triage.oversight import deadline_list, statement
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import date_of, day_of

YEAR = date_of(TODAY).year - 1
LAST_EVENING = f"{YEAR}-12-31T16:59:59+00:00"  # a second before midnight in Jakarta
MIDNIGHT = f"{YEAR}-12-31T17:00:00+00:00"


def _write(vault: Vault, monkeypatch: pytest.MonkeyPatch, *times: str) -> None:
    """Lines of the log at these times."""
    with monkeypatch.context() as patch:
        for at in times:
            now = datetime.datetime.fromisoformat(at)
            clock = types.SimpleNamespace(now=lambda _zone, now=now: now)
            patch.setattr(audit_log, "datetime", types.SimpleNamespace(datetime=clock, UTC=datetime.UTC))
            with transaction(vault.db):
                audit_log.write(vault, "unlock")


@pytest.fixture
def old(vault: Vault) -> Iterator[Vault]:
    """A vault whose log begins with the lines that a test writes."""
    vault.db.execute("drop trigger log_is_not_cut")
    vault.db.execute("delete from log")
    return vault


def test_the_overseer_reads_clocks_and_no_content(vault: Vault) -> None:
    """Number, status and dates of live cases; what ended, was merged or is kept from them is not there."""
    new_case(vault, today=TODAY - 40, what="kenari", who="Kepala Contoh")
    move(vault, new_case(vault), "TELAAH")
    move(vault, new_case(vault), "SELESAI_TIDAK")
    protection.open_request(Work(vault, SETTINGS, TODAY), new_case(vault), "career")
    overseer = as_officer(vault, "awas", "pengawas")
    found = deadline_list.running(Work(overseer, SETTINGS, TODAY))
    assert [(one.name, one.status) for one in found if one.urgency == "overdue"] == [("ITJEN-0001", "DITERIMA")]
    assert sorted((one.name, one.status) for one in found) == [
        ("ITJEN-0001", "DITERIMA"), ("ITJEN-0002", "TELAAH"), ("ITJEN-0004", ""), ("ITJEN-0004", "DITERIMA")
    ]  # fmt: skip
    assert found == sorted(found, key=lambda one: one.due)
    assert "kenari" not in repr(found)
    with transaction(vault.db):
        vault.db.execute("insert into exclusions values (4, 'awas', 'unit', '')")
    assert {one.name for one in deadline_list.running(Work(overseer, SETTINGS, TODAY))} == {"ITJEN-0001", "ITJEN-0002"}
    for act in ("case.read", "file.preview", "prevention.manage"):
        with pytest.raises(RefusedError):
            permission.permit(Work(overseer, SETTINGS, TODAY), act, 1)
    with pytest.raises(RefusedError):
        deadline_list.running(Work(as_officer(vault, "budi", "penelaah"), SETTINGS, TODAY))


def test_a_year_ends_at_midnight_of_the_zone(old: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last second of New Year's Eve belongs to the year, the next one does not; a clock that went back is borne."""
    _write(old, monkeypatch, f"{YEAR - 1}-06-01T00:00:00+00:00", LAST_EVENING, LAST_EVENING, MIDNIGHT)
    raw = statement.make(Work(old, SETTINGS, TODAY), YEAR)
    found = open_log_statement(Trust(old.anchor, TODAY), raw)
    assert (found.year, found.lines, found.of_year, found.head.made) == (YEAR, 3, 2, TODAY)
    assert statement.check(Work(old, SETTINGS, TODAY), raw) == found
    quiet = open_log_statement(Trust(old.anchor, TODAY), statement.make(Work(old, SETTINGS, TODAY), YEAR - 1))
    assert (quiet.lines, quiet.of_year) == (1, 1)
    _write(old, monkeypatch, LAST_EVENING)
    again = open_log_statement(Trust(old.anchor, TODAY), statement.make(Work(old, SETTINGS, TODAY), YEAR))
    assert (again.lines, again.of_year) == (7, 3)  # with the lines of the two statements between


def test_what_cannot_be_stated_is_refused(old: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """A year that goes on, one before the log began, one that is no year; and whoever is no overseer."""
    _write(old, monkeypatch, MIDNIGHT)
    for year in (YEAR, YEAR + 1, 1999, 0, 99_999):
        with pytest.raises(RefusedError):
            statement.make(Work(old, SETTINGS, TODAY), year)
    last = day_of(datetime.date(YEAR + 1, 12, 31))
    with pytest.raises(RefusedError):
        statement.make(Work(old, SETTINGS, last), YEAR + 1)
    with pytest.raises(RefusedError):
        statement.make(Work(as_officer(old, "budi", "inspektur"), SETTINGS, TODAY), YEAR)


def test_a_log_that_was_altered_is_noticed(old: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that was changed gets no statement; one that was made anew is not what an old statement says."""
    _write(old, monkeypatch, LAST_EVENING, MIDNIGHT)
    raw = statement.make(Work(old, SETTINGS, TODAY), YEAR)
    old.db.execute("drop trigger log_is_not_changed")
    old.db.execute("update log set officer = 'budi' where number = 1")
    with pytest.raises(DamagedError):
        statement.make(Work(old, SETTINGS, TODAY), YEAR)
    old.db.execute("delete from log")
    with pytest.raises(DamagedError):
        statement.check(Work(old, SETTINGS, TODAY), raw)
    _write(old, monkeypatch, MIDNIGHT, MIDNIGHT)
    audit_log.verify(old)
    with pytest.raises(DamagedError):
        statement.check(Work(old, SETTINGS, TODAY), raw)


def test_a_statement_that_was_bent_is_refused(old: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bit, a cut, another desk's statement."""
    _write(old, monkeypatch, LAST_EVENING)
    raw = statement.make(Work(old, SETTINGS, TODAY), YEAR)
    with pytest.raises(UntrustedError):
        statement.check(Work(old, SETTINGS, TODAY), raw[:-1] + bytes([raw[-1] ^ 1]))
    for bad in (raw[:-1], b"", b"DBXL", raw + b"\x00"):
        with pytest.raises(MalformedError):
            statement.check(Work(old, SETTINGS, TODAY), bad)
    with pytest.raises(RefusedError):
        statement.check(Work(replace(old, desk="irjen"), SETTINGS, TODAY), raw)


def test_oversight_at_the_terminal(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The overseer lists clocks, writes and checks a statement; whoever has root.pub verifies it elsewhere."""
    with world.open() as vault:
        vault.db.execute("drop trigger log_is_not_cut")
        vault.db.execute("delete from log")
        _write(vault, monkeypatch, LAST_EVENING)
        new_case(vault)
        root = world.folder / "root.pub"
        root.write_bytes(vault.anchor.encode())
    (world.folder / "kepala").write_text(PASSPHRASE)
    (world.folder / "kepala").chmod(0o600)
    made = world.folder / "pernyataan.dbx"
    who = ["--vault", str(world.path()), "--officer", "kepala", "--passphrase-file", str(world.folder / "kepala")]
    with world.open() as vault:
        running = deadline_list.running(Work(vault, SETTINGS, TODAY))
        assert [(one.name, one.status) for one in running] == [("ITJEN-0001", "DITERIMA")]
    assert run(["oversight", "state", *who]) == 2
    assert run(["oversight", "state", "--year", str(YEAR), "--file", str(made), *who]) == 0
    with world.open() as vault:
        statement.check(Work(vault, SETTINGS, TODAY), made.read_bytes())
    capsys.readouterr()
    assert cli.main(["statement", str(made), "--root", str(root)]) == 0
    said = capsys.readouterr()
    assert f"desk itjen, year {YEAR}, made {date_of(TODAY)}" in said.out
    assert "1 lines by the end of the year, 1 of them in it" in said.out
    assert "NOT CHECKED against revocations" in said.err
    listed = world.folder / "revocations"
    listed.write_bytes(world.revocations(TODAY, 2))
    assert cli.main(["statement", str(made), "--root", str(root), "--revocations", str(listed)]) == 0
    assert "NOT CHECKED" not in capsys.readouterr().err
    # In the evening the day of UTC, by which it is compared, is the day before the office's.
    listed.write_bytes(world.revocations(TODAY - 102, 2))
    assert cli.main(["statement", str(made), "--root", str(root), "--revocations", str(listed)]) == 0
    assert "NOT CHECKED against newer revocations" in capsys.readouterr().err
    with world.open() as vault:
        station = vault.station_public
    listed.write_bytes(world.revocations(TODAY, 2, {station: TODAY}))
    assert cli.main(["statement", str(made), "--root", str(root), "--revocations", str(listed)]) == 1
    made.write_bytes(made.read_bytes()[:-1] + b"x")
    assert cli.main(["statement", str(made), "--root", str(root)]) == 1
    assert cli.main(["statement", str(world.folder / "keine"), "--root", str(root)]) == 1
    made.write_bytes(bytes(70_000))
    assert cli.main(["statement", str(made), "--root", str(root)]) == 1
