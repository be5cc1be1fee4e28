"""Proof of authorship: with code and words, for one challenge, years later too."""

from pathlib import Path

import pytest
from triage_world import SETTINGS, TODAY, World
from work_world import as_officer, move, new_case

from dropbox.cli import main
from dropbox.crypto.claims import make_claim
from dropbox.crypto.secret import new_secret
from dropbox.errors import MalformedError, RefusedError, UntrustedError
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.casework import claims, retention
from dropbox.triage.intake import manual_entry
from dropbox.triage.intake.manual_entry import Entered, Typed
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

STATEMENT = "Saya yang menulis laporan ini."


@pytest.fixture
def walk_in(vault: Vault) -> Entered:
    """A case and its reporter's secret."""
    return manual_entry.enter(
        Work(vault, SETTINGS, TODAY), Typed("langsung", TODAY, "wbs", "pungli", {"what": "Ada setoran"})
    )


def test_the_claimant_proves_it_off_line(world: World, vault: Vault, walk_in: Entered, tmp_path: Path) -> None:
    """`dropbox claim` over the desk's challenge; the desk reads the statement. It counts once."""
    challenge = claims.challenge(Work(vault, SETTINGS, TODAY), walk_in.case)
    texts = {"root": None, "statement": STATEMENT, "code": walk_in.secret.code, "words": walk_in.secret.words}
    for name, text in texts.items():
        (tmp_path / name).write_bytes(text.encode() if text else world.anchor.encode())
    files = {f"--{name}-file": name for name in ("statement", "code", "words")} | {"--root": "root", "--out": "claim"}
    argv = [word for option, name in files.items() for word in (option, str(tmp_path / name))]
    assert main(["claim", "--desk", "itjen", "--challenge", challenge.hex(), *argv]) == 0
    made = (tmp_path / "claim").read_bytes()
    assert claims.check(Work(vault, SETTINGS, TODAY), walk_in.case, made) == STATEMENT
    with pytest.raises(RefusedError, match="no challenge"):
        claims.check(Work(vault, SETTINGS, TODAY), walk_in.case, made)
    assert main(["claim", "--desk", "itjen", "--challenge", challenge.hex(), *argv]) == 1  # nothing is overwritten
    assert main(["claim", "--desk", "itjen", "--challenge", "zz", *argv]) == 1


def test_it_works_after_the_content_was_deleted(vault: Vault, walk_in: Entered) -> None:
    """The claim key stayed."""
    case = move(vault, walk_in.case, "SELESAI_TIDAK")
    later = TODAY + SETTINGS.workstation.retention_days["SELESAI_TIDAK"]
    number = retention.propose(Work(vault, SETTINGS, later), case)
    retention.approve(Work(as_officer(vault), SETTINGS, later), number)
    gone = casebook.find_case(vault, "ITJEN-0001", deleted=True)
    challenge = claims.challenge(Work(vault, SETTINGS, TODAY), gone)
    made = make_claim(walk_in.secret, vault.instance, "itjen", challenge, STATEMENT)
    assert claims.check(Work(vault, SETTINGS, TODAY), gone, made) == STATEMENT


def test_a_forged_claim_fails_and_is_in_the_log(vault: Vault, walk_in: Entered) -> None:
    """Another's secret, another challenge, a changed statement, noise."""
    challenge = claims.challenge(Work(vault, SETTINGS, TODAY), walk_in.case)
    good = make_claim(walk_in.secret, vault.instance, "itjen", challenge, STATEMENT)
    bad = {
        make_claim(new_secret(), vault.instance, "itjen", challenge, STATEMENT): UntrustedError,
        make_claim(walk_in.secret, vault.instance, "itjen", bytes(32), STATEMENT): UntrustedError,
        make_claim(walk_in.secret, vault.instance, "irjen", challenge, STATEMENT): UntrustedError,
        make_claim(walk_in.secret, bytes(16), "itjen", challenge, STATEMENT): UntrustedError,
        good.replace(b"Saya", b"Dia "): UntrustedError,
        b"DBXM": MalformedError,
    }
    for made, error in bad.items():
        with pytest.raises(error):
            claims.check(Work(vault, SETTINGS, TODAY), walk_in.case, made)
    tried = [line.details for line in audit_log.lines(vault) if line.details.get("did") == "check"]
    assert tried == [{"did": "check", "proven": 0}] * len(bad)
    assert claims.check(Work(vault, SETTINGS, TODAY), walk_in.case, good) == STATEMENT


def test_only_those_who_may_and_only_proven_cases(vault: Vault) -> None:
    """A verifier checks no claims; a case whose keys nobody proved has no author."""
    case = new_case(vault)
    with pytest.raises(RefusedError, match="roles"):
        claims.challenge(Work(as_officer(vault, "budi", "verifikator"), SETTINGS, TODAY), case)
    vault.db.execute("update cases set proven = 0")
    claims.challenge(Work(vault, SETTINGS, TODAY), case)
    with pytest.raises(RefusedError, match="nobody ever proved"):
        claims.check(Work(vault, SETTINGS, TODAY), casebook.find_case(vault, "1"), b"")
