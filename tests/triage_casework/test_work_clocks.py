"""The status model: no live case is ever forgotten, no paused day is lost."""

import pytest
from hypothesis import HealthCheck, given, settings, strategies
from triage_world import SETTINGS, TODAY, new_thread
from work_world import again, message, move, new_case, take

from dropbox.errors import RefusedError
from dropbox.triage.access import permission
from dropbox.triage.cases import casebook, deadlines
from dropbox.triage.casework import due
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import Day
from dropbox.wire.statuses import QUESTION

LIVE = ("VERIFIKASI", QUESTION, "TELAAH", "KLARIFIKASI", "PULBAKET", "AUDIT", "DILIMPAHKAN")


@pytest.mark.parametrize("status", ["PULBAKET", "DILIMPAHKAN"])
def test_what_has_no_service_days_comes_back(vault: Vault, status: str) -> None:
    """On its review day, of which the reporter is not told; a message in between tells them nothing either."""
    case = move(vault, new_case(vault), status)
    review = deadlines.review_day(SETTINGS, status, TODAY)
    assert case.due == review > TODAY
    case = move(vault, case, status, TODAY + 1, "Masih kami dalami.")
    assert case.due == review
    assert {entry.next for entry in casebook.timeline(vault, case)[-2:]} == {0}
    assert [one.number for one in due.overdue(Work(vault, SETTINGS, review + 1))] == [case.number]
    assert due.overdue(Work(vault, SETTINGS, review)) == []


def test_a_question_stops_the_clock_and_the_answer_starts_it(vault: Vault) -> None:
    """With the working days that were left."""
    thread = new_thread()
    case = again(vault, take(vault, message(thread)))
    case = move(vault, case, "TELAAH")
    left = deadlines.days_left(SETTINGS, TODAY + 3, case.due)
    case = move(vault, case, QUESTION, TODAY + 3)
    assert (case.paused_left, case.paused_status) == (left, "TELAAH")
    take(vault, message(thread, "addition", today=TODAY + 50), TODAY + 50)
    case = again(vault, case)
    assert (case.status, case.paused_left) == ("TELAAH", None)
    assert deadlines.days_left(SETTINGS, TODAY + 50, case.due) == left


def test_an_officer_who_goes_on_without_an_answer_keeps_the_days(vault: Vault) -> None:
    """The question costs the reporter's clock nothing, whoever ends it."""
    case = move(vault, new_case(vault), "TELAAH")
    left = deadlines.days_left(SETTINGS, TODAY + 3, case.due)
    case = move(vault, move(vault, case, QUESTION, TODAY + 3), "TELAAH", TODAY + 60)
    assert deadlines.days_left(SETTINGS, TODAY + 60, case.due) == left


def test_a_question_expires_when_its_day_is_over(vault: Vault) -> None:
    """After at least thirty days, from its day on and never before, until the status changes."""
    case = move(vault, new_case(vault), QUESTION)
    assert case.due >= TODAY + 30
    assert not due.is_expired(case, case.due)
    assert due.is_expired(case, Day(case.due + 1))
    assert not due.is_expired(move(vault, case, "VERIFIKASI", case.due + 1), Day(case.due + 100))


def test_news_for_a_case_that_was_handed_over_brings_it_up(vault: Vault) -> None:
    """The body that has it does not see the reporter's box: an officer must."""
    thread = new_thread()
    case = move(vault, again(vault, take(vault, message(thread))), "DILIMPAHKAN")
    take(vault, message(thread, "addition", today=TODAY + 1), TODAY + 1)
    now = again(vault, case)
    assert now.status == "DILIMPAHKAN"
    assert now.due == deadlines.due_day(SETTINGS, "DITERIMA", TODAY + 1) < case.due


def test_nobody_lists_what_they_may_not_read(vault: Vault) -> None:
    """An officer who is kept out of a case does not see that it is overdue."""
    case = move(vault, new_case(vault), "TELAAH")
    vault.db.execute("insert into exclusions values (?, ?, 'named', '')", (case.number, vault.officer.login))
    assert due.overdue(Work(vault, SETTINGS, case.due + 9)) == []


_STEPS = strategies.lists(
    strategies.tuples(
        strategies.sampled_from((*LIVE, *permission.CLOSED, "DIARSIPKAN", "reporter")), strategies.integers(0, 90)
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_STEPS)
def test_nothing_is_ever_forgotten(vault: Vault, steps: list[tuple[str, int]]) -> None:
    """Whatever officers and reporter do, however long they pause: a live case has its day, and no clock goes back."""
    thread, today = new_thread(), TODAY
    number = take(vault, message(thread))
    for what, days in steps:
        today += days
        before = again(vault, number)
        if what == "reporter":
            take(vault, message(thread, "addition", today=today), today)
        else:
            try:
                move(vault, before, what, today)
            except RefusedError:
                assert again(vault, number) == before
                continue
        now = again(vault, number)
        assert before.clock <= now.clock <= today
        assert (now.closed > 0) == (now.status in permission.ENDED)
        if now.status not in permission.ENDED:
            assert now.due > 0
            if now.status != before.status and now.status not in SETTINGS.service_days:
                assert now.due > today
        assert (now.paused_left is None) == (now.status != QUESTION)
        if before.status == QUESTION and now.status == before.paused_status and now.status in SETTINGS.service_days:
            assert deadlines.days_left(SETTINGS, today, now.due) == before.paused_left
