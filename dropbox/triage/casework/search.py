"""Full text of the cases: fields, answers, notes, what the sandbox read out of files, and how a case is labelled.

Rule: the index lies in vault.db, under its key. What is deleted is gone from it (FTS5 secure-delete), and what an
officer is kept out of is never found. Whatever is typed is a question, never a syntax error.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from dropbox.disk.visible import visible
from dropbox.form import regions
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import casebook
from dropbox.triage.tables import cases, search_index, tags
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

MESSAGE, EVENT, NOTE, EXTRACTED, LABELS = range(5)
_TYPED_MAX: Final = 400  # characters of a query that are looked at
_TERMS_MAX: Final = 16
_PREFIX_MIN: Final = 2  # the index has prefixes of two and three letters
_SNIPPET_WORDS: Final = 24


@dataclass(frozen=True)
class Hit:
    """A case that was found.

    Attributes:
        number: of the case.
        name: `ITJEN-0001`.
        kind: where the words stand: MESSAGE, EVENT, NOTE, EXTRACTED or LABELS.
        parts: the passage as (text, whether it was asked for); control characters are visible signs.
    """

    number: int
    name: str
    kind: int
    parts: tuple[tuple[str, bool], ...]


@dataclass
class Batch:
    """Texts that go into the index in one statement: FTS5 writes a segment for each statement of a transaction."""

    texts: list[search_index.Text] = field(default_factory=list)

    def add(self, case: CaseNumber, kind: int, number: int, text: str) -> None:
        """Keep a text that was never indexed before."""
        if text.strip():
            self.texts.append(search_index.Text(case, kind, number, text))

    def write(self, vault: Vault) -> None:
        """Index what was added; inside the transaction that made the messages."""
        search_index.add_all(vault.db, self.texts)
        self.texts.clear()


def put(vault: Vault, case: CaseNumber, kind: int, number: int, text: str) -> None:
    """Index a text, in place of what stood there; inside a transaction. An empty text removes it."""
    one = search_index.Text(case, kind, number, text)
    if text.strip():
        search_index.put(vault.db, one)
    else:
        search_index.remove(vault.db, one)


def put_labels(vault: Vault, case: CaseNumber) -> None:
    """Index a case's subject, unit, place, agenda number and tags as they now are; inside a transaction."""
    one = casebook.case_of(vault, case)
    words = (one.subject, one.unit, one.district, one.agenda, regions.provinces().get(one.province, one.province))
    put(vault, case, LABELS, case, "\n".join(filter(None, (*words, *tags.of_case(vault.db, case)))))


def forget_case(vault: Vault, case: CaseNumber) -> None:
    """Remove everything of a case from the index; inside the transaction that deletes its content."""
    search_index.remove_all(vault.db, case)


def search(work: Work, typed: str, limit: int = 50) -> list[Hit]:
    """The cases in which all of the words stand somewhere in one text, newest first.

    A rank would have to weigh every text that matches; the newest are found without looking at the others.

    Args:
        work: the vault, the settings and the day.
        typed: words, and "phrases" in quotation marks; the last word may be unfinished.
        limit: cases at most.

    Raises:
        RefusedError: the officer may not read cases.
    """
    permission.permit(work, Permission.CASE_READ)
    query = query_of(typed)
    if not query:
        return []
    hits: dict[int, Hit] = {}
    hidden: set[int] = set()
    mark = secrets.token_hex(16)  # nobody can type this into a report
    for case, kind, text in search_index.snippets(work.vault.db, query, mark, _SNIPPET_WORDS):
        if case in hits or case in hidden:
            continue
        if not cases.is_visible(work.vault.db, case, work.vault.officer.login):
            hidden.add(case)
            continue
        if len(hits) == limit:
            break
        name = casebook.case_name(work.vault.desk, case)
        hits[case] = Hit(case, name, kind, _parts(text, mark))
    return list(hits.values())


def _parts(text: str, mark: str) -> tuple[tuple[str, bool], ...]:
    parts = enumerate(text.split(mark))  # outside, inside, outside …
    return tuple((visible(re.sub(r"[\r\n\t]+", " ", part)), place % 2 == 1) for place, part in parts if part)


def query_of(typed: str) -> str:
    """An FTS5 query of what a person typed, or "" when there is no word in it; never one that FTS5 refuses."""
    terms = list(_terms(typed[:_TYPED_MAX]))[:_TERMS_MAX]
    return " ".join(terms)


def _terms(typed: str) -> Iterator[str]:
    typed = re.sub("[“”„«»]", '"', typed)
    parts = typed.split('"')
    for place, part in enumerate(parts):
        words = _words(part)
        if place % 2 and place < len(parts) - 1:  # between two quotation marks
            if words:
                yield f'"{" ".join(words)}"'
            continue
        is_last = place == len(parts) - 1
        for number, word in enumerate(words, 1):
            unfinished = is_last and number == len(words) and len(word) >= _PREFIX_MIN
            yield f'"{word}"*' if unfinished else f'"{word}"'


def _words(text: str) -> list[str]:
    """The runs of characters that the index takes for words (unicode61: letters, numbers, private use, marks)."""
    return "".join(sign if _is_word_sign(sign) else " " for sign in text).split()


def _is_word_sign(sign: str) -> bool:
    category = unicodedata.category(sign)
    return category[0] in "LNM" or category == "Co"
