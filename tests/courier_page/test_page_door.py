"""Log-in of the courier's page: one answer for each mistake, attempts bounded, sessions that end."""

from collections.abc import Callable

import argon2
import pytest
from page_world import NAME, PASSPHRASE, Browser, World, bare

from dropbox.courier.pages import sessions, throttle
from dropbox.courier.pages.door import Refusal
from dropbox.courier.pages.throttle import ATTEMPTS, DEVICE_SECONDS, STRANGER_SECONDS, device_code


def test_the_right_one_is_let_in(world: World) -> None:
    """Name, passphrase and code open the page; the name's case and blanks in the code do not matter."""
    browser = world.browser()
    assert not browser.is_inside()
    assert browser.enter(" Kurir ", PASSPHRASE, f"{world.code()[:3]} {world.code()[3:]}").location == "/"
    assert browser.is_inside()


def mistakes(world: World) -> dict[str, tuple[str, str, str]]:
    """What can be wrong: one part, all parts, or a code that was used before."""
    used = world.code(-1)
    assert world.browser().enter(code=used).status_code == 303
    right = world.code()
    return {
        "name": ("penjaga", PASSPHRASE, right),
        "passphrase": (NAME, "lima kata yang salah", right),
        "code": (NAME, PASSPHRASE, f"{(int(right) + 1) % 1_000_000:06d}"),
        "used": (NAME, PASSPHRASE, used),
        "nothing right": ("penjaga", "salah", "abc"),
        "empty": ("", "", ""),
        "long": ("x" * 3000, "y" * 3000, "1" * 3000),
    }


def test_every_mistake_gets_the_same_answer(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Status, headers and body are equal but for the form's token, and each attempt costs one hash."""
    calls: list[str] = []
    verify = argon2.PasswordHasher.verify

    def counted(self: argon2.PasswordHasher, known: str, typed: str) -> bool:
        calls.append(argon2.extract_parameters(known).__repr__())
        return verify(self, known, typed)

    wrong = mistakes(world)
    monkeypatch.setattr(argon2.PasswordHasher, "verify", counted)
    browser = world.browser()
    browser.token()
    seen = {}
    for what, (name, passphrase, code) in wrong.items():
        before = len(calls)
        seen[what] = bare(browser.enter(name, passphrase, code))
        assert len(calls) == before + 1, what
    assert {answer[0] for answer in seen.values()} == {401}
    assert len({str(answer) for answer in seen.values()}) == 1
    assert len(set(calls)) == 1, "the hash of nobody costs what others cost"
    assert "penjaga" not in str(seen)


@pytest.mark.parametrize("name", [NAME, "penjaga"])
def test_strangers_share_an_allowance(world: World, name: str) -> None:
    """After so many attempts from any browsers a name is closed to strangers, known or not, and opens with time."""
    for _ in range(ATTEMPTS):
        assert world.browser().enter(name, "salah", "000000").status_code == 401
    closed = world.browser().enter(name)
    assert closed.status_code == 429
    world.turn(STRANGER_SECONDS - 1)
    assert world.browser().enter(name).status_code == 429
    world.turn(2)
    assert world.browser().enter(name, "salah", "000000").status_code == 401
    assert world.browser().enter(name).status_code == 429


def test_a_closed_name_costs_no_hash(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is refused for its number is not computed, also with the right passphrase and code."""
    for _ in range(ATTEMPTS):
        world.browser().enter(NAME, "salah", "000000")
    monkeypatch.setattr(argon2.PasswordHasher, "verify", lambda *_: pytest.fail("a hash was computed"))
    assert world.browser().enter().status_code == 429


def test_a_browser_that_was_inside_is_not_locked_out(world: World) -> None:
    """While strangers use up the name's allowance, the courier's own browser logs in as always."""
    known = world.inside()
    known.post("/keluar")
    for _ in range(3 * ATTEMPTS):
        world.browser().enter(NAME, "salah", "000000")
    assert world.browser().enter().status_code == 429
    for _ in range(2 * ATTEMPTS):
        assert known.enter().status_code == 303
        known.post("/keluar")


def test_a_known_browser_has_its_own_allowance(world: World) -> None:
    """A browser that was inside guesses no more often than its own allowance, and closes the name to nobody."""
    known = world.inside()
    known.post("/keluar")
    for _ in range(ATTEMPTS):
        assert known.enter(NAME, "salah", "000000").status_code == 401
    assert known.enter().status_code == 429
    assert world.browser().enter().status_code == 303
    world.turn(DEVICE_SECONDS)
    assert known.enter().status_code == 303


def code_of(world: World) -> str:
    account = world.accounts.find(NAME)
    assert account
    return device_code(world.accounts.device_key, account.name, account.generation)


def test_a_device_code_opens_a_closed_name(world: World) -> None:
    """While a stranger takes each attempt, who types the code logs in without cookies, in any spelling."""
    code = code_of(world)
    for spelled in (code, f" {code[:4]}-{code[4:8]} {code[8:]}".lower()):
        for _ in range(ATTEMPTS):
            world.browser().enter(NAME, "salah", "000000")
        assert world.browser().enter().status_code == 429
        assert world.browser().enter(device=spelled).status_code == 303
        world.turn(STRANGER_SECONDS + 1)


def test_a_device_code_lets_nobody_in_alone(world: World) -> None:
    """With the code a wrong passphrase gets the same answer as always, no more often than a known browser."""
    world.browser().token()
    wrong = bare(world.browser().enter(NAME, "salah", "000000"))
    code = code_of(world)
    assert bare(world.browser().enter(NAME, "salah", "000000", code)) == wrong
    for _ in range(ATTEMPTS - 1):
        assert world.browser().enter(NAME, "salah", "000000", code).status_code == 401
    assert world.browser().enter(device=code).status_code == 429
    assert world.browser().enter().status_code == 303


def test_a_browser_of_a_device_code_is_counted_by_itself(world: World) -> None:
    """Who uses up the attempts of a stolen code keeps no browser out that was opened with it."""
    known = world.browser()
    assert known.enter(device=code_of(world)).status_code == 303
    known.post("/keluar")
    for _ in range(ATTEMPTS + 1):
        world.browser().enter(NAME, "salah", "000000", code_of(world))
    assert known.enter().status_code == 303


def test_another_device_code_is_a_strangers(world: World) -> None:
    """One of another account, of nobody, of before a reset, and none at all."""
    old = code_of(world)
    world.secret = world.accounts.reset(NAME, PASSPHRASE)
    world.accounts.add("kurir-dua", PASSPHRASE)
    account, other = world.accounts.find(NAME), world.accounts.find("kurir-dua")
    nobody = device_code(world.accounts.device_key, "", "")
    assert world.door._throttle.typed(account, code_of(world))
    for code in (old, nobody, "", "é", "\udc80", code_of(world)[:-1]):
        assert world.door._throttle.typed(account, code) is None
        assert world.door._throttle.typed(None, code) is None
    assert world.door._throttle.typed(other, code_of(world)) is None


def test_a_reset_ends_what_browsers_were_given(world: World) -> None:
    """After a reset an old device cookie is a stranger's."""
    known = world.inside()
    known.post("/keluar")
    world.secret = world.accounts.reset(NAME, PASSPHRASE)
    for _ in range(ATTEMPTS):
        world.browser().enter(NAME, "salah", "000000")
    assert known.enter().status_code == 429


@pytest.mark.parametrize("cookie", ["", "x", "AAAA", "A" * 64, "é", "=" * 8])
def test_a_made_up_cookie_is_a_strangers(world: World, cookie: str) -> None:
    """Only the page can make a device cookie."""
    account = world.accounts.find(NAME)
    assert world.door._throttle.device(account, cookie) is None
    assert world.door._throttle.device(None, cookie) is None


def test_a_cookie_is_of_one_account(world: World) -> None:
    """A browser of one courier is a stranger for another's account."""
    world.accounts.add("kurir-dua", PASSPHRASE)
    account, other = world.accounts.find(NAME), world.accounts.find("kurir-dua")
    assert account
    cookie = world.door._throttle.cookie(account, None)
    assert world.door._throttle.device(account, cookie)
    assert world.door._throttle.device(other, cookie) is None


def test_invented_names_do_not_grow_the_state(world: World) -> None:
    """However many names are typed, no more allowances are kept than there are slots."""
    for number in range(5000):
        world.door._throttle.take(f"nama-{number}", None)
    assert len(world.door._throttle._strangers) <= throttle._SLOTS


def test_known_browsers_are_counted_in_a_bounded_table(world: World) -> None:
    """The browser without an attempt for longest is forgotten."""
    for number in range(throttle._DEVICES_MAX + 50):
        world.door._throttle.take(NAME, number.to_bytes(16, "big"))
    assert len(world.door._throttle._devices) == throttle._DEVICES_MAX


def test_a_flood_of_hashes_is_bounded(world: World) -> None:
    """While a hash is computed for a stranger, others wait or are turned away, and a known browser does neither."""
    account = world.accounts.find(NAME)
    assert account
    cookie = world.door._throttle.cookie(account, None)
    strangers = world.door._lanes[False]
    for _ in range(4):
        assert strangers._places.acquire(blocking=False)
    assert world.door.enter(NAME, PASSPHRASE, world.code(), "") is Refusal.BUSY
    assert not isinstance(world.door.enter(NAME, PASSPHRASE, world.code(), cookie), Refusal)


def test_being_busy_takes_no_attempt(world: World) -> None:
    """An attempt that was not made does not count."""
    for _ in range(4):
        world.door._lanes[False]._places.acquire()
    for _ in range(3 * ATTEMPTS):
        assert world.browser().enter().status_code == 503
    for _ in range(4):
        world.door._lanes[False]._places.release()
    assert world.browser().enter().status_code == 303


def _log_out(world: World, browser: Browser) -> None:
    browser.post("/keluar")


def _wait_idle(world: World, browser: Browser) -> None:
    world.turn(sessions.IDLE_SECONDS + 1)


def _work_all_day(world: World, browser: Browser) -> None:
    for _ in range(int(sessions.WHOLE_SECONDS // (sessions.IDLE_SECONDS - 1)) + 1):
        world.turn(sessions.IDLE_SECONDS - 1)
        browser.get("/bantuan")


def _reset(world: World, browser: Browser) -> None:
    world.accounts.reset(NAME, PASSPHRASE)


def _remove(world: World, browser: Browser) -> None:
    world.accounts.remove(NAME)


def _make_anew(world: World, browser: Browser) -> None:
    world.accounts.remove(NAME)
    world.accounts.add(NAME, PASSPHRASE)


def _open_four_more(world: World, browser: Browser) -> None:
    for _ in range(4):
        world.inside()


@pytest.mark.parametrize("event", [_log_out, _wait_idle, _work_all_day, _reset, _remove, _make_anew, _open_four_more])
def test_a_session_ends(world: World, event: Callable[[World, Browser], None]) -> None:
    """Each of these ends a session."""
    browser = world.inside()
    assert browser.is_inside()
    event(world, browser)
    assert not browser.is_inside()


def test_a_session_goes_on_while_it_is_used(world: World) -> None:
    """Less than the idle time between two requests ends nothing."""
    browser = world.inside()
    for _ in range(5):
        world.turn(sessions.IDLE_SECONDS - 1)
        assert browser.is_inside()


def test_a_copied_cookie_ends_with_the_log_out(world: World) -> None:
    """The session ends at the server: its cookie opens nothing afterwards."""
    browser = world.inside()
    copied = browser.client.get_cookie("courier")
    assert copied
    browser.post("/keluar")
    other = world.browser()
    other.client.set_cookie("courier", copied.value)
    assert not other.is_inside()


def test_a_new_session_has_a_new_token_of_forms(world: World) -> None:
    """A token that was known before the log-in is worth nothing after it."""
    browser = world.browser()
    before = browser.token()
    browser.enter()
    assert browser.client.post("/ekspor", data={"csrf_token": before}).status_code == 400
    assert world.gate.done == []


def test_the_cookies_are_for_this_page_alone(world: World) -> None:
    """No script reads them and no other site sends them; the session's ends with the browser."""
    cookies = world.browser().enter().headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert "Domain" not in cookie
    (session,) = (cookie for cookie in cookies if cookie.startswith("courier="))
    assert "Expires" not in session
    assert "Max-Age" not in session
