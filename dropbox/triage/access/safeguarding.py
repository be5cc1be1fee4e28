"""Cases about sexual violence or children: they bear a tag, and only officers whose roles have the act may open them.

    safeguarding   the case bears the tag, and no role of the officer has `case.safeguarding`     (an exclusion)

Rule: it happens by itself, where a message, a tag, an officer or a role is new, in the same transaction. While no
active officer who reads cases has the act, nobody is kept out: a report that nobody reads helps nobody.
"""

from collections.abc import Mapping
from typing import Final

from dropbox.form import details
from dropbox.triage.access import conflict, roles
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.tables import cases, exclusions, tags
from dropbox.triage.tables.exclusions import Exclusion
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

TAG: Final = "pelindungan-korban"
REASON: Final = conflict.SAFEGUARDING
_SETTLED: Final = "safeguarding"  # of meta: for which officers the exclusions were made


def check_message(work: Work, case: CaseNumber, fields: Mapping[str, str]) -> bool:
    """Tag the case of a message that has just come, if it must be; inside its transaction. Returns whether it was."""
    if not details.needs_safeguarding(details.form_of(work.settings), fields):
        return False
    tags.add(work.vault.db, case, TAG)
    check_tags(work)
    return True


def check_tags(work: Work) -> None:
    """Keep out of the tagged cases whom they are not for, and let them into all others; inside a transaction."""
    kept_out = _kept_out(work)
    _settle(work.vault, kept_out)
    work.vault.put(_SETTLED, _state(kept_out))


def lift(work: Work, case: casebook.Case, login: str) -> None:
    """Let an officer into a case; whom another reason kept out still needs the act. Raises as `conflict.lift`."""
    with transaction(work.vault.db):
        conflict.lift(work, case, login)
        check_tags(work)


def settle(work: Work) -> None:
    """The same, if the settings' roles have changed since the vault was open last."""
    if work.vault.get(_SETTLED) != _state(_kept_out(work)):
        with transaction(work.vault.db):
            check_tags(work)


def _state(kept_out: list[str]) -> bytes:
    return " ".join(kept_out).encode()


def _kept_out(work: Work) -> list[str]:
    """Logins of the officers who may read cases, but not these."""
    readers = [
        one
        for one in conflict.active_officers(work.vault)
        if roles.may(work.settings.workstation, one, Permission.CASE_READ)
    ]
    trusted = [one for one in readers if roles.may(work.settings.workstation, one, Permission.CASE_SAFEGUARDING)]
    return sorted(one.login for one in readers if one not in trusted) if trusted else []


def _settle(vault: Vault, kept_out: list[str]) -> None:
    # The cases with the tag, and those that are worked on together with one.
    concerned = cases.group(vault.db, [case for _, case in tags.cases_with(vault.db, [TAG])])
    outdated = exclusions.outdated(vault.db, REASON, kept_out, concerned)
    live = cases.live(vault.db, {case for case, _ in outdated})
    exclusions.remove(vault.db, [(case, login) for case, login in outdated if case in live])
    for case in concerned:
        for login in kept_out:
            # Whoever was let in although named in it has not been let in for this reason.
            if exclusions.add_unless_lifted(vault.db, case, Exclusion(login, REASON)):
                audit_log.write(vault, "conflict.found", case, officer=login, reason=REASON)
