"""Verifies carried keys against a signed list of their hashes (FORMAT "Key bundle", "Carried keys").

Rule: a key is returned only if a bundle that leads to the pinned root lists its hash under the same epoch.
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
    """A desk's verified key bundle and the keys that came with it.

    Attributes:
        certificate: of the station that signed; its validity on a day is not checked.
        bundle: hashes of all keys.
        keyed: the keyed bundle as it was received.
    """

    certificate: Certificate
    bundle: KeyBundle
    keyed: KeyedBundle

    @property
    def keys(self) -> dict[int, bytes]:
        """X-Wing public keys (1216 bytes) by epoch; the bundle lists the hash of each."""
        return self.keyed.keys


def verify_keys(bundle: KeyBundle, untrusted_keys: Mapping[int, bytes]) -> Literal[True]:
    """Return True if the bundle lists the hash of each key under its epoch; raises UntrustedError."""
    if not key_hashes(untrusted_keys).items() <= bundle.epochs.items():
        raise UntrustedError("key.not-in-bundle")
    return True


def open_keyed_bundle(trust: Trust, untrusted: bytes) -> VerifiedKeys:
    """Verify the bundle and the keys of a keyed bundle, also under an expired certificate.

    Raises:
        MalformedError: it breaks the grammar.
        UntrustedError: it does not lead to the root, or a key is not one that the bundle names.
    """
    keyed = parse_keyed_bundle(untrusted)
    opened = open_object(trust, keyed.signed, "keys", dated=False)
    bundle = parse_key_bundle(opened.body)
    verify_keys(bundle, keyed.keys)
    return VerifiedKeys(opened.certificate, bundle, keyed)
