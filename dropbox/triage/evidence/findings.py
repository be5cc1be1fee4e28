"""Keeps what the sandbox found out about files, by their hash; their words take effect (evidence.effects).

    facts = numbers by the names of evidence.replies.FACTS
    state = `read`, or why not (evidence.reasons)
    parts = attachments and members, each with a finding of its own, by its place (evidence.source)

Rule: each file is examined once; a bomb or a broken file or part never stops the examination of the others.
"""

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from dropbox.errors import DamagedError
from dropbox.limits import PARTS_MAX_BYTES, PARTS_SECONDS
from dropbox.sentences.catalogue import Sentence
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.evidence import effects, jobs, kinds
from dropbox.triage.evidence.kinds import KINDS, Kind
from dropbox.triage.evidence.reasons import UnreadableError
from dropbox.triage.evidence.replies import Listed
from dropbox.triage.evidence.source import Source
from dropbox.triage.tables import findings as finding_rows
from dropbox.triage.tables import messages
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.vocabulary import vocabulary

Aside = Callable[[], contextlib.AbstractContextManager[None]]
READ: Final = "read"
# Facts that an officer must see: what the file would do, or what it reveals about its sender.
WARNINGS: Final = vocabulary.codes("file_warning")
# What preview, text or copy leave out, or what was repaired to show it.
NOTES: Final = vocabulary.codes("file_note")
DEPTH_MAX: Final = 4  # a mail in an archive in a mail has 3
_PARTS_TOTAL_MAX: Final = 500  # parts of one file, over all depths
Note = tuple[str, int]  # a code of NOTES, and its number


@dataclass(frozen=True)
class Finding:
    """What is known of a file, or of a part of one.

    Attributes:
        kind: identified by its bytes.
        facts: numbers by name.
        state: READ, or a code of reasons.SENTENCES.
        text: to be shown, at most TEXT_MAX_BYTES.
        place: "" for the file itself, "2" or "2.1" for a part.
        name: that the sender or the container's maker gave: untrusted; likewise `type`.
        type: media type.
        size: in bytes.
        sha256: of the file or part.
        recognized: what a machine read in its pictures, apart from `text` because it may be wrong.
    """

    kind: Kind
    facts: dict[str, int]
    state: str
    text: str = field(repr=False)
    place: str = ""
    name: str = field(default="", repr=False)
    type: str = field(default="", repr=False)
    size: int = 0
    sha256: bytes = field(default=b"", repr=False)
    recognized: str = field(default="", repr=False)

    @property
    def warnings(self) -> list[str]:
        """Return the codes of WARNINGS that apply."""
        return [name for name in WARNINGS if self.facts.get(name)]

    @property
    def notes(self) -> list[Note]:
        """Return (code of NOTES, its number) of each that applies."""
        return [(name, self.facts[name]) for name in NOTES if self.facts.get(name)]


@dataclass
class Examined:
    """How many files were examined now and before, and a sentence for each that is damaged in the vault."""

    new: int = 0
    known: int = 0
    failed: list[str] = field(default_factory=list)


def finding(vault: Vault, file: casebook.StoredFile, place: str = "") -> Finding | None:
    """Return what is known of a file, or of its part at a place; None before it was examined."""
    row = finding_rows.of_file(vault.db, file.sha256, place)
    return _finding(row) if row else None


def parts(vault: Vault, file: casebook.StoredFile) -> list[Finding]:
    """Return what is known of the parts of a file, in the order of the container; none before it was examined."""
    return [_finding(row) for row in finding_rows.all_of(vault.db, file.sha256) if row.place]


def same_files(vault: Vault, case: casebook.Case, part: Finding) -> list[int]:
    """Return the 1-based numbers of the case's files that have the bytes of a part; none for a file itself."""
    files = casebook.files(vault, case) if part.place else []
    return [number for number, file in enumerate(files, 1) if file.sha256 == part.sha256]


def outlines(vault: Vault, file: casebook.StoredFile) -> list[Finding]:
    """Return what is known of a file and of its parts, without the texts; none before it was examined."""
    return [_finding(row) for row in finding_rows.outlines(vault.db, file.sha256)]


def _finding(row: finding_rows.Row) -> Finding:
    own = row._asdict() | {"kind": KINDS[row.kind]}
    return Finding(**own)


def examine_files(work: Work, case: casebook.Case) -> Examined:
    """Examine every file of a case that was not examined yet; each result is stored at once, so that a stop loses none.

    Raises:
        RefusedError: the officer's roles do not allow it.
        NotFoundError: the officer is excluded from the case, also by what a file says.
        ConfigurationError: there is no sandbox on this machine; nothing was opened.
    """
    permission.permit(work, Permission.FILE_PREVIEW, case.number)
    done = Examined()
    for number, file in enumerate(casebook.files(work.vault, case), 1):
        permission.permit(work, Permission.FILE_PREVIEW, case.number)  # the file before may have named the officer
        known = finding(work.vault, file)
        if known is not None:
            with transaction(work.vault.db):
                effects.take_new(work.vault, file.sha256)  # the file may have come again since, in another case
            done.known += 1
            continue
        try:
            _look(work.vault, case, number, file)
        except DamagedError as error:
            done.failed.append(Sentence("evidence.not-examined", number=number, error=error))
            continue
        done.new += 1
    permission.permit(work, Permission.FILE_PREVIEW, case.number)
    return done


def examine_file(work: Work, case: casebook.Case, number: int, aside: Aside = contextlib.nullcontext) -> Finding:
    """Return what is known of one file; examine it now if it was not examined yet.

    Args:
        work: the vault, the settings and the day.
        case: that has the file.
        number: of the file in the case, 1-based.
        aside: makes the block in which the sandbox works and the vault is not used.

    Raises:
        RefusedError: the officer's roles do not allow it.
        NotFoundError: the officer is excluded from the case, also by what the file says, or it has no such file.
        DamagedError: the file is not in the vault as it was taken in.
        ConfigurationError: there is no sandbox on this machine; nothing was opened.
        LockedError: the vault was locked meanwhile; nothing was stored.
    """
    permission.permit(work, Permission.FILE_PREVIEW, case.number)
    file = casebook.file_of(work.vault, case, number)
    known = finding(work.vault, file)
    if known is None:
        known = _look(work.vault, case, number, file, aside)
    else:
        with transaction(work.vault.db):
            effects.take_new(work.vault, file.sha256)  # the file may have come again since, in another case
    permission.permit(work, Permission.FILE_PREVIEW, case.number)  # it may name the officer
    return known


def _look(
    vault: Vault, case: casebook.Case, number: int, file: casebook.StoredFile, aside: Aside = contextlib.nullcontext
) -> Finding:
    with aside():
        found = examine_stored(vault, file)
    keep(vault, case.number, number, file, found)
    return found[0]


def examine_stored(vault: Vault, file: casebook.StoredFile) -> list[Finding]:
    """Return what `examine` does of a file of the vault; needs neither the database nor its turn.

    Raises:
        DamagedError: the file is not in the vault as it was taken in.
        ConfigurationError: there is no sandbox on this machine; nothing was opened.
    """
    try:
        with Source.open(vault, file) as source:
            return examine(source)
    except UnreadableError as error:
        return [Finding(KINDS["unknown"], {}, error.reason, "", "", file.name, file.type, file.size, file.sha256)]


def examine(source: Source) -> list[Finding]:
    """Return kind, facts and text of an opened file, then those of its parts.

    Raises:
        ConfigurationError: there is no sandbox; nothing else is raised, whatever the file holds.
    """
    return _examined(source, "", _Budget(time.monotonic() + PARTS_SECONDS))


@dataclass
class _Budget:
    """What may still be examined of the parts of one file: until when, how many, and how many bytes."""

    end: float
    parts: int = _PARTS_TOTAL_MAX
    size: int = PARTS_MAX_BYTES

    def allows(self, one: Listed) -> bool:
        """Return whether another part may be opened; it is counted, its bytes are charged once they came."""
        self.parts -= 1
        return self.parts >= 0 and self.size >= max(one.size, 0) and time.monotonic() < self.end


def _examined(source: Source, place: str, budget: _Budget) -> list[Finding]:
    facts, state, text = dict(source.facts), READ, ""
    listed: list[Listed] = []
    if source.kind.family in kinds.UNREAD:
        state = kinds.UNREAD[source.kind.family]
    else:
        steps = (_facts_of, _text_of, _parts_of)
        for step in steps:
            try:
                more, words, members = step(source)
            except UnreadableError as error:
                state = error.reason
            else:
                facts |= more
                text, listed = text or words, listed or members
    inner: list[Finding] = []
    for index, one in enumerate(listed):
        if place.count(".") + bool(place) >= DEPTH_MAX or not budget.allows(one):
            facts["parts-cut"] = facts.get("parts-cut", 0) + len(listed) - index
            break
        inner += _part(source, index, one, f"{place}.{index + 1}" if place else str(index + 1), budget)
    own = Finding(source.kind, facts, state, text, place, source.name, source.media_type, source.size, source.sha256)
    return [own, *inner]


def _part(source: Source, index: int, one: Listed, place: str, budget: _Budget) -> list[Finding]:
    try:
        opened = source.part(index, one)
    except UnreadableError as error:
        return [Finding(KINDS["unknown"], {}, error.reason, "", place, one.name, one.type, max(one.size, 0))]
    budget.size -= opened.size  # what its container states may be wrong
    with opened:
        return _examined(opened, place, budget)


_Step = tuple[dict[str, int], str, list[Listed]]


def _facts_of(source: Source) -> _Step:
    if source.kind.family == kinds.MAIL:
        return {}, "", []  # its text has all that is noted of it: one sandbox less
    return jobs.facts(source.descriptor, source.kind), "", []


def _text_of(source: Source) -> _Step:
    if source.kind.family in (kinds.PICTURE, kinds.MEDIA):
        return {}, "", []
    if source.kind.family != kinds.OLD_OFFICE:
        read = jobs.text(source.descriptor, source.kind)
        return read.facts, read.text, []
    with jobs.newer(source.descriptor, source.kind) as made:
        kind = KINDS[jobs.identity(made).code]
        noted, read = jobs.facts(made, kind), jobs.text(made, kind)
    return noted | read.facts, read.text, []


def _parts_of(source: Source) -> _Step:
    if source.kind.family in (kinds.TEXT, kinds.MEDIA):
        return {}, "", []  # nothing lists parts of these
    noted, listed = source.parts()
    return noted, "", listed


def keep(vault: Vault, case: CaseNumber, number: int, file: casebook.StoredFile, found: list[Finding]) -> None:
    """Keep what `examine` found out about a file of a case (1-based number there), and index its words."""
    with transaction(vault.db):
        if not messages.with_file(vault.db, file.sha256):
            return  # its last message was deleted meanwhile
        before = {row.place: row for row in finding_rows.all_of(vault.db, file.sha256)}
        finding_rows.remove(vault.db, file.sha256)
        for one in found:
            row = finding_rows.Row(
                *(one.place, one.name, one.type, one.size, one.sha256, one.kind.code, one.facts, one.state, one.text)
            )
            finding_rows.put(vault.db, file.sha256, finding_rows.with_recognized(row, before.get(one.place)))
        effects.take(vault, file.sha256)
        first = found[0]
        audit_log.write(vault, "file.preview", case, file=number, kind=first.kind.code, state=first.state)
