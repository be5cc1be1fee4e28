"""Measures how long each stage took and which additions were answered, from the timelines.

    stage      a status of a case; the first one begins on the sending date
    length     working days from its begin to its end, without the days of a question to the reporter
    p90        nearest rank: the smallest number of days that at least nine of ten stages did not exceed

Rule: days are counted as cases.deadlines counts them; a timeline that was deleted with its case is not counted.
"""

import itertools
import math
import statistics
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter

from dropbox.settings.installation import Settings
from dropbox.triage.cases.periods import Span
from dropbox.triage.tables import events, messages
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.board import STATUS
from dropbox.wire.calendar import Day, date_of
from dropbox.wire.statuses import QUESTION, RECEIVED

Step = tuple[Day, str, bool]  # day, status (empty for a message), whether it has a text


@dataclass
class Timelines:
    """What the timelines of all cases say about a period.

    Attributes:
        lengths: working days of each stage that ended in the period, by status.
        answered: number of the period's additions that were answered.
        unanswered: number of those that were not.
    """

    lengths: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    answered: int = 0
    unanswered: int = 0


def median(lengths: Iterable[int]) -> int:
    """Return the median in whole days, halves rounded up."""
    return math.floor(statistics.median(lengths) + 0.5)


def percentile_90(lengths: list[int]) -> int:
    """Return the 90th percentile (nearest rank) in days."""
    return sorted(lengths)[math.ceil(0.9 * len(lengths)) - 1]


def of_period(work: Work, span: Span, reader: str | None) -> Timelines:
    """Return the stages that ended in a period, and its additions; only cases that `reader` may see (cohort.reader)."""
    rows = events.steps(work.vault.db, reader)
    additions = _additions(work.vault, span, reader)
    found = Timelines()
    for number, lines in itertools.groupby(rows, attrgetter("case")):
        steps, sent = [], 0
        for line in lines:
            steps.append((line.day, line.status if line.kind == STATUS else "", line.has_text))
            sent = line.sent
        for status, first, last, days in _stages(work.settings, sent, steps):
            if span.first <= last <= span.last:
                found.lengths[status].append(days if first <= last else 0)
        if number in additions:
            _count_answers(found, steps, additions.pop(number))
    found.unanswered += sum(map(len, additions.values()))
    return found


def _additions(vault: Vault, span: Span, reader: str | None) -> dict[int, list[int]]:
    """Return the days on which additions of the period were taken in, by number of the case."""
    found: dict[int, list[int]] = defaultdict(list)
    for number, day in messages.additions_sent_between(vault.db, span.first, span.last, reader):
        found[number].append(day)
    return found


def _count_answers(found: Timelines, steps: list[Step], days: list[int]) -> None:
    last, current = -1, ""
    for day, status, has_text in steps:
        # The same status again with a text comes from the program (the agenda number), not from an officer.
        if has_text and (not status or status != current):
            last = max(last, day)
        current = status or current
    answered = sum(day <= last for day in days)
    found.answered += answered
    found.unanswered += len(days) - answered


def _stages(settings: Settings, sent: int, steps: list[Step]) -> Iterable[tuple[str, int, int, int]]:
    """Yield (status, first day, last day, working days) of every stage that ended, in the order of their ends."""
    current, since, before = RECEIVED, sent, 0
    paused: tuple[str, int, int] | None = None  # a stage interrupted by a question: status, first day, days so far
    for day, status, _ in steps:
        if status in ("", current):
            continue
        days = before + settings.working_days_between(date_of(since), date_of(day))
        if status == QUESTION:
            paused, before = (current, since, days), 0
        elif current == QUESTION:
            yield current, since, day, days
            if paused and paused[0] == status:
                before = paused[2]
            else:
                if paused:
                    yield paused[0], paused[1], day, paused[2]
                before = 0
            paused = None
        else:
            yield current, since, day, days
            before = 0
        current, since = status, day
