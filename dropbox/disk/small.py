"""Small files that somebody names on a command line.

Rule: no more is read than a file of that kind may hold, and what is said of it names the file, never its content.
"""

from pathlib import Path

from dropbox.errors import MalformedError, NotFoundError


def read_small(path: Path, most: int) -> bytes:
    """The bytes of a file, at most `most`; raises NotFoundError, or MalformedError when it is longer."""
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise NotFoundError(f"{path.name} cannot be read: {error.strerror}") from None
    if len(data) > most:
        raise MalformedError(f"{path.name} is too long")
    return data
