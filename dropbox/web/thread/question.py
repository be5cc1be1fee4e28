"""Finds the question in a timeline that still waits for the reporter's answer.

Rule: a question waits from the entry that set the status QUESTION until an entry that sets another one.
"""

from dropbox.wire.board import STATUS, Entry
from dropbox.wire.statuses import QUESTION


def question(entries: list[Entry]) -> tuple[Entry | None, int]:
    """Return the waiting question and the day until which it waits.

    Args:
        entries: of one desk, oldest first.

    Returns:
        The first entry of the newest run of the status QUESTION, or None; and the last day number that the desk
        named since, or 0.
    """
    found, until = None, 0
    for entry in entries:
        if entry.kind == STATUS and entry.status != QUESTION:
            found, until = None, 0
        elif entry.kind == STATUS and found is None:
            found = entry
        if found is not None:
            until = entry.next or until
    return found, until
