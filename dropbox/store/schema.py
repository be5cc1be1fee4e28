"""Defines the tables of the store.

Rule: no table reveals when something arrived: no time, no counter, no row id; every key is random or fixed.

On SQLite each table is WITHOUT ROWID, because a row id counts arrivals. The only value close to a
clock is `upload.bucket`, the 6-hour bucket in which an unfinished upload expires.
`upload.blob`, `digest` and `wanted` describe the blob that a browser's upload will become.
Migrations repeat these definitions on purpose: a migration never changes after its release.
"""

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text, text

HEAD: Final = "0003"  # the migration that this program expects; tests hold it to migrations/versions

metadata: Final = MetaData()

upload: Final = Table(
    "upload",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("bucket", Integer, nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("wanted", BigInteger),
    Column("blob", LargeBinary(32)),
    Column("digest", LargeBinary(32)),
    sqlite_with_rowid=False,
)

# `upload` is the random address under which the bytes arrived. It never changes, so that
# completing an upload of 512 MiB moves no byte.
chunk: Final = Table(
    "chunk",
    metadata,
    Column("upload", LargeBinary(16), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

blob: Final = Table(
    "blob",
    metadata,
    Column("id", LargeBinary(32), primary_key=True),
    Column("upload", LargeBinary(16), nullable=False, unique=True),
    Column("digest", LargeBinary(32), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("sha256", LargeBinary(32), nullable=False, unique=True),
    sqlite_with_rowid=False,
)

# The total size of large blobs is summed from this index only, without reading the other blobs.
LARGE: Final = text("length >= 262144")  # STORE_FILES_BYTES; the index is used where a question repeats it literally
Index("blob_large", blob.c.length, sqlite_where=LARGE, postgresql_where=LARGE)

receipt: Final = Table(
    "receipt",
    metadata,
    Column("sha256", LargeBinary(32), primary_key=True),
    Column("desk", Text, primary_key=True),
    sqlite_with_rowid=False,
)

published: Final = Table(
    "published",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("desk", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

state: Final = Table(
    "state",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# Alembic would make this table itself, with a row id; it accepts one that is there already.
version: Final = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), primary_key=True),
    sqlite_with_rowid=False,
)
