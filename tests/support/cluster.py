"""Web machines that share a PostgreSQL and nothing else, and senders who use any of them.

Rule: a sender remembers what was acknowledged, so that a test can look for exactly that afterwards.
"""

import contextlib
import itertools
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from dropbox.limits import MIB
from tests.support.client import REPORT, Client, Page, sending_fields
from tests.support.desks import FakeInspectorate
from tests.support.sealed import Browser
from tests.support.server import Server, SiteFolder, wait_until
from tests.support.tus import send


@dataclass
class Machine(SiteFolder):
    """A web server's folder, with the address of a database elsewhere."""

    database: str = ""
    settings: str = "[store]\nbudget_mib = 2000\n"

    @property
    def url(self) -> str:
        """The database of all machines."""
        return self.database


def machines(folder: Path, url: str, inspectorate: FakeInspectorate) -> list[Machine]:
    """Two machines; the keys are published once."""
    made = [Machine(folder / name, inspectorate=inspectorate, publish=name == "a", database=url) for name in ("a", "b")]
    for one in made:
        one.make()
    return made


@dataclass
class Visitor:
    """A reporter whose every request goes to the other server; one that is away is left out."""

    servers: list[Server]
    inside: Sequence[
        Callable[[], AbstractContextManager[None]]
    ] = ()  # where each server can be reached (default: here)
    turns: Iterator[int] = field(default_factory=itertools.count)

    def ask(self, call: Callable[[Client], Page]) -> Page:
        """Ask the next server, and the other when it does not answer or says that it is busy, again and again."""
        answers: list[Page] = []

        def answered() -> bool:
            number = next(self.turns) % len(self.servers)
            inside = self.inside[number] if self.inside else contextlib.nullcontext
            with contextlib.suppress(OSError), inside():
                answers.append(call(self.servers[number].client))
            return bool(answers) and answers[-1].status != 503

        wait_until("a server answers", answered)
        return answers[-1]

    def alike(self) -> "Visitor":
        """Return another one, who begins anew."""
        return Visitor(self.servers, self.inside)

    def report(self, what: str) -> Page:
        """Fill in and review at one, send at the other."""
        reviewed = self.ask(lambda client: client.post("/lapor", REPORT | {"what": what, "step": "review"}))
        assert reviewed.status == 200, f"{reviewed.status} {reviewed.error}"
        return self.ask(lambda client: client.post("/lapor", sending_fields(reviewed.hidden)))


@dataclass
class Load:
    """Reports and uploads that are sent without a pause until the block ends; what was acknowledged is remembered."""

    visitor: Visitor
    inspectorate: FakeInspectorate
    texts: list[str] = field(default_factory=list)
    files: list[bytes] = field(default_factory=list)
    failed: list[Exception] = field(default_factory=list)

    @contextlib.contextmanager
    def going_on(self) -> Iterator[None]:
        """Send from two threads; an error of theirs ends the test."""
        over = threading.Event()

        def repeat(once: Callable[[], None]) -> None:
            try:
                while not over.is_set():
                    once()
            except Exception as error:  # noqa: BLE001  the test fails with it
                self.failed.append(error)

        threads = [threading.Thread(target=repeat, args=(once,)) for once in (self._report, self.upload)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join()
        assert self.failed == []

    def more(self) -> None:
        """Wait until both kinds were acknowledged again."""
        texts, files = len(self.texts), len(self.files)
        wait_until(
            "more was acknowledged",
            lambda: self.failed or (len(self.texts) > texts + 1 and len(self.files) > files),
        )
        assert self.failed == []

    def _report(self) -> None:
        what = f"Laporan {secrets.token_hex(8)}"
        sent = self.visitor.alike().report(what)
        assert sent.statuses == ["TERKIRIM"], f"{sent.status} {sent.error}"
        self.texts.append(what)

    def upload(self) -> None:
        """Send a file whole, in parts."""
        content = secrets.token_bytes(3 * MIB)
        assert send(self.visitor.alike().ask, Browser(self.inspectorate).file(content), parts=5)
        self.files.append(content)

    def check(self, server: Server) -> None:
        """All that was acknowledged is in the store and opens."""
        held = server.held()
        whats = [one.opened.message.fields["what"] for one in held if one.kind == "report"]
        assert set(self.texts) <= set(whats)
        found = {b"".join(server.file_of(one)) for one in held if one.kind == "file"}
        assert set(self.files) <= found
