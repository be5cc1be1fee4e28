"""Every file of tests/vectors stops where it says, and the good ones give what they say."""

import hashlib
import io
import re
from dataclasses import replace
from pathlib import Path

import nacl.bindings
import pytest
from boards_file import parse_boards
from vector_files import VECTORS, VectorFile, family, generate, read, tree
from vector_stages import each, stops

from dropbox.courier.checking import check_return
from dropbox.crypto.answers import open_timeline
from dropbox.crypto.claims import make_claim, verify_claim
from dropbox.crypto.dossiers import seal_dossier
from dropbox.crypto.dossiers import stream_key as dossier_stream_key
from dropbox.crypto.exports import open_server_certificate, verify_export
from dropbox.crypto.kdf import prf
from dropbox.crypto.kem import EpochPublicKey
from dropbox.crypto.key_bundle import open_keyed_bundle
from dropbox.crypto.keyring import DeskKeys, verify_keyring
from dropbox.crypto.log_statements import open_log_statement
from dropbox.crypto.private.desk_keys import EpochSecretKey
from dropbox.crypto.private.opening import check, file_pieces
from dropbox.crypto.private.receiver_keys import Dossier, ReceiverKey, open_answer
from dropbox.crypto.private.receiver_keys import check as check_dossier
from dropbox.crypto.private.receiver_keys import parts as dossier_parts
from dropbox.crypto.receivers import receiver_fingerprint, verify_answer, verify_card
from dropbox.crypto.sealing import Address, Decoys, Sealer, Stream, SystemRandomness
from dropbox.crypto.secret import parse_code, parse_secret
from dropbox.crypto.signing import Trust, open_object, open_revocations, root_fingerprint, verify_certificate
from dropbox.crypto.words import fingerprint_words
from dropbox.errors import (
    DamagedError,
    WrongCodeError,
    WrongWordsError,
)
from dropbox.form.keyword_match import holds_keyword
from dropbox.limits import READER_AHEAD_DAYS
from dropbox.wire.blob import HEADER_BYTES, STANZA_BYTES
from dropbox.wire.board import encode_timeline, find_in, parse_board, parse_timeline
from dropbox.wire.bundle import ExportReader, parse_return
from dropbox.wire.calendar import epoch_of
from dropbox.wire.dossier import PREFIX_BYTES
from dropbox.wire.fields import decode_record
from dropbox.wire.keyring import parse_anchor, parse_key_bundle
from dropbox.wire.receipt import parse_receipts
from dropbox.wire.receiver import ReceiverCard
from dropbox.wire.signed import encode_object, parse_object
from dropbox.wire.statistics import parse_statistics

FAMILIES = (
    "secret",
    "blob",
    "anchor",
    "certificate",
    "revocations",
    "keys",
    "keyed",
    "board",
    "receipts",
    "return",
    "keyring",
    "imported",
    "export",
    "server-certificate",
    "claim",
    "statistics",
    "log-statement",
    "card",
    "dossier",
    "answer",
    "confirm",
    "keyword-match",
    "boards",
)
ELSEWHERE = (  # in test_vectors_carried.py
    "container",
    "accepted",
    "digest",
    "file-signature",
    "certificate-file",
    "station-request",
    "server-request",
    "courier-key",
    "notice",
    "site-manifest",
    "imported-after",  # in test_vectors_held.py
)


def test_generated_anew_equal_the_committed(tmp_path: Path) -> None:
    """The generator writes exactly the files that stand here."""
    generate(tmp_path)
    assert tree(tmp_path) == tree(VECTORS)


def test_families_are_all_run() -> None:
    """Every folder of vectors is one that this file runs, and holds files that pass and files that fail."""
    every = {*FAMILIES, *ELSEWHERE}
    assert {path.name for path in VECTORS.iterdir() if path.is_dir() and path.name != "__pycache__"} == every
    for name in every - {"digest"}:  # it says how something is made
        expected = {vector.expect for vector in family(name)}
        assert "ok" in expected
        assert len(expected) > 1


def test_all_vectors_stay_small() -> None:
    """The committed vectors hold less than seven megabytes together."""
    assert sum(len(body) for body in tree(VECTORS).values()) < 7 << 20


def typed(vector: VectorFile) -> tuple[str, str]:
    header = vector.header
    if "code-hex" in header:
        return vector.hex("code-hex").decode(), vector.hex("words-hex").decode()
    return header["code"], header["words"]


@each("secret")
def test_secret(vector: VectorFile) -> None:
    """A typed code and words give the keys that stand in the file, or fail for the reason it names."""
    code, words = typed(vector)
    kind, _, reason = vector.expect.partition("-")
    if kind == "code":
        with pytest.raises(WrongCodeError) as wrong_code:
            parse_secret(code, words)
        assert wrong_code.value.reason == reason
        return
    if kind == "words":
        with pytest.raises(WrongWordsError) as wrong_words:
            parse_secret(code, words)
        assert wrong_words.value.reason == reason
        assert wrong_words.value.position == int(vector.header.get("position", "0"))
        return
    secret = parse_secret(code, words)
    assert secret.code == vector.header.get("same-code", code)
    assert secret.words == vector.header.get("same-words", words)
    keys = secret.keys(vector.hex("instance"), vector.header["desk"])
    shown = ("thread", "claim", "tag_key", "answer_key", "auth_key", "id_key", "digest_key")
    assert {name: getattr(keys, name).hex() for name in shown} == {
        name: vector.header[name.replace("_", "-")] for name in shown
    }
    first, following = keys.blob_id(bytes(16)), keys.blob_id(vector.hex("next-nonce"))
    assert (first, following) == (vector.hex("first-blob-id"), vector.hex("next-blob-id"))
    digest = keys.content_digest()
    digest.update(vector.hex("content"))
    assert digest.value(first) == vector.hex("digest-first")
    assert digest.value(following) == vector.hex("digest-next")
    assert keys.content_digest().value(first) == vector.hex("digest-of-nothing")


@each("secret")
def test_master_and_claim_seed(vector: VectorFile) -> None:
    """The values between, which Python does not show, follow from FORMAT's lines too."""
    if vector.expect != "ok":
        assert "master" not in vector.header
        return
    code, words = typed(vector)
    secret = parse_secret(code, words)
    indices = b"".join(index.to_bytes(2, "big") for index in secret._indices)
    desk = vector.header["desk"].encode()
    master = prf(indices, "master", vector.hex("instance"), desk, parse_code(code).encode())
    assert master == vector.hex("master")
    assert nacl.bindings.crypto_sign_seed_keypair(vector.hex("claim-seed"))[0] == vector.hex("claim")


def file_of(vector: VectorFile) -> bytes:
    if "file" in vector.header:
        return vector.hex("file")
    unit, count = vector.header["file-repeat"].split()
    return bytes.fromhex(unit) * int(count)


@each("blob")
def test_blob(vector: VectorFile) -> None:
    """A blob opens to its record and file, or stops at its stage."""
    key, instance = EpochSecretKey(vector.hex("epoch-seed")), vector.hex("instance")
    desk = vector.header["desk"]

    def opened() -> object:
        return check(io.BytesIO(vector.body).read, len(vector.body), instance, desk, key)

    if stops(vector, opened):
        return
    result = check(io.BytesIO(vector.body).read, len(vector.body), instance, desk, key)
    assert result.is_member is (vector.expect == "ok")
    if vector.expect == "member":
        return
    file = file_of(vector)
    assert (result.file_bytes, result.file_sha256) == (len(file), hashlib.sha256(file).digest())
    pieces = file_pieces(io.BytesIO(vector.body).read, len(vector.body), instance, result.file_key)
    assert b"".join(pieces) == file
    record, message = vector.numbered("record."), result.message
    texts = {name: value.decode() for name, value in record.items() if name in message.fields}
    assert message.fields == texts
    assert (" ".join(sorted(message.fields)), message.lang) == (vector.header["fields"], vector.header["lang"])
    assert (message.kind, message.desk) == (record["kind"].decode(), desk)
    named = [vector.hex(name).decode() for name in ("name", "type")] if message.kind == "file" else ["", ""]
    assert [message.name, message.type] == named
    assert (message.thread, message.nonce, message.member) == (record["thread"], record["nonce"], record["member"])
    assert message.keys == {name: record[name] for name in ("claim", "tag-key", "answer-key", "auth-key")}
    assert message.sent == int.from_bytes(record["sent"], "big")


class Replay(SystemRandomness):
    """What was random when the vector's blob was sealed."""

    def __init__(self, vector: VectorFile, ciphertext: bytes) -> None:
        self._vector, self._ciphertext = vector, ciphertext

    def file_key(self) -> bytes:
        return self._vector.hex("file-key")

    def encapsulate(self, key: EpochPublicKey) -> tuple[bytes, bytes]:
        secret = EpochSecretKey(self._vector.hex("epoch-seed"))
        assert key == secret.public
        assert secret.decapsulate(self._ciphertext) == self._vector.hex("kem-secret")
        return self._ciphertext, self._vector.hex("kem-secret")

    def stream(self, key: bytes) -> tuple[bytes, Stream]:
        # init_push draws its header and then does what init_pull does with a given one.
        state, header = Stream(), self._vector.hex("stream-header")
        nacl.bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, header, key)
        return header, state


class ShownDecoys(Decoys):
    """Gives the stanzas that stand in the vector's other slots, in turn."""

    def __init__(self, stanzas: list[bytes]) -> None:
        self._stanzas = iter(stanzas)

    def stanza(self) -> bytes:
        return next(self._stanzas)


@pytest.mark.parametrize(
    "vector", [one for one in family("blob") if one.expect == "ok"], ids=lambda vector: vector.name
)
def test_sealer_makes_the_same_blob(vector: VectorFile) -> None:
    """With the vector's randomness our sealer writes the bytes that the second construction wrote."""
    slots, slot = vector.number("slots"), vector.number("slot")
    stanzas = [
        vector.body[at : at + STANZA_BYTES]
        for at in range(HEADER_BYTES, HEADER_BYTES + slots * STANZA_BYTES, STANZA_BYTES)
    ]
    own = stanzas.pop(slot)
    record = {name: value for name, value in vector.numbered("record.").items() if name != "member"}
    public = EpochSecretKey(vector.hex("epoch-seed")).public
    address = Address(vector.hex("instance"), vector.number("epoch"), slots, slot, public)
    sealer = Sealer(
        address, ShownDecoys(stanzas), vector.hex("auth-key"), record, randomness=Replay(vector, own[:1120])
    )
    made, file = [sealer.start()], file_of(vector)
    for at in range(0, len(file), 7001):
        made += sealer.update(file[at : at + 7001])
    made += sealer.finish()
    assert b"".join(made) == vector.body


@each("anchor")
def test_anchor(vector: VectorFile) -> None:
    """root.pub has one form, and its fingerprint is read aloud as the words in the file."""
    if stops(vector, lambda: parse_anchor(vector.body)):
        return
    anchor = parse_anchor(vector.body)
    assert (anchor.instance, anchor.key) == (vector.hex("instance"), vector.hex("key"))
    assert (anchor.demo, anchor.last) == (vector.header["use"] == "demo", vector.number("last"))
    assert anchor.encode() == vector.body
    assert root_fingerprint(anchor) == vector.hex("fingerprint")
    assert fingerprint_words(root_fingerprint(anchor)) == vector.header["fingerprint-words"]


def trust_of(vector: VectorFile) -> Trust:
    revoked = frozenset(map(bytes.fromhex, vector.header["revoked"].split()))
    return Trust(parse_anchor(vector.hex("anchor")), vector.number("today"), revoked)


@each("certificate")
def test_certificate(vector: VectorFile) -> None:
    """A certificate holds, or is refused for the reason in the file."""
    if stops(vector, lambda: verify_certificate(trust_of(vector), vector.body)):
        return
    certificate = verify_certificate(trust_of(vector), vector.body)
    assert (certificate.desk, certificate.station) == (vector.header["desk"], vector.hex("station"))
    assert [certificate.first, certificate.last] == [vector.number("first"), vector.number("last")]
    assert certificate.serial == vector.number("serial")
    assert certificate.successor is ("successor" in vector.header)
    assert vector.body == len(certificate.encode()).to_bytes(4, "big") + certificate.encode() + vector.body[-64:]


@each("claim")
def test_claim(vector: VectorFile) -> None:
    """A claim is the holder's of code and words for one challenge, or stops where it says; made anew it is the same."""
    known = (vector.hex("key"), vector.hex("instance"), vector.header["desk"], vector.hex("challenge"))
    if stops(vector, lambda: verify_claim(vector.body, *known)):
        return
    header = vector.header
    statement = header["statement"] if "statement" in header else vector.hex("statement-hex").decode()
    assert verify_claim(vector.body, *known) == statement
    assert make_claim(parse_secret(header["code"], header["words"]), *known[1:], statement) == vector.body


@each("card")
def test_card(vector: VectorFile) -> None:
    """A receiver's card has one form, is signed by itself, and its words follow from the whole file."""
    if stops(vector, lambda: verify_card(vector.body)):
        return
    card = verify_card(vector.body)
    assert (card.label, card.purpose) == (vector.hex("label-hex").decode(), vector.header["purpose"])
    assert (card.first, card.last) == (vector.number("first"), vector.number("last"))
    assert (card.sign, card.seal) == (vector.hex("sign"), vector.hex("seal"))
    assert receiver_fingerprint(vector.body) == vector.hex("fingerprint")
    assert fingerprint_words(receiver_fingerprint(vector.body)) == vector.header["fingerprint-words"]


def card_of(vector: VectorFile) -> ReceiverCard:
    """The card of a receiver whose facts stand in the file."""
    sign = nacl.bindings.crypto_sign_seed_keypair(vector.hex("sign-seed"))[0]
    return ReceiverCard("", "referral", vector.number("card-first"), vector.number("card-last"), sign, b"")


@each("dossier")
def test_dossier(vector: VectorFile) -> None:
    """A dossier opens for its receiver part by part, or stops where it says; sealed anew it is the same bytes."""
    key = ReceiverKey.from_secret(vector.hex("epoch-seed") + vector.hex("sign-seed"))
    known = (key, card_of(vector), vector.hex("card-sha256"), trust_of(vector))
    if stops(vector, lambda: check_dossier(io.BytesIO(vector.body).read, *known)):
        return
    dossier = check_dossier(io.BytesIO(vector.body).read, *known)
    contents = dossier.contents
    assert (contents.id, contents.reply_key) == (vector.hex("id"), vector.hex("reply-key"))
    assert (contents.head.desk, contents.head.made) == (vector.header["desk"], vector.number("made"))
    found = {part.name: b"".join(pieces) for part, pieces in dossier_parts(io.BytesIO(vector.body).read, dossier)}
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in found.items()}
    assert hashes == {name[7:]: value for name, value in vector.header.items() if name.startswith("sha256.")}
    signed = encode_object("dossier", *opened_object(vector, dossier))
    again = seal_dossier(
        contents.head.instance, key.seal.public.raw, signed, found.values(), Replay(vector, vector.body[21:1141])
    )
    assert b"".join(again) == vector.body


def opened_object(vector: VectorFile, dossier: Dossier) -> tuple[bytes, bytes, bytes]:
    """Certificate, body and signature as they stand in the dossier's stream."""
    state = Stream()
    nacl.bindings.crypto_secretstream_xchacha20poly1305_init_pull(
        state, vector.hex("stream-header"), dossier_stream_key(dossier.file_key)
    )
    sealed = vector.body[PREFIX_BYTES + 24 :][: 65536 + 17]
    content, _ = nacl.bindings.crypto_secretstream_xchacha20poly1305_pull(state, sealed, None)
    parsed = parse_object(content[4 : 4 + int.from_bytes(content[:4], "big")])
    return parsed.certificate, parsed.body, parsed.signature


@each("answer")
def test_answer(vector: VectorFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer opens for the desk alone and is its receiver's, or stops where it says; made anew it is the same."""
    reply = EpochSecretKey(vector.hex("reply-seed"))
    known = (card_of(vector), vector.hex("instance"), vector.hex("dossier"), vector.number("today"))
    if stops(vector, lambda: verify_answer(open_answer(vector.body, reply), *known)):
        return
    answer = verify_answer(open_answer(vector.body, reply), *known)
    assert answer.day == vector.number("day")
    said = {name: getattr(answer, name) for name in ("number", "result", "question", "remark")}
    assert said == {name: vector.hex(f"{name}-hex").decode() for name in said}
    monkeypatch.setattr(
        "dropbox.crypto.receivers.encapsulate", lambda _: (vector.body[21:1141], vector.hex("kem-secret"))
    )
    key = ReceiverKey.from_secret(bytes(32) + vector.hex("sign-seed"))
    assert key.answer(reply.public.raw, answer) == vector.body


@each("confirm")
def test_confirm(vector: VectorFile) -> None:
    """The word that is asked for, and no other, confirms that code and words were written down."""
    secret = parse_secret(vector.header["code"], vector.header["words"])
    assert secret.confirm_number == vector.number("number")
    assert secret.is_confirmed_by(vector.hex("typed-hex").decode()) == (vector.expect == "ok")


@each("keyword-match")
def test_keyword_match(vector: VectorFile) -> None:
    """A text contains one of the phrases, or none of them."""
    phrases = vector.header["phrases"].split("|")
    assert holds_keyword(vector.body.decode(), phrases) == (vector.expect == "ok")


@each("revocations")
def test_revocations(vector: VectorFile) -> None:
    """A list of revoked keys is taken from the root alone."""
    anchor = trust_of(vector).anchor
    if stops(vector, lambda: open_revocations(anchor, vector.body)):
        return
    revocations = open_revocations(anchor, vector.body)
    assert revocations.number == vector.number("number")
    assert revocations.made == vector.number("made")
    assert [key.hex() for key in revocations.keys] == vector.header["keys"].split()


@each("keys")
def test_keys(vector: VectorFile) -> None:
    """A key bundle gives the hashes of its weeks' keys, or is refused."""
    if stops(vector, lambda: parse_key_bundle(open_object(trust_of(vector), vector.body, "keys").body)):
        return
    verified = open_object(trust_of(vector), vector.body, "keys")
    bundle = parse_key_bundle(verified.body)
    assert bundle.head == verified.head
    assert (bundle.head.desk, bundle.head.number) == (vector.header["desk"], vector.number("number"))
    assert (bundle.head.made, bundle.previous) == (vector.number("made"), vector.hex("previous"))
    assert list(bundle.epochs) == list(map(int, vector.header["epochs"].split()))
    publics = [EpochSecretKey(bytes.fromhex(seed)).public.raw for seed in vector.header["epoch-seeds"].split()]
    assert list(bundle.epochs.values()) == [hashlib.sha256(public).digest() for public in publics]
    assert bundle.encode() == verified.body


@each("keyed")
def test_keyed(vector: VectorFile) -> None:
    """Carried keys are those that the bundle names, or all is refused; without today's key the desk is closed."""
    if stops(vector, lambda: open_keyed_bundle(trust_of(vector), vector.body)):
        return
    verified = open_keyed_bundle(trust_of(vector), vector.body)
    epochs = list(map(int, vector.header["epochs"].split()))
    assert list(verified.keys) == epochs
    assert verified.keyed.encode() == vector.body
    today = vector.number("today")
    assert (DeskKeys.from_verified(verified).key(today) is not None) is (epoch_of(today) in epochs)


@each("receipts")
def test_receipts(vector: VectorFile) -> None:
    """Receipts name their blobs, or are refused."""
    if stops(vector, lambda: parse_receipts(open_object(trust_of(vector), vector.body, "receipts").body)):
        return
    receipts = parse_receipts(open_object(trust_of(vector), vector.body, "receipts").body)
    assert (receipts.head.number, receipts.head.made) == (vector.number("number"), vector.number("made"))
    assert [blob.hex() for blob in receipts.blobs] == vector.header["blobs"].split()


@each("return")
def test_return(vector: VectorFile) -> None:
    """A return gives its objects, or is refused."""
    if stops(vector, lambda: parse_return(open_object(trust_of(vector), vector.body, "return").body)):
        return
    bundle = parse_return(open_object(trust_of(vector), vector.body, "return").body)
    assert [parse_object(one).label for one in bundle.objects] == vector.header["labels"].split()
    assert bundle.revocations == vector.hex("list")
    assert list(bundle.keys) == list(map(int, vector.header["epochs"].split()))


@each("statistics")
def test_statistics(vector: VectorFile) -> None:
    """Statistics give periods, codes and numbers, or are refused."""
    if stops(vector, lambda: parse_statistics(open_object(trust_of(vector), vector.body, "statistics").body)):
        return
    verified = open_object(trust_of(vector), vector.body, "statistics")
    found = parse_statistics(verified.body)
    assert found.head == verified.head
    assert found.encode() == verified.body
    shown = {}
    for at, period in enumerate(found.periods):
        shown[f"period.{at}"] = f"{period.first} {period.last} {period.counted}"
        for place, table in enumerate(period.tables):
            rows = [" ".join([row.code, *("-" if n is None else str(n) for n in row.values)]) for row in table.rows]
            shown[f"table.{at}.{place}"] = "; ".join([" ".join([table.code, *table.columns]), *rows])
    assert shown == {name: value for name, value in vector.header.items() if name.startswith(("period.", "table."))}


@each("log-statement")
def test_log_statement(vector: VectorFile) -> None:
    """A statement gives a year, two numbers and a hash, or is refused."""
    if stops(vector, lambda: open_log_statement(trust_of(vector), vector.body)):
        return
    found = open_log_statement(trust_of(vector), vector.body)
    assert found.encode() == parse_object(vector.body).body
    assert (found.year, found.lines, found.of_year) == tuple(map(vector.number, ("year", "lines", "of-year")))
    assert found.hash == vector.hex("hash")


@each("board")
def test_board(vector: VectorFile) -> None:
    """A board gives the timeline of a secret, says that it has none, or is refused."""
    trust, dated = trust_of(vector), vector.header.get("dated") != "no"
    inside = vector.expect in ("cell", "part", "timeline")
    if not inside and stops(vector, lambda: parse_board(open_object(trust, vector.body, "board", dated=dated).body)):
        return
    board = parse_board(open_object(trust, vector.body, "board", dated=dated).body)

    def timeline() -> object:
        tag_key, answer_key = vector.hex("tag-key"), vector.hex("answer-key")
        head = board.head
        return open_timeline(tag_key, answer_key, head.instance, head.desk, head.number, board.find)

    if stops(vector, timeline):
        return
    if vector.expect == "none":
        assert timeline() is None
        return
    expected = parse_timeline(vector.hex("timeline"))
    assert timeline() == expected
    assert (board.head.number, board.head.made) == (vector.number("number"), vector.number("made"))
    for at, entry in enumerate(expected):
        values = vector.numbered(f"entry.{at}.")
        known = {name: value for name, value in values.items() if name != "zukunft"}
        assert decode_record(entry.encode()) == known
    if not any(key.endswith(".zukunft") for key in vector.header):
        assert encode_timeline(expected) == vector.hex("timeline")


@each("boards")
def test_boards(vector: VectorFile) -> None:
    """A boards file gives the board of each desk whose key is not revoked, or is refused whole."""
    trust = replace(trust_of(vector), ahead=READER_AHEAD_DAYS)
    if stops(vector, lambda: parse_boards(trust, vector.body)):
        return
    boards = parse_boards(trust, vector.body)
    assert " ".join(f"{shards[0].head.desk}:{len(shards)}" for shards in boards) == vector.header["desks"]
    for shards in boards:
        for cell in (one for shard in shards for one in shard.cells):
            assert find_in(shards, cell[:16]) == cell[16:]


@each("server-certificate")
def test_server_certificate(vector: VectorFile) -> None:
    """A server's certificate is believed by the pinned root, or stops where it says."""
    root = parse_anchor(vector.hex("anchor"))
    if not stops(vector, lambda: open_server_certificate(root, vector.body)):
        certificate = open_server_certificate(root, vector.body)
        assert certificate.server == vector.hex("server")
        numbers = (certificate.first, certificate.last, certificate.serial)
        assert numbers == tuple(vector.number(name) for name in ("first", "last", "serial"))


@each("keyring")
def test_keyring(vector: VectorFile) -> None:
    """A keyring file gives its desks in the order of their slots, and says which are closed."""
    trust = trust_of(vector)
    if stops(vector, lambda: verify_keyring(vector.body, trust.anchor, trust.today)):
        return
    keyring = verify_keyring(vector.body, trust.anchor, trust.today)
    assert keyring.names() == vector.header["desks"].split()
    assert sorted({*keyring.names()} - {*keyring.open_desks(trust.today)}) == vector.header["closed"].split()


@each("imported")
def test_imported(vector: VectorFile) -> None:
    """A whole return is taken by the importer, or stops where it says."""
    if stops(vector, lambda: check_return(trust_of(vector), vector.body, ["itjen"])):
        return
    checked = check_return(trust_of(vector), vector.body, ["itjen"])
    assert [keys.bundle.head.number for keys in checked.keys] == list(map(int, vector.header["keys"].split()))


@each("export")
def test_export(vector: VectorFile) -> None:
    """An export gives its blobs up to the damage, and counts only when it is whole and the server's."""
    good: list[str] = []

    def read_all() -> ExportReader:
        reader = ExportReader(io.BytesIO(vector.body).read, vector.hex("instance"))
        for blob in reader.blobs():
            content = b"".join(reader.pieces())
            if hashlib.sha256(content).digest() != blob.sha256:
                raise DamagedError("a blob's hash is wrong")
            good.append(f"{blob.id.hex()} {len(content)} {blob.sha256.hex()}")
        revoked = frozenset([vector.hex("revoked")] if vector.header["revoked"] else [])
        trust = Trust(parse_anchor(vector.hex("anchor")), vector.number("today"), revoked)
        certificate = open_server_certificate(trust.anchor, reader.head.certificate)
        verify_export(trust, certificate, reader.head, reader.trailer)
        return reader

    if vector.expect == "blob":
        with pytest.raises(DamagedError):
            read_all()
    elif not stops(vector, read_all):
        good.clear()
        reader = read_all()
        assert (reader.head.number, reader.head.day) == (vector.number("number"), vector.number("day"))
        assert good == [vector.header[f"blob.{at}"] for at in range(len(good))]
        held = " ".join(f"{epoch}={count}" for epoch, count in reader.trailer.held.items())
        assert (held, reader.trailer.blobs) == (vector.header["held"], len(good))
        taken = " ".join(f"{desk}={number}" for desk, number in reader.trailer.returns.items())
        assert taken == vector.header["returns"]
    assert len(good) == vector.number("good-blobs")


def test_worked_example() -> None:
    """What FORMAT.md shows is what the vectors hold."""
    text = (Path(__file__).parents[2] / "dropbox/wire/FORMAT.md").read_text("utf-8").split("## Worked example")[1]
    secret, blob = read(VECTORS / "secret/ok-first.vec"), read(VECTORS / "blob/ok-report.vec")
    shown = dict(re.findall(r"^    ([a-z ]+?) {2,}(\S.*)$", text, re.MULTILINE))
    names = {"mk": "master", "thread id": "thread", "blob id": "first-blob-id"}
    for name in ("instance", "code", "words", *names):
        assert shown[name] == secret.header[names.get(name, name)]
    assert (shown["desk"], bytes.fromhex(shown["nonce"])) == (blob.header["desk"], blob.hex("record.nonce"))
    assert f"= {len(blob.body)} bytes" in text
    header = re.search("`([0-9a-f ]{56,})`", text)
    assert header is not None
    assert bytes.fromhex(header[1]) == blob.body[:HEADER_BYTES]
