"""Labels the codes on the pages of referrals, in the language of the page.

Rule: codes are those of triage.referral and wire.dossier; their labels are the vocabulary's.
"""

from typing import Final

from dropbox.vocabulary import lazy

REQUESTS: Final = lazy.table("request")
PRECISIONS: Final = lazy.table("precision")
COURTS: Final = lazy.table("court")
MARKS: Final = lazy.table("file_mark")
SAID: Final = lazy.table("consent")
RESULTS: Final = lazy.table("result")
WHY: Final = lazy.table("kpk_reason")
