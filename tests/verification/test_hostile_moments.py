"""What a site does after it gave an altered answer takes no difference away; what honest servers do adds none."""

import signal
import threading

import pytest

from dropbox.verification.asking import Plan
from dropbox.verification.findings import Finding
from dropbox.verification.proposal import propose
from dropbox.wire.calendar import day_of
from tests.support.desks import NOW, TODAY
from tests.verification.altered import Asked, Given
from tests.verification.conftest import FEW, SOME, Signed, codes, signed_by
from tests.verification.test_altered_site import SCRIPT, at, in_page, one_byte

FACE = "Android 10; K"


def close(_: Asked, given: Given) -> None:
    given.raw = lambda _: None


def test_a_withheld_number_pardons_no_lie(signed: Signed) -> None:
    """A signed board, kept back until the altered answer was given, explains nothing of it."""
    lock = threading.Lock()
    number = 1
    has_lied = False

    def alter(asked: Asked, given: Given) -> None:
        nonlocal number, has_lied
        with lock:
            if asked.path == "/lapor" and asked.method == "GET" and not has_lied:
                in_page(asked, given)
                has_lied = True
            elif asked.path == "/data/kunci-lengkap" and has_lied and number == 1:
                number = 2
                desk = signed.inspectorate.desks["itjen"]
                with signed.site.store.transaction() as tx:
                    signed.site.store.published.put(tx, "board", desk.name, 2, desk.packed_board(2, [], TODAY))

    verdict = signed.look(alter, only=SOME)
    assert number == 2
    assert codes(verdict) == {("body", "/lapor")}


@pytest.mark.parametrize("path", ["/lapor", "/pengunci.html", SCRIPT])
def test_a_line_that_breaks_hides_no_difference(signed: Signed, path: str) -> None:
    """If what is published cannot be read after an altered answer, that answer stays a difference."""
    has_lied = threading.Event()

    def alter(asked: Asked, given: Given) -> None:
        if asked.path == path and asked.method == "GET":
            (in_page if path == "/lapor" else one_byte)(asked, given)
            has_lied.set()
        elif asked.path == "/data/kunci-lengkap" and has_lied.is_set():
            close(asked, given)

    verdict = signed.look(alter, only=SOME)
    assert any(one.address == path and one.weight == "different" for one in verdict.findings)
    assert verdict.exit_code == 4


def test_a_newer_manifest_erases_no_difference(signed: Signed) -> None:
    """A manifest that appears at the end is named beside the differences, also if it is the known one."""
    manifest = propose(signed.site.settings, signed.inspectorate.anchor, 4, day_of(NOW.date()))
    newer = signed_by(signed.inspectorate, manifest)

    def alter(asked: Asked, given: Given) -> None:
        at("/lapor", in_page)(asked, given)
        if asked.path == "/data/manifes" and asked.number > 1:
            given.with_body(newer)

    told: list[Finding] = []
    verdict = signed.look(alter, known=newer, only=SOME, tell=told.append)
    expected = {("body", "/lapor"), ("manifest-changed", "/data/manifes"), ("old-release", "/data/manifes")}
    assert expected <= codes(verdict)
    assert verdict.exit_code == 4
    assert ("body", "/lapor") in {(one.code, one.address) for one in told}


def test_headers_behind_the_content_are_named(signed: Signed) -> None:
    """A policy in the trailer, which browsers ignore, is a difference."""

    def behind(_: Asked, given: Given) -> None:
        moved = [one for one in given.headers if one[0].lower() == "content-security-policy"]
        head = [one for one in given.headers if one not in moved and one[0].lower() != "content-length"]

        def shown(fields: list[tuple[str, str]]) -> str:
            return "".join(f"{name}: {value}\r\n" for name, value in fields)

        body = given.body
        start = f"HTTP/1.1 200 OK\r\n{shown(head)}Transfer-Encoding: chunked\r\n\r\n".encode()
        chunks = b"%x\r\n%s\r\n0\r\n%s\r\n" % (len(body), body, shown(moved).encode())
        given.raw = lambda write: write(start + chunks)

    assert codes(signed.look(at("/lapor", behind), only=SOME)) == {("trailer", "/lapor")}


def test_a_server_that_closes_lines_is_no_difference(signed: Signed) -> None:
    """A connection that ends between two answers, in good order, is opened again."""
    seen = threading.Lock()
    count = 0

    def alter(_: Asked, given: Given) -> None:
        nonlocal count
        with seen:
            count += 1
            if count % 7 == 0:
                close(_, given)

    verdict = signed.look(alter, only=SOME)
    assert count > 30
    assert verdict.exit_code == 0


@pytest.mark.parametrize("value", ["max-age=0", "max-age=15551999"])
def test_a_short_strict_transport_security_is_named(signed: Signed, value: str) -> None:
    """A proxy's header that makes browsers forget TLS within 180 days is a difference."""
    verdict = signed.look(lambda _, given: given.headers.append(("Strict-Transport-Security", value)), only=SOME)
    assert {one.place for one in verdict.findings} == {"strict-transport-security"}
    assert verdict.exit_code == 4


def test_strict_transport_security_is_the_same_for_all(signed: Signed) -> None:
    """One value on all answers is no difference; another one for one browser is."""

    def alter(asked: Asked, given: Given) -> None:
        days = 200 if FACE in asked.headers.get("User-Agent", "") and is_marked else 180
        given.headers.append(("Strict-Transport-Security", f"max-age={days * 86400}"))

    is_marked = False
    assert signed.look(alter, only=SOME).findings == ()
    is_marked = True
    assert {one.place for one in signed.look(alter, only=SOME).findings} == {"strict-transport-security"}


def test_the_whole_look_has_an_end(signed: Signed, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the time is over the rest was not seen, and the differences found before are told at once and kept."""
    assert codes(signed.look(total_seconds=0.0)) == {("timeout", "/data/root.pub")}
    told: list[Finding] = []
    monkeypatch.setattr(Plan, "is_over", lambda _: bool(told))
    verdict = signed.look(at(SCRIPT, one_byte), only=SOME, tell=told.append)
    assert [(one.code, one.address) for one in told] == [("body", SCRIPT)]
    assert {("body", SCRIPT), ("time-over", "")} <= codes(verdict)
    assert verdict.exit_code == 4


@pytest.mark.parametrize("raised", [KeyboardInterrupt, SystemExit])
def test_a_signal_ends_all_visitors(signed: Signed, raised: type[BaseException]) -> None:
    """A look that a signal interrupts while all visitors wait for answers ends before these, and asks no more."""
    asked: list[str] = []
    released, lock = threading.Event(), threading.Lock()

    def hold(_: object) -> None:
        released.wait()

    def alter(one: Asked, given: Given) -> None:
        if one.path.startswith("/data/") or one.path.endswith(".sig"):
            return
        with lock:
            asked.append(one.path)
            if len(asked) == len(FEW):
                signal.pthread_kill(main, signal.SIGUSR1)
        given.raw = hold

    def end(*_: object) -> None:
        raise raised

    main = threading.main_thread().ident or 0
    before = signal.signal(signal.SIGUSR1, end)
    try:
        with pytest.raises(raised):
            signed.look(alter, only=SOME, seconds=10.0, total_seconds=60.0)
        assert not released.is_set()
        assert len(asked) == len(FEW)
    finally:
        released.set()
        signal.signal(signal.SIGUSR1, before)
