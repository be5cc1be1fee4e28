"""Refuses to serve what would endanger reporters; each refusal says in a sentence what to do.

Rule: with a real root, or with DROPBOX_ENV=production, everything here must pass; a demo runs only when nobody asked
for production.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from dropbox.errors import ConfigurationError
from dropbox.settings import Settings
from dropbox.store import rewrite
from dropbox.store.database import Store
from dropbox.store.room import Shares
from dropbox.trust import pinned_root
from dropbox.web.keyring import LiveKeyring
from dropbox.web.site import Site
from dropbox.wire.keyring import PRIVATE_FILE_LINE, RootAnchor

_ENVIRONMENTS: Final = ("", "development", "production")
_SKIPPED_FOLDERS: Final = frozenset({".git", ".venv", "node_modules", "__pycache__", ".mypy_cache", ".ruff_cache"})
_DEPTH_MAX: Final = 6


def wants_production() -> bool:
    """Whether DROPBOX_ENV asks for production; raises ConfigurationError for a word that is neither."""
    value = os.environ.get("DROPBOX_ENV", "")
    if value not in _ENVIRONMENTS:
        raise ConfigurationError("DROPBOX_ENV is neither production nor development; set it to one of them")
    return value == "production"


def private_files_in(folders: Iterator[Path]) -> Iterator[Path]:
    """Private key files in the folders, by their first line."""
    for folder in folders:
        top = folder.resolve()
        if top == Path(top.anchor):  # a service that was started in / has not the whole machine in its reach
            continue
        for place, subfolders, files in os.walk(top):
            here = Path(place)
            deep = len(here.relative_to(top).parts) >= _DEPTH_MAX
            subfolders[:] = [] if deep else [name for name in subfolders if name not in _SKIPPED_FOLDERS]
            for name in files:
                if _is_private(here / name):
                    yield here / name


def _is_private(path: Path) -> bool:
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(len(PRIVATE_FILE_LINE)) == PRIVATE_FILE_LINE
    except OSError:
        return False  # what we cannot read is not in our reach


def _reach(settings: Settings) -> Iterator[Path]:
    yield Path.cwd()
    yield settings.root_pub.parent
    prefix = "sqlite:///"
    if settings.database.startswith(prefix):
        yield Path(settings.database.removeprefix(prefix)).parent
    project = Path(__file__).parents[2]
    if (project / "keys").is_dir():
        yield project


def check_production(settings: Settings, anchor: RootAnchor) -> None:
    """What must hold before reporters trust a site with their words; raises ConfigurationError."""
    if anchor.demo:
        raise ConfigurationError(
            "the root key is a demo: DROPBOX_ENV=production needs root.pub from a real key ceremony (keys/README.md)"
        )
    found = next(private_files_in(_reach(settings)), None)
    if found:
        raise ConfigurationError(
            f"a private key lies in reach of the server ({found}): move it to the off-line machine, delete it here, "
            "and treat it as seen by others"
        )


def check_keyring(store: Store, settings: Settings, anchor: RootAnchor, today: int) -> None:
    """A verified keyring that can be addressed today; raises ConfigurationError."""
    if today > anchor.last:
        raise ConfigurationError("the root key has expired: hold a new key ceremony (keys/README.md)")
    published = store.published.all("keys")
    if not published:
        raise ConfigurationError(
            "there is no keyring yet: publish at the workstation, then run dropbox courier import FILE here"
        )
    keyring = LiveKeyring(store, anchor).get(today)
    missing = {desk for desk, _ in published} - set(keyring.names())
    if missing:
        raise ConfigurationError(
            f"the keys of {', '.join(sorted(missing))} are not signed under this root.pub: import a return made "
            "under it, or put the right root.pub in place"
        )
    unknown = set(keyring.names()) - set(settings.desks)
    if unknown:
        raise ConfigurationError(f"the settings have no section desks.{min(unknown)}: say how that desk is called")
    closed = set(keyring.names()) - set(keyring.open_desks(today))
    if closed:
        raise ConfigurationError(
            f"the keys of {', '.join(sorted(closed))} have expired: renew the certificate, publish at the workstation, "
            "then run dropbox courier import FILE here"
        )


def build_site(settings: Settings) -> Site:
    """A site of these settings, whatever its keyring; raises ConfigurationError."""
    shares = Shares(settings.store_bytes, settings.store_files_percent, settings.store_unfinished_percent)
    return Site(settings, pinned_root(settings.root_pub), Store.open(settings.database, shares))


def open_site(settings: Settings) -> Site:
    """A site that may run; raises ConfigurationError."""
    anchor = pinned_root(settings.root_pub)
    if wants_production() or not anchor.demo:
        check_production(settings, anchor)
    site = build_site(settings)
    try:
        rewrite.check(site.store)
        check_keyring(site.store, settings, anchor, site.utc_day())
    except ConfigurationError:
        site.store.close()
        raise
    return site
