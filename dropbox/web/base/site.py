"""Defines the one value that a running site consists of, made at the start and never changed; there are no globals."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dropbox.crypto.sealing import Decoys
from dropbox.form import form_file
from dropbox.form.model import Form
from dropbox.published.boards import LiveBoards
from dropbox.published.keyring import LiveKeyring
from dropbox.settings.installation import Settings
from dropbox.store.database import Store
from dropbox.store.upkeep import Upkeep
from dropbox.web.base.articles import Article, load
from dropbox.wire.calendar import Day, day_of
from dropbox.wire.keyring import RootAnchor


def _utc_now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


@dataclass(frozen=True)
class Site:
    """Settings, anchor, store, and the clock (a function, so that tests can turn it)."""

    settings: Settings
    anchor: RootAnchor
    store: Store
    clock: Callable[[], datetime.datetime] = _utc_now
    decoys: Decoys = field(default_factory=Decoys)
    keyring: LiveKeyring = field(init=False)
    boards: LiveBoards = field(init=False)
    upkeep: Upkeep = field(init=False)
    articles: Mapping[str, Article] = field(init=False)
    form: Form = field(init=False)  # what the report form asks besides what is required

    def __post_init__(self) -> None:
        object.__setattr__(self, "keyring", LiveKeyring(self.store, self.anchor))
        object.__setattr__(self, "boards", LiveBoards(self.store, self.anchor))
        object.__setattr__(self, "upkeep", Upkeep(self.store))
        object.__setattr__(self, "articles", load(self.settings.content, tuple(self.settings.contacts.items())))
        object.__setattr__(self, "form", form_file.load(self.settings.form_file))

    @property
    def instance(self) -> bytes:
        """The 16 bytes of the anchor."""
        return self.anchor.instance

    def today(self) -> datetime.date:
        """Return the date in the installation's time zone, which reporters read and records contain."""
        return self.settings.today(self.clock())

    def utc_day(self) -> Day:
        """Return the day number in UTC, which epochs and certificates use."""
        return day_of(self.clock().astimezone(datetime.UTC).date())

    def sent_day(self) -> Day:
        """Return the sending date as a day number."""
        return day_of(self.today())
