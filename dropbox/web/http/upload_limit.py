"""Limits the threads that uploads may take in this process: the others stay free for texts and answers.

Rule: only the holder of a slot may wait for a sender. When all are taken, the slowest sender gives way, if it is slow.
"""

import contextlib
import threading
import time
from collections.abc import Iterator
from typing import Final

from flask import Request

from dropbox.limits import GIVE_WAY_SECONDS, UPLOAD_THREADS
from dropbox.serving.connection import PEER, Connection

_SECONDS: Final = 2.0  # in which a thread whose sender was cut off has ended its request


class _Slots:
    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._holders: list[Connection | None] = []

    def take(self, peer: Connection | None) -> bool:
        """Whether there was a slot, or one was given up at once."""
        with self._changed:
            if len(self._holders) >= UPLOAD_THREADS and self._ask_slowest():
                until = time.monotonic() + _SECONDS
                while len(self._holders) >= UPLOAD_THREADS and (left := until - time.monotonic()) > 0:
                    self._changed.wait(left)
            if len(self._holders) >= UPLOAD_THREADS:
                return False
            self._holders.append(peer)
            return True

    def _ask_slowest(self) -> bool:
        peers = [peer for peer in self._holders if peer is not None and not peer.source.is_ended]
        slowest = max(peers, key=lambda peer: peer.source.seconds_waiting(), default=None)
        if slowest is None or slowest.source.seconds_waiting() < GIVE_WAY_SECONDS:
            return False
        slowest.stop_reading()
        return True

    def give_back(self, peer: Connection | None) -> None:
        with self._changed:
            self._holders.remove(peer)
            self._changed.notify()


_slots: Final = _Slots()


@contextlib.contextmanager
def upload_slot(request: Request) -> Iterator[bool]:
    """Yield whether there was a slot, which the end of the block gives back. A body that is complete needs none."""
    peer: Connection | None = request.environ.get(PEER)
    if peer is not None and peer.is_whole:
        yield True
        return
    if not _slots.take(peer):
        yield False
        return
    try:
        if peer is not None:
            peer.source.may_wait = True
        yield True
    finally:
        if peer is not None:
            peer.source.may_wait = False
        _slots.give_back(peer)
