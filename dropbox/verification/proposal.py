"""Makes the manifest of a site, to be signed by the root, and checks that this machine makes the same pages.

    pages of a manifest = those of its release and settings on its day (noon UTC), with a key for each desk of the
    settings, nothing else published, room for files, the settings' own host, and no compression

Rule: only what is a function of release, settings and day is in it; what stations sign is verified by itself.
"""

import datetime
import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from dropbox.crypto.keyring import DeskKeys, Keyring
from dropbox.crypto.site_manifest import manifest_fingerprint, open_manifest
from dropbox.crypto.words import fingerprint_words
from dropbox.errors import ConfigurationError
from dropbox.limits import DESKS_MAX, MANIFEST_MAX_BYTES
from dropbox.published.keyring import LiveKeyring
from dropbox.sentences.catalogue import Sentence
from dropbox.settings.installation import Settings
from dropbox.settings.program import program_hash
from dropbox.settings.public import decode_public, encode_public
from dropbox.settings.version import program_version
from dropbox.verification.replica import NOT_KEPT, Moment, Replica, Request
from dropbox.web.http.headers import CSP
from dropbox.web.http.page_cache import DATA, STATIC
from dropbox.web.pages.sealer import FILE_NAME
from dropbox.web.pages.shared import hosts
from dropbox.wire.calendar import Day, date_of, epoch_of
from dropbox.wire.keyring import EPOCH_KEY_BYTES, KeyBundle, KeyedBundle, RootAnchor, key_hashes
from dropbox.wire.manifest import Answer, SiteManifest, parse_manifest_body
from dropbox.wire.signed import Certificate, Head

ROOT_PUB: Final = f"{DATA}root.pub"
_SEALER: Final = f"/{FILE_NAME}"
_NOON: Final = datetime.time(12, tzinfo=datetime.UTC)


class _StandIn(LiveKeyring):
    """A key for each desk of the settings, which opens the form; nothing is sealed to it."""

    def __init__(self, replica: Replica) -> None:
        super().__init__(replica.site.store, replica.site.anchor)
        self._names = sorted(replica.site.settings.desks)[:DESKS_MAX]
        self._of = replica.site.anchor

    def get(self, today: Day) -> Keyring:
        """Return a keyring of that day."""
        return Keyring(self._of.instance, self.keyring_file_desks(today))

    def keyring_file_desks(self, today: Day) -> tuple[DeskKeys, ...]:
        """Return its desks."""
        return tuple(self._desk(name, today) for name in self._names)

    def _desk(self, name: str, today: Day) -> DeskKeys:
        keys: dict[int, bytes] = {epoch_of(today): bytes(EPOCH_KEY_BYTES)}
        head = Head(self._of.instance, name, 1, today)
        certificate = Certificate(self._of.instance, name, bytes(32), today, today, 1, self._of.demo)
        return DeskKeys(certificate, KeyBundle(head, bytes(32), key_hashes(keys)), KeyedBundle(b"", keys))


def propose(settings: Settings, anchor: RootAnchor, number: int, today: Day) -> SiteManifest:
    """Return the manifest of a site with the installed program.

    Args:
        settings: of the site.
        anchor: its root.
        number: higher than that of each earlier manifest.
        today: the day of the proposal.

    Raises:
        ConfigurationError: the program has no version (it is not installed), or a page cannot be made.
        MalformedError: the number or a setting is not one that a manifest can hold.
    """
    version = program_version()
    if not version:
        raise ConfigurationError("manifest.no-version")
    shown = encode_public(settings)
    answers = reference(shown, anchor, today)
    manifest = SiteManifest(anchor.instance, number, today, version, program_hash(), CSP, shown, answers)
    manifest.encode()  # refuses what no reader would accept
    return manifest


def next_number(settings: Settings, anchor: RootAnchor) -> int:
    """Return one more than the number of the manifest that the settings name; 1 if they name none.

    Raises:
        ConfigurationError: the file cannot be read.
        MalformedError, UntrustedError: this root did not sign it.
    """
    if settings.manifest is None:
        return 1
    try:
        with settings.manifest.open("rb") as file:
            return open_manifest(anchor, file.read(MANIFEST_MAX_BYTES)).number + 1
    except OSError:
        raise ConfigurationError("manifest.unreadable") from None


def lines(body: bytes) -> list[str]:
    """Return what a proposal says, to be compared on another machine before the root signs it."""
    said = parse_manifest_body(body)
    return [
        Sentence(
            "manifest.proposed",
            number=said.number,
            version=said.version,
            count=len(said.answers),
            day=date_of(said.made),
        ),
        f"  {fingerprint_words(manifest_fingerprint(body))}",
        Sentence("manifest.carry"),
    ]


def reference(public_settings: bytes, anchor: RootAnchor, day: Day) -> Mapping[str, Answer]:
    """Return the answers by address that a manifest of the installed program holds.

    Raises:
        MalformedError: these are not the canonical text of public settings.
        ConfigurationError: a page cannot be made.
    """
    # Windows refuses to delete files that are still open somewhere; nothing in the folder is secret.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        replica = Replica(decode_public(public_settings, folder), anchor, folder)
        try:
            return answers_of(replica, day)
        finally:
            replica.close()


def answers_of(replica: Replica, day: Day) -> Mapping[str, Answer]:
    """Return what `reference` returns, of a replica into which nothing was put yet; raises ConfigurationError."""
    with replica.keyring(_StandIn(replica)):
        return _answers(replica, datetime.datetime.combine(date_of(day), _NOON))


def is_file(path: str) -> bool:
    """Return whether the answer at an address is a file: of the program, or root.pub. No library has a part in it."""
    return path.startswith(STATIC) or path == ROOT_PUB


def _answers(replica: Replica, now: datetime.datetime) -> dict[str, Answer]:
    host = next(hosts(replica.site))
    found = {}
    for path in replica.addresses():
        if path.startswith(DATA) and path != ROOT_PUB:
            continue
        answer = replica.answer(Request("GET", path, (("Host", host), NOT_KEPT)), Moment(now))
        if answer.status == 200:
            is_fixed = is_file(path) or path == _SEALER
            found[path] = Answer(hashlib.sha256(answer.body).digest(), is_fixed)
        elif answer.status >= 500:
            raise ConfigurationError("manifest.page-failed", path=path)
    return found
