"""The answers to optional questions at the workstation: shown with their questions, searched, sorted by."""

import pytest
from cases_world import add_officer, now, take
from triage_world import SETTINGS, TODAY, World, new_thread, nonce

from dropbox.errors import RefusedError
from dropbox.form import details, form_file
from dropbox.triage.cases import casebook
from dropbox.triage.casework import handling, inbox, search
from dropbox.triage.commands.case_views import case_lines
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

FORM = form_file.load()
ANSWERS = {
    "x-safeguarding": "yes",
    "x-how": "Tanda tangan dipalsukan",
    "x-fund": "bos,salary",
    "x-p2-name": "Ratna Dewi",
    "x-p2-role": "received",
    "x-kabkota": "kab. bandung",
    "x-unit-type": "kua",
    "x-evidence": "photo,dari-formulir-lain",
    "x-pungli-moment": "before",
    "x-of-another-form": "Apa saja",
}


def test_answers_stand_under_their_questions() -> None:
    """In the groups of the form; codes as labels, what is not known as it stands."""
    shown = details.sections(FORM, {"what": "x", "when": "y", **ANSWERS}, "en")
    titles = [section.title or section.category for section in shown]
    first = ["", "How, and how much money", "Others who are involved", "Place and time"]
    assert titles == [*first, "Evidence", "pungli", ""]
    answers = {answer.label: answer.value for section in shown for answer in section.answers}
    assert answers == {
        "Is this about sexual violence or a child?": "Yes",
        "How was it done?": "Tanda tangan dipalsukan",
        "Where did the money come from?": "School funds (BOS or BOP); Salaries or fees",
        "Name or description (other person 2)": "Ratna Dewi",
        "Role (other person 2)": "Received money",
        "Regency or city": "kab. bandung",
        "Kind of office or institution": "District office (KUA)",
        "What evidence do you have?": "Photos; dari-formulir-lain",
        "When was the money demanded?": "Before the service",
        "x-of-another-form": "Apa saja",
    }


def test_the_command_line_shows_and_the_search_finds_them(
    world: World, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each answer can be read and found, by its label where the record has a code; status and category have words."""
    monkeypatch.setenv("DROPBOX_LANG", "id")
    case = take(world, vault, **ANSWERS)
    lines = "\n".join(case_lines(vault, FORM, case))
    assert f"{case.name}  Diterima (DITERIMA)  tenggat" in lines
    for words in ("Uang dari mana?", "BOS atau BOP; Gaji atau honor", "Ratna Dewi", "x-of-another-form", "Apa saja"):
        assert words in lines
    for typed in ("dipalsukan", "honor", "ratna", "“Penerima uang”", "KUA", "kab bandung"):
        assert [hit.number for hit in search.search(Work(vault, SETTINGS, TODAY), typed)] == [case.number]


@pytest.mark.parametrize(
    ("answers", "columns"),
    [
        ({"x-unit-type": "kua", "x-kabkota": "KOTA  bandung"}, ("kua", "32", "Kota Bandung")),
        ({"x-province": "35", "x-kabkota": "Desa Sukamaju"}, ("", "35", "Desa Sukamaju")),
        ({"x-province": "99", "x-unit-type": "asrama-haji", "x-kabkota": "a\u202eb"}, ("", "", "")),
        ({"x-province": "33", "x-kabkota": "Kota Bandung"}, ("", "33", "Kota Bandung")),
        ({}, ("", "", "")),
    ],
)
def test_a_report_sorts_its_case(
    world: World, vault: Vault, answers: dict[str, str], columns: tuple[str, str, str]
) -> None:
    """Kind of unit, province and district stand in the classification at once, as far as they are codes we know."""
    case = now(vault, take(world, vault, **answers))
    assert (case.unit_type, case.province, case.district) == columns
    assert case.agenda == ""
    if case.province:
        assert inbox.page(Work(vault, SETTINGS, TODAY), inbox.Filter(province=case.province)).total == 1


def test_an_officers_classification_stays(world: World, vault: Vault) -> None:
    """A second report of the thread does not overrule what stands there."""
    thread = new_thread()
    case = take(world, vault, thread, **{"x-province": "32"})
    handling.classify(Work(vault, SETTINGS, TODAY), case, handling.Classification(province="35", unit_type="kua"))
    again = {"x-province": b"11", "x-unit-type": b"kanwil", "nonce": nonce(1)}
    world.take(vault, [world.report(thread, record=again)], number=2)
    case = now(vault, case)
    assert (case.unit_type, case.province) == ("kua", "35")


@pytest.mark.parametrize("chosen", [{"province": "Jawa Barat"}, {"province": "3204"}, {"unit_type": "Kantor"}])
def test_a_classification_holds_codes(world: World, vault: Vault, chosen: dict[str, str]) -> None:
    """What is no code of the shared lists is refused, so that counts by province and unit are whole."""
    case = take(world, vault)
    with pytest.raises(RefusedError):
        handling.classify(Work(vault, SETTINGS, TODAY), case, handling.Classification(**chosen))


def test_an_officer_named_among_the_persons_is_kept_out(world: World, vault: Vault) -> None:
    """A name or a unit in any answer in words counts; a code that looks like one does not."""
    by_name = add_officer(vault, "fauzi", "Ahmad Fauzi")
    by_unit = add_officer(vault, "tini", "Tini Suharti", unit="Inspektorat II")
    coded = add_officer(vault, "bos", "Bos")
    named = take(world, vault, **{"x-p1-name": "Bapak Ahmad Fauzi", "x-p3-unit": "Inspektorat II", "x-fund": "bos"})
    seen = {
        login: [case.number for case in casebook.visible_cases(one)]
        for login, one in {"fauzi": by_name, "tini": by_unit, "bos": coded}.items()
    }
    assert seen == {"fauzi": [], "tini": [], "bos": [named.number]}
