"""Finds the thread of a secret: the answers on the boards, and the desks whose first message is stored here.

Rule: found or not found is decided in memory, for this one request.
"""

from dataclasses import dataclass, field

from dropbox.crypto.secret import FIRST_FORM, ReporterSecret, form_nonce
from dropbox.errors import DamagedError, MalformedError
from dropbox.published.boards import Answer
from dropbox.web.base.current import site
from dropbox.web.base.desks import known_desks


@dataclass(frozen=True)
class Found:
    """What the site knows about a thread right now."""

    answers: list[Answer]
    held_at: list[str] = field(default_factory=list)  # desks whose first message is stored here

    @property
    def desks(self) -> list[str]:
        """Desks that have the thread, in the order of the boards, then of the store."""
        return [answer.desk for answer in self.answers] + [
            desk for desk in self.held_at if desk not in {answer.desk for answer in self.answers}
        ]


def look_up(secret: ReporterSecret) -> Found:
    """Look for the thread on the boards and among the stored first messages, with each desk's own keys."""
    here = site()
    today = here.utc_day()
    # Also desks whose keys do not verify today: their reporters must not hear that their report is not here.
    keys = {desk: secret.keys(here.instance, desk) for desk in known_desks()}
    nonce = form_nonce(FIRST_FORM, 0)
    ids = {keys[desk].blob_id(nonce): desk for desk in keys}
    held = here.store.blobs.stored_ids(list(ids))
    answers = [answer for desk in keys if (answer := here.boards.answer(desk, keys[desk], today))]
    return Found(answers, [desk for blob_id, desk in ids.items() if blob_id in held])


def desks_of(secret: ReporterSecret) -> list[str]:
    """Return the desks that have the thread; none when the boards cannot be read."""
    try:
        return look_up(secret).desks
    except (DamagedError, MalformedError):
        return []
