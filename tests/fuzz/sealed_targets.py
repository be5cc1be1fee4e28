"""What is behind a signature, a hash or a seal: the harness signs and seals what the fuzzer wrote.

Rule: the keys are those of tests/vectors, so that mutated bytes reach the checks behind the cryptography.
"""

import contextlib
import hashlib
import io
import sys
from collections.abc import Callable
from pathlib import Path

import nacl.bindings

from dropbox.courier.checking import check_return
from dropbox.crypto.exports import open_server_certificate, verify_export
from dropbox.crypto.keyring import verify_keyring
from dropbox.crypto.private.opening import reopen
from dropbox.crypto.sealing import Stream, commitment_of, stream_key
from dropbox.crypto.signing import Trust, open_object, open_revocations, verify_certificate
from dropbox.errors import DamagedError, MalformedError, TooLargeError, UntrustedError
from dropbox.wire.blob import STANZA_BYTES, Header
from dropbox.wire.board import parse_board
from dropbox.wire.bundle import ExportReader, parse_return
from dropbox.wire.dossier import parse_contents
from dropbox.wire.fields import lp, u8, u16
from dropbox.wire.keyring import parse_anchor, parse_key_bundle
from dropbox.wire.log_statement import parse_log_statement
from dropbox.wire.padding import bucket_for
from dropbox.wire.receipt import parse_receipts
from dropbox.wire.statistics import parse_statistics

sys.path.insert(0, str(Path(__file__).parents[1] / "vectors"))
import construction as made

ANCHOR = parse_anchor(made.anchor())
TRUST = Trust(ANCHOR, made.TODAY, frozenset())
PARSERS: dict[str, Callable[[bytes], object]] = {
    "keys": parse_key_bundle,
    "board": parse_board,
    "receipts": parse_receipts,
    "return": parse_return,
    "statistics": parse_statistics,
    "dossier": parse_contents,
    "log statement": parse_log_statement,
}
_LABELS = tuple(PARSERS)
_FILE_KEY = bytes(32)
_STANZA = bytes(STANZA_BYTES)


def signed_body(untrusted: bytes) -> None:
    """Sign a body as the station of the vectors; the first byte says as what. It is believed, or refused by name."""
    label = _LABELS[(untrusted or b"\0")[0] % len(_LABELS)]
    with contextlib.suppress(MalformedError, UntrustedError):
        PARSERS[label](open_object(TRUST, made.signed(label, untrusted[1:]), label).body)


def signed_return(untrusted: bytes) -> None:
    """Sign the body of a return whose objects are bodies: each `u8 label ‖ lp(body)` is signed as well."""
    objects, rest = list[bytes](), untrusted
    while len(rest) >= 5 and rest[0] < len(_LABELS):
        length = int.from_bytes(rest[1:5], "big")
        if length > len(rest) - 5:
            break
        objects.append(made.signed(_LABELS[rest[0]], rest[5 : 5 + length]))
        rest = rest[5 + length :]
    listed = made.ROOT.sign("revocations", made.INSTANCE, rest[-1024:])
    revocations = b"DBXV" + lp(rest[-1024:]) + listed
    body = made.head() + u16(len(objects)) + b"".join(map(lp, objects)) + u8(0) + lp(revocations)
    with contextlib.suppress(MalformedError, UntrustedError):
        check_return(TRUST, made.signed("return", body), ["itjen"])


def certificate(untrusted: bytes) -> None:
    """Sign the body of a certificate as the root; it is believed, or refused by name."""
    with contextlib.suppress(MalformedError, UntrustedError):
        verify_certificate(TRUST, made.certificate(untrusted))


def server_certificate(untrusted: bytes) -> None:
    """Sign the body of a server's certificate as the root; it is believed, or refused by name."""
    with contextlib.suppress(MalformedError, UntrustedError):
        open_server_certificate(ANCHOR, made.server_certificate(untrusted))


def revocations(untrusted: bytes) -> None:
    """Sign the body of a list of revocations as the root; it is believed, or refused by name."""
    signature = made.ROOT.sign("revocations", made.INSTANCE, untrusted)
    with contextlib.suppress(MalformedError, UntrustedError):
        open_revocations(ANCHOR, b"DBXV" + lp(untrusted) + signature)


def export(untrusted: bytes) -> None:
    """End an export with the SHA-256 and the signature of what was written: it counts, or is refused by name."""
    digest = hashlib.sha256(untrusted).digest()
    whole = untrusted + digest + made.SERVER.sign("export", made.INSTANCE, untrusted)
    with contextlib.suppress(MalformedError, UntrustedError):
        reader = ExportReader(io.BytesIO(whole).read, made.INSTANCE)
        for _ in reader.blobs():
            assert sum(map(len, reader.pieces())) <= len(whole)
        verify_export(TRUST, open_server_certificate(ANCHOR, reader.head.certificate), reader.head, reader.trailer)


def keyring_file(untrusted: bytes) -> None:
    """A keyring file is believed as a whole, or refused as a whole."""
    with contextlib.suppress(MalformedError, UntrustedError):
        assert verify_keyring(untrusted, ANCHOR, made.TODAY).names()


def blob_content(untrusted: bytes) -> None:
    """Seal a content (record, file, without padding) into a blob's stream: it opens, or is damaged."""
    with contextlib.suppress(DamagedError, MalformedError, TooLargeError):
        bucket = bucket_for(len(untrusted))
        header = Header(1, made.EPOCH, made.INSTANCE)
        state = Stream()
        front = nacl.bindings.crypto_secretstream_xchacha20poly1305_init_push(state, stream_key(_FILE_KEY))
        content = (untrusted + b"\x80").ljust(bucket, b"\0")
        chunks = []
        for at in range(0, bucket, 65536):
            tag = 3 if at + 65536 >= bucket else 0
            chunks.append(
                nacl.bindings.crypto_secretstream_xchacha20poly1305_push(state, content[at : at + 65536], None, tag)
            )
        commitment = commitment_of(_FILE_KEY, header.encode(), _STANZA)
        blob = b"".join((header.encode(), _STANZA, commitment, front, *chunks))
        reopen(io.BytesIO(blob).read, len(blob), made.INSTANCE, _FILE_KEY)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "signed body": signed_body,
    "signed return": signed_return,
    "signed certificate": certificate,
    "signed server certificate": server_certificate,
    "signed revocations": revocations,
    "signed export": export,
    "keyring file": keyring_file,
    "blob content": blob_content,
}
