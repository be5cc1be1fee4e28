"""Says when the stored list of revocations ends: from the next day on browsers refuse all keys.

Rule: a list that is missing is as urgent as one that has ended.
"""

from dropbox.limits import CERTIFICATE_WARN_DAYS
from dropbox.sentences.catalogue import Sentence


def advice(left: int | None) -> tuple[Sentence | None, bool]:
    """Return (a sentence if something is to be done, whether it is urgent).

    Args:
        left: days for which readers accept the list (`revocations_days_left`), None without a list.
    """
    if left is None:
        return Sentence("courier.list-missing"), True
    if left < 0:
        return Sentence("courier.list-ended"), True
    return (Sentence("courier.list-ends", left=left) if left < CERTIFICATE_WARN_DAYS else None), False
