"""Vectors of what is carried or fetched: containers, digests, a first look, signed files, notices, manifests."""

import io
from types import SimpleNamespace
from typing import Any

import pytest
from vector_files import VectorFile
from vector_stages import each, stops

from dropbox.crypto.envelope import Envelope
from dropbox.crypto.private.courier_key import CourierKey, open_notice
from dropbox.crypto.secret import parse_secret
from dropbox.crypto.signing import verify_file
from dropbox.crypto.site_manifest import manifest_fingerprint, open_manifest
from dropbox.web.intake.acceptance import Refusal, checked_epoch
from dropbox.wire.container import ContainerReader
from dropbox.wire.fields import encode_record
from dropbox.wire.keyring import parse_anchor
from dropbox.wire.manifest import encode_manifest, split_manifest
from dropbox.wire.notice import encode_key, find_notice, parse_key
from dropbox.wire.request import encode_request, parse_request
from dropbox.wire.server import parse_server_request
from dropbox.wire.signed import encode_certificate_file, split_certificate_file

REFUSALS = {  # stage: key and status of the server's answer
    "malformed": ("blob-refused", 422),
    "slots": ("blob-refused", 422),
    "early": ("epoch-early", 422),
    "ended": ("epoch-ended", 410),
}


@each("container")
def test_container(vector: VectorFile) -> None:
    """A container gives its blobs up to a damaged place."""
    found: list[str] = []

    def read_all() -> None:
        reader = ContainerReader(io.BytesIO(vector.body).read, vector.hex("instance"))
        for entry in reader.entries():
            content = b"".join(reader.pieces())
            found.append(f"{entry.id.hex()} {entry.digest.hex()} {len(content)}")

    if not stops(vector, read_all):
        read_all()
    assert found == [vector.header[f"blob.{at}"] for at in range(vector.number("good-blobs"))]


@each("accepted")
def test_accepted(vector: VectorFile) -> None:
    """A server takes a blob of these days for its desks, or answers why it does not."""
    slots = [int(one) for one in vector.header["slots"].split()]
    keyring = SimpleNamespace(slots=lambda _: slots, keyring_file_desks=lambda _: ("a desk",))
    day = vector.number("today")
    site: Any = SimpleNamespace(
        utc_day=lambda: day, instance=vector.hex("instance"), keyring=keyring, anchor=SimpleNamespace(last=2**32)
    )
    if vector.expect == "ok":
        assert checked_epoch(site, vector.body, vector.number("length")) == int.from_bytes(vector.body[6:10], "big")
        return
    with pytest.raises(Refusal) as refused:
        checked_epoch(site, vector.body, vector.number("length"))
    assert (refused.value.key, refused.value.status) == REFUSALS[vector.expect]


@each("digest")
def test_digest(vector: VectorFile) -> None:
    """The id and the digest of a message follow from its nonce and its content C, which holds what is named."""
    header = vector.header
    keys = parse_secret(header["code"], header["words"]).keys(vector.hex("instance"), header["desk"])
    envelope = Envelope(keys, header["desk"], "en", 0)
    typed = {name: value.decode() for name, value in vector.numbered("typed.").items()}
    blob_id = keys.blob_id(vector.hex("nonce"))
    if header["kind"] == "file":
        digest = envelope.file_digest(typed["name"], typed["type"])
        digest.update(vector.body)
        made = digest.value(blob_id)
    else:
        blob_id, made, record = envelope.text(header["kind"], vector.hex("nonce"), typed)
        named = {name: value for name, value in record.items() if name in (*typed, "kind", "desk")}
        assert encode_record(named) == vector.hex("content")
    assert (blob_id, made) == (vector.hex("id"), vector.hex("digest"))
    digest = keys.content_digest()
    digest.update(vector.hex("content"))
    assert digest.value(blob_id) == made


@each("file-signature")
def test_file_signature(vector: VectorFile) -> None:
    """The root's signature is of one file, or stops where it says."""
    known = (parse_anchor(vector.hex("anchor")), vector.hex("file"), vector.body)
    if not stops(vector, lambda: verify_file(*known)):
        assert verify_file(*known)


@each("certificate-file")
def test_certificate_file(vector: VectorFile) -> None:
    """A certificate file gives the certificate and the list."""
    if not stops(vector, lambda: split_certificate_file(vector.body)):
        parts = split_certificate_file(vector.body)
        assert parts == (vector.hex("certificate"), vector.hex("list"))
        assert encode_certificate_file(*parts) == vector.body


@each("station-request")
def test_station_request(vector: VectorFile) -> None:
    """A desk's request has one form."""
    if not stops(vector, lambda: parse_request(vector.body)):
        request = parse_request(vector.body)
        assert (request.desk, request.station) == (vector.header["desk"], vector.hex("station"))
        assert encode_request(request) == vector.body


@each("server-request")
def test_server_request(vector: VectorFile) -> None:
    """A server's request has one form."""
    if not stops(vector, lambda: parse_server_request(vector.body)):
        request = parse_server_request(vector.body)
        assert (request.instance, request.server) == (vector.hex("instance"), vector.hex("server"))
        assert request.encode() == vector.body


@each("courier-key")
def test_courier_key(vector: VectorFile) -> None:
    """A courier's key file gives the key."""
    if not stops(vector, lambda: parse_key(vector.body)):
        assert parse_key(vector.body) == vector.hex("key")
        assert encode_key(vector.hex("key")) == vector.body


@each("notice")
def test_notice(vector: VectorFile) -> None:
    """A notice is found in a mail and opens with the courier's key alone."""
    key = CourierKey(vector.hex("epoch-seed"))
    if not stops(vector, lambda: open_notice(key, find_notice(vector.body))):
        notice = open_notice(key, find_notice(vector.body))
        assert (notice.day, notice.value) == (vector.number("day"), vector.number("value"))


@each("site-manifest")
def test_site_manifest(vector: VectorFile) -> None:
    """A site's manifest gives what the root said, and has one encoding."""
    anchor = parse_anchor(vector.hex("anchor"))
    if stops(vector, lambda: open_manifest(anchor, vector.body)):
        return
    manifest = open_manifest(anchor, vector.body)
    body, signature = split_manifest(vector.body)
    header = vector.header
    assert (manifest.number, manifest.made) == (vector.number("number"), vector.number("made"))
    assert (manifest.version, manifest.policy) == (header["version"], header["policy"])
    assert (manifest.program, manifest.settings) == (vector.hex("program"), vector.hex("settings"))
    rows = [f"{path} {answer.fixed:d} {answer.sha256.hex()}" for path, answer in manifest.answers.items()]
    assert rows == [header[f"answer.{at}"] for at in range(len(rows))]
    assert f"answer.{len(rows)}" not in header
    assert manifest_fingerprint(body) == vector.hex("fingerprint")
    assert encode_manifest(manifest.encode(), signature) == vector.body
