"""Reports the store's state to the courier: free room, growth, and whether nightly upkeep works.

Rule: it reports numbers and days only, and reads and changes no blob.
"""

import statistics
from typing import Final

from dropbox.limits import EXPORTS_REMEMBERED, FLOOD_BLOBS_MIN, FLOOD_TIMES, MIB, REWRITE_LATE_DAYS, TEXTS_LOW_PERCENT
from dropbox.sentences.catalogue import Sentence
from dropbox.store.database import Store
from dropbox.store.upkeep import days_of

_HISTORY: Final = "export-blobs"  # state: blobs of the last exports, four bytes each, the oldest first
_LAST: Final = "export-day"  # state: day number on which the newest collected export was written
_WIDTH: Final = 4
_DAY_BYTES: Final = 8


def growth(store: Store, blobs: int) -> Sentence | None:
    """Compare an export that was just made with earlier ones; stores its number of blobs for later comparison.

    Args:
        store: the exported store.
        blobs: number of blobs in the export.

    Returns:
        What is usual, or a warning of a flood; None at the first export.
    """
    raw = store.state.get(_HISTORY) or b""
    before = [int.from_bytes(raw[at : at + _WIDTH]) for at in range(0, len(raw), _WIDTH)]
    kept = [*before, blobs][-EXPORTS_REMEMBERED:]
    store.state.put(_HISTORY, b"".join(count.to_bytes(_WIDTH) for count in kept))
    if not before:
        return None
    usual = round(statistics.median(before))
    return (
        Sentence("courier.flood", count=blobs, usual=usual)
        if is_flood(blobs, usual)
        else Sentence("courier.usual", usual=usual)
    )


def note_export(store: Store, night: int) -> None:
    """Store the day on which an export was written that was collected: day number in the installation's zone."""
    store.state.put(_LAST, night.to_bytes(_DAY_BYTES))


def last_export(store: Store) -> int | None:
    """Return the day on which the newest collected export was written, in the installation's zone; None without."""
    held = store.state.get(_LAST)
    return None if held is None else int.from_bytes(held)


def is_flood(count: int, usual: int) -> bool:
    """Return whether a number of blobs is far above the usual one."""
    return count >= FLOOD_BLOBS_MIN and count > FLOOD_TIMES * usual


def notes(store: Store, night: int) -> list[Sentence]:
    """Return sentences about the store's upkeep, and about room that is short; changes nothing.

    Args:
        store: any store.
        night: day number in the installation's zone, where days begin at NIGHT_HOUR.
    """
    return [*_room(store), *_upkeep(store, night)]


def used(store: Store) -> Sentence:
    """Return how much room is used and left, in MiB; looked at again and again it shows when a report came."""
    usage = store.room.usage()
    used, left = int(usage.used) // MIB, max(usage.for_texts, 0)
    if left == float("inf"):
        return Sentence("courier.room-any", used=used)
    return Sentence("courier.room", used=used, left=int(left) // MIB)


def _room(store: Store) -> list[Sentence]:
    usage = store.room.usage()
    left = max(usage.for_texts, 0)
    sentences: list[Sentence] = []
    if not store.room.takes_files():
        sentences.append(Sentence("courier.files-full"))
    if left == 0:
        sentences.append(Sentence("courier.texts-full"))
    elif left < usage.room * TEXTS_LOW_PERCENT / 100:
        sentences.append(Sentence("courier.texts-low", percent=TEXTS_LOW_PERCENT))
    return sentences


def _upkeep(store: Store, night: int) -> list[Sentence]:
    days = days_of(store)
    sentences: list[Sentence] = []
    if days.rewritten is None:
        sentences.append(Sentence("courier.never-rewritten"))
    elif night - days.rewritten > REWRITE_LATE_DAYS:
        sentences.append(Sentence("courier.rewritten-late", days=night - days.rewritten))
    else:
        sentences.append(Sentence("courier.rewritten", days=max(night - days.rewritten, 0)))
    if days.failing is not None:
        sentences.append(Sentence("courier.tidying-fails", days=max(night - days.failing, 0)))
    return sentences
