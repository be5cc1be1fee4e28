"""What reaches a workstation: registers as CSV, replies of the sandbox, and inside the sandbox what people attach.

Rule: outside the sandbox only documented errors are raised. Inside, any error becomes one letter (inside.main), so
there the bounds count: a reply is understood outside, comes in time, and holds no more than was asked for.
"""

import contextlib
import functools
import os
import sys
from collections.abc import Callable
from types import SimpleNamespace

from dropbox.errors import MalformedError, RefusedError
from dropbox.triage.evidence import replies
from dropbox.triage.evidence.inside import identify, parts, reply, texts
from dropbox.triage.evidence.inside.reading import Reading
from dropbox.triage.evidence.inside.reply import CannotError
from dropbox.triage.evidence.kinds import KINDS
from dropbox.triage.evidence.reasons import UnreadableError
from dropbox.triage.intake import csv_entry
from dropbox.triage.intake.manual_entry import Typed, checked

_TODAY = 20781
_MOST = 1 << 16  # bytes of a text


def register(untrusted: bytes) -> None:
    """Read a register: each row is one to enter, or has a sentence about what is wrong."""
    with contextlib.suppress(MalformedError):
        rows = csv_entry._rows(csv_entry._decoded(untrusted))
        _, first = next(rows, (0, None))
        columns = [csv_entry._COLUMNS.get(cell.strip().casefold(), "") for cell in first or ()]
        if "date" not in columns or "what" not in columns or len({*filter(None, columns)}) != sum(map(bool, columns)):
            return
        for _, cells in rows:
            typed = csv_entry._typed_of(columns, cells, "surat")
            if isinstance(typed, Typed):
                with contextlib.suppress(RefusedError):
                    checked(typed, _TODAY)


def _read(kind: str, untrusted: bytes) -> None:
    with contextlib.suppress(UnreadableError):
        answer = replies.Reply(iter((untrusted,)))
        if kind == "part":
            for _ in replies.Pieces(answer):
                pass
        elif kind == "picture":
            for _ in replies.picture(answer, 400).rows:
                pass
        else:
            getattr(replies, kind)(answer)


def sandbox_reply(untrusted: bytes) -> None:
    """Read a reply of the sandbox; the first byte says of which kind."""
    kinds = ("part", "picture", "identity", "text", "recording", "facts", "parts")
    _read(kinds[(untrusted or b"\0")[0] % len(kinds)], untrusted[1:])


# --- inside the sandbox -----------------------------------------------------------------------------------


@functools.cache
def memory() -> int:
    """A file without a name that is standard input, as in the sandbox."""
    descriptor = os.memfd_create("fuzzed")
    os.dup2(descriptor, 0)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    return descriptor


def _given(untrusted: bytes) -> None:
    descriptor = memory()
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, untrusted, 0)
    sys.stdin.buffer.seek(0)
    sys.stdin.buffer.read(0)


def _reply(job: Callable[..., None], *arguments: object) -> bytes:
    """What a job writes; what it cannot do is a letter, as in inside.main."""
    written: list[bytes] = []

    def write(_descriptor: int, data: bytes) -> int:
        written.append(bytes(data))
        return len(data)

    before, reply.os = reply.os, SimpleNamespace(write=write)  # type: ignore[assignment]
    try:
        job(*arguments)
    except CannotError as error:
        return error.letter
    except Exception:  # noqa: BLE001  as in inside.main
        return reply.FAILURES["damaged"]
    finally:
        reply.os = before
    return b"".join(written)


def kind(untrusted: bytes) -> None:
    """Identify a file: any bytes have a kind that the workstation knows."""
    _given(untrusted)
    found = identify.identify(0)
    assert found.code in KINDS
    assert 0 <= found.start <= len(untrusted)


def inside(code: str, untrusted: bytes) -> None:
    """Read a file as one of that kind: its text, its parts, its first part. All replies are understood outside."""
    family = KINDS[code].family
    _given(untrusted)
    text = _reply(texts.text, Reading(family, code, _MOST))
    with contextlib.suppress(UnreadableError):
        assert len(replies.text(replies.Reply(iter((text,)))).text.encode()) <= _MOST
    _given(untrusted)
    listed = _reply(parts.parts, Reading(family, code))
    with contextlib.suppress(UnreadableError):
        assert len(replies.parts(replies.Reply(iter((listed,))))[1]) <= parts.PARTS_MAX
    _given(untrusted)
    _read("part", _reply(parts.part, Reading(family, code, _MOST), 0))


_INSIDE = {
    "mail": "mail",
    "mailbox": "mbox",
    "outlook": "msg",
    "tnef": "tnef",
    "html": "html",
    "xml": "xml",
    "cards": "vcf",
    "text": "text",
    "zip": "zip",
    "rar": "rar",
    "docx": "docx",
    "xlsx": "xlsx",
    "pptx": "pptx",
    "odt": "odt",
    "ods": "ods",
}

TARGETS: dict[str, Callable[[bytes], None]] = {
    "register": register,
    "sandbox reply": sandbox_reply,
    "identity": kind,
    **{name: functools.partial(inside, code) for name, code in _INSIDE.items()},
}
