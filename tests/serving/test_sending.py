"""What a thread sends itself: all of it and in order, or the end of the connection."""

import io
import socket
import threading

import pytest

from dropbox.limits import PIECE_BYTES
from dropbox.serving import peer as peers
from dropbox.serving.peer import Peer


@pytest.fixture
def pair() -> tuple[Peer, socket.socket]:
    ours, theirs = socket.socketpair()
    return Peer(ours, "", ""), theirs


def test_a_thread_sends_what_is_larger_than_the_sockets_room(pair: tuple[Peer, socket.socket]) -> None:
    """All bytes arrive in their order while the client reads, and nothing is left in memory."""
    peer, client = pair
    body = bytes(range(256)) * 20_000
    arrived = io.BytesIO()

    def read() -> None:
        while data := client.recv(PIECE_BYTES):
            arrived.write(data)

    reader = threading.Thread(target=read)
    reader.start()
    peer.send([body[:100], b"", body[100:]])
    peer.connection.close()
    reader.join()
    client.close()
    assert arrived.getvalue() == body
    assert peer.outbox.size == 0
    assert peer.is_streaming


def test_a_client_that_does_not_read_is_left(pair: tuple[Peer, socket.socket], monkeypatch: pytest.MonkeyPatch) -> None:
    """A piece that is not read in its time ends the answer."""
    peer, client = pair
    monkeypatch.setattr(peers, "WRITE_SECONDS", 0.0)
    with pytest.raises(TimeoutError):
        peer.send([bytes(64 << 20)])
    peer.connection.close()
    client.close()


def test_a_client_that_has_gone_is_left(pair: tuple[Peer, socket.socket]) -> None:
    """A closed connection ends the answer."""
    peer, client = pair
    client.close()
    with pytest.raises(OSError, match="pipe"):
        peer.send([bytes(1 << 20)])
    peer.connection.close()
