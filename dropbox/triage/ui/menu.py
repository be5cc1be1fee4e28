"""The menu of the desk: page, label, the act that it needs (or none), and the key after `g`.

Rule: a page that an officer may not use is not offered; policy.permit is what keeps it shut.
"""

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

MENU: Final[tuple[tuple[str, LazyString, str, str], ...]] = (
    ("inbox", _l("Kotak masuk"), "case.read", "i"),
    ("proposals", _l("Persetujuan"), "", "p"),
    ("referrals", _l("Rujukan"), "refer.propose", "r"),
    ("enter", _l("Catat laporan"), "case.enter", "e"),
    ("book", _l("Buku register"), "case.read", "a"),
    ("statistics", _l("Statistik"), "statistics.read", "s"),
    ("prevention", _l("Pencegahan"), "prevention.manage", "c"),
    ("policies", _l("Kebijakan"), "", "h"),
    ("claims", _l("Pembuktian"), "claim.check", "b"),
    ("exchange", _l("Kurir"), "exchange.import", "x"),
    ("phrases", _l("Templat jawaban"), "phrase.edit", "t"),
    ("officers", _l("Petugas"), "officer.manage", "o"),
    ("journal", _l("Catatan kegiatan"), "log.read", "l"),
    ("oversight", _l("Pengawasan"), "oversight.manage", "w"),
    ("care", _l("Perawatan"), "vault.care", "v"),
    ("account", _l("Akun saya"), "", "m"),
)
