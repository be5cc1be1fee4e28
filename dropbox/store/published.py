"""Stores the newest signed body of each kind and desk.

Rule: a number never decreases and never gets a second text. Signatures are verified before, not here.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_skip  # SQLite's compiler takes its ON CONFLICT too

from dropbox.errors import RefusedError
from dropbox.store.connections import Connections
from dropbox.store.schema import published
from dropbox.store.statements import Prepared


@dataclass(frozen=True)
class Published:
    """A signed body and its number."""

    number: int
    body: bytes


_HERE = (published.c.kind == bindparam("of_kind"), published.c.desk == bindparam("of_desk"))
_GET = select(published.c.number, published.c.body).where(*_HERE)
_GET_LOCKED = _GET.with_for_update()  # PostgreSQL; a writer on SQLite is alone anyway
_ALL = select(published.c.desk, published.c.number, published.c.body).where(published.c.kind == bindparam("of_kind"))
_NUMBERS = Prepared(select(published.c.kind, published.c.desk, published.c.number))
_ADD = insert_or_skip(published).on_conflict_do_nothing().returning(published.c.number)
_REPLACE = update(published).where(*_HERE)


class Shelf:
    """The newest body of every kind and desk."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def get(self, kind: str, desk: str) -> Published | None:
        """Return the newest body, or None."""
        with self._connections.read() as connection:
            row = connection.execute(_GET, {"of_kind": kind, "of_desk": desk}).first()
        return None if row is None else Published(row.number, row.body)

    def all(self, kind: str) -> list[tuple[str, Published]]:
        """Return the newest body of each desk, sorted by desk name."""
        with self._connections.read() as connection:
            rows = connection.execute(_ALL, {"of_kind": kind}).all()
        # Sorted here: PostgreSQL would sort by its locale.
        return sorted(((row.desk, Published(row.number, row.body)) for row in rows), key=lambda pair: pair[0])

    def numbers(self) -> dict[tuple[str, str], int]:
        """Return the newest number by (kind, desk): shows whether anything is new without reading a body."""
        return {(kind, desk): number for kind, desk, number in self._connections.rows(_NUMBERS, {})}

    def put(self, tx: Connection, kind: str, desk: str, number: int, body: bytes) -> bool:
        """Publish a body.

        Args:
            tx: a transaction of `Store.transaction`; let an error end it, so that everything is rolled back.
            kind: kind of body (board, keys, …).
            desk: name of the desk.
            number: its number in the desk's series.
            body: the signed bytes.

        Returns:
            True when it is new, False when it was stored before.

        Raises:
            RefusedError: a newer one is stored (roll-back), or another one with the same number.
        """
        row = {"kind": kind, "desk": desk, "number": number, "body": body}
        if tx.execute(_ADD, row).first() is not None:
            return True
        here = tx.execute(_GET_LOCKED, {"of_kind": kind, "of_desk": desk}).one()
        if number < here.number:
            raise RefusedError("store.outdated")
        if number == here.number:
            if body != here.body:
                raise RefusedError("store.same-number")
            return False
        tx.execute(_REPLACE, {"of_kind": kind, "of_desk": desk, "number": number, "body": body})
        return True
