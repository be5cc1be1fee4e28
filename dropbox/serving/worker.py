"""gunicorn's worker with one loop for all connections and threads for pages.

Rule: a thread is given to a request only when its head and its body (or as much of it as `gather_most` allows) are
here, and it gives back bytes: the loop writes them as they are taken. So who dawdles, in whatever way, holds a
connection and nothing else; when connections or memory run short, the one that got nowhere for longest gives way.
"""

import contextlib
import os
import selectors
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from gunicorn.http.errors import InvalidChunkSize
from gunicorn.http.message import Request
from gunicorn.http.wsgi import create
from gunicorn.workers.base import Worker as BaseWorker
from gunicorn.workers.gthread import PollableMethodQueue

from dropbox.limits import (
    GATHER_BYTES,
    GATHER_SECONDS,
    HEAD_SECONDS,
    HELD_MAX_BYTES,
    LEAVE_SECONDS,
    PIECE_BYTES,
    SWALLOW_SECONDS,
    WRITE_SECONDS,
)
from dropbox.serving.answer import Answer
from dropbox.serving.framing import Arrival, read_head
from dropbox.serving.peer import PEER, Peer, Phase

_TURN_SECONDS: Final = 1.0  # how often patience is looked at, and the master told that we live
_STOP_SECONDS: Final = 2.0  # for a request that is on its way while we stop
_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"


class Worker(BaseWorker):  # type: ignore[misc]
    """One process; a subclass says how a request is refused."""

    threads_may_wait = False  # whether a page may wait for a body that did not come whole, without asking

    def refusal(self, error: BaseException) -> bytes:
        """A whole answer that ends a connection on which no HTTP came, or a page failed."""
        raise NotImplementedError

    def gather_most(self, _request: Request) -> int:
        """How many bytes of a body are gathered before a thread gets the request."""
        return GATHER_BYTES

    # --- the loop -------------------------------------------------------------------------------------------

    def init_process(self) -> None:
        """Make what belongs to this process alone, then run."""
        self._pool = ThreadPoolExecutor(self.cfg.threads)
        self._poller = selectors.DefaultSelector()
        self._calls = PollableMethodQueue()
        self._calls.init()
        self._peers: set[Peer] = set()
        self._held = 0
        self._looked = 0.0
        super().init_process()

    def handle_exit(self, _signal: int, _frame: object) -> None:
        """SIGTERM: answer what is under way, then end."""
        self.alive = False
        self._calls.defer(lambda: None)  # wakes the loop

    def run(self) -> None:
        """Serve until told to stop, then finish what is under way within the time of grace."""
        self._poller.register(self._calls.fileno(), selectors.EVENT_READ, self._calls.run_callbacks)
        for listener in self.sockets:
            listener.settimeout(0)
            self._poller.register(listener, selectors.EVENT_READ, self._accept)
        while self.alive and self.ppid == os.getppid():
            self._turn()
        for listener in self.sockets:
            self._poller.unregister(listener)
        until = time.monotonic() + self.cfg.graceful_timeout
        for peer in self._peers:
            if peer.phase in (Phase.IDLE, Phase.HEAD, Phase.LEAVING):
                peer.due = min(peer.due, time.monotonic() + _STOP_SECONDS)
        while self._peers and time.monotonic() < until:
            self._turn()
        for peer in list(self._peers):
            peer.stop_reading()  # a thread may be reading from it
            self._close(peer)
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._poller.close()
        for listener in self.sockets:
            listener.close()

    def _turn(self) -> None:
        self.notify()
        for key, _ in self._poller.select(_TURN_SECONDS):
            key.data(key.fileobj)
        now = time.monotonic()
        if now - self._looked < _TURN_SECONDS:
            return
        self._looked = now
        for peer in [peer for peer in self._peers if peer.due < now and peer.phase is not Phase.WORKING]:
            self._guarded(peer, self._overdue)

    def _guarded(self, peer: Peer, act: Callable[[Peer], None]) -> None:
        """A fault in one connection must not end the others."""
        if peer not in self._peers:  # it gave way to another of this turn
            return
        try:
            act(peer)
        except Exception:
            self.log.exception("connection")
            self._close(peer)

    def _await(self, peer: Peer, events: int) -> None:
        """Let the loop wait for these events of a peer, and no others."""
        if events == peer.events:
            return
        if not events:
            self._poller.unregister(peer.connection)
        elif peer.events:
            self._poller.modify(peer.connection, events, lambda _, peer=peer: self._guarded(peer, self._happened))
        else:
            self._poller.register(peer.connection, events, lambda _, peer=peer: self._guarded(peer, self._happened))
        peer.events = events

    def _accept(self, listener: socket.socket) -> None:
        try:
            connection, address = listener.accept()
        except (BlockingIOError, ConnectionError):  # another worker was faster, or it has gone
            return
        except OSError:  # no descriptor is left
            self._give_way(lambda _: 1.0)
            return
        peer = Peer(connection, address, listener.getsockname())
        self._peers.add(peer)
        peer.enter(Phase.IDLE, self.cfg.keepalive)
        self._await(peer, selectors.EVENT_READ)
        if len(self._peers) > self.cfg.worker_connections:
            self._give_way(lambda _: 1.0)  # this one, when all others are at work

    def _give_way(self, weight: Callable[[Peer], float]) -> None:
        """Close the peer that got nowhere for longest, weighted."""
        now = time.monotonic()
        idle = [peer for peer in self._peers if peer.phase is not Phase.WORKING]
        if idle:
            self._close(max(idle, key=lambda peer: (now - peer.since) * weight(peer)))

    def _weigh(self, peer: Peer) -> None:
        """Count what a peer holds, and bound what all hold."""
        held = peer.weight() if peer in self._peers else 0
        self._held += held - peer.held
        peer.held = held
        if self._held > HELD_MAX_BYTES:
            self._give_way(lambda peer: float(peer.held))

    def _close(self, peer: Peer) -> None:
        self._await(peer, 0)
        self._peers.discard(peer)
        self._held -= peer.held
        peer.held = 0
        with contextlib.suppress(OSError):
            peer.connection.close()

    # --- what comes -----------------------------------------------------------------------------------------

    def _happened(self, peer: Peer) -> None:
        if peer.phase is Phase.WRITING:
            self._write(peer)
            return
        try:
            data = peer.connection.recv(PIECE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._ended(peer)
        elif peer.phase is Phase.LEAVING:
            self._throw_away(peer, len(data))
        else:
            peer.source.feed(data)
            peer.count_bytes(len(data))
            self._advance(peer)
            self._weigh(peer)

    def _ended(self, peer: Peer) -> None:
        """Nothing more comes. Of a body that began, the page says what became of it."""
        peer.source.is_ended = True
        if peer.phase is Phase.BODY:
            self._dispatch(peer)
        else:
            self._close(peer)

    def _overdue(self, peer: Peer) -> None:
        if peer.phase is Phase.BODY:
            peer.stop_reading()
            self._dispatch(peer)
        else:
            self._close(peer)

    def _throw_away(self, peer: Peer, count: int) -> None:
        peer.count_bytes(count)
        peer.leave_bytes -= count
        if peer.leave_bytes < 0:
            self._close(peer)

    def _advance(self, peer: Peer) -> None:
        """Go on with what has come."""
        if peer.phase is Phase.IDLE:
            peer.enter(Phase.HEAD, HEAD_SECONDS)
        if peer.phase is Phase.HEAD:
            try:
                request = read_head(self.cfg, peer.source, peer.address)
            except Exception as error:  # noqa: BLE001  # gunicorn has many
                self._refuse(peer, error)
                return
            if request is None:
                self._await(peer, selectors.EVENT_READ)
                return
            peer.begin(request)
            peer.enter(Phase.BODY, GATHER_SECONDS)
        self._gather(peer)

    def _gather(self, peer: Peer) -> None:
        if peer.request is None or peer.framing is None:
            return
        come = peer.framing.look(peer.source)
        if come is Arrival.BROKEN:
            self._refuse(peer, InvalidChunkSize(b""))
        elif come is Arrival.WHOLE or peer.source.buffered >= self.gather_most(peer.request):
            peer.is_whole = come is Arrival.WHOLE
            self._dispatch(peer)
        else:
            if peer.request._expected_100_continue and not peer.source.buffered:  # noqa: SLF001  # it has no other name
                peer.connection.send(_CONTINUE)
            peer.request._expected_100_continue = False  # noqa: SLF001
            self._await(peer, selectors.EVENT_READ)

    def _refuse(self, peer: Peer, error: Exception) -> None:
        """Answer what is no HTTP, and take nothing more."""
        self.log.warning("request refused: %s", type(error).__name__)
        peer.keeps_alive = False
        peer.source.take_buffered()
        peer.outbox.put([self.refusal(error)])
        self._write(peer)

    # --- the page -------------------------------------------------------------------------------------------

    def _dispatch(self, peer: Peer) -> None:
        self._await(peer, 0)
        peer.enter(Phase.WORKING, 0)
        peer.source.may_wait = self.threads_may_wait and not peer.is_whole
        self._pool.submit(self._work, peer)

    def _work(self, peer: Peer) -> None:
        """In a thread: the page, and as much of its answer as can be written at once."""
        try:
            peer.outbox.put(self._answer(peer))
        except (Exception, SystemExit) as error:  # Flask catches what it can; the rest ends here
            self.log.exception("page")  # its text stays unsaid (see the log's class)
            peer.keeps_alive = False
            peer.outbox.put([self.refusal(error)])
        try:
            peer.connection.settimeout(0)
            peer.outbox.send(peer.connection)
        except OSError:
            peer.keeps_alive = False
        self._calls.defer(self._guarded, peer, self._answered)

    def _answer(self, peer: Peer) -> list[bytes]:
        request = peer.request
        request._expected_100_continue = False  # type: ignore[union-attr]  # noqa: SLF001  # the body is here
        answer, environ = create(request, peer.connection, peer.address, peer.server, self.cfg, Answer)
        del environ["gunicorn.socket"]  # nobody but the worker reads or writes it
        environ |= {"wsgi.multithread": True, PEER: peer}
        body = self.wsgi(environ, answer.start_response)
        try:
            if not self.alive or not peer.has_read_body():
                answer.force_close()
            for piece in body:
                answer.write(piece)
            answer.close()
        finally:
            if hasattr(body, "close"):
                body.close()
        peer.keeps_alive = not answer.should_close()
        return list(answer.pieces)

    # --- what goes ------------------------------------------------------------------------------------------

    def _answered(self, peer: Peer) -> None:
        peer.source.may_wait = False
        self._write(peer)
        self._weigh(peer)

    def _write(self, peer: Peer) -> None:
        if peer.phase is not Phase.WRITING:
            peer.enter(Phase.WRITING, WRITE_SECONDS)
        try:
            peer.count_bytes(peer.outbox.send(peer.connection))
        except OSError:
            self._close(peer)
            return
        if peer.outbox.size:
            self._await(peer, selectors.EVENT_WRITE)
            return
        if peer.keeps_alive and self.alive and not peer.source.is_ended:
            self._next(peer)
        else:
            self._leave(peer)

    def _next(self, peer: Peer) -> None:
        peer.enter(Phase.IDLE, self.cfg.keepalive)
        if peer.source.buffered:
            self._advance(peer)
        else:
            self._await(peer, selectors.EVENT_READ)

    def _leave(self, peer: Peer) -> None:
        """End our half, and let the other side end its own, so that it reads the answer before it hears of the end."""
        try:
            peer.connection.shutdown(socket.SHUT_WR)
        except OSError:
            self._close(peer)
            return
        if peer.source.is_ended:
            self._close(peer)
            return
        peer.leave_bytes -= len(peer.source.take_buffered())
        peer.enter(Phase.LEAVING, LEAVE_SECONDS if peer.has_read_body() else SWALLOW_SECONDS)
        self._await(peer, selectors.EVENT_READ)
