"""Looks at a site from outside: all addresses, with all faces, several times, in an order that nobody can foresee.

    root.pub and manifest  ->  is this the program that the root signed?  ->  what is published  ->  every address

Rule: an answer is pardoned only if it is what an honest site shows of what was published before it or after it. Nothing
else that a site does, or leaves out, takes a difference away: who lies once is named.
"""

import datetime
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from dropbox.crypto.signing import Trust
from dropbox.errors import MalformedError, RefusedError, UntrustedError
from dropbox.limits import MIB
from dropbox.verification import public_state
from dropbox.verification.asking import Plan, ask, draw, ignore, shown_path
from dropbox.verification.comparing import HSTS, Difference, difference
from dropbox.verification.faces import Face
from dropbox.verification.fetching import Line
from dropbox.verification.findings import Findings
from dropbox.verification.replica import Answer, Moment, Replica, Request
from dropbox.web.http.addresses import HERE
from dropbox.web.http.page_cache import DATA, STATIC
from dropbox.web.pages.sealer import FILE_NAME
from dropbox.wire.calendar import day_of

SIGNATURE: Final = f"/{FILE_NAME}.sig"
_SLACK: Final = datetime.timedelta(minutes=2)  # between the server's clock and ours
_MORE_BYTES: Final = MIB  # that a page may grow during the look, as by the first statistics of eight desks
_SIGNATURE_MAX_BYTES: Final = 4096
_REFUSED: Final = {"store.same-number": "two-texts", "verify.keys-left-out": "keys-left-out"}
_READS: Final = 3  # of what is published, while it changes
# What no site has: a worker of a page's origin, what crawlers and phones look for, a page that does not exist.
ABSENT: Final = ("/sw.js", "/service-worker.js", "/robots.txt", "/manifest.json", "/health", f"{STATIC}absent.js")


class Visit:
    """The look at the answers of a site, against a replica that is known to be of its release."""

    def __init__(self, plan: Plan, replica: Replica, findings: Findings) -> None:
        self._plan, self._replica, self._findings = plan, replica, findings
        self._lock = threading.Lock()  # the replica has one clock
        self._is_ended = threading.Event()
        self._takes_files = True
        self._reader = self._line()
        self._hsts: dict[bool, str] = {}  # by whether the answer is an error: a proxy may add it to others alone
        self.asked = 0

    @property
    def takes_files(self) -> bool:
        """Whether the site, when it last said so, took files; it may say either."""
        return self._takes_files

    def published(self) -> bool:
        """Read what the site publishes; returns whether all of it was taken. What was not becomes a finding."""
        return all(self._readings())

    def _readings(self) -> Iterator[bool]:
        """Take over one address after the other; whether it was taken."""
        anchor = self._plan.anchor
        today = day_of(self._plan.clock().astimezone(datetime.UTC).date())
        trust = Trust(anchor, min(today, anchor.last))
        face = self._plan.faces[0]
        for address in public_state.PUBLISHED:
            request = draw(self._plan, face, "GET", address)
            answer = self._ask(self._reader, face, request, public_state.MOST_BYTES)
            if answer is None or self._is_busy(request, answer, face.name):
                yield False
                return
            try:
                public_state.take(self._replica.site.store, trust, address, answer.body)
            except (MalformedError, UntrustedError):
                self._findings.add("unsigned", address)
                yield False
                return
            except RefusedError as error:
                place = str(error.values.get("place", ""))
                self._findings.add(_REFUSED.get(error.code, "rolled-back"), address, place)
                yield False
                return
            yield True

    def give(self, manifest: bytes) -> None:
        """Have the replica give out the site's manifest, and the signature of the sealer that the site gives out."""
        face = self._plan.faces[0]
        answer = self._ask(self._reader, face, draw(self._plan, face, "GET", SIGNATURE), _MORE_BYTES)
        has_signature = answer is not None and answer.status == 200 and len(answer.body) <= _SIGNATURE_MAX_BYTES
        self._replica.give(manifest, answer.body if answer and has_signature else b"")

    def all_addresses(self) -> None:
        """Compare each address, with all faces at once."""
        pages = self._replica.addresses()
        absent = (*ABSENT, f"/{secrets.token_hex(4)}", f"/?{secrets.token_hex(4)}", f"/lapor?{secrets.token_hex(4)}")
        for _ in range(self._plan.rounds):
            heads = {path: secrets.choice(self._plan.faces).name for path in pages}
            lines = [self._line() for _ in self._plan.faces]
            pool = ThreadPoolExecutor(len(lines))
            try:
                work = [
                    pool.submit(self._as, face, line, list(self._asked_by(face, pages, heads, absent)))
                    for face, line in zip(self._plan.faces, lines, strict=True)
                ]
                for done in work:
                    done.result()
            except BaseException:  # a signal, too: the process ends only after its threads
                self._is_ended.set()
                for line in (*lines, self._reader):
                    line.stop()
                raise
            finally:
                pool.shutdown(cancel_futures=True)

    def close(self) -> None:
        """End the connection."""
        self._reader.close()

    def _line(self) -> Line:
        """Return the line of a new visitor."""
        return Line(self._plan.target, secrets.token_hex(8), self._plan.seconds, self._plan.end)

    def _asked_by(
        self, face: Face, pages: Sequence[str], heads: dict[str, str], absent: Sequence[str]
    ) -> Iterator[tuple[str, str]]:
        """Method and path of what a face asks for."""
        for path in (*pages, *absent):
            yield "GET", path
            if heads.get(path) == face.name:
                yield "HEAD", path
            if face.app and not path.startswith((STATIC, DATA)):
                yield "GET", HERE + path

    def _as(self, face: Face, line: Line, requests: list[tuple[str, str]]) -> None:
        secrets.SystemRandom().shuffle(requests)
        try:
            for method, path in requests:
                if self._plan.is_over() or self._is_ended.is_set():
                    self._findings.add("time-over", face=face.name)
                    return
                self._check(line, face, method, path)
        finally:
            line.close()

    def _check(self, line: Line, face: Face, method: str, path: str) -> None:
        request = draw(self._plan, face, method, path)
        before = self._plan.clock() - _SLACK
        with self._lock:
            old = self._renderings(request, before, self._plan.clock() + _SLACK)
        # What is longer counts as endless, and nothing that is published pardons it: so there is room for an import.
        most = public_state.MOST_BYTES if path.startswith(DATA) else max(len(one.body) for _, one in old) + _MORE_BYTES

        def judge(untrusted: Answer) -> None:
            with self._lock:
                after = self._plan.clock() + _SLACK
                now = self._differs(old, untrusted) and self._differs(
                    self._renderings(request, before, after), untrusted
                )
                if now is None:
                    self._note_hsts(untrusted, path, face.name)
                elif not self._is_busy(request, untrusted, face.name) and not self._is_newer(
                    request, untrusted, before, after
                ):
                    self._findings.add(now.code, shown_path(path), now.place, face.name)

        answer = self._ask(line, face, request, most, judge)
        if answer is not None:
            judge(answer)

    def _is_newer(
        self, request: Request, untrusted: Answer, before: datetime.datetime, after: datetime.datetime
    ) -> bool:
        """Whether the answer shows something that was published meanwhile, and nothing else."""
        if request.path.startswith(STATIC) or request.path in (f"/{FILE_NAME}", SIGNATURE):
            return False  # shows nothing that is published
        for _ in range(_READS):
            numbers = self._numbers()
            for is_taken in self._readings():
                if not is_taken:
                    return False
                if self._differs(self._renderings(request, before, after), untrusted) is None:
                    return True
            if numbers == self._numbers():
                return False
        return False

    def _numbers(self) -> dict[tuple[str, str], int]:
        return self._replica.site.store.published.numbers()

    def _renderings(
        self, request: Request, before: datetime.datetime, after: datetime.datetime
    ) -> list[tuple[bool, Answer]]:
        """What an honest site answers between two times: whether it takes files, and the answer."""
        times = {self._replica.days(time): time for time in (before, after)}
        takes = (self._takes_files, not self._takes_files)
        return [(one, self._expected(request, time, takes_files=one)) for time in times.values() for one in takes]

    def _differs(self, renderings: list[tuple[bool, Answer]], untrusted: Answer) -> Difference | None:
        first = None
        for takes_files, expected in renderings:
            found = difference(expected, untrusted)
            if found is None:
                self._takes_files = takes_files
                return None
            first = first or found
        return first

    def _note_hsts(self, untrusted: Answer, path: str, face: str) -> None:
        """A proxy's own header is the same on all answers, so that it marks no visitor; a cut head may lack it."""
        value = untrusted.header(HSTS)
        is_known = bool(value) or untrusted.cut not in ("line", "head")
        if is_known and self._hsts.setdefault(untrusted.status >= 400, value) != value:
            self._findings.add("header", shown_path(path), HSTS, face)

    def _is_busy(self, request: Request, untrusted: Answer, face: str) -> bool:
        """Whether it is the site's own page that says so; then that is a finding."""
        is_busy = (untrusted.status == 503 or untrusted.cut == "line") and difference(
            self._replica.busy(request), untrusted
        ) is None
        if is_busy:
            self._findings.add("busy", shown_path(request.path), face=face)
        return is_busy

    def _expected(self, request: Request, now: datetime.datetime, *, takes_files: bool) -> Answer:
        return self._replica.answer(request, Moment(now, takes_files))

    def _ask(
        self, line: Line, face: Face, request: Request, most: int, part: Callable[[Answer], None] = ignore
    ) -> Answer | None:
        self.asked += 1
        return ask(line, face, request, most, self._findings, part)
