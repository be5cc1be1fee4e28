"""Stores small values by name.

Rule: the database decides whatever two processes must agree on. Numbers are 8 bytes, big-endian, so that the order of
bytes is the order of numbers on both databases.
"""

from typing import Final

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_skip  # SQLite's compiler takes its ON CONFLICT too

from dropbox.store.connections import Connections
from dropbox.store.schema import state
from dropbox.store.statements import Prepared

_NUMBER_BYTES: Final = 8

_ADD = insert_or_skip(state).on_conflict_do_nothing()
_BY_NAME = state.c.name == bindparam("by_name")
_GET = select(state.c.value).where(_BY_NAME)
_READ = Prepared(_GET)
_GET_LOCKED = _GET.with_for_update()  # PostgreSQL; a writer on SQLite is alone anyway
_SET = update(state).where(_BY_NAME)
_SWAP = _SET.where(state.c.value == bindparam("old"))
_DELETE = delete(state).where(_BY_NAME)
_NAMES = select(state.c.name)

_upsert = insert_or_skip(state)
_PUT = _upsert.on_conflict_do_update(index_elements=["name"], set_={"value": _upsert.excluded.value})
_RAISE = _upsert.on_conflict_do_update(
    index_elements=["name"],
    set_={"value": _upsert.excluded.value},
    where=state.c.value < _upsert.excluded.value,
).returning(state.c.name)


class State:
    """Named values, a few bytes each."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def get(self, name: str) -> bytes | None:
        """Return the value, or None."""
        return next((value for (value,) in self._connections.rows(_READ, {"by_name": name})), None)

    def put(self, name: str, value: bytes, *, is_patient: bool = False) -> None:
        """Set the value; `is_patient`: see `Connections.write`."""
        with self._connections.write(is_patient=is_patient) as tx:
            tx.execute(_PUT, {"name": name, "value": value})

    def setdefault(self, name: str, value: bytes) -> bytes:
        """Set the value unless there is one; returns the value that is now stored."""
        held = self.get(name)
        if held is not None:
            self._connections.confirm()  # what the primary alone has may be another value after a failover
            return held
        with self._connections.write() as tx:
            tx.execute(_ADD, {"name": name, "value": value})
            winner: bytes = tx.execute(_GET, {"by_name": name}).scalar_one()
        return winner

    def swap(self, name: str, old: bytes | None, new: bytes) -> bytes:
        """Set the value if it still is `old` (None: if there is none); returns the value that is now stored."""
        with self._connections.write() as tx:
            if old is None:
                tx.execute(_ADD, {"name": name, "value": new})
            else:
                tx.execute(_SWAP, {"by_name": name, "old": old, "value": new})
            winner: bytes = tx.execute(_GET, {"by_name": name}).scalar_one()
        return winner

    def delete(self, name: str) -> None:
        """Delete the value; does nothing when there is none."""
        with self._connections.write() as tx:
            tx.execute(_DELETE, {"by_name": name})

    def names(self, prefix: str) -> list[str]:
        """Return the names that begin with `prefix`, sorted."""
        with self._connections.read() as connection:
            # Compared here: LIKE ignores case on SQLite, and the two databases sort differently.
            return sorted(name for name in connection.execute(_NAMES).scalars() if name.startswith(prefix))

    def next_number(self, name: str, above: int = 0) -> int:
        """Return the next number of a series, at least `above` + 1; no two callers get the same."""
        with self._connections.write() as tx:
            tx.execute(_ADD, {"name": name, "value": _number(0)})
            number = int.from_bytes(tx.execute(_GET_LOCKED, {"by_name": name}).scalar_one())
            number = max(number, above) + 1
            tx.execute(_SET, {"by_name": name, "value": _number(number)})
        return number

    def claim_day(self, name: str, day: int) -> bool:
        """Return whether the caller does the day's work: True for exactly one caller per day.

        Days only increase: after a day, an earlier one can no longer be claimed.

        Args:
            name: name of the work.
            day: days since 1970.
        """
        with self._connections.write() as tx:
            return tx.execute(_RAISE, {"name": name, "value": _number(day)}).first() is not None


def _number(value: int) -> bytes:
    return value.to_bytes(_NUMBER_BYTES)
