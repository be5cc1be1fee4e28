"""Refuses to start a site that would endanger reporters; each refusal says in a sentence what to do.

Rule: with a real root, or with DROPBOX_ENV=production, everything here must pass; a demo runs only when nobody asked
for production.
"""

import os
import pwd
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from dropbox.errors import ConfigurationError, UntrustedError
from dropbox.published.keyring import LiveKeyring
from dropbox.published.trust import pinned_root, revocations_days_left, trust_of
from dropbox.settings.installation import Settings
from dropbox.settings.notes import address_notes, contact_notes
from dropbox.store import rewrite
from dropbox.store.database import Store
from dropbox.store.room import Shares
from dropbox.web.base.site import Site
from dropbox.web.checks import machine
from dropbox.web.checks.reach import search
from dropbox.wire.calendar import Day
from dropbox.wire.keyring import RootAnchor, certificate_of

_ENVIRONMENTS: Final = ("", "development", "production")
_HOMES: Final = "/home"
_DRIVES: Final = ("/media", "/mnt", "/run/media")
_PROJECT: Final = Path(__file__).parents[3]  # a checkout, or where packages are installed
Say = Callable[[str], None]


def _unheard(_: str) -> None:
    pass


def wants_production() -> bool:
    """Return whether DROPBOX_ENV asks for production; raises ConfigurationError for an unknown value."""
    value = os.environ.get("DROPBOX_ENV", "")
    if value not in _ENVIRONMENTS:
        raise ConfigurationError("server.environment")
    return value == "production"


def check_production(settings: Settings, anchor: RootAnchor, host: str, say: Say) -> None:
    """Check what must be true before reporters can trust a site.

    Args:
        settings: of the site.
        anchor: its pinned root.
        host: the address on which it would listen.
        say: called with each warning, one sentence at a time.

    Raises:
        ConfigurationError: the first thing that is wrong, and what to do.
    """
    if anchor.demo:
        raise ConfigurationError("server.demo-root")
    _refuse_keys(near(settings), say)
    for problem in machine.problems(settings, host):
        if problem.word not in settings.accept:
            raise ConfigurationError("server.machine", problem=problem.sentence, word=problem.word)


def check_surroundings(say: Say) -> None:
    """Search homes and removable media for private keys, and give the warnings; last, because homes may be large.

    Args:
        say: is given what is no reason to refuse, a sentence at a time.

    Raises:
        ConfigurationError: there is a private key.
    """
    _refuse_keys((*homes(), *drives()), say)
    for sentence in machine.warnings():
        say(sentence)


def _refuse_keys(places: Iterable[Path], say: Say) -> None:
    looked = search(places)
    if looked.found:
        raise ConfigurationError("server.private-key", place=looked.found)
    if looked.unseen:
        say(looked.unseen)


def near(settings: Settings) -> Iterator[Path]:
    """Yield the folders of settings, database and root.pub, where the process was started, and the project's own."""
    yield Path.cwd()
    yield settings.root_pub.parent
    if settings.file:
        yield settings.file.parent
    if database := machine.database_file(settings):
        yield database.parent
    if (_PROJECT / "keys").is_dir():
        yield _PROJECT


def homes() -> Iterator[Path]:
    """Yield the homes of this user and of others."""
    yield Path(pwd.getpwuid(os.geteuid()).pw_dir)
    if home := os.environ.get("HOME"):
        yield Path(home)
    yield Path(_HOMES)


def drives() -> Iterator[Path]:
    """Yield where drives that are plugged in appear."""
    yield from map(Path, _DRIVES)


def check_keyring(store: Store, settings: Settings, anchor: RootAnchor, today: Day) -> None:
    """Check that the store holds a verified keyring to which reports can be sealed today.

    Args:
        store: of the site.
        settings: with the sections of the desks.
        anchor: the pinned root.
        today: day number in UTC.

    Raises:
        ConfigurationError: the first thing that is wrong, and what to do.
    """
    if today > anchor.last:
        raise ConfigurationError("server.root-expired")
    published = store.published.all("keys")
    if not published:
        raise ConfigurationError("server.no-keyring")
    try:
        left = revocations_days_left(store, anchor, today)
        revoked = trust_of(store, anchor, today).revoked
    except UntrustedError:
        raise ConfigurationError("server.foreign-revocations") from None
    if left is None:
        raise ConfigurationError("server.no-revocations")
    if left < 0:
        raise ConfigurationError("server.revocations-expired")
    keyring = LiveKeyring(store, anchor).get(today)
    # A desk whose key was revoked has no place in the keyring until its successor publishes; the others go on.
    lost = {desk for desk, item in published if certificate_of(item.body).station in revoked}
    missing = {desk for desk, _ in published} - set(keyring.names()) - lost
    if missing:
        raise ConfigurationError("server.foreign-keys", desks=", ".join(sorted(missing)))
    if not keyring.names():
        raise ConfigurationError("server.all-revoked")
    unknown = set(keyring.names()) - set(settings.desks)
    if unknown:
        raise ConfigurationError("server.desk-unnamed", desk=min(unknown))
    closed = set(keyring.names()) - set(keyring.open_desks(today))
    if closed:
        raise ConfigurationError("server.keys-expired", desks=", ".join(sorted(closed)))


def build_site(settings: Settings) -> Site:
    """Return the site of these settings without checking its keyring; raises ConfigurationError."""
    shares = Shares(settings.store_bytes, settings.store_files_percent, settings.store_unfinished_percent)
    return Site(settings, pinned_root(settings.root_pub), Store.open(settings.database, shares))


def open_site(settings: Settings, host: str = "127.0.0.1", say: Say = _unheard) -> Site:
    """Return a site that passed all checks; raises ConfigurationError. For the arguments see check_production."""
    anchor = pinned_root(settings.root_pub)
    is_production = wants_production() or not anchor.demo
    if is_production:
        check_production(settings, anchor, host, say)
    site = build_site(settings)
    try:
        rewrite.check(site.store)
        check_keyring(site.store, settings, anchor, site.utc_day())
        if is_production:
            check_surroundings(say)
    except ConfigurationError:
        site.store.close()
        raise
    for note in (*contact_notes(settings), *address_notes(settings)):
        say(note)
    return site
