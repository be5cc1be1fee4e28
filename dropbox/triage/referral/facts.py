"""Checks an officer's draft of a dossier, and makes its rujukan.json.

    rujukan.json = whitelisted fields of the case + what the officer typed + list of the cleaned files

Rule: no word of a reporter is copied into it, and a draft that repeats six of a reporter's words in a row is refused.
Of the day on which a report came it has only the month: a day can reveal who was present.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from dropbox.errors import MalformedError, RefusedError
from dropbox.form.regions import provinces, regencies
from dropbox.matching.words import split
from dropbox.triage.cases import casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.papers.characters import printable
from dropbox.triage.referral import group
from dropbox.triage.referral.consent import NO, UNKNOWN, YES, Consent
from dropbox.triage.statistics.counters import PROBLEM_OF
from dropbox.triage.vault.vault import Vault
from dropbox.vocabulary import vocabulary
from dropbox.wire import json_schema
from dropbox.wire.calendar import Day, date_of
from dropbox.wire.statuses import UNSTATED

TAKE_OVER, COORDINATE, INFORM = "ambil-alih", "koordinasi", "informasi"
REQUESTS: Final = (TAKE_OVER, COORDINATE, INFORM)
PRECISIONS: Final = vocabulary.codes("precision")
COURTS: Final = vocabulary.codes("court")
LABELS, FILES = "labels", "files"  # what a proposal stores with a draft (propose)
WORDS_IN_A_ROW: Final = 6  # of a report: so many are a quotation, fewer are common speech
NAMES_IN_A_ROW: Final = 12  # of the answers on names, places and times: so many are a story
_SUMMARY_MIN, _SUMMARY_MAX = 20, 8000
_DATE: Final = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")
_NAMES: Final = ("who", "where", "when")
_CODES: Final = ("channel", "category", "protection", "act")
_SAID: Final = {YES: "ya", NO: "tidak", UNKNOWN: "belum"}
_ASK: Final = "Pertanyaan kepada pelapor hanya lewat inspektorat: buat jawaban dengan `dropbox referral answer`."


@dataclass(frozen=True)
class Person:
    """A reported person."""

    nama: str
    jabatan: str = ""
    satker: str = ""
    peran: str = ""


@dataclass(frozen=True)
class Draft:
    """A dossier as an officer prepares it.

    Attributes:
        receiver: number of a receiver; 0 for SP4N-LAPOR!.
        request: one of REQUESTS.
        summary: the case in the officer's own words.
        chronology: what happened, one event a line.
        people: the reported persons.
        since: YYYY, YYYY-MM or YYYY-MM-DD, or empty.
        until: likewise.
        precision: one of PRECISIONS.
        rupiah: in question, or 0.
        source: of the money, or empty.
        method: modus, or empty.
        reported: where it was reported before, one body a line.
        court: one of COURTS.
        conclusion: of the review (telaah).
        basis: of the conclusion.
        with_channel: whether the channel is disclosed: `wbs` reveals that the reporter is an employee.
        with_files: whether cleaned copies of the files marked `go` are included.
        grounds: why it is sent although a reporter said no; only for the second officer.
    """

    receiver: int
    request: str
    summary: str
    chronology: tuple[str, ...] = ()
    people: tuple[Person, ...] = ()
    since: str = ""
    until: str = ""
    precision: str = "tidak-tahu"
    rupiah: int = 0
    source: str = ""
    method: str = ""
    reported: tuple[str, ...] = ()
    court: str = "tidak-tahu"
    conclusion: str = ""
    basis: str = ""
    with_channel: bool = False
    with_files: bool = False
    grounds: str = field(default="", repr=False)

    def stored(self) -> dict[str, Any]:
        """Return the draft as a JSON object."""
        return asdict(self)


def draft_of(stored: Mapping[str, Any]) -> Draft:
    """Return the draft of an object that `stored` made, without what is stored with it."""
    values = {name: value for name, value in stored.items() if name not in (LABELS, FILES)}
    values["people"] = tuple(Person(**person) for person in stored["people"])
    values |= {name: tuple(stored[name]) for name in ("chronology", "reported")}
    return Draft(**values)


@dataclass(frozen=True)
class Evidence:
    """A copy of a file in the dossier, as `bukti` names it.

    Attributes:
        nama: in the dossier.
        jenis: kind of the original, a code of evidence.kinds.
        sha256: of the copy, hexadecimal; likewise sha256_asli, of the original.
        sha256_asli: see sha256; None with a redacted copy: with it a receiver could guess the covered words.
        redaksi: how the copy was made, a code of the group `redaction`.
        catatan: what the copy leaves out: `kode`, `jumlah`, `kalimat` of each note.
        disamarkan: how many boxes, phrases, lines and stretches are covered, by the names of the schema.
    """

    nama: str
    jenis: str
    sha256: str
    sha256_asli: str | None
    redaksi: str
    catatan: tuple[Mapping[str, Any], ...]
    disamarkan: Mapping[str, int]


def check_draft(vault: Vault, case: Case, draft: Draft, today: Day) -> None:
    """Pass if a draft may become a dossier.

    Raises:
        RefusedError: a choice, text, time or sum is invalid, or a text repeats a reporter's words.
    """
    if draft.request not in REQUESTS or draft.precision not in PRECISIONS or draft.court not in COURTS:
        raise RefusedError("referral.choices")
    if not _SUMMARY_MIN <= len(draft.summary.strip()) <= _SUMMARY_MAX:
        raise RefusedError("referral.summary")
    if any(date and not _DATE.fullmatch(date) for date in (draft.since, draft.until)):
        raise RefusedError("referral.times")
    if not 0 <= draft.rupiah <= 10**15:
        raise RefusedError("referral.sum")
    texts = (*_texts(draft), case.subject, case.unit, case.district)
    for text in texts:
        for line in filter(None, text.splitlines()):
            if line.strip():
                printable(line, _SUMMARY_MAX)
    if quotes(vault, case, texts):
        raise RefusedError("referral.repeats")
    if len(draft.grounds) > 2000:
        raise RefusedError("referral.grounds-length")
    document(case, draft, Consent(case.number, "", Day(0), UNKNOWN, 0), [], vault.desk, today)


def document(
    case: Case, draft: Draft, said: Consent, evidence: Iterable[Evidence], desk: str, today: Day
) -> dict[str, Any]:
    """Return the value of rujukan.json.

    Args:
        case: that is referred.
        draft: as it was approved.
        said: the reporters' consent.
        evidence: the cleaned files.
        desk: code of this desk.
        today: day of the document.

    Raises:
        RefusedError: the value does not match the published schema.
    """
    value: dict[str, Any] = {
        "versi_skema": json_schema.VERSION,
        "nomor_register": case.agenda,
        "meja": desk,
        "dibuat": date_of(today).isoformat(),
        "tanggal_terima": _month(case.sent),
        "kategori": case.category,
        "perihal": case.subject,
        "ringkasan": draft.summary.strip(),
        "kronologi": list(draft.chronology),
        "tempat": {
            "provinsi": provinces().get(case.province, case.province),
            "kabkota": regencies().get(case.district, case.district),
            "satker": case.unit, "jenis": case.unit_type,
        },
        "waktu": {"dari": draft.since, "sampai": draft.until, "presisi": draft.precision},
        "terlapor": [asdict(person) for person in draft.people],
        "nilai_rp": draft.rupiah,
        "sumber_dana": draft.source,
        "modus": draft.method,
        "bukti": [_listed(file) for file in evidence],
        "pernah_dilaporkan": list(draft.reported),
        "status_pengadilan": draft.court,
        "telaah": {"kesimpulan": draft.conclusion, "dasar": draft.basis},
        "permintaan": draft.request,
        "anonim": True,
        "persetujuan_pelapor": {"jawaban": _SAID[said.answer], "bulan": _month(Day(said.answered))},
        "jalur_tanya": _ASK,
    }  # fmt: skip
    if case.category in PROBLEM_OF:
        value["kode_masalah"] = PROBLEM_OF[case.category]
    if shows_channel(case, draft):
        value["kanal"] = case.channel
    try:
        return json_schema.check(value)
    except MalformedError:
        raise RefusedError("referral.schema") from None


def shows_channel(case: Case, draft: Draft) -> bool:
    """Return whether the dossier of a draft says the channel: an officer allowed it, and the reporter stated one."""
    return draft.with_channel and case.channel not in ("", UNSTATED)


def _listed(file: Evidence) -> dict[str, Any]:
    value = asdict(file) | {"catatan": list(file.catatan)}
    return {name: one for name, one in value.items() if one is not None}


def quotes(vault: Vault, case: Case, texts: Iterable[str]) -> bool:
    """Return whether a text repeats a report's words in a row; names and places of `who` and `where` are allowed."""
    said: set[tuple[str, ...]] = set()
    for member in group.cases(vault, case):
        for text in casebook.texts(vault, member):
            for name, value in text.fields.items():
                if name not in _CODES:
                    said |= _runs(value, NAMES_IN_A_ROW if name in _NAMES else WORDS_IN_A_ROW)
    return any(said & (_runs(text, WORDS_IN_A_ROW) | _runs(text, NAMES_IN_A_ROW)) for text in texts)


def _runs(text: str, length: int) -> set[tuple[str, ...]]:
    words = split(text)
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}


def _texts(draft: Draft) -> list[str]:
    people = [word for person in draft.people for word in asdict(person).values()]
    lines = (*draft.chronology, *draft.reported, *people)
    return [draft.summary, draft.source, draft.method, draft.conclusion, draft.basis, *lines]


def _month(day: Day) -> str:
    return date_of(day).isoformat()[:7] if day else ""
