"""Makes a `Message` of mail (RFC 5322, MIME): .eml, .mht, and what is nested in them.

Rule: one part that cannot be read takes only itself: what is wrong with it is a note, and the others are read.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from dropbox.triage.evidence.inside import markup
from dropbox.triage.evidence.inside.mail import charsets, cms
from dropbox.triage.evidence.inside.mail.entity import Entity, uudecoded
from dropbox.triage.evidence.inside.mail.message import HEADS, Attachment, Message, chosen

Note = Callable[[str], None]
_DEPTH_MAX: Final = 30  # parts within parts
_PARTS_MAX: Final = 10_000
_MESSAGES: Final = ("message/rfc822", "message/global", "message/news")
_CMS: Final = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_PGP: Final = "-----BEGIN PGP MESSAGE-----"
_UU: Final = re.compile(
    rb"^begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n((?:[ -`][!-`]{1,84} {0,2}\r?\n)+)(?:[` ]?\r?\n)?end\s*$", re.MULTILINE
)


def message_of(raw: bytes, note: Note, depth: int = 0) -> Message:
    """Return the message of its bytes.

    Args:
        raw: head and body.
        note: is called with the code of each fault that was met ([file_note]).
        depth: of the message within others.
    """
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    entity = Entity.parse(raw)
    message = Message()
    for name in HEADS:
        for value in entity.all(name):
            text, is_guess = charsets.field(value)
            if is_guess:
                note("charset")
            message.head.append((name, text))
    message.content += _content(entity, note, depth)
    return message


def _content(entity: Entity, note: Note, depth: int) -> Iterator[str | Attachment]:
    """Yield the texts and attachments of an entity."""
    main = entity.type.partition("/")[0]
    if depth > _DEPTH_MAX:
        note("parts-cut")
        yield Attachment(entity.name, entity.type, lambda: entity.body)
    elif main == "multipart":
        yield from _multipart(entity, note, depth)
    elif entity.type in _MESSAGES:
        yield _message(entity, note, depth)
    elif entity.type in _CMS and "compressed" not in entity.parameter("smime-type"):
        yield from _cryptographic(entity, note, depth)
    elif entity.is_attached or main not in ("text", "message"):
        yield _attachment(entity, note)
    else:
        yield from _text(entity, note)


def _multipart(entity: Entity, note: Note, depth: int) -> Iterator[str | Attachment]:
    raw_parts, after = entity.parts()
    if not raw_parts:
        note("broken-parts")
        yield from _text(entity, note)
        return
    if len(raw_parts) > _PARTS_MAX:
        note("parts-cut")
        del raw_parts[_PARTS_MAX:]
    subtype = entity.type.partition("/")[2]
    if subtype == "encrypted":
        note("locked-parts")
    parts = [Entity.parse(raw) for raw in raw_parts]
    if subtype == "digest":
        for part in parts:
            if not part.all("content-type"):
                part.fields.append(("content-type", b"message/rfc822"))
    contents = [_safely(part, note, depth + 1) for part in parts]
    if subtype == "alternative":
        yield from _alternative(parts, contents, note)
    else:
        for content in contents:
            yield from content
    if after.strip():
        yield charsets.decode(after)[0]


def _safely(part: Entity, note: Note, depth: int) -> list[str | Attachment]:
    try:
        return list(_content(part, note, depth))
    except Exception:  # noqa: BLE001  hostile bytes may raise anything; the other parts are read
        note("broken-parts")
        return [Attachment("", "application/octet-stream", lambda: part.body)]


def _alternative(parts: list[Entity], contents: list[list[str | Attachment]], note: Note) -> Iterator[str | Attachment]:
    """Yield one text of the alternatives, or all that say something else, and everything attached."""
    texts = ["\n".join(one for one in content if isinstance(one, str)) for content in contents]
    order = sorted(range(len(parts)), key=lambda place: parts[place].type != "text/plain")
    shown = ""
    for place in order:
        shown, differ = chosen(shown, texts[place])
        if differ:
            note("two-texts")
    yield shown
    for content in contents:
        yield from (one for one in content if isinstance(one, Attachment))


def _message(entity: Entity, note: Note, depth: int) -> Attachment:
    raw, is_damaged = entity.decoded()
    if is_damaged:
        note("broken-parts")
    inner = message_of(raw, note, depth + 1)
    return Attachment(entity.name or f"{inner.subject or 'message'}.eml", entity.type, lambda: raw, inner)


def _attachment(entity: Entity, note: Note) -> Attachment:
    def read() -> bytes:
        raw, is_damaged = entity.decoded()
        if is_damaged:
            note("broken-parts")
        return raw

    return Attachment(entity.name, entity.type, read)


def _cryptographic(entity: Entity, note: Note, depth: int) -> Iterator[str | Attachment]:
    """Yield what was signed, and the part as it is; of what is encrypted, the part alone."""
    raw = entity.decoded()[0]
    yield from wrapped(raw, note, depth)
    yield Attachment(entity.name or "smime.p7m", entity.type, lambda: raw)


def wrapped(raw: bytes, note: Note, depth: int = 0) -> Iterator[str | Attachment]:
    """Yield what was signed in a CMS structure or a multipart/signed entity; nothing of what is encrypted."""
    signed = cms.signed_content(raw)
    if signed is not None or not cms.is_structure(raw):
        yield from _content(Entity.parse(raw if signed is None else signed), note, depth + 1)
    else:
        note("locked-parts")


def _text(entity: Entity, note: Note) -> Iterator[str | Attachment]:
    raw, is_damaged = entity.decoded()
    if is_damaged:
        note("broken-parts")
    charset = entity.parameter("charset").strip()
    is_html = entity.type in ("text/html", "application/xhtml+xml")
    if is_html and not charset:
        charset = charsets.html_charset(raw)
    attached = [] if is_html else list(_UU.finditer(raw))
    for found in reversed(attached):  # files within the text, as programs before MIME sent them
        raw = raw[: found.start()] + raw[found.end() :]
    text, is_guess = charsets.decode(raw, charset)
    if is_guess:
        note("charset")
    if _PGP in text:
        note("locked-parts")
    if is_html:
        text = markup.text_of(text)
    elif entity.parameter("format").lower() == "flowed":
        text = flowed(text, is_joined=entity.parameter("delsp").lower() == "yes")
    yield text
    for found in attached:
        name = charsets.field(found[1])[0]
        yield Attachment(name, "application/octet-stream", partial(_uu, found[2]))


def _uu(raw: bytes) -> bytes:
    return uudecoded(raw)[0]


def flowed(text: str, *, is_joined: bool = False) -> str:
    """Return format=flowed text with its paragraphs on one line each (RFC 3676, 4.1 to 4.4).

    Args:
        text: as sent.
        is_joined: the blank at the end of a line is not part of the text (DelSp=yes).
    """
    made: list[str] = []
    open_depth = -1  # of the quotation whose paragraph goes on; -1: none does
    for line in text.splitlines():
        rest = line.lstrip(">")
        depth = len(line) - len(rest)
        rest = rest.removeprefix(" ")
        goes_on = rest.endswith(" ") and rest != "-- "
        shown = rest[:-1] if goes_on and is_joined else rest
        if depth == open_depth and rest != "-- ":
            made[-1] += shown
        else:
            made.append(f"{'>' * depth}{' ' if depth else ''}{shown}")
        open_depth = depth if goes_on else -1
    return "\n".join(made)
