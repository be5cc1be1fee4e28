"""Turns what the gate answers into JSON (RFC 8259) and back.

Rule: a sentence travels as its code with its values, so that each reader sees it in their own language. What cannot be
understood is refused as a whole.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final

from dropbox import errors
from dropbox.courier.state import Desk, State
from dropbox.errors import DropboxError, GateError
from dropbox.sentences.catalogue import Sentence
from dropbox.wire.calendar import Day

ANSWER_MAX_BYTES: Final = 1 << 20  # of any answer but an export: some hundred sentences
# What other JSON, or JSON nested too deep, ends with.
_FAULTS: Final = (AttributeError, KeyError, RecursionError, TypeError, ValueError)
_REFUSALS: Final[Mapping[str, Callable[..., DropboxError]]] = {
    one.__name__: one
    for one in (
        *(errors.ConfigurationError, errors.DamagedError, errors.GateError, errors.MalformedError),
        *(errors.NotFoundError, errors.RefusedError, errors.StorageBusyError, errors.StorageFullError),
        *(errors.TooLargeError, errors.UntrustedError),
    )
}


@dataclass(frozen=True)
class Export:
    """An export that can be read.

    Attributes:
        number: of the export.
        day: day on which it was made.
        length: bytes of the whole file.
        sha256: of the whole file, 64 hexadecimal digits.
        blobs: number of sealed messages in it.
        notes: what `dropbox courier export` would say about it.
        is_urgent: whether it holds damaged messages, or the server's certificate must be renewed now.
    """

    number: int
    day: Day
    length: int
    sha256: str
    blobs: int
    notes: tuple[Sentence, ...]
    is_urgent: bool = False


@dataclass(frozen=True)
class Taken:
    """What an import did; `what` names the file, and `deleted` is None if the file cannot hold receipts."""

    what: str
    is_new: bool
    deleted: int | None
    warnings: tuple[str, ...]


def encode(value: object) -> bytes:
    """Return the JSON of an answer: a State, an Export, a Taken, or an error."""
    return json.dumps(_plain(value), ensure_ascii=True).encode()


def refusal(error: DropboxError) -> bytes:
    """Return the JSON of an error with its kind; a kind that no client may raise becomes a GateError."""
    kind = type(error).__name__
    return encode({"kind": kind if kind in _REFUSALS else "GateError", "error": error})


def state_of(untrusted: bytes) -> State:
    """Return a decoded State; raises GateError."""
    table = _table(untrusted)
    try:
        desks = tuple(Desk(**{**desk, "owes": _sentences(desk["owes"])}) for desk in table["desks"])
        looked = _read(table["looked"])
        return State(**{**table, "desks": desks, "notes": _sentences(table["notes"]), "looked": looked})
    except _FAULTS:
        raise GateError("gate.not-understood") from None


def export_of(untrusted: bytes) -> Export:
    """Return a decoded Export; raises GateError."""
    table = _table(untrusted)
    try:
        return Export(**{**table, "notes": _sentences(table["notes"])})
    except _FAULTS:
        raise GateError("gate.not-understood") from None


def taken_of(untrusted: bytes) -> Taken:
    """Return a decoded Taken; raises GateError."""
    table = _table(untrusted)
    try:
        return Taken(**{**table, "what": _read(table["what"]), "warnings": _sentences(table["warnings"])})
    except _FAULTS:
        raise GateError("gate.not-understood") from None


def error_of(untrusted: bytes) -> DropboxError:
    """Return the error that an answer describes; a GateError if it describes none."""
    try:
        table = _table(untrusted)
        error = table["error"]
        values = {name: _read(value) for name, value in error["values"].items()}
        return _REFUSALS[table["kind"]](error["code"], **values)
    except (GateError, *_FAULTS):
        return GateError("gate.not-understood")


def _plain(value: object) -> object:
    if isinstance(value, Sentence | DropboxError):
        return {"code": value.code, "values": {name: _plain(one) for name, one in value.values.items()}}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _read(value: Any) -> Any:  # noqa: ANN401  whatever a sentence may have as a value
    if isinstance(value, dict):
        return Sentence(value["code"], **{name: _read(one) for name, one in value["values"].items()})
    return [_read(one) for one in value] if isinstance(value, list) else value


def _sentences(values: list[Any]) -> tuple[Sentence, ...]:
    return tuple(_read(value) for value in values)


def _table(untrusted: bytes) -> dict[str, Any]:
    try:
        table = json.loads(untrusted)
    except _FAULTS:
        raise GateError("gate.not-understood") from None
    if not isinstance(table, dict):
        raise GateError("gate.not-understood")
    return table
