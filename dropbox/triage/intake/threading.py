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
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.blob import DETAIL, FILE, READ, REPORT, WITHDRAW, Message
from dropbox.wire.board import RECEIVED as RECEIVED_ENTRY
from dropbox.wire.board import STATUS as STATUS_ENTRY
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
    (place,) = work.vault.db.execute("select coalesce(max(number), 0) + 1 from messages").fetchone()
    if number is None:
        number = _open_case(work, arrival, sent, place)
    elif _is_here(work.vault, number, opened, bounds.bounded(_kept_fields(message))):
        raise RefusedError("thread.repeated")
    else:
        _add(work.vault, number, arrival, place)
    whole = _kept_fields(message)
    within = bounds.bounded(whole)
    _record(work, number, arrival, sent, place, within)
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
    vault.db.execute(
        "update cases set unit_type = ?, province = ?, district = ? where number = ? and unit_type = ''"
        " and province = '' and district = ''",
        (columns["unit_type"], columns["province"], columns["district"], number),
    )
    return True


def _is_here(vault: Vault, number: CaseNumber, opened: Opened, within: bounds.Bounded) -> bool:
    message = opened.message
    row = vault.db.execute(
        "select 1 from messages where case_number = ? and nonce = ? and kind = ? and fields = ? and name = ?"
        " and file_sha256 = ?"
        " and coalesce((select whole_sha256 from excerpts where excerpts.number = messages.number), x'') = ?",
        (
            number,
            message.nonce,
            message.kind,
            json.dumps(within.fields),
            message.name,
            opened.file_sha256,
            within.whole_sha256,
        ),
    ).fetchone()
    return row is not None


def _kept_fields(message: Message) -> dict[str, str]:
    return {name: text for name, text in message.fields.items() if name != "identity"}


def _believable(claimed: int, epoch: Epoch, today: Day) -> int:
    """The sending day, kept within the week whose key was used and the time that an upload may take."""
    earliest, latest = epoch_first_day(epoch) - 1, epoch_last_day(epoch) + EPOCH_COMPLETE_DAYS
    return min(max(claimed, earliest), latest, today)


def _case_of(vault: Vault, message: Message) -> CaseNumber | None:
    keys = message.keys
    row = vault.db.execute(
        "select number from cases where proven and thread = ? and claim = ? and tag_key = ? and answer_key = ?"
        " and auth_key = ?",
        (message.thread, keys["claim"], keys["tag-key"], keys["answer-key"], keys["auth-key"]),
    ).fetchone()
    return row[0] if row else None


def _open_case(work: Work, arrival: Arrival, sent: int, place: int) -> CaseNumber:
    """A new case of a message that will be of that number; returns the case's number."""
    opened, today = arrival.opened, arrival.today
    keys = opened.message.keys
    channel, category = _codes(opened.message)
    due = due_day(work.settings, RECEIVED, sent)
    # `returning` would look through every table that names a case (it makes SQLite check foreign keys row by row).
    number: CaseNumber = work.vault.db.execute(
        "insert into cases (thread, claim, tag_key, answer_key, auth_key, proven, status, channel, category, sent, due,"
        " clock, origin, touched) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            opened.message.thread,
            keys["claim"],
            keys["tag-key"],
            keys["answer-key"],
            keys["auth-key"],
            opened.is_member,
            RECEIVED,
            channel,
            category,
            sent,
            due or review_day(work.settings, RECEIVED, sent),
            sent,
            arrival.origin,
            place,
        ),
    ).lastrowid
    if reporter_acts.is_counted(opened.message):
        _count(work.vault, number, opened.message, Day(sent), today)
    work.vault.db.execute(
        "insert into events (case_number, day, kind, status, next) values (?, ?, ?, ?, ?)",
        (number, today, STATUS_ENTRY, RECEIVED, due),
    )
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
    vault.db.execute(
        "update cases set touched = ?1 where number in (?2, (select merged_into from cases where number = ?2))",
        (place, number),
    )
    if message.kind == REPORT:
        # The report may come after its files; a second report of the thread changes nothing here.
        vault.db.execute(
            "update cases set channel = ?, category = ? where number = ? and channel = ''", (*_codes(message), number)
        )


def _count(vault: Vault, number: CaseNumber, message: Message, day: Day, today: Day) -> None:
    """One more text or file on the timeline, in the line of what was collected today (made now if there is none)."""
    column = "files" if message.kind == FILE else "texts"
    grouped = vault.db.execute(
        f"update events set {column} = {column} + 1 where case_number = ? and collected = ?",  # noqa: S608
        (number, today),
    )
    if not grouped.rowcount:
        vault.db.execute(
            f"insert into events (case_number, day, kind, collected, {column}) values (?, ?, ?, ?, 1)",  # noqa: S608
            (number, day, RECEIVED_ENTRY, today),
        )


def _record(work: Work, number: CaseNumber, arrival: Arrival, sent: int, place: int, within: bounds.Bounded) -> None:
    opened, today = arrival.opened, arrival.today
    message = opened.message
    file_key = opened.file_key
    who = message.fields.get("identity", "").strip()
    if who and message.kind != FILE:
        identity.seal(work.on(today), number, who, source="message", blob=arrival.sha256, key=file_key)
        file_key = bytes(len(file_key))  # the blob stays, and is closed as well
    work.vault.db.execute(
        "insert into messages (number, case_number, sha256, kind, nonce, sent, day, lang, fields, name, type, bytes,"
        " file_sha256, file_key) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            place,
            number,
            arrival.sha256,
            message.kind,
            message.nonce,
            sent,
            today,
            message.lang,
            json.dumps(within.fields),
            message.name,
            message.type,
            opened.file_bytes,
            opened.file_sha256,
            file_key,
        ),
    )
    if message.kind != FILE:
        bounds.put(work.vault, number, place, within)
