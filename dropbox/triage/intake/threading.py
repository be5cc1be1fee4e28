"""Puts a checked message into its case: decided by `placement`, written here, followed by the observers.

Rule: the rows of a case and of its message are written in one transaction with the blob's. Who the reporter is, if
they say so, goes to access.identity alone.
"""

from typing import Final

from dropbox.triage.access import identity
from dropbox.triage.cases import bounds
from dropbox.triage.cases.deadlines import due_day, review_day
from dropbox.triage.casework import reporter_acts, search
from dropbox.triage.casework.outgoing import records
from dropbox.triage.intake.observers import OBSERVERS, Placed
from dropbox.triage.intake.placement import Arrival, Placement, decide, known, row_of, thread_keys
from dropbox.triage.tables import cases, events, messages
from dropbox.triage.tables.case_row import NewCase
from dropbox.triage.tables.messages import NewMessage
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.vocabulary.codes import Bound
from dropbox.wire.blob import FILE, READ, REPORT, Message
from dropbox.wire.board import STATUS, Entry
from dropbox.wire.calendar import Day
from dropbox.wire.fields import is_blank
from dropbox.wire.statuses import CATEGORIES, CHANNELS, RECEIVED

_UNSORTED: Final = "tidak-tahu"


def join(work: Work, arrival: Arrival, index: search.Batch) -> CaseNumber:
    """Put a message into its case; inside the transaction that puts its blob into `seen`.

    Args:
        work: the vault, the settings and the day.
        arrival: the message.
        index: takes its text, to be written in the same transaction.

    Returns:
        The case's number.

    Raises:
        RefusedError: its thread has that message already, or it says that answers were read where there is no case;
            nothing was changed.
    """
    placement = decide(arrival, known(work.vault, arrival))
    with records.bound(Bound.IMPORT):
        placed = Placed(placement, _write(work, placement), index)
        for observe in OBSERVERS:
            observe(work.on(arrival.today), placed)
    return placed.case


def _write(work: Work, placement: Placement) -> CaseNumber:
    """Write the case's row and the message's; returns the case's number."""
    arrival, sent, place = placement.arrival, placement.sent, placement.place
    if placement.case is None:
        number = _open_case(work, arrival, sent, place)
    else:
        number = placement.case
        _add(work.vault, number, arrival, place)
    _record(work, row_of(arrival, number, sent, place, placement.within), arrival, placement.within)
    return number


def _open_case(work: Work, arrival: Arrival, sent: Day, place: int) -> CaseNumber:
    """A new case of a message that will be of that number; returns the case's number."""
    opened, today = arrival.opened, arrival.today
    channel, category = _codes(opened.message)
    due = due_day(work.settings, RECEIVED, sent)
    first = NewCase(
        proven=opened.is_member,
        status=RECEIVED,
        channel=channel,
        category=category,
        sent=sent,
        due=due or review_day(work.settings, RECEIVED, sent),
        clock=sent,
        origin=arrival.origin,
        touched=place,
    )
    number = cases.add(work.vault.db, thread_keys(opened.message), first)
    if reporter_acts.is_counted(opened.message):
        _count(work.vault, number, opened.message, sent, today)
    records.put(work.vault, number, Entry(day=today, kind=STATUS, status=RECEIVED, next=due))
    return number


def _codes(message: Message) -> tuple[str, str]:
    """(channel, category) of a report, by which cases are sorted and counted; what is no code stays in the report."""
    if message.kind != REPORT:
        return "", ""
    channel, category = message.fields["channel"], message.fields["category"]
    return channel if channel in CHANNELS else "", category if category in CATEGORIES else _UNSORTED


def _add(vault: Vault, number: CaseNumber, arrival: Arrival, place: int) -> None:
    """A case that was there gets another message: it is counted, and what is worked on has something unread."""
    message, today = arrival.opened.message, arrival.today
    if reporter_acts.act_of(message.kind, message.fields) == READ:
        return
    if reporter_acts.is_counted(message):
        _count(vault, number, message, today, today)
    cases.touch(vault.db, number, place)
    if message.kind == REPORT:
        # The report may come after its files; a second report of the thread changes nothing here.
        cases.sort(vault.db, number, *_codes(message))


def _count(vault: Vault, number: CaseNumber, message: Message, day: Day, today: Day) -> None:
    """One more text or file on the timeline, in the line of what was collected today (made now if there is none)."""
    events.count_received(vault.db, number, "files" if message.kind == FILE else "texts", day, today)


def _record(work: Work, row: NewMessage, arrival: Arrival, within: bounds.Bounded) -> None:
    who = arrival.opened.message.fields.get("identity", "")
    if not is_blank(who) and row.kind != FILE:
        identity.seal(work.on(row.day), row.case, who, source="message", blob=row.sha256, key=row.file_key)
        row = row._replace(file_key=bytes(len(row.file_key)))  # the blob stays, and is closed as well
    messages.add(work.vault.db, row)
    if row.kind != FILE:
        bounds.put(work.vault, row.case, row.number, within)
