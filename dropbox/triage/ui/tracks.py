"""Collects a case's tracks for its page: requests for protection, sealed identities, the clearing letter.

Rule: this module only reads. It includes the tracks of merged cases; the actions are in pages.tracks.
"""

from dataclasses import dataclass
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from dropbox.triage.access import identity, permission, roles
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import casebook, deadlines
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import letters, measures, merging, protection
from dropbox.triage.casework.protection import Request
from dropbox.triage.ui import export_folder
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.vocabulary import lazy
from dropbox.wire.calendar import date_of

OUTCOMES: Final = lazy.table("protection_outcome")
LETTER_FIELDS: Final[dict[str, LazyString]] = {
    "name": _l("Nama terlapor"),
    "position": _l("Jabatan terlapor"),
    "unit": _l("Satker terlapor"),
    "number": _l("Nomor surat"),
    "signer": _l("Nama penanda tangan"),
    "signer_title": _l("Jabatan penanda tangan"),
    "nip": _l("NIP penanda tangan"),
    "place": _l("Kota"),
}


@dataclass(frozen=True)
class Tracks:
    """The tracks of a case.

    Attributes:
        requests: for protection, oldest first, each with the name of its case.
        identities: number of each sealed identity, with the name of its case.
        may_clear: whether its status allows a clearing letter.
    """

    requests: tuple[tuple[Request, str], ...]
    identities: tuple[tuple[int, str], ...]
    may_clear: bool

    @property
    def is_waiting(self) -> bool:
        """Return whether one of the requests waits for its answer."""
        return any(request.status == protection.OPEN for request, _ in self.requests)


def of(vault: Vault, case: Case) -> Tracks:
    """Return the tracks of a case and of the cases merged into it."""
    cases = [casebook.case_of(vault, number) for number in (case.number, *merging.followers(vault, case.number))]
    return Tracks(
        tuple((request, member.name) for member in cases for request in protection.of_case(vault, member)),
        tuple((number, member.name) for member in cases for number in identity.numbers(vault, member)),
        case.status in (letters.CLEARED, permission.ARCHIVED),
    )


def context(work: Work, case: Case) -> dict[str, Any]:
    """Return the template variables with which the case's page shows its tracks."""
    here = work.settings.workstation
    head = here.letterhead
    presets = {
        "unit": case.unit,
        "signer": head.signer,  # empty: the title is not that of the officer who prints
        "signer_title": head.signer_title["id"],
        "nip": head.signer_nip,
        "place": head.place,
    }
    return {
        "tracks": of(work.vault, case),
        "protections": protection.KINDS,
        "outcomes": OUTCOMES,
        "urgency_of": lambda due: deadlines.urgency(work.settings, work.today, due),
        "letter_fields": [(name, label, presets.get(name, "")) for name, label in LETTER_FIELDS.items()],
        "measures": measures.of_case(work, case)
        if roles.may(here, work.vault.officer, Permission.MEASURE_MANAGE)
        else [],
        "measure_kinds": measures.KINDS,
        "measure_results": measures.RESULTS,
        "measure_day_max": date_of(work.today),
        "export_folder": export_folder.shown(work.settings),
    }
