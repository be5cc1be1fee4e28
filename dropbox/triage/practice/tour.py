"""Says which steps of the first day are done, from what the vault shows: the log, and what an officer has read.

Rule: nothing is kept of clicks on the page. In a practice vault all officers' acts count, because one person plays all
of them; elsewhere only the acts of the officer at work, so that nobody learns of another's cases.
"""

import functools
import importlib.resources
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dropbox.triage.access import permission
from dropbox.triage.tables import log, reads
from dropbox.triage.tables.numbers import NO_CASE_NUMBER, CaseNumber
from dropbox.triage.vault.vault import Vault

Words = Mapping[str, str]  # language → words
OPEN: Final = "open"  # the action of a step that is done by reading a case
_BEGUN: Final = "practice"  # in meta: the log's last line when the vault was made, and the cases by key


@dataclass(frozen=True)
class Step:
    """A step: title and text by language, the endpoint to which it leads, its case (0 for none), whether it is done."""

    title: Words
    text: Words
    page: str
    case: CaseNumber
    is_done: bool


def begin(vault: Vault, cases: Mapping[str, CaseNumber]) -> None:
    """Note that a practice vault is made, and the numbers of its cases by key; inside a transaction."""
    head = log.head(vault.db)
    vault.put(_BEGUN, json.dumps({"line": head.number if head else 0, "cases": dict(cases)}).encode())


def steps(vault: Vault) -> list[Step]:
    """Return the steps in order, for the officer at work; a case from which they are kept out is left out."""
    begun = json.loads(vault.get(_BEGUN) or b'{"line": 0, "cases": {}}')
    login = vault.officer.login
    done = log.actions(vault.db, begun["line"], "" if begun["cases"] else login)
    if reads.has_read(vault.db, login):
        done.add(OPEN)
    return [
        Step(one["title"], one["text"], one["page"], _case(vault, begun["cases"], one), bool(done & {*one["actions"]}))
        for one in _table()
    ]


def _case(vault: Vault, cases: Mapping[str, int], step: Mapping[str, Any]) -> CaseNumber:
    number = CaseNumber(cases.get(step.get("case", ""), NO_CASE_NUMBER))
    return NO_CASE_NUMBER if number and permission.is_excluded(vault, number) else number


@functools.cache
def _table() -> list[dict[str, Any]]:
    source = (importlib.resources.files("dropbox.triage.practice") / "tour.toml").read_text("utf-8")
    return list(tomllib.loads(source)["steps"])
