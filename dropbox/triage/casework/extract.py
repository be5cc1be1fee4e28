"""A case's files out of the vault, byte for byte: the one place where a report's plaintext is written to a disk.

Rule: a file gets its name only after its last byte was verified; what fails or is killed leaves no plaintext behind
(where the disk has no nameless files, a kill leaves a partial one, which the next extraction removes).
"""

import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dropbox.crypto.private.opening import file_pieces
from dropbox.disk.durable import sync_folder
from dropbox.disk.pieces import PARTIAL_PLAINTEXT, sha256_of, write_verified
from dropbox.disk.visible import safe_name
from dropbox.errors import DamagedError, MalformedError, RefusedError, StorageFullError
from dropbox.sentences.catalogue import Sentence
from dropbox.triage.cases import casebook
from dropbox.triage.vault.vault import Vault

MANIFEST: Final = "manifest.json"


@dataclass
class Extracted:
    """What was written, and a sentence for each file that could not be."""

    names: list[str] = field(default_factory=list)
    failed: list[Sentence] = field(default_factory=list)


def outside_the_vault(vault: Vault, to: Path) -> Path:
    """The folder, resolved; raises RefusedError when it lies in the vault or in its second copy."""
    folder = to.resolve()
    if any(folder.is_relative_to(own.resolve()) for own in (vault.folder, vault.copy_folder)):
        raise RefusedError("extract.into-vault")
    return folder


def extract(vault: Vault, case: casebook.Case, to: Path, chosen: int | None = None) -> Extracted:
    """Write every file of a case and `manifest.json` into a folder; what is there and right already stays.

    Args:
        vault: opened.
        case: whose files.
        to: the folder.
        chosen: number of one file, when the others stay where they are.

    Raises:
        RefusedError: it is not a folder, or lies in the vault or in its second copy.
        StorageFullError: the disk is full; files that are there are whole.
    """
    folder = outside_the_vault(vault, to)
    files = casebook.files(vault, case)
    done = Extracted()
    manifest = []
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left_over in folder.glob(f"*{PARTIAL_PLAINTEXT}"):
            left_over.unlink()
        for number, file in enumerate(files, 1):
            if chosen not in (None, number):
                continue
            name = safe_name(file.name, number, len(files))
            try:
                _write(vault, file, folder / name)
            except (DamagedError, MalformedError, RefusedError) as error:
                done.failed.append(Sentence("extract.not-written", name=name, error=error))
                continue
            done.names.append(name)
            manifest.append(
                {"file": name, "name": file.name, "type": file.type, "size": file.size, "sha256": file.sha256.hex()}
            )
        text = json.dumps({"case": case.name, "files": manifest}, indent=2).replace("\x7f", "\\u007f") + "\n"
        (folder / MANIFEST).unlink(missing_ok=True)
        write_verified(folder / MANIFEST, [text.encode("ascii")], hashlib.sha256(text.encode("ascii")).digest())
        sync_folder(folder)
    except FileExistsError:
        raise RefusedError("extract.file-for-folder") from None
    except OSError as error:
        raise StorageFullError("extract.unwritable", system=error.errno) from None
    return done


def _write(vault: Vault, file: casebook.StoredFile, target: Path) -> None:
    taken = RefusedError("extract.exists")
    if os.path.lexists(target):
        if target.is_symlink() or not target.is_file() or sha256_of(target) != file.sha256:
            raise taken
        return
    if not file.path.exists():
        raise DamagedError("evidence.ciphertext-missing")
    with file.path.open("rb") as sealed:
        pieces = file_pieces(sealed.read, file.blob_bytes, vault.instance, file.file_key)
        try:
            is_whole = write_verified(target, pieces, file.sha256)
        except FileExistsError:
            raise taken from None
    if not is_whole:
        raise DamagedError("evidence.bytes-differ")
