"""Lists the register (buku register/agenda, domain notes 2.6): a line for every report of a period.

Rule: its lines are the rows that the statistics count (cohort), so every number in a report can be checked against
lines here. About the reporter it has only the kind. Reading it needs the permission to read cases; of a deleted report
its codes remain.
"""

import datetime
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from dropbox.disk.visible import visible
from dropbox.form.regions import provinces, regencies
from dropbox.matching.words import fold
from dropbox.settings.installation import Settings
from dropbox.triage.access import permission
from dropbox.triage.access.names import Names
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import casebook
from dropbox.triage.cases.periods import Span
from dropbox.triage.statistics import cohort
from dropbox.triage.statistics.cohort import Counted
from dropbox.triage.statistics.counters import FOLLOWED, row_label
from dropbox.triage.tables import cases, log, messages
from dropbox.triage.tables.case_row import Case
from dropbox.triage.tables.followup import dispositions, records, waiting
from dropbox.triage.tables.followup.waiting import Recommendation
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.tables.safety import risks
from dropbox.triage.vault.work import Work
from dropbox.vocabulary import vocabulary
from dropbox.vocabulary.tables import UNKNOWN, stage_code
from dropbox.wire.calendar import date_of

_TEXT_MAX: Final = 600  # characters of a cell: the register refers to the case and does not repeat it
_PERSONS_MAX: Final = 9
COLUMNS: Final = vocabulary.table("register_column")
_FOLLOWED_UP: Final = "followed"
_REVIEWS: Final = vocabulary.codes("review")
_ACTED: Final = FOLLOWED[:2]  # the stages whose own name says what is being done


@dataclass(frozen=True)
class Line:
    """A line of the register: texts in the order of COLUMNS; `number` is the number of its case."""

    number: int
    case: str
    agenda: str
    agenda_day: str
    channel: str
    origin: str
    sent: str
    category: str
    problem: str
    risk: str
    subject: str
    reporter: str
    reported: str
    unit: str
    place: str
    disposition: str
    review: str
    action: str
    status: str
    closed: str

    def cells(self) -> tuple[str, ...]:
        """Return its texts, in the order of COLUMNS."""
        return tuple(getattr(self, name) for name in COLUMNS)

    def holds(self, words: list[str]) -> bool:
        """Return whether the line contains all of the words."""
        text = fold(" ".join(self.cells()))
        return all(word in text for word in words)


def lines(work: Work, span: Span, typed: str = "", language: str = "id") -> list[Line]:
    """Return the register of a period, oldest case first; with `typed`, only lines that contain all of its words.

    Raises:
        RefusedError: the officer's roles do not allow reading cases.
    """
    permission.permit(work, Permission.CASE_READ)
    words = fold(typed).split()
    return [line for line in _lines(work, span, language) if line.holds(words)]


def _lines(work: Work, span: Span, language: str) -> Iterator[Line]:
    facts = _Facts.of(work, span, language)
    for row in cohort.of_period(work.vault, span):
        yield _line(work, language, row, facts)


@dataclass(frozen=True)
class _Facts:
    """What the vault's tables have about the cases of a period, by number of the case."""

    labels: dict[CaseNumber, Case]
    reports: dict[CaseNumber, str]  # fields as JSON
    given: dict[CaseNumber, str]  # when its agenda number was given, in UTC
    sent_to: dict[CaseNumber, tuple[str, str]]  # office and officer of the last disposition
    audits: dict[CaseNumber, list[str]]  # official numbers of audit reports (LHP)
    advised: dict[CaseNumber, list[Recommendation]]
    risks: dict[CaseNumber, tuple[int, bool]]
    names: Names

    @classmethod
    def of(cls, work: Work, span: Span, language: str) -> "_Facts":
        vault = work.vault
        labels = cases.sent_between(vault.db, span.first, span.last, None)
        return cls(
            {case.number: case for case in labels},
            messages.reports_sent_between(vault.db, span.first, span.last),
            log.first_times(vault.db, "case.agenda"),
            dispositions.last_of_cases(vault.db),
            records.reports_of_cases(vault.db),
            waiting.recommendations_of_cases(vault.db),
            risks.of_cases(vault.db),
            Names(vault.db, work.settings, language),
        )


def _line(work: Work, language: str, row: Counted, facts: _Facts) -> Line:
    case = facts.labels[row.number]
    report = json.loads(facts.reports.get(row.number, "{}"))
    office, assignee = facts.sent_to.get(row.number, ("", ""))
    offices, bodies = work.settings.workstation.offices, work.settings.workstation.referral_targets
    where = provinces().get(row.province, ""), regencies().get(case.district, case.district), report.get("where", "")

    def label(table: str, code: str) -> str:
        return row_label(table, code, language, bodies)

    texts = {
        "case": case.name,
        "agenda": case.agenda,
        "agenda_day": _day_of_log(work.settings, facts.given.get(row.number, "")) if case.agenda else "",
        "channel": vocabulary.label("channel", row.channel, language),
        "origin": label("origin", row.origin),
        "sent": date_of(row.sent).isoformat(),
        "category": label("category", row.category),
        "problem": label("problem", row.problem),
        "risk": _risk(facts.risks.get(row.number, (risks.UNKNOWN, False)), language),
        "subject": case.subject or (vocabulary.label("register_note", "deleted", language) if case.deleted else ""),
        "reporter": vocabulary.label("channel", row.channel, language, "reporter"),
        "reported": _persons(report),
        "unit": _joined(case.unit, "" if row.unit_type == UNKNOWN else label("unit-type", row.unit_type)),
        "place": _joined(*where),
        "disposition": _joined(offices[office][language] if office in offices else office, facts.names.short(assignee)),
        "review": _review(row, language),
        "action": _joined(
            label("stage", stage_code(row.status)) if row.track in _ACTED else "",
            bodies[case.reference][language] if case.reference in bodies else case.reference,
            *(f"LHP {sign}" for sign in facts.audits.get(row.number, [])),
            *(_advised(one, language) for one in facts.advised.get(row.number, [])),
        ),
        "status": _joined(
            label("track", row.track),
            _merged(work, case.merged_into, language) if case.merged_into else "",
        ),
        "closed": date_of(case.closed).isoformat() if case.closed else "",
    }
    return Line(row.number, **{name: _cell(text) for name, text in texts.items()})


def _risk(found: tuple[int, bool], language: str) -> str:
    level, is_decided = found
    words = vocabulary.label("risk", str(level), language)
    return words if is_decided else f"{words}, {vocabulary.label('register_note', 'undecided', language)}"


def _advised(one: Recommendation, language: str) -> str:
    outcome = vocabulary.label("settlement", one.outcome or "not", language)
    return f"{vocabulary.label('recommended', one.code, language)}: {outcome}"


def _merged(work: Work, into: int, language: str) -> str:
    return vocabulary.label("register_note", "merged", language).format(case=casebook.case_name(work.vault.desk, into))


def _review(row: Counted, language: str) -> str:
    """Return the result of the review; for a case that is not followed up, the reason."""
    if row.track == UNKNOWN:
        return ""
    review = vocabulary.label("review", row.track if row.track in _REVIEWS else _FOLLOWED_UP, language)
    return _joined(review, row_label("refusal", row.reason, language, {}) if row.track == "refused" else "")


def _day_of_log(settings: Settings, at: str) -> str:
    """Return the date of a log line's time in the installation's zone."""
    if not at:
        return ""
    return settings.today(datetime.datetime.fromisoformat(at)).isoformat()


def _persons(report: Mapping[str, str]) -> str:
    """Return who is reported: the free text, and further persons with post, unit and part."""
    found = [report.get("who", "")]
    for number in range(1, _PERSONS_MAX + 1):
        parts = [report.get(f"x-p{number}-{part}", "").strip() for part in ("name", "post", "unit")]
        found.append(", ".join(filter(None, parts)))
    return _joined(*found)


def _joined(*parts: str) -> str:
    return "; ".join(part.strip() for part in parts if part.strip())


def _cell(text: str) -> str:
    """Return one line without control characters, cut to _TEXT_MAX."""
    line = visible(" ".join(text[: 4 * _TEXT_MAX].split()))
    return line if len(line) <= _TEXT_MAX else line[: _TEXT_MAX - 1] + "…"
