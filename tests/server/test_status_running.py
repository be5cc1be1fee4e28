"""What is seen of the running server: its word, its user, its limits and its addresses."""

import os
import socket
import threading

import pytest

from dropbox.sentences.catalogue import Sentence
from dropbox.server.running import Running, look
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
    """Another program at the socket has no word that is understood, and its own addresses are found, open ones too."""
    path = tmp_path_factory.mktemp("r") / "h"
    with socket.socket(socket.AF_UNIX) as listener, socket.create_server(("0.0.0.0", 0)):  # noqa: S104
        listener.bind(str(path))
        listener.listen()

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nok, root\n")

        thread = threading.Thread(target=answer)
        thread.start()
        seen = look(path)
        thread.join()
    assert isinstance(seen, Running)
    assert seen.answer == ""
    assert seen.user == os.geteuid()
    assert seen.addresses is not None
    assert "0.0.0.0" in seen.addresses  # noqa: S104
