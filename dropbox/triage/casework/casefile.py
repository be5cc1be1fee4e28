"""Prints a whole case as one paper: cover, time line, all messages, notes and dispositions, and the list of files.

Rule: it has what the officer may see: nothing of merged cases that are closed to them, and no sealed identity. Each
print is in the log. Texts are as they came; nothing of a file but its name, size and SHA-256 is printed.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from dropbox.disk.visible import visible, visible_lines
from dropbox.form import details, regions
from dropbox.settings.installation import Settings
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import handling, merging, protection, threads
from dropbox.triage.casework.threads import Item
from dropbox.triage.papers import office
from dropbox.triage.papers.paper import Block, Entry, Fields, Heading, NewPage, Table, Text
from dropbox.triage.papers.printing import printed
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.work import Work
from dropbox.vocabulary import vocabulary
from dropbox.vocabulary.dates import spoken_date
from dropbox.wire.calendar import Day, date_of

DID: Final = "case-file"
_ID: Final = "id"  # a case file is written in Indonesian
_CAME: Final = {
    "report": "Laporan",
    "addition": "Tambahan dari pelapor",
    "withdraw": "Pelapor menarik laporannya",
    "read": "Dibaca pelapor",
    "file": "Berkas dari pelapor",
}
_WROTE: Final = {"note": "Catatan internal", "disposition": "Disposisi", "withdrawal": "Disposisi dicabut"}
_COVER_NOTE: Final = (
    "Berkas ini memuat apa yang boleh dibaca petugas yang mencetaknya. Identitas tersegel tidak dicetak.",
    "Memuat dugaan; asas praduga tak bersalah berlaku. Simpan di tempat terkunci.",
)


def print_case(work: Work, case: Case) -> bytes:
    """Return the paper of a case (PDF); marks the case as read by the officer at work.

    Raises:
        RefusedError: the officer's roles do not allow it, or the paper is too long.
        NotFoundError: the officer is excluded from the case.
        ConfigurationError: this installation cannot make papers.
    """
    permission.permit(work, Permission.FILE_EXPORT, case.number)
    items = threads.read(work, case)
    blocks: list[Block] = [
        Fields(list(_cover(work, case))),
        *map(Text, _COVER_NOTE),
        Heading("Garis waktu"),
        Table(
            ("Tanggal", "Kejadian", "Kasus", "Oleh"),
            [(_day(item.day), _what(work.settings, item), item.case, _who(item)) for item in items],
            (3, 7, 2, 3),
        ),
        NewPage(),
        Heading("Pesan, jawaban, dan catatan"),
        *(Entry(f"{_day(item.day)}: {_what(work.settings, item)}", list(_lines(work, item))) for item in items),
        *_files(items),
    ]
    paper = office.report(work.settings, work.today, f"Berkas kasus {case.name}", blocks, is_signed=False)
    made = printed(paper)
    with transaction(work.vault.db):
        audit_log.write(work.vault, Permission.FILE_EXPORT, case.number, did=DID)
    return made


def _cover(work: Work, case: Case) -> Iterator[tuple[str, list[str]]]:
    found = {
        "Kasus": case.name,
        "Nomor agenda": case.agenda,
        "Perihal": case.subject,
        "Status": vocabulary.label("status", case.status, _ID),
        "Kanal": vocabulary.label("channel", case.channel, _ID),
        "Kategori": vocabulary.label("category", case.category, _ID),
        "Satuan kerja": case.unit,
        "Kabupaten atau kota": regions.regencies().get(case.district, case.district),
        "Provinsi": regions.provinces().get(case.province, case.province),
        "Dikirim": _day(Day(case.sent)),
        "Batas waktu": _day(Day(case.due)) if case.due else "",
        "Ditutup": _day(Day(case.closed)) if case.closed else "",
        "Label": ", ".join(handling.tags(work.vault, case)),
        "Digabung dengan": ", ".join(
            casebook.case_of(work.vault, one).name for one in merging.followers(work.vault, case.number)
        ),
        "Dicetak oleh": f"{work.vault.officer.name}, {_day(work.today)}",
    }
    yield from ((name, [visible(value)]) for name, value in found.items() if value)


def _what(settings: Settings, item: Item) -> str:
    """Return what happened, such as `Jawaban: Sedang ditelaah` or `Disposisi kepada Inspektorat I`."""
    if item.kind == "answer":
        return f"Jawaban: {vocabulary.label('status', item.status, _ID)}" if item.status else "Pesan kepada pelapor"
    if item.kind in _CAME:
        return f"{_CAME[item.kind]}: {visible(item.file.name)}" if item.file else _CAME[item.kind]
    offices = settings.workstation.offices
    to = offices[item.office][_ID] if item.office in offices else item.office
    whom = ", ".join(filter(None, (to, item.assignee)))
    return _WROTE.get(item.kind, _WROTE["note"]) + (f" kepada {visible(whom)}" if whom else "")


def _who(item: Item) -> str:
    return visible(item.officer) or ("Pelapor" if item.kind in _CAME else "Inspektorat")


def _lines(work: Work, item: Item) -> Iterator[str]:
    yield f"Kasus {item.case}. {_who(item)}."
    yield from visible_lines(item.text) if item.text else ()
    if item.next:
        yield f"Dijanjikan kepada pelapor: {_day(Day(item.next))}."
    if item.whole_bytes:
        yield "Teks ini dipotong; teks utuh ada di komputer kerja."
    if item.file:
        yield f"{item.file.size} byte, SHA-256 {item.file.sha256.hex()}"
    for name, value in item.fields.items():
        if value.strip() and name != "act" and not name.startswith("x-"):
            yield f"{vocabulary.label('field', name, _ID) or visible(name)}:"
            yield from _value(name, value)
    for section in details.sections(details.form_of(work.settings), item.fields, _ID):
        for answer in section.answers:
            yield f"{visible(answer.label)}:"
            yield from visible_lines(answer.value)


def _value(name: str, value: str) -> Iterable[str]:
    if name in ("channel", "category"):
        return [vocabulary.label(name, value, _ID) or visible(value)]
    if name == "protection":
        return [vocabulary.label("protection", kind, _ID, "short") for kind in protection.kinds_in(value)]
    return visible_lines(value)


def _files(items: list[Item]) -> Iterator[Block]:
    found = [item.file for item in items if item.file]
    yield Heading("Daftar berkas")
    if not found:
        yield Text("Tidak ada berkas.")
        return
    rows = [(visible(one.name), f"{one.size:,}".replace(",", "."), one.sha256.hex()) for one in found]
    yield Table(("Nama", "Ukuran (byte)", "SHA-256"), rows, (4, 2, 7))


def _day(day: Day) -> str:
    return spoken_date(date_of(day), _ID)
