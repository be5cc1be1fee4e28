"""Cases without the sealing: what the tests of the work on cases need many of."""

import os
from dataclasses import replace

from triage_world import SETTINGS, TODAY, new_thread, nonce

from dropbox.crypto.private.opening import Opened
from dropbox.crypto.thread_keys import ThreadKeys
from dropbox.triage.access.permission import Draft
from dropbox.triage.cases import casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import search, transitions
from dropbox.triage.intake.placement import Arrival
from dropbox.triage.intake.threading import join
from dropbox.triage.vault.officer import Officer
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.blob import Message
from dropbox.wire.calendar import epoch_of

_count = iter(range(1, 1 << 30))
SECOND = "wakil"


def message(thread: ThreadKeys, kind: str = "report", *, today: int = TODAY, lang: str = "id", **fields: str) -> Opened:
    """A checked message of a thread."""
    texts = {"channel": "wbs", "category": "pungli", "what": "Ada setoran", "who": "Kepala Contoh", "where": "Kota"}
    shared = thread.shared()
    made = Message(
        kind=kind,
        thread=shared.pop("thread"),
        nonce=nonce(next(_count)),
        desk="itjen",
        sent=today,
        keys=shared,
        member=bytes(32),
        lang=lang,
        fields=(texts if kind == "report" else {"what": "Tambahan"}) | fields,
        name="",
        type="",
    )
    return Opened(made, os.urandom(32), is_member=True, file_bytes=0, file_sha256=bytes(32))


def take(vault: Vault, opened: Opened, today: int = TODAY) -> int:
    """Join a message without its blob; returns the number of its case."""
    sha256 = os.urandom(32)
    with transaction(vault.db):
        vault.db.execute(
            "insert into seen (sha256, blob_id, outcome, reason, day, bytes) values (?, ?, 'opened', '', ?, 0)",
            (sha256, os.urandom(32), today),
        )
        index = search.Batch()
        number = join(Work(vault, SETTINGS, TODAY), Arrival(sha256, opened, epoch_of(today), today), index)
        index.write(vault)
        return number


def new_case(vault: Vault, *, today: int = TODAY, **fields: str) -> Case:
    """A fresh case of a thread of its own."""
    return again(vault, take(vault, message(new_thread(), today=today, **fields), today))


def again(vault: Vault, case: Case | int) -> Case:
    """The case as it stands now."""
    return casebook.case_of(vault, case if isinstance(case, int) else case.number)


def move(vault: Vault, case: Case, status: str, today: int = TODAY, text: str | None = None, **changes: object) -> Case:
    """Give a case a status; returns it as it stands then."""
    said = text if text is not None else "Kapan?" if status == "BUTUH_INFO" else "Baik."
    draft = replace(Draft(status, said, target="kpk" if status == "DILIMPAHKAN" else ""), **changes)  # type: ignore[arg-type]
    transitions.answer(Work(vault, SETTINGS, today), again(vault, case), draft)
    return again(vault, case)


def as_officer(vault: Vault, login: str = SECOND, *roles: str) -> Vault:
    """The same open vault in another officer's hands."""
    officer = Officer(login, login.title(), "", roles or ("irjen",), "id", b"")
    return replace(vault, officer=officer)
