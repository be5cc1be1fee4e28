"""Knows the settings of PostgreSQL that would keep times of arrival, in a log, in the journal or in files next to it.

Rule: a setting that this PostgreSQL does not have keeps nothing. `log_checkpoints` is one, although it is on in a
new server: where little happens, a line each five minutes says whether something came, for as long as logs are kept.
A standby's own settings are not seen here.
"""

from typing import Final

from sqlalchemy import Connection, bindparam, text

# By name: the values, as pg_settings has them, that keep nothing; the first one is what to set.
_TIMELESS: Final = {
    # The journal.
    "archive_mode": ("off",),
    "summarize_wal": ("off",),
    "track_commit_timestamp": ("off",),
    "wal_keep_size": ("0",),
    "wal_level": ("replica", "minimal"),  # "logical" hands each row to others with the time of its commit
    # The log, with a line for a statement, a transaction, a wait, a connection or what each leads to.
    "debug_print_parse": ("off",),
    "debug_print_plan": ("off",),
    "debug_print_rewritten": ("off",),
    "log_autovacuum_min_duration": ("-1", "600000"),  # of ten minutes, the value when installed: seldom, and at its end
    "log_checkpoints": ("off",),
    "log_connections": ("off", ""),
    "log_disconnections": ("off",),
    "log_duration": ("off",),
    "log_executor_stats": ("off",),
    "log_lock_waits": ("off",),
    "log_min_duration_sample": ("-1",),
    "log_min_duration_statement": ("-1",),
    "log_min_messages": ("warning", "info", "notice", "error", "log", "fatal", "panic"),  # not "debug"
    "log_parser_stats": ("off",),
    "log_planner_stats": ("off",),
    "log_statement": ("none", "ddl"),
    "log_statement_stats": ("off",),
    "log_transaction_sample_rate": ("0",),
    # Modules that log statements.
    "auto_explain.log_min_duration": ("-1",),
    "pgaudit.log": ("none",),
}
_SET: Final = text("SELECT name, setting FROM pg_settings WHERE name IN :names").bindparams(
    bindparam("names", expanding=True)
)
_SLOT_KEEPS: Final = text(
    "SELECT current_setting('max_slot_wal_keep_size') = '-1' AND EXISTS (SELECT FROM pg_replication_slots)"
)
_HAS_STANDBY: Final = text(
    "SELECT current_setting('synchronous_standby_names') <> '' OR EXISTS (SELECT FROM pg_stat_replication)"
    " OR EXISTS (SELECT FROM pg_replication_slots)"
)


def has_standby(connection: Connection) -> bool:
    """Return whether another server follows this PostgreSQL, or is expected to."""
    return bool(connection.execute(_HAS_STANDBY).scalar())


def to_set(connection: Connection) -> list[str]:
    """Return what must be set so that PostgreSQL keeps no times of arrival (`name = value`), sorted by name."""
    rows = connection.execute(_SET, {"names": [*_TIMELESS]})
    wrong = [f"{name} = {_TIMELESS[name][0]}" for name, value in rows if value not in _TIMELESS[name]]
    if connection.execute(_SLOT_KEEPS).scalar():
        wrong.append("max_slot_wal_keep_size = 64MB")
    return sorted(wrong)
