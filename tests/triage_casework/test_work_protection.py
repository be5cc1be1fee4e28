"""Protection: a track of its own, with its own clock, answered to the one who asked."""

import pytest
from triage_world import SETTINGS, TODAY, World, new_thread, published
from work_world import again, as_officer, message, move, new_case, take

from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.casework import protection, retention
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import date_of, day_of

DUE = day_of(SETTINGS.after_working_days(date_of(TODAY), SETTINGS.workstation.protection_days))


def test_a_report_asks_for_protection_and_reads_the_answer(world: World, vault: Vault) -> None:
    """By a field of the sealed report; the answers stand on the reporter's timeline, the case goes its own way."""
    thread = new_thread()
    world.take(vault, [world.report(thread, record={"protection": b"career, physical,unknown"})])
    case = casebook.all_cases(vault)[0]
    assert [(one.kind, one.status, one.due) for one in protection.of_case(vault, case)] == [
        ("career", "open", DUE), ("physical", "open", DUE)
    ]  # fmt: skip
    first = protection.waiting(Work(vault, SETTINGS, TODAY))[0]
    protection.answer(Work(vault, SETTINGS, TODAY + 1), first.number, "granted")
    timeline = published(world, vault).timeline(world, thread)
    assert timeline is not None
    assert [("Permintaan" in entry.text, entry.status) for entry in timeline[-3:]] == [(True, "DITERIMA")] * 3
    assert again(vault, case).due == case.due
    assert [one.kind for one in protection.waiting(Work(vault, SETTINGS, TODAY))] == ["physical"]


def test_an_addition_asks_too_but_not_twice(vault: Vault) -> None:
    """A request that is open is not opened again; after its answer a new one is."""
    thread = new_thread()
    number = take(vault, message(thread))
    for _ in range(2):
        take(vault, message(thread, "addition", protection="legal"))
    (request,) = protection.of_case(vault, again(vault, number))
    protection.answer(Work(vault, SETTINGS, TODAY), request.number, "lpsk")
    take(vault, message(thread, "addition", protection="legal"))
    assert [one.status for one in protection.of_case(vault, again(vault, number))] == ["lpsk", "open"]


def test_an_officer_opens_and_speaks(vault: Vault) -> None:
    """A message in between leaves it open and begins its clock anew; all of it is in the log, without words."""
    case = new_case(vault)
    number = protection.open_request(Work(vault, SETTINGS, TODAY), case, "physical")
    protection.say(Work(vault, SETTINGS, TODAY + 7), number, "Kami menghubungi LPSK.")
    (request,) = protection.waiting(Work(vault, SETTINGS, TODAY))
    assert request.due > DUE
    protection.answer(Work(vault, SETTINGS, TODAY + 9), number, "denied", "Belum dapat kami penuhi.")
    assert [entry.text for entry in casebook.timeline(vault, case)[-2:]] == [
        "Kami menghubungi LPSK.", "Belum dapat kami penuhi."
    ]  # fmt: skip
    lines = [line.details for line in audit_log.lines(vault, case.number)]
    assert [one["did"] for one in lines] == ["open", "say", "answer"]
    with pytest.raises(NotFoundError):
        protection.answer(Work(vault, SETTINGS, TODAY + 9), number, "granted")


def test_a_merged_reporter_reads_nothing_of_it(vault: Vault) -> None:
    """That somebody asked for protection is nobody else's business."""
    case, other = new_case(vault), new_case(vault)
    vault.db.execute("update cases set merged_into = ? where number = ?", (case.number, other.number))
    before = casebook.timeline(vault, other)
    number = protection.open_request(Work(vault, SETTINGS, TODAY), case, "career")
    protection.answer(Work(vault, SETTINGS, TODAY), number, "granted")
    assert casebook.timeline(vault, other) == before


def test_rules_hold(vault: Vault) -> None:
    """Kinds and outcomes are fixed; roles and exclusions count."""
    case = new_case(vault)
    with pytest.raises(RefusedError, match="kinds"):
        protection.open_request(Work(vault, SETTINGS, TODAY), case, "money")
    number = protection.open_request(Work(vault, SETTINGS, TODAY), case, "career")
    with pytest.raises(RefusedError, match="outcomes"):
        protection.answer(Work(vault, SETTINGS, TODAY), number, "maybe")
    with pytest.raises(RefusedError, match="roles"):
        protection.waiting(Work(as_officer(vault, "tini", "pengawas"), SETTINGS, TODAY))
    vault.db.execute("insert into exclusions values (?, 'wakil', 'named', '')", (case.number,))
    assert protection.waiting(Work(as_officer(vault), SETTINGS, TODAY)) == []
    with pytest.raises(NotFoundError):
        protection.answer(Work(as_officer(vault), SETTINGS, TODAY), number, "granted")


def test_an_open_request_keeps_its_case(vault: Vault) -> None:
    """It is not deleted before somebody has answered."""
    case = new_case(vault)
    number = protection.open_request(Work(vault, SETTINGS, TODAY), case, "career")
    case = move(vault, case, "SELESAI_TIDAK")
    later = TODAY + SETTINGS.workstation.retention_days["SELESAI_TIDAK"]
    with pytest.raises(RefusedError, match="protection"):
        retention.propose(Work(vault, SETTINGS, later), case)
    protection.answer(Work(vault, SETTINGS, later), number, "denied")
    retention.propose(Work(vault, SETTINGS, later), case)
