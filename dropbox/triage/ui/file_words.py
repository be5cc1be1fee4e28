"""What the sandbox says about a file, in the officer's language: kinds, warnings, states, facts, notes of a copy.

Rule: codes are those of triage.evidence; each has a label here, and tests/triage_ui holds the two together.
"""

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

KINDS: Final[dict[str, LazyString]] = {
    "jpeg": _l("foto (JPEG)"),
    "png": _l("gambar (PNG)"),
    "webp": _l("gambar (WebP)"),
    "gif": _l("gambar (GIF)"),
    "tiff": _l("gambar (TIFF)"),
    "bmp": _l("gambar (BMP)"),
    "heic": _l("foto (HEIC)"),
    "avif": _l("gambar (AVIF)"),
    "pdf": _l("dokumen (PDF)"),
    "docx": _l("dokumen (Word)"),
    "xlsx": _l("tabel (Excel)"),
    "pptx": _l("salindia (PowerPoint)"),
    "odt": _l("dokumen (ODF)"),
    "ods": _l("tabel (ODF)"),
    "odp": _l("salindia (ODF)"),
    "ole": _l("dokumen Office lama"),
    "rtf": _l("dokumen (RTF)"),
    "html": _l("halaman web (tampil sebagai teks)"),
    "svg": _l("gambar SVG (tampil sebagai teks)"),
    "mail": _l("email"),
    "text": _l("teks"),
    "zip": _l("arsip (ZIP)"),
    "rar": _l("arsip (RAR)"),
    "7z": _l("arsip (7z)"),
    "gzip": _l("arsip (gzip)"),
    "mp4": _l("video (MP4)"),
    "3gp": _l("video (3GP)"),
    "mov": _l("video (QuickTime)"),
    "webm": _l("video (WebM, Matroska)"),
    "avi": _l("video (AVI)"),
    "m4a": _l("suara (M4A)"),
    "mp3": _l("suara (MP3)"),
    "aac": _l("suara (AAC)"),
    "ogg": _l("suara (Ogg, Opus)"),
    "amr": _l("suara (AMR)"),
    "wav": _l("suara (WAV)"),
    "flac": _l("suara (FLAC)"),
    "program": _l("program: jangan pernah dijalankan"),
    "empty": _l("kosong"),
    "unknown": _l("jenisnya tidak dikenal"),
}
WARNINGS: Final[dict[str, LazyString]] = {
    "misnamed": _l("Isinya bukan seperti namanya."),
    "polyglot": _l("Berkas ini dapat menyamar sebagai jenis lain. Mungkin dibuat untuk menipu."),
    "script": _l("Berisi skrip. Di sini skrip tidak pernah dijalankan."),
    "launch": _l("Ingin menjalankan atau mengirim sesuatu. Di sini itu tidak pernah terjadi."),
    "external": _l("Ingin mengambil sesuatu dari jaringan bila dibuka. Di sini tidak pernah diambil."),
    "macro": _l("Berisi makro. Di sini makro tidak pernah dijalankan."),
    "attachments": _l("Ada berkas lain yang tersembunyi di dalamnya."),
    "entities": _l("Berisi entitas XML, seperti berkas yang dibuat untuk merusak."),
    "place": _l("Menyimpan tempat pembuatannya. Berkas aslinya dapat membuka siapa pengirimnya."),
}
STATES: Final[dict[str, LazyString]] = {
    "damaged": _l("Tidak dapat dibaca: rusak, atau jenisnya lain dari tandanya."),
    "locked": _l("Terkunci dengan kata sandi."),
    "bomb": _l("Isinya membengkak jauh melebihi ukurannya: dibuat untuk merusak, jadi dibiarkan tertutup."),
    "time": _l("Terlalu lama dibaca, jadi dihentikan."),
    "stopped": _l("Pembacaan terputus: rusak, atau dibuat untuk merusak. Tidak ada isinya yang lolos."),
    "too-large": _l("Hasilnya akan lebih besar dari yang dapat ditangani."),
    "unsupported": _l("Jenis ini tidak punya pratinjau atau salinan bersih. Hanya aslinya yang dapat disimpan."),
    "no-office": _l("LibreOffice tidak terpasang, jadi dokumen jenis ini tidak dapat ditampilkan."),
    "no-media": _l("ffmpeg tidak terpasang, jadi suara dan video tidak dapat diperiksa."),
    "no-page": _l("Halaman itu tidak ada."),
    "empty": _l("Berkas ini kosong."),
}
FACTS: Final[dict[str, LazyString]] = {
    "pages": _l("Halaman"),
    "width": _l("Lebar (piksel)"),
    "height": _l("Tinggi (piksel)"),
    "seconds": _l("Lama (detik)"),
    "video": _l("Video"),
    "audio": _l("Suara"),
    "tags": _l("Butir metadata"),
    "members": _l("Isi arsip"),
}
NOTES: Final[dict[str, LazyString]] = {
    "cut": _l("Salinan hanya memuat halaman-halaman pertama. Aslinya lebih panjang."),
    "streams": _l("Metadata hilang, tetapi suara dan gambarnya tetap dari pengirim. Jangan buka di komputer penting."),
}
