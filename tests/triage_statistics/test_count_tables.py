"""The counters: every report in one place of each table, the same numbers as the register has lines."""

from collections import Counter as Tally

import pytest
from count_world import START, YEAR, add, classify, day, empty, year
from triage_world import SETTINGS, TODAY
from work_world import again, as_officer, move, new_case

from dropbox.errors import RefusedError
from dropbox.triage.cases.periods import span_of
from dropbox.triage.casework import handling
from dropbox.triage.exchange import statistics_extract
from dropbox.triage.statistics import register
from dropbox.triage.statistics.counters import COUNTERS
from dropbox.triage.statistics.tables import Counts, count
from dropbox.triage.tables.safety import risks
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.vocabulary import vocabulary
from dropbox.wire.calendar import date_of, day_of

WHOLE = ("channel", "origin", "category", "problem", "province", "unit-type", "track", "risk")


def numbers(counts: Counts, code: str) -> dict[str, int]:
    """Rows of a table that are not nought."""
    return {row.code: row.values[0] for row in counts.table(code).rows if row.values[0]}


def counted(vault: Vault, code: str = "2025") -> Counts:
    return count(Work(vault, SETTINGS, TODAY), span_of(code))


def test_every_report_has_one_place_in_each_table(vault: Vault) -> None:
    """WBS, Dumas and not stated are the total, and so is each other table; what nobody filled in has its own row."""
    year(vault)
    counts = counted(vault)
    assert counts.total == 8
    assert numbers(counts, "channel") == {"wbs": 6, "dumas": 1, "tidak-disebut": 1, "total": 8}
    assert numbers(counts, "category") == {"pungli": 5, "korupsi": 1, "pelayanan": 1, "tidak-tahu": 1, "total": 8}
    assert numbers(counts, "problem") == {"02": 1, "03": 6, "10": 1, "total": 8}
    assert numbers(counts, "province") == {"32": 2, "unknown": 6, "total": 8}
    assert numbers(counts, "unit-type") == {"kankemenag": 1, "pusat": 1, "unknown": 6, "total": 8}
    track = {"waiting": 1, "examined": 2, "referred": 1, "proven": 1, "unproven": 1, "refused": 2, "total": 8}
    assert numbers(counts, "track") == track
    assert numbers(counts, "refusal") == {"court": 1, "evidence": 1, "total": 2}
    assert numbers(counts, "referral") == {"kpk": 1, "total": 1}
    assert numbers(counts, "recommended") == {"hukdis-berat": 1, "tgr": 1}
    assert numbers(counts, "settlement-unit") == {"Kanwil Contoh": 1, "Sekretariat Jenderal": 1}
    assert numbers(counts, "settlement") == {"done": 1, "not": 1, "total": 2}
    (days,) = counts.table("settlement-days").rows
    assert days.values == (1, 3, 3, 3, 3, 100)
    shares = {row.code: row.values[-1] for row in counts.table("settlement-unit").rows}
    assert shares == {"Kanwil Contoh": 100, "Sekretariat Jenderal": 0}
    assert counts.followed == 5 / 8
    for code in WHOLE:
        *parts, total = counts.table(code).rows
        assert sum(row.values[0] or 0 for row in parts) == total.values[0] == 8


def test_the_register_has_a_line_for_every_report(vault: Vault) -> None:
    """Month by month and over the year: as many lines as the statistics count, by channel too."""
    year(vault)
    new_case(vault, today=day("2025-07-01"))
    lines = 0
    for month in range(1, 13):
        span = span_of(f"2025-{month:02d}")
        found, counts = register.lines(Work(vault, SETTINGS, TODAY), span), count(Work(vault, SETTINGS, TODAY), span)
        assert len(found) == counts.total
        assert [line.channel for line in found].count("WBS") == counts.cell("channel", "wbs")
        lines += len(found)
    assert lines == counted(vault).total == 9


def test_the_risk_of_every_report_is_counted_as_its_line_says(vault: Vault) -> None:
    """Level by level, decided and not; a deleted report has none; the public is told neither risk nor range."""
    cases = year(vault)
    for name, values in {"proven": (3, 0), "examined": (3, 1), "waiting": (1, 0)}.items():
        with transaction(vault.db):
            risks.put(vault.db, cases[name].number, risks.Risk({}, {}, values[0], waits=bool(values[1])))
    empty(vault, cases["gone"])
    counts = counted(vault)
    said = Tally(line.risk for line in register.lines(Work(vault, SETTINGS, TODAY), YEAR))
    for row in counts.table("risk").rows[:-1]:
        words = vocabulary.label("risk", row.code, "id")
        assert row.values[1:] == (said[words], said[f"{words}, belum diputuskan"])
    assert counts.table("risk").rows[-1].values[0] == counts.total
    assert counts.table("risk").rows[-1].values[1] == said["Tinggi"] + said["Rendah"] == 2
    period = statistics_extract.public(counts)
    assert "risk" not in {table.code for table in period.tables}
    assert not {"least", "most", "share"} & {column for table in period.tables for column in table.columns}


def test_a_month_without_cases_has_noughts(vault: Vault) -> None:
    """No division by nothing, no table is missing."""
    counts = counted(vault, "2024-02")
    assert (counts.total, counts.followed) == (0, None)
    assert [table.code for table in counts.tables] == list(COUNTERS)
    assert register.lines(Work(vault, SETTINGS, TODAY), span_of("2024-02")) == []


def test_new_years_night_divides_the_years(vault: Vault) -> None:
    """The sending date is a day of Jakarta already: its year counts, not the day of collection."""
    new_case(vault, today=day("2025-12-31"))
    new_case(vault, today=day("2026-01-01"))
    with transaction(vault.db):
        vault.db.execute("update messages set day = ?", (day("2026-01-02"),))
    assert (counted(vault, "2025").total, counted(vault, "2026-01").total) == (1, 1)


def test_a_deleted_case_is_still_counted(vault: Vault) -> None:
    """Its codes stay but for its risk: channel, category, province, how it ended and why, as far as the log tells."""
    made = year(vault)
    before = counted(vault)
    empty(vault, made["archived"])
    empty(vault, made["proven"])
    after = counted(vault)
    for code in WHOLE[:-1]:
        assert numbers(after, code) == numbers(before, code)
    assert numbers(after, "risk")["0"] == 2
    (line,) = register.lines(Work(vault, SETTINGS, TODAY), YEAR, "terbukti pusat")
    assert line.number == made["proven"].number
    assert line.reported == ""


def test_stages_take_working_days_without_the_question_between(vault: Vault) -> None:
    """Received Monday, verified Wednesday, asked Friday, answered ten days later, reviewed after two more days."""
    case = move(vault, new_case(vault, today=START), "VERIFIKASI", START + 2)
    case = move(vault, case, "BUTUH_INFO", START + 4)
    case = move(vault, case, "VERIFIKASI", START + 14)
    move(vault, case, "TELAAH", START + 16)
    rows = {row.code: row.values for row in counted(vault, "2025-Q1").table("stage").rows}
    assert rows["diterima"] == (1, 2, 2, 100)
    assert rows["verifikasi"] == (1, 4, 4, 100)
    assert rows["butuh-info"] == (1, 6, 6, 100)
    assert rows["telaah"] == (0, None, None, None)


def test_the_ninetieth_percentile_is_a_day_that_was_taken(vault: Vault) -> None:
    """Of eleven stages of one to eleven days, ten took ten days or less; the median is six."""
    for days in range(1, 12):
        case = new_case(vault, today=START)
        moved = SETTINGS.after_working_days(date_of(START), days)
        move(vault, case, "VERIFIKASI", day_of(moved))
    rows = {row.code: row.values for row in counted(vault).table("stage").rows}
    assert rows["diterima"] == (11, 6, 10, 27)


def test_additions_are_answered_by_officers_not_by_the_program(vault: Vault) -> None:
    """An agenda number is no answer; a message or a status with words on that day or later is."""
    number, _ = add(vault, START)
    other, today = add(vault, START)
    classify(vault, again(vault, number), subject="Perihal")
    move(vault, again(vault, other), "VERIFIKASI", today)
    assert numbers(counted(vault), "answered") == {"answered": 1, "unanswered": 1, "total": 2}


def test_live_cases_are_those_of_any_period(vault: Vault) -> None:
    """Overdue on the day of counting; what ended or was merged is not live."""
    year(vault)
    assert numbers(counted(vault, "2024"), "live") == {"overdue": 3, "total": 3}


def test_who_is_kept_out_of_a_case_cannot_count_it(vault: Vault) -> None:
    """Neither register nor statistics tell them that there is one."""
    made = year(vault)
    with transaction(vault.db):
        vault.db.execute(
            "insert into exclusions (case_number, officer, reason) values (?, 'wakil', 'named')",
            (made["proven"].number,),
        )
    other = as_officer(vault)
    assert (
        count(Work(other, SETTINGS, TODAY), YEAR).total == len(register.lines(Work(other, SETTINGS, TODAY), YEAR)) == 7
    )
    for code in ("recommended", "settlement-unit", "settlement"):
        assert numbers(count(Work(other, SETTINGS, TODAY), YEAR), code) == {}


def test_the_overseer_reads_numbers_and_no_register(vault: Vault) -> None:
    """Roles decide: statistics.read and case.read."""
    year(vault)
    overseer = as_officer(vault, "pengawas", "pengawas")
    assert count(Work(overseer, SETTINGS, TODAY), YEAR).total == 8
    with pytest.raises(RefusedError, match="Reading cases"):
        register.lines(Work(overseer, SETTINGS, TODAY), YEAR)


def test_a_page_of_the_register_tells_what_domain_notes_ask_for(vault: Vault) -> None:
    """Numbers, dates, kinds, whom it is about and what became of it; of the reporter the kind alone."""
    made = year(vault)
    handling.assign(Work(vault, SETTINGS, START + 5), made["proven"], office="inspektorat-5", text="Mohon ditelaah")
    (line,) = register.lines(Work(vault, SETTINGS, TODAY), YEAR, "hyperlink")
    assert (line.case, line.channel, line.problem[:2]) == (made["proven"].name, "WBS", "03")
    assert line.agenda == made["proven"].agenda
    assert line.agenda_day
    assert (line.reporter, line.reported, line.place) == ("Pegawai", "Kepala Contoh", "Jawa Barat; Kota")
    assert (line.disposition, line.review) == ("Inspektorat V", "Ditindaklanjuti")
    assert line.action.startswith("LHP R-263/IJ/PS.01.3/04/2025; Hukuman disiplin berat: Selesai ditindaklanjuti")
    assert (line.status, line.closed) == ("Selesai, terbukti", "2025-04-02")
    (other,) = register.lines(Work(vault, SETTINGS, TODAY), YEAR, "bandung")
    assert other.place == "Jawa Barat; Kota Bandung; Kota"
    assert register.lines(Work(vault, SETTINGS, TODAY), YEAR, "kata-yang-tidak-ada") == []
