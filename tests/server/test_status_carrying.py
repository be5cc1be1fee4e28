"""What is seen of the gate and of the courier's page, at real sockets and folders."""

import os
import pwd
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dropbox.sentences.catalogue import Sentence
from dropbox.server.carrying import Carrying, Gate, look
from dropbox.settings.installation import Settings, load
from dropbox.web.checks.sockets import Listener


@pytest.fixture
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A gate as its service leaves it, and nobody at its socket."""
    folder = tmp_path_factory.mktemp("c")
    (folder / "spool").mkdir(mode=0o700)
    (folder / "run").mkdir(mode=0o750)
    courier = replace(load().courier, socket=folder / "run" / "g", spool=folder / "spool", page_port=0)
    return replace(load(), courier=courier)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as opened:
        return int(opened.getsockname()[1])


def gate_of(settings: Settings) -> Gate:
    seen = look(settings, os.getuid()).gate
    assert isinstance(seen, Gate)
    return seen


@pytest.fixture
def listener(settings: Settings) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind(str(settings.courier.socket))
        opened.listen()
        yield opened


def test_a_gate_that_was_never_started_is_no_part(settings: Settings) -> None:
    """With no folder of its own, or without a socket in the settings, there is neither gate nor page."""
    never = settings.courier.spool.parent / "never"
    courier = replace(settings.courier, socket=never / "run" / "g", spool=never / "spool", page_port=free_port())
    seen = look(replace(settings, courier=courier), os.getuid())
    assert (seen.gate, seen.page) == (None, None)
    without = replace(settings, courier=replace(settings.courier, socket=None, page_port=8001))
    assert look(without, os.getuid()) == Carrying(None, None)


@pytest.mark.parametrize("missing", ["spool", "run"])
def test_a_gate_without_one_of_its_folders_is_a_gate(settings: Settings, missing: str) -> None:
    """A disk that is not mounted, or a service that failed since its first start, leaves a gate that is down."""
    (settings.courier.spool.parent / missing).rmdir()
    seen = gate_of(settings)
    assert (seen.user, seen.free is None) == (None, missing == "spool")


def test_a_page_without_a_gate_is_seen(settings: Settings) -> None:
    """Who listens at the page's port is seen, also where no gate was ever started."""
    never = settings.courier.spool.parent / "never"
    with socket.create_server(("127.0.0.1", 0)) as opened:
        port = opened.getsockname()[1]
        courier = replace(settings.courier, socket=never / "run" / "g", spool=never / "spool", page_port=port)
        seen = look(replace(settings, courier=courier), os.getuid())
    assert seen.gate is None
    assert [one.port for one in seen.page or () if isinstance(one, Listener)] == [port]


def test_couriers_are_the_users_of_the_settings(settings: Settings) -> None:
    """By their numbers; a name that the system does not know is nobody's."""
    users = (pwd.getpwuid(os.getuid()).pw_name, "no-such-user")
    seen = look(replace(settings, courier=replace(settings.courier, users=users)), os.getuid())
    assert seen.couriers == {os.getuid()}


def test_who_closes_the_connection_is_a_gate_that_runs(settings: Settings, listener: socket.socket) -> None:
    """The user is the kernel's word, and the disk has room; a gate that was stopped leaves nobody."""

    def close() -> None:
        listener.accept()[0].close()

    thread = threading.Thread(target=close)
    thread.start()
    seen = gate_of(settings)
    thread.join()
    assert (seen.user, seen.open_folders) == (os.getuid(), ())
    assert seen.free is not None
    assert seen.free > 0
    listener.close()
    assert gate_of(settings).user is None


def test_a_gate_that_hangs_is_down(
    settings: Settings, listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that is accepted by the kernel alone is no answer."""
    assert listener
    monkeypatch.setattr("dropbox.server.carrying.HEALTH_SECONDS", 0.1)
    assert gate_of(settings).user is None


@pytest.mark.parametrize(("name", "mode"), [("spool", 0o710), ("run", 0o770), ("run", 0o751)])
def test_an_open_folder_is_seen(settings: Settings, name: str, mode: int) -> None:
    """The group may enter the socket's folder and write nowhere; others may do nothing."""
    assert gate_of(settings).open_folders == ()
    path = settings.courier.spool.parent / name
    path.chmod(mode)
    assert gate_of(settings).open_folders == (path,)


def test_a_strange_owner_is_seen(settings: Settings) -> None:
    """Root and the server's user may own the folders; here the server is another user."""
    if os.getuid():
        assert len(replace(gate_of(settings)).open_folders) == 0
        seen = look(settings, os.getuid() + 1).gate
        assert isinstance(seen, Gate)
        assert len(seen.open_folders) == 2
        return
    os.chown(settings.courier.spool, 65534, 65534)
    assert gate_of(settings).open_folders == (settings.courier.spool,)


def test_the_page_is_the_socket_at_its_port(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Address and user are the kernel's word; without its table nothing is known."""
    with socket.create_server(("127.0.0.1", 0)) as opened:
        port = opened.getsockname()[1]
        at = replace(settings, courier=replace(settings.courier, page_port=port))
        (seen,) = look(at, os.getuid()).page or ()
        assert isinstance(seen, Listener)
        assert (seen.address, seen.port, seen.user) == ("127.0.0.1", port, os.getuid())
    assert look(at, os.getuid()).page == ()

    def hidden() -> list[Listener]:
        raise PermissionError

    monkeypatch.setattr("dropbox.web.checks.sockets.listeners", hidden)
    assert look(at, os.getuid()).page == Sentence("unseen.sockets")


def test_a_user_who_may_not_look_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another user cannot enter is not seen, and never counted as a gate that is missing."""

    def forbidden(_: Path) -> int:
        raise PermissionError

    monkeypatch.setattr("dropbox.server.carrying._free", forbidden)
    assert look(settings, os.getuid()).gate == Sentence("unseen.other-user")
