"""What reporters will read: shown as it will be written, and taken back before it leaves as if it had never been."""

import contextlib
import dataclasses
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from triage_world import SETTINGS, TODAY, World, dump, new_thread, published
from work_world import again, as_officer, message, move, new_case, take

from dropbox.errors import DropboxError, NotFoundError, RefusedError
from dropbox.triage.access import approvals, identity
from dropbox.triage.access.permission import Draft
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import handling, merging, protection, refusal, search, transitions
from dropbox.triage.casework.handling import Classification
from dropbox.triage.casework.outgoing import preview, records, withdrawal
from dropbox.triage.casework.safety import follow_up, notice
from dropbox.triage.exchange import restored
from dropbox.triage.referral import consent, ombudsman
from dropbox.triage.tables import events, protections
from dropbox.triage.tables.outgoing import tellings
from dropbox.triage.tables.safety import follow_ups, notices
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.board import MESSAGE, Entry
from dropbox.wire.calendar import Day

Act = Callable[[Work, Case, Case], object]


def _work(vault: Vault, today: int = TODAY) -> Work:
    return Work(vault, SETTINGS, Day(today))


def _refuse(work: Work, case: Case, _other: Case) -> None:
    """Propose as one officer, approve as another."""
    refusal.propose(Work(as_officer(work.vault), SETTINGS, work.today), case, refusal.Refusal("evidence", grounds="x"))
    refusal.approve(work, approvals.pending(work.vault)[-1].number)


ACTS: dict[str, Act] = {
    "status": lambda work, case, _: transitions.answer(work, case, Draft("TELAAH", "Baik. {next}")),
    "question": lambda work, case, _: transitions.answer(work, case, Draft("BUTUH_INFO", "Kapan itu?")),
    "message": lambda work, case, _: transitions.answer(work, case, Draft(case.status, "Kami masih bekerja.")),
    "end": lambda work, case, _: transitions.answer(work, case, Draft("SELESAI_TIDAK", "Tidak terbukti.")),
    "agenda": lambda work, case, _: handling.classify(work, case, Classification(subject="Pungutan")),
    "merge": merging.merge,
    "merge the other": lambda work, case, other: merging.merge(work, other, case),
    "refusal": _refuse,
    "service": lambda work, case, _: refusal.to_service(work, case),
    "protection asked": lambda work, case, _: protection.open_request(work, case, "legal"),
    "consent": lambda work, case, _: consent.ask(work, case, "kpk"),
    "ombudsman": lambda work, case, _: ombudsman.give(work, case),
    "protection answered": lambda work, case, _: protection.answer(work, _request(work, case), "denied"),
    "protection said": lambda work, case, _: protection.say(work, _request(work, case), "Kami menunggu LPSK."),
    "follow-up": lambda work, case, _: follow_up.ask(work, case, {"id": "Apakah Anda aman?"}),
    "notice": lambda work, case, _: notice.give(
        work, identity.numbers(work.vault, case)[0], "court", "Kami beri tahu."
    ),
}
# What must be there before; it is published before the act.
PREPARED: dict[str, Callable[[Vault, Case], object]] = {
    "protection answered": lambda vault, case: protection.open_request(_work(vault), case, "legal"),
    "protection said": lambda vault, case: protection.open_request(_work(vault, TODAY - 3), case, "legal"),
    "follow-up": lambda vault, case: move(vault, case, "SELESAI_TIDAK", TODAY - 100),
    "notice": lambda vault, case: identity.enter(_work(vault), case, "Amir, Jalan Contoh 1"),
}


def _request(work: Work, case: Case) -> int:
    return protection.of_case(work.vault, case)[-1].number


def _leave(vault: Vault) -> None:
    """Let everything leave."""
    with transaction(vault.db):
        events.publish(vault.db, 1)
        tellings.clear(vault.db)


def _prepared(vault: Vault, name: str) -> tuple[Case, Case]:
    """Two cases, the first as the act needs it, the second further on."""
    case, other = new_case(vault), move(vault, new_case(vault), "TELAAH")
    if name in PREPARED:
        PREPARED[name](vault, case)
        _leave(vault)
    return again(vault, case), other


def _standing(vault: Vault) -> list[object]:
    """Every case, what its reporter reads, its requests for protection, questions and notices."""
    return [
        (
            case,
            casebook.timeline(vault, case),
            protections.of_case(vault.db, case.number),
            follow_ups.of_case(vault.db, case.number),
            notices.snapshot(vault.db, [case.number]),
        )
        for case in casebook.all_cases(vault)
    ]


@pytest.mark.parametrize("name", ACTS)
def test_what_was_shown_is_what_is_written(vault: Vault, name: str) -> None:
    """The preview writes nothing, and the act then adds just the entries that it showed."""
    case, other = _prepared(vault, name)
    before = dump(vault)
    shown = preview.told(_work(vault), lambda: ACTS[name](_work(vault), case, other))
    assert dump(vault) == before
    last = events.last(vault.db)
    ACTS[name](_work(vault), case, other)
    written = [(number, entry) for _, number, entry in events.told_since(vault.db, last)]
    assert [(one.before.number, entry) for one in shown for entry in one.entries] == sorted(
        written, key=lambda pair: [one.before.number for one in shown].index(pair[0])
    )
    assert written
    assert [one.after for one in shown] == [again(vault, one.before) for one in shown]


@pytest.mark.parametrize("name", ACTS)
def test_what_is_taken_back_was_never_there(vault: Vault, name: str) -> None:
    """Cases, timelines, requests and the search are as before; the log keeps both acts, without words."""
    case, other = _prepared(vault, name)
    first = withdrawal.waiting(_work(vault))
    before = _standing(vault)
    ACTS[name](_work(vault), case, other)
    told = withdrawal.newest(_work(vault), case)
    assert told is not None
    withdrawal.withdraw(_work(vault), told)
    after = _standing(vault)
    if name == "agenda":  # only the notice and its number: the subject is no reporter's matter
        assert again(vault, case).subject == "Pungutan"
        after = [(dataclasses.replace(one[0], subject=""), *one[1:]) for one in after]  # type: ignore[index]
    assert after == before
    assert withdrawal.waiting(_work(vault)) == first
    assert search.search(_work(vault), "Nomor agenda") == []
    line = list(audit_log.lines(vault))[-1]
    assert (line.action, line.case) == (withdrawal.ACT, told.members[0])
    assert line.details == {"act": told.act, "count": len(told.entries)}
    audit_log.verify(vault)


TOLD = sorted({*ACTS} - {"consent", "refusal", *PREPARED})
STEPS = st.lists(st.tuples(st.sampled_from(TOLD), st.integers(0, 2), st.integers(0, 2)), max_size=6)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_taking_back_goes_step_by_step_to_the_beginning(vault: Vault, steps: list[tuple[str, int, int]]) -> None:
    """Whatever was told in whatever order: taken back newest first, each step restores what stood before it."""
    names = [new_case(vault).number for _ in range(3)]
    stood = []
    for name, one, other in steps:
        before, count = _standing(vault), len(withdrawal.waiting(_work(vault)))
        with contextlib.suppress(DropboxError):
            ACTS[name](_work(vault), again(vault, names[one]), again(vault, names[other]))
            if name == "agenda":
                vault.db.execute("update cases set subject = ''")
        if len(withdrawal.waiting(_work(vault))) > count:
            stood.append(before)
    while stood:
        told = withdrawal.waiting(_work(vault))[0]
        withdrawal.withdraw(_work(vault), told)
        assert _standing(vault) == stood.pop()


STATUSES = ("", "VERIFIKASI", "TELAAH", "BUTUH_INFO", "KLARIFIKASI", "AUDIT")


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(STATUSES), min_size=2, max_size=4),
    st.lists(st.integers(1, 20), min_size=4, max_size=4),
    st.sampled_from(("leaves", "stays")),
)
def test_a_merge_sets_nobody_back_and_is_undone(
    vault: Vault, statuses: list[str], sent: list[int], notice: str
) -> None:
    """All get the furthest status and the earliest date; apart again, each has its own date and paused clock."""
    order = ["DITERIMA", *STATUSES[1:3], *STATUSES[4:]]
    cases = []
    for status, day in zip(statuses, sent, strict=False):
        case = new_case(vault, today=TODAY - day)
        cases.append(move(vault, case, status) if status else case)
    with transaction(vault.db):
        events.publish(vault.db, 1)
        tellings.clear(vault.db)
    places = [order.index(one.paused_status or one.status) for one in cases]
    promised = {one.number: casebook.promised(vault, one) for one in cases}
    for one in cases[1:]:
        merging.merge(_work(vault), one, cases[0])
    merged = [again(vault, one) for one in cases]
    assert merged[0].due == min(one.due for one in cases)
    for case, now in zip(cases, merged, strict=True):
        assert order.index(now.paused_status or now.status) == max(places)
        assert (case.status == "BUTUH_INFO") == (now.status == "BUTUH_INFO")
        assert casebook.promised(vault, now) <= promised[case.number] or promised[case.number] < TODAY
    if notice == "leaves":
        with transaction(vault.db):
            events.publish(vault.db, 2)
            tellings.clear(vault.db)
    for one in reversed(cases[1:]):
        merging.unmerge(_work(vault), one)
    for case in cases:
        now = again(vault, case)
        assert (now.merged_into, now.due, now.own_due, now.paused_left) == (0, case.due, None, case.paused_left)
        assert notice == "leaves" or now == case
        told = [one.status for one in casebook.timeline(vault, case) if one.status]
        assert now.status == told[-1]


def test_what_left_stays(world: World, vault: Vault) -> None:
    """Nothing is taken back after a publication, also one of which the file was never written; nor after a restore."""
    world.take(vault, [world.report(new_thread())])
    case = casebook.find_case(vault, "1")
    move(vault, case, "TELAAH")
    told = withdrawal.newest(_work(vault), case)
    assert told is not None
    published(world, vault)
    assert withdrawal.newest(_work(vault), case) is None
    with pytest.raises(NotFoundError):
        withdrawal.of_number(_work(vault), told.number)
    assert events.not_left(vault.db) == []
    move(vault, case, "KLARIFIKASI")
    with transaction(vault.db):
        restored.mark(vault, Day(TODAY))
    assert withdrawal.newest(_work(vault), case) is None
    assert events.not_left(vault.db) == []


def test_what_something_depends_on_is_not_taken_back(vault: Vault) -> None:
    """A later answer goes first; the reporter's new message, or a changed case, stops it for good."""
    thread = new_thread()
    case = again(vault, take(vault, message(thread)))
    move(vault, case, "TELAAH")
    first = withdrawal.newest(_work(vault), case)
    assert first is not None
    move(vault, case, "BUTUH_INFO")
    with pytest.raises(RefusedError, match="later message first"):
        withdrawal.withdraw(_work(vault), first)
    second = withdrawal.newest(_work(vault), case)
    assert second is not None
    take(vault, message(thread, "addition"))
    with pytest.raises(RefusedError, match="since"):
        withdrawal.withdraw(_work(vault), second)
    assert withdrawal.newest(_work(vault), case) is None
    other = new_case(vault)
    protection.open_request(_work(vault), other, "legal")
    asked = withdrawal.newest(_work(vault), other)
    assert asked is not None
    with transaction(vault.db):
        vault.db.execute("update protections set due = due + 1")
    with pytest.raises(RefusedError, match="changed since"):
        withdrawal.withdraw(_work(vault), asked)


def test_who_may_write_it_may_take_it_back(vault: Vault) -> None:
    """Without the act itself it is refused; who is kept out of one case of a group finds nothing."""
    case, other = new_case(vault), new_case(vault)
    merging.merge(_work(vault), case, other)
    move(vault, other, "TELAAH")
    told = withdrawal.newest(_work(vault), case)
    assert told is not None
    reader = Work(as_officer(vault, "tini", "petugas-penerima"), SETTINGS, Day(TODAY))
    with pytest.raises(RefusedError):
        withdrawal.withdraw(reader, told)
    assert withdrawal.newest(reader, other) is None
    with transaction(vault.db):
        vault.db.execute(
            "insert into exclusions (case_number, officer, reason) values (?, 'wakil', 'named')", (case.number,)
        )
    kept_out = Work(as_officer(vault), SETTINGS, Day(TODAY))
    assert withdrawal.waiting(kept_out) == []
    with pytest.raises(NotFoundError):
        withdrawal.withdraw(kept_out, told)
    shown = preview.told(kept_out, lambda: transitions.answer(kept_out, again(vault, other), Draft("AUDIT", "Baik.")))
    assert [one.before.number for one in shown] == [other.number]


def test_an_answer_is_written_anew(vault: Vault) -> None:
    """One transaction takes the old one back and writes the new one; a bad new one leaves the old."""
    case = new_case(vault)
    move(vault, case, "TELAAH", text="Salah tulis.")
    told = withdrawal.newest(_work(vault), case)
    with pytest.raises(RefusedError):
        transitions.answer(_work(vault), case, Draft("BUTUH_INFO", "Tanpa pertanyaan."), told)
    assert casebook.timeline(vault, case)[-1].text == "Salah tulis."
    transitions.answer(_work(vault), case, Draft("VERIFIKASI", "Benar."), told)
    read = [one.text for one in casebook.timeline(vault, case)]
    assert (again(vault, case).status, read[-1], "Salah tulis." in read) == ("VERIFIKASI", "Benar.", False)


def test_an_agenda_number_that_was_taken_back_comes_again(vault: Vault) -> None:
    """The case keeps its number, and no other case gets it."""
    case, other = new_case(vault), new_case(vault)
    number = handling.give_agenda(_work(vault), case)
    told = withdrawal.newest(_work(vault), case)
    assert told is not None
    withdrawal.withdraw(_work(vault), told)
    assert again(vault, case).agenda == ""
    assert handling.give_agenda(_work(vault), other) != number
    assert handling.give_agenda(_work(vault), case) == number


def test_the_further_and_older_case_should_lead(vault: Vault) -> None:
    """The further status wins, then the earlier day; a case that was handed over never follows one that was not."""
    new, old = new_case(vault), new_case(vault, today=TODAY - 3)
    assert merging.to_lead(vault, new, old).number == old.number
    new = move(vault, new, "TELAAH")
    assert merging.to_lead(vault, new, old).number == new.number
    gone = move(vault, new_case(vault), "DILIMPAHKAN")
    assert merging.to_lead(vault, old, gone).number == gone.number
    with pytest.raises(RefusedError, match="handed over"):
        merging.merge(_work(vault), gone, old)


def test_no_number_of_an_entry_comes_again(vault: Vault) -> None:
    """What names a withdrawn entry by its number can never mean a later one; also after the vault was opened anew."""
    case = new_case(vault)
    move(vault, case, "TELAAH", text="Salah.")
    gone = events.last(vault.db)
    told = withdrawal.newest(_work(vault), case)
    assert told is not None
    withdrawal.withdraw(_work(vault), told)
    move(vault, case, "TELAAH", text="Benar.")
    assert [number for number, _, _ in events.told_since(vault.db, gone - 1)] == [gone + 1]


def test_nothing_is_told_outside_of_a_record(vault: Vault) -> None:
    """An act that forgot it tells nothing and changes nothing."""
    case, before = new_case(vault), dump(vault)
    with pytest.raises(RuntimeError), transaction(vault.db):
        records.put(vault, case.number, Entry(day=Day(TODAY), kind=MESSAGE, text="Baik."))
    assert dump(vault) == before


def test_what_an_import_tells_says_why_it_stays(vault: Vault) -> None:
    """The entry of a new report carries its reason until it leaves; who is kept out of the case is not shown it."""
    case = new_case(vault)
    assert [(one[1], one[2]) for one in events.bound(vault.db, vault.officer.login)] == [(case.number, "import")]
    with transaction(vault.db):
        vault.db.execute("insert into exclusions values (?, 'budi', 'named', '')", (case.number,))
    assert events.bound(vault.db, "budi") == []
    _leave(vault)
    assert events.bound(vault.db, vault.officer.login) == []


def test_a_message_before_the_question_left_is_no_reply_to_it(vault: Vault) -> None:
    """The reporter had not read it: the case opens again, and the question still waits for its reply."""
    thread = new_thread()
    case = again(vault, take(vault, message(thread)))
    move(vault, case, "SELESAI_TIDAK", TODAY - 100)
    _leave(vault)
    follow_up.ask(_work(vault), case, {"id": "Apakah Anda aman?"})
    take(vault, message(thread, "addition"))
    assert again(vault, case).status == "VERIFIKASI"
    assert [one.answered for one in follow_ups.of_case(vault.db, case.number)] == [0]
