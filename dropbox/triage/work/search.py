"""Full text of the cases: fields, answers, notes and what the sandbox read out of files.

    rowid = 4 · number + kind      (number of the message, event or note)

Rule: the index lies in vault.db, under its key. What is deleted is gone from it (FTS5 secure-delete), and what an
officer is kept out of is never found.
"""

from typing import Final

from dropbox.triage.vault import Vault

MESSAGE, EVENT, NOTE, EXTRACTED = range(4)
_KINDS: Final = 4


def put(vault: Vault, case: int, kind: int, number: int, text: str) -> None:
    """Index a text, in place of what stood there; inside a transaction. An empty text removes it."""
    rowid = _KINDS * number + kind
    if text.strip():
        vault.db.execute(
            "insert or replace into search (rowid, body, case_number) values (?, ?, ?)", (rowid, text, case)
        )
    else:
        vault.db.execute("delete from search where rowid = ?", (rowid,))
