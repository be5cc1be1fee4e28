"""What waits and what each desk owes, and the courier's commands through the gate."""

import hashlib
import os
import pwd
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from courier_desks import DESKS, EPOCH, TODAY, Office, put_blob, revocations
from gate_support import Opened, bound_room, open_gate
from test_courier_export import change, names

from dropbox.cli import main
from dropbox.courier import signer, survey
from dropbox.courier.gate.client import Gate, GateError
from dropbox.courier.state import Desk, State
from dropbox.crypto.signing import Trust
from dropbox.limits import BOARD_LATE_DAYS, CERTIFICATE_WARN_DAYS, PIECE_BYTES, REVOCATIONS_DAYS
from dropbox.settings.installation import load
from dropbox.wire.calendar import epoch_last_day
from tests.support.exports import Server


def surveyed(office: Office, today: int = TODAY) -> State:
    return survey.survey(office.store, office.anchor, load(office.config), today)


def desk(office: Office, name: str, today: int = TODAY) -> Desk:
    return next(one for one in surveyed(office, today).desks if one.name == name)


def owed(office: Office, name: str, today: int = TODAY) -> list[str]:
    return [one.code.removeprefix("courier.") for one in desk(office, name, today).owes]


def certify(office: Office, first: int, last: int) -> None:
    """Give the server another certificate."""
    wanted = signer.request(office.store, Trust(office.anchor, TODAY))
    server = Server(office.root, office.anchor, serial=2)
    signer.install(office.store, Trust(office.anchor, TODAY), server.certificate(first, last, server=wanted.server))


@pytest.fixture
def calm(office: Office) -> Office:
    """Both desks have published for twelve weeks, and nothing waits."""
    for name in DESKS:
        one = getattr(office, name)
        keys = one.sign("keys", one.keys_body(epochs=12))
        office.take(one.returns(keys, *one.board()))
    return office


def test_a_calm_office_owes_nothing(calm: Office) -> None:
    """Nothing waits, and every day is that of the newest return."""
    state = surveyed(calm)
    assert (state.waiting, state.oldest_week, state.is_urgent) == (False, None, False)
    keys_until = epoch_last_day(EPOCH + 11)
    assert state.desks == tuple(Desk(name, TODAY, TODAY + 90, keys_until, ()) for name in DESKS)
    assert state.certificate_until == TODAY + 300


def test_what_waits_is_known_by_its_week(calm: Office) -> None:
    """Yes or no and the oldest week; an unfinished upload is no report yet."""
    calm.store.blobs.begin(0.0)
    assert not surveyed(calm).waiting
    for epoch in (EPOCH, EPOCH - 2, EPOCH - 1):
        put_blob(calm.store, epoch=epoch)
    assert (surveyed(calm).waiting, surveyed(calm).oldest_week) == (True, EPOCH - 2)


def test_receipts_are_owed_by_the_desk_that_gave_none(calm: Office) -> None:
    """The desk that gave its receipts owes none; of two blobs one is enough to owe."""
    first, second = put_blob(calm.store), put_blob(calm.store)
    assert owed(calm, "itjen") == owed(calm, "irjen") == ["owes-receipts"]
    calm.take(calm.itjen.returns(calm.itjen.receipts([first], 2), number=2))
    assert owed(calm, "itjen") == ["owes-receipts"]
    calm.take(calm.itjen.returns(calm.itjen.receipts([first, second], 3), number=3))
    assert (owed(calm, "itjen"), owed(calm, "irjen")) == ([], ["owes-receipts"])


def test_a_successor_that_owes_receipts_is_named(office: Office) -> None:
    """Its missing receipts have a sentence of their own, and are not urgent at once."""
    put_blob(office.store, epoch=EPOCH)
    for name in DESKS:
        one = replace(getattr(office, name), successor=name == "itjen")
        office.take(one.returns(one.sign("keys", one.keys_body(epochs=12)), *one.board()))
    assert (owed(office, "itjen"), owed(office, "irjen")) == (["owes-receipts-successor"], ["owes-receipts"])
    assert "for 13 weeks" in surveyed(office).desks[DESKS.index("itjen")].owes[0]
    assert not surveyed(office).is_urgent


def test_receipts_become_urgent_after_a_week(calm: Office) -> None:
    """Something that waits is no alarm; something that waits since the week before last is one."""
    put_blob(calm.store, epoch=EPOCH)
    last = epoch_last_day(EPOCH)
    for name in DESKS:  # a board of that day, so that nothing else is late
        one = replace(getattr(calm, name), made=TODAY)
        calm.take(one.returns(*one.board(2), number=2))
    assert not surveyed(calm, last if last - TODAY <= BOARD_LATE_DAYS else TODAY).is_urgent
    assert surveyed(calm, last + 8).is_urgent


def test_a_desk_that_never_published_owes_its_first_return(office: Office) -> None:
    """Each desk of the settings is named, also without a row in the store."""
    assert [(one.name, [owed.code for owed in one.owes]) for one in surveyed(office).desks] == [
        (name, ["courier.owes-return"]) for name in DESKS
    ]
    assert surveyed(office).is_urgent


def test_old_answers_are_owed(calm: Office) -> None:
    """From the day after BOARD_LATE_DAYS on; and without any board at once."""
    assert owed(calm, "itjen", TODAY + BOARD_LATE_DAYS) == []
    assert owed(calm, "itjen", TODAY + BOARD_LATE_DAYS + 1) == ["owes-board"]
    change(calm, "DELETE FROM published WHERE kind = 'board'")
    assert owed(calm, "itjen") == ["owes-first-board"]


def test_ends_are_said_before_they_come(office: Office) -> None:
    """A certificate from CERTIFICATE_WARN_DAYS on, keys four weeks before their end, each for its own desk."""
    soon = replace(office.itjen, last=TODAY + CERTIFICATE_WARN_DAYS - 1)
    office.take(soon.returns(soon.sign("keys", soon.keys_body(epochs=12)), *soon.board()))
    office.take(office.irjen.full_return())  # keys of two weeks
    assert owed(office, "itjen") == ["owes-certificate"]
    assert owed(office, "irjen") == ["owes-keys"]
    assert surveyed(office).is_urgent


def test_an_ended_desk_is_named_once(calm: Office) -> None:
    """After its certificate ended, and after its key was revoked, a desk has the sentence that imports say too."""
    assert "desk-over" in owed(calm, "itjen", TODAY + 91)
    assert "owes-certificate" not in owed(calm, "itjen", TODAY + 91)
    calm.take(revocations(calm.root, calm.anchor, 2, calm.itjen.station.public))
    assert owed(calm, "itjen") == ["desk-revoked"]


def test_the_servers_certificate_is_watched(calm: Office) -> None:
    """Its end is said before it comes; without one, or with one that ended, that is urgent."""
    certify(calm, TODAY - 1, TODAY + CERTIFICATE_WARN_DAYS - 1)
    state = surveyed(calm)
    assert (state.certificate_until, state.is_urgent) == (TODAY + CERTIFICATE_WARN_DAYS - 1, False)
    assert state.notes[-1].code == "server-certificate.days-left"
    change(calm, "DELETE FROM state WHERE name = 'server certificate'")
    state = surveyed(calm)
    assert (state.certificate_until, state.is_urgent, state.notes[-1].code) == (
        None,
        True,
        "server-certificate.missing",
    )


def test_the_survey_changes_nothing(calm: Office) -> None:
    """Asked twice it says the same, and no row is written."""
    put_blob(calm.store)
    with calm.store.connections.read() as connection:
        before = connection.exec_driver_sql("SELECT name, value FROM state ORDER BY name").all()
        assert surveyed(calm) == surveyed(calm)
        assert connection.exec_driver_sql("SELECT name, value FROM state ORDER BY name").all() == before


@pytest.mark.parametrize(
    ("left", "said", "is_urgent"),
    [
        (CERTIFICATE_WARN_DAYS, [], False),
        (CERTIFICATE_WARN_DAYS - 1, ["courier.list-ends"], False),
        (0, ["courier.list-ends"], False),
        (-1, ["courier.list-ended"], True),
    ],
)
def test_the_end_of_the_list_is_said(calm: Office, left: int, said: list[str], *, is_urgent: bool) -> None:
    """A list of revocations that ends soon is a note, one that has ended is urgent, and its last day is known."""
    with calm.store.transaction() as tx:
        listed = revocations(calm.root, calm.anchor, 9, made=TODAY - REVOCATIONS_DAYS + left)
        calm.store.published.put(tx, "revocations", "", 9, listed)
    state = surveyed(calm)
    assert [note.code for note in state.notes if note.code.startswith("courier.list")] == said
    assert (state.is_urgent, state.revocations_until) == (is_urgent, TODAY + left)


def test_an_office_without_a_list_is_urgent(office: Office) -> None:
    """No browser seals then."""
    state = surveyed(office)
    assert "courier.list-missing" in [note.code for note in state.notes]
    assert (state.revocations_until, state.is_urgent) == (None, True)


# ---- the commands ----------------------------------------------------------------------------------------------------


@pytest.fixture
def opened(office: Office) -> Iterator[Opened]:
    with open_gate(office) as one:
        yield one


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main(["courier", *map(str, arguments)])
    return (code, *capsys.readouterr())


def test_the_status_is_the_same_on_both_ways(
    calm: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the store and through the gate but for the hours of the look, in both languages; 0 while nobody is late."""
    put_blob(calm.store)
    bound_room(calm)
    with open_gate(calm) as opened:
        for language, word, looked in (
            ("en", "sealed reports wait", "counted on "),
            ("id", "Ada laporan tersegel", "Dihitung pada "),
        ):
            monkeypatch.setenv("DROPBOX_LANG", language)
            store = run(capsys, "status", "--config", calm.config)
            code, out, err = run(capsys, "status", "--socket", opened.socket)
            lines = out.splitlines(keepends=True)
            assert lines.pop(1).startswith(looked)
            assert (code, "".join(lines), err) == store
            assert store[0] == 0
            assert store[1].startswith(word)
            assert store[2] == ""


def test_the_status_of_a_late_desk_is_one(office: Office, opened: Opened, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1 on both ways."""
    assert run(capsys, "status", "--config", office.config)[0] == 1
    assert run(capsys, "status", "--socket", opened.socket)[0] == 1


def test_the_round_through_the_gate(
    office: Office, opened: Opened, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Export and import without the settings; the file is private and whole, and nothing else is left."""
    blob = put_blob(office.store, 3 * PIECE_BYTES)
    code, _, err = run(capsys, "export", tmp_path / "out", "--socket", opened.socket)
    export = opened.gate.export()
    assert export is not None
    assert code == 0
    assert err.startswith(f"export 1-0001: 1 blobs, {export.length} bytes\n")
    assert names(tmp_path) == ["out"]
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o600
    assert hashlib.sha256((tmp_path / "out").read_bytes()).hexdigest() == export.sha256
    assert run(capsys, "export", tmp_path / "out", "--socket", opened.socket)[0] == 1  # never overwritten
    (tmp_path / "back").write_bytes(office.itjen.full_return([blob]))
    code, _, err = run(capsys, "import", tmp_path / "back", "--socket", opened.socket)
    assert (code, "1 blobs deleted" in err) == (0, True)
    (tmp_path / "back").write_bytes(office.itjen.full_return(number=0))
    assert run(capsys, "import", tmp_path / "back", "--socket", opened.socket)[0] == 1


def test_a_broken_download_goes_on_by_the_same_command(
    office: Office, opened: Opened, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first half is kept under a name of its own, and the second run asks for the rest of the same export."""
    put_blob(office.store, 5 * PIECE_BYTES)
    read = Gate.read
    asked = []

    def cut(gate: Gate, number: int, start: int) -> Iterator[bytes]:
        asked.append((number, start))
        pieces = read(gate, number, start)
        yield next(pieces)
        if len(asked) == 1:
            del pieces
            raise GateError("gate.ended")
        yield from pieces

    monkeypatch.setattr(Gate, "read", cut)
    code, _, err = run(capsys, "export", tmp_path / "out", "--socket", opened.socket)
    assert (code, "it goes on where it ended" in err) == (1, True)
    assert [name.endswith(".partial") for name in names(tmp_path)] == [True]
    assert run(capsys, "export", tmp_path / "out", "--socket", opened.socket)[0] == 0
    assert asked == [(1, 0), (1, PIECE_BYTES)]
    assert names(tmp_path) == ["out"]


def test_a_damaged_half_is_thrown_away(
    office: Office, opened: Opened, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that differs from the export at its end gets no name; the next run begins anew."""
    put_blob(office.store)
    export = opened.gate.prepare()
    (tmp_path / f".dropbox-export-{export.sha256}.partial").write_bytes(b"x" * 100)
    code, _, err = run(capsys, "export", tmp_path / "out", "--socket", opened.socket)
    assert (code, "differs from the export" in err) == (1, True)
    assert names(tmp_path) == []
    assert run(capsys, "export", tmp_path / "out", "--socket", opened.socket)[0] == 0


def test_what_is_left_of_another_export_is_removed(
    office: Office, opened: Opened, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A half of an export that the gate no longer has is of no use."""
    (tmp_path / ".dropbox-export-0123.partial").write_bytes(b"x")
    assert run(capsys, "export", tmp_path / "out", "--socket", opened.socket)[0] == 0
    assert names(tmp_path) == ["out"]


def test_who_is_named_goes_through_the_gate(
    office: Office, opened: Opened, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With settings that name this process's user, no store is opened; for all others it is."""
    name = pwd.getpwuid(os.getuid()).pw_name
    for users, database in ((f'["{name}"]', "nowhere.db"), ("[]", "store.db")):
        office.config.write_text(
            f'[server]\ndatabase = "sqlite:///{database}"\nroot_pub = "root.pub"\n'
            f'[courier]\nsocket = "{opened.socket}"\nusers = {users}\n'
        )
        code, out, _ = run(capsys, "status", "--config", office.config)
        assert (code, out.startswith("nothing waits")) == (1, True)
