"""Locking waits for nobody: neither for a sandbox, nor for a query, an import, or requests that wait for the vault."""

import contextlib
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import samples
import sqlcipher3
from desk_world import Busy, DeskClient, make_desk
from test_desk_files import addresses, exported, take_files
from triage_world import SETTINGS, World, new_thread

from dropbox.errors import LockedError
from dropbox.triage.cases import audit_log
from dropbox.triage.casework import search
from dropbox.triage.evidence import jobs, sandbox
from dropbox.triage.evidence.reasons import UnreadableError
from dropbox.triage.intake import importing
from dropbox.triage.ui.turns import Turns
from dropbox.triage.vault.work import Work
from tests.support.server import children_of, wait_until

_LONG = 120.0  # seconds after which a state that should come is missed
_ENDLESS = "import sys, signal; sys.stdout.buffer.write(b'!'); sys.stdout.buffer.flush()\nwhile True: signal.pause()"
_ENDLESS_QUERY = "with recursive n (i) as (select 1 union all select i + 1 from n) select count(*) from n"


def _sandboxes() -> list[int]:
    """Processes of this one that are sandboxes and have not ended."""
    found = []
    for process in children_of(os.getpid()):
        with contextlib.suppress(OSError):
            if b"bwrap" in Path(f"/proc/{process}/cmdline").read_bytes():
                found.append(process)
    return found


@contextlib.contextmanager
def _held(client: DeskClient) -> Iterator[None]:
    """Somebody else has the vault's turn within the block, as a request has it."""
    entered, done = threading.Event(), threading.Event()

    def work() -> None:
        assert client.desk.enter()
        entered.set()
        done.wait(_LONG)
        client.desk.leave()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert entered.wait(_LONG)
    yield
    done.set()
    thread.join(_LONG)


def test_locking_ends_a_sandbox_that_never_would(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Meanwhile pages answer, its own too; afterwards no process is left, nothing was kept, and the vault is free."""
    take_files(world, ("foto.jpg", samples.photo()))
    client = make_desk(world)
    (address,) = addresses(client)
    token = client.token()
    monkeypatch.setattr(sandbox, "_PROGRAM", _ENDLESS)
    assert "sedang dibaca" in client.get(address).text
    wait_until("the sandboxes run", lambda: len(_sandboxes()) == 2, _LONG)
    assert "sedang dibaca" in client.get(address).text
    assert client.get("/keadaan").text == "1"
    assert client.get("/kasus/1").status_code == 200
    assert client.browser.post("/kunci", data={"csrf_token": token}).location == "/buka"
    assert not client.desk.is_unlocked()
    wait_until("the sandboxes end", lambda: not _sandboxes(), _LONG)
    with world.open() as vault:
        assert vault.db.execute("select count(*) from findings").fetchone() == (0,)
        assert [line.details.get("why") for line in audit_log.lines(vault) if line.action == "lock"] == ["officer"]


def test_locking_leaves_no_half_copy(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cleaned copy that was being written is in no folder, and in no line of the log."""
    take_files(world, ("foto.jpg", samples.photo()))
    client = make_desk(world)
    (address,) = addresses(client)
    form = {"csrf_token": client.token()}
    monkeypatch.setattr(sandbox, "_PROGRAM", _ENDLESS)
    export = Busy(client, f"{address}/salinan", form)
    wait_until("the sandbox runs", _sandboxes, _LONG)
    client.desk.close("officer")
    assert export.answer.location == "/buka"
    assert exported(world) == []
    with world.open() as vault:
        assert "file.export" not in [line.action for line in audit_log.lines(vault)]


def test_locking_breaks_off_a_query(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that would go on for ever ends, its page is not shown, and the next officer can unlock."""
    client = make_desk(world)
    begun = threading.Event()

    def endless(work: Work, *_: object) -> list[object]:
        begun.set()
        return list(work.vault.db.execute(_ENDLESS_QUERY))

    monkeypatch.setattr(search, "search", endless)
    look = Busy(client, "/cari?q=uang")
    assert begun.wait(_LONG)
    client.post("/kunci")
    assert not client.desk.is_unlocked()
    assert look.answer.location == "/buka"
    assert client.unlock().status_code == 302
    assert client.get("/").status_code == 200
    client.desk.close("end")


def test_locking_breaks_off_an_import_whole(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not finished rolls back, and comes again with the same export."""
    client = make_desk(world)
    stick = world.folder / "stick"
    stick.mkdir()
    workstation = replace(client.desk.settings.workstation, stick=stick)
    client.desk.settings = replace(client.desk.settings, workstation=workstation)
    export = world.export([world.report(new_thread()) for _ in range(3)])
    (stick / "export-1").write_bytes(export)
    join, reached, locked = importing.join, threading.Event(), threading.Event()

    def slow(*arguments: object) -> int:
        number: int = join(*arguments)  # type: ignore[arg-type]
        if number == 2:
            reached.set()
            assert locked.wait(_LONG)
        return number

    monkeypatch.setattr(importing, "join", slow)
    taking = Busy(client, "/kurir/ambil", {"csrf_token": client.token(), "number": "0"})
    assert reached.wait(_LONG)
    client.post("/kunci")
    assert not client.desk.is_unlocked()
    locked.set()
    assert taking.answer.location == "/buka"
    monkeypatch.setattr(importing, "join", join)
    with world.open() as vault:
        assert vault.db.execute("select count(*) from cases").fetchone() == (0,)
        assert world.take(vault, [], number=9).opened == 0
        assert importing.import_export(Work(vault, SETTINGS, client.desk.today()), _reader(export)).opened == 3


def _reader(data: bytes) -> Callable[[int], bytes]:
    rest = memoryview(data)

    def read(count: int) -> bytes:
        nonlocal rest
        piece, rest = rest[:count], rest[count:]
        return bytes(piece)

    return read


def test_a_full_room_leaves_the_lock_and_the_clock(world: World) -> None:
    """Whoever finds no place any more is told so at once; locking and the page's clock are answered."""
    client = make_desk(world)
    client.desk.turns = Turns(1)
    token = client.token()
    with _held(client):
        busy = client.get("/")
        assert (busy.status_code, 'data-error="busy"' in busy.text) == (503, True)
        assert client.get("/keadaan").text == "1"
        assert client.browser.post("/kunci", data={"csrf_token": token}).status_code == 302
        assert client.get("/keadaan").text == "0"
    with world.open() as vault:
        assert vault.officer


def test_the_idle_clock_locks_the_screen_and_lets_a_step_end(world: World) -> None:
    """An import may take longer than the clock; no page is shown from then on, and the vault closes when it ends."""
    client = make_desk(world)
    vault = client.vault
    with _held(client):
        client.clock.pass_minutes(SETTINGS.workstation.idle_minutes + 1)
        assert client.get("/keadaan").text == "0"
        assert client.get("/").location.startswith("/buka")
        assert vault.db.execute("select 1").fetchone() == (1,)
    with world.open() as again:
        assert [line.details.get("why") for line in audit_log.lines(again) if line.action == "lock"] == ["idle"]


def test_a_page_that_was_waiting_is_not_shown_after_the_lock(world: World) -> None:
    """It waited for the vault while the officer locked: it leads to the door, without a word of a case."""
    with world.open() as vault:
        world.take(vault, [world.report(new_thread(), "Pungutan rahasia")])
    client = make_desk(world)
    with _held(client):
        waiting = Busy(client, "/kasus/1")
        client.desk.close("officer")
    assert waiting.answer.location.startswith("/buka")
    assert "rahasia" not in waiting.answer.text


def test_a_vault_that_was_stopped_takes_no_statement(world: World) -> None:
    """Neither alone nor within a transaction, until whoever closes it lets it go on."""
    with world.open() as vault:
        vault.db.stop()
        with pytest.raises(LockedError):
            vault.db.execute("select 1")
        with pytest.raises(LockedError):
            vault.db.executemany("insert into tags values (?, ?)", [(1, "x")])
        vault.db.go_on()
        assert vault.db.execute("select 1").fetchone() == (1,)


def test_a_connection_stops_when_its_holder_says_so(world: World) -> None:
    """The statement that runs breaks off, and none begins afterwards."""
    looks = iter(range(5))

    def check() -> None:
        if next(looks, None) is None:
            raise LockedError("vault.locked-meanwhile")

    with world.open() as vault:
        vault.db.watch(check)
        with pytest.raises(sqlcipher3.OperationalError, match="interrupted"):
            vault.db.execute(_ENDLESS_QUERY).fetchone()
        with pytest.raises(LockedError):
            vault.db.execute("select 1")


def test_what_waits_with_an_older_cookie_gets_no_vault_of_another_officer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waited for the turn while another officer unlocked: it leads to the door, without a word of a case."""
    with world.open() as vault:
        world.take(vault, [world.report(new_thread(), "Pungutan rahasia")])
    client, waits = make_desk(world), threading.Event()
    take_again = client.desk.turns.take_again
    with _held(client):
        monkeypatch.setattr(client.desk.turns, "take_again", lambda: (waits.set(), take_again()))
        waiting = Busy(client, "/kasus/1")
        assert waits.wait(_LONG)
        client.desk._pass = "of another officer"
    assert waiting.answer.location == "/buka?to=/kasus/1"
    assert "rahasia" not in waiting.answer.text
    client.desk.close("end")


def test_what_took_the_whole_time_is_not_tried_at_each_look(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is known by its hash, in another case as well; an officer may ask for it once more."""
    document = samples.docx()
    take_files(world, ("surat.docx", document))
    take_files(world, ("lagi.docx", document), number=2)
    client = make_desk(world)
    tried: list[int] = []

    @contextlib.contextmanager
    def late(*_: object) -> Iterator[int]:
        tried.append(1)
        raise UnreadableError("time")
        yield 0

    monkeypatch.setattr(jobs, "document", late)
    first, second = addresses(client, 1)[0], addresses(client, 2)[0]
    for address in (first, first, second):
        shown = client.look(address)
        assert "Terlalu lama" in shown.text
        assert "data-again" in shown.text
        assert client.get(f"{address}/halaman/1.png").status_code == 409
    assert len(tried) == 1
    assert client.post(f"{first}/lagi").status_code == 302
    assert "Terlalu lama" in client.look(first).text
    assert len(tried) == 2
    client.desk.close("end")
