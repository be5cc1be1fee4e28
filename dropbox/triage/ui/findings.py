"""Words the doctor's findings for the pages: what is found, and what to do.

Rule: every code of maintenance.examination has a sentence in the vocabulary; `{n}` is the finding's number.
"""

from typing import Final

from dropbox.triage.access import orphans
from dropbox.triage.maintenance.examination import Finding
from dropbox.triage.vault.work import Work
from dropbox.vocabulary import lazy

STATES: Final = lazy.table("finding_state")
SENTENCES: Final = lazy.table("finding")


def unopened(work: Work) -> str:
    """Return a sentence on the cases that no officer of this desk may open, with advice for it; empty if none."""
    number = orphans.count(work)
    return str(SENTENCES[orphans.code(work.vault)]).format(n=number) if number else ""


def shown(findings: list[Finding]) -> list[tuple[str, str, str]]:
    """Return (state's code, its label, sentence) of each."""
    return [
        (found.state, str(STATES[found.state]), str(SENTENCES[found.code]).format(n=found.number)) for found in findings
    ]
