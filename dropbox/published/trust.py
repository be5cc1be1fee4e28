"""Provides the starting point of every verification on the server: the pinned root, today, and the revoked keys.

Rule: the day is UTC's, as in certificates and epochs; no root key but the pinned one is ever trusted.
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

ALL_DESKS: Final = ""  # the desk name under which the store keeps what belongs to no single desk
_ANCHOR_MAX_BYTES: Final = 4096


def pinned_root(path: Path) -> RootAnchor:
    """Read the anchor of a `root.pub`; raises ConfigurationError when it is missing or of another kind."""
    try:
        with path.open("rb") as file:
            return parse_anchor(file.read(_ANCHOR_MAX_BYTES))
    except OSError:
        raise ConfigurationError("server.root-missing") from None
    except MalformedError as error:
        raise ConfigurationError(error.code, **error.values) from None


def today() -> Day:
    """Return today's day number in UTC."""
    return day_of(datetime.datetime.now(datetime.UTC).date())


def trust_of(store: Store, anchor: RootAnchor, day: Day) -> Trust:
    """Return the root, the day and the stored revocations.

    An old list still revokes its keys; readers of the keyring reject it (`revocations_days_left`).

    Raises:
        MalformedError, UntrustedError: the stored list does not verify.
    """
    held = store.published.get("revocations", ALL_DESKS)
    revoked = open_revocations(anchor, held.body).keys if held else ()
    return Trust(anchor, day, frozenset(revoked))


def revocations_days_left(store: Store, anchor: RootAnchor, day: Day) -> int | None:
    """Return for how many days readers still accept the stored list of revocations, or None without a list.

    Raises:
        MalformedError, UntrustedError: the stored list does not verify.
    """
    held = store.published.get("revocations", ALL_DESKS)
    return open_revocations(anchor, held.body).made + REVOCATIONS_DAYS - day if held else None
