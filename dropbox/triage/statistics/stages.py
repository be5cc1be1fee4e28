"""How long each stage took, and which additions were answered: read off the timelines.

    stage      the status in which a case stood; its first one begins with the sending date
    length     working days from its beginning to its end, the days of a question between left out
    p90        the nearest rank: the smallest number of days that at least nine of ten did not exceed

Rule: the clocks are those that cases.deadlines promises by; a timeline that was deleted with its case has none.
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
    """What the timelines of all cases tell about a period.

    Attributes:
        lengths: working days of each stage that ended in the period, by status.
        answered: additions of the period that were answered; likewise unanswered.
        unanswered: see answered.
    """

    lengths: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    answered: int = 0
    unanswered: int = 0


def median(lengths: Iterable[int]) -> int:
    """The median in whole days, a half rounded up."""
    return math.floor(statistics.median(lengths) + 0.5)


def percentile_90(lengths: list[int]) -> int:
    """The 90th percentile in days."""
    return sorted(lengths)[math.ceil(0.9 * len(lengths)) - 1]


def of_period(work: Work, span: Span, reader: str | None) -> Timelines:
    """The stages that ended in a period, and its additions, of the cases that count for `reader` (cohort.reader)."""
    rows = events.steps(work.vault.db, reader)
    additions = _additions(work.vault, span, reader)
    found = Timelines()
    for number, lines in itertools.groupby(rows, attrgetter("case")):
        steps, sent = [], 0
        for one in lines:
            steps.append((one.day, one.status if one.kind == STATUS else "", one.has_text))
            sent = one.sent
        for status, first, last, days in _stages(work.settings, sent, steps):
            if span.first <= last <= span.last:
                found.lengths[status].append(days if first <= last else 0)
        if number in additions:
            _count_answers(found, steps, additions.pop(number))
    found.unanswered += sum(map(len, additions.values()))
    return found


def _additions(vault: Vault, span: Span, reader: str | None) -> dict[int, list[int]]:
    """The days on which additions of the period were taken in, by number of the case."""
    found: dict[int, list[int]] = defaultdict(list)
    for number, day in messages.additions_sent_between(vault.db, span.first, span.last, reader):
        found[number].append(day)
    return found


def _count_answers(found: Timelines, steps: list[Step], days: list[int]) -> None:
    last, stands = -1, ""
    for day, status, has_text in steps:
        # A status that repeats itself with a text is the program's (the agenda number), not an officer's.
        if has_text and (not status or status != stands):
            last = max(last, day)
        stands = status or stands
    answered = sum(day <= last for day in days)
    found.answered += answered
    found.unanswered += len(days) - answered


def _stages(settings: Settings, sent: int, steps: list[Step]) -> Iterable[tuple[str, int, int, int]]:
    """(status, first day, last day, working days) of every stage that ended, in the order of their ends."""
    stands, since, before = RECEIVED, sent, 0
    paused: tuple[str, int, int] | None = None  # stage that a question interrupted: status, first day, days so far
    for day, status, _ in steps:
        if status in ("", stands):
            continue
        days = before + settings.working_days_between(date_of(since), date_of(day))
        if status == QUESTION:
            paused, before = (stands, since, days), 0
        elif stands == QUESTION:
            yield stands, since, day, days
            if paused and paused[0] == status:
                before = paused[2]
            else:
                if paused:
                    yield paused[0], paused[1], day, paused[2]
                before = 0
            paused = None
        else:
            yield stands, since, day, days
            before = 0
        stands, since = status, day
