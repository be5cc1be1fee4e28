"""Paths that the system refuses: a fixture for tests of what a person can name."""

import errno
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

REFUSALS = [errno.EROFS, errno.EACCES, errno.ENAMETOOLONG, errno.ENOTDIR]
each_refusal = pytest.mark.parametrize("refused", REFUSALS, indirect=True, ids=errno.errorcode.get)


@pytest.fixture
def refused(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A path that the system refuses with the parameter's errno, whatever is done with it or next to it."""
    number: int = request.param
    if number == errno.ENOTDIR:
        (tmp_path / "file").touch(0o600)
        return tmp_path / "file" / "x"
    if number == errno.ENAMETOOLONG:
        return tmp_path / ("x" * 300)
    place = tmp_path / "refused"
    place.mkdir(mode=0o700)

    def guarded(call: Callable[..., Any]) -> Callable[..., Any]:
        def act(path: Any, *arguments: Any, **more: Any) -> Any:
            if isinstance(path, str | os.PathLike) and os.fspath(path).startswith(f"{place}/"):
                raise OSError(number, os.strerror(number), os.fspath(path))
            return call(path, *arguments, **more)

        return act

    changing = ("open", "unlink", "mkdir", "rename", "replace")
    for name in (*changing, "lstat", "stat") if number == errno.EACCES else changing:
        monkeypatch.setattr(os, name, guarded(getattr(os, name)))
    monkeypatch.setattr(io, "open", guarded(io.open))  # of Path.open
    return place / "x"
