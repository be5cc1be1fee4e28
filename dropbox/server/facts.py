"""Gathers what a look at a server needs: settings, keys, store, machine, running server, proxy.

Rule: it changes nothing. What cannot be looked at is a sentence that says why, in the place of the fact.
"""

import datetime
import os
import urllib.parse
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from dropbox.courier import exchange, state, survey, upkeep
from dropbox.errors import ConfigurationError, DropboxError, MalformedError, UntrustedError
from dropbox.published.ends import KeyEnds, key_ends
from dropbox.published.trust import pinned_root
from dropbox.sentences.catalogue import Sentence
from dropbox.server import carrying, entrances, proxy, running, site_manifest
from dropbox.server.finding import Result
from dropbox.server.nginx import Route
from dropbox.settings.installation import Settings
from dropbox.store import arrival_settings, rewrite
from dropbox.store.database import Store
from dropbox.store.room import Shares
from dropbox.store.upkeep import UpkeepDays, days_of
from dropbox.web.checks import machine, reach, startup
from dropbox.wire.calendar import Day, day_of
from dropbox.wire.keyring import RootAnchor


@dataclass(frozen=True)
class StoreFacts:
    """What the store says.

    Attributes:
        keeps_times: what PostgreSQL would keep, None if nothing.
        refusal: why the server would not start with these keys, None if it would.
        ends: last days of the keys.
        state: what the courier's survey says.
        export: day on which the newest collected export was written, None before the first.
        upkeep: days of the upkeep.
        is_file: whether it is a file of this machine.
        export_bytes: of an export that would be written now, about.
        has_standby: whether another PostgreSQL follows it.
    """

    keeps_times: Sentence | None
    refusal: Sentence | None
    ends: KeyEnds
    state: state.State
    export: int | None
    upkeep: UpkeepDays
    is_file: bool
    export_bytes: int
    has_standby: bool


@dataclass(frozen=True)
class Facts:
    """Everything that the checks judge.

    Attributes:
        settings: of the installation.
        now: the moment of the look, in UTC.
        root: the pinned root, or why it is of no use.
        store: what the store says; a finding's code and sentence if it cannot be used; a sentence without a root.
        open_files: what others may read or change.
        has_swap: None if the kernel does not say.
        is_clock_unset: likewise.
        running: see `running.look`.
        owner: number of the user who owns the database's file, None on PostgreSQL or without one.
        keys: the search for private keys near the server and on drives, or why there was none.
        homes: the same in homes, which a service does not see.
        carrying: gate and page of the couriers.
        entrances: the ways by which reporters reach the site.
        manifest: what is to say about the manifest by which outsiders verify the site.
        routes: places of the proxy that serve the site; None if no proxy is needed.
    """

    settings: Settings
    now: datetime.datetime
    root: RootAnchor | Sentence
    store: "StoreFacts | Unusable | Sentence"
    open_files: tuple[machine.Problem, ...]
    has_swap: bool | None
    is_clock_unset: bool | None
    running: running.Running | Sentence | None
    owner: int | None
    keys: reach.Search | Sentence
    homes: reach.Search | Sentence
    routes: list[Route] | Sentence | None
    carrying: carrying.Carrying
    entrances: entrances.Entrances
    manifest: tuple[Result, ...]

    @property
    def today(self) -> Day:
        """Today's day number, UTC."""
        return day_of(self.now.date())

    @property
    def night(self) -> int:
        """Today's day number in the installation's zone, where days begin at NIGHT_HOUR."""
        return self.settings.night(self.now)


@dataclass(frozen=True)
class Unusable:
    """A store that cannot be used: the code of the finding, and why."""

    code: str
    sentence: Sentence


def gather(settings: Settings, now: datetime.datetime, nginx: Path | None = None) -> Facts:
    """Look at a server; raises no error for what is wrong with it.

    Args:
        settings: of the installation.
        now: in UTC.
        nginx: the file with which the proxy starts (default: Debian's).
    """
    root = _root(settings)
    owner = _owner(settings)
    server = running.look(settings.health)
    return Facts(
        settings=settings,
        now=now,
        root=root,
        store=Sentence("unseen.no-root") if isinstance(root, Sentence) else _store(settings, root, now),
        open_files=tuple(machine.open_files(settings, _user(server, owner))),
        has_swap=machine.has_swap(),
        is_clock_unset=machine.clock_is_unset(),
        running=server,
        owner=owner,
        keys=_keys((*startup.near(settings), *startup.drives()), owner),
        homes=_keys(startup.homes(), owner),
        routes=_routes(settings, nginx),
        carrying=carrying.look(settings, _user(server, owner)),
        entrances=entrances.look(settings),
        manifest=site_manifest.look(settings, root),
    )


def _root(settings: Settings) -> RootAnchor | Sentence:
    try:
        return pinned_root(settings.root_pub)
    except ConfigurationError as error:
        return Sentence(error.code, **error.values)


def _owner(settings: Settings) -> int | None:
    file = machine.database_file(settings)
    try:
        return file.stat().st_uid if file else None
    except OSError:
        return None


def _user(server: running.Running | Sentence | None, owner: int | None) -> int:
    """Return as whom the server runs; if it does not say, the owner of its database."""
    if isinstance(server, running.Running):
        return server.user
    return os.geteuid() if owner is None else owner


def _keys(places: Iterable[Path], owner: int | None) -> reach.Search | Sentence:
    """Search as the server does at its start; another user reaches other folders than the server."""
    if owner is not None and os.geteuid() != owner:
        return Sentence("unseen.other-user")
    return reach.search(places)


def _routes(settings: Settings, nginx: Path | None) -> list[Route] | Sentence | None:
    host = urllib.parse.urlsplit(settings.address).hostname
    if host:
        return proxy.read_routes(nginx, host)
    return Sentence("unseen.no-address") if nginx or not settings.onion else None


def _store(settings: Settings, anchor: RootAnchor, now: datetime.datetime) -> StoreFacts | Unusable:
    shares = Shares(settings.store_bytes, settings.store_files_percent, settings.store_unfinished_percent)
    try:
        store = Store.open(settings.database, shares, is_look=True)
    except ConfigurationError as error:
        return Unusable("database-unusable", Sentence(error.code, **error.values))
    except (OSError, SQLAlchemyError) as error:
        return Unusable(
            "database-unreachable", Sentence("server-status.database-unreachable", kind=type(error).__name__)
        )
    try:
        return _read(store, settings, anchor, day_of(now.date()))
    except (DropboxError, OSError, SQLAlchemyError) as error:
        return Unusable(
            "database-unreachable", Sentence("server-status.database-unreachable", kind=type(error).__name__)
        )
    finally:
        store.close()


def _read(store: Store, settings: Settings, anchor: RootAnchor, today: Day) -> StoreFacts | Unusable:
    keeps_times = refusal = None
    try:
        rewrite.check(store)
    except ConfigurationError as error:
        keeps_times = Sentence(error.code, **error.values)
    try:
        startup.check_keyring(store, settings, anchor, today)
    except ConfigurationError as error:
        refusal = Sentence(error.code, **error.values)
    try:
        ends, surveyed = key_ends(store, anchor, today), survey.survey(store, anchor, settings, today)
    except (MalformedError, UntrustedError) as error:  # such keys say nothing about days
        return Unusable("keys-unusable", refusal or Sentence(error.code, **error.values))
    is_file = store.connections.path is not None
    return StoreFacts(
        keeps_times,
        refusal,
        ends,
        surveyed,
        upkeep.last_export(store),
        days_of(store),
        is_file=is_file,
        export_bytes=exchange.expected_bytes(store),
        has_standby=_has_standby(store),
    )


def _has_standby(store: Store) -> bool:
    if store.connections.path:
        return False
    with store.connections.read() as connection:
        return arrival_settings.has_standby(connection)
