"""Collects what follows from a case for its page: dispositions, papers, recommendations, the time line.

Rule: this module only reads. It includes what the officer may open of merged cases; the acts are in pages.followup.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from dropbox.triage.cases import casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import merging
from dropbox.triage.followup import duties, records, timeline
from dropbox.triage.followup.kinds import DAYS, KINDS, PAPERS, Field
from dropbox.triage.tables.followup import dispositions
from dropbox.triage.tables.followup.dispositions import Disposition
from dropbox.triage.tables.followup.records import CURRENT, Record
from dropbox.triage.vault.work import Work
from dropbox.vocabulary import lazy
from dropbox.wire.calendar import date_of


@dataclass(frozen=True)
class Step:
    """A disposition with its case, and whether the officer may end it."""

    disposition: Disposition
    case: Case
    may_finish: bool


@dataclass(frozen=True)
class Thing:
    """An object: its current or withdrawn version, the versions before it, and its case."""

    record: Record
    former: tuple[Record, ...]
    case: Case

    @property
    def is_current(self) -> bool:
        """Whether it was not withdrawn."""
        return self.record.state == CURRENT


def context(work: Work, case: Case) -> dict[str, Any]:
    """Return the template variables with which the case's page shows what follows from it."""
    numbers = (case.number, *merging.followers(work.vault, case.number))
    group = [casebook.case_of(work.vault, number) for number in numbers]
    chain = [
        Step(found, one, duties.may_finish(work, found))
        for one in group
        for found in dispositions.of_case(work.vault.db, one.number)
    ]
    return {
        "chain": chain,
        "things": [thing for one in group for thing in _things(work, one)],
        "followup_kinds": KINDS,
        "followup_labels": lazy.table("followup_kind"),
        "followup_codes": {kind: lazy.table(one.codes) for kind, one in KINDS.items() if one.codes},
        "followup_states": lazy.table("record_state"),
        "disposition_states": lazy.table("disposition_state"),
        "printed_kinds": PAPERS,
        "field_label": lambda kind, name, lang: Field(kind, name).sentence(lang),
        "day_fields": DAYS,
        "as_date": lambda day: date_of(day).isoformat() if day else "",
        "line_max": records.LINE_MAX,
        "text_max": records.TEXT_MAX,
        "moments": timeline.of_case(work, case),
        "due_min": datetime.date.isoformat(date_of(work.today)),
    }


def _things(work: Work, case: Case) -> list[Thing]:
    versions: dict[int, list[Record]] = {}
    for one in records.of_case(work, case):
        versions.setdefault(one.root, []).append(one)
    return [Thing(many[-1], tuple(many[:-1]), case) for many in versions.values()]
