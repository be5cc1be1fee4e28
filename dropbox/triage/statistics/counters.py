"""Defines what is counted, in codes and words, for the pages, the PDF, the sheets and the public extract.

Rule: the meaning of a code never changes; a new count gets a new code. Every report has one channel, one category and
one row in each table: a missing value has its own row, so that each table adds up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dropbox.form.regions import provinces
from dropbox.vocabulary import tables, vocabulary
from dropbox.vocabulary.codes import Category, Status, Track
from dropbox.vocabulary.vocabulary import Words

MESSAGES: Final = "messages"
_BODIES: Final = "referral"  # the table whose rows are the settings' bodies
# Domain notes 2.6: which kode masalah of the register each category is.
PROBLEM_OF: Final[Mapping[str, str]] = {
    Category.DISIPLIN: "04",
    Category.WEWENANG: "01",
    Category.KORUPSI: "03",
    Category.PUNGLI: "03",
    Category.GRATIFIKASI: "03",
    Category.PELAYANAN: "02",
    Category.TIDAK_TAHU: "10",
}
# Kinds of office as reporters and officers choose them, and the families in which they are counted.
_FAMILIES: Final[Mapping[str, str]] = {
    "pusat": "pusat sekjen pendis bimas-islam bimas-kristen bimas-katolik bimas-hindu bimas-buddha khonghucu bmbpsdm"
    " itjen",
    "kanwil": "kanwil",
    "kankemenag": "kankemenag",
    "kua": "kua",
    "madrasah": "madrasah",
    "madrasah-swasta": "madrasah-swasta pesantren tpq sekolah",
    "ptkn": "ptkn ptkin ptkkn ptkhn ptkbn ptk-swasta",
    "balai": "balai diklat litbang lpmq",
    "lain": "lain lembaga kegiatan daring",
}
FAMILY_OF: Final[Mapping[str, str]] = {code: family for family, codes in _FAMILIES.items() for code in codes.split()}
TRACK_OF: Final[Mapping[str, str]] = {
    Status.DITERIMA: Track.WAITING,
    Status.VERIFIKASI: Track.WAITING,
    Status.BUTUH_INFO: Track.WAITING,
    Status.TELAAH: Track.EXAMINED,
    Status.KLARIFIKASI: Track.EXAMINED,
    Status.PULBAKET: Track.EXAMINED,
    Status.AUDIT: Track.EXAMINED,
    Status.DILIMPAHKAN: Track.REFERRED,
    Status.SELESAI_TERBUKTI: Track.PROVEN,
    Status.SELESAI_TIDAK: Track.UNPROVEN,
    Status.DITOLAK: Track.REFUSED,
}
FOLLOWED: Final = (Track.EXAMINED, Track.REFERRED, Track.PROVEN, Track.UNPROVEN)
STAGES: Final = tuple(vocabulary.table("status", "stage"))


@dataclass(frozen=True)
class Counter:
    """A table: its title, what it counts, and the labels of its rows by code."""

    title: Words
    definition: Words
    rows: Mapping[str, Words]


def _counter(table: str) -> Counter:
    return Counter(vocabulary.words("table", table), vocabulary.words("table", table, "definition"), _rows(table))


def _rows(table: str) -> Mapping[str, Words]:
    rows = tables.rows(table, "counted", vocabulary.LABEL)
    if table == "province":
        return {code: {"id": name, "en": name} for code, name in provinces().items()}
    if table == "problem":
        return {code: {lang: f"{code} {name}" for lang, name in words.items()} for code, words in rows.items()}
    return rows


COLUMNS: Final = vocabulary.table("column")
COUNTERS: Final[Mapping[str, Counter]] = {table: _counter(table) for table in vocabulary.codes("table")}


def row_label(table: str, code: str, language: str, bodies: Mapping[str, Words]) -> str:
    """Return a row's label, or its code if it has none.

    Args:
        table: its code.
        code: of the row.
        language: `id` or `en`.
        bodies: names of the bodies that cases are referred to (settings).
    """
    words = (bodies if table == _BODIES else COUNTERS[table].rows).get(code)
    return tables.common_label(code, language) or (words[language] if words else code)
