"""Names what a file is by its first bytes, so that a person who carries it knows where it belongs.

Rule: nothing is verified, and no content is read: the name helps a courier, and decides nothing.
"""

from typing import Final

from dropbox.wire.container import CONTAINER_MAGIC
from dropbox.wire.dossier import ANSWER_MAGIC, DOSSIER_MAGIC
from dropbox.wire.keyring import PRIVATE_FILE_LINE
from dropbox.wire.manifest import MANIFEST_MAGIC
from dropbox.wire.server import is_server_certificate, is_server_request
from dropbox.wire.signed import FILE_SIGNATURE_MAGIC, LABELS, MAGICS, REVOCATION_MAGIC

_BEGINNINGS: Final = (
    (PRIVATE_FILE_LINE, "kind.private"),
    (b"dropbox root key", "kind.anchor"),
    (b"dropbox receiver key", "kind.card"),
    (DOSSIER_MAGIC, "kind.dossier"),
    (ANSWER_MAGIC, "kind.answer"),
    (REVOCATION_MAGIC, "kind.revocations"),
    (MANIFEST_MAGIC, "kind.manifest"),
    (CONTAINER_MAGIC, "kind.container"),
    (FILE_SIGNATURE_MAGIC, "kind.signature"),
    (MAGICS["return"], "kind.return"),
    *((magic, "kind.part") for magic in LABELS),
)
_CERTIFICATE: Final = b"DBXC"
_CERTIFICATE_AT: Final = (
    slice(8, 12),
    slice(4, 8),
)  # after the lengths of certificate and body; installed: of the body
_STATION_REQUEST: Final = b"dropbox station request"


def kind_of(untrusted: bytes) -> str:
    """Return the code of the sentence that says what a file is and where it belongs; empty if it has none."""
    for beginning, kind in _BEGINNINGS:
        if untrusted.startswith(beginning):
            return kind
    if is_server_certificate(untrusted):
        return "kind.server-certificate"
    if any(untrusted[at] == _CERTIFICATE for at in _CERTIFICATE_AT):
        return "kind.certificate"
    if is_server_request(untrusted) or untrusted.startswith(_STATION_REQUEST):
        return "kind.request"
    return ""
