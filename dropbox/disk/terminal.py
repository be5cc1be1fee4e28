"""Speaks with the person at a terminal: lines in their language on stdout or stderr, and questions.

Rule: without a terminal nothing is asked, and no secret is shown or read with its letters shown: a sentence names the
option that takes its place.
"""

import getpass
import os
import sys
import warnings
from collections.abc import Iterable
from typing import Final

from dropbox.errors import MalformedError, RefusedError
from dropbox.sentences.catalogue import in_spoken_language

# xterm's control sequences, which Linux's console knows too: to the first place, clear the screen and what can be
# scrolled back. The other screen (1049), where there is one, is never scrolled back.
_CLEAR: Final = "\033[H\033[2J\033[3J"
_BEGIN: Final = f"\033[?1049h{_CLEAR}"
_END: Final = f"{_CLEAR}\033[?1049l{_CLEAR}"


def say(words: str) -> None:
    """Write a line to stderr."""
    print(in_spoken_language(words), file=sys.stderr)


def show(lines: Iterable[str]) -> None:
    """Write lines to stdout."""
    sys.stdout.write("".join(f"{in_spoken_language(line)}\n" for line in lines))


def show_alone(lines: Iterable[str], question: str) -> None:
    """Show lines on the cleared screen of a terminal until a person presses Enter, then clear them.

    Raises:
        RefusedError: stdin or stdout is no terminal, or one that cannot clear its screen; nothing was shown.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"):
        raise RefusedError("command.screen")
    try:
        sys.stdout.write(_BEGIN)
        show(lines)
        sys.stdout.write(f"\n{question}: ")
        sys.stdout.flush()
        sys.stdin.readline()
    finally:
        sys.stdout.write(_END)
        sys.stdout.flush()


def asked(question: str, option: str) -> str:
    """Return what a person types after a question.

    Raises:
        RefusedError: there is no terminal; it names the option.
        MalformedError: what was typed is not UTF-8.
    """
    if not sys.stdin.isatty():
        raise RefusedError("command.asked", question=question, option=option)
    sys.stderr.write(f"{question}: ")
    sys.stderr.flush()
    try:
        return _utf8(sys.stdin.readline()).strip()
    except UnicodeDecodeError:
        raise MalformedError("text.not-utf8") from None


def asked_unseen(question: str, option: str) -> str:
    """Return what a person types without echo; raises as `asked`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            return _utf8(getpass.getpass(f"{question}: "))
    except (EOFError, getpass.GetPassWarning):
        raise RefusedError("command.asked", question=question, option=option) from None
    except UnicodeDecodeError:
        raise MalformedError("text.not-utf8") from None


def _utf8(typed: str) -> str:
    """Return what was typed; raises MalformedError if it has other bytes, which some terminals give as surrogates."""
    try:
        typed.encode("utf-8")
    except UnicodeEncodeError:
        raise MalformedError("text.not-utf8") from None
    return typed
