"""Reads the version of the installed program.

Rule: it is that of the installed package; a program that runs without one has no version.
"""

import importlib.metadata
from typing import Final

_DISTRIBUTION: Final = "dropbox-itjen"


def program_version() -> str:
    """Return the version, such as `0.2.0`; empty if the program is not installed as a package."""
    try:
        return importlib.metadata.version(_DISTRIBUTION)
    except importlib.metadata.PackageNotFoundError:
        return ""
