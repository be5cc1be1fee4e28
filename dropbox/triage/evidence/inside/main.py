"""Runs one job of the sandbox: one file on standard input, one reply on standard output.

    kind                            picture FAMILY PAGE SIDE            text FAMILY CODE BYTES     facts FAMILY CODE
    parts FAMILY CODE               part FAMILY CODE INDEX BYTES
    office ENDING BYTES             newer ENDING BYTES
    play START END FILM SOUND LONGER SHORTER SILENCED BLACK       recording BYTES LONGER SHORTER SILENCED BLACK
    still START FILM SIDE      strip SECONDS COUNT HEIGHT      wave SECONDS SOUND WIDTH HEIGHT
    words FAMILY CODE BYTES PAGES SECONDS

Rule: every failure in here becomes one letter; an exception's text never leaves the sandbox. A job loads only what its
kind of file needs: the other readers would take most of its time, and their libraries would meet the file's bytes.
"""

import contextlib
import os
import sys
from collections.abc import Callable

from dropbox.triage.evidence.inside.reading import Reading
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
    except MemoryError:  # no proof of a bomb
        write(FAILURES["too-large"])
    except Exception:  # noqa: BLE001  hostile bytes may raise anything
        write(FAILURES["damaged"])
    sys.stdout.flush()
    os._exit(0)


def _kind() -> None:
    from dropbox.triage.evidence.inside import identify

    identify.kind()


def _picture(family: str, page: str, side: str) -> None:
    if family == "pdf":
        from dropbox.triage.evidence.inside import pdf

        pdf.picture(int(page), int(side))
    else:
        from dropbox.triage.evidence.inside import pictures

        pictures.picture(int(page), int(side))


def _text(family: str, code: str, most: str) -> None:
    from dropbox.triage.evidence.inside import texts

    texts.text(Reading(family, code, int(most)))


def _words(family: str, code: str, most: str, pages: str, seconds: str) -> None:
    from dropbox.triage.evidence.inside import ocr

    ocr.words(Reading(family, code, int(most)), int(pages), int(seconds))


def _facts(family: str, code: str) -> None:
    from dropbox.triage.evidence.inside import facts

    facts.facts(Reading(family, code))


def _parts(family: str, code: str) -> None:
    from dropbox.triage.evidence.inside import parts

    parts.parts(Reading(family, code))


def _part(family: str, code: str, index: str, most: str) -> None:
    from dropbox.triage.evidence.inside import parts

    parts.part(Reading(family, code, int(most)), int(index))


def _office(ending: str, most: str) -> None:
    from dropbox.triage.evidence.inside.documents import convert

    convert.pdf(ending, int(most))


def _newer(ending: str, most: str) -> None:
    from dropbox.triage.evidence.inside.documents import convert

    convert.newer(ending, int(most))


def _play(start: str, end: str, film: str, sound: str, *more: str) -> None:
    from dropbox.triage.evidence.inside.media import encoding

    longer, shorter, silenced, black = more
    stretches = encoding.stretches(silenced)
    sides = int(longer), int(shorter)
    black_too = stretches if black == "1" else ()
    encoding.play(float(start), float(end), int(film), int(sound), *sides, stretches, black_too)


def _recording(most: str, longer: str, shorter: str, silenced: str, black: str) -> None:
    from dropbox.triage.evidence.inside.media import encoding

    stretches = encoding.stretches(silenced)
    encoding.recording(int(most), int(longer), int(shorter), stretches, stretches if black == "1" else ())


def _still(start: str, film: str, side: str) -> None:
    from dropbox.triage.evidence.inside.media import drawing

    drawing.still(float(start), int(film), int(side))


def _strip(seconds: str, count: str, height: str) -> None:
    from dropbox.triage.evidence.inside.media import drawing

    drawing.strip(float(seconds), int(count), int(height))


def _wave(seconds: str, sound: str, width: str, height: str) -> None:
    from dropbox.triage.evidence.inside.media import drawing

    drawing.wave(float(seconds), int(sound), int(width), int(height))


def _nothing() -> None:
    write(FAILURES["empty"])


_JOBS: dict[str, Callable[..., None]] = {
    "kind": _kind,
    "picture": _picture,
    "text": _text,
    "words": _words,
    "facts": _facts,
    "parts": _parts,
    "part": _part,
    "office": _office,
    "newer": _newer,
    "play": _play,
    "recording": _recording,
    "still": _still,
    "strip": _strip,
    "wave": _wave,
    "nothing": _nothing,
}
