"""Takes back what reporters were told, as long as it has not left with a publication.

Rule: the newest telling of a group of cases goes first, for all of its cases at once, and only when nothing later
depends on it; afterwards each case stands exactly as before. What has left is corrected by a new message alone.
"""

from typing import Any, Final, cast

from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import search
from dropbox.triage.casework.outgoing import records
from dropbox.triage.tables import cases, events, log, protections
from dropbox.triage.tables.case_row import Changes
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.tables.outgoing import referrals, tellings
from dropbox.triage.tables.outgoing.tellings import Telling
from dropbox.triage.tables.safety import follow_ups, notices
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

ACT: Final = "answer.withdraw"
# Acts after which a paper has left the office that says how a case ended.
_PAPERS: Final = (Permission.LETTER_CLEAR,)


def waiting(work: Work) -> list[Telling]:
    """Return what has not left, newest first, but what is about a case from which the officer is kept out."""
    return [
        one
        for one in tellings.everything(work.vault.db)
        if not any(permission.is_excluded(work.vault, case) for case in one.members)
    ]


def newest(work: Work, case: Case) -> Telling | None:
    """Return what the officer at work may take back of a case, or of what is worked on with it, now; else None."""
    found = tellings.about(work.vault.db, cases.group(work.vault.db, [case.number]))
    try:
        if found:
            check(work, found[0])
            return found[0]
    except (NotFoundError, RefusedError):
        pass
    return None


def of_number(work: Work, number: int) -> Telling:
    """Return a telling that has not left; raises NotFoundError, also for an officer who is kept out of its cases."""
    found = next((one for one in waiting(work) if one.number == number), None)
    if found is None:
        raise NotFoundError("telling.left")
    return found


def check(work: Work, telling: Telling) -> None:
    """Pass, if the officer may take a telling back now.

    Raises:
        RefusedError: their roles do not allow the act itself, or something later depends on it.
        NotFoundError: they are kept out of one of its cases.
    """
    vault = work.vault
    for case in telling.members:
        permission.permit(work, Permission(telling.act), case)
    if tellings.about(vault.db, telling.members)[0].number != telling.number:
        raise RefusedError("telling.later-first")
    if any(case in telling.members for _, case, _ in events.told_since(vault.db, telling.newest)):
        raise RefusedError("telling.later-entry")
    if not _stands(records.standing(vault, telling.members), telling):
        raise RefusedError("telling.changed")
    if any(log.has_since(vault.db, case, _PAPERS, telling.logged) for case in telling.members):
        raise RefusedError("telling.paper")


def withdraw(work: Work, telling: Telling) -> None:
    """Take a telling back, with its line in the log; raises what `check` raises."""
    with transaction(work.vault.db):
        undo(work, telling)


def undo(work: Work, telling: Telling) -> Case:
    """Do what `withdraw` does inside the transaction of an act that writes it anew; returns the first case.

    Raises:
        RefusedError: their roles do not allow the act itself, or something later depends on it.
        NotFoundError: they are kept out of one of its cases.
    """
    check(work, telling)
    vault = work.vault
    for number, case, _ in events.not_left(vault.db):
        if number in telling.entries:
            search.put(vault, case, search.EVENT, number, "")
    events.remove(vault.db, telling.entries)
    for table, rows in telling.changes.items():
        for key, (stood, _) in rows.items():
            _put_back(vault, table, int(key), stood)
    for case in telling.members:
        search.put_labels(vault, case)
    tellings.remove(vault.db, telling.number)
    audit_log.write(vault, ACT, telling.members[0], act=telling.act, count=len(telling.entries))
    return casebook.case_of(vault, telling.members[0])


def _stands(now: dict[str, records.Rows], telling: Telling) -> bool:
    """Return whether every row that the telling changed is still as it left it, and no consent was noted since."""
    asked = telling.changes.get(records.CONSENTS)
    if asked and max(map(int, asked)) != max(map(int, now[records.CONSENTS]), default=0):
        return False
    for table, rows in telling.changes.items():
        for key, (_, left) in rows.items():
            row = now[table].get(key)
            if row is None or any(row[name] != value for name, value in left.items()):
                return False
    return True


def _put_back(vault: Vault, table: str, number: int, stood: dict[str, Any] | None) -> None:
    if table == records.CASES and stood:
        cases.change(vault.db, CaseNumber(number), **cast("Changes", stood))
    elif table == records.PROTECTIONS and stood is None:
        protections.remove(vault.db, number)
    elif table == records.PROTECTIONS and stood:
        protections.put_back(vault.db, number, stood)
    elif table == records.CONSENTS:
        referrals.remove_consent(vault.db, number)
    elif table == records.CHECKS and stood is None:
        follow_ups.remove(vault.db, number)
    elif table == records.NOTICES and stood is None:
        notices.remove(vault.db, number)
