"""Lists every sentence that Python code shows to an officer, by key: Indonesian here, English in translations/.

Rule: a sentence says what is wrong, then what to do; it never repeats typed text.
"""

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

ERRORS: Final[dict[str, LazyString]] = {
    "wrong-host": _l("Meja kerja hanya dapat dibuka di komputer ini sendiri, lewat tautan awalnya."),
    "cross-site": _l("Permintaan ini datang dari halaman lain. Tidak ada yang berubah."),
    "not-started": _l("Buka meja kerja lewat tautan awal yang tampil di terminal. Tautan itu hanya berlaku sekali."),
    "start-used": _l("Tautan awal ini salah atau sudah dipakai. Jalankan meja kerja sekali lagi."),
    "not-found": _l("Tidak ditemukan. Mungkin nomornya salah."),
    "refused": _l("Tidak dapat dilakukan. Tidak ada yang berubah."),
    "form-old": _l("Formulir ini terlalu lama terbuka. Muat ulang halaman, lalu kirim lagi."),
    "too-large": _l("Kiriman ini terlalu besar."),
    "internal": _l(
        "Ada kesalahan di program. Yang sudah tersimpan tetap aman. Coba lagi. "
        "Bila tetap terjadi, jalankan `dropbox triage doctor`."
    ),
    "unlock-failed": _l("Nama petugas atau frasa sandinya salah."),
    "locked": _l("Meja kerja sudah terkunci. Kiriman terakhir belum tersimpan; yang sebelumnya tetap aman."),
    "busy": _l("Meja kerja sedang sibuk. Tunggu sebentar, lalu muat ulang halaman ini."),
    "vault-busy": _l("Brankas sedang dipakai perintah lain. Tunggu sampai selesai."),
}
