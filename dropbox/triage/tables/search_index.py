"""The full-text index of the cases.

    rowid = case · 2^32 + number · 8 + kind      (number of the message, event, note or case)

so that whose a text is can be told, and all of a case be deleted, without reading any text.

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
    """A text of a case: of which kind (0 to 7), and the number of its message, event, note or case."""

    case: CaseNumber
    kind: int
    number: int
    text: str

    @property
    def rowid(self) -> int:
        """Its place in the index."""
        return _rowid(self.case, self.kind, self.number)


def _rowid(case: int, kind: int, number: int) -> int:
    return (case << _CASE_BITS) + _KINDS * number + kind


def add_all(db: Database, texts: Iterable[Text]) -> None:
    """Index texts that are not in it; inside a transaction. FTS5 writes a segment for each statement: this is one."""
    rows = [(one.rowid, one.case, one.text) for one in texts]
    db.execute(
        "insert into search (rowid, case_number, body) select json_extract(value, '$[0]'),"
        " json_extract(value, '$[1]'), json_extract(value, '$[2]') from json_each(:rows)",
        {"rows": json.dumps(rows)},
    )


def put(db: Database, one: Text) -> None:
    """Index a text in place of the former; inside a transaction."""
    db.execute(
        "insert or replace into search (rowid, body, case_number) values (:rowid, :text, :case)",
        {"rowid": one.rowid, "text": one.text, "case": one.case},
    )


def remove(db: Database, one: Text) -> None:
    """Remove a text, whatever it was; inside a transaction."""
    db.execute("delete from search where rowid = :rowid", {"rowid": one.rowid})


def remove_all(db: Database, case: CaseNumber) -> None:
    """Remove all texts of a case; inside a transaction."""
    db.execute(
        "delete from search where rowid between :first and :last",
        {"first": _rowid(case, 0, 0), "last": _rowid(case + 1, 0, 0) - 1},
    )


def snippets(db: Database, query: str, mark: str, words: int) -> Iterator[tuple[CaseNumber, int, str]]:
    """Yield (number of the case, kind, passage) of each text that a query finds, newest case first.

    Args:
        db: the connection.
        query: in FTS5's syntax.
        mark: stands before and after what was found in a passage.
        words: of a passage, at most.
    """
    rows = db.execute(
        "select rowid, snippet(search, 0, :mark, :mark, '…', :words) from search where search match :query"
        " order by rowid desc",
        {"mark": mark, "words": words, "query": query},
    )
    for rowid, text in rows:
        yield rowid >> _CASE_BITS, rowid % _KINDS, text


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
