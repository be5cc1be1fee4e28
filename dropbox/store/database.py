"""Opens the store as one object, with blobs, receipts, published bundles and state.

Rule: a transaction is written whole or not at all.

Example::

    store = Store.open("sqlite:////var/lib/dropbox/store/db")
    store.blobs.put(info, data)
    with store.transaction() as tx:      # the courier's import
        store.published.put(tx, "board", "itjen", 7, body)
        store.receipts.record(tx, "itjen", sha256s, {"itjen", "irjen"})
"""

from contextlib import AbstractContextManager

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from dropbox.errors import ConfigurationError, StorageLostError
from dropbox.store import schema
from dropbox.store.blobs import Blobs
from dropbox.store.connections import Connections, open_engine, revision
from dropbox.store.marks import code_of
from dropbox.store.published import Shelf
from dropbox.store.receipts import Receipts
from dropbox.store.room import Room, Shares
from dropbox.store.state import State

__all__ = ["Store", "open_engine"]


class Store:
    """A database with the current schema. Thread-safe; after a fork open a new one.

    Attributes:
        blobs: what reporters sent, and unfinished uploads.
        receipts: what the desks have safely collected.
        published: the newest signed bundle of each kind and desk.
        state: small values by name.
        room: used and available bytes.
    """

    def __init__(self, engine: Engine, shares: Shares | None = None) -> None:
        """Take an engine of `open_engine` whose schema is known to be current."""
        self.connections = Connections(engine)
        self.room = Room(self.connections, shares or Shares())
        self.blobs = Blobs(self.connections, self.room)
        self.receipts = Receipts()
        self.published = Shelf(self.connections)
        self.state = State(self.connections)

    @classmethod
    def open(cls, url: str, shares: Shares | None = None, *, is_look: bool = False) -> "Store":
        """Open an existing store; never creates or changes one.

        Args:
            url: see `open_engine`.
            shares: bounds for files and uploads (default: shares of the whole disk).
            is_look: see `open_engine`; what would write then fails.

        Raises:
            ConfigurationError: there is no database, it has been moved, or its schema is not this program's.
        """
        if code := _why_unfit(revision(url, is_look=is_look)):
            raise ConfigurationError(code)
        engine = open_engine(url, is_look=is_look)
        event.listen(engine, "connect", _check)
        return cls(engine, shares)

    def close(self) -> None:
        """Close every connection."""
        self.connections.engine.dispose()

    def transaction(self) -> AbstractContextManager[Connection]:
        """Open one durable write transaction: everything or nothing; waits for a standby as long as it takes.

        Only `receipts.record` and `published.put` take part in it; the other methods have
        their own transactions and must not be called inside.
        """
        return self.connections.write(is_patient=True)


def _why_unfit(found: str | None) -> str | None:
    """Return the code of the error for the number of a database's migration; None for this program's."""
    if found is None:
        return "store.missing"
    if code := code_of(found):
        return code
    if found < schema.HEAD:
        return "store.older"
    return "store.newer" if found > schema.HEAD else None


def _check(session: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Refuse a new session with a database that was moved, upgraded or replaced since the store was opened.

    Such a copy needs a database without sessions, but a program that runs may have none just then. What it wrote later
    would be in the database that is to be destroyed.
    """
    try:
        cursor = session.cursor()
        cursor.execute(f"SELECT version_num FROM {schema.version.name}")  # noqa: S608  a constant
        found = cursor.fetchone()
        cursor.close()
        session.rollback()
    except BaseException:
        session.close()
        raise
    if code := _why_unfit(found and found[0]):
        session.close()
        raise StorageLostError(code)
