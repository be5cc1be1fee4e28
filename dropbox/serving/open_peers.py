"""Holds the open connections of one worker: which events the loop waits for, and which connection is closed first.

Rule: when connections or memory run short, the connection without progress for the longest time is closed. A connection
that a thread works for is never closed here.
"""

import contextlib
import selectors
import time
from collections.abc import Callable, Iterator

from dropbox.limits import HELD_MAX_BYTES
from dropbox.serving.peer import Peer, Phase


class OpenPeers:
    """The open connections of a worker, registered with its poller.

    Args:
        poller: the worker's; the data of a connection's key is a function of its socket.
        on_event: called with the peer when an awaited event occurs.
    """

    def __init__(self, poller: selectors.BaseSelector, on_event: Callable[[Peer], None]) -> None:
        self._poller = poller
        self._on_event = on_event
        self._peers: set[Peer] = set()
        self._held = 0  # bytes of memory that all of them hold

    def __contains__(self, peer: Peer) -> bool:
        return peer in self._peers

    def __len__(self) -> int:
        return len(self._peers)

    def __iter__(self) -> Iterator[Peer]:
        """Iterate over a copy, so that the caller may close peers."""
        return iter(list(self._peers))

    def add(self, peer: Peer) -> None:
        """Add a new connection; no event is awaited yet."""
        self._peers.add(peer)

    def await_events(self, peer: Peer, events: int) -> None:
        """Let the loop wait for these events (bits of `selectors`, 0 for none) of a peer, and for no others."""
        if events == peer.events:
            return
        if not events:
            self._poller.unregister(peer.connection)
        elif peer.events:
            self._poller.modify(peer.connection, events, lambda _: self._on_event(peer))
        else:
            self._poller.register(peer.connection, events, lambda _: self._on_event(peer))
        peer.events = events

    def give_way(self, weight: Callable[[Peer], float] = lambda _: 1.0) -> None:
        """Close the peer with the longest time without progress, multiplied by its weight."""
        now = time.monotonic()
        idle = [peer for peer in self._peers if peer.phase is not Phase.WORKING]
        if idle:
            self.close(max(idle, key=lambda peer: (now - peer.since) * weight(peer)))

    def weigh(self, peer: Peer) -> None:
        """Count the memory that a peer holds, and close another if all hold more than HELD_MAX_BYTES."""
        held = peer.weight() if peer in self._peers else 0
        self._held += held - peer.held
        peer.held = held
        if self._held > HELD_MAX_BYTES:
            self.give_way(lambda peer: float(peer.held))

    def close(self, peer: Peer) -> None:
        """Close a connection and forget it."""
        self.await_events(peer, 0)
        self._peers.discard(peer)
        self._held -= peer.held
        peer.held = 0
        with contextlib.suppress(OSError):
            peer.connection.close()
