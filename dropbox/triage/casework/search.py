"""Full text of the cases: fields, answers, notes, what the sandbox read out of files, and how a case is labelled.

    rowid = case · 2^32 + number · 8 + kind      (number of the message, event, note or case)

so that whose a text is can be told, and all of a case be deleted, without reading any text.

Rule: the index lies in vault.db, under its key. What is deleted is gone from it (FTS5 secure-delete), and what an
officer is kept out of is never found. Whatever is typed is a question, never a syntax error.
"""

import json
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
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

MESSAGE, EVENT, NOTE, EXTRACTED, LABELS = range(5)
_KINDS: Final = 8
_CASE_BITS: Final = 32
CASE_OF: Final = f"rowid >> {_CASE_BITS}"  # SQL, of a row of `search`
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

    rows: list[tuple[int, int, str]] = field(default_factory=list)

    def add(self, case: CaseNumber, kind: int, number: int, text: str) -> None:
        """Keep a text that was never indexed before."""
        if text.strip():
            self.rows.append((_rowid(case, kind, number), case, text))

    def write(self, vault: Vault) -> None:
        """Index what was added; inside the transaction that made the messages."""
        vault.db.execute(
            "insert into search (rowid, case_number, body) select json_extract(value, '$[0]'),"
            " json_extract(value, '$[1]'), json_extract(value, '$[2]') from json_each(?)",
            (json.dumps(self.rows),),
        )
        self.rows.clear()


def put(vault: Vault, case: CaseNumber, kind: int, number: int, text: str) -> None:
    """Index a text, in place of what stood there; inside a transaction. An empty text removes it."""
    rowid = _rowid(case, kind, number)
    if text.strip():
        vault.db.execute(
            "insert or replace into search (rowid, body, case_number) values (?, ?, ?)", (rowid, text, case)
        )
    else:
        vault.db.execute("delete from search where rowid = ?", (rowid,))


def put_labels(vault: Vault, case: CaseNumber) -> None:
    """Index a case's subject, unit, place, agenda number and tags as they now are; inside a transaction."""
    *words, province = vault.db.execute(
        "select subject, unit, district, coalesce(agenda, ''), province from cases where number = ?", (case,)
    ).fetchone()
    words.append(regions.provinces().get(province, province))
    tags = vault.db.execute("select tag from tags where case_number = ? order by tag", (case,)).fetchall()
    put(vault, case, LABELS, case, "\n".join(filter(None, (*words, *(tag for (tag,) in tags)))))


def forget_case(vault: Vault, case: CaseNumber) -> None:
    """Remove everything of a case from the index; inside the transaction that deletes its content."""
    vault.db.execute(
        "delete from search where rowid between ? and ?", (_rowid(case, 0, 0), _rowid(CaseNumber(case + 1), 0, 0) - 1)
    )


def _rowid(case: CaseNumber, kind: int, number: int) -> int:
    return (case << _CASE_BITS) + _KINDS * number + kind


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
    rows = work.vault.db.execute(
        "select rowid, snippet(search, 0, ?1, ?1, '…', ?2) from search where search match ?3 order by rowid desc",
        (mark, _SNIPPET_WORDS, query),
    )
    for rowid, text in rows:
        case = rowid >> _CASE_BITS
        if case in hits or case in hidden:
            continue
        if not _is_visible(work.vault, case):
            hidden.add(case)
            continue
        if len(hits) == limit:
            break
        name = casebook.case_name(work.vault.desk, case)
        hits[case] = Hit(case, name, rowid % _KINDS, _parts(text, mark))
    return list(hits.values())


def _is_visible(vault: Vault, case: CaseNumber) -> bool:
    row = vault.db.execute(
        f"select 1 from cases where number = ? and deleted is null and {casebook.NOT_EXCLUDED}",  # noqa: S608
        (case, vault.officer.login),
    ).fetchone()
    return row is not None


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
