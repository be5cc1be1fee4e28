"""Finds what a PDF holds besides the words of its pages, and what it would do.

    script, launch, external      what a reader's program would run, send or fetch
    fields, signatures, comments  what persons typed, signed or wrote at the margin
    layers, not-drawn, xfa        what the drawn pages do not show

Rule: a link that a person must press is counted, and is no accusation; "external" needs a target on a network that is
fetched without a question.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from dropbox.triage.evidence.inside import pdf
from dropbox.triage.evidence.inside.pdfs.objects import Objects, objects
from dropbox.triage.evidence.inside.reading import Reading
from dropbox.triage.evidence.inside.reply import CannotError

FIELD, SIGNATURE, COMMENT, FORM = "isian/field", "tanda tangan/signature", "komentar/comment", "formulir/form"
_LAUNCH: Final = ("Launch", "SubmitForm", "ImportData")
_ON_A_NETWORK: Final = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:)?[/\\]{2}", re.IGNORECASE)
_MARKUP: Final = frozenset(
    {
        *("Text", "FreeText", "Highlight", "Underline", "StrikeOut", "Squiggly", "Stamp", "Ink", "Square", "Circle"),
        *("Line", "Polygon", "PolyLine", "Caret", "Redact", "FileAttachment"),
    }
)
_FILMS: Final = frozenset({"Movie", "Sound", "Screen", "RichMedia", "3D"})
_HIDDEN: Final = 2 | 32  # flags Hidden and NoView of an annotation
_TAGS: Final = re.compile(r"<[^<>]*>")
_DEPTH_MAX: Final = 20
_XFA_MAX: Final = 4 << 20
_DER_MAX: Final = 1 << 20
_COMMON_NAME: Final = b"\x06\x03\x55\x04\x03"  # 2.5.4.3 of a certificate (RFC 5280), in DER
_NAMES_MAX: Final = 10
_VALUE_MAX: Final = 100_000


def facts(reading: Reading) -> dict[str, int]:
    """Return pages, warnings and notes of the PDF on standard input; raises CannotError (`locked`, `damaged`)."""
    pages = pdf.count()
    try:
        _collect(reading, objects())
    except Exception:  # noqa: BLE001  hostile objects; the pages are shown all the same
        reading.note("unread")
    return {"pages": pages}


def _collect(reading: Reading, found: Objects) -> None:
    for name in _actions(found):
        reading.facts[name] = 1
    every = list(found.reached())
    notes = {
        "attachments": int(any(isinstance(found.get(one.get("EF")), dict) for one in every)),
        "web-links": sum(found.get(one.get("S")) == "URI" and "URI" in one for one in every),
        "fields": len(list(_fields(found))),
        "signatures": len(list(_signatures(found))),
        "comments": len(list(_comments(found))),
        "not-drawn": sum(_is_hidden(found, one) for one in every),
        "films": sum(found.get(one.get("Subtype")) in _FILMS and "Rect" in one for one in every),
        "layers": _hidden_layers(found),
        "xfa": int(bool(_xfa(found))),
    }
    reading.facts |= {name: number for name, number in notes.items() if number}


def words() -> Iterator[str]:
    """Yield what is typed, signed and commented in the PDF on standard input, a line each.

    Raises:
        Exception: hostile objects may raise anything; CannotError as `facts` does.
    """
    found = objects()
    for name, value in _fields(found):
        yield f"[{FIELD}: {name}: {value}]\n"
    for signature in _signatures(found):
        yield f"[{SIGNATURE}: {_signed(found, signature)}]\n"
    for comment in _comments(found):
        by = " ".join(filter(None, (found.text(comment.get(key)) for key in ("T", "M", "Subj"))))
        yield f"[{COMMENT}: {by}: {_content(found, comment)}]\n"
    form = _xfa(found)
    if form:
        yield f"[{FORM}: {form}]\n"


def _actions(found: Objects) -> Iterator[str]:
    for one in found.reached():
        kind = found.get(one.get("S"))
        if "JS" in one or kind == "JavaScript":
            yield "script"
        if kind in _LAUNCH:
            yield "launch"
        # Content of a stream in another file, or another document that is opened.
        is_elsewhere = ("" in one and "F" in one) or kind in ("GoToR", "GoToE")
        if is_elsewhere and _ON_A_NETWORK.match(_file(found, one.get("F"))):
            yield "external"
        for opening in ("OpenAction", "AA"):
            if any(found.get(act.get("S")) == "URI" for act in _acts(found, one.get(opening))):
                yield "external"


def _acts(found: Objects, value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401  any object
    """Yield the actions of /OpenAction (one, or an array of a place) or /AA (a dictionary of them)."""
    value = found.get(value)
    if isinstance(value, dict):
        yield value
        yield from (one for inner in value.values() if isinstance(one := found.get(inner), dict))


def _file(found: Objects, value: Any) -> str:  # noqa: ANN401  any object
    value = found.get(value)
    if isinstance(value, dict):
        return found.text(value.get("UF") or value.get("F"))
    return found.text(value)


def _fields(found: Objects) -> Iterator[tuple[str, str]]:
    """Yield (name, value) of each field that is filled in, but signatures."""
    for one in found.reached():
        if "V" not in one or not ("T" in one or "FT" in one) or _inherited(found, one, "FT") == "Sig":
            continue
        value = found.get(one["V"])
        if isinstance(value, dict) and "" in value:
            value = found.stream(value, _VALUE_MAX)
        text = found.text(value).strip()[:_VALUE_MAX]
        if text and text != "Off":
            yield _name(found, one), text


def _inherited(found: Objects, field: dict[str, Any], key: str) -> Any:  # noqa: ANN401  any object
    current: Any = field
    for _ in range(_DEPTH_MAX):
        if not isinstance(current, dict):
            return None
        if key in current:
            return found.get(current[key])
        current = found.get(current.get("Parent"))
    return None


def _name(found: Objects, field: dict[str, Any]) -> str:
    names: list[str] = []
    current: Any = field
    while isinstance(current, dict) and len(names) < _DEPTH_MAX:
        names.append(found.text(current.get("T")))
        current = found.get(current.get("Parent"))
    return ".".join(filter(None, reversed(names)))


def _signatures(found: Objects) -> Iterator[dict[str, Any]]:
    for one in found.reached():
        if "ByteRange" in one and isinstance(found.get(one.get("Contents")), bytes):
            yield one


def _signed(found: Objects, signature: dict[str, Any]) -> str:
    given = [found.text(signature.get(key)) for key in ("Name", "M", "Reason", "Location", "ContactInfo")]
    return ", ".join(filter(None, [*given, *_certified(found.get(signature["Contents"]))]))


def _certified(der: bytes) -> list[str]:
    """Return the names of persons and offices in the certificates of a signature, which is not verified."""
    names: dict[str, None] = {}
    at = 0
    while (at := der.find(_COMMON_NAME, at, _DER_MAX)) >= 0 and len(names) < _NAMES_MAX:
        at += len(_COMMON_NAME)
        tag, length = (*der[at : at + 2], 0, 0)[:2]
        raw = der[at + 2 : at + 2 + length]
        names[raw.decode("utf-16-be" if tag == 0x1E else "utf-8", "replace")] = None  # BMPString
    return list(names)


def _comments(found: Objects) -> Iterator[dict[str, Any]]:
    for one in found.reached():
        if found.get(one.get("Subtype")) in _MARKUP and "Rect" in one and _content(found, one):
            yield one


def _content(found: Objects, comment: dict[str, Any]) -> str:
    return (found.text(comment.get("Contents")) or _TAGS.sub(" ", found.text(comment.get("RC")))).strip()


def _is_hidden(found: Objects, one: dict[str, Any]) -> bool:
    flags = found.get(one.get("F"))
    if not isinstance(flags, int) or not flags & _HIDDEN or "Rect" not in one:
        return False
    return bool({"V", "AP", "Contents"} & one.keys()) and found.get(one.get("Subtype")) != "Popup"


def _hidden_layers(found: Objects) -> int:
    """Return how many layers (optional content groups) readers do not show at first (section 8.11.4.3)."""
    layers = found.get(found.catalogue.get("OCProperties"))
    start = found.get(layers.get("D")) if isinstance(layers, dict) else None
    if not isinstance(start, dict) or not isinstance(every := found.get(layers.get("OCGs")), list):
        return 0
    on, off = (set(value) if isinstance(value := found.get(start.get(key)), list) else set() for key in ("ON", "OFF"))
    is_off = found.get(start.get("BaseState")) == "OFF"
    return sum(layer in off or (is_off and layer not in on) for layer in every if isinstance(layer, tuple))


def _xfa(found: Objects) -> str:
    """Return the data of a dynamic form; "" for a PDF without one, "?" for one without data."""
    form = found.get(found.catalogue.get("AcroForm"))
    packets = found.get(form.get("XFA")) if isinstance(form, dict) else None
    if isinstance(packets, dict):
        packets = [b"datasets", packets]
    if not isinstance(packets, list) or not packets:
        return ""
    for name, value in zip(packets[::2], packets[1::2], strict=False):
        packet = found.get(value)
        if found.text(name) == "datasets" and isinstance(packet, dict):
            try:
                raw = found.stream(packet, _XFA_MAX)
            except CannotError:
                break
            return " ".join(_TAGS.sub(" ", raw.decode("utf-8", "replace")).split()) or "?"
    return "?"
