"""Proposes a case's subject (perihal) for an officer who sorts many reports.

Rule: it is made of codes alone (category, kind of unit, place), never of the reporter's words: a subject leaves the
desk with registers and dossiers, and the first words of a report may say who wrote it.
"""

from typing import Final

from dropbox.form import details, regions
from dropbox.settings.installation import Settings
from dropbox.triage.cases.casebook import Case
from dropbox.vocabulary import vocabulary
from dropbox.vocabulary.codes import Category

_LANGUAGE: Final = "id"  # of the office's papers
_UNKNOWN: Final = "Dugaan pelanggaran"


def proposed(settings: Settings, case: Case) -> str:
    """Return a subject such as `Pungutan liar, KUA kecamatan, Kota Bandung`."""
    is_known = case.category and case.category != Category.TIDAK_TAHU
    matter = vocabulary.label("category", case.category, _LANGUAGE) if is_known else _UNKNOWN
    options = (option for group in details.form_of(settings).units for option in group.options)
    unit = next((option.label[_LANGUAGE] for option in options if option.code == case.unit_type), "")
    place = case.district or regions.provinces().get(case.province, "")
    return ", ".join(filter(None, (matter, unit, place)))
