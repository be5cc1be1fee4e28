"""Names the connection of a request as the site's pages see it.

Rule: this module loads no server, so that a machine without one can render the pages (`dropbox verify-site`).
"""

from typing import Final, Protocol

PEER: Final = "dropbox.peer"  # key in the WSGI environment; missing where no worker of ours serves


class Input(Protocol):
    """Bytes of a connection that have arrived."""

    is_ended: bool
    may_wait: bool

    def seconds_waiting(self) -> float:
        """Return for how many seconds a thread has waited for the next byte."""


class Connection(Protocol):
    """A connection: `is_whole` says whether all of its request's body is in memory."""

    is_whole: bool

    @property
    def source(self) -> Input:
        """Bytes that have arrived."""

    def stop_reading(self) -> None:
        """End the wait of the thread that reads from it."""

    def swallow(self, most: int) -> None:
        """Let the sender finish: read and discard up to `most` bytes, without a thread."""
