"""Describes what a page shows of one file: its picture or lines, what is known of it, and what is still being read.

Rule: nothing waits for a sandbox. What is not there yet is asked for, and the page says that it is being read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from flask import url_for

from dropbox.errors import DropboxError, NotFoundError
from dropbox.limits import PREVIEW_SIDE
from dropbox.serving.pages.language import sentence
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.evidence import effects, findings, kinds, slow
from dropbox.triage.evidence.findings import Finding
from dropbox.triage.evidence.preview import Page, lines, page_of
from dropbox.triage.evidence.reasons import UnreadableError
from dropbox.triage.evidence.replies import CODECS
from dropbox.triage.ui import file_words
from dropbox.triage.ui.files.places import PART, Around, Place, Step, around, file_at
from dropbox.triage.ui.files.studio import LOOKED_AT, File
from dropbox.triage.ui.view import desk, vault, whole, work
from dropbox.triage.vault.schema import transaction

PAGE: Final = "halaman"  # of an address: number of the page
TEXT: Final = "teks"  # number of the page of the text that is shown with the picture; 0: none

_WITHOUT_PAGES: Final = (kinds.MEDIA, *kinds.UNREAD)
_WITHOUT_COPY: Final = (kinds.ARCHIVE, *kinds.UNREAD)
_BOMB: Final = "bomb"
_PAGE_MAX: Final = 10_000_000


@dataclass(frozen=True)
class Address:
    """The address of a page that shows a file: what it has besides, and what its values for this file begin with."""

    endpoint: str
    values: Mapping[str, Any]
    prefix: str = ""

    def to(self, **changed: object) -> str:
        """Return the address with other values of this file."""
        return url_for(self.endpoint, **{**self.values, **{self.prefix + name: one for name, one in changed.items()}})

    def with_file(self, step: Step) -> str:
        """Return the address with another file in its place."""
        message = "message" if not self.prefix else self.prefix.rstrip("-")
        changed = {message: step.message, **{self.prefix + name: None for name in (PAGE, TEXT)}}
        return url_for(self.endpoint, **{**self.values, **changed, self.prefix + PART: step.part or None})

    @property
    def form(self) -> str:
        """Return the address without values, for a form with method GET."""
        names = ("number", "message") if not self.prefix else ("number",)
        return url_for(self.endpoint, **{name: self.values[name] for name in names})

    def kept(self, *without: str) -> list[tuple[str, Any]]:
        """Return (name, value) of what a form with method GET sends besides its own fields."""
        own = {"number", "message", *(self.prefix + name for name in without)}
        return [(name, value) for name, value in self.values.items() if name not in own and value not in (None, "")]


@dataclass(frozen=True)
class Seen:
    """What is known of a page of a file now."""

    known: list[Finding] = field(repr=False)  # of the file and its parts, without texts
    found: Finding | None
    page: Page | None
    why: str  # a sentence: why there is no page
    is_drawn_now: bool
    is_examined_now: bool
    reason: str = ""  # its code, if it is one of evidence.reasons

    @property
    def is_to_try_again(self) -> bool:
        """Return whether another try may succeed."""
        return self.reason in slow.REASONS


def admitted(file: File) -> list[Finding]:
    """Return what is known of a file and its parts, without texts, if the officer may see it.

    What a known file says takes effect first, for another case may have brought it before: it may name the officer.

    Raises:
        RefusedError: the officer's roles do not allow it.
        NotFoundError: the officer is excluded from the case, also by what the file says.
    """
    permission.permit(work(), Permission.FILE_PREVIEW, file.case.number)
    known = findings.outlines(vault(), file.stored)
    if known:
        with transaction(vault().db):
            effects.take_new(vault(), file.stored.sha256)
        permission.permit(work(), Permission.FILE_PREVIEW, file.case.number)
    return known


def see(file: File, number: int, side: int = PREVIEW_SIDE) -> Seen:
    """Return what is known of a page; have drawn and examined what is not.

    Raises:
        RefusedError: the officer's roles do not allow it.
        NotFoundError: the officer is excluded from the case, or the file has no such part.
    """
    studio = desk().studio
    known = admitted(file)
    found = next((one for one in known if one.place == file.part), None)
    failed = None
    if found is None:
        if known:
            raise NotFoundError("evidence.no-such-part")
        failed = studio.examine(work(), file, LOOKED_AT)
    is_examined_now = found is None and failed is None

    def seen(page: Page | None, why: str = "", *, is_drawn_now: bool = False, reason: str = "") -> Seen:
        return Seen(known, found, page, why or sentence(failed or ""), is_drawn_now, is_examined_now, reason)

    if found is not None and (found.kind.family in _WITHOUT_PAGES or found.state == _BOMB):
        is_read = found.state == findings.READ
        return seen(None, "" if is_read else state_words(found.state), reason="" if is_read else found.state)
    if found is not None and (reason := slow.reason(found, number)):
        return seen(None, state_words(reason), reason=reason)
    made = studio.draw(work(), file, number, side)
    if isinstance(made, UnreadableError):
        return seen(None, state_words(made.reason), reason=made.reason)
    if isinstance(made, DropboxError):  # no sandbox, or damaged in the vault: the hash is shown all the same
        return seen(None, sentence(made))
    return seen(made, is_drawn_now=made is None)


def state_words(code: str) -> str:
    """Return the words of a state of evidence.reasons."""
    return str(file_words.STATES[code])


@dataclass(frozen=True)
class Pane:
    """What a page shows of one file."""

    name: str
    place: Place
    file: File
    address: Address
    number: int
    seen: Seen
    text: Page | None
    around: Around
    is_read_now: bool  # whether a machine reads the words in its pictures
    unread_why: str  # a sentence: why it did not

    @property
    def key(self) -> str:
        """Return what the picture is known by: another picture has another key."""
        return f"{self.place.message}-{self.place.part}-{self.number}"

    @property
    def parts(self) -> list[Finding]:
        """Return what is known of the parts of the whole file."""
        return [one for one in self.seen.known if one.place]

    @property
    def pictured(self) -> list[Finding]:
        """Return what is known of the file or part that is shown; of the whole file, of its parts as well."""
        found = self.seen.found
        return self.seen.known if found and not found.place else [found] if found else []

    @property
    def recognized(self) -> list[Finding]:
        """Return those of `pictured` in whose pictures a machine read words."""
        return [one for one in self.pictured if one.recognized]

    @property
    def is_to_read(self) -> bool:
        """Return whether a machine may read words in pictures, and has not yet."""
        return any(file_words.may_be_read(one) for one in self.pictured)

    @property
    def has_copy(self) -> bool:
        """Return whether a cleaned copy may be possible."""
        found = self.seen.found
        return found is None or not (found.kind.family in _WITHOUT_COPY or found.state == _BOMB)

    @property
    def kind(self) -> str:
        """Return the words of the file's kind; empty while it is not known."""
        known = self.seen.found or self.seen.page
        return str(file_words.KINDS[known.kind.code]) if known else ""

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Return (label, value) of each number that is known; warnings and notes are shown by themselves."""
        said = []
        for name, text in file_words.FACTS.items():
            value = self.seen.found.facts.get(name) if self.seen.found else None
            if value is None:
                continue
            is_codec = name in ("video", "audio")
            said.append((str(text), CODECS[value] if is_codec and value < len(CODECS) else str(value)))
        return said

    @property
    def state(self) -> str:
        """Return in words why only a part is known of a file whose page is shown; empty if all is."""
        found = self.seen.found
        return state_words(found.state) if found and self.seen.page and found.state != findings.READ else ""


def pane(name: str, place: Place, address: Address) -> Pane:
    """Return what is shown of the file at a place; the address has the numbers of its page and of its text's.

    Raises:
        RefusedError, NotFoundError: see `see`.
    """
    file = file_at(place)
    number = number_in(address.values.get(address.prefix + PAGE)) or 1
    seen = see(file, number)
    studio = desk().studio
    failed = studio.pages.get(file.reading)
    return Pane(
        *(name, place, file, address, number, seen, _text(file, seen, address), around(place)),
        is_read_now=studio.seconds(file.reading) is not None,
        unread_why=sentence(failed) if isinstance(failed, DropboxError) else "",
    )


def _text(file: File, seen: Seen, address: Address) -> Page | None:
    """Return a page of the text that was read from the file, if the address asks for it."""
    number = number_in(address.values.get(address.prefix + TEXT))
    if not number or seen.found is None or (seen.page is not None and not seen.page.png):
        return None
    whole_finding = findings.finding(vault(), file.stored, file.part)
    every = lines(whole_finding.text if whole_finding else "")
    pages = page_of(seen.found.kind, every, 1).pages
    return page_of(seen.found.kind, every, min(number, pages))


def number_in(value: object) -> int:
    """Return the number in a value of an address, 0 for anything else."""
    return min(whole(str(value or "")) or 0, _PAGE_MAX)
