"""Prepares a statement: compiles its text once for each database, and then calls the driver directly.

Rule: the text comes from SQLAlchemy's compiler; values are bytes and integers, which both drivers accept. It is for the
statements that every request waits for: executing through SQLAlchemy costs more than SQLite's own work.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from sqlalchemy import Connection, CursorResult, Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ClauseElement

from dropbox.store.faults import fault_of


class Prepared:
    """A statement with named values."""

    def __init__(self, statement: ClauseElement) -> None:
        self._statement: Final = statement
        self._compiled: Final[dict[str, tuple[str, Sequence[str] | None]]] = {}  # by dialect: text, order of the values

    def run(self, tx: Connection, row: Mapping[str, object]) -> CursorResult[Any]:
        """Execute the statement for one row; raises the errors of `Connection.execute`."""
        return tx.exec_driver_sql(*self.bound(tx.dialect, row))

    def rows(self, tx: Connection, row: Mapping[str, object]) -> Sequence[Sequence[Any]]:
        """Execute the statement for one row, on SQLite past SQLAlchemy; returns what it yields.

        Raises:
            StorageFullError: the disk is full.
            StorageBusyError: others used the store for too long.
        """
        if tx.dialect.name != "sqlite":
            found = self.run(tx, row)
            return found.all() if found.returns_rows else ()
        driver = cast("sqlite3.Connection", tx.connection.driver_connection)
        try:
            return driver.execute(*self.bound(tx.dialect, row)).fetchall()
        except sqlite3.Error as error:
            raise fault_of(error) or error from None

    def bound(self, dialect: Dialect, row: Mapping[str, object]) -> tuple[str, Any]:
        """Return the statement's text and the values of `row`, as a dialect's driver takes them."""
        text, order = self._compiled.get(dialect.name) or self._compile(dialect)
        return text, dict(row) if order is None else tuple(row[name] for name in order)

    def _compile(self, dialect: Dialect) -> tuple[str, Sequence[str] | None]:
        compiled = cast("SQLCompiler", self._statement.compile(dialect=dialect))
        made = (compiled.string, compiled.positiontup if compiled.positional else None)
        self._compiled[dialect.name] = made
        return made
