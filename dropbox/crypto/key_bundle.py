"""FORMAT "Key bundle" and "Carried keys": from a signed list of hashes to the keys that it means.

Rule: no key leaves here whose hash does not stand in a bundle that leads to the pinned root, under its own epoch.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dropbox.crypto.signing import Trust, open_object
from dropbox.errors import UntrustedError
from dropbox.wire.keyring import KeyBundle, KeyedBundle, key_hashes, parse_key_bundle, parse_keyed_bundle
from dropbox.wire.signed import Certificate


@dataclass(frozen=True)
class VerifiedKeys:
    """A desk's key bundle and those of its keys that came with it.

    Attributes:
        certificate: of the station that signed; its days are not looked at.
        bundle: hashes of all keys.
        keyed: as it came.
    """

    certificate: Certificate
    bundle: KeyBundle
    keyed: KeyedBundle

    @property
    def keys(self) -> dict[int, bytes]:
        """X-Wing public keys by epoch, each one that the bundle means."""
        return self.keyed.keys


def verify_keys(bundle: KeyBundle, untrusted_keys: Mapping[int, bytes]) -> Literal[True]:
    """True if the bundle means each of these keys, or UntrustedError."""
    if not key_hashes(untrusted_keys).items() <= bundle.epochs.items():
        raise UntrustedError("a key is none of those that the key bundle names")
    return True


def open_keyed_bundle(trust: Trust, untrusted: bytes) -> VerifiedKeys:
    """The verified bundle and keys of a keyed bundle, also under a certificate whose days are over.

    Raises:
        MalformedError: it breaks the grammar.
        UntrustedError: it does not lead to the root, or a key is not one that the bundle names.
    """
    keyed = parse_keyed_bundle(untrusted)
    opened = open_object(trust, keyed.signed, "keys", dated=False)
    bundle = parse_key_bundle(opened.body)
    verify_keys(bundle, keyed.keys)
    return VerifiedKeys(opened.certificate, bundle, keyed)
