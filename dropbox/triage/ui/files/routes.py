"""Adds the routes of a file: its page, its pictures and its export, and of what a case shows of its files.

Rule: each address below /kasus/N/berkas/M names its view here.
"""

from typing import Any

from flask import Flask

from dropbox.triage.ui.files import copies, page, recordings, redaction, words


def register(app: Flask) -> None:
    """Add the routes."""
    rules: tuple[tuple[str, str, Any, str], ...] = (
        ("", "file", page.show, "GET"),
        ("/halaman/<int:one>.png", "file-page", page.png, "GET"),
        ("/keadaan", "file-state", page.state, "GET"),
        ("/kecil.png", "file-small", page.small, "GET"),
        ("/lagi", "file-again", page.again, "POST"),
        ("/tulisan", "file-words", words.read, "POST"),
        ("/salinan", "file-export", copies.cleaned, "POST"),
        ("/asli", "file-original", copies.original, "POST"),
    )
    for path, name, view, method in rules:
        app.add_url_rule(f"/kasus/<int:number>/berkas/<int:message>{path}", name, view, methods=[method])
    redaction.register(app)
    recordings.register(app)
    app.add_url_rule("/kasus/<int:number>/banding", "compare", page.compare)
    app.add_url_rule("/kasus/<int:number>/kecil", "small-states", page.small_states)
    app.before_request(page.let_go)
