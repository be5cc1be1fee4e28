"""What may go, to whom, and who decides: consent, marks, drafts, criteria, receivers, SP4N-LAPOR!, deletion."""

import csv
import io
import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from referral_world import DRAFT, STORY, Body, Office
from triage_world import SETTINGS, TODAY, World, new_thread
from work_world import as_officer, move, new_case

from dropbox.errors import NotFoundError, RefusedError, StorageFullError, UntrustedError
from dropbox.triage import decisions
from dropbox.triage.access import approvals
from dropbox.triage.cases import casebook
from dropbox.triage.cases.periods import span_of
from dropbox.triage.casework import merging, retention
from dropbox.triage.casework.handling import Classification, classify
from dropbox.triage.exchange import statistics_extract
from dropbox.triage.referral import build, consent, criteria, facts, lapor, marks, menpan, ombudsman, propose, receivers
from dropbox.triage.referral.facts import Person
from dropbox.triage.vault import migrations, schema
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import date_of
from dropbox.wire.receiver import DRILL

Make = Callable[..., Office]


def proposed(here: Office, **changes: Any) -> int:
    return propose.propose(Work(here.vault, SETTINGS, TODAY), here.case, replace(DRAFT, **changes))


# --- two officers -----------------------------------------------------------------------------------------------------


def test_nobody_lets_a_dossier_go_alone(office: Make) -> None:
    """Whoever prepared it does not approve it; what was declined cannot be sealed; one waits at a time."""
    here = office()
    _, receiver = here.body()
    number = proposed(here, receiver=receiver.number)
    with pytest.raises(RefusedError, match="already"):
        proposed(here, receiver=receiver.number)
    with pytest.raises(RefusedError, match="second officer"):
        decisions.approve(Work(here.vault, SETTINGS, TODAY), number)
    decisions.decline(Work(here.second, SETTINGS, TODAY), number)
    assert propose.of_case(here.vault, here.case) == []
    with pytest.raises(NotFoundError):
        build.make(Work(here.vault, SETTINGS, TODAY), 1, here.out)
    number = proposed(here, receiver=receiver.number)
    assert "approved" in decisions.approve(Work(here.second, SETTINGS, TODAY), number)[0]
    assert not here.out.exists()


def test_what_changed_meanwhile_counts(office: Make) -> None:
    """A receiver that was retired, a reporter who said no: the approval does not go through, and waits."""
    here = office()
    _, receiver = here.body()
    number = proposed(here, receiver=receiver.number, with_files=True)
    consent.record(Work(here.vault, SETTINGS, TODAY), here.case, "kpk", consent.NO)
    with pytest.raises(RefusedError, match="said no"):
        propose.approve(Work(here.second, SETTINGS, TODAY), number)
    consent.record(Work(here.vault, SETTINGS, TODAY), here.case, "kpk", consent.YES)
    receivers.retire(Work(here.vault, SETTINGS, TODAY), receiver.number)
    with pytest.raises(RefusedError, match="retired"):
        propose.approve(Work(here.second, SETTINGS, TODAY), number)
    assert [one.number for one in approvals.pending(here.vault)] == [number]


def test_nothing_is_added_to_what_the_second_officer_read(office: Make, world: World) -> None:
    """A file that is marked afterwards stays, a label that changed stops the dossier; before the approval both do."""
    here = office(("a.txt", b"isi berkas pertama"), ("b.txt", b"isi berkas kedua"))
    kpk, receiver = here.body()
    marks.mark(Work(here.vault, SETTINGS, TODAY), here.case, 1, marks.GO)
    early = proposed(here, receiver=receiver.number, with_files=True)
    marks.mark(Work(here.vault, SETTINGS, TODAY), here.case, 2, marks.GO)
    with pytest.raises(RefusedError, match="again"):
        propose.approve(Work(here.second, SETTINGS, TODAY), early)
    marks.mark(Work(here.vault, SETTINGS, TODAY), here.case, 2, marks.STAYS)
    referral = propose.approve(Work(here.second, SETTINGS, TODAY), early)
    marks.mark(Work(here.vault, SETTINGS, TODAY), here.case, 2, marks.GO)
    made = build.make(Work(here.vault, SETTINGS, TODAY), referral.number, here.out)
    assert [path.name for path in (kpk.open(here.out / made.names[0], world) / "bukti").iterdir()] == ["001.txt"]
    label = Classification("Kankemenag Kota Contoh", "kankemenag", "32", "Kota Contoh", None, "Pelapor: Budi")
    classify(Work(here.vault, SETTINGS, TODAY), here.case, label)
    with pytest.raises(RefusedError, match="again"):
        build.make(Work(here.vault, SETTINGS, TODAY), referral.number, here.out)


def test_an_excluded_officer_sees_and_does_nothing(office: Make) -> None:
    """Whoever is named in the case neither prepares nor seals."""
    here = office()
    _, receiver = here.body()
    referral = here.approved(receiver.number)
    with transaction(here.vault.db):
        here.vault.db.execute("insert into exclusions (case_number, officer, reason) values (1, 'kepala', 'named')")
    for act in (
        lambda: proposed(here, receiver=receiver.number),
        lambda: build.make(Work(here.vault, SETTINGS, TODAY), referral.number, here.out),
        lambda: consent.record(Work(here.vault, SETTINGS, TODAY), here.case, "kpk", consent.YES),
    ):
        with pytest.raises(NotFoundError):
            act()


def test_roles_without_the_act(office: Make) -> None:
    """Preparing is for reviewers and inspectors."""
    here = office()
    for role in ("petugas-penerima", "verifikator", "pengawas"):
        with pytest.raises(RefusedError, match="Prepare referrals"):
            propose.propose(Work(as_officer(here.vault, "lain", role), SETTINGS, TODAY), here.case, DRAFT)


# --- what a draft may say ---------------------------------------------------------------------------------------------


REFUSED_DRAFTS: list[dict[str, Any]] = [
    {"summary": "Terlalu pendek"},
    {"summary": "x" * 8001},
    {"request": "hukum"},
    {"precision": "jam"},
    {"court": "mungkin"},
    {"since": "Maret"},
    {"since": "2026-13"},
    {"rupiah": -1},
    {"method": f"Pelapor menulis: {STORY}"},
    {"chronology": ("Kepala Seksi MEMINTA setoran, dari setiap guru!",)},
    {"people": (Person("名前"),)},
    {"people": (Person("x" * 201),)},
    {"reported": ("a",) * 41},
]


def test_drafts_that_are_refused(office: Make) -> None:
    """Too little, too much, foreign codes, a reporter's words however they are dressed, letters that do not print."""
    here = office()
    _, receiver = here.body()
    for changes in REFUSED_DRAFTS:
        with pytest.raises(RefusedError):
            proposed(here, receiver=receiver.number, **changes)
    assert approvals.pending(here.vault) == []


def test_five_words_are_how_everybody_speaks(office: Make) -> None:
    """A name and a post may stand as the report has them."""
    here = office(who="Ahmad Contoh Kepala Seksi Kankemenag Kota Contoh")
    draft = replace(
        DRAFT, summary="Ahmad Contoh Kepala Seksi Kankemenag Kota Contoh diduga meminta setoran dari setiap guru"
    )
    assert not facts.quotes(here.vault, here.case, facts._texts(draft))


def test_a_story_where_a_place_was_asked_for(office: Make) -> None:
    """A place may stand as the report has it; what else a reporter wrote there may not."""
    story = "Saya duduk di meja kedua dekat jendela ruang bendahara lantai dua kantor itu"
    here = office(where=story)
    _, receiver = here.body()
    with pytest.raises(RefusedError, match="own words"):
        proposed(here, receiver=receiver.number, method=story)
    proposed(here, receiver=receiver.number, method="Di ruang bendahara lantai dua kantor itu")


def test_words_of_merged_reports_count_too(office: Make) -> None:
    """The second reporter's words are nobody's to quote either."""
    here = office()
    second = new_case(here.vault, what="Saya melihat amplop coklat di atas meja bendahara kemarin sore")
    merging.merge(Work(here.vault, SETTINGS, TODAY), second, here.case)
    with pytest.raises(RefusedError, match="six or more words"):
        proposed(here, receiver=here.body()[1].number, method="amplop coklat di atas meja bendahara kemarin")


def test_only_the_month_and_no_channel(office: Make) -> None:
    """Unless the officer ticks it, nothing says that the reporter is an employee; the day of the report never goes."""
    here = office()
    said = consent.of_all(here.vault, here.case, "kpk")
    for ticked in (False, True):
        draft = replace(DRAFT, with_channel=ticked)
        value = facts.document(here.case, draft, said, [], "itjen", TODAY)
        assert ("kanal" in value) is ticked
        assert len(value["tanggal_terima"]) == len("2026-11")
    unstated = replace(here.case, channel="tidak-disebut")
    assert "kanal" not in facts.document(unstated, replace(DRAFT, with_channel=True), said, [], "itjen", TODAY)
    shown = [facts.shows_channel(case, replace(DRAFT, with_channel=True)) for case in (here.case, unstated)]
    assert shown == [True, False]
    assert facts.draft_of(json.loads(json.dumps(DRAFT.stored()))) == DRAFT


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_file_stays_until_somebody_looked(office: Make) -> None:
    """No mark, no way out; a later mark takes the place of an earlier one."""
    here = office(("a.txt", b"isi berkas pertama"), ("b.txt", b"isi berkas kedua"))
    assert marks.files_to_send(here.vault, here.case) == []
    marks.mark(Work(here.vault, SETTINGS, TODAY), here.case, 1, marks.GO)
    assert [one.file.name for one in marks.files_to_send(here.vault, here.case)] == ["a.txt"]
    marks.mark(Work(here.vault, SETTINGS, TODAY), here.case, 1, marks.POINTS)
    assert marks.files_to_send(here.vault, here.case) == []
    marks.mark(Work(here.vault, SETTINGS, TODAY), here.case, 1, marks.STAYS)
    assert [one.mark for one in marks.of(here.vault, here.case)] == ["", ""]
    with pytest.raises(NotFoundError):
        marks.mark(Work(here.vault, SETTINGS, TODAY), here.case, 3, marks.GO)
    with pytest.raises(RefusedError):
        marks.mark(Work(here.vault, SETTINGS, TODAY), here.case, 1, "semua")


def test_a_file_without_a_cleaned_copy_stops_the_dossier(office: Make) -> None:
    """Nothing goes half; the sentence names which file."""
    here = office(("a.bin", bytes(range(256))))
    marks.mark(Work(here.vault, SETTINGS, TODAY), here.case, 1, marks.GO)
    referral = here.approved(here.body()[1].number, with_files=True)
    with pytest.raises(RefusedError, match="ITJEN-0001-1"):
        build.make(Work(here.vault, SETTINGS, TODAY), referral.number, here.out)
    assert not here.out.exists() or list(here.out.iterdir()) == []
    assert propose.referral_of(here.vault, referral.number).made == 0
    assert not any("teruskan" in text for text in here.board())


# --- consent ----------------------------------------------------------------------------------------------------------


def test_a_yes_lets_the_reporter_read_who_it_is(office: Make) -> None:
    """Asked through the board by name, noted with its month, told by name; the case moved."""
    here = office()
    _, receiver = here.body()
    consent.ask(Work(here.vault, SETTINGS, TODAY), here.case, "kpk")
    assert here.case.status == "BUTUH_INFO"
    assert consent.of_all(here.vault, here.case, "kpk").answer == consent.UNKNOWN
    consent.record(Work(here.vault, SETTINGS, TODAY), here.case, "kpk", consent.YES)
    said = consent.of_all(here.vault, here.case, "kpk")
    assert (said.asked, said.answer, said.answered) == (TODAY, consent.YES, TODAY)
    assert consent.of_all(here.vault, here.case, "ombudsman").answer == consent.UNKNOWN
    here.sealed(receiver.number)
    assert here.case.status == "DILIMPAHKAN"
    assert here.board()[-1].endswith("Instansi: KPK.")


def test_a_no_keeps_the_files_and_needs_grounds(office: Make) -> None:
    """The law may still ask for a referral: then without files, with grounds that the second officer reads."""
    here = office(("a.txt", b"isi berkas pertama"))
    _, receiver = here.body()
    consent.record(Work(here.vault, SETTINGS, TODAY), here.case, "kpk", consent.NO)
    for changes in ({}, {"grounds": "Wajib", "with_files": True}):
        with pytest.raises(RefusedError, match="said no"):
            proposed(here, receiver=receiver.number, **changes)
    here.sealed(receiver.number, grounds="Kewajiban undang-undang")
    assert "KPK" not in here.board()[-1]


def test_a_no_after_the_approval_takes_the_files_out(office: Make, world: World) -> None:
    """What is sealed is what the reporter allows on that day; without grounds nothing is."""
    here = office(("a.txt", b"isi berkas pertama"))
    kpk, receiver = here.body()
    marks.mark(Work(here.vault, SETTINGS, TODAY), here.case, 1, marks.GO)
    referral = here.approved(receiver.number, with_files=True, grounds="Kewajiban")
    consent.record(Work(here.vault, SETTINGS, TODAY), here.case, "kpk", consent.NO)
    made = build.make(Work(here.vault, SETTINGS, TODAY), referral.number, here.out)
    got = kpk.open(here.out / made.names[0], world)
    assert not (got / "bukti").exists()
    assert json.loads((got / "rujukan.json").read_bytes())["persetujuan_pelapor"]["jawaban"] == "tidak"


def test_one_yes_is_not_everybodys(office: Make) -> None:
    """Two reporters of one matter: both must agree, and none reads what the other was told by name."""
    here = office()
    second = new_case(here.vault)
    merging.merge(Work(here.vault, SETTINGS, TODAY), second, here.case)
    consent.record(Work(here.vault, SETTINGS, TODAY), here.case, "kpk", consent.YES)
    assert consent.of_all(here.vault, here.case, "kpk").answer == consent.UNKNOWN
    consent.record(Work(here.vault, SETTINGS, TODAY), second, "kpk", consent.YES)
    assert consent.of_all(here.vault, here.case, "kpk").answer == consent.YES
    here.sealed(here.body()[1].number)
    for case in (here.case, second):
        assert "KPK" not in casebook.timeline(here.vault, case)[-1].text
    consent.record(Work(here.vault, SETTINGS, TODAY), second, "kpk", consent.NO)
    assert consent.of_all(here.vault, here.case, "kpk").answer == consent.NO
    with pytest.raises(RefusedError, match="merged"):
        propose.propose(Work(here.vault, SETTINGS, TODAY), casebook.case_of(here.vault, second.number), DRAFT)


# --- receivers --------------------------------------------------------------------------------------------------------


def test_receivers_are_compared_word_by_word(office: Make) -> None:
    """Other words, another body than the settings', LAPOR!, the same card twice, days and drills: refused."""
    here = office()
    _, known = here.body()
    card = known.file
    with pytest.raises(RefusedError, match="already"):
        receivers.add(Work(here.vault, SETTINGS, TODAY), card, "kpk", known.words)
    fresh = Body(here.folder / "baru").make()
    words = receivers.look_at(here.vault, fresh, TODAY).words
    for target in ("bukan", "lapor", ""):
        with pytest.raises(RefusedError, match="choose the body"):
            receivers.add(Work(here.vault, SETTINGS, TODAY), fresh, target, words)
    with pytest.raises(RefusedError, match="words differ"):
        receivers.add(Work(here.vault, SETTINGS, TODAY), fresh, "kpk", known.words)
    with pytest.raises(UntrustedError):
        receivers.add(Work(here.vault, SETTINGS, TODAY), fresh.replace(b"KPK", b"KPX"), "kpk", words)
    for name, days in (("lama", (TODAY - 30, TODAY - 1)), ("nanti", (TODAY + 1, TODAY + 30))):
        with pytest.raises(RefusedError, match="not valid today"):
            receivers.look_at(here.vault, Body(here.folder / name).make(*days), TODAY)
    with pytest.raises(RefusedError, match="practice"):
        receivers.look_at(here.vault, Body(here.folder / "latihan").make(purpose=DRILL), TODAY)


def test_an_expired_key_gets_nothing(office: Make) -> None:
    """Neither approved nor sealed when its days are over, although it was good when it was prepared."""
    here = office()
    _, receiver = here.body()
    number = proposed(here, receiver=receiver.number)
    later = receiver.card.last + 1
    with pytest.raises(RefusedError, match="no longer valid"):
        propose.approve(Work(here.second, SETTINGS, later), number)
    referral = propose.approve(Work(here.second, SETTINGS, TODAY), number)
    with pytest.raises(RefusedError, match="no longer valid"):
        build.make(Work(here.vault, SETTINGS, later), referral.number, here.out)


def test_dossiers_stay_out_of_the_vault(office: Make) -> None:
    """Not into the vault's own folder."""
    here = office()
    referral = here.approved(here.body()[1].number)
    with pytest.raises(RefusedError, match="vault"):
        build.make(Work(here.vault, SETTINGS, TODAY), referral.number, here.vault.folder / "keluar")


# --- criteria ---------------------------------------------------------------------------------------------------------


def test_cases_are_proposed_for_kpk_by_what_was_judged(vault: Vault) -> None:
    """Sum or state official, of the right category; not what was not judged, has ended or was referred."""
    cases = {name: new_case(vault, category=name) for name in ("korupsi", "pungli", "disiplin", "gratifikasi")}
    assert criteria.proposed(Work(vault, SETTINGS, TODAY)) == []
    criteria.assess(Work(vault, SETTINGS, TODAY), cases["korupsi"], criteria.Assessment(rupiah=10**9))
    criteria.assess(Work(vault, SETTINGS, TODAY), cases["pungli"], criteria.Assessment(rupiah=10**9 - 1))
    criteria.assess(Work(vault, SETTINGS, TODAY), cases["disiplin"], criteria.Assessment(rupiah=10**12, official=True))
    criteria.assess(
        Work(vault, SETTINGS, TODAY),
        cases["gratifikasi"],
        criteria.Assessment(official=True, people=(" A  B ",), year=2026),
    )
    found = {case.category: why for case, why in criteria.proposed(Work(vault, SETTINGS, TODAY))}
    assert found == {"korupsi": ["amount"], "gratifikasi": ["official"]}
    assert criteria.assessment(vault, cases["gratifikasi"]).people == ("A B",)
    move(vault, cases["korupsi"], "SELESAI_TIDAK")
    assert [case.category for case, _ in criteria.proposed(Work(vault, SETTINGS, TODAY))] == ["gratifikasi"]


def test_judgements_out_of_reason(vault: Vault) -> None:
    """Are refused with a sentence."""
    case = new_case(vault)
    for judged in (
        criteria.Assessment(rupiah=-1),
        criteria.Assessment(rupiah=10**15 + 1),
        criteria.Assessment(year=1900),
        criteria.Assessment(year=9999),
        criteria.Assessment(people=("x",) * 21),
        criteria.Assessment(people=("x" * 101,)),
    ):
        with pytest.raises(RefusedError):
            criteria.assess(Work(vault, SETTINGS, TODAY), case, judged)
    assert criteria.assessment(vault, case) == criteria.Assessment()


# --- SP4N-LAPOR! ------------------------------------------------------------------------------------------------------


def test_services_alone_with_the_reporters_yes(office: Make) -> None:
    """WBS, no stated channel, another category, or no yes: never; then JSON and CSV with the officer's words."""
    wbs = office(category="pelayanan")
    with pytest.raises(RefusedError, match="WBS"):
        proposed(wbs)
    unstated = new_case(wbs.vault, channel="tidak-disebut", category="pelayanan")
    with pytest.raises(RefusedError, match="not stated"):
        propose.propose(Work(wbs.vault, SETTINGS, TODAY), unstated, DRAFT)
    service = new_case(wbs.vault, channel="dumas", category="pelayanan", what=STORY)
    here = Office(wbs.world, wbs.vault, wbs.folder, service.number, new_thread())
    with pytest.raises(RefusedError, match="yes"):
        proposed(here)
    consent.record(Work(here.vault, SETTINGS, TODAY), here.case, "lapor", consent.YES)
    referral = here.approved(0, request="informasi", summary="=SUM(1;1) Antrean di loket terlalu lama setiap hari.")
    made = build.make(Work(here.vault, SETTINGS, TODAY), referral.number, here.out)
    assert [name.rpartition(".")[2] for name in made.names] == ["json", "csv"]
    rows = list(csv.reader(io.StringIO((here.out / made.names[1]).read_text("utf-8-sig"), newline=""), delimiter=";"))
    by_name = dict(zip(*rows, strict=True))
    assert by_name["isi"].startswith("'=SUM")
    assert json.loads((here.out / made.names[0]).read_bytes())["isi"].startswith("=SUM")
    assert STORY not in (here.out / made.names[1]).read_text("utf-8-sig")
    corruption = new_case(wbs.vault, channel="dumas", category="korupsi")
    with pytest.raises(RefusedError, match="services"):
        propose.propose(Work(wbs.vault, SETTINGS, TODAY), corruption, DRAFT)


def test_both_files_or_none(office: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """A CSV that cannot be written takes the JSON with it."""
    here = office()
    referral = replace(here.approved(here.body()[1].number), receiver=0)
    monkeypatch.setattr(lapor, "files", lambda *_: {"json": b"{}", "": b"x"})
    (here.out / f"{referral.name}.").mkdir(parents=True)
    with pytest.raises(RefusedError, match="overwritten"):
        build._lapor(SETTINGS, here.case, referral, here.out, TODAY)
    assert [path.name for path in here.out.iterdir()] == [f"{referral.name}."]


# --- KemenPAN-RB ------------------------------------------------------------------------------------------------------


def test_the_yearly_sheet_is_made_of_what_was_published(vault: Vault) -> None:
    """Not before the year's statistics are out; then the same numbers, hidden where they are hidden."""
    year = date_of(TODAY).year - 1
    span = span_of(str(year))
    for _ in range(7):
        new_case(vault, today=span.first + 10, category="pungli")
    new_case(vault, today=span.first + 10, category="korupsi")
    with pytest.raises(RefusedError, match="publish the statistics"):
        menpan.sheet(Work(vault, SETTINGS, TODAY), year)
    statistics_extract.decide(Work(vault, SETTINGS, TODAY), span)
    raw = menpan.sheet(Work(vault, SETTINGS, TODAY), year).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(raw, newline=""), delimiter=";"))
    values = {(part, item): value for part, item, _, value in rows}
    assert values["Laporan masuk menurut kategori", "Jumlah"] == "8"
    assert values["Laporan masuk menurut kategori", "Korupsi"] == "disembunyikan"
    assert sum(value == "belum dipastikan oleh KemenPAN-RB" for value in values.values()) == 1
    with pytest.raises(RefusedError, match="Reading numbers"):
        menpan.sheet(Work(as_officer(vault, "lain", "raja"), SETTINGS, TODAY), year)


# --- the Ombudsman's letter, deletion, older vaults -------------------------------------------------------------------


def test_each_reporter_reads_their_own_number(office: Make) -> None:
    """Merged cases have numbers of their own, and none tells of the other."""
    here = office()
    second = new_case(here.vault)
    merging.merge(Work(here.vault, SETTINGS, TODAY), second, here.case)
    ombudsman.give(Work(here.vault, SETTINGS, TODAY), here.case)
    for case in (here.case, casebook.case_of(here.vault, second.number)):
        told = casebook.timeline(here.vault, case)[-1].text
        assert told.endswith(f"{case.agenda}.")
        assert case.agenda


def test_a_deleted_case_leaves_no_referral(office: Make, world: World) -> None:
    """Draft, key for answers, marks, consent, judgement and answers go with the case."""
    here = office(("a.txt", b"isi berkas pertama"))
    _, receiver = here.body()
    marks.mark(Work(here.vault, SETTINGS, TODAY), here.case, 1, marks.GO)
    criteria.assess(Work(here.vault, SETTINGS, TODAY), here.case, criteria.Assessment(rupiah=1))
    consent.record(Work(here.vault, SETTINGS, TODAY), here.case, "kpk", consent.YES)
    here.approved(receiver.number)
    proposed(here, receiver=receiver.number)
    with transaction(here.vault.db):
        retention._empty(here.vault, 1, TODAY)
    assert approvals.pending(here.vault) == []
    for table in ("referrals", "referral_answers", "file_marks", "redactions", "consents", "assessments"):
        assert here.vault.db.execute(f"select count(*) from {table}").fetchone() == (0,)  # noqa: S608
    assert "setoran" not in str(here.vault.db.execute("select details from proposals").fetchall())


FIRST = set(re.findall(r"create (?:virtual )?table (\w+)", schema._TABLES))
LATER = re.findall(r"create table (\w+)", "".join(migrations.CHANGES.values()))
TABLES = [table for table in reversed(dict.fromkeys(LATER)) if table not in FIRST]


def make_old(world: World) -> None:
    """The vault as version 2 had it."""
    with world.open() as vault:
        for table in TABLES:
            vault.db.execute(f"drop table {table}")
        for column in ("epoch", "withheld"):
            vault.db.execute(f"alter table seen drop column {column}")
        vault.db.execute("drop index events_not_left")
        for table, column in (("events", "published"), ("events", "bound"), ("cases", "own_due")):
            vault.db.execute(f"alter table {table} drop column {column}")
        vault.db.execute("delete from phrases where code like '%refer%'")
        vault.db.execute("pragma user_version = 2")


def test_an_older_vault_gets_the_tables(world: World) -> None:
    """A vault of version 2 is opened and works; its phrases come from the file where it lacks them."""
    make_old(world)
    with world.open() as vault:
        assert vault.db.execute("pragma user_version").fetchone() == (schema.VERSION,)
        assert receivers.all_receivers(vault) == []
        consent.ask(Work(vault, SETTINGS, TODAY), new_case(vault), "kpk")


def test_a_change_that_fails_changes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told, and the next start does it whole."""
    make_old(world)
    monkeypatch.setattr(schema, "CHANGES", migrations.CHANGES | {3: migrations.CHANGES[3] + " no sql;"})
    with pytest.raises(StorageFullError, match="brought to this program's version"):
        world.open()
    monkeypatch.undo()
    monkeypatch.setattr(os, "fsync", lambda _: None)
    with world.open() as vault:
        assert {name for (name,) in vault.db.execute("select name from sqlite_master")} >= set(TABLES)
