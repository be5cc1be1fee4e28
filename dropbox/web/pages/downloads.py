"""Serves what browsers download to seal and to read: the same bytes for all, so that a request reveals nothing.

Rule: nothing here looks at the request, or at what is held: what any list of it hides by padding, who adds uploads of
their own can measure. Browsers verify what they get from the pinned root.
"""

from collections.abc import Container

from flask import Flask, Response

from dropbox.limits import KEY_SLACK_DAYS
from dropbox.published.trust import ALL_DESKS
from dropbox.web.base.current import site
from dropbox.wire.bundle import pack_objects
from dropbox.wire.calendar import epoch_of
from dropbox.wire.fields import lp


def _bytes(data: bytes) -> Response:
    return Response(data, mimetype="application/octet-stream")


def _root() -> Response:
    return _bytes(site().anchor.encode())


def _current_keyring() -> Response:
    """FORMAT "Keyring file" with the keys of these days alone: a phone seals at once or not at all."""
    today = site().utc_day()
    days = range(today - KEY_SLACK_DAYS, today + KEY_SLACK_DAYS + 1)
    return _bytes(_keyring_file({epoch_of(day) for day in days}))


def _whole_keyring() -> Response:
    """FORMAT "Keyring file" with all keys, for whoever seals off-line in the weeks ahead."""
    return _bytes(_keyring_file())


def _keyring_file(epochs: Container[int] | None = None) -> bytes:
    """With the keys of these epochs (default: all), of the desks that verify: one bad bundle closes its desk alone."""
    here = site()
    revocations = here.store.published.get("revocations", ALL_DESKS)
    desks = here.keyring.keyring_file_desks(here.utc_day())
    bundles = (desk.keyed if epochs is None else desk.keyed.only(epochs) for desk in desks)
    return pack_objects(one.encode() for one in bundles) + lp(revocations.body if revocations else b"")


def _boards() -> Response:
    return _bytes(pack_objects(item.body for _, item in site().store.published.all("board")))


def _statistics() -> Response:
    """FORMAT "Statistics file": the page of statistics shows the same numbers, and here their signatures."""
    return _bytes(pack_objects(item.body for _, item in site().store.published.all("statistics")))


def register(app: Flask) -> None:
    """Add the routes of the five files."""
    app.add_url_rule("/data/root.pub", "data-root", _root)
    app.add_url_rule("/data/kunci", "data-keyring", _current_keyring)
    app.add_url_rule("/data/kunci-lengkap", "data-whole-keyring", _whole_keyring)
    app.add_url_rule("/data/papan", "data-boards", _boards)
    app.add_url_rule("/data/statistik", "data-statistics", _statistics)
