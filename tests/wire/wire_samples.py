"""Right bytes of every kind, and the parser of each."""

import hashlib
import io
from collections.abc import Callable
from typing import Any

from dropbox.wire.blob import Header, Message, parse_header, parse_message
from dropbox.wire.board import (
    CELL_TOTAL_BYTES,
    Board,
    Entry,
    encode_timeline,
    parse_board,
    parse_part,
    parse_timeline,
    split_timeline,
)
from dropbox.wire.bundle import (
    ExportedBlob,
    ExportHead,
    ExportReader,
    ExportWriter,
    ReturnBundle,
    pack_objects,
    parse_return,
    unpack_objects,
)
from dropbox.wire.container import ContainerReader, SealedEntry, container_head
from dropbox.wire.dossier import Answer, Contents, Part, SealedAnswer, parse_answer, parse_contents, parse_sealed_answer
from dropbox.wire.fields import decode_record, encode_record, lp, u32
from dropbox.wire.keyring import (
    KeyBundle,
    KeyedBundle,
    RootAnchor,
    key_hashes,
    parse_anchor,
    parse_key_bundle,
    parse_keyed_bundle,
)
from dropbox.wire.log_statement import LogStatement, parse_log_statement
from dropbox.wire.receipt import Receipts, parse_receipts
from dropbox.wire.receiver import ReceiverCard, encode_card, parse_card
from dropbox.wire.server import (
    SERVER_CERTIFICATE_BYTES,
    ServerCertificate,
    ServerRequest,
    encode_server_certificate,
    parse_server_certificate,
    parse_server_request,
)
from dropbox.wire.signed import (
    Certificate,
    FileSignature,
    Head,
    Revocations,
    encode_object,
    encode_revocations,
    parse_certificate,
    parse_file_signature,
    parse_object,
    parse_revocations,
    split_certificate,
)
from dropbox.wire.statistics import Period, Row, Statistics, Table, parse_statistics

INSTANCE = bytes(range(16))
HEAD = Head(INSTANCE, "itjen", 5, 20781)
CERTIFICATE = Certificate(INSTANCE, "itjen", b"k" * 32, 20781, 20881, 7, demo=False)
RECORD = {
    "kind": b"report",
    "thread": b"t" * 32,
    "nonce": b"n" * 16,
    "desk": b"itjen",
    "sent": u32(20781),
    "claim": b"c" * 32,
    "tag-key": b"g" * 32,
    "answer-key": b"a" * 32,
    "auth-key": b"u" * 32,
    "member": b"m" * 32,
    "channel": b"wbs",
    "category": b"korupsi",
    "what": "apa — é".encode(),
    "who": b"siapa",
    "where": b"",
}
ENTRIES = [
    Entry(1, "received", texts=1, files=2),
    Entry(2, "status", status="TELAAH", next=9),
    Entry(3, "message", text="é"),
]
KEYS = {2968: b"x" * 1216, 2969: b"y" * 1216}
CELLS = tuple(bytes([at]) * CELL_TOTAL_BYTES for at in (1, 2, 200))

TABLES = (
    Table("channel", ("cases",), (Row("wbs", (12,)), Row("dumas", (None,)), Row("total", (None,)))),
    Table("days", ("cases", "median", "p90"), (Row("verifikasi", (11, 3, 0)), Row("audit", (None, None, None)))),
)
STATISTICS = Statistics(HEAD, (Period(20550, 20639, 20650, TABLES[:1]), Period(20640, 20730, 20781, TABLES)))


def export() -> bytes:
    writer = ExportWriter()
    made = [writer.head(ExportHead(INSTANCE, 3, 20781, bytes(SERVER_CERTIFICATE_BYTES)))]
    for blob in (b"one", b"second blob"):
        head = ExportedBlob(hashlib.sha256(b"id" + blob).digest(), len(blob), hashlib.sha256(blob).digest())
        made += writer.blob(head, [blob[:2], blob[2:]])
    return b"".join((*made, writer.trailer({2968: 1, 2**32 - 1: 4}, lambda sha256: sha256 * 2)))


def read_export(untrusted: bytes) -> list[bytes]:
    reader = ExportReader(io.BytesIO(untrusted).read, INSTANCE)
    blobs = [b"".join(reader.pieces()) for _ in reader.blobs()]
    assert reader.trailer.blobs == len(blobs)
    return blobs


BLOB = Header(1, 2968, INSTANCE).encode() + bytes(1168 + 32 + 24 + 16384 + 17)


def container(*blobs: bytes) -> bytes:
    entries = (SealedEntry(bytes([at]) * 32, b"d" * 32, len(blob)).encode() + blob for at, blob in enumerate(blobs))
    return container_head(INSTANCE, len(blobs)) + b"".join(entries)


def read_container(untrusted: bytes) -> list[tuple[SealedEntry, bytes]]:
    reader = ContainerReader(io.BytesIO(untrusted).read, INSTANCE)
    found = [(entry, b"".join(reader.pieces())) for entry in reader.entries()]
    assert reader.count == len(found)
    return found


def header_of(untrusted: bytes) -> Header:
    return parse_header(untrusted, INSTANCE)


def bucket_of(untrusted: bytes) -> int:
    return parse_header(untrusted, INSTANCE).bucket_of(len(untrusted))


def message(untrusted: bytes) -> Message:
    return parse_message(decode_record(untrusted))


def part(untrusted: bytes) -> tuple[int, bytes]:
    return parse_part(untrusted, 0)


BODY = Receipts(HEAD, (b"a" * 32, b"b" * 32)).encode()
OBJECT = encode_object("receipts", lp(CERTIFICATE.encode()) + b"s" * 64, BODY, b"s" * 64)
REVOCATIONS = Revocations(INSTANCE, 3, 20781, {b"a" * 32: 20700, b"b" * 32: 20781}).encode()

PARTS = (Part("bukti/001.png", 5, b"h" * 32), Part("rujukan.json", 2, b"h" * 32), Part("rujukan.pdf", 0, b"h" * 32))
CONTENTS = Contents(HEAD, b"i" * 16, b"c" * 32, b"x" * 1216, PARTS)
ANSWER = Answer(INSTANCE, b"i" * 16, 20781, "B-7", "received", "Tahun é?", "")
CARD = ReceiverCard("KPK é", "referral", 20781, 20981, b"k" * 32, b"x" * 1216)

Parser = Callable[[bytes], Any]
SAMPLES: dict[str, tuple[Parser, bytes]] = {
    "header": (header_of, Header(2, 2968, INSTANCE).encode()),
    "blob length": (bucket_of, Header(1, 2968, INSTANCE).encode() + bytes(1168 + 32 + 24 + 16384 + 17)),
    "record": (decode_record, encode_record(RECORD)),
    "message": (message, encode_record(RECORD)),
    "certificate": (split_certificate, lp(CERTIFICATE.encode()) + b"s" * 64),
    "certificate body": (parse_certificate, CERTIFICATE.encode()),
    "revocations": (parse_revocations, encode_revocations(REVOCATIONS, b"s" * 64)),
    "object": (parse_object, OBJECT),
    "anchor": (parse_anchor, RootAnchor(INSTANCE, b"k" * 32, demo=False, last=21_000).encode()),
    "key bundle": (parse_key_bundle, KeyBundle(HEAD, bytes(32), key_hashes(KEYS)).encode()),
    "keyed bundle": (parse_keyed_bundle, KeyedBundle(OBJECT, KEYS).encode()),
    "receiver card": (parse_card, encode_card(CARD, b"s" * 64)),
    "dossier contents": (parse_contents, CONTENTS.encode()),
    "dossier answer": (parse_answer, ANSWER.encode() + b"s" * 64),
    "sealed answer": (parse_sealed_answer, SealedAnswer(b"i" * 16, b"c" * 1120, b"sealed").encode()),
    "board": (parse_board, Board(HEAD, 0, 1, CELLS).encode()),
    "part": (part, split_timeline(encode_timeline(ENTRIES))[0]),
    "timeline": (parse_timeline, encode_timeline(ENTRIES)),
    "receipts": (parse_receipts, BODY),
    "return": (parse_return, ReturnBundle(HEAD, (OBJECT, OBJECT), KEYS).encode()),
    "objects": (unpack_objects, pack_objects([OBJECT, b"", OBJECT])),
    "export": (read_export, export()),
    "server certificate": (
        parse_server_certificate,
        encode_server_certificate(
            ServerCertificate(INSTANCE, b"w" * 32, 20781, 21181, 3, demo=True).encode(), b"s" * 64
        ),
    ),
    "server request": (parse_server_request, ServerRequest(INSTANCE, b"w" * 32).encode()),
    "container": (read_container, container(BLOB, BLOB[::-1])),
    "statistics": (parse_statistics, STATISTICS.encode()),
    "log statement": (
        parse_log_statement,
        LogStatement(Head(INSTANCE, "itjen", 2019, 20_781), 9, 4, b"h" * 32).encode(),
    ),
    "file signature": (parse_file_signature, FileSignature(INSTANCE, b"h" * 32, b"s" * 64).encode()),
}

# Kinds of which what a parser accepts has one encoding, so that every bit counts; and how that is written.
ENCODERS: dict[str, Callable[[Any], bytes]] = {
    "header": lambda value: value.encode(),
    "certificate body": lambda value: value.encode(),
    "anchor": lambda value: value.encode(),
    "key bundle": lambda value: value.encode(),
    "keyed bundle": lambda value: value.encode(),
    "board": lambda value: value.encode(),
    "receipts": lambda value: value.encode(),
    "return": lambda value: value.encode(),
    "objects": lambda value: len(value).to_bytes(2, "big") + b"".join(map(lp, value)),
    "object": lambda value: encode_object(value.label, value.certificate, value.body, value.signature),
    "container": lambda value: (
        container_head(INSTANCE, len(value)) + b"".join(entry.encode() + blob for entry, blob in value)
    ),
    "file signature": lambda value: value.encode(),
    "statistics": lambda value: value.encode(),
    "log statement": lambda value: value.encode(),
    "record": encode_record,
    "certificate": lambda value: lp(value[0]) + value[1],
    "revocations": lambda value: encode_revocations(value[1], value[2]),
    "receiver card": lambda value: encode_card(*value),
    "dossier contents": lambda value: value.encode(),
    "dossier answer": lambda value: value[0].encode() + value[1],
    "sealed answer": lambda value: value.encode(),
    "server certificate": lambda value: encode_server_certificate(value[1], value[2]),
    "server request": lambda value: value.encode(),
}
