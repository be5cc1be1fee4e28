"""What is wrong with a vault, by code: for `dropbox triage doctor`, for the page and for the drill.

Rule: looking changes nothing. A finding is a code with numbers; the words stand where they are shown.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlcipher3

from dropbox.disk.pieces import sha256_of
from dropbox.errors import DropboxError, UntrustedError
from dropbox.limits import CERTIFICATE_WARN_DAYS, COPY_READ_DAYS, ROOT_WARN_DAYS
from dropbox.triage.access import orphans
from dropbox.triage.cases import audit_log
from dropbox.triage.exchange import restored
from dropbox.triage.tables import epochs as epoch_rows
from dropbox.triage.tables import officers, seen
from dropbox.triage.vault import anew, epochs, former, known_exports, second_copy, whole_copy
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import Day, epoch_of

GOOD, WARNING, BAD = "good", "warning", "bad"
READ: Final = frozenset({"copy-read", "copy-never-read"})
# What a drill does not ask of a vault that it restores for some minutes: disk, machine, certificate, publication.
OF_ITS_MACHINE: Final = frozenset(
    {"copy-missing", "copy-behind", "copy-same-disk", "copy-good", "copy-read", "copy-damaged", "certificate-none"}
    | {"restored", "statistics-unknown", "copy-never-read", "unopened", "former-copies"}
    | {"disk-full", "swap-on", "sandbox-missing", "network-on"}
)
_PUBLISH_DAYS: Final = 7  # a board is called old after ten
_WAITING: Final = {  # why keys wait: the last export was not believed (vault.known_exports)
    known_exports.OLD: "epoch-keys-old-export",
    known_exports.DAMAGED: "epoch-keys-bad-export",
    "signature": "epoch-keys-bad-export",
    "certificate": "epoch-keys-uncertified",
    "revoked": "epoch-keys-uncertified",
    "future": "epoch-keys-future",
}
_FREE_BYTES: Final = 2 << 30


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: how it is, and the number that goes into its sentence."""

    code: str
    state: str
    number: int = 0

    @property
    def is_bad(self) -> bool:
        """Whether somebody must act today."""
        return self.state == BAD


def examine(work: Work, *, every_blob: bool = True, check: Callable[[], None] = lambda: None) -> list[Finding]:
    """Everything that can be looked at without changing it, the bad first.

    Args:
        work: the vault, the settings and the day.
        every_blob: read and hash all ciphertexts; else only look whether they are there.
        check: called before each of them, and while a database is examined; may end this by an error.
    """
    found = [
        *_database(work.vault, check),
        *_log(work.vault, work.today),
        *_blobs(work.vault, check, every_blob=every_blob),
        *_epochs(work.vault, work.today),
        *_certificate(work.vault, work.today),
        *_revocations(work.vault, work.today),
        *_root(work.vault, work.today),
        *_second_copy(work.vault, work.today, check, every_blob=every_blob),
        *_restored(work.vault, work.today),
        *_exchange(work.vault, work.today),
        *_officers(work),
        *_machine(work.vault),
    ]
    return sorted(found, key=lambda one: (BAD, WARNING, GOOD).index(one.state))


def _database(vault: Vault, check: Callable[[], None]) -> Iterator[Finding]:
    try:
        whole = not vault.db.execute("pragma cipher_integrity_check").fetchall()
        (state,) = vault.db.execute("pragma integrity_check").fetchone()
        orphans = vault.db.execute("pragma foreign_key_check").fetchall()
    except sqlcipher3.DatabaseError:
        check()  # what was broken off is not damaged
        whole, state, orphans = False, "", []
    good = whole and state == "ok" and not orphans
    yield Finding("database-good", GOOD) if good else Finding("database-damaged", BAD)


def _log(vault: Vault, today: Day) -> Iterator[Finding]:
    try:
        yield Finding("log-whole", GOOD, audit_log.verify(vault))
    except DropboxError:
        yield Finding("log-altered", BAD)
    published = vault.count("published day")
    if published > today:
        yield Finding("clock-behind", BAD, published - today)
    exported = known_exports.remembered(vault).day
    if exported > today + 1:  # clocks differ by a day, and so do zones
        yield Finding("export-ahead", BAD, exported - today)


def _blobs(vault: Vault, check: Callable[[], None], *, every_blob: bool) -> Iterator[Finding]:
    rows = seen.held(vault.db)
    bad = 0
    for one in rows:
        check()
        path = vault.blobs / str(one.file)
        bad += not path.exists() or (every_blob and sha256_of(path) != one.sha256)
    yield Finding("blobs-damaged", BAD, bad) if bad else Finding("blobs-good", GOOD, len(rows))


def _epochs(vault: Vault, today: Day) -> Iterator[Finding]:
    live = [one.number for one in epoch_rows.live(vault.db)]
    missing = 0
    for number in live:
        try:
            missing += epochs.secret_key(vault, number) is None
        except DropboxError:
            missing += 1
    if missing:
        yield Finding("epoch-keys-missing", BAD, missing)
    waiting, held = known_exports.overdue(vault, today)
    if waiting:
        yield Finding(_WAITING.get(known_exports.remembered(vault).doubt, "epoch-keys-waiting"), WARNING, len(waiting))
    if held:
        yield Finding("epoch-keys-held", WARNING, len(held))
    ahead = sum(number > epoch_of(today) for number in live)
    if ahead < 4:
        yield Finding("epoch-keys-few", WARNING, ahead)
    if not missing and not waiting and not held and ahead >= 4:
        yield Finding("epoch-keys-good", GOOD, len(live))


def _certificate(vault: Vault, today: Day) -> Iterator[Finding]:
    try:
        left = vault.certificate(today)[1].last - today
    except UntrustedError:
        yield Finding("certificate-none", BAD)
        return
    yield Finding("certificate-ends", WARNING if left < CERTIFICATE_WARN_DAYS else GOOD, left)


def _revocations(vault: Vault, today: Day) -> Iterator[Finding]:
    left = vault.revocations_days_left(today)
    if left is None or left < 0:
        yield Finding("revocations-none", BAD)
        return
    yield Finding("revocations-end", WARNING if left < CERTIFICATE_WARN_DAYS else GOOD, left)


def _root(vault: Vault, today: Day) -> Iterator[Finding]:
    left = vault.anchor.last - today
    if left < ROOT_WARN_DAYS:
        yield Finding("root-ends", WARNING if left >= 0 else BAD, max(left, 0))


def _second_copy(vault: Vault, today: Day, check: Callable[[], None], *, every_blob: bool) -> Iterator[Finding]:
    folder = vault.copy_folder
    try:
        if not second_copy.refuse_if_behind(vault):
            yield Finding("copy-missing", BAD)
            return
    except DropboxError:
        yield Finding("copy-behind", BAD)
        return
    waiting = seen.count_not_copied(vault.db)
    if folder.stat().st_dev == vault.folder.stat().st_dev:
        yield Finding("copy-same-disk", WARNING)
    bad = whole_copy.damaged(vault, check) if every_blob else 0
    if bad:
        yield Finding("copy-damaged", BAD, bad)
    else:
        yield Finding("copy-good", WARNING if waiting else GOOD, waiting)
    yield read_finding(vault, today)


def read_finding(vault: Vault, today: Day) -> Finding:
    """When the second copy was last read whole."""
    read = whole_copy.last_read(vault)
    if not read:
        return Finding("copy-never-read", WARNING)
    return Finding("copy-read", WARNING if today - read > COPY_READ_DAYS else GOOD, max(today - read, 0))


def _restored(vault: Vault, today: Day) -> Iterator[Finding]:
    if restored.is_marked(vault):
        yield Finding("restored", BAD, max(today - restored.day(vault), 0))
    if not restored.knows_statistics(vault):
        yield Finding("statistics-unknown", WARNING)
    if unopened := anew.unopened(vault):
        yield Finding("unopened", WARNING, unopened)
    if left := len(former.folders(vault)):
        yield Finding("former-copies", WARNING, left)


def _exchange(vault: Vault, today: Day) -> Iterator[Finding]:
    published = vault.count("published day")
    if not published:
        yield Finding("never-published", WARNING)
    elif today - published > _PUBLISH_DAYS:
        yield Finding("published-long-ago", BAD, today - published)
    else:
        yield Finding("published", GOOD, max(today - published, 0))


def _officers(work: Work) -> Iterator[Finding]:
    rows = officers.active(work.vault.db)
    known = work.settings.workstation.roles
    deciders = sum(any("refuse.approve" in known[role].actions for role in one.roles if role in known) for one in rows)
    if len(rows) < 2 or not deciders:
        yield Finding("officers-few", WARNING, len(rows))
    else:
        yield Finding("officers", GOOD, len(rows))
    if unopened := orphans.count(work):
        yield Finding(orphans.code(work.vault), BAD, unopened)


def _machine(vault: Vault) -> Iterator[Finding]:
    free = shutil.disk_usage(vault.folder).free
    if free < _FREE_BYTES:
        yield Finding("disk-full", BAD, free >> 20)
    swaps = Path("/proc/swaps")
    if swaps.exists() and len(swaps.read_text().splitlines()) > 1:
        yield Finding("swap-on", WARNING)
    others = sum(bool(path.stat().st_mode & 0o077) for path in vault.folder.iterdir())
    if others:
        yield Finding("others-may-read", BAD, others)
    if shutil.which("bwrap") is None:
        yield Finding("sandbox-missing", WARNING)
    if _has_network():
        yield Finding("network-on", BAD)


def _has_network() -> bool:
    """Whether an interface other than loopback is up."""
    interfaces = Path("/sys/class/net")
    for interface in interfaces.iterdir() if interfaces.is_dir() else ():
        try:
            if interface.name != "lo" and (interface / "operstate").read_text().strip() == "up":
                return True
        except OSError:
            continue
    return False
