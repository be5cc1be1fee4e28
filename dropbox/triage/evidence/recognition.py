"""Has the words in pictures read by machine: photos, scanned pages, pictures in documents (inside.ocr).

Rule: what was read is kept apart from a file's text, remembered by its hash (also that it took too long), and takes
effect as the text does (evidence.effects). It is slow, so that it runs when it is asked for, never before a preview.
"""

import contextlib
from typing import Final

from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.evidence import effects, findings, jobs, kinds, leash
from dropbox.triage.evidence.findings import Aside, Finding
from dropbox.triage.evidence.kinds import KINDS
from dropbox.triage.evidence.reasons import UnreadableError
from dropbox.triage.evidence.replies import Text
from dropbox.triage.evidence.source import Source
from dropbox.triage.tables import findings as finding_rows
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

FAMILIES: Final = (kinds.PICTURE, kinds.PDF, kinds.OFFICE, kinds.OLD_OFFICE)
PAGES, CUT, MISSING = "ocr-pages", "ocr-cut", "no-ocr"  # facts
_CLOSED: Final = ("locked", "bomb", "empty")  # states in which nothing can be read


def is_due(found: Finding) -> bool:
    """Return whether a file or part may have pictures whose words were not read yet."""
    return found.kind.family in FAMILIES and found.state not in _CLOSED and PAGES not in found.facts


def may_be_read(found: Finding) -> bool:
    """Return whether an officer may ask for it: it is due, or nothing could be read, which load may have caused."""
    return is_due(found) or (found.facts.get(PAGES) == 0 and bool(found.facts.get(CUT)))


def due(vault: Vault, file: casebook.StoredFile, *, is_again: bool = False) -> list[Finding]:
    """Return an examined file and its parts, as far as the words in their pictures were not read yet.

    Args:
        vault: opened.
        file: of a case.
        is_again: whether what failed before counts, too.
    """
    known = findings.finding(vault, file)
    return [
        one
        for one in (known, *findings.parts(vault, file))
        if one is not None and (may_be_read(one) if is_again else is_due(one))
    ]


def recognize_file(work: Work, case: casebook.Case, number: int, aside: Aside = contextlib.nullcontext) -> int:
    """Read the words in the pictures of an examined file and of its parts; return in how many it was done now.

    Args:
        work: the vault, the settings and the day.
        case: that has the file.
        number: of the file in the case, 1-based.
        aside: makes the block in which the sandbox works and the vault is not used.

    Raises:
        RefusedError: the officer's roles do not allow it.
        NotFoundError: the officer is excluded from the case, also by what was read, or it has no such file.
        DamagedError: the file is not in the vault as it was taken in.
        ConfigurationError: there is no sandbox on this machine; nothing was opened.
        LockedError: the vault was locked meanwhile; what was read until then is kept.
    """
    permission.permit(work, Permission.FILE_PREVIEW, case.number)
    waiting = due(work.vault, casebook.file_of(work.vault, case, number))
    for one in waiting:
        recognize_one(work, case, number, one, aside)
    return len(waiting)


def recognize_one(
    work: Work, case: casebook.Case, number: int, one: Finding, aside: Aside = contextlib.nullcontext
) -> None:
    """Do the same for the file or the part of it that a finding describes; raises as `recognize_file` does."""
    permission.permit(work, Permission.FILE_PREVIEW, case.number)
    file = casebook.file_of(work.vault, case, number)
    with aside():
        words = read(work.vault, file, one)
    keep(work.vault, case.number, number, file, one, words)
    permission.permit(work, Permission.FILE_PREVIEW, case.number)  # it may name the officer


def read(vault: Vault, file: casebook.StoredFile, one: Finding) -> Text:
    """Return what a machine reads in the pictures of a file, or of its part that a finding describes.

    It needs neither the database nor its turn.

    Raises:
        DamagedError: the file is not in the vault as it was taken in.
        ConfigurationError: there is no sandbox on this machine; nothing was opened.
        UnreadableError: this thread's leash was cut, which says nothing of the file.
    """
    try:
        with Source.open(vault, file, one.place) as source:
            if source.kind.family != kinds.OLD_OFFICE:
                return jobs.words(source.descriptor, source.kind)
            with jobs.document(source.descriptor, source.kind) as made:
                return jobs.words(made, KINDS["pdf"])
    except UnreadableError:
        leash.held().check()
        return Text({PAGES: 0, CUT: 1}, "")


def keep(vault: Vault, case: CaseNumber, number: int, file: casebook.StoredFile, one: Finding, words: Text) -> None:
    """Keep what `read` returned of a file of a case (1-based number there), and let it take effect."""
    with transaction(vault.db):
        row = finding_rows.of_file(vault.db, file.sha256, one.place)
        if row is not None:  # its last message may have been deleted meanwhile
            facts = {name: count for name, count in row.facts.items() if name != MISSING} | words.facts
            finding_rows.put_facts(vault.db, file.sha256, facts, one.place)
            finding_rows.put_recognized(vault.db, file.sha256, one.place, words.text)
            effects.take_recognized(vault, file.sha256)
        pages = words.facts.get(PAGES, 0)
        audit_log.write(vault, "file.preview", case, file=number, kind=one.kind.code, words=pages)
