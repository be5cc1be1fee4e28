"""What the program makes of what people type, seal and carry."""

import hashlib
import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import nacl.bindings

from dropbox.crypto.claims import verify_claim
from dropbox.crypto.exports import open_server_certificate, verify_export
from dropbox.crypto.private.courier_key import CourierKey, open_notice
from dropbox.crypto.private.desk_keys import EpochSecretKey
from dropbox.crypto.private.opening import check, file_pieces
from dropbox.crypto.private.receiver_keys import ReceiverKey, open_answer
from dropbox.crypto.private.receiver_keys import check as check_dossier
from dropbox.crypto.private.receiver_keys import parts as dossier_parts
from dropbox.crypto.receivers import receiver_fingerprint, verify_answer, verify_card
from dropbox.crypto.secret import parse_secret
from dropbox.errors import (
    DamagedError,
    MalformedError,
)
from dropbox.form.keyword_match import holds_keyword
from dropbox.web.intake.acceptance import checked_epoch
from dropbox.wire.bundle import ExportReader
from dropbox.wire.container import ContainerReader
from dropbox.wire.notice import find_notice, parse_key
from dropbox.wire.receiver import ReceiverCard
from tests.fuzz.read_values import Values, Vector, trust_of


def _secret(vector: Vector) -> Values:
    code, words = (bytes.fromhex(vector.header[f"{name}-hex"]).decode() for name in ("code", "words"))
    secret = parse_secret(code, words)
    keys = secret.keys(vector.hex("instance"), vector.header["desk"])
    named = {"thread": keys.thread, "claim": keys.claim, "tag-key": keys.tag_key, "answer-key": keys.answer_key}
    return {"code": secret.code, "words": secret.words, **{name: value.hex() for name, value in named.items()}}


def _confirm(vector: Vector) -> Values:
    secret = parse_secret(vector.header["code"], vector.header["words"])
    right = secret.is_confirmed_by(vector.hex("typed-hex").decode())
    return {"": "ok" if right else "wrong", "number": str(secret.confirm_number)}


def _keyword_match(vector: Vector) -> Values:
    try:
        typed = vector.data.decode()
    except UnicodeDecodeError:
        raise MalformedError("format.text") from None
    return {"": "ok" if holds_keyword(typed, vector.header["phrases"].split("|")) else "none"}


def _blob(vector: Vector) -> Values:
    def read() -> Callable[[int], bytes]:
        return io.BytesIO(vector.data).read

    key, instance = EpochSecretKey(vector.hex("epoch-seed")), vector.hex("instance")
    opened = check(read(), len(vector.data), instance, vector.header["desk"], key)
    message = opened.message
    file = b"".join(file_pieces(read(), len(vector.data), instance, opened.file_key))
    assert (opened.file_bytes, opened.file_sha256) == (len(file), hashlib.sha256(file).digest())
    named = {"thread": message.thread, "nonce": message.nonce, "member": message.member, **message.keys}
    named |= {name: value.encode() for name, value in message.fields.items()}
    return {
        "": "ok" if opened.is_member else "member",
        "file-key": opened.file_key.hex(),
        "file": file.hex(),
        "fields": " ".join(sorted(message.fields)),
        "lang": message.lang,
        "kind": message.kind,
        "sent": str(message.sent),
        "name": message.name.encode().hex(),
        "type": message.type.encode().hex(),
        **{f"record.{name}": value.hex() for name, value in named.items()},
    }


def _accepted(vector: Vector) -> Values:
    slots, day = [int(one) for one in vector.header["slots"].split()], vector.number("today")
    keyring = SimpleNamespace(slots=lambda _: slots, keyring_file_desks=lambda _: ("a desk",))
    site: Any = SimpleNamespace(
        utc_day=lambda: day, instance=vector.hex("instance"), keyring=keyring, anchor=SimpleNamespace(last=2**32)
    )
    checked_epoch(site, vector.data, vector.number("length"))
    return {}


def _container(vector: Vector, found: Values) -> Values:
    reader = ContainerReader(io.BytesIO(vector.data).read, vector.hex("instance"))
    for at, entry in enumerate(reader.entries()):
        length = sum(map(len, reader.pieces()))
        found |= {"good-blobs": str(at + 1), f"blob.{at}": f"{entry.id.hex()} {entry.digest.hex()} {length}"}
    return found


def _notice(vector: Vector) -> Values:
    notice = open_notice(CourierKey(vector.hex("epoch-seed")), find_notice(vector.data))
    return {"day": str(notice.day), "value": str(notice.value)}


def _claim(vector: Vector) -> Values:
    known = (vector.hex("key"), vector.hex("instance"), vector.header["desk"], vector.hex("challenge"))
    return {"statement-hex": verify_claim(vector.data, *known).encode().hex()}


def _card(vector: Vector) -> Values:
    card = verify_card(vector.data)
    named = {"label-hex": card.label.encode(), "sign": card.sign, "seal": card.seal}
    named["fingerprint"] = receiver_fingerprint(vector.data)
    days = {"purpose": card.purpose, "first": str(card.first), "last": str(card.last)}
    return days | {name: value.hex() for name, value in named.items()}


def _receiver(vector: Vector) -> ReceiverCard:
    sign = nacl.bindings.crypto_sign_seed_keypair(vector.hex("sign-seed"))[0]
    return ReceiverCard("", "referral", vector.number("card-first"), vector.number("card-last"), sign, b"")


def _dossier(vector: Vector) -> Values:
    key = ReceiverKey.from_secret(vector.hex("epoch-seed") + vector.hex("sign-seed"))
    read = io.BytesIO(vector.data).read
    dossier = check_dossier(read, key, _receiver(vector), vector.hex("card-sha256"), trust_of(vector))
    contents = dossier.contents
    found = {"id": contents.id.hex(), "reply-key": contents.reply_key.hex(), "desk": contents.head.desk}
    for part, pieces in dossier_parts(io.BytesIO(vector.data).read, dossier):
        found[f"sha256.{part.name}"] = hashlib.sha256(b"".join(pieces)).hexdigest()
    return found | {"made": str(contents.head.made)}


def _answer(vector: Vector) -> Values:
    signed = open_answer(vector.data, EpochSecretKey(vector.hex("reply-seed")))
    known = (_receiver(vector), vector.hex("instance"), vector.hex("dossier"), vector.number("today"))
    answer = verify_answer(signed, *known)
    said = {name: getattr(answer, name) for name in ("number", "result", "question", "remark")}
    return {"day": str(answer.day), **{f"{name}-hex": value.encode().hex() for name, value in said.items()}}


def _export(vector: Vector, found: Values) -> Values:
    reader = ExportReader(io.BytesIO(vector.data).read, vector.hex("instance"))
    for at, blob in enumerate(reader.blobs()):
        content = b"".join(reader.pieces())
        if hashlib.sha256(content).digest() != blob.sha256:
            raise DamagedError("blob.hash")
        found |= {"good-blobs": str(at + 1), f"blob.{at}": f"{blob.id.hex()} {len(content)} {blob.sha256.hex()}"}
    trust = trust_of(vector)
    certificate = open_server_certificate(trust.anchor, reader.head.certificate)
    verify_export(trust, certificate, reader.head, reader.trailer)
    held = " ".join(f"{epoch}={count}" for epoch, count in reader.trailer.held.items())
    returns = " ".join(f"{desk}={number}" for desk, number in reader.trailer.returns.items())
    return found | {"number": str(reader.head.number), "day": str(reader.head.day), "held": held, "returns": returns}


SEALED: dict[str, Callable[[Vector], Values]] = {
    "accepted": _accepted,
    "answer": _answer,
    "blob": _blob,
    "card": _card,
    "claim": _claim,
    "confirm": _confirm,
    "dossier": _dossier,
    "keyword-match": _keyword_match,
    "notice": _notice,
    "secret": _secret,
    "courier-key": lambda vector: {"key": parse_key(vector.data).hex()},
}
# Of these also what came whole before the damage counts.
PARTLY: dict[str, Callable[[Vector, Values], Values]] = {"container": _container, "export": _export}
