"""Splits a mailbox (mbox, RFC 4155) into its messages.

    a message begins after a line "From …" with a year, at the beginning or after a blank line

Rule: each message is a slice of the file's own bytes.
"""

import re
from collections.abc import Iterator
from typing import Final

_FROM: Final = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\r\n\r\n)|(?<=\r\r))From [^\r\n]*\d{4}[^\r\n]*(?:\r\n|\n|\r)")


def messages(raw: bytes) -> Iterator[bytes]:
    """Yield the bytes of each message, without the line that separates it; those before the first one as one too."""
    begin = 0
    for found in _FROM.finditer(raw):
        if raw[begin : found.start()].strip():
            yield raw[begin : found.start()]
        begin = found.end()
    if raw[begin:].strip():
        yield raw[begin:]
