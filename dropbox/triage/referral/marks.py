"""Marks the files that may leave with a dossier: none may, until an officer has viewed and marked it.

    go       a cleaned copy may leave        points   it identifies the reporter: it never leaves
    no mark  it stays

Rule: a mark belongs to the file's bytes in its case, so that it also counts for the same file sent again.
"""

from dataclasses import dataclass
from typing import Final

from dropbox.errors import RefusedError
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.cases.casebook import Case, StoredFile
from dropbox.triage.referral import group
from dropbox.triage.tables import referrals
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

GO, POINTS, STAYS = "go", "points", ""
MARKS: Final = (STAYS, GO, POINTS)


@dataclass(frozen=True)
class Marked:
    """A file of a case, by its 1-based number in it, and its mark."""

    case: Case
    number: int
    file: StoredFile
    mark: str


def mark(work: Work, case: Case, number: int, chosen: str) -> None:
    """Mark a file of a case, by its 1-based number.

    Raises:
        RefusedError: the officer's roles do not allow it, or there is no such mark.
        NotFoundError: the officer is excluded from the case, or it has no such file.
    """
    permission.permit(work, Permission.REFER_PROPOSE, case.number)
    if chosen not in MARKS:
        raise RefusedError("referral.mark")
    file = casebook.file_of(work.vault, case, number)
    with transaction(work.vault.db):
        if chosen == STAYS:
            referrals.remove_mark(work.vault.db, case.number, file.sha256)
        else:
            officer = work.vault.officer.login
            referrals.put_mark(work.vault.db, case.number, file.sha256, chosen, officer, work.today)
        audit_log.write(work.vault, Permission.REFER_PROPOSE, case.number, did="mark", file=number, mark=chosen)


def of(vault: Vault, case: Case) -> list[Marked]:
    """Return every file of a case and of those merged into it, with its mark."""
    found = []
    for member in group.cases(vault, case):
        if permission.is_excluded(vault, member.number):
            continue
        by_hash = referrals.marks(vault.db, member.number)
        found += [
            Marked(member, number, file, by_hash.get(file.sha256, STAYS))
            for number, file in enumerate(casebook.files(vault, member), 1)
        ]
    return found


def files_to_send(vault: Vault, case: Case) -> list[Marked]:
    """Return the files that may leave: marked `go`, and not marked `points` in any of the group's cases."""
    all_ = of(vault, case)
    pointing = {marked.file.sha256 for marked in all_ if marked.mark == POINTS}
    found: dict[bytes, Marked] = {}
    for marked in all_:
        if marked.mark == GO and marked.file.sha256 not in pointing:
            found.setdefault(marked.file.sha256, marked)
    return list(found.values())
