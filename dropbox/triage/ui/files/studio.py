"""Has reporters' files examined and drawn while officers go on working: nothing here waits for a sandbox.

    look at a file    -> its pages, drawn in one thread; jobs of files that are not looked at any more end
    the rest          -> examinations and small pictures, in a second thread; what is looked at comes first

Rule: a request only asks, and takes what is there; a thread opens and parses files outside the vault's turn, and takes
the turn to keep what it found. What was made is plaintext in memory of bounded size; locking ends and drops all.
"""

import threading
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from dropbox.errors import DropboxError, NotFoundError
from dropbox.limits import MIB, PREVIEW_SIDE
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases.casebook import Case, StoredFile
from dropbox.triage.evidence import findings, kinds, leash, recognition, slow
from dropbox.triage.evidence.preview import Page, Viewer
from dropbox.triage.evidence.reasons import UnreadableError
from dropbox.triage.ui.bench import Bench
from dropbox.triage.ui.drawn import Drawn, Made
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

SMALL_SIDE: Final = 240  # pixels, in the list of a case
LARGE_SIDE: Final = 3200  # when an officer zooms in
SIDES: Final = (PREVIEW_SIDE, LARGE_SIDE)
DRAWN_FAMILIES: Final = (kinds.PICTURE, kinds.PDF, kinds.OFFICE, kinds.OLD_OFFICE)
_PAGES_BYTES: Final = 96 * MIB
_SMALL_BYTES: Final = 16 * MIB
# In the second thread: LibreOffice takes seconds, so that its small pictures come after all others.
# Reading words by machine takes minutes: only what no officer asked for comes after it.
LOOKED_AT, SMALL, SMALL_DOCUMENT, WORDS, EARLY = range(1, 6)

Key = tuple[str, str]  # name of the file's blob, which is of one case; place of a part in the file


class PageKey(NamedTuple):
    """A page of a file or part, 1-based, drawn with at most `side` pixels a side; number 0: other work on the file."""

    blob: str
    part: str
    number: int
    side: int


@dataclass(frozen=True)
class File:
    """A file of a case by its number there (1-based), or a part of it."""

    case: Case
    number: int
    part: str
    stored: StoredFile

    @property
    def key(self) -> Key:
        """Return what it is known by: the same bytes in another case have their own key, and line of the log."""
        return self.stored.path.name, self.part

    def page(self, number: int, side: int) -> PageKey:
        """Return the key of a page."""
        return PageKey(*self.key, number, side)

    @property
    def examination(self) -> PageKey:
        """Return the key of the examination of the whole file."""
        return PageKey(self.stored.path.name, "", 0, 0)

    @property
    def reading(self) -> PageKey:
        """Return the key of reading the words in its pictures by machine."""
        return PageKey(self.stored.path.name, "", 0, 1)


@dataclass
class _Look:
    """An opened file; closing it waits for no page that is being drawn."""

    viewer: Viewer = field(repr=False)
    _use: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _is_over: bool = False

    def page(self, number: int, side: int) -> Page:
        """Return a page; raises NotFoundError if the file was closed meanwhile, else as Viewer.page."""
        try:
            with self._use:
                if self._is_over:
                    raise NotFoundError("evidence.closed")
                return self.viewer.page(number, side=side)
        finally:
            if self._is_over:
                self.close()

    def close(self) -> None:
        """Free the memory, now or when the page is drawn."""
        self._is_over = True
        if self._use.acquire(blocking=False):
            try:
                self.viewer.close()
            finally:
                self._use.release()


class Studio:
    """What is made of reporters' files while one vault is open."""

    def __init__(self, vault: Vault, turn: Callable[[], AbstractContextManager[None]]) -> None:
        """Take the open vault, and what makes the block in which a thread has its turn (see Desk.step)."""
        self._vault, self._turn = vault, turn
        self._view = Bench("view of a file", is_newest_first=True)
        self._rest = Bench("examination")
        self.pages, self.small = Drawn(_PAGES_BYTES), Drawn(_SMALL_BYTES)
        self._looks: dict[Key, _Look] = {}
        self._guard = threading.Lock()

    def look_at(self, keys: Collection[Key]) -> None:
        """Let go of every other file: its pages are not drawn any more, and its memory is freed."""
        self._view.drop(lambda key: isinstance(key, PageKey) and key[:2] in keys)
        with self._guard:
            left = [self._looks.pop(key) for key in list(self._looks) if key not in keys]
        for look in left:
            look.close()

    @property
    def looked_at(self) -> set[Key]:
        """Return the files that are open."""
        return set(self._looks)

    def draw(self, work: Work, file: File, number: int, side: int) -> Made | None:
        """Return a page that was drawn, or why it cannot be; None while it is being drawn, which begins now.

        Raises:
            RefusedError: the officer's roles do not allow it.
            NotFoundError: the officer is excluded from the case.
        """
        permission.permit(work, Permission.FILE_PREVIEW, file.case.number)
        key = file.page(number, side)
        made = self.pages.get(key)
        if made is None:
            with self._guard:
                look = self._looks.get(file.key)
                if look is None:
                    look = self._looks[file.key] = _Look(Viewer(work, file.case, file.number, file.part))
            self._view.ask(key, lambda: self._draw(look, file, key))
        return made

    def _draw(self, look: _Look, file: File, key: PageKey) -> None:
        made = _made(lambda: look.page(key.number, key.side))
        self.pages.put(key, made)
        if isinstance(made, DropboxError):
            self._remember(file)

    def _remember(self, file: File) -> None:
        """Remember the pages of an examined file that took too long, so that no later session waits for them."""
        for key, error in self.pages.failures():
            if not isinstance(key, PageKey) or key[:2] != file.key or not isinstance(error, UnreadableError):
                continue
            if key.number > 0 and key.side <= PREVIEW_SIDE:
                with self._turn():
                    found = findings.finding(self._vault, file.stored, file.part)
                    if found is not None:
                        slow.remember(self._vault, file.stored, found, key.number, error.reason)

    def examine(self, work: Work, file: File, rank: int) -> DropboxError | None:
        """Have a whole file examined, in the order of the ranks; return why that failed.

        Raises:
            RefusedError: the officer's roles do not allow it.
            NotFoundError: the officer is excluded from the case.
        """
        permission.permit(work, Permission.FILE_PREVIEW, file.case.number)
        key = file.examination
        failed = self.pages.get(key)
        if isinstance(failed, DropboxError):
            return failed
        self._rest.ask(key, lambda: self._examine(file, key), rank)
        return None

    def _examine(self, file: File, key: PageKey) -> None:
        try:
            found = findings.examine_stored(self._vault, file.stored)
        except DropboxError as error:  # no sandbox, or damaged in the vault
            leash.held().check()
            self.pages.put(key, error)
            return
        except Exception:  # noqa: BLE001  whatever went wrong, the page that waits must end
            leash.held().check()
            self.pages.put(key, UnreadableError("stopped"))
            return
        leash.held().check()  # what broke off is no finding
        with self._turn():
            findings.keep(self._vault, file.case.number, file.number, file.stored, found)
        self._remember(file)

    def read_words(self, work: Work, file: File) -> None:
        """Have the words in the pictures of an examined file and of its parts read by machine, if they were not.

        Raises:
            RefusedError: the officer's roles do not allow it.
            NotFoundError: the officer is excluded from the case.
        """
        permission.permit(work, Permission.FILE_PREVIEW, file.case.number)
        self.pages.forget(file.reading)
        self._rest.ask(file.reading, lambda: self._read_words(file), WORDS)

    def _read_words(self, file: File) -> None:
        with self._turn():
            due = recognition.due(self._vault, file.stored, is_again=True)
        for one in due:
            try:
                read = recognition.read(self._vault, file.stored, one)
            except DropboxError as error:  # no sandbox, or damaged in the vault
                leash.held().check()
                self.pages.put(file.reading, error)
                return
            except Exception:  # noqa: BLE001  whatever went wrong, the page that waits must end
                leash.held().check()
                self.pages.put(file.reading, UnreadableError("stopped"))
                return
            leash.held().check()  # what broke off was not read
            with self._turn():
                recognition.keep(self._vault, file.case.number, file.number, file.stored, one, read)

    def draw_small(self, work: Work, file: File, rank: int) -> Made | None:
        """Return a small picture of the first page, a Page without a picture if its kind has none, or why; as `draw`.

        Raises:
            RefusedError: the officer's roles do not allow it.
            NotFoundError: the officer is excluded from the case.
        """
        permission.permit(work, Permission.FILE_PREVIEW, file.case.number)
        key = file.page(1, SMALL_SIDE)
        made = self.small.get(key)
        if made is None and self._rest.seconds(key) is None:
            viewer = Viewer(work, file.case, file.number, file.part)
            self._rest.ask(key, lambda: self.small.put(key, _made(lambda: _small(viewer))), rank)
        return made

    def has_small(self, stored: StoredFile) -> bool:
        """Return whether `draw_small` has an answer for a file."""
        return self.small.get(PageKey(stored.path.name, "", 1, SMALL_SIDE)) is not None

    def forget(self, file: File) -> None:
        """Forget what could not be made of a file, so that it is tried again."""
        for where in (self.pages, self.small):
            for key, _error in where.failures():
                if isinstance(key, PageKey) and key.blob == file.stored.path.name:
                    where.forget(key)

    def seconds(self, key: PageKey) -> float | None:
        """Return for how long a page was drawn or a file examined until now; None if that is not being done."""
        return (self._rest if key.number == 0 or key.side == SMALL_SIDE else self._view).seconds(key)

    def close(self) -> None:
        """End every job, and drop what was made."""
        self._view.close()
        self._rest.close()
        self.look_at(())
        self.pages.drop()
        self.small.drop()


def _made(make: Callable[[], Page]) -> Made:
    """Return what is made, or why not; raises UnreadableError if the job was ended, which says nothing of the file."""
    try:
        return make()
    except DropboxError as error:
        leash.held().check()
        return error
    except Exception:  # noqa: BLE001  whatever went wrong, the page that waits must end
        leash.held().check()
        return UnreadableError("stopped")


def _small(viewer: Viewer) -> Page:
    with viewer:
        kind = viewer.source.kind
        return viewer.page(1, side=SMALL_SIDE) if kind.family in DRAWN_FAMILIES else Page(kind, 1, 0)
