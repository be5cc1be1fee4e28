"""Epochs whose key was made anew: under their numbers another key of this desk may exist, or may have existed.

    restored, successor of a lost station, keys lost  →  all epochs up to EPOCHS_AHEAD + 1 after that day

Rule: of such an epoch no blob gets a receipt, whether it opened or not, before two officers have given up those that do
not open: who does not hold the lost key cannot tell them from another desk's, and the server must not learn it either.
"""

from dropbox.limits import EPOCHS_AHEAD
from dropbox.sentences.catalogue import Sentence
from dropbox.triage.tables import seen
from dropbox.triage.vault.vault import SUCCEEDED, Vault
from dropbox.wire.calendar import Day, Epoch, epoch_of

UNOPENED = "unopened"  # an outcome of examining: none of the keys that are here opens it
_UNTIL = "anew until"


def mark(vault: Vault, today: Day) -> None:
    """Say that up to now another station may have made this desk's keys; inside a transaction."""
    vault.put_count(_UNTIL, max(vault.count(_UNTIL), _last(today)))


def is_anew(vault: Vault, epoch: Epoch) -> bool:
    """Whether another key of this desk may exist, or have existed, under an epoch's number."""
    since = vault.count(SUCCEEDED)
    return 0 < epoch <= max(vault.count(_UNTIL), _last(Day(since)) if since else 0)


def _last(day: Day) -> int:
    """The last epoch of which a station that was lost by that day can have made a key."""
    return epoch_of(day) + EPOCHS_AHEAD + 1  # its clock, or the zone of its day, may have been a week further


def unopened(vault: Vault) -> int:
    """How many blobs wait because no key here opens them."""
    return seen.count_withheld_as(vault.db, UNOPENED)


def withheld(vault: Vault) -> tuple[int, int]:
    """(number of blobs without a receipt until two officers decide, number of those that no key here opens)."""
    return seen.count_withheld(vault.db), unopened(vault)


def sentence(number: int) -> str:
    """What import, list and publish say of blobs that no key here opens."""
    return Sentence("unopened.waiting", count=number)


def give_up(vault: Vault) -> None:
    """Let receipts go out for all that were withheld; inside the transaction of two officers' decision."""
    seen.release(vault.db)
