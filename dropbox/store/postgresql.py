"""Connects to PostgreSQL so that a commit is on the disks of its synchronous standbys, or fails.

Rule: who gives up the wait for a standby (an administrator, or this program after its limit) makes a commit that only
the primary has. PostgreSQL calls that a success with a warning; here it is a failure, and a retry is safe. PostgreSQL
waits for no standby at the end of a transaction that wrote nothing, so `await_standbys` writes: an answer about what is
stored already waits for all that was committed before it.
"""

import contextlib
import os
import socket
import threading
from collections.abc import Mapping
from typing import Any, Final, cast

import psycopg
from psycopg.errors import Diagnostic
from sqlalchemy import URL, Connection, Dialect, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from dropbox.errors import StorageLostError
from dropbox.limits import SQLITE_BUSY_MS, STANDBY_SECONDS

# Between machines nothing else ends a wait: both sides notice within a minute that the other one is gone, and what a
# machine without power held (a row, the whole store during a tidying) is free again.
_CONNECTION: Final = {  # libpq
    "connect_timeout": 10,  # seconds, for each server that the address names
    "keepalives_idle": 20,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 50_000,  # milliseconds
}
_SESSION: Final = {
    "synchronous_commit": "on",
    "client_min_messages": "warning",  # among them the one of `_WAITS`
    "lock_timeout": SQLITE_BUSY_MS,
    "idle_in_transaction_session_timeout": SQLITE_BUSY_MS,
    "client_connection_check_interval": 10_000,
    "tcp_keepalives_idle": 20,
    "tcp_keepalives_interval": 10,
    "tcp_keepalives_count": 3,
}
# True on a server that only follows another one: there the message would be an error without a meaning.
# Without standbys nothing is written. The message reaches nobody: nothing here decodes the journal.
_AWAIT: Final = (
    "SELECT CASE WHEN pg_is_in_recovery() THEN true WHEN current_setting('synchronous_standby_names') <> '' "
    "THEN pg_logical_emit_message(true, 'dropbox', '') IS NULL END"
)
_WAITS: Final = "SyncRepWaitForLSN"  # the function of PostgreSQL that warns; the warning's words depend on its language


class AwaitedConnection(psycopg.Connection[Any]):
    """A connection whose `commit` raises psycopg.OperationalError if a standby may lack what was committed.

    Attributes:
        is_patient: whether a commit waits for a standby without the limit of STANDBY_SECONDS.
    """

    is_patient = True

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401  those of psycopg
        super().__init__(*arguments, **options)
        self._is_given_up = False
        self.add_notice_handler(self._note)

    def commit(self) -> None:
        """Commit; raises psycopg.OperationalError, without a code, if a standby may lack it."""
        if self.is_patient:
            super().commit()
        else:
            self._commit_soon()
        if self._is_given_up:
            raise psycopg.OperationalError

    def _commit_soon(self) -> None:
        ended = threading.Event()
        limit = threading.Thread(target=self._end, args=(ended,), daemon=True)
        limit.start()
        try:
            super().commit()
        finally:
            ended.set()
            limit.join()

    def _end(self, ended: threading.Event) -> None:
        if ended.wait(STANDBY_SECONDS):
            return
        self._is_given_up = True  # also if the commit ends just now: the cancellation could meet the next statement
        with contextlib.suppress(psycopg.Error):  # a server that cannot be reached is noticed by the commit itself
            self.cancel_safe(timeout=STANDBY_SECONDS)
        if not ended.wait(STANDBY_SECONDS):  # its machine answers for it, and it does nothing: a disk that stands still
            with (
                contextlib.suppress(OSError, psycopg.Error),  # it ended just now
                socket.socket(fileno=os.dup(self.fileno())) as line,
            ):
                line.shutdown(socket.SHUT_RDWR)

    def _note(self, notice: Diagnostic) -> None:
        if notice.source_function == _WAITS:
            self._is_given_up = True


def open_engine(place: URL, pool: Mapping[str, Any], *, is_look: bool = False) -> Engine:
    """Return an engine for a PostgreSQL.

    Args:
        place: its address.
        pool: options of the pool of connections.
        is_look: whether only to read.
    """
    session = _SESSION | {"default_transaction_read_only": "on"} if is_look else _SESSION
    engine = create_engine(
        place,
        hide_parameters=True,
        isolation_level="READ COMMITTED",  # the statements of this package count on it
        **pool,
        pool_pre_ping=True,  # the server may have been restarted for an update
        connect_args=_CONNECTION | {"options": " ".join(f"-c {name}={value}" for name, value in session.items())},
    )
    event.listen(engine, "do_connect", _connect)
    return engine


def await_standbys(connection: Connection, *, is_patient: bool) -> None:
    """Let the end of the transaction of a connection wait for the standbys, whatever else it writes.

    Raises:
        StorageLostError: the server is only a standby, which acknowledges nothing; the connection is closed.
    """
    cast("AwaitedConnection", connection.connection.driver_connection).is_patient = is_patient
    if connection.exec_driver_sql(_AWAIT).scalar():
        connection.invalidate()  # the next attempt connects anew, perhaps to the server that writes
        raise StorageLostError("store.lost")


def _connect(_: Dialect, _entry: ConnectionPoolEntry, place: list[str], options: dict[str, Any]) -> AwaitedConnection:
    return AwaitedConnection.connect(*place, **options)
