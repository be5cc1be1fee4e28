"""Says in words what a line of the log says in codes, for the desk's page and the command.

Rule: an unknown code is shown as it is; a line holds no text of a report.
"""

from collections.abc import Mapping
from typing import Final

from dropbox.vocabulary import vocabulary

ACTIONS: Final = ("permission", "log_action")  # groups, the first that has the code
NAMES: Final = "log_detail"
CODES: Final[Mapping[str, str]] = {  # details whose values are codes with words, and their group
    "did": "log_did",
    "status": "status",
    "before": "status",
    "category": "category",
    "origin": "origin",
}


def action(code: str, language: str) -> str:
    """Return the words of an act in a language (`id` or `en`)."""
    group = next((group for group in ACTIONS if code in vocabulary.codes(group)), ACTIONS[0])
    return vocabulary.label(group, code, language)


def name(code: str, language: str) -> str:
    """Return the words for the name of a detail in a language."""
    return vocabulary.label(NAMES, code, language)


def value(detail: str, code: object, language: str) -> str:
    """Return the words for the value of a detail in a language: a number, a name or a date is its own."""
    return vocabulary.label(CODES[detail], str(code), language) if detail in CODES else str(code)
