"""The inbox: what is due stands first, every filter narrows, and what an officer may not see is not even counted."""

from dataclasses import replace

import pytest
from cases_world import add_officer, answer, exclude, take
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from triage_world import SETTINGS, TODAY, World, new_thread

from dropbox.errors import RefusedError
from dropbox.triage.cases import deadlines
from dropbox.triage.casework import handling, inbox, merging, threads
from dropbox.triage.casework.inbox import Filter, Place
from dropbox.triage.tables import case_list
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work


def _page(vault: Vault, limit: int = 50, after: Place | None = None, **wanted: object) -> inbox.Page:
    return inbox.page(Work(vault, SETTINGS, TODAY), Filter(**wanted), limit, after)  # type: ignore[arg-type]


def _numbers(vault: Vault, **wanted: object) -> list[int]:
    return [row.number for row in _page(vault, **wanted).rows]


@pytest.fixture
def five(world: World, vault: Vault) -> Vault:
    """Five cases: 1 has no date, 2 is due in a month, 3 is overdue, 4 and 5 are due today."""
    for number in range(1, 6):
        take(world, vault, number=number, category="korupsi" if number == 2 else "pungli")
    with transaction(vault.db):
        for number, due in ((1, 0), (2, TODAY + 30), (3, TODAY - 1), (4, TODAY), (5, TODAY)):
            vault.db.execute("update cases set due = ? where number = ?", (due, number))
    return vault


def test_what_is_due_stands_first(five: Vault) -> None:
    """Overdue, soon, later, none; among equals the older case; the header counts them."""
    page = _page(five)
    assert [row.number for row in page.rows] == [3, 4, 5, 2, 1]
    assert [row.urgency for row in page.rows] == ["overdue", "soon", "soon", "later", "none"]
    assert page.by_urgency == {"overdue": 1, "soon": 2, "later": 1, "none": 1}
    assert (page.total, page.unread, page.by_status, page.next) == (5, 5, {"DITERIMA": 5}, None)


def test_pages_continue_without_gap_or_repetition(five: Vault) -> None:
    """Of any size, until the end; the counts are of everything."""
    for limit in (1, 2, 3, 4):
        seen, after = [], None
        while True:
            page = _page(five, limit, after)
            assert page.total == 5
            seen += [row.number for row in page.rows]
            if page.next is None:
                break
            after = page.next
        assert seen == [3, 4, 5, 2, 1], limit


def _check_every_order(vault: Vault, limit: int) -> None:
    for order in case_list.ORDERS:
        for falls in (False, True):
            chosen = case_list.Selection("kepala", TODAY, TODAY + 3, {}, order, falls)
            whole = case_list.page(vault.db, chosen, 9)
            assert sorted(place.number for place in whole) == [1, 2, 3, 4, 5]
            for backwards, wanted in ((False, whole), (True, whole[::-1])):
                seen: list[case_list.Place] = []
                while found := case_list.page(vault.db, chosen, limit, seen[-1] if seen else None, backwards=backwards):
                    seen += found
                assert seen == wanted, order
            assert [case_list.place_of(vault.db, chosen, place.number) for place in whole] == whole


WORDS = st.text("aAbB", max_size=2)  # capitals, empty values and equals


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(WORDS, WORDS, st.integers(0, 2)), min_size=5, max_size=5), limit=st.integers(1, 4))
def test_every_order_is_read_page_by_page_and_both_ways(
    five: Vault, rows: list[tuple[str, str, int]], limit: int
) -> None:
    """Pages of any size have each case once, in the order of the whole list, and backwards in the opposite order."""
    five.db.execute("begin")  # rolled back: nothing waits for the disk
    try:
        for number, (word, other, day) in enumerate(rows, 1):
            five.db.execute(
                "update cases set subject = ?, unit = ?, district = ?, officer = ?, sent = ?, due = ? where number = ?",
                (word, other, word, other, TODAY - day, day and TODAY + day, number),
            )
        _check_every_order(five, limit)
    finally:
        five.db.rollback()


@pytest.mark.parametrize("falls", [False, True])
def test_what_lacks_the_value_comes_last_in_both_directions(five: Vault, falls: object) -> None:
    """Subjects rise or fall without regard to capitals; cases without one follow, in their own order."""
    with transaction(five.db):
        for number, subject in ((1, "b"), (3, "A"), (4, "c")):
            five.db.execute("update cases set subject = ? where number = ?", (subject, number))
    wanted = [4, 1, 3, 5, 2] if falls else [3, 1, 4, 2, 5]
    assert _numbers(five, sort="subject", falls=falls) == wanted


def test_an_unknown_order_is_the_order_by_due_day(five: Vault) -> None:
    """Whatever an address names."""
    assert _numbers(five, sort="subject; drop table cases") == [3, 4, 5, 2, 1]


def test_a_case_that_is_hidden_is_no_place_of_the_list(five: Vault) -> None:
    """Its neighbours in an order would tell its subject: for who is kept out there are none."""
    other = add_officer(five, "budi", "Budi Raharjo")
    exclude(five, inbox.casebook.case_of(five, 3), "budi")
    for sort in case_list.ORDERS:
        assert inbox.around(Work(other, SETTINGS, TODAY), Filter(sort=sort), 3) == (0, 0)
        assert not inbox.holds(Work(other, SETTINGS, TODAY), Filter(sort=sort), 3)


def test_a_row_has_the_first_words_of_the_report(world: World, vault: Vault) -> None:
    """Of what, where and who, cut; of the report, also where an addition or another case's text came."""
    thread = new_thread()
    take(world, vault, thread, what="Kuitansi palsu " + "x" * 500)
    world.take(vault, [world.addition(thread, 1)], number=2)
    (row,) = _page(vault).rows
    assert row.said.what.startswith("Kuitansi palsu xx")
    assert row.said.what.endswith("x…")
    assert len(row.said.what) == inbox.GLIMPSE_MAX + 1
    assert row.said.where
    assert row.said.who


def test_rows_and_counts_agree_with_the_clock(five: Vault) -> None:
    """On whatever weekday a due day falls, SQL and cases.deadlines call it the same."""
    for ahead in range(12):
        with transaction(five.db):
            five.db.execute("update cases set due = ? where number = 1", (TODAY + ahead,))
        urgency = deadlines.urgency(SETTINGS, TODAY, TODAY + ahead)
        assert 1 in _numbers(five, urgency=urgency), ahead


def test_each_filter_narrows(five: Vault) -> None:
    """By what was sent, by what officers wrote, by age; an unknown value finds nothing."""
    add_officer(five, "budi", "Budi Raharjo")
    third = inbox.casebook.case_of(five, 3)
    handling.classify(
        Work(five, SETTINGS, TODAY),
        third,
        handling.Classification(unit="MTsN 9 Kediri", province="35", subject="Seragam"),
    )
    handling.tag(Work(five, SETTINGS, TODAY), third, add=["mendesak"])
    handling.assign(Work(five, SETTINGS, TODAY), third, office="dumas", officer="budi")
    with transaction(five.db):
        five.db.execute("update cases set sent = ?, origin = 'letter' where number = 4", (TODAY - 40,))
    for wanted in (
        {"unit": "kediri"},
        {"province": "35"},
        {"tag": "mendesak"},
        {"officer": "budi"},
        {"office": "dumas"},
        {"urgency": "overdue"},
        {"text": "serag"},
        {"text": "bandung", "officer": "budi", "is_open": True},
    ):
        assert _numbers(five, **wanted) == [3], wanted
    assert _numbers(five, category="korupsi") == [2]
    assert _numbers(five, channel="wbs") == [3, 4, 5, 2, 1]
    assert _numbers(five, officer=inbox.NOBODY) == [4, 5, 2, 1]
    assert _numbers(five, age=40) == _numbers(five, origin="letter") == [4]
    for unknown in ({"tag": "x"}, {"status": "X"}, {"text": "tidakada"}, {"channel": "' or 1=1 --"}):
        assert _numbers(five, **unknown) == []


def test_unread_is_each_officers_own_and_comes_back(world: World, vault: Vault) -> None:
    """Reading takes the mark away for the reader alone; a new message of the reporter brings it back."""
    thread = new_thread()
    case = take(world, vault, thread)
    other = add_officer(vault, "budi", "Budi Raharjo")
    threads.read(Work(vault, SETTINGS, TODAY), case)
    assert _numbers(vault, unread=True) == []
    assert _numbers(other, unread=True) == [1]
    world.take(vault, [world.addition(thread, 1)], number=2)
    assert _page(vault).rows[0].is_unread
    threads.read(Work(vault, SETTINGS, TODAY), case)
    threads.mark_unread(Work(vault, SETTINGS, TODAY), case)
    assert _numbers(vault, unread=True) == [1]


def test_a_row_tells_what_must_be_known_at_a_glance(world: World, vault: Vault) -> None:
    """Files, tags, an open protection request, and what waits for a second officer."""
    thread = new_thread()
    case = take(world, vault, thread)
    world.take(vault, [world.file(thread, 1, b"x"), world.file(thread, 2, b"y")], number=2)
    handling.tag(Work(vault, SETTINGS, TODAY), case, add=["b", "a"])
    with transaction(vault.db):
        vault.db.execute(
            "insert into protections (case_number, kind, status, asked, due) values (1, 'career', 'open', 1, 2)"
        )
        vault.db.execute(
            "insert into proposals (case_number, action, details, proposer, day) values (1, 'refuse', '{}', 'x', 1)"
        )
    (row,) = _page(vault).rows
    assert (row.files, row.tags, row.is_protected, row.is_proposed, row.merged) == (2, ("a", "b"), True, True, 0)


def test_who_is_kept_out_sees_no_row_and_no_count(world: World, vault: Vault) -> None:
    """Not by any filter, nor by a word of the text."""
    case = take(world, vault)
    take(world, vault, number=2)
    other = add_officer(vault, "budi", "Budi Raharjo")
    exclude(vault, case, "budi")
    for wanted in ({}, {"text": "pungutan"}, {"urgency": "later"}, {"unread": True}):
        page = _page(other, **wanted)
        assert 1 not in [row.number for row in page.rows]
        assert page.total == sum(page.by_status.values()) == len(page.rows)


def test_a_merged_case_shows_as_the_one_that_is_worked_on(world: World, vault: Vault) -> None:
    """Its words still find the case, its files count, and a new message of it marks the leader."""
    thread = new_thread()
    case = take(world, vault, thread, what="Kuitansi palsu")
    leader = take(world, vault, number=2, what="Potongan tunjangan")
    merging.merge(Work(vault, SETTINGS, TODAY), case, leader)
    threads.read(Work(vault, SETTINGS, TODAY), leader)
    assert _numbers(vault) == _numbers(vault, text="kuitansi") == [2]
    assert _numbers(vault, unread=True) == []
    world.take(vault, [world.file(thread, 1, b"x")], number=3)
    (row,) = _page(vault, unread=True).rows
    assert (row.number, row.merged, row.files) == (2, 1, 1)
    other = add_officer(vault, "budi", "Budi Raharjo")
    exclude(vault, case, "budi")
    assert _numbers(other, text="kuitansi") == []


def test_ended_cases_can_be_left_out(world: World, vault: Vault) -> None:
    """They have no date, so that they stand last anyway."""
    case = take(world, vault)
    take(world, vault, number=2)
    answer(vault, case, "SELESAI_TIDAK")
    assert _numbers(vault) == [2, 1]
    assert _numbers(vault, is_open=True) == [2]


def test_an_overseer_reads_no_list(vault: Vault) -> None:
    """The role reads the log and clocks, no content."""
    overseer = add_officer(vault, "awas", "Pengawas Satu", "pengawas")
    with pytest.raises(RefusedError):
        _page(replace(vault, officer=overseer.officer))


def test_reports_without_a_channel_are_those_of_no_stated_channel(five: Vault) -> None:
    """The filter for no stated channel also shows cases that have none; other filters do not."""
    with transaction(five.db):
        for number, channel in ((1, ""), (2, "tidak-disebut"), (3, "dumas")):
            five.db.execute("update cases set channel = ? where number = ?", (channel, number))
    assert _numbers(five, channel="tidak-disebut") == [2, 1]
    assert _numbers(five, channel="dumas") == [3]
