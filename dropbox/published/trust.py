"""What server and courier start from: the pinned root, today, and what has been revoked so far.

Rule: the day is UTC's, as certificates and epochs count; no other key than the pinned one is ever believed.
"""

import datetime
from pathlib import Path
from typing import Final

from dropbox.crypto.signing import Trust, open_revocations
from dropbox.errors import ConfigurationError, MalformedError
from dropbox.limits import REVOCATIONS_DAYS
from dropbox.store.database import Store
from dropbox.wire.calendar import Day, day_of
from dropbox.wire.keyring import RootAnchor, parse_anchor

ALL_DESKS: Final = ""  # the desk under which the store keeps what is no desk's own
_ANCHOR_MAX_BYTES: Final = 4096


def pinned_root(path: Path) -> RootAnchor:
    """The anchor of a `root.pub`; raises ConfigurationError when there is none, or something else in its place."""
    try:
        with path.open("rb") as file:
            return parse_anchor(file.read(_ANCHOR_MAX_BYTES))
    except OSError:
        raise ConfigurationError(
            "root.pub cannot be read: put the file from the key ceremony where server.root_pub points (keys/README.md)"
        ) from None
    except MalformedError as error:
        raise ConfigurationError(str(error)) from None


def today() -> Day:
    """The day number of now, in UTC."""
    return day_of(datetime.datetime.now(datetime.UTC).date())


def trust_of(store: Store, anchor: RootAnchor, day: Day) -> Trust:
    """The root, the day and the revocations that the store holds; raises UntrustedError if those do not verify.

    An old list still revokes what it names; readers of the keyring refuse it (`revocations_days_left`).
    """
    held = store.published.get("revocations", ALL_DESKS)
    revoked = open_revocations(anchor, held.body).keys if held else ()
    return Trust(anchor, day, frozenset(revoked))


def revocations_days_left(store: Store, anchor: RootAnchor, day: Day) -> int | None:
    """For how many days readers still take the held list of revocations; None when none is held."""
    held = store.published.get("revocations", ALL_DESKS)
    return open_revocations(anchor, held.body).made + REVOCATIONS_DAYS - day if held else None
