"""Creates the first schema: uploads, chunks, blobs, receipts, published bodies, state.

Rule: no table has a row id on SQLite, because it would count arrivals.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create all tables."""
    op.create_table(
        "upload",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("bucket", sa.Integer, nullable=False),
        sa.Column("length", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "chunk",
        sa.Column("upload", sa.LargeBinary(16), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "blob",
        sa.Column("id", sa.LargeBinary(32), primary_key=True),
        sa.Column("upload", sa.LargeBinary(16), nullable=False, unique=True),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("length", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.LargeBinary(32), nullable=False, unique=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "receipt",
        sa.Column("sha256", sa.LargeBinary(32), primary_key=True),
        sa.Column("desk", sa.Text, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "published",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("desk", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "state",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
