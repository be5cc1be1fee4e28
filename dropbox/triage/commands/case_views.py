"""Formats cases for an officer: JSON for programs, lines for a terminal.

Rule: JSON is ASCII, and every line went through `visible`: a reporter's text cannot control the terminal.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from dropbox.disk.visible import visible, visible_lines
from dropbox.form import details
from dropbox.form.model import Form
from dropbox.sentences.catalogue import spoken, term, words_of
from dropbox.triage.cases import casebook
from dropbox.triage.casework import reporter_acts
from dropbox.triage.casework.outgoing.preview import Told
from dropbox.triage.casework.protection import kinds_in
from dropbox.triage.vault.vault import Vault
from dropbox.vocabulary import vocabulary
from dropbox.wire.blob import ACTS, DETAIL, WITHDRAW
from dropbox.wire.board import Entry
from dropbox.wire.calendar import Day, date_of
from dropbox.wire.fields import is_blank

JsonObject = dict[str, Any]
_WORD_MAX: Final = 24
_CODED: Final = ("channel", "category", "language")
_COLUMNS: Final = (
    "show.column-case",
    "show.column-status",
    "show.column-channel",
    "show.column-category",
    "show.column-sent",
    "show.column-due",
    "show.column-files",
)


def to_json(value: JsonObject | list[JsonObject]) -> str:
    """Return ASCII JSON without control characters."""
    return json.dumps(value, indent=2).replace("\x7f", "\\u007f")


def case_object(vault: Vault, case: casebook.Case) -> JsonObject:
    """Return a case with all of its content as a JSON object."""
    texts = casebook.texts(vault, case)
    report = next((text for text in texts if text.kind == "report"), None)
    withdrawn = reporter_acts.withdrawn(vault, [case.number])
    return {
        "case": case.name,
        "status": case.status,
        "channel": case.channel,
        "desk": vault.desk,
        "category": case.category,
        "sent": _date(case.sent),
        "due": _date(case.due),
        "proven": case.proven,
        "withdrawn": _date(Day(withdrawn[0][1])) if withdrawn else "",
        "fields": report.fields if report else {},
        "files": [
            {
                "name": file.name,
                "type": file.type,
                "size": file.size,
                "sha256": file.sha256.hex(),
                "sent": _date(file.sent),
                "collected": _date(file.day),
            }
            for file in casebook.files(vault, case)
        ],
        "timeline": [_entry_object(entry) for entry in casebook.timeline(vault, case)],
        "messages": [
            {
                "kind": text.kind,
                "sent": _date(text.sent),
                "collected": _date(text.day),
                "fields": text.fields,
                "lang": text.lang,
                **({"cut_from_bytes": text.whole_bytes} if text.whole_bytes else {}),
            }
            for text in texts
        ],
    }


def list_lines(vault: Vault) -> list[str]:
    """Return a line for each case, oldest first."""
    rows: list[tuple[str, ...]] = [tuple(map(words_of, _COLUMNS))]
    for case in casebook.visible_cases(vault):
        count = len(casebook.files(vault, case))
        origin, category = _coded("channel", case.channel), _coded("category", case.category)
        rows.append((case.name, _status(case.status), origin, category, _date(case.sent), _date(case.due), str(count)))
    return table_lines(rows)


def table_lines(rows: list[tuple[str, ...]]) -> list[str]:
    """Return rows as aligned columns; texts are visible and cut, and an empty one is a dash."""
    rows = [tuple(visible(word)[:_WORD_MAX] or "-" for word in words) for words in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def case_lines(vault: Vault, form: Form, case: casebook.Case) -> list[str]:
    """Return the lines of a case in this process's language; the status also as the code that `answer` takes."""
    status = f"{_status(case.status)} ({case.status})"
    lines = [words_of("show.head", case=case.name, status=status, due=_date(case.due) or "-")]
    if not case.proven:
        lines.append(words_of("show.unproven"))
    for text in casebook.texts(vault, case):
        sent, day, lang = _date(text.sent), _date(text.day), visible(_coded("language", text.lang)) or "-"
        lines += ["", words_of("show.text", what=text.kind, sent=sent, day=day, lang=lang)]
        if text.whole_bytes:
            lines.append(words_of("show.text-cut", bytes=text.whole_bytes, case=case.name))
        for name, value in text.fields.items():
            if not is_blank(value) and not name.startswith(DETAIL):
                lines += _own_lines(name, value)
        for section in details.sections(form, text.fields, spoken()):
            lines += ["", f"  {section.title or _coded('category', section.category) or '-'}"]
            for answer in section.answers:
                lines += _field_lines(answer.label, answer.value)
    for number, file in enumerate(casebook.files(vault, case), 1):
        facts = {"type": visible(file.type), "bytes": file.size, "sha256": file.sha256.hex(), "sent": _date(file.sent)}
        lines += ["", words_of("show.report-file", number=number, name=visible(file.name))]
        lines.append(words_of("show.file-facts", **facts))
    lines += ["", words_of("show.reporter-reads")]
    for entry in casebook.timeline(vault, case):
        lines += _entry_lines(entry)
    return lines


def whole_lines(found: Mapping[int, Mapping[str, str]]) -> list[str]:
    """Return the lines of texts that were cut (casework.wholes), in full: every field under its bare name."""
    lines = []
    for number, fields in found.items():
        lines += [words_of("show.message", number=number)]
        for name, value in fields.items():
            lines += _field_lines(name, value)
    return lines


def _field_lines(label: str, value: str) -> list[str]:
    return [
        f"  {visible(label).removesuffix(':')}{'' if label.endswith('?') else ':'}",
        *(f"    {line}" for line in visible_lines(value)),
    ]


def _own_lines(name: str, value: str) -> list[str]:
    """Return the lines of a field of the wire format: its name and its codes in this process's language."""
    if name == "act":
        return [words_of("show.act-withdraw" if value == WITHDRAW else "show.act-read")] if value in ACTS else []
    if name == "protection":
        value = ", ".join(vocabulary.label(name, kind, spoken(), "short") for kind in kinds_in(value))
    return _field_lines(vocabulary.label("field", name, spoken()), _coded(name, value))


def _coded(group: str, code: str) -> str:
    """Return the words of a code of the form in this process's language; other words as they are."""
    return vocabulary.label(group, code, spoken()) if group in _CODED else code


def _status(code: str) -> str:
    """Return the words of a status in this process's language."""
    return vocabulary.label("status", code, spoken())


def _entry_object(entry: Entry) -> JsonObject:
    values: JsonObject = {"day": _date(entry.day), "kind": entry.kind}
    if entry.status:
        values["status"] = entry.status
    if entry.text:
        values["text"] = entry.text
    if entry.next:
        values["next"] = _date(Day(entry.next))
    if entry.texts or entry.files:
        values |= {"texts": entry.texts, "files": entry.files}
    return values


def _entry_lines(entry: Entry) -> list[str]:
    head = f"  {_date(entry.day)}  {term(entry.kind)}"
    if entry.status:
        head += f" {_status(entry.status)}"
    if entry.texts or entry.files:
        head += " " + words_of("show.entry-counts", texts=entry.texts, files=entry.files)
    if entry.next:
        head += ", " + words_of("show.entry-next", day=_date(Day(entry.next)))
    return [head, *(f"      {line}" for line in visible_lines(entry.text) if entry.text)]


def _date(day: Day) -> str:
    return date_of(day).isoformat() if day else ""


def told_lines(told: list[Told]) -> list[str]:
    """Return what reporters would read, a case after another, in their language; its status in this process's."""
    lines = []
    for one in told:
        lines.append(f"{one.before.name}: {_status(one.before.status)} -> {_status(one.after.status)}")
        for entry in one.entries:
            title = vocabulary.label("status", entry.status, one.language, "public") if entry.status else ""
            due = f"({date_of(entry.next)})" if entry.next else ""
            lines += [f"  {line}" for line in (title, *visible_lines(entry.text), due) if line]
    return lines
