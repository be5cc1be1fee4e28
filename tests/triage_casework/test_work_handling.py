"""Labels, tags, notes, dispositions, agenda numbers: who may, what is kept, what the log and the reporter see of it."""

import json
from dataclasses import replace

import pytest
from cases_world import acts, add_officer, answer, exclude, now, take
from triage_world import SETTINGS, TODAY, World, dump, new_thread, published

from dropbox.errors import ConfigurationError, NotFoundError, RefusedError
from dropbox.settings.installation import load
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.casework import handling, threads
from dropbox.triage.casework.handling import Classification
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import date_of

YEAR = date_of(TODAY).year


def test_a_case_is_classified(world: World, vault: Vault) -> None:
    """What is left out stays, "" clears; the reporter's own words are not touched."""
    case = take(world, vault)
    handling.classify(
        Work(vault, SETTINGS, TODAY), case, Classification(unit=" MTsN 1\n Kediri ", province="35", category="korupsi")
    )
    done = handling.classify(Work(vault, SETTINGS, TODAY), case, Classification(subject="Seragam", province=""))
    assert (done.unit, done.province, done.category, done.subject) == ("MTsN 1 Kediri", "", "korupsi", "Seragam")
    assert casebook.texts(vault, case)[0].fields["category"] == "pungli"


@pytest.mark.parametrize(
    "chosen",
    [
        Classification(),
        Classification(category="x"),
        Classification(unit="x" * 201),
        Classification(subject="a\x1bb"),
        Classification(subject="\ud800"),
    ],
)
def test_what_is_no_label_changes_nothing(world: World, vault: Vault, chosen: Classification) -> None:
    """Refused with a sentence."""
    case = take(world, vault)
    before = dump(vault)
    with pytest.raises(RefusedError):
        handling.classify(Work(vault, SETTINGS, TODAY), case, chosen)
    assert dump(vault) == before


def test_the_agenda_number_is_given_once_and_told(world: World, vault: Vault) -> None:
    """At the first classification or at VERIFIKASI; running within a year; its reporter reads it, in their language."""
    thread = new_thread()
    first, second, third = (
        take(world, vault, one, number, lang=lang)
        for number, (one, lang) in enumerate([(new_thread(), "id"), (thread, "en"), (new_thread(), "id")], 1)
    )
    handling.classify(Work(vault, SETTINGS, TODAY), first, Classification(unit="KUA Sukajadi"))
    answer(vault, second, "VERIFIKASI")
    answer(vault, first, "VERIFIKASI")
    handling.classify(Work(vault, SETTINGS, TODAY), second, Classification(subject="x"))
    assert handling.give_agenda(Work(vault, SETTINGS, TODAY + 366), third) == f"0001/ITJEN/{date_of(TODAY + 366).year}"
    assert [now(vault, one).agenda for one in (first, second)] == [f"000{n}/ITJEN/{YEAR}" for n in (1, 2)]
    assert casebook.find_case(vault, f" 0002/ITJEN/{YEAR}").number == second.number
    told = [entry.text for entry in published(world, vault).timeline(world, thread) or []]
    assert [f"0002/ITJEN/{YEAR}" in text for text in told].count(True) == 1
    assert any(text.startswith("The agenda number") for text in told)


def test_a_format_without_the_year_never_repeats_a_number(world: World, vault: Vault) -> None:
    """A new year begins at 1 and goes on behind what is there."""
    settings = replace(SETTINGS, workstation=replace(SETTINGS.workstation, agenda_format="A-{number}"))
    given = [
        handling.give_agenda(Work(vault, settings, TODAY + 366 * number), take(world, vault, number=number))
        for number in (1, 2, 3)
    ]
    assert given == ["A-1", "A-2", "A-3"]


@pytest.mark.parametrize("typed", ["{number}", "ITJEN-{number:04d}", "{desk}-{number}"])
def test_an_agenda_number_is_never_read_as_a_case(world: World, typed: str) -> None:
    """Else an answer to what a reporter cites would go to another one."""
    path = world.folder / "settings.toml"
    path.write_text(f'[workstation]\nagenda_format = "{typed}"\n')
    with pytest.raises(ConfigurationError, match="own number"):
        load(path)


def test_tags_are_one_spelling(world: World, vault: Vault) -> None:
    """Capital letters, accents, blanks and low lines become one; taking off what is not there is no mistake."""
    case = take(world, vault)
    handling.tag(Work(vault, SETTINGS, TODAY), case, add=["Dana BOS", "dana_bos", "Dána ＢＯＳ", "2026"], remove=["no"])
    assert handling.tags(vault, case) == ["2026", "dana-bos"]
    handling.tag(Work(vault, SETTINGS, TODAY), case, remove=["DANA BOS"])
    assert handling.tags(vault, case) == ["2026"]
    for bad in ("", "-", "a" * 33, "a/b", "سر", "<b>"):
        with pytest.raises(RefusedError):
            handling.tag(Work(vault, SETTINGS, TODAY), case, add=[bad])
    with pytest.raises(RefusedError, match="at most"):
        handling.tag(Work(vault, SETTINGS, TODAY), case, add=[f"t{number}" for number in range(20)])
    assert handling.tags(vault, case) == ["2026"]


def test_a_note_is_taken_back_by_its_writer_on_the_same_day(world: World, vault: Vault) -> None:
    """By nobody else and not later; then it is nowhere, the search index included."""
    case = take(world, vault)
    number = handling.note(Work(vault, SETTINGS, TODAY), case, "Catatan keliru")
    other = add_officer(vault, "budi", "Budi Raharjo")
    for who, day in ((other, TODAY), (vault, TODAY + 1)):
        with pytest.raises(RefusedError):
            handling.take_back_note(Work(who, SETTINGS, day), case, number)
    handling.take_back_note(Work(vault, SETTINGS, TODAY), case, number)
    assert b"keliru" not in repr(dump(vault)).encode()
    with pytest.raises(NotFoundError):
        handling.take_back_note(Work(vault, SETTINGS, TODAY), case, number)


def test_a_disposition_names_who_and_stays_in_the_thread(world: World, vault: Vault) -> None:
    """The case shows the last one; withdrawing it is a line of its own."""
    case = take(world, vault)
    add_officer(vault, "budi", "Budi Raharjo")
    handling.assign(Work(vault, SETTINGS, TODAY), case, office="inspektorat-2", text="Mohon ditelaah.")
    handling.assign(Work(vault, SETTINGS, TODAY), case, officer="budi")
    assert (now(vault, case).office, now(vault, case).officer) == ("", "budi")
    handling.withdraw(Work(vault, SETTINGS, TODAY), case, "Salah alamat.")
    assert (now(vault, case).office, now(vault, case).officer) == ("", "")
    with pytest.raises(RefusedError, match="not assigned"):
        handling.withdraw(Work(vault, SETTINGS, TODAY), case)
    notes = [item for item in threads.read(Work(vault, SETTINGS, TODAY), case) if item.officer]
    assert [(item.kind, item.office, item.assignee, item.text) for item in notes] == [
        ("disposition", "inspektorat-2", "", "Mohon ditelaah."),
        ("disposition", "", "budi", ""),
        ("withdrawal", "", "budi", "Salah alamat."),
    ]


def test_only_who_can_work_on_it_gets_a_case(world: World, vault: Vault) -> None:
    """No unknown office or officer, nobody without the role, nobody who is kept out."""
    case = take(world, vault)
    add_officer(vault, "awas", "Pengawas Satu", "pengawas")
    add_officer(vault, "budi", "Budi Raharjo")
    exclude(vault, case, "budi")
    for target in ({}, {"office": "x"}, {"officer": "x"}, {"officer": "awas"}, {"officer": "budi"}):
        with pytest.raises(RefusedError):
            handling.assign(Work(vault, SETTINGS, TODAY), case, **target)


def test_roles_and_exclusion_are_asked_before_every_act(world: World, vault: Vault) -> None:
    """An overseer may none of it; for who is kept out the case does not exist; nothing changes."""
    case = take(world, vault)
    overseer = add_officer(vault, "awas", "Pengawas Satu", "pengawas")
    kept_out = add_officer(vault, "budi", "Budi Raharjo", "irjen")
    exclude(vault, case, "budi")
    before = dump(vault)
    for who, error in ((overseer, RefusedError), (kept_out, NotFoundError)):
        for act in (
            lambda v: handling.classify(Work(v, SETTINGS, TODAY), case, Classification(unit="x")),
            lambda v: handling.give_agenda(Work(v, SETTINGS, TODAY), case),
            lambda v: handling.tag(Work(v, SETTINGS, TODAY), case, add=["x"]),
            lambda v: handling.note(Work(v, SETTINGS, TODAY), case, "x"),
            lambda v: handling.take_back_note(Work(v, SETTINGS, TODAY), case, 1),
            lambda v: handling.assign(Work(v, SETTINGS, TODAY), case, office="dumas"),
            lambda v: handling.withdraw(Work(v, SETTINGS, TODAY), case),
            lambda v: threads.read(Work(v, SETTINGS, TODAY), case),
            lambda v: threads.mark_unread(Work(v, SETTINGS, TODAY), case),
        ):
            with pytest.raises(error):
                act(who)  # type: ignore[no-untyped-call]
    assert dump(vault) == before


def test_the_log_has_every_act_and_none_of_the_words(world: World, vault: Vault) -> None:
    """Codes and numbers: not the unit, the subject, the note, the tag."""
    case = take(world, vault)
    handling.classify(Work(vault, SETTINGS, TODAY), case, Classification(unit="Kuningan", subject="Merahmuda"))
    handling.tag(Work(vault, SETTINGS, TODAY), case, add=["hijaulumut"])
    handling.note(Work(vault, SETTINGS, TODAY), case, "Birulaut")
    handling.assign(Work(vault, SETTINGS, TODAY), case, office="dumas", text="Unguterong")
    assert acts(vault, case) == ["case.agenda", "case.classify", "case.tag", "case.note", "case.assign"]
    text = json.dumps([line.details for line in audit_log.lines(vault)]).lower()
    for word in ("kuningan", "merahmuda", "hijaulumut", "birulaut", "unguterong"):
        assert word not in text
    audit_log.verify(vault)


def test_a_thread_is_read_in_the_order_of_time(world: World, vault: Vault) -> None:
    """Report, files, notes, answers, additions; what is new is marked; the reading is logged once a day."""
    thread = new_thread()
    case = take(world, vault, thread)
    world.take(vault, [world.file(thread, 1, b"x", "bukti.jpg")], number=2)
    handling.note(Work(vault, SETTINGS, TODAY), case, "Cek dulu")
    answer(vault, case, "TELAAH", "Sedang kami telaah.")
    first = threads.read(Work(vault, SETTINGS, TODAY), case)
    world.take(vault, [world.addition(thread, 2, "Tambahan penting")], today=TODAY + 1, number=3)
    items = threads.read(Work(vault, SETTINGS, TODAY + 1), case)
    assert [item.kind for item in items] == ["report", "file", "note", "answer", "answer", "addition"]
    assert all(item.is_new for item in first if item.sent)
    assert [item.kind for item in items if item.is_new] == ["addition"]
    assert items[1].file is not None
    assert items[1].file.name == "bukti.jpg"
    threads.read(Work(vault, SETTINGS, TODAY + 1), case)
    assert acts(vault, case).count("case.read") == 2


def test_a_thread_shows_what_was_merged_into_it(world: World, vault: Vault) -> None:
    """Under its own case's name."""
    from dropbox.triage.casework import merging

    case, leader = take(world, vault, what="Pertama sekali"), take(world, vault, number=2, what="Kedua kali")
    merging.merge(Work(vault, SETTINGS, TODAY), case, leader)
    reports = [item for item in threads.read(Work(vault, SETTINGS, TODAY), leader) if item.kind == "report"]
    assert {(item.case, item.fields["what"]) for item in reports} == {
        ("ITJEN-0001", "Pertama sekali"),
        ("ITJEN-0002", "Kedua kali"),
    }
