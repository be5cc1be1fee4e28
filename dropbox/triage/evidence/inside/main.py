"""Runs one job of the sandbox: one file on standard input, one reply on standard output.

    picture KIND PAGE SIDE PIXELS      text KIND BYTES      facts KIND      office ENDING BYTES      media BYTES

Rule: every failure in here becomes one letter; an exception's text never leaves the sandbox.
"""

import contextlib
import os
import sys
from collections.abc import Callable

from dropbox.triage.evidence.inside.reply import FAILURES, CannotError, write

_WORST = "1000"


def run(arguments: list[str]) -> None:
    """Do the job and end the process.

    Args:
        arguments: name of the job, then its own arguments, as the module docstring lists them.
    """
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as score:  # noqa: PTH123
        score.write(_WORST)  # when memory runs out, the kernel ends this process first
    try:
        _JOBS[arguments[0]](*arguments[1:])
    except CannotError as error:
        write(error.letter)
    except MemoryError:
        write(FAILURES["bomb"])
    except Exception:  # noqa: BLE001  hostile bytes may raise anything
        write(FAILURES["damaged"])
    sys.stdout.flush()
    os._exit(0)


def _picture(kind: str, page: str, side: str, pixels: str) -> None:
    if kind == "pdf":
        from dropbox.triage.evidence.inside import pdf  # noqa: PLC0415

        pdf.picture(int(page), int(side))
    else:
        from dropbox.triage.evidence.inside import pictures  # noqa: PLC0415

        pictures.picture(int(page), int(side), int(pixels))


def _text(kind: str, most: str) -> None:
    from dropbox.triage.evidence.inside import texts  # noqa: PLC0415

    texts.text(kind, int(most))


def _facts(kind: str) -> None:
    from dropbox.triage.evidence.inside import facts  # noqa: PLC0415

    facts.facts(kind)


def _office(ending: str, most: str) -> None:
    from dropbox.triage.evidence.inside import programs  # noqa: PLC0415

    programs.office(ending, int(most))


def _media(most: str) -> None:
    from dropbox.triage.evidence.inside import programs  # noqa: PLC0415

    programs.media(int(most))


def _nothing() -> None:
    write(FAILURES["empty"])


_JOBS: dict[str, Callable[..., None]] = {
    "picture": _picture,
    "text": _text,
    "facts": _facts,
    "office": _office,
    "media": _media,
    "nothing": _nothing,
}
