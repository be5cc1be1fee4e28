"""Looks up a thread's answers on the newest boards, for reporters without JavaScript.

Rule: only boards that verify from the pinned root are read; an old board is used and marked as old; an old list of
revocations is used too (FORMAT "Boards file"). Opened answers exist in memory for one request and are never stored.
"""

from dataclasses import dataclass
from typing import Final

from dropbox.crypto.answers import open_timeline
from dropbox.crypto.signing import Trust, open_object
from dropbox.crypto.thread_keys import ThreadKeys
from dropbox.errors import DropboxError
from dropbox.limits import BOARD_FRESH_DAYS
from dropbox.published.trust import trust_of
from dropbox.store.database import Store
from dropbox.wire.board import Board, Entry, check_whole, find_in, parse_board
from dropbox.wire.bundle import unpack_objects
from dropbox.wire.calendar import Day
from dropbox.wire.keyring import RootAnchor

_KINDS: Final = ("board", "revocations")


@dataclass(frozen=True)
class Answer:
    """A thread's timeline on a desk's board, and the day number on which the board was made."""

    desk: str
    entries: list[Entry]
    made: int


@dataclass(frozen=True)
class _DeskBoard:
    shards: tuple[Board, ...]

    def find(self, tag: bytes) -> bytes | None:
        return find_in(self.shards, tag)


class LiveBoards:
    """The boards in the store; each new one is parsed and verified once."""

    def __init__(self, store: Store, anchor: RootAnchor) -> None:
        self._store = store
        self._anchor = anchor
        self._seen: object = None
        self._boards: dict[str, _DeskBoard] = {}

    def _current(self, today: Day) -> dict[str, _DeskBoard]:
        numbers = self._store.published.numbers()
        seen = (today, {place: number for place, number in numbers.items() if place[0] in _KINDS})
        if seen != self._seen:
            trust = trust_of(self._store, self._anchor, today)
            published = self._store.published.all("board")
            verified = {desk: _verified(trust, desk, item.body) for desk, item in published}
            self._boards = {desk: board for desk, board in verified.items() if board}
            self._seen = seen
        return self._boards

    def answer(self, desk: str, keys: ThreadKeys, today: Day) -> Answer | None:
        """Return the thread's timeline on the desk's board, or None; raises DamagedError or MalformedError."""
        board = self._current(today).get(desk)
        if board is None:
            return None
        head = board.shards[0].head
        entries = open_timeline(keys.tag_key, keys.answer_key, self._anchor.instance, desk, head.number, board.find)
        return None if entries is None else Answer(desk, entries, head.made)


def is_old(answer: Answer, today: Day) -> bool:
    """Return whether the answer's board is older than BOARD_FRESH_DAYS."""
    return today - answer.made > BOARD_FRESH_DAYS


def _verified(trust: Trust, desk: str, packed: bytes) -> _DeskBoard | None:
    try:
        shards = []
        for raw in unpack_objects(packed):
            verified = open_object(trust, raw, "board", dated=False)
            board = parse_board(verified.body)
            if board.head.desk != desk:
                return None
            shards.append(board)
        check_whole(shards)
        return _DeskBoard(tuple(shards))
    except (DropboxError, KeyError):
        return None
