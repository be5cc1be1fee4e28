"""Why a file was not shown, read or cleaned: codes for the pages, sentences for the command line.

Rule: no sentence holds anything of the file.
"""

from typing import Final

from dropbox.errors import RefusedError
from dropbox.vocabulary import vocabulary

SENTENCES: Final = {code: words["en"] for code, words in vocabulary.table("file_state").items()}


class UnreadableError(RefusedError):
    """A file that the sandbox did not make sense of.

    Attributes:
        reason: a code of SENTENCES.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(SENTENCES[reason])
        self.reason = reason
