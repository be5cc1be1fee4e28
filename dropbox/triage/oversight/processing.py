"""Writes the record of processing activities (UU 27/2022): whose data are processed and how, with this desk's numbers.

Rule: it has numbers and settings of this desk, never text of a report; an unconfirmed entry says so. Cases from which
the officer is excluded are not counted.
"""

from typing import Final

from dropbox.errors import ConfigurationError
from dropbox.settings import policy_files
from dropbox.settings.installation import Settings
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log
from dropbox.triage.oversight import document
from dropbox.triage.oversight.document import Part
from dropbox.triage.tables import case_list, identities, officers
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.vocabulary import vocabulary
from dropbox.vocabulary.dates import spoken_date
from dropbox.vocabulary.vocabulary import Words
from dropbox.wire.calendar import Day, date_of

_FILE: Final = "processing.toml"
TITLE: Final[Words] = {"id": "Daftar kegiatan pemrosesan data pribadi", "en": "Register of processing of personal data"}
_FIELDS: Final[dict[str, Words]] = {
    "purpose": {"id": "Tujuan", "en": "Purpose"},
    "people": {"id": "Subjek data", "en": "Data subjects"},
    "data": {"id": "Data", "en": "Data"},
    "recipients": {"id": "Penerima", "en": "Recipients"},
    "basis": {"id": "Dasar", "en": "Basis"},
    "safeguards": {"id": "Pengamanan", "en": "Safeguards"},
}
_UNCONFIRMED: Final[Words] = {"id": "Belum dipastikan oleh inspektorat.", "en": "Not confirmed by the inspectorate."}
_HELD: Final[Words] = {"id": "Yang tersimpan pada {day}", "en": "What is held on {day}"}
_BY: Final[Words] = {"id": "Menurut hak baca: {officer}", "en": "As far as this officer may read: {officer}"}
_KEPT: Final[Words] = {"id": "Masa simpan setelah kasus berakhir", "en": "Kept after a case has ended"}
_DAYS: Final[Words] = {"id": "{status}: {days} hari", "en": "{status}: {days} days"}
_COUNTED: Final[dict[str, Words]] = {
    "cases": {"id": "Kasus dengan isi: {n}", "en": "Cases with content: {n}"},
    "deleted": {"id": "Kasus yang isinya sudah dihapus: {n}", "en": "Cases whose content was deleted: {n}"},
    "spent": {"id": "Kasus yang masa simpannya habis: {n}", "en": "Cases whose time is over: {n}"},
    "identities": {"id": "Identitas tersegel: {n}", "en": "Sealed identities: {n}"},
    "officers": {"id": "Petugas aktif: {n}", "en": "Active officers: {n}"},
}


def counts(work: Work) -> dict[str, int]:
    """Return numbers of what is stored; `spent`: cases whose deletion should be proposed. Raises RefusedError."""
    permission.permit(work, Permission.OVERSIGHT_MANAGE)

    db, login = work.vault.db, work.vault.officer.login
    kept = work.settings.workstation.retention_days.items()
    spent = ((status, Day(work.today - days)) for status, days in kept if status in permission.ENDED)
    return {
        "cases": case_list.count_live(db, login),
        "deleted": case_list.count_deleted(db, login),
        "spent": sum(case_list.count_closed_until(db, login, status, day) for status, day in spent),
        "identities": identities.count(db, login),
        "officers": len(officers.active(db)),
    }


def held_lines(vault: Vault, held: dict[str, int], language: str) -> list[str]:
    """Return the numbers of `counts` as sentences; one names the officer for whom was counted."""
    lines = [_COUNTED[name][language].format(n=number) for name, number in held.items()]
    return [*lines, _BY[language].format(officer=vault.officer.name)]


def register(work: Work, kind: str, language: str = "id") -> bytes:
    """Return the record as a file.

    Args:
        work: the vault, the settings and the day.
        kind: of document.KINDS.
        language: `id` or `en`.

    Raises:
        RefusedError: the officer's roles do not allow it, or there is no such kind.
        ConfigurationError: processing.toml is invalid.
    """
    held = counts(work)
    parts = [
        *_activities(work.settings, language),
        (
            _HELD[language].format(day=spoken_date(date_of(work.today), language)),
            held_lines(work.vault, held, language),
        ),
        (
            _KEPT[language],
            [
                *(
                    _DAYS[language].format(status=vocabulary.label("status", status, language), days=days)
                    for status, days in work.settings.workstation.retention_days.items()
                ),
                _UNCONFIRMED[language],  # domain notes 3.13: the ministry's schedule (JRA) is not known
            ],
        ),
    ]
    desk = work.settings.desks.get(work.vault.desk)
    title = f"{TITLE[language]}: {desk.label[language] if desk else work.vault.desk}"
    made = document.written(work.settings, work.today, title, parts, kind, language)
    with transaction(work.vault.db):
        audit_log.write(work.vault, Permission.OVERSIGHT_MANAGE, did="register", kind=kind)
    return made


def _activities(settings: Settings, language: str) -> list[Part]:
    entries = policy_files.load(settings, _FILE).get("activities")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries) or not entries:
        raise ConfigurationError("settings.activities", file=_FILE)
    parts: list[Part] = []
    for entry in entries:
        lines = [
            f"{label[language]}: {policy_files.by_language(entry, name, _FILE)[language]}"
            for name, label in _FIELDS.items()
        ]
        if not policy_files.is_confirmed(entry, _FILE):
            lines.append(_UNCONFIRMED[language])
        parts.append((policy_files.by_language(entry, "title", _FILE)[language], lines))
    return parts
