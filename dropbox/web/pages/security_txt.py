"""Serves /.well-known/security.txt (RFC 9116): where to report a weakness of this installation.

Rule: without a contact that the settings name, or after its last day, there is no such file: an address that nobody
reads is worse than none.
"""

import datetime

from flask import Flask, Response, abort

from dropbox.web.base.current import site


def _show() -> Response:
    settings = site().settings
    if settings.security_until is None or site().today() > settings.security_until:
        return abort(404)
    expires = settings.security_until + datetime.timedelta(days=1)
    lines = [f"Contact: {settings.security_contact}", f"Expires: {expires.isoformat()}T00:00:00Z"]
    lines.append("Preferred-Languages: id, en")
    if settings.address:
        lines.append(f"Canonical: {settings.address}/.well-known/security.txt")
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


def register(app: Flask) -> None:
    """Add the file's route."""
    app.add_url_rule("/.well-known/security.txt", "security-txt", _show)
