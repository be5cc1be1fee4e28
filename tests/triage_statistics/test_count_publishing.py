"""What the public is told: decided once, by those who may, signed with every return from then on."""

import pytest
from count_world import YEAR, day, year
from triage_world import SETTINGS, TODAY, World, verified
from work_world import as_officer, new_case

from dropbox.courier.checking import check_return
from dropbox.crypto.signing import Trust
from dropbox.errors import RefusedError
from dropbox.form.regions import provinces
from dropbox.limits import STATISTICS_PERIODS_MAX
from dropbox.triage.cases import audit_log
from dropbox.triage.cases.periods import span_of
from dropbox.triage.exchange import statistics_extract
from dropbox.triage.exchange.publish import publish
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.vocabulary import tables, vocabulary
from dropbox.wire.bundle import parse_return
from dropbox.wire.signed import parse_object
from dropbox.wire.statistics import parse_statistics


def test_nothing_goes_out_before_an_officer_decides(world: World, vault: Vault) -> None:
    """A return without statistics; after the decision every return has them, under its own number."""
    year(vault)
    trust = Trust(world.anchor, TODAY)
    assert check_return(trust, publish(Work(vault, SETTINGS, TODAY)), ("itjen",)).statistics is None
    period = statistics_extract.decide(Work(vault, SETTINGS, TODAY), YEAR)
    for number in (2, 3):
        found = check_return(trust, publish(Work(vault, SETTINGS, TODAY)), ("itjen",)).statistics
        assert found is not None
        assert found.number == number
        told = parse_statistics(parse_object(found.signed).body)
        assert told.periods == (period,)
        assert (told.head.number, told.head.made) == (number, TODAY)
    (line,) = [line for line in audit_log.lines(vault) if line.action == "statistics.publish"]
    assert line.details == {"period": "2025"}


def test_the_public_reads_no_small_number_of_a_real_vault(vault: Vault) -> None:
    """Eight cases: the total and what stands for five or more of them."""
    year(vault)
    told = {table.code: {row.code: row.values for row in table.rows} for table in _decide(vault).tables}
    assert told["channel"] == {"wbs": (None,), "dumas": (None,), "tidak-disebut": (None,), "total": (8,)}
    assert told["province"]["total"] == (8,)
    assert {values for name, values in told["province"].items() if name != "total"} == {(None,)}
    assert set(told["stage"].values()) == {(None, None, None)}
    assert "refusal" not in told


def _decide(vault: Vault) -> statistics_extract.Period:
    return statistics_extract.decide(Work(vault, SETTINGS, TODAY), YEAR)


def test_a_period_is_published_once_and_in_order(vault: Vault) -> None:
    """Neither the same days again, nor a part of them, nor older ones: the difference would be a small number."""
    year(vault)
    _decide(vault)
    before = statistics_extract.published(vault)
    new_case(vault, today=day("2025-12-01"))
    for code in ("2025", "2025-12", "2025-S2", "2024"):
        with pytest.raises(RefusedError, match="published once"):
            statistics_extract.decide(Work(vault, SETTINGS, TODAY), span_of(code))
    assert statistics_extract.published(vault) == before
    statistics_extract.decide(Work(vault, SETTINGS, TODAY), span_of("2026-01"))
    assert [period.first for period in statistics_extract.published(vault)] == [day("2025-01-01"), day("2026-01-01")]


@pytest.mark.parametrize("today", ["2025-12-31", "2025-06-01"])
def test_a_period_that_is_not_over_is_not_published(vault: Vault, today: str) -> None:
    """Not on its last day either."""
    with pytest.raises(RefusedError, match="not over"):
        statistics_extract.decide(Work(vault, SETTINGS, day(today)), YEAR)


def test_the_oldest_periods_make_room(vault: Vault) -> None:
    """The public sees the last eight; those that went are not published anew."""
    for month in range(1, STATISTICS_PERIODS_MAX + 2):
        statistics_extract.decide(Work(vault, SETTINGS, TODAY), span_of(f"2025-{month:02d}"))
    kept = statistics_extract.published(vault)
    assert (len(kept), kept[0].first) == (STATISTICS_PERIODS_MAX, day("2025-02-01"))
    with pytest.raises(RefusedError):
        statistics_extract.decide(Work(vault, SETTINGS, TODAY), span_of("2025-01"))


def test_only_some_may_decide(vault: Vault) -> None:
    """A verifier and the overseer read numbers and publish none."""
    for role in ("verifikator", "pengawas"):
        with pytest.raises(RefusedError, match="Publishing numbers"):
            statistics_extract.preview(Work(as_officer(vault, "lain", role), SETTINGS, TODAY), YEAR)


def test_the_public_numbers_hold_all_cases_whoever_publishes(vault: Vault) -> None:
    """What is signed for the desk does not depend on who is kept out of what."""
    made = year(vault)
    with transaction(vault.db):
        vault.db.execute(
            "insert into exclusions (case_number, officer, reason) values (?, 'wakil', 'named')",
            (made["waiting"].number,),
        )
    assert statistics_extract.preview(Work(as_officer(vault), SETTINGS, TODAY), YEAR) == statistics_extract.preview(
        Work(vault, SETTINGS, TODAY), YEAR
    )


def test_a_clock_set_back_does_not_stop_a_return(world: World, vault: Vault) -> None:
    """Keys and answers go out at once; statistics that were counted on a day to come wait for that day."""
    statistics_extract.decide(Work(vault, SETTINGS, TODAY + 3), YEAR)

    def labels(today: int) -> set[str]:
        raw = publish(Work(vault, SETTINGS, today))
        assert verified(world, raw, today).keys
        return {parse_object(one).label for one in parse_return(parse_object(raw).body).objects}

    assert "statistics" not in labels(TODAY)
    assert "statistics" in labels(TODAY + 3)


def test_the_site_has_words_for_everything_that_is_told(vault: Vault) -> None:
    """Each table, column and row of the extract has its words on the public page; bodies come from the settings."""
    year(vault)
    for table in _decide(vault).tables:
        assert table.code in vocabulary.table("table", "public")
        assert set(table.columns) <= set(vocabulary.codes("column"))
        if table.code != "referral":
            words = provinces() if table.code == "province" else tables.rows(table.code, *tables.PUBLIC)
            assert {row.code for row in table.rows} - {"total", "unknown"} <= set(words)
