"""Rewards, sanctions and protection: what each needs, what the report counts, what outlives the case."""

from dataclasses import replace
from pathlib import Path

import pytest
from triage_world import SETTINGS, TODAY
from work_world import again, as_officer, move, new_case

from dropbox.crypto.claims import make_claim
from dropbox.crypto.secret import new_secret
from dropbox.errors import ConfigurationError, DropboxError, NotFoundError, RefusedError, UntrustedError
from dropbox.settings import policy_files
from dropbox.triage.access import identity
from dropbox.triage.cases import audit_log
from dropbox.triage.cases.casebook import Case
from dropbox.triage.cases.periods import Span
from dropbox.triage.casework import claims, measures, retention
from dropbox.triage.intake import manual_entry
from dropbox.triage.intake.manual_entry import Typed
from dropbox.triage.oversight import policies
from dropbox.triage.statistics.tables import count
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

WHO = "Sekretaris Jenderal"
SPAN = Span("", "year", TODAY - 100, TODAY)


def _add(vault: Vault, case: Case, kind: str, day: int = TODAY, decider: str = WHO) -> int:
    return measures.add(Work(vault, SETTINGS, TODAY), again(vault, case), kind, day, decider)


def _counted(vault: Vault) -> dict[str, tuple[int | None, ...]]:
    table = count(Work(vault, SETTINGS, TODAY), SPAN).table("measures")
    return {row.code: row.values for row in table.rows if row.values[0]}


def test_a_reward_needs_authorship_identity_and_law_enforcement(vault: Vault) -> None:
    """A forged claim proves nothing; each of the three that lacks is named; with all of them it is written down."""
    entered = manual_entry.enter(
        Work(vault, SETTINGS, TODAY), Typed("langsung", TODAY, "wbs", "korupsi", {"what": "Ada setoran"})
    )
    case = entered.case
    challenge = claims.challenge(Work(vault, SETTINGS, TODAY), case)
    forged = make_claim(new_secret(), vault.instance, "itjen", challenge, "Saya")
    with pytest.raises(UntrustedError):
        claims.check(Work(vault, SETTINGS, TODAY), case, forged)
    with pytest.raises(RefusedError, match="authorship"):
        _add(vault, case, "premium")
    good = make_claim(entered.secret, vault.instance, "itjen", challenge, "Saya")
    claims.check(Work(vault, SETTINGS, TODAY), case, good)
    with pytest.raises(RefusedError, match="identity"):
        _add(vault, case, "premium")
    with transaction(vault.db):
        vault.db.execute("insert into identities values (1, ?, ?, 'officer', x'00')", (case.number, TODAY))
    assert identity.numbers(vault, case)
    with transaction(vault.db):  # approved, and never sealed
        vault.db.execute(
            "insert into referrals (case_number, target, dossier, reply_seed, facts, approved)"
            " values (?, 'kpk', x'00', x'00', '{}', ?)",
            (case.number, TODAY),
        )
    with pytest.raises(RefusedError, match="law enforcement"):
        _add(vault, case, "award")
    move(vault, case, "DILIMPAHKAN")
    _add(vault, case, "award")
    assert [one.kind for one in measures.of_case(Work(vault, SETTINGS, TODAY), case)] == ["award"]


def test_bad_faith_is_not_what_was_not_substantiated_yet(vault: Vault) -> None:
    """Neither an open case nor a substantiated one."""
    case = new_case(vault)
    with pytest.raises(RefusedError, match="bad faith"):
        _add(vault, case, "sanction-bad-faith")
    with pytest.raises(RefusedError, match="bad faith"):
        _add(vault, move(vault, new_case(vault), "SELESAI_TERBUKTI"), "sanction-bad-faith")
    _add(vault, move(vault, case, "SELESAI_TIDAK"), "sanction-bad-faith")


def test_measures_are_counted_by_result(vault: Vault) -> None:
    """By the day of the decision; whoever is kept out of the case counts none of it, and finishes nothing."""
    case = new_case(vault, today=TODAY - 200)
    first = _add(vault, case, "protect-career")
    second = _add(vault, case, "protect-career")
    _add(vault, case, "sanction-retaliation", TODAY - 101)
    measures.finish(Work(vault, SETTINGS, TODAY), first, "worked")
    assert _counted(vault) == {"protect-career": (2, 1, 0)}
    measures.finish(Work(vault, SETTINGS, TODAY), second, "failed")
    assert _counted(vault) == {"protect-career": (2, 1, 1)}
    with pytest.raises(NotFoundError):
        measures.finish(Work(vault, SETTINGS, TODAY), second, "worked")
    with transaction(vault.db):
        vault.db.execute("insert into exclusions values (?, 'wakil', 'unit', '')", (case.number,))
    other = as_officer(vault)
    assert _counted(other) == {}
    for act in (
        lambda: measures.finish(Work(other, SETTINGS, TODAY), 3, "worked"),
        lambda: measures.of_case(Work(other, SETTINGS, TODAY), case),
    ):
        with pytest.raises(NotFoundError):
            act()
    assert WHO not in str([line.details for line in audit_log.lines(vault)])


@pytest.mark.parametrize(
    ("kind", "day", "decider"),
    [("", 0, WHO), ("bonus", 0, WHO), ("protect-legal", 0, " "), ("protect-legal", 0, "a\nb"),
     ("protect-legal", 0, "x" * 201), ("protect-legal", 1, WHO), ("protect-legal", -1, WHO)],
)  # fmt: skip
def test_a_measure_that_may_not_be_is_refused(vault: Vault, kind: str, day: int, decider: str) -> None:
    """No kind, nobody who decided, a day before the report or after today."""
    case = new_case(vault)
    with pytest.raises(RefusedError):
        _add(vault, case, kind, TODAY + day, decider)
    with pytest.raises(RefusedError):
        measures.add(Work(as_officer(vault, "budi", "penelaah"), SETTINGS, TODAY), case, "protect-legal", TODAY, WHO)
    assert measures.of_case(Work(vault, SETTINGS, TODAY), case) == []


def test_of_a_deleted_case_kind_and_day_remain(vault: Vault) -> None:
    """For the counts; who decided it goes."""
    case = new_case(vault)
    _add(vault, case, "protect-secrecy")
    with transaction(vault.db):
        retention._empty(vault, case.number, TODAY)
    assert _counted(vault) == {"protect-secrecy": (1, 0, 0)}
    assert vault.db.execute("select decider from measures").fetchall() == [("",)]


def test_policies_are_data_with_source_and_date(tmp_path: Path) -> None:
    """The packaged ones are not confirmed; a file that lacks one, or a date, is refused."""
    found = policies.load(SETTINGS)
    assert [one.name for one in found] == list(policies.NAMES)
    assert not any(one.confirmed for one in found)
    packaged = Path(policy_files.__file__).with_name("policies.toml").read_text("utf-8")
    own = replace(SETTINGS, workstation=replace(SETTINGS.workstation, policy_folder=tmp_path))
    for old, new in (("[duty]", "[kewajiban]"), ("date = 2018-09-18", 'date = "2018"'), ("confirmed = false", "")):
        (tmp_path / "policies.toml").write_text(packaged.replace(old, new), "utf-8")
        with pytest.raises(ConfigurationError, match=r"policies\.toml"):
            policies.load(own)
    (tmp_path / "policies.toml").write_text(packaged.replace("confirmed = false", "confirmed = true"), "utf-8")
    assert all(one.confirmed for one in policies.load(own))


def test_measures_from_decision_to_result(vault: Vault) -> None:
    """A reward for nobody known is refused; a protection is added, finished once, and in the list."""
    work, case = Work(vault, SETTINGS, TODAY), new_case(vault)
    with pytest.raises(RefusedError):
        measures.add(work, case, "premium", TODAY, WHO)
    number = measures.add(work, case, "protect-career", TODAY, WHO)
    measures.finish(work, number, "worked")
    with pytest.raises(DropboxError):
        measures.finish(work, 10**9, "worked")
    (one,) = measures.of_case(work, case)
    assert (one.number, one.day, one.kind, one.result, one.decider) == (1, TODAY, "protect-career", "worked", WHO)
