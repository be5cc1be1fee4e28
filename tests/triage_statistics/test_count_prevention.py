"""What recurs, what is recommended against it, and how the year's report counts both."""

import pytest
from count_world import classify, day, refuse
from triage_world import SETTINGS, TODAY
from work_world import as_officer, new_case

from dropbox.errors import DropboxError, NotFoundError, RefusedError
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log
from dropbox.triage.cases.casebook import Case
from dropbox.triage.cases.periods import Span, span_of
from dropbox.triage.casework import handling, merging
from dropbox.triage.casework.refusal import Refusal
from dropbox.triage.statistics import recommendations, recurrence
from dropbox.triage.statistics.tables import count
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

TEXT = "Uji petik biaya nikah setiap triwulan"


def _cases(vault: Vault, number: int = 3, today: int = TODAY - 9) -> list[Case]:
    """Cases of one unit, written in several ways."""
    return [
        classify(vault, new_case(vault, today=today), unit=("KUA  Contoh", "Kua contoh")[at % 2])
        for at in range(number)
    ]


def _found(vault: Vault, span: Span | None = None) -> list[tuple[str, str, int]]:
    return [(one.kind, one.subject, len(one.cases)) for one in
            recommendations.recurring(Work(vault, SETTINGS, TODAY), span or recurrence.last_year(TODAY))]  # fmt: skip


def _exclude(vault: Vault, case: Case, login: str) -> None:
    with transaction(vault.db):
        vault.db.execute("insert into exclusions values (?, ?, 'unit', '')", (case.number, login))


def _recommend(vault: Vault, due: int = TODAY + 30) -> int:
    about = recommendations.recurring(Work(vault, SETTINGS, TODAY), recurrence.last_year(TODAY))[0]
    key = (about.kind, about.subject)
    return recommendations.recommend(Work(vault, SETTINGS, TODAY), key, TEXT, "Kanwil Contoh", due)


def test_three_cases_of_a_unit_a_service_or_a_modus_recur(vault: Vault) -> None:
    """Twice is chance; a unit is the same however it is written; tags say service and modus."""
    cases = _cases(vault, 2)
    assert _found(vault) == []
    cases += _cases(vault, 1)
    for case in cases:
        handling.tag(Work(vault, SETTINGS, TODAY), case, add=["modus-setoran", "penting", "layanan-nikah", "modus-"])
    assert _found(vault) == [
        ("unit", "KUA Contoh", 3), ("service", "layanan-nikah", 3), ("modus", "modus-setoran", 3)
    ]  # fmt: skip


def test_a_case_counts_once_and_not_when_it_was_refused(vault: Vault) -> None:
    """What was merged is one case; what was refused shows nothing."""
    first, second, third, fourth = _cases(vault, 4)
    merging.merge(Work(vault, SETTINGS, TODAY), second, first)
    assert [number for *_, number in _found(vault)] == [3]
    refuse(vault, third, Refusal("evidence"), TODAY)
    assert _found(vault) == []
    assert fourth.number == 4


def test_the_year_turns_in_the_installations_zone(vault: Vault) -> None:
    """A case of New Year's Eve belongs to the old year; months and years without cases have no list."""
    _cases(vault, 2, day("2025-12-31"))
    _cases(vault, 1, day("2026-01-01"))
    assert _found(vault, span_of("2025")) == _found(vault, span_of("2026")) == _found(vault, span_of("2019-02")) == []
    assert _found(vault, recurrence.last_year(day("2026-12-30"))) == [("unit", "KUA Contoh", 3)]
    assert _found(vault, recurrence.last_year(day("2026-12-31"))) == []


def test_a_recommendation_is_made_shown_and_finished(vault: Vault) -> None:
    """With who acts by when; the log tells that, and none of its words; the report counts it."""
    _cases(vault)
    number = _recommend(vault)
    (made,) = recommendations.visible_to(Work(vault, SETTINGS, TODAY))
    assert (made.text, made.who, made.state(TODAY), made.state(TODAY + 31)) == (TEXT, "Kanwil Contoh", "open", "late")
    span = Span("", "year", TODAY - 20, TODAY)

    def counted(today: int) -> dict[str, int | None]:
        return {row.code: row.values[0] for row in count(Work(vault, SETTINGS, today), span).table("prevention").rows}

    assert counted(TODAY) == {"recurring": 1, "done": 0, "open": 1, "late": 0}
    assert counted(TODAY + 31) == {"recurring": 1, "done": 0, "open": 0, "late": 1}
    recommendations.finish(Work(vault, SETTINGS, TODAY + 40), number, "Sudah diuji")
    assert counted(TODAY + 41) == {"recurring": 1, "done": 1, "open": 0, "late": 0}
    with pytest.raises(NotFoundError):
        recommendations.finish(Work(vault, SETTINGS, TODAY + 41), number, "Lagi")
    lines = [line.details for line in audit_log.lines(vault) if line.action == Permission.PREVENTION_MANAGE]
    assert [line["did"] for line in lines] == ["recommend", "finish"]
    assert "KUA" not in str(lines)


def test_whoever_is_kept_out_of_a_case_learns_nothing(vault: Vault) -> None:
    """Neither that something recurs, nor the recommendation, nor a number; and cannot recommend."""
    first, *_ = _cases(vault)
    _recommend(vault)
    _exclude(vault, first, "wakil")
    other = as_officer(vault)
    assert _found(other) == []
    assert recommendations.visible_to(Work(other, SETTINGS, TODAY)) == []
    table = count(Work(other, SETTINGS, TODAY), Span("", "year", TODAY - 20, TODAY)).table("prevention")
    assert [row.values[0] for row in table.rows] == [0, 0, 0, 0]
    with pytest.raises(NotFoundError):
        recommendations.recommend(Work(other, SETTINGS, TODAY), ("unit", "KUA Contoh"), TEXT, "Kanwil", TODAY + 1)
    with pytest.raises(NotFoundError):
        recommendations.finish(Work(other, SETTINGS, TODAY), 1, "Sudah")


@pytest.mark.parametrize(
    ("text", "who", "due"),
    [("", "Kanwil", 1), (TEXT, " ", 1), ("x" * 2001, "Kanwil", 1), ("a\x07", "Kanwil", 1), (TEXT, "Kanwil", 0),
     (TEXT, "Kanwil", 731)],
)  # fmt: skip
def test_a_recommendation_says_what_who_and_when(vault: Vault, text: str, who: str, due: int) -> None:
    """What lacks one of them, or lies in the past, is refused and changes nothing."""
    _cases(vault)
    with pytest.raises(RefusedError):
        recommendations.recommend(Work(vault, SETTINGS, TODAY), ("unit", "KUA Contoh"), text, who, TODAY + due)
    assert recommendations.visible_to(Work(vault, SETTINGS, TODAY)) == []


def test_only_inspektur_and_irjen(vault: Vault) -> None:
    """Neither the overseer nor who works on cases sees the list."""
    for role in ("pengawas", "penelaah", "verifikator", "petugas-penerima"):
        with pytest.raises(RefusedError):
            recommendations.visible_to(Work(as_officer(vault, "budi", role), SETTINGS, TODAY))
    assert recommendations.visible_to(Work(as_officer(vault, "budi", "inspektur"), SETTINGS, TODAY)) == []


def test_prevention_from_list_to_result(vault: Vault) -> None:
    """Listed, recommended about what is in the list alone, finished once."""
    work = Work(vault, SETTINGS, TODAY)
    _cases(vault)
    found = recommendations.recurring(work, recurrence.last_year(TODAY))
    assert ("unit", "KUA Contoh", 3) in [(one.kind, one.subject, len(one.cases)) for one in found]
    with pytest.raises(NotFoundError):
        recommendations.recommend(work, ("unit", "KUA Lain"), TEXT, "Kanwil", TODAY + 300)
    number = recommendations.recommend(work, ("unit", "KUA Contoh"), TEXT, "Kanwil", TODAY + 300)
    recommendations.finish(work, number, TEXT)
    with pytest.raises(DropboxError):
        recommendations.finish(work, number, TEXT)
    (made,) = recommendations.visible_to(work)
    assert (made.state(TODAY), made.subject, made.who, made.due, made.done) == (
        *("done", "KUA Contoh", "Kanwil"), TODAY + 300, TODAY,
    )  # fmt: skip
