"""The front door of the store: one object, four shelves, and transactions that are all or nothing.

Example::

    store = Store.open("sqlite:////var/lib/dropbox/store/db")
    store.blobs.put(info, data)
    with store.transaction() as tx:      # the courier's import
        store.published.put(tx, "board", "itjen", 7, body)
        store.receipts.record(tx, "itjen", sha256s, {"itjen", "irjen"})
"""

from contextlib import AbstractContextManager

from sqlalchemy import Connection, Engine

from dropbox.errors import ConfigurationError
from dropbox.store import schema
from dropbox.store.blobs import Blobs
from dropbox.store.connections import Connections, open_engine, revision
from dropbox.store.published import Shelf
from dropbox.store.receipts import Receipts
from dropbox.store.room import Room, Shares
from dropbox.store.state import State

__all__ = ["Store", "open_engine"]


class Store:
    """A database at the present schema. Safe for threads; after a fork open a new one.

    Attributes:
        blobs: what reporters sent, and uploads under way.
        receipts: what the desks have safely collected.
        published: the newest signed bundle of each kind and desk.
        state: small values by name.
        room: what is used, and what may be.
    """

    def __init__(self, engine: Engine, shares: Shares | None = None) -> None:
        """Take an engine of `open_engine` whose schema is known to be right."""
        self.connections = Connections(engine)
        self.room = Room(self.connections, shares or Shares())
        self.blobs = Blobs(self.connections, self.room)
        self.receipts = Receipts()
        self.published = Shelf(self.connections)
        self.state = State(self.connections)

    @classmethod
    def open(cls, url: str, shares: Shares | None = None) -> "Store":
        """Open an existing store; never creates or changes one.

        Args:
            url: see `open_engine`.
            shares: who may take how much (default: shares of the whole disk).

        Raises:
            ConfigurationError: there is no database, or not at the schema of this program.
        """
        found = revision(url)
        if found is None:
            raise ConfigurationError("There is no store yet: run `dropbox store upgrade`.")
        if found < schema.HEAD:
            raise ConfigurationError("The store is of an older version: run `dropbox store upgrade`.")
        if found > schema.HEAD:
            raise ConfigurationError("The store is of a newer version than this program: install the newer version.")
        return cls(open_engine(url), shares)

    def close(self) -> None:
        """Close every connection."""
        self.connections.engine.dispose()

    def transaction(self) -> AbstractContextManager[Connection]:
        """One durable write transaction: everything or nothing.

        Only `receipts.record` and `published.put` take part in it; the others have
        transactions of their own and must not be called inside.
        """
        return self.connections.write()
