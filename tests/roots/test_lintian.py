"""Debian's own checks of packages (lintian) on the release that is installed.

Rule: an error or a warning is mended, or has a reason in the package's overrides.
"""

import subprocess

import pytest

from dropbox.packaging.roles import ROLES
from tests.roots.conftest import NUMBERS, RELEASE
from tests.support.server import PROJECT


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("number", NUMBERS)
def test_lintian_finds_neither_error_nor_warning(number: int, role: str) -> None:
    """The package of a role has nothing that Debian's checker calls an error or a warning."""
    (package,) = (PROJECT / RELEASE / f"debian{number}" / role).glob("*.deb")
    command = ["lintian", "--no-cfg", "--tag-display-limit", "0", "--fail-on", "error,warning"]
    done = subprocess.run([*command, str(package)], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
