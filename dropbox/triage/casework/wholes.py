"""Texts that were too long for the vault, read whole out of their sealed blobs.

Rule: who reads the rest is held against it first: an officer whom it names, and who came after it was taken in, is kept
out as if it had just come (access.conflict).
"""

from dropbox.crypto.private.opening import reopen
from dropbox.errors import DamagedError, NotFoundError
from dropbox.triage.access import conflict, permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log
from dropbox.triage.cases.casebook import Case
from dropbox.triage.tables import messages
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work


def read(work: Work, case: Case) -> dict[int, dict[str, str]]:
    """The fields, as they came, of each message of a case that was cut, by the message's number.

    Raises:
        RefusedError: the officer's roles do not allow it.
        NotFoundError: the officer is kept out of the case, also because of what stands in the rest.
        DamagedError: a blob is not in the vault as it was taken in, or is closed because it names its sender.
    """
    permission.permit(work, Permission.CASE_READ, case.number)
    found = {row.number: _fields(work.vault, row) for row in messages.cut_texts(work.vault.db, case.number)}
    with transaction(work.vault.db):
        for fields in found.values():
            conflict.check_reader(work, case.number, fields)
        if not permission.is_excluded(work.vault, case.number):
            audit_log.write(work.vault, "case.whole", case.number, texts=len(found))
    if permission.is_excluded(work.vault, case.number):
        raise NotFoundError("case.not-found")
    return found


def _fields(vault: Vault, row: messages.Row) -> dict[str, str]:
    if not any(row.file_key):
        raise DamagedError("case.sender-sealed")
    path = vault.blobs / row.blob
    if not path.exists():
        raise DamagedError("evidence.ciphertext-missing")
    with path.open("rb") as sealed:
        message = reopen(sealed.read, row.blob_bytes, vault.instance, row.file_key)
    return {name: text for name, text in message.fields.items() if name != "identity"}
