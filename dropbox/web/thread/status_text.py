"""What each status means for a reporter, and what they may ask for: who acts now, and what they can do themselves.

Rule: plain words, at most fifteen to a sentence; what cannot be told yet is not hinted at.
"""

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

MEANINGS: Final[dict[str, LazyString]] = {
    "TERKIRIM": _l("Laporan tersimpan terkunci di server. Petugas belum mengambilnya. Buka lagi beberapa hari lagi."),
    "DITERIMA": _l(
        "Petugas sudah mengambil laporan Anda. Berikutnya petugas memeriksa kelengkapannya. "
        "Anda boleh menambah keterangan."
    ),
    "VERIFIKASI": _l(
        "Petugas memeriksa apakah laporan ini lengkap, dan apakah ini wewenang kami. Anda boleh menambah keterangan."
    ),
    "BUTUH_INFO": _l("Petugas menunggu jawaban Anda. Selama itu hitungan waktu kami berhenti."),
    "TELAAH": _l("Tim menelaah apakah dugaan ini perlu diperiksa lebih lanjut. Anda boleh menambah keterangan."),
    "KLARIFIKASI": _l(
        "Petugas meminta penjelasan kepada pihak terkait. Jangan bertanya sendiri kepada mereka. "
        "Tulis di sini bila keadaan Anda berubah."
    ),
    "PULBAKET": _l(
        "Petugas mengumpulkan keterangan lebih banyak. Ini dapat memakan waktu. "
        "Jangan menyelidiki sendiri. Anda boleh menambah keterangan."
    ),
    "AUDIT": _l(
        "Petugas sedang memeriksa dugaan ini. Petugas dapat datang ke tempat kerja. "
        "Jangan menunjukkan bahwa Anda yang melapor."
    ),
    "DILIMPAHKAN": _l(
        "Instansi lain sekarang yang memeriksa. Jawaban mereka kami sampaikan di sini. "
        "Anda tetap boleh menambah keterangan."
    ),
    "SELESAI_TERBUKTI": _l(
        "Pemeriksaan selesai. Dugaan terbukti. Tindakan selanjutnya ada pada pejabat yang berwenang. "
        "Anda tetap boleh menulis di sini."
    ),
    "SELESAI_TIDAK": _l(
        "Pemeriksaan selesai. Dugaan tidak terbukti, atau buktinya belum cukup. "
        "Ada keterangan baru? Kirim di sini, dan laporan dibuka kembali."
    ),
    "DITOLAK": _l(
        "Laporan ini tidak dapat kami tindak lanjuti. Keputusan ini diperiksa oleh dua petugas. "
        "Alasannya ada di bawah. Ada keterangan baru? Kirim di sini, dan laporan dibuka kembali."
    ),
    "DIARSIPKAN": _l(
        "Laporan ini disimpan dan tidak dikerjakan lagi. "
        "Ada keterangan baru? Kirim di sini, dan laporan dibuka kembali."
    ),
}

PROTECTIONS: Final[list[tuple[str, LazyString, LazyString]]] = [  # codes as in FORMAT "Record of a blob"
    ("career", _l("Pelindungan karier"), _l("Contoh: Anda dimutasi, diturunkan, atau diancam dipecat.")),
    ("physical", _l("Pelindungan dari ancaman fisik"), _l("Contoh: Anda atau keluarga Anda diancam.")),
    ("legal", _l("Pelindungan hukum"), _l("Contoh: Anda dilaporkan balik atau digugat.")),
]
PROTECTION_KINDS: Final = tuple(code for code, _, _ in PROTECTIONS)
