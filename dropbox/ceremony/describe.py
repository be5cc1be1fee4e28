"""Describes files of the drop-box in words, so that people can compare what they carry and pin.

Rule: it verifies no signature, and says so; of a private file it shows only the kind.
"""

from collections.abc import Callable
from typing import Final

from dropbox.ceremony.authority import NO_MANIFEST
from dropbox.crypto.exports import server_fingerprint
from dropbox.crypto.receivers import receiver_fingerprint
from dropbox.crypto.signing import epoch_fingerprint, root_fingerprint, station_fingerprint
from dropbox.crypto.site_manifest import manifest_fingerprint
from dropbox.crypto.words import fingerprint_words
from dropbox.disk.visible import visible
from dropbox.errors import MalformedError
from dropbox.sentences.catalogue import Sentence
from dropbox.wire.bundle import EXPORT_HEAD_BYTES, EXPORT_MAGIC, parse_export_head, parse_return
from dropbox.wire.calendar import date_of, epoch_first_day, epoch_last_day
from dropbox.wire.container import CONTAINER_MAGIC
from dropbox.wire.dossier import ANSWER_MAGIC, DOSSIER_MAGIC, parse_sealed_answer
from dropbox.wire.fields import Reader
from dropbox.wire.keyring import PRIVATE_FILE_LINE, parse_anchor, parse_key_bundle
from dropbox.wire.kinds import kind_of
from dropbox.wire.manifest import MANIFEST_MAGIC, parse_manifest_body, split_manifest
from dropbox.wire.receiver import DRILL, parse_card
from dropbox.wire.request import parse_request
from dropbox.wire.server import (
    ServerCertificate,
    is_server_certificate,
    is_server_request,
    parse_server_certificate,
    parse_server_request,
)
from dropbox.wire.signed import (
    FILE_SIGNATURE_MAGIC,
    LABELS,
    REVOCATION_MAGIC,
    Certificate,
    Head,
    parse_certificate,
    parse_file_signature,
    parse_object,
    parse_revocations,
    read_head,
    shown_number,
    split_certificate,
    split_certificate_file,
)

ROOT_KEY: Final = "root key"
_UNVERIFIED: Final = Sentence("describe.unverified")
_NAMES: Final = {
    "keys": "key bundle",
    "board": "answer board",
    "receipts": "receipts",
    "return": "return bundle",
    "statistics": "statistics",
    "dossier": "list of a dossier",
    "log statement": "yearly statement about the log",
}
_PUBLISHED: Final = {"keys", "board", "receipts", "return", "statistics"}  # numbered under a station's certificate


def describe(untrusted: bytes) -> list[str]:
    """Return lines for a terminal; raises MalformedError for an unknown kind of file."""
    for opening, lines_of in _KINDS:
        if untrusted.startswith(opening):
            return lines_of(untrusted)
    if is_server_certificate(untrusted):
        return [*_server_lines(parse_server_certificate(untrusted)[0]), _UNVERIFIED]
    if is_server_request(untrusted):
        wanted = parse_server_request(untrusted).server
        return [Sentence("describe.server-request"), *server_lines(wanted)]
    if untrusted[8:12] == b"DBXC":  # after the lengths of certificate and body
        certificate, revocations = split_certificate_file(untrusted)
        lines = _certificate_lines(parse_certificate(split_certificate(certificate)[0]))
        return [*lines, *_revocations(revocations)]
    try:
        request = parse_request(untrusted)
    except MalformedError:
        code = kind_of(untrusted) or "file.unknown-kind"
        raise MalformedError(code) from None
    return [Sentence("describe.desk-request", desk=request.desk), *station_lines(request.station)]


def fingerprint_lines(what: str, digest: bytes) -> list[str]:
    """Return a fingerprint as 12 words to read aloud, and in hex."""
    return [Sentence("describe.fingerprint", what=what), f"  {fingerprint_words(digest)}", f"  {digest.hex(' ', 4)}"]


def anchor_lines(untrusted: bytes) -> list[str]:
    """Describe a root.pub; raises MalformedError."""
    anchor = parse_anchor(untrusted)
    return [
        Sentence("describe.anchor-demo" if anchor.demo else "describe.anchor"),
        Sentence("describe.instance", instance=anchor.instance.hex()),
        Sentence("describe.until", last=date_of(anchor.last)),
        *fingerprint_lines(ROOT_KEY, root_fingerprint(anchor)),
    ]


def station_lines(station: bytes) -> list[str]:
    """Return the fingerprint of a station's public key (32 bytes)."""
    return fingerprint_lines("station key", station_fingerprint(station))


def server_lines(server: bytes) -> list[str]:
    """Return the fingerprint of a server's public key (32 bytes)."""
    return fingerprint_lines("server key", server_fingerprint(server))


def _server_lines(certificate: ServerCertificate) -> list[str]:
    return [
        Sentence("describe.server-demo" if certificate.demo else "describe.server", serial=certificate.serial),
        Sentence("describe.from-to", first=date_of(certificate.first), last=date_of(certificate.last)),
        *server_lines(certificate.server),
    ]


def _private(untrusted: bytes) -> list[str]:
    fields = dict(line.split(b": ", 1) for line in untrusted.splitlines()[1:3] if b": " in line)
    kind = fields.get(b"kind", b"")
    known = kind.decode("ascii") if kind.isascii() and kind.replace(b"-", b"").isalpha() else "unknown"
    return [
        Sentence("describe.private", name=known),
        Sentence("describe.private-rule"),
    ]


def _certificate_lines(certificate: Certificate) -> list[str]:
    return [
        Sentence(
            "describe.desk-demo" if certificate.demo else "describe.desk",
            serial=certificate.serial,
            desk=certificate.desk,
        ),
        *([Sentence("describe.successor")] if certificate.successor else []),
        Sentence("describe.from-to", first=date_of(certificate.first), last=date_of(certificate.last)),
        *station_lines(certificate.station),
    ]


def _number(label: str, head: Head) -> str:
    return shown_number(head.number) if label in _PUBLISHED else str(head.number)


def _signed_object(untrusted: bytes) -> list[str]:
    parsed = parse_object(untrusted)
    head = read_head(Reader(parsed.body, parsed.label))
    lines: list[str] = [
        Sentence(
            "describe.object",
            what=_NAMES[parsed.label],
            number=_number(parsed.label, head),
            desk=head.desk,
            day=date_of(head.made),
        ),
        *(
            Sentence("describe.indented", line=line)
            for line in _certificate_lines(parse_certificate(split_certificate(parsed.certificate)[0]))
        ),
    ]
    if parsed.label == "keys":
        lines += _epochs(parsed.body)
    if parsed.label == "return":
        for item in parse_return(parsed.body).objects:
            inner = parse_object(item)
            if inner.label == "return":
                raise MalformedError("return.nested")
            inner_head = read_head(Reader(inner.body, inner.label))
            lines.append(
                Sentence(
                    "describe.holds",
                    what=_NAMES[inner.label],
                    number=_number(inner.label, inner_head),
                    day=date_of(inner_head.made),
                )
            )
            if inner.label == "keys":
                lines += _epochs(inner.body)
    return [*lines, _UNVERIFIED]


def _epochs(body: bytes) -> list[str]:
    return [
        Sentence(
            "describe.week",
            first=date_of(epoch_first_day(epoch)),
            last=date_of(epoch_last_day(epoch)),
            words=fingerprint_words(epoch_fingerprint(key_sha256)),
        )
        for epoch, key_sha256 in parse_key_bundle(body).epochs.items()
    ]


def _revocations(untrusted: bytes) -> list[str]:
    listed = parse_revocations(untrusted)[0]
    lines: list[str] = [
        Sentence("describe.revocations", number=listed.number, day=date_of(listed.made), count=len(listed.keys))
    ]
    for key, day in listed.keys.items():
        lines += [Sentence("describe.revoked", day=date_of(day)), *station_lines(key)]
    return [*lines, _UNVERIFIED]


def _file_signature(untrusted: bytes) -> list[str]:
    signed = parse_file_signature(untrusted).sha256.hex()
    return [
        Sentence("describe.signature"),
        Sentence("describe.signed-sha", sha256=signed),
        Sentence("describe.not-verified"),
    ]


def _container(untrusted: bytes) -> list[str]:
    return [Sentence("describe.container"), Sentence("describe.size", bytes=len(untrusted))]


def _export(untrusted: bytes) -> list[str]:
    head = parse_export_head(untrusted[:EXPORT_HEAD_BYTES])
    return [
        Sentence("describe.export", number=shown_number(head.number), day=date_of(head.day)),
        *(
            Sentence("describe.indented", line=line)
            for line in _server_lines(parse_server_certificate(head.certificate)[0])
        ),
        _UNVERIFIED,
    ]


def _card(untrusted: bytes) -> list[str]:
    card, _signature = parse_card(untrusted)
    return [
        Sentence("describe.card-drill" if card.purpose == DRILL else "describe.card", label=visible(card.label)),
        Sentence("describe.from-to", first=date_of(card.first), last=date_of(card.last)),
        *fingerprint_lines("card", receiver_fingerprint(untrusted)),
        _UNVERIFIED,
    ]


def _dossier(untrusted: bytes) -> list[str]:
    return [Sentence("describe.dossier"), Sentence("describe.size", bytes=len(untrusted))]


def _answer(untrusted: bytes) -> list[str]:
    return [Sentence("describe.answer", dossier=parse_sealed_answer(untrusted).dossier[:4].hex())]


def _manifest(untrusted: bytes) -> list[str]:
    is_proposal = untrusted.startswith(MANIFEST_MAGIC + b"\x01")  # a signed one has a length there, below 2 MiB
    body = untrusted if is_proposal else split_manifest(untrusted)[0]
    said = parse_manifest_body(body)
    return [
        Sentence("describe.manifest", number=said.number, version=said.version, day=date_of(said.made)),
        *fingerprint_lines("site manifest", manifest_fingerprint(body)),
        _UNVERIFIED,
    ]


def _no_manifest(_untrusted: bytes) -> list[str]:
    return [Sentence("describe.no-manifest")]


_KINDS: Final[tuple[tuple[bytes, Callable[[bytes], list[str]]], ...]] = (
    (PRIVATE_FILE_LINE, _private),
    (b"dropbox root key", anchor_lines),
    (b"dropbox receiver key", _card),
    (DOSSIER_MAGIC, _dossier),
    (ANSWER_MAGIC, _answer),
    (REVOCATION_MAGIC, _revocations),
    (MANIFEST_MAGIC, _manifest),
    (NO_MANIFEST, _no_manifest),
    (EXPORT_MAGIC, _export),
    (CONTAINER_MAGIC, _container),
    (FILE_SIGNATURE_MAGIC, _file_signature),
    *((magic, _signed_object) for magic in LABELS),
)
