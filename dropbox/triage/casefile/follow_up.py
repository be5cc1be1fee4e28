"""Makes the parts of a printed case about what follows from it: what waits, dispositions, papers, the time line.

Rule: it reads through followup and decisions, so that nobody reads on paper what the page keeps from them.
"""

from collections.abc import Iterator

from dropbox.disk.visible import visible, visible_lines
from dropbox.triage import decisions
from dropbox.triage.casefile.group import Group
from dropbox.triage.followup import records, timeline
from dropbox.triage.followup.kinds import DAYS, KINDS, Field
from dropbox.triage.papers.paper import Block, Entry, Heading, Table
from dropbox.triage.tables.followup import dispositions
from dropbox.triage.tables.followup.dispositions import Disposition
from dropbox.triage.tables.followup.records import CURRENT, Record


def blocks(group: Group) -> Iterator[Block]:
    """Yield what waits for a second officer, the dispositions, and the papers and recommendations."""
    numbers = [one.number for one in group.cases]
    waiting = [one for one in decisions.waiting(group.work) if one.case in numbers]
    if waiting:
        rows = [
            (group.day(one.day), group.label("permission", one.action.to_propose), group.names.full(one.proposer))
            for one in waiting
        ]
        yield Heading(group.word("waiting"))
        yield Table((group.word("date"), group.word("proposal"), group.word("by")), rows, (4, 6, 6))
    chain = [one for number in numbers for one in dispositions.of_case(group.work.vault.db, number)]
    if chain:
        yield Heading(group.word("dispositions"))
        heads = [group.word(name) for name in ("date", "from", "to", "task", "state")]
        yield Table(heads, [_disposition(group, one) for one in chain], (4, 4, 4, 6, 4))
    things = [one for case in group.cases for one in records.of_case(group.work, case) if one.state == CURRENT]
    if things:
        yield Heading(group.word("papers"))
        signs = {one.root: one.sign or one.who for one in things}
        yield from (_thing(group, one, signs.get(one.parent, "")) for one in things)


def moments(group: Group) -> Iterator[Block]:
    """Yield the time line."""
    yield Heading(group.word("time-line"))
    many = len(group.cases) > 1
    heads = [group.word(name) for name in ("date", "event", "remark", "by")] + [group.word("case")] * many
    rows = [
        [group.day(one.day), one.what[group.language], visible(one.detail), one.who] + [one.case] * many
        for one in timeline.of_case(group.work, group.case)
    ]
    yield Table(heads, rows, (4, 4, 5, 4, 3)[: len(heads)])


def _disposition(group: Group, one: Disposition) -> list[str]:
    to = filter(None, (group.office(one.office), group.names.short(one.assignee)))
    state = [
        group.label("disposition_state", one.state) + (f", {group.day(one.done)}" if one.done else ""),
        group.word("due-on").format(day=group.day(one.due)) if one.due else "",
        group.word("read-on").format(day=group.day(one.read)) if one.read else "",
        visible(one.remark),
        group.member(one.case),
    ]
    task = "\n".join(visible_lines(one.text)) if one.text else ""
    return [group.day(one.day), group.names.short(one.giver), ", ".join(to), task, "\n".join(filter(None, state))]


def _thing(group: Group, one: Record, parent: str) -> Entry:
    kind = KINDS[one.kind]
    rows: list[tuple[str, list[str]]] = []
    for name in kind.fields:
        value = getattr(one, name)
        if not value or name in ("sign", "text"):
            continue
        text = (
            group.day(value) if name in DAYS else group.label(kind.codes, value) if name == "code" else visible(value)
        )
        rows.append((Field(one.kind, name).sentence(group.language), [text]))
    if parent:
        rows.append((group.label("followup_kind", kind.parent), [visible(parent)]))
    if one.text:
        rows.append((Field(one.kind, "text").sentence(group.language), list(visible_lines(one.text))))
    entered = ", ".join(filter(None, (group.names.full(one.officer), group.day(one.entered), group.member(one.case))))
    rows.append((group.word("entered"), [entered]))
    return Entry(" ".join(filter(None, (group.label("followup_kind", one.kind), visible(one.sign)))), [], rows)
