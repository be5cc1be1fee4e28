"""Legal holds: every road that deletes ends at one, and two officers lift it."""

import ast
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from triage_world import CHEAP, PASSPHRASE, SETTINGS, TODAY
from work_world import as_officer, move, new_case

from dropbox.errors import NotFoundError, RefusedError
from dropbox.limits import EPOCH_EXPIRY_DAYS, EPOCH_GRACE_DAYS
from dropbox.triage import decisions
from dropbox.triage.access import approvals, holds, identity, officers
from dropbox.triage.cases import audit_log
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import giving_up, handling, merging, retention
from dropbox.triage.redaction import saved
from dropbox.triage.vault import anew, epochs
from dropbox.triage.vault.officer import NewOfficer
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import Day, epoch_last_day, epoch_of

LATER = Day(TODAY + SETTINGS.workstation.retention_days["SELESAI_TIDAK"])
REFERENCE = "12/G/2026/PTUN.JKT"


def at(vault: Vault, today: int = TODAY) -> Work:
    return Work(vault, SETTINGS, Day(today))


def place(vault: Vault, case: Case) -> int:
    return holds.place(at(vault), case, "court", REFERENCE)


def lift(vault: Vault, case: Case, number: int) -> None:
    """Two officers lift a hold."""
    proposal = holds.propose_lift(at(vault), case, number)
    decisions.approve(at(as_officer(vault)), proposal)


def test_a_held_case_is_neither_proposed_nor_deleted_nor_listed(vault: Vault) -> None:
    """Also when the hold came between proposal and approval; after its lift the proposal goes through."""
    case = move(vault, new_case(vault), "SELESAI_TIDAK")
    proposal = retention.propose(at(vault, LATER), case)
    number = place(vault, case)
    assert retention.spent(at(vault, LATER)) == []
    with pytest.raises(RefusedError, match="legal hold keeps this case"):
        retention.approve(at(as_officer(vault), LATER), proposal)
    retention.decline(at(as_officer(vault), LATER), proposal)
    with pytest.raises(RefusedError, match="legal hold keeps this case"):
        retention.propose(at(vault, LATER), case)
    lift(vault, case, number)
    assert [one.number for one in retention.spent(at(vault, LATER))] == [case.number]
    retention.approve(at(as_officer(vault), LATER), retention.propose(at(vault, LATER), case))
    assert vault.db.execute("select count(*) from holds").fetchone() == (0,)


@pytest.mark.parametrize("held", ["leader", "member"])
def test_a_hold_covers_the_group(vault: Vault, held: str) -> None:
    """A hold on the leading case or on a merged one keeps both."""
    leader, member = new_case(vault), new_case(vault)
    merging.merge(at(vault), member, leader)
    place(vault, leader if held == "leader" else member)
    leader = move(vault, leader, "SELESAI_TIDAK")
    with pytest.raises(RefusedError, match="legal hold"):
        retention.propose(at(vault, LATER), leader)
    assert all(holds.is_held(vault, one.number) for one in (leader, member))


def test_two_holds_need_two_lifts(vault: Vault) -> None:
    """A case is free after its last hold; a lifted one cannot be lifted again."""
    case = new_case(vault)
    first, second = place(vault, case), place(vault, case)
    lift(vault, case, first)
    assert holds.is_held(vault, case.number)
    with pytest.raises(NotFoundError):
        holds.propose_lift(at(vault), case, first)
    lift(vault, case, second)
    assert not holds.is_held(vault, case.number)
    assert [one.lifter for one in holds.of_case(at(vault), case)] == ["wakil", "wakil"]


def test_the_second_officer_decides(vault: Vault) -> None:
    """The proposer cannot approve; a role without the act cannot; declined, the hold stays."""
    case = new_case(vault)
    proposal = holds.propose_lift(at(vault), case, place(vault, case))
    with pytest.raises(RefusedError, match="second officer"):
        decisions.approve(at(vault), proposal)
    with pytest.raises(RefusedError, match="roles"):
        decisions.approve(at(as_officer(vault, "ina", "inspektur")), proposal)
    decisions.decline(at(as_officer(vault)), proposal)
    assert holds.is_held(vault, case.number)
    assert approvals.pending(vault) == []


def test_the_log_has_codes_and_no_reference(vault: Vault) -> None:
    """Placing and lifting have a line each; the reference is in none."""
    case = new_case(vault)
    lift(vault, case, place(vault, case))
    lines = [line for line in audit_log.lines(vault) if line.action.startswith("hold")]
    assert [line.action for line in lines] == ["hold.place", "hold-lift.propose", "hold-lift.approve"]
    assert lines[0].details == {"hold": 1, "reason": "court"}
    assert REFERENCE not in repr(lines)


@pytest.mark.parametrize(
    ("reason", "reference"), [("", "1"), ("whim", "1"), ("court", " "), ("court", "x" * 201), ("court", "a\x00b")]
)
def test_a_hold_needs_a_reason_and_a_reference(vault: Vault, reason: str, reference: str) -> None:
    """A reason of the list and one line of at most 200 characters."""
    with pytest.raises(RefusedError):
        holds.place(at(vault), new_case(vault), reason, reference)
    assert vault.db.execute("select count(*) from holds").fetchone() == (0,)


def test_a_note_is_not_taken_back(vault: Vault) -> None:
    """A note is content: under a hold it stays, even on its day."""
    case = new_case(vault)
    number = handling.note(at(vault), case, "Catatan.")
    place(vault, case)
    with pytest.raises(RefusedError, match="legal hold"):
        handling.take_back_note(at(vault), case, number)


def _epoch(vault: Vault) -> Callable[[], object]:
    epoch = epoch_of(TODAY)
    later = epoch_last_day(epoch) + EPOCH_GRACE_DAYS + EPOCH_EXPIRY_DAYS + 1
    proposal = retention.propose_epoch(at(vault, later), epoch)
    return lambda: retention.approve_epoch(at(as_officer(vault), later), proposal)


def _unopened(vault: Vault) -> Callable[[], object]:
    vault.db.execute(
        "insert into seen (sha256, blob_id, outcome, reason, day, bytes, withheld) values (x'00', x'00', 'unopened',"
        " '', ?, 0, 1)",
        (TODAY,),
    )
    assert anew.withheld(vault)[0]
    proposal = giving_up.propose(at(vault))
    return lambda: giving_up.approve(at(as_officer(vault)), proposal)


@pytest.mark.parametrize("road", [_epoch, _unopened])
def test_what_may_belong_to_a_held_case_is_not_given_up(
    vault: Vault, road: Callable[[Vault], Callable[[], object]]
) -> None:
    """A week's key that the server may need and withheld reports stay while any hold is in force."""
    approve = road(vault)
    case = new_case(vault)
    number = place(vault, case)
    with pytest.raises(RefusedError, match="a legal hold is in force at this desk"):
        approve()
    lift(vault, case, number)
    approve()


def test_the_epoch_key_is_there_while_a_hold_is(vault: Vault) -> None:
    """A refused approval leaves the key in the vault."""
    approve = _epoch(vault)
    place(vault, new_case(vault))
    with pytest.raises(RefusedError):
        approve()
    assert epochs.secret_key(vault, epoch_of(TODAY)) is not None


def test_an_officer_does_not_take_a_held_identity_along(vault: Vault) -> None:
    """Not even where losing identities was agreed to; without a hold it is possible."""
    officers.add(at(vault), NewOfficer("budi", "Budi Uji", ("inspektur",), PASSPHRASE, ""), CHEAP)
    case = new_case(vault)
    with transaction(vault.db):
        identity.seal(at(vault), case.number, "Siti", source="officer")
    number = place(vault, case)
    with pytest.raises(RefusedError, match="identity that must be kept"):
        officers.remove(at(vault), "budi", lose_identities=True)
    lift(vault, case, number)
    officers.remove(at(vault), "budi", lose_identities=True)


def test_who_is_kept_out_learns_of_no_hold(vault: Vault) -> None:
    """They place none, lift none, and find none in the list."""
    case = new_case(vault)
    number = place(vault, case)
    holds.propose_lift(at(vault), case, number)
    kept_out = as_officer(vault, "ina")
    vault.db.execute("insert into exclusions values (?, 'ina', 'named', '')", (case.number,))
    assert holds.in_force(at(kept_out)) == []
    assert approvals.pending(kept_out) == []
    for act in (
        lambda: holds.place(at(kept_out), case, "court", REFERENCE),
        lambda: holds.propose_lift(at(kept_out), case, number),
        lambda: holds.of_case(at(kept_out), case),
        lambda: decisions.approve(at(kept_out), 1),
    ):
        with pytest.raises(NotFoundError):
            act()


def test_a_recipe_of_a_redacted_copy_is_not_deleted(vault: Vault) -> None:
    """The hold is asked before the recipe is looked at."""
    case = new_case(vault)
    place(vault, case)
    with pytest.raises(RefusedError, match="legal hold"):
        saved.remove(at(vault), case, 1, cast("saved.Saved", None))


# Functions of the tables that delete something, besides `remove_all`, and why a hold lets them or where it is asked.
DELETING = {
    "events.remove": "an entry that has not left, taken back by its writer; the log has it",
    "exclusions.remove": "an exclusion of an officer, not content",
    "findings.remove": "is found out again from the file",
    "findings.remove_unused": "of a deleted case alone (retention)",
    "identities.remove_shares_of": "access.officers asks the hold",
    "identities.share": "replaced in the same statement",
    "listing.saved_filters.remove": "an officer's filter, not content",
    "meta.remove": "a challenge that was answered",
    "notes.remove": "casework.handling asks the hold",
    "outgoing.redactions.remove": "redaction.saved asks the hold",
    "outgoing.referrals.remove_consent": "a question that has not left, taken back with its entry",
    "outgoing.referrals.remove_mark": "a decision that changed; the log has it",
    "outgoing.tellings.clear": "how to take back an entry, once it has left",
    "outgoing.tellings.remove": "how to take back an entry, with the entry",
    "safety.follow_ups.remove": "a question that has not left, taken back with its entry",
    "safety.notices.remove": "a notice that has not left, taken back with its entry",
    "protections.remove": "a request that was opened with an entry that has not left, taken back with it",
    "reads.mark_unread": "what an officer has read, not content",
    "search_index.find": "a temporary table",
    "search_index.remove": "the index of a text that stays, or of a note (above)",
    "tags.remove": "a label that changed; the log has it",
}
TRIAGE = Path(decisions.__file__).parent


def _deleting() -> set[str]:
    """Functions of the tables, by module, whose SQL deletes, but `remove_all` and helpers."""
    found = set()
    for path in sorted((TRIAGE / "tables").rglob("*.py")):
        module = ".".join(path.relative_to(TRIAGE / "tables").with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.name != "remove_all":
                texts = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant)]
                if any(isinstance(text, str) and "delete from" in text for text in texts):
                    found.add(f"{module}.{node.name}")
    return found


def test_every_road_that_deletes_is_known() -> None:
    """A new statement that deletes is entered in DELETING, so that somebody thinks of the hold; retention asks it."""
    assert _deleting() - DELETING.keys() == set()
    callers = [path.name for path in sorted(TRIAGE.rglob("*.py")) if ".remove_all(" in path.read_text("utf-8")]
    assert callers == ["retention.py", "search.py"]
