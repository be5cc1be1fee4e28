"""Reads what an outside verifier of a desk's file starts from: root.pub and a list of revocations.

Rule: a result is called checked only if a current list of revocations was used.
"""

from pathlib import Path
from typing import Final

from dropbox.crypto.signing import Trust, open_revocations
from dropbox.disk.small import read_small
from dropbox.limits import KIB, REVOCATIONS_DAYS
from dropbox.sentences.catalogue import Sentence
from dropbox.wire.calendar import Day, date_of
from dropbox.wire.keyring import parse_anchor

_SMALL: Final = 64 * KIB  # of either file: a list of 1 800 keys


def read_trust(root: Path, revocations: Path | None, today: Day) -> tuple[Trust, str]:
    """Return the starting point of verification, and why revocations are not checked ("" when they are).

    Args:
        root: path of the inspectorate's root.pub.
        revocations: path of a list that its root signed, or None. Keys in an old list are revoked as well.
        today: day number, UTC.

    Raises:
        NotFoundError: a file cannot be read.
        TooLargeError: a file has more than 64 KiB.
        MalformedError: a file is of another kind.
        UntrustedError: the root did not sign the list.
    """
    anchor = parse_anchor(read_small(root, _SMALL))
    if revocations is None:
        return Trust(anchor, today), Sentence("command.unchecked")
    listed = open_revocations(anchor, read_small(revocations, _SMALL))
    trust = Trust(anchor, today, frozenset(listed.keys))
    if listed.made < today - REVOCATIONS_DAYS or listed.made > today + trust.ahead:
        return (
            trust,
            Sentence("command.unchecked-newer", day=date_of(listed.made)),
        )
    return trust, ""
