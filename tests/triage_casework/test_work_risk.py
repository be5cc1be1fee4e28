"""The risk of a case: proposed from the answers, decided by an officer, and never low because nobody looked."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from triage_world import SETTINGS, TODAY, new_thread
from work_world import as_officer, message, new_case, take

from dropbox.errors import ConfigurationError, NotFoundError, RefusedError
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.casework import handling, merging, protection, retention
from dropbox.triage.casework.safety import risk, rules
from dropbox.triage.casework.safety.rules import Estimate
from dropbox.triage.tables.case_list import Selection, page
from dropbox.triage.tables.safety import risks
from dropbox.triage.tables.safety.risks import HIGH, LOW, MEDIUM
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

LOWEST = {about: Estimate(1, 1) for about in rules.ABOUT}
PACKAGED = Path(rules.__file__).parents[3] / "settings" / rules.FILE


def _work(vault: Vault) -> Work:
    return Work(vault, SETTINGS, TODAY)


def _only(vault: Vault, case: casebook.Case) -> risk.Shown:
    (shown,) = risk.of_case(_work(vault), casebook.case_of(vault, case.number))
    return shown


def _listed(vault: Vault, **wanted: int) -> list[int]:
    """Numbers of the cases that a condition of the inbox lets through."""
    return [one.number for one in page(vault.db, Selection(vault.officer.login, TODAY, TODAY, wanted), 50, None)]


def test_the_answers_propose_it_and_are_named(vault: Vault) -> None:
    """Each answer that a rule names is a source, and the highest of them is proposed."""
    answers = {"x-known-by": "few", "x-relation": "staff", "x-amount": "Rp1.500.000.000", "x-when-frequency": "once"}
    shown = _only(vault, new_case(vault, **answers))
    assert shown.proposed == {"reporter": Estimate(3, 3), "matter": Estimate(1, 3)}
    assert {(one.field, one.code) for one in shown.sources} == {
        ("x-known-by", "few"),
        ("x-relation", "staff"),
        ("x-amount", ""),
        ("x-when-frequency", "once"),
        ("category", "pungli"),
    }
    assert (shown.decided, shown.risk and shown.risk.level, shown.risk and shown.risk.waits) == (None, HIGH, True)


def test_no_answer_is_not_a_low_risk(vault: Vault) -> None:
    """A report without answers gets what the file has for unanswered questions."""
    shown = _only(vault, new_case(vault, category="tidak-tahu"))
    assert shown.proposed == rules.load(SETTINGS).unanswered
    assert shown.risk and shown.risk.level == MEDIUM
    assert shown.sources == ()


def test_a_high_proposal_lets_the_case_come_sooner(vault: Vault) -> None:
    """It is due by the days for a first look; a medium one keeps the day of the service."""
    high, medium = new_case(vault, protection="physical"), new_case(vault)
    assert high.due < medium.due


def test_an_officer_decides(vault: Vault) -> None:
    """The decision holds, its numbers are in the case's log, and the case no longer waits."""
    case = new_case(vault, **{"x-known-by": "me", "x-relation": "staff"})
    risk.decide(_work(vault), case, LOWEST, "Sudah umum.")
    shown = _only(vault, case)
    assert shown.decided == LOWEST
    assert shown.risk
    assert (shown.risk.level, shown.risk.waits, shown.risk.grounds) == (LOW, False, "Sudah umum.")
    last = list(audit_log.lines(vault, case.number))[-1]
    assert (last.action, last.details) == (Permission.RISK_DECIDE, {"reporter": "1x1", "matter": "1x1"})


def test_a_new_message_renews_the_proposal_and_says_so(vault: Vault) -> None:
    """After a decision a changed answer makes the case wait again, at the higher level, with a line in the log."""
    thread = new_thread()
    case = casebook.case_of(vault, take(vault, message(thread)))
    risk.decide(_work(vault), case, LOWEST)
    take(vault, message(thread, "addition"))
    assert not _only(vault, case).risk.waits  # type: ignore[union-attr]
    take(vault, message(thread, "addition", protection="physical"))
    shown = _only(vault, case)
    assert shown.decided == LOWEST
    assert shown.risk and (shown.risk.level, shown.risk.waits, shown.risk.renewed) == (HIGH, True, TODAY)
    assert list(audit_log.lines(vault, case.number))[-1].action == "risk.propose"


def test_what_officers_do_renews_it_too(vault: Vault) -> None:
    """Another category, the label for sexual violence, and a request that came in another way are sources."""
    case = new_case(vault)
    handling.classify(_work(vault), case, handling.Classification(category="pelayanan"))
    assert _only(vault, case).proposed["matter"] == Estimate(2, 1)
    handling.tag(_work(vault), case, add=["pelindungan-korban"])
    assert _only(vault, case).proposed["matter"] == Estimate(3, 3)
    handling.tag(_work(vault), case, remove=["pelindungan-korban"])
    protection.open_request(_work(vault), case, "career")
    assert _only(vault, case).proposed == {"reporter": Estimate(3, 2), "matter": Estimate(2, 1)}


@pytest.mark.parametrize("number", [0, 4])
def test_a_value_beyond_the_scale_is_refused(vault: Vault, number: int) -> None:
    """Likelihood and severity are of the scale, for both; a refusal changes nothing."""
    case = new_case(vault)
    with pytest.raises(RefusedError):
        risk.decide(_work(vault), case, LOWEST | {"matter": Estimate(1, number)})
    with pytest.raises(RefusedError):
        risk.decide(_work(vault), case, {"reporter": Estimate(1, 1)})
    assert _only(vault, case).decided is None


def test_who_may_not_decide_does_not(vault: Vault) -> None:
    """A role without the act is refused; to whom the case is closed it does not exist."""
    case = new_case(vault)
    with pytest.raises(RefusedError, match="Deciding the risk"):
        risk.decide(_work(as_officer(vault, "sari", "petugas-penerima")), case, LOWEST)
    other = as_officer(vault, "budi", "inspektur")
    with transaction(vault.db):
        vault.db.execute("insert into exclusions values (?, 'budi', 'named', '')", (case.number,))
    with pytest.raises(NotFoundError):
        risk.decide(_work(other), case, LOWEST)
    with pytest.raises(NotFoundError):
        risk.of_case(_work(other), case)
    assert _only(vault, case).decided is None


def test_a_group_has_the_highest_risk_of_its_cases(vault: Vault) -> None:
    """The inbox selects the leader by it; the decision of one reporter's risk leaves the other's open."""
    leader, follower = new_case(vault), new_case(vault, protection="physical")
    merging.merge(_work(vault), follower, leader)
    assert (_listed(vault, risk=HIGH), _listed(vault, risk=MEDIUM)) == ([leader.number], [])
    risk.decide(_work(vault), leader, LOWEST)
    assert _listed(vault, risk_waits=1) == [leader.number]
    risk.decide(_work(vault), follower, LOWEST)
    assert (_listed(vault, risk_waits=1), _listed(vault, risk=LOW)) == ([], [leader.number])
    assert risk.of_group(vault, [leader.number, follower.number]) == (LOW, False)


def test_who_is_kept_out_learns_nothing_from_the_level(vault: Vault) -> None:
    """A case that is closed to an officer selects nothing for them, and raises no leader's level."""
    leader, follower = new_case(vault), new_case(vault, protection="physical")
    other = as_officer(vault, "budi", "inspektur")
    merging.merge(_work(vault), follower, leader)
    with transaction(vault.db):
        vault.db.execute("insert into exclusions values (?, 'budi', 'named', '')", (follower.number,))
    assert (_listed(other, risk=HIGH), _listed(other, risk=MEDIUM)) == ([], [leader.number])
    assert [shown.case.number for shown in risk.of_case(_work(other), leader)] == [leader.number]


def test_an_older_vault_gets_its_proposals_once(vault: Vault) -> None:
    """A case without a risk waits, never low; opening the vault proposes it, and again only for other rules."""
    case = new_case(vault, **{"x-known-by": "me", "x-relation": "staff"})
    with transaction(vault.db):
        risks.remove_all(vault.db, case.number)
    assert (_listed(vault, risk=LOW), _listed(vault, risk_waits=1)) == ([], [case.number])
    assert _only(vault, case).risk is None
    vault.put("risk rules", b"")
    risk.settle(_work(vault))
    assert _only(vault, case).proposed["reporter"] == Estimate(3, 3)
    with transaction(vault.db):
        risks.remove_all(vault.db, case.number)
    risk.settle(_work(vault))
    assert _only(vault, case).risk is None


def test_it_goes_with_the_content(vault: Vault) -> None:
    """A deleted case has no risk, and no words of an officer about it."""
    case = new_case(vault)
    risk.decide(_work(vault), case, LOWEST, "Rahasia kenari")
    with transaction(vault.db):
        retention._empty(vault, case.number, TODAY)
    assert risks.of_case(vault.db, case.number) is None


@pytest.mark.parametrize(
    ("text", "rupiah"),
    [
        ("Rp1.500.000", 1_500_000),
        ("1,5 miliar", 1_500_000_000),
        ("kira-kira 200 juta", 200_000_000),
        ("2.000.000,00", 2_000_000),
        ("antara 5 juta dan 10 juta", 10_000_000),
        ("banyak sekali", 0),
        ("9" * 5000, int("9" * 18)),
        ("1,5 ", 15),
    ],
)
def test_amounts_are_read(text: str, rupiah: int) -> None:
    """As people write them; the highest counts."""
    assert rules.rupiah(text) == rupiah


@given(st.text(max_size=200))
def test_no_text_stops_the_reading_of_amounts(text: str) -> None:
    """Whatever a reporter types is an amount or none."""
    assert rules.rupiah(text) >= 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("high = 6", "high = 99"),
        ('about = "matter"', 'about = "office"'),
        ("likelihood = 3", "likelihood = 7"),
        ("least = 100_000_000", "lest = 100_000_000"),
        ("look_days = 1", "look_days = 0"),
        ('field = "x-relation"', 'field = "who"'),
        ("confirmed = false", ""),
    ],
)
def test_a_wrong_file_stops_with_its_name(tmp_path: Path, old: str, new: str) -> None:
    """An unknown name, a number beyond the scale, or a field with a reporter's words is no rule."""
    text = PACKAGED.read_text("utf-8")
    assert old in text
    (tmp_path / rules.FILE).write_text(text.replace(old, new), "utf-8")
    settings = replace(SETTINGS, workstation=replace(SETTINGS.workstation, policy_folder=tmp_path))
    with pytest.raises(ConfigurationError, match=r"risk\.toml"):
        rules.load(settings)
