"""Decide as a server what to take of a stranger's blob, which needs no key (EXCHANGE.md, "Upload")."""

from .blob import read_header
from .grammar import need

FIRST_EPOCH_DAY, EPOCH_DAYS, LATE_DAYS = 4, 7, 7


def accept_blob(header: bytes, length: int, instance: bytes, slots: set[int], today: int) -> None:
    """Check a blob's first 26 bytes and its length. `slots` are those that the site takes now.

    Raises Stop: malformed, slots, early, ended.
    """
    said, epoch = read_header(header, length, instance)
    need(said in slots, "slots")
    first = FIRST_EPOCH_DAY + EPOCH_DAYS * epoch
    need(today >= first - 1, "early")
    need(today <= first + EPOCH_DAYS - 1 + LATE_DAYS, "ended")
