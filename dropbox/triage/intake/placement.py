"""Where a checked message goes, decided before anything is written.

Rule: a message joins a case only if thread and keys are the case's own and it proves that it has the thread's secret;
otherwise it opens a case of its own. A message whose nonce *and* content its case has already is a repetition; with
other content it is what its sender wrote after going back, and must not be lost (dropbox/DECISIONS.md, 11).
`known` alone reads the vault; `decide` is a function of its arguments.
"""

import json
from dataclasses import dataclass

from dropbox.crypto.private.opening import Opened
from dropbox.errors import RefusedError
from dropbox.limits import EPOCH_COMPLETE_DAYS
from dropbox.triage.cases import bounds
from dropbox.triage.cases.origins import ONLINE
from dropbox.triage.casework import reporter_acts
from dropbox.triage.tables import cases, messages
from dropbox.triage.tables.case_row import ThreadKeys
from dropbox.triage.tables.messages import NewMessage
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault.vault import Vault
from dropbox.wire.blob import READ, WITHDRAW, Message
from dropbox.wire.calendar import Day, Epoch, epoch_first_day, epoch_last_day


@dataclass(frozen=True)
class Arrival:
    """A checked message: of which blob, under which epoch, taken in on which day, and how it came (cases.origins)."""

    sha256: bytes
    opened: Opened
    epoch: Epoch
    today: Day
    origin: str = ONLINE


@dataclass(frozen=True)
class Known:
    """What the vault knows of a message's thread before the message is placed.

    Attributes:
        case: the case that it joins, or None if it opens one.
        place: the number that the message will have.
        is_here: whether the case has this very message.
        is_withdrawn: whether this message withdraws a report that was withdrawn before.
    """

    case: CaseNumber | None
    place: int
    is_here: bool
    is_withdrawn: bool


@dataclass(frozen=True)
class Placement:
    """Where a message goes, decided before anything is written.

    Attributes:
        arrival: the message.
        case: the case that it joins, or None if it opens one.
        place: the message's number.
        sent: the day on which it was sent, as far as the claim can be believed.
        act: what it does besides adding words (casework.reporter_acts); empty for none.
        whole: its fields but for the reporter's identity.
        within: the same, within the vault's bounds (cases.bounds).
        is_first_withdrawal: whether its reporter withdraws the report for the first time.
    """

    arrival: Arrival
    case: CaseNumber | None
    place: int
    sent: Day
    act: str
    whole: dict[str, str]
    within: bounds.Bounded
    is_first_withdrawal: bool


def known(vault: Vault, arrival: Arrival) -> Known:
    """Read what decides where a message goes; writes nothing."""
    message, place = arrival.opened.message, messages.next_number(vault.db)
    case = cases.of_thread(vault.db, thread_keys(message)) if arrival.opened.is_member else None
    if case is None:
        return Known(None, place, is_here=False, is_withdrawn=False)
    within = bounds.bounded(_kept_fields(message))
    row = row_of(arrival, case, arrival.today, place, within)
    withdraws = reporter_acts.act_of(message.kind, message.fields) == WITHDRAW
    return Known(
        case,
        place,
        is_here=messages.is_here(vault.db, row, within.whole_sha256),
        is_withdrawn=withdraws and bool(reporter_acts.withdrawn(vault, [case])),
    )


def decide(arrival: Arrival, before: Known) -> Placement:
    """Return where a message goes, by its own content and what is known of its thread alone.

    Raises:
        RefusedError: its case has that message already, or it says that answers were read where there is no case.
    """
    message = arrival.opened.message
    act = reporter_acts.act_of(message.kind, message.fields)
    if before.case is None and act == READ:
        raise RefusedError("thread.no-case")
    if before.is_here:
        raise RefusedError("thread.repeated")
    # An officer who keys in a letter says when it was written; a reporter's own claim is held against the epoch.
    is_online = arrival.origin == ONLINE
    sent = _believable(message.sent, arrival.epoch, arrival.today) if is_online else min(message.sent, arrival.today)
    whole = _kept_fields(message)
    is_first = act == WITHDRAW and not before.is_withdrawn
    return Placement(arrival, before.case, before.place, sent, act, whole, bounds.bounded(whole), is_first)


def _kept_fields(message: Message) -> dict[str, str]:
    return {name: text for name, text in message.fields.items() if name != "identity"}


def _believable(claimed: Day, epoch: Epoch, today: Day) -> Day:
    """The sending day, kept within the week whose key was used and the time that an upload may take."""
    earliest, latest = Day(epoch_first_day(epoch) - 1), Day(epoch_last_day(epoch) + EPOCH_COMPLETE_DAYS)
    return min(max(claimed, earliest), latest, today)


def thread_keys(message: Message) -> ThreadKeys:
    """Return the keys by which a case knows its thread."""
    keys = message.keys
    return ThreadKeys(message.thread, keys["claim"], keys["tag-key"], keys["answer-key"], keys["auth-key"])


def row_of(arrival: Arrival, number: CaseNumber, sent: Day, place: int, within: bounds.Bounded) -> NewMessage:
    """Return the row of a message that will have the number `place`."""
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
