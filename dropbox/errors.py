"""Every error of the drop-box, by meaning: who is wrong, and what follows.

Rule 1: this module imports nothing. Rule 2: no message holds input, a secret or a path that
a reporter typed; it says what is wrong and, where somebody can mend it, what to do.
"""


class DropboxError(Exception):
    """Base of every error that this project raises on purpose."""


class MalformedError(DropboxError):
    """Bytes from outside break the format: they are refused whole, never half-accepted."""


class UntrustedError(DropboxError):
    """A signature, certificate or chain does not lead to the pinned root, or is out of date."""


class UnbelievedExportError(UntrustedError):
    """An export of this instance whose word about the server does not count; its sealed reports may be taken in.

    Attributes:
        reason: `signature` (also for a number that is not its certificate's), `certificate` (its days), `revoked` or
            `future`.
    """

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class NotForThisKeyError(DropboxError):
    """No stanza opens with this key. Not a fault: the blob may be for another desk or epoch."""


class DamagedError(DropboxError):
    """A blob was addressed to this key and is damaged or tampered with: set it aside and say so."""


class WrongCodeError(DropboxError):
    """The receipt code cannot be right.

    Attributes:
        reason: `length`, `symbol` (the letter U) or `check` (a symbol is wrong).
    """

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class WrongWordsError(DropboxError):
    """The passphrase cannot be right.

    Attributes:
        reason: `count`, `unknown` (a word is not of the list) or `mismatch` (it does not fit the code).
        position: 1-based place of the unknown word, else 0.
    """

    def __init__(self, message: str, reason: str, position: int = 0) -> None:
        super().__init__(message)
        self.reason = reason
        self.position = position


class WrongPassphraseError(DropboxError):
    """A staff passphrase does not open a private file."""


class ConfigurationError(DropboxError):
    """This installation cannot run safely as it is set up; the message says what to do."""


class RefusedError(DropboxError):
    """A rule forbids what was asked (policy, roll-back, wrong desk); nothing was changed."""


class TooLargeError(DropboxError):
    """More bytes than a limit allows; nothing of them was kept."""


class NotFoundError(DropboxError):
    """The named thing does not exist here."""


class LockedError(DropboxError):
    """The vault was locked while something was going on; what was not finished was not kept."""


class StorageBusyError(DropboxError):
    """Others held the store for too long; nothing was written, and the same may be tried again."""


class StorageFullError(DropboxError):
    """The disk is full; nothing was acknowledged."""
