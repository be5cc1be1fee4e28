"""Accounts of the courier's page: rules of names and passphrases, codes that work once, files for one user."""

import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from page_world import CHEAP, NAME, PASSPHRASE, START, World

from dropbox.courier.pages.accounts import ACCOUNTS_MAX, Accounts, _counter_of
from dropbox.errors import ConfigurationError, DropboxError, MalformedError, NotFoundError, RefusedError

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # of RFC 6238, appendix B


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")],
)
def test_codes_are_those_of_the_rfc(seconds: int, code: str) -> None:
    """Codes of RFC 6238, appendix B (SHA-1, its last six digits), count as the step of their time."""
    assert _counter_of(SECRET, code, seconds) == seconds // 30


@given(st.integers(-4, 4))
def test_a_code_counts_within_one_step(steps: int) -> None:
    """The code of the step before and after is taken, none further away."""
    now = 1_234_567_890
    assert (_counter_of(SECRET, "005924", now + 30 * steps) > 0) == (abs(steps) <= 1)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", "-"])
def test_what_is_no_code_is_refused(code: str) -> None:
    """Only six ASCII digits can be a code."""
    assert _counter_of(SECRET, code, START) == 0


def test_a_code_is_used_up(world: World) -> None:
    """The same code does not admit twice, nor does an older one of the window, also after a new start."""
    before, code = world.code(-1), world.code()
    account = world.accounts.find(NAME)
    assert world.accounts.admits(account, PASSPHRASE, code, START)
    again = Accounts(world.folder / "accounts", CHEAP)
    for one in (account, again.find(NAME)):
        for used in (code, before):
            assert not again.admits(one, PASSPHRASE, used, START)
    assert again.admits(again.find(NAME), PASSPHRASE, world.code(1), START)


def test_a_wrong_passphrase_uses_up_no_code(world: World) -> None:
    """Only who knows both parts can use up a code."""
    account = world.accounts.find(NAME)
    assert not world.accounts.admits(account, "lima kata yang salah", world.code(), START)
    assert world.accounts.admits(account, PASSPHRASE, world.code(), START)


def test_two_at_once_use_a_code_once(world: World) -> None:
    """Of several threads with the same right code one is admitted."""
    admitted: list[bool] = []
    start = threading.Barrier(4)

    def attempt() -> None:
        account = world.accounts.find(NAME)
        start.wait()
        admitted.append(world.accounts.admits(account, PASSPHRASE, world.code(), START))

    threads = [threading.Thread(target=attempt) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(admitted) == [False, False, False, True]


def test_an_account_that_was_reset_meanwhile_admits_nobody(world: World) -> None:
    """What was read before a reset is of another generation, and its code is not taken."""
    account, code = world.accounts.find(NAME), world.code()
    world.accounts.reset(NAME, "enam kata acak lainnya")
    assert not world.accounts.admits(account, PASSPHRASE, code, START)


@pytest.mark.parametrize("name", ["", "a", "Kurir", "1kurir", "kurir satu", "k" * 33, "kurir/x", "kurir\n"])
def test_other_names_are_refused(world: World, name: str) -> None:
    """A name has 2 to 32 small letters, digits and hyphens, a letter first."""
    with pytest.raises(MalformedError):
        world.accounts.add(name, PASSPHRASE)


@pytest.mark.parametrize(
    ("act", "name", "passphrase", "error"),
    [
        ("add", NAME, PASSPHRASE, RefusedError),
        ("add", "lain", "terlalu", RefusedError),
        ("add", "lain", "x" * 1025, RefusedError),
        ("reset", NAME, "terlalu", RefusedError),
        ("reset", "lain", PASSPHRASE, NotFoundError),
    ],
)
def test_refused_changes_change_nothing(
    world: World, act: str, name: str, passphrase: str, error: type[DropboxError]
) -> None:
    """A second account of the name, a short or endless passphrase and an unknown account are refused."""
    before = world.accounts.find(NAME)
    with pytest.raises(error):
        getattr(world.accounts, act)(name, passphrase)
    assert world.accounts.names() == [NAME]
    assert world.accounts.find(NAME) == before


def test_accounts_are_bounded(tmp_path: Path) -> None:
    """No more than ACCOUNTS_MAX can be made."""
    accounts = Accounts(tmp_path / "many", CHEAP)
    for number in range(ACCOUNTS_MAX):
        accounts.add(f"kurir-{number}", PASSPHRASE)
    with pytest.raises(RefusedError):
        accounts.add("satu-lagi", PASSPHRASE)


def test_a_removed_account_is_gone(world: World) -> None:
    """It is found no more, and cannot be removed twice."""
    world.accounts.remove(NAME)
    assert world.accounts.find(NAME) is None
    with pytest.raises(NotFoundError):
        world.accounts.remove(NAME)


def test_the_files_are_for_one_user(world: World) -> None:
    """Folder 0700, every file in it 0600, and no passphrase in clear."""
    folder = world.folder / "accounts"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert PASSPHRASE.encode() not in path.read_bytes()


def test_a_folder_that_others_may_enter_is_refused(tmp_path: Path) -> None:
    """Whoever can read the keys of codes can make codes."""
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o755)
    with pytest.raises(ConfigurationError, match="open"):
        Accounts(tmp_path / "open", CHEAP)


def test_a_folder_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that the administrator's own user made would be closed to the page."""
    monkeypatch.setattr("os.geteuid", lambda: 12345)
    with pytest.raises(ConfigurationError, match="another user"):
        Accounts(tmp_path / "of-root", CHEAP)


def test_looking_leaves_no_time(world: World) -> None:
    """Reading an account, as each request does, changes no file."""
    path = world.folder / "accounts" / "accounts.db"
    before = path.stat().st_mtime_ns
    world.accounts.find(NAME)
    world.accounts.names()
    assert path.stat().st_mtime_ns == before
