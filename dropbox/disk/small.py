"""Reads small files that a person names on a command line.

Rule: it never reads more than a file of that kind may hold, and its errors name the file and no content.
"""

from pathlib import Path

from dropbox.errors import NotFoundError, TooLargeError


def read_small(path: Path, most: int) -> bytes:
    """Return the bytes of a file.

    Raises:
        NotFoundError: the file cannot be read.
        TooLargeError: it has more than `most` bytes.
    """
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise NotFoundError("file.name-unreadable", name=path.name, system=error.errno) from None
    if len(data) > most:
        raise TooLargeError("file.larger", name=path.name, most=most)
    return data
