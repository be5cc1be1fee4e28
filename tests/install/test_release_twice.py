"""A release is made twice, as two people do who compare what they made (INSTALLING.md, "The root's signature")."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dropbox.packaging import sums
from tests.support.server import PROJECT


def released(folder: Path, before: list[str], **settings: str) -> str:
    """The list of a release that is made of a fresh clone in a folder, with a home and settings of its own."""
    checkout = folder / "checkout"
    subprocess.run(["git", "clone", "--quiet", str(PROJECT), str(checkout)], check=True)
    (folder / "home").mkdir()
    unwanted = ("PYTHON", "SOURCE_DATE_EPOCH", "TZ", "LC_", "LANG")
    env = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
    subprocess.run(
        [*before, sys.executable, "-m", "dropbox.packaging.release", "release"],
        cwd=checkout,
        env={**env, "HOME": str(folder / "home"), **settings},
        check=True,
    )
    return (checkout / "release" / sums.NAME).read_text("utf-8")


@pytest.mark.soak
def test_two_releases_of_one_commit_are_the_same(tmp_path: Path) -> None:
    """All packages, lists of parts and the wheel are equal: on two paths, ten days apart, with two umasks and zones."""
    before = os.umask(0o022)
    try:
        (tmp_path / "a").mkdir()
        one = released(tmp_path / "a", [], TZ="UTC", LC_ALL="C.UTF-8")
        os.umask(0o077)
        (tmp_path / "a longer path").mkdir()
        two = released(tmp_path / "a longer path", ["faketime", "-f", "+10d"], TZ="Asia/Jayapura", LC_ALL="C")
    finally:
        os.umask(before)
    assert len(one.splitlines()) == 1 + 2 * 3 * 3
    assert two == one
