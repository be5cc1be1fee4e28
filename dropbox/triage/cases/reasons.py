"""The fixed list of reasons for which a report is not followed up (domain notes 2.4), and what each asks for.

Rule: a reason that is not named here does not exist. That a report is anonymous is none, whatever words it comes in.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dropbox.vocabulary import vocabulary
from dropbox.vocabulary.codes import Reason as Code
from dropbox.vocabulary.vocabulary import Words

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

    label: Words
    told: Words
    needs: str = ""
    leads: str = ""


_NEEDS: Final = {Code.COURT: REFERENCE, Code.AUTHORITY: TARGET, Code.UNCLEAR: EXPIRED}
_LEADS: Final = {Code.OVERSIGHT: SERVICE, Code.DUPLICATE: MERGE}
REASONS: Final[Mapping[str, Reason]] = {
    code: Reason(
        label=vocabulary.words("reason", code),
        told={} if code in _LEADS else vocabulary.words("reason", code, "told"),
        needs=_NEEDS.get(code, ""),
        leads=_LEADS.get(code, ""),
    )
    for code in Code
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
