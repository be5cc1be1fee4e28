"""What happens at an honest site while it is looked at is no difference: a day that begins, an import, a rush."""

import datetime
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from dropbox.crypto.answers import dummy_cell
from dropbox.errors import StorageBusyError
from dropbox.settings.installation import load
from dropbox.wire.calendar import day_of
from tests.support.desks import NOW, TODAY
from tests.verification.altered import Asked, Given
from tests.verification.conftest import SOME, Clock, Signed, codes, make_signed


@pytest.fixture(autouse=True)
def _same_time(clock: Clock) -> object:
    yield
    clock.now = NOW


@pytest.mark.parametrize(
    "turn",
    [
        pytest.param(datetime.datetime(2026, 11, 24, 17, tzinfo=datetime.UTC), id="midnight in Jakarta"),
        pytest.param(datetime.datetime(2026, 11, 30, 0, tzinfo=datetime.UTC), id="turn of the week in UTC"),
    ],
)
def test_a_day_that_begins_meanwhile_is_no_difference(signed: Signed, clock: Clock, turn: datetime.datetime) -> None:
    """Answers of both days are accepted about the turn, and the server's clock may be a minute off."""
    at_site = Clock(turn - datetime.timedelta(seconds=30))
    object.__setattr__(signed.site, "clock", at_site)
    clock.now = turn - datetime.timedelta(seconds=90)
    asked = threading.Lock()
    count = 0

    def later(_: Asked, __: Given) -> None:
        nonlocal count
        with asked:
            count += 1
            if count == 30:
                at_site.now, clock.now = turn + datetime.timedelta(seconds=30), turn + datetime.timedelta(seconds=20)

    try:
        verdict = signed.look(later, only=SOME)
    finally:
        object.__setattr__(signed.site, "clock", clock)
    assert count > 30
    assert verdict.findings == ()


def test_an_import_meanwhile_is_no_difference(signed: Signed) -> None:
    """Keys and boards that a courier brings while the site is looked at are taken over; the next look reports them."""
    asked = threading.Lock()
    count = 0

    def imports(_: Asked, __: Given) -> None:
        nonlocal count
        with asked:
            count += 1
            if count == 30:
                with signed.site.store.transaction() as tx:
                    for desk in signed.inspectorate.desks.values():
                        desk.epochs.pop(max(desk.epochs))
                        signed.site.store.published.put(tx, "keys", desk.name, 2, desk.key_bundle(2))
                        signed.site.store.published.put(tx, "board", desk.name, 2, desk.packed_board(2, [], TODAY))

    assert signed.look(imports, only=SOME).findings == ()
    assert count > 30
    verdict = signed.look(only=SOME)
    assert verdict.findings == ()
    assert {(desk.keys, desk.board) for desk in verdict.desks} == {(2, 2)}


@pytest.mark.parametrize("before", [pytest.param(64, id="it doubles"), pytest.param(0, id="the first one")])
def test_a_board_that_grows_meanwhile_is_no_difference(tmp_path: Path, clock: Clock, before: int) -> None:
    """A board that becomes more than 64 KiB longer after the replica took over the site's is taken over."""
    grown = make_signed(tmp_path, load(), clock)
    published = grown.site.store.published
    cells = [dummy_cell() for _ in range(65)]
    if not before:
        with grown.site.store.transaction() as tx:
            tx.execute(text("DELETE FROM published WHERE kind = 'board'"))
    lock = threading.Lock()
    has_grown = False

    def imports(asked: Asked, _: Given) -> None:
        nonlocal has_grown
        with lock:
            if asked.path == "/pengunci.html.sig" and not has_grown:
                has_grown = True
                with grown.site.store.transaction() as tx:
                    for desk in grown.inspectorate.desks.values():
                        published.put(tx, "board", desk.name, 2, desk.packed_board(2, cells, TODAY))

    with grown.server.running():
        verdict = grown.look(imports, only=["/data/papan", "/status"])
    assert has_grown
    assert verdict.findings == ()
    assert {desk.board for desk in verdict.desks} == {2}


def test_files_that_are_not_taken_are_no_difference(signed: Signed, monkeypatch: pytest.MonkeyPatch) -> None:
    """A site without room for files says so on its pages; the verdict repeats it."""
    monkeypatch.setattr(signed.site.store.room, "takes_files", lambda: False)
    verdict = signed.look(only=SOME)
    assert verdict.findings == ()
    assert not verdict.takes_files


def test_a_busy_site_was_not_seen(signed: Signed, monkeypatch: pytest.MonkeyPatch) -> None:
    """A site whose database is busy is neither the same nor different."""

    def busy(*_: object) -> None:
        raise StorageBusyError("store.busy")

    monkeypatch.setattr(signed.site.store.published, "all", busy)
    verdict = signed.look(only=SOME)
    assert codes(verdict) == {("busy", "/data/papan")}
    assert verdict.exit_code == 3


def test_revoked_keys_stay_published(signed: Signed) -> None:
    """A desk whose key is revoked leaves the pages, and its key was not seen; its last board is no difference."""
    desk = signed.inspectorate.desks["irjen"]
    with signed.site.store.transaction() as tx:
        revoked = signed.inspectorate.revocations(2, desk.station.public, made=day_of(NOW.date()))
        signed.site.store.published.put(tx, "revocations", "", 2, revoked)
    verdict = signed.look(only=SOME)
    assert [(one.code, one.place) for one in verdict.findings] == [("desk-closed", "irjen")]
    assert {one.name: bool(one.keys) for one in verdict.desks} == {"itjen": True, "irjen": False}
