"""The words of statistics tables by the codes that FORMAT.md "Statistics" carries: for officers, and for the public.

    stage rows = status codes in small letters, with hyphens        `butuh-info` of BUTUH_INFO

Rule: the rows of a table are codes of one group; provinces and bodies have their names elsewhere.
"""

from collections.abc import Mapping
from typing import Final

from dropbox.vocabulary import vocabulary
from dropbox.vocabulary.vocabulary import LABEL, Words

TOTAL: Final = "total"
UNKNOWN: Final = "unknown"
CASES: Final = "cases"
PUBLIC: Final = ("stage", "public", LABEL)  # the fields in which the public's words are, the first that there is
_GROUP: Final = "table"
_STAGES: Final = "stage"


def rows(table: str, *fields: str) -> Mapping[str, Words]:
    """Return the words of a table's rows by code, in order; empty for provinces and bodies.

    Args:
        table: its code.
        fields: of the words, the first that there is (default: LABEL).

    Raises:
        KeyError: there is no such table.
    """
    attributes = vocabulary.attributes(_GROUP, table)
    if "rows" not in attributes:
        return {}
    found = vocabulary.table(attributes["rows"], *fields)
    if "having" in attributes:
        having = vocabulary.table(attributes["rows"], attributes["having"])
        found = {code: words for code, words in found.items() if code in having}
    return {stage_code(code): words for code, words in found.items()} if table == _STAGES else found


def stage_code(status: str) -> str:
    """Return the row of a status: `butuh-info` of BUTUH_INFO."""
    return status.lower().replace("_", "-")


def common_label(code: str, language: str) -> str:
    """Return the words of a row that every table may have, TOTAL or UNKNOWN; empty for another."""
    return vocabulary.label("row", code, language) if code in vocabulary.codes("row") else ""
