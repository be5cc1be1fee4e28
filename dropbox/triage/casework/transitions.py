"""A case from one status to the next: by an officer's answer, or because its reporter wrote.

Rule: one transaction each, with the line in the log; whatever moves a case moves those that were merged into it, so
that every reporter reads the answer.
"""

from typing import Final

from dropbox.triage.access import permission
from dropbox.triage.access.permission import Draft
from dropbox.triage.cases import audit_log, casebook, deadlines
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import agenda, phrases, search
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.board import STATUS, Entry
from dropbox.wire.statuses import QUESTION, RECEIVED

REOPENING: Final = ("DITOLAK", "SELESAI_TIDAK", permission.ARCHIVED)


def answer(work: Work, case: Case, draft: Draft) -> Entry:
    """Record an answer for the next publication; changes nothing and raises what policy.decide raises if it may not."""
    draft = phrases.filled(work, case, draft)
    entry = permission.decide(work, case, draft)
    with transaction(work.vault.db):
        apply(work, case, entry, reference=draft.target)
        act = permission.MOVES[draft.status] if entry.kind == STATUS else "answer.message"
        audit_log.write(work.vault, act, case.number, status=draft.status, before=case.status)
    return entry


def apply(work: Work, case: Case, entry: Entry, *, reason: str = "", reference: str = "") -> None:
    """Put an entry on the timeline of a case and of those merged into it; inside a transaction that logs it."""
    followers = work.vault.db.execute("select number from cases where merged_into = ?", (case.number,)).fetchall()
    for number in (case.number, *(number for (number,) in followers)):
        if entry.status == permission.REOPENED:
            agenda.give(work, number)
        tell(work.vault, number, entry)
    if entry.kind != STATUS or entry.status == case.status:
        if entry.next:
            work.vault.db.execute("update cases set due = ? where number = ?", (entry.next, case.number))
        return
    left = status = None
    due = entry.next
    if not due and entry.status not in permission.ENDED:
        due = deadlines.review_day(work.settings, entry.status, work.today)
    if entry.status == QUESTION:
        left, status = deadlines.days_left(work.settings, work.today, case.due), case.status
    work.vault.db.execute(
        "update cases set due = ?, clock = ?, paused_left = ?, paused_status = ?, closed = ?,"
        " reason = ?, reference = ? where number = ?",
        (
            due,
            work.today,
            left,
            status or "",
            work.today if entry.status in permission.ENDED else None,
            reason,
            reference,
            case.number,
        ),
    )


def tell(vault: Vault, number: CaseNumber, entry: Entry) -> None:
    """Put an entry on the timeline of one case alone; inside a transaction."""
    event: int = vault.db.execute(
        "insert into events (case_number, day, kind, status, text, next) values (?, ?, ?, ?, ?, ?) returning number",
        (number, entry.day, entry.kind, entry.status, entry.text, entry.next),
    ).fetchone()[0]
    if entry.kind == STATUS:
        vault.db.execute("update cases set status = ? where number = ?", (entry.status, number))
    search.put(vault, number, search.EVENT, event, entry.text)


def on_message(work: Work, number: CaseNumber) -> None:
    """What follows when a reporter has written again; inside the transaction that takes the message in.

    A question is answered: the clock goes on with the days that were left. A case that had ended without result is
    looked at again. What was merged away moves the case that is worked on instead.
    """
    case = casebook.case_of(work.vault, number)
    if case.merged_into:
        asked = case.status == QUESTION
        case = casebook.case_of(work.vault, case.merged_into)
        if asked and case.status != QUESTION:  # the question was this reporter's alone
            tell(
                work.vault,
                number,
                Entry(day=work.today, kind=STATUS, status=case.status, next=casebook.promised(work.vault, case)),
            )
    if case.status == QUESTION:
        status = case.paused_status or RECEIVED
        has_clock = status in work.settings.service_days
        due = deadlines.resumed_due(work.settings, work.today, case.paused_left or 0) if has_clock else 0
    elif case.status in REOPENING:
        status = permission.REOPENED
        due = deadlines.due_day(work.settings, status, work.today)
    elif case.status in (
        *permission.ENDED,
        permission.REFERRED,
    ):  # proven, or handed over: an officer must at least look
        look = deadlines.due_day(work.settings, RECEIVED, work.today) or deadlines.review_day(
            work.settings, RECEIVED, work.today
        )
        work.vault.db.execute(
            "update cases set due = case when due between 1 and ?1 then due else ?1 end where number = ?2",
            (look, case.number),
        )
        return
    else:
        return
    apply(work, case, Entry(day=work.today, kind=STATUS, status=status, next=due))
    audit_log.write(work.vault, "reporter.wrote", case.number, status=status, before=case.status)
