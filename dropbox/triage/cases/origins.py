"""How a case came to the desk. A third of all reports are not typed by their reporters (domain notes 2.2).

Rule: `online` is what joining gives a case by itself; no officer can say so.
"""

from collections.abc import Mapping
from typing import Final

ONLINE: Final = "online"
ORIGINS: Final[Mapping[str, Mapping[str, str]]] = {
    "surat": {"id": "Surat", "en": "Letter"},
    "langsung": {"id": "Datang langsung", "en": "Walk-in"},
    "whatsapp": {"id": "WhatsApp atau SMS", "en": "WhatsApp or SMS"},
    "telepon": {"id": "Telepon", "en": "Telephone"},
    "email": {"id": "Email", "en": "E-mail"},
    "lapor": {"id": "SP4N-LAPOR!", "en": "SP4N-LAPOR!"},
    "tembusan": {"id": "Tembusan instansi lain", "en": "Copy from another body"},
}
