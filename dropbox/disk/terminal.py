"""Speaks with the person at a terminal: lines in their language on stdout or stderr, and questions.

Rule: without a terminal nothing is asked, and no secret is read with its letters shown: a sentence names the option
that takes its place.
"""

import getpass
import sys
import warnings
from collections.abc import Iterable

from dropbox.errors import RefusedError
from dropbox.sentences.catalogue import in_spoken_language


def say(words: str) -> None:
    """Write a line to stderr."""
    print(in_spoken_language(words), file=sys.stderr)


def show(lines: Iterable[str]) -> None:
    """Write lines to stdout."""
    sys.stdout.write("".join(f"{in_spoken_language(line)}\n" for line in lines))


def asked(question: str, option: str) -> str:
    """Return what a person types after a question; without a terminal, raises RefusedError that names the option."""
    if not sys.stdin.isatty():
        raise RefusedError("command.asked", question=question, option=option)
    sys.stderr.write(f"{question}: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def asked_unseen(question: str, option: str) -> str:
    """Return what a person types without echo; without a terminal, raises RefusedError that names the option."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            return getpass.getpass(f"{question}: ")
    except (EOFError, getpass.GetPassWarning):
        raise RefusedError("command.asked", question=question, option=option) from None
