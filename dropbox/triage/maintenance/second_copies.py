"""What an officer does about the second copy and about lost keys, with its line in the log.

Rule: each needs the act of care; a vault that is older than its second copy is not taken for the newer one.
"""

from collections.abc import Callable
from pathlib import Path

from dropbox.errors import ConfigurationError
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log
from dropbox.triage.vault import epochs, former, second_copy, whole_copy
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.work import Work


def mend(work: Work) -> list[str]:
    """Bring the second copy up to date and read it whole; return a sentence for each file that stays damaged.

    Raises:
        RefusedError: the officer's roles do not allow it, or the vault is older than its copy.
        ConfigurationError: the second copy is not in its folder.
    """
    permission.permit(work, Permission.VAULT_CARE)
    failed = whole_copy.mend(work.vault, work.today)
    _log(work, anew=0)  # afterwards: a vault that is behind its copy goes no further
    return list(failed)


def begin_anew(work: Work, folder: Path, tell: Callable[[str], None]) -> list[str]:
    """Begin a second copy in a new folder, because the old one is lost; return and raise as `mend`."""
    permission.permit(work, Permission.VAULT_CARE)
    failed = second_copy.begin_anew(work.vault, folder, tell)
    _log(work, anew=1)
    return list(failed)


def forget_destroyed(work: Work, folder: Path) -> None:
    """Take a former copy off the list, whose disk was destroyed.

    Raises:
        RefusedError: the officer's roles do not allow it, or the folder is still there, with keys in it.
        NotFoundError: no former copy of that folder is remembered.
    """
    permission.permit(work, Permission.VAULT_CARE)
    with transaction(work.vault.db):
        former.forget_destroyed(work.vault, folder.absolute())
        audit_log.write(work.vault, "vault.copy", destroyed=1)


def new_keys(work: Work) -> list[int]:
    """Make keys anew that are in neither folder; return the epochs whose keys were lost.

    Raises:
        RefusedError: the officer's roles do not allow it, or the vault is older than its second copy.
        ConfigurationError: the second copy, which may still have the keys, is not there.
    """
    permission.permit(work, Permission.VAULT_CARE)
    if not second_copy.refuse_if_behind(work.vault):  # else its good keys would be overwritten when it is back
        raise ConfigurationError("copy.away")
    lost = epochs.replace_lost(work.vault, work.today)
    with transaction(work.vault.db):
        audit_log.write(work.vault, "vault.keys", lost=len(lost))
    return lost


def _log(work: Work, anew: int) -> None:
    with transaction(work.vault.db):
        audit_log.write(work.vault, "vault.copy", anew=anew)
