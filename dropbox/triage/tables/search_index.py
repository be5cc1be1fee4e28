"""The full-text index of the cases.

    rowid = case · 2^32 + number · 8 + kind      (number of the message, event, note or case)

so that whose a text is can be told, and all of a case be deleted, without reading any text. `search` has the words that
are looked for, `search_originals` the text as it is shown, where the two differ.

Rule: what is deleted is gone from the index (FTS5 secure-delete). A query is in the syntax of FTS5 (casework.search).
"""

import json
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from dropbox.triage.tables.cases import JOIN, LIVE
from dropbox.triage.tables.database import Database
from dropbox.triage.tables.exclusions import VISIBLE
from dropbox.triage.tables.numbers import CaseNumber

_KINDS: Final = 8
_CASE_BITS: Final = 32
_CASE: Final = f"rowid >> {_CASE_BITS} as case_number"
FOUND: Final = "number in temp.found"  # in a query over `cases`, after `find`


class Text(NamedTuple):
    """A text of a case.

    Attributes:
        case: its number.
        kind: 0 to 7.
        number: of its message, event, note or case.
        text: as it is shown.
        words: as it is looked for (matching.words.indexed).
    """

    case: CaseNumber
    kind: int
    number: int
    text: str
    words: str

    @property
    def rowid(self) -> int:
        """Its place in the index."""
        return _rowid(self.case, self.kind, self.number)


def _rowid(case: int, kind: int, number: int) -> int:
    return (case << _CASE_BITS) + _KINDS * number + kind


def add_all(db: Database, texts: Iterable[Text]) -> None:
    """Index texts that are not in it; inside a transaction. FTS5 writes a segment for each statement: this is one."""
    texts = list(texts)
    db.execute(
        "insert into search (rowid, case_number, body) select json_extract(value, '$[0]'),"
        " json_extract(value, '$[1]'), json_extract(value, '$[2]') from json_each(:rows)",
        {"rows": json.dumps([(one.rowid, one.case, one.words) for one in texts])},
    )
    for one in texts:
        _put_original(db, one)


def put(db: Database, one: Text) -> None:
    """Index a text in place of the former; inside a transaction."""
    db.execute(
        "insert or replace into search (rowid, body, case_number) values (:rowid, :words, :case)",
        {"rowid": one.rowid, "words": one.words, "case": one.case},
    )
    _remove_original(db, one.rowid)
    _put_original(db, one)


def has(db: Database, case: CaseNumber, kind: int, number: int) -> bool:
    """Return whether a text is in the index."""
    row = db.execute("select 1 from search where rowid = :rowid", {"rowid": _rowid(case, kind, number)})
    return row.fetchone() is not None


def remove(db: Database, case: CaseNumber, kind: int, number: int) -> None:
    """Remove a text, whatever it was; inside a transaction."""
    rowid = _rowid(case, kind, number)
    db.execute("delete from search where rowid = :rowid", {"rowid": rowid})
    _remove_original(db, rowid)


def remove_all(db: Database, case: CaseNumber) -> None:
    """Remove all texts of a case; inside a transaction."""
    rows = {"first": _rowid(case, 0, 0), "last": _rowid(case + 1, 0, 0) - 1}
    db.execute("delete from search where rowid between :first and :last", rows)
    db.execute("delete from search_originals where number between :first and :last", rows)


def _put_original(db: Database, one: Text) -> None:
    if one.words != one.text:
        db.execute(
            "insert into search_originals (number, text) values (:rowid, :text)", {"rowid": one.rowid, "text": one.text}
        )


def _remove_original(db: Database, rowid: int) -> None:
    db.execute("delete from search_originals where number = :rowid", {"rowid": rowid})


def found(db: Database, query: str) -> Iterator[tuple[CaseNumber, int, int]]:
    """Yield (number of the case, kind, rowid) of each text that a query in FTS5's syntax finds, newest case first."""
    for (rowid,) in db.execute(
        "select rowid from search where search match :query order by rowid desc", {"query": query}
    ):
        yield rowid >> _CASE_BITS, rowid % _KINDS, rowid


def text_of(db: Database, rowid: int) -> str:
    """Return an indexed text as it is shown."""
    row = db.execute(
        "select coalesce((select text from search_originals where number = :rowid), body) from search"
        " where rowid = :rowid",
        {"rowid": rowid},
    ).fetchone()
    return str(row[0])


def best(db: Database, query: str, officer: str, *, texts: int, but: CaseNumber) -> list[CaseNumber]:
    """Return the numbers of the cases of the best texts, but one, that an officer (login) may open."""
    rows = db.execute(
        f"select distinct case_number from (select {_CASE} from search where search match :query order by rank"
        f" limit :texts) {JOIN} where case_number != :but and {LIVE} and {VISIBLE}",
        {"query": query, "texts": texts, "but": but, "officer": officer},
    )
    return [case for (case,) in rows]


def count_up_to(db: Database, query: str, most: int) -> int:
    """Return in how many texts a query is found, but at most so many: the others are not looked at."""
    row = db.execute(
        "select count(*) from (select rowid from search where search match :query limit :most)",
        {"query": query, "most": most},
    )
    return int(row.fetchone()[0])


def find(db: Database, query: str, officer: str) -> None:
    """Put what a query finds into temp.found, in memory (temp_store), for FOUND.

    A word in what was merged into a case finds the case, unless the officer (login) may not open that part.
    """
    db.execute("create temp table if not exists found (number integer primary key)")
    db.execute("delete from temp.found")
    db.execute(
        "insert or ignore into temp.found select coalesce(cases.merged_into, cases.number)"
        f" from (select distinct {_CASE} from search where search match :query) {JOIN} where {VISIBLE}",
        {"query": query, "officer": officer},
    )
