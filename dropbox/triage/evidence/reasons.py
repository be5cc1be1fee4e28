"""Why a file was not shown, read or cleaned: codes for the pages, sentences for the command line.

Rule: no sentence holds anything of the file.
"""

from typing import Final

from dropbox.errors import RefusedError

SENTENCES: Final = {
    "damaged": "it cannot be read: damaged, or not what its first bytes say",
    "locked": "it is protected by a password",
    "bomb": "it would unpack to far more than it is: made to do harm, and left alone",
    "time": "reading it took too long and was stopped",
    "stopped": "the program that read it broke off: damaged, or made to do harm; nothing of it got out",
    "too-large": "it would become larger than the workstation takes",
    "unsupported": "there is no preview or cleaned copy of this kind of file; only the original can be exported",
    "no-office": "LibreOffice is not installed: documents of this kind cannot be shown (dropbox/INSTALLING.md)",
    "no-media": "ffmpeg is not installed: sound and video cannot be looked at (dropbox/INSTALLING.md)",
    "no-page": "there is no such page",
    "empty": "it is empty",
}


class UnreadableError(RefusedError):
    """A file that the sandbox did not make sense of.

    Attributes:
        reason: a code of SENTENCES.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(SENTENCES[reason])
        self.reason = reason
