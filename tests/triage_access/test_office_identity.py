"""A sealed identity: two officers together, and neither the vault's key nor one of them alone."""

import os
from collections.abc import Iterator

import pytest
from triage_world import CHEAP, LOGIN, PASSPHRASE, SETTINGS, TODAY, World, all_files, announced, dump, new_thread

from dropbox.crypto.private import identities
from dropbox.crypto.private.opening import file_pieces
from dropbox.errors import DamagedError, DropboxError, NotFoundError, RefusedError, UntrustedError, WrongPassphraseError
from dropbox.triage.access import identity, officers
from dropbox.triage.access.identity import Credentials
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.vault.officer import NewOfficer, key_path, make_key_file, open_key_file
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

WHO = "Siti Kenarihijau, 0812000111"
OTHER = "enam kata lain untuk uji"
FIRST, SECOND, THIRD = Credentials(LOGIN, PASSPHRASE), Credentials("budi", OTHER), Credentials("ani", OTHER)


def _add(vault: Vault, login: str, role: str = "inspektur") -> None:
    officers.add(Work(vault, SETTINGS, TODAY), NewOfficer(login, login.title(), (role,), OTHER), CHEAP)


@pytest.fixture
def desk(vault: Vault) -> Iterator[Vault]:
    """A vault with a second officer who may open identities."""
    _add(vault, "budi")
    yield vault


def _reported(world: World, vault: Vault) -> casebook.Case:
    """A report whose sender says who they are, and who may be opened for any reason."""
    world.take(vault, [world.report(new_thread(), record={"identity": WHO.encode()})])
    announced(vault, *identity.REASONS)
    return casebook.all_cases(vault)[-1]


def test_two_officers_open_it_together(world: World, desk: Vault) -> None:
    """In either order; the log names both and the reason, and no word of it."""
    case = _reported(world, desk)
    (number,) = identity.numbers(desk, case)
    assert identity.open_together(Work(desk, SETTINGS, TODAY), number, (FIRST, SECOND), "consent") == WHO
    assert identity.open_together(Work(desk, SETTINGS, TODAY), number, (SECOND, FIRST), "court") == WHO
    last = list(audit_log.lines(desk, case.number))[-1]
    assert (last.action, last.officer) == ("identity.open", LOGIN)
    assert last.details == {"identity": number, "first": "budi", "second": LOGIN, "reason": "court"}


@pytest.mark.parametrize("swapped", ["seed", "vault key"])
def test_a_swapped_officers_file_opens_nothing(world: World, desk: Vault, swapped: str) -> None:
    """A file with the right passphrase and another key is refused, and no opening is in the log."""
    case = _reported(world, desk)
    (number,) = identity.numbers(desk, case)
    _, seed = open_key_file(desk.folder, "budi", OTHER)
    parts = (desk.key, os.urandom(len(seed))) if swapped == "seed" else (os.urandom(len(desk.key)), seed)
    key_path(desk.folder, "budi").write_bytes(make_key_file("budi", *parts, OTHER, CHEAP))
    with pytest.raises(UntrustedError):
        identity.open_together(Work(desk, SETTINGS, TODAY), number, (FIRST, SECOND), "consent")
    assert "identity.open" not in {line.action for line in audit_log.lines(desk)}


def test_nothing_else_holds_it(world: World, desk: Vault) -> None:
    """No field, no index, no log, no file: with the vault open, a search for the name finds nothing."""
    case = _reported(world, desk)
    held = repr(dump(desk)).encode() + b"".join(path.read_bytes() for path in all_files(desk.folder, desk.copy_folder))
    for word in (b"Kenarihijau", b"kenarihijau", b"0812000111"):
        assert word not in held
    assert "identity" not in casebook.texts(desk, case)[0].fields
    assert casebook.texts(desk, case)[0].fields["what"] == "Pungutan di madrasah"


def test_the_stored_key_does_not_open_the_blob_again(world: World, desk: Vault) -> None:
    """What vault.db keeps in its place opens nothing."""
    _reported(world, desk)
    key, name, size = desk.db.execute(
        "select file_key, file, seen.bytes from messages join seen using (sha256)"
    ).fetchone()
    assert key == bytes(32)
    with (desk.blobs / name).open("rb") as file, pytest.raises(DamagedError):
        list(file_pieces(file.read, size, desk.instance, key))


def test_one_share_alone_opens_nothing(world: World, desk: Vault) -> None:
    """Each officer's seed with the vault's contents is not enough, whatever the other half is guessed to be."""
    _reported(world, desk)
    share = desk.db.execute("select share from identity_shares").fetchone()[0]
    for seeds in ((desk.officer.secret, desk.officer.secret), (desk.key, desk.key), (bytes(32), desk.officer.secret)):
        with pytest.raises(DamagedError):
            identities.open_share(share, *seeds)


@pytest.mark.parametrize(
    ("both", "reason", "error"),
    [
        ((FIRST, FIRST), "consent", RefusedError),
        ((FIRST, Credentials("budi", "salah salah salah")), "consent", WrongPassphraseError),
        ((Credentials(LOGIN, "salah salah salah"), SECOND), "consent", WrongPassphraseError),
        ((FIRST, Credentials("hantu", OTHER)), "consent", NotFoundError),
        ((FIRST, THIRD), "consent", RefusedError),  # a role that may not
        ((THIRD, SECOND), "consent", RefusedError),  # neither is the officer at work
        ((FIRST, SECOND), "curiosity", RefusedError),
    ],
)
def test_who_may_not_learns_nothing(
    world: World, desk: Vault, both: tuple[Credentials, Credentials], reason: str, error: type[DropboxError]
) -> None:
    """And nothing is logged as an opening."""
    _add(desk, "ani", "verifikator")
    case = _reported(world, desk)
    with pytest.raises(error):
        identity.open_together(Work(desk, SETTINGS, TODAY), identity.numbers(desk, case)[0], both, reason)
    assert not [line for line in audit_log.lines(desk) if line.action == "identity.open"]


def test_an_officer_who_is_kept_out_does_not_help(world: World, desk: Vault) -> None:
    """The second officer is named in the report: for them the case does not exist."""
    case = _reported(world, desk)
    desk.db.execute("insert into exclusions values (?, 'budi', 'named', '')", (case.number,))
    with pytest.raises(NotFoundError):
        identity.open_together(Work(desk, SETTINGS, TODAY), identity.numbers(desk, case)[0], (FIRST, SECOND), "consent")


def test_officers_who_come_later_are_given_shares_by_two(world: World, desk: Vault) -> None:
    """Before, the new one cannot help to open; afterwards every pair can."""
    case = _reported(world, desk)
    _add(desk, "ani")
    (number,) = identity.numbers(desk, case)
    with pytest.raises(RefusedError, match="share it again"):
        identity.open_together(Work(desk, SETTINGS, TODAY), number, (FIRST, THIRD), "consent")
    assert identity.share_anew(Work(desk, SETTINGS, TODAY), (FIRST, SECOND)) == 1
    assert identity.open_together(Work(desk, SETTINGS, TODAY), number, (FIRST, THIRD), "consent") == WHO
    officers.remove(Work(desk, SETTINGS, TODAY), "budi")
    assert identity.open_together(Work(desk, SETTINGS, TODAY), number, (FIRST, THIRD), "consent") == WHO


def test_the_last_pair_does_not_leave_unnoticed(world: World, desk: Vault) -> None:
    """Without budi nobody could open it: that takes a word of consent."""
    _reported(world, desk)
    with pytest.raises(RefusedError, match="share them again"):
        officers.remove(Work(desk, SETTINGS, TODAY), "budi")
    officers.remove(Work(desk, SETTINGS, TODAY), "budi", lose_identities=True)


def test_a_desk_of_one_loses_nothing(world: World, vault: Vault) -> None:
    """One officer alone cannot open it; when a second one comes, both can."""
    case = _reported(world, vault)
    (number,) = identity.numbers(vault, case)
    with pytest.raises(RefusedError, match="alone"):
        identity.open_together(Work(vault, SETTINGS, TODAY), number, (FIRST, FIRST), "consent")
    _add(vault, "budi")
    assert identity.open_together(Work(vault, SETTINGS, TODAY), number, (FIRST, SECOND), "consent") == WHO


def test_a_walk_in_tells_an_officer(world: World, desk: Vault) -> None:
    """Typed by whoever may seal; an empty one is none."""
    case = _reported(world, desk)
    number = identity.enter(Work(desk, SETTINGS, TODAY), case, " Amir, Jalan Contoh 1 ")
    announced(desk, "protection")
    assert (
        identity.open_together(Work(desk, SETTINGS, TODAY), number, (FIRST, SECOND), "protection")
        == "Amir, Jalan Contoh 1"
    )
    with pytest.raises(RefusedError):
        identity.enter(Work(desk, SETTINGS, TODAY), case, "  ")


def test_the_same_message_again_is_a_repetition(world: World, desk: Vault) -> None:
    """Although its stored fields lack the identity."""
    thread = new_thread()
    record = {"identity": WHO.encode()}
    world.take(desk, [world.report(thread, record=record)])
    done = world.take(desk, [world.report(thread, record=record)], number=2)
    assert any("repetition" in line for line in done.aside)
    assert desk.db.execute("select count(*) from identities").fetchone() == (1,)
