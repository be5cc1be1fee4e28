"""Where a message goes is decided from the message and what is known of its thread, before anything is written."""

from dataclasses import replace

import pytest
from triage_world import TODAY, new_thread
from work_world import message

from dropbox.errors import RefusedError
from dropbox.triage.cases.origins import ONLINE, Origin
from dropbox.triage.intake.placement import Arrival, Known, decide
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.wire.blob import READ, WITHDRAW
from dropbox.wire.calendar import Day, epoch_first_day, epoch_of

NEW = Known(None, 7, is_here=False, is_withdrawn=False)
OLD = Known(CaseNumber(3), 7, is_here=False, is_withdrawn=False)


def _arrival(kind: str = "report", sent: int = TODAY, origin: str = ONLINE, **fields: str) -> Arrival:
    opened = message(new_thread(), kind, today=sent, **fields)
    return Arrival(bytes(32), opened, epoch_of(TODAY), Day(TODAY), origin)


def test_a_message_joins_its_case_or_opens_one() -> None:
    """The placement names the case that is known and the message's number."""
    assert (decide(_arrival(), NEW).case, decide(_arrival(), NEW).place) == (None, 7)
    assert decide(_arrival("addition"), OLD).case == 3


def test_a_repetition_is_refused() -> None:
    """A message that its case has already is not placed again."""
    with pytest.raises(RefusedError):
        decide(_arrival("addition"), replace(OLD, is_here=True))


def test_answers_are_read_in_a_case_alone() -> None:
    """To say that answers were read opens no case, and is placed where there is one."""
    read = _arrival("addition", what="", act=READ)
    with pytest.raises(RefusedError):
        decide(read, NEW)
    assert decide(read, OLD).act == READ


def test_a_withdrawal_counts_once() -> None:
    """Only the first withdrawal of a report is its first one."""
    withdrawal = _arrival("addition", what="", act=WITHDRAW)
    assert decide(withdrawal, OLD).is_first_withdrawal
    assert not decide(withdrawal, replace(OLD, is_withdrawn=True)).is_first_withdrawal


def test_a_claimed_day_is_held_against_the_week_of_the_key() -> None:
    """A sender's day before the key's week is moved to it, and an officer's entry keeps the letter's day."""
    long_ago = TODAY - 400
    assert decide(_arrival(sent=long_ago), NEW).sent == epoch_first_day(epoch_of(TODAY)) - 1
    assert decide(_arrival(sent=long_ago, origin=Origin.SURAT), NEW).sent == long_ago


def test_who_the_reporter_is_stays_out_of_the_kept_fields() -> None:
    """The identity is not among the fields that are written and searched."""
    placement = decide(_arrival(identity="Budi"), NEW)
    assert "identity" not in placement.whole
    assert "identity" not in placement.within.fields
