"""What must be renewed, by day; and a custodian's year of ceremonies, each on the day that the calendar names."""

import datetime
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dropbox.ceremony import authority, calendar
from dropbox.cli import main
from dropbox.crypto.private.private_files import Cost
from dropbox.errors import MalformedError, RefusedError
from dropbox.sentences.catalogue import Sentence
from dropbox.wire.bundle import ReturnBundle
from dropbox.wire.calendar import Day, date_of, epoch_last_day, epoch_of
from dropbox.wire.keyring import parse_keyed_bundle
from dropbox.wire.request import StationRequest, encode_request
from dropbox.wire.server import ServerRequest
from tests.support.desks import TODAY as DESK_DAY
from tests.support.desks import FakeDesk, FakeInspectorate

PASSPHRASE = "a long enough passphrase"
CHEAP = Cost(1, 64, 1)
TODAY = Day(20_780)


def new_root(folder: Path, days: int = 1095) -> authority.Root:
    """A root, made on TODAY."""
    authority.make_root(folder, demo=False, today=TODAY, days=days, passphrase=PASSPHRASE, cost=CHEAP)
    return authority.open_root(folder, PASSPHRASE)


def return_of(desk: FakeDesk, listed: bytes) -> bytes:
    """A return of a desk with its keys and a list of revocations."""
    signed = parse_keyed_bundle(desk.key_bundle()).signed
    return desk.signed("return", ReturnBundle(desk.head(1), (signed,), desk.public_keys, listed).encode())


def by_code(found: Iterable[calendar.Due]) -> dict[str, calendar.Due]:
    """The last entry of each kind."""
    return {one.what.code: one for one in found}


def test_days_of_a_root_its_desk_and_its_server(tmp_path: Path) -> None:
    """Day 80 of a desk's certificate, day 380 of the server's, day 80 of the list, 200 days before the root's end."""
    root = new_root(tmp_path / "root")
    authority.certify(root, StationRequest("itjen", root.anchor.instance, b"\1" * 32), today=TODAY, days=100)
    authority.certify_server(root, ServerRequest(root.anchor.instance, b"\2" * 32), today=TODAY, days=400)
    made = calendar.calendar_of(root.folder, [], None, TODAY, TODAY)
    found = list(made.due)
    assert found == sorted(found, key=lambda one: (one.act, one.last))
    assert [one.code for one in made.unseen] == ["calendar.unseen-desks", "calendar.unseen-settings"]
    days = {code: (one.act - TODAY, one.last - TODAY) for code, one in by_code(found).items()}
    assert days == {
        "calendar.desk": (80, 100),
        "calendar.server": (380, 400),
        "calendar.list": (80, 100),
        "calendar.root": (895, 1095),
        "calendar.never-desk": (0, 0),
        "calendar.drill": (345, 365),
    }


def test_a_drill_that_was_not_held_is_over(tmp_path: Path) -> None:
    """Its day comes from the minutes, is never later than today, stays when it is over, and is named if unseen."""
    root = new_root(tmp_path / "root")
    found = calendar.calendar_of(root.folder, [], None, TODAY, Day(TODAY + 366))
    assert any("OVER" in line and "drill" in line for line in calendar.page(found, Day(TODAY + 366)))
    with pytest.raises(RefusedError, match="later than today"):
        calendar.calendar_of(root.folder, [], None, Day(TODAY + 1), TODAY)
    unseen = calendar.calendar_of(root.folder, [], None, None, TODAY).unseen
    assert "calendar.unseen-drill" in [one.code for one in unseen]


def test_what_was_never_certified_is_due(tmp_path: Path) -> None:
    """Each desk of the settings and the server have a line until they have a certificate; unseen is not good."""
    root = new_root(tmp_path / "root")
    found = calendar.calendar_of(root.folder, [], None, None, TODAY).due
    never = [(what.code, what.values.get("desk")) for what in (one.what for one in found) if "never" in what.code]
    assert sorted(never, key=str) == [
        ("calendar.never-desk", "irjen"),
        ("calendar.never-desk", "itjen"),
        ("calendar.never-server", None),
    ]


def test_a_renewed_certificate_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    """Only the highest serial of a desk counts; a revoked key is named, and is due at once."""
    root = new_root(tmp_path / "root")
    request = StationRequest("itjen", root.anchor.instance, b"\1" * 32)
    for day in (0, 80):
        authority.certify(root, request, today=Day(TODAY + day), days=100)
    desk = by_code(calendar.calendar_of(root.folder, [], None, None, Day(TODAY + 80)).due)["calendar.desk"]
    assert desk.last == TODAY + 180
    authority.revoke(root, {2}, Day(TODAY + 81))
    found = by_code(calendar.calendar_of(root.folder, [], None, None, Day(TODAY + 82)).due)
    assert found["calendar.revoked"].act == TODAY + 81
    assert "calendar.desk" not in found


def test_weekly_keys_end_as_the_return_says(tmp_path: Path) -> None:
    """The last epoch of a desk's return is the end; another kind of file is refused by its name."""
    root = new_root(tmp_path / "root")
    desk = FakeInspectorate().desks["itjen"]
    signed = parse_keyed_bundle(desk.key_bundle()).signed
    (tmp_path / "return").write_bytes(return_of(desk, b""))
    found = by_code(calendar.calendar_of(root.folder, [tmp_path / "return"], None, None, TODAY).due)
    assert found["calendar.keys"].last == epoch_last_day(epoch_of(DESK_DAY) + 2)
    (tmp_path / "board").write_bytes(signed)
    with pytest.raises(MalformedError, match="board is no return"):
        calendar.calendar_of(root.folder, [tmp_path / "board"], None, None, TODAY)


def test_a_revocation_that_a_desk_does_not_have_is_due_at_once(tmp_path: Path) -> None:
    """The line's first day is that of the revocation, however new the desk's own list is."""
    root = new_root(tmp_path / "root")
    authority.certify_server(root, ServerRequest(root.anchor.instance, b"\2" * 32), today=TODAY, days=400)
    listed = (root.folder / "revocations").read_bytes()
    authority.revoke(root, {1}, Day(TODAY + 1))
    (tmp_path / "return").write_bytes(return_of(FakeInspectorate().desks["itjen"], listed))
    found = by_code(calendar.calendar_of(root.folder, [tmp_path / "return"], None, None, Day(TODAY + 1)).due)
    assert found["calendar.list-not-installed"].act == TODAY + 1


@pytest.mark.parametrize("installed", [1, 2, 3])
def test_what_is_signed_is_not_taken_for_installed(tmp_path: Path, installed: int) -> None:
    """An older certificate and list in a return have lines of their own; one newer than the records is named."""
    root = new_root(tmp_path / "root")
    desk = FakeInspectorate().desks["itjen"]
    request = StationRequest("itjen", root.anchor.instance, b"\1" * 32)
    lists = []
    for day in (0, 80):
        authority.certify(root, request, today=Day(TODAY + day), days=100)
        lists.append((root.folder / "revocations").read_bytes())
    desk.serial = installed
    (tmp_path / "return").write_bytes(return_of(desk, lists[min(installed, 2) - 1]))
    made = calendar.calendar_of(root.folder, [tmp_path / "return"], None, None, Day(TODAY + 80))
    found = by_code(made.due)
    assert found["calendar.desk"].last == TODAY + 180
    assert ("calendar.not-installed" in found) == ("calendar.list-not-installed" in found) == (installed == 1)
    if installed == 1:
        assert found["calendar.not-installed"].last == desk.last
        assert found["calendar.list-not-installed"].last == TODAY + 100
    assert ("calendar.records-older" in [one.code for one in made.unseen]) == (installed == 3)


def test_a_list_newer_than_the_records_is_named(tmp_path: Path) -> None:
    """A return with a list that these records do not have yet shows that they are old, without a newer certificate."""
    root = new_root(tmp_path / "root")
    authority.certify_server(root, ServerRequest(root.anchor.instance, b"\2" * 32), today=TODAY, days=400)
    older = (root.folder / "revocations").read_bytes()
    authority.revoke(root, {1}, Day(TODAY + 1))
    newer = (root.folder / "revocations").read_bytes()
    (tmp_path / "return").write_bytes(return_of(FakeInspectorate().desks["itjen"], newer))
    for listed, named in ((older, True), (newer, False)):
        (root.folder / "revocations").write_bytes(listed)
        made = calendar.calendar_of(root.folder, [tmp_path / "return"], None, None, Day(TODAY + 1))
        assert ("calendar.records-older-list" in [one.code for one in made.unseen]) == named


def test_help_numbers_and_security_contact_are_in_it(tmp_path: Path) -> None:
    """What was never confirmed is due at once, what was confirmed is due before a year is over."""
    root = new_root(tmp_path / "root")
    day = datetime.datetime.now(datetime.UTC).date() - datetime.timedelta(days=30)
    (tmp_path / "dropbox.toml").write_text(
        f'[contacts.polisi]\nnumber = "110"\nsource = "situs Polri"\ndate = "{day}"\n'
    )
    today = Day((day - datetime.date(1970, 1, 1)).days + 30)
    found = calendar.calendar_of(root.folder, [], tmp_path / "dropbox.toml", None, today).due
    missing = [one for one in found if one.what.code == "calendar.contact-missing"]
    assert [one.act for one in missing] == [today] * 3
    assert by_code(found)["calendar.contact"].last == today - 30 + 365
    assert by_code(found)["calendar.security-missing"].act == today


@given(first=st.integers(0, 400), later=st.integers(0, 1500))
@settings(max_examples=40, deadline=None)
def test_every_line_says_what_its_day_means(first: int, later: int) -> None:
    """A line is over after its last day, due from its first day on, and for later before."""
    one = calendar.Due(Day(TODAY + first), Day(TODAY + first + 20), Sentence("calendar.drill"))
    today = Day(TODAY + later)
    (_, line, _) = calendar.page(calendar.Calendar((one,), ()), today)
    said = "OVER" if later > first + 20 else "NOW" if later >= first else ""
    assert (str(date_of(one.act)) in line, "OVER" in line, "NOW" in line) == (True, said == "OVER", said == "NOW")


def test_a_custodians_year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Over 400 days a custodian who acts on the first day that the calendar names never lets anything end."""
    now = [TODAY]
    monkeypatch.setattr("dropbox.ceremony.cli._today", lambda: now[0])
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE)
    secret.chmod(0o600)
    root = new_root(tmp_path / "root")
    instance = root.anchor.instance
    requests = {
        "itjen": encode_request(StationRequest("itjen", instance, b"\1" * 32)),
        "irjen": encode_request(StationRequest("irjen", instance, b"\3" * 32)),
        "(server)": ServerRequest(instance, b"\2" * 32).encode(),
    }
    held: list[int] = []

    def certify(desk: str) -> None:
        (tmp_path / "request").write_bytes(requests[desk])
        held.append(len(held) + 1)
        words = ["certify", tmp_path / "request", "--root", root.folder, "--to", tmp_path / f"{held[-1]}.cert"]
        assert main(["keys", *map(str, words), "--passphrase-file", str(secret)]) == 0
        assert f"last serial {held[-1]}" in capsys.readouterr().out

    monkeypatch.setenv("DROPBOX_LANG", "en")
    for desk in requests:
        certify(desk)
    for day in range(1, 401):
        now[0] = Day(TODAY + day)
        found = calendar.calendar_of(root.folder, [], None, None, now[0]).due
        assert [one.what for one in found if one.last < now[0]] == []
        is_due = [one for one in found if one.act <= now[0]]
        if day in {1, 80}:
            assert main(["keys", "calendar", "--root", str(root.folder)]) == (1 if is_due else 3)
            assert ("NOW" in capsys.readouterr().out) == bool(is_due)
        for one in is_due:
            if one.what.code in {"calendar.desk", "calendar.server"}:
                certify(str(one.what.values["desk"]))
    ceremonies = [one.first - TODAY for one in authority.serials(root.folder)]
    assert ceremonies == [0, 0, 0, 80, 80, 160, 160, 240, 240, 320, 320, 380, 400, 400]
