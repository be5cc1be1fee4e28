"""The adversary has copies of all files of the store, taken at any moment, and tries to tell when something came."""

import os
import random
import struct
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from store_samples import NOW, only_postgresql, only_sqlite, put

from dropbox.errors import StorageBusyError
from dropbox.limits import MIB
from dropbox.store import reshuffle, schema, upkeep
from dropbox.store import rewrite as rewriting
from dropbox.store.database import Store
from dropbox.store.turn import turn
from dropbox.store.upkeep import Upkeep

NIGHT = 20_000
EVERY = 900  # seconds between two tidyings


class Copy:
    """All bytes and times of the store's folder at one moment."""

    def __init__(self, folder: Path) -> None:
        self.bytes = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
        found = [path.stat() for path in (folder, *folder.iterdir())]
        self.times = [time for status in found for time in (status.st_mtime_ns, status.st_atime_ns)]

    @property
    def transactions(self) -> list[list[bytes]]:
        """What the journal holds: the pages of each transaction, in their order."""
        journal = self.bytes.get("store.db-wal", b"")
        if not journal:
            return []
        size, salts = struct.unpack(">I", journal[8:12])[0], journal[16:24]
        found, pages, at = [], [], 32
        while at + 24 + size <= len(journal) and journal[at + 8 : at + 16] == salts:
            pages.append(journal[at + 24 : at + 24 + size])
            if journal[at + 4 : at + 8] != bytes(4):
                found.append(pages)
                pages = []
            at += 24 + size
        return found

    def order_of(self, ids: list[bytes]) -> list[int]:
        """The blobs by the place of their id (or of another mark) in the main file."""
        image = self.bytes["store.db"]
        return sorted(range(len(ids)), key=lambda number: image.find(ids[number]))


def folder_of(store: Store) -> Path:
    assert store.connections.path
    return store.connections.path.parent


def correlation(order: list[int]) -> float:
    """1 for the order of arrival, 0 for chance."""
    middle = (len(order) - 1) / 2
    spread = sum((number - middle) ** 2 for number in order)
    return sum((place - middle) * (number - middle) for place, number in enumerate(order)) / spread


def places(store: Store, marks: list[bytes]) -> list[int]:
    """The marks by their place in the main file, which has everything."""
    with store.connections.alone() as connection:
        assert reshuffle.empty_journal(connection)
    return Copy(folder_of(store)).order_of(marks)


@only_sqlite
def test_copies_at_random_moments(store: Store) -> None:
    """Whatever came before the last tidying is nowhere dated: journal, times, and order say nothing about it.

    A day of quarters of an hour, with reports at random in them, also such that commits write the main file (large
    ones). Copies are taken at random moments. Of what came since the last tidying the order is seen, not a time.
    """
    chance = random.Random(1)  # noqa: S311  # to repeat it, not to hide anything
    keeper = Upkeep(store)
    keeper.tidy(NOW, NIGHT)
    ids: list[bytes] = []
    since: list[bytes] = []
    copies = 0
    for quarter in range(1, 25):
        for _ in range(chance.randrange(6)):
            info, _ = put(store, size=chance.choice([18_000, 18_000, 5 * MIB // 4]))
            since.append(info.id)
            if chance.random() < 0.3:  # a copy in mid-interval
                copies += 1
                copy = Copy(folder_of(store))
                assert {time % 3_600_000_000_000 for time in copy.times} == {0}
                assert len(copy.transactions) <= len(since)  # what was sent since, and nothing between: no clock
        keeper.tidy(NOW + quarter * EVERY, NIGHT)
        ids, since = ids + since, []
        copy = Copy(folder_of(store))
        assert copy.bytes.get("store.db-wal", b"") == b""
        assert {time % 3_600_000_000_000 for time in copy.times} == {0}
    assert copies > 3
    assert len(ids) > 40
    assert abs(correlation(copy.order_of(ids))) < 0.65  # four times the spread of chance


@only_sqlite
def test_a_tidying_without_news_writes_nothing(store: Store) -> None:
    """A quiet store is rewritten once more and then left alone: later tidyings leave nothing to be counted by."""
    put(store)
    keeper = Upkeep(store)
    keeper.tidy(NOW, NIGHT)
    keeper.tidy(NOW, NIGHT)  # for what might have come during the first
    before = Copy(folder_of(store)).bytes
    for quarter in range(1, 4):
        keeper.tidy(NOW + quarter * EVERY, NIGHT)
    after = Copy(folder_of(store)).bytes
    assert after["store.db"] == before["store.db"]
    assert after["store.db-wal"] == b""


def rewrites(monkeypatch: pytest.MonkeyPatch) -> list[Store]:
    """From now on, the store once for each rewrite."""
    done: list[Store] = []

    def counted(store: Store) -> None:
        done.append(store)
        rewriting.rewrite(store)

    monkeypatch.setattr(upkeep, "rewrite", counted)
    return done


@only_sqlite
def test_a_stop_empties_the_journal_but_keeps_no_order(store: Store, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What came before the process ended is rewritten at the first tidying of the next, though its journal is gone."""
    Upkeep(store).tidy(NOW, NIGHT)
    put(store)
    store.close()
    done = rewrites(monkeypatch)
    with closing(Store.open(url)) as again:
        assert not Copy(folder_of(again)).transactions
        Upkeep(again).tidy(NOW, NIGHT)
    assert len(done) == 1


@only_sqlite
def test_what_came_during_a_rewrite_is_rewritten_next(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report between the rewrite and the emptying of the journal takes its turn in the next tidying."""
    keeper = Upkeep(store)
    put(store)

    def late(store: Store) -> None:
        put(store)
        rewriting.clear_journal(store)

    with monkeypatch.context() as patch:
        patch.setattr(upkeep, "clear_journal", late)
        keeper.tidy(NOW, NIGHT)
    done = rewrites(monkeypatch)
    keeper.tidy(NOW + EVERY, NIGHT)
    assert len(done) == 1


@only_sqlite
def test_a_rewrite_that_failed_is_made_up_for(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when it had emptied the journal and nothing has come since."""
    keeper = Upkeep(store)
    for _ in range(3):
        keeper.tidy(NOW, NIGHT)
    put(store)

    def fail(store: Store) -> None:
        rewriting.clear_journal(store)
        raise StorageBusyError("busy")

    monkeypatch.setattr(upkeep, "rewrite", fail)
    monkeypatch.setattr(keeper, "_note_failure", lambda _night: None)  # as when it was noted before
    with pytest.raises(StorageBusyError):
        keeper.tidy(NOW, NIGHT)
    done = rewrites(monkeypatch)
    keeper.tidy(NOW + EVERY, NIGHT)
    assert len(done) == 1


@only_sqlite
def test_a_large_store_is_rewritten_at_night(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """By day its journal is emptied at each tidying, and the order goes once in each night."""
    monkeypatch.setattr(upkeep, "REWRITE_SMALL_BYTES", 0)
    monkeypatch.setattr(rewriting.is_small, "__defaults__", (0,))
    keeper = Upkeep(store)
    keeper.tidy(NOW, NIGHT)
    ids = [put(store, size=20_000)[0].id for _ in range(60)]
    keeper.tidy(NOW, NIGHT)
    by_day = Copy(folder_of(store))
    assert by_day.bytes["store.db-wal"] == b""
    keeper.tidy(NOW, NIGHT + 1)
    by_night = Copy(folder_of(store))
    assert by_night.bytes["store.db-wal"] == b""
    assert by_night.bytes["store.db"] != by_day.bytes["store.db"]
    assert abs(correlation(by_night.order_of(ids))) < 0.6


@only_sqlite
def test_reading_leaves_no_time(store: Store) -> None:
    """Who looks something up after a tidying does not touch the times of the files."""
    info, _ = put(store)
    Upkeep(store).tidy(NOW, NIGHT)
    with closing(Store.open(f"sqlite:///{store.connections.path}")) as other:
        assert other.blobs.stored_ids([info.id])
    assert {time % 3_600_000_000_000 for time in Copy(folder_of(store)).times} == {0}


def test_failures_are_remembered_by_the_day(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tidying that fails leaves the night since which it does, and one that works takes it away."""
    keeper = Upkeep(store)
    keeper.tidy(NOW, NIGHT)
    assert upkeep.days_of(store) == upkeep.UpkeepDays(NIGHT, None)

    def fail(_: object) -> None:
        raise StorageBusyError("busy")

    with monkeypatch.context() as broken:
        broken.setattr(upkeep, "rewrite", fail)
        for night in (NIGHT + 1, NIGHT + 2):
            with pytest.raises(StorageBusyError):
                keeper.tidy(NOW, night)
    assert upkeep.days_of(store) == upkeep.UpkeepDays(NIGHT, NIGHT + 1)
    keeper.tidy(NOW, NIGHT + 2)
    assert upkeep.days_of(store) == upkeep.UpkeepDays(NIGHT + 2, None)


def test_one_process_at_a_time(store: Store, url: str) -> None:
    """While one is at it another does nothing; afterwards it may."""
    with closing(Store.open(url)) as second:
        other = Upkeep(second)
        with turn(store.connections) as is_mine:
            assert is_mine
            assert not other.tidy(NOW, NIGHT)
        assert other.tidy(NOW, NIGHT)


@only_postgresql
def test_the_processes_of_many_machines_rewrite_once(store: Store, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three processes with one PostgreSQL, one rewrites it at each tidying, and another when that one is gone."""
    done = rewrites(monkeypatch)
    with closing(Store.open(url)) as second, closing(Store.open(url)) as third:
        keepers = [Upkeep(each) for each in (store, second, third)]
        for keeper in keepers:  # the first look of each
            keeper.tidy(NOW, NIGHT)
        for _ in range(3):
            put(store)
            done.clear()
            for keeper in keepers:
                assert keeper.tidy(NOW, NIGHT)
            assert len(done) == 1
        done.clear()
        keepers.pop()
        for _ in range(2):
            for keeper in keepers:
                keeper.tidy(NOW, NIGHT)
        assert len(done) == 1


def test_small_uploads_that_stand_still_go_early(store: Store) -> None:
    """A beginning that did not grow between two tidyings is forgotten; a large one, and one that grew, stays."""
    still, growing, large = (store.blobs.begin(NOW) for _ in range(3))
    store.blobs.append(large, os.urandom(MIB))
    keeper = Upkeep(store)
    keeper.tidy(NOW, NIGHT)
    assert store.blobs.remaining()[-1] == 3
    store.blobs.append(growing, b"more")
    keeper.tidy(NOW, NIGHT)
    with store.connections.read() as connection:
        left = set(connection.execute(sa.text("SELECT id FROM upload")).scalars())
    assert {bytes(one) for one in left} == {growing, large}
    assert still not in left


@only_sqlite
@pytest.mark.parametrize("large", [False, True])
def test_a_slow_disk(store: Store, monkeypatch: pytest.MonkeyPatch, *, large: bool) -> None:
    """Rows that change places in small steps, since each step was slow, are not in the order of arrival either."""
    size, count, rounds = 9_000, 250, 2
    monkeypatch.setattr(reshuffle, "_STEP_SECONDS", -1.0)
    if large:  # eight rows of a large file in a step, as with rows of 1 MiB
        monkeypatch.setattr(reshuffle, "STORE_FILES_BYTES", size)
        monkeypatch.setattr(reshuffle, "RESHUFFLE_BYTES", 8 * size)
    left, stayed = 0.0, 0
    for _ in range(rounds):
        marks = [os.urandom(16) for _ in range(count)]
        rows = [{"upload": os.urandom(16), "seq": 0, "data": bytes(size - 16) + mark} for mark in marks]
        with store.connections.write() as tx:
            tx.execute(sa.delete(schema.chunk))
            tx.execute(sa.insert(schema.chunk), rows)
        before = places(store, marks)
        reshuffle.reshuffle(store.connections)
        after = places(store, marks)
        left += correlation([before.index(number) for number in after]) / rounds
        stayed += sum(one == other for one, other in zip(before, after, strict=True))
    assert abs(left) < 0.25
    assert stayed < 0.15 * rounds * count
