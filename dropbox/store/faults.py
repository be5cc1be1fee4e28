"""Translates database errors into the project's own, without values.

Rule: an error names what went wrong and never contains a value. SQLAlchemy hides the parameters of a statement
(`hide_parameters`), but PostgreSQL quotes the offending row in its own message (DETAIL: Key (id)=(…) already exists):
its class and code replace that message before it can be logged. SQLite's messages contain column names only.
"""

import sqlite3
from typing import Final

from sqlalchemy.engine import ExceptionContext

from dropbox.errors import StorageBusyError, StorageFullError, StorageLostError

# No room for the data or the journal; no room for the journal's index.
_SQLITE_FULL: Final = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE})
_SQLITE_BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})  # of the low byte: primary codes
_POSTGRESQL_FULL: Final = "53100"
_POSTGRESQL_BUSY: Final = frozenset({"55P03", "40P01"})  # lock not available, deadlock
# It stops, has crashed or starts; too many connections; a transaction without a sign of life; it is only a standby now.
_POSTGRESQL_LOST: Final = frozenset({"57P01", "57P02", "57P03", "53300", "25P03", "25006"})
_POSTGRESQL_CONNECTION: Final = "08"  # class of errors of the connection itself


def translate(context: ExceptionContext) -> StorageFullError | StorageBusyError | None:
    """Translate an error, as the `handle_error` listener of every engine.

    Returns:
        The error to raise in place of the driver's, when the disk is full or others used the store
        for too long, or the database is lost (its connection is then closed); None keeps SQLAlchemy's own error,
        without values.
    """
    fault = context.original_exception
    code = getattr(fault, "sqlstate", None)  # None on SQLite, and while connecting
    if code is not None:
        text = f"{type(fault).__name__} (SQLSTATE {code})"
        fault.args = (text,)
        if context.sqlalchemy_exception is not None:
            context.sqlalchemy_exception.args = (text,)
    if context.is_pre_ping:  # a pooled connection that ended while nobody used it: the pool makes another
        return None
    found = fault_of(fault)
    if isinstance(found, StorageLostError):
        context.is_disconnect = (
            True  # the next attempt connects anew, where addresses name several, to the one that writes
        )
    return found


def fault_of(fault: BaseException) -> StorageFullError | StorageBusyError | None:
    """Return the project's own error for a driver's; None when it has none."""
    code, sqlite_code = getattr(fault, "sqlstate", None), getattr(fault, "sqlite_errorcode", None)
    if code in _POSTGRESQL_BUSY or (sqlite_code is not None and sqlite_code & 0xFF in _SQLITE_BUSY):
        return StorageBusyError("store.busy")
    if code == _POSTGRESQL_FULL or sqlite_code in _SQLITE_FULL:
        return StorageFullError("store.disk-full")
    if code in _POSTGRESQL_LOST or (code or "").startswith(_POSTGRESQL_CONNECTION) or _is_broken(fault, code):
        return StorageLostError("store.lost")
    return None


def _is_broken(fault: BaseException, code: str | None) -> bool:
    """Return whether psycopg found no server, or no connection any more: such an error has no code of the server."""
    return code is None and hasattr(fault, "sqlstate") and type(fault).__name__ == "OperationalError"
