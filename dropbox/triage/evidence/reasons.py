"""Why a file was not shown, read or cleaned: codes for the pages, sentences for the command line.

Rule: no sentence holds anything of the file.
"""

from typing import Final

from dropbox.errors import RefusedError
from dropbox.vocabulary import vocabulary

_GROUP: Final = "file_state"
SENTENCES: Final = {code: words["en"] for code, words in vocabulary.table(_GROUP).items()}


class UnreadableError(RefusedError):
    """A file that the sandbox did not make sense of.

    Attributes:
        reason: a code of SENTENCES.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"{_GROUP}.{reason}")
        self.reason = reason

    def sentence(self, language: str) -> str:
        """Return the words of the reason in a language: they are the vocabulary's, as on the pages."""
        return vocabulary.words(_GROUP, self.reason)[language]
