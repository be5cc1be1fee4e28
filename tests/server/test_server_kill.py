"""What was acknowledged survives the sudden death of a worker; what was not does not count."""

import contextlib
import os
import signal
import time

import pytest

from tests.support.client import File, Page, Sending, generated
from tests.support.server import Server, SiteFolder, serving, wait_until

MIB = 1024 * 1024


def _kill_a_worker(server: Server) -> None:
    """Kill -9, and wait until the master has started another."""
    before = server.workers()
    os.kill(before[0], signal.SIGKILL)
    wait_until("the master starts another", lambda: len(server.workers()) == 2 and before[0] not in server.workers())


def _ask_again(call: object) -> Page:
    """A reporter whose connection broke reloads the page."""
    assert callable(call)
    answers: list[Page] = []

    def answered() -> bool:
        with contextlib.suppress(OSError):
            answers.append(call())
        return bool(answers)

    wait_until("the site comes back", answered)
    return answers[0]


def test_a_killed_worker_loses_nothing_that_was_acknowledged(own_site: SiteFolder) -> None:
    """With uploads under way a worker is killed: acknowledged reports and files stay, half ones never count."""
    with serving(own_site) as server:
        client = server.client
        secrets = [client.report(what=f"Laporan {number}").hidden for number in range(6)]
        assert client.add(secrets[0], File("ada.txt", b"ada")).status == 200
        with contextlib.ExitStack() as stack:
            for hidden in secrets:
                sending: Sending = stack.enter_context(client.sending(hidden, generated("separuh.bin", 3 * MIB)))
                sending.send(MIB + MIB // 2)
            wait_until("all uploads are under way", lambda: server.unfinished() == 6)
            _kill_a_worker(server)
            _kill_a_worker(server)
        kept = sorted(held.opened.message.fields.get("what", "") or held.opened.message.name for held in server.held())
        assert kept == [f"Laporan {number}" for number in range(6)] + ["ada.txt"]
        for hidden in secrets:
            assert _ask_again(lambda h=hidden: client.open(h)).statuses == ["TERKIRIM"]
        assert _ask_again(client.report).statuses == ["TERKIRIM"]
        with own_site.store() as store:
            assert store.blobs.remaining()[-1] > 0, "the dead left no trace: was anything under way?"
            assert store.blobs.sweep(time.time() + 24 * 3600) > 0
            assert store.blobs.remaining()[-1] == 0
        assert len(server.held()) == 8


@pytest.mark.soak
def test_thirty_kills_under_load_lose_nothing(own_site: SiteFolder) -> None:
    """Reporters go on sending while workers are killed one after the other: every acknowledgement is kept."""
    with serving(own_site) as server:
        client, acknowledged = server.client, []
        for number in range(30):
            with contextlib.ExitStack() as stack:
                sending = stack.enter_context(client.sending({"code": "", "words": ""}, generated("x", 3 * MIB)))
                with contextlib.suppress(OSError):
                    sending.send(MIB)
                for _ in range(3):
                    page = _ask_again(lambda n=number: client.report(what=f"Nomor {n}"))
                    acknowledged.append(page.hidden["code"])
                _kill_a_worker(server)
        assert server.blob_count() >= len(acknowledged)
        texts = [held.opened.message.fields["what"] for held in server.held()]
        assert all(texts.count(f"Nomor {number}") >= 3 for number in range(30))
