"""FORMAT "Answer board", the workstation's half: every live thread's timeline, sealed afresh, among dummies.

Rule: whoever has no key learns of a board only a power of two. Nothing in it depends on who has read what.
"""

import secrets
from typing import Final

from dropbox.crypto.answers import dummy_cell, seal_timeline
from dropbox.errors import TooLargeError
from dropbox.limits import ARCHIVED_SHOWN_DAYS, SHARD_CELLS_MAX
from dropbox.triage import casebook
from dropbox.triage.policy import ARCHIVED
from dropbox.triage.vault import Vault
from dropbox.wire.board import TAG_BYTES, Board, Entry, padded_count, shard_of
from dropbox.wire.fields import u16
from dropbox.wire.signed import Head

_TAG_SPACE: Final = 1 << 16  # the first two bytes of a tag choose its shard


def make_board(vault: Vault, number: int, today: int) -> list[Board]:
    """All shards of the board of that number."""
    head = Head(vault.instance, vault.desk, number, today)
    return spread(head, [cell for case, shown in _live(vault, today) for cell in _cells(vault, number, case, shown)])


def spread(head: Head, cells: list[bytes]) -> list[Board]:
    """Cells into the fewest shards that hold them, each filled up with dummies to one same size."""
    shards = 1
    while True:
        groups: list[list[bytes]] = [[] for _ in range(shards)]
        for cell in cells:
            groups[shard_of(cell, shards)].append(cell)
        if max(map(len, groups)) <= SHARD_CELLS_MAX:
            break
        shards *= 2
    count = padded_count(max(map(len, groups)))
    return [Board(head, shard, shards, _filled(group, shard, shards, count)) for shard, group in enumerate(groups)]


def _live(vault: Vault, today: int) -> list[tuple[casebook.Case, list[Entry]]]:
    """The cases that are shown: with proven keys, each thread once, archived ones for some time."""
    live, tag_keys = [], set()
    for case in casebook.all_cases(vault):
        shown = casebook.timeline(vault, case)
        is_over = case.status == ARCHIVED and max(entry.day for entry in shown) + ARCHIVED_SHOWN_DAYS < today
        if case.proven and not is_over and case.tag_key not in tag_keys:
            tag_keys.add(case.tag_key)
            live.append((case, shown))
    return live


def _cells(vault: Vault, number: int, case: casebook.Case, shown: list[Entry]) -> list[bytes]:
    """A case's cells. Should its timeline outgrow a board, the oldest entries but the first go, not the newest."""
    while True:
        try:
            return seal_timeline(case.tag_key, case.answer_key, vault.instance, vault.desk, number, shown)
        except TooLargeError:
            shown = [shown[0], *shown[2:]]


def _filled(cells: list[bytes], shard: int, shards: int, count: int) -> tuple[bytes, ...]:
    by_tag = {cell[:TAG_BYTES]: cell for cell in cells}
    width = _TAG_SPACE // shards
    while len(by_tag) < count:
        cell = u16(shard * width + secrets.randbelow(width)) + dummy_cell()[2:]
        by_tag.setdefault(cell[:TAG_BYTES], cell)
    return tuple(by_tag[tag] for tag in sorted(by_tag))
