"""What the doctor found, in the officer's words: how it is, and what to do.

Rule: every code of maintenance.examination has a sentence here; `%(n)s` is the finding's number.
"""

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from dropbox.triage.access import orphans
from dropbox.triage.maintenance.examination import BAD, GOOD, WARNING, Finding
from dropbox.triage.vault.work import Work

STATES: Final[dict[str, LazyString]] = {GOOD: _l("Baik"), WARNING: _l("Perhatikan"), BAD: _l("Tindak hari ini")}
SENTENCES: Final[dict[str, LazyString]] = {
    "database-good": _l("Basis data utuh."),
    "database-damaged": _l("Basis data rusak. Berhenti bekerja, dan lanjutkan dengan salinan kedua."),
    "log-whole": _l("Catatan kegiatan utuh: %(n)s baris."),
    "log-altered": _l("Catatan kegiatan sudah diubah. Beri tahu pengawas, lalu bandingkan dengan salinan kedua."),
    "clock-behind": _l("Jam komputer ini %(n)s hari di belakang terbitan terakhirnya. Setel jamnya."),
    "export-ahead": _l(
        "Ekspor terakhir bertanggal %(n)s hari setelah hari ini. Setel jam yang salah. Sampai tanggal itu tidak ada "
        "ekspor yang lebih baru, kecuali dua petugas melupakannya."
    ),
    "blobs-good": _l("%(n)s berkas tersegel ada dan utuh."),
    "blobs-damaged": _l("%(n)s berkas tersegel hilang atau rusak. Cari di salinan kedua, atau minta ekspor baru."),
    "epoch-keys-good": _l("Kunci untuk %(n)s minggu ada."),
    "epoch-keys-missing": _l("Kunci untuk %(n)s minggu hilang. Panggil pengelola sebelum terbit."),
    "epoch-keys-waiting": _l("Kunci dari %(n)s minggu lama masih ada. Ambil ekspor baru: ekspor itu menentukannya."),
    "epoch-keys-old-export": _l(
        "Kunci dari %(n)s minggu lama masih ada. Ekspor terakhir tidak lebih baru. Ambil ekspor baru. Bila server "
        "dipulihkan atau jamnya salah, dua petugas dapat melupakan ekspor lama di halaman ini."
    ),
    "epoch-keys-bad-export": _l(
        "Kunci dari %(n)s minggu lama masih ada. Ekspor terakhir rusak atau bukan dari server. Ambil ekspor baru."
    ),
    "epoch-keys-uncertified": _l(
        "Kunci dari %(n)s minggu lama masih ada. Server tidak punya sertifikat yang berlaku. Kurir memintanya di "
        "server, lalu ambil ekspor baru."
    ),
    "epoch-keys-future": _l(
        "Kunci dari %(n)s minggu lama masih ada. Ekspor terakhir bertanggal di masa depan. Bandingkan jam server dan "
        "jam komputer ini, lalu ambil ekspor baru."
    ),
    "epoch-keys-held": _l(
        "Kunci dari %(n)s minggu lama disimpan, karena server masih menyimpan laporannya. "
        "Mungkin meja lain belum mengambilnya."
    ),
    "epoch-keys-few": _l("Kunci ke depan hanya untuk %(n)s minggu. Terbitkan jawaban, lalu kunci baru dibuat."),
    "certificate-none": _l("Tidak ada sertifikat yang berlaku hari ini. Bawa permintaannya ke upacara kunci."),
    "certificate-ends": _l("Sertifikat berlaku %(n)s hari lagi. Perbarui bila kurang dari 20 hari."),
    "revocations-none": _l(
        "Tidak ada daftar pencabutan dari 100 hari terakhir, jadi tidak ada yang dapat terbit. Minta sertifikat di "
        "upacara kunci: daftar baru ikut dengannya."
    ),
    "revocations-end": _l("Daftar pencabutan berlaku %(n)s hari lagi. Daftar baru ikut dengan setiap sertifikat."),
    "copy-missing": _l("Salinan kedua tidak ada di tempatnya. Pasang disknya."),
    "copy-behind": _l("Brankas lebih lama daripada salinan keduanya, atau salinan itu rusak. Panggil pengelola."),
    "copy-same-disk": _l("Salinan kedua ada di disk yang sama. Pindahkan ke disk lain."),
    "copy-damaged": _l("%(n)s berkas salinan kedua rusak. Cocokkan salinan kedua, lalu periksa lagi."),
    "copy-read": _l("Salinan kedua terakhir dibaca seluruhnya %(n)s hari lalu. Baca ulang paling lama 30 hari sekali."),
    "copy-never-read": _l("Salinan kedua belum pernah dibaca seluruhnya. Cocokkan salinan kedua."),
    "restored": _l("Brankas ini dipulihkan %(n)s hari lalu dan belum terbit. Minta sertifikat baru, lalu terbitkan."),
    "statistics-unknown": _l("Statistik yang terbit setelah cadangan belum diketahui. Panggil pengelola."),
    "unopened": _l("%(n)s laporan tidak terbuka dengan kunci baru. Salinan lama mungkin dapat membukanya."),
    "former-copies": _l("%(n)s salinan lama mungkin masih memuat kunci. Pasang disknya, lalu cocokkan."),
    "copy-good": _l("Salinan kedua ada. Yang belum dicocokkan: %(n)s berkas."),
    "never-published": _l("Belum pernah terbit. Pelapor belum punya kunci meja ini."),
    "published": _l("Terbitan terakhir berumur %(n)s hari."),
    "published-long-ago": _l("Terbitan terakhir berumur %(n)s hari. Terbitkan sekarang, supaya pelapor tidak ragu."),
    "officers": _l("%(n)s petugas dapat bekerja di sini."),
    "officers-few": _l("%(n)s petugas dapat bekerja di sini. Penolakan dan penghapusan perlu petugas kedua."),
    "orphans": _l("%(n)s kasus tidak boleh dibuka siapa pun di sini. Tambah petugas luar, atau beri tahu Irjen."),
    "orphans-highest": _l("%(n)s kasus tidak boleh dibuka siapa pun di sini. Tambah petugas luar, atau beri tahu KPK."),
    "disk-full": _l("Sisa disk hanya %(n)s MB. Kosongkan atau ganti disknya."),
    "swap-on": _l("Swap menyala. Isi laporan dapat tertulis ke disk. Matikan atau enkripsi."),
    "others-may-read": _l("%(n)s berkas brankas dapat dibaca pengguna lain. Perbaiki dengan chmod -R go=."),
    "sandbox-missing": _l("Bubblewrap belum terpasang. Lampiran belum dapat dilihat dengan aman."),
    "network-on": _l("Komputer ini terhubung ke jaringan. Cabut kabelnya dan matikan WiFi."),
}


def unopened(work: Work) -> str:
    """A sentence about the cases that nobody of this desk may open, with advice that is true here; empty for none."""
    number = orphans.count(work)
    return str(SENTENCES[orphans.code(work.vault)]) % {"n": number} if number else ""


def shown(findings: list[Finding]) -> list[tuple[str, str, str]]:
    """(state's code, its label, sentence) of each."""
    return [(one.state, str(STATES[one.state]), str(SENTENCES[one.code]) % {"n": one.number}) for one in findings]
