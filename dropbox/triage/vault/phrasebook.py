"""The phrases that a new vault starts with, as phrases.toml has them.

Rule: it stands below the vault, which is made with them; whoever edits them is asked in casework.phrases.
"""

import importlib.resources
import tomllib
from dataclasses import astuple, dataclass
from functools import cache
from typing import Final

from dropbox.triage.tables.database import Database

_FILE: Final = "phrases.toml"


@dataclass(frozen=True)
class Phrase:
    """One sentence or a few, in both languages, for one status (empty: for any)."""

    code: str
    status: str
    title: str
    text_id: str
    text_en: str


@cache
def defaults() -> dict[str, Phrase]:
    """The phrases of the file, by code, in its order."""
    raw = (importlib.resources.files("dropbox.triage.vault") / _FILE).read_text("utf-8")
    return {
        code: Phrase(code, entry["status"], entry["title"], entry["id"].strip(), entry["en"].strip())
        for code, entry in tomllib.loads(raw).items()
    }


def stored(db: Database) -> list[Phrase]:
    """Return the phrases of a vault, by code."""
    rows = db.execute("select code, status, title, text_id, text_en from phrases order by code")
    return [Phrase(*row) for row in rows]


def put(db: Database, phrase: Phrase) -> None:
    """Put a phrase in place of the one of its code; inside a transaction."""
    db.execute(
        "insert or replace into phrases (code, status, title, text_id, text_en) values (?, ?, ?, ?, ?)",
        astuple(phrase),
    )


def seed(db: Database) -> None:
    """Put in every phrase of the file; inside the transaction that makes a vault."""
    for phrase in defaults().values():
        put(db, phrase)
