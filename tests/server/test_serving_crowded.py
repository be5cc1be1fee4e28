"""A worker whose connections are all at work still lives when one more comes."""

import selectors
import socket
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from dropbox.serving.open_peers import OpenPeers
from dropbox.serving.peer import Peer, Phase
from dropbox.serving.worker import Worker


@pytest.fixture
def worker() -> Iterator[Worker]:
    """A worker's loop without its process: room for one connection."""
    made = Worker.__new__(Worker)
    made.cfg = SimpleNamespace(worker_connections=1, keepalive=15)
    made._poller = selectors.DefaultSelector()
    made._peers = OpenPeers(made._poller, lambda _peer: None)
    yield made
    for peer in made._peers:
        peer.connection.close()
    made._poller.close()


def test_one_more_gives_way_when_all_others_are_at_work(worker: Worker) -> None:
    """A new connection is closed, and the loop goes on, when every other one has a thread or waits for one."""
    ours, theirs = socket.socketpair()
    busy = Peer(ours, "", "")
    busy.enter(Phase.WORKING, 0)
    worker._peers.add(busy)
    with (
        theirs,
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname()) as late,
    ):
        worker._accept(listener)
        assert set(worker._peers) == {busy}
        assert late.recv(1) == b""
