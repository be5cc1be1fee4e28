"""Reports the store's state to the courier: free room, growth, and whether nightly upkeep works.

Rule: it reports numbers and days only, and reads and changes no blob.
"""

import statistics
from typing import Final

from dropbox.limits import EXPORTS_REMEMBERED, FLOOD_BLOBS_MIN, FLOOD_TIMES, MIB, REWRITE_LATE_DAYS
from dropbox.sentences.catalogue import Sentence
from dropbox.store.database import Store
from dropbox.store.upkeep import days_of

_HISTORY: Final = "export-blobs"  # state: blobs of the last exports, four bytes each, the oldest first
_WIDTH: Final = 4


def export_notes(store: Store, blobs: int, night: int) -> list[str]:
    """Return sentences about an export that was just made; stores its number of blobs for later comparison.

    Args:
        store: the exported store.
        blobs: number of blobs in the export.
        night: day number in the installation's zone.
    """
    return [*_growth(store, blobs), *_room(store), *_upkeep(store, night)]


def _growth(store: Store, blobs: int) -> list[str]:
    raw = store.state.get(_HISTORY) or b""
    before = [int.from_bytes(raw[at : at + _WIDTH]) for at in range(0, len(raw), _WIDTH)]
    kept = [*before, blobs][-EXPORTS_REMEMBERED:]
    store.state.put(_HISTORY, b"".join(count.to_bytes(_WIDTH) for count in kept))
    if not before:
        return []
    usual = round(statistics.median(before))
    if is_flood(blobs, usual):
        return [Sentence("courier.flood", count=blobs, usual=usual)]
    return [Sentence("courier.usual", usual=usual)]


def is_flood(count: int, usual: int) -> bool:
    """Return whether a number of blobs is far above the usual one."""
    return count >= FLOOD_BLOBS_MIN and count > FLOOD_TIMES * usual


def _room(store: Store) -> list[str]:
    usage = store.room.usage()
    left = max(usage.for_texts, 0)
    used = int(usage.used) // MIB
    sentences: list[str] = [
        Sentence("courier.room-any", used=used)
        if left == float("inf")
        else Sentence("courier.room", used=used, left=int(left) // MIB)
    ]
    if not store.room.takes_files():
        sentences.append(Sentence("courier.files-full"))
    return sentences


def _upkeep(store: Store, night: int) -> list[str]:
    days = days_of(store)
    sentences: list[str] = []
    if days.rewritten is None:
        sentences.append(Sentence("courier.never-rewritten"))
    elif night - days.rewritten > REWRITE_LATE_DAYS:
        sentences.append(Sentence("courier.rewritten-late", days=night - days.rewritten))
    else:
        sentences.append(Sentence("courier.rewritten", days=max(night - days.rewritten, 0)))
    if days.failing is not None:
        sentences.append(Sentence("courier.tidying-fails", days=max(night - days.failing, 0)))
    return sentences
