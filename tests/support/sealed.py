"""Blobs as a browser seals them, with the id and digest that it sends along."""

import base64
import os
from dataclasses import dataclass, field, replace

from dropbox.crypto.kem import EpochPublicKey
from dropbox.crypto.sealing import Address, Decoys, Sealer, seal_text
from dropbox.crypto.secret import ReporterSecret, form_nonce, new_secret
from dropbox.wire.calendar import epoch_of
from dropbox.wire.fields import lp, u32
from tests.support.desks import FakeInspectorate

DECOYS = Decoys()


@dataclass(frozen=True)
class Sealed:
    """A blob, what it is to be called, and what a tus client says of it."""

    blob: bytes = field(repr=False)
    id: bytes = field(default_factory=lambda: os.urandom(32))
    digest: bytes = field(default_factory=lambda: os.urandom(32))

    @property
    def metadata(self) -> str:
        """The header Upload-Metadata."""
        return ",".join(
            f"{name} {base64.b64encode(value).decode()}" for name, value in (("id", self.id), ("digest", self.digest))
        )

    def with_blob(self, blob: bytes) -> "Sealed":
        """The same id and digest for other bytes."""
        return replace(self, blob=blob)


class _Sealing:
    """What a browser seals, once it knows for whom."""

    desk: str
    secret: ReporterSecret

    def address(self) -> Address:
        """The recipient."""
        raise NotImplementedError

    def day(self) -> int:
        """Today, as the browser has it."""
        raise NotImplementedError

    def _shared(self, kind: str, nonce: bytes) -> dict[str, bytes]:
        keys = self.secret.keys(self.address().instance, self.desk)
        sent = u32(self.day())
        return {**keys.shared(), "kind": kind.encode(), "nonce": nonce, "desk": self.desk.encode(), "sent": sent}

    def text(self, what: str = "Setoran setiap bulan.", attempt: int = 0, **typed: str) -> Sealed:
        """A first report; `typed` are its other fields, where they matter."""
        keys = self.secret.keys(self.address().instance, self.desk)
        nonce = form_nonce(bytes(12), 0, attempt)
        fields = {"channel": "wbs", "category": "pungli", "what": what, "who": "Kepala", "where": "Kantor"} | typed
        encoded = {name: value.encode() for name, value in fields.items()}
        blob = seal_text(self.address(), DECOYS, keys.auth_key, self._shared("report", nonce) | encoded)
        blob_id = keys.blob_id(nonce)
        digest = keys.content_digest()
        digest.update(what.encode())
        return Sealed(blob, blob_id, digest.value(blob_id))

    def file(self, content: bytes, index: int = 1, name: str = "foto.jpg") -> Sealed:
        """A file of a form."""
        keys = self.secret.keys(self.address().instance, self.desk)
        nonce = form_nonce(bytes(12), index, 0)
        record = self._shared("file", nonce) | {"name": name.encode(), "type": b"image/jpeg"}
        sealer = Sealer(self.address(), DECOYS, keys.auth_key, record)
        blob = b"".join((sealer.start(), *sealer.update(content), *sealer.finish()))
        blob_id = keys.blob_id(nonce)
        digest = keys.content_digest()
        digest.update(lp(name.encode()) + lp(b"image/jpeg") + content)
        return Sealed(blob, blob_id, digest.value(blob_id))


@dataclass
class Browser(_Sealing):
    """A reporter's browser that seals by itself, for a desk of a fake inspectorate."""

    inspectorate: FakeInspectorate
    desk: str = "itjen"
    epoch: int = -1  # default: this week's
    slots: int = 2
    secret: ReporterSecret = field(default_factory=new_secret)

    def address(self) -> Address:
        desk = self.inspectorate.desks[self.desk]
        current = epoch_of(self.inspectorate.today)
        epoch = current if self.epoch < 0 else self.epoch
        key = EpochPublicKey(desk.epochs[epoch if epoch in desk.epochs else current].public.raw)
        slot = sorted(self.inspectorate.desks).index(self.desk)
        return Address(self.inspectorate.anchor.instance, epoch, self.slots, slot, key)

    def day(self) -> int:
        return self.inspectorate.today


@dataclass
class AddressedBrowser(_Sealing):
    """The same with an address that it took from a site's keyring."""

    recipient: Address
    desk: str
    today: int
    secret: ReporterSecret = field(default_factory=new_secret)

    def address(self) -> Address:
        return self.recipient

    def day(self) -> int:
        return self.today
