"""Lists every sentence that Python code of the courier's page shows, by key: Indonesian here, English in translations/.

Rule: a sentence says what is wrong, then what to do; it never repeats typed text.
"""

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

ERRORS: Final[dict[str, LazyString]] = {
    "wrong-host": _l("Halaman ini hanya dapat dibuka lewat alamat onion-nya atau di komputer server."),
    "cross-site": _l("Permintaan ini datang dari halaman lain. Tidak ada yang berubah."),
    "ended": _l("Sesi sudah berakhir. Buka halaman awal dan masuk, lalu lanjutkan unduhan."),
    "not-found": _l("Tidak ditemukan. Kembali ke halaman awal."),
    "refused": _l("Tidak dapat dilakukan. Tidak ada yang berubah."),
    "form-old": _l("Formulir ini terlalu lama terbuka. Muat ulang halaman, lalu kirim lagi."),
    "too-large": _l("Berkas ini terlalu besar. Terbitan meja tidak pernah sebesar ini. Tidak ada yang berubah."),
    "no-file": _l("Belum ada berkas yang dipilih. Pilih berkas di stik, lalu kirim."),
    "upload-busy": _l("Berkas lain sedang diterima. Tunggu sebentar, lalu kirim lagi."),
    "download-busy": _l("Terlalu banyak unduhan berjalan. Tunggu sampai satu selesai, lalu coba lagi."),
    "gate": _l("Gerbang server tidak menjawab. Coba lagi; bila tetap terjadi, beri tahu administrator."),
    "internal": _l("Ada kesalahan di program. Coba lagi; bila tetap terjadi, beri tahu administrator."),
}
WRONG: Final = _l("Nama, frasa sandi, atau kodenya salah, atau kodenya sudah dipakai. Tunggu kode berikutnya.")
THROTTLED: Final = _l("Terlalu banyak percobaan. Isi juga kode perangkat, atau pakai peramban yang pernah masuk.")
BUSY: Final = _l("Halaman sedang sibuk. Tunggu sebentar, lalu coba lagi.")
AGAIN: Final = _l("Minta meja itu menerbitkan lagi, dan sampaikan pesan ini kepadanya.")
COPY: Final = _l("Salin lagi berkas itu dari meja kerja, tunggu sampai stik boleh dicabut, lalu kirim.")
NEWER: Final = _l("Cari di stik berkas meja itu yang nomornya lebih besar, lalu kirim.")
CARRY: Final = _l("Bawa berkas itu ke tempatnya, lalu kirim berkas yang benar.")
RETRY: Final = _l("Kirim berkas yang sama lagi. Mengirim dua kali tidak mengubah apa pun.")
TELL: Final = _l("Beri tahu administrator, dan sampaikan pesan ini.")
