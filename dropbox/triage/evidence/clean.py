"""Exports files from the vault: a cleaned copy by default, the original only on purpose.

    picture of one page           -> PNG made of its pixels
    pictures, PDF, office         -> PDF made of pictures of its pages
    text, mail                    -> the text alone, UTF-8
    archive                       -> the list of its members, UTF-8
    sound, video                  -> WebM, encoded anew (VP8, Opus), without metadata
    all else                      -> refused: only the original can be exported

Rule: only what can be seen, read or heard leaves this way, in a file made anew; what a copy leaves out is noted.
"""

import contextlib
from pathlib import Path
from typing import Final

from dropbox.errors import LockedError
from dropbox.limits import CLEAN_PICTURE_SIDE
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.casework.extract import outside_the_vault
from dropbox.triage.evidence import findings, kinds
from dropbox.triage.evidence.copies import Cleaned, Copy, Exported
from dropbox.triage.evidence.cover import NOTHING, Cover
from dropbox.triage.evidence.findings import Aside, Note
from dropbox.triage.evidence.preview import Viewer
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.work import Work

_HASH_SHOWN: Final = 16  # hexadecimal digits of a hash in the log: enough to find the file again


def export_cleaned(
    work: Work,
    case: casebook.Case,
    number: int,
    to: Path,
    aside: Aside = contextlib.nullcontext,
    place: str = "",
) -> Exported:
    """Write a cleaned copy of a file, or of a part of it, into a folder; nothing is overwritten.

    Args:
        work: the vault, the settings and the day.
        case: that has the file.
        number: of the file in the case, 1-based.
        to: the folder.
        aside: makes the block in which the sandbox works and the vault is not used.
        place: "" for the file itself, or of a part (evidence.source).

    Raises:
        RefusedError: the officer's roles do not allow it, the folder is in the vault, or the name is taken.
        NotFoundError: the officer is excluded from the case, or it has no such file or part.
        DamagedError: the file is not in the vault as it was taken in.
        ConfigurationError: there is no sandbox on this machine.
        UnreadableError: see reasons; nothing was written.
        StorageFullError: the disk is full; nothing was written.
        LockedError: the vault was locked meanwhile; nothing was written.
    """
    permission.permit(work, Permission.FILE_EXPORT, case.number)
    folder = outside_the_vault(work.vault, to)
    left_out = _left_out(work, case, number, place, aside)
    with Viewer(work, case, number, place) as viewer:
        copy = Copy(viewer, left_out)
        exported = None
        try:
            with aside():
                exported = copy.write(folder, stem(case, number, place))
        except LockedError:  # a copy that is not in the log must not leave
            if exported is not None:
                (folder / exported.name).unlink(missing_ok=True)
            raise
        digest = viewer.source.sha256.hex()[:_HASH_SHOWN]
        with transaction(work.vault.db):
            audit_log.write(
                work.vault, "file.export", case.number, file=number, kind=viewer.source.kind.code, sha256=digest
            )
    return exported


def stem(case: casebook.Case, number: int, place: str) -> str:
    """Return the name, without an ending, of a copy of a file (1-based number) or of a part of it."""
    return f"{case.name}-{number:02d}" + (f"-{place}" if place else "")


def _left_out(work: Work, case: casebook.Case, number: int, place: str, aside: Aside) -> list[Note]:
    """Return what is known to be left out of every picture or text of a file or part; examine it if it was not yet."""
    found: findings.Finding | None = findings.examine_file(work, case, number, aside)
    if place:
        found = findings.finding(work.vault, casebook.file_of(work.vault, case, number), place)
    if found is None:
        return []
    side = max(found.facts.get("width", 0), found.facts.get("height", 0))
    is_smaller = found.kind.family == kinds.PICTURE and side > CLEAN_PICTURE_SIDE
    return [*found.notes, *([("smaller", side)] if is_smaller else [])]


def cleaned(
    work: Work, case: casebook.Case, number: int, place: str = "", aside: Aside = contextlib.nullcontext
) -> Cleaned:
    """Return a cleaned copy of a file (1-based number), or of a part of it, in memory, and log it.

    It is for what is sealed before it reaches a disk. For `aside` see export_cleaned.

    Raises:
        RefusedError: the officer's roles do not allow it.
        NotFoundError, DamagedError, ConfigurationError, UnreadableError, LockedError: see export_cleaned.
    """
    made = in_memory(work, case, number, place, aside=aside)
    try:
        with transaction(work.vault.db):
            shown = made.original.hex()[:_HASH_SHOWN]
            audit_log.write(work.vault, "file.export", case.number, file=number, kind=made.kind, sha256=shown)
    except BaseException:
        made.close()
        raise
    return made


def in_memory(
    work: Work,
    case: casebook.Case,
    number: int,
    place: str = "",
    cover: Cover = NOTHING,
    aside: Aside = contextlib.nullcontext,
) -> Cleaned:
    """Return a cleaned copy in memory, with what is to be covered; the caller logs it before it leaves.

    Args:
        work: the vault, the settings and the day.
        case: that has the file.
        number: of the file in the case, 1-based.
        place: "" for the file itself, or of a part (evidence.source).
        cover: what is covered.
        aside: makes the block in which the sandbox works and the vault is not used.

    Raises:
        RefusedError: the officer's roles do not allow it, or `cover` does not fit the file.
        NotFoundError, DamagedError, ConfigurationError, UnreadableError, LockedError: see export_cleaned.
    """
    permission.permit(work, Permission.FILE_EXPORT, case.number)
    left_out = _left_out(work, case, number, place, aside)
    with Viewer(work, case, number, place) as viewer, contextlib.ExitStack() as held:
        with aside():
            made = held.enter_context(Copy(viewer, left_out, cover).in_memory())
        held.pop_all()
    return made
