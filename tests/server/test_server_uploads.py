"""Many uploads, slow ones, broken ones and the same one twice, over real connections."""

import contextlib
import hashlib
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest

from dropbox.limits import PIECE_SECONDS, THREADS, UPLOAD_THREADS, WORKERS
from tests.support.client import File, Page, Sending, generated
from tests.support.server import Server, SiteFolder, serving, wait_until

MIB = 1024 * 1024
SLOTS = UPLOAD_THREADS * WORKERS
_T = TypeVar("_T")


def _together(*calls: Callable[[], _T]) -> list[_T]:
    """Run all at the same moment."""
    barrier = threading.Barrier(len(calls), timeout=240)

    def one(call: Callable[[], _T]) -> _T:
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def _stalled(stack: contextlib.ExitStack, server: Server, hidden: dict[str, str]) -> Sending:
    """An upload that has sent half of its three megabytes."""
    sending = stack.enter_context(server.client.sending(hidden, generated("half.bin", 3 * MIB)))
    with contextlib.suppress(OSError):  # a refused one is cut off while it sends
        sending.send(MIB + MIB // 2)
    return sending


def _hash(file: File) -> bytes:
    return hashlib.sha256(b"".join(file.pieces())).digest()


def test_ten_stalled_uploads_stop_nobody(server: Server) -> None:
    """While ten uploads hang, a report, a look-up and another upload go through; then nothing of the ten stays."""
    client = server.client
    hidden = client.report().hidden
    with contextlib.ExitStack() as stack:
        for _ in range(10):
            _stalled(stack, server, hidden)
        wait_until("ten uploads hang", lambda: server.unfinished() == 10)
        second = client.report()
        assert second.statuses == ["TERKIRIM"]
        assert client.open(second.hidden).statuses == ["TERKIRIM"]
        assert client.add(second.hidden, generated("whole.bin", MIB)).status == 200
        before = server.blob_count()
    wait_until("nothing of them stays", lambda: server.unfinished() == 0)
    assert server.blob_count() == before


def test_beyond_the_upload_threads_an_upload_is_told_to_wait(server: Server) -> None:
    """With every slot of both workers taken, the next upload gets a readable 503 and the report form still works."""
    client = server.client
    hidden = client.report().hidden
    with contextlib.ExitStack() as stack:
        held: list[Sending] = []
        for _ in range(20 * SLOTS):  # the kernel shares connections out unevenly
            sending = _stalled(stack, server, hidden)
            if sending.is_answered(0.3):
                assert sending.answer().status == 503
                sending.close()
            else:
                held.append(sending)
            if len(held) == SLOTS:
                break
        wait_until("all slots are taken", lambda: server.unfinished() == SLOTS)
        refused = client.add(hidden, ("what", "x"), generated("one-more.bin", 300_000))
        assert (refused.status, refused.error) == (503, "busy")
        assert client.report().statuses == ["TERKIRIM"]
        assert client.open(hidden).statuses == ["TERKIRIM"]
    wait_until("nothing of them stays", lambda: server.unfinished() == 0)
    assert client.add(hidden, generated("later.bin", 300_000)).status == 200


def test_half_a_request_holds_no_thread_for_ever(server: Server) -> None:
    """More connections than threads that send one byte and fall silent delay a reader for seconds, not for ever."""
    with contextlib.ExitStack() as stack:
        for _ in range(THREADS * WORKERS + 4):
            half = stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            half.sendall(b"G")
        for _ in range(THREADS * WORKERS):
            stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
        assert server.client.get("/lapor").status == 200


@pytest.mark.soak
def test_a_slow_upload_is_not_killed(server: Server) -> None:
    """Small pieces over twenty-two seconds, longer than a head or an idle connection may take, are acknowledged."""
    client, file = server.client, generated("slow.bin", 220_000)
    hidden = client.report().hidden
    with client.sending(hidden, file, piece=5_000) as sending:
        for _ in range(44):
            sending.send(5_000)
            time.sleep(0.5)
        assert sending.send().answer().status == 200
    assert _hash(file) in {held.opened.file_sha256 for held in server.held()}


def test_an_interrupted_form_keeps_what_was_complete_and_can_be_sent_again(own_site: SiteFolder) -> None:
    """Text and first file of a broken form count, its half file does not; the same form again stores each once."""
    with serving(own_site) as server:
        client = server.client
        hidden = client.report().hidden
        first, second = File("satu.txt", b"satu" * 1000), generated("dua.bin", 3 * MIB)
        with client.sending(hidden, ("what", "Tambahan"), first, second) as sending:
            sending.send(2 * MIB)
            wait_until("the second file has begun", lambda: server.unfinished() == 1)
        wait_until("the half file is forgotten", lambda: server.unfinished() == 0)
        kept = [(held.kind, held.opened.message.name) for held in server.held()]
        assert sorted(kept) == [("addition", ""), ("file", "satu.txt"), ("report", "")]
        assert client.add(hidden, ("what", "Tambahan"), first, second).status == 200
        again = [(held.kind, held.opened.message.name) for held in server.held()]
        assert sorted(again) == [("addition", ""), ("file", "dua.bin"), ("file", "satu.txt"), ("report", "")]
        assert all(held.opened.is_member for held in server.held())


def test_eight_parallel_uploads_are_eight_files(server: Server) -> None:
    """Eight reporters send a file at the same moment: eight answers, eight files, byte for byte."""
    client = server.client
    files = [generated(f"{number}.bin", 2 * MIB + number) for number in range(8)]
    secrets = [client.report().hidden for _ in files]
    pages = _together(*(lambda f=file, h=hidden: client.add(h, f) for file, hidden in zip(files, secrets, strict=True)))
    assert [page.status for page in pages] == [200] * 8
    stored = {held.opened.message.name: held.opened.file_sha256 for held in server.held()}
    assert all(stored[file.filename] == _hash(file) for file in files)


def test_a_double_click_is_one_report(server: Server) -> None:
    """The same report posted four times at once is acknowledged four times and kept once."""
    client = server.client
    form, before = client.form(), server.blob_count()
    pages: list[Page] = _together(*[lambda: client.post("/lapor", form)] * 4)
    assert [page.statuses for page in pages] == [["TERKIRIM"]] * 4
    assert server.blob_count() == before + 1


def test_the_same_file_form_twice_at_once_is_stored_once(server: Server) -> None:
    """A reload in the middle of an upload: each text and file of the form is one blob."""
    client = server.client
    hidden = client.report().hidden
    parts = [("what", "Dua kali"), File("kecil.txt", b"k"), generated("besar.bin", 2 * MIB)]
    before = server.blob_count()
    pages = _together(*[lambda: client.add(hidden, *parts)] * 2)
    assert [page.status for page in pages] == [200, 200]
    assert server.blob_count() == before + 3
    assert server.unfinished() == 0


@pytest.mark.soak
def test_a_silent_upload_is_dropped_at_last(server: Server) -> None:
    """Who says nothing for PIECE_SECONDS loses the thread, and the half upload with it."""
    hidden = server.client.report().hidden
    with contextlib.ExitStack() as stack:
        sending = _stalled(stack, server, hidden)
        wait_until("it hangs", lambda: server.unfinished() == 1)
        wait_until("it is dropped", lambda: server.unfinished() == 0, PIECE_SECONDS + 60)
        assert sending.is_answered(5)
