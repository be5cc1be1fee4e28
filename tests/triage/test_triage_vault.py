"""The vault: who may open it, what lies in it, and what never does."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from triage_world import (
    CHEAP,
    FIRST_OFFICER,
    LOGIN,
    PASSPHRASE,
    SETTINGS,
    TODAY,
    World,
    all_files,
    new_thread,
    published,
)

from dropbox.errors import (
    ConfigurationError,
    DamagedError,
    MalformedError,
    NotFoundError,
    RefusedError,
    UntrustedError,
    WrongPassphraseError,
)
from dropbox.triage.access import permission
from dropbox.triage.cases import casebook
from dropbox.triage.casework import transitions
from dropbox.triage.vault import epochs, second_copy
from dropbox.triage.vault.creating import create_vault
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import epoch_of
from dropbox.wire.request import StationRequest, encode_request, parse_request
from tests.support.canary import Canary


def test_a_wrong_passphrase_opens_nothing(world: World) -> None:
    """And the right one still does afterwards."""
    with pytest.raises(WrongPassphraseError):
        Vault.open(world.path(), LOGIN, "another passphrase")
    world.open().close()


@pytest.mark.parametrize("name", ["officers/kepala.key", "station.key", "."])
def test_what_others_may_read_is_refused(world: World, name: str) -> None:
    """With the command that mends it."""
    (world.path() / name).chmod(0o755)
    with pytest.raises(ConfigurationError, match="chmod"):
        world.open()


def test_one_command_at_a_time(world: World, vault: Vault) -> None:
    """The second is told to wait."""
    with pytest.raises(RefusedError, match="wait"):
        world.open()


def test_there_is_no_vault_in_another_folder(tmp_path: Path) -> None:
    """And none is made by opening."""
    with pytest.raises(NotFoundError):
        Vault.open(tmp_path / "nothing", LOGIN, PASSPHRASE)
    assert not (tmp_path / "nothing").exists()


def test_a_database_of_another_vault_does_not_open(world: World) -> None:
    """Swapped files are noticed."""
    world.create("irjen")
    (world.path("irjen") / "vault.db").replace(world.path() / "vault.db")
    with pytest.raises(DamagedError):
        world.open()


def test_a_missing_database_is_not_made_anew(world: World) -> None:
    """An empty vault in place of a lost one would hide the loss."""
    (world.path() / "vault.db").unlink()
    with pytest.raises(DamagedError, match="second copy"):
        world.open()
    assert not (world.path() / "vault.db").exists()


@pytest.mark.parametrize("newer", ["a report", "an answer", "a publication", "an epoch", "a destruction"])
def test_an_old_database_destroys_nothing_newer(world: World, newer: str) -> None:
    """A vault.db from before the second copy's is refused by all that writes, and no file of either folder changes."""
    blob = world.report(new_thread())
    with world.open() as vault:
        world.take(vault, [world.report(new_thread())])
    old = (world.path() / "vault.db").read_bytes()
    with world.open() as vault:
        if newer == "a report":
            world.take(vault, [blob])
        elif newer == "an answer":
            draft = permission.Draft("TELAAH", "Sedang ditelaah.")
            transitions.answer(Work(vault, SETTINGS, TODAY), casebook.find_case(vault, "1"), draft)
            second_copy.sync(vault)
        elif newer == "a publication":
            published(world, vault)
        elif newer == "an epoch":
            epochs.extend(vault, TODAY + 7)
            second_copy.sync(vault)
        else:
            epochs.destroy(vault, epoch_of(TODAY), TODAY)
            second_copy.sync(vault)
    (world.path() / "vault.db").write_bytes(old)
    (world.path() / "blobs" / "unnamed").write_bytes(b"perhaps of the newer one")
    before = {path: path.read_bytes() for path in all_files(world.path(), world.copy_path())}
    with world.open() as vault:
        for act in (
            lambda: world.take(vault, [blob], number=2),
            lambda: published(world, vault, TODAY + 7),  # a week in which keys would be made
            lambda: second_copy.sync(vault),
            lambda: second_copy.begin_anew(vault, world.folder / "new"),
        ):
            with pytest.raises(RefusedError, match="older than its second copy"):
                act()
    assert {path: path.read_bytes() for path in all_files(world.path(), world.copy_path())} == before
    assert not (world.folder / "new").exists()


def test_nothing_is_cleared_away_while_the_copy_cannot_be_asked(world: World, vault: Vault) -> None:
    """Without the second copy nobody knows whether a file without a row belongs to a newer vault.db."""
    unnamed = vault.blobs / "unnamed"
    unnamed.write_bytes(b"x")
    away = world.copy_path().rename(world.folder / "away")
    world.take(vault, [])
    assert unnamed.exists()
    away.rename(world.copy_path())
    world.take(vault, [], number=2)
    assert not unnamed.exists()


def test_a_copy_whose_database_is_damaged_is_named(world: World, vault: Vault) -> None:
    """Reports still come in, nothing is receipted, and a new copy is the way out; the old one keeps its keys."""
    (world.copy_path() / "vault.db").write_bytes(b"rot" * 4096)
    done = world.take(vault, [world.report(new_thread())])
    assert (done.opened, done.is_whole) == (1, False)
    assert any("copy --to" in note for note in done.notes)
    told: list[str] = []
    assert second_copy.begin_anew(vault, world.folder / "new", told.append) == []
    assert "still holds" in told[0]
    assert list((world.copy_path() / "epochs").iterdir())


def test_an_exchanged_anchor_is_noticed(world: World) -> None:
    """The pinned root is the one inside vault.db."""
    path = world.path() / "root.pub"
    path.write_bytes(World(world.folder).anchor.encode())
    with pytest.raises(UntrustedError, match="swapped"):
        world.open()


@pytest.mark.parametrize(
    ("vault", "copy", "passphrase", "why"),
    [
        ("full", "new.copy", PASSPHRASE, "not empty"),
        ("new", "full", PASSPHRASE, "not empty"),
        ("new", "new/copy", PASSPHRASE, "inside each other"),
        ("new", "new", PASSPHRASE, "inside each other"),
        ("new", "new.copy", "short", "at least 12"),
    ],
)
def test_a_vault_is_made_in_folders_of_its_own(
    tmp_path: Path, vault: str, copy: str, passphrase: str, why: str
) -> None:
    """Nothing is overwritten, and the copy is another folder."""
    (tmp_path / "full").mkdir(mode=0o700)
    (tmp_path / "full" / "thesis.txt").write_text("five years of work")
    world = World(tmp_path)
    with pytest.raises(RefusedError, match=why):
        create_vault(
            tmp_path / vault,
            copy=tmp_path / copy,
            desk="itjen",
            anchor=world.anchor,
            first=replace(FIRST_OFFICER, passphrase=passphrase),
            cost=CHEAP,
        )


def test_no_word_of_a_report_is_on_the_disk(world: World, vault: Vault) -> None:
    """Field, file name and file body are in no file of vault or copy, in no shape."""
    what, name, body = Canary.fresh(), Canary.fresh(), Canary.fresh()
    thread = new_thread()
    data = body.text.encode() * 3000
    world.take(vault, [world.report(thread, what.text), world.file(thread, 1, data, f"{name.text}.pdf")])
    published(world, vault)
    for path in all_files(vault.folder, vault.copy_folder):
        for canary in (what, name, body):
            assert canary.found_in(path.read_bytes()) == [], path.name
            assert canary.text not in path.name


def test_no_secret_is_on_the_disk_in_the_clear(world: World, vault: Vault) -> None:
    """Neither the vault key, nor the station's, nor a file key, nor a reporter's."""
    thread = new_thread()
    world.take(vault, [world.report(thread)])
    (file_key,) = vault.db.execute("select file_key from messages").fetchone()
    secrets = (vault.key, vault.station.seed, file_key, thread.tag_key, thread.answer_key, thread.auth_key)
    for path in all_files(vault.folder, vault.copy_folder):
        data = path.read_bytes()
        assert not any(secret in data or secret.hex().encode() in data for secret in secrets)


def test_everything_in_the_vault_is_the_owners_alone(world: World, vault: Vault) -> None:
    """Whatever the umask was."""
    world.take(vault, [world.report(new_thread())])
    for folder in (vault.folder, vault.copy_folder):
        assert folder.stat().st_mode & 0o777 == 0o700
        for path in folder.rglob("*"):
            assert path.stat().st_mode & 0o077 == 0, path.name


def test_nothing_secret_is_shown_by_repr(vault: Vault) -> None:
    """A log line that names the vault tells no key."""
    shown = repr(vault)
    assert repr(vault.key) not in shown
    assert repr(vault.station.seed) not in shown


def test_a_request_has_one_form() -> None:
    """What is written is read; a private file in its place is called by its name."""
    request = StationRequest("itjen", os.urandom(16), os.urandom(32))
    assert parse_request(encode_request(request)) == request
    for untrusted in (encode_request(request) + b"\n", encode_request(request).replace(b"itjen", b"1tjen"), b""):
        with pytest.raises(MalformedError):
            parse_request(untrusted)
    with pytest.raises(MalformedError, match="private file"):
        parse_request(b"dropbox private file v1\nkind: station\n")


def test_the_workstation_has_no_way_to_a_network() -> None:
    """Importing the command line loads no socket, no server, and no database of the site."""
    script = """
import sys
import dropbox.triage.cli
import dropbox.triage.casework.extract, dropbox.triage.exchange.publish, dropbox.triage.intake.importing
for name in ("socket", "_socket", "ssl", "_ssl", "http", "urllib.request", "asyncio", "multiprocessing", "sqlalchemy",
             "flask", "werkzeug", "dropbox.web", "dropbox.store", "dropbox.courier"):
    if name in sys.modules:
        print(name)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == ""
