"""Makes the parts of a printed case about people: statements, protection, measures, legal holds, clearing letters.

Rule: requests for protection and measures are printed for who handles them at the desk, as on the case's page.
"""

from collections.abc import Iterable, Iterator, Sequence

from dropbox.disk.visible import visible, visible_lines
from dropbox.triage.access import holds
from dropbox.triage.access.roles import Permission
from dropbox.triage.casefile.group import Group
from dropbox.triage.casework import measures, protection
from dropbox.triage.casework.hearing import statements
from dropbox.triage.papers.paper import Block, Entry, Heading, Table
from dropbox.triage.tables.records import clearings
from dropbox.triage.tables.records.statements import Statement


def blocks(group: Group) -> Iterator[Block]:
    """Yield the parts that are not empty."""
    spoken = [versions[-1] for versions in statements.of_case(group.work, group.case) if not versions[-1].withdrawn]
    if spoken:
        yield Heading(group.word("statements"))
        yield from (_statement(group, one) for one in spoken)
    if group.may(Permission.PROTECTION_MANAGE):
        yield from _table(group, "protection", ("date", "request", "state"), _requests(group), (4, 6, 6))
    if group.may(Permission.MEASURE_MANAGE):
        yield from _table(group, "measures", ("date", "measure", "decided", "state"), _measures(group), (4, 5, 5, 5))
    yield from _table(group, "holds", ("date", "reason", "reference", "by", "state"), _holds(group), (4, 4, 4, 4, 4))
    yield from _table(group, "clearings", ("date", "number", "to", "by"), _clearings(group), (4, 4, 7, 4))


def _table(
    group: Group, heading: str, heads: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]
) -> Iterator[Block]:
    found = list(rows)
    if found:
        yield Heading(group.word(heading))
        yield Table([group.word(name) for name in heads], found, widths)


def _statement(group: Group, one: Statement) -> Entry:
    who = ", ".join(filter(None, map(visible, (one.name, one.role, one.unit))))
    rows = [
        (group.word("date"), [group.day(one.given)]),
        *([(group.word("answer"), [group.label("answer_right", one.answer)])] if one.answer else []),
        (group.word("entered"), [f"{group.names.full(one.officer)}, {group.day(one.day)}"]),
    ]
    text = list(visible_lines(one.text)) if one.text else []
    return Entry(f"{group.label('party', one.party)}: {who}", text, rows)


def _requests(group: Group) -> Iterator[list[str]]:
    for case in group.cases:
        for one in protection.of_case(group.work.vault, case):
            state = (
                group.word("due-on").format(day=group.day(one.due))
                if one.status == protection.OPEN
                else group.label("protection_outcome", one.status)
            )
            kind = group.label("protection", one.kind)
            yield [group.day(one.asked), "\n".join(filter(None, (kind, group.member(one.case)))), state]


def _measures(group: Group) -> Iterator[list[str]]:
    for one in measures.of_case(group.work, group.case):
        state = group.label("measure_result", one.result) if one.result in measures.RESULTS else group.word("running")
        yield [group.day(one.day), group.label("measure", one.kind), visible(one.decider), state]


def _holds(group: Group) -> Iterator[list[str]]:
    for one in holds.of_case(group.work, group.case):
        state = group.word("lifted").format(day=group.day(one.lifted)) if one.lifted else group.word("in-force")
        reason = "\n".join(filter(None, (group.label("hold_reason", one.reason), group.member(one.case))))
        yield [group.day(one.day), reason, visible(one.reference), group.names.short(one.officer), state]


def _clearings(group: Group) -> Iterator[list[str]]:
    for one in clearings.of_cases(group.work.vault.db, [case.number for case in group.cases]):
        to = ", ".join(map(visible, (one.name, one.position, one.unit)))
        yield [group.day(one.day), visible(one.letter), to, group.names.short(one.officer)]
