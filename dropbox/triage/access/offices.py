"""Finds the offices of the settings to which an officer belongs, and who acts for an office.

Rule: an officer is of an office when their unit is the office's code, or its name in either language. For an office to
which no officer at this desk belongs, the officers who may assign cases act: what is addressed to it never waits for
nobody.
"""

from dropbox.matching.words import fold
from dropbox.settings.installation import Settings
from dropbox.triage.access import roles
from dropbox.triage.access.conflict import active_officers
from dropbox.triage.access.roles import Permission
from dropbox.triage.vault.officer import Officer
from dropbox.triage.vault.work import Work


def of_officer(settings: Settings, officer: Officer) -> list[str]:
    """Return the codes of the offices whose name or code is the officer's unit; none without a unit."""
    unit = _plain(officer.unit)
    every = settings.workstation.offices.items()
    return [code for code, names in every if unit and unit in (code, *map(_plain, names.values()))]


def addressed(work: Work) -> list[str]:
    """Return the codes of the offices for which the officer at work reads and ends dispositions."""
    officer = work.vault.officer
    own = of_officer(work.settings, officer)
    if not roles.may(work.settings.workstation, officer, Permission.CASE_ASSIGN):
        return own
    return own + [code for code, of in members(work).items() if not of]


def members(work: Work) -> dict[str, list[Officer]]:
    """Return the active officers of each office, by its code: those whose roles allow reading cases."""
    found: dict[str, list[Officer]] = {code: [] for code in work.settings.workstation.offices}
    for officer in active_officers(work.vault):
        if roles.may(work.settings.workstation, officer, Permission.CASE_READ):
            for code in of_officer(work.settings, officer):
                found[code].append(officer)
    return found


def _plain(name: str) -> str:
    return " ".join(fold(name).split())
