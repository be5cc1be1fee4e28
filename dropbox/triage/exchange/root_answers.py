"""Finds on a stick what the root answered, and installs it: a certificate of this station, or a list of revocations.

Rule: what cannot be installed is named with its reason, never left out without a word; names of files decide nothing.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dropbox.errors import DropboxError, MalformedError
from dropbox.limits import FORM_MAX_BYTES
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log
from dropbox.triage.exchange.drive import files
from dropbox.triage.vault import second_copy
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import Day
from dropbox.wire.kinds import kind_of
from dropbox.wire.signed import REVOCATION_MAGIC, Certificate, Revocations

_NAMED: Final = ("kind.certificate", "kind.revocations", "kind.server-certificate", "kind.anchor")
_HEAD_BYTES: Final = 64


@dataclass(frozen=True)
class Answer:
    """A file of the root: what it holds if this desk may install it, else why not.

    Attributes:
        path: of the file.
        good: what would be installed.
        is_installed: whether just that is installed already.
        error: why it cannot be.
    """

    path: Path
    good: Certificate | Revocations | None = None
    is_installed: bool = False
    error: DropboxError | None = None


def find(vault: Vault, stick: Path, today: Day) -> list[Answer]:
    """Return the root's files below a folder: what can be installed first, then by path; none if it cannot be read."""
    found = [answer for path in sorted(files(stick)) if (answer := _answer(vault, path, today))]
    return sorted(found, key=lambda one: one.good is None or one.is_installed)


def _answer(vault: Vault, path: Path, today: Day) -> Answer | None:
    try:
        with path.open("rb") as file:
            if kind_of(file.read(_HEAD_BYTES)) not in _NAMED:
                return None
        raw = read(path)
    except OSError:
        return None
    except DropboxError as error:
        return Answer(path, error=error)
    try:
        good = check(vault, raw, today)
    except DropboxError as error:
        return Answer(path, error=error)
    held = vault.installed() if isinstance(good, Certificate) else vault.revocations_held()
    return Answer(path, good, good == held)


def read(path: Path) -> bytes:
    """Return the bytes of a small file; raises MalformedError for a large one, and OSError."""
    if path.stat().st_size > FORM_MAX_BYTES:
        raise MalformedError("root-answer.large")
    return path.read_bytes()


def check(vault: Vault, untrusted: bytes, today: Day) -> Certificate | Revocations:
    """Return what a file holds, if this desk may install it.

    Raises:
        MalformedError: it is another kind of file, or only a part of one.
        UntrustedError, RefusedError: see Vault.check_certificate and Vault.check_revocations.
    """
    if (kind := kind_of(untrusted)) not in ("kind.certificate", "kind.revocations"):
        code = kind or "root-answer.unknown"
        raise MalformedError(code)
    try:
        if untrusted.startswith(REVOCATION_MAGIC):
            return vault.check_revocations(untrusted, today)
        return vault.check_certificate(untrusted, today)
    except MalformedError:
        raise MalformedError("root-answer.damaged") from None


def install(work: Work, untrusted: bytes) -> Certificate | Revocations:
    """Install a certificate or a list of revocations; raises what `check` and copy.sync raise."""
    permission.permit(work, Permission.VAULT_CARE)
    vault = work.vault
    if isinstance(check(vault, untrusted, work.today), Certificate):
        installed: Certificate | Revocations = vault.install_certificate(untrusted, work.today)
    else:
        installed = vault.install_revocations(untrusted, work.today)
    with transaction(vault.db):
        if isinstance(installed, Certificate):
            audit_log.write(vault, "vault.certificate", serial=installed.serial)
        else:
            audit_log.write(vault, "vault.revocations", number=installed.number)
    second_copy.sync(vault)
    return installed
