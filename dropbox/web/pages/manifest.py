"""Gives out the root's manifest of the site, from which outsiders verify what is served (FORMAT "Site manifest").

Rule: a manifest is shown only if it is of this very program and these very settings: any other would call an honest
site a false one.
"""

from dataclasses import dataclass
from typing import Final

from flask import Flask, Response, abort, current_app

from dropbox.crypto.site_manifest import manifest_fingerprint, open_manifest
from dropbox.errors import MalformedError, UntrustedError
from dropbox.limits import MANIFEST_MAX_BYTES
from dropbox.settings.installation import Settings
from dropbox.settings.program import program_hash
from dropbox.settings.public import encode_public
from dropbox.settings.version import program_version
from dropbox.web.base.site import Site
from dropbox.web.http.headers import CSP
from dropbox.wire.manifest import SiteManifest

ADDRESS: Final = "/data/manifes"
EXTENSION: Final = "dropbox-manifest"


@dataclass(frozen=True)
class ShownManifest:
    """A manifest that holds here: what it says, and its signed bytes."""

    manifest: SiteManifest
    signed: bytes

    @property
    def fingerprint(self) -> bytes:
        """The fingerprint of what the root signed, 32 bytes."""
        return manifest_fingerprint(self.manifest.encode())


def manifest_of() -> ShownManifest | None:
    """Return the manifest of the running site; None while it has none."""
    found = current_app.extensions[EXTENSION]
    return found if isinstance(found, ShownManifest) else None


def is_of_here(manifest: SiteManifest, settings: Settings) -> bool:
    """Return whether a manifest is of the installed program and of a site's settings; raises ConfigurationError."""
    return (manifest.version, manifest.program, manifest.policy, manifest.settings) == (
        program_version(),
        program_hash(),
        CSP,
        encode_public(settings),
    )


def read_manifest(site: Site) -> ShownManifest | None:
    """Return the manifest that the settings name if it holds for a site; None for any other."""
    path = site.settings.manifest
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            signed = file.read(MANIFEST_MAX_BYTES + 1)
        manifest = open_manifest(site.anchor, signed)
    except (OSError, MalformedError, UntrustedError):
        return None
    return ShownManifest(manifest, signed) if is_of_here(manifest, site.settings) else None


def register(app: Flask, site: Site) -> None:
    """Read the manifest once, and add its route."""
    app.extensions[EXTENSION] = read_manifest(site)
    app.add_url_rule(ADDRESS, "data-manifest", _give)


def _give() -> Response:
    shown = manifest_of()
    return abort(404) if shown is None else Response(shown.signed, mimetype="application/octet-stream")
