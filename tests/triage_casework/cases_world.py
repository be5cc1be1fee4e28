"""Officers and cases for the tests of the work on them."""

from dataclasses import replace

from triage_world import SETTINGS, TODAY, World, new_thread

from dropbox.crypto.thread_keys import ThreadKeys
from dropbox.triage.access.permission import Draft
from dropbox.triage.cases import casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import transitions
from dropbox.triage.vault.officer import Officer
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work


def add_officer(vault: Vault, login: str, name: str, role: str = "verifikator", unit: str = "") -> Vault:
    """An officer of that role; returns the vault as they would have opened it."""
    with transaction(vault.db):
        vault.db.execute(
            "insert into officers (login, name, unit, roles, public) values (?, ?, ?, ?, ?)",
            (login, name, unit, role, bytes(32)),
        )
    return replace(vault, officer=Officer(login, name, unit, (role,), "id", b""))


def take(world: World, vault: Vault, thread: ThreadKeys | None = None, number: int = 1, **fields: str) -> Case:
    """A report with these fields, taken in; returns its case."""
    before = {case.number for case in casebook.all_cases(vault)}
    record = {name: value.encode() for name, value in fields.items()}
    world.take(vault, [world.report(thread or new_thread(), record=record)], number=number)
    (made,) = [case for case in casebook.all_cases(vault) if case.number not in before]
    return made


def now(vault: Vault, case: Case) -> Case:
    """The case as it is now."""
    return casebook.case_of(vault, case.number)


def answer(vault: Vault, case: Case, status: str, text: str = "Baik.") -> None:
    """Give an answer as the vault's officer."""
    transitions.answer(Work(vault, SETTINGS, TODAY), now(vault, case), Draft(status, text))


def exclude(vault: Vault, case: Case, login: str) -> None:
    """Keep an officer out of a case."""
    with transaction(vault.db):
        vault.db.execute(
            "insert into exclusions (case_number, officer, reason) values (?, ?, 'named')", (case.number, login)
        )


def acts(vault: Vault, case: Case) -> list[str]:
    """The acts of the log about a case."""
    rows = vault.db.execute("select action from log where case_number = ? order by number", (case.number,))
    return [action for (action,) in rows]
