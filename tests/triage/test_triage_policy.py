"""Answers: what the one policy function lets through, and what it refuses with a sentence."""

import pytest
from triage_world import SETTINGS, TODAY, World, dump, new_thread

from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage.access.permission import Draft
from dropbox.triage.cases import casebook
from dropbox.triage.casework import transitions
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import date_of, day_of
from dropbox.wire.statuses import STATUSES


@pytest.fixture
def case(world: World, vault: Vault) -> casebook.Case:
    """A fresh case."""
    world.take(vault, [world.report(new_thread())])
    return casebook.find_case(vault, "ITJEN-0001")


def _answer(vault: Vault, draft: Draft) -> None:
    transitions.answer(Work(vault, SETTINGS, TODAY), casebook.find_case(vault, "1"), draft)


_BY_ONE_OFFICER = [status for status in STATUSES[2:] if status not in ("DITOLAK", "DIARSIPKAN")]


@pytest.mark.parametrize("status", _BY_ONE_OFFICER)
def test_each_status_can_be_given(vault: Vault, case: casebook.Case, status: str) -> None:
    """With its service days as the default of the next date, counted in working days."""
    _answer(vault, Draft(status, "Baik.\r\nKapan itu? ", target="kpk" if status == "DILIMPAHKAN" else ""))
    entry = casebook.timeline(vault, case)[-1]
    assert (entry.status, entry.text, entry.day) == (status, "Baik.\nKapan itu?", TODAY)
    days = SETTINGS.service_days.get(status)
    expected = day_of(SETTINGS.after_working_days(date_of(TODAY), days)) if days else 0
    assert entry.next == expected
    is_live = not status.startswith("SELESAI")
    assert (casebook.find_case(vault, "1").due >= max(expected, TODAY + 1)) == is_live
    assert casebook.find_case(vault, "1").status == status


@pytest.mark.parametrize(
    "draft",
    [
        Draft("TERKIRIM", "x"),
        Draft("BUTUH_INFO", "Kapan?", TODAY + 29),
        Draft("BUTUH_INFO", "Kami punya pertanyaan."),
        Draft("BUTUH_INFO", "?"),
        Draft("BUTUH_INFO", "Lihat https://contoh.go.id/?a=b di sana."),
        Draft("SELESAI", "x"),
        Draft("telaah", "x"),
        Draft("BUTUH_INFO", ""),
        Draft("SELESAI_TIDAK", " "),
        Draft("DITERIMA", ""),
        Draft("DITOLAK", " \n\t"),
        Draft("TELAAH", "x" * 8001),
        Draft("TELAAH", "a\0b"),
        Draft("TELAAH", "\x1b[2J"),
        Draft("TELAAH", "x", TODAY),
        Draft("TELAAH", "x", TODAY + 1000),
        Draft("SELESAI_TIDAK", "x", TODAY + 5),
        Draft("DIARSIPKAN", "x"),
        Draft("DITOLAK", "Karena anonim."),
        Draft("DILIMPAHKAN", "x"),
        Draft("DILIMPAHKAN", "x", target="tetangga"),
    ],
)
def test_what_may_not_be_answered_changes_nothing(vault: Vault, case: casebook.Case, draft: Draft) -> None:
    """Refused with a sentence."""
    before = dump(vault)
    with pytest.raises(RefusedError) as refused:
        _answer(vault, draft)
    assert len(str(refused.value)) > 20
    assert dump(vault) == before


def test_a_message_moves_nothing(vault: Vault, case: casebook.Case) -> None:
    """The status that a case has already is no move: its reporter reads a message, and the clock runs on."""
    due = casebook.find_case(vault, "1").due
    _answer(vault, Draft("DITERIMA", "Kami sudah membaca laporan Anda."))
    entry = casebook.timeline(vault, case)[-1]
    assert (entry.kind, entry.status, entry.text) == ("message", "", "Kami sudah membaca laporan Anda.")
    assert casebook.find_case(vault, "1").due == due == entry.next


def test_a_given_date_replaces_the_default(vault: Vault, case: casebook.Case) -> None:
    """Within a year."""
    _answer(vault, Draft("TELAAH", "x", TODAY + 40))
    assert casebook.find_case(vault, "1").due == TODAY + 40


def test_an_archived_case_can_only_be_reopened(vault: Vault, case: casebook.Case) -> None:
    """By VERIFIKASI, and then it goes on as any other."""
    _answer(vault, Draft("SELESAI_TIDAK", "Selesai."))
    _answer(vault, Draft("DIARSIPKAN", "Selesai."))
    for status in ("TELAAH", "DIARSIPKAN", "SELESAI_TIDAK"):
        with pytest.raises(RefusedError, match="archived"):
            _answer(vault, Draft(status, "x"))
    _answer(vault, Draft("VERIFIKASI", "Dibuka kembali."))
    _answer(vault, Draft("TELAAH", "x"))


def test_names_of_cases_are_read_kindly(vault: Vault, case: casebook.Case) -> None:
    """Any letter case, with or without desk and zeros; another desk's or an unknown one is not found."""
    for typed in ("ITJEN-0001", "itjen-1", "1", " 0001 "):
        assert casebook.find_case(vault, typed) == case
    for typed in ("IRJEN-0001", "2", "ITJEN-", "", "1; drop table cases", "١", "9" * 30):
        with pytest.raises(NotFoundError):
            casebook.find_case(vault, typed)
