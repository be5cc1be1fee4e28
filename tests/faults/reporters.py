"""Reporters who send without a pause, on both roads, over a network that tears and to a server that dies.

Rule: a reporter who sees an error or nothing sends the same again, as people and the site's scripts do, until it is
acknowledged or patience ends; only what the site says counts as acknowledged.
"""

import contextlib
import datetime
import hashlib
import http.client
import itertools
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from dropbox.crypto.keyring import verify_keyring
from dropbox.errors import DropboxError
from dropbox.wire.calendar import day_of
from dropbox.wire.keyring import parse_anchor
from tests.faults.ledger import Ledger, Report
from tests.support.client import REPORT, Client, File, Page, sending_fields
from tests.support.sealed import AddressedBrowser, Sealed
from tests.support.server import wait_until
from tests.support.tus import send

DESKS: Final = ("itjen", "irjen")
_SENDING_SECONDS: Final = 900.0  # on a busy machine
_PATIENCE: Final = 1200  # attempts until a reporter gives up
_BUSY: Final = (503, 507)  # "later", in words that a reporter reads
_ROADS: Final = ("form", "sealed")
_PATIENT: Final = len(DESKS) * len(_ROADS)  # so many do not give up: one for each desk and road
_REFUSALS: Final = 100  # of the site, until a patient reporter goes away


class GivesUpError(Exception):
    """A reporter goes away; what was sent may be there or not."""


@dataclass
class Reporters:
    """Some reporters, each a thread; they send as many reports as are `allowed`.

    Attributes:
        errors: how often a reporter read that the site itself has failed (500).
        refusals: how often one read that there is no room or that the site is busy (503, 507).
    """

    port: int
    root_pub: Path
    ledger: Ledger
    seed: int
    count: int = 3
    failed: list[Exception] = field(default_factory=list)
    errors: int = 0
    refusals: int = 0
    _asked: int = 0
    _ended: int = 0
    _begun: "itertools.count[int]" = field(default_factory=itertools.count)
    _allowed: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    _counting: threading.Lock = field(default_factory=threading.Lock)
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Self:
        for number in range(self.count):
            one = _Reporter(self, random.Random(self.seed * 1000 + number))  # noqa: S311  a reproducible choice
            self._threads.append(threading.Thread(target=self._run, args=(one,)))
            self._threads[-1].start()
        return self

    def __exit__(self, *_: object) -> None:
        self.go_home()

    def allow(self, reports: int) -> None:
        """Let so many more be sent."""
        self._asked += reports
        self._allowed.release(reports)

    def await_all(self) -> None:
        """Wait until each of them was acknowledged or given up."""
        wait_until("the reporters have ended", self.have_ended, _SENDING_SECONDS)

    def have_ended(self) -> bool:
        """Whether each of them was acknowledged or given up, or a reporter itself has failed."""
        return bool(self.failed) or self._ended >= self._asked

    def go_home(self) -> None:
        """End at once, also in the middle of a report."""
        self._over.set()
        self._allowed.release(self.count)
        for thread in self._threads:
            thread.join()

    def _run(self, one: "_Reporter") -> None:
        try:
            while self._allowed.acquire() and not self._over.is_set():
                with contextlib.suppress(GivesUpError):
                    one.report()
                with self._counting:
                    self._ended += 1
        except Exception as error:  # noqa: BLE001  the test fails with it
            self.failed.append(error)

    def pages(self) -> dict[str, str]:
        """What each reporter with an answer reads, by code; the site must be well."""
        return {
            one.code: Client(self.port).post("/status", {"code": one.code, "words": one.words}).text
            for one in self.ledger.reports
            if one.answers
        }


@dataclass
class _Reporter:
    all: Reporters
    choice: random.Random
    is_patient: bool = True

    def report(self) -> None:
        """One report with some files; desks and roads take turns, and the first of each of them is patient."""
        number = next(self.all._begun)
        desk, road = DESKS[number % 2], _ROADS[number // 2 % 2]
        self.is_patient = number < _PATIENT
        for _ in range(_REFUSALS if self.is_patient else 1):
            report = self.all.ledger.new(desk, road)
            (self._by_form if road == "form" else self._sealed)(report)
            if report.acknowledged or self.all._over.wait(0.2):
                return

    def ask(self, call: Callable[[Client], Page]) -> Page:
        """Ask until the site answers and is not busy."""
        for _ in range(_PATIENCE if self.is_patient else self.choice.choice((1, *(_PATIENCE,) * 5))):
            if self.all._over.is_set():
                break
            with contextlib.suppress(OSError, http.client.HTTPException):
                page = call(Client(self.all.port))
                if page.status == 500:
                    with self.all._counting:
                        self.all.errors += 1
                    raise GivesUpError
                if page.status not in _BUSY:
                    return page
                with self.all._counting:
                    self.all.refusals += 1
            self.all._over.wait(0.1)
        raise GivesUpError

    def _by_form(self, report: Report) -> None:
        typed = REPORT | report.fields | {"desk": report.desk}
        reviewed = self.ask(lambda client: client.post("/lapor", typed | {"step": "review"}))
        if "code" not in reviewed.hidden:
            return  # the site says why: its keys have ended, by its clock
        report.code, report.words = reviewed.hidden["code"], reviewed.hidden["words"]
        fields = sending_fields(reviewed.hidden)
        sent = self.ask(lambda client: client.post("/lapor", fields))
        if "TERKIRIM" not in sent.statuses:
            return
        report.acknowledged = True
        for _ in range(self.choice.randint(int(self.is_patient), 2)):
            name, content = self.all.ledger.file(report, self._size())
            added = self.ask(lambda client: client.add(sent.hidden, File(name, content)))  # noqa: B023  used at once
            if name in added.text and "data-added-file" in added.text and not added.error:
                report.files_acknowledged.add(name)

    def _sealed(self, report: Report) -> None:
        day = day_of(datetime.datetime.now(datetime.UTC).date())
        anchor = parse_anchor(self.all.root_pub.read_bytes())
        published = self.ask(lambda client: client.get("/data/kunci")).body
        try:
            keyring = verify_keyring(published, anchor, day)
        except DropboxError:
            return  # the server's clock is beside ours
        address = keyring.address(report.desk, day)
        if address is None:
            return
        browser = AddressedBrowser(address, report.desk, day)
        report.code, report.words = browser.secret.code, browser.secret.words
        parts = self.choice.randint(1, 4)
        report.acknowledged = self._send(report, browser.text(**report.fields), parts)
        if not report.acknowledged:
            return
        for index in range(1, 1 + self.choice.randint(int(self.is_patient), 2)):
            name, content = self.all.ledger.file(report, self._size())
            if self._send(report, browser.file(content, index, name), parts):
                report.files_acknowledged.add(name)

    def _send(self, report: Report, sealed: Sealed, parts: int) -> bool:
        is_acknowledged = send(self.ask, sealed, parts)
        if is_acknowledged:
            report.blobs.add(hashlib.sha256(sealed.blob).digest())
        return is_acknowledged

    def _size(self) -> int:
        return int(2 ** self.choice.uniform(4, 18))
