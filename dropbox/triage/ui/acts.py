"""What each act of access.roles is called, in groups: for the table of what a role may do.

Rule: every act has a label here; tests/triage_ui finds one that lacks it.
"""

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

GROUPS: Final[tuple[tuple[LazyString, dict[str, LazyString]], ...]] = (
    (
        _l("Kurir"),
        {"exchange.import": _l("Mengambil laporan"), "exchange.publish": _l("Menerbitkan jawaban")},
    ),
    (
        _l("Kasus"),
        {
            "case.read": _l("Membaca kasus"),
            "case.classify": _l("Mengisi klasifikasi"),
            "case.note": _l("Menulis catatan"),
            "case.tag": _l("Memberi label"),
            "case.safeguarding": _l("Membuka kasus kekerasan seksual atau anak"),
            "case.assign": _l("Memberi disposisi"),
            "case.merge": _l("Menggabung kasus"),
            "case.enter": _l("Mencatat surat dan tamu"),
        },
    ),
    (
        _l("Berkas"),
        {
            "file.preview": _l("Melihat dengan aman"),
            "file.export": _l("Mengambil salinan bersih"),
            "file.original": _l("Mengambil berkas asli"),
        },
    ),
    (
        _l("Jawaban dan status"),
        {
            "answer.ask": _l("Bertanya kepada pelapor"),
            "answer.verify": _l("Verifikasi"),
            "answer.review": _l("Telaah"),
            "answer.clarify": _l("Klarifikasi"),
            "answer.examine": _l("Pulbaket dan audit"),
            "answer.refer": _l("Melimpahkan"),
            "answer.close": _l("Menyelesaikan"),
            "answer.archive": _l("Mengarsipkan"),
            "answer.message": _l("Mengirim pesan"),
        },
    ),
    (
        _l("Keputusan dua petugas"),
        {
            "refuse.propose": _l("Mengusulkan tidak ditindaklanjuti"),
            "refuse.approve": _l("Memutuskan tidak ditindaklanjuti"),
            "refer.propose": _l("Menyiapkan rujukan"),
            "refer.approve": _l("Memutuskan rujukan"),
            "delete.propose": _l("Mengusulkan penghapusan"),
            "delete.approve": _l("Memutuskan penghapusan"),
            "epoch.propose": _l("Mengusulkan pemusnahan kunci"),
            "epoch.approve": _l("Memutuskan pemusnahan kunci"),
            "export-reset.propose": _l("Mengusulkan melupakan ekspor terakhir"),
            "export-reset.approve": _l("Memutuskan melupakan ekspor terakhir"),
        },
    ),
    (
        _l("Perlindungan dan identitas"),
        {
            "protection.manage": _l("Mengurus permintaan perlindungan"),
            "measure.manage": _l("Mencatat penghargaan, sanksi, perlindungan"),
            "claim.check": _l("Memeriksa bukti kepengarangan"),
            "letter.clear": _l("Membuat surat pemulihan nama"),
            "identity.seal": _l("Menyegel identitas pelapor"),
            "identity.open": _l("Membuka identitas, berdua"),
            "conflict.lift": _l("Mengizinkan petugas yang dijauhkan"),
        },
    ),
    (
        _l("Meja kerja"),
        {
            "receiver.manage": _l("Mengelola penerima rujukan"),
            "officer.manage": _l("Mengelola petugas"),
            "phrase.edit": _l("Mengubah templat jawaban"),
            "log.read": _l("Membaca catatan kegiatan"),
            "oversight.manage": _l("Mengawasi waktu dan catatan, tanpa isi"),
            "unopened.propose": _l("Mengusulkan pelepasan laporan yang tidak terbuka"),
            "unopened.approve": _l("Memutuskan pelepasan laporan yang tidak terbuka"),
            "vault.care": _l("Merawat brankas"),
        },
    ),
    (
        _l("Register dan statistik"),
        {
            "prevention.manage": _l("Mengurus rekomendasi pencegahan"),
            "register.export": _l("Menulis buku register ke berkas"),
            "statistics.read": _l("Membaca angka"),
            "statistics.publish": _l("Menerbitkan angka untuk umum"),
        },
    ),
)
