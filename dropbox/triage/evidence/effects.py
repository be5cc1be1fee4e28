"""Lets the words of a file take effect once they are known: they are searched, and keep out the officers they name.

    text         what the file says
    recognized   what a machine read in its pictures

Rule: both name officers as a reporter's own words do (access.conflict): when in doubt, an officer is kept out, because
reading cannot be undone and another officer can lift it. It holds for every case that has the file.
"""

from typing import Final

from dropbox.triage.access import conflict
from dropbox.triage.casework import search
from dropbox.triage.tables import findings, messages, search_index
from dropbox.triage.vault.vault import Vault

_READ: Final = ("text", search.EXTRACTED, conflict.ATTACHED)
_RECOGNIZED: Final = ("recognized", search.RECOGNIZED, conflict.RECOGNIZED)


def take(vault: Vault, file_sha256: bytes) -> None:
    """Let all words of a file and of its parts take effect, in place of earlier ones; inside a transaction."""
    _take(vault, file_sha256, (_READ, _RECOGNIZED))


def take_recognized(vault: Vault, file_sha256: bytes) -> None:
    """Do the same for what a machine read alone; inside a transaction."""
    _take(vault, file_sha256, (_RECOGNIZED,))


def take_new(vault: Vault, file_sha256: bytes) -> None:
    """Do the same in cases where it was not done yet: a known file may have come again; inside a transaction."""
    _take(vault, file_sha256, (_READ, _RECOGNIZED), is_new_only=True)


def _take(
    vault: Vault, file_sha256: bytes, words: tuple[tuple[str, int, str], ...], *, is_new_only: bool = False
) -> None:
    having = messages.with_file(vault.db, file_sha256)
    for column, kind, reason in words:
        cases = [one for one in having if not (is_new_only and search_index.has(vault.db, one[1], kind, one[0]))]
        text = "\n".join(getattr(row, column) for row in findings.all_of(vault.db, file_sha256)) if cases else ""
        for number, case in cases:
            search.put(vault, case, kind, number, text)
        if text.strip():
            conflict.check_file(vault, [case for _, case in cases], text, reason)
