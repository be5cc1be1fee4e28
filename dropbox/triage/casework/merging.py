"""Cases about the same matter, worked on as one: the leader is answered, and every reporter reads the answer.

    follower.merged_into = leader      always one step: who follows a follower follows its leader

Rule: what a reporter reads tells nothing of another report, not even that there is one, for the person complained of
may have sent one of them to find out. Undoing leaves the case where its reporter last read that it stands.
"""

from typing import Final

from dropbox.errors import RefusedError
from dropbox.triage.access import conflict, permission, safeguarding
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook, deadlines
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import agenda, search
from dropbox.triage.tables import cases, events, proposals
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.board import STATUS, Entry
from dropbox.wire.calendar import Day
from dropbox.wire.statuses import QUESTION, RECEIVED

_TEXTS: Final = {
    "id": "Laporan Anda sedang kami tangani. Jawaban berikutnya akan Anda baca di sini.",
    "en": "We are working on your report. You will read the next answer here.",
}


def merge(work: Work, case: Case, into: Case) -> Case:
    """Work on a case, and on what was merged into it, together with another; returns the leader.

    Args:
        work: the vault, the settings and the day.
        case: becomes a follower.
        into: the case that is worked on, or one of its followers.

    Raises:
        RefusedError: the officer's roles do not allow it, they are one case already, the case waits for a second
            officer, or the leader has ended.
        NotFoundError: the officer is kept out of one of them.
    """
    permission.permit(work, Permission.CASE_MERGE, case.number)
    permission.permit(work, Permission.CASE_MERGE, into.number)
    leader = leader_of(work.vault, into.number)
    permission.permit(work, Permission.CASE_MERGE, leader.number)
    case = casebook.case_of(work.vault, case.number)
    _check(work.vault, case, leader)
    with transaction(work.vault.db):
        cases.merge(work.vault.db, case.number, leader.number)
        if case.status not in (_shown(leader), QUESTION):  # an open question to its reporter stays open
            _tell(work.vault, case, leader, work.today)
        audit_log.write(work.vault, "case.merge", case.number, into=leader.number)
        conflict.check_merged(work.vault, leader.number)
        safeguarding.check_tags(work)
    return casebook.case_of(work.vault, leader.number)


def unmerge(work: Work, case: Case) -> Case:
    """Undo a merge: the case is worked on by itself again, from where it stands. Returns it.

    Who was kept out of the group stays out of both until it is lifted.

    Raises:
        RefusedError: the officer's roles do not allow it, or the case was not merged.
        NotFoundError: the officer is kept out of it.
    """
    permission.permit(work, Permission.CASE_MERGE, case.number)
    case = casebook.case_of(work.vault, case.number)
    if not case.merged_into:
        raise RefusedError("merge.not-merged")
    leader = casebook.case_of(work.vault, case.merged_into)
    due, closed = leader.due, leader.closed or None
    if leader.status == QUESTION and case.status != QUESTION:  # the question was another reporter's: our clock goes on
        due = deadlines.resumed_due(work.settings, work.today, leader.paused_left or 0)
    paused = leader if leader.status == QUESTION else case
    left, status = (paused.paused_left, paused.paused_status) if case.status == QUESTION else (None, "")
    with transaction(work.vault.db):
        cases.change(
            work.vault.db,
            case.number,
            merged_into=None,
            due=due,
            clock=work.today,
            closed=closed,
            paused_left=left,
            paused_status=status,
            reason=leader.reason,
            reference=leader.reference,
        )
        audit_log.write(work.vault, "case.merge", case.number, undone=leader.number)
    return casebook.case_of(work.vault, case.number)


def leader_of(vault: Vault, number: CaseNumber) -> Case:
    """The case that is worked on: the case itself, or what it was merged into; raises NotFoundError."""
    case = casebook.case_of(vault, number)
    return casebook.case_of(vault, case.merged_into) if case.merged_into else case


def followers(vault: Vault, number: CaseNumber) -> list[CaseNumber]:
    """Numbers of the cases that were merged into one, but those from which the officer at work is kept out."""
    return cases.visible_followers(vault.db, number, vault.officer.login)


def _check(vault: Vault, case: Case, leader: Case) -> None:
    if case.merged_into:
        raise RefusedError("merge.merged")
    if leader.number == case.number:
        raise RefusedError("merge.same")
    for one in (case, leader):
        if one.status in permission.ENDED:
            raise RefusedError("merge.ended", case=one.name)
    if proposals.is_pending(vault.db, case.number):
        raise RefusedError("merge.proposal-waiting")
    if case.deleted or leader.deleted:
        raise RefusedError("merge.deleted")


def _shown(leader: Case) -> str:
    """The status that a follower's reporter reads; a question to another reporter is none of theirs."""
    return (leader.paused_status or RECEIVED) if leader.status == QUESTION else leader.status


def _tell(vault: Vault, case: Case, leader: Case, today: Day) -> None:
    """The follower takes the leader's status; the sentence is what anybody might read."""
    text, status = _TEXTS[agenda.language(vault, case.number)], _shown(leader)
    due = 0 if leader.status == QUESTION else casebook.promised(vault, leader)  # not the day on which we look again
    event = events.add(vault.db, case.number, Entry(day=today, kind=STATUS, status=status, text=text, next=due))
    cases.change(vault.db, case.number, status=status)
    search.put(vault, case.number, search.EVENT, event, text)
