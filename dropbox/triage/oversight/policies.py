"""Loads the policies on duty, reward, sanctions and protection from policies.toml, with source and date.

Rule: all policies are present, and each shows whether the inspectorate confirmed it.
"""

import datetime
from dataclasses import dataclass
from typing import Final

from dropbox.errors import ConfigurationError
from dropbox.settings import policy_files
from dropbox.settings.installation import Settings
from dropbox.vocabulary.vocabulary import Words

NAMES: Final = ("duty", "reward", "retaliation", "bad-faith", "protection")
_FILE: Final = "policies.toml"


@dataclass(frozen=True)
class Policy:
    """A policy of NAMES: title and text by language, source, date of the source, whether it was confirmed."""

    name: str
    title: Words
    text: Words
    source: str
    date: datetime.date
    confirmed: bool


def load(settings: Settings) -> list[Policy]:
    """Return all policies, in the order of NAMES; raises ConfigurationError for an invalid file."""
    table = policy_files.load(settings, _FILE)
    if set(table) != set(NAMES) or not all(isinstance(entry, dict) for entry in table.values()):
        raise ConfigurationError("settings.policies", file=_FILE, names=", ".join(NAMES))
    found = []
    for name in NAMES:
        entry = table[name]
        source, date = entry.get("source"), entry.get("date")
        if not isinstance(source, str) or not source.strip() or type(date) is not datetime.date:
            raise ConfigurationError("settings.policy-date", file=_FILE)
        title, text = (policy_files.by_language(entry, field, _FILE) for field in ("title", "text"))
        found.append(Policy(name, title, text, source, date, policy_files.is_confirmed(entry, _FILE)))
    return found
