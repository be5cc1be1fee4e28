"""Cuts the bytes of uploads into rows.

Rule: the rows depend on the length only, not on how the bytes arrived. Every row but the last of an upload holds
STORE_CHUNK_BYTES, so a broken connection or an upload without JavaScript leaves no trace in the layout of a blob.
"""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, select

from dropbox.errors import DamagedError, NotFoundError
from dropbox.limits import STORE_CHUNK_BYTES
from dropbox.store.connections import Connections
from dropbox.store.schema import chunk
from dropbox.store.statements import Prepared

_ROW: Final = (chunk.c.upload == bindparam("address"), chunk.c.seq == bindparam("number"))
_ADD: Final = Prepared(insert(chunk))
_GET: Final = select(chunk.c.data).where(*_ROW)
_DROP: Final = delete(chunk).where(*_ROW)
_DROP_ALL: Final = delete(chunk).where(chunk.c.upload == bindparam("address"))


def extend(tx: Connection, address: bytes, length: int, data: bytes) -> None:
    """Add `data` after the first `length` bytes of an upload.

    Args:
        tx: the running transaction.
        address: of the upload, 16 bytes.
        length: bytes that it has so far.
        data: the next bytes.
    """
    number, begun = divmod(length, STORE_CHUNK_BYTES)
    if begun:
        row = {"address": address, "number": number}
        data = tx.execute(_GET, row).scalar_one() + data
        tx.execute(_DROP, row)
    for seq, start in enumerate(range(0, len(data), STORE_CHUNK_BYTES), number):
        _ADD.rows(tx, {"upload": address, "seq": seq, "data": data[start : start + STORE_CHUNK_BYTES]})


def drop(tx: Connection, address: bytes) -> None:
    """Delete all rows of an upload."""
    tx.execute(_DROP_ALL, {"address": address})


def stream(connections: Connections, address: bytes, length: int) -> Iterator[bytes]:
    """Yield the rows of an upload in order, with a short query for each.

    Raises:
        NotFoundError: a row is missing: the upload or blob was deleted meanwhile.
        DamagedError: the rows do not add up to `length`.
    """
    number = offset = 0
    while offset < length:
        with connections.read() as connection:
            data: bytes | None = connection.execute(_GET, {"address": address, "number": number}).scalar()
        if data is None:
            raise NotFoundError("store.deleted-meanwhile")
        number, offset = number + 1, offset + len(data)
        yield data
    if offset != length:
        raise DamagedError("store.pieces")
