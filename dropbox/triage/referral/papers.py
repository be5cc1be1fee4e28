"""Writes the papers of a dossier: surat.pdf, a letter to an official, and rujukan.pdf, which it encloses.

Rule: both are made only from rujukan.json, so that they cannot contain more than it does. What a system administrator
needs is at the end of rujukan.pdf, with the hashes of its files on a page of its own.
"""

import datetime
from collections.abc import Iterator
from typing import Any, Final

from dropbox.form import form_file
from dropbox.form.model import Form
from dropbox.settings.installation import Settings
from dropbox.triage.papers import office
from dropbox.triage.papers.paper import Block, Fields, Heading, Items, Text
from dropbox.triage.papers.printing import printed
from dropbox.vocabulary.dates import spoken_date, spoken_month
from dropbox.vocabulary.vocabulary import label
from dropbox.wire.calendar import Day, date_of

_ID: Final = "id"  # both are written in Indonesian
_TITLE: Final = "Berkas rujukan"
_ENCLOSED: Final = "Lampiran surat nomor {number}, tanggal {day}."
_WHOM: Final = "Pelapor tidak kami kenal. Pertanyaan kepada pelapor dapat disampaikan lewat kantor kami."
_EVENTS: Final = "Kronologi"
_SUBJECT: Final = "Penerusan laporan dugaan pelanggaran"
_SUBJECT_OMBUDSMAN: Final = "Penerusan laporan dugaan maladministrasi"
_VISIT: Final = "Pelapor dapat mendatangi Ombudsman sendiri dengan menyebut nomor agenda yang sama."
_TECHNICAL: Final = (
    "Bagian ini untuk pengelola sistem di kantor penerima.",
    "Isi berkas ini juga ada dalam rujukan.json, dengan bentuk yang dapat dibaca program.",
    "Cara membuat jawaban dan pertanyaan ada dalam petunjuk penerima.",
)


def dossier(settings: Settings, facts: dict[str, Any], receiver: str, today: Day) -> bytes:
    """Return rujukan.pdf: the facts for a human reader, and the page for a system administrator.

    Args:
        settings: of the installation.
        facts: the value of rujukan.json.
        receiver: name of the body.
        today: day of the paper.

    Raises:
        ConfigurationError: this installation cannot make papers.
    """
    number, day = (
        settings.workstation.letterhead.number(date_of(today), is_open=False),
        spoken_date(date_of(today), _ID),
    )
    rows = [(name, lines) for name, lines in _facts(facts, form_file.load(settings.form_file)) if any(lines)]
    blocks: list[Block] = [
        Text(_ENCLOSED.format(number=number, day=day)),
        Text(f"Untuk {receiver}. Memuat dugaan; asas praduga tak bersalah berlaku."),
        Fields(rows),
        *_told(facts),
        *_evidence(facts["bukti"]),
    ]
    technical = list(_technical(facts["bukti"]))
    annexes = technical if facts["bukti"] else []
    paper = office.report(
        settings, today, _TITLE, blocks if annexes else [*blocks, *technical], annexes=annexes, is_signed=False
    )
    return printed(paper)


def letter(settings: Settings, facts: dict[str, Any], receiver: str, today: Day, *, to_ombudsman: bool) -> bytes:
    """Return surat.pdf: the letter with which a dossier is sent; other arguments as `dossier`.

    Args:
        settings: see `dossier`.
        facts: see `dossier`.
        receiver: see `dossier`.
        today: see `dossier`.
        to_ombudsman: whether the receiver is the Ombudsman, whom a reporter may visit with the agenda number.

    Raises:
        ConfigurationError: this installation cannot make papers.
    """
    agenda = facts["nomor_register"]
    cited = f" dengan nomor agenda {agenda}" if agenda else ""
    enclosed = "Berkas rujukan" + (f" dan {count} berkas bukti" if (count := len(facts["bukti"])) else "")
    texts = [
        "Dengan hormat,",
        f"Bersama surat ini kami meneruskan laporan{cited}. Uraiannya terlampir.",
        label("request", facts["permintaan"], _ID, "paper"),
        _WHOM,
        *([_VISIT] if to_ombudsman and agenda else []),
        "Laporan ini memuat dugaan. Mohon kerahasiaannya dijaga dan asas praduga tak bersalah dihormati.",
        "Atas perhatian dan kerja sama Saudara, kami mengucapkan terima kasih.",
    ]
    subject = _SUBJECT_OMBUDSMAN if to_ombudsman else _SUBJECT
    paper = office.letter(
        settings, today, subject, [f"Pimpinan {receiver}"], [Text(text) for text in texts], enclosed=enclosed
    )
    return printed(paper)


def _facts(facts: dict[str, Any], form: Form) -> Iterator[tuple[str, list[str]]]:
    place, time, said = facts["tempat"], facts["waktu"], facts["persetujuan_pelapor"]
    yield "Nomor agenda", [facts["nomor_register"]]
    yield "Diterima", [_date(facts["tanggal_terima"])]
    yield "Kanal", [label("channel", facts.get("kanal", ""), _ID)]
    yield "Kategori", [label("category", facts["kategori"], _ID)]
    yield "Kode masalah", [_problem(facts.get("kode_masalah", ""))]
    yield "Perihal", [facts["perihal"]]
    yield "Permintaan", [label("request", facts["permintaan"], _ID, "paper")]
    kind = form.unit_label(place["jenis"], _ID)
    yield "Tempat", [", ".join(filter(None, (place["satker"], kind, place["kabkota"], place["provinsi"])))]
    yield "Waktu", [" sampai ".join(filter(None, (_date(time["dari"]), _date(time["sampai"]))))]
    persons = facts["terlapor"]
    for place_of, person in enumerate(persons, 1):
        known = filter(None, (person[name] for name in ("nama", "jabatan", "satker", "peran")))
        yield f"Terlapor {place_of}" if len(persons) > 1 else "Terlapor", [", ".join(known)]
    yield "Nilai", [f"Rp{facts['nilai_rp']:,}".replace(",", ".") if facts["nilai_rp"] else ""]
    yield "Sumber dana", [facts["sumber_dana"]]
    yield "Modus", facts["modus"].splitlines()
    yield "Pernah dilaporkan", facts["pernah_dilaporkan"]
    yield "Pemeriksaan pengadilan", [label("court", facts["status_pengadilan"], _ID)]
    yield "Persetujuan pelapor", [label("said", said["jawaban"], _ID)]
    yield "Pertanyaan kepada pelapor", ["Hanya lewat kantor kami."]


def _told(facts: dict[str, Any]) -> Iterator[Block]:
    review = facts["telaah"]
    for heading, lines in (
        ("Ringkasan dugaan", facts["ringkasan"].splitlines()),
        (_EVENTS, facts["kronologi"]),
        ("Kesimpulan telaah", review["kesimpulan"].splitlines()),
        ("Dasar telaah", review["dasar"].splitlines()),
    ):
        if any(lines):
            yield Heading(heading)
            yield from [Items(lines)] if heading == _EVENTS else (Text(line) for line in lines if line)


def _evidence(files: list[dict[str, Any]]) -> Iterator[Block]:
    if files:
        yield Heading("Bukti")
    for file in files:
        how = f"{label('file_kind', file['jenis'], _ID)}; {label('redaction', file['redaksi'], _ID)}"
        covered = [f"Disamarkan: {hidden}."] if (hidden := _hidden(file["disamarkan"])) else []
        yield Text(f"{file['nama']}: {how}")
        if lines := [*covered, *(note["kalimat"] for note in file["catatan"])]:
            yield Items(lines)


def _technical(files: list[dict[str, Any]]) -> Iterator[Block]:
    yield Heading("Catatan teknis")
    yield from map(Text, _TECHNICAL)
    if files:
        yield Heading("Sidik berkas bukti (SHA-256)", level=2)
        yield Fields([(file["nama"], [file["sha256"]]) for file in files])


def _problem(code: str) -> str:
    """Return a problem code with its label, such as `Korupsi atau pungli (kode 03)`; empty for no code."""
    return f"{label('problem', code, _ID)} (kode {code})" if code else ""


def _hidden(counts: dict[str, int]) -> str:
    """Return what the inspectorate covered in a copy, such as `2 kotak, 1 kata`; empty for nothing."""
    return ", ".join(f"{number} {label('covered', code, _ID)}" for code, number in counts.items() if number)


def _date(text: str) -> str:
    """Return YYYY, YYYY-MM or YYYY-MM-DD in words; empty for nothing."""
    numbers = [int(part) for part in text.split("-")] if text else []
    if len(numbers) == 3:
        return spoken_date(datetime.date(*numbers), _ID)
    return spoken_month(numbers[0], numbers[1], _ID) if len(numbers) == 2 else text
