"""Adds an index for the total size of large blobs, read at each upload: files must not fill the room of texts."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add an index of the lengths of large blobs only."""
    large = sa.text("length >= 262144")
    op.create_index("blob_large", "blob", ["length"], sqlite_where=large, postgresql_where=large)
