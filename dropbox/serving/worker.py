"""Serves requests as a gunicorn worker, with one loop for all connections and threads for pages.

Rule: a request gets a thread only when its head and its body (or as much of it as `gather_most` allows) have arrived,
and the thread returns bytes that the loop writes as the client reads them. So a slow client holds a connection and no
thread.
"""

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
    LEAVE_SECONDS,
    PIECE_BYTES,
    SWALLOW_SECONDS,
    WRITE_SECONDS,
)
from dropbox.serving.answer import Answer
from dropbox.serving.framing import Arrival, read_head
from dropbox.serving.open_peers import OpenPeers
from dropbox.serving.peer import Peer, Phase

_TURN_SECONDS: Final = 1.0  # interval of the check for overdue peers and of the heartbeat to the master
_STOP_SECONDS: Final = 2.0  # for a request that is arriving while the worker stops
_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"


class Worker(BaseWorker):  # type: ignore[misc]
    """One worker process; a subclass defines how a request is refused."""

    threads_may_wait = False  # whether every page may wait for the rest of its body
    threads_may_send = False  # whether a thread writes an answer that is too large for memory, as the client reads it

    def refusal(self, error: BaseException) -> bytes:
        """Return the last answer for a request that is not HTTP or whose page failed; raises NotImplementedError."""
        raise NotImplementedError

    def gather_most(self, _request: Request) -> int:
        """Return how many bytes of a body are gathered before a thread gets the request."""
        return GATHER_BYTES

    # --- the loop -------------------------------------------------------------------------------------------

    def init_process(self) -> None:
        """Create what belongs to this process only, then run."""
        self._pool = ThreadPoolExecutor(self.cfg.threads)
        self._poller = selectors.DefaultSelector()
        self._calls = PollableMethodQueue()
        self._calls.init()
        self._peers = OpenPeers(self._poller, lambda peer: self._guarded(peer, self._on_event))
        self._checked = 0.0  # when overdue peers were last looked for
        super().init_process()

    def handle_exit(self, _signal: int, _frame: object) -> None:
        """Handle SIGTERM: answer the requests in progress, then end."""
        self.alive = False
        self._calls.defer(lambda: None)  # wakes the loop

    def run(self) -> None:
        """Serve until the worker is stopped, then finish the requests in progress within the graceful timeout."""
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
        for peer in self._peers:
            peer.stop_reading()  # a thread may be reading from it
            self._peers.close(peer)
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._poller.close()
        for listener in self.sockets:
            listener.close()

    def _turn(self) -> None:
        self.notify()
        for key, _ in self._poller.select(_TURN_SECONDS):
            key.data(key.fileobj)
        now = time.monotonic()
        if now - self._checked < _TURN_SECONDS:
            return
        self._checked = now
        for peer in [peer for peer in self._peers if peer.due < now and peer.phase is not Phase.WORKING]:
            self._guarded(peer, self._on_overdue)

    def _guarded(self, peer: Peer, act: Callable[[Peer], None]) -> None:
        """Run an action; an error in one connection must not end the others."""
        if peer not in self._peers:  # it was closed in favour of another in this turn
            return
        try:
            act(peer)
        except Exception:
            self.log.exception("connection")
            self._peers.close(peer)

    def _accept(self, listener: socket.socket) -> None:
        try:
            connection, address = listener.accept()
        except (BlockingIOError, ConnectionError):  # another worker was faster, or the client has gone
            return
        except OSError:  # no descriptor is left
            self._peers.give_way()
            return
        peer = Peer(connection, address, listener.getsockname())
        self._peers.add(peer)
        peer.enter(Phase.IDLE, self.cfg.keepalive)
        self._peers.await_events(peer, selectors.EVENT_READ)
        if len(self._peers) > self.cfg.worker_connections:
            self._peers.give_way()  # this one, when threads work for all others

    # --- requests -------------------------------------------------------------------------------------------

    def _on_event(self, peer: Peer) -> None:
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
            self._on_end(peer)
        elif peer.phase is Phase.LEAVING:
            self._discard(peer, len(data))
        else:
            peer.source.feed(data)
            peer.count_bytes(len(data))
            self._advance(peer)
            self._peers.weigh(peer)

    def _on_end(self, peer: Peer) -> None:
        """Handle the end of the input; for a body that has begun, the page decides."""
        peer.source.is_ended = True
        if peer.phase is Phase.BODY:
            self._dispatch(peer)
        else:
            self._peers.close(peer)

    def _on_overdue(self, peer: Peer) -> None:
        if peer.phase is Phase.BODY:
            peer.stop_reading()
            self._dispatch(peer)
        else:
            self._peers.close(peer)

    def _discard(self, peer: Peer, count: int) -> None:
        peer.count_bytes(count)
        peer.leave_bytes -= count
        if peer.leave_bytes < 0:
            self._peers.close(peer)

    def _advance(self, peer: Peer) -> None:
        """Continue with the bytes that have arrived."""
        if peer.phase is Phase.IDLE:
            peer.enter(Phase.HEAD, HEAD_SECONDS)
        if peer.phase is Phase.HEAD:
            try:
                request = read_head(self.cfg, peer.source, peer.address)
            except Exception as error:  # noqa: BLE001  # gunicorn has many kinds of errors here
                self._refuse(peer, error)
                return
            if request is None:
                self._peers.await_events(peer, selectors.EVENT_READ)
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
            self._peers.await_events(peer, selectors.EVENT_READ)

    def _refuse(self, peer: Peer, error: Exception) -> None:
        """Answer a request that is not HTTP, and read nothing more."""
        self.log.warning("request refused: %s", type(error).__name__)
        peer.keeps_alive = False
        peer.source.take_buffered()
        peer.outbox.put([self.refusal(error)])
        self._write(peer)

    # --- pages ----------------------------------------------------------------------------------------------

    def _dispatch(self, peer: Peer) -> None:
        self._peers.await_events(peer, 0)
        peer.enter(Phase.WORKING, 0)
        peer.source.may_wait = self.threads_may_wait and not peer.is_whole
        self._pool.submit(self._work, peer)

    def _work(self, peer: Peer) -> None:
        """Run in a thread: call the page, and write as much of its answer as the socket takes at once."""
        try:
            peer.outbox.put(self._answer(peer))
        except (Exception, SystemExit) as error:  # Flask handles most errors; the rest ends here
            self.log.exception("page")  # without the error's text (see the log's class)
            peer.keeps_alive = False
            peer.outbox.put([] if peer.is_streaming else [self.refusal(error)])  # never within a file
        try:
            peer.connection.settimeout(0)
            peer.outbox.send(peer.connection)
        except OSError:
            peer.keeps_alive = False
        self._calls.defer(self._guarded, peer, self._on_answer)

    def _answer(self, peer: Peer) -> list[bytes]:
        request = peer.request
        request._expected_100_continue = False  # type: ignore[union-attr]  # noqa: SLF001  # the body is here
        answer, environ = create(request, peer.connection, peer.address, peer.server, self.cfg, Answer)
        del environ["gunicorn.socket"]  # only the worker reads or writes it
        environ |= {"wsgi.multithread": True, Peer.KEY: peer}
        body = self.wsgi(environ, answer.start_response)
        answer.spill = peer.send if self.threads_may_send else None
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

    # --- answers --------------------------------------------------------------------------------------------

    def _on_answer(self, peer: Peer) -> None:
        peer.source.may_wait = False
        self._write(peer)
        self._peers.weigh(peer)

    def _write(self, peer: Peer) -> None:
        if peer.phase is not Phase.WRITING:
            peer.enter(Phase.WRITING, WRITE_SECONDS)
        try:
            peer.count_bytes(peer.outbox.send(peer.connection))
        except OSError:
            self._peers.close(peer)
            return
        if peer.outbox.size:
            self._peers.await_events(peer, selectors.EVENT_WRITE)
            return
        if peer.keeps_alive and self.alive and not peer.source.is_ended:
            self._keep_alive(peer)
        else:
            self._leave(peer)

    def _keep_alive(self, peer: Peer) -> None:
        peer.enter(Phase.IDLE, self.cfg.keepalive)
        if peer.source.buffered:
            self._advance(peer)
        else:
            self._peers.await_events(peer, selectors.EVENT_READ)

    def _leave(self, peer: Peer) -> None:
        """Shut down our direction and wait for the client's end, so that it reads the answer before a reset."""
        try:
            peer.connection.shutdown(socket.SHUT_WR)
        except OSError:
            self._peers.close(peer)
            return
        if peer.source.is_ended:
            self._peers.close(peer)
            return
        peer.leave_bytes -= len(peer.source.take_buffered())
        peer.enter(Phase.LEAVING, LEAVE_SECONDS if peer.has_read_body() else SWALLOW_SECONDS)
        self._peers.await_events(peer, selectors.EVENT_READ)
