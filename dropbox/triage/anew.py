"""Epochs whose key was made anew: under their numbers another key of this desk may exist, or may have existed.

    restored, successor of a lost station, keys lost  →  all epochs up to EPOCHS_AHEAD + 1 after that day

Rule: of such an epoch no blob gets a receipt, whether it opened or not, before two officers have given up those that do
not open: who does not hold the lost key cannot tell them from another desk's, and the server must not learn it either.
"""

from dropbox.limits import EPOCHS_AHEAD
from dropbox.triage.schema import transaction
from dropbox.triage.vault import Vault
from dropbox.wire.calendar import epoch_of

UNOPENED = "unopened"  # an outcome of examining: none of the keys that are here opens it
_UNTIL = "anew until"


def mark(vault: Vault, today: int) -> None:
    """Say that up to now another station may have made this desk's keys; inside a transaction."""
    # The lost station's clock, or the zone of its day, may have been one week further.
    vault.put_count(_UNTIL, max(vault.count(_UNTIL), epoch_of(today) + EPOCHS_AHEAD + 1))


def is_anew(vault: Vault, epoch: int) -> bool:
    """Whether another key of this desk may exist, or have existed, under an epoch's number."""
    return 0 < epoch <= vault.count(_UNTIL)


def unopened(vault: Vault) -> int:
    """How many blobs wait because no key here opens them."""
    (number,) = vault.db.execute("select count(*) from seen where withheld and outcome = ?", (UNOPENED,)).fetchone()
    return int(number)


def withheld(vault: Vault) -> tuple[int, int]:
    """(number of blobs without a receipt until two officers decide, number of those that no key here opens)."""
    (number,) = vault.db.execute("select count(*) from seen where withheld").fetchone()
    return int(number), unopened(vault)


def sentence(number: int) -> str:
    """What import, list and publish say of blobs that no key here opens."""
    return (
        f"{number} reports cannot be opened with the new keys: they are another desk's, or were sealed to the lost"
        " ones; the old copy may open them (`dropbox triage import FILE --old-copy DIR`). They stay on the server until two"
        " officers give them up (`dropbox triage give-up`)"
    )


def give_up(vault: Vault) -> None:
    """Let receipts go out for all that were withheld; inside the transaction of two officers' decision."""
    vault.db.execute("update seen set withheld = 0")


def remember_succession(vault: Vault, today: int) -> None:
    """Mark a vault whose root has certified another station of this desk before, unless it had keys of its own then."""
    if vault.count(_UNTIL) == 0 and vault.db.execute("select 1 from key_bundles").fetchone() is None:
        with transaction(vault.db):
            mark(vault, today)
