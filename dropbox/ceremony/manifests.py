"""Signs the manifest of a site, which a server proposed and people compared (FORMAT "Site manifest").

Rule: a number is signed once, no lower one after it, and none far above it: a server that proposes the last number
there is would end verification for this root. The newest manifest is kept with the root. No hash of a script is signed
that is not that of the script which the same program has here.
"""

import hashlib
import json
from typing import Final

from dropbox.ceremony.authority import MANIFEST_FILE, Root
from dropbox.ceremony.recovery import manifest_number
from dropbox.crypto.site_manifest import SITE_MANIFEST, manifest_fingerprint
from dropbox.crypto.words import fingerprint_words
from dropbox.disk.private import read_private, write_whole
from dropbox.disk.visible import visible
from dropbox.errors import NotFoundError, RefusedError
from dropbox.limits import MANIFEST_STEP_MAX
from dropbox.sentences.catalogue import Sentence
from dropbox.settings.program import program_hash, static_hashes
from dropbox.settings.version import program_version
from dropbox.wire.calendar import date_of
from dropbox.wire.keyring import RootAnchor
from dropbox.wire.manifest import Answer, SiteManifest, encode_manifest, parse_manifest_body

_STATIC: Final = "/static/"
_ROOT_PUB: Final = "/data/root.pub"


def lines(untrusted_body: bytes) -> list[str]:
    """Return what a proposal says, also what visitors see of the settings; raises MalformedError."""
    said = parse_manifest_body(untrusted_body)
    return [
        Sentence("manifest.settings"),
        *map(visible, _settings(said.settings)),
        Sentence("manifest.policy", policy=said.policy),
        Sentence(
            "manifest.proposed",
            number=said.number,
            version=said.version,
            count=len(said.answers),
            day=date_of(said.made),
        ),
        f"  {fingerprint_words(manifest_fingerprint(untrusted_body))}",
        Sentence("manifest.same-program")
        if _is_installed(said)
        else Sentence("manifest.other-program", version=program_version() or "?"),
    ]


def _settings(text: bytes) -> list[str]:
    """The settings, a line for each value, as far as they can be read."""
    try:
        value = json.loads(text)
        shown = json.dumps(value, ensure_ascii=False, indent=1)
    except (ValueError, RecursionError):
        shown = text.decode("utf-8", "replace")
    return shown.splitlines()


def _is_installed(said: SiteManifest) -> bool:
    return (said.version, said.program) == (program_version(), program_hash())


def is_first(root: Root) -> bool:
    """Return whether this root has signed no manifest; raises what `sign` raises."""
    return _newest(root) == 0


def sign(root: Root, body: bytes) -> bytes:
    """Sign a proposal; it is kept with the root before it is returned.

    Raises:
        MalformedError: it is no proposal.
        RefusedError: it is of another instance, or its number is not higher than that of the newest manifest, or
            more than MANIFEST_STEP_MAX higher; or it names this program, and another script, style or root.pub than
            are here.
        NotFoundError: the record of the newest manifest is missing.
        UntrustedError, MalformedError, ConfigurationError: it was altered, cannot be read, or others may read it.
    """
    said = parse_manifest_body(body)
    if said.instance != root.anchor.instance:
        raise RefusedError("ceremony.other-root")
    if _is_installed(said):
        _compare_files(root.anchor, said)
    newest = _newest(root)
    if said.number <= newest:
        raise RefusedError("manifest.number-used", number=newest)
    if said.number > newest + MANIFEST_STEP_MAX:
        raise RefusedError("manifest.number-far", number=newest, most=newest + MANIFEST_STEP_MAX)
    signed = encode_manifest(body, root.key.sign(SITE_MANIFEST, root.anchor.instance, body))
    write_whole(root.folder / MANIFEST_FILE, signed, replace=True)
    return signed


def _compare_files(anchor: RootAnchor, said: SiteManifest) -> None:
    """Compare what is the same on every day with the files of this machine; pages need the server's libraries."""
    files = static_hashes(_STATIC) | {_ROOT_PUB: hashlib.sha256(anchor.encode()).digest()}
    own = {path: Answer(digest, fixed=True) for path, digest in files.items()}
    named = {path: answer for path, answer in said.answers.items() if path.startswith(_STATIC) or path in own}
    if other := sorted(path for path in {*own, *named} if own.get(path) != named.get(path)):
        raise RefusedError("manifest.other-files", count=len(other), path=other[0])


def _newest(root: Root) -> int:
    """The number of the newest manifest, 0 before the first."""
    try:
        kept = read_private(root.folder / MANIFEST_FILE)
    except NotFoundError:
        raise NotFoundError("ceremony.manifest-missing") from None
    return manifest_number(root.anchor, kept)
