"""Lists what the inspectorate has not confirmed yet: one place for all that pages mark with an asterisk.

Rule: the list is read from the files themselves; an entry leaves it when its `confirmed` is true.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from dropbox.settings import policy_files
from dropbox.settings.installation import Settings
from dropbox.vocabulary import vocabulary
from dropbox.vocabulary.vocabulary import Words

_FILES: Final = ("policies", "processing", "risk", "benchmark")
_FLAGS: Final = ("confirmed", "target_confirmed")
_TITLES: Final = "unconfirmed"


@dataclass(frozen=True)
class Unconfirmed:
    """What is to be confirmed: its title by language, the file or the settings' table, the names of its entries."""

    title: Words
    place: str
    entries: tuple[str, ...]


def unconfirmed(settings: Settings) -> list[Unconfirmed]:
    """Return what is not confirmed, files first; raises ConfigurationError for a file that cannot be read."""
    found = []
    for file in _FILES:
        name = f"{file}.toml"
        if entries := tuple(_entries(policy_files.load(settings, name), "")):
            found.append(Unconfirmed(vocabulary.words(_TITLES, file), name, tuple(filter(None, entries))))
    own = settings.workstation
    confirmed = {
        "letterhead": own.letterhead.is_confirmed,
        "referral": own.referral.confirmed,
        "follow_up": own.follow_up.confirmed,
        "identity_notice": own.identity_notice.confirmed,
    }
    return found + [
        Unconfirmed(vocabulary.words(_TITLES, table), f"[{table}]", ())
        for table, is_confirmed in confirmed.items()
        if not is_confirmed
    ]


def _entries(value: Any, name: str) -> Iterator[str]:  # noqa: ANN401  a parsed TOML value
    """Yield the name of each table that is not confirmed, empty for a whole file; a list's entry has its own name."""
    if isinstance(value, list):
        for number, one in enumerate(value, 1):
            if isinstance(one, dict):
                own = one.get("name") or one.get("own") or one.get("title_id") or number
                yield from _entries(one, f"{name} {own}".strip())
    elif isinstance(value, dict):
        if any(value.get(flag) is False for flag in _FLAGS):
            yield name
        for key, inner in value.items():
            yield from _entries(inner, name if isinstance(inner, list) else f"{name}.{key}".strip("."))
