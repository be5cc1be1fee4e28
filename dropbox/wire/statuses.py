"""Defines a timeline's status codes (domain notes 2.3), in the order of a case's life, and a report's choices."""

from typing import Final

SENT: Final = "TERKIRIM"  # stored, not yet collected: shown by the server, never on a board
RECEIVED: Final = "DITERIMA"  # collected by the workstation
QUESTION: Final = "BUTUH_INFO"
STATUSES: Final = (
    SENT,
    RECEIVED,
    "VERIFIKASI",
    QUESTION,
    "TELAAH",
    "KLARIFIKASI",
    "PULBAKET",
    "AUDIT",
    "DILIMPAHKAN",
    "SELESAI_TERBUKTI",
    "SELESAI_TIDAK",
    "DITOLAK",
    "DIARSIPKAN",
)
UNSTATED: Final = "tidak-disebut"  # the reporter did not say who reports
CHANNELS: Final = ("wbs", "dumas", UNSTATED)
CATEGORIES: Final = ("disiplin", "wewenang", "korupsi", "pungli", "gratifikasi", "pelayanan", "tidak-tahu")
