"""After a case has ended its reporter is asked about protection, and told before their identity is opened."""

import pytest
from triage_world import SETTINGS, TODAY, World, announced, new_thread, published
from work_world import as_officer, message, move, new_case, take

from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage import decisions
from dropbox.triage.access import approvals, identity
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import merging, retention
from dropbox.triage.casework.safety import follow_up, notice
from dropbox.triage.tables import events, identities
from dropbox.triage.tables.safety import follow_ups, notices
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

MONTHS = 31
TEXTS = {"id": "Apakah Anda aman?", "en": "Are you safe?"}
RULE = SETTINGS.workstation.identity_notice


def _on(vault: Vault, days: int = 0) -> Work:
    return Work(vault, SETTINGS, TODAY).on(TODAY + days)  # type: ignore[arg-type]


def _closed(vault: Vault, status: str = "SELESAI_TIDAK", **fields: str) -> Case:
    return move(vault, new_case(vault, **fields), status)


# --- after the end ------------------------------------------------------------------------------------------------


def test_questions_become_due_after_their_months(vault: Vault) -> None:
    """Nothing before the first month; then the highest month that has passed, once each."""
    case = _closed(vault)
    assert follow_up.waiting(_on(vault, 80)) == []
    assert [one.next - TODAY for _case, one in follow_up.coming(_on(vault), _on(vault, 100).today)] in (
        [[89], [90], [91], [92]]
    )
    assert [(found.number, one.due) for found, one in follow_up.waiting(_on(vault, 3 * MONTHS))] == [(case.number, 3)]
    assert follow_up.of_case(_on(vault, 7 * MONTHS), case).due == 6
    assert follow_up.ask(_on(vault, 7 * MONTHS), case, TEXTS) == 1
    assert follow_up.waiting(_on(vault, 8 * MONTHS)) == []
    assert follow_up.of_case(_on(vault, 13 * MONTHS), case).due == 12
    with pytest.raises(RefusedError):
        follow_up.ask(_on(vault, 8 * MONTHS), case, TEXTS)


def test_archiving_does_not_begin_the_months_anew(vault: Vault) -> None:
    """The end is the first day of the last row of ending statuses; a case that was opened again has no end."""
    case = _closed(vault)
    move(vault, case, "DIARSIPKAN", TODAY + MONTHS)
    assert follow_up.of_case(_on(vault, 3 * MONTHS), case).due == 3
    move(vault, case, "VERIFIKASI", TODAY + 2 * MONTHS)
    assert follow_up.waiting(_on(vault, 13 * MONTHS)) == []


def test_the_question_is_read_on_the_timeline(vault: Vault) -> None:
    """In the officer's words, as a message, with codes alone in the log; an empty text is refused whole."""
    case = _closed(vault)
    with pytest.raises(RefusedError):
        follow_up.ask(_on(vault, 3 * MONTHS), case, {"id": " "})
    follow_up.ask(_on(vault, 3 * MONTHS), case, TEXTS)
    assert casebook.timeline(vault, case)[-1].text == TEXTS["id"]
    assert list(audit_log.lines(vault, case.number))[-1].details == {"did": "follow-up", "month": 3}


@pytest.mark.parametrize("status", ["SELESAI_TIDAK", "SELESAI_TERBUKTI"])
def test_a_reply_opens_nothing_and_is_seen(vault: Vault, status: str) -> None:
    """The case keeps its status and comes back with a date; after another answer it opens as ever."""
    thread = new_thread()
    case = casebook.case_of(vault, take(vault, message(thread)))
    move(vault, case, status)
    follow_up.ask(_on(vault, 3 * MONTHS), case, TEXTS)
    with transaction(vault.db):
        events.publish(vault.db, 1)
    before = casebook.case_of(vault, case.number)
    take(vault, message(thread, "addition"))
    after = casebook.case_of(vault, case.number)
    assert (after.status, after.due > 0, after.touched > before.touched) == (status, True, True)
    assert [one.answered for one in follow_ups.of_case(vault.db, case.number)] == [TODAY]
    move(vault, case, status, text="Terima kasih.")
    with transaction(vault.db):
        events.publish(vault.db, 2)
    take(vault, message(thread, "addition"))
    opened = casebook.case_of(vault, case.number).status
    assert opened == ("VERIFIKASI" if status == "SELESAI_TIDAK" else status)


def test_merged_reporters_are_asked_in_their_languages(vault: Vault) -> None:
    """One act asks both, each in the language of the report; a reporter who cannot read is not asked."""
    leader, other = new_case(vault), casebook.case_of(vault, take(vault, message(new_thread(), lang="en")))
    unread = new_case(vault)
    with transaction(vault.db):
        vault.db.execute("update cases set proven = 0 where number = ?", (unread.number,))
    for one in (other, unread):
        merging.merge(_on(vault), one, leader)
    move(vault, leader, "SELESAI_TIDAK")
    assert set(follow_up.texts(_on(vault, 3 * MONTHS), leader)) == {"id", "en"}
    assert follow_up.ask(_on(vault, 3 * MONTHS), leader, TEXTS) == 2
    assert [casebook.timeline(vault, one)[-1].text for one in (leader, other)] == [TEXTS["id"], TEXTS["en"]]
    assert follow_ups.of_case(vault.db, unread.number) == []


def test_who_is_kept_out_is_shown_no_question(vault: Vault) -> None:
    """Neither in the lists nor on the case; a role without the act is refused; deleted cases are gone."""
    case = _closed(vault)
    other = as_officer(vault, "budi", "inspektur")
    with transaction(vault.db):
        vault.db.execute("insert into exclusions values (?, 'budi', 'named', '')", (case.number,))
    late = Work(other, SETTINGS, _on(vault, 3 * MONTHS).today)
    assert (follow_up.waiting(late), follow_up.coming(_on(other), late.today)) == ([], [])
    with pytest.raises(NotFoundError):
        follow_up.ask(late, case, TEXTS)
    with pytest.raises(RefusedError):
        follow_up.waiting(_on(as_officer(vault, "sari", "petugas-penerima")))
    follow_up.ask(_on(vault, 3 * MONTHS), case, TEXTS)
    with transaction(vault.db):
        retention._empty(vault, case.number, TODAY)
    assert (follow_ups.of_case(vault.db, case.number), follow_up.waiting(_on(vault, 13 * MONTHS))) == ([], [])


# --- before an identity is opened ---------------------------------------------------------------------------------


@pytest.fixture
def sealed(vault: Vault) -> tuple[Case, int]:
    """A case with a sealed identity."""
    case = new_case(vault)
    return case, identity.enter(_on(vault), case, "Amir, Jalan Contoh 1")


def test_a_notice_counts_from_its_publication(world: World, vault: Vault, sealed: tuple[Case, int]) -> None:
    """For its reason alone, the days after a return with it was made, and as long as it is good."""
    case, number = sealed
    words = notice.text(_on(vault), number, "court")
    notice.give(_on(vault), number, "court", words)
    assert casebook.timeline(vault, case)[-1].text == words
    assert not identity.may_be_opened(_on(vault, RULE.days), number, "court")
    published(world, vault)
    days = (RULE.days - 1, RULE.days, RULE.days + RULE.valid_days, RULE.days + RULE.valid_days + 1)
    assert [identity.may_be_opened(_on(vault, day), number, "court") for day in days] == [False, True, True, False]
    assert not identity.may_be_opened(_on(vault, RULE.days), number, "danger")
    assert not any("Amir" in str(line.details) for line in audit_log.lines(vault))


def test_a_notice_that_left_the_timeline_does_not_count(world: World, vault: Vault, sealed: tuple[Case, int]) -> None:
    """Without its entry the reporter reads nothing."""
    _case, number = sealed
    notice.give(_on(vault), number, "court", "Kami akan membukanya.")
    with transaction(vault.db):
        vault.db.execute("delete from events where number = (select max(number) from events)")
    published(world, vault)
    assert notices.of_identity(vault.db, number) == []
    assert not identity.may_be_opened(_on(vault, RULE.days), number, "court")


def test_two_officers_may_decide_not_to_tell(vault: Vault, sealed: tuple[Case, int]) -> None:
    """The second one, never the first; it is good at once, for its reason, and both are in the log."""
    case, number = sealed
    asked = notice.propose(_on(vault), number, "danger", "danger")
    with pytest.raises(RefusedError):
        decisions.approve(_on(vault), asked)
    assert not identity.may_be_opened(_on(vault), number, "danger")
    second = as_officer(vault, "budi", "inspektur")
    decisions.approve(_on(second), asked)
    assert identity.may_be_opened(_on(vault), number, "danger")
    assert not identity.may_be_opened(_on(vault), number, "court")
    assert not identity.may_be_opened(_on(vault, RULE.valid_days + 1), number, "danger")
    line = [one for one in audit_log.lines(vault, case.number) if one.action == "identity.notice"][-1]
    assert line.details | {"identity": number} == line.details
    assert (line.details["first"], line.details["second"], line.details["why"]) == (
        vault.officer.login,
        "budi",
        "danger",
    )


def test_a_declined_decision_opens_nothing(vault: Vault, sealed: tuple[Case, int]) -> None:
    """Nothing waits any more, and the identity stays closed."""
    _case, number = sealed
    asked = notice.propose(_on(vault), number, "danger", "evidence")
    decisions.decline(_on(as_officer(vault, "budi", "inspektur")), asked)
    assert approvals.pending(vault) == []
    assert not identity.may_be_opened(_on(vault), number, "danger")


def test_wrong_reasons_and_unreadable_answers_are_refused(vault: Vault, sealed: tuple[Case, int]) -> None:
    """A reason that is not of the lists, and a notice that nobody could read."""
    case, number = sealed
    for reason, why in (("curiosity", "danger"), ("danger", "haste")):
        with pytest.raises(RefusedError):
            notice.propose(_on(vault), number, reason, why)
    with pytest.raises(RefusedError):
        notice.give(_on(vault), number, "curiosity", "Kami buka.")
    with transaction(vault.db):
        vault.db.execute("update cases set proven = 0 where number = ?", (case.number,))
    with pytest.raises(RefusedError):
        notice.give(_on(vault), number, "court", "Kami buka.")


def test_who_is_kept_out_gives_no_notice(vault: Vault, sealed: tuple[Case, int]) -> None:
    """To them there is no such identity; a role without the act is refused."""
    case, number = sealed
    with transaction(vault.db):
        vault.db.execute("insert into exclusions values (?, 'budi', 'named', '')", (case.number,))
    out, other = _on(as_officer(vault, "budi", "inspektur")), _on(as_officer(vault, "sari", "verifikator"))
    for work, error in ((out, NotFoundError), (other, RefusedError)):
        with pytest.raises(error):
            notice.text(work, number, "court")
        with pytest.raises(error):
            notice.give(work, number, "court", "Kami buka.")
        with pytest.raises(error):
            notice.propose(work, number, "court", "danger")


def test_notices_go_with_the_content(vault: Vault, sealed: tuple[Case, int]) -> None:
    """A deleted case keeps neither identity nor notice."""
    case, number = sealed
    announced(vault, "court")
    with transaction(vault.db):
        retention._empty(vault, case.number, TODAY)
    assert (identities.of_case(vault.db, case.number), notices.of_identity(vault.db, number)) == ([], [])
