"""Looks at the machine on which the site would run: its user, modes of files, address, swap and clock.

Rule: each refusal has a word with which the settings accept it (`server.accept`); nothing is accepted unsaid.
"""

import ctypes
import ipaddress
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dropbox.sentences.catalogue import Sentence
from dropbox.settings.installation import Settings

_SQLITE: Final = "sqlite:///"
_SWAPS: Final = Path("/proc/swaps")
_TIME_ERROR: Final = 5  # of adjtimex: no source has set the clock
_PRIVATE, _OWN_GROUP_READS, _NOT_WRITABLE = 0o077, 0o027, 0o022  # bits that a mode must not have


@dataclass(frozen=True)
class Problem:
    """What endangers reporters, what to do, and the word that accepts it."""

    word: str  # of settings.ACCEPTABLE
    sentence: Sentence


def problems(settings: Settings, host: str) -> Iterator[Problem]:
    """Return the problems of the machine, the most serious first.

    Args:
        settings: of the site that would be served.
        host: the address on which it would listen.
    """
    if os.geteuid() == 0:
        yield Problem(
            "root-user",
            Sentence("server.root-user"),
        )
    yield from open_files(settings, os.geteuid())
    if not is_own(host):
        yield Problem(
            "open-address",
            Sentence("server.open-address"),
        )
    if has_swap():
        yield Problem(
            "swap",
            Sentence("server.swap"),
        )


def open_files(settings: Settings, user: int) -> Iterator[Problem]:
    """Yield the files and folders that others may read or change; what is missing is said by the part that needs it.

    Args:
        settings: of the site.
        user: number of the user as whom it runs. An owner may change a file whatever its mode, so only that user and
            root may own one.
    """
    for path, forbidden in _watched(settings):
        try:
            status = path.stat()
        except OSError:
            continue
        if status.st_uid not in {0, user}:
            yield Problem("open-folders", Sentence("server.foreign-owner", path=path))
        if status.st_mode & forbidden:
            # What the check allows stays: the site reads its settings through its group (package: 640).
            want = stat.S_IMODE(status.st_mode) & ~forbidden
            yield Problem("open-folders", Sentence("server.open-folder", path=path, mode=f"{want:o}"))


def warnings() -> Iterator[str]:
    """Yield what deserves a warning, but does not stop the site."""
    is_unset = clock_is_unset()
    if is_unset is None:
        yield Sentence("server.clock-unseen")
    elif is_unset:
        yield Sentence("server.clock")
    if has_swap() is None:
        yield Sentence("server.swap-unseen")


def database_file(settings: Settings) -> Path | None:
    """Return the path of the SQLite file; None for PostgreSQL."""
    is_file = settings.database.startswith(_SQLITE)
    return Path(settings.database.removeprefix(_SQLITE)) if is_file else None


def _watched(settings: Settings) -> Iterator[tuple[Path, int]]:
    database = database_file(settings)
    if database:
        yield database.parent, _PRIVATE
        for name in (database.name, f"{database.name}-wal", f"{database.name}-shm"):
            yield database.with_name(name), _PRIVATE
    if settings.file:  # may hold the password of PostgreSQL
        yield settings.file, _OWN_GROUP_READS
        yield settings.file.parent, _OWN_GROUP_READS
    yield settings.root_pub, _NOT_WRITABLE
    yield settings.root_pub.parent, _NOT_WRITABLE
    for path in (settings.content, settings.form_file, settings.sealer_signature):
        if path:
            yield path, _NOT_WRITABLE


def is_own(host: str) -> bool:
    """Return whether only this machine reaches the address."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def has_swap(swaps: Path = _SWAPS) -> bool | None:
    """Return whether memory may be written to a disk (zram is memory itself); None if the kernel does not say."""
    try:
        lines = swaps.read_text("utf-8").splitlines()[1:]
    except OSError:
        return None
    return any(not line.startswith("/dev/zram") for line in lines)


def clock_is_unset() -> bool | None:
    """Return whether the kernel says that nothing keeps its clock right; None if it does not say."""
    asked = ctypes.create_string_buffer(512)  # struct timex with no mode set: nothing is changed
    state: int = ctypes.CDLL(None).adjtimex(asked)
    return None if state < 0 else state == _TIME_ERROR
