"""Full text of the cases: fields, answers, notes, what was read in files, and how a case is labelled.

Rule: the index is in vault.db, under its key. What is deleted is gone from it (FTS5 secure-delete), and what an officer
is kept out of is never found. Whatever is typed is a question, never a syntax error. Texts and questions have the same
words (matching.words); a hit shows the text as it was written.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from dropbox.disk.visible import visible
from dropbox.form import regions
from dropbox.matching import words
from dropbox.matching.words import Span
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import casebook
from dropbox.triage.tables import cases, search_index, tags
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.tables.records import clearings
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

MESSAGE, EVENT, NOTE, EXTRACTED, LABELS, RECOGNIZED, FOLLOWUP, STATEMENT = range(8)
_TYPED_MAX: Final = 400  # characters of a query that are looked at
_TERMS_MAX: Final = 16
_PREFIX_MIN: Final = 2  # the index has prefixes of two and three letters
_SNIPPET_WORDS: Final = 24
_WORDS_BEFORE: Final = 6  # of a passage, before what was found
_STEP: Final = 300  # characters of a text that are looked through for a passage at once
_OVERLAP: Final = 200  # before and after it


@dataclass(frozen=True)
class Hit:
    """A case that was found.

    Attributes:
        number: of the case.
        name: `ITJEN-0001`.
        kind: where the words are: MESSAGE, EVENT, NOTE, EXTRACTED, LABELS, RECOGNIZED (read by machine) or FOLLOWUP.
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
            self.texts.append(_indexed(case, kind, number, text))

    def write(self, vault: Vault) -> None:
        """Index what was added; inside the transaction that made the messages."""
        search_index.add_all(vault.db, self.texts)
        self.texts.clear()


def put(vault: Vault, case: CaseNumber, kind: int, number: int, text: str) -> None:
    """Index a text, in place of what stood there; inside a transaction. An empty text removes it."""
    if text.strip():
        search_index.put(vault.db, _indexed(case, kind, number, text))
    else:
        search_index.remove(vault.db, case, kind, number)


def _indexed(case: CaseNumber, kind: int, number: int, text: str) -> search_index.Text:
    return search_index.Text(case, kind, number, text, words.indexed(text))


def put_labels(vault: Vault, case: CaseNumber) -> None:
    """Index a case's subject, unit, place, agenda number and tags as they now are; inside a transaction."""
    one = casebook.case_of(vault, case)
    labels = (one.subject, one.unit, one.district, one.agenda, regions.provinces().get(one.province, one.province))
    cleared = [part for letter in clearings.of_cases(vault.db, [case]) for part in (letter.name, letter.unit)]
    put(vault, case, LABELS, case, "\n".join(filter(None, (*labels, *cleared, *tags.of_case(vault.db, case)))))


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
    terms = list(_terms(typed))
    if not terms:
        return []
    hits: dict[int, Hit] = {}
    hidden: set[int] = set()
    for case, kind, rowid in search_index.found(work.vault.db, _query(terms)):
        if case in hits or case in hidden:
            continue
        if not cases.is_visible(work.vault.db, case, work.vault.officer.login):
            hidden.add(case)
            continue
        if len(hits) == limit:
            break
        name = casebook.case_name(work.vault.desk, case)
        hits[case] = Hit(case, name, kind, _passage(search_index.text_of(work.vault.db, rowid), terms))
    return list(hits.values())


def query_of(typed: str) -> str:
    """An FTS5 query of what a person typed, or "" when there is no word in it; never one that FTS5 refuses."""
    return _query(_terms(typed))


@dataclass(frozen=True)
class _Term:
    """Words that stand side by side; `unfinished`: the last of them may go on."""

    words: tuple[str, ...]
    unfinished: bool = False

    def length_at(self, spans: list[Span], place: int) -> int:
        """How many of the spans from a place on are this term; 0 when they are not."""
        if self.words[0] in spans[place].pieces or (self.unfinished and self._begins(spans[place].pieces)):
            return 1
        there = [span.word for span in spans[place : place + len(self.words)]]
        if self.unfinished and there and there[-1].startswith(self.words[-1]):
            there[-1] = self.words[-1]
        return len(there) if tuple(there) == self.words else 0

    def _begins(self, pieces: tuple[str, ...]) -> bool:
        return any(piece.startswith(self.words[-1]) for piece in pieces)


def _query(terms: Iterable[_Term]) -> str:
    return " ".join(f'"{" ".join(term.words)}"{"*" if term.unfinished else ""}' for term in terms)


def _terms(typed: str) -> list[_Term]:
    parts = re.sub("[“”„«»＂]", '"', typed[:_TYPED_MAX]).split('"')
    terms: list[_Term] = []
    for place, part in enumerate(parts):
        asked = words.split(part)
        is_last = place == len(parts) - 1
        if place % 2 and not is_last:  # between two quotation marks
            terms += [_Term(tuple(asked))] if asked else []
            continue
        terms += [_Term((word,)) for word in asked]
        if is_last and asked and len(asked[-1]) >= _PREFIX_MIN:
            terms[-1] = replace(terms[-1], unfinished=True)
    return terms[:_TERMS_MAX]


def _passage(text: str, terms: list[_Term]) -> tuple[tuple[str, bool], ...]:
    """Return the place of a text that has the most of the terms, as Hit.parts."""
    start = max(0, _best_place(text, terms) - _OVERLAP)
    piece = text[start : start + _STEP + 2 * _OVERLAP]
    spans = list(words.spans(piece))[1 if start else 0 :]  # a step may begin within a word
    marked = _marked(spans, terms)
    first = max(0, min(marked, default=0) - _WORDS_BEFORE)
    last = min(len(spans), first + _SNIPPET_WORDS)
    begins = spans[first].start if first or start else 0
    ends = spans[last - 1].end if last < len(spans) else len(piece)
    parts = [("" if begins == start == 0 else "…", False)]
    at = begins
    for place in range(first, last):
        if place in marked:
            mark = max(at, spans[place].start)  # one character ("¼") may be two words
            end = spans[min(place + marked[place], last) - 1].end
            parts += [(piece[at:mark], False), (piece[mark:end], True)]
            at = max(at, end)
    parts.append((piece[at:ends] + ("" if start + ends == len(text) else "…"), False))
    return tuple((visible(re.sub(r"[\r\n\t]+", " ", part)), is_found) for part, is_found in parts if part)


def _best_place(text: str, terms: list[_Term]) -> int:
    """Return the offset of the step with the most terms: as they are written, else as they were joined."""
    asked = words.pattern((term.words[0], term.unfinished and len(term.words) == 1) for term in terms)
    for form in (words.fold, words.every):
        best = (0, 0)
        for start in range(0, len(text), _STEP):
            there = asked.findall(form(text[start : start + _STEP + _OVERLAP]))
            best = max(best, (len(set(there)), -start))
            if best[0] == len(terms):
                break
        if best[0]:
            return -best[1]
    return 0


def _marked(spans: list[Span], terms: list[_Term]) -> dict[int, int]:
    """Return the places of what was asked for among the spans, and of how many it is; none overlaps another."""
    found: dict[int, int] = {}
    free = 0
    for place in range(len(spans)):
        length = max(term.length_at(spans, place) for term in terms) if place >= free else 0
        if length:
            found[place] = length
            free = place + length
    return found
