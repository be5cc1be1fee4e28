"""What every browser downloads to seal and to read: the same bytes for all, so that nobody is told apart by asking.

Rule: nothing here looks at the request; browsers verify what they get from the pinned root.
"""

from flask import Flask, Response

from dropbox.trust import ALL_DESKS
from dropbox.web.heldlist import todays_list
from dropbox.web.view import site
from dropbox.wire.bundle import pack_objects
from dropbox.wire.fields import lp


def _bytes(data: bytes) -> Response:
    return Response(data, mimetype="application/octet-stream")


def _root() -> Response:
    return _bytes(site().anchor.encode())


def _keyring() -> Response:
    """FORMAT "Keyring file": of the desks that verify, so that one bad bundle closes its desk alone."""
    here = site()
    published = here.store.published
    revocations = published.get("revocations", ALL_DESKS)
    verified = here.keyring.get(here.utc_day()).names()
    keys = pack_objects(item.body for desk, item in published.all("keys") if desk in verified)
    return _bytes(keys + lp(revocations.body if revocations else b""))


def _boards() -> Response:
    return _bytes(pack_objects(item.body for _, item in site().store.published.all("board")))


def _held() -> Response:
    return _bytes(todays_list(site()))


def register(app: Flask) -> None:
    """The four files."""
    app.add_url_rule("/data/root.pub", "data-root", _root)
    app.add_url_rule("/data/kunci", "data-keyring", _keyring)
    app.add_url_rule("/data/papan", "data-boards", _boards)
    app.add_url_rule("/data/tersimpan", "data-held", _held)
