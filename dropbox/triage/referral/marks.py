"""Marks the files, and parts of files, that may leave with a dossier: none may, until an officer has viewed it.

    go       a cleaned copy may leave        points     it identifies the reporter: it never leaves
    no mark  it stays                        redacted   only that redacted copy of it may leave (triage.redaction)

Rule: a mark belongs to the file's bytes in its case, so that it also counts for the same file sent again. Bytes that
one officer marked `points` or `redacted` never leave as a cleaned copy, nor does any file that they are in.
"""

from dataclasses import dataclass
from typing import Final

from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.cases.casebook import Case, StoredFile
from dropbox.triage.evidence import findings, kinds
from dropbox.triage.evidence.findings import Finding
from dropbox.triage.redaction import saved
from dropbox.triage.redaction.saved import Saved
from dropbox.triage.referral import group
from dropbox.triage.tables.outgoing import referrals
from dropbox.triage.tables.outgoing.referrals import Mark
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

GO, POINTS, REDACTED, STAYS = "go", "points", "redacted", ""
MARKS: Final = (STAYS, GO, REDACTED, POINTS)
_WITHOUT_COPY: Final = (kinds.ARCHIVE, *kinds.UNREAD)


@dataclass(frozen=True)
class Marked:
    """A file of a case, or a part of it, with its mark.

    Attributes:
        case: that has the file.
        number: of the file in it, 1-based.
        file: the whole file.
        mark: one of MARKS.
        place: "" for the file itself, or of the part (evidence.source).
        name: that its sender gave: untrusted.
        sha256: of the file or part itself.
        family: of evidence.kinds; "" before it was examined.
        redaction: the redacted copy that may leave, if the mark is REDACTED.
    """

    case: Case
    number: int
    file: StoredFile
    mark: str
    place: str
    name: str
    sha256: bytes
    family: str
    redaction: Saved | None = None

    @property
    def base(self) -> str:
        """Return what names the file and the place in it, for a proposal."""
        return self.file.sha256.hex() + (f":{self.place}" if self.place else "")

    @property
    def key(self) -> str:
        """Return what names exactly what leaves, for a proposal: `base`, and the hash of its recipe, if it has one."""
        return self.base + (f"#{self.redaction.sha256.hex()}" if self.redaction else "")


def mark(work: Work, case: Case, number: int, chosen: str, place: str = "", redaction: int = 0) -> None:
    """Mark a file of a case, by its 1-based number, or a part of it.

    Args:
        work: the vault, the settings and the day.
        case: that has the file.
        number: of the file.
        chosen: one of MARKS.
        place: "" for the file itself, or of a part.
        redaction: number of the redacted copy, with the mark REDACTED.

    Raises:
        RefusedError: the officer's roles do not allow it, or there is no such mark.
        NotFoundError: the officer is excluded from the case, or it has no such file, part or redacted copy.
    """
    permission.permit(work, Permission.REFER_PROPOSE, case.number)
    if chosen not in MARKS:
        raise RefusedError("referral.mark")
    file = casebook.file_of(work.vault, case, number)
    if place and findings.finding(work.vault, file, place) is None:
        raise NotFoundError("evidence.no-such-part")
    if chosen == REDACTED:
        saved.of_number(work.vault, case, file.sha256, place, redaction)
    with transaction(work.vault.db):
        if chosen == STAYS:
            referrals.remove_mark(work.vault.db, case.number, (file.sha256, place))
        else:
            kept = Mark(chosen, redaction if chosen == REDACTED else 0)
            officer = work.vault.officer.login
            referrals.put_mark(work.vault.db, case.number, (file.sha256, place), kept, officer, work.today)
        audit_log.write(work.vault, Permission.REFER_PROPOSE, case.number, did="mark", file=number, mark=chosen)


def of(vault: Vault, case: Case) -> list[Marked]:
    """Return every file of a case and of those merged into it, and each part that may have a copy, with its mark."""
    found: list[Marked] = []
    for member in group.cases(vault, case):
        if permission.is_excluded(vault, member.number):
            continue
        marks = referrals.marks(vault.db, member.number)
        for number, file in enumerate(casebook.files(vault, member), 1):
            whole = findings.finding(vault, file)
            parts = [one for one in findings.parts(vault, file) if one.kind.family not in _WITHOUT_COPY]
            found += [_marked(vault, member, number, file, one, marks) for one in (whole, *parts)]
    return found


def _marked(
    vault: Vault,
    case: Case,
    number: int,
    file: StoredFile,
    known: Finding | None,
    marks: dict[tuple[bytes, str], Mark],
) -> Marked:
    place = known.place if known else ""
    mark = marks.get((file.sha256, place), Mark(STAYS))
    redaction = None
    if mark.redaction:
        others = saved.of_file(vault, case, file.sha256, place)
        redaction = next((one for one in others if one.number == mark.redaction), None)
    return Marked(
        case,
        number,
        file,
        STAYS if mark.mark == REDACTED and redaction is None else mark.mark,  # its recipe was deleted
        place,
        known.name if known and place else file.name,
        known.sha256 if known and place else file.sha256,
        known.kind.family if known else "",
        redaction,
    )


def files_to_send(vault: Vault, case: Case) -> list[Marked]:
    """Return what may leave: cleaned copies that no mark of the group's cases forbids, and redacted copies.

    Raises:
        RefusedError: two redacted copies of the same bytes are marked: together they would show what each covers.
    """
    all_ = of(vault, case)
    forbidden = _forbidden(vault, case)
    covered = {sha256 for _, _, sha256 in forbidden if sha256}
    # The same bytes elsewhere, with another mark or with none, hold what they are in as well.
    held = {(file, place) for file, place, _ in forbidden}
    held |= {(one.file.sha256, one.place) for one in all_ if one.sha256 in covered}
    covered |= {one.sha256 for one in all_ if any(_is_in(one, *inner) for inner in held)}
    found: dict[bytes, Marked] = {}
    for marked in all_:
        before = found.get(marked.sha256)
        if marked.redaction is not None:
            if before and before.redaction and before.redaction.recipe != marked.redaction.recipe:
                raise RefusedError("referral.two-redactions")
            found[marked.sha256] = marked
        elif marked.mark == GO and marked.sha256 not in covered:
            found.setdefault(marked.sha256, marked)
    return list(found.values())


def _forbidden(vault: Vault, case: Case) -> list[tuple[bytes, str, bytes]]:
    """Return (SHA-256 of the file, place, SHA-256 of the bytes there or empty) of each mark against a cleaned copy.

    The marks alone decide: the finding of a part, or the recipe of a redacted copy, may have been deleted since.
    """
    found: list[tuple[bytes, str, bytes]] = []
    for member in group.cases(vault, case):
        files = {file.sha256: file for file in casebook.files(vault, member)}
        for (sha256, place), mark in referrals.marks(vault.db, member.number).items():
            if mark.mark not in (POINTS, REDACTED):
                continue
            part = findings.finding(vault, files[sha256], place) if place and sha256 in files else None
            found.append((sha256, place, sha256 if not place else part.sha256 if part else b""))
    return found


def _is_in(outer: Marked, file_sha256: bytes, place: str) -> bool:
    """Return whether a place of a file is a part of another one: its content may be in the copy of that."""
    is_inside = place != outer.place and (not outer.place or place.startswith(f"{outer.place}."))
    return file_sha256 == outer.file.sha256 and is_inside
