"""Verifies the manifest of a site from the pinned root (FORMAT "Site manifest").

Rule: a manifest is used only when the root signed it for this instance.
"""

from typing import Final

from dropbox.crypto.kdf import labelled_hash
from dropbox.crypto.signing import verify
from dropbox.errors import UntrustedError
from dropbox.wire.keyring import RootAnchor
from dropbox.wire.manifest import SiteManifest, parse_manifest_body, split_manifest

SITE_MANIFEST: Final = "site manifest"


def open_manifest(anchor: RootAnchor, untrusted: bytes) -> SiteManifest:
    """Verify that the pinned root signed a manifest for its instance.

    Raises:
        MalformedError: it breaks the grammar.
        UntrustedError: the root did not sign it, or for another instance.
    """
    body, signature = split_manifest(untrusted)
    verify(anchor.key, SITE_MANIFEST, anchor.instance, body, signature)
    manifest = parse_manifest_body(body)
    if manifest.instance != anchor.instance:
        raise UntrustedError("manifest.other-instance")
    return manifest


def manifest_fingerprint(body: bytes) -> bytes:
    """Return HASH("site manifest fingerprint", body), 32 bytes."""
    return labelled_hash("site manifest fingerprint", body)
