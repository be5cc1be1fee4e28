"""Cases about the same matter, worked on as one: the leader is answered, and every reporter reads the answer.

    follower.merged_into = leader      always one step: who follows a follower follows its leader

Rule: what a reporter reads tells nothing of another report, not even that there is one, for the person complained of
may have sent one of them to find out. No merge sets a reporter back: the furthest status and the earliest date of the
group hold for all. Undoing leaves each case where its reporter last read that it stands, with its own date.
"""

from typing import Final

from dropbox.errors import RefusedError
from dropbox.triage.access import conflict, permission, safeguarding
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import agenda, transitions
from dropbox.triage.casework.outgoing import withdrawal
from dropbox.triage.casework.outgoing.records import recorded
from dropbox.triage.tables import cases, proposals
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.board import STATUS, Entry
from dropbox.wire.statuses import QUESTION, RECEIVED, STATUSES

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
            officer, one of them has ended, or the case was handed over and the leader was not.
        NotFoundError: the officer is kept out of one of them.
    """
    permission.permit(work, Permission.CASE_MERGE, case.number)
    permission.permit(work, Permission.CASE_MERGE, into.number)
    leader = leader_of(work.vault, into.number)
    permission.permit(work, Permission.CASE_MERGE, leader.number)
    case = casebook.case_of(work.vault, case.number)
    _check(work.vault, case, leader)
    with transaction(work.vault.db):
        with recorded(work, Permission.CASE_MERGE, leader.number, case.number):
            _join(work, case, leader)
        audit_log.write(work.vault, "case.merge", case.number, into=leader.number)
        conflict.check_merged(work.vault, leader.number)
        safeguarding.check_tags(work)
    return casebook.case_of(work.vault, leader.number)


def unmerge(work: Work, case: Case) -> Case:
    """Undo a merge: the case is worked on by itself again, with its own date and clock. Returns it.

    What the merge told is taken back if it has not left; else the case stands where its reporter last read. Who was
    kept out of the group stays out of both until it is lifted.

    Raises:
        RefusedError: the officer's roles do not allow it, or the case was not merged.
        NotFoundError: the officer is kept out of it.
    """
    permission.permit(work, Permission.CASE_MERGE, case.number)
    case = casebook.case_of(work.vault, case.number)
    if not case.merged_into:
        raise RefusedError("merge.not-merged")
    leader = casebook.case_of(work.vault, case.merged_into)
    told = withdrawal.newest(work, case)
    with transaction(work.vault.db):
        if told and told.act == Permission.CASE_MERGE and told.members[:2] == [leader.number, case.number]:
            withdrawal.undo(work, told)
        else:
            _part(work.vault, case, leader)
        audit_log.write(work.vault, "case.merge", case.number, undone=leader.number)
    return casebook.case_of(work.vault, case.number)


def to_lead(vault: Vault, one: Case, other: Case) -> Case:
    """Return which of two cases should be worked on: the further one, then the older, then the one with more texts."""
    first, second = leader_of(vault, one.number), leader_of(vault, other.number)

    def rank(case: Case) -> tuple[int, int, int, int]:
        return _place(case), -case.sent, len(casebook.texts(vault, case)), -case.number

    return max(first, second, key=rank)


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
    if permission.REFERRED == case.status != leader.status:  # the other was never handed over
        raise RefusedError("merge.referred-leads", case=case.name)


def _join(work: Work, case: Case, leader: Case) -> None:
    """Lead a case and its followers to another; those behind are told the furthest status. No date gets later."""
    db = work.vault.db
    behind = cases.followers(db, leader.number), cases.followers(db, case.number)
    group = [leader, case, *(casebook.case_of(work.vault, one) for numbers in behind for one in numbers)]
    cases.merge(db, case.number, leader.number)
    furthest = max(group, key=_place)
    promises = [casebook.promised(work.vault, one) for one in group if one.status != QUESTION]
    promised = min((day for day in promises if day >= work.today), default=0)
    for one in group:
        if _place(one) < _place(furthest):
            _raise(work, one, furthest, promised)
    if case.own_due is not None:
        cases.change(db, case.number, due=case.own_due, own_due=None)
    due = min((one.due for one in group if one.due), default=leader.due)
    if due != leader.due:
        cases.change(db, leader.number, due=due, own_due=leader.due if leader.own_due is None else leader.own_due)


def _part(vault: Vault, case: Case, leader: Case) -> None:
    """Let a follower go, and give its leader the earliest date of those that stay."""
    db = vault.db
    cases.change(db, case.number, merged_into=None)
    if case.status != QUESTION:
        cases.change(db, case.number, paused_left=None, paused_status="")
    own = leader.due if leader.own_due is None else leader.own_due
    stay = [casebook.case_of(vault, one).due for one in cases.followers(db, leader.number)]
    due = min([own, *(day for day in stay if day)])
    cases.change(db, leader.number, due=due, own_due=None if due == own else own)


def _shown(case: Case) -> str:
    """The status at which a case stands beside a question, which is open to its own reporter alone."""
    return (case.paused_status or RECEIVED) if case.status == QUESTION else case.status


def _place(case: Case) -> int:
    return STATUSES.index(_shown(case))


def _raise(work: Work, case: Case, furthest: Case, promised: int) -> None:
    """Give a case the furthest status of its group; an open question stays open, and its own date stays."""
    vault, status = work.vault, _shown(furthest)
    if case.status == QUESTION:
        cases.change(vault.db, case.number, paused_status=status)
        return
    text = _TEXTS[agenda.language(vault, case.number)]  # what anybody might read
    entry = Entry(day=work.today, kind=STATUS, status=status, text=text, next=promised)
    transitions.tell(vault, case.number, entry)
    cases.change(vault.db, case.number, clock=work.today, reason=furthest.reason, reference=furthest.reference)
