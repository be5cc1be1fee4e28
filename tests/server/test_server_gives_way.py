"""When connections or memory run short, those that get nowhere give way; nobody else notices."""

import contextlib
import socket
from pathlib import Path

from dropbox.limits import FORM_MAX_BYTES, GATHER_SECONDS, HELD_MAX_BYTES, WORKERS
from tests.support.dawdlers import WAYS, dawdling, dribble, page
from tests.support.server import Server, SiteFolder, serving, wait_until

FEW_FILES = ("sh", "-c", 'ulimit -n 160; "$@"; exit $?', "sh")


def _resident(server: Server) -> int:
    """Bytes of all workers."""
    statuses = [Path(f"/proc/{pid}/status").read_text().splitlines() for pid in server.workers()]
    return 1024 * sum(int(line.split()[1]) for lines in statuses for line in lines if line.startswith("VmRSS:"))


def test_with_few_connections_those_that_dawdle_give_way(own_site: SiteFolder) -> None:
    """Three times as many half forms as there are descriptors keep nobody out, not even until their time is over."""
    with serving(own_site, prefix=FEW_FILES) as server, dawdling(server, WAYS["form"]) as peers:
        assert [page(server, GATHER_SECONDS / 2) for _ in range(10)] == [200] * 10
        dribble(peers)
        assert page(server, GATHER_SECONDS / 2) == 200


def test_forms_that_never_end_are_held_within_bounds(own_site: SiteFolder) -> None:
    """Forms of 4 MiB each without their last byte, 256 MiB of them, cost no worker more than its bound."""
    head = "POST /lapor HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    begun = f"{head}Content-Length: {FORM_MAX_BYTES}\r\n\r\n".encode() + b"a" * (FORM_MAX_BYTES - 1)
    with serving(own_site) as server, contextlib.ExitStack() as stack:
        assert server.client.report().statuses == ["TERKIRIM"]
        before = _resident(server)
        for _ in range(64):
            peer = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=60))
            with contextlib.suppress(OSError):  # it may give way while it sends
                peer.sendall(begun)
        assert server.client.report().statuses == ["TERKIRIM"]
        # A buffer that grows is copied into a larger one: for a moment it takes twice its room.
        most = WORKERS * (HELD_MAX_BYTES + 4 * FORM_MAX_BYTES)
        wait_until("what was sent is within bounds", lambda: _resident(server) - before < most)
