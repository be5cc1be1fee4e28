"""Extracts text from any kind of file, to be shown and searched.

Rule: at most as many bytes as were asked for; a character that cannot be decoded becomes U+FFFD, never a guess.
"""

import email
import email.policy
import re
import sys
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Final

from dropbox.triage.evidence.inside import office, pdf
from dropbox.triage.evidence.inside.reading import Reading
from dropbox.triage.evidence.inside.reply import DONE, CannotError, facts_block, write

_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_TAG: Final = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^<>]*>", re.DOTALL | re.IGNORECASE)
_HEADERS: Final = ("From", "To", "Cc", "Date", "Subject")
_MAIL_MAX: Final = 32 << 20
_PARTS_MAX: Final = 200


def text(reading: Reading) -> None:
    """Write the text of the file on standard input as the reply: what was noted on the way, and UTF-8.

    Raises:
        CannotError: `unsupported` for a family without text; else see its reader.
    """
    if reading.family not in READERS:
        raise CannotError("unsupported")
    collected = bytearray()
    for piece in READERS[reading.family](reading):
        collected += piece.encode("utf-8", "replace")
        if len(collected) > reading.most:
            reading.note("cut")
            break
    kept = bytes(collected[: reading.most]).decode("utf-8", "ignore").encode()
    write(DONE + facts_block(reading.facts) + kept)


def _plain(reading: Reading) -> Iterator[str]:
    raw = sys.stdin.buffer.read(4 * reading.most)
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            yield raw.decode(encoding, "replace")
            return
    try:
        # The bound may cut a character: up to three bytes at the end are not an error.
        yield raw.decode("utf-8") if len(raw) < 4 * reading.most else raw[:-3].decode("utf-8", "ignore")
    except UnicodeDecodeError:
        yield raw.decode("cp1252", "replace")


def _mail(_reading: Reading) -> Iterator[str]:
    message = email.message_from_bytes(
        sys.stdin.buffer.read(_MAIL_MAX), _class=EmailMessage, policy=email.policy.default
    )
    for name in _HEADERS:
        if message[name]:
            yield f"{name}: {message[name]}\n"
    yield "\n"
    for number, part in enumerate(message.walk()):
        if number >= _PARTS_MAX:
            return
        if part.get_content_maintype() == "text":
            content = part.get_content()
            yield _TAG.sub(" ", content) if part.get_content_subtype() == "html" else content
            yield "\n"
        elif part.get_filename():
            yield f"[{part.get_content_type()}: {part.get_filename()}]\n"


def _archive(_reading: Reading) -> Iterator[str]:
    for member in office.open_archive().infolist():
        yield f"{member.file_size:>14}  {member.filename}\n"


READERS: dict[str, Callable[[Reading], Iterator[str]]] = {
    "text": _plain,
    "mail": _mail,
    "zip": _archive,
    "pdf": lambda _: pdf.pieces(),
    "office": lambda _: office.pieces(),
}
