"""A case from one status to the next: by an officer's answer, or because its reporter wrote.

Rule: one transaction each, with the line in the log; whatever moves a case moves those that were merged into it, so
that every reporter reads the answer.
"""

from typing import Final

from dropbox.triage.access import permission
from dropbox.triage.access.permission import Draft
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook, deadlines
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import agenda, phrases, search
from dropbox.triage.casework.outgoing import records, withdrawal
from dropbox.triage.casework.outgoing.records import recorded
from dropbox.triage.tables import cases
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.tables.outgoing.tellings import Telling
from dropbox.triage.tables.safety import follow_ups
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.vocabulary.codes import Status
from dropbox.wire.board import STATUS, Entry
from dropbox.wire.calendar import Day
from dropbox.wire.statuses import QUESTION, RECEIVED

REOPENING: Final = (Status.DITOLAK, Status.SELESAI_TIDAK, permission.ARCHIVED)


def answer(work: Work, case: Case, draft: Draft, instead: Telling | None = None) -> Entry:
    """Record an answer for the next publication, and take another back; nothing changes if one of the two may not be.

    Args:
        work: the vault, the settings and the day.
        case: to whose reporters it goes.
        draft: the answer.
        instead: of what it is written, which has not left.

    Raises:
        RefusedError: it may not (permission.decide), or the other cannot be taken back (outgoing.withdrawal).
        NotFoundError: the officer is kept out of the case.
    """
    with transaction(work.vault.db):
        if instead is not None:
            withdrawal.undo(work, instead)
            case = casebook.case_of(work.vault, case.number)
        draft = phrases.filled(work, case, draft)
        entry = permission.decide(work, case, draft)
        act = permission.MOVES[draft.status] if entry.kind == STATUS else Permission.ANSWER_MESSAGE
        with recorded(work, act, case.number):
            apply(work, case, entry, reference=draft.target)
        audit_log.write(work.vault, act, case.number, status=draft.status, before=case.status)
    return entry


def apply(work: Work, case: Case, entry: Entry, *, reason: str = "", reference: str = "") -> None:
    """Put an entry on the timeline of a case and of those merged into it; inside a transaction that logs it."""
    members = [case, *(casebook.case_of(work.vault, one) for one in cases.followers(work.vault.db, case.number))]
    for member in members:
        if entry.status == permission.REOPENED:
            agenda.give(work, member.number)
        tell(work.vault, member.number, entry)
    moves = entry.kind == STATUS and entry.status != case.status
    due = Day(entry.next)
    if moves and not due and entry.status not in permission.ENDED:
        due = deadlines.review_day(work.settings, entry.status, work.today)
    for member in members:  # a follower's own date and clock are these, should it be worked on by itself again
        if not moves:
            if due:
                cases.change(work.vault.db, member.number, due=due, own_due=None)
            continue
        left, status = member.paused_left, member.paused_status
        if entry.status != QUESTION:
            left, status = None, ""
        elif member.status != QUESTION:
            left, status = deadlines.days_left(work.settings, work.today, member.due), member.status
        cases.change(
            work.vault.db,
            member.number,
            due=due,
            own_due=None,
            clock=work.today,
            paused_left=left,
            paused_status=status,
            closed=work.today if entry.status in permission.ENDED else None,
            reason=reason,
            reference=reference,
        )


def tell(vault: Vault, number: CaseNumber, entry: Entry) -> int:
    """Put an entry on the timeline of one case alone, as records.put; returns its number."""
    event = records.put(vault, number, entry)
    if entry.kind == STATUS:
        cases.change(vault.db, number, status=entry.status)
    search.put(vault, number, search.EVENT, event, entry.text)
    return event


def on_message(work: Work, number: CaseNumber) -> None:
    """What follows when a reporter has written again; inside the transaction that takes the message in.

    A question is answered: the clock goes on with the days that were left. A case that had ended without result is
    looked at again, unless its reporter was asked last about their protection: then it only comes back to the top.
    What was merged away moves the case that is worked on instead.
    """
    is_reply = follow_ups.answer(work.vault.db, number, work.today)
    case = casebook.case_of(work.vault, number)
    if case.merged_into:
        asked = case.status == QUESTION
        case = casebook.case_of(work.vault, case.merged_into)
        if asked and case.status != QUESTION:  # the question was this reporter's alone
            promised = casebook.promised(work.vault, case)
            tell(work.vault, number, Entry(day=work.today, kind=STATUS, status=case.status, next=promised))
            cases.change(work.vault.db, number, due=case.due, clock=work.today, paused_left=None, paused_status="")
    if case.status == QUESTION:
        status = case.paused_status or RECEIVED
        has_clock = status in work.settings.service_days
        due = deadlines.resumed_due(work.settings, work.today, case.paused_left or 0) if has_clock else 0
    elif case.status in REOPENING and not is_reply:
        status = permission.REOPENED
        due = deadlines.due_day(work.settings, status, work.today)
    elif case.status in (
        *permission.ENDED,
        permission.REFERRED,
    ):  # proven, or handed over: an officer must at least look
        look = deadlines.due_day(work.settings, RECEIVED, work.today) or deadlines.review_day(
            work.settings, RECEIVED, work.today
        )
        cases.bring_forward(work.vault.db, case.number, look)
        return
    else:
        return
    apply(work, case, Entry(day=work.today, kind=STATUS, status=status, next=due))
    audit_log.write(work.vault, "reporter.wrote", case.number, status=status, before=case.status)
