"""The trusted base against what the server imports on the road without JavaScript."""

import ast
from pathlib import Path
from typing import Final

from tests import trusted_base
from tests.test_layers import imported

ROOT: Final = Path(__file__).parents[1]
ENTRIES: Final = ("dropbox.web.app", "dropbox.web.http.worker")


def closure() -> set[str]:
    """The paths of all own modules that the application and its worker import, directly or not."""
    found, left = set(), list(ENTRIES)
    while left:
        name = left.pop()
        path = ROOT.joinpath(*name.split(".")).with_suffix(".py")
        relative = path.relative_to(ROOT).as_posix()
        if path.is_file() and relative not in found:
            found.add(relative)
            names = imported(ast.parse(path.read_text("utf-8")), ROOT)
            left += [one for one, _ in names if one.startswith("dropbox.")]
    return found


def test_the_road_without_javascript_is_in_the_trusted_base() -> None:
    """Each module that the application imports is counted, or excused by name."""
    counted = {path for paths in trusted_base.files_now().values() for path in paths}
    assert len(closure() & counted) > 80
    missing = [path for path in closure() - counted if not trusted_base.matches(path, trusted_base.EXCUSED)]
    assert sorted(missing) == []


def test_every_excuse_is_needed() -> None:
    """Each excuse names a module that the application imports."""
    needed = {one for one in trusted_base.EXCUSED if any(trusted_base.matches(path, [one]) for path in closure())}
    assert set(trusted_base.EXCUSED) == needed
