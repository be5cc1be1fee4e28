"""The list of held ids, made once a day for all workers: a live one would tell outsiders when a report came.

Rule: who asks never decides what the list holds; within a day (UTC) all get the same bytes, also after a restart.
"""

import secrets
from typing import Final

from dropbox.errors import MalformedError
from dropbox.web.site import Site
from dropbox.wire.fields import HASH_BYTES
from dropbox.wire.held import HeldList, padded_length, parse_held

_STATE: Final = "held-list"
_SKEW_DAYS: Final = 1  # a list of tomorrow stays (two clocks at midnight); one from farther ahead came of a wrong clock


def todays_list(site: Site) -> bytes:
    """The list of today, made now if there is none yet."""
    kept = site.store.state.get(_STATE)
    if kept is not None and _serves(site, kept):
        return kept
    return site.store.state.swap(_STATE, kept, _new_list(site))


def _serves(site: Site, kept: bytes) -> bool:
    try:
        day = parse_held(kept, site.instance).day
    except MalformedError:
        return False
    return 0 <= day - site.utc_day() <= _SKEW_DAYS


def _new_list(site: Site) -> bytes:
    ids = {info.id for info in site.store.blobs.snapshot()}
    count = padded_length(len(ids))
    while len(ids) < count:
        ids.add(secrets.token_bytes(HASH_BYTES))
    return HeldList(site.instance, site.utc_day(), tuple(sorted(ids))).encode()
