"""What somebody outside starts from who verifies a desk's file: root.pub and a list of revocations, named as files.

Rule: what was not held against a list of these days is never called checked.
"""

from pathlib import Path
from typing import Final

from dropbox.crypto.signing import Trust, open_revocations
from dropbox.disk.small import read_small
from dropbox.limits import KIB, REVOCATIONS_DAYS
from dropbox.wire.calendar import Day, date_of
from dropbox.wire.keyring import parse_anchor

_SMALL: Final = 64 * KIB  # of either file: a list of 1 800 keys


def read_trust(root: Path, revocations: Path | None, today: Day) -> tuple[Trust, str]:
    """What to verify from, and why it is not checked against revocations (empty when it is).

    Args:
        root: root.pub of the inspectorate.
        revocations: a list that its root signed; None when none was named. What an old one names is revoked too.
        today: day number, UTC.

    Raises:
        NotFoundError: a file is not there.
        MalformedError: one is something else.
        UntrustedError: the root did not sign the list.
    """
    anchor = parse_anchor(read_small(root, _SMALL))
    if revocations is None:
        why = "NOT CHECKED against revocations: name the inspectorate's newest list with --revocations"
        return Trust(anchor, today), why
    listed = open_revocations(anchor, read_small(revocations, _SMALL))
    trust = Trust(anchor, today, frozenset(listed.keys))
    if listed.made < today - REVOCATIONS_DAYS or listed.made > today + trust.ahead:
        return (
            trust,
            f"NOT CHECKED against newer revocations: the list is of {date_of(listed.made)}, ask for a newer one",
        )
    return trust, ""
