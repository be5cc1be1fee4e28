"""Extract: byte for byte, under names that can do nothing, and nothing half-written."""

import errno
import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from triage_world import World, new_thread

import dropbox.triage.casework.extract as extract_module
from dropbox.crypto.private.opening import file_pieces
from dropbox.disk.visible import safe_name, visible
from dropbox.errors import RefusedError
from dropbox.form import form_file
from dropbox.triage.cases import casebook
from dropbox.triage.casework.extract import extract
from dropbox.triage.commands.case_views import case_lines, list_lines
from dropbox.triage.vault.vault import Vault


def _case(vault: Vault) -> casebook.Case:
    return casebook.find_case(vault, "1")


def test_files_come_out_byte_for_byte(world: World, vault: Vault, tmp_path: Path) -> None:
    """Empty, short, of whole chunks, ending in padding's own bytes, and of some megabytes."""
    contents = [b"", b"x", os.urandom(65536), b"\x80\0\0", bytes(100_000), os.urandom(3_000_000)]
    thread = new_thread()
    blobs = [world.file(thread, number, data, f"berkas {number}.bin") for number, data in enumerate(contents, 1)]
    world.take(vault, [world.report(thread), *blobs])
    to = tmp_path / "out"
    done = extract(vault, _case(vault), to)
    assert (len(done.names), done.failed) == (6, [])
    assert to.stat().st_mode & 0o777 == 0o700
    by_hash = {hashlib.sha256(data).hexdigest() for data in contents}
    manifest = json.loads((to / "manifest.json").read_text())
    assert {entry["sha256"] for entry in manifest["files"]} == by_hash
    for entry in manifest["files"]:
        path = to / entry["file"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]
        assert path.stat().st_size == entry["size"]
        assert path.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in to.iterdir()) == sorted([*done.names, "manifest.json"])


def test_equal_names_stay_apart(world: World, vault: Vault, tmp_path: Path) -> None:
    """Two photos of one name are two files."""
    thread = new_thread()
    world.take(vault, [world.file(thread, 1, b"a", "IMG.jpg"), world.file(thread, 2, b"b", "IMG.jpg")])
    assert extract(vault, _case(vault), tmp_path / "out").names == ["01-IMG.jpg", "02-IMG.jpg"]


def test_nothing_is_overwritten(world: World, vault: Vault, tmp_path: Path) -> None:
    """What is right stays, what is another file's stays too and is named; a planted link is not followed."""
    thread = new_thread()
    world.take(
        vault, [world.file(thread, 1, b"a", "a"), world.file(thread, 2, b"b", "b"), world.file(thread, 3, b"c", "c")]
    )
    to, victim = tmp_path / "out", tmp_path / "victim"
    to.mkdir()
    (to / "02-b").write_bytes(b"an officer's own notes")
    (to / "03-c").symlink_to(victim)
    for _ in range(2):
        done = extract(vault, _case(vault), to)
        assert done.names == ["01-a"]
        assert [line.split()[0] for line in done.failed] == ["02-b", "03-c"]
    assert (to / "02-b").read_bytes() == b"an officer's own notes"
    assert not victim.exists()


def test_damage_leaves_no_plaintext(world: World, vault: Vault, tmp_path: Path) -> None:
    """A file that rotted in the vault is named; nothing of it is written; the others are."""
    thread = new_thread()
    secret = b"rahasia" * 50_000
    world.take(
        vault, [world.file(thread, 1, secret, "a"), world.file(thread, 2, b"b", "b"), world.file(thread, 3, b"c", "c")]
    )
    rotten, _, missing = casebook.files(vault, _case(vault))
    data = bytearray(rotten.path.read_bytes())
    data[-70_000] ^= 1  # the first chunks still open
    rotten.path.write_bytes(data)
    missing.path.unlink()
    to = tmp_path / "out"
    done = extract(vault, _case(vault), to)
    assert done.names == ["02-b"]
    assert [line.split()[0] for line in done.failed] == ["01-a", "03-c"]
    assert sorted(path.name for path in to.iterdir()) == ["02-b", "manifest.json"]


def test_a_file_has_no_name_before_it_is_whole(
    world: World, vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At every piece the folder is empty, so that a kill leaves nothing in it."""
    seen = []

    def watched(*arguments: Any) -> Iterator[bytes]:
        for piece in file_pieces(*arguments):
            yield piece
            seen.append(list((tmp_path / "out").iterdir()))

    monkeypatch.setattr(extract_module, "file_pieces", watched)
    data = os.urandom(300_000)
    world.take(vault, [world.file(new_thread(), 1, data, "a")])
    assert extract(vault, _case(vault), tmp_path / "out").names == ["01-a"]
    assert (tmp_path / "out" / "01-a").read_bytes() == data
    assert len(seen) > 2
    assert not any(seen)


def test_a_disk_without_nameless_files_will_do(
    world: World, vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stick with FAT: the file is written under a partial name first, and damage still leaves nothing."""
    real = os.open

    def without(path: Any, flags: int, *more: Any, **named: Any) -> int:
        if flags & os.O_TMPFILE == os.O_TMPFILE:
            raise OSError(errno.EOPNOTSUPP, "Operation not supported")
        return real(path, flags, *more, **named)

    thread = new_thread()
    world.take(vault, [world.file(thread, 1, b"satu", "a"), world.file(thread, 2, b"x" * 200_000, "b")])
    rotten = casebook.files(vault, _case(vault))[1].path
    data = rotten.read_bytes()
    rotten.write_bytes(data[:-1] + bytes((data[-1] ^ 1,)))
    monkeypatch.setattr(os, "open", without)
    to = tmp_path / "out"
    assert extract(vault, _case(vault), to).names == ["01-a"]
    assert sorted(path.name for path in to.iterdir()) == ["01-a", "manifest.json"]
    assert (to / "01-a").read_bytes() == b"satu"


def test_what_a_kill_left_is_removed(world: World, vault: Vault, tmp_path: Path) -> None:
    """By the next extraction into that folder."""
    world.take(vault, [world.file(new_thread(), 1, b"a", "a")])
    to = tmp_path / "out"
    to.mkdir()
    (to / ".0123.dropbox-partial").write_bytes(b"half of it")
    extract(vault, _case(vault), to)
    assert sorted(path.name for path in to.iterdir()) == ["01-a", "manifest.json"]


def test_plaintext_does_not_go_into_the_vault(world: World, vault: Vault) -> None:
    """Neither into its copy, nor by way of a link."""
    world.take(vault, [world.file(new_thread(), 1, b"a", "a")])
    link = world.folder / "link"
    link.symlink_to(vault.blobs)
    for to in (vault.folder / "out", vault.copy_folder, link):
        with pytest.raises(RefusedError):
            extract(vault, _case(vault), to)


HOSTILE = [
    "../../etc/passwd",
    "..\\..\\boot.ini",
    "/etc/shadow",
    ".bashrc",
    "-rf",
    "~root",
    "a\0b",
    "a\nb",
    "\u202egpj.exe",
    "CON",
    "nul.txt",
    "..",
    ".",
    "",
    "   ",
    "a" * 4000 + ".jpg",
    "é" * 200 + ".tar.gz",
    "x." + "y" * 300,
    "\x1b[2J.txt",
    "$(reboot).sh",
    "manifest.json",
    "a/",
    "....",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_in_the_folder(world: World, vault: Vault, tmp_path: Path, name: str) -> None:
    """The file is in the folder, under a tame name, and its name is in the manifest without signs of paths."""
    world.take(vault, [world.file(new_thread(), 1, b"isi", name)])
    before = set(tmp_path.iterdir())
    (written,) = extract(vault, _case(vault), tmp_path / "out").names
    assert (tmp_path / "out" / written).read_bytes() == b"isi"
    assert set(tmp_path.iterdir()) == before | {tmp_path / "out"}
    raw = (tmp_path / "out" / "manifest.json").read_bytes()
    assert raw.isascii()
    assert json.loads(raw)["files"][0]["name"] == (
        re.sub(r"[\x00-\x1f\x7f/\\]", "_", name.encode()[-255:].decode(errors="ignore")) or "-"
    )


@given(st.text(), st.integers(1, 150), st.integers(1, 150))
def test_a_safe_name_is_one_tame_component(name: str, number: int, count: int) -> None:
    """Whatever a reporter's device calls a file."""
    safe = safe_name(name, number, count)
    assert Path("/folder", safe).parent == Path("/folder")
    assert len(safe.encode()) <= 120
    assert safe[0].isdigit()
    assert not set(safe) & set('<>:"/\\|?*')
    assert all(unicodedata.category(character)[0] not in "C" for character in safe)
    assert safe == safe.rstrip(" .")


def test_endings_survive_cutting() -> None:
    """Who opens the file needs it."""
    assert safe_name("é" * 200 + ".jpeg", 1, 1).endswith(".jpeg")
    assert len(safe_name("x" * 500 + ".pdf", 1, 1)) == 120


@given(st.text())
def test_what_is_visible_commands_no_terminal(text: str) -> None:
    """No control character, no format character, no line separator is left."""
    assert all(unicodedata.category(character) not in ("Cc", "Cf", "Zl", "Zp", "Cs") for character in visible(text))


def test_a_report_cannot_command_the_terminal(world: World, vault: Vault) -> None:
    """Escapes, overrides, carriage returns and fake lines of a report stand there as words."""
    evil = "\x1b]0;owned\x07\x1b[2Jaman\r\u202etxt\u2066\x9b31m\nITJEN-0009 SELESAI"
    thread = new_thread()
    record = {"channel": evil.encode(), "category": evil.encode(), "lang": evil.encode(), "who": evil.encode()}
    record |= {"x-how": evil.encode(), "x-fund": evil.encode(), "x-baru": evil.encode()}
    world.take(vault, [world.report(thread, evil, record=record), world.file(thread, 1, b"x", evil)])
    lines = [*case_lines(vault, form_file.load(), _case(vault)), *list_lines(vault)]
    shown = "".join(lines)
    assert "\\u{1b}[2J" in shown
    assert all(character.isprintable() for character in shown)
    assert not any(line.startswith("ITJEN-0009") for line in lines)
