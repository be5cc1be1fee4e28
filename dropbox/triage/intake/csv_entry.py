"""Many cases at once: an old register, or what LAPOR! gives out, as CSV.

Rule: a row is a case or is named by its number and what is wrong with it; one bad row never keeps the others out, and
the same row comes in once, however often its file is read. Cells are texts: nothing in them is ever evaluated.
"""

import codecs
import contextlib
import csv
import datetime
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from dropbox.crypto.kdf import prf
from dropbox.crypto.private.opening import Opened
from dropbox.errors import MalformedError, RefusedError
from dropbox.limits import FORM_MAX_BYTES, MIB
from dropbox.sentences.catalogue import Sentence
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log
from dropbox.triage.casework import search
from dropbox.triage.intake.manual_entry import Typed, checked, see
from dropbox.triage.intake.placement import Arrival
from dropbox.triage.intake.threading import join
from dropbox.triage.tables import seen
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.blob import KEY_NAMES, NONCE_BYTES, REPORT, Message
from dropbox.wire.calendar import Day, day_of, epoch_of
from dropbox.wire.statuses import UNSTATED

FILE_MAX_BYTES: Final = 256 * MIB
_ROWS_MAX: Final = 1_000_000
_BATCH: Final = 1000  # rows of one transaction; after a kill the rest is read again and the known rows are skipped
_COLUMNS: Final = {
    "tanggal": "date", "date": "date", "asal": "origin", "origin": "origin", "kanal": "channel", "channel": "channel",
    "kategori": "category", "category": "category", "uraian": "what", "what": "what", "terlapor": "who", "who": "who",
    "tempat": "where", "where": "where", "waktu": "when", "when": "when",
}  # fmt: skip
_DATES: Final = ("%Y-%m-%d", *(f"%d{sign}%m{sign}{year}" for sign in "/-. " for year in ("%Y", "%y")))
_MIDNIGHT: Final = re.compile(r"[ T]0{1,2}[:.]00(?:[:.]00(?:\.0+)?)?$")  # a date cell with its time
_WEEKDAY: Final = re.compile(r"^[a-z']{3,9}, ", re.IGNORECASE)
# Months as letters write them, in both languages; three letters are enough.
_MONTHS: Final = (
    *("januari january", "februari february pebruari", "maret march", "april", "mei may", "juni june", "juli july"),
    *("agustus august ags agt", "september", "oktober october", "november nopember", "desember december"),
)
_MONTH: Final = re.compile(r"[-./ ]*\b([a-z]{3,9})\b\.?[-./ ]*", re.IGNORECASE)
_SEPARATORS: Final = ";,\t"


@dataclass
class Imported:
    """What an import did: cases made, rows that were here already, and what was wrong (row number, why)."""

    entered: int = 0
    known: int = 0
    bad: list[tuple[int, str]] = field(default_factory=list)


def import_csv(work: Work, untrusted: bytes, origin: str) -> Imported:
    """Take in a text that a spreadsheet program saved: UTF-8, UTF-16 or Windows-1252, with ";", "," or tabs.

    Args:
        work: the vault, the settings and the day.
        untrusted: the file's bytes. Its first row names the columns: tanggal and uraian, and maybe asal, kanal,
            kategori, terlapor, tempat, waktu (or date, what, origin, channel, category, who, where, when).
        origin: a code of cases.origins for rows that name none.

    Raises:
        RefusedError: the officer's roles do not allow it.
        MalformedError: it is no such file; nothing was changed.
    """
    permission.permit(work, Permission.CASE_ENTER)
    rows = _rows(_decoded(untrusted))
    _, first = next(rows, (0, None))
    columns = [_COLUMNS.get(cell.strip().casefold(), "") for cell in first or ()]
    if "date" not in columns or "what" not in columns:
        raise MalformedError("register.columns")
    if len(set(filter(None, columns))) != len(list(filter(None, columns))):
        raise MalformedError("register.column-twice")
    done = Imported()
    for batch in _batches(rows):
        before, index = done.entered, search.Batch()
        with transaction(work.vault.db):
            for number, cells in batch:
                _take_row(work, done, number, _typed_of(columns, cells, origin), index)
            index.write(work.vault)
            if done.entered > before:
                audit_log.write(work.vault, "case.enter", origin=origin, did="csv", rows=done.entered - before)
    return done


def _decoded(untrusted: bytes) -> str:
    if len(untrusted) > FILE_MAX_BYTES:
        raise MalformedError("register.too-long")
    if untrusted.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        with contextlib.suppress(UnicodeDecodeError):
            return untrusted.decode("utf-16")
        raise MalformedError("register.encoding")
    for encoding in ("utf-8-sig", "cp1252"):
        with contextlib.suppress(UnicodeDecodeError):
            return untrusted.decode(encoding)
    raise MalformedError("register.encoding")


def _rows(text: str) -> Iterator[tuple[int, list[str] | None]]:
    """(row number as a spreadsheet shows it, cells; None for what is no row)."""
    head, _, rest = text.partition("\n")
    if head.strip().casefold().startswith("sep="):  # a hint for spreadsheets
        head, text = rest.partition("\n")[0], rest
    csv.field_size_limit(FORM_MAX_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(_SEPARATORS, key=head.count))
    for number in range(1, _ROWS_MAX + 1):
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield number, None


def _batches(rows: Iterator[tuple[int, list[str] | None]]) -> Iterator[list[tuple[int, list[str] | None]]]:
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _typed_of(columns: list[str], cells: list[str] | None, origin: str) -> Typed | str | None:
    """What a row says; a sentence about what is wrong with it; None for an empty row."""
    if cells is None:
        return Sentence("register.row-not-csv")
    if not any(cell.strip() for cell in cells):
        return None
    if len(cells) != len(columns):
        return Sentence("register.row-cells", count=len(cells), wanted=len(columns))
    values = {name: cell.strip() for name, cell in zip(columns, cells, strict=True) if name}
    if any("\0" in value for value in values.values()):
        return Sentence("register.row-zero")
    day = _day(values["date"])
    if day is None:
        return Sentence("register.row-date")
    return Typed(
        origin=values.get("origin", "").casefold() or origin,
        day=Day(day),
        channel=values.get("channel", "").casefold() or UNSTATED,
        category=values.get("category", "").casefold() or "tidak-tahu",
        fields={name: values.get(name, "") for name in ("what", "who", "where", "when")},
    )


def _month(word: str) -> str:
    """Return the number of a month's name or its abbreviation; the word itself if it is neither."""
    for number, names in enumerate(_MONTHS, 1):
        if any(name.startswith(word.casefold()) for name in names.split()):
            return str(number)
    return word


def _day(typed: str) -> int | None:
    typed = _WEEKDAY.sub("", _MIDNIGHT.sub("", typed))
    typed = _MONTH.sub(lambda match: f" {_month(match[1])} ", typed, count=1)
    typed = typed.strip()
    for form in _DATES:
        with contextlib.suppress(ValueError):
            return day_of(datetime.datetime.strptime(typed, form).replace(tzinfo=datetime.UTC).date())
    return None


def _take_row(
    work: Work,
    done: Imported,
    number: int,
    typed: Typed | str | None,
    index: search.Batch,
) -> None:
    if typed is None:
        return
    if isinstance(typed, str):
        done.bad.append((number, typed))
        return
    try:
        checked(typed, work.today)
    except RefusedError as error:
        done.bad.append((number, Sentence(error.code, **error.values)))
        return
    # Under the vault's key, so that what is left of a deleted row tells nothing of its text.
    words = (typed.origin, str(typed.day), typed.channel, typed.category, *typed.fields.values())
    sha256 = prf(work.vault.key, "entered row", *(word.encode("utf-8", "replace") for word in words))
    if seen.of_hash(work.vault.db, sha256):
        done.known += 1
        return
    see(work.vault, sha256, work.today)
    join(work, Arrival(sha256, _opened(work.vault, typed), epoch_of(work.today), work.today, typed.origin), index)
    done.entered += 1


def _opened(vault: Vault, typed: Typed) -> Opened:
    """The row as a checked message. Nobody has its thread's secret: it has no place on the board."""
    texts = {"channel": typed.channel, "category": typed.category} | typed.fields
    message = Message(
        kind=REPORT,
        thread=os.urandom(32),
        nonce=bytes(NONCE_BYTES),
        desk=vault.desk,
        sent=typed.day,
        keys={name: os.urandom(32) for name in KEY_NAMES},
        member=bytes(32),
        lang=typed.lang,
        fields=texts,
        name="",
        type="",
    )
    return Opened(message, os.urandom(32), is_member=False, file_bytes=0, file_sha256=bytes(32))
