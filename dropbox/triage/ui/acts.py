"""What each act of access.roles is called, in groups: for the table of what a role may do.

Rule: every act has a label in the vocabulary; tests/triage_ui finds one that lacks it.
"""

from typing import Final

from flask_babel.speaklater import LazyString

from dropbox.vocabulary import lazy, vocabulary


def _acts(group: str) -> dict[str, LazyString]:
    every = lazy.table("permission").items()
    return {code: label for code, label in every if vocabulary.attributes("permission", code)["group"] == group}


GROUPS: Final = tuple((title, _acts(group)) for group, title in lazy.table("permission_group").items())
