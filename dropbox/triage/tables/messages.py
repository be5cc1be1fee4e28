"""The messages of the cases: the texts and files that reporters sent, and the excerpts of the texts.

Rule: texts are the reporter's: untrusted. `excerpts` has a row for each text, with its beginnings (cases.bounds).
"""

import json
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from dropbox.triage.tables import seen
from dropbox.triage.tables.cases import JOIN, LIVE
from dropbox.triage.tables.database import Database, listed
from dropbox.triage.tables.exclusions import VISIBLE
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.wire.blob import ADDITION, FILE, REPORT, WITHDRAW
from dropbox.wire.calendar import Day

BRINGING: Final = "join messages using (file_sha256)"  # to a query over findings: the messages with the file
# Inside a query about findings: whether a message has the file :file_sha256.
HAS_FILE: Final = "exists (select 1 from messages where messages.file_sha256 = :file_sha256)"
_WITHDRAWN: Final = f"kind = '{ADDITION}' and json_extract(fields, '$.act') = '{WITHDRAW}'"
_SEEN: Final = ("what", "where", "who")  # of an excerpt, in the order of Glimpse
_AS_CHOSEN: Final = "messages.day, nonce, messages.number"  # of a case's files


class Row(NamedTuple):
    """A message with its blob. `day`: of import; `fields`: JSON; `whole_bytes`: of its texts, if they were cut."""

    number: int
    case: CaseNumber
    kind: str
    sent: Day
    day: Day
    lang: str
    fields: str
    name: str
    type: str
    size: int
    file_sha256: bytes
    file_key: bytes
    blob: str
    blob_bytes: int
    whole_bytes: int


class Glimpse(NamedTuple):
    """The beginnings of a text, as the reporter wrote it: what happened, where, and who did it."""

    what: str = ""
    where: str = ""
    who: str = ""


class NewMessage(NamedTuple):
    """What `add` keeps: the columns of the table; `fields`: JSON."""

    number: int
    case: CaseNumber
    sha256: bytes
    kind: str
    nonce: bytes
    sent: Day
    day: Day
    lang: str
    fields: str
    name: str
    type: str
    size: int
    file_sha256: bytes
    file_key: bytes


def _select(db: Database, where: str, order: str, /, **values: object) -> list[Row]:
    rows = db.execute(
        "select messages.number, messages.case_number, kind, sent, messages.day, lang, messages.fields, name, type,"
        " messages.bytes, file_sha256, file_key, seen.file, seen.bytes, coalesce(whole_bytes, 0)"
        f" from messages {seen.JOIN} left join excerpts on excerpts.number = messages.number"
        f" where {where} order by {order}",
        values,
    )
    return [Row(*row) for row in rows]


def texts(db: Database, case: CaseNumber) -> list[Row]:
    """Return a case's report and additions: the report first, then by day of import and place in their form."""
    where = f"messages.case_number = :case and kind != '{FILE}'"
    return _select(db, where, f"kind != '{REPORT}', {_AS_CHOSEN}", case=case)


def cut_texts(db: Database, case: CaseNumber) -> list[Row]:
    """Return a case's texts that were too long for the vault, by number."""
    return _select(db, "messages.case_number = :case and whole_bytes > 0", "messages.number", case=case)


def files(db: Database, case: CaseNumber) -> list[Row]:
    """Return a case's files by day of import and, within a form, in the order in which the reporter chose them."""
    return _select(db, f"messages.case_number = :case and kind = '{FILE}'", _AS_CHOSEN, case=case)


def of_numbers(db: Database, numbers: Iterable[int]) -> list[Row]:
    """Return the messages of those numbers."""
    where = "messages.number in (select value from json_each(:numbers))"
    return _select(db, where, "messages.number", numbers=listed(numbers))


def file_numbers(db: Database, case: CaseNumber) -> list[int]:
    """Return the numbers of the messages of a case's files, in the order of `files`."""
    rows = db.execute(
        f"select number from messages where case_number = :case and kind = '{FILE}' order by {_AS_CHOSEN}",
        {"case": case},
    )
    return [number for (number,) in rows]


def sizes(db: Database, case: CaseNumber) -> list[tuple[int, Day, int]]:
    """Return (number, day of import, bytes of the texts) of a case's messages: report, additions, files of each day."""
    rows = db.execute(
        "select number, day, octet_length(fields) from messages where case_number = :case"
        f" order by day, kind != '{REPORT}', kind != '{ADDITION}', nonce, number",
        {"case": case},
    )
    return rows.fetchall()  # type: ignore[no-any-return]


def language(db: Database, case: CaseNumber, kind: str = "") -> str:
    """Return the language of a case's first message that has one, or of its first of a kind, or an empty string."""
    row = db.execute(
        "select lang from messages where case_number = :case and lang != '' order by kind != :kind, number limit 1",
        {"case": case, "kind": kind},
    ).fetchone()
    return row[0] if row else ""


def fields_of_live(db: Database) -> list[tuple[CaseNumber, str]]:
    """Return (number of the case, fields as JSON) of every text of the cases that were not deleted."""
    rows = db.execute(f"select case_number, fields from messages {JOIN} where {LIVE} and fields != '{{}}'")
    return rows.fetchall()  # type: ignore[no-any-return]


def reports_sent_between(db: Database, first: Day, last: Day) -> dict[CaseNumber, str]:
    """Return the first report's fields (JSON) by number of the case, of the cases sent in a period (days)."""
    rows = db.execute(
        f"select case_number, fields from messages {JOIN} where messages.kind = '{REPORT}'"
        " and cases.sent between :first and :last order by messages.number desc",
        {"first": first, "last": last},
    )
    return dict(rows.fetchall())


def additions_sent_between(db: Database, first: Day, last: Day, officer: str | None) -> list[tuple[CaseNumber, Day]]:
    """Return (number of the case, day of import) of a period's additions that an officer may see (None: of all)."""
    rows = db.execute(
        f"select case_number, day from messages {JOIN} where messages.kind = '{ADDITION}'"
        f" and messages.sent between :first and :last and {VISIBLE}",
        {"first": first, "last": last, "officer": officer},
    )
    return rows.fetchall()  # type: ignore[no-any-return]


def withdrawn(db: Database, cases: Iterable[CaseNumber]) -> dict[CaseNumber, Day]:
    """Return the day of sealing on which a reporter withdrew a case first, by number of the case."""
    rows = db.execute(
        "select case_number, min(sent) from messages where case_number in (select value from json_each(:cases))"
        f" and {_WITHDRAWN} group by case_number",
        {"cases": listed(cases)},
    )
    return dict(rows.fetchall())


def count(db: Database) -> int:
    """Return how many messages there are."""
    return int(db.execute("select count(*) from messages").fetchone()[0])


def count_files(db: Database, cases: Iterable[CaseNumber]) -> int:
    """Return how many files the cases have together."""
    row = db.execute(
        f"select count(*) from messages where case_number in (select value from json_each(:cases)) and kind = '{FILE}'",
        {"cases": listed(cases)},
    )
    return int(row.fetchone()[0])


def next_number(db: Database) -> int:
    """Return the number of the next message."""
    return int(db.execute("select coalesce(max(number), 0) + 1 from messages").fetchone()[0])


def is_here(db: Database, new: NewMessage, whole_sha256: bytes) -> bool:
    """Return whether a case has a message with the nonce and content of a new one; `whole_sha256`: of a cut text."""
    row = db.execute(
        "select 1 from messages where case_number = :case and nonce = :nonce and kind = :kind and fields = :fields"
        " and name = :name and file_sha256 = :file_sha256"
        " and coalesce((select whole_sha256 from excerpts where excerpts.number = messages.number), x'') = :whole",
        new._asdict() | {"whole": whole_sha256},
    )
    return row.fetchone() is not None


def with_file(db: Database, file_sha256: bytes) -> list[tuple[int, CaseNumber]]:
    """Return (number of the message, number of the case) of every message that brought a file (SHA-256)."""
    rows = db.execute(
        f"select number, case_number from messages where kind = '{FILE}' and file_sha256 = :file_sha256",
        {"file_sha256": file_sha256},
    )
    return rows.fetchall()  # type: ignore[no-any-return]


def hashes(db: Database, case: CaseNumber) -> list[tuple[bytes, bytes]]:
    """Return (SHA-256 of the blob, SHA-256 of the file) of a case's messages."""
    rows = db.execute("select sha256, file_sha256 from messages where case_number = :case", {"case": case})
    return rows.fetchall()  # type: ignore[no-any-return]


def keys(db: Database) -> list[tuple[int, bytes, bytes]]:
    """Return (number, SHA-256 of the blob, key of the file) of every message, by number."""
    rows = db.execute("select number, sha256, file_key from messages order by number")
    return rows.fetchall()  # type: ignore[no-any-return]


def excerpts(db: Database, cases: Iterable[CaseNumber], limit: int) -> list[dict[str, str]]:
    """Return the beginnings of the first texts of the cases, by field."""
    rows = db.execute(
        "select fields from excerpts where case_number in (select value from json_each(:cases)) order by number"
        " limit :limit",
        {"cases": listed(cases), "limit": limit},
    )
    return [json.loads(fields) for (fields,) in rows]


def glimpses(db: Database, cases: Iterable[CaseNumber], most: int) -> dict[CaseNumber, Glimpse]:
    """Return the first characters (at most `most`, then "…") of each case's report, else of its first other text."""
    whole = [f"coalesce(json_extract(excerpts.fields, '$.{name}'), '')" for name in _SEEN]
    columns = ", ".join(
        f"substr({one}, 1, :most) || case when length({one}) > :most then '…' else '' end" for one in whole
    )
    rows = db.execute(
        f"select excerpts.case_number, {columns} from excerpts join messages using (number)"
        " where excerpts.case_number in (select value from json_each(:cases))"
        f" order by kind = '{REPORT}', number desc",
        {"cases": listed(cases), "most": most},
    )
    return {case: Glimpse(*said) for case, *said in rows}  # the last row of a case is its report


def add(db: Database, new: NewMessage) -> None:
    """Keep a message; inside a transaction."""
    db.execute(
        "insert into messages (number, case_number, sha256, kind, nonce, sent, day, lang, fields, name, type, bytes,"
        " file_sha256, file_key) values (:number, :case, :sha256, :kind, :nonce, :sent, :day, :lang, :fields, :name,"
        " :type, :size, :file_sha256, :file_key)",
        new._asdict(),
    )


def add_excerpt(
    db: Database, number: int, case: CaseNumber, fields: Mapping[str, str], whole_bytes: int, whole_sha256: bytes
) -> None:
    """Keep the beginnings of a message's texts, and of how many bytes it was cut; inside a transaction."""
    values = {
        "number": number,
        "case": case,
        "fields": json.dumps(dict(fields)),
        "whole_bytes": whole_bytes,
        "whole_sha256": whole_sha256,
    }
    db.execute(
        "insert into excerpts (number, case_number, fields, whole_bytes, whole_sha256)"
        " values (:number, :case, :fields, :whole_bytes, :whole_sha256)",
        values,
    )


def remove_all(db: Database, case: CaseNumber) -> None:
    """Delete the messages of a case and their excerpts; inside a transaction."""
    db.execute("delete from messages where case_number = :case", {"case": case})
    db.execute("delete from excerpts where case_number = :case", {"case": case})
