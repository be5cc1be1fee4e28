"""Statements of reported persons and witnesses: versions, the right to answer, who is kept out, who reads them."""

from dataclasses import replace

import pytest
from triage_world import CHEAP, PASSPHRASE, SETTINGS, TODAY, dump
from work_world import as_officer, move, new_case

from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage.access import officers
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.casework import letters, phrases, retention, search
from dropbox.triage.casework.hearing import statements
from dropbox.triage.casework.hearing.statements import Typed
from dropbox.triage.tables.records import clearings
from dropbox.triage.vault.officer import NewOfficer
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import Day

WITNESS = Typed("witness", "", "Rahmawati Kenarijingga", "Bendahara", "KUA Contoh", TODAY, "Saya melihat kuitansi.")
LETTER = letters.Clearing(
    "Ahmad Kenariungu", "Kepala", "Kankemenag Contoh", "R-1", "Budi", "Inspektur", place="Jakarta"
)


def at(vault: Vault, today: int = TODAY) -> Work:
    return Work(vault, SETTINGS, Day(today))


def test_a_statement_is_corrected_and_withdrawn(vault: Vault) -> None:
    """Each version stays; search finds the last one, and nothing after the withdrawal."""
    case = new_case(vault)
    first = statements.write(at(vault), case, WITNESS)
    assert [hit.number for hit in search.search(at(vault), "Kenarijingga")] == [case.number]
    statements.revise(at(vault), case, first, replace(WITNESS, name="Rahmawati Kenaribiru"), "correction")
    assert search.search(at(vault), "Kenarijingga") == []
    assert len(search.search(at(vault), "Kenaribiru")) == 1
    statements.withdraw(at(vault), case, first, "wrong-case")
    assert search.search(at(vault), "Kenaribiru") == []
    ((old, new),) = statements.of_case(at(vault), case)
    assert (old.name, new.why, new.withdrawn, old.withdrawn) == (WITNESS.name, "correction", "wrong-case", "")
    with pytest.raises(NotFoundError):
        statements.withdraw(at(vault), case, first, "wrong-case")
    lines = [line.details for line in audit_log.lines(vault) if line.action == "statement.write"]
    assert [line["did"] for line in lines] == ["add", "change", "withdraw"]
    assert "Kenari" not in repr(lines)


@pytest.mark.parametrize(
    "bent",
    [
        {"party": "judge"},
        {"name": " "},
        {"name": "x" * 201},
        {"text": ""},
        {"text": "x" * 20_001},
        {"text": "a\x00b"},
        {"given": TODAY + 1},
        {"given": TODAY - 1},
        {"party": "reported", "answer": ""},
        {"party": "reported", "answer": "given", "text": ""},
    ],
)
def test_a_statement_has_its_bounds(vault: Vault, bent: dict[str, object]) -> None:
    """A value that is missing, too long, foreign or outside of the days is refused."""
    with pytest.raises(RefusedError):
        statements.write(at(vault), new_case(vault), replace(WITNESS, **bent))  # type: ignore[arg-type]


def test_the_right_to_answer_is_recorded_before_an_answer(vault: Vault) -> None:
    """An offer needs no text; the answer is a later version."""
    case = new_case(vault)
    first = statements.write(at(vault), case, replace(WITNESS, party="reported", answer="offered", text=""))
    answered = replace(WITNESS, party="reported", answer="given", text="Itu tidak benar.")
    statements.revise(at(vault), case, first, answered, "supplement")
    assert [one.answer for one in statements.of_case(at(vault), case)[0]] == ["offered", "given"]


@pytest.mark.parametrize("comes", ["before", "after"])
@pytest.mark.parametrize("road", ["statement", "letter"])
def test_an_officer_who_is_named_is_kept_out(vault: Vault, comes: str, road: str) -> None:
    """Whether the officer or the statement comes first, and likewise for the addressee of a clearing letter."""
    case = move(vault, new_case(vault), "SELESAI_TIDAK")
    new = NewOfficer("ani", "Rahmawati Kenarijingga", ("inspektur",), PASSPHRASE, "")
    if comes == "before":
        officers.add(at(vault), new, CHEAP)
    if road == "statement":
        statements.write(at(vault), case, WITNESS)
    else:
        letters.clear(at(vault), case, replace(LETTER, name=WITNESS.name))
    if comes == "after":
        officers.add(at(vault), new, CHEAP)
    out = as_officer(vault, "ani", "inspektur")
    with pytest.raises(NotFoundError):
        statements.of_case(at(out), case)
    assert search.search(at(out), "Kenarijingga") == []


def test_nothing_reaches_the_reporter(vault: Vault) -> None:
    """The timeline is as before, and an answer that repeats a name is warned of."""
    case = new_case(vault)
    before = casebook.timeline(vault, case)
    statements.write(at(vault), case, WITNESS)
    assert casebook.timeline(vault, case) == before
    assert phrases.warnings(vault, case, "Kami mendengar Kenarijingga.")


def test_the_letter_is_recorded_and_goes_with_the_content(vault: Vault) -> None:
    """Number, day and addressee are on the case; after the deletion neither they nor a statement remain."""
    case = move(vault, new_case(vault), "SELESAI_TIDAK")
    letters.clear(at(vault), case, LETTER)
    statements.write(at(vault), case, WITNESS)
    (letter,) = clearings.of_cases(vault.db, [case.number])
    assert (letter.letter, letter.day, letter.name) == ("R-1", TODAY, LETTER.name)
    assert len(search.search(at(vault), "Kenariungu")) == 1
    later = at(vault, TODAY + SETTINGS.workstation.retention_days["SELESAI_TIDAK"])
    retention.approve(replace(later, vault=as_officer(vault)), retention.propose(later, case))
    assert "Kenari" not in repr(dump(vault))


def test_roles(vault: Vault) -> None:
    """A verifier reads statements, and writes and withdraws none."""
    case = new_case(vault)
    first = statements.write(at(vault), case, WITNESS)
    reader = at(as_officer(vault, "ani", "verifikator"))
    assert len(statements.of_case(reader, case)) == 1
    for act in (
        lambda: statements.write(reader, case, WITNESS),
        lambda: statements.revise(reader, case, first, WITNESS, "correction"),
        lambda: statements.withdraw(reader, case, first, "twice"),
    ):
        with pytest.raises(RefusedError, match="roles"):
            act()
