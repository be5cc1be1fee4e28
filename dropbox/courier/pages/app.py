"""Puts the courier's page together.

Rule: a file that is handed in stays in memory until the gate has it.
"""

import io
from pathlib import Path
from typing import Any

from flask import Flask, g

from dropbox.courier.pages import carrying, downloading, entering, guard
from dropbox.courier.pages.view import EXTENSION, Place, error_page, refusal
from dropbox.disk.visible import visible
from dropbox.serving.pages import application
from dropbox.serving.pages.language import language
from dropbox.serving.pages.memory import MemoryRequest
from dropbox.wire.signed import shown_number


class _MovingFile(io.BytesIO):
    """A file in memory; each part of it that arrives is use of its sender's session."""

    def write(self, data: Any, /) -> int:  # noqa: ANN401  a class of Python 3.12
        """Add what has arrived."""
        g.use()
        return super().write(data)


class _Request(MemoryRequest):
    """A request to the courier's page."""

    file_class = _MovingFile


def create_app(place: Place) -> Flask:
    """The WSGI application of the courier's page."""
    app = application.make("courier", "dropbox.courier.pages", Path(__file__).parent, _Request)
    app.jinja_env.filters.update(visible=visible, number=shown_number, file_name=downloading.file_name)
    app.extensions[EXTENSION] = place
    guard.register(app)
    app.context_processor(lambda: {"lang": language(), "courier": g.get("courier"), "office": place.settings.office})
    for part in (entering, carrying, downloading):
        part.register(app)
    application.handle_errors(app, error_page, refusal)
    return app
