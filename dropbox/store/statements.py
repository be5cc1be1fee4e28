"""Prepares a statement: compiles its text once for each database, and then calls the driver directly.

Rule: the text comes from SQLAlchemy's compiler; values are bytes and integers, which both drivers accept. It is for the
inserts that every report waits for: executing through SQLAlchemy costs more than SQLite's own work.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from sqlalchemy import Connection, CursorResult, Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ClauseElement


class Prepared:
    """A statement with named values."""

    def __init__(self, statement: ClauseElement) -> None:
        self._statement: Final = statement
        self._compiled: Final[dict[str, tuple[str, Sequence[str] | None]]] = {}  # by dialect: text, order of the values

    def run(self, tx: Connection, row: Mapping[str, object]) -> CursorResult[Any]:
        """Execute the statement for one row; raises the errors of `Connection.execute`."""
        text, order = self._compiled.get(tx.dialect.name) or self._compile(tx.dialect)
        return tx.exec_driver_sql(text, dict(row) if order is None else tuple(row[name] for name in order))

    def _compile(self, dialect: Dialect) -> tuple[str, Sequence[str] | None]:
        compiled = cast("SQLCompiler", self._statement.compile(dialect=dialect))
        made = (compiled.string, compiled.positiontup if compiled.positional else None)
        self._compiled[dialect.name] = made
        return made
