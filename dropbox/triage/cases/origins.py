"""How a case came to the desk. A third of all reports are not typed by their reporters (domain notes 2.2).

Rule: `online` is what threading gives a case by itself; no officer can say so.
"""

from typing import Final

from dropbox.vocabulary.codes import Origin

ONLINE: Final = Origin.ONLINE
ORIGINS: Final = tuple(one for one in Origin if one != ONLINE)
