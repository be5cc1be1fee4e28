"""Reports the store's state to the courier: free room, growth, and whether nightly upkeep works.

Rule: it reports numbers and days only, and reads and changes no blob.
"""

import statistics
from typing import Final

from dropbox.limits import EXPORTS_REMEMBERED, FLOOD_BLOBS_MIN, FLOOD_TIMES, MIB, REWRITE_LATE_DAYS
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
        warning = (
            f"WARNING: {blobs} blobs, usually {usual}: perhaps a flood. Carry the export as usual, ask each desk how"
            " many it could open, and compare: a blob that no desk can open was not a report"
        )
        return [warning]
    return [f"usually {usual} blobs"]


def is_flood(count: int, usual: int) -> bool:
    """Return whether a number of blobs is far above the usual one."""
    return count >= FLOOD_BLOBS_MIN and count > FLOOD_TIMES * usual


def _room(store: Store) -> list[str]:
    usage = store.room.usage()
    left = max(usage.for_texts, 0)
    sentences = [f"the store holds {_mib(usage.used)} MiB; texts may take {_mib(left)} MiB more"]
    if not store.room.takes_files():
        sentences.append(
            "WARNING: files have used up their room, and the site takes texts and small files only. Bring the returns"
            " of all desks, so that collected reports are deleted; otherwise give the store more room"
        )
    return sentences


def _mib(size: float) -> str:
    return "any number of" if size == float("inf") else str(int(size) // MIB)


def _upkeep(store: Store, night: int) -> list[str]:
    days = days_of(store)
    sentences = []
    if days.rewritten is None:
        sentences.append(
            "WARNING: the store was never rewritten: the order of reports is visible. Does the server run?"
        )
    elif night - days.rewritten > REWRITE_LATE_DAYS:
        sentences.append(f"WARNING: the last rewrite of the store was {night - days.rewritten} days ago")
    else:
        sentences.append(f"last rewrite of the store: {max(night - days.rewritten, 0)} days ago")
    if days.failing is not None:
        sentences.append(
            f"WARNING: tidying began to fail {max(night - days.failing, 0)} days ago: run `dropbox store sweep`,"
            " which says why"
        )
    return sentences
