"""Refusals: a reason of the list, two officers, and a reporter who learns why and how to go on."""

import pytest
from triage_world import SETTINGS, TODAY, dump, new_thread
from work_world import again, as_officer, message, move, new_case, take

from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage import decisions
from dropbox.triage.access import approvals
from dropbox.triage.cases import audit_log, casebook, reasons
from dropbox.triage.casework import refusal
from dropbox.triage.casework.refusal import Refusal
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

COURT = Refusal("court", reference="12/Pid.Sus-TPK/2026/PN Bdg")


def test_a_refusal_takes_two_officers(vault: Vault) -> None:
    """The proposer cannot decide; the second can, and the reporter reads reason, two officers and the way on."""
    case = new_case(vault)
    number = refusal.propose(Work(vault, SETTINGS, TODAY), case, COURT)
    assert again(vault, case).status == "DITERIMA"
    with pytest.raises(RefusedError, match="second officer"):
        refusal.approve(Work(vault, SETTINGS, TODAY), number)
    second = as_officer(vault)
    entry = refusal.approve(Work(second, SETTINGS, TODAY), number)
    case = again(vault, case)
    assert (case.status, case.reason, case.reference, case.closed) == ("DITOLAK", "court", COURT.reference, TODAY)
    assert casebook.timeline(vault, case)[-1] == entry
    assert "pengadilan" in entry.text
    assert "diperiksa oleh dua petugas" in entry.text
    assert COURT.reference not in entry.text
    acts = [(line.officer, line.action) for line in audit_log.lines(vault, case.number)]
    assert acts == [(vault.officer.login, "refuse.propose"), (second.officer.login, "refuse.approve")]
    with pytest.raises(NotFoundError, match="already"):
        refusal.approve(Work(second, SETTINGS, TODAY), number)


def test_a_declined_refusal_changes_nothing(vault: Vault) -> None:
    """The case goes on, and may be proposed again."""
    case = new_case(vault)
    number = refusal.propose(Work(vault, SETTINGS, TODAY), case, COURT)
    refusal.decline(Work(as_officer(vault), SETTINGS, TODAY), number)
    assert again(vault, case) == case
    assert approvals.pending(vault) == []
    refusal.propose(Work(vault, SETTINGS, TODAY), case, COURT)


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (Refusal("court"), "court's case"),
        (Refusal("court", reference="tidak tahu"), "court's case"),
        (Refusal("authority"), "referral_targets"),
        (Refusal("authority", target="tetangga"), "referral_targets"),
        (Refusal("unclear"), "ask the reporter first"),
        (Refusal("oversight"), "service track"),
        (Refusal("duplicate"), "merge"),
        (Refusal("anonim"), "unknown reason"),
        (Refusal("anonymous"), "unknown reason"),
        (Refusal(""), "unknown reason"),
        (Refusal("test", grounds="x" * 2001), "characters"),
    ],
)
def test_a_reason_that_lacks_something_is_refused(vault: Vault, bad: Refusal, why: str) -> None:
    """With a sentence that says what; nothing is proposed."""
    case = new_case(vault)
    before = dump(vault)
    with pytest.raises(RefusedError, match=why):
        refusal.propose(Work(vault, SETTINGS, TODAY), case, bad)
    assert dump(vault) == before


@pytest.mark.parametrize(
    "grounds",
    [
        "Laporan anonim.",
        "Pelapor tidak menyebut nama pelapor",
        "dikirim TANPA NAMA",
        "Tidak ada identitas",
        "surat kaleng",
        "The report is anonymous",
        "came without a name",
    ],
)
def test_that_a_report_is_anonymous_is_no_reason(vault: Vault, grounds: str) -> None:
    """Under no code, in neither language: Itjen's reports are anonymous by right."""
    case = new_case(vault)
    with pytest.raises(RefusedError, match="missing name is not a reason"):
        refusal.propose(Work(vault, SETTINGS, TODAY), case, Refusal("evidence", grounds=grounds))
    assert not any("anonim" in code or "anonym" in code for code in reasons.REASONS)


def test_unclear_needs_a_question_that_nobody_answered(vault: Vault) -> None:
    """Proposed after its day; an answer that comes before the decision takes the ground away."""
    thread = new_thread()
    case = move(vault, again(vault, take(vault, message(thread))), "BUTUH_INFO")
    with pytest.raises(RefusedError, match="ask the reporter first"):
        refusal.propose(Work(vault, SETTINGS, case.due), case, Refusal("unclear"))
    number = refusal.propose(Work(vault, SETTINGS, case.due + 1), case, Refusal("unclear"))
    late = case.due + 2
    take(vault, message(thread, "addition", today=late), late)
    with pytest.raises(RefusedError, match="ask the reporter first"):
        refusal.approve(Work(as_officer(vault), SETTINGS, late), number)
    assert [one.number for one in approvals.pending(vault)] == [number]
    refusal.decline(Work(as_officer(vault), SETTINGS, late), number)
    assert again(vault, case).status == "DITERIMA"


def test_who_is_not_in_charge_says_who_is(vault: Vault) -> None:
    """The reporter reads where to go, in the language of the report."""
    case = new_case(vault, lang="en")
    number = refusal.propose(Work(vault, SETTINGS, TODAY), case, Refusal("authority", target="kemenhaj"))
    entry = refusal.approve(Work(as_officer(vault), SETTINGS, TODAY), number)
    assert "Ministry of Hajj" in entry.text
    assert "Two officers" in entry.text
    assert again(vault, case).reference == "kemenhaj"


def test_grounds_are_read_by_those_who_decide(vault: Vault) -> None:
    """The overseer, who decides about deletions, sees no refusal and approves none."""
    number = refusal.propose(Work(vault, SETTINGS, TODAY), new_case(vault), COURT)
    overseer = as_officer(vault, "tini", "pengawas")
    assert [one.number for one in decisions.waiting(Work(as_officer(vault), SETTINGS, TODAY))] == [number]
    assert decisions.waiting(Work(overseer, SETTINGS, TODAY)) == []
    with pytest.raises(RefusedError, match="roles"):
        decisions.approve(Work(overseer, SETTINGS, TODAY), number)


def test_new_facts_open_a_refused_case_again(vault: Vault) -> None:
    """The reporter adds something, and the case is verified anew."""
    thread = new_thread()
    case = again(vault, take(vault, message(thread)))
    number = refusal.propose(Work(vault, SETTINGS, TODAY), case, Refusal("test"))
    assert "spam" not in refusal.approve(Work(as_officer(vault), SETTINGS, TODAY), number).text.lower()
    take(vault, message(thread, "addition", today=TODAY + 9), TODAY + 9)
    case = again(vault, case)
    assert (case.status, case.closed, case.reason) == ("VERIFIKASI", 0, "")


def test_what_is_no_matter_of_oversight_goes_on_as_a_service_complaint(vault: Vault) -> None:
    """Its status and date stay, its category changes, and the reporter is told that it was not refused."""
    case = new_case(vault)
    refusal.to_service(Work(vault, SETTINGS, TODAY), case)
    now = again(vault, case)
    assert (now.category, now.status, now.due) == ("pelayanan", case.status, case.due)
    assert "tidak ditolak" in casebook.timeline(vault, case)[-1].text


def test_what_has_ended_is_not_refused(vault: Vault) -> None:
    """Nor is what was merged away."""
    case = move(vault, new_case(vault), "SELESAI_TIDAK")
    with pytest.raises(RefusedError, match="ended"):
        refusal.propose(Work(vault, SETTINGS, TODAY), case, COURT)
    other = new_case(vault)
    vault.db.execute("update cases set merged_into = ? where number = ?", (case.number, other.number))
    with pytest.raises(RefusedError, match="merged"):
        refusal.propose(Work(vault, SETTINGS, TODAY), again(vault, other), COURT)


def test_roles_and_exclusions_hold(vault: Vault) -> None:
    """A receiving officer proposes nothing, and whoever is kept out neither proposes nor sees nor decides."""
    case = new_case(vault)
    with pytest.raises(RefusedError, match="roles"):
        refusal.propose(Work(as_officer(vault, "budi", "petugas-penerima"), SETTINGS, TODAY), case, COURT)
    number = refusal.propose(Work(vault, SETTINGS, TODAY), case, COURT)
    vault.db.execute("insert into exclusions values (?, 'wakil', 'named', '')", (case.number,))
    with pytest.raises(NotFoundError):
        refusal.approve(Work(as_officer(vault), SETTINGS, TODAY), number)
    assert approvals.pending(as_officer(vault)) == []


def test_a_refusal_reaches_merged_reporters(vault: Vault) -> None:
    """Both read the decision."""
    case, other = new_case(vault), new_case(vault)
    vault.db.execute("update cases set merged_into = ? where number = ?", (case.number, other.number))
    number = refusal.propose(Work(vault, SETTINGS, TODAY), case, COURT)
    entry = refusal.approve(Work(as_officer(vault), SETTINGS, TODAY), number)
    assert casebook.timeline(vault, again(vault, other))[-1] == entry


@pytest.mark.parametrize("code", reasons.REASONS)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_sentence_is_short(code: str, language: str) -> None:
    """At most 15 words, as all texts for reporters, and no blame."""
    reason = reasons.REASONS[code]
    assert reason.label[language]
    assert bool(reason.told) != bool(reason.leads)
    if reason.told:
        text = reasons.told(code, language, "Ombudsman RI")
        sentences = [one for one in text.replace("\n", " ").replace(";", ".").split(".") if one.strip()]
        assert max(len(one.split()) for one in sentences) <= 15
        assert not {"palsu", "bohong", "false", "spam", "fitnah"} & set(text.lower().split())
