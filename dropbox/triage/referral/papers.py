"""What a person reads of a dossier: rujukan.pdf, and the letter that goes to the Ombudsman with it.

Rule: both are made of rujukan.json alone, so that they can say no more than it does.
"""

from collections.abc import Iterator
from typing import Any, Final

from dropbox.settings.installation import Settings
from dropbox.triage.casework.phrases import spoken_date
from dropbox.triage.papers.sheet import BOLD, LINE, Paper
from dropbox.wire.calendar import Day, date_of

_REQUESTS: Final = {
    "ambil-alih": "Mohon mengambil alih penanganan.",
    "koordinasi": "Mohon berkoordinasi dengan kami.",
    "informasi": "Untuk diketahui.",
}
_SAID: Final = {"ya": "menyetujui", "tidak": "tidak menyetujui", "belum": "belum menjawab"}


def dossier(settings: Settings, facts: dict[str, Any], receiver: str, today: Day) -> bytes:
    """rujukan.pdf: the facts, to be read."""
    paper = Paper(settings)
    paper.paragraph("BERKAS RUJUKAN", font=BOLD)
    paper.paragraph("Sifat: Rahasia. Memuat dugaan; asas praduga tak bersalah berlaku.")
    paper.paragraph(f"Kepada: {receiver}", gap=0)
    paper.paragraph(f"Tanggal: {spoken_date(date_of(today), 'id')}")
    for label, text in _sections(facts):
        if text:
            paper.paragraph(label, font=BOLD, gap=0)
            for line in text.splitlines():
                paper.paragraph(line, gap=0)
            paper.skip(0)
            paper.paragraph(" ", gap=0)
    return paper.finish()


def letter(settings: Settings, facts: dict[str, Any], receiver: str, today: Day) -> bytes:
    """surat.pdf: the letter that hands a matter of maladministration over, under its agenda number."""
    paper = Paper(settings)
    paper.paragraph(spoken_date(date_of(today), "id"))
    paper.paragraph(f"Nomor agenda: {facts['nomor_register'] or '-'}", gap=0)
    paper.paragraph("Sifat: Rahasia", gap=0)
    paper.paragraph("Hal: Penerusan laporan dugaan maladministrasi")
    paper.paragraph(f"Yth. {receiver}")
    paper.paragraph("Bersama surat ini kami meneruskan laporan dengan nomor agenda tersebut. Uraiannya terlampir.")
    paper.paragraph("Pelapor tidak kami kenal. Pertanyaan kepada pelapor dapat disampaikan lewat kantor kami.")
    paper.paragraph("Pelapor dapat mendatangi Ombudsman sendiri dengan menyebut nomor agenda yang sama.")
    paper.paragraph(_REQUESTS[facts["permintaan"]])
    paper.skip(3)
    paper.paragraph(f"{settings.office['id']},", gap=3 * LINE)
    return paper.finish()


def _sections(facts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    place, time, said = facts["tempat"], facts["waktu"], facts["persetujuan_pelapor"]
    yield "Nomor agenda", facts["nomor_register"]
    yield "Diterima (bulan)", facts["tanggal_terima"]
    yield "Kanal", facts.get("kanal", "")
    yield "Kategori", " ".join(filter(None, (facts["kategori"], facts.get("kode_masalah", ""))))
    yield "Perihal", facts["perihal"]
    yield "Permintaan", _REQUESTS[facts["permintaan"]]
    yield "Ringkasan dugaan", facts["ringkasan"]
    yield "Kronologi", "\n".join(facts["kronologi"])
    yield "Tempat", ", ".join(filter(None, (place["satker"], place["jenis"], place["kabkota"], place["provinsi"])))
    yield "Waktu", " - ".join(filter(None, (time["dari"], time["sampai"])))
    for one in facts["terlapor"]:
        yield "Terlapor", ", ".join(filter(None, (one["nama"], one["jabatan"], one["satker"], one["peran"])))
    yield "Nilai", f"Rp{facts['nilai_rp']:,}".replace(",", ".") if facts["nilai_rp"] else ""
    yield "Sumber dana", facts["sumber_dana"]
    yield "Modus", facts["modus"]
    yield "Pernah dilaporkan", "\n".join(facts["pernah_dilaporkan"])
    yield "Pemeriksaan pengadilan", facts["status_pengadilan"]
    yield "Kesimpulan telaah", facts["telaah"]["kesimpulan"]
    yield "Dasar telaah", facts["telaah"]["dasar"]
    for one in facts["bukti"]:
        yield "Bukti", f"{one['nama']} ({one['jenis']}, {one['redaksi']})\nSHA-256 {one['sha256']}"
    yield "Persetujuan pelapor", _SAID[said["jawaban"]]
    yield "Pertanyaan", facts["jalur_tanya"]
