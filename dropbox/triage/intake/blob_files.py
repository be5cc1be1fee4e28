"""The ciphertext of imported blobs, as files.

Rule: a blob's bytes are written under a partial name and compared with its hash; the caller gives them their name.
"""

import hashlib
from pathlib import Path

from dropbox.disk.pieces import sha256_of, write_pieces
from dropbox.triage.intake.trial_decryption import LONGEST
from dropbox.wire.bundle import ExportedBlob, ExportReader


def is_whole(path: Path, blob: ExportedBlob) -> bool:
    """Return whether a file holds the bytes of a blob."""
    return path.exists() and sha256_of(path) == blob.sha256


def write(path: Path, blob: ExportedBlob, reader: ExportReader) -> bool:
    """The blob's bytes into a file (none for a too long one), not durable yet; False when its hash says otherwise."""
    if blob.length <= LONGEST:
        return write_pieces(path, reader.pieces(), is_durable=False) == blob.sha256
    digest = hashlib.sha256()
    for piece in reader.pieces():
        digest.update(piece)
    return digest.digest() == blob.sha256
