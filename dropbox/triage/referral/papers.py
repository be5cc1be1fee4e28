"""Writes the papers of a dossier: rujukan.pdf, and the letter to the Ombudsman.

Rule: both are made only from rujukan.json, so that they cannot contain more than it does.
"""

from collections.abc import Iterator
from typing import Any, Final

from dropbox.form import form_file
from dropbox.form.model import Form
from dropbox.settings.installation import Settings
from dropbox.triage.casework.phrases import spoken_date
from dropbox.triage.papers.sheet import BOLD, LINE, Paper
from dropbox.vocabulary.vocabulary import label
from dropbox.wire.calendar import Day, date_of

_ID: Final = "id"  # both are written in Indonesian


def dossier(settings: Settings, facts: dict[str, Any], receiver: str, today: Day) -> bytes:
    """Return rujukan.pdf: the facts for a human reader.

    Args:
        settings: of the installation.
        facts: the value of rujukan.json.
        receiver: name of the body.
        today: day of the paper.
    """
    paper = Paper(settings)
    paper.paragraph("BERKAS RUJUKAN", font=BOLD)
    paper.paragraph("Sifat: Rahasia. Memuat dugaan; asas praduga tak bersalah berlaku.")
    paper.paragraph(f"Kepada: {receiver}", gap=0)
    paper.paragraph(f"Tanggal: {spoken_date(date_of(today), 'id')}")
    for heading, text in _sections(facts, form_file.load(settings.form_file)):
        if text:
            paper.paragraph(heading, font=BOLD, gap=0)
            for line in text.splitlines():
                paper.paragraph(line, gap=0)
            paper.skip(0)
            paper.paragraph(" ", gap=0)
    return paper.finish()


def letter(settings: Settings, facts: dict[str, Any], receiver: str, today: Day) -> bytes:
    """Return surat.pdf: the letter that transfers a matter of maladministration; arguments as `dossier`."""
    paper = Paper(settings)
    paper.paragraph(spoken_date(date_of(today), "id"))
    paper.paragraph(f"Nomor agenda: {facts['nomor_register'] or '-'}", gap=0)
    paper.paragraph("Sifat: Rahasia", gap=0)
    paper.paragraph("Hal: Penerusan laporan dugaan maladministrasi")
    paper.paragraph(f"Yth. {receiver}")
    paper.paragraph("Bersama surat ini kami meneruskan laporan dengan nomor agenda tersebut. Uraiannya terlampir.")
    paper.paragraph("Pelapor tidak kami kenal. Pertanyaan kepada pelapor dapat disampaikan lewat kantor kami.")
    paper.paragraph("Pelapor dapat mendatangi Ombudsman sendiri dengan menyebut nomor agenda yang sama.")
    paper.paragraph(label("request", facts["permintaan"], _ID, "paper"))
    paper.skip(3)
    paper.paragraph(f"{settings.office['id']},", gap=3 * LINE)
    return paper.finish()


def _sections(facts: dict[str, Any], form: Form) -> Iterator[tuple[str, str]]:
    place, time, said = facts["tempat"], facts["waktu"], facts["persetujuan_pelapor"]
    yield "Nomor agenda", facts["nomor_register"]
    yield "Diterima (bulan)", facts["tanggal_terima"]
    yield "Kanal", label("channel", facts.get("kanal", ""), _ID)
    yield "Kategori", label("category", facts["kategori"], _ID)
    yield "Kode masalah", _problem(facts.get("kode_masalah", ""))
    yield "Perihal", facts["perihal"]
    yield "Permintaan", label("request", facts["permintaan"], _ID, "paper")
    yield "Ringkasan dugaan", facts["ringkasan"]
    yield "Kronologi", "\n".join(facts["kronologi"])
    kind = form.unit_label(place["jenis"], _ID)
    yield "Tempat", ", ".join(filter(None, (place["satker"], kind, place["kabkota"], place["provinsi"])))
    yield "Waktu", " - ".join(filter(None, (time["dari"], time["sampai"])))
    for person in facts["terlapor"]:
        yield "Terlapor", ", ".join(filter(None, (person[name] for name in ("nama", "jabatan", "satker", "peran"))))
    yield "Nilai", f"Rp{facts['nilai_rp']:,}".replace(",", ".") if facts["nilai_rp"] else ""
    yield "Sumber dana", facts["sumber_dana"]
    yield "Modus", facts["modus"]
    yield "Pernah dilaporkan", "\n".join(facts["pernah_dilaporkan"])
    yield "Pemeriksaan pengadilan", label("court", facts["status_pengadilan"], _ID)
    yield "Kesimpulan telaah", facts["telaah"]["kesimpulan"]
    yield "Dasar telaah", facts["telaah"]["dasar"]
    for file in facts["bukti"]:
        how = f"{label('file_kind', file['jenis'], _ID)}; {label('redaction', file['redaksi'], _ID)}"
        notes = [note["kalimat"] for note in file["catatan"]]
        covered = [f"Disamarkan: {hidden}."] if (hidden := _hidden(file["disamarkan"])) else []
        yield "Bukti", "\n".join((f"{file['nama']}: {how}", *covered, *notes, f"SHA-256 {file['sha256']}"))
    yield "Persetujuan pelapor", label("said", said["jawaban"], _ID)
    yield "Pertanyaan", facts["jalur_tanya"].partition(":")[0]  # without the command for the receiver's program


def _problem(code: str) -> str:
    """Return a problem code with its label, such as `03 Korupsi atau pungli`; empty for no code."""
    return f"{code} {label('problem', code, _ID)}" if code else ""


def _hidden(counts: dict[str, int]) -> str:
    """Return what the inspectorate covered in a copy, such as `2 kotak, 1 kata`; empty for nothing."""
    return ", ".join(f"{number} {label('covered', code, _ID)}" for code, number in counts.items() if number)
