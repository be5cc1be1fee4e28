"""Keeps what the sandbox found out about files, by their hash, and indexes their text for the search.

    facts = numbers of evidence.replies.FACTS, and `misnamed`, `polyglot` (1 = yes)
    state = `read`, or why not (evidence.reasons)

Rule: each file is examined once; a bomb or a broken file never stops the examination of the others.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from dropbox.errors import DamagedError
from dropbox.sentences.catalogue import Sentence
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.casework import search
from dropbox.triage.evidence import jobs, kinds
from dropbox.triage.evidence.kinds import KINDS, Kind
from dropbox.triage.evidence.reasons import UnreadableError
from dropbox.triage.evidence.source import Source
from dropbox.triage.tables import findings as finding_rows
from dropbox.triage.tables import messages
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.vocabulary import vocabulary

Aside = Callable[[], contextlib.AbstractContextManager[None]]
READ: Final = "read"
# Facts that an officer must see: what the file would do, or what it reveals about its sender.
WARNINGS: Final = vocabulary.codes("file_warning")


@dataclass(frozen=True)
class Finding:
    """What is known of a file.

    Attributes:
        kind: identified by its bytes.
        facts: numbers by name.
        state: READ, or a code of reasons.SENTENCES.
        text: to be shown, at most TEXT_MAX_BYTES.
    """

    kind: Kind
    facts: dict[str, int]
    state: str
    text: str = field(repr=False)

    @property
    def warnings(self) -> list[str]:
        """Return the codes of WARNINGS that apply."""
        return [name for name in WARNINGS if self.facts.get(name)]


@dataclass
class Examined:
    """How many files were examined now and before, and a sentence for each that is damaged in the vault."""

    new: int = 0
    known: int = 0
    failed: list[str] = field(default_factory=list)


def finding(vault: Vault, file: casebook.StoredFile) -> Finding | None:
    """Return what is known of a file; None before it was examined."""
    row = finding_rows.of_file(vault.db, file.sha256)
    return Finding(KINDS[row.kind], row.facts, row.state, row.text) if row else None


def examine_files(work: Work, case: casebook.Case) -> Examined:
    """Examine every file of a case that was not examined yet; each result is stored at once, so that a stop loses none.

    Raises:
        RefusedError: the officer's roles do not allow it.
        NotFoundError: the officer is excluded from the case.
        ConfigurationError: there is no sandbox on this machine; nothing was opened.
    """
    permission.permit(work, Permission.FILE_PREVIEW, case.number)
    done = Examined()
    for number, file in enumerate(casebook.files(work.vault, case), 1):
        known = finding(work.vault, file)
        if known is not None:
            with transaction(work.vault.db):
                _index(work.vault, file, known.text)  # the file may have come again since, in another case
            done.known += 1
            continue
        try:
            _look(work.vault, case, number, file)
        except DamagedError as error:
            done.failed.append(Sentence("evidence.not-examined", number=number, error=error))
            continue
        done.new += 1
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
        NotFoundError: the officer is excluded from the case, or it has no such file.
        DamagedError: the file is not in the vault as it was taken in.
        ConfigurationError: there is no sandbox on this machine; nothing was opened.
        LockedError: the vault was locked meanwhile; nothing was stored.
    """
    permission.permit(work, Permission.FILE_PREVIEW, case.number)
    file = casebook.file_of(work.vault, case, number)
    known = finding(work.vault, file)
    if known is None:
        return _look(work.vault, case, number, file, aside)
    with transaction(work.vault.db):
        _index(work.vault, file, known.text)  # the file may have come again since, in another case
    return known


def _look(
    vault: Vault,
    case: casebook.Case,
    number: int,
    file: casebook.StoredFile,
    aside: Aside = contextlib.nullcontext,
) -> Finding:
    with Source.open(vault, file) as source, aside():
        found = examine(source)
    with transaction(vault.db):
        _keep(vault, file, found)
        audit_log.write(vault, "file.preview", case.number, file=number, kind=found.kind.code, state=found.state)
    return found


def examine(source: Source) -> Finding:
    """Return kind, facts and text of an opened file; raises only ConfigurationError, whatever the file holds."""
    facts = {name: 1 for name in ("misnamed", "polyglot") if getattr(source, f"is_{name}")}
    state, text = READ, ""
    if source.kind.code == "empty":
        return Finding(source.kind, facts, "empty", "")
    if source.kind.family == kinds.OTHER:
        return Finding(source.kind, facts, "unsupported", "")
    try:
        if source.kind.family not in (kinds.OLD_OFFICE, kinds.MAIL):
            facts |= jobs.facts(source.descriptor, source.kind)
    except UnreadableError as error:
        state = error.reason
    try:
        if source.kind.family not in (kinds.PICTURE, kinds.MEDIA):
            text = "".join(_text(source))
    except UnreadableError as error:
        state = error.reason
    return Finding(source.kind, facts, state, text)


def _text(source: Source) -> Iterator[str]:
    if source.kind.family != kinds.OLD_OFFICE:
        yield jobs.text(source.descriptor, source.kind)
        return
    with jobs.document(source.descriptor, source.kind, source.file.name) as made:
        yield jobs.text(made, KINDS["pdf"])


def _keep(vault: Vault, file: casebook.StoredFile, found: Finding) -> None:
    finding_rows.put(vault.db, file.sha256, finding_rows.Row(found.kind.code, found.facts, found.state, found.text))
    _index(vault, file, found.text)


def _index(vault: Vault, file: casebook.StoredFile, text: str) -> None:
    """Index the file's words for every case that has the file."""
    for number, case in messages.with_file(vault.db, file.sha256):
        search.put(vault, case, search.EXTRACTED, number, text)
