"""Lists what is due at whose desk: dispositions, task letters and recommendations, and ends a disposition as done.

Rule: every list and count has the cases that the officer may open, and no other. A disposition to an office is read
and ended by the officers whose unit is that office, or who act for it (access.offices).
"""

import functools
from dataclasses import dataclass
from typing import Final

from dropbox.errors import RefusedError
from dropbox.matching import names
from dropbox.matching.names import PersonName
from dropbox.triage.access import offices, permission, roles
from dropbox.triage.access.conflict import active_officers
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log
from dropbox.triage.cases.casebook import Case
from dropbox.triage.tables.followup import dispositions
from dropbox.triage.tables.followup import waiting as rows
from dropbox.triage.tables.followup.dispositions import Desk, Disposition, Waiting, Wanted
from dropbox.triage.tables.followup.waiting import Recommendation, Sought, TaskLetter, UnitLoad
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.work import Work

PAGE_ROWS: Final = 50
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
    mine = one.assignee == work.vault.officer.login or (not one.assignee and one.office in offices.addressed(work))
    assigns = roles.may(work.settings.workstation, work.vault.officer, Permission.CASE_ASSIGN)
    return one.state == dispositions.OPEN and (mine or assigns)


def mine(work: Work) -> Wanted:
    """Return the selection of what waits for the officer at work."""
    return Wanted(work.vault.officer.login, work.vault.officer.login, offices.addressed(work))


def waiting(work: Work, wanted: Wanted, page: int = 1) -> list[Waiting]:
    """Return a page (from 1) of open dispositions, up to PAGE_ROWS + 1 by due day; raises RefusedError."""
    permission.permit(work, Permission.CASE_READ)
    return dispositions.waiting(work.vault.db, wanted, PAGE_ROWS + 1, (page - 1) * PAGE_ROWS)


def count(work: Work, wanted: Wanted) -> int:
    """Return how many dispositions `waiting` has on all pages; raises RefusedError."""
    permission.permit(work, Permission.CASE_READ)
    return dispositions.count(work.vault.db, wanted)


def desks(work: Work) -> list[Desk]:
    """Return how many dispositions wait at each office and officer; raises RefusedError."""
    permission.permit(work, Permission.CASE_READ)
    return dispositions.desks(work.vault.db, work.vault.officer.login, work.today)


def recommendations(work: Work, *, unit: int = 0, late: bool = False, page: int = 1) -> list[Recommendation]:
    """Return a page (from 1) of the recommendations that were not carried out, up to PAGE_ROWS + 1 by due day.

    Args:
        work: the vault, the settings and the day.
        unit: the number of the first of a unit's recommendations (UnitLoad.root), 0 for every unit.
        late: only those that are overdue.
        page: from 1.

    Raises:
        RefusedError: the officer's roles do not allow reading cases.
    """
    permission.permit(work, Permission.CASE_READ)
    name = next((one.unit for one in by_unit(work) if one.root == unit), None) if unit else None
    sought = Sought(work.vault.officer.login, name, work.today if late else 0)
    return rows.open_recommendations(work.vault.db, sought, PAGE_ROWS + 1, (page - 1) * PAGE_ROWS)


def by_unit(work: Work) -> list[UnitLoad]:
    """Return how many open recommendations each unit has, and how many are overdue; raises RefusedError."""
    permission.permit(work, Permission.CASE_READ)
    return rows.open_by_unit(work.vault.db, work.vault.officer.login, work.today)


@dataclass(frozen=True)
class Task:
    """A task letter that waits for its report, and whose duty it is: logins of the officers that its team names."""

    letter: TaskLetter
    officers: tuple[str, ...]


def tasks(work: Work, officer: str = "", *, late: bool = False) -> list[Task]:
    """Return the task letters that wait for a report, by their last day.

    A letter that extends another does not make it due twice: of a case's letters that name an officer, the one that
    ends last is their duty, and likewise of those that name no officer of this desk.

    Args:
        work: the vault, the settings and the day.
        officer: login; only what is a duty of theirs.
        late: only those whose last day has passed.

    Raises:
        RefusedError: the officer's roles do not allow reading cases.
    """
    permission.permit(work, Permission.CASE_READ)
    people = tuple((one.login, names.person(one.name)) for one in active_officers(work.vault))
    last: dict[tuple[CaseNumber, str], TaskLetter] = {}
    for letter in rows.task_letters(work.vault.db, work.vault.officer.login, permission.ENDED):
        for login in _named(letter.who, people) or ("",):
            last[letter.worked_on, login] = letter
    found: dict[TaskLetter, list[str]] = {}
    for (_, login), letter in last.items():
        found.setdefault(letter, []).append(login)
    return [
        Task(letter, tuple(login for login in sorted(logins) if login))
        for letter, logins in sorted(found.items(), key=lambda one: (one[0].until, one[0].root))
        if (not officer or officer in logins) and (not late or letter.until < work.today)
    ]


@functools.lru_cache(maxsize=1 << 12)
def _named(team: str, people: tuple[tuple[str, PersonName], ...]) -> tuple[str, ...]:
    """Return the logins of the people whom a team names; who has one name only, by that word alone."""
    text, words = names.NamedIn(team), {names.spelling(word) for word in names.words(team)}
    found = (login for login, name in people if text.has(name) or (len(name.parts) == 1 and name.parts[0] in words))
    return tuple(found)
