"""Writes originals of a case into a folder: files, or a part of one (an attachment, a member), byte for byte.

Rule: each is logged before its first byte is written, so that the log has it even if the program is killed meanwhile.
"""

import contextlib
import os
from pathlib import Path
from typing import Final

from dropbox.disk.durable import sync_folder
from dropbox.disk.pieces import sha256_of, write_verified
from dropbox.disk.visible import safe_name
from dropbox.errors import RefusedError, StorageFullError
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.casework.extract import Extracted, extract, outside_the_vault
from dropbox.triage.evidence.findings import Aside
from dropbox.triage.evidence.source import Source
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.work import Work

_HASH_SHOWN: Final = 16  # hexadecimal digits of a hash in the log: enough to find the file again
_NAMELESS: Final = "part"


def export_original(
    work: Work,
    case: casebook.Case,
    to: Path,
    number: int | None = None,
    place: str = "",
    aside: Aside = contextlib.nullcontext,
) -> Extracted:
    """Write the originals of a case, or one of them, and `manifest.json`; or one part of a file alone.

    Args:
        work: the vault, the settings and the day.
        case: that has the files.
        to: the folder.
        number: of one file in the case, 1-based; None for all.
        place: "" for the file itself, or of a part in it (evidence.source), of which `number` names the file.
        aside: makes the block in which the sandbox takes out a part and the vault is not used.

    Raises:
        RefusedError: the officer's roles do not allow it, or see extract.
        NotFoundError: the officer is excluded from the case, or it has no such file or part.
        DamagedError: the file is not in the vault as it was taken in, and a part was asked for.
        ConfigurationError: there is no sandbox on this machine, and a part was asked for.
        UnreadableError: the part cannot be read; see reasons.
        StorageFullError: see extract.
        LockedError: the vault was locked meanwhile; nothing was written.
    """
    permission.permit(work, Permission.FILE_ORIGINAL, case.number)
    files = casebook.files(work.vault, case)
    if number is None:
        if place:
            raise RefusedError("evidence.part-of-which")
        _log(work, case, {one: file.sha256 for one, file in enumerate(files, 1)})
        return extract(work.vault, case, to)
    file = casebook.file_of(work.vault, case, number)
    if not place:
        _log(work, case, {number: file.sha256})
        return extract(work.vault, case, to, number)
    folder = outside_the_vault(work.vault, to)
    with contextlib.ExitStack() as held:
        with aside():
            part = held.enter_context(Source.open(work.vault, file, place))
        permission.permit(work, Permission.FILE_ORIGINAL, case.number)  # it may have been withdrawn meanwhile
        _log(work, case, {number: part.sha256}, part=place)
        first, _, rest = safe_name(part.name or _NAMELESS, number, len(files)).partition("-")
        name = f"{first}-{place}-{rest}"
        _write(part, folder, name)
    return Extracted([name])


def _log(work: Work, case: casebook.Case, digests: dict[int, bytes], **details: str) -> None:
    with transaction(work.vault.db):
        for number, sha256 in digests.items():
            shown = sha256.hex()[:_HASH_SHOWN]
            audit_log.write(work.vault, "file.original", case.number, file=number, sha256=shown, **details)


def _write(part: Source, folder: Path, name: str) -> None:
    """Write a part; the same part under the same name stays.

    Raises:
        RefusedError: something else has the name, or the name of the folder.
        StorageFullError: the disk is full, or the folder cannot be written.
    """
    target = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if os.path.lexists(target):
            if target.is_symlink() or not target.is_file() or sha256_of(target) != part.sha256:
                raise RefusedError("extract.exists")
            return
        write_verified(target, part.whole(), part.sha256)
        sync_folder(folder)
    except FileExistsError:
        raise RefusedError("extract.file-for-folder") from None
    except OSError as error:
        raise StorageFullError("extract.unwritable", system=error.errno) from None
