"""Uploads take a bounded share of the threads, and a slow one gives way to others."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest
from werkzeug import Request
from werkzeug.test import EnvironBuilder

from dropbox.limits import UPLOAD_THREADS
from dropbox.serving.connection import PEER
from dropbox.serving.peer import Peer
from dropbox.web.http import upload_limit
from tests.support.server import wait_until


@pytest.fixture
def house() -> Iterator[contextlib.ExitStack]:
    """Whoever enters leaves at the end."""
    with contextlib.ExitStack() as stack:
        yield stack


def _peer(house: contextlib.ExitStack) -> tuple[Peer, socket.socket]:
    ours, theirs = socket.socketpair()
    house.enter_context(ours)
    house.enter_context(theirs)
    return Peer(ours, ("127.0.0.1", 1), ("127.0.0.1", 2)), theirs


def _request(peer: Peer) -> Request:
    return Request(EnvironBuilder(environ_overrides={PEER: peer}).get_environ())


def _fill(house: contextlib.ExitStack, count: int = UPLOAD_THREADS) -> None:
    for _ in range(count):
        assert house.enter_context(upload_limit.upload_slot(_request(_peer(house)[0])))


def test_beyond_the_slots_nobody_waits(house: contextlib.ExitStack) -> None:
    """When all are taken by senders that are not slow, the next is told so, and may not wait for its body."""
    _fill(house)
    peer, _ = _peer(house)
    with upload_limit.upload_slot(_request(peer)) as taken:
        assert not taken
        assert not peer.source.may_wait


def test_a_body_that_is_whole_needs_no_slot(house: contextlib.ExitStack) -> None:
    """A text goes through a full house."""
    _fill(house)
    peer, _ = _peer(house)
    peer.is_whole = True
    with upload_limit.upload_slot(_request(peer)) as taken:
        assert taken
        assert not peer.source.may_wait


def test_the_slowest_gives_way(house: contextlib.ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sender that lets a thread wait too long is ended when another needs its slot, and the other gets it."""
    monkeypatch.setattr(upload_limit, "GIVE_WAY_SECONDS", 0.0)
    monkeypatch.setattr(upload_limit, "_SECONDS", 60.0)  # of patience, on a busy machine
    slow, _theirs = _peer(house)
    ended: list[bytes] = []

    def read() -> None:
        with upload_limit.upload_slot(_request(slow)) as taken:
            assert taken
            ended.append(slow.source.read(10))

    thread = threading.Thread(target=read)
    thread.start()
    wait_until("it waits for its sender", lambda: slow.source.seconds_waiting() > 0)
    _fill(house, UPLOAD_THREADS - 1)
    peer, _ = _peer(house)
    with upload_limit.upload_slot(_request(peer)) as taken:
        assert taken
        assert peer.source.may_wait
    thread.join(60)
    assert ended == [b""]
