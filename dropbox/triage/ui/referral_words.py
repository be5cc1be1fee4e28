"""What officers choose from and read on the pages of referrals, by code: Indonesian here, English in translations/.

Rule: codes are those of triage.referral and wire.dossier.
"""

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

REQUESTS: Final[dict[str, LazyString]] = {
    "ambil-alih": _l("Mengambil alih penanganan"),
    "koordinasi": _l("Berkoordinasi dengan kami"),
    "informasi": _l("Untuk diketahui"),
}
PRECISIONS: Final[dict[str, LazyString]] = {
    "tidak-tahu": _l("Tidak tahu"),
    "tahun": _l("Tahun"),
    "bulan": _l("Bulan"),
    "tanggal": _l("Tanggal"),
}
COURTS: Final[dict[str, LazyString]] = {"tidak-tahu": _l("Tidak tahu"), "tidak": _l("Tidak"), "ya": _l("Ya")}
MARKS: Final[dict[str, LazyString]] = {
    "": _l("Tidak ikut"),
    "go": _l("Salinan bersih boleh ikut"),
    "points": _l("Menunjuk pelapor, tidak pernah ikut"),
}
SAID: Final[dict[str, LazyString]] = {"yes": _l("Setuju"), "no": _l("Tidak setuju"), "": _l("Belum ada jawaban")}
RESULTS: Final[dict[str, LazyString]] = {
    "received": _l("Diterima"),
    "working": _l("Sedang ditangani"),
    "found": _l("Selesai, terbukti"),
    "not-found": _l("Selesai, tidak terbukti"),
    "returned": _l("Dikembalikan"),
    "": _l("Tanpa hasil"),
}
WHY: Final[dict[str, LazyString]] = {
    "amount": _l("nilai mencapai batas"),
    "official": _l("diduga melibatkan penyelenggara negara"),
}
