"""Shows the policies on duty, reward, sanctions and protection.

Rule: a policy that the inspectorate has not confirmed is marked; the page lists all that has to be confirmed.
"""

from flask import Flask
from werkzeug.wrappers import Response

from dropbox.triage.oversight import policies
from dropbox.triage.oversight.unconfirmed import unconfirmed
from dropbox.triage.ui.view import page, settings


def _show() -> Response:
    return page(
        "policies.html", here="policies", policies=policies.load(settings()), open_points=unconfirmed(settings())
    )


def register(app: Flask) -> None:
    """Add the route of the page."""
    app.add_url_rule("/kebijakan", "policies", _show)
