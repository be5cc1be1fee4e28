"""Parses and builds a workstation's request for a certificate: desk, instance and public station key.

Rule: a request is public text with exactly one encoding; a private file in its place is rejected by name.
"""

import re
from dataclasses import dataclass
from typing import Final

from dropbox.errors import MalformedError
from dropbox.wire.fields import check_desk
from dropbox.wire.keyring import PRIVATE_FILE_LINE

_REQUEST: Final = re.compile(
    rb"dropbox station request v1\ndesk: ([a-z0-9-]{1,16})\ninstance: ([0-9a-f]{32})\nstation: ([0-9a-f]{64})\n\Z"
)


@dataclass(frozen=True)
class StationRequest:
    """A station's request to the root: desk name, instance (16 bytes), Ed25519 public key (32 bytes)."""

    desk: str
    instance: bytes
    station: bytes


def encode_request(request: StationRequest) -> bytes:
    """Return the bytes of `station-<desk>.request`; raises MalformedError for an invalid desk name."""
    return (
        f"dropbox station request v1\ndesk: {check_desk(request.desk)}\n"
        f"instance: {request.instance.hex()}\nstation: {request.station.hex()}\n"
    ).encode("ascii")


def parse_request(untrusted: bytes) -> StationRequest:
    """Parse a station's request file; raises MalformedError."""
    if untrusted.startswith(PRIVATE_FILE_LINE):
        raise MalformedError("private-file.as-request")
    match = _REQUEST.match(untrusted)
    if not match:
        raise MalformedError("request-file.station")
    desk, instance, station = (group.decode("ascii") for group in match.groups())
    return StationRequest(check_desk(desk), bytes.fromhex(instance), bytes.fromhex(station))
