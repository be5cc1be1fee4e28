"""Which exports a desk believes: what they say about the server decides over the keys of past weeks.

Rule: the blobs of any export are taken in, because they are sealed. Only a whole one that the server signed, and that
is newer than every one before, is remembered and destroys keys; why another one does neither is remembered for the
doctor. Newer is told by the day, then by the number: a server that was restored counts on from a lower number.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dropbox.crypto.exports import verify_export
from dropbox.crypto.signing import Trust, open_revocations
from dropbox.errors import UnbelievedExportError
from dropbox.limits import EPOCH_GRACE_DAYS
from dropbox.triage.tables import epochs as epoch_rows
from dropbox.triage.vault import epochs
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import REVOCATIONS, Vault
from dropbox.wire.bundle import ExportReader
from dropbox.wire.calendar import Day, epoch_last_day
from dropbox.wire.server import ServerCertificate

OLD: Final = "old"  # the others are these two and the reasons of UnbelievedExportError
DAMAGED: Final = "damaged"
AGAIN: Final = "again"  # the newest once more, which is no doubt and not remembered as one
_NUMBER: Final = "export number"
_DAY: Final = "export day"
_DOUBT: Final = "export doubt"
_TAKEN: Final = "return taken"


@dataclass(frozen=True)
class Remembered:
    """The newest export that was believed, both 0 for none; `doubt` is why the last one was not, "" if it was."""

    number: int
    day: Day
    doubt: str


NEVER: Final = Remembered(0, Day(0), "")


def remembered(vault: Vault) -> Remembered:
    """What the vault knows of exports."""
    return Remembered(vault.count(_NUMBER), Day(vault.count(_DAY)), (vault.get(_DOUBT) or b"").decode("ascii"))


def believe(
    vault: Vault,
    certificate: ServerCertificate,
    reader: ExportReader,
    stays: Mapping[int, int],
    met: set[int],
    today: Day,
) -> tuple[str, list[str]]:
    """Act upon what a whole export says: destroy the keys that nothing needs, then remember it.

    Args:
        vault: whose.
        certificate: verified, of the export's head.
        reader: read to its end.
        stays: per epoch the blobs that wait here for two officers and need no key (anew).
        met: epochs of which the export brought a blob.
        today: day number.

    Returns:
        Why it is not believed, "" if it is; and sentences about keys.
    """
    head = reader.head
    try:
        verify_export(Trust(vault.anchor, today, _revoked(vault)), certificate, head, reader.trailer)
    except UnbelievedExportError as error:
        doubt(vault, error.reason)
        return error.reason, []
    known = remembered(vault)
    if (head.day, head.number) <= (known.day, known.number):
        if (head.day, head.number) == (known.day, known.number):
            return AGAIN, []
        doubt(vault, OLD)
        return OLD, []
    held = {epoch: count - stays.get(epoch, 0) for epoch, count in reader.trailer.held.items()}
    said = epochs.destroy_spent(vault, held, head.day, met, today)
    # Last: after a kill in between, the same export destroys the rest.
    with transaction(vault.db):
        _remember(vault, head.number, head.day)
        # A server restored from a backup may have an older one again; it has none that this vault never made.
        vault.put_count(_TAKEN, min(reader.trailer.returns.get(vault.desk, 0), vault.count("published")))
    return "", said


def taken(vault: Vault) -> int:
    """Return the number of the newest return that the server took, as the last believed export says; 0 for none."""
    return vault.count(_TAKEN)


def _revoked(vault: Vault) -> frozenset[bytes]:
    """An old list still revokes what it names."""
    held = vault.get(REVOCATIONS)
    return frozenset(open_revocations(vault.anchor, held).keys) if held else frozenset()


def doubt(vault: Vault, reason: str) -> None:
    """Remember why the last export was not believed."""
    with transaction(vault.db):
        vault.put(_DOUBT, reason.encode("ascii"))


def forget(vault: Vault) -> None:
    """Take the next signed export for the newest, whatever its day and number; inside a transaction."""
    _remember(vault, 0, Day(0))


def _remember(vault: Vault, number: int, day: Day) -> None:
    vault.put_count(_NUMBER, number)
    vault.put_count(_DAY, day)
    vault.put(_DOUBT, b"")


def overdue(vault: Vault, today: Day) -> tuple[list[int], list[int]]:
    """Epochs whose keys are past their grace and still here, in two lists.

    Those of which no believed export has spoken since, and those that the newest one kept for reports on the server.
    """
    day = remembered(vault).day
    live = [one.number for one in epoch_rows.live(vault.db)]
    ended = {number: epoch_last_day(number) + EPOCH_GRACE_DAYS for number in live}
    past = [number for number, end in ended.items() if end < today]
    return [number for number in past if day <= ended[number]], [number for number in past if day > ended[number]]
