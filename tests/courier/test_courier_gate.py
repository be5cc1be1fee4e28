"""Through the gate a courier collects exports and hands in returns, and can do nothing else."""

import contextlib
import hashlib
import http.client
import io
import os
import pwd
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import BinaryIO
from zoneinfo import ZoneInfo

import pytest
from courier_desks import TODAY, Office, everything, put_blob, revocations
from gate_support import Opened, bound_room, open_gate, short_folder
from hypothesis import given
from hypothesis import strategies as st
from test_courier_export import change

from dropbox.cli import main
from dropbox.courier import signer, upkeep
from dropbox.courier.gate import broker, messages, run, server, spool
from dropbox.courier.gate.client import Gate
from dropbox.courier.importing import import_bundle
from dropbox.courier.state import Desk, State
from dropbox.courier.survey import survey
from dropbox.crypto.signing import Trust
from dropbox.errors import (
    ConfigurationError,
    DropboxError,
    GateError,
    LockedError,
    MalformedError,
    NotFoundError,
    RefusedError,
    StorageFullError,
    TooLargeError,
    UntrustedError,
)
from dropbox.limits import PIECE_BYTES, RETURN_BUNDLE_MAX_BYTES
from dropbox.sentences.catalogue import Sentence
from dropbox.settings.installation import load
from dropbox.store.database import Store
from dropbox.store.room import Shares
from dropbox.wire.bundle import ExportReader
from dropbox.wire.calendar import date_of
from tests.support.exports import Server
from tests.support.root import need_root
from tests.support.server import wait_until

NOBODY = 65_534


@pytest.fixture
def opened(office: Office) -> Iterator[Opened]:
    """A gate that answers this process."""
    with open_gate(office) as one:
        yield one


def fetched(opened: Opened, start: int = 0) -> bytes:
    """The export of the gate, from an offset."""
    export = opened.gate.export()
    assert export is not None
    return b"".join(opened.gate.read(export.number, start))


def hand_in(opened: Opened, untrusted: bytes) -> messages.Taken:
    return opened.gate.take(io.BytesIO(untrusted), len(untrusted))


def answer_to(opened: Opened, request: bytes) -> bytes:
    """What the gate sends back for raw bytes until it closes."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as raw:
        raw.settimeout(60)
        raw.connect(str(opened.socket))
        raw.sendall(request)
        raw.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: raw.recv(65_536), b""))


# ---- who may ask -----------------------------------------------------------------------------------------------------


def test_a_user_who_is_not_named_gets_no_answer(office: Office) -> None:
    """The connection is closed without a byte, whatever is asked."""
    with open_gate(office, users=frozenset({os.getuid() + 1})) as opened:
        with pytest.raises(GateError) as caught:
            opened.gate.state()
        assert caught.value.code == "gate.ended"
        with pytest.raises(GateError):
            hand_in(opened, office.itjen.full_return())
    assert office.store.published.get("keys", "itjen") is None


AS_NOBODY = """
import os, sys
from pathlib import Path
from dropbox.courier.gate.client import Gate, GateError
socket, database, spool = sys.argv[1:]
os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    Gate(Path(socket)).state()
    print("answered")
except GateError as error:
    print(error.code)
for path in (database, spool):
    try:
        os.open(path, os.O_RDONLY)
        print("opened")
    except PermissionError:
        print("closed")
"""


@pytest.mark.parametrize(("named", "said"), [(NOBODY, "answered"), (0, "gate.ended")])
def test_the_kernel_says_who_asks(office: Office, named: int, said: str) -> None:
    """A process of another user is answered if that user is named, and never opens the store or the spool itself."""
    need_root("only root can become another user")
    with open_gate(office, users=frozenset({named})) as opened:
        opened.socket.parent.chmod(0o711)
        opened.socket.chmod(0o666)
        database = office.config.parent / "store.db"
        assert stat.S_IMODE(database.stat().st_mode) == 0o600
        assert stat.S_IMODE(opened.spool.folder.stat().st_mode) == 0o700
        arguments = [str(opened.socket), str(database), str(opened.spool.folder)]
        done = subprocess.run([sys.executable, "-c", AS_NOBODY, *arguments], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [said, "closed", "closed"]


def test_there_is_no_sixth_request(office: Office, opened: Opened) -> None:
    """Any other method, path, query or range is refused, and the store stays as it is."""
    put_blob(office.store)
    opened.gate.prepare()
    before = everything(office.store)
    asked = [
        (method, path) for method in ("PUT", "DELETE", "PATCH", "HEAD", "OPTIONS") for path in ("/export", "/return")
    ]
    asked += [
        ("GET", path) for path in ("/", "/return", "/state/", "/state?x=1", "/export/", "/export/-1", "/../state")
    ]
    asked += [("POST", path) for path in ("/", "/state", "/export/1", "/import", "/export?x")]
    for method, path in asked:
        said = answer_to(opened, f"{method} {path} HTTP/1.1\r\nContent-Length: 0\r\n\r\n".encode())
        assert said.split()[1] in {b"404", b"501"}, (method, path)
    for asked_range in ("bytes=-5", "bytes=0-5", "bytes=5-,7-", "lines=1-"):
        said = answer_to(opened, f"GET /export/1 HTTP/1.1\r\nRange: {asked_range}\r\n\r\n".encode())
        assert said.split()[1] == b"400", asked_range
    for length in ("", "-1", "1e3", "0x10"):
        said = answer_to(opened, f"POST /return HTTP/1.1\r\nContent-Length: {length}\r\n\r\n".encode())
        assert said.split()[1] == b"409", length
    assert everything(office.store) == before


def test_a_ninth_connection_is_closed(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """While as many connections are open as the gate has room for, the next is closed; then there is room again."""
    monkeypatch.setattr(server, "_CONNECTIONS", 1)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as first:
        first.connect(str(opened.socket))
        first.sendall(b"GET /state HTTP/1.1\r\n")  # the rest never comes
        with pytest.raises(GateError):
            opened.gate.state()

    def answers() -> bool:
        try:
            opened.gate.state()
        except GateError:
            return False
        return True

    wait_until("the gate answers again", answers)


def test_an_old_connection_is_ended(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """However slowly its bytes come, no connection lasts longer than its bound."""
    monkeypatch.setattr(server, "_CONNECTION_SECONDS", -1)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as slow:
        slow.settimeout(60)
        slow.connect(str(opened.socket))
        assert slow.recv(100) == b""


def test_nothing_is_written_about_a_request(office: Office, opened: Opened, capfd: pytest.CaptureFixture[str]) -> None:
    """Neither a request that is answered, nor one that is refused, nor a broken one leaves a line."""
    opened.gate.state()
    opened.gate.prepare()
    answer_to(opened, b"GET /export/1 HTTP/1.1\r\nRange: bytes=x\r\n\r\n")
    answer_to(opened, b"no request\r\n\r\n")
    answer_to(opened, b"POST /return HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc")
    assert capfd.readouterr() == ("", "")


def test_a_failure_inside_is_named_by_its_place(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The courier hears that the gate failed, the server's log has type and place, and neither has the message."""

    def fail(_: object) -> None:
        raise OSError("kanari-4711")

    monkeypatch.setattr("dropbox.courier.gate.broker.survey", lambda *_: fail(0))
    with pytest.raises(GateError) as caught:
        opened.gate.state()
    assert caught.value.code == "gate.failed"
    said = capsys.readouterr().err
    assert "OSError at test_courier_gate.py:" in said
    assert "kanari" not in said


# ---- what waits ------------------------------------------------------------------------------------------------------


def test_the_state_is_that_of_the_store(office: Office) -> None:
    """Through the gate comes what the survey of the store says, sentence by sentence, but for the hours of the look."""
    bound_room(office)
    office.take(office.itjen.full_return([put_blob(office.store)]))
    put_blob(office.store)
    settings = load(office.config)
    shares = Shares(settings.store_bytes)
    with open_gate(office) as opened:
        state = opened.gate.state()
        store = Store(office.store.connections.engine, shares)
        assert replace(state, looked=None) == survey(store, office.anchor, settings, TODAY)


def test_whoever_watches_learns_no_hour(office: Office, opened: Opened) -> None:
    """A report that arrives is seen after STATE_SECONDS; what a return changed is seen at once."""
    office.take(office.itjen.full_return())
    assert not opened.gate.state().waiting
    put_blob(office.store)
    opened.clock.now = broker.STATE_SECONDS - 1
    assert not opened.gate.state().waiting
    opened.clock.now = broker.STATE_SECONDS
    assert opened.gate.state().waiting
    hand_in(opened, office.itjen.returns(office.itjen.receipts(office.store.blobs.snapshot(), 2), number=2))
    assert not opened.gate.state().waiting


def test_a_known_return_shows_nothing_new(office: Office, opened: Opened) -> None:
    """Who hands in the same file again and again sees no report that came meanwhile."""
    bundle = office.itjen.full_return()
    hand_in(opened, bundle)
    assert not opened.gate.state().waiting
    put_blob(office.store)
    assert not hand_in(opened, bundle).is_new
    assert not opened.gate.state().waiting


def test_what_an_export_holds_waits(office: Office, opened: Opened) -> None:
    """An export is itself a look, and the state from then on says so."""
    assert not opened.gate.state().waiting
    put_blob(office.store)
    opened.gate.prepare()
    assert opened.gate.state().waiting


def test_the_notes_are_read_each_time(office: Office, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full store is said at once, while the number of used MiB is that of the last look."""
    before = opened.gate.state()
    monkeypatch.setattr(upkeep, "used", lambda _: Sentence("courier.room-any", used=999))
    monkeypatch.setattr(upkeep, "notes", lambda *_: [Sentence("courier.texts-full")])
    after = opened.gate.state()
    assert [note.code for note in after.notes[:2]] == [before.notes[0].code, "courier.texts-full"]
    assert after.notes[0] == before.notes[0]


def test_a_new_certificate_is_known_at_once(office: Office, opened: Opened) -> None:
    """The next answer after it was handed in has its last day."""
    change(office, "DELETE FROM state WHERE name = 'server certificate'")
    assert opened.gate.state().certificate_until is None
    wanted = signer.request(office.store, Trust(office.anchor, TODAY))
    root = Server(office.root, office.anchor, serial=2)
    hand_in(opened, root.certificate(TODAY, TODAY + 200, server=wanted.server))
    assert opened.gate.state().certificate_until == TODAY + 200


def test_the_hours_of_a_look_are_a_step_of_six() -> None:
    """In the installation's zone, also over midnight."""
    zone = ZoneInfo("Asia/Jakarta")
    for now, day, start, end in ((0, "01", "07.00", "13.00"), (12 * 3600 + 1, "01", "19.00", "01.00")):
        looked = broker._looked(datetime.fromtimestamp(now, UTC), zone).values
        assert (str(looked["day"]), looked["start"], looked["end"]) == (f"1970-01-{day}", start, end)


# ---- exports ---------------------------------------------------------------------------------------------------------


def test_an_export_is_what_the_store_holds(office: Office, opened: Opened) -> None:
    """While reports arrive, the export has all that were there before it, and none that is not in the store."""
    before = {put_blob(office.store).id for _ in range(20)}
    stop = threading.Event()

    def arrive() -> None:
        while not stop.is_set():
            put_blob(office.store)

    thread = threading.Thread(target=arrive)
    thread.start()
    try:
        export = opened.gate.prepare()
    finally:
        stop.set()
        thread.join()
    data = fetched(opened)
    reader = ExportReader(io.BytesIO(data).read, office.anchor.instance)
    stored = {blob.id: blob.sha256 for blob in office.store.blobs.snapshot()}
    found = {blob.id: hashlib.sha256(b"".join(reader.pieces())).digest() for blob in reader.blobs()}
    assert before <= found.keys()
    assert found.items() <= stored.items()
    assert (export.length, export.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert (export.number, export.day, export.blobs) == (reader.head.number, reader.head.day, len(found))
    assert opened.gate.export() == export


def test_a_broken_download_goes_on(office: Office, opened: Opened) -> None:
    """From any offset come the same bytes as the first time, and at the end none."""
    put_blob(office.store, 3 * PIECE_BYTES)
    export = opened.gate.prepare()
    whole = fetched(opened)
    for start in (0, 1, PIECE_BYTES - 1, PIECE_BYTES, export.length - 1, export.length):
        assert fetched(opened, start) == whole[start:]
    with pytest.raises(NotFoundError):
        fetched(opened, export.length + 1)
    with pytest.raises(NotFoundError):
        next(opened.gate.read(export.number + 1, 0))


def test_there_is_none_before_the_first(opened: Opened) -> None:
    """Nothing can be read that was not prepared."""
    assert opened.gate.export() is None
    with pytest.raises(NotFoundError):
        next(opened.gate.read(1, 0))


def test_a_new_export_replaces_the_old_one(office: Office, opened: Opened) -> None:
    """The old number is gone, and there is one file without a name."""
    first = opened.gate.prepare()
    put_blob(office.store)
    second = opened.gate.prepare()
    assert (second.number, second.blobs) == (first.number + 1, 1)
    with pytest.raises(NotFoundError):
        next(opened.gate.read(first.number, 0))
    assert list(opened.spool.folder.iterdir()) == []


def test_no_export_is_replaced_while_it_is_read(office: Office, opened: Opened) -> None:
    """Whoever asks meanwhile is told to wait; afterwards it is possible."""
    put_blob(office.store, 20 * PIECE_BYTES)  # more than the socket holds
    export = opened.gate.prepare()
    reading = opened.gate.read(export.number, 0)
    first = next(reading)
    with pytest.raises(GateError) as caught:
        opened.gate.prepare()
    assert caught.value.code == "gate.busy"
    assert hashlib.sha256(first + b"".join(reading)).hexdigest() == export.sha256

    def replaces() -> bool:
        try:
            return opened.gate.prepare().number == export.number + 1
        except GateError:
            return False

    wait_until("nobody reads any more", replaces)


def test_two_exports_are_not_written_at_once(opened: Opened) -> None:
    """The second is refused while the first is being written."""

    def write(_file: object, _measured: object) -> messages.Export:
        with pytest.raises(GateError) as caught:
            opened.gate.prepare()
        assert caught.value.code == "gate.busy"
        return messages.Export(7, TODAY, 0, "", 0, ())

    assert opened.spool.write(0, write).number == 7


def test_an_export_ends_after_a_day(office: Office, opened: Opened) -> None:
    """It is gone and its room is free, also for a reader who is in the middle of it."""
    put_blob(office.store, 20 * PIECE_BYTES)
    export = opened.gate.prepare()
    opened.clock.now = spool.SPOOL_SECONDS - 1
    reading = opened.gate.read(export.number, 0)
    next(reading)
    opened.clock.now = spool.SPOOL_SECONDS
    assert opened.gate.export() is None
    with pytest.raises(GateError):
        list(reading)


def test_there_are_few_exports_a_day(opened: Opened) -> None:
    """After EXPORTS_A_DAY the last one stays and no other is written, until a day after the first."""
    for count in range(spool.EXPORTS_A_DAY):
        opened.clock.now = float(count)
        last = opened.gate.prepare()
    with pytest.raises(GateError) as caught:
        opened.gate.prepare()
    assert caught.value.code == "gate.too-many"
    assert opened.gate.export() == last
    opened.clock.now = float(spool.SPOOL_SECONDS)
    assert opened.gate.prepare().number == last.number + 1


def test_without_room_the_old_export_stays(office: Office, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal drops nothing, uses none of the day's exports, and says no exact size."""
    put_blob(office.store)
    export = opened.gate.prepare()
    with monkeypatch.context() as patch:
        patch.setattr(spool, "_LEFT_FREE_BYTES", 1 << 60)
        for _ in range(spool.EXPORTS_A_DAY + 1):
            with pytest.raises(StorageFullError) as full:
                opened.gate.prepare()
            assert (full.value.code, int(str(full.value.values["needed"])) % 256) == ("gate.no-room", 0)
    assert opened.gate.export() == export
    assert opened.gate.prepare().number == export.number + 1


def test_the_room_of_the_old_export_counts(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a disk that has room for one export alone, a new one replaces it."""

    def write(file: BinaryIO, _measured: object) -> messages.Export:
        file.write(bytes(4 * PIECE_BYTES))
        file.flush()
        os.fsync(file.fileno())
        return messages.Export(7, TODAY, 0, "", 0, ())

    opened.spool.write(0, write)
    full = SimpleNamespace(f_bavail=0, f_frsize=1)
    monkeypatch.setattr(spool, "_LEFT_FREE_BYTES", 0)
    monkeypatch.setattr(os, "statvfs", lambda _: full)
    assert opened.spool.write(4 * PIECE_BYTES, write).number == 7
    with pytest.raises(StorageFullError):
        opened.spool.write(8 * PIECE_BYTES, write)


def test_an_export_counts_when_it_was_read_to_its_end(office: Office, opened: Opened) -> None:
    """To have one written, or to read a part of it, is no export for the server's status."""
    put_blob(office.store, 20 * PIECE_BYTES)
    opened.gate.prepare()
    export = opened.gate.export()
    assert export is not None
    next(opened.gate.read(export.number, 0))  # closed at once
    assert upkeep.last_export(office.store) is None
    fetched(opened, export.length - 1)
    wait_until("it is noted", lambda: upkeep.last_export(office.store) == load(office.config).night())


def test_a_failed_export_leaves_nothing(office: Office, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a certificate, without room or with a full disk there is a sentence and no export."""
    put_blob(office.store)
    monkeypatch.setattr(spool, "_LEFT_FREE_BYTES", 1 << 60)
    with pytest.raises(StorageFullError) as full:
        opened.gate.prepare()
    assert full.value.code == "gate.no-room"
    monkeypatch.undo()
    change(office, "DELETE FROM state WHERE name = 'server certificate'")
    with pytest.raises(ConfigurationError):
        opened.gate.prepare()
    assert opened.gate.export() is None


def test_a_damaged_blob_is_said(office: Office, opened: Opened) -> None:
    """The export says it, and that it is urgent."""
    blob = put_blob(office.store)
    change(office, "UPDATE chunk SET data = zeroblob(length(data))")
    export = opened.gate.prepare()
    assert export.is_urgent
    assert any(note.code == "command.damaged-in-database" and blob.sha256.hex() in note for note in export.notes)


# ---- returns ---------------------------------------------------------------------------------------------------------


def test_a_return_is_imported_once(office: Office, opened: Opened) -> None:
    """The first time it deletes what all have collected, the second time it changes nothing."""
    blob = put_blob(office.store)
    bundle = office.itjen.full_return([blob])
    first, second = hand_in(opened, bundle), hand_in(opened, bundle)
    assert (first.what, first.is_new, first.deleted) == ("return 1-0001 of itjen", True, 1)
    assert (second.is_new, second.deleted) == (False, None)
    assert office.store.blobs.snapshot() == []


def test_what_the_root_did_not_sign_changes_nothing(office: Office, opened: Opened) -> None:
    """A forged, altered, older, cut, private or foreign file is refused as by the command, with the same error."""
    office.take(office.itjen.full_return(number=2))
    office.take(revocations(office.root, office.anchor, 3))
    whole = office.itjen.full_return(number=3)
    stranger = whole[:-1] + bytes([whole[-1] ^ 1])  # its last byte is often 0
    cases: list[tuple[bytes, type[DropboxError]]] = [
        (stranger, UntrustedError),
        (office.itjen.full_return(number=1), RefusedError),
        (office.itjen.full_return(number=3)[:-9], MalformedError),
        (b"dropbox private file v1\nx", RefusedError),
        (office.anchor.encode(), MalformedError),
        (revocations(office.root, office.anchor, 2), RefusedError),
        (b"", MalformedError),
    ]
    before = everything(office.store)
    for untrusted, kind in cases:
        with pytest.raises(kind) as here:
            import_bundle(office.store, office.anchor, untrusted, load(office.config).desks, TODAY)
        with pytest.raises(kind) as there:
            hand_in(opened, untrusted)
        assert there.value.sentence("id") == here.value.sentence("id")
    assert everything(office.store) == before


def test_too_much_is_refused_before_it_is_read(opened: Opened) -> None:
    """By the client, and by the gate for a client that does not ask first."""
    with pytest.raises(TooLargeError):
        opened.gate.take(io.BytesIO(), RETURN_BUNDLE_MAX_BYTES + 1)
    length = RETURN_BUNDLE_MAX_BYTES + 1
    said = answer_to(opened, f"POST /return HTTP/1.1\r\nContent-Length: {length}\r\n\r\n".encode())
    assert b"TooLargeError" in said


def test_a_return_that_ends_early_is_not_imported(office: Office, opened: Opened) -> None:
    """A file that is shorter than announced, or a connection that breaks, changes nothing."""
    bundle = office.itjen.full_return()
    with pytest.raises(MalformedError):
        opened.gate.take(io.BytesIO(bundle[:-1]), len(bundle))
    head = f"POST /return HTTP/1.1\r\nContent-Length: {len(bundle)}\r\n\r\n".encode()
    assert answer_to(opened, head + bundle[:-1]) == b""
    assert office.store.published.get("return", "itjen") is None


def test_a_third_return_waits(office: Office, opened: Opened) -> None:
    """Two returns are in memory at most; the next is told to come again, and is taken when one of them has ended."""
    for _ in range(2):
        assert opened.server.returns.acquire(blocking=False)
    with pytest.raises(GateError) as caught:
        hand_in(opened, office.itjen.full_return())
    assert caught.value.code == "gate.busy-returns"
    opened.server.returns.release()
    assert hand_in(opened, office.itjen.full_return()).is_new


# ---- the process -----------------------------------------------------------------------------------------------------


def test_a_killed_gate_leaves_no_export(office: Office) -> None:
    """After SIGKILL the spool has no file; the next gate starts over the old socket, and SIGTERM ends it cleanly."""
    put_blob(office.store)
    with short_folder() as folder:
        path = folder / "run" / "gate"
        path.parent.mkdir(mode=0o750)
        named = (
            office.config.read_text()
            + f'[courier]\nsocket = "{path}"\nusers = ["{_own_name()}"]\nspool = "{folder}/spool"\n'
        )
        office.config.write_text(named)
        command = [sys.executable, "-m", "dropbox", "courier", "gate", "--config", str(office.config)]
        for end in ("kill", "terminate"):
            process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
            assert process.stderr is not None
            assert process.stderr.readline() != ""
            export = Gate(path).prepare()
            assert main(["courier", "gate", "--config", str(office.config)]) == 1  # one runs already
            assert stat.S_IMODE((folder / "spool").stat().st_mode) == 0o700
            getattr(process, end)()
            assert process.wait(60) == (0 if end == "terminate" else -9)
            process.stderr.close()
            assert list((folder / "spool").iterdir()) == []
            assert path.exists() == (end == "kill")
            assert export.blobs == 1


def _own_name() -> str:
    return pwd.getpwuid(os.getuid()).pw_name


@pytest.mark.parametrize(
    ("lines", "mode", "code"),
    [
        ("", 0o750, "gate.no-socket"),
        ('socket = "run/gate"\nusers = ["no-such-user-here"]', 0o750, "gate.unknown-user"),
        ('socket = "run/gate"\nusers = []', 0o755, "gate.open-folder"),
        ('socket = "run/gate"\nusers = []', 0o770, "gate.open-folder"),
        ('socket = "nowhere/gate"\nusers = []', 0o750, "gate.no-folder"),
        ('socket = "run/file"\nusers = []', 0o750, "gate.not-socket"),
        ('socket = "run/' + "long" * 40 + '"\nusers = []', 0o750, "gate.no-folder"),
        ('socket = "run/gate"\nusers = [3]', 0o750, "settings.courier"),
    ],
)
def test_it_does_not_start_where_others_could_ask(
    office: Office, lines: str, mode: int, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each wrong set-up has its sentence, and a file that is no socket stays."""
    folder = office.config.parent / "run"
    folder.mkdir()
    (folder / "file").write_text("mine")
    folder.chmod(mode)
    office.config.write_text(f"{office.config.read_text()}[courier]\n{lines}\n")
    assert main(["courier", "gate", "--config", str(office.config)]) == 1
    start = Sentence(code, name="no-such-user-here", path="", system=0)[:20]
    said = capsys.readouterr().err
    assert start in said or str(folder) in said or "nowhere" in said
    assert (folder / "file").read_text() == "mine"


def test_a_gate_that_does_not_answer_runs_already() -> None:
    """A socket whose queue is full is neither waited for nor removed."""
    with short_folder() as folder, contextlib.ExitStack() as stack:
        listens = stack.enter_context(socket.socket(socket.AF_UNIX))
        listens.bind(str(folder / "gate"))
        listens.listen(0)
        with contextlib.suppress(BlockingIOError):
            while True:
                waits = stack.enter_context(socket.socket(socket.AF_UNIX))
                waits.settimeout(0)
                waits.connect(str(folder / "gate"))
        with pytest.raises(ConfigurationError) as caught:
            run._make_way(folder / "gate")
        assert caught.value.code == "gate.runs-already"
        assert (folder / "gate").exists()


def test_a_folder_of_another_user_is_refused() -> None:
    """Its owner could replace the socket: the gate does not start there, and no client asks there."""
    need_root("only root can give a folder away")
    with short_folder() as folder:
        path = folder / "gate"
        os.chown(folder, NOBODY, 0)
        with pytest.raises(ConfigurationError) as refused:
            run._make_way(path)
        assert refused.value.code == "gate.open-folder"
        with socket.socket(socket.AF_UNIX) as listens:
            listens.bind(str(path))
            listens.listen()
            with pytest.raises(GateError) as caught:
                Gate(path).state()
        assert caught.value.code == "gate.stranger"


# ---- how answers travel ----------------------------------------------------------------------------------------------

SENTENCES = st.sampled_from(
    [
        Sentence("courier.room", used=5, left="any"),
        Sentence("courier.desk-over", desk="itjen", day=date_of(TODAY)),
        Sentence("server-certificate.warning", error=UntrustedError("server-certificate.renew")),
    ]
)
DAYS = st.none() | st.integers(0, 2**31)
DESKS = st.builds(Desk, st.text(max_size=10), DAYS, DAYS, DAYS, st.lists(SENTENCES, max_size=3).map(tuple))


@given(
    st.builds(
        State,
        st.booleans(),
        DAYS,
        st.lists(DESKS, max_size=3).map(tuple),
        DAYS,
        DAYS,
        st.lists(SENTENCES, max_size=3).map(tuple),
        st.booleans(),
        st.none() | SENTENCES,
    )
)
def test_a_state_travels_unchanged(state: State) -> None:
    """What is encoded is decoded, with its sentences in both languages."""
    read = messages.state_of(messages.encode(state))
    assert read == state
    assert [one.sentence("id") for one in read.notes] == [one.sentence("id") for one in state.notes]


@given(
    st.binary(max_size=200) | st.sampled_from([b"[]", b"{}", b"null", b'{"desks": 3}', b'{"kind": "x", "error": 1}'])
)
def test_an_answer_that_is_not_understood_is_an_error(untrusted: bytes) -> None:
    """Whatever comes, it is refused with a sentence and not with a failure."""
    for read in (messages.state_of, messages.export_of, messages.taken_of):
        with pytest.raises(GateError):
            read(untrusted)
    assert isinstance(messages.error_of(untrusted), GateError)


def test_an_error_travels_with_its_kind() -> None:
    """An error within an error keeps its sentence, and a kind that no client raises becomes a GateError."""
    inner = UntrustedError("server-certificate.renew")
    read = messages.error_of(messages.refusal(RefusedError("server-certificate.warning", error=inner)))
    assert isinstance(read, RefusedError)
    assert inner.sentence("id") in read.sentence("id")
    assert type(messages.error_of(messages.refusal(LockedError("gate.busy")))) is GateError


def test_a_gate_that_is_not_there_is_said() -> None:
    """No socket, no folder, or a socket at which nobody listens: one sentence."""
    with short_folder() as folder:
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(str(folder / "dead"))
        for path in (folder / "none", folder / "no" / "folder", folder / "dead"):
            with pytest.raises(GateError) as caught:
                Gate(path).state()
            assert caught.value.code == "gate.closed"


def test_a_gate_that_ends_in_the_middle_is_said(monkeypatch: pytest.MonkeyPatch, opened: Opened) -> None:
    """A broken answer is an error of the gate, never of this program."""

    def broken(*_: object) -> bytes:
        raise http.client.IncompleteRead(b"")

    monkeypatch.setattr(http.client.HTTPResponse, "read", broken)
    with pytest.raises(GateError):
        opened.gate.state()
