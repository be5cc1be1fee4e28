"""Writes a complaint about services for SP4N-LAPOR!, as JSON and CSV, for an officer to enter there.

Rule: it has only the officer's summary and the place: LAPOR! may publish what it gets. LAPOR! documents its API only
for its own administrators, so nothing is sent from here.
"""

import json
from typing import Final

from dropbox.form.regions import provinces, regencies
from dropbox.settings.installation import Settings
from dropbox.triage.cases.casebook import Case
from dropbox.triage.referral.facts import Draft
from dropbox.triage.statistics.spreadsheets import csv_bytes
from dropbox.wire.calendar import Day, date_of

VERSION: Final = 1


def files(settings: Settings, case: Case, draft: Draft, today: Day) -> dict[str, bytes]:
    """Return the bytes of the files by ending: `json` and `csv`."""
    fields = {
        "klasifikasi": "pengaduan",
        "nomor_agenda": case.agenda,
        "judul": case.subject,
        "isi": draft.summary.strip(),
        "waktu": draft.since,
        "provinsi": provinces().get(case.province, case.province),
        "kabkota": regencies().get(case.district, case.district),
        "satker": case.unit,
        "instansi": settings.office["id"],
        "anonim": "ya",
        "rahasia": "ya",
        "dibuat": date_of(today).isoformat(),
    }
    value = {"versi_skema": VERSION, **fields}
    return {
        "json": json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n",
        "csv": csv_bytes(list(fields), [list(fields.values())]),
    }
