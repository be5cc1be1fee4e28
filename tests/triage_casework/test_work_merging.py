"""Merges: one leader, no circle, every reporter reads every answer and learns nothing of another."""

import pytest
from cases_world import acts, add_officer, answer, exclude, now, take
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from triage_world import SETTINGS, TODAY, World, new_thread, published
from work_world import message, move, new_case
from work_world import take as take_opened

from dropbox.errors import DropboxError, NotFoundError, RefusedError
from dropbox.triage.cases import casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import handling, inbox, merging, phrases
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work


def _merge(vault: Vault, case: Case, into: Case) -> Case:
    return merging.merge(Work(vault, SETTINGS, TODAY), case, into)


def test_both_reporters_read_the_answer(world: World, vault: Vault) -> None:
    """After the next publication, each with their own code; neither reads that there is another."""
    threads = [new_thread(), new_thread()]
    case, leader = (take(world, vault, thread, number) for number, thread in enumerate(threads, 1))
    answer(vault, leader, "TELAAH")
    assert _merge(vault, case, leader).number == leader.number
    answer(vault, leader, "KLARIFIKASI", "Kami sudah mengonfirmasi.")
    bundle = published(world, vault)
    told = [bundle.timeline(world, thread) or [] for thread in threads]
    assert [entries[-1] for entries in told] == [told[0][-1]] * 2
    assert (told[0][-1].status, told[0][-1].text) == ("KLARIFIKASI", "Kami sudah mengonfirmasi.")
    for entry in told[0]:
        for word in ("ITJEN-", "gabung", "duplikat", "lain", "pelapor"):
            assert word not in entry.text.lower().replace("tempat lain", "")


def test_a_follower_that_writes_moves_the_leader(world: World, vault: Vault) -> None:
    """A question is answered by either of the reporters, and both read that it goes on."""
    thread = new_thread()
    case, leader = take(world, vault, thread), take(world, vault, number=2)
    answer(vault, leader, "TELAAH")
    _merge(vault, case, leader)
    answer(vault, leader, "BUTUH_INFO", "Kapan?")
    assert now(vault, case).status == "BUTUH_INFO"
    world.take(vault, [world.addition(thread, 1)], number=3)
    assert (now(vault, leader).status, now(vault, case).status) == ("TELAAH", "TELAAH")


def test_a_question_to_one_reporter_is_not_told_to_the_other(world: World, vault: Vault) -> None:
    """Who is merged into a case that waits reads the status before; a question of their own stays open."""
    thread = new_thread()
    case, leader = take(world, vault, thread), take(world, vault, number=2)
    answer(vault, leader, "TELAAH")
    answer(vault, leader, "BUTUH_INFO", "Kapan?")
    _merge(vault, case, leader)
    assert now(vault, case).status == "TELAAH"
    merging.unmerge(Work(vault, SETTINGS, TODAY), case)
    assert now(vault, case).status == "DITERIMA"
    answer(vault, case, "TELAAH")
    answer(vault, case, "BUTUH_INFO", "Di mana?")
    answer(vault, leader, "KLARIFIKASI")
    _merge(vault, case, leader)
    assert now(vault, case).status == "BUTUH_INFO"
    world.take(vault, [world.addition(thread, 1)], number=3)
    assert now(vault, case).status == "KLARIFIKASI"


def test_a_merge_is_undone(world: World, vault: Vault) -> None:
    """The case stands where its reporter last read, keeps its own date, and both acts are logged."""
    case, leader = take(world, vault), take(world, vault, number=2)
    answer(vault, leader, "TELAAH")
    _merge(vault, case, leader)
    published(world, vault)
    undone = merging.unmerge(Work(vault, SETTINGS, TODAY), case)
    assert (undone.merged_into, undone.status, undone.due) == (0, "TELAAH", case.due)
    answer(vault, case, "KLARIFIKASI")
    assert now(vault, leader).status == "TELAAH"
    assert acts(vault, case)[:2] == ["case.merge", "case.merge"]
    with pytest.raises(RefusedError, match="was not merged"):
        merging.unmerge(Work(vault, SETTINGS, TODAY), case)


def test_what_cannot_be_merged_is_refused(world: World, vault: Vault) -> None:
    """Itself, what ended, what waits for a second officer; and the merged one is not answered."""
    one, two, three = (take(world, vault, number=number) for number in (1, 2, 3))
    with pytest.raises(RefusedError, match="one case"):
        _merge(vault, one, one)
    _merge(vault, one, two)
    with pytest.raises(RefusedError, match="merged"):
        answer(vault, one, "TELAAH")
    with pytest.raises(RefusedError, match="one case"):
        _merge(vault, two, one)
    with pytest.raises(RefusedError, match="merged already"):
        _merge(vault, one, three)
    answer(vault, three, "SELESAI_TIDAK")
    for pair in ((three, two), (two, three)):
        with pytest.raises(RefusedError, match="ended"):
            _merge(vault, *pair)
    with transaction(vault.db):
        vault.db.execute(
            "insert into proposals (case_number, action, details, proposer, day) values (2, 'refuse', '{}', 'x', 1)"
        )
        vault.db.execute("update cases set status = 'TELAAH' where number = 3")
    with pytest.raises(RefusedError, match="second officer"):
        _merge(vault, two, three)


def test_who_is_kept_out_of_one_is_kept_out_of_the_whole(world: World, vault: Vault) -> None:
    """They cannot merge it either; who lacks the act cannot at all."""
    case, leader = take(world, vault), take(world, vault, number=2)
    other = add_officer(vault, "budi", "Budi Raharjo")
    exclude(vault, case, "budi")
    for pair in ((case, leader), (leader, case)):
        with pytest.raises(NotFoundError):
            _merge(other, *pair)
    _merge(vault, case, leader)
    with pytest.raises(NotFoundError):
        casebook.find_case(other, "2")
    with pytest.raises(RefusedError):
        _merge(add_officer(vault, "tini", "Tini Suharti", "petugas-penerima"), case, leader)


STEPS = st.lists(st.tuples(st.booleans(), st.integers(1, 5), st.integers(1, 5)), max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_however_it_is_merged_there_is_one_leader_and_no_circle(
    vault: Vault, steps: list[tuple[bool, int, int]]
) -> None:
    """A follower's leader follows nobody, whatever the order of merges and undoings."""
    _five_cases(vault)
    for undo, one, other in steps:
        first, second = casebook.case_of(vault, one), casebook.case_of(vault, other)
        try:
            if undo:
                merging.unmerge(Work(vault, SETTINGS, TODAY), first)
            else:
                assert merging.leader_of(vault, one).number == one or first.merged_into
                leader = _merge(vault, first, second)
                assert merging.leader_of(vault, one).number == leader.number == merging.leader_of(vault, other).number
        except DropboxError:
            continue
    for case in casebook.all_cases(vault):
        leader = merging.leader_of(vault, case.number)
        assert leader.merged_into == 0
        assert (case.number == leader.number) == (case.merged_into == 0)


def _five_cases(vault: Vault) -> None:
    """Five cases that follow nobody, in place of those of the example before."""
    with transaction(vault.db):
        vault.db.execute("update cases set merged_into = null")
        for number in range(1, 6):
            vault.db.execute(
                "insert or ignore into cases (number, thread, claim, tag_key, answer_key, auth_key, proven, status,"
                " channel, category, sent, due) values (?, x'', x'', x'', x'', x'', 1, 'DITERIMA', '', '', ?, ?)",
                (number, TODAY, TODAY),
            )


def test_nobody_is_told_the_day_on_which_officers_look_again(vault: Vault) -> None:
    """A status without service days promises nothing: neither agenda number, merge nor an answered question do."""
    thread = new_thread()
    leader, case, number = new_case(vault), new_case(vault), take_opened(vault, message(thread))
    leader = move(vault, leader, "PULBAKET")
    assert leader.due > TODAY
    _merge(vault, case, leader)
    move(vault, casebook.case_of(vault, number), "BUTUH_INFO", text="Kapan?")
    _merge(vault, casebook.case_of(vault, number), leader)
    take_opened(vault, message(thread, "addition"))
    handling.classify(Work(vault, SETTINGS, TODAY), now(vault, leader), handling.Classification(subject="x"))
    for one, promised in ((leader.number, 0), (case.number, case.due), (number, 0)):
        last = casebook.timeline(vault, casebook.case_of(vault, one))[-1]
        assert (last.status, last.next) == ("PULBAKET", promised)  # what its own reporter was promised before


def test_a_date_that_a_message_told_is_the_promise(vault: Vault) -> None:
    """A later message without a date does not bring back the older one."""
    case = new_case(vault)
    move(vault, case, "DITERIMA", next=TODAY + 90)
    case = move(vault, case, "DITERIMA")
    assert (case.due, casebook.timeline(vault, case)[-1].next) == (TODAY + 90, TODAY + 90)


def test_words_of_what_was_merged_are_warned_of(vault: Vault) -> None:
    """All its reporters read the answer: a name that one of them wrote tells the others that there is one."""
    leader, case = new_case(vault, who="Orang Pertama"), new_case(vault, who="Sutrisno")
    text = "Sutrisno sudah kami panggil."
    assert not phrases.warnings(vault, now(vault, leader), text)
    _merge(vault, case, leader)
    assert "sutrisno" in phrases.warnings(vault, now(vault, leader), text)[0]


def test_a_request_for_protection_shows_in_what_is_worked_on(vault: Vault) -> None:
    """Although it came from the reporter of what was merged away."""
    leader, case = new_case(vault), new_case(vault, protection="physical")
    _merge(vault, case, leader)
    (row,) = inbox.page(Work(vault, SETTINGS, TODAY), inbox.Filter()).rows
    assert (row.number, row.is_protected) == (leader.number, True)
