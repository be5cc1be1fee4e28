"""Makes texts that hold nothing special."""

from rows.row import Row

ROWS = [Row("catatan.txt", lambda: b"Setoran bulanan kepada kepala seksi.\n", "text", found=("setoran",))]
