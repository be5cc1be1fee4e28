"""Defines every error of the drop-box, by meaning: who is at fault, and what follows.

Rule 1: an error is a code of `dropbox.sentences` with values; its sentence is looked up when somebody reads it.
Rule 2: no value contains input, a secret or a path that a reporter typed; a sentence says what is wrong and, where
possible, what to do. Rule 3: this module imports only that catalogue, and only when a sentence is shown.
"""


class DropboxError(Exception):
    """The base of every error that this project raises on purpose; `str` gives its English sentence.

    Attributes:
        code: `area.name`, stable: tests and other programs may rely on it.
        values: what the sentence names, by name.
    """

    def __init__(self, code: str, /, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    def sentence(self, language: str) -> str:
        """Return what is wrong and what to do, in a language: `id` or `en`."""
        from dropbox.sentences.catalogue import sentence  # noqa: PLC0415  not before an error is shown

        return sentence(self.code, self.values, language)

    def __str__(self) -> str:
        return self.sentence("en")


class MalformedError(DropboxError):
    """Input breaks the format: it is rejected whole."""


class UntrustedError(DropboxError):
    """A signature, certificate or chain does not lead to the pinned root, or is out of date."""


class UnbelievedExportError(UntrustedError):
    """An export of this instance whose signature is not trusted; its sealed reports may still be imported.

    Attributes:
        reason: `signature` (also a number outside the certificate's range), `certificate` (not valid on the day),
            `revoked` or `future`.
    """

    def __init__(self, code: str, /, *, reason: str, **values: object) -> None:
        super().__init__(code, **values)
        self.reason = reason


class NotForThisKeyError(DropboxError):
    """No stanza opens with this key. Not an error of the sender: the blob may be for another desk or epoch."""


class DamagedError(DropboxError):
    """A blob is sealed to this key and was damaged or altered: set it aside and report it."""


class WrongCodeError(DropboxError):
    """The receipt code is wrong.

    Attributes:
        reason: `length`, `symbol` (the letter U) or `check` (a symbol is wrong).
    """

    def __init__(self, code: str, /, *, reason: str, **values: object) -> None:
        super().__init__(code, **values)
        self.reason = reason


class WrongWordsError(DropboxError):
    """The passphrase is wrong.

    Attributes:
        reason: `count`, `unknown` (a word is not of the list) or `mismatch` (it does not fit the code).
        position: 1-based place of the unknown word, else 0.
    """

    def __init__(self, code: str, /, *, reason: str, position: int = 0, **values: object) -> None:
        super().__init__(code, **values)
        self.reason = reason
        self.position = position


class WrongPassphraseError(DropboxError):
    """A staff passphrase does not open a private file."""


class ConfigurationError(DropboxError):
    """This installation cannot run safely with its configuration; the message says what to do."""


class RefusedError(DropboxError):
    """A rule forbids the request (policy, roll-back, wrong desk); nothing was changed."""


class TooLargeError(DropboxError):
    """More bytes than a limit allows; nothing was stored."""


class NotFoundError(DropboxError):
    """The named object does not exist here."""


class GateError(DropboxError):
    """The courier's gate does not answer, ended early, or is busy; a retry is safe."""


class LockedError(DropboxError):
    """The vault was locked during an operation; unfinished work was discarded."""


class StorageBusyError(DropboxError):
    """Others used the store for too long; nothing was written, and a retry is safe."""


class StorageLostError(StorageBusyError):
    """The database cannot be reached: the last step was written whole or not at all, and a retry is safe."""


class StorageFullError(DropboxError):
    """The disk is full; nothing was acknowledged."""


class FilesClosedError(StorageFullError):
    """The room for files is used up; texts are still accepted. Nothing of the file was acknowledged."""
