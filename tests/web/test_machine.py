"""What production looks at on its machine, and the word in the settings that accepts each thing."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dropbox.errors import ConfigurationError
from dropbox.settings.installation import ACCEPTABLE, Settings, load
from dropbox.web.checks import machine, startup
from dropbox.wire.keyring import PRIVATE_FILE_LINE, RootAnchor

ANCHOR = RootAnchor(bytes(16), bytes(32), demo=False, last=40_000)
LOOPBACK = ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost"]
EVERYWHERE = "0.0.0.0"  # noqa: S104  nothing listens
OWN = os.getuid() or 4711  # not root, and owner of what the tests make, unless that is root
OPEN = [EVERYWHERE, "::", "[::]", "192.168.1.7", "10.0.0.1", "2001:db8::1", "example.org", ""]


@pytest.fixture(autouse=True)
def _quiet_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A user of its own, no swap, a clock that is kept, an empty home."""
    (tmp_path / "home").mkdir()
    monkeypatch.setattr("os.geteuid", lambda: OWN)
    monkeypatch.setattr(machine, "has_swap", lambda: False)
    monkeypatch.setattr(machine, "clock_is_unset", lambda: False)
    monkeypatch.setattr(startup, "homes", lambda: [tmp_path / "home"])
    monkeypatch.setattr(startup, "drives", list)
    monkeypatch.setattr(startup, "_PROJECT", tmp_path)  # a checkout and its environment have 15 000 files
    (tmp_path / "site").mkdir(mode=0o700)
    monkeypatch.chdir(tmp_path / "site")
    yield


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Of a site as OPERATING.md says: a folder of its own, everything in it private."""
    site = tmp_path / "site"
    for name, text in {"dropbox.toml": '[server]\ndatabase = "sqlite:///d.db"\n', "root.pub": "x", "d.db": "x"}.items():
        (site / name).write_text(text)
        (site / name).chmod(0o600)
    return load(site / "dropbox.toml")


def words(settings: Settings, host: str = "127.0.0.1") -> list[str]:
    return [problem.word for problem in machine.problems(settings, host)]


def start(settings: Settings, host: str = "127.0.0.1") -> list[str]:
    """Both looks; returns what is said without refusing."""
    said: list[str] = []
    startup.check_production(settings, ANCHOR, host, said.append)
    startup.check_surroundings(said.append)
    return said


def refusal(settings: Settings, host: str = "127.0.0.1") -> str:
    with pytest.raises(ConfigurationError) as caught:
        start(settings, host)
    return str(caught.value)


def test_a_site_as_the_guide_says_is_taken(settings: Settings) -> None:
    """A user of its own, a private folder, loopback: nothing is refused and nothing is said."""
    assert start(settings) == []


@pytest.mark.parametrize(
    ("name", "mode", "advice"),
    [
        (".", 0o755, "chmod 700"),
        (".", 0o710, "chmod 700"),
        (".", 0o701, "chmod 700"),
        ("d.db", 0o644, "chmod 600"),
        ("d.db", 0o660, "chmod 600"),
        ("d.db-wal", 0o644, "chmod 600"),
        ("dropbox.toml", 0o644, "chmod 640"),
        ("dropbox.toml", 0o620, "chmod 600"),
        ("root.pub", 0o666, "chmod 644"),
    ],
)
def test_what_others_may_read_or_change_is_named(settings: Settings, name: str, mode: int, advice: str) -> None:
    """Each open folder and file by itself stops the start, with its path and the command that mends it."""
    path = Path(name).resolve()
    path.touch(mode=0o600)
    path.chmod(mode)
    said = refusal(settings)
    assert str(path) in said
    assert advice in said
    assert "open-folders" in said


def test_settings_in_a_folder_of_their_own_may_be_read_by_the_servers_group(tmp_path: Path) -> None:
    """As packages have it: settings 0640 in a folder 0750, a private database; wider is refused with that advice."""
    etc = tmp_path / "etc"
    etc.mkdir(mode=0o750)
    (etc / "dropbox.toml").write_text(f'[server]\ndatabase = "sqlite:///{tmp_path}/site/d.db"\n')
    (etc / "dropbox.toml").chmod(0o640)
    (etc / "root.pub").write_text("x")
    settings = load(etc / "dropbox.toml")
    assert words(settings) == []
    etc.chmod(0o755)
    assert words(settings) == ["open-folders"]
    assert "chmod 750" in refusal(settings)
    etc.chmod(0o750)
    (etc / "dropbox.toml").chmod(0o644)
    assert "chmod 640" in refusal(settings)


@pytest.mark.parametrize("host", LOOPBACK)
def test_this_machines_own_addresses_are_taken(settings: Settings, host: str) -> None:
    """Tor and a proxy reach them, nobody else."""
    assert words(settings, host) == []


@pytest.mark.parametrize("host", OPEN)
def test_an_address_that_others_reach_is_refused(settings: Settings, host: str) -> None:
    """All addresses, one of a network, a name, none at all."""
    assert words(settings, host) == ["open-address"]


def test_a_root_user_and_swap_are_refused(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both are found, the graver first, and the refusal says what to do and the word that accepts it."""
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr(machine, "has_swap", lambda: True)
    assert words(settings) == ["root-user", "swap"]
    assert 'accept = ["root-user"]' in refusal(settings)
    said = refusal(replace(settings, accept=frozenset({"root-user"})))
    assert "swapoff" in said
    assert 'accept = ["swap"]' in said


def test_what_the_settings_accept_is_taken(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """With all words nothing but a private key is refused; with all but one, that one is."""
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr(machine, "has_swap", lambda: True)
    Path.cwd().chmod(0o755)
    found = words(settings, EVERYWHERE)
    assert set(found) == set(ACCEPTABLE)
    start(replace(settings, accept=frozenset(ACCEPTABLE)), EVERYWHERE)
    for word in ACCEPTABLE:
        assert f'"{word}"' in refusal(replace(settings, accept=frozenset(ACCEPTABLE) - {word}), EVERYWHERE)
    Path("root.key").write_bytes(PRIVATE_FILE_LINE)
    assert "private key" in refusal(replace(settings, accept=frozenset(ACCEPTABLE)), EVERYWHERE)


@pytest.mark.parametrize("accept", ['["swapp"]', '["all"]', '["private-key"]'])
def test_an_unknown_word_accepts_nothing(tmp_path: Path, accept: str) -> None:
    """A slip of the pen stops the start, and no word lets a private key lie there."""
    (tmp_path / "x.toml").write_text(f"[server]\naccept = {accept}\n")
    with pytest.raises(ConfigurationError, match="root-user, open-folders, open-address, swap"):
        load(tmp_path / "x.toml")


@pytest.mark.parametrize(
    ("place", "name"), [("site", "k"), ("home", "Downloads/root.key"), ("home", ".ssh/root.key"), ("keys", "root.key")]
)
def test_keys_near_the_server_and_in_homes_are_found(settings: Settings, tmp_path: Path, place: str, name: str) -> None:
    """The folders of settings, database and root.pub, where the server stands, and homes."""
    path = tmp_path / place / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(PRIVATE_FILE_LINE)
    assert str(path) in refusal(replace(settings, root_pub=tmp_path / "keys/root.pub") if place == "keys" else settings)


def test_homes_and_sticks_are_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's home, whatever HOME says, and where sticks and other disks appear."""
    monkeypatch.undo()
    places = {*startup.homes(), *startup.drives()}
    assert {Path.home(), Path("/media"), Path("/mnt"), Path("/run/media"), Path("/home")} <= places


def test_swap_is_read_from_the_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A partition or a file of swap counts, compressed memory does not."""
    monkeypatch.undo()
    table = tmp_path / "swaps"
    heading = "Filename Type Size Used Priority\n"
    for lines, has in {"": False, "/dev/zram0 partition 1 0 5\n": False, "/swapfile file 1 0 -2\n": True}.items():
        table.write_text(heading + lines)
        assert machine.has_swap(table) == has
    assert machine.has_swap(tmp_path / "missing") is None


def test_an_unset_clock_and_an_unfinished_search_are_said(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are no reason to refuse, and nobody can believe that they were not seen."""
    monkeypatch.setattr(machine, "clock_is_unset", lambda: True)
    monkeypatch.setattr("dropbox.web.checks.reach.REACH_ENTRIES_MAX", 0)
    said = start(settings)
    assert [sentence for sentence in said if "clock" in sentence]
    assert [sentence for sentence in said if "not everything was searched" in sentence]


def test_what_the_kernel_does_not_say_is_said(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock and a swap that cannot be seen are no reason to refuse, and are not taken for good."""
    monkeypatch.setattr(machine, "clock_is_unset", lambda: None)
    monkeypatch.setattr(machine, "has_swap", lambda: None)
    said = start(settings)
    assert [sentence for sentence in said if "clock" in sentence]
    assert [sentence for sentence in said if "/proc/swaps" in sentence]


def test_the_kernel_can_be_asked_about_its_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The question itself works here, whatever this machine answers."""
    monkeypatch.undo()
    assert machine.clock_is_unset() in {True, False, None}
