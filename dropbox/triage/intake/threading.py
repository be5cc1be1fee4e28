"""Which case a checked message belongs to, and what it adds there.

Rule: a message joins a case only if thread and keys are the case's own and it proves that it has the thread's secret;
otherwise it opens a case of its own. A message whose nonce *and* content its case has already is a repetition; with
other content it is what its sender wrote after going back, and must not be lost (dropbox/DECISIONS.md, 11). Who the
reporter is, if they say so, goes to access.identity alone. What a reporter does besides writing (reporter_acts)
moves no case and restarts no clock.
"""

import json
from dataclasses import dataclass
from typing import Final

from dropbox.crypto.private.opening import Opened
from dropbox.errors import RefusedError
from dropbox.form import details
from dropbox.limits import EPOCH_COMPLETE_DAYS
from dropbox.triage.access import conflict, identity, safeguarding
from dropbox.triage.cases import bounds, casebook
from dropbox.triage.cases.deadlines import due_day, review_day
from dropbox.triage.cases.origins import ONLINE
from dropbox.triage.casework import protection, reporter_acts, search, transitions
from dropbox.triage.tables import cases, events, messages
from dropbox.triage.tables.case_row import NewCase, ThreadKeys
from dropbox.triage.tables.messages import NewMessage
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.blob import DETAIL, FILE, READ, REPORT, WITHDRAW, Message
from dropbox.wire.board import STATUS, Entry
from dropbox.wire.calendar import Day, Epoch, epoch_first_day, epoch_last_day
from dropbox.wire.statuses import CATEGORIES, CHANNELS, RECEIVED

_CODES: Final = ("channel", "category", "act", "protection")  # not searched: as words they would stand everywhere
_UNSORTED: Final = "tidak-tahu"


@dataclass(frozen=True)
class Arrival:
    """A checked message: of which blob, under which epoch, taken in on which day, and how it came (cases.origins)."""

    sha256: bytes
    opened: Opened
    epoch: Epoch
    today: Day
    origin: str = ONLINE


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
    opened, today = arrival.opened, arrival.today
    message = opened.message
    # An officer who keys in a letter says when it was written; a reporter's own claim is held against the epoch.
    is_online = arrival.origin == ONLINE
    sent = _believable(message.sent, arrival.epoch, today) if is_online else min(message.sent, today)
    number = _case_of(work.vault, message) if opened.is_member else None
    is_new = number is None
    act = reporter_acts.act_of(message.kind, message.fields)
    is_first_withdrawal = act == WITHDRAW and (number is None or not reporter_acts.withdrawn(work.vault, [number]))
    if is_new and act == READ:
        raise RefusedError("thread.no-case")
    place = messages.next_number(work.vault.db)
    whole = _kept_fields(message)
    within = bounds.bounded(whole)
    if number is None:
        number = _open_case(work, arrival, sent, place)
    elif messages.is_here(work.vault.db, _row(number, arrival, sent, place, within), within.whole_sha256):
        raise RefusedError("thread.repeated")
    else:
        _add(work.vault, number, arrival, place)
    _record(work, _row(number, arrival, sent, place, within), arrival, within)
    kept = within.fields
    form = details.form_of(work.settings)
    told = [value for name, value in kept.items() if name not in _CODES and not name.startswith(DETAIL)]
    index.add(number, search.MESSAGE, place, "\n".join((*told, *details.search_terms(form, kept), message.name)))
    is_labelled = message.kind == REPORT and _classify(work.vault, number, details.place_columns(form, kept))
    # Once, and the whole of it: whom a text names may not read its end either (casework.wholes).
    conflict.check_message(work, number, whole)
    is_labelled |= safeguarding.check_message(work, number, whole)
    if is_labelled:
        search.put_labels(work.vault, number)
    if not is_new and not act:
        transitions.on_message(work.on(today), number)
    if is_first_withdrawal:
        reporter_acts.note_withdrawal(work.vault, number, today)
    for kind in protection.kinds_in(message.fields.get("protection", "")):
        protection.ask(work.on(today), casebook.case_of(work.vault, number), kind)
    return number


def _classify(vault: Vault, number: CaseNumber, columns: dict[str, str]) -> bool:
    """Sort a case by what its report says of the place, until an officer does; returns whether it says anything."""
    if not any(columns.values()):
        return False
    cases.place(vault.db, number, **columns)
    return True


def _kept_fields(message: Message) -> dict[str, str]:
    return {name: text for name, text in message.fields.items() if name != "identity"}


def _believable(claimed: Day, epoch: Epoch, today: Day) -> Day:
    """The sending day, kept within the week whose key was used and the time that an upload may take."""
    earliest, latest = Day(epoch_first_day(epoch) - 1), Day(epoch_last_day(epoch) + EPOCH_COMPLETE_DAYS)
    return min(max(claimed, earliest), latest, today)


def _case_of(vault: Vault, message: Message) -> CaseNumber | None:
    return cases.of_thread(vault.db, _thread_keys(message))


def _thread_keys(message: Message) -> ThreadKeys:
    keys = message.keys
    return ThreadKeys(message.thread, keys["claim"], keys["tag-key"], keys["answer-key"], keys["auth-key"])


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
    number = cases.add(work.vault.db, _thread_keys(opened.message), first)
    if reporter_acts.is_counted(opened.message):
        _count(work.vault, number, opened.message, sent, today)
    events.add(work.vault.db, number, Entry(day=today, kind=STATUS, status=RECEIVED, next=due))
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


def _row(number: CaseNumber, arrival: Arrival, sent: Day, place: int, within: bounds.Bounded) -> NewMessage:
    opened = arrival.opened
    message = opened.message
    return NewMessage(
        number=place,
        case=number,
        sha256=arrival.sha256,
        kind=message.kind,
        nonce=message.nonce,
        sent=sent,
        day=arrival.today,
        lang=message.lang,
        fields=json.dumps(within.fields),
        name=message.name,
        type=message.type,
        size=opened.file_bytes,
        file_sha256=opened.file_sha256,
        file_key=opened.file_key,
    )


def _record(work: Work, row: NewMessage, arrival: Arrival, within: bounds.Bounded) -> None:
    who = arrival.opened.message.fields.get("identity", "").strip()
    if who and row.kind != FILE:
        identity.seal(work.on(row.day), row.case, who, source="message", blob=row.sha256, key=row.file_key)
        row = row._replace(file_key=bytes(len(row.file_key)))  # the blob stays, and is closed as well
    messages.add(work.vault.db, row)
    if row.kind != FILE:
        bounds.put(work.vault, row.case, row.number, within)
