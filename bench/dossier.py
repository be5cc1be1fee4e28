"""Measures a dossier with 100 MB of cleaned evidence: hash, list, seal and write as the workstation does, then read."""

import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from figures import Figure

from dropbox.crypto.dossiers import LABEL, new_id, seal_dossier
from dropbox.crypto.private.desk_keys import EpochSecretKey, RootKey, StationKey
from dropbox.crypto.private.receiver_keys import ReceiverKey, check
from dropbox.crypto.receivers import verify_card
from dropbox.crypto.signing import Trust
from dropbox.triage.evidence.copies import Cleaned
from dropbox.triage.evidence.sandbox import sealed_memory
from dropbox.triage.referral.build import write_sealed
from dropbox.wire.calendar import Day
from dropbox.wire.dossier import Contents, Part
from dropbox.wire.fields import lp
from dropbox.wire.keyring import RootAnchor
from dropbox.wire.signed import Certificate, Head, encode_object

EVIDENCE_BYTES = 100_000_000
_FILES = 4
_DAY = 20_000
_INSTANCE = bytes(16)
_MEGABYTE = 1_000_000


class _Office:
    """Root, station and receiver, with evidence in memory."""

    def __init__(self) -> None:
        self.root, self.station, self.receiver = RootKey.generate(), StationKey.generate(), ReceiverKey.generate()
        self.card = self.receiver.card("bench", "referral", _DAY, _DAY + 1)
        self.reply = EpochSecretKey.generate()
        each = EVIDENCE_BYTES // _FILES
        self.copies = [
            Cleaned(sealed_memory(iter([os.urandom(each)])), each, b"", "pdf", "pdf", bytes(32), ())
            for _ in range(_FILES)
        ]

    def seal(self, folder: Path, name: str) -> None:
        """Do as triage.referral.build: hash every byte for the list, seal, hash again, write."""
        parts = []
        for place, copy in enumerate(self.copies, 1):
            digest = hashlib.sha256()
            for piece in copy.pieces():
                digest.update(piece)
            parts.append(Part(f"bukti/{place:03d}.pdf", copy.length, digest.digest()))
        small = {"rujukan.json": b"{}", "rujukan.pdf": b"%PDF-"}
        parts += [Part(one, len(data), hashlib.sha256(data).digest()) for one, data in small.items()]
        head, card = Head(_INSTANCE, "itjen", 0, _DAY), hashlib.sha256(self.card).digest()
        body = Contents(head, new_id(), card, self.reply.public.raw, tuple(parts)).encode()
        certificate = Certificate(
            _INSTANCE, "itjen", self.station.public, Day(_DAY), Day(_DAY + 1), 1, demo=False
        ).encode()
        shown = lp(certificate) + self.root.sign("certificate", _INSTANCE, certificate)
        signed = encode_object(LABEL, shown, body, self.station.sign(LABEL, _INSTANCE, body))
        write_sealed(folder, name, seal_dossier(_INSTANCE, self.receiver.seal.public.raw, signed, self._pieces(small)))

    def _pieces(self, small: dict[str, bytes]) -> Iterator[bytes]:
        for copy in self.copies:
            yield from copy.pieces()
        yield from small.values()

    def open(self, path: Path) -> None:
        """Run the receiver's check of the whole dossier."""
        anchor = RootAnchor(_INSTANCE, self.root.public, demo=False, last=Day(_DAY + 1))
        with path.open("rb") as file:
            sha256 = hashlib.sha256(self.card).digest()
            check(file.read, self.receiver, verify_card(self.card), sha256, Trust(anchor, Day(_DAY)))


def measure(rounds: int) -> list[Figure]:
    """Measure in alternating rounds."""
    office = _Office()
    sealing: list[float] = []
    opening: list[float] = []
    try:
        with tempfile.TemporaryDirectory(prefix="dropbox-bench-") as name:
            folder = Path(name)
            for number in range(rounds):
                started = time.perf_counter()
                office.seal(folder, f"{number}.dbx")
                sealing.append(EVIDENCE_BYTES / (time.perf_counter() - started) / _MEGABYTE)
                started = time.perf_counter()
                office.open(folder / f"{number}.dbx")
                opening.append(EVIDENCE_BYTES / (time.perf_counter() - started) / _MEGABYTE)
    finally:
        for copy in office.copies:
            copy.close()
    return [
        Figure("sealed: hash, sign, seal, hash, durable file", sealing, "MB/s", at_least=150),
        Figure("checked by the receiver", opening, "MB/s"),
    ]
