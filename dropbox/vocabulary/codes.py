"""Enumerations of the closed sets of codes: their values are the codes of vocabulary.toml, in its order.

Rule: a member is its code (`str`): it is written to the database and to the wire as it is. tests/vocabulary compares
the sets with the data file, the wire format and the form.
"""

from enum import StrEnum


class Status(StrEnum):
    """The states of a case, in the order of its life (domain notes 2.3)."""

    TERKIRIM = "TERKIRIM"
    DITERIMA = "DITERIMA"
    VERIFIKASI = "VERIFIKASI"
    BUTUH_INFO = "BUTUH_INFO"
    TELAAH = "TELAAH"
    KLARIFIKASI = "KLARIFIKASI"
    PULBAKET = "PULBAKET"
    AUDIT = "AUDIT"
    DILIMPAHKAN = "DILIMPAHKAN"
    SELESAI_TERBUKTI = "SELESAI_TERBUKTI"
    SELESAI_TIDAK = "SELESAI_TIDAK"
    DITOLAK = "DITOLAK"
    DIARSIPKAN = "DIARSIPKAN"


class Channel(StrEnum):
    """Who reports: an employee (whistleblowing system), a member of the public, or somebody who did not say."""

    WBS = "wbs"
    DUMAS = "dumas"
    TIDAK_DISEBUT = "tidak-disebut"


class Category(StrEnum):
    """What a report is about (domain notes 2.6)."""

    DISIPLIN = "disiplin"
    WEWENANG = "wewenang"
    KORUPSI = "korupsi"
    PUNGLI = "pungli"
    GRATIFIKASI = "gratifikasi"
    PELAYANAN = "pelayanan"
    TIDAK_TAHU = "tidak-tahu"


class Origin(StrEnum):
    """How a report came to the desk (domain notes 2.2); ONLINE is set by the program alone."""

    ONLINE = "online"
    SURAT = "surat"
    LANGSUNG = "langsung"
    WHATSAPP = "whatsapp"
    TELEPON = "telepon"
    EMAIL = "email"
    LAPOR = "lapor"
    TEMBUSAN = "tembusan"


class Reason(StrEnum):
    """Why a report is not followed up (domain notes 2.4)."""

    COURT = "court"
    AUTHORITY = "authority"
    UNCLEAR = "unclear"
    OVERSIGHT = "oversight"
    EVIDENCE = "evidence"
    DUPLICATE = "duplicate"
    TEST = "test"


class Protection(StrEnum):
    """What a reporter may ask to be protected from."""

    CAREER = "career"
    PHYSICAL = "physical"
    LEGAL = "legal"


class ProtectionOutcome(StrEnum):
    """How a request for protection ended."""

    GRANTED = "granted"
    DENIED = "denied"
    LPSK = "lpsk"


class MeasureKind(StrEnum):
    """Rewards, sanctions and protection measures."""

    AWARD = "award"
    PREMIUM = "premium"
    SANCTION_RETALIATION = "sanction-retaliation"
    SANCTION_BAD_FAITH = "sanction-bad-faith"
    SANCTION_DUTY = "sanction-duty"
    PROTECT_SECRECY = "protect-secrecy"
    PROTECT_CAREER = "protect-career"
    PROTECT_PHYSICAL = "protect-physical"
    PROTECT_LEGAL = "protect-legal"


class MeasureResult(StrEnum):
    """How a measure ended."""

    WORKED = "worked"
    FAILED = "failed"


class IdentityReason(StrEnum):
    """Why a sealed identity is opened."""

    CONSENT = "consent"
    PROTECTION = "protection"
    DANGER = "danger"
    COURT = "court"


class Bound(StrEnum):
    """Why an entry on a timeline cannot be taken back before it leaves."""

    IMPORT = "import"
    SEALED = "sealed"


class Track(StrEnum):
    """Where the statistics count a report."""

    WAITING = "waiting"
    EXAMINED = "examined"
    REFERRED = "referred"
    PROVEN = "proven"
    UNPROVEN = "unproven"
    REFUSED = "refused"


class Urgency(StrEnum):
    """How soon a case is due."""

    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"
    NONE = "none"


class FileWarning(StrEnum):
    """What an officer must know before a file is opened."""

    MISNAMED = "misnamed"
    POLYGLOT = "polyglot"
    SCRIPT = "script"
    LAUNCH = "launch"
    EXTERNAL = "external"
    MACRO = "macro"
    ATTACHMENTS = "attachments"
    ENTITIES = "entities"
    PLACE = "place"


class FileState(StrEnum):
    """Why a file was not shown, read or cleaned."""

    DAMAGED = "damaged"
    LOCKED = "locked"
    BOMB = "bomb"
    TIME = "time"
    STOPPED = "stopped"
    TOO_LARGE = "too-large"
    UNSUPPORTED = "unsupported"
    NO_OFFICE = "no-office"
    NO_MEDIA = "no-media"
    NO_ARCHIVE = "no-archive"
    NO_PAGE = "no-page"
    EMPTY = "empty"
