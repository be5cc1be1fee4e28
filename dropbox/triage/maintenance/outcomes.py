"""Keeps how the last backup and the last drill went, and how far a running one is.

Rule: "begun" is kept before the work starts, so that what a lock or a kill interrupted is never taken for done.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Final

from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.wire.calendar import Day

BACKUP: Final = "backup"
DRILL: Final = "drill"
BEGUN, DONE, FAILED = "begun", "done", "failed"


@dataclass
class Progress:
    """How far a long act is; its thread writes, pages read.

    Attributes:
        check: called between two files; raises what ends the act.
        stage: a code of `[care_stage]` in the vocabulary.
        done: bytes so far.
        total: bytes in all.
    """

    check: Callable[[], None] = field(default=lambda: None, repr=False)
    stage: str = "prepare"
    done: int = 0
    total: int = 0

    def enter(self, stage: str, total: int = 0) -> None:
        """Begin a stage with its number of bytes; raises what `check` raises."""
        self.check()
        self.stage, self.done, self.total = stage, 0, total

    def add(self, size: int) -> None:
        """Count the bytes of a file; raises what `check` raises."""
        self.check()
        self.done += size


@dataclass(frozen=True)
class Outcome:
    """How an act went.

    Attributes:
        state: BEGUN, DONE or FAILED.
        day: of its beginning.
        folder: path of the backup.
        files: sealed files of reporters in it.
        new: how many of them were copied this time.
        unread: how many files of the vault could not be read, and are not in it.
        size: bytes of the backup.
        code: of the error's sentence, when it failed.
        values: of that sentence.
        found: code, state and number of each finding of a drill.
        officer: login of who began it; empty in outcomes of earlier versions.
    """

    state: str
    day: Day
    folder: str
    files: int = 0
    new: int = 0
    unread: int = 0
    size: int = 0
    code: str = ""
    values: dict[str, str | int] = field(default_factory=dict)
    found: tuple[tuple[str, str, int], ...] = ()
    officer: str = ""


def put(vault: Vault, act: str, outcome: Outcome) -> None:
    """Keep an outcome of BACKUP or DRILL in place of the former one; inside a transaction."""
    vault.put(_name(act), json.dumps(asdict(outcome)).encode("utf-8"))


def of_another(vault: Vault, outcome: Outcome) -> dict[str, str]:
    """Return the log's detail that names who began an act, if another officer is at work when its outcome is kept."""
    return {} if outcome.officer in ("", vault.officer.login) else {"officer": outcome.officer}


def last(vault: Vault, act: str) -> Outcome | None:
    """Return the outcome of the last BACKUP or DRILL, None if there was none."""
    raw = vault.get(_name(act))
    if not raw:
        return None
    read = json.loads(raw)
    return Outcome(**read | {"day": Day(read["day"]), "found": tuple(tuple(one) for one in read["found"])})


def forget(vault: Vault) -> None:
    """Forget both: a restored vault had none."""
    with transaction(vault.db):
        for act in (BACKUP, DRILL):
            vault.put(_name(act), b"")


def _name(act: str) -> str:
    return f"last {act}"
