"""The second copy read whole: every sealed file by its hash, every key opened, its database verified.

Rule: what one of the two places still has is mended in the other; what neither has is named. The day is remembered
only when nothing of the copy was left unread or bad.
"""

import contextlib
from collections.abc import Callable
from pathlib import Path

import sqlcipher3

from dropbox.disk.pieces import sha256_of
from dropbox.errors import DamagedError, DropboxError
from dropbox.sentences.catalogue import Sentence
from dropbox.triage.tables import seen
from dropbox.triage.vault import epochs, schema, second_copy
from dropbox.triage.vault.vault import BLOBS, DATABASE, Vault
from dropbox.wire.calendar import Day

_DAY = "copy read whole"


def last_read(vault: Vault) -> int:
    """The day on which the copy was last read whole and found good, 0 for never."""
    return vault.count(_DAY)


def damaged(vault: Vault, check: Callable[[], None] = lambda: None) -> int:
    """How many files of the copy (sealed files that it should hold, keys, its vault.db) are bad. Changes nothing.

    Args:
        vault: whose copy is read.
        check: called before each file; may end this by an error.
    """
    folder = vault.copy_folder
    bad = len(_rotten(vault, folder, check))
    try:
        with contextlib.closing(schema.connect(folder / DATABASE, vault.key)) as db:
            db.watch(check)
            whole = not db.execute("pragma cipher_integrity_check").fetchall()
            bad += not whole or db.execute("pragma integrity_check").fetchone()[0] != "ok"
    except (DamagedError, sqlcipher3.DatabaseError):
        check()
        bad += 1
    return int(bad) + len(epochs.unusable(vault, folder))


def mend(vault: Vault, today: Day) -> list[str]:
    """Read and mend vault and second copy from one another, then bring the copy up to date.

    Returns:
        A sentence about each thing that was mended in the vault, or is in neither place.

    Raises:
        As copy.sync.
    """
    said: list[str] = []
    if second_copy.refuse_if_behind(vault):
        said += _mend_vault(vault)
        lost = epochs.mend(vault)
        said += [Sentence("copy.key-nowhere", epoch=number) for number in lost]
        rotten = _rotten(vault, vault.copy_folder)
        with schema.transaction(vault.db):  # the next sync then copies them again, or says that it cannot
            seen.mark_copied(vault.db, [(sha256, False) for sha256 in rotten])
    failed = second_copy.sync(vault)
    if not failed and not damaged(vault):
        with schema.transaction(vault.db):
            vault.put_count(_DAY, today)
    return [*said, *failed]


def _rotten(vault: Vault, folder: Path, check: Callable[[], None] = lambda: None) -> list[bytes]:
    """The hashes of the sealed files that the copy in a folder should hold, and does not hold whole."""
    found = []
    for one in seen.held(vault.db):
        check()
        path = folder / BLOBS / str(one.file)
        if one.copied and (not path.exists() or sha256_of(path) != one.sha256):
            found.append(one.sha256)
    return found


def _mend_vault(vault: Vault) -> list[str]:
    said: list[str] = []
    for one in seen.held(vault.db):
        ours = vault.blobs / str(one.file)
        if ours.exists() and sha256_of(ours) == one.sha256:
            continue
        with contextlib.suppress(DropboxError, OSError):
            if second_copy.copy_blob(vault.copy_folder / BLOBS / str(one.file), ours, one.sha256):
                said.append(Sentence("copy.blob-repaired", blob=one.blob_id[:4].hex()))
    return said
