"""Shares what the commands of `dropbox triage` need: named files, dates, logins.

Rule: only a command itself writes data to stdout; no decision is made here.
"""

import contextlib
import datetime
import os
from argparse import ArgumentTypeError, Namespace
from pathlib import Path
from typing import BinaryIO, Final

from dropbox.disk.small import read_small
from dropbox.errors import NotFoundError, RefusedError
from dropbox.limits import FORM_MAX_BYTES, RETURN_BUNDLE_MAX_BYTES
from dropbox.sentences.catalogue import words_of
from dropbox.triage.vault.officer import sole_login
from dropbox.wire.calendar import day_of

OFFICER_VARIABLE: Final = "DROPBOX_OFFICER"


def date(typed: str) -> int:
    """Return the day number of YYYY-MM-DD; raises ArgumentTypeError, as argparse expects."""
    try:
        return day_of(datetime.date.fromisoformat(typed))
    except ValueError:
        raise ArgumentTypeError(words_of("command.date")) from None


def open_file(path: Path) -> contextlib.AbstractContextManager[BinaryIO]:
    """Return an opened file; raises NotFoundError if it cannot be read."""
    try:
        return path.open("rb")
    except OSError as error:
        raise NotFoundError("file.name-unreadable", name=path.name, system=error.errno) from None


def read(path: Path) -> bytes:
    """Return the bytes of a file of at most a form's size; raises NotFoundError or TooLargeError."""
    return read_small(path, FORM_MAX_BYTES)


def read_long(path: Path) -> bytes:
    """Return the bytes of a file of at most a reply bundle's size; raises NotFoundError or TooLargeError."""
    return read_small(path, RETURN_BUNDLE_MAX_BYTES)


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file, with or without a byte order mark; raises NotFoundError, RefusedError."""
    try:
        return read(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RefusedError("text.not-utf8-file") from None


def login_of(options: Namespace, folder: Path | None = None) -> str:
    """Return the login from --officer or the environment, else of the vault's only officer, else an empty text."""
    return options.officer or os.environ.get(OFFICER_VARIABLE) or (sole_login(folder) if folder else "")
