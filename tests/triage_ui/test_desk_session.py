"""The door: start link, unlocking, locking by hand, by idleness and at the end."""

import errno
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from desk_world import Busy, DeskClient, let_in, make_desk, new_desk
from triage_world import LOGIN, PASSPHRASE, SETTINGS, World, new_thread

from dropbox.errors import NotFoundError, RefusedError, StorageFullError
from dropbox.triage.access import safeguarding
from dropbox.triage.cases import audit_log
from dropbox.triage.vault.work import Work

_LONG = 120.0  # seconds after which a state that should come is missed
_IDLE = SETTINGS.workstation.idle_minutes


def _log(world: World) -> list[tuple[str, object]]:
    """Acts of the log with their reason, without those of the look itself."""
    with world.open() as vault:
        return [(line.action, line.details.get("why")) for line in audit_log.lines(vault)]


def test_looking_ahead_does_not_use_up_the_start_link(world: World) -> None:
    """A HEAD of the start link binds nobody, and the link opens afterwards."""
    client = new_desk(world)
    seen = client.browser.head(client.desk.start_path)
    assert (seen.status_code, "Set-Cookie" in seen.headers) == (200, False)
    assert client.start().location == "/buka"


def _with_its_cookie(client: DeskClient) -> DeskClient:
    """The same desk in a browser that keeps the cookie of now."""
    other = DeskClient(client.desk, client.app, client.clock)
    cookie = client.browser.get_cookie("desk")
    assert cookie is not None
    other.browser.set_cookie("desk", cookie.value)
    return other


def test_an_older_cookie_opens_nothing_after_another_officer_unlocked(world: World) -> None:
    """A cookie of before is led to the door as if the desk were locked, writes nothing, and is no activity."""
    let_in(world, "wawan", "verifikator")
    with world.open() as vault:
        world.take(vault, [world.report(new_thread(), "Pungutan rahasia")])
    client = new_desk(world)
    client.start()
    bound = _with_its_cookie(client)
    client.unlock()
    of_the_former = _with_its_cookie(client)
    assert of_the_former.get("/").status_code == 200
    assert client.unlock("wawan").status_code == 302
    for stale in (bound, of_the_former):
        answers = [stale.get(path) for path in ("/", "/kasus/1", "/akun", "/tidak-ada")]
        assert {(one.status_code, one.location.partition("?")[0]) for one in answers} == {(302, "/buka")}
        assert not any("rahasia" in one.text for one in answers)
        assert stale.post("/kasus/1/catat", {"text": "Kalimat larut"}).location.startswith("/buka")
    assert "Kalimat larut" not in client.get("/kasus/1").text
    client.clock.pass_minutes(_IDLE - 1)
    assert (bound.get("/keadaan?kerja=1").text, of_the_former.get("/keadaan?kerja=1").text) == ("0", "0")
    assert client.get("/keadaan").text == "1"
    client.clock.pass_minutes(2)
    assert client.get("/keadaan").text == "0"


@pytest.mark.parametrize("lost", ["the first answer", "both answers"])
def test_a_form_of_unlocking_that_is_sent_twice_shuts_nobody_out(
    world: World, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    """The second one, which waited for the first, opens; whichever answer is lost, the desk can be locked."""
    client = new_desk(world)
    client.start()
    form = {"csrf_token": client.token(), "officer": LOGIN, "passphrase": PASSPHRASE}
    opening, waiting, go = threading.Event(), threading.Event(), threading.Event()
    take_within, settle = client.desk.turns.take_within, safeguarding.settle

    def wait_for_turn(seconds: float) -> bool:
        if opening.is_set():
            waiting.set()
        return take_within(seconds)

    def slow(work: Work) -> None:
        opening.set()
        assert go.wait(_LONG)
        settle(work)

    monkeypatch.setattr(client.desk.turns, "take_within", wait_for_turn)
    monkeypatch.setattr(safeguarding, "settle", slow)
    first = Busy(client, "/buka", form)
    assert opening.wait(_LONG)
    second = Busy(client, "/buka", form)
    assert waiting.wait(_LONG)
    go.set()
    assert (first.answer.location, second.answer.location) == ("/", "/")
    if lost == "the first answer":
        client.browser = second.browser
        assert client.get("/").status_code == 200
    else:
        assert client.get("/").location.startswith("/buka")
    assert client.post("/kunci").location == "/buka"
    assert not client.desk.is_unlocked()
    assert client.unlock().status_code == 302
    assert client.get("/").status_code == 200
    client.desk.close("end")


def test_the_start_link_works_once(world: World) -> None:
    """The first browser is let in; a second one with the same link, or with a wrong one, is not."""
    client = new_desk(world)
    link = client.desk.start_path
    assert client.get(link[:-1] + ("A" if link[-1] != "A" else "B")).status_code == 403
    assert client.start().location == "/buka"
    second = client.app.test_client()
    refused = second.get(link)
    assert refused.status_code == 403
    assert 'data-error="start-used"' in refused.text
    assert second.get("/buka").status_code == 403
    assert client.get("/buka").status_code == 200


def test_a_desk_whose_link_nobody_used_knows_no_browser(world: World) -> None:
    """Before the start link there is nothing but the sentence that says how to begin."""
    client = new_desk(world)
    for path in ("/", "/buka", "/keadaan", "/kasus/1", "/tidak-ada"):
        answer = client.get(path)
        assert answer.status_code == 403
        assert 'data-error="not-started"' in answer.text


def test_wrong_name_and_wrong_passphrase_are_answered_alike(world: World) -> None:
    """An officer who does not exist, one who has left, an impossible name and a wrong passphrase look the same."""
    let_in(world, "pindah", "penelaah")
    client = new_desk(world)
    client.start()
    answers = [
        client.unlock(login, passphrase).text.replace(login, "X")
        for login, passphrase in ((LOGIN, "bukan kata sandinya"), ("siapa", PASSPHRASE), ("../x", PASSPHRASE))
    ]
    assert "salah" in answers[0]
    assert len(set(answers)) == 1
    assert client.get("/", follow_redirects=True).request.path == "/buka"


def test_a_file_of_the_vault_that_fails_is_no_wrong_passphrase(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page names a key file, station key or root.pub that cannot be read or is missing; then the vault opens."""
    client = new_desk(world)
    client.start()
    read = Path.read_bytes
    for name in (f"{LOGIN}.key", "station.key", "root.pub"):

        def failing(path: Path, name: str = name) -> bytes:
            if path.name == name:
                raise OSError(errno.EIO, "I/O")
            return read(path)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "read_bytes", failing)
            said = client.unlock().text
        assert f"{name} tidak terbaca" in said
        assert "salah" not in said
    anchor = world.path() / "root.pub"
    held = anchor.rename(world.folder / "held")
    said = client.unlock().text
    assert "root.pub tidak ada" in said
    assert "salah" not in said
    held.rename(anchor)
    assert client.unlock().status_code == 302


def test_a_wrong_passphrase_leaves_the_vault_free(world: World) -> None:
    """After a failed attempt the vault's lock is free for others."""
    client = new_desk(world)
    client.start()
    assert client.unlock(LOGIN, "salah sama sekali").status_code == 401
    world.open().close()


def test_an_idle_desk_locks_itself(world: World) -> None:
    """After the settings' minutes without a click the vault is closed, the log says so, and pages lead to the door."""
    client = make_desk(world)
    client.clock.pass_minutes(_IDLE - 1)
    assert client.get("/").status_code == 200
    client.clock.pass_minutes(_IDLE - 1)
    assert client.get("/keadaan").text == "1", "a click puts the idle clock back"
    client.clock.pass_minutes(2)
    assert client.get("/keadaan").text == "0", "the page's own look is no click"
    assert client.desk._vault is None
    assert client.get("/kasus/1").location == "/buka?to=/kasus/1"
    assert _log(world)[-1] == ("lock", "idle")


def test_typing_keeps_the_desk_open(world: World) -> None:
    """A long answer is work: while somebody types, the page tells the desk so."""
    client = make_desk(world)
    for _ in range(3):
        client.clock.pass_minutes(_IDLE - 1)
        assert client.get("/keadaan?kerja=1").text == "1"


def test_a_form_that_comes_after_the_lock_is_not_lost_silently(world: World) -> None:
    """What was saved stays, what came too late is not saved, and the door says so and leads back to the case."""
    with world.open() as vault:
        world.take(vault, [world.report(new_thread())])
    client = make_desk(world)
    client.post("/kasus/1/catat", {"text": "Catatan pertama"})
    token = client.token()
    client.clock.pass_minutes(_IDLE + 1)
    late = {"csrf_token": token, "text": "Catatan kedua"}
    answer = client.browser.post("/kasus/1/catat", data=late, headers={"Referer": "http://localhost/kasus/1"})
    assert answer.location == "/buka?to=/kasus/1"
    assert "belum tersimpan" in client.get(answer.location).text
    back = client.post(answer.location, {"officer": LOGIN, "passphrase": PASSPHRASE})
    assert back.location == "/kasus/1"
    page = client.get(back.location).text
    assert "Catatan pertama" in page
    assert "Catatan kedua" not in page


def test_the_lock_button_closes_the_vault(world: World) -> None:
    """Locking by hand leaves its line, and the browser stays the one that is let in."""
    client = make_desk(world)
    assert client.post("/kunci").location == "/buka"
    assert client.get("/").location.startswith("/buka")
    assert _log(world)[-1] == ("lock", "officer")
    assert client.unlock().status_code == 302


def test_only_one_desk_has_the_vault(world: World) -> None:
    """While one desk has it open, a second desk and the command line are refused; after the lock they are not."""
    first, second = make_desk(world), new_desk(world)
    second.start()
    busy = second.unlock()
    assert busy.status_code == 401
    assert "sedang dipakai" in busy.text
    with pytest.raises(RefusedError, match="pages have this vault open"):
        world.open()
    first.post("/kunci")
    assert second.unlock().status_code == 302


def test_keys_are_dropped_at_the_lock(world: World) -> None:
    """A locked desk holds no vault, and what it held is closed."""
    client = make_desk(world)
    held = client.desk._vault
    assert held
    client.desk.close("officer")
    assert client.desk._vault is None
    with pytest.raises(Exception, match="closed"):
        held.db.execute("select 1")


def test_another_officer_takes_over(world: World) -> None:
    """Whoever unlocks next is who works: name, language and log follow."""
    let_in(world, "wawan", "verifikator")
    client = make_desk(world)
    client.unlock("wawan")
    assert "Wawan" in client.get("/").text
    client.desk.close("end")
    with world.open() as vault:
        acts = [(line.officer, line.action) for line in audit_log.lines(vault)]
    assert acts[-3:] == [(LOGIN, "lock"), ("wawan", "unlock"), ("wawan", "lock")]


HOSTILE = [
    *("//example.org/", "https://example.org/", "/\\example.org", "javascript:alert(1)", "/\u202e", ""),
    *(f"/{sign}/example.org/" for sign in ("\t", "\n", "\r", "\0", "\x0b", "\x7f", "\t\\", " \\")),
    *("/x\n", "/\r\nSet-Cookie: a=b"),
]


def test_the_door_leads_only_to_pages_of_its_own(world: World) -> None:
    """Where to go after unlocking, or after a change of language, is a path of the desk for each of these addresses."""
    client = make_desk(world)
    unlock = {"officer": LOGIN, "passphrase": PASSPHRASE}
    for hostile in HOSTILE:
        query = {"to": hostile}
        for answer in (
            client.browser.post("/buka", query_string=query, data={"csrf_token": client.token()} | unlock),
            client.get("/bahasa/id", query_string=query),
        ):
            assert (answer.status_code, answer.location) == (302, "/"), hostile
    own = "/?officer=kepala&text=a%0Ab+c*"
    assert client.get("/bahasa/id", query_string={"to": own}).location == own


def test_forms_and_filters_of_one_officer_end_with_the_next(world: World) -> None:
    """A form that stayed open in a tab does nothing in another's name; after the same officer's own lock it works."""
    let_in(world, "wakil", "inspektur")
    client = make_desk(world)
    client.get("/?officer=kepala&text=rahasia")
    token = client.token()
    form = {"csrf_token": token, "lang": "en"}
    client.post("/kunci")
    client.unlock()
    assert client.browser.post("/akun/bahasa", data=form).status_code == 302
    client.post("/kunci")
    client.unlock("wakil")
    refused = client.browser.post("/akun/bahasa", data=form)
    assert (refused.status_code, 'data-error="form-old"' in refused.text) == (400, True)
    with client.browser.session_transaction() as session:
        assert "inbox" not in session
    assert client.post("/akun/bahasa", {"lang": "en"}).status_code == 302
    client.desk.close("end")


def test_a_full_disk_locks_nobody_out_and_nobody_in(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the log cannot be written the vault is closed even so, also by the idle clock, which goes on."""

    def full(*_: object, **__: object) -> None:
        raise StorageFullError("the disk is full")

    client = new_desk(world)
    client.start()
    with monkeypatch.context() as patched:
        patched.setattr(audit_log, "write", full)
        client.unlock()
    assert client.unlock().status_code == 302
    monkeypatch.setattr("dropbox.triage.ui.session._LOOK_SECONDS", 0.01)
    client.desk.watch()
    with monkeypatch.context() as patched:
        patched.setattr(audit_log, "write", full)
        client.clock.pass_minutes(_IDLE + 1)
        _wait_until(lambda: client.desk._vault is None)
    assert client.unlock().status_code == 302
    client.clock.pass_minutes(_IDLE + 1)
    _wait_until(lambda: client.desk._vault is None)


def test_a_vault_without_its_anchor_is_left_free(world: World) -> None:
    """It does not open, and opens when the file is back."""
    anchor = world.path() / "root.pub"
    held = anchor.rename(world.folder / "held")
    with pytest.raises(NotFoundError):
        world.open()
    held.rename(anchor)
    world.open().close()


def test_what_cannot_be_closed_keeps_no_vault_open(world: World) -> None:
    """A preview that fails to close is no reason to stay unlocked."""

    class Stubborn:
        def close(self) -> None:
            raise OSError

    client = make_desk(world)
    client.desk.keep(Stubborn())
    with pytest.raises(OSError):
        client.desk.close("officer")
    world.open().close()


def _wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 240
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)
