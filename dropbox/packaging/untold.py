"""Tells what wheels do not tell of themselves: licences, and what others wrote that was compiled into them.

Rule: `untold.toml` is asked only where a wheel is silent or vague. A version is read from the installed bytes, never
written down there: a new version of a library brings its own.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_TABLE: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
LICENCES: Final[dict[str, str]] = _TABLE["licences"]
INNER_LICENCES: Final[dict[str, str]] = _TABLE["parts"]


@dataclass(frozen=True)
class Compiled:
    """A part that was compiled into a library, and that the library's wheel does not list.

    Attributes:
        name: as its makers write it.
        licence: an SPDX expression.
        version: None where the wheel holds none that could be read.
    """

    name: str
    licence: str
    version: str | None


def compiled_into(site: Path, library: str) -> Iterator[Compiled]:
    """Yield the parts of a library by its normal name (PEP 503), from a folder of installed libraries.

    Raises:
        RuntimeError: the bytes that should hold a part's version hold none, or more than one.
    """
    for one in _TABLE["compiled"]:
        if one["into"] == library:
            yield Compiled(one["name"], one["licence"], _version(site, one) if "files" in one else None)


def _version(site: Path, one: dict[str, str]) -> str:
    pattern = re.compile(one["version"].encode("ascii"))
    found = {match.groups() for path in site.glob(one["files"]) for match in pattern.finditer(path.read_bytes())}
    if len(found) != 1:
        raise RuntimeError(f"untold.toml does not find one version of {one['name']} in {one['into']}: {sorted(found)}")
    return b".".join(found.pop()).decode("ascii")
