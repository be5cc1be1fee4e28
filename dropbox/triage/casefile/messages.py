"""Makes the parts of a printed case with what came and what was written: reports, answers, notes, the list of files.

Rule: texts are as they came; of a file its name, size and SHA-256 are printed and nothing of its content.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from dropbox.disk.visible import visible, visible_lines
from dropbox.form import details
from dropbox.triage.casefile.group import Group
from dropbox.triage.casework import protection
from dropbox.triage.casework.threads import Item
from dropbox.triage.papers.paper import Block, Entry, Heading, Table, Text
from dropbox.vocabulary import vocabulary
from dropbox.wire.fields import is_blank

_CAME: Final = ("report", "addition", "withdraw", "read", "file")
_SHORT_MAX: Final = 160  # characters of an answer that is printed beside its question
_Row = tuple[str, Sequence[str]]


def blocks(group: Group, items: Sequence[Item]) -> Iterator[Block]:
    """Yield everything that happened, oldest first."""
    for item in items:
        rows, lines = _answers(group, item)
        if item.text:
            lines += visible_lines(item.text)
        yield Entry(f"{group.day(item.day)}: {_head(group, item)}", lines, [*_about(group, item), *rows])


def files(group: Group, items: Sequence[Item]) -> Iterator[Block]:
    """Yield the list of files."""
    found = [item.file for item in items if item.file]
    yield Heading(group.word("files"))
    if not found:
        yield Text(group.word("no-files"))
        return
    rows = [(visible(one.name), _number(group, one.size), one.sha256.hex()) for one in found]
    yield Table((group.word("name"), group.word("size"), "SHA-256"), rows, (4, 2, 7))


def _head(group: Group, item: Item) -> str:
    """Return what happened, such as `Jawaban: Telaah` or `Disposisi kepada Inspektorat I`."""
    if item.kind == "answer":
        status = group.label("status", item.status) if item.status else ""
        return f"{group.word('item-answer')}: {status}" if status else group.word("item-message")
    if item.kind in _CAME:
        name = f": {visible(item.file.name)}" if item.file else ""
        return group.word(f"item-{item.kind}") + name
    kind = f"item-{item.kind}" if item.kind in ("disposition", "withdrawal") else "item-note"
    to = ", ".join(filter(None, (group.office(item.office), group.names.short(item.assignee))))
    return group.word(kind) + (f" {group.word('item-to')} {to}" if to else "")


def _about(group: Group, item: Item) -> Iterator[_Row]:
    if len(group.cases) > 1:
        yield group.word("case"), [item.case]
    if item.officer:
        yield group.word("by"), [group.names.full(item.officer)]
    if item.sent and item.sent != item.day:
        yield group.word("sent"), [group.day(item.sent)]
    if item.next:
        yield group.word("promised"), [group.day(item.next)]
    if item.file:
        yield group.word("size"), [_number(group, item.file.size)]
        yield "SHA-256", [item.file.sha256.hex()]
    if item.whole_bytes:
        yield group.word("remark"), [group.word("cut")]


def _answers(group: Group, item: Item) -> tuple[list[_Row], list[str]]:
    """Return what the reporter typed: short answers beside their questions, long ones as paragraphs below."""
    rows: list[_Row] = []
    lines: list[str] = []
    for question, answer in _asked(group, item):
        if len(answer) == 1 and len(answer[0]) <= _SHORT_MAX:
            rows.append((question, answer))
        else:
            lines += [f"{question}:", *answer]
    return rows, lines


def _asked(group: Group, item: Item) -> Iterator[tuple[str, list[str]]]:
    for name, value in item.fields.items():
        if not is_blank(value) and name != "act" and not name.startswith("x-"):
            yield vocabulary.label("field", name, group.language) or visible(name), _value(group, name, value)
    form = details.form_of(group.work.settings)
    for section in details.sections(form, item.fields, group.language):
        for answer in section.answers:
            yield visible(answer.label).rstrip("?"), list(visible_lines(answer.value))


def _value(group: Group, name: str, value: str) -> list[str]:
    if name in ("channel", "category"):
        return [group.label(name, value) or visible(value)]
    if name == "protection":
        return [", ".join(group.label("protection", kind, "short") for kind in protection.kinds_in(value))]
    return list(visible_lines(value))


def _number(group: Group, number: int) -> str:
    return f"{number:,}".replace(",", "." if group.language == "id" else ",")
