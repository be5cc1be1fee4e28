"""Labels what the sandbox reports about a file: kinds, warnings, states, facts, what is left out.

Rule: codes are those of triage.evidence; each has a label in the vocabulary, and tests/triage_ui compares the two.
"""

from typing import Final

from dropbox.triage.evidence import recognition
from dropbox.vocabulary import lazy

KINDS: Final = lazy.table("file_kind")
WARNINGS: Final = lazy.table("file_warning")
STATES: Final = lazy.table("file_state")
FACTS: Final = lazy.table("file_fact")
NOTES: Final = lazy.table("file_note")
COVERED: Final = lazy.table("covered")
may_be_read: Final = recognition.may_be_read


def note(code: str, number: int) -> str:
    """Return the sentence of a note (evidence.findings) with its number."""
    return str(NOTES[code]).format(n=number)
