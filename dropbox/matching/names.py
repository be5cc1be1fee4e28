"""Finds names of people and units in texts, as reports write them: no titles, any order, short forms, old spelling.

    "Drs. H. Achmad Fauzi, M.Si."  ->  ahmad fauzi        "Inspektorat Wilayah II Itjen"  ->  inspektorat 2 itjen

Rule: a full name, or two adjacent words of it, is a match. One word of it matches only next to a post of the
inspectorate or to the person's unit. When in doubt it is a match: another officer can lift an exclusion, but reading
cannot be undone. Posts and titles are not names: a "name" of such words only is rejected (check_name), because they
occur in nearly every report.
"""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dropbox.errors import RefusedError
from dropbox.matching.words import every

_WINDOW: Final = 3  # words around one part of a name in which another counts: "Fauzi (Drs. H. Ahmad)"
_POST_WINDOW: Final = 4  # words around one part of a name in which a post counts as its own
_DOUBLED: Final = re.compile(r"(.)\1+")
_RUN: Final = re.compile(r"[a-z]+|[0-9]+")
_PART_MIN: Final = 2  # letters of a part of a name that is not an initial
_WORD_MAX: Final = 40  # letters of a word that are looked at: a hostile one of 4 MB is never kept
_KEPT_MAX: Final = 200  # characters of a text whose words are kept for the next question

_TITLES: Final = frozenset(
    """
    a ag apt bapak bpk bu cfra cia cpa cgcae dr dra drs dr h haji hajah hj ibu ir k kh kiai kyai lc m ma mag mm mh mkom
    mpd mpdi msi msc nn nyai p pak pd pdi phd prof qia s sag se sei sh shi si sip skom sos spd spdi sos st sthi sthi
    sdr sdri saudara saudari tgk tuan ust ustad ustadz ustaz ustazah nip yth
    """.split()  # noqa: SIM905  shorter than so many quotes
)
_POSTS: Final = frozenset(
    """
    inspektorat inspektur itjen irjen auditor penelaah verifikator pemeriksa pengawas dumas
    """.split()  # noqa: SIM905  likewise
)
# What people are, not what they are called: posts of this ministry and of offices at large. No word that is a name as
# well (Hakim, Imam): it would keep nobody out any more.
_JOBS: Final = frozenset(
    """
    admin administrator analis anggota arsiparis asesor asisten atasan auditi bendahara bupati camat dekan deputi
    direktur dirjen dosen gubernur guru jaksa kabag kabid kakankemenag kakanwil kasatker kasi kasubag kasubbag kasubdit
    kepala kepsek ketua koordinator kurir lurah menteri mentri officer operator panitia pegawai pejabat pelaksana
    pelapor pemimpin pengelola penghulu penyelenggara penyidik penyuluh petugas pimpinan plh plt ppk presiden rektor
    sekjen sekretaris staf staff superadmin supervisor user wakil walikota widyaiswara
    """.split()  # noqa: SIM905  likewise
)
# What they work in, and how a post goes on behind its own word ("Auditor Madya"). Some are names elsewhere ("Muda").
_PLACES: Final = frozenset(
    """
    agama bagian bidang biro desa desk dinas direktorat divisi fungsional instansi jenderal jendral kabupaten
    kankemenag kantor kanwil kecamatan kelompok kelurahan kemenag kementerian kepegawaian keuangan kota kua layanan
    lembaga madrasah madya meja muda negara negeri office pengaduan pertama provinsi pusat ruang sekolah sekretariat
    seksi subbag subbagian subdit tim umum unit utama wilayah
    """.split()  # noqa: SIM905  likewise
)
_NO_INITIAL: Final = frozenset({"h", *(title for title in _TITLES if len(title) > 1)})  # "H. Fauzi" is a pilgrim
# Parts of so many names that two of them together are still nobody.
_COMMON: Final = frozenset(
    "muhamad ahmad abdul abdulah siti nur nurul sri dewi putra putri dwi tri eko al bin binti umi".split()  # noqa: SIM905
)
_SAME: Final = {
    **dict.fromkeys(("moh", "mohd", "muh", "mohamad", "mohamed", "muhamed", "mokhamad"), "muhamad"),
    **dict.fromkeys(("ahmed", "akhmad", "akmad"), "ahmad"),
    **dict.fromkeys(("abd", "abdur", "abdu"), "abdul"),
}
# Old and Arabic spellings, each to the one that is written now; doubled letters to one.
_SPELLINGS: Final = (
    ("oe", "u"), ("dj", "j"), ("tj", "c"), ("sj", "sy"), ("nj", "ny"), ("ch", "h"), ("kh", "h"), ("dh", "d"),
    ("th", "t"), ("sh", "s"), ("sy", "s"), ("ph", "f"), ("v", "f"), ("q", "k"), ("z", "s"), ("y", "i"),
)  # fmt: skip
_ROMAN: Final = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6"}
_UNIT_WORDS: Final = (
    (r"\binspektorat jenderal\b", "itjen"),
    (r"\binspektur jenderal\b", "irjen"),
    (r"\bkantor kementerian agama\b|\bkantor kemenag\b|\bkemenag (?=kab|kota)", "kankemenag "),
    (r"\bkantor wilayah( kementerian agama| kemenag)?\b", "kanwil"),
    (r"\bkanwil (kementerian agama|kemenag)\b", "kanwil"),
    (r"\bkantor urusan agama\b", "kua"),
    (r"\bmadrasah aliyah negeri\b", "man"),
    (r"\bmadrasah tsanawiyah negeri\b", "mtsn"),
    (r"\bmadrasah ibtidaiyah negeri\b", "min"),
    (r"\bkabupaten\b", "kab"),
    (r"\b(provinsi|propinsi|prov|kecamatan|kec|wilayah|dan|di)\b", " "),
)
_ANY_UNIT_WORD: Final = re.compile("|".join(pattern for pattern, _ in _UNIT_WORDS))
# Kinds of unit: without a name next to it, such a word names no particular unit.
_KINDS_OF_UNIT: Final = frozenset(
    "itjen kanwil kankemenag kua man mtsn min ma mts mi madrasah pesantren kemenag kab kota bagian subbag".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class PersonName:
    """The significant words of a name in one spelling, and the unit next to which a single one of them matches."""

    parts: tuple[str, ...]
    unit: tuple[str, ...] = ()


def words(text: str) -> list[str]:
    """Return a text's words of Latin letters or digits (matching.words): "Ma'ruf" is one, "MTsN2" two."""
    return [run[:_WORD_MAX] for run in _RUN.findall(every(text))]


@functools.lru_cache(maxsize=1 << 16)
def spelling(word: str) -> str:
    """Return a word of a name in the one spelling in which names are compared."""
    for old, new in _SPELLINGS:
        word = word.replace(old, new)
    word = _DOUBLED.sub(r"\1", word)
    return _SAME.get(word, word)


def _spelled(found: Sequence[str]) -> list[str]:
    """Return the `spelling` of many words at once, because a report may have half a million."""
    text = " ".join(found)
    for old, new in _SPELLINGS:
        text = text.replace(old, new)
    return [_SAME.get(word, word) for word in _DOUBLED.sub(r"\1", text).split()]


@functools.lru_cache(maxsize=1024)
def person(name: str, unit: str = "") -> PersonName:
    """Return an officer's name without titles; the part after a comma is ignored."""
    return PersonName(tuple(spelling(part) for part in _name_words(name)), tuple(unit_words(unit)))


def _name_words(name: str) -> list[str]:
    """Return the words of a personal name: without titles, and without a post and the words that continue it."""
    kept, is_post = [], False
    for word in words(name.split(",", 1)[0]):
        is_post = word in _JOBS | _POSTS or (is_post and (word in _PLACES or word in _ROMAN or word.isdigit()))
        is_title = word in _TITLES and (len(word) > 1 or word in "hks")
        if word.isalpha() and not is_post and not is_title:
            kept.append(word)
    return kept


def check_name(name: str) -> str:
    """Return the name without outer spaces; raises RefusedError when it has no word of a personal name."""
    if all(len(word) < _PART_MIN or word in _PLACES for word in _name_words(name)):
        raise RefusedError("officer.name-not-name")
    return name.strip()


def unit_words(text: str) -> tuple[str, ...]:
    """Return the words of a unit, or of a text that may name one, with uniform abbreviations and numbers."""
    return _kept_unit_words(text) if len(text) <= _KEPT_MAX else _unit_words(words(text))


@functools.lru_cache(maxsize=1024)
def _kept_unit_words(text: str) -> tuple[str, ...]:
    return _unit_words(words(text))


def _unit_words(found: Sequence[str]) -> tuple[str, ...]:
    text = " ".join(found)
    if _ANY_UNIT_WORD.search(text):
        for pattern, short in _UNIT_WORDS:
            text = re.sub(pattern, short, text)
        found = text.split()
    return tuple(_ROMAN.get(word, word) for word in found)


def is_unit_named(unit: str, text: str) -> bool:
    """Return whether a text contains a unit's words side by side. A kind of unit alone ("Kanwil") never matches."""
    return UnitsIn(text).has(unit)


class UnitsIn:
    """A text to search for units: read once, searched for each officer."""

    def __init__(self, text: str | Sequence[str]) -> None:
        self._words = unit_words(text) if isinstance(text, str) else _unit_words(text)
        self._known = frozenset(self._words)

    def has(self, unit: str) -> bool:
        """Return whether the text names the unit (see is_unit_named)."""
        wanted = unit_words(unit)
        if not wanted or (len(wanted) == 1 and wanted[0] in _KINDS_OF_UNIT - {"itjen"}):
            return False
        return self.holds(wanted)

    def holds(self, wanted: tuple[str, ...]) -> bool:
        """Return whether a unit's words occur side by side."""
        if not self._known.issuperset(wanted):
            return False
        count = len(wanted)
        return any(self._words[place : place + count] == wanted for place in range(len(self._words) - count + 1))


class NamedIn:
    """A text to search for people: read once, searched for each officer."""

    def __init__(self, text: str) -> None:
        self._words = words(text)
        self._spelled = _spelled(self._words)
        self._places: dict[str, list[int]] = {}
        self._units: dict[int, UnitsIn] = {}  # by the place around which they stand
        for place, word in enumerate(self._spelled):
            self._places.setdefault(word, []).append(place)

    def has(self, name: PersonName) -> bool:
        """Return whether the text names the person (rule: see the module)."""
        full = [part for part in name.parts if len(part) >= _PART_MIN]
        telling = [part for part in full if part not in _COMMON]
        return (
            any(self._has_two(part, full) for part in full)
            or any(self._has_initial(part, name.parts) for part in telling)
            or any(self._beside_a_post(part, name.unit) for part in telling or full)
        )

    def _has_two(self, part: str, full: Sequence[str]) -> bool:
        """Return whether another part of the name is near: the whole name, or at least one uncommon part."""
        for place in self._places.get(part, ()):
            near = self._spelled[max(0, place - _WINDOW) : place + _WINDOW + 1]
            others = [other for other in full if other != part and other in near]
            if others and (len(full) == 2 or not _COMMON.issuperset((part, *others))):
                return True
        return False

    def _has_initial(self, part: str, parts: Sequence[str]) -> bool:
        """Return whether an initial is next to the part: "A. Fauzi" for Ahmad Fauzi, "Mahmud Fauzi" for M. Fauzi."""
        letters = {other[0] for other in parts if other != part}
        initials = {other for other in parts if len(other) == 1}
        for place in self._places.get(part, ()):
            for beside in (place - 1, place + 1):
                if 0 <= beside < len(self._words) and self._words[beside] not in _NO_INITIAL:
                    word = self._spelled[beside]
                    if (len(word) == 1 and word in letters) or (self._words[beside].isalpha() and word[0] in initials):
                        return True
        return False

    def _beside_a_post(self, part: str, unit: tuple[str, ...]) -> bool:
        for place in self._places.get(part, ()):
            near = self._words[max(0, place - _POST_WINDOW) : place + _POST_WINDOW + 1]
            if not _POSTS.isdisjoint(near):
                return True
            if unit and place not in self._units:
                self._units[place] = UnitsIn(near)
            if unit and self._units[place].holds(unit):
                return True
        return False
