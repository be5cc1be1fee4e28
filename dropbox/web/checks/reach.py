"""Looks for private keys and vaults where people leave them within reach of the server.

Rule: it follows links, opens archives, and leaves out no folder by its name; it is bounded in entries, bytes and
seconds, and says when it met a bound, or what it could not enter or read. What it did not find may be there all the
same: GAPS.md says what it skips.
"""

import errno
import os
import re
import stat
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dropbox.limits import REACH_ENTRIES_MAX, REACH_FILE_BYTES, REACH_SECONDS, REACH_UNPACKED_BYTES
from dropbox.sentences.catalogue import Sentence
from dropbox.web.checks.unpacking import Budget, SpentError, heads
from dropbox.wire.keyring import PRIVATE_FILE_LINE

_NO_FILES: Final = ("/proc", "/sys")  # what the kernel shows as files
_VAULT: Final = "vault.db"  # of a workstation: SQLCipher, whose files have no beginning of their own
_PLAIN_SQLITE: Final = b"SQLite format 3\0"
_MARKS: Final = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8"))
_FIRST: Final = re.compile(rb"[\s\0]*" + PRIVATE_FILE_LINE)
_WITHIN: Final = re.compile(
    rb"^[ \t>]*" + PRIVATE_FILE_LINE + rb"\r?\n[ \t>]*kind: [a-z-]+\r?\n[ \t>]*(name|key): ", re.M
)


@dataclass(frozen=True)
class Search:
    """The result of a search."""

    found: Path | None  # the file that holds a private key, or an archive of one, or a vault
    whole: bool  # everything was looked at; False: a bound was met, or something could not be entered or read
    hidden: Path | None = None  # the first place, folder or file that could not be entered or read

    @property
    def unseen(self) -> Sentence | None:
        """What was not looked at, None if everything was."""
        if self.hidden:
            return Sentence("server.not-searched", place=self.hidden)
        return None if self.whole else Sentence("server.not-all-searched")


def full_budget() -> Budget:
    """Return the budget of a search that starts now."""
    return Budget(REACH_ENTRIES_MAX, REACH_UNPACKED_BYTES, time.monotonic() + REACH_SECONDS)


def search(places: Iterable[Path], budget: Budget | None = None) -> Search:
    """Look through the places at the same time, what lies least deep first; ends at the first find.

    Args:
        places: folders; those that do not exist are left out, and so is a whole file system's root.
        budget: what may be looked at (default: the one of limits).
    """
    budget = budget or full_budget()
    places = list(places)
    hidden = [place for place in places if _is_covered(place)]
    try:
        found = next((path for path in _files(places, budget, hidden) if _holds_key(path, budget, hidden)), None)
    except SpentError:
        return Search(None, whole=False, hidden=next(iter(hidden), None))
    return Search(found, whole=not budget.passed_over and not hidden, hidden=next(iter(hidden), None))


def _is_covered(place: Path) -> bool:
    """Return whether a sandbox shows an empty folder in a place's stead (systemd.exec(5): ProtectHome)."""
    try:
        is_read_only = os.statvfs(place).f_flag & os.ST_RDONLY
        return bool(is_read_only) and place.is_mount() and not any(place.iterdir())
    except OSError:
        return False  # missing, or not to be entered: `_files` says it


def _files(places: Iterable[Path], budget: Budget, hidden: list[Path]) -> Iterator[Path]:
    """Regular files, each once however many links lead to it; what cannot be entered is added to `hidden`."""
    waiting = deque(places)
    seen: set[tuple[int, int]] = set()
    while waiting:
        path = waiting.popleft()
        try:
            status = path.stat()
            if (status.st_dev, status.st_ino) in seen:
                continue
            seen.add((status.st_dev, status.st_ino))
            if stat.S_ISREG(status.st_mode):
                yield path
            elif stat.S_ISDIR(status.st_mode) and _is_searched(path.resolve()):
                with os.scandir(path) as entries:
                    for entry in entries:
                        budget.take(entries=1)
                        waiting.append(Path(entry.path))
        except (FileNotFoundError, NotADirectoryError, RuntimeError):  # RuntimeError: a circle of links
            continue
        except OSError as error:
            if error.errno != errno.ELOOP:
                hidden.append(path)


def _is_searched(folder: Path) -> bool:
    # A service that was started in /, or a link to it, has not the whole machine in its reach.
    return folder != Path(folder.anchor) and not any(folder.is_relative_to(name) for name in _NO_FILES)


def _holds_key(path: Path, budget: Budget, hidden: list[Path]) -> bool:
    budget.of_file = REACH_FILE_BYTES
    try:
        with path.open("rb") as file:
            return any(_is_private(name, head) for name, head in heads(path.name, file, budget))
    except FileNotFoundError:
        return False
    except OSError:
        hidden.append(path)
        return False


def _is_private(name: str, head: bytes) -> bool:
    if name == _VAULT:
        return bool(head) and not head.startswith(_PLAIN_SQLITE)
    for mark, codec in _MARKS:
        if head.startswith(mark):
            head = head.removeprefix(mark).decode(codec, "ignore").encode()
    return bool(_FIRST.match(head) or _WITHIN.search(head))
