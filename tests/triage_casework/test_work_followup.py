"""What follows from a case: dispositions with who reads and ends them; papers, recommendations and their follow-up."""

import json

import pytest
from cases_world import acts, add_officer
from triage_world import SETTINGS, TODAY, dump
from work_world import again, move, new_case

from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage.cases import audit_log
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import handling, merging, retention, search, threads
from dropbox.triage.followup import duties, records
from dropbox.triage.tables.followup import dispositions
from dropbox.triage.tables.followup import waiting as rows
from dropbox.triage.vault import migrations
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

LHP = "R-263/IJ/PS.01.3/04/2020"
ADVICE = {"code": "hukdis-sedang", "who": "Kanwil Contoh", "until": TODAY + 30, "text": "Jatuhkan hukuman."}


def at(vault: Vault, day: int = TODAY) -> Work:
    return Work(vault, SETTINGS, day)


def chain(vault: Vault, case: Case) -> list[tuple[str, int, int, str]]:
    """(state, read, done, remark) of a case's dispositions."""
    return [(one.state, one.read, one.done, one.remark) for one in dispositions.of_case(vault.db, case.number)]


def recommended(vault: Vault, case: Case) -> int:
    """A report with one recommendation; returns its number."""
    report = records.add(at(vault), case, "report", {"sign": LHP, "dated": TODAY - 3})
    return records.add(at(vault), case, "recommendation", ADVICE, report)


def settle(vault: Vault, case: Case, number: int, code: str = "done", **values: object) -> int:
    proof = {"code": code, "dated": TODAY, "sign": "B-17/Kw.10/2020"} | values
    return records.add(at(vault), case, "settlement", proof, number)  # type: ignore[arg-type]


def test_a_disposition_is_read_by_its_addressee_passed_on_and_done(vault: Vault) -> None:
    """Whoever else opens the case leaves it unread; the next disposition ends the one before."""
    case, budi = new_case(vault), add_officer(vault, "budi", "Budi Raharjo")
    sari = add_officer(vault, "sari", "Sari Dewi", "penelaah")
    handling.assign(at(vault), case, officer="budi", text="Telaah.", due=TODAY + 5)
    threads.read(at(vault), case)
    assert chain(vault, case) == [("open", 0, 0, "")]
    threads.read(at(budi, TODAY + 1), case)
    threads.read(at(budi, TODAY + 2), case)
    handling.assign(at(budi, TODAY + 2), case, officer="sari")
    with pytest.raises(RefusedError, match="what was done"):
        duties.finish(at(sari, TODAY + 3), case, " ")
    duties.finish(at(sari, TODAY + 3), case, "Sudah ditelaah.")
    assert chain(vault, case) == [
        ("passed", TODAY + 1, TODAY + 2, ""),
        ("done", 0, TODAY + 3, "Sudah ditelaah."),
    ]
    with pytest.raises(RefusedError, match="no assignment"):
        duties.finish(at(sari), case, "Lagi.")


def test_a_disposition_to_an_office_is_read_and_done_by_officers_of_that_unit(vault: Vault) -> None:
    """The unit is the office's name in either language; another unit's reviewer may not end it."""
    case = new_case(vault)
    inside = add_officer(vault, "budi", "Budi Raharjo", "penelaah", unit="Inspektorat  II")
    outside = add_officer(vault, "sari", "Sari Dewi", "penelaah", unit="Inspektorat III")
    handling.assign(at(vault), case, office="inspektorat-2")
    threads.read(at(outside), case)
    with pytest.raises(RefusedError, match="addressed to others"):
        duties.finish(at(outside), case, "Selesai.")
    assert chain(vault, case) == [("open", 0, 0, "")]
    assert [one.worked_on for one in duties.waiting(at(inside), duties.mine(at(inside)))] == [case.number]
    assert duties.waiting(at(outside), duties.mine(at(outside))) == []
    threads.read(at(inside), case)
    duties.finish(at(inside), case, "Selesai.")
    assert chain(vault, case) == [("done", TODAY, TODAY, "Selesai.")]


def test_what_waits_is_in_the_order_of_its_days(vault: Vault) -> None:
    """Overdue first, without a day last; withdrawn ones wait for nothing; each desk has its count."""
    cases = [new_case(vault) for _ in range(4)]
    add_officer(vault, "budi", "Budi Raharjo")
    for case, due in zip(cases, (0, 9, 3, 5), strict=True):
        handling.assign(at(vault), case, officer="budi", due=TODAY + due if due else 0)  # type: ignore[arg-type]
    handling.withdraw(at(vault), cases[3])
    later = at(vault, TODAY + 5)
    found = duties.waiting(later, dispositions.Wanted(vault.officer.login, "budi"))
    assert [one.worked_on for one in found] == [cases[number].number for number in (2, 1, 0)]
    assert duties.desks(later) == [("", "budi", 3, 1, 3)]
    overdue = dispositions.Wanted(vault.officer.login, overdue_on=TODAY + 5)
    assert [one.worked_on for one in duties.waiting(later, overdue)] == [cases[2].number]
    for day in (TODAY - 1, TODAY + 400):
        with pytest.raises(RefusedError, match="at most a year ahead"):
            handling.assign(at(vault), cases[0], officer="budi", due=day)


def test_who_is_kept_out_sees_no_duty_of_the_case_or_of_one_merged_into_it(vault: Vault) -> None:
    """No disposition, no recommendation and no count; not of a case that is worked on in a hidden one either."""
    hidden, merged = new_case(vault), new_case(vault)
    for case in (hidden, merged):
        handling.assign(at(vault), case, office="dumas")
        recommended(vault, case)
    other = add_officer(vault, "budi", "Budi Raharjo", "irjen")
    everything = dispositions.Wanted("budi")
    assert len(duties.waiting(at(other), everything)) == len(duties.recommendations(at(other))) == 2
    merging.merge(at(vault), merged, hidden)
    with transaction(vault.db):
        vault.db.execute(
            "insert into exclusions (case_number, officer, reason) values (?, 'budi', 'named')", (hidden.number,)
        )
    assert duties.waiting(at(other), everything) == duties.desks(at(other)) == []
    assert duties.recommendations(at(other)) == []
    for act in (
        lambda: duties.finish(at(other), hidden, "x"),
        lambda: records.add(at(other), hidden, "report", {"sign": LHP, "dated": TODAY}),
        lambda: records.correct(at(other), hidden, 1, {}, "x"),
        lambda: records.withdraw(at(other), hidden, 1, "x"),
        lambda: records.of_case(at(other), hidden),
    ):
        with pytest.raises(NotFoundError):
            act()  # type: ignore[no-untyped-call]


def test_a_recommendation_waits_until_it_is_carried_out(vault: Vault) -> None:
    """Partly is not done; the last settlement counts; units are counted with what is overdue."""
    case = new_case(vault)
    number = recommended(vault, case)
    (found,) = duties.recommendations(at(vault, TODAY + 31))
    assert (found.root, found.report, found.reported, found.outcome) == (number, LHP, TODAY - 3, "")
    assert duties.by_unit(at(vault, TODAY + 31)) == [("Kanwil Contoh", 1, 1, TODAY - 3, number)]
    settle(vault, case, number, "partly")
    assert [one.outcome for one in duties.recommendations(at(vault))] == ["partly"]
    done = settle(vault, case, number)
    assert duties.recommendations(at(vault)) == []
    records.withdraw(at(vault), case, done, "Bukti keliru.")
    assert [one.outcome for one in duties.recommendations(at(vault))] == ["partly"]


def test_an_object_is_corrected_by_a_new_version(vault: Vault) -> None:
    """The old one stays with the reason; what belongs to the object goes on belonging to it."""
    case = new_case(vault)
    number = recommended(vault, case)
    with pytest.raises(RefusedError, match="say why"):
        records.correct(at(vault), case, number, ADVICE | {"who": "Kankemenag"}, " ")
    settle(vault, case, number, "not")
    records.correct(at(vault), case, number, ADVICE | {"who": "Kankemenag"}, "Unit keliru.")
    versions = [one for one in records.of_case(at(vault), case) if one.root == number]
    assert [(one.state, one.who, one.reason) for one in versions] == [
        ("replaced", "Kanwil Contoh", "Unit keliru."),
        ("current", "Kankemenag", ""),
    ]
    assert [(one.unit, one.outcome) for one in duties.recommendations(at(vault))] == [("Kankemenag", "not")]
    for root in {one.parent for one in versions} | {number}:
        with pytest.raises(RefusedError, match="belongs to it"):
            records.withdraw(at(vault), case, root, "Keliru.")


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("surat", {}),
        ("report", {"dated": TODAY}),
        ("report", {"sign": "tanpa angka", "dated": TODAY}),
        ("report", {"sign": LHP}),
        ("report", {"sign": LHP, "dated": TODAY + 1}),
        ("report", {"sign": LHP, "dated": 5}),
        ("report", {"sign": LHP, "dated": TODAY, "text": "x" * 2001}),
        ("report", {"sign": LHP, "dated": TODAY, "text": "a\x07"}),
        ("examination", {"code": "siang", "begin": TODAY, "who": "Kantor"}),
        ("examination", {"code": "visit", "begin": TODAY, "until": TODAY - 1, "who": "Kantor"}),
        ("examination", {"code": "visit", "begin": TODAY, "who": "x" * 201}),
    ],
)
def test_a_value_that_is_missing_or_invalid_is_refused(vault: Vault, kind: str, values: dict[str, object]) -> None:
    """Nothing is stored and nothing is logged."""
    case = new_case(vault)
    before = dump(vault)
    with pytest.raises(RefusedError):
        records.add(at(vault), case, kind, values)  # type: ignore[arg-type]
    assert dump(vault) == before


def test_a_recommendation_needs_its_report_and_an_outcome_its_evidence(vault: Vault) -> None:
    """A parent of another case is none; without a letter the SHA-256 of a file is enough."""
    case, other = new_case(vault), new_case(vault)
    number = recommended(vault, other)
    for parent in (0, 99, number):
        with pytest.raises(NotFoundError):
            records.add(at(vault), case, "recommendation", ADVICE, parent)
    for proof in ({"sign": ""}, {"sign": "", "sha256": "xy"}):
        with pytest.raises(RefusedError):
            settle(vault, other, number, **proof)
    settle(vault, other, number, sign="", sha256="A" * 64)
    assert duties.recommendations(at(vault)) == []


def test_the_search_finds_a_report_by_its_number_and_the_log_has_no_words(vault: Vault) -> None:
    """Kinds, codes and numbers only; a deleted case keeps codes and days for the counts."""
    case = new_case(vault)
    number = recommended(vault, case)
    settle(vault, case, number, text="Merahmuda")
    assert [hit.number for hit in search.search(at(vault), f'"{LHP}"')] == [case.number]
    assert acts(vault, case)[-3:] == ["followup.record"] * 3
    text = json.dumps([line.details for line in audit_log.lines(vault)]).lower()
    assert not any(word in text for word in ("kanwil", "r-263", "hukuman.", "merahmuda"))
    with transaction(vault.db):
        retention._empty(vault, case.number, TODAY)
    (counted,) = rows.recommended_between(vault.db, TODAY - 3, TODAY, None)
    assert (counted.code, counted.outcome, counted.unit, counted.report) == ("hukdis-sedang", "done", "", "")
    assert duties.recommendations(at(vault)) == []
    assert b"Merahmuda" not in repr(dump(vault)).encode()


def test_roles_are_asked_before_every_act(vault: Vault) -> None:
    """An overseer may none of it; a receiving officer writes no records."""
    case = again(vault, new_case(vault))
    handling.assign(at(vault), case, office="dumas")
    overseer = add_officer(vault, "awas", "Pengawas Satu", "pengawas")
    receiver = add_officer(vault, "budi", "Budi Raharjo", "petugas-penerima")
    before = dump(vault)
    for who, act in (
        (overseer, lambda v: duties.finish(at(v), case, "x")),
        (overseer, lambda v: duties.waiting(at(v), dispositions.Wanted("awas"))),
        (overseer, lambda v: duties.desks(at(v))),
        (overseer, lambda v: duties.recommendations(at(v))),
        (receiver, lambda v: records.add(at(v), case, "report", {"sign": LHP, "dated": TODAY})),
        (receiver, lambda v: records.correct(at(v), case, 1, {}, "x")),
        (receiver, lambda v: records.withdraw(at(v), case, 1, "x")),
    ):
        with pytest.raises(RefusedError):
            act(who)  # type: ignore[no-untyped-call]
    assert dump(vault) == before


def test_an_older_vault_keeps_its_dispositions(vault: Vault) -> None:
    """The last one is open while the case is assigned; the ones before it were passed on."""
    kept, back = new_case(vault), new_case(vault)
    for case in (kept, back):
        handling.assign(at(vault), case, office="dumas")
    handling.assign(at(vault), kept, office="inspektorat-1")
    handling.withdraw(at(vault), back)
    for table in ("dispositions", "followups"):
        vault.db.execute(f"drop table {table}")
    handling.tag(at(vault), kept, add=["hukdis-berat"])
    sql = next(text for text in migrations.CHANGES.values() if "create table dispositions" in text)
    vault.db.executescript(f"begin; {sql} commit;")
    assert [state for state, *_ in chain(vault, kept)] == ["passed", "open"]
    assert [state for state, *_ in chain(vault, back)] == ["withdrawn"]
    assert [(one.code, one.due) for one in duties.recommendations(at(vault))] == [("hukdis-berat", 0)]


def test_an_office_without_officers_is_read_by_those_who_may_assign(vault: Vault) -> None:
    """A reviewer without a unit does not read it; as soon as the office has an officer, only they do."""
    case = new_case(vault)
    handling.assign(at(vault), case, office="inspektorat-2")
    reviewer = add_officer(vault, "sari", "Sari Dewi", "penelaah")
    assert duties.count(at(reviewer), duties.mine(at(reviewer))) == 0
    assert duties.count(at(vault), duties.mine(at(vault))) == 1
    threads.read(at(reviewer), case)
    assert chain(vault, case) == [("open", 0, 0, "")]
    threads.read(at(vault), case)
    assert chain(vault, case) == [("open", TODAY, 0, "")]
    add_officer(vault, "budi", "Budi Raharjo", "penelaah", unit="Inspektorat II")
    assert duties.count(at(vault), duties.mine(at(vault))) == 0


def letter(vault: Vault, case: Case, who: str, until: int) -> int:
    values = {
        "sign": "ST-1/2020",
        "dated": TODAY - 9,
        "who": who,
        "begin": TODAY - 9,
        "until": until,
        "text": "Periksa",
    }
    return records.add(at(vault), case, "task-letter", values)


def test_a_task_letter_is_due_once_to_whom_it_names_until_its_report(vault: Vault) -> None:
    """An extension replaces the first letter; a report of a case that was merged ends it as well."""
    case, other = new_case(vault), new_case(vault)
    add_officer(vault, "budi", "Drs. Budi Raharjo, M.Si.")
    letter(vault, case, "Raharjo Budi, Orang Luar", TODAY - 1)
    second = letter(vault, case, "Tim: Budi Raharjo", TODAY + 5)
    outside = letter(vault, case, "Orang Luar", TODAY + 2)
    work = at(vault)
    assert [(one.letter.root, one.officers) for one in duties.tasks(work, "budi")] == [(second, ("budi",))]
    assert [(one.letter.root, one.officers) for one in duties.tasks(work)] == [(outside, ()), (second, ("budi",))]
    assert duties.tasks(work, late=True) == []
    assert [one.letter.root for one in duties.tasks(at(vault, TODAY + 4), late=True)] == [outside]
    records.add(work, other, "report", {"sign": LHP, "dated": TODAY - 10})
    merging.merge(work, other, again(vault, case))
    assert len(duties.tasks(work)) == 2
    records.correct(work, again(vault, other), outside + 1, {"sign": LHP, "dated": TODAY - 9}, "Tanggal")
    assert duties.tasks(work) == []


def test_a_task_letter_is_not_due_in_a_case_that_has_ended_or_is_hidden(vault: Vault) -> None:
    """Neither in one that is worked on in a hidden one; two letters of cases worked on together are one duty."""
    ended, case, hidden = new_case(vault), new_case(vault), new_case(vault)
    for one in (ended, case, hidden):
        letter(vault, one, "Tim", TODAY)
    move(vault, ended, "SELESAI_TIDAK")
    merging.merge(at(vault), hidden, again(vault, case))
    other = add_officer(vault, "budi", "Budi Raharjo", "irjen")
    vault.db.execute(
        "insert into exclusions (case_number, officer, reason) values (?, 'budi', 'named')", (case.number,)
    )
    assert len(duties.tasks(at(vault))) == 1
    assert duties.tasks(at(other)) == []
