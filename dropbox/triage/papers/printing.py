"""Prints a paper: hands it to the compiler's program (press) and returns the PDF.

Rule: this is the only way to a PDF. The compiler runs as a program of its own, gets one paper and no other data, and
its messages are not kept, because they may quote the paper.
"""

import dataclasses
import json
import os
import signal
import sys
from collections.abc import Sequence
from typing import Any, Final

from dropbox.errors import ConfigurationError, RefusedError
from dropbox.triage.papers.characters import WORD_MAX, known, shown
from dropbox.triage.papers.paper import Block, Paper, Table
from dropbox.wire.calendar import date_of

_PRESS: Final = "dropbox.triage.papers.press"
_CELL_WORD_MAX: Final = 16  # characters that the narrowest column of a table holds


def printed(paper: Paper) -> bytes:
    """Return the PDF of a paper; the same paper gives the same bytes.

    Raises:
        ConfigurationError: this installation lacks the fonts or the compiler.
        RefusedError: it is too long for the time that one paper gets.
    """
    known()  # says what is missing, before a program is started
    value = json.dumps(_value(paper), ensure_ascii=False).encode("utf-8")
    with os.fdopen(os.memfd_create("paper"), "w+b") as source, os.fdopen(os.memfd_create("pdf"), "w+b") as target:
        source.write(value)
        source.seek(0)
        status = _run(source.fileno(), target.fileno())
        target.seek(0)
        pdf = target.read()
    if status == -signal.SIGXCPU:
        raise RefusedError("paper.too-long")
    if status or not pdf.startswith(b"%PDF-"):
        raise ConfigurationError("paper.compiler")
    return pdf


def _run(source: int, target: int) -> int:
    """Run the compiler's program between two files in memory; return its exit code, or minus a signal."""
    actions = [
        (os.POSIX_SPAWN_DUP2, source, 0),
        (os.POSIX_SPAWN_DUP2, target, 1),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]
    program = os.posix_spawn(sys.executable, [sys.executable, "-I", "-m", _PRESS], {}, file_actions=actions)
    return os.waitstatus_to_exitcode(os.waitpid(program, 0)[1])


def _value(paper: Paper) -> dict[str, Any]:
    """Return a paper as the template reads it: texts that can be printed, `kind` in each block."""
    value: dict[str, Any] = _plain(dataclasses.asdict(dataclasses.replace(paper, blocks=(), annexes=())))
    day = date_of(paper.day)
    parts = {"blocks": _blocks(paper.blocks), "annexes": _blocks(paper.annexes)}
    return {**value, **parts, "day": [day.year, day.month, day.day]}


def _blocks(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    return [
        {
            "kind": type(one).__name__,
            **_plain(dataclasses.asdict(one), _CELL_WORD_MAX if isinstance(one, Table) else WORD_MAX),
        }
        for one in blocks
    ]


def _plain(value: object, most: int = WORD_MAX) -> Any:  # noqa: ANN401  JSON of any depth
    if isinstance(value, str):
        return shown(value, most)
    if isinstance(value, dict):
        return {name: _plain(one, most) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one, most) for one in value]
    return value
