"""Asks a site for one answer, once more where a line broke, and notes what came instead of one.

Rule: what came before a line broke goes to who asked: browsers show it.
"""

import datetime
import math
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from dropbox.verification.comparing import is_gateway_page
from dropbox.verification.faces import FACES, Face, ways_to
from dropbox.verification.fetching import Line, UnansweredError, UnheardOfError
from dropbox.verification.findings import Finding, Findings
from dropbox.verification.replica import Answer, Request
from dropbox.verification.target import Target
from dropbox.wire.keyring import RootAnchor


@dataclass(frozen=True)
class Plan:
    """What to do.

    Attributes:
        target: the site.
        anchor: the pinned root.
        rounds: how often each address is fetched with each face.
        seconds: for each attempt to get an answer.
        faces: as whom.
        clock: returns the time; a function, so that tests can turn it.
        total_seconds: for the whole look.
        end: of the whole look, on the monotonic clock.
        tell: gets each difference when it is found, from any thread.
    """

    target: Target
    anchor: RootAnchor
    rounds: int = 2
    seconds: float = 60.0
    faces: Sequence[Face] = FACES
    clock: Callable[[], datetime.datetime] = field(default=lambda: datetime.datetime.now(datetime.UTC))
    total_seconds: float = 3600.0
    end: float = math.inf
    tell: Callable[[Finding], None] = field(default=lambda _: None)

    def is_over(self) -> bool:
        """Return whether the time for the whole look is over."""
        return time.monotonic() >= self.end


def ignore(_: Answer) -> None:
    """Do nothing with what came of an answer."""


def draw(plan: Plan, face: Face, method: str, path: str) -> Request:
    """Return a request for an address, as of somebody who came in a way that nobody can foresee."""
    way = secrets.choice(ways_to(path))
    return face.request(method, path, plan.target.host, secure=plan.target.secure, way=way)


def ask(
    line: Line,
    face: Face,
    request: Request,
    most: int,
    findings: Findings,
    part: Callable[[Answer], None] = ignore,
) -> Answer | None:
    """Return the answer to a request; None after what came instead became a finding.

    Args:
        line: the visitor's connection.
        face: as whom.
        request: of that face, as `draw` returns it.
        most: bytes of the body, at most.
        findings: to which it is added.
        part: gets each answer that came without its end.
    """
    code = ""
    for _ in range(2):  # once more: over Tor lines break
        try:
            answer = line.fetch(request, most)
            if not is_gateway_page(answer):
                return answer
            code = "gateway"
        except UnansweredError as error:
            code = error.code
            if error.part and not is_gateway_page(error.part):
                part(error.part)
        except UnheardOfError as error:
            code = error.code
            break
    findings.add(code, shown_path(request.path), face=face.name)
    return None


def shown_path(path: str) -> str:
    """Return the path as it is reported: without the words by chance."""
    return path.partition("?")[0] + ("?…" if "?" in path else "")
