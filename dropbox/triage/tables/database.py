"""What the tables need of a connection to vault.db.

Rule: a value reaches SQLite as a named parameter only; a statement is put together from constants of this package.
"""

import json
from collections.abc import Iterable
from typing import Any, Protocol


class Database(Protocol):
    """An open connection (triage.vault.connection); sqlcipher3 has no types, so that rows are of any type."""

    def execute(self, sql: str, values: Any = (), /) -> Any:  # noqa: ANN401
        """Run a statement; raises LockedError when the vault was locked meanwhile."""

    def executemany(self, sql: str, rows: Iterable[Any], /) -> Any:  # noqa: ANN401
        """Run a statement once for each row; raises LockedError when the vault was locked meanwhile."""


def listed(values: Iterable[int | str]) -> str:
    """Return values as the JSON text of a parameter of `in (select value from json_each(:name))`."""
    return json.dumps(list(values))
