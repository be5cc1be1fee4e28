"""FORMAT "Answer board", the workstation's half: every live thread's timeline, sealed afresh, among dummies.

Rule: whoever has no key learns of a board only a power of two, and no choice of keys makes it longer. Nothing in it
depends on who has read what.
"""

from collections.abc import Callable, Iterable

from dropbox.crypto.answers import dummy_cell, seal_timeline
from dropbox.errors import TooLargeError
from dropbox.limits import ARCHIVED_SHOWN_DAYS, BOARD_CELLS_MAX, SHARD_CELLS_MAX
from dropbox.sentences.catalogue import Sentence
from dropbox.triage.access.permission import ARCHIVED
from dropbox.triage.cases import casebook
from dropbox.triage.vault.vault import Vault
from dropbox.wire.board import TAG_BYTES, Board, Entry, padded_count
from dropbox.wire.calendar import Day
from dropbox.wire.signed import Head
from dropbox.wire.statuses import RECEIVED


def make_board(vault: Vault, number: int, today: Day, tell: Callable[[str], None] = lambda _: None) -> list[Board]:
    """All shards of the board of that number; `tell` takes a sentence about cases that found no place on it."""
    head = Head(vault.instance, vault.desk, number, today)
    # A flood must not keep the answers from going out: what was never answered gives way, newest first.
    live = sorted(_live(vault, today), key=lambda pair: (pair[0].status == RECEIVED, pair[0].number))
    boards, left_out = spread(head, (_cells(vault, number, *pair) for pair in live[:BOARD_CELLS_MAX]))
    left_out += range(BOARD_CELLS_MAX, len(live))
    if left_out:
        waiting = sum(live[place][0].status == RECEIVED for place in left_out)
        tell(Sentence("publish.board-full", waiting=waiting, answered=len(left_out) - waiting))
    return boards


def spread(head: Head, cases: Iterable[list[bytes]]) -> tuple[list[Board], list[int]]:
    """The cells of cases among dummies in one order of tags, cut into the fewest shards of one same size.

    Returns:
        The shards, and the places (in `cases`) of those that a full board leaves out, each whole; the first come first.
    """
    by_tag: dict[bytes, bytes] = {}
    left_out = []
    for place, cells in enumerate(cases):
        own = {cell[:TAG_BYTES]: cell for cell in cells}
        if len(by_tag) + len(own) > BOARD_CELLS_MAX or own.keys() & by_tag.keys():
            left_out.append(place)
        else:
            by_tag |= own
    count = padded_count(len(by_tag))
    while len(by_tag) < count:
        cell = dummy_cell()
        by_tag.setdefault(cell[:TAG_BYTES], cell)
    ordered = [by_tag[tag] for tag in sorted(by_tag)]
    size = min(count, SHARD_CELLS_MAX)
    runs = [tuple(ordered[at : at + size]) for at in range(0, count, size)]
    return [Board(head, shard, len(runs), cells) for shard, cells in enumerate(runs)], left_out


def _live(vault: Vault, today: Day) -> list[tuple[casebook.Case, list[Entry]]]:
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
