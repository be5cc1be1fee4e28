"""Decides what the page between writing and sending points out: who reads the report, and what needs care.

Rule: hints and warnings never stop anybody from sending.
"""

from dataclasses import dataclass
from typing import Final

from dropbox.form.keyword_match import holds_keyword
from dropbox.form.model import SAFEGUARDING, YES, Form
from dropbox.web.report.answers import CHOICES
from dropbox.web.report.draft import Draft

ITJEN: Final = "itjen"  # reads reports, unless the reporter chooses otherwise
IRJEN: Final = "irjen"  # reads reports about the inspectorate itself
HINTS_SHOWN: Final = 3


@dataclass(frozen=True)
class Review:
    """What the page points out about a report.

    Attributes:
        hints: what else would help, at most HINTS_SHOWN sentences.
        conflict: whether the report mentions the inspectorate, and the inspectorate's own officers would read it.
        irjen: whether the inspector general alone will read it.
        safeguarding: whether it is about violence or a child.
    """

    hints: list[str]
    conflict: bool
    irjen: bool
    safeguarding: bool


def review(draft: Draft, form: Form, lang: str) -> Review:
    """Return what to point out about a report.

    Args:
        draft: the parsed form.
        form: the optional questions of the site, with its keywords.
        lang: `id` or `en`, for the hints.
    """
    written = " / ".join(answer.value for answer in draft.answers if answer.name not in CHOICES)
    return Review(
        hints=form.open_hints(draft.whole, lang)[:HINTS_SHOWN],
        conflict=draft.desk == ITJEN and holds_keyword(written, form.conflict_words),
        irjen=draft.desk == IRJEN,
        safeguarding=draft.whole[SAFEGUARDING] == YES or holds_keyword(written, form.safeguarding_words),
    )
