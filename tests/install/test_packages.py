"""The Debian packages as far as they can be read without installing one: units, scripts, settings, texts, bytes."""

import gzip
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from dropbox.packaging import environment, package, release, roles
from dropbox.packaging.roles import DEBIANS, HERE, ROLES, SCRIPTS, dpkg_file
from dropbox.settings.installation import load
from dropbox.store import schema
from tests import system_packages
from tests.install.guides import blocks

FILES = HERE / "server/files"
UNITS = FILES / "usr/lib/systemd/system"
SHARED = FILES / "usr/share/dropbox-itjen-server"
OPERATING = "dropbox/web/OPERATING.md"
VALUES = {
    "VERSION": "0.2.0+deb12",
    "MAINTAINER": "Nobody <nobody@localhost>",
    "PYTHON": "3.11",
    "SCHEMA": schema.HEAD,
    "DEBIAN": "12",
    "GLIBC": "36",
}
EXPOSURE_MAX = 1.5  # of systemd-analyze, from 0 (nothing in reach) to 10; OPERATING.md says what is left and why
LINES = [
    (OPERATING, "Tor", "torrc"),
    (OPERATING, "TLS", "nginx.conf"),
    ("dropbox/courier/RUNNING.md", "Onion service", "torrc-courier"),
]
_LIMITED = ("StartLimitBurst", "RestartSec")
SERVICES = sorted(path.name for path in UNITS.glob("*.service"))


def control(role: str) -> dict[str, str]:
    text = dpkg_file(role, "control", VALUES)
    assert text
    return dict(re.findall(r"^([A-Z][A-Za-z-]+): (.*)$", text, re.MULTILINE))


def names(field: str) -> set[str]:
    return {name.strip() for name in re.split("[,|]", field)}


@pytest.fixture
def system(tmp_path: Path) -> Path:
    """The server's files as the package installs them."""
    shutil.copytree(FILES, tmp_path / "root")
    return tmp_path / "root"


def test_systemd_understands_the_units(system: Path) -> None:
    """systemd-analyze finds no unknown setting and no fault in any unit, once the program is there."""
    units = system / "usr/lib/systemd/system"
    for path in units.glob("*.service"):
        path.write_text(path.read_text().replace("=/usr/bin/dropbox", "=/bin/true"))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(path.name for path in units.iterdir() if path.is_file())],
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{units}:"},
        check=False,
        capture_output=True,
        text=True,
    )
    ours = [line for line in done.stderr.splitlines() if "dropbox" in line]
    assert (done.returncode, ours) == (0, [])


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_reaches_little(system: Path, name: str) -> None:
    """Systemd's own figure for what a service could reach stays below the bound."""
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", f"--root={system}", "--no-pager", name],
        check=False,
        capture_output=True,
        text=True,
    )
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert found, done.stderr
    assert float(found[1]) <= EXPOSURE_MAX


@pytest.mark.parametrize("name", [name for name in SERVICES if "\nType=oneshot\n" in (UNITS / name).read_text("utf-8")])
def test_a_service_that_hangs_fails(name: str) -> None:
    """A service that has to end has a limit, because systemd gives it none; it is below the day between two starts."""
    found = re.findall(r"^TimeoutStartSec=(\d+)(min|h)$", (UNITS / name).read_text("utf-8"), re.MULTILINE)
    assert [int(number) * {"min": 1, "h": 60}[unit] < 24 * 60 for number, unit in found] == [True]


def test_a_tidying_that_fails_is_not_begun_for_ever() -> None:
    """Starts that fail at once reach the limit of starts; one that was ended at its time limit is not repeated."""
    unit = (UNITS / "dropbox-sweep.service").read_text("utf-8")
    assert "\nRestart=on-failure\n" in unit
    starts, pause = (int(re.findall(rf"^{name}=(\d+)(?:min)?$", unit, re.MULTILINE)[0]) for name in _LIMITED)
    assert "\nStartLimitIntervalSec=1h\n" in unit
    assert starts * pause < 60
    assert f"\nRestartPreventExitStatus={128 + signal.SIGTERM} SIGKILL\n" in unit


def test_the_guide_says_which_bound_is_kept() -> None:
    """OPERATING.md names the bound, and every service with the time of its timer."""
    text = " ".join(blocks_and_text(OPERATING).split())
    assert f"at most {EXPOSURE_MAX} of 10" in text
    assert [name for name in SERVICES if f"`{name.removesuffix('.service')}`" not in text] == []


def blocks_and_text(name: str) -> str:
    return (HERE.parents[1] / name).read_text("utf-8")


def test_systemd_makes_the_users(system: Path) -> None:
    """The file of users is read as it stands: both are there afterwards, and neither can log in."""
    subprocess.run(["systemd-sysusers", f"--root={system}", "dropbox-itjen-server.conf"], check=True)
    users = (system / "etc/passwd").read_text().splitlines()
    assert sorted(line.split(":")[0] for line in users) == ["dropbox", "dropbox-courier"]
    assert [line for line in users if not line.endswith("/nologin")] == []


def test_the_notice_is_off_until_it_is_switched_on() -> None:
    """The package enables no timer of it; one documented command does; a removal and an upgrade stop it."""
    scripts = {name: (HERE / f"server/debian/{name}").read_text("utf-8") for name in ("postinst", "prerm", "postrm")}
    (units,) = re.findall(r'^units="(.+)"$', scripts["postinst"], re.MULTILINE)
    assert "dropbox-notice" not in units
    assert all("dropbox-notice.timer" in text for text in scripts.values())
    running = (HERE.parent / "courier/RUNNING.md").read_text("utf-8")
    assert "\n    systemctl enable --now dropbox-notice.timer\n" in running
    timer = (FILES / "usr/lib/systemd/system/dropbox-notice.timer").read_text("utf-8")
    assert "RandomizedDelaySec" not in timer
    courier = load(FILES / "etc/dropbox-courier/courier.toml").courier
    assert (courier.notice_key, courier.socket) == (None, Path("/run/dropbox-gate/gate.sock"))


@pytest.mark.parametrize("role", ROLES)
def test_the_scripts_are_shell(role: str) -> None:
    """Dash reads every script of a package, and each stops at the first failure."""
    found = [text for name in SCRIPTS if (text := dpkg_file(role, name, VALUES))]
    assert found
    for text in found:
        subprocess.run(["sh", "-n"], input=text, check=True, text=True)
        assert "\nset -e\n" in text
        assert "@" not in text


def test_the_workstation_needs_what_the_tests_use() -> None:
    """Its package depends on every Debian package that the tests install, but for those of other machines."""
    needed = {need.package for need in system_packages._NEEDS}
    others = {
        "chromium",
        "faketime",
        "lintian",
        "mmdebstrap",
        "strace",
        "systemd",
        "systemd-container",
        "tor",
        "gcc",
        "libc6-dev",
        "spin",
    }
    assert needed - names(control("workstation")["Depends"]) == others


def test_a_machine_has_one_role() -> None:
    """Each package has a name of its own and refuses the others, and programs of the same name."""
    for role in ROLES:
        head = control(role)
        assert head["Package"] == f"dropbox-itjen-{role}"
        assert head["Provides"] == "dropbox-itjen"
        assert {"dropbox-itjen", "nautilus-dropbox"} <= names(head["Conflicts"])


def test_the_settings_are_those_of_the_package() -> None:
    """The settings' file is read as it stands: the store in its own folder, the anchor beside the settings."""
    file = FILES / "etc/dropbox/dropbox.toml"
    settings = load(file)
    assert settings.database == "sqlite:////var/lib/dropbox/dropbox.db"
    assert settings.root_pub == file.parent / "root.pub"
    assert settings.intake_open
    assert settings.accept == frozenset()
    page = load(FILES / "etc/dropbox-courier/courier.toml").courier_page
    assert page.gate == settings.courier.socket == Path("/run/dropbox-gate/gate.sock")
    unit = (FILES / "usr/lib/systemd/system/dropbox-site.service").read_text("utf-8")
    assert settings.health == Path("/run/dropbox/health.sock")
    assert "RuntimeDirectory=dropbox\nRuntimeDirectoryMode=0700\n" in unit


@pytest.mark.parametrize(("guide", "heading", "name"), LINES)
def test_the_guide_shows_the_packages_own_lines(guide: str, heading: str, name: str) -> None:
    """What OPERATING.md shows for Tor and nginx are the lines of the package's files, without their comments."""
    lines = (SHARED / name).read_text("utf-8").splitlines(keepends=True)
    assert "".join(line for line in lines if not line.startswith("#")) in blocks(guide, heading)


def test_the_package_knows_its_schema() -> None:
    """What a package refuses to read is what the program itself calls newer."""
    assert roles.schema() == schema.HEAD


def built(folder: Path, umask: int) -> Path:
    """A package of the server's role with one small library, made in a folder and under a umask."""
    before = os.umask(umask)
    try:
        site = folder / "root/usr/lib/dropbox-itjen-server/lib/python3.11/site-packages"
        (site / "small-1.dist-info").mkdir(parents=True)
        (site / "small-1.dist-info/METADATA").write_text("Name: small\nVersion: 1\nLicense-Expression: MIT\n")
        (site / "small.py").write_text("")
        (folder / "out").mkdir()
        return package.make(folder / "root", "server", DEBIANS[0], "0.2.0", 1_700_000_000, folder / "out", "{}\n")
    finally:
        os.umask(before)


def test_two_builds_are_the_same_bytes(tmp_path: Path) -> None:
    """Neither the folder, nor the time, nor the builder's umask changes a byte."""
    one, two = built(tmp_path / "one", 0o022), built(tmp_path / "elsewhere/two", 0o077)
    assert one.name == "dropbox-itjen-server_0.2.0+deb12_amd64.deb"
    assert one.read_bytes() == two.read_bytes()


def test_what_is_compressed_has_no_trace_of_the_builders_python() -> None:
    """The head of RFC 1952 names no time and no system: gzip.compress writes the system since Python 3.13."""
    assert package._gzipped(b"text")[:10] == bytes.fromhex("1f8b08000000000002ff")
    assert gzip.decompress(package._gzipped(b"text")) == b"text"


def test_everything_belongs_to_root_and_settings_are_closed(tmp_path: Path) -> None:
    """Owners and modes are the package's, whatever the builder's are; the settings' file is a conffile."""
    made = built(tmp_path, 0o002)
    listed = subprocess.run(["dpkg-deb", "--contents", str(made)], check=True, capture_output=True, text=True).stdout
    modes = {line.split()[5]: tuple(line.split()[:2]) for line in listed.splitlines()}
    assert {owner for _, owner in modes.values()} == {"root/root"}
    assert modes["./etc/dropbox/dropbox.toml"][0] == "-rw-r-----"
    assert modes["./etc/dropbox/"][0] == "drwxr-x---"
    assert modes["./usr/bin/dropbox"][0] == "-rwxr-xr-x"
    assert {mode for name, (mode, _) in modes.items() if name.endswith(".py")} == {"-rw-r--r--"}
    conffiles = subprocess.run(["dpkg-deb", "--info", str(made), "conffiles"], check=True, capture_output=True)
    assert conffiles.stdout == b"/etc/dropbox/dropbox.toml\n/etc/dropbox-courier/courier.toml\n"
    assert modes["./etc/dropbox-courier/courier.toml"][0] == "-rw-r-----"


def test_the_notices_name_every_library(tmp_path: Path) -> None:
    """The package's copyright file lists what is inside, with its licence."""
    built(tmp_path, 0o022)
    notices = (tmp_path / "root/usr/share/doc/dropbox-itjen-server/copyright").read_text("utf-8")
    assert "\nsmall 1: MIT\n" in notices
    assert "GNU Affero General Public License" in notices


def test_a_library_that_runs_at_each_start_is_refused(tmp_path: Path) -> None:
    """A .pth file would run code of a library whenever the program starts."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "small.pth").write_text("import os\n")
    with pytest.raises(RuntimeError, match=r"small\.pth"):
        environment._tidy(tmp_path)


def test_the_time_of_a_release_is_its_commits(monkeypatch: pytest.MonkeyPatch) -> None:
    """SOURCE_DATE_EPOCH decides; without it the newest commit."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert release.moment() == 1_700_000_000
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert release.moment() > 1_700_000_000
