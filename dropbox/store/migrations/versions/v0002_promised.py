"""Adds the blob that an upload will become to its row: a browser declares it once and then sends for hours.

The columns are empty for uploads without JavaScript.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add three columns to `upload`."""
    op.add_column("upload", sa.Column("wanted", sa.BigInteger))
    op.add_column("upload", sa.Column("blob", sa.LargeBinary(32)))
    op.add_column("upload", sa.Column("digest", sa.LargeBinary(32)))
