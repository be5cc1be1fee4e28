"""Remembers pages that exceeded the sandbox's time or ended it, so that they are not tried again.

    findings.facts "slow-<page>" = 1-based index of the reason in REASONS      (page 0: the document as a whole;
    of the row of the file's hash and the part's place)

Rule: such a page is drawn again only when an officer asks for it.
"""

from typing import Final

from dropbox.triage.cases.casebook import StoredFile
from dropbox.triage.evidence import kinds
from dropbox.triage.evidence.findings import Finding
from dropbox.triage.tables import findings
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault

REASONS: Final = ("time", "stopped")  # of evidence.reasons: may be caused by load, so the next try may succeed
_NAME: Final = "slow-{page}"
_PAGES_MAX: Final = 1000  # remembered of one file


def reason(found: Finding, page: int) -> str:
    """Return why a page could not be drawn before, a code of evidence.reasons; empty if no try failed."""
    place = found.facts.get(_name(found, page), 0)
    return REASONS[place - 1] if place else ""


def remember(vault: Vault, file: StoredFile, found: Finding, page: int, why: str) -> None:
    """Remember that a page could not be drawn, if the reason is one of REASONS."""
    if why in REASONS and len(found.facts) < _PAGES_MAX:
        _put(vault, file, found, found.facts | {_name(found, page): REASONS.index(why) + 1})


def forget(vault: Vault, file: StoredFile, found: Finding) -> None:
    """Forget all failures of a file: it, if it was not read, and its pages are tried again."""
    if found.state in REASONS:
        with transaction(vault.db):
            findings.ask_again(vault.db, file.sha256)
        return
    _put(vault, file, found, {name: value for name, value in found.facts.items() if not name.startswith(_NAME[:5])})


def _name(found: Finding, page: int) -> str:
    # A document becomes a PDF as a whole, before its first page is drawn.
    whole = found.kind.family in (kinds.OFFICE, kinds.OLD_OFFICE)
    return _NAME.format(page=0 if whole else page)


def _put(vault: Vault, file: StoredFile, found: Finding, facts: dict[str, int]) -> None:
    with transaction(vault.db):
        findings.put_facts(vault.db, file.sha256, facts, found.place)
