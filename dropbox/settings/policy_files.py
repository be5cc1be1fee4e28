"""Reads files of rules and figures that the inspectorate edits: from workstation.policy_folder, else the packaged ones.

Rule: a file that cannot be parsed is rejected whole, with its name.
"""

import importlib.resources
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dropbox.errors import ConfigurationError
from dropbox.settings.installation import LANGUAGES, Settings


def load(settings: Settings, name: str) -> dict[str, Any]:
    """Load the TOML file of that name; raises ConfigurationError."""
    return load_from(settings.workstation.policy_folder, name)


def load_from(folder: Path | None, name: str) -> dict[str, Any]:
    """Load the TOML file of that name from a folder, else the packaged one; raises ConfigurationError."""
    packaged = importlib.resources.files("dropbox.settings") / name
    own = folder / name if folder else None
    try:
        return tomllib.loads((own if own and own.is_file() else packaged).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise ConfigurationError("settings.policy-unreadable", name=name) from None


def by_language(table: Mapping[str, Any], field: str, name: str) -> dict[str, str]:
    """Return a field's text by language; raises ConfigurationError."""
    found = {language: table.get(f"{field}_{language}") for language in LANGUAGES}
    if not all(isinstance(text, str) and text.strip() for text in found.values()):
        raise ConfigurationError("settings.policy-languages", name=name, field=field)
    return {language: str(text) for language, text in found.items()}


def is_confirmed(table: Mapping[str, Any], name: str) -> bool:
    """Return whether the inspectorate has confirmed an entry; raises ConfigurationError."""
    if type(table.get("confirmed")) is not bool:
        raise ConfigurationError("settings.policy-confirmed", name=name)
    return bool(table["confirmed"])
