"""Says in a few sentences what a period's numbers mean: what came, what was done, what is overdue.

Rule: a sentence names numbers of the tables and what follows from them by a fixed rule; it has no opinion. The same
numbers give the same sentences.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from dropbox.triage.statistics.counters import FOLLOWED, row_label
from dropbox.triage.statistics.tables import Counts
from dropbox.vocabulary.codes import Category, Status
from dropbox.vocabulary.tables import TOTAL, UNKNOWN, stage_code
from dropbox.vocabulary.vocabulary import Words
from dropbox.wire.statuses import CHANNELS

_NOT_SORTED: Final = (UNKNOWN, Category.TIDAK_TAHU)  # rows that are no category and no place
_REPORTERS: Final = stage_code(Status.BUTUH_INFO)  # the stage in which the office waits for the reporter
_FEW: Final = 30  # reports; below it a share moves by three points and more with each report
_ON_TIME: Final = 3  # column of a stage: share in time, in per cent
_MEDIAN: Final = 1  # column of a stage: working days
_HIGH: Final = "3"  # row of the risk
_WAITING: Final = ("partly", "not")  # outcomes after which a recommendation still waits
_HEADS: Final[dict[str, Words]] = {
    "came": {"id": "Apa yang masuk", "en": "What came"},
    "done": {"id": "Apa yang dilakukan", "en": "What was done"},
    "late": {"id": "Apa yang lewat waktu", "en": "What is overdue"},
    "means": {"id": "Apa artinya", "en": "What it means"},
}
_FIGURES: Final[dict[str, Words]] = {
    "came": {"id": "laporan masuk", "en": "reports came"},
    "followed": {"id": "ditindaklanjuti", "en": "followed up"},
    "ended": {"id": "selesai diperiksa", "en": "closed after examination"},
    "overdue": {"id": "kasus lewat waktu", "en": "cases overdue"},
    "settled": {"id": "rekomendasi selesai", "en": "recommendations done"},
}
_SENTENCES: Final[dict[str, Words]] = {
    "none": {"id": "Dalam masa ini tidak ada laporan yang masuk.", "en": "No report came in this period."},
    "came": {
        "id": "Masuk {total} laporan: {wbs} dari pegawai lewat WBS, {dumas} dari masyarakat lewat Dumas,"
        " {unstated} tidak menyebutnya.",
        "en": "{total} reports came: {wbs} from employees by WBS, {dumas} from the public by Dumas,"
        " {unstated} did not say.",
    },
    "most": {
        "id": "Kategori terbanyak: {name} ({n} laporan).",
        "en": "The most frequent category: {name} ({n} reports).",
    },
    "place": {
        "id": "Provinsi terbanyak: {name} ({n} laporan).",
        "en": "The most frequent province: {name} ({n} reports).",
    },
    "followed": {
        "id": "{followed} laporan ditindaklanjuti: {examined} sedang ditelaah atau diperiksa, {referred} dilimpahkan,"
        " {proven} terbukti, {unproven} tidak terbukti.",
        "en": "{followed} reports were followed up: {examined} are being reviewed or examined, {referred} were"
        " referred, {proven} were substantiated, {unproven} were not.",
    },
    "others": {
        "id": "{refused} laporan tidak ditindaklanjuti; {waiting} masih diterima, diverifikasi, atau menunggu pelapor.",
        "en": "{refused} reports were not followed up; {waiting} are received, being verified, or wait for the"
        " reporter.",
    },
    "settled": {
        "id": "{done} dari {all} rekomendasi LHP selesai ({share} %).",
        "en": "{done} of {all} recommendations of audit reports were carried out ({share}%).",
    },
    "settled-days": {
        "id": "Dari LHP sampai TLHP: median {median} hari kerja, tercepat {least}, terlama {most}.",
        "en": "From report to follow-up: median {median} working days, fastest {least}, slowest {most}.",
    },
    "settled-unit": {
        "id": "Terbanyak belum selesai: {name} ({n}).",
        "en": "Most are open at: {name} ({n}).",
    },
    "no-advice": {
        "id": "Tidak ada LHP dengan rekomendasi dalam masa ini.",
        "en": "No audit report of this period has recommendations.",
    },
    "risk": {
        "id": "Risiko {decided} dari {all} laporan sudah diputuskan; {high} laporan berisiko tinggi.",
        "en": "The risk of {decided} of {all} reports is decided; {high} reports have a high risk.",
    },
    "act-risk": {
        "id": "Risiko tinggi yang belum diputuskan ({n} laporan) perlu diputuskan sebelum ada orang yang dipanggil.",
        "en": "A high risk that is not decided ({n} reports) needs a decision before anybody is summoned.",
    },
    "overdue": {
        "id": "Pada hari penghitungan, {late} dari {live} kasus yang berjalan lewat waktu.",
        "en": "On the day of counting, {late} of {live} live cases are overdue.",
    },
    "unanswered": {
        "id": "{n} tambahan keterangan dari pelapor belum dijawab.",
        "en": "{n} additions of reporters have no answer yet.",
    },
    "act-late": {
        "id": "Kasus yang lewat waktu perlu didahulukan: pelapor menunggu melewati tanggal yang kami janjikan.",
        "en": "Overdue cases need to come first: their reporters wait beyond the date that we promised.",
    },
    "act-unanswered": {
        "id": "Tambahan yang belum dijawab perlu dibaca: isinya dapat mengubah penilaian.",
        "en": "Additions without an answer need to be read: they may change an assessment.",
    },
    "slowest": {
        "id": "Tahap terlama: {stage}, median {days} hari kerja, {share} % tepat waktu.",
        "en": "The longest stage: {stage}, median {days} working days, {share}% in time.",
    },
    "few": {
        "id": "Jumlah laporan sedikit: selisih antara dua angka bisa hanya kebetulan.",
        "en": "The number of reports is small: a difference of two figures may be due to chance.",
    },
    "all-in-time": {
        "id": "Tidak ada kasus yang lewat waktu dan tidak ada tambahan yang menunggu jawaban.",
        "en": "No case is overdue, and no addition waits for an answer.",
    },
}


@dataclass(frozen=True)
class Minute:
    """The first page: numbers with their names, then headings with their sentences."""

    figures: list[tuple[str, str]]
    parts: list[tuple[str, list[str]]]


def one_minute(counts: Counts, bodies: Mapping[str, Words], language: str) -> Minute:
    """Return the first page of a period's report.

    Args:
        counts: the tables.
        bodies: names of the bodies that cases are referred to (settings).
        language: `id` or `en`.
    """
    track = {
        row: counts.cell("track", row) for row in ("waiting", "examined", "referred", "proven", "unproven", "refused")
    }
    followed = sum(counts.cell("track", row) for row in FOLLOWED)
    late, live = counts.cell("live", "overdue"), counts.cell("live", TOTAL)
    unanswered = counts.cell("answered", "unanswered")

    def worded(sentence: str, /, **values: object) -> str:
        return _SENTENCES[sentence][language].format(**values)

    came = [worded("none")]
    if counts.total:
        wbs, dumas, unstated = (counts.cell("channel", code) for code in CHANNELS)
        came = [worded("came", total=counts.total, wbs=wbs, dumas=dumas, unstated=unstated)]
        for table, name in (("category", "most"), ("province", "place")):
            if found := _most(counts, table):
                came.append(worded(name, name=row_label(table, found[0], language, bodies), n=found[1]))
    done = [worded("followed", followed=followed, **track), worded("others", **track)] if counts.total else [came[0]]
    advice = [worded(name, **values) for name, values in _advice(counts)]
    levels = {row.code: row.values for row in counts.table("risk").rows}
    if counts.total:
        done.append(worded("risk", decided=levels[TOTAL][1], all=counts.total, high=levels[_HIGH][0]))
    overdue = [worded("overdue", late=late, live=live), *([worded("unanswered", n=unanswered)] if unanswered else [])]
    means = [
        *([worded("act-late")] if late else []),
        *([worded("act-unanswered")] if unanswered else []),
        *([worded("act-risk", n=waits)] if (waits := levels[_HIGH][2]) else []),
        *([] if late or unanswered else [worded("all-in-time")]),
    ]
    if slow := _slowest(counts):
        means.append(
            worded("slowest", stage=row_label("stage", slow[0], language, bodies), days=slow[1], share=slow[2])
        )
    if 0 < counts.total < _FEW:
        means.append(worded("few"))
    figures = {
        "came": counts.total,
        "followed": followed,
        "ended": track["proven"] + track["unproven"],
        "overdue": late,
        "settled": f"{counts.cell('settlement', 'done')}/{counts.cell('settlement', TOTAL)}",
    }
    parts = {"came": came, "done": [*done, *advice], "late": overdue, "means": means}
    return Minute(
        [(str(number), _FIGURES[name][language]) for name, number in figures.items()],
        [(_HEADS[name][language], sentences) for name, sentences in parts.items()],
    )


def _advice(counts: Counts) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield the sentences about recommendations, each with its values."""
    every, done = counts.cell("settlement", TOTAL), counts.cell("settlement", "done")
    if not every:
        yield "no-advice", {}
        return
    yield "settled", {"done": done, "all": every, "share": round(100 * done / every)}
    (days,) = counts.table("settlement-days").rows
    if days.values[0]:
        yield "settled-days", dict(zip(("median", "least", "most"), days.values[1:4], strict=True))
    units = counts.table("settlement-unit")
    places = [units.columns.index(outcome) for outcome in _WAITING]
    waits = {row.code: sum(row.values[at] or 0 for at in places) for row in units.rows if row.code != UNKNOWN}
    name = max(waits, key=waits.__getitem__, default="")
    if waits.get(name):
        yield "settled-unit", {"name": name, "n": waits[name]}


def _most(counts: Counts, table: str) -> tuple[str, int] | None:
    """Return the row with most reports and their number, or None."""
    rows = [row for row in counts.table(table).rows if row.code not in (TOTAL, *_NOT_SORTED) and row.values[0]]
    found = max(rows, key=lambda row: row.values[0] or 0, default=None)
    return (found.code, found.values[0] or 0) if found else None


def _slowest(counts: Counts) -> tuple[str, int, int] | None:
    """Return the stage with the longest median, its median and its share in time; None if no stage has a limit."""
    found = [
        (row.code, median, share)
        for row in counts.table("stage").rows
        if row.code != _REPORTERS
        and (median := row.values[_MEDIAN]) is not None
        and (share := row.values[_ON_TIME]) is not None
    ]
    return max(found, key=lambda one: one[1], default=None)
