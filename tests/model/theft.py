"""Somebody who has a station's key, or may touch the stick."""

import os

from machines import Machines, Thief

from dropbox.crypto.signing import Trust, open_object, open_revocations
from dropbox.limits import NUMBERS_PER_SERIAL
from dropbox.triage.vault.vault import CERTIFICATE, REVOCATIONS
from dropbox.wire.bundle import ReturnBundle, parse_return
from dropbox.wire.calendar import epoch_of
from dropbox.wire.keyring import KeyBundle, key_hashes, parse_key_bundle
from dropbox.wire.signed import (
    Head,
    encode_object,
    parse_object,
)


class Theft(Machines):
    """Steals, forges, and is revoked."""

    def _steal(self, *_: int) -> None:
        with self._vault(0) as vault:
            certificate = (vault.folder / CERTIFICATE).read_bytes()
            installed = vault.installed()
            assert installed is not None
            self.thief = Thief(vault.station, certificate, installed.serial)
            self._see_list(vault.get(REVOCATIONS) or b"")

    def _recertify(self, *_: int) -> None:
        assert self.thief is not None
        self._serials[0] += 1
        self.thief.serial = self._serials[0]
        self.thief.certificate = self._certificate("itjen", self.thief.station.public, self._serials[0])

    def _revoke(self, *_: int) -> None:
        assert self.thief is not None
        self._revoked = {self.thief.station.public: self.day}

    def _remember_bodies(self, file: bytes) -> None:
        """The key bundles that the server knows now: a thief repeats them."""
        returned = parse_return(open_object(Trust(self.world.anchor, self.day), file, "return").body)
        bodies = [parse_object(one).body for one in returned.objects if parse_object(one).label == "keys"]
        self._bodies[(parse_key_bundle(bodies[0]).head.number - 1) // NUMBERS_PER_SERIAL + 1] = bodies
        self._keys |= {key_hashes({epoch: key})[epoch]: key for epoch, key in returned.keys.items()}

    def _see_list(self, untrusted: bytes) -> None:
        """The newest list that does not name the stolen key: lists are published, and a thief takes the best."""
        listed = open_revocations(self.world.anchor, untrusted)
        if self.thief and self.thief.station.public in listed.keys:
            return
        if not self._shown or listed.number > open_revocations(self.world.anchor, self._shown).number:
            self._shown = untrusted

    def _forge(self, kind: int, _: int) -> None:
        thief, base = self.thief, 0
        assert thief is not None
        base = NUMBERS_PER_SERIAL * (thief.serial - 1)
        held = self.store.published.get("return", "itjen")
        number = max(held.number if held else 0, base) + 1
        number = {1: base + NUMBERS_PER_SERIAL, 2: 2**32 - 1}.get(kind, number)
        made = self.day + (700 if kind == 3 else 0)
        instance = self.world.anchor.instance

        def sign(label: str, body: bytes) -> bytes:
            return encode_object(label, thief.certificate, body, thief.station.sign(label, instance, body))

        bodies = self._bodies.get(thief.serial, [])
        if kind == 4 or not bodies:
            keys = {epoch_of(self.day) + ahead: os.urandom(1216) for ahead in range(13)}
            self._keys |= {key_hashes({epoch: key})[epoch]: key for epoch, key in keys.items()}
            bodies = [KeyBundle(Head(instance, "itjen", base + 1, self.day), bytes(32), key_hashes(keys)).encode()]
        carried = {epoch: self._keys[sha256] for epoch, sha256 in parse_key_bundle(bodies[-1]).epochs.items()}
        body = ReturnBundle(
            Head(instance, "itjen", number, made), tuple(sign("keys", one) for one in bodies), carried, self._shown
        ).encode()
        self.older[0] = sign("return", body)

    def _forged_export(self, desk: int, kind: int) -> str:
        day = self.day + (400 if kind else 0)
        if kind == 2:  # the server's own key, stolen
            return self._import(desk, self.world.export([], {}, day, 60_000))
        return self._import(desk, self.world.export([], {}, day, 60_000, sign=lambda _: bytes(64)))
