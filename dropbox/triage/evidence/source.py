"""Opens a reporter's file, or a part of one, in memory, for the sandbox only.

    place = "" (the file itself), or numbers of parts from outside in: "2", "2.1"; each is 1-based

Rule: its plaintext is sealed anonymous memory, never a file; it is parsed only after its last byte was verified, and
is freed when the block ends.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self

from dropbox.crypto.private.opening import file_pieces
from dropbox.errors import DamagedError, NotFoundError
from dropbox.triage.cases.casebook import StoredFile
from dropbox.triage.evidence import jobs, kinds
from dropbox.triage.evidence.kinds import KINDS, Kind
from dropbox.triage.evidence.replies import Listed
from dropbox.triage.evidence.sandbox import sealed_memory
from dropbox.triage.vault.vault import Vault

_PIECE: Final = 1 << 20


@dataclass(frozen=True)
class Source:
    """A file or a part of one in sealed memory, closed as a context manager.

    Attributes:
        name: that its sender or its container's maker gave: untrusted; likewise `media_type`.
        media_type: see name.
        size: in bytes, of the whole; the memory lacks what stood before the header.
        sha256: of the whole.
        descriptor: of the memory.
        kind: identified in the sandbox.
        facts: numbers that are known from its identity: `misnamed`, `polyglot`, `before`.
        before: what stood before the header.
    """

    name: str
    media_type: str
    size: int
    sha256: bytes = field(repr=False)
    descriptor: int
    kind: Kind
    facts: dict[str, int]
    before: bytes = field(default=b"", repr=False)

    @classmethod
    def open(cls, vault: Vault, file: StoredFile, place: str = "") -> "Source":
        """Open a file of the vault, or the part at a place.

        Raises:
            DamagedError: the file is not in the vault as it was taken in.
            NotFoundError: it has no such part.
            ConfigurationError: there is no sandbox on this machine.
            UnreadableError: see reasons.
        """
        opened = cls._of(sealed_memory(verified_pieces(vault, file)), file.name, file.type, file.sha256)
        for number in place.split(".") if place else ():
            with opened as outer:
                listed = outer.parts()[1]
                index = int(number) - 1 if number.isdecimal() else -1
                if not 0 <= index < len(listed):
                    raise NotFoundError("evidence.no-such-part")
                opened = outer.part(index, listed[index])
        return opened

    def parts(self) -> tuple[dict[str, int], list[Listed]]:
        """Return (what was noted, the parts of this container); raises ConfigurationError, UnreadableError."""
        return jobs.parts(self.descriptor, self.kind)

    def part(self, index: int, listed: Listed) -> "Source":
        """Open a part (0-based) as a source of its own; raises ConfigurationError, UnreadableError."""
        pieces = jobs.part(self.descriptor, self.kind, index)
        memory = sealed_memory(iter(pieces))
        made = self._of(memory, listed.name, listed.type, _sha256(memory))
        if not pieces.is_whole:
            made.facts["incomplete"] = 1
        return made

    @classmethod
    def _of(cls, memory: int, name: str, media_type: str, sha256: bytes) -> "Source":
        try:
            size = os.fstat(memory).st_size
            kind, start, facts = KINDS["empty"], 0, {}
            if size:
                found = jobs.identity(memory)
                kind, start = KINDS[found.code], found.start
                is_misnamed = kinds.is_misnamed(kind, name, media_type)
                told = {"misnamed": int(is_misnamed), "polyglot": int(found.is_polyglot), "before": start}
                facts = {code: number for code, number in told.items() if number}
            before = os.pread(memory, start, 0)
            if start:
                whole, memory = memory, sealed_memory(_pieces(memory, start))
                os.close(whole)
            return cls(name, media_type, size, sha256, memory, kind, facts, before)
        except BaseException:
            os.close(memory)
            raise

    def whole(self) -> Iterator[bytes]:
        """Yield its bytes from the first, also those before the header."""
        yield self.before
        yield from _pieces(self.descriptor)

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


def _pieces(memory: int, at: int = 0) -> Iterator[bytes]:
    while piece := os.pread(memory, _PIECE, at):
        at += len(piece)
        yield piece


def _sha256(memory: int) -> bytes:
    digest = hashlib.sha256()
    for piece in _pieces(memory):
        digest.update(piece)
    return digest.digest()
