"""The courier's work on the page: state, export, download from an offset, return, result in words."""

import hashlib
import io
from dataclasses import replace
from typing import Any

import pytest
from page_world import NAME, PASSPHRASE, Browser, World, desk, today
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from dropbox.courier.gate.client import Taken
from dropbox.courier.pages import downloading, guard, sessions
from dropbox.courier.pages.accounts import ACCOUNTS_MAX
from dropbox.errors import (
    ConfigurationError,
    DropboxError,
    GateError,
    MalformedError,
    RefusedError,
    StorageFullError,
    UntrustedError,
)
from dropbox.limits import BOARD_FRESH_DAYS, RETURN_BUNDLE_MAX_BYTES
from dropbox.sentences.catalogue import Sentence
from dropbox.wire.calendar import Day


@pytest.fixture
def browser(world: World) -> Browser:
    return world.inside()


def english(browser: Browser) -> Browser:
    browser.get("/bahasa/en")
    return browser


def test_the_state_says_what_waits(world: World, browser: Browser) -> None:
    """Whether something waits and since which week, never finer; and when nothing does."""
    assert "Yang tertua masuk 2 minggu yang lalu." in browser.get("/").text
    world.gate.waiting = False
    assert "Tidak ada laporan yang menunggu." in browser.get("/").text


def test_the_state_says_what_each_desk_owes(world: World, browser: Browser) -> None:
    """Old answers, ends of certificates and what is to be done are shown of each desk."""
    owed = Sentence("courier.desk-over", desk="itjen", day="2026-01-01")
    late = Day(today() - BOARD_FRESH_DAYS - 1)
    world.gate.desks = (desk("irjen", board_day=None, keys_until=None), desk("itjen", board_day=late, owes=(owed,)))
    text = browser.get("/").text
    assert owed.sentence("id") in text
    assert text.count('class="late"') == 3
    assert owed.sentence("en") in english(browser).get("/").text


def test_what_both_say_is_said_once(world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """A note about the store that the export has too stands on the page once."""
    browser.post("/ekspor")
    note = world.gate.ready.notes[0]  # type: ignore[union-attr]
    known = replace(world.gate.state(), notes=(note,))
    monkeypatch.setattr(world.gate, "state", lambda: known)
    assert browser.get("/").text.count(note.sentence("id")) == 1


def test_an_export_is_prepared_and_downloaded(world: World, browser: Browser) -> None:
    """The page names it, shows its hash, and gives its bytes under its name."""
    assert "data-export" not in browser.get("/").text
    assert browser.post("/ekspor").location == "/#ekspor"
    text = browser.get("/").text
    assert "export-1-0012" in text
    assert hashlib.sha256(world.gate.body).hexdigest() in text
    answer = browser.get("/ekspor/12")
    assert answer.data == world.gate.body
    assert answer.headers["Content-Disposition"] == 'attachment; filename="export-1-0012"'
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert int(answer.headers["Content-Length"]) == len(world.gate.body)


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [("5000-", 5000, 10239), ("0-9", 0, 9), ("-7", 10233, 10239), ("10239-", 10239, 10239), ("3-99999", 3, 10239)],
)
def test_a_cut_download_goes_on(world: World, browser: Browser, wanted: str, first: int, last: int) -> None:
    """A range of the same export gives those bytes and says which they are."""
    browser.post("/ekspor")
    sha256 = hashlib.sha256(world.gate.body).hexdigest()
    answer = browser.get("/ekspor/12", Range=f"bytes={wanted}", If_Range=f'"{sha256}"')
    assert (answer.status_code, answer.data) == (206, world.gate.body[first : last + 1])
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/10240"
    assert answer.headers["Content-Length"] == str(last + 1 - first)


@pytest.mark.parametrize(
    "headers",
    [{"Range": "bytes=5-", "If-Range": '"other"'}, {"Range": "bytes=5-", "If-Range": "Mon, 30 Nov 2026 00:00:00 GMT"},
     {"Range": "bytes=0-1,4-5"}, {"Range": "rows=1-2"}, {"Range": "bytes=x"}],
)  # fmt: skip
def test_other_ranges_give_the_whole(world: World, browser: Browser, headers: dict[str, str]) -> None:
    """The rest of another export, several ranges and foreign units are answered with all bytes."""
    browser.post("/ekspor")
    answer = browser.client.get("/ekspor/12", headers=headers, buffered=True)
    assert (answer.status_code, answer.data) == (200, world.gate.body)


def test_a_range_behind_the_end_is_refused(world: World, browser: Browser) -> None:
    """416 says how long the export is."""
    browser.post("/ekspor")
    answer = browser.get("/ekspor/12", Range="bytes=999999-")
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{len(world.gate.body)}")


@pytest.mark.parametrize("number", [11, 13, 0])
def test_an_export_that_is_gone_is_not_found(browser: Browser, number: int) -> None:
    """Only the newest can be downloaded, and the page says what to do."""
    browser.post("/ekspor")
    answer = browser.get(f"/ekspor/{number}")
    assert answer.status_code == 404
    assert "Siapkan yang baru" in answer.text


def test_downloads_are_bounded(browser: Browser) -> None:
    """A further download waits for one to end, and a place is given back also when a client stops in the middle."""
    browser.post("/ekspor")
    answers = [browser.client.get("/ekspor/12") for _ in range(downloading.DOWNLOADS_MAX)]
    assert browser.get("/ekspor/12").status_code == 503
    next(answers[0].iter_encoded())
    for answer in answers:
        answer.close()
    assert browser.get("/ekspor/12").status_code == 200


def test_a_download_that_the_gate_cuts_is_no_whole_file(world: World, browser: Browser) -> None:
    """Bytes that are missing end the answer with an error, never as if it were whole."""
    browser.post("/ekspor")
    world.gate.body = world.gate.body[:3000]
    with pytest.raises(GateError):
        browser.get("/ekspor/12")


def send(browser: Browser, data: bytes = b"signed") -> str:
    answer = browser.post("/kiriman", {"file": (io.BytesIO(data), "return-itjen-1")})
    assert (answer.status_code, answer.location) == (303, "/hasil")
    return browser.get("/hasil").text


def test_a_return_is_taken(world: World, browser: Browser) -> None:
    """The gate gets the very bytes, and the result says what it was, how much was deleted, and what comes next."""
    what = Sentence("courier.what-return", number="2-0001", desk="itjen")
    world.gate.taken = Taken(what, is_new=True, deleted=7, warnings=())
    text = send(browser, b"signed" * 1000)
    assert world.gate.files == [b"signed" * 1000]
    assert 'data-result="taken"' in text
    assert what.sentence("id") in text
    assert "dihapus dari server: 7." in text
    assert "Langkah berikutnya" in text


def test_a_return_that_was_taken_before_changes_nothing(world: World, browser: Browser) -> None:
    """The result says so and asks for a greater number."""
    world.gate.taken = Taken(Sentence("courier.what-list", number=2), is_new=False, deleted=None, warnings=())
    text = send(browser)
    assert 'data-result="known"' in text
    assert "bernomor lebih besar" in text


def test_warnings_are_shown(world: World, browser: Browser) -> None:
    """What the import warns of stands on the page, in the courier's language."""
    warning = Sentence("courier.chain-new", desk="itjen")
    world.gate.taken = Taken(Sentence("courier.what-list", number=2), is_new=True, deleted=None, warnings=(warning,))
    assert "memulai rangkaian kunci baru" in send(browser)
    assert "begins a new chain of keys" in english(browser).get("/hasil").text


@pytest.mark.parametrize(
    ("error", "result", "step"),
    [
        (UntrustedError("return.other-certificate"), "refused", "Minta meja itu menerbitkan lagi"),
        (RefusedError("return.unknown-desk"), "refused", "Beri tahu administrator"),
        (RefusedError("return.private-file"), "refused", "Beri tahu administrator"),
        (RefusedError("return.revocations-older"), "refused", "nomornya lebih besar"),
        (MalformedError("return.cut", what="return"), "refused", "Salin lagi berkas itu"),
        (MalformedError("return.nested"), "refused", "Minta meja itu menerbitkan lagi"),
        (MalformedError("kind.dossier"), "refused", "Bawa berkas itu ke tempatnya"),
        (StorageFullError("courier-page.accounts"), "refused", "Beri tahu administrator"),
        (ConfigurationError("settings.percent"), "refused", "Beri tahu administrator"),
        (GateError("gate.ended"), "unsure", "Kirim berkas yang sama lagi"),
    ],
)
def test_a_refusal_is_said_in_words(
    world: World, browser: Browser, error: DropboxError, result: str, step: str
) -> None:
    """The page says why, and what to do; where nobody knows whether the file was taken it says that."""
    world.gate.taken = error
    text = send(browser)
    assert f'data-result="{result}"' in text
    assert step in text
    assert ("Tidak ada yang berubah" in text) == (result == "refused")


def test_results_are_of_one_session(world: World, browser: Browser) -> None:
    """Another browser does not see what became of a file once its own has shown it."""
    send(browser)
    browser.post("/keluar")
    assert world.inside().get("/hasil").location == "/"


class Slow(io.BytesIO):
    """A body of which each part arrives after ten minutes."""

    def __init__(self, body: bytes, world: World, seconds: float = 600) -> None:
        super().__init__(body)
        self.world, self.seconds = world, seconds

    def readinto(self, room: Any, /) -> int:
        self.world.turn(self.seconds)
        return super().readinto(room)


def post_slowly(world: World, browser: Browser, seconds: float) -> None:
    """Send a file of a few parts, each of which takes so long."""
    fields = {"csrf_token": browser.token("/bantuan"), "file": FileStorage(io.BytesIO(b"x" * 300_000), "return")}
    boundary, body = encode_multipart(fields)
    kind = f"multipart/form-data; boundary={boundary}"
    answer = browser.client.post(
        "/kiriman", input_stream=Slow(body, world, seconds), content_type=kind, content_length=len(body)
    )
    assert (answer.status_code, answer.location) == (303, "/hasil")


def test_a_slow_upload_is_use(world: World, browser: Browser) -> None:
    """An upload longer than the idle time ends no session, and its result is shown."""
    begun = world.clock()
    post_slowly(world, browser, 600)
    assert world.clock() - begun > sessions.IDLE_SECONDS
    assert 'data-result="taken"' in browser.get("/hasil").text


def test_a_slow_download_is_use(world: World, browser: Browser) -> None:
    """A download longer than the idle time ends no session: the page is open afterwards."""
    browser.post("/ekspor")
    answer = browser.client.get("/ekspor/12")
    for _ in answer.iter_encoded():
        world.turn(600)
    assert browser.is_inside()


@pytest.mark.parametrize("kept", [True, False])
def test_a_result_waits_for_the_next_log_in(world: World, browser: Browser, *, kept: bool) -> None:
    """A result that came after the session's absolute end is shown once at the account's next log-in, if not reset."""
    post_slowly(world, browser, sessions.WHOLE_SECONDS)
    assert browser.get("/hasil").location == "/masuk"
    if not kept:
        world.secret = world.accounts.reset(NAME, PASSPHRASE)
    again = world.browser()
    assert again.enter().location == ("/hasil" if kept else "/")
    assert ('data-result="taken"' in again.get("/hasil").text) == kept
    again.post("/keluar")
    assert world.browser().enter().location == "/"


def test_results_that_wait_are_bounded(world: World) -> None:
    """Names of accounts that are gone do not grow the memory."""
    kept = sessions.Sessions(world.clock)
    for number in range(ACCOUNTS_MAX + 5):
        kept.keep(sessions.Session(f"kurir-{number}", "", 0, 0), GateError("gate.ended"))
    assert len(kept._unseen) == ACCOUNTS_MAX


def test_a_file_that_came_too_late_is_said(world: World, browser: Browser) -> None:
    """The door says that the file was not taken, until the next log-in; a log-out by the ended session says nothing."""
    token = browser.token("/bantuan")
    world.turn(sessions.IDLE_SECONDS + 1)
    browser.client.post("/keluar", data={"csrf_token": token})
    assert "data-dropped" not in browser.get("/masuk").text
    browser.client.post("/kiriman", data={"csrf_token": token, "file": (io.BytesIO(b"x"), "return")})
    assert world.gate.files == []
    for _ in range(2):
        assert "Tidak ada berkas yang diambil" in browser.get("/masuk").text
    assert browser.enter().status_code == 303
    browser.post("/keluar")
    assert "data-dropped" not in browser.get("/masuk").text


def test_a_download_without_a_session_is_no_page(world: World, browser: Browser) -> None:
    """A browser that goes on with a download gets an error, which it cannot save as the file."""
    browser.post("/ekspor")
    world.turn(sessions.IDLE_SECONDS + 1)
    answer = browser.get("/ekspor/12", Range="bytes=5-")
    assert (answer.status_code, answer.location) == (403, None)
    assert "Sesi sudah berakhir" in answer.text


@pytest.mark.parametrize("sent", [{}, {"file": (b"", "")}, {"file": "text"}])
def test_no_file_is_said(browser: Browser, world: World, sent: dict[str, object]) -> None:
    """A form without a file changes nothing."""
    made = {
        name: (io.BytesIO(value[0]), value[1]) if isinstance(value, tuple) else value for name, value in sent.items()
    }
    assert browser.post("/kiriman", made).status_code == 400
    assert world.gate.done == []


def test_a_file_that_is_too_large_is_not_read(world: World, browser: Browser) -> None:
    """The stated length decides, before the body."""
    token = browser.token("/bantuan")
    length = str(RETURN_BUNDLE_MAX_BYTES + guard.FORM_MAX_BYTES + 1)
    stated = {"CONTENT_LENGTH": length}
    answer = browser.client.post("/kiriman", data={"csrf_token": token}, environ_overrides=stated)
    assert answer.status_code == 413
    assert "terlalu besar" in answer.text
    assert world.gate.done == []


def test_uploads_are_bounded(world: World, browser: Browser) -> None:
    """No more files are in memory than there are places, and each upload gives its place back."""
    places = world.app.extensions[guard._PLACES]
    for _ in range(guard.UPLOADS_MAX + 1):
        send(browser)
    for _ in range(guard.UPLOADS_MAX):
        assert places.acquire(blocking=False)
    assert browser.post("/kiriman", {"file": (io.BytesIO(b"x"), "r")}).status_code == 503
    for _ in range(guard.UPLOADS_MAX):
        places.release()
    send(browser)


def test_a_file_becomes_no_temporary_file(world: World, browser: Browser) -> None:
    """A file of more than werkzeug's 500 kB is handed to the gate from memory."""
    fields = {"csrf_token": browser.token("/bantuan"), "file": FileStorage(io.BytesIO(b"x" * 600_000), "return")}
    boundary, body = encode_multipart(fields)
    kind = f"multipart/form-data; boundary={boundary}"
    answer = browser.client.post("/kiriman", input_stream=io.BytesIO(body), content_type=kind, content_length=len(body))
    assert answer.location == "/hasil"
    assert world.gate.files == [b"x" * 600_000]
    assert [issubclass(kind, io.BytesIO) for kind in world.gate.kinds] == [True]


@pytest.mark.parametrize("path", ["/", "/ekspor/12"])
def test_a_gate_that_does_not_answer_is_said(world: World, browser: Browser, path: str) -> None:
    """The page itself goes on, and says who can help."""
    world.gate.fault = GateError("gate.closed")
    if path != "/":
        object.__setattr__(world.gate, "export", world.gate.state)
    answer = browser.get(path)
    assert answer.status_code == 503
    assert "Gerbang server tidak menjawab" in answer.text
    assert browser.get("/bantuan").status_code == 200


def test_what_the_gate_refuses_is_said_as_it_says_it(
    world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An export that is being written is no gate that does not answer."""
    busy = GateError("gate.busy")
    monkeypatch.setattr(world.gate, "prepare", lambda: (_ for _ in ()).throw(busy))
    answer = browser.post("/ekspor")
    assert answer.status_code == 503
    assert busy.sentence("id") in answer.text
    assert "tidak menjawab" not in answer.text


def test_an_error_of_the_program_quotes_nothing(
    world: World, browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither the page nor the log has its text; the log has type and place."""
    world.gate.fault = replace_with_text()  # type: ignore[assignment]
    answer = browser.get("/")
    assert answer.status_code == 500
    assert "rahasia" not in answer.text
    said = capsys.readouterr().err
    assert "rahasia" not in said
    assert said.startswith("courier: ValueError at page_world.py:")


def replace_with_text() -> Exception:
    return ValueError("rahasia")


def test_the_language_is_the_browsers(browser: Browser) -> None:
    """Indonesian first; what was chosen stays over the log-out; an unknown one changes nothing."""
    assert '<html lang="id"' in browser.get("/").text
    browser.get("/bahasa/en")
    browser.get("/bahasa/fr")
    assert '<html lang="en"' in browser.get("/").text
    browser.post("/keluar")
    assert "Log in as courier" in browser.get("/masuk").text


def test_a_desk_without_a_label_is_named(world: World, browser: Browser) -> None:
    """A desk that the page's settings do not know is shown by its name."""
    world.gate.desks = (replace(world.gate.desks[0], name="baru"),)
    assert 'data-desk="baru"' in browser.get("/").text
