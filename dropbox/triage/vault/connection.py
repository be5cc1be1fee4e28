"""The connection to vault.db, which can be stopped from another thread: the desk is locked whatever runs on it.

Rule: after `stop` no statement begins and the running one breaks off, so that a transaction rolls back whole; the one
who closes the vault lets it go on for its last line in the log.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

import sqlcipher3

from dropbox.errors import LockedError

_STEPS: Final = 10_000  # of a statement's program between two looks: well under a millisecond


class Connection(sqlcipher3.Connection):  # type: ignore[misc]
    """A connection that knows whether it was stopped."""

    _is_stopped = False
    is_rehearsing = False  # of vault.schema.rehearsal

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401  as sqlcipher3 takes them
        super().__init__(*arguments, **named)
        self._check_holder: Callable[[], None] = lambda: None
        # `interrupt` reaches only what runs already; a statement that was let in a moment before looks for itself.
        self.set_progress_handler(self._must_end, _STEPS)

    def stop(self) -> None:
        """Break off the statement that runs, and let no further one begin; from any thread, without waiting."""
        self._is_stopped = True
        self.interrupt()

    def go_on(self) -> None:
        """Take statements again."""
        self._is_stopped = False

    def watch(self, check: Callable[[], None]) -> None:
        """Stop by itself, for its own thread, as soon as a check of its holder raises LockedError."""
        self._check_holder = check

    def execute(self, sql: str, values: Any = (), /) -> Any:  # noqa: ANN401  sqlcipher3 has no types
        """A statement; raises LockedError after `stop`."""
        self._check()
        return super().execute(sql, values)

    def executemany(self, sql: str, rows: Iterable[Any], /) -> Any:  # noqa: ANN401  likewise
        """A statement for each row; raises LockedError after `stop`."""
        self._check()
        return super().executemany(sql, rows)

    def _must_end(self) -> bool:
        try:
            self._check_holder()
        except LockedError:
            return True
        return self._is_stopped

    def _check(self) -> None:
        if self._must_end():
            raise LockedError("vault.locked-meanwhile")
