"""Reads the passphrase of a person: typed on a page, typed at a terminal, or from a private file.

Rule: blanks at its ends are no part of a passphrase. Each place that takes one takes it from here, so that what one
place has set opens at every other.
"""

from pathlib import Path
from typing import Final

from dropbox.disk.private import read_private
from dropbox.disk.terminal import asked_unseen
from dropbox.errors import ConfigurationError, MalformedError, RefusedError
from dropbox.limits import STAFF_PASSPHRASE_MIN
from dropbox.sentences.catalogue import words_of

OPTION: Final = "--passphrase-file"


def without_blanks(typed: str) -> str:
    """Return a passphrase as it counts: without the blanks and line ends around what was typed or pasted."""
    return typed.strip()


def ask_passphrase(file: Path | None, *, is_new: bool = False, question: str = "", option: str = OPTION) -> str:
    """Return a passphrase from its file, or asked for; a new one is asked for twice.

    Args:
        file: a private file whose first line it is, or None.
        is_new: whether it will be set.
        question: asked in place of the usual one.
        option: names the file if there is no terminal.

    Raises:
        MalformedError: the two differ.
        RefusedError: a new one is too short, or there is no terminal to ask at.
        NotFoundError, ConfigurationError: see read_passphrase.
    """
    if file:
        return check_passphrase(read_passphrase(file)) if is_new else read_passphrase(file)
    passphrase = without_blanks(asked_unseen(question or words_of("command.passphrase"), option))
    if not is_new:
        return passphrase
    check_passphrase(passphrase)  # before it is asked for once more
    if without_blanks(asked_unseen(words_of("command.passphrase-again"), option)) != passphrase:
        raise MalformedError("passphrase.differ")
    return passphrase


def check_passphrase(passphrase: str) -> str:
    """Return a new passphrase, without the blanks around it; raises RefusedError if it is too short."""
    counted = without_blanks(passphrase)
    if len(counted) < STAFF_PASSPHRASE_MIN:
        raise RefusedError("passphrase.too-short", least=STAFF_PASSPHRASE_MIN)
    return counted


def read_passphrase(path: Path) -> str:
    """Return the first line of a private passphrase file, without a byte-order mark and blanks around it.

    Raises:
        NotFoundError: it does not exist.
        ConfigurationError: it cannot be read, other users may read it, or it is not UTF-8.
    """
    try:
        return without_blanks(read_private(path).decode("utf-8-sig").split("\n", 1)[0])
    except UnicodeDecodeError:
        raise ConfigurationError("file.not-text", name=path.name) from None
