"""Keeps recipes of redacted copies in the vault, each under a name; several of one file may exist, one per receiver.

Rule: a recipe belongs to a file's bytes in its case. Whoever may export a file may redact it; each save is logged, with
the hash that binds the recipe to the file.
"""

from dataclasses import dataclass
from typing import Final

from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage.access import holds, permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.redaction import recipe as recipes
from dropbox.triage.redaction.recipe import Recipe
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.tables.outgoing import redactions
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import Day

ACTION: Final = "file.redact"
NEW: Final = 0
_NAME_MAX: Final = 60
_NOTE_MAX: Final = 500


@dataclass(frozen=True)
class Saved:
    """A recipe in the vault.

    Attributes:
        number: running number.
        case: number of the file's case.
        file_sha256: of the whole file.
        place: "" for the file itself, or of a part (evidence.source).
        name: by which officers know the copy.
        recipe: what it covers.
        sha256: the hash that binds the recipe to file and place.
        note: of the officer.
        officer: login of the one who saved it last.
        day: on which it was saved last.
    """

    number: int
    case: CaseNumber
    file_sha256: bytes
    place: str
    name: str
    recipe: Recipe
    sha256: bytes
    note: str
    officer: str
    day: Day


@dataclass(frozen=True)
class Draft:
    """A recipe as an officer wants to keep it: name, recipe, note."""

    name: str
    recipe: Recipe
    note: str = ""


def save(work: Work, case: Case, number: int, place: str, draft: Draft, known: int = NEW) -> Saved:
    """Keep a recipe for a file of a case (1-based number) or a part of it; return it.

    Args:
        work: the vault, the settings and the day.
        case: that has the file.
        number: of the file.
        place: "" for the file itself, or of a part.
        draft: name, recipe and note.
        known: number of the recipe that it replaces, or NEW.

    Raises:
        RefusedError: the officer's roles do not allow it, the recipe covers nothing, name or note is too long or
            missing, or another copy of the file has the name.
        NotFoundError: the officer is excluded from the case, it has no such file, or the file no such recipe.
    """
    permission.permit(work, Permission.FILE_EXPORT, case.number)
    file = casebook.file_of(work.vault, case, number)
    name = " ".join(draft.name.split())
    if not name or not name.isprintable() or len(name) > _NAME_MAX or len(draft.note) > _NOTE_MAX:
        raise RefusedError("redaction.name")
    if not any(draft.recipe.counts.values()):
        raise RefusedError("redaction.empty")
    others = [one for one in of_file(work.vault, case, file.sha256, place) if one.number != known]
    if any(one.name == name for one in others):
        raise RefusedError("redaction.name-used")
    if known:
        of_number(work.vault, case, file.sha256, place, known)
    row = redactions.Row(
        *(case.number, file.sha256, place, name, draft.recipe.encoded(), draft.recipe.hash(file.sha256, place)),
        *(draft.note.strip(), work.vault.officer.login, work.today),
    )
    with transaction(work.vault.db):
        if known:
            redactions.change(work.vault.db, known, row)
        made = known or redactions.add(work.vault.db, row)
        log(work, case, number, made, row.sha256, "save")
    return _saved(made, row)


def remove(work: Work, case: Case, number: int, saved: Saved) -> None:
    """Delete a recipe of a file (1-based number), unless a legal hold keeps it; raises as `save`."""
    permission.permit(work, Permission.FILE_EXPORT, case.number)
    holds.check(work.vault, case.number)
    with transaction(work.vault.db):
        redactions.remove(work.vault.db, saved.number)
        log(work, case, number, saved.number, saved.sha256, "remove")


def of_file(vault: Vault, case: Case, file_sha256: bytes, place: str = "") -> list[Saved]:
    """Return the recipes of a file (SHA-256) of a case, or of a part of it, oldest first."""
    rows = redactions.of_file(vault.db, case.number, file_sha256)
    return [_saved(number, row) for number, row in rows if row.place == place]


def of_number(vault: Vault, case: Case, file_sha256: bytes, place: str, number: int) -> Saved:
    """Return the recipe of a number, if it is of that file and place; raises NotFoundError."""
    row = redactions.of_number(vault.db, number)
    if row is None or (row.case, row.file_sha256, row.place) != (case.number, file_sha256, place):
        raise NotFoundError("redaction.not-found")
    return _saved(number, row)


def log(work: Work, case: Case, number: int, redaction: int, sha256: bytes, did: str, **more: int) -> None:
    """Log what was done with a recipe; inside the transaction of the act."""
    # The whole hash: `has_seen` compares it, and half of it could be made to fit another recipe.
    shown = sha256.hex()
    audit_log.write(work.vault, ACTION, case.number, did=did, file=number, redaction=redaction, sha256=shown, **more)


def look(work: Work, case: Case, number: int, saved: Saved, page: int = 1) -> None:
    """Log that a page of the redacted copy was shown to the officer as it leaves.

    Raises:
        RefusedError, NotFoundError: as a preview.
    """
    permission.permit(work, Permission.FILE_PREVIEW, case.number)
    with transaction(work.vault.db):
        log(work, case, number, saved.number, saved.sha256, "look", page=page)


def has_seen(vault: Vault, one: Saved) -> bool:
    """Return whether the officer at work has viewed every page with a box of the copy that a recipe makes.

    Of a text, its first page counts; a recording counts when it was begun in the player.
    """
    wanted = {"did": "look", "sha256": one.sha256.hex()}
    seen = {
        line.details.get("page")
        for line in audit_log.lines(vault, one.case)
        if line.action == ACTION and line.officer == vault.officer.login and wanted.items() <= line.details.items()
    }
    return set(one.recipe.pages or (1,)) <= seen


def _saved(number: int, row: redactions.Row) -> Saved:
    return Saved(
        *(number, row.case, row.file_sha256, row.place, row.name, recipes.parse(row.recipe), row.sha256),
        *(row.note, row.officer, row.day),
    )
