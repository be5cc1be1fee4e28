"""Lists what is due at whose desk: open dispositions and recommendations, and ends a disposition as done.

Rule: every list and count has the cases that the officer may open, and no other. A disposition to an office is read
and ended by the officers whose unit is that office (access.offices).
"""

from typing import Final

from dropbox.errors import RefusedError
from dropbox.triage.access import offices, permission, roles
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log
from dropbox.triage.cases.casebook import Case
from dropbox.triage.tables.followup import dispositions, records
from dropbox.triage.tables.followup.dispositions import Desk, Disposition, Waiting, Wanted
from dropbox.triage.tables.followup.records import Recommendation, UnitLoad
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.work import Work

PAGE_ROWS: Final = 50
RECOMMENDATIONS_SHOWN: Final = 100
REMARK_MAX: Final = 2000  # characters


def finish(work: Work, case: Case, remark: str) -> None:
    """End the open disposition of a case as done.

    Args:
        work: the vault, the settings and the day.
        case: which.
        remark: what was done, up to REMARK_MAX characters.

    Raises:
        RefusedError: the officer's roles do not allow it, none is open, it is addressed to others (and the officer may
            not assign cases), or the remark is empty or too long.
        NotFoundError: the officer is kept out of the case.
    """
    permission.permit(work, Permission.DISPOSITION_FINISH, case.number)
    found = dispositions.open_of(work.vault.db, case.number)
    if found is None:
        raise RefusedError("disposition.not-open")
    if not may_finish(work, found):
        raise RefusedError("disposition.others")
    remark = remark.replace("\r\n", "\n").strip()
    if not 0 < len(remark) <= REMARK_MAX or not all(sign.isprintable() or sign in "\n\t" for sign in remark):
        raise RefusedError("disposition.remark", most=REMARK_MAX)
    with transaction(work.vault.db):
        dispositions.end(work.vault.db, found.number, dispositions.DONE, work.today, remark)
        audit_log.write(work.vault, Permission.DISPOSITION_FINISH, case.number, note=found.number)


def may_finish(work: Work, one: Disposition) -> bool:
    """Whether a disposition is open and addressed to the officer at work, or they may assign cases."""
    mine = one.assignee == work.vault.officer.login or (
        not one.assignee and one.office in offices.of_officer(work.settings, work.vault.officer)
    )
    assigns = roles.may(work.settings.workstation, work.vault.officer, Permission.CASE_ASSIGN)
    return one.state == dispositions.OPEN and (mine or assigns)


def mine(work: Work) -> Wanted:
    """Return the selection of what waits for the officer at work."""
    return Wanted(
        work.vault.officer.login, work.vault.officer.login, offices.of_officer(work.settings, work.vault.officer)
    )


def waiting(work: Work, wanted: Wanted, page: int = 1) -> list[Waiting]:
    """Return a page (from 1) of open dispositions, up to PAGE_ROWS + 1 by due day; raises RefusedError."""
    permission.permit(work, Permission.CASE_READ)
    return dispositions.waiting(work.vault.db, wanted, PAGE_ROWS + 1, (page - 1) * PAGE_ROWS)


def desks(work: Work) -> list[Desk]:
    """Return how many dispositions wait at each office and officer; raises RefusedError."""
    permission.permit(work, Permission.CASE_READ)
    return dispositions.desks(work.vault.db, work.vault.officer.login, work.today)


def open_recommendations(work: Work, limit: int = RECOMMENDATIONS_SHOWN) -> list[Recommendation]:
    """Return the recommendations that were not carried out, by due day, at most `limit`; raises RefusedError."""
    permission.permit(work, Permission.CASE_READ)
    return records.open_recommendations(work.vault.db, work.vault.officer.login, limit)


def by_unit(work: Work) -> list[UnitLoad]:
    """Return how many open recommendations each unit has, and how many are overdue; raises RefusedError."""
    permission.permit(work, Permission.CASE_READ)
    return records.open_by_unit(work.vault.db, work.vault.officer.login, work.today)
