"""Seals the made-up reports as a reporter's browser does, each with the key of the week in which it is sent.

Rule: the bytes are those of production (crypto.envelope, crypto.sealing): the desk examines them like any others.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from dropbox.crypto.envelope import Envelope
from dropbox.crypto.kem import EpochPublicKey
from dropbox.crypto.sealing import Address, Decoys, Sealer
from dropbox.crypto.secret import form_nonce, new_secret
from dropbox.crypto.thread_keys import ThreadKeys
from dropbox.triage.practice import files
from dropbox.triage.practice.content import Report
from dropbox.triage.tables.case_row import ThreadKeys as Thread
from dropbox.triage.vault import epochs
from dropbox.triage.vault.vault import Vault
from dropbox.wire.blob import ADDITION, FILE, REPORT
from dropbox.wire.bundle import ExportedBlob
from dropbox.wire.calendar import Day, epoch_of

_FORM_BYTES: Final = 12


@dataclass(frozen=True)
class Sent:
    """A sealed message: day number of sending, whether it waits on the USB drive, its line in an export, its bytes."""

    day: Day
    is_waiting: bool
    listed: ExportedBlob
    blob: bytes = field(repr=False)


@dataclass
class Reporter:
    """Who sends one report and what belongs to it, with a new receipt code that nobody is given."""

    vault: Vault
    report: Report
    _keys: ThreadKeys = field(init=False, repr=False)
    _decoys: Decoys = field(default_factory=Decoys, repr=False)

    def __post_init__(self) -> None:
        self._keys = new_secret().keys(self.vault.instance, self.vault.desk)

    @property
    def thread(self) -> Thread:
        """Return the keys by which a case knows its thread."""
        keys = self._keys
        return Thread(keys.thread, keys.claim, keys.tag_key, keys.answer_key, keys.auth_key)

    def sent(self, today: Day) -> Iterator[Sent]:
        """Yield everything that this reporter sends, the days counted back from today (day number)."""
        report = self.report
        yield from self._form(0, REPORT, report.fields, report.files, today, report.days)
        for number, one in enumerate(report.later, 1):
            yield from self._form(number, ADDITION, one.fields, one.files, today, one.days)

    def _form(
        self, number: int, kind: str, fields: dict[str, str], names: tuple[str, ...], today: Day, days: int
    ) -> Iterator[Sent]:
        form, day = number.to_bytes(_FORM_BYTES, "big"), Day(today - max(days, 0))
        envelope = Envelope(self._keys, self.vault.desk, self.report.lang, day)
        texts = [(form_nonce(form, 0), kind, fields, b"")]
        texts += [
            (form_nonce(form, index), FILE, {"name": name, "type": files.media_type(name)}, files.made(name))
            for index, name in enumerate(names, 1)
        ]
        for nonce, what, values, data in texts:
            blob = self._sealed(envelope.record(what, nonce, values), data, day)
            listed = ExportedBlob(self._keys.blob_id(nonce), len(blob), hashlib.sha256(blob).digest())
            yield Sent(day, days < 0, listed, blob)

    def _sealed(self, record: dict[str, bytes], data: bytes, day: Day) -> bytes:
        epoch = epoch_of(day)
        key = EpochPublicKey(epochs.public_keys(self.vault, epoch, epoch)[epoch])
        sealer = Sealer(Address(self.vault.instance, epoch, 1, 0, key), self._decoys, self._keys.auth_key, record)
        more = sealer.update(data) if data else []
        return b"".join((sealer.start(), *more, *sealer.finish()))
