"""The search for private keys at the start: where people leave them, in whatever packing, and where it ends."""

import bz2
import gzip
import io
import lzma
import os
import subprocess
import tarfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dropbox.limits import MIB
from dropbox.web.checks.reach import Search, full_budget, search
from dropbox.web.checks.unpacking import Budget
from dropbox.wire.keyring import PRIVATE_FILE_LINE

KEY = PRIVATE_FILE_LINE + b"\nkind: root\nname: root\nargon2id: t=3 m=65536 p=4\n" + bytes(range(64))
PLACES = [
    "root.key", ".venv/root.key", ".git/root.key", "node_modules/x/root.key", "__pycache__/root.key", ".hidden/notes",
    "a/b/c/d/e/f/g/root.key", "/".join("deep" * 60) + "/root.key", "name with\nlines/root.key",
]  # fmt: skip


def tar(name: str = "keys/root.key", data: bytes = KEY, mode: str = "w") -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode) as archive:  # type: ignore[call-overload]
        entry = tarfile.TarInfo(name)
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    return packed.getvalue()


def zipped(name: str = "keys/root.key", data: bytes = KEY) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("readme.txt", "first")
        archive.writestr(name, data)
    return packed.getvalue()


PACKED = {
    "tar": tar(),
    "tar.gz": tar(mode="w:gz"),
    "tar.bz2": tar(mode="w:bz2"),
    "tar.xz": tar(mode="w:xz"),
    "gz": gzip.compress(KEY),
    "bz2": bz2.compress(KEY),
    "xz": lzma.compress(KEY),
    "zip": zipped(),
    "zip-in-tar.gz": gzip.compress(tar("all.zip", zipped())),
    "tar.gz-in-zip": zipped("all.tgz", tar(mode="w:gz")),
    "behind-a-film": tar("film.mp4", os.urandom(3 * MIB))[: 3 * MIB + 512] + tar(),
    "byte-order-mark": b"\xef\xbb\xbf" + KEY,
    "utf-16": "\ufeff".encode("utf-16-le") + KEY.decode("latin-1").encode("utf-16-le"),
    "blank-lines": b"\r\n \n\n\t" + KEY,
    "in-a-letter": b"Here is the key, keep it safe:\n\n" + KEY,
    "quoted-in-a-mail": b"On Monday you wrote:\n> " + KEY.replace(b"\n", b"\n> "),
    "windows-lines": KEY.replace(b"\n", b"\r\n"),
    "vault-in-a-tar": tar("vault-itjen/vault.db", os.urandom(4096)),
}
INNOCENT = {
    "root.pub": b"dropbox root key v1\n",
    "program.py": b"LINE = b'" + PRIVATE_FILE_LINE + b"'\n",
    "words.md": b"It opens with\n`dropbox private file v1`, so that it is found.\n",
    "page.html.gz": gzip.compress(b"<p>" * 5000),
    "half.gz": gzip.compress(os.urandom(5000))[:200],
    "broken.zip": zipped("x", b"y")[:40],
    "empty": b"",
    "other/vault.db": b"SQLite format 3\0" + bytes(84),
}


def put(folder: Path, name: str, data: bytes = KEY) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("name", PLACES)
def test_no_folder_hides_a_key(tmp_path: Path, name: str) -> None:
    """Hidden folders, environments, caches and deep ones are looked into like any other."""
    assert search([tmp_path]).found is None
    assert search([put(tmp_path, name).parents[len(Path(name).parts) - 1]]).found == tmp_path / name


@pytest.mark.parametrize("packing", PACKED)
def test_no_packing_hides_a_key(tmp_path: Path, packing: str) -> None:
    """Archives, archives in archives, marks, blank lines and letters around a key hide it as little."""
    path = put(tmp_path, "something", PACKED[packing])
    assert search([tmp_path]) == Search(path, whole=True)


def test_a_key_that_git_keeps_is_found(tmp_path: Path) -> None:
    """A key that was committed and deleted again lies in git's own object."""
    git = ["git", "-C", str(tmp_path), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    subprocess.run([*git, "init", "--quiet"], check=True)
    path = put(tmp_path, "root.key")
    subprocess.run([*git, "add", "root.key"], check=True)
    path.unlink()
    found = search([tmp_path]).found
    assert found is not None
    assert found.is_relative_to(tmp_path / ".git/objects")


def test_links_are_followed_and_circles_end(tmp_path: Path) -> None:
    """A link to a folder or a file elsewhere leads to the key; links in a circle lead nowhere."""
    site = tmp_path / "site"
    (site / "deep").mkdir(parents=True)
    (site / "deep/up").symlink_to(site)
    (site / "self").symlink_to(site / "self")
    (site / "whole").symlink_to("/")
    assert search([site]) == Search(None, whole=True)
    put(tmp_path, "elsewhere/root.key")
    (site / "deep/keys").symlink_to(tmp_path / "elsewhere")
    assert search([site]).found == site / "deep/keys/root.key"
    (site / "deep/keys").unlink()
    (site / "one").symlink_to(tmp_path / "elsewhere/root.key")
    assert search([site]).found == site / "one"


def test_a_workstations_vault_is_found(tmp_path: Path) -> None:
    """Its database by itself, without one private file beside it, is a whole desk."""
    path = put(tmp_path, "carried/vault.db", os.urandom(8192))
    assert search([tmp_path]).found == path


def test_what_looks_alike_is_none(tmp_path: Path) -> None:
    """Public keys, programs, texts about keys, broken archives and plain databases stop nothing."""
    for name, data in INNOCENT.items():
        put(tmp_path, name, data)
    (tmp_path / "pipe").symlink_to("nowhere")
    os.mkfifo(tmp_path / "fifo")
    assert search([tmp_path, tmp_path / "missing"]) == Search(None, whole=True)


def test_this_checkout_holds_no_key() -> None:
    """The program, its texts and its tests may lie in reach of the server."""
    project = Path(__file__).parents[2]
    folders = [project / name for name in ("dropbox/wire", "dropbox/triage", "keys", "templates", "tests")]
    assert search(folders) == Search(None, whole=True)


@pytest.mark.parametrize("name", ["home", "home/deep", "home/deep/root.key"])
def test_what_cannot_be_entered_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A place, a folder or a file that this user may not read was not searched, and the rest was."""
    put(tmp_path, "home/deep/root.key")
    closed = tmp_path / name
    scandir, opened = os.scandir, Path.open

    def may_not_enter(path: Path) -> object:
        if path == closed:
            raise PermissionError(13, "closed")
        return scandir(path)

    def may_not_read(path: Path, *how: Any, **named: Any) -> object:
        if path == closed:
            raise PermissionError(13, "closed")
        return opened(path, *how, **named)

    monkeypatch.setattr("dropbox.web.checks.reach.os.scandir", may_not_enter)
    monkeypatch.setattr(Path, "open", may_not_read)
    searched = search([tmp_path / "home"])
    assert searched == Search(None, whole=False, hidden=closed)
    assert searched.unseen is not None
    assert str(closed) in searched.unseen.sentence("en")
    other = put(tmp_path, "other/root.key")
    assert search([tmp_path / "home", tmp_path / "other"]).found == other


def test_an_empty_folder_in_a_places_stead_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sandbox covers homes with an empty file system that takes no writes; an empty folder is no such thing."""
    assert search([tmp_path]) == Search(None, whole=True)
    read_only = os.statvfs_result((*os.statvfs(tmp_path)[:8], os.ST_RDONLY, 255))
    monkeypatch.setattr(os, "statvfs", lambda _: read_only)
    assert search([tmp_path]) == Search(None, whole=True)
    monkeypatch.setattr(Path, "is_mount", lambda _: True)
    assert search([tmp_path]) == Search(None, whole=False, hidden=tmp_path)
    put(tmp_path, "note", b"")
    assert search([tmp_path]) == Search(None, whole=True)


BOUNDS: dict[str, Callable[[], Budget]] = {
    "entries": lambda: Budget(20, MIB, time.monotonic() + 600),
    "bytes": lambda: Budget(10_000, 1000, time.monotonic() + 600),
    "seconds": lambda: Budget(10_000, MIB, time.monotonic() - 1),
    "one-file": lambda: Budget(10_000, MIB, time.monotonic() + 600),
}


@pytest.mark.parametrize("bound", BOUNDS)
def test_a_bound_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    """Too many names, too much to unpack, too little time: the search ends and says that it saw not everything."""
    monkeypatch.setattr("dropbox.web.checks.reach.REACH_FILE_BYTES", 1000 if bound == "one-file" else MIB)
    for number in range(30):
        put(tmp_path, f"{number}.tar.gz", gzip.compress(tar("noise", os.urandom(20_000))))
    assert search([tmp_path], BOUNDS[bound]()) == Search(None, whole=False)
    assert search([tmp_path], full_budget()).whole == (bound != "one-file")


def test_what_lies_near_is_found_before_a_bound_is_met(tmp_path: Path) -> None:
    """The least deep is looked at first, in all places at the same time."""
    for number in range(50):
        put(tmp_path, f"large/a/b/{number}/file", b"x")
    put(tmp_path, "small/root.key")
    found = search([tmp_path / "large", tmp_path / "small"], Budget(10, MIB, time.monotonic() + 600))
    assert found.found == tmp_path / "small/root.key"
