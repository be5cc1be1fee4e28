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
from operator import itemgetter

from dropbox.settings.installation import Settings
from dropbox.triage.cases.periods import Span
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.blob import ADDITION
from dropbox.wire.board import MESSAGE, STATUS
from dropbox.wire.calendar import date_of
from dropbox.wire.statuses import QUESTION, RECEIVED

Step = tuple[int, str, bool]  # day, status (empty for a message), whether it has a text


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


def of_period(work: Work, span: Span, where: str, values: tuple[str, ...]) -> Timelines:
    """The stages that ended in a period, and its additions; `where` with its values says whose cases count."""
    rows = work.vault.db.execute(
        "select case_number, day, events.kind, events.status, text != '', cases.sent from events"  # noqa: S608  of cohort.seen_by
        f" join cases on cases.number = case_number where events.kind in (?, ?) and {where}"
        " order by case_number, events.number",
        (STATUS, MESSAGE, *values),
    )
    additions = _additions(work.vault, span, where, values)
    found = Timelines()
    for number, lines in itertools.groupby(rows, itemgetter(0)):
        steps, sent = [], 0
        for _, day, kind, status, has_text, sent_day in lines:
            steps.append((day, status if kind == STATUS else "", bool(has_text)))
            sent = sent_day
        for status, first, last, days in _stages(work.settings, sent, steps):
            if span.first <= last <= span.last:
                found.lengths[status].append(days if first <= last else 0)
        if number in additions:
            _count_answers(found, steps, additions.pop(number))
    found.unanswered += sum(map(len, additions.values()))
    return found


def _additions(vault: Vault, span: Span, where: str, values: tuple[str, ...]) -> dict[int, list[int]]:
    """The days on which additions of the period were taken in, by number of the case."""
    rows = vault.db.execute(
        "select case_number, day from messages join cases on cases.number = case_number"  # noqa: S608  likewise
        f" where messages.kind = ? and messages.sent between ? and ? and {where}",
        (ADDITION, span.first, span.last, *values),
    )
    found: dict[int, list[int]] = defaultdict(list)
    for number, day in rows:
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
