"""The form's configuration: what an administrator may write into it, and what stops the start."""

import copy
import importlib.resources
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dropbox.errors import ConfigurationError
from dropbox.form import form_file, regions
from dropbox.form.model import KABKOTA, PROVINCE, UNIT, Form
from dropbox.settings.installation import load
from dropbox.wire.blob import DETAIL, REPORTER_FIELDS
from dropbox.wire.statuses import CATEGORIES

PACKAGED = tomllib.loads((importlib.resources.files("dropbox.form") / "form.toml").read_text("utf-8"))
FORM = form_file.load()
WORDS_MAX = 15
AVOIDED = re.compile(r"100 ?%|dijamin|dilacak|informan|surat kaleng|pengadu\b|\bkamu\b|guarante", re.IGNORECASE)
Table = dict[str, Any]


def _texts(table: object) -> Iterator[tuple[str, str]]:
    """(language, text) of everything that is read in it."""
    if isinstance(table, dict):
        for name, value in table.items():
            if isinstance(value, str) and name.endswith(("_id", "_en")):
                yield name[-2:], value
            else:
                yield from _texts(value)
    elif isinstance(table, list):
        for one in table:
            yield from _texts(one)


def test_the_packaged_form_is_whole() -> None:
    """It asks what the inspectorate needs to know, in both languages; its names cannot be those of other fields."""
    names = [question.name for question in FORM.questions()]
    assert len(names) == len(set(names))
    assert all(name.startswith(DETAIL) or name in REPORTER_FIELDS for name in names)
    assert {"when", "x-how", "x-amount", "x-fund", "x-evidence", "x-relation", "x-known-by", "x-court"} < set(names)
    assert [name for name in names if name.endswith("-name")] == [f"x-p{number}-name" for number in range(1, 6)]
    assert set(FORM.extras) == set(CATEGORIES) - {"tidak-tahu"}
    for question in FORM.questions():
        assert set(question.label) == {"id", "en"}


def test_its_sentences_are_plain_and_short() -> None:
    """Like every text of the site: at most fifteen words a sentence, no promise, no ugly name."""
    for _lang, text in _texts(PACKAGED):
        assert not AVOIDED.search(text), text
        for one in re.split(r"(?<=[.?!:])\s+", text):
            assert len(one.split()) <= WORDS_MAX, one


def test_it_offers_nothing_that_left_the_ministry() -> None:
    """Hajj, umrah and halal certificates belong to other bodies now."""
    shown = " ".join(text for _, text in _texts(PACKAGED["units"])).lower()
    assert not any(word in shown for word in ("haji", "hajj", "umrah", "halal", "bpjph"))


def _question(table: Table) -> Table:
    return next(one for group in table["groups"] for one in group["questions"] if one["key"] == "evidence")


BROKEN: dict[str, Callable[[Table], object]] = {
    "unknown name": lambda table: table.update(extra=1),
    "unknown name in a group": lambda table: table["groups"][0].update(colour="red"),
    "unknown name in a question": lambda table: _question(table).update(required=True),
    "unknown name in an option": lambda table: _question(table)["options"][0].update(note=""),
    "missing language": lambda table: _question(table).pop("label_en"),
    "half a hint": lambda table: _question(table).pop("hint_id"),
    "empty text": lambda table: _question(table).update(label_id="  "),
    "text that is none": lambda table: _question(table).update(label_id=7),
    "unknown kind": lambda table: _question(table).update(kind="file"),
    "options missing": lambda table: _question(table).pop("options"),
    "options where there are none": lambda table: _question(table).update(kind="text"),
    "capital key": lambda table: _question(table).update(key="Bukti"),
    "empty key": lambda table: _question(table).update(key=""),
    "long key": lambda table: _question(table).update(key="a" * 41),
    "key too long for a record": lambda table: table["extras"]["pungli"][0].update(key="a" * 31),
    "key of a person too long for a record": lambda table: table["person"][0].update(key="a" * 28),
    "key with a blank": lambda table: _question(table).update(key="bukti lain"),
    "key of a person": lambda table: _question(table).update(key="p1-name"),
    "key twice": lambda table: _question(table).update(key="court"),
    "option twice": lambda table: _question(table)["options"].append(_question(table)["options"][0]),
    "code with a comma": lambda table: _question(table)["options"][0].update(code="a,b"),
    "four questions of a category": lambda table: table["extras"]["pungli"].append(
        {"key": "pungli-more", "kind": "line", "label_id": "Lagi?", "label_en": "More?"}
    ),
    "unknown category": lambda table: table["extras"].update(lain=[]),
    "no province": lambda table: table["groups"][2]["questions"].pop(0),
    "no time": lambda table: table["groups"][3]["questions"].pop(0),
    "persons": lambda table: table.update(persons=10),
    "persons that are no number": lambda table: table.update(persons=True),
    "persons nowhere": lambda table: table["groups"][1].pop("persons"),
    "place on the form": lambda table: table["groups"][0].update(after="category"),
    "words that are none": lambda table: table["conflict"].update(words=["…"]),
    "words that are no list": lambda table: table["safeguarding"].update(words="anak"),
    "hint without": lambda table: table["hints"][0].update(without=["x-nothing"]),
    "unit twice": lambda table: table["units"][0]["types"].append(table["units"][1]["types"][0]),
    "groups that are no list": lambda table: table.update(groups={}),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_slip_stops_the_start(broken: str) -> None:
    """Whatever is unknown, missing, double or too much is told with its place, and nothing is guessed."""
    table = copy.deepcopy(PACKAGED)
    BROKEN[broken](table)
    with pytest.raises(ConfigurationError, match="the form's file"):
        form_file.form_of(table)


def test_another_file_takes_its_place(tmp_path: Path) -> None:
    """The settings name it, relative to their own folder; a missing or broken one stops the start."""
    changed = (importlib.resources.files("dropbox.form") / "form.toml").read_text("utf-8").replace("Kuitansi", "Nota")
    (tmp_path / "formulir.toml").write_text(changed, "utf-8")
    (tmp_path / "settings.toml").write_text('[form]\nfile = "formulir.toml"\n', "utf-8")
    form = form_file.load(load(tmp_path / "settings.toml").form_file)
    assert "Nota" in str(form)
    assert load().form_file is None
    (tmp_path / "kosong.toml").write_text("persons = [", "utf-8")
    for name in ("kosong.toml", "tidak-ada.toml"):
        with pytest.raises(ConfigurationError):
            form_file.load(tmp_path / name)


def test_less_may_be_asked() -> None:
    """An administrator may leave out persons, extra questions and hints."""
    table = copy.deepcopy(PACKAGED)
    table |= {"persons": 0, "extras": {}, "hints": []}
    table["groups"][1].pop("persons")
    form = form_file.form_of(table)
    assert not any(question.name.startswith("x-p1-") for question in form.questions())
    assert form.open_hints({}, "id") == []


@pytest.mark.parametrize(
    ("chosen", "where"),
    [
        ({UNIT: "kua", KABKOTA: " Kota Bandung ", PROVINCE: "32"}, "KUA kecamatan, Kota Bandung, Jawa Barat"),
        ({UNIT: "kua", PROVINCE: "32"}, "KUA kecamatan, Jawa Barat"),
        ({UNIT: "kua", KABKOTA: "Kota Bandung"}, "KUA kecamatan, Kota Bandung"),
        ({UNIT: "kua"}, ""),
        ({PROVINCE: "32", KABKOTA: "Kota Bandung"}, ""),
        ({}, ""),
    ],
)
def test_the_lists_give_a_place(chosen: dict[str, str], where: str) -> None:
    """Kind of unit, kabupaten and province, as far as they were chosen: the unit and one of the others at least."""
    form: Form = FORM
    assert form.where_of({form.name_of(kind): value for kind, value in chosen.items()}, "id") == where


def test_the_regions_are_those_of_the_decree() -> None:
    """38 provinces and 514 kabupaten and kota, each below its province and named once."""
    assert len(regions.provinces()) == 38
    assert len(regions.regencies()) == 514
    assert {regions.province_of(code) for code in regions.regencies()} == set(regions.provinces())
    assert len(set(regions.regencies().values())) == 514
    assert all(name == name.strip() and name.isprintable() for name in regions.regencies().values())
    assert regions.provinces()["32"] == "Jawa Barat"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Kabupaten Bandung", "32.04"),
        ("  kab.  BANDUNG ", "32.04"),
        ("Kota Bandung", "32.73"),
        ("Bandung", ""),
        ("", ""),
        ("Kabupaten Toli-Toli", "72.04"),
    ],
)
def test_a_typed_regency_is_found(typed: str, code: str) -> None:
    """By its whole name, in any case; a name that two bear alike is none."""
    assert regions.regency_code(typed) == code
