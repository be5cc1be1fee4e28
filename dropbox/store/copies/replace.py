"""Puts all rows of one open database into another, in place of all that it holds, and compares them.

Rule: nothing is committed here: a copy that differs from its source leaves no trace.
"""

from sqlalchemy import Connection

from dropbox.errors import DamagedError
from dropbox.store import migrate, schema
from dropbox.store.copies.rows import Contents, copy, read_all, tables_of


def replace(source: Connection, target: Connection, number: str) -> Contents:
    """Replace what the target holds by the rows of the source, at the migration `number`; returns what it holds now.

    Raises:
        DamagedError: what was written differs from what was read.
        ConfigurationError: the target holds tables of something else.
    """
    for table in tables_of(target):
        table.drop(target)
    schema.version.drop(target, checkfirst=True)
    migrate.bring(target, number)
    sums = copy(source, target)
    found = read_all(target)
    if found.sums != sums:
        raise DamagedError("store.copy-differs")
    return found
