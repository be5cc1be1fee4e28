"""What officers choose from, by code: labels in Indonesian here, English in translations/.

Rule: codes are those of wire.statuses and of the modules of triage. A code without a label is whatever a reporter's
program sent: it shows itself, harmless and short.
"""

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from dropbox.disk.visible import visible

_CODE_MAX: Final = 40  # characters of a code that we do not know

STATUSES: Final[dict[str, LazyString]] = {
    "DITERIMA": _l("Diterima"),
    "VERIFIKASI": _l("Verifikasi"),
    "BUTUH_INFO": _l("Menunggu jawaban pelapor"),
    "TELAAH": _l("Telaah"),
    "KLARIFIKASI": _l("Klarifikasi"),
    "PULBAKET": _l("Pulbaket"),
    "AUDIT": _l("Audit"),
    "DILIMPAHKAN": _l("Dilimpahkan"),
    "SELESAI_TERBUKTI": _l("Selesai, terbukti"),
    "SELESAI_TIDAK": _l("Selesai, tidak terbukti"),
    "DITOLAK": _l("Tidak ditindaklanjuti"),
    "DIARSIPKAN": _l("Diarsipkan"),
}
CHANNELS: Final[dict[str, LazyString]] = {"wbs": _l("WBS"), "dumas": _l("Dumas")}
CATEGORIES: Final[dict[str, LazyString]] = {
    "disiplin": _l("Disiplin ASN"),
    "wewenang": _l("Penyalahgunaan wewenang"),
    "korupsi": _l("Korupsi"),
    "pungli": _l("Pungutan liar"),
    "gratifikasi": _l("Gratifikasi"),
    "pelayanan": _l("Pelayanan"),
    "tidak-tahu": _l("Belum digolongkan"),
}
ORIGINS: Final[dict[str, LazyString]] = {  # the codes of cases.origins
    "online": _l("Situs"),
    "surat": _l("Surat"),
    "langsung": _l("Datang langsung"),
    "whatsapp": _l("WhatsApp atau SMS"),
    "telepon": _l("Telepon"),
    "email": _l("Email"),
    "lapor": _l("SP4N-LAPOR!"),
    "tembusan": _l("Tembusan instansi lain"),
}
URGENCIES: Final[dict[str, LazyString]] = {
    "overdue": _l("Lewat waktu"),
    "soon": _l("Segera"),
    "later": _l("Nanti"),
    "none": _l("Tanpa tanggal"),
}
FIELDS: Final[dict[str, LazyString]] = {
    "channel": _l("Kanal"),
    "category": _l("Jenis menurut pelapor"),
    "what": _l("Apa yang terjadi"),
    "who": _l("Siapa yang dilaporkan"),
    "where": _l("Di mana"),
    "when": _l("Kapan"),
    "protection": _l("Minta perlindungan"),
}
REASONS: Final[dict[str, LazyString]] = {
    "unit": _l("unit sama"),
    "people": _l("nama mirip"),
    "wording": _l("kata-kata mirip"),
    "time": _l("waktu berdekatan"),
}
PROTECTIONS: Final[dict[str, LazyString]] = {
    "career": _l("Perlindungan karier"),
    "physical": _l("Perlindungan fisik"),
    "legal": _l("Perlindungan hukum"),
}

RECURRENCES: Final[dict[str, LazyString]] = {  # the kinds of statistics.recurrence
    "unit": _l("Satker"),
    "service": _l("Layanan"),
    "modus": _l("Modus"),
}
DEEDS: Final[dict[str, LazyString]] = {  # the states of statistics.recommendations
    "open": _l("Belum selesai"),
    "late": _l("Lewat waktu"),
    "done": _l("Sudah dijalankan"),
}


def label(table: dict[str, LazyString], code: str) -> str:
    """A code's label, or the code."""
    return str(table[code]) if code in table else visible(code[:_CODE_MAX])
