"""Officers: each with a passphrase of their own, let in and shown out by whoever may."""

import pytest
from triage_world import CHEAP, LOGIN, PASSPHRASE, SETTINGS, TODAY, World

from dropbox.errors import MalformedError, NotFoundError, RefusedError, WrongPassphraseError
from dropbox.triage.access import officers, roles
from dropbox.triage.access.officers import Change
from dropbox.triage.cases import audit_log
from dropbox.triage.vault import second_copy
from dropbox.triage.vault.officer import NewOfficer, key_path
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

OTHER = "enam kata lain untuk uji"
BUDI = NewOfficer("budi", "Budi Uji", ("verifikator",), OTHER, "Inspektorat I")


def _add(vault: Vault, new: NewOfficer = BUDI) -> None:
    officers.add(Work(vault, SETTINGS, TODAY), new, CHEAP)


def _state(vault: Vault) -> tuple[object, object]:
    return officers.all_officers(vault), {path: path.read_bytes() for path in vault.folder.glob("officers/*")}


def test_a_new_officer_opens_the_vault_with_their_own_passphrase(world: World) -> None:
    """With nobody else's, and from the second copy as well."""
    vault = world.open()
    _add(vault)
    vault.close()
    with Vault.open(world.path(), "budi", OTHER) as opened:
        officer = opened.officer
        assert (officer.name, officer.unit, officer.roles) == ("Budi Uji", "Inspektorat I", ("verifikator",))
        assert audit_log.verify(opened) >= 1
        with pytest.raises(RefusedError, match="roles"):
            officers.add(Work(opened, SETTINGS, TODAY), BUDI, CHEAP)
    with pytest.raises(WrongPassphraseError):
        Vault.open(world.path(), "budi", PASSPHRASE)
    with pytest.raises(WrongPassphraseError):
        Vault.open(world.path(), LOGIN, OTHER)
    Vault.open(world.copy_path(), "budi", OTHER).close()


@pytest.mark.parametrize(
    ("new", "error"),
    [
        (NewOfficer("Budi", "Budi", ("irjen",), OTHER), MalformedError),
        (NewOfficer("../x", "Budi", ("irjen",), OTHER), MalformedError),
        (NewOfficer("budi", "Budi", ("irjen",), "kurang"), RefusedError),
        (NewOfficer("budi", "Budi", (), OTHER), RefusedError),
        (NewOfficer("budi", "Budi", ("raja",), OTHER), RefusedError),
        (NewOfficer("budi", " ", ("irjen",), OTHER), RefusedError),
        (NewOfficer(LOGIN, "Kepala", ("irjen",), OTHER), RefusedError),
    ],
)
def test_who_cannot_be_let_in_leaves_no_trace(vault: Vault, new: NewOfficer, error: type[Exception]) -> None:
    """Neither a row nor a file, and nobody's file is replaced."""
    before = _state(vault)
    with pytest.raises(error):
        _add(vault, new)
    assert (
        officers.all_officers(vault),
        {path: path.read_bytes() for path in vault.folder.glob("officers/*")},
    ) == before


def test_who_has_left_opens_nothing(world: World) -> None:
    """Neither vault nor second copy; the login is never given again, because the log names it."""
    vault = world.open()
    _add(vault)
    officers.remove(Work(vault, SETTINGS, TODAY), "budi")
    assert not key_path(vault.folder, "budi").exists()
    assert not key_path(vault.copy_folder, "budi").exists()
    with pytest.raises(RefusedError, match="given before"):
        _add(vault)
    with pytest.raises(NotFoundError):
        officers.remove(Work(vault, SETTINGS, TODAY), "budi")
    assert [(one.login, one.active) for one in officers.all_officers(vault)] == [("budi", False), (LOGIN, True)]
    second_copy.sync(vault)
    vault.close()
    for path in (world.path(), world.copy_path()):
        with pytest.raises(NotFoundError):
            Vault.open(path, "budi", OTHER)


def test_an_exchanged_file_does_not_bring_a_removed_officer_back(world: World) -> None:
    """Somebody kept the file: vault.db no longer knows them."""
    vault = world.open()
    _add(vault)
    kept = key_path(vault.folder, "budi").read_bytes()
    officers.remove(Work(vault, SETTINGS, TODAY), "budi")
    path = key_path(vault.folder, "budi")
    path.write_bytes(kept)
    path.chmod(0o600)
    vault.close()
    with pytest.raises(Exception, match="has left"):
        Vault.open(world.path(), "budi", OTHER)


def test_somebody_can_always_let_others_in(vault: Vault) -> None:
    """The last who can neither leaves nor gives up the role; the last but one may."""
    with pytest.raises(RefusedError, match="nobody would be left"):
        officers.remove(Work(vault, SETTINGS, TODAY), LOGIN)
    with pytest.raises(RefusedError, match="nobody would be left"):
        officers.change(Work(vault, SETTINGS, TODAY), LOGIN, Change(roles=("verifikator",)))
    _add(vault)
    with pytest.raises(RefusedError, match="nobody would be left"):
        officers.remove(Work(vault, SETTINGS, TODAY), LOGIN)
    officers.change(
        Work(vault, SETTINGS, TODAY), "budi", Change(roles=("irjen", "pengawas"), name="Budi Baru", lang="en")
    )
    assert officers.find(vault, "budi").roles == ("irjen", "pengawas")
    officers.remove(Work(vault, SETTINGS, TODAY), LOGIN)


@pytest.mark.parametrize("bad", [Change(roles=()), Change(roles=("raja",)), Change(name=""), Change(lang="jv")])
def test_a_change_that_may_not_be_changes_nothing(vault: Vault, bad: Change) -> None:
    """A role of the settings, a name, a language of the pages."""
    before = officers.all_officers(vault)
    with pytest.raises(RefusedError):
        officers.change(Work(vault, SETTINGS, TODAY), LOGIN, bad)
    assert officers.all_officers(vault) == before


def test_everybody_changes_their_own_passphrase_alone(world: World) -> None:
    """The old one must be known; it opens neither the vault nor the copy afterwards."""
    vault = world.open()
    with pytest.raises(WrongPassphraseError):
        officers.change_passphrase(vault, OTHER, "tujuh kata baru untuk uji", CHEAP)
    with pytest.raises(RefusedError, match="characters"):
        officers.change_passphrase(vault, PASSPHRASE, "kurang", CHEAP)
    with pytest.raises(RefusedError, match="already"):
        officers.change_passphrase(vault, PASSPHRASE, PASSPHRASE, CHEAP)
    officers.change_passphrase(vault, PASSPHRASE, OTHER, CHEAP)
    vault.close()
    for path in (world.path(), world.copy_path()):
        with pytest.raises(WrongPassphraseError):
            Vault.open(path, LOGIN, PASSPHRASE)
        Vault.open(path, LOGIN, OTHER).close()


def test_every_act_on_officers_is_in_the_log(vault: Vault) -> None:
    """Who, whom, what; no passphrase and no name."""
    _add(vault)
    officers.change(Work(vault, SETTINGS, TODAY), "budi", Change(unit="Inspektorat II"))
    officers.remove(Work(vault, SETTINGS, TODAY), "budi")
    officers.change_passphrase(vault, PASSPHRASE, OTHER, CHEAP)
    lines = list(audit_log.lines(vault))
    assert [(line.action, line.details.get("did")) for line in lines] == [
        ("officer.manage", "add"),
        ("officer.manage", "change"),
        ("officer.manage", "remove"),
        ("officer.passphrase", None),
    ]
    assert "Budi" not in repr(lines)
    assert audit_log.verify(vault) == 4


def test_the_log_tells_which_roles_were_given(world: World) -> None:
    """Whoever lends somebody a role for an approval leaves it there."""
    with world.open() as vault:
        _add(vault)
        officers.change(Work(vault, SETTINGS, TODAY), "budi", Change(roles=("inspektur",)))
        told = [
            line.details.get("roles")
            for line in audit_log.lines(vault)
            if line.action == roles.Permission.OFFICER_MANAGE
        ]
    assert told[-2:] == ["verifikator", "inspektur"]
