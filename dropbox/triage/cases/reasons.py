"""The fixed list of reasons for which a report is not followed up (domain notes 2.4), and what each asks for.

Rule: a reason that is not named here does not exist. That a report is anonymous is none, whatever words it comes in.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

REFERENCE: Final = "reference"  # the number of the court's case
TARGET: Final = "target"  # the body to which the reporter can go instead
EXPIRED: Final = "expired"  # a question that the reporter left unanswered
SERVICE: Final = "service"  # no refusal: the case goes on as one about services
MERGE: Final = "merge"  # no refusal: the case is merged with the first

_ANONYMITY: Final = re.compile(
    r"anonim|anonym|\b(?:tanpa|tidak ada|tak ada|no|without a?)\s*(?:nama|identitas|name|identity)\b"
    r"|\b(?:nama|identitas|name|identity)\s*(?:pelapor|of the reporter)\b|\b(?:reporter'?s)\s*(?:name|identity)\b"
    r"|surat kaleng|unnamed",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Reason:
    """One entry of the list.

    Attributes:
        label: for officers, by language.
        told: for reporters, by language; `{target}` is the body's name. Empty for what is no refusal.
        needs: REFERENCE, TARGET, EXPIRED or nothing.
        leads: SERVICE or MERGE for what is no refusal, else nothing.
    """

    label: Mapping[str, str]
    told: Mapping[str, str]
    needs: str = ""
    leads: str = ""


REASONS: Final[Mapping[str, Reason]] = {
    "court": Reason(
        {"id": "Sedang atau sudah diperiksa pengadilan", "en": "Is or was examined by a court"},
        {
            "id": "Perkara ini sedang atau sudah diperiksa pengadilan.",
            "en": "A court is examining this matter, or has done so.",
        },
        needs=REFERENCE,
    ),
    "authority": Reason(
        {"id": "Bukan kewenangan Itjen Kemenag", "en": "Not within the Inspectorate's authority"},
        {
            "id": "Hal ini di luar kewenangan kami. Instansi yang tepat: {target}.",
            "en": "This is outside our authority. The right body is: {target}.",
        },
        needs=TARGET,
    ),
    "unclear": Reason(
        {
            "id": "Terlapor atau tempat tidak jelas dan tidak dapat dikonfirmasi",
            "en": "Reported party or place is unclear and could not be confirmed",
        },
        {
            "id": "Nama atau tempat yang dilaporkan belum jelas. Karena itu dugaan ini belum dapat kami cek.",
            "en": "The reported person or place is not clear yet. So we cannot check this allegation yet.",
        },
        needs=EXPIRED,
    ),
    "oversight": Reason(
        {"id": "Tidak berkadar pengawasan", "en": "Not a matter of oversight"},
        {},
        leads=SERVICE,
    ),
    "evidence": Reason(
        {"id": "Data pendukung kurang", "en": "Too little supporting information"},
        {
            "id": "Keterangan yang ada belum cukup untuk memeriksa dugaan ini.",
            "en": "The information that we have is not enough to examine this allegation.",
        },
    ),
    "duplicate": Reason({"id": "Duplikat", "en": "Duplicate"}, {}, leads=MERGE),
    "test": Reason(
        {"id": "Uji coba atau spam (internal)", "en": "Test or spam (internal)"},
        {
            "id": "Kami belum menemukan hal yang dapat kami periksa dalam laporan ini.",
            "en": "We have not found anything in this report that we can examine.",
        },
    ),
}
REFUSED_TEXT: Final[Mapping[str, str]] = {
    "id": (
        "Laporan Anda tidak dapat kami tindak lanjuti. {reason}\n\n"
        "Keputusan ini diperiksa oleh dua petugas. Anda dapat menambah keterangan kapan saja."
        " Kirim tambahan dengan kode dan frasa sandi Anda; laporan akan dibuka kembali."
    ),
    "en": (
        "We cannot follow up your report. {reason}\n\n"
        "Two officers have checked this decision. You can add information at any time."
        " Send it with your code and passphrase; the report is then opened again."
    ),
}


def told(code: str, language: str, target: str = "") -> str:
    """What the reporter reads: the reason, that two officers decided, and how the report is opened again.

    Args:
        code: of REASONS, one that is a refusal.
        language: `id` or `en`.
        target: name of the body, for a reason that needs one.
    """
    return REFUSED_TEXT[language].format(reason=REASONS[code].told[language].format(target=target))


def speaks_of_anonymity(text: str) -> bool:
    """Whether a text argues that a reporter gave no name."""
    return _ANONYMITY.search(text) is not None
