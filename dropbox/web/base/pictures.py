"""Holds the sentences about chosen files: which hidden details they contain, and whether those are removed.

Rule: details have everyday names (a place, a phone, a name, a day); a file that was not parsed is never called clean.
"""

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

PICTURE_TEXTS: Final[dict[str, LazyString]] = {
    "files-failed": _l(
        "Bagian untuk mengirim berkas belum termuat. Tekan “Coba lagi”. Tanpa berkas, tulisan tetap dapat dikirim."
    ),
    "files-coming": _l("Bagian untuk mengirim berkas sedang dimuat."),
    "chosen": _l("Dipilih: %(names)s"),
    "pictures-checking": _l("Berkas sedang diperiksa."),
    "picture-found": _l("Di 1 foto ada data tersembunyi, misalnya lokasi. Kami hapus dulu."),
    "pictures-found": _l("Di %(count)s foto ada data tersembunyi, misalnya lokasi. Kami hapus dulu."),
    "pictures-broken": _l("Foto yang tidak dapat dibersihkan: %(count)s. Anda perlu memilih."),
    "picture-tells": _l("Foto ini memuat: %(list)s."),
    "picture-broken": _l(
        "Foto ini rusak atau jenisnya tidak biasa, jadi tidak dapat dibersihkan. "
        "Mungkin memuat lokasi, jenis HP, atau tanggal."
    ),
    "picture-open": _l("Pilih dulu: kirim foto ini apa adanya, atau jangan kirim."),
    "picture-new": _l("Foto ini baru selesai diperiksa. Baca pilihannya, lalu tekan tombol tadi sekali lagi."),
    "files-new": _l("Berkas Anda baru selesai diperiksa. Baca keterangannya, lalu tekan tombol tadi sekali lagi."),
    "tells-location": _l("lokasi"),
    "tells-device": _l("jenis HP atau kamera"),
    "tells-author": _l("nama orang"),
    "tells-date": _l("tanggal dan jam"),
    "tells-thumbnail": _l("gambar kecil dari foto asli"),
    "tells-text": _l("catatan"),
    "tells-appended": _l("gambar atau video lain di belakangnya"),
    "tells-other": _l("keterangan lain"),
    "uncleaned-office": _l("Dokumen dapat memuat nama, tanggal, dan tulisan yang sudah dihapus."),
    "uncleaned-media": _l("Video, suara, dan foto jenis ini dapat memuat lokasi, jenis HP, dan tanggal."),
    "uncleaned-unknown": _l("Berkas jenis ini dapat memuat nama atau tanggal."),
    "uncleaned-large": _l("Foto ini terlalu besar untuk dibersihkan di sini. Mungkin memuat lokasi dan tanggal."),
    "uncleaned-some": _l("Berkas jenis lain tidak dapat dibersihkan di sini."),
    "uncleaned-later": _l(
        "Berkas itu dikirim apa adanya. Komputer khusus kami membersihkan yang dapat dibersihkan. "
        "Yang tidak dapat dibersihkan tidak kami teruskan ke instansi lain."
    ),
    "names-telling": _l(
        "Nama berkas ini memuat tanggal, nomor, nama aplikasi, orang, atau tempat. "
        "Ganti bila dapat mengarah kepada Anda."
    ),
}
