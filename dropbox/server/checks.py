"""Judges the facts about a server, part by part.

Rule: each check is a function of the facts alone and yields what is not well, what is accepted, and what was not seen;
a part whose check yields nothing is well. What the courier's survey judges is taken over by its code.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from dropbox.courier.state import Desk
from dropbox.limits import (
    BOARD_FRESH_DAYS,
    CERTIFICATE_WARN_DAYS,
    CLOSING_DAYS,
    EXPORT_LATE_DAYS,
    EXPORT_OLD_DAYS,
    ROOT_WARN_DAYS,
)
from dropbox.published.ends import KeyEnds
from dropbox.sentences.catalogue import Sentence
from dropbox.server import carrying_checks, entrance_checks
from dropbox.server.facts import Facts, StoreFacts, Unusable
from dropbox.server.finding import Accepted, Finding, Result, Unneeded, Unseen
from dropbox.server.running import Running
from dropbox.settings.notes import address_notes, contact_notes
from dropbox.web.checks.machine import is_own
from dropbox.web.checks.reach import Search
from dropbox.wire.calendar import date_of

# Sentences of the courier's survey that are findings here.
TAKEN_OVER: Final[Mapping[str, str]] = {
    "courier.desk-over": "desk-closed",
    "courier.desk-revoked": "desk-revoked",
    "courier.files-full": "files-full",
    "courier.never-rewritten": "tidying-never",
    "courier.owes-board": "board-late",
    "courier.owes-certificate": "desk-certificate-ends",
    "courier.owes-first-board": "board-missing",
    "courier.owes-keys": "desk-keys-run-out",
    "courier.owes-return": "desk-missing",
    "courier.rewritten-late": "tidying-late",
    "courier.texts-full": "texts-full",
    "courier.texts-low": "texts-low",
    "courier.tidying-fails": "tidying-fails",
    "server-certificate.days-left": "server-certificate-ends",
    "server-certificate.invalid": "server-certificate-unusable",
    "server-certificate.missing": "server-certificate-missing",
    "server-certificate.old-key": "server-certificate-unusable",
    "server-certificate.warning": "server-certificate-unusable",
    "server.contacts": "contacts-missing",
    "server.contacts-old": "contacts-old",
}
LEFT_OUT: Final = {  # sizes, and whether reports wait: the courier knows that, a monitor does not
    "courier.owes-receipts",
    "courier.owes-receipts-successor",
    "courier.rewritten",
    "courier.room",
    "courier.room-any",
    "server-certificate.root-ends",  # the root is a part of its own
}
_ROOM: Final = {"files-full", "texts-low", "texts-full"}
_TIDYING: Final = {"tidying-never", "tidying-late", "tidying-fails"}
_CERTIFICATE: Final = {"server-certificate-ends", "server-certificate-missing", "server-certificate-unusable"}

Check = Callable[[Facts], Iterator[Result]]


def _server(facts: Facts) -> Iterator[Result]:
    server = facts.running
    if isinstance(server, Sentence):
        yield Unseen(server)
    elif server is None:
        yield Finding("server-down", Sentence("server-status.server-down"))
    elif server.answer != "ok":
        yield Finding("server-unwell", Sentence("server-status.server-unwell", word=server.answer or "-"))


def _of_process(facts: Facts, see: Callable[[Running], bool | None], finding: Finding) -> Iterator[Result]:
    """Yield a finding if something is so of the running server."""
    server = facts.running
    if not isinstance(server, Running):
        yield Unseen(server or Sentence("server-status.server-down"))
        return
    seen = see(server)
    if seen is None:
        yield Unseen(Sentence("unseen.not-said"))
    elif seen:
        yield finding


def _debug(facts: Facts) -> Iterator[Result]:
    yield from _of_process(facts, lambda server: server.is_debugged, Finding("debug", Sentence("server-status.debug")))


def _core_dumps(facts: Facts) -> Iterator[Result]:
    found = Finding("core-dumps", Sentence("server-status.core-dumps"))
    yield from _of_process(facts, lambda server: server.dumps_core, found)


def _address(facts: Facts) -> Iterator[Result]:
    def is_open(server: Running) -> bool | None:
        return not all(map(is_own, server.addresses)) if server.addresses else None

    found = Finding("open-address", Sentence("server.open-address"))
    yield from (_unless_accepted(facts, one) for one in _of_process(facts, is_open, found))


def _user(facts: Facts) -> Iterator[Result]:
    user = facts.running.user if isinstance(facts.running, Running) else facts.owner
    if user is None:
        yield Unseen(facts.running if isinstance(facts.running, Sentence) else Sentence("server-status.server-down"))
    elif user == 0:
        yield _unless_accepted(facts, Finding("root-user", Sentence("server.root-user")))


def _unless_accepted(facts: Facts, found: Result) -> Result:
    is_accepted = isinstance(found, Finding) and found.code in facts.settings.accept
    return Accepted(found.code) if is_accepted and isinstance(found, Finding) else found


def _root(facts: Facts) -> Iterator[Result]:
    root = facts.root
    if isinstance(root, Sentence):
        yield Finding("root-unusable", root)
        return
    if root.demo:
        yield Finding("demo-root", Sentence("server-status.demo-root"))
    if root.last - facts.today < ROOT_WARN_DAYS:
        yield Finding("root-ends", Sentence("server-status.root-ends", day=date_of(root.last)))


def _of_store(judge: Callable[[Facts, StoreFacts], Iterator[Result]]) -> Check:
    """Return a check that needs the store."""

    def check(facts: Facts) -> Iterator[Result]:
        if isinstance(facts.store, StoreFacts):
            yield from judge(facts, facts.store)
        else:
            yield Unseen(facts.store.sentence if isinstance(facts.store, Unusable) else facts.store)

    return check


def _database(facts: Facts) -> Iterator[Result]:
    store = facts.store
    if isinstance(store, Sentence):
        yield Unseen(store)
    elif isinstance(store, Unusable):
        yield Finding(store.code, store.sentence)
    elif store.keeps_times:
        yield Finding("database-keeps-times", store.keeps_times)


def _keys(facts: Facts, store: StoreFacts) -> Iterator[Result]:
    if store.refusal:
        yield Finding("keys-unusable", Sentence("server-status.keys-unusable", reason=store.refusal))
    list_ends = store.ends.revocations
    if list_ends is not None and list_ends - facts.today < CERTIFICATE_WARN_DAYS:
        yield Finding("revocations-end", Sentence("server-status.revocations-end", day=date_of(list_ends)))


def _server_certificate(_: Facts, store: StoreFacts) -> Iterator[Result]:
    yield from _taken_over(store.state.notes, _CERTIFICATE)


def _desks(facts: Facts, store: StoreFacts) -> Iterator[Result]:
    for desk in store.state.desks:
        found = list(_taken_over(desk.owes))
        if desk.board_day is not None and facts.today - desk.board_day > BOARD_FRESH_DAYS:
            old = Sentence("server-status.board-old", desk=desk.name, day=date_of(desk.board_day))
            found = [one for one in found if one.code != "board-late"] + [Finding("board-old", old)]
        yield from found
        yield from _closing(facts, store.ends, desk)
        if desk.board_day is not None and desk.board_day > facts.today + 1:
            yield Finding("clock-wrong", Sentence("server-status.clock-wrong"))


def _closing(facts: Facts, ends: KeyEnds, desk: Desk) -> Iterator[Finding]:
    """Yield whether a desk that has keys takes no reports, or soon none."""
    for keys in ends.desks:
        if keys.desk != desk.name:
            continue
        last = ends.last_day(keys)
        if last is None or last < facts.today:
            yield Finding("desk-closed", Sentence("server-status.desk-closed", desk=desk.name))
        elif last - facts.today < CLOSING_DAYS:
            yield Finding("desk-closes", Sentence("server-status.desk-closes", desk=desk.name, day=date_of(last)))


def _export(facts: Facts, store: StoreFacts) -> Iterator[Result]:
    if store.export is None:
        yield Finding("export-never", Sentence("server-status.export-never"))
        return
    days = facts.night - store.export
    if days < -1:
        yield Finding("clock-wrong", Sentence("server-status.clock-wrong"))
    elif days > EXPORT_OLD_DAYS:
        yield Finding("export-old", Sentence("server-status.export-old", days=days))
    elif days > EXPORT_LATE_DAYS:
        yield Finding("export-late", Sentence("server-status.export-late", days=days))


def _room(_: Facts, store: StoreFacts) -> Iterator[Result]:
    yield from _taken_over(store.state.notes, _ROOM)


def _disk(_: Facts, store: StoreFacts) -> Iterator[Result]:
    # The disk of an SQLite file bounds the room.
    yield Unneeded() if store.is_file else Unseen(Sentence("unseen.disk-of-postgresql"))


def _tidying(facts: Facts, store: StoreFacts) -> Iterator[Result]:
    yield from _taken_over(store.state.notes, _TIDYING)
    if (store.upkeep.rewritten or -math.inf) > facts.night + 1:
        yield Finding("clock-wrong", Sentence("server-status.clock-wrong"))


def _taken_over(notes: tuple[Sentence, ...], wanted: set[str] | None = None) -> Iterator[Finding]:
    """Yield the findings among the courier's sentences; all, or those of some codes."""
    for note in notes:
        code = TAKEN_OVER.get(note.code)
        if code and (wanted is None or code in wanted):
            yield Finding(code, note)


def _files(facts: Facts) -> Iterator[Result]:
    if isinstance(facts.keys, Sentence) and not isinstance(facts.running, Running):
        yield Unseen(facts.keys)  # who may own them is not known
    yield from (_unless_accepted(facts, Finding(one.word, one.sentence)) for one in facts.open_files)


def _swap(facts: Facts) -> Iterator[Result]:
    if facts.has_swap is None:
        yield Unseen(Sentence("server.swap-unseen"))
    elif facts.has_swap:
        yield _unless_accepted(facts, Finding("swap", Sentence("server.swap")))


def _clock(facts: Facts) -> Iterator[Result]:
    if facts.is_clock_unset is None:
        yield Unseen(Sentence("server.clock-unseen"))
    elif facts.is_clock_unset:
        yield Finding("clock-unset", Sentence("server.clock"))


def _private_keys(looked: Search | Sentence) -> Iterator[Result]:
    if isinstance(looked, Sentence):
        yield Unseen(looked)
    elif looked.found:
        yield Finding("private-key", Sentence("server.private-key", place=looked.found))
    elif looked.unseen:
        yield Unseen(looked.unseen)


def _settings(facts: Facts) -> Iterator[Result]:
    settings = facts.settings
    yield from _taken_over(tuple(contact_notes(settings)))
    for note in address_notes(settings):
        yield Finding("address-missing", note)
    if not settings.intake_open:
        yield Finding("intake-closed", Sentence("server-status.intake-closed"))
    if settings.security_until and settings.security_until < settings.today(facts.now):
        day = settings.security_until
        yield Finding("security-contact-old", Sentence("server-status.security-contact-old", day=day))


PARTS: Final[Mapping[str, Check]] = {
    "server": _server,
    "user": _user,
    "address": _address,
    "core-dumps": _core_dumps,
    "debug": _debug,
    "root": _root,
    "database": _database,
    "standby": _of_store(
        lambda _, store: iter((Unseen(Sentence("unseen.standby")) if store.has_standby else Unneeded(),))
    ),
    "keys": _of_store(_keys),
    "desks": _of_store(_desks),
    "server-certificate": _of_store(_server_certificate),
    "export": _of_store(_export),
    "gate": carrying_checks.judge_gate,
    "courier-page": carrying_checks.judge_page,
    "room": _of_store(_room),
    "disk": _of_store(_disk),
    "tidying": _of_store(_tidying),
    "files": _files,
    "swap": _swap,
    "clock": _clock,
    "private-keys": lambda facts: _private_keys(facts.keys),
    "homes": lambda facts: _private_keys(facts.homes),
    "proxy": entrance_checks.judge_proxy,
    "tls": entrance_checks.judge_certificate,
    "onion": entrance_checks.judge_onion,
    "settings": _settings,
    "site-manifest": lambda facts: iter(facts.manifest),
}
