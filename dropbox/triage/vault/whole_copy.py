"""The second copy read whole: every sealed file by its hash, every key opened, its database verified.

Rule: what one of the two places still has is mended in the other; what neither has is named. The day is remembered
only when nothing of the copy was left unread or bad.
"""

import contextlib

import sqlcipher3

from dropbox.disk.pieces import sha256_of
from dropbox.errors import DamagedError, DropboxError
from dropbox.sentences.catalogue import Sentence
from dropbox.triage.vault import epochs, schema, second_copy
from dropbox.triage.vault.vault import BLOBS, DATABASE, Vault
from dropbox.wire.calendar import Day

_DAY = "copy read whole"


def last_read(vault: Vault) -> int:
    """The day on which the copy was last read whole and found good, 0 for never."""
    return vault.count(_DAY)


def damaged(vault: Vault) -> int:
    """How many files of the copy (sealed files that it should hold, keys, its vault.db) are bad. Changes nothing."""
    folder = vault.copy_folder
    rows = vault.db.execute("select file, sha256 from seen where file is not null and copied").fetchall()
    bad: int = sum(not (path := folder / BLOBS / name).exists() or sha256_of(path) != sha256 for name, sha256 in rows)
    try:
        with contextlib.closing(schema.connect(folder / DATABASE, vault.key)) as db:
            whole = not db.execute("pragma cipher_integrity_check").fetchall()
            bad += not whole or db.execute("pragma integrity_check").fetchone()[0] != "ok"
    except (DamagedError, sqlcipher3.DatabaseError):
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
        rows = vault.db.execute("select file, sha256 from seen where file is not null and copied").fetchall()
        rotten = [
            sha256
            for name, sha256 in rows
            if not (path := vault.copy_folder / BLOBS / name).exists() or sha256_of(path) != sha256
        ]
        with schema.transaction(vault.db):  # the next sync then copies them again, or says that it cannot
            vault.db.executemany("update seen set copied = 0 where sha256 = ?", [(one,) for one in rotten])
    failed = second_copy.sync(vault)
    if not failed and not damaged(vault):
        with schema.transaction(vault.db):
            vault.put_count(_DAY, today)
    return [*said, *failed]


def _mend_vault(vault: Vault) -> list[str]:
    said: list[str] = []
    for name, sha256, blob_id in vault.db.execute(
        "select file, sha256, blob_id from seen where file is not null"
    ).fetchall():
        ours = vault.blobs / name
        if ours.exists() and sha256_of(ours) == sha256:
            continue
        with contextlib.suppress(DropboxError, OSError):
            if second_copy.copy_blob(vault.copy_folder / BLOBS / name, ours, sha256):
                said.append(Sentence("copy.blob-repaired", blob=blob_id[:4].hex()))
    return said
