"""What reporters do besides writing: read marks change nothing, withdrawals are seen and decide nothing."""

import pytest
from triage_world import SETTINGS, TODAY, World, new_thread, published
from work_world import again, as_officer, message, move, new_case, take

from dropbox.crypto.thread_keys import ThreadKeys
from dropbox.errors import RefusedError
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import inbox, merging, protection, threads
from dropbox.triage.commands import case_views
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.blob import READ, WITHDRAW
from dropbox.wire.calendar import date_of

NOTED = "Kami mencatat bahwa Anda menarik laporan."


def of_thread(vault: Vault, thread: ThreadKeys) -> Case:
    """A fresh case of a thread, read by the officer."""
    case = again(vault, take(vault, message(thread)))
    threads.read(Work(vault, SETTINGS, TODAY), case)
    return case


def row_of(vault: Vault, case: Case) -> inbox.Row:
    """The case's line in the list."""
    return next(
        one for one in inbox.page(Work(vault, SETTINGS, TODAY), inbox.Filter()).rows if one.number == case.number
    )


def items(vault: Vault, case: Case) -> list[tuple[str, bool]]:
    """(kind, whether it is new) of all that happened."""
    return [(one.kind, one.is_new) for one in threads.read(Work(vault, SETTINGS, TODAY), again(vault, case))]


@pytest.mark.parametrize("status", ["", "BUTUH_INFO", "SELESAI_TIDAK", "SELESAI_TERBUKTI", "DILIMPAHKAN"])
def test_a_read_mark_changes_nothing(vault: Vault, status: str) -> None:
    """It is in the thread; the case stays as it was, read, paused or ended, and the reporter's timeline too."""
    thread = new_thread()
    case = of_thread(vault, thread)
    if status:
        case = move(vault, case, status)
    before, told = row_of(vault, case), casebook.timeline(vault, case)
    take(vault, message(thread, "addition", what="", act=READ), TODAY + 3)
    assert row_of(vault, case) == before
    assert not before.is_unread
    assert again(vault, case) == case
    assert casebook.timeline(vault, case) == told
    assert (READ, False) in items(vault, case)


def test_a_read_mark_hides_no_words(vault: Vault) -> None:
    """A message that calls itself a read mark and says or asks something is an addition like others."""
    for more in ({"what": "Ada lagi."}, {"protection": "career"}):
        thread = new_thread()
        case = of_thread(vault, thread)
        take(vault, message(thread, "addition", **{"what": "", "act": READ} | more))
        assert row_of(vault, case).is_unread
        assert ("addition", True) in items(vault, case)
    assert [one.kind for one in protection.of_case(vault, case)] == ["career"]


def test_a_read_mark_makes_no_case(world: World, vault: Vault) -> None:
    """Without a case of its thread it is set aside by name; its blob gets its receipt all the same."""
    with pytest.raises(RefusedError, match="no case"):
        take(vault, message(new_thread(), "addition", what="", act=READ))
    thread = new_thread()
    blobs = [world.addition(thread, 1, "", record={"act": b"read"}), world.addition(thread, 2, "")]
    world.take(vault, blobs[:1])
    assert casebook.all_cases(vault) == []
    assert {blobs[0].sha256} == published(world, vault).receipts


@pytest.mark.parametrize("status", ["", "BUTUH_INFO", "SELESAI_TIDAK", "DITOLAK", "DIARSIPKAN"])
def test_a_withdrawal_is_seen_and_decides_nothing(vault: Vault, status: str) -> None:
    """Unread, in the list and in the log, and answered; status and clock are as before."""
    thread = new_thread()
    case = of_thread(vault, thread)
    if status in ("BUTUH_INFO", "SELESAI_TIDAK"):
        case = move(vault, case, status)
    elif status:
        vault.db.execute("update cases set status = ?, closed = ? where number = ?", (status, TODAY, case.number))
        case = again(vault, case)
    counted = [(one.texts, one.files) for one in casebook.timeline(vault, case)]
    take(vault, message(thread, "addition", what="Saya takut.", act=WITHDRAW))
    row = row_of(vault, case)
    assert (row.withdrawn, row.is_unread, row.status, row.due) == (1, True, case.status, case.due)
    assert again(vault, case) == case
    assert (WITHDRAW, True) in items(vault, case)
    assert NOTED in casebook.timeline(vault, case)[-1].text
    assert [line.action for line in audit_log.lines(vault, case.number)].count("reporter.withdrew") == 1
    assert sum(one.texts for one in casebook.timeline(vault, case)) == sum(texts for texts, _ in counted) + 1


def test_withdrawing_twice_is_harmless(vault: Vault) -> None:
    """The phrase and the line in the log come once; without words nothing is counted as received."""
    thread = new_thread()
    case = of_thread(vault, thread)
    for _ in range(2):
        take(vault, message(thread, "addition", what="", act=WITHDRAW), TODAY + 1)
    timeline = casebook.timeline(vault, case)
    assert [NOTED in one.text for one in timeline].count(True) == 1
    assert sum(one.texts for one in timeline) == 1
    assert [line.action for line in audit_log.lines(vault, case.number)].count("reporter.withdrew") == 1
    assert row_of(vault, case).withdrawn == 1


def test_a_withdrawal_that_comes_before_its_report(vault: Vault) -> None:
    """An export has no order: both end in one case, which is withdrawn and has one text."""
    thread = new_thread()
    number = take(vault, message(thread, "addition", what="", act=WITHDRAW))
    assert take(vault, message(thread)) == number
    case = again(vault, number)
    assert case.channel == "wbs"
    assert row_of(vault, case).withdrawn == 1
    assert sum(one.texts for one in casebook.timeline(vault, case)) == 1


def test_a_forged_withdrawal_touches_no_case(world: World, vault: Vault) -> None:
    """Without the thread's secret it becomes a case of its own, marked as unproven."""
    thread = new_thread()
    world.take(vault, [world.report(thread)])
    forged = world.addition(thread, 1, "", record={"act": b"withdraw"}, auth_key=bytes(32))
    world.take(vault, [forged], number=2)
    mine, other = casebook.all_cases(vault)
    assert (row_of(vault, mine).withdrawn, mine.proven) == (0, True)
    assert (row_of(vault, other).withdrawn, other.proven) == (1, False)


def test_another_reporter_of_a_merged_case_is_not_concerned(vault: Vault) -> None:
    """The officer sees that one of two withdrew; the other one reads nothing of it."""
    thread = new_thread()
    mine, other = of_thread(vault, thread), new_case(vault)
    leader = merging.merge(Work(vault, SETTINGS, TODAY), mine, other)
    threads.read(Work(vault, SETTINGS, TODAY), leader)
    before = casebook.timeline(vault, other)
    take(vault, message(thread, "addition", what="", act=WITHDRAW))
    row = row_of(vault, leader)
    assert (row.withdrawn, row.merged, row.is_unread) == (1, 1, True)
    assert casebook.timeline(vault, other) == before
    assert NOTED in casebook.timeline(vault, mine)[-1].text


def test_a_vault_from_before_the_phrase_answers_too(vault: Vault) -> None:
    """The file's phrase stands in until an officer edits it."""
    vault.db.execute("delete from phrases where code = 'withdraw-noted'")
    thread = new_thread()
    case = of_thread(vault, thread)
    take(vault, message(thread, "addition", what="", act=WITHDRAW))
    assert NOTED in casebook.timeline(vault, case)[-1].text


def test_acts_are_no_words_to_search_for(vault: Vault) -> None:
    """Codes of acts and of protection find nothing; the words beside them do."""
    thread = new_thread()
    case = of_thread(vault, thread)
    take(vault, message(thread, "addition", what="mundur", act=WITHDRAW, protection="career"))
    found = {
        word: [one.number for one in inbox.page(Work(vault, SETTINGS, TODAY), inbox.Filter(text=word)).rows]
        for word in ("withdraw", "career", "mundur")
    }
    assert found == {"withdraw": [], "career": [], "mundur": [case.number]}


def test_the_thread_shows_messages_without_a_move(vault: Vault) -> None:
    """What an officer told the reporter without changing the status is in the thread as well."""
    case = new_case(vault)
    move(vault, case, "DITERIMA", text="Kami mulai besok.")
    shown = threads.read(Work(as_officer(vault), SETTINGS, TODAY), again(vault, case))
    assert ("answer", "Kami mulai besok.") in [(one.kind, one.text) for one in shown]


def test_an_export_tells_that_a_case_is_withdrawn(vault: Vault) -> None:
    """The command line's record of a case has the day."""
    thread = new_thread()
    case = of_thread(vault, thread)
    assert case_views.case_object(vault, case)["withdrawn"] == ""
    take(vault, message(thread, "addition", what="", act=WITHDRAW))
    assert case_views.case_object(vault, case)["withdrawn"] == date_of(TODAY).isoformat()
