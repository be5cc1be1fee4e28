"""Folders that were this vault's second copy, or the vault itself, and may still hold epoch keys.

Rule: such a folder is remembered, in the transaction that leaves it, until its keys and its officers' files were seen
to be overwritten: a key that is destroyed lives on nowhere, and nobody goes on with an old copy by mistake. Only keys
that the vault has lost, and that reports may still need, stay there until then (old_copy).
"""

import contextlib
import json
import os
from pathlib import Path
from typing import Final

import sqlcipher3

from dropbox.disk.pieces import shred
from dropbox.errors import DropboxError, NotFoundError, RefusedError
from dropbox.limits import EPOCH_GRACE_DAYS
from dropbox.triage.tables import epochs as epoch_rows
from dropbox.triage.tables import log, seen
from dropbox.triage.vault import anew, epochs, known_exports, schema
from dropbox.triage.vault.officer import OFFICERS
from dropbox.triage.vault.vault import DATABASE, EPOCHS, Vault
from dropbox.wire.calendar import Epoch, epoch_last_day

_NAME: Final = "former copies"


def folders(vault: Vault) -> list[Path]:
    """The remembered ones, oldest first."""
    return [Path(one) for one in json.loads(vault.get(_NAME) or b"[]")]


def remember(vault: Vault, folder: Path) -> None:
    """Remember a folder that is left; inside the transaction that leaves it."""
    _put(vault, [*(one for one in folders(vault) if one != folder), folder])


def forget(vault: Vault, folder: Path) -> None:
    """Take a folder off the list: it is in use again, or its disk was destroyed; inside a transaction."""
    _put(vault, [one for one in folders(vault) if one != folder])


def forget_destroyed(vault: Vault, folder: Path) -> None:
    """Take a folder off the list whose disk is said to be destroyed; inside a transaction.

    Raises:
        NotFoundError: it is not remembered.
        RefusedError: it is still there, with keys in it.
    """
    if folder not in folders(vault):
        raise NotFoundError("former.unknown")
    if any((folder / EPOCHS).glob("*.key")):
        raise RefusedError("former.still-here")
    forget(vault, folder)


def drop(vault: Vault) -> None:
    """Forget all: a restored vault must not touch what the lost one left; inside a transaction."""
    _put(vault, [])


def _put(vault: Vault, remembered: list[Path]) -> None:
    vault.put(_NAME, json.dumps([os.fspath(one) for one in remembered]).encode())


def settle(vault: Vault) -> list[Path]:
    """Overwrite the keys of those that can be reached; returns those that may still hold some."""
    for folder in folders(vault):
        if folder in (vault.folder, vault.copy_folder) or _is_settled(vault, folder):
            with schema.transaction(vault.db):
                forget(vault, folder)
    return folders(vault)


def _is_settled(vault: Vault, folder: Path) -> bool:
    """Whether a folder was reached, is this vault's and not ahead of it, and holds no key any more."""
    if not (folder / EPOCHS).is_dir() or not _is_older(vault, folder):
        return False
    needed = _needed(vault, folder)
    try:
        epochs.shred_all(folder, needed)
        if needed:
            return False
        for path in sorted((folder / OFFICERS).glob("*")):
            shred(path)
    except OSError:
        return False
    return True


def _needed(vault: Vault, folder: Path) -> set[int]:
    """Epochs whose key this vault has lost and the folder has, as long as reports may wait for it."""
    held = {one.number: one for one in epoch_rows.everything(vault.db)}
    waiting = seen.waiting_epochs(vault.db, anew.UNOPENED)
    exported = known_exports.remembered(vault).day
    needed = set()
    for number, key in epochs.whole(vault, folder).items():
        row = held.get(Epoch(number), epoch_rows.Row(Epoch(number), b"", None))
        grace = epoch_last_day(number) + EPOCH_GRACE_DAYS
        # What was destroyed after its grace was not lost; what was lost counts as destroyed before (replace_lost).
        is_lost = row.public != key.public.raw or (row.destroyed is not None and row.destroyed <= grace)
        if anew.is_anew(vault, Epoch(number)) and is_lost and (number in waiting or exported <= grace):
            needed.add(number)
    return needed


def _is_older(vault: Vault, folder: Path) -> bool:
    """A vault that went on in that folder keeps its keys: it may be the one that is right."""
    if not (folder / DATABASE).exists():
        return True  # a copy that a kill left unfinished
    try:
        with contextlib.closing(schema.connect(folder / DATABASE, vault.key)) as other:
            numbers = [last.number if (last := log.head(db)) else 0 for db in (other, vault.db)]
    except (DropboxError, sqlcipher3.DatabaseError):
        return False
    return bool(numbers[0] <= numbers[1])
