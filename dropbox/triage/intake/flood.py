"""Far more blobs than usual that this desk cannot open: reports of other desks, or somebody's flood.

Rule: numbers alone. This desk cannot tell the two apart; people who compare their desks' numbers can.
"""

import statistics
from typing import Final

from dropbox.limits import EXPORTS_REMEMBERED, FLOOD_BLOBS_MIN, FLOOD_TIMES
from dropbox.sentences.catalogue import Sentence
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault

_HISTORY: Final = "unopened blobs"  # of the last exports, four bytes each, the oldest first
_WIDTH: Final = 4


def told_of(vault: Vault, unopened: int) -> list[str]:
    """A warning, if this export brought far more than those before; its number is remembered for the next.

    Args:
        vault: of this desk.
        unopened: new blobs of one export that no key of this desk opens.
    """
    raw = vault.get(_HISTORY) or b""
    before = [int.from_bytes(raw[at : at + _WIDTH]) for at in range(0, len(raw), _WIDTH)]
    kept = [*before, unopened][-EXPORTS_REMEMBERED:]
    with transaction(vault.db):
        vault.put(_HISTORY, b"".join(count.to_bytes(_WIDTH) for count in kept))
    usual = round(statistics.median(before)) if before else 0
    if unopened < FLOOD_BLOBS_MIN or unopened <= FLOOD_TIMES * usual:
        return []
    warning = Sentence("import.flood", count=unopened, usual=usual)
    return [warning]
