"""Defines what a look at a site from outside can find, and how a monitor reads it.

Rule: what was not seen is never called the same; the exit code is 0 only if everything was seen and nothing differs.
"""

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from dropbox.disk.visible import visible
from dropbox.sentences.catalogue import Sentence

SAME, UNSEEN, DIFFERENT = 0, 3, 4  # exit codes, as of `dropbox server status`


class Weight(enum.StrEnum):
    """What follows from a finding."""

    DIFFERENT = "different"  # the site is not what its root signed
    UNSEEN = "unseen"  # nothing is known about this part


_DIFFERENT, _UNSEEN = Weight.DIFFERENT, Weight.UNSEEN
# Weight, and the sentence.
CODES: Final = {
    # What the site says that it is.
    "other-root": (_DIFFERENT, "verify.other-root"),
    "manifest-forged": (_DIFFERENT, "verify.manifest-forged"),
    "manifest-withdrawn": (_DIFFERENT, "verify.manifest-withdrawn"),
    "manifest-missing": (_UNSEEN, "verify.manifest-missing"),
    "old-release": (_DIFFERENT, "verify.old-release"),
    "two-manifests": (_DIFFERENT, "verify.two-manifests"),
    "other-program": (_DIFFERENT, "verify.other-program"),
    "other-file": (_DIFFERENT, "verify.other-file"),
    "newer-release": (_UNSEEN, "verify.newer-release"),
    "other-machine": (_UNSEEN, "verify.other-machine"),
    "settings-unusable": (_UNSEEN, "verify.settings-unusable"),
    "manifest-changed": (_UNSEEN, "verify.manifest-changed"),
    # What it has published.
    "unsigned": (_DIFFERENT, "verify.unsigned"),
    "rolled-back": (_DIFFERENT, "verify.rolled-back"),
    "two-texts": (_DIFFERENT, "verify.two-texts"),
    "keys-left-out": (_DIFFERENT, "verify.keys-left-out"),
    "no-revocations": (_UNSEEN, "verify.no-revocations"),  # nothing proves that there is one
    "desk-closed": (_UNSEEN, "verify.desk-closed"),
    "no-board": (_UNSEEN, "verify.no-board"),
    # Its answers.
    "status": (_DIFFERENT, "verify.status"),
    "reason": (_DIFFERENT, "verify.reason"),
    "header": (_DIFFERENT, "verify.header"),
    "body": (_DIFFERENT, "verify.body"),
    "length": (_DIFFERENT, "verify.length"),
    "packing": (_DIFFERENT, "verify.packing"),
    "too-long": (_DIFFERENT, "verify.too-long"),
    "informational": (_DIFFERENT, "verify.informational"),
    "not-http": (_DIFFERENT, "verify.not-http"),
    "trailer": (_DIFFERENT, "verify.trailer"),
    "more-behind": (_DIFFERENT, "verify.more-behind"),
    "certificate": (_DIFFERENT, "verify.certificate"),
    "proxy-refuses": (_UNSEEN, "verify.proxy-refuses"),
    "proxy-unreachable": (_UNSEEN, "verify.proxy-unreachable"),
    "timeout": (_UNSEEN, "verify.timeout"),
    "broken": (_UNSEEN, "verify.broken"),
    "gateway": (_UNSEEN, "verify.gateway"),
    "busy": (_UNSEEN, "verify.busy"),
    "time-over": (_UNSEEN, "verify.time-over"),
}


@dataclass(frozen=True)
class Finding:
    """A code of CODES, the address (or empty), what differs there, and to which faces (empty: not about one)."""

    code: str
    address: str = ""
    place: str = ""
    faces: tuple[str, ...] = ()

    @property
    def weight(self) -> Weight:
        """What follows from it."""
        return CODES[self.code][0]

    @property
    def sentence(self) -> Sentence:
        """What it says."""
        return Sentence(CODES[self.code][1], place=visible(self.place))


def exit_code(findings: Iterable[Finding]) -> int:
    """Return the exit code for these findings."""
    weights = {one.weight for one in findings}
    if Weight.DIFFERENT in weights:
        return DIFFERENT
    return UNSEEN if weights else SAME


class Findings:
    """Gathers findings; the same difference at one address is one finding with all the faces that met it."""

    def __init__(self, tell: Callable[[Finding], None] = lambda _: None) -> None:
        """Have none yet; `tell` gets each difference when it is found, from any thread."""
        self._tell = tell
        self._faces: dict[tuple[str, str, str], list[str]] = {}

    def add(self, code: str, address: str = "", place: str = "", face: str = "") -> None:
        """Note a difference."""
        is_new = (code, address, place) not in self._faces
        faces = self._faces.setdefault((code, address, place), [])
        if face and face not in faces:
            faces.append(face)
        finding = Finding(code, address, place, (face,) if face else ())
        if is_new and finding.weight is Weight.DIFFERENT:
            self._tell(finding)

    def all(self) -> tuple[Finding, ...]:
        """Return what was found: what differs first, then by address."""
        found = [Finding(*key, tuple(sorted(faces))) for key, faces in self._faces.items()]
        return tuple(sorted(found, key=lambda one: (one.weight is Weight.UNSEEN, one.address, one.code, one.place)))
