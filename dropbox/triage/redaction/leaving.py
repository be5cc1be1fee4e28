"""Makes a redacted copy, checks it, and lets it leave: into a dossier in memory, or into a folder.

Rule: a copy that fails the check is freed and leaves nothing behind; what leaves is in the log before it does.
"""

import contextlib
from pathlib import Path

from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework.extract import outside_the_vault
from dropbox.triage.evidence import clean
from dropbox.triage.evidence.copies import Cleaned, Exported, write_copy
from dropbox.triage.evidence.findings import Aside
from dropbox.triage.redaction import burning, checking, saved
from dropbox.triage.redaction.saved import Saved
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.work import Work


def redacted(work: Work, case: Case, number: int, one: Saved, aside: Aside = contextlib.nullcontext) -> Cleaned:
    """Return the redacted copy of a file (1-based number) in memory, checked and logged.

    Args:
        work: the vault, the settings and the day.
        case: that has the file.
        number: of the file.
        one: the recipe.
        aside: makes the block in which the sandbox works and the vault is not used.

    Raises:
        RefusedError: the officer's roles do not allow it, the recipe does not fit the file, or the check failed.
        NotFoundError, DamagedError, ConfigurationError, UnreadableError, LockedError: see clean.export_cleaned.
    """
    made = clean.in_memory(work, case, number, one.place, burning.cover(one.recipe), aside)
    try:
        with aside():
            checking.check(made, one.recipe)
        with transaction(work.vault.db):
            saved.log(work, case, number, one.number, one.sha256, "export")
    except BaseException:
        made.close()
        raise
    return made


def export(
    work: Work, case: Case, number: int, one: Saved, to: Path, aside: Aside = contextlib.nullcontext
) -> Exported:
    """Write the redacted copy of a file (1-based number) into a folder; nothing is overwritten.

    Raises:
        RefusedError: see redacted; the folder is in the vault, or the name is taken.
        NotFoundError, DamagedError, ConfigurationError, UnreadableError, LockedError: see redacted.
        StorageFullError: the disk is full; nothing was written.
    """
    folder = outside_the_vault(work.vault, to)
    with redacted(work, case, number, one, aside) as copy:
        name = f"{clean.stem(case, number, one.place)}-samaran-{one.number}.{copy.ending}"
        write_copy(folder, name, copy.pieces())
    return Exported(name, 0, copy.notes)
