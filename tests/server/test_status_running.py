"""What is seen of the running server: its word, its user, its limits and its addresses."""

import ipaddress
import os
import socket
import sys
import threading
from pathlib import Path

import pytest

from dropbox.sentences.catalogue import Sentence
from dropbox.server.running import Running, look
from dropbox.web.checks import own_process
from dropbox.web.checks.own_process import addresses
from dropbox.web.checks.sockets import Listener, parse
from tests.support.server import SiteFolder, serving


def test_a_running_server_is_seen_as_it_is(tmp_path_factory: pytest.TempPathFactory) -> None:
    """It is well, runs as this user, dumps no core, listens on loopback alone; the word in its environment is seen."""
    site = SiteFolder(tmp_path_factory.mktemp("r") / "s", settings='health = "h.sock"\n').make()
    with serving(site, env={"DROPBOX_DEBUG": "1"}):
        seen = look(site.folder / "h.sock")
    assert seen == Running("ok", os.geteuid(), dumps_core=False, is_debugged=True, addresses=("127.0.0.1",))


def test_a_socket_without_a_server_and_none_at_all(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nobody there is None; a path that the settings do not have is a reason."""
    path = tmp_path_factory.mktemp("r") / "h"
    assert look(path) is None
    with socket.socket(socket.AF_UNIX) as left_over:
        left_over.bind(str(path))
    assert look(path) is None
    assert isinstance(look(None), Sentence)


def test_the_kernel_and_not_the_answer_says_who_it_is(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Another program at the socket has no word that is understood, and says nothing else; its user is the kernel's."""
    path = tmp_path_factory.mktemp("r") / "h"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def answer() -> None:
            for _ in range(2):
                connection, _address = listener.accept()
                with connection:
                    connection.recv(4096)
                    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nok, root\n")

        thread = threading.Thread(target=answer)
        thread.start()
        seen = look(path)
        thread.join()
    assert seen == Running("", os.geteuid(), dumps_core=None, is_debugged=None, addresses=None)


def test_open_addresses_are_seen() -> None:
    """A socket on all addresses is listed while it listens, and no longer."""
    before = set(addresses() or ())
    with socket.create_server(("0.0.0.0", 0)):  # noqa: S104
        assert set(addresses() or ()) == before | {"0.0.0.0"}  # noqa: S104
    assert set(addresses() or ()) == before


def test_a_table_that_is_hidden_is_not_taken_for_no_address(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A server always listens: without the kernel's table, or with an empty one, its addresses are unknown."""
    monkeypatch.setattr(own_process, "_OWN", tmp_path)
    (tmp_path / "fd").mkdir()
    assert addresses() is None
    (tmp_path / "net").mkdir()
    (tmp_path / "net/tcp").write_text("heading\n")
    assert addresses() is None
    assert own_process.describe().endswith(" listens=?")


def test_the_kernels_table_is_read_as_it_is_written() -> None:
    """Addresses of both families, one of the old family in the form of the new, and none that does not listen."""

    def line(words: str, state: str, inode: int) -> str:
        return (
            f"   0: {words}:1F40 {'0' * len(words)}:0000 {state} 00000000:00000000 00:00000000 00000000 7 0 {inode} 1"
        )

    def written(address: str) -> str:
        packed = ipaddress.ip_address(address).packed
        step = -1 if sys.byteorder == "little" else 1
        return b"".join(packed[at : at + 4][::step] for at in range(0, len(packed), 4)).hex().upper()

    listening = {"127.0.0.1": 1, "::1": 2, "2001:db8::7": 3}
    lines = [line(written(address), "0A", inode) for address, inode in listening.items()]
    lines += [line(written("::ffff:192.0.2.1"), "0A", 4), line(written("192.0.2.9"), "01", 5)]
    expected = {**listening, "192.0.2.1": 4}
    found = list(parse("\n".join(["heading", *lines])))
    assert found == [Listener(address, 8000, 7, str(inode)) for address, inode in expected.items()]
