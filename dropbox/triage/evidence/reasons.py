"""Says why a file was not shown, read or cleaned: codes for the pages, sentences for the command line.

Rule: no sentence contains anything of the file.
"""

from typing import Final

from dropbox.errors import RefusedError
from dropbox.vocabulary import vocabulary

_GROUP: Final = "file_state"
SENTENCES: Final = {code: words["en"] for code, words in vocabulary.table(_GROUP).items()}


class UnreadableError(RefusedError):
    """The sandbox could not show, read or clean a file.

    Attributes:
        reason: a code of SENTENCES.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"{_GROUP}.{reason}")
        self.reason = reason

    def sentence(self, language: str) -> str:
        """Return the sentence of the reason in a language (`id` or `en`): the vocabulary's, as on the pages."""
        return vocabulary.words(_GROUP, self.reason)[language]
