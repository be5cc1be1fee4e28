"""Keeps what is handed in out of temporary files.

Rule: an upload is in memory from its first byte; werkzeug alone would write a larger one to a disk.
"""

import io
from typing import IO

from flask import Request


class MemoryRequest(Request):
    """A request whose uploads never become temporary files."""

    file_class: type[io.BytesIO] = io.BytesIO  # in which an upload is gathered

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002  werkzeug's signature
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        return self.file_class()
