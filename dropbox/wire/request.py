"""What a new workstation carries to the ceremony: its desk, its instance and the public half of its station key.

Rule: public text in exactly one form; a private file in its place is refused by name.
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
    """A station that asks the root for a certificate."""

    desk: str
    instance: bytes
    station: bytes


def encode_request(request: StationRequest) -> bytes:
    """The bytes of `station-<desk>.request`."""
    return (
        f"dropbox station request v1\ndesk: {check_desk(request.desk)}\n"
        f"instance: {request.instance.hex()}\nstation: {request.station.hex()}\n"
    ).encode("ascii")


def parse_request(untrusted: bytes) -> StationRequest:
    """The request of a file; raises MalformedError."""
    if untrusted.startswith(PRIVATE_FILE_LINE):
        raise MalformedError("this is a private file where a station's request belongs; carry it back at once")
    match = _REQUEST.match(untrusted)
    if not match:
        raise MalformedError("this is not a station's request of version 1")
    desk, instance, station = (group.decode("ascii") for group in match.groups())
    return StationRequest(check_desk(desk), bytes.fromhex(instance), bytes.fromhex(station))
