"""What the tests in clean Debian machines share: the release, clean systems, and the machines of one inspectorate."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dropbox.packaging.roles import DEBIANS
from tests.roots.inspectorate import Inspectorate, ceremony
from tests.roots.machine import clean_root
from tests.support.server import PROJECT

RELEASE = Path(os.environ.get("RELEASE", "release"))
NUMBERS = [int(number) for number in os.environ.get("DEBIAN", "12 13").split()]
assert set(NUMBERS) <= {one.number for one in DEBIANS}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder; nothing here runs unless `make roots` asks for it."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.roots)


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the clean systems; CLEAN names one that stays for the next run."""
    folder = Path(os.environ.get("CLEAN") or tmp_path_factory.mktemp("clean"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session", params=NUMBERS, ids=lambda number: f"debian{number}")
def office(
    request: pytest.FixtureRequest, clean: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Inspectorate]:
    """An inspectorate without a machine yet, for each release of Debian."""
    release = PROJECT / RELEASE
    assert list(release.glob(f"debian{request.param}/*/*.deb")), "make release"
    made = Inspectorate(request.param, clean_root(request.param, clean), release, tmp_path_factory.mktemp("office"))
    try:
        yield made
    finally:
        made.close()
        subprocess.run(["rm", "-rf", "--one-file-system", str(made.folder)], check=True)


@pytest.fixture(scope="session")
def installed(office: Inspectorate) -> Inspectorate:
    """R and W from folders for machines that never had a network; S with a network, with tor and nginx of Debian."""
    begun = time.monotonic()
    office.add("R")
    office.install("R", "root")
    office.add("W")
    office.install("W", "workstation")
    office.add_server()
    print(f"\ninstalled after {time.monotonic() - begun:.0f} s, {office.lines} lines")
    return office


@pytest.fixture(scope="session")
def running(installed: Inspectorate) -> Inspectorate:
    """After the ceremony, with the site started."""
    begun, before = time.monotonic(), installed.lines
    ceremony(installed)
    print(f"\nceremony and first page after {time.monotonic() - begun:.0f} s, {installed.lines - before} lines")
    return installed
