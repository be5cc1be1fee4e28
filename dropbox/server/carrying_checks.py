"""Judges what couriers work with: the gate to the store, and the courier's page.

Rule: as in dropbox.server.checks: a function of the facts alone.
"""

from collections.abc import Iterator

from dropbox.courier.gate.spool import has_room
from dropbox.sentences.catalogue import Sentence
from dropbox.server.facts import Facts, StoreFacts
from dropbox.server.finding import Finding, Result, Unneeded, Unseen
from dropbox.server.running import Running
from dropbox.web.checks.machine import is_own


def judge_gate(facts: Facts) -> Iterator[Result]:
    """Yield whether the gate answers, as whom, who else may enter its folders, and whether an export has room."""
    gate = facts.carrying.gate
    if gate is None:
        yield Unneeded()
        return
    if isinstance(gate, Sentence):
        yield Unseen(gate)
        return
    if gate.user is None:
        yield Finding("gate-down", Sentence("server-status.gate-down"))
    elif (server := _server(facts)) is not None and gate.user != server:
        yield Finding("gate-user", Sentence("server-status.gate-user"))
    for path in gate.open_folders:
        yield Finding("gate-open", Sentence("server-status.gate-open", path=path))
    if gate.free is None:
        yield Finding("gate-no-spool", Sentence("server-status.gate-no-spool"))
    elif isinstance(facts.store, StoreFacts):
        # About: an export that still waits there would make way, but its file has no name, so its size is not known.
        if not has_room(gate.free, facts.store.export_bytes):
            yield Finding("gate-full", Sentence("server-status.gate-full"))
    else:
        yield Unseen(Sentence("unseen.room-of-gate"))


def judge_page(facts: Facts) -> Iterator[Result]:
    """Yield whether somebody listens at the page's port, as a user who may run it, and on which address."""
    page = facts.carrying.page
    if page is None:
        yield Unneeded()
        return
    if isinstance(page, Sentence):
        yield Unseen(page)
        return
    if not page:
        yield Finding("page-down", Sentence("server-status.page-down"))
    if any(one.user not in facts.carrying.couriers - {0, _server(facts)} for one in page):
        yield Finding("page-user", Sentence("server-status.page-user"))
    if not all(is_own(one.address) for one in page):
        yield Finding("page-open", Sentence("server-status.page-open"))


def _server(facts: Facts) -> int | None:
    """Return as whom the server runs, else who owns its database; None if neither is known."""
    return facts.running.user if isinstance(facts.running, Running) else facts.owner
