"""Finds the offices of the settings to which an officer belongs.

Rule: an officer is of an office when their unit is the office's code, or its name in either language.
"""

from dropbox.matching.words import fold
from dropbox.settings.installation import Settings
from dropbox.triage.vault.officer import Officer


def of_officer(settings: Settings, officer: Officer) -> list[str]:
    """Return the codes of the offices whose name or code is the officer's unit; none without a unit."""
    unit = _plain(officer.unit)
    every = settings.workstation.offices.items()
    return [code for code, names in every if unit and unit in (code, *map(_plain, names.values()))]


def _plain(name: str) -> str:
    return " ".join(fold(name).split())
