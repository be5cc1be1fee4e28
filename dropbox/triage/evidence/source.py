"""Opens a reporter's file in memory, for the sandbox only.

Rule: its plaintext is sealed anonymous memory, never a file; it is parsed only after its last byte was verified, and
is freed when the block ends.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from dropbox.crypto.private.opening import file_pieces
from dropbox.errors import DamagedError
from dropbox.limits import KIND_HEAD_BYTES
from dropbox.triage.cases.casebook import StoredFile
from dropbox.triage.evidence import kinds
from dropbox.triage.evidence.kinds import Kind
from dropbox.triage.evidence.sandbox import sealed_memory
from dropbox.triage.vault.vault import Vault


@dataclass(frozen=True)
class Source:
    """A file in sealed memory, closed as a context manager."""

    file: StoredFile
    descriptor: int
    kind: Kind
    is_misnamed: bool
    is_polyglot: bool

    @classmethod
    def open(cls, vault: Vault, file: StoredFile) -> "Source":
        """Open a file of the vault; raises DamagedError when it is not as it was taken in."""
        descriptor = sealed_memory(verified_pieces(vault, file))
        head = os.pread(descriptor, KIND_HEAD_BYTES, 0)
        tail = os.pread(descriptor, KIND_HEAD_BYTES, max(0, file.size - KIND_HEAD_BYTES))
        kind = kinds.tell(head, tail)
        is_misnamed = kinds.is_misnamed(kind, file.name, file.type)
        return cls(file, descriptor, kind, is_misnamed, kinds.is_polyglot(kind, head, tail))

    def close(self) -> None:
        """Free the memory."""
        os.close(self.descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def verified_pieces(vault: Vault, file: StoredFile) -> Iterator[bytes]:
    """Yield the file's bytes; raises DamagedError, at the latest after the last, if they are not those taken in."""
    if not file.path.exists():
        raise DamagedError("evidence.ciphertext-missing")
    digest = hashlib.sha256()
    with file.path.open("rb") as sealed:
        for piece in file_pieces(sealed.read, file.blob_bytes, vault.instance, file.file_key):
            digest.update(piece)
            yield piece
    if digest.digest() != file.sha256:
        raise DamagedError("evidence.bytes-differ")
