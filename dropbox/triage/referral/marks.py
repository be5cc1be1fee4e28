"""Which files may leave with a dossier: none, until an officer has looked at one and said so.

    go       a cleaned copy may leave        points   it points to the reporter: it never leaves
    no mark  it stays

Rule: a mark belongs to the file's bytes in its case, so that the same file sent again is the same decision.
"""

from dataclasses import dataclass
from typing import Final

from dropbox.errors import RefusedError
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.cases.casebook import Case, StoredFile
from dropbox.triage.referral import group
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
        NotFoundError: the officer is kept out of the case, or it has no such file.
    """
    permission.permit(work, Permission.REFER_PROPOSE, case.number)
    if chosen not in MARKS:
        raise RefusedError("referral.mark")
    file = casebook.file_of(work.vault, case, number)
    with transaction(work.vault.db):
        if chosen == STAYS:
            work.vault.db.execute(
                "delete from file_marks where case_number = ? and file_sha256 = ?", (case.number, file.sha256)
            )
        else:
            work.vault.db.execute(
                "insert or replace into file_marks values (?, ?, ?, ?, ?)",
                (case.number, file.sha256, chosen, work.vault.officer.login, work.today),
            )
        audit_log.write(work.vault, Permission.REFER_PROPOSE, case.number, did="mark", file=number, mark=chosen)


def of(vault: Vault, case: Case) -> list[Marked]:
    """Every file of a case and of those merged into it, with its mark."""
    found = []
    for one in group.cases(vault, case):
        if permission.is_excluded(vault, one.number):
            continue
        rows = vault.db.execute("select file_sha256, mark from file_marks where case_number = ?", (one.number,))
        by_hash = {bytes(sha256): chosen for sha256, chosen in rows}
        found += [
            Marked(one, number, file, by_hash.get(file.sha256, STAYS))
            for number, file in enumerate(casebook.files(vault, one), 1)
        ]
    return found


def going(vault: Vault, case: Case) -> list[Marked]:
    """Those that may leave: marked so, and in none of the group's cases marked as pointing to a reporter."""
    all_ = of(vault, case)
    pointing = {one.file.sha256 for one in all_ if one.mark == POINTS}
    found: dict[bytes, Marked] = {}
    for one in all_:
        if one.mark == GO and one.file.sha256 not in pointing:
            found.setdefault(one.file.sha256, one)
    return list(found.values())
