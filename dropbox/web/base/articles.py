"""Loads the pages that explain: dated files in two languages that an administrator edits, read once at the start.

    file      = date, tab, title, lead ‖ sources ‖ sections
    section   = heading ‖ before (paragraphs) ‖ items (list, steps or terms) ‖ after (paragraphs)
    statement = id, en ‖ sources, confirmed (both or neither) ‖ page or url, which make a link of it

Rule: an unconfirmed statement never leaves this module: it is checked like the rest, then left out. A text that
names a law, an agreement or a telephone number gives its source; `contact` stands for one of the settings, whose
`{reach}` it may say. An error names the place, never the text.
"""

import datetime
import functools
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

from dropbox.errors import ConfigurationError
from dropbox.settings.contacts import Contact
from dropbox.settings.installation import LANGUAGES

ARTICLES: Final = (
    "wbs", "dumas", "how", "safety", "limits", "rights", "duty", "reward", "procedure", "refusals", "violence",
    "privacy", "access", "pusaka", "contacts", "verify",
)  # fmt: skip
LINKED: Final = (*ARTICLES, "home", "report", "status", "keys", "container", "info", "statistics", "proof")
FORMS: Final = ("list", "steps", "terms")
TONES: Final = ("plain", "advice", "warning")
_PACKAGED: Final = Path(__file__).parents[1] / "content"
_FILE_MAX_BYTES: Final = 200_000
# A law, a rule, an agreement between bodies; a short number to call or a telephone number.
_CLAIM: Final = re.compile(
    r"\b(?:UU|PP|Perpres|PMA|KMA|KUHP|KUHAP|SEMA|PKS|Perkom|PermenPAN|Permenkomdigi|Pasal|Law|Article)\b"
    r"|Peraturan (?:BSSN|KPK|Ombudsman|Menteri|Pemerintah|Presiden)|\bUndang-Undang\b"
    r"|\b1\d\d\b|\b0\d{2,3}[- ]?\d{3}"
)
_PAGE: Final = re.compile(r"([a-z]+)(?:#([a-z][a-z-]*))?")
_ANCHOR: Final = re.compile(r"[a-z][a-z-]*")
_URL: Final = re.compile(r"https://[a-z0-9.-]+(?:/[\w./-]*)?")

Words = Mapping[str, str]  # by language


@dataclass(frozen=True)
class Statement:
    """One text.

    Attributes:
        text: by language.
        term: by language, what the text explains; empty but in a list of terms.
        page: name of the page that it leads to, or nothing.
        anchor: the place on that page, or nothing.
        url: of another site that it leads to, or nothing.
        sources: names of those in the file that it rests on.
    """

    text: Words
    term: Words
    sources: tuple[str, ...] = ()
    page: str = ""
    anchor: str = ""
    url: str = ""


@dataclass(frozen=True)
class Section:
    """A heading and the statements below it; `form` is one of FORMS, `tone` one of TONES."""

    heading: Words
    anchor: str
    form: str
    tone: str
    before: tuple[Statement, ...]
    items: tuple[Statement, ...]
    after: tuple[Statement, ...]

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All statements, in order."""
        return (*self.before, *self.items, *self.after)


@dataclass(frozen=True)
class Article:
    """One page as it may be shown: confirmed statements alone.

    Attributes:
        date: of its last change.
        tab: what stands in the browser's tab and history; neutral, by language.
        title: by language.
        lead: by language.
        sections: those that have something to say.
        sources: names of what the shown statements rest on, by language.
    """

    date: datetime.date
    tab: Words
    title: Words
    lead: Words
    sections: tuple[Section, ...]
    sources: tuple[Words, ...]


@functools.lru_cache(maxsize=8)
def load(folder: Path | None = None, contacts: tuple[tuple[str, Contact | None], ...] = ()) -> Mapping[str, Article]:
    """Return all articles by name.

    Args:
        folder: of the installation's own files; those that it lacks are the packaged ones.
        contacts: names and values of the settings' contacts, for the statements that name one.

    Raises:
        ConfigurationError: for a bad file.
    """
    own = _own_files(folder) if folder else {}
    return {name: _read(own.get(name, _PACKAGED / f"{name}.toml"), dict(contacts)) for name in ARTICLES}


def _own_files(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        raise ConfigurationError("content.folder")
    own = {path.stem: path for path in folder.iterdir() if path.suffix == ".toml"}
    if unknown := set(own) - set(ARTICLES):
        raise ConfigurationError("content.no-page", name=min(unknown), names=", ".join(ARTICLES))
    return own


def _read(path: Path, contacts: Mapping[str, Contact | None]) -> Article:
    try:
        with path.open("rb") as file:
            table = tomllib.loads(file.read(_FILE_MAX_BYTES).decode("utf-8-sig"))
    except OSError:
        raise ConfigurationError("content.unreadable", name=path.name) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise ConfigurationError("content.not-toml", name=path.name) from None
    return _Reader(path.name, contacts).article(table)


class _Reader:
    """Parses one file strictly."""

    def __init__(self, name: str, contacts: Mapping[str, Contact | None]) -> None:
        self._name = name
        self._contacts = contacts
        self._known: dict[str, Words] = {}
        self._named: set[str] = set()

    def article(self, table: Mapping[str, Any]) -> Article:
        """Parse the whole file; raises ConfigurationError."""
        self._keys(table, "", need=("date", "tab", "title", "lead", "sections"), may=("sources",))
        date = table["date"]
        if type(date) is not datetime.date:
            self._fail("date", "must be a date without quotes: 2026-11-25")
        for key, source in self._table(table.get("sources", {}), "sources").items():
            self._known[key] = self._words(source, f"sources.{key}")
        places = enumerate(self._tables(table["sections"], "sections"), 1)
        sections = tuple(self._section(section, f"section {number}") for number, section in places)
        if unused := set(self._known) - self._named:
            self._fail(f"sources.{min(unused)}", "is named by no statement")
        head = {name: self._unsourced(table[name], name) for name in ("tab", "title", "lead")}
        shown = tuple(section for section in sections if section.statements)
        cited = {key for section in shown for statement in section.statements for key in statement.sources}
        sources = tuple(words for key, words in self._known.items() if key in cited)
        return Article(date, **head, sections=shown, sources=sources)

    def _section(self, table: Mapping[str, Any], place: str) -> Section:
        self._keys(table, place, need=("heading",), may=("anchor", "form", "tone", "before", "items", "after"))
        form, tone, anchor = table.get("form", "list"), table.get("tone", "plain"), table.get("anchor", "")
        if form not in FORMS or tone not in TONES:
            self._fail(place, f"form is one of {', '.join(FORMS)}; tone one of {', '.join(TONES)}")
        if anchor and not (isinstance(anchor, str) and _ANCHOR.fullmatch(anchor)):
            self._fail(place, "anchor has small letters and -")
        heading = self._unsourced(table["heading"], f"{place}, heading")
        before, items, after = (
            tuple(self._statements(table.get(part, []), f"{place}, {part}", terms=part == "items" and form == "terms"))
            for part in ("before", "items", "after")
        )
        if items or not table.get("items"):
            return Section(heading, anchor, form, tone, before, items, after)
        return Section(heading, anchor, form, tone, (), (), ())  # an introduction to nothing says nothing

    def _statements(self, tables: object, place: str, *, terms: bool) -> Iterator[Statement]:
        for number, table in enumerate(self._tables(tables, place), 1):
            here = f"{place} {number}"
            need = (*LANGUAGES, "term") if terms else LANGUAGES
            self._keys(table, here, need=need, may=("sources", "confirmed", "contact", "page", "url"))
            text = self._words({name: table[name] for name in LANGUAGES}, here)
            if "contact" in table:
                yield from self._reached(table, text, here, terms=terms)
                continue
            term = self._words(table["term"], f"{here}, term") if terms else {}
            if self._is_confirmed(table, [*text.values(), *term.values()], here):
                yield Statement(text, term, tuple(table.get("sources", ())), **self._link(table, here))

    def _reached(self, table: Mapping[str, Any], text: Words, here: str, *, terms: bool) -> Iterator[Statement]:
        """The statement with how to reach a body of the settings; nothing while that is not confirmed."""
        contact = table["contact"]
        if "sources" in table or (self._contacts and contact not in self._contacts):
            self._fail(here, f"contact is one of {', '.join(self._contacts)}, and stands without sources")
        found = self._contacts.get(contact)
        if not found:
            return
        key = f"contact {contact}"
        self._known[key] = dict.fromkeys(LANGUAGES, f"{found.source}, {found.date.isoformat()}")
        self._named.add(key)
        reached = {name: one.replace("{reach}", found.reach(name)) for name, one in text.items()}
        term = self._words(table["term"], f"{here}, term") if terms else {}
        yield Statement(reached, term, (key,), **self._link(table, here))

    def _is_confirmed(self, table: Mapping[str, Any], texts: list[str], place: str) -> bool:
        sources = table.get("sources", [])
        if not isinstance(sources, list) or not all(isinstance(key, str) for key in sources):
            self._fail(place, "sources is a list of names")
        if unknown := set(sources) - set(self._known):
            self._fail(place, f"there is no sources.{min(unknown)}")
        if bool(sources) != ("confirmed" in table):
            self._fail(place, "has sources and confirmed = true or false, or neither of them")
        if not sources and any(_CLAIM.search(text) for text in texts):
            self._fail(place, "names a rule or a number to call, so it needs sources and confirmed")
        confirmed = table.get("confirmed", True)
        if type(confirmed) is not bool:
            self._fail(place, "confirmed is true or false")
        self._named |= set(sources)
        return confirmed

    def _link(self, table: Mapping[str, Any], place: str) -> dict[str, str]:
        page, url = table.get("page", ""), table.get("url", "")
        if page and url:
            self._fail(place, "leads to a page or to a url, not to both")
        if url and not (isinstance(url, str) and _URL.fullmatch(url)):
            self._fail(place, "url is a plain https address")
        found = _PAGE.fullmatch(page) if isinstance(page, str) else None
        if page and (not found or found[1] not in LINKED):
            self._fail(place, f"page is one of {', '.join(LINKED)}, perhaps with #anchor")
        return {"page": found[1], "anchor": found[2] or "", "url": ""} if found else {"url": url}

    def _unsourced(self, table: object, place: str) -> Words:
        words = self._words(table, place)
        if any(_CLAIM.search(text) for text in words.values()):
            self._fail(place, "names a rule or a number to call: say that in a statement with sources")
        return words

    def _words(self, table: object, place: str) -> Words:
        words = self._table(table, place)
        self._keys(words, place, need=LANGUAGES)
        if not all(isinstance(text, str) and text.strip() for text in words.values()):
            self._fail(place, "a text is empty, or no text")
        return {language: words[language].strip() for language in LANGUAGES}

    def _keys(self, table: Mapping[str, Any], place: str, *, need: tuple[str, ...], may: tuple[str, ...] = ()) -> None:
        if missing := set(need) - set(table):
            self._fail(place, f"{min(missing)} is missing")
        if unknown := set(table) - {*need, *may}:
            self._fail(place, f"unknown name {min(unknown)}")

    def _table(self, table: object, place: str) -> dict[str, Any]:
        return table if isinstance(table, dict) else self._fail(place, "must be a table")

    def _tables(self, tables: object, place: str) -> list[dict[str, Any]]:
        if not isinstance(tables, list):
            self._fail(place, "must be a list")
        return [self._table(table, place) for table in tables]

    def _fail(self, place: str, what: str) -> NoReturn:
        raise ConfigurationError("content.invalid", name=self._name, place=place or "the file", what=what)
