"""Eight keep-alive clients in one light thread, because they share the cores with the servers they measure.

The kernel deals connections out unevenly; so that every round meets the same conditions, connections are opened until
each worker process has its share.
"""

import contextlib
import re
import select
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from servers import Running

CLIENTS = 8
_TRIES = 400
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
_WARM_UP = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"

# Given the last answer (None at first), the next request, or None when a unit of work is done.
Talk = Callable[[bytes | None], bytes | None]


def _read_answer(connection: socket.socket) -> bytes:
    data = b""
    while (missing := _missing(data)) != 0:
        piece = connection.recv(65536)
        if not piece:
            raise ConnectionError(f"the server ended the connection ({missing} bytes early)")
        data += piece
    return data


def _missing(data: bytes) -> int:
    """Return the number of missing bytes; -1 while the head is not complete."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return -1
    length = _LENGTH.search(data, 0, end + 2)
    if length is None:
        raise ValueError("an answer without a length")
    return end + 4 + int(length[1]) - len(data)


def _owner(connection: socket.socket, server: Running) -> int | None:
    """Return the pid of the worker at the other end: it has the socket with our ports swapped."""
    ours = f":{connection.getsockname()[1]:04X}"
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[2].endswith(ours) and fields[1].endswith(f":{server.port:04X}"):
            inode = f"socket:[{fields[9]}]"
            for pid in server.workers():
                for descriptor in Path(f"/proc/{pid}/fd").iterdir():
                    with contextlib.suppress(OSError):
                        if str(descriptor.readlink()) == inode:
                            return pid
    return None


@contextlib.contextmanager
def connections(server: Running) -> Iterator[list[socket.socket]]:
    """Open CLIENTS connections, the same number to each worker."""
    workers = server.workers()
    share: dict[int, list[socket.socket]] = {pid: [] for pid in workers}
    spare: list[socket.socket] = []
    with contextlib.ExitStack() as stack:
        for _ in range(_TRIES):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=60))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.sendall(_WARM_UP)
            _read_answer(connection)
            owner = _owner(connection, server)
            if owner is not None and len(share[owner]) < CLIENTS // len(workers):
                share[owner].append(connection)
            else:
                spare.append(connection)  # kept open, so that the next one reaches the other worker sooner
            if all(len(own) == CLIENTS // len(workers) for own in share.values()):
                break
        else:
            raise RuntimeError("one worker takes all connections")
        for connection in spare:
            connection.close()
        yield [connection for own in share.values() for connection in own]


def rate(server: Running, new_talk: Callable[[], Talk], seconds: float) -> float:
    """Return the units of work per second of CLIENTS clients, measured for `seconds`."""
    with connections(server) as clients, contextlib.closing(select.epoll()) as poll:
        talks = {}
        buffers = {}
        for client in clients:
            talks[client.fileno()] = (client, new_talk())
            buffers[client.fileno()] = b""
            poll.register(client, select.EPOLLIN)
        started = time.perf_counter()
        until = started + seconds
        for client, talk in talks.values():
            client.sendall(talk(None) or b"")
        done = 0
        while (now := time.perf_counter()) < until:
            for number, _ in poll.poll(until - now):
                client, talk = talks[number]
                buffers[number] += client.recv(65536)
                if _missing(buffers[number]):
                    continue
                request = talk(buffers[number])
                buffers[number] = b""
                if request is None:
                    done += 1
                    request = talk(None)
                client.sendall(request or b"")
        return done / (time.perf_counter() - started)
