"""INSTALLING.md's lines for pip: built once where there is a network, installed where there never was one."""

import os
import shlex
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from dropbox.packaging.release import build_wheel
from tests.install.guides import blocks
from tests.support.server import PROJECT

CONNECTED, APART = blocks("dropbox/INSTALLING.md", "Receivers and root without Debian packages")
_CARRIED = ("dropbox", "templates", "keys", "pyproject.toml", "README.md", "LICENSE", "requirements-*.lock")
_STATIC = PROJECT / "dropbox/web/static"
_PASSPHRASE = "lima kata acak untuk akar"


@dataclass(frozen=True)
class Machine:
    """A folder in which a role is installed, a home of its own, and no network."""

    folder: Path

    def run(self, script: str) -> str:
        """Run lines in a name space without a network, with nothing of this machine's caches or settings."""
        return run(["unshare", "--map-root-user", "--net", "sh", "-eu", "-c", script], self.folder, self._environment())

    def _environment(self) -> dict[str, str]:
        (self.folder / "home").mkdir(exist_ok=True)
        home = str(self.folder / "home")
        return {"PATH": os.environ["PATH"], "HOME": home, "PIP_CONFIG_FILE": os.devnull, "DROPBOX_LANG": "en"}


def run(command: list[str], folder: Path, env: dict[str, str]) -> str:
    """Run what must succeed; returns stdout, and shows all that was said when it fails."""
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command[-1]}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return done.stdout


def fingerprint(said: str) -> str:
    """The line of twelve words."""
    return said.split("fingerprint of the root key:\n", 1)[1].splitlines()[0]


@pytest.fixture(scope="module")
def stick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the connected machine writes: the block of "Build once", in a copy of this checkout."""
    checkout = tmp_path_factory.mktemp("connected") / "checkout"
    for source in [path for name in _CARRIED for path in PROJECT.glob(name)]:
        copy_of(source, checkout / source.name)
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    run(["sh", "-eu", "-c", CONNECTED], checkout, env)
    return checkout / "stick"


def built(folder: str, names: list[str]) -> set[str]:
    """What a build has written into a folder of the checkout, and Python."""
    scripts = {name for name in names if name.endswith((".js", ".br", ".gz")) or name == "style.css"}
    return {name for name in names if name.endswith((".mo", ".pyc"))} | (scripts if Path(folder) == _STATIC else set())


def copy_of(source: Path, target: Path) -> None:
    """A file or a folder, without what a build has written; npm's folder comes along, as in a checkout in use."""
    target.parent.mkdir(exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=built, symlinks=True)
    else:
        shutil.copy(source, target)


def installed(stick: Path, folder: Path) -> Machine:
    """A machine on which the lines were played."""
    (folder / "stick").symlink_to(stick)
    machine = Machine(folder)
    assert "usage: dropbox" in machine.run(APART)
    return machine


def test_the_wheel_brings_its_licences(stick: Path) -> None:
    """Licences and notices are in the wheel, and its metadata names them (PEP 639)."""
    (wheel,) = (stick / "wheels").glob("dropbox_itjen-*.whl")
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
        (metadata,) = [packed.read(name).decode() for name in names if name.endswith(".dist-info/METADATA")]
    inside = {name.partition(".dist-info/licenses/")[2] for name in names}
    assert {"LICENSE", "dropbox/NOTICES.md", "dropbox/wire/LICENSE"} <= inside
    assert [name for name in names if name.startswith("dropbox/packaging/")] == []
    assert "\nLicense-Expression: AGPL-3.0-or-later AND " in metadata


def test_two_builds_are_one_file(stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two checkouts in two folders, built with another date, umask, zone and language, give the same wheel."""
    for name, value in {"SOURCE_DATE_EPOCH": "86400", "TZ": "Asia/Jayapura", "LC_ALL": "C"}.items():
        monkeypatch.setenv(name, value)
    before = os.umask(0o077)
    try:
        again = build_wheel(tmp_path)
    finally:
        os.umask(before)
    (wheel,) = (stick / "wheels").glob("dropbox_itjen-*.whl")
    assert members(again) == members(wheel)
    assert again.read_bytes() == wheel.read_bytes()


def members(wheel: Path) -> dict[str, int]:
    """Each file of a wheel with its checksum: shows which one differs."""
    with zipfile.ZipFile(wheel) as packed:
        return {one.filename: one.CRC for one in packed.infolist()}


def test_the_machines_have_no_network(tmp_path: Path) -> None:
    """The name space in which the rest is played has one device, the loopback, and it is down."""
    seen = Machine(tmp_path).run("cat /proc/net/dev /proc/net/route")
    assert [line.split(":")[0].strip() for line in seen.splitlines() if ":" in line] == ["lo"]


def test_the_root_makes_its_key_and_a_receiver_theirs(stick: Path, tmp_path: Path) -> None:
    """With the root's lock alone: the ceremony's first lines, and a receiver's card, which anybody may look at."""
    machine = installed(stick, tmp_path)
    (tmp_path / "passphrase").write_text(_PASSPHRASE)
    (tmp_path / "passphrase").chmod(0o600)
    made = machine.run("venv/bin/dropbox keys root --to root --passphrase-file passphrase")
    assert fingerprint(machine.run("venv/bin/dropbox keys show root/root.pub")) == fingerprint(made)
    machine.run("venv/bin/dropbox referral keygen --label KPK --to receiver --passphrase-file passphrase")
    assert (tmp_path / "receiver").is_dir()
    refused = machine.run("venv/bin/dropbox triage list --vault x 2>&1 || true")
    assert "the role workstation" in refused


def test_building_without_a_network_says_what_it_needs(tmp_path: Path) -> None:
    """With an empty npm cache the build ends with npm's own words and says that the network is needed once."""
    hook, browser = PROJECT / "dropbox/web/translations/build_hook.py", PROJECT / "dropbox/web/browser"
    for name in ("package.json", "package-lock.json"):
        copy_of(browser / name, tmp_path / "browser" / name)
    program = f"import runpy, pathlib; runpy.run_path({str(hook)!r})['_install'](pathlib.Path('browser'))"
    said = Machine(tmp_path).run(f"{sys.executable} -c {shlex.quote(program)} 2>&1 || true")
    assert "npm ci said: npm error" in said
    assert "needs the network once" in said
    assert "dropbox/INSTALLING.md" in said
