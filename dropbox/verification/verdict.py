"""Says whether a site is what its root signed: the way from the pinned root.pub to each answer.

Rule: each step needs the one before. Where one fails, what follows was not seen, and the verdict says so.
"""

import datetime
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from dropbox.crypto.site_manifest import open_manifest
from dropbox.errors import ConfigurationError, MalformedError, UntrustedError
from dropbox.limits import MANIFEST_MAX_BYTES
from dropbox.published.trust import ALL_DESKS
from dropbox.settings.program import program_hash
from dropbox.settings.public import decode_public
from dropbox.settings.version import program_version
from dropbox.verification.asking import Plan, ask, draw
from dropbox.verification.fetching import Line
from dropbox.verification.findings import Finding, Findings, exit_code
from dropbox.verification.looking import Visit
from dropbox.verification.proposal import ROOT_PUB, answers_of, is_file
from dropbox.verification.public_state import BOARDS, KEYRING
from dropbox.verification.replica import Answer, Replica
from dropbox.web.http.headers import CSP
from dropbox.web.pages.manifest import ADDRESS
from dropbox.wire.calendar import day_of
from dropbox.wire.manifest import SiteManifest

_ROOT_MAX_BYTES: Final = 4096


@dataclass(frozen=True)
class Desk:
    """What a desk has published, as the site gives it out: numbers of its keys and of its board, 0 for none."""

    name: str
    keys: int
    board: int


@dataclass(frozen=True)
class Verdict:
    """What was found.

    Attributes:
        findings: differences, and what was not seen.
        manifest: the signed bytes of the site's manifest; empty if none verified.
        said: what it says; None if none verified.
        asked: number of requests.
        desks: what they have published.
        takes_files: whether the site took files, as it last said.
    """

    findings: tuple[Finding, ...]
    manifest: bytes
    said: SiteManifest | None
    asked: int
    desks: tuple[Desk, ...] = ()
    takes_files: bool = True

    @property
    def exit_code(self) -> int:
        """The exit code for a monitor."""
        return exit_code(self.findings)


def verify_site(plan: Plan, known: bytes = b"") -> Verdict:
    """Look at a site.

    Args:
        plan: where, as whom, how often.
        known: the newest manifest that is known of it, signed; empty if none is.

    Raises:
        MalformedError, UntrustedError: the known manifest is not one that this root signed.
    """
    plan = replace(plan, end=min(plan.end, time.monotonic() + plan.total_seconds))
    findings = Findings(plan.tell)
    before = open_manifest(plan.anchor, known) if known else None
    line = Line(plan.target, "begin", plan.seconds, plan.end)
    try:
        signed = _manifest_of(plan, line, findings)
        if not signed:
            if before and any(one.code == "manifest-missing" for one in findings.all()):
                findings.add("manifest-withdrawn", ADDRESS)
            return Verdict(findings.all(), b"", None, 2)
        said = open_manifest(plan.anchor, signed)
        _compare_manifests(said, signed, before, known, findings)
        visit_asked, desks, takes_files = _look(plan, said, signed, findings)
        if exit_code(findings.all()) and _was_replaced(plan, line, said):
            findings.add("manifest-changed", ADDRESS)  # explains nothing: a site may have held it back for this
    finally:
        line.close()
    return Verdict(findings.all(), signed, said, visit_asked + 2, desks, takes_files)


def _manifest_of(plan: Plan, line: Line, findings: Findings) -> bytes:
    """The bytes of the site's manifest, which this root signed; empty if something else came, which is a finding."""
    root = _get(plan, line, ROOT_PUB, _ROOT_MAX_BYTES, findings)
    if root is None:
        return b""
    if root.status != 200 or root.body != plan.anchor.encode():
        findings.add("other-root", ROOT_PUB)
        return b""
    answer = _get(plan, line, ADDRESS, MANIFEST_MAX_BYTES, findings)
    if answer is None:
        return b""
    if answer.status == 404:
        findings.add("manifest-missing", ADDRESS)
        return b""
    try:
        open_manifest(plan.anchor, answer.body)
    except (MalformedError, UntrustedError):
        findings.add("manifest-forged", ADDRESS)
        return b""
    return answer.body


def _get(plan: Plan, line: Line, path: str, most: int, findings: Findings) -> Answer | None:
    face = plan.faces[0]
    return ask(line, face, draw(plan, face, "GET", path), most, findings)


def _compare_manifests(
    said: SiteManifest, signed: bytes, before: SiteManifest | None, known: bytes, findings: Findings
) -> None:
    if before and said.number < before.number:
        findings.add("old-release", ADDRESS, f"{said.number} < {before.number}")
    if before and said.number == before.number and signed != known:
        findings.add("two-manifests", ADDRESS, str(said.number))
    own = program_version()
    if said.version != own:
        is_older = _parts(said.version) < _parts(own)
        findings.add("old-release" if is_older else "newer-release", ADDRESS, f"{said.version} / {own}")
    elif said.program != program_hash():
        findings.add("other-program", ADDRESS)
    elif said.policy != CSP:
        findings.add("other-machine", ADDRESS, "Content-Security-Policy")


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdigit() else 0 for part in version.split("."))


def _look(plan: Plan, said: SiteManifest, signed: bytes, findings: Findings) -> tuple[int, tuple[Desk, ...], bool]:
    """Compare all answers; number of requests, the desks, and whether files are taken."""
    if said.version != program_version() or said.program != program_hash():
        return 0, (), True  # this program cannot say what that one answers
    # Windows refuses to delete files that are still open somewhere; nothing in the folder is secret.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        try:
            replica = Replica(decode_public(said.settings, folder), plan.anchor, folder)
        except (ConfigurationError, MalformedError):
            findings.add("settings-unusable", ADDRESS)
            return 0, (), True
        try:
            own = answers_of(replica, said.made)
            other = sorted(path for path in {*own, *said.answers} if own.get(path) != said.answers.get(path))
            for path in filter(is_file, other):
                findings.add("other-file", ADDRESS, path)
            if pages := [path for path in other if not is_file(path)]:
                findings.add("other-machine", pages[0], str(len(pages)))
                return 0, (), True
            visit = Visit(plan, replica, findings)
            try:
                if visit.published():
                    visit.give(signed)
                    visit.all_addresses()
                    _note_missing(replica, plan.clock(), findings)
            finally:
                visit.close()
            return visit.asked, tuple(_desks(replica)), visit.takes_files
        finally:
            replica.close()


def _note_missing(replica: Replica, now: datetime.datetime, findings: Findings) -> None:
    """Note what a site in use publishes and this one does not. A new site has it not yet, so that it proves nothing."""
    numbers = replica.site.store.published.numbers()
    if ("revocations", ALL_DESKS) not in numbers:
        findings.add("no-revocations", KEYRING)
    today = day_of(now.astimezone(datetime.UTC).date())
    with_keys = {desk for kind, desk in numbers if kind == "keys"}
    expected = with_keys | set(replica.site.settings.desks)
    for desk in (expected or {"-"}) - set(replica.site.keyring.get(today).open_desks(today)):
        findings.add("desk-closed", KEYRING, desk)
    for desk in with_keys:
        if ("board", desk) not in numbers:
            findings.add("no-board", BOARDS, desk)


def _desks(replica: Replica) -> Iterator[Desk]:
    numbers = replica.site.store.published.numbers()
    names = sorted({desk for _, desk in numbers if desk} | set(replica.site.settings.desks))
    for name in names:
        yield Desk(name, numbers.get(("keys", name), 0), numbers.get(("board", name), 0))


def _was_replaced(plan: Plan, line: Line, said: SiteManifest) -> bool:
    """Whether the site gives out a newer manifest of its root by now, so that a new look is needed."""
    answer = _get(plan, line, ADDRESS, MANIFEST_MAX_BYTES, Findings())
    try:
        return answer is not None and open_manifest(plan.anchor, answer.body).number > said.number
    except (MalformedError, UntrustedError):
        return False
