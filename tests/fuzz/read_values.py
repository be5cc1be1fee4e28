"""What readers of all families share: values in the form of header lines, and the trust of a vector.

Rule: values have the names and the form of the vectors' header lines, so that readers can be compared word by word.
"""

import sys
from pathlib import Path

from dropbox.crypto.signing import Trust
from dropbox.wire.keyring import parse_anchor

sys.path[:0] = [str(Path(__file__).parents[1])]
from third_reader.vector_file import Vector  # noqa: E402

Values = dict[str, str]


def trust_of(vector: Vector) -> Trust:
    """The root, the day and the revoked keys of a vector."""
    revoked = frozenset(map(bytes.fromhex, vector.header.get("revoked", "").split()))
    return Trust(parse_anchor(vector.hex("anchor")), int(vector.header.get("today", "0")), revoked)
