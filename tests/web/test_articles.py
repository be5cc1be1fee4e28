"""Content files: read strictly, both languages, sources for what they claim; what nobody confirmed is shown nowhere."""

import datetime
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dropbox.errors import ConfigurationError
from dropbox.settings.contacts import Contact, contacts_of
from dropbox.settings.installation import LANGUAGES, load
from dropbox.web.app import create_app
from dropbox.web.base import articles
from dropbox.web.base.articles import ARTICLES
from dropbox.web.base.site import Site
from dropbox.web.base.view import PAGES
from tests.support.desks import FakeInspectorate, make_site, make_store
from tests.web.conftest import Place
from tests.web.test_texts import AVOIDED, WORDS_MAX

FOLDER = Path(articles.__file__).parents[1] / "content"
GOOD = """
date = 2026-11-25
tab = { id = "Hak", en = "Rights" }
title = { id = "Judul", en = "Title" }
lead = { id = "Pembuka.", en = "Lead." }
[sources.uu]
id = "UU 31/2014"
en = "Law 31/2014"
[[sections]]
heading = { id = "Bagian", en = "Section" }
anchor = "bagian"
form = "terms"
tone = "advice"
before = [{ id = "Kalimat.", en = "Sentence." }]
items = [
  { term = { id = "Kata", en = "Word" }, id = "UU 31/2014 berlaku.", en = "Ok.", sources = ["uu"], confirmed = true },
  { term = { id = "Lain", en = "Other" }, id = "Kenari.", en = "Canary.", sources = ["uu"], confirmed = false },
]
after = [
  { id = "Baca", en = "Read", page = "safety#tor" },
  { id = "Luar", en = "Out", url = "https://www.torproject.org/download/" },
]
"""


def _write(folder: Path, text: str, name: str = "rights") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.toml").write_text(text, "utf-8")
    articles.load.cache_clear()
    return folder


def _texts(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """All texts of a parsed file, with their language."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif key in LANGUAGES:
        yield key, value


def _packaged() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(FOLDER.glob("*.toml")):
        yield path.stem, tomllib.loads(path.read_text("utf-8"))


def _unconfirmed(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if value.get("confirmed") is False:
            yield value
        for inner in value.values():
            yield from _unconfirmed(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _unconfirmed(inner)


def test_a_file_of_the_installation_replaces_the_packaged_one(tmp_path: Path) -> None:
    """The page shows the folder's own text, its date and its sources; other pages stay as they were."""
    settings = replace(load(), content=_write(tmp_path / "content", GOOD))
    site, inspectorate = make_site(tmp_path, settings=settings)
    client = Place(site, inspectorate).client()
    text = client.get("/pelindungan").get_data(as_text=True)
    for shown in ("Judul", "UU 31/2014 berlaku.", "25 November 2026", 'href="/keamanan#tor"', 'id="bagian"'):
        assert shown in text
    assert "Kenari" not in text
    assert "Canary" not in client.get("/en/pelindungan").get_data(as_text=True)
    assert client.get("/kewajiban").status_code == 200
    site.store.close()


def test_what_nobody_confirmed_is_on_no_page(place: Place) -> None:
    """No packaged statement with `confirmed = false` stands on any page in any language."""
    client = place.client()
    pages = [
        client.get(prefix + PAGES[name]).get_data(as_text=True)
        for name in {*ARTICLES, "home", "info", "report", "status", "keys"}
        for prefix in ("", "/en")
    ]
    hidden = [one for _, table in _packaged() for one in _unconfirmed(table)]
    assert len(hidden) > 2
    for statement in hidden:
        for lang in LANGUAGES:
            assert not any(statement[lang] in page for page in pages), statement[lang]


def test_numbers_that_are_not_confirmed_are_on_no_page(place: Place) -> None:
    """The numbers of LPSK, SAPA, police and call centre (domain notes: not confirmed) are offered nowhere."""
    client = place.client()
    for name in ARTICLES:
        text = client.get(PAGES[name]).get_data(as_text=True)
        visible = re.sub(r"<svg.*?</svg>|<[^>]*>", " ", text, flags=re.DOTALL)
        assert not re.search(r"\b(110|129|146|148)\b", visible), name


def test_numbers_that_the_owner_confirmed_are_shown(place: Place, tmp_path: Path) -> None:
    """A contact of the settings stands on the pages that name it, in both languages, with its source and day."""
    texts = {"number": "110", "address": "", "source": "Polri", "date": "2026-11-26"}
    empty = dict.fromkeys(texts, "")
    contacts = contacts_of(
        {"polisi": texts, "sapa": empty, "puskesmas": empty, "lpsk": texts | {"address": "lpsk.go.id"}},
        datetime.date(2026, 11, 26),
    )
    site = Site(replace(place.site.settings, contacts=contacts), place.site.anchor, place.site.store)
    client = create_app(site).test_client()
    assert "Polisi: Telepon 110." in client.get(PAGES["violence"]).text
    assert "Polri, 2026-11-26" in client.get(PAGES["violence"]).text
    assert "Call 110. lpsk.go.id." in client.get("/en" + PAGES["rights"]).text
    assert "SAPA" not in client.get(PAGES["violence"]).text
    assert site.settings.missing_contacts == ["sapa", "puskesmas"]


@pytest.mark.parametrize(
    "fault",
    [
        {"source": ""},
        {"date": ""},
        {"date": "besok"},
        {"date": "20261126"},
        {"date": "2026-W48-4"},
        {"date": "2026-11-27"},
        {"number": "1" * 121},
        {"number": "."},
        {"address": "…"},
    ],
)
def test_a_number_needs_source_and_date(fault: dict[str, str]) -> None:
    """A contact without a source, a day up to today, or a letter or digit stops the start; so does one too long."""
    texts = {"number": "110", "address": "", "source": "Polri", "date": "2026-11-26"}
    with pytest.raises(ConfigurationError, match=r"contacts\.polisi"):
        contacts_of({"polisi": texts | fault}, datetime.date(2026, 11, 26))


def test_a_number_is_old_after_a_year() -> None:
    """Contacts that were confirmed more than a year ago are named; later ones and missing ones are not."""
    made = load()
    days = {"polisi": 365, "sapa": 366}
    contacts = {
        name: Contact("110", "", "Polri", made.today() - datetime.timedelta(days=ago)) for name, ago in days.items()
    }
    assert replace(made, contacts={**contacts, "lpsk": None}).old_contacts == ["sapa"]


def test_a_section_without_confirmed_items_is_left_out(tmp_path: Path) -> None:
    """An introduction to a list of which nothing may be shown, and the list's sources, are not shown either."""
    text = GOOD.replace("confirmed = true", "confirmed = false")
    assert articles.load(_write(tmp_path / "content", text))["rights"].sections == ()
    assert articles.load(tmp_path / "content")["rights"].sources == ()


FAULTS = {
    "no TOML": ("date =", "date"),
    "a quoted date": ("date = 2026-11-25", 'date = "2026-11-25"'),
    "no date": ("date = 2026-11-25\n", ""),
    "an unknown name": ("date =", "colour = 1\ndate ="),
    "an unknown name in a section": ('anchor = "bagian"', 'anker = "bagian"'),
    "an unknown name in a statement": ("confirmed = true", "confirmed = true, sure = 1"),
    "a missing language": ('lead = { id = "Pembuka.", en = "Lead." }', 'lead = { id = "Pembuka." }'),
    "a missing language of a statement": ('{ id = "Kalimat.", en = "Sentence." }', '{ id = "Kalimat." }'),
    "a third language": ('id = "Pembuka."', 'jv = "x", id = "Pembuka."'),
    "an empty text": ('"Pembuka."', '" "'),
    "a text that is a number": ('"Pembuka."', "1"),
    "sources without confirmed": (", confirmed = true", ""),
    "confirmed without sources": (', sources = ["uu"], confirmed = true', ", confirmed = true"),
    "a law without a source": (', sources = ["uu"], confirmed = true', ""),
    "a law in the lead": ('"Pembuka."', '"Menurut PP 94/2021."'),
    "a number without a source": ('"Kalimat."', '"Telepon 129."'),
    "a law in English alone": ('"Sentence."', '"By Law 5."'),
    "a contact with sources": (
        '"Sentence." }',
        '"Sentence.", contact = "polisi", sources = ["uu"], confirmed = true }',
    ),
    "an unknown source": ('sources = ["uu"], confirmed = true', 'sources = ["pp"], confirmed = true'),
    "a source that is no list": ('sources = ["uu"], confirmed = true', 'sources = "uu", confirmed = true'),
    "a source that nobody names": ("[[sections]]", '[sources.pp]\nid = "PP"\nen = "PP"\n[[sections]]'),
    "confirmed as a word": ("confirmed = true", 'confirmed = "ya"'),
    "an unknown form": ('form = "terms"', 'form = "table"'),
    "an unknown tone": ('tone = "advice"', 'tone = "red"'),
    "a term that is missing": ('term = { id = "Kata", en = "Word" }, ', ""),
    "an anchor that is none": ('"bagian"', '"Bagian 1"'),
    "an unknown page": ("safety#tor", "secrets"),
    "an address that is no https": ("https://www", "javascript://www"),
    "page and url": ('page = "safety#tor"', 'page = "safety", url = "https://a.example/"'),
    "sections that are no list": ("[[sections]]", "[sections]"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_stops_the_start_with_a_place(fault: str, tmp_path: Path) -> None:
    """Each fault is a ConfigurationError that names the file; it repeats no text of it."""
    old, new = FAULTS[fault]
    assert old in GOOD
    with pytest.raises(ConfigurationError, match=r"^content/rights\.toml: ") as caught:
        articles.load(_write(tmp_path / "content", GOOD.replace(old, new)))
    assert "Kalimat" not in str(caught.value)


def test_no_site_comes_up_with_a_faulty_file(tmp_path: Path) -> None:
    """The fault is found before anybody is served."""
    store = make_store(tmp_path)
    settings = replace(load(), content=_write(tmp_path / "content", GOOD.replace("Lead.", "")))
    with pytest.raises(ConfigurationError, match="lead"):
        Site(settings, FakeInspectorate().anchor, store)
    store.close()


def test_files_that_belong_to_no_page_stop_the_start(tmp_path: Path) -> None:
    """A misspelt file name would silently change nothing, so it is refused; a folder that is missing too."""
    with pytest.raises(ConfigurationError, match="no page right"):
        articles.load(_write(tmp_path / "content", GOOD, "right"))
    with pytest.raises(ConfigurationError, match=r"site\.content"):
        articles.load(tmp_path / "nowhere")


def test_every_article_is_packaged() -> None:
    """The folder holds the articles and nothing else, and each file is read without a fault."""
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.toml" for name in ARTICLES}
    assert set(articles.load()) == set(ARTICLES)


@pytest.mark.parametrize("name", ARTICLES)
def test_packaged_texts_are_plain(name: str) -> None:
    """No word that the style guide avoids; an Indonesian sentence has at most fifteen words."""
    table = {key: value for key, value in dict(_packaged())[name].items() if key != "sources"}
    for lang, text in _texts(table):
        assert not any(re.search(avoided, text, re.IGNORECASE) for avoided in AVOIDED), text
        if lang == "id":
            for sentence in re.split(r"(?<=[.!?:])\s+", text):
                assert len(sentence.split()) <= WORDS_MAX, sentence


def test_tabs_are_short() -> None:
    """What stands in a browser's tab has at most three words."""
    for name, article in articles.load().items():
        assert all(len(text.split()) <= 3 for text in article.tab.values()), name
