"""Run the vectors of secrets, of what is sealed, and of what travels by hand."""

import re

from . import claim, notice, referral, secret
from .blob import given_name, given_type, open_blob, own_fields
from .export import read_container, read_export
from .grammar import need, text
from .primitives import public_half, sha256
from .upload import accept_blob
from .vector_file import Values, Vector, hexes, numbers


def _typed(vector: Vector, key: str) -> str:
    return vector.hex(key + "-hex").decode() if key + "-hex" in vector.header else vector.header[key]


def run_secret(vector: Vector) -> tuple[str, Values]:
    code = secret.read_code(_typed(vector, "code"))
    indices = secret.read_words(_typed(vector, "words"), code)
    keys = secret.ThreadKeys.derive(code, indices, vector.hex("instance"), vector.header["desk"])
    first, following = keys.blob_id(bytes(16)), keys.blob_id(vector.hex("next-nonce"))
    content = vector.hex("content")
    out = {
        "master": keys.master,
        "thread": keys.thread,
        "tag-key": keys.tag_key,
        "answer-key": keys.answer_key,
        "id-key": keys.id_key,
        "digest-key": keys.digest_key,
        "auth-key": keys.auth_key,
        "claim-seed": keys.claim_seed,
        "claim": keys.claim,
        "first-blob-id": first,
        "next-blob-id": following,
        "digest-first": keys.digest(first, content),
        "digest-next": keys.digest(following, content),
        "digest-of-nothing": keys.digest(first, b""),
    }
    shown = {
        "same-code": "-".join(re.findall("....", code)),
        "same-words": " ".join(secret.words()[at] for at in indices),
    }
    return "ok", hexes(out) | {key: value for key, value in shown.items() if key in vector.header}


def run_digest(vector: Vector) -> tuple[str, Values]:
    code = secret.read_code(vector.header["code"])
    indices = secret.read_words(vector.header["words"], code)
    keys = secret.ThreadKeys.derive(code, indices, vector.hex("instance"), vector.header["desk"])
    typed = {key.removeprefix("typed."): vector.hex(key) for key in vector.header if key.startswith("typed.")}
    kind = vector.header["kind"]
    if kind == "file":
        content = secret.file_content(typed["name"], typed["type"], vector.data)
    else:
        content = secret.text_content(kind, vector.header["desk"], typed)
    blob_id = keys.blob_id(vector.hex("nonce"))
    return "ok", hexes({"content": content, "id": blob_id, "digest": keys.digest(blob_id, content)})


def run_accepted(vector: Vector) -> tuple[str, Values]:
    slots = {int(count) for count in vector.header["slots"].split()}
    accept_blob(vector.data, vector.number("length"), vector.hex("instance"), slots, vector.number("today"))
    return "ok", {}


def run_container(vector: Vector) -> tuple[str, Values]:
    read = read_container(vector.data, vector.hex("instance"))
    good = {"good-blobs": str(len(read.blobs))}
    blobs = {
        f"blob.{at}": f"{blob_id.hex()} {digest.hex()} {len(blob)}"
        for at, (blob_id, digest, blob) in enumerate(read.blobs)
    }
    return read.stage or "ok", good | blobs


def run_notice(vector: Vector) -> tuple[str, Values]:
    day, value = notice.open_notice(notice.notice_of_mail(vector.data), vector.hex("epoch-seed"))
    return "ok", numbers({"day": day, "value": value})


def run_courier_key(vector: Vector) -> tuple[str, Values]:
    return "ok", {"key": notice.read_courier_key(vector.data).hex()}


def run_confirm(vector: Vector) -> tuple[str, Values]:
    code = secret.read_code(vector.header["code"])
    indices = secret.read_words(vector.header["words"], code)
    right = secret.confirmed(vector.hex("typed-hex").decode(), code, indices)
    return "ok" if right else "wrong", {"number": str(secret.confirm_number(code))}


def run_keyword_match(vector: Vector) -> tuple[str, Values]:
    found = secret.holds_phrase(text(vector.data), vector.header["phrases"].split("|"))
    return "ok" if found else "none", {}


def run_blob(vector: Vector) -> tuple[str, Values]:
    opened = open_blob(vector.data, vector.hex("instance"), vector.header["desk"], vector.hex("epoch-seed"))
    envelope = opened.envelope
    out = numbers({"epoch": envelope.epoch, "slots": envelope.slots, "slot": opened.slot}) | hexes(
        {
            "kem-secret": opened.shared,
            "file-key": opened.file_key,
            "stream-header": envelope.stream[:24],
            "auth-key": opened.record["auth-key"],
            **{f"record.{name}": value for name, value in opened.record.items()},
        }
    )
    if "file-repeat" in vector.header:
        unit, times = vector.header["file-repeat"].split()
        need(opened.file == bytes.fromhex(unit) * int(times), "file-repeat")
        out["file-repeat"] = vector.header["file-repeat"]
    else:
        out["file"] = opened.file.hex()
    out["fields"] = " ".join(name for name in own_fields(opened.record) if name not in {"name", "type"})
    out["lang"] = opened.lang
    if opened.record["kind"] == b"file":
        out["name"] = given_name(opened.record).hex()
        out["type"] = given_type(opened.record).hex()
    return "ok" if opened.member else "member", out


def run_claim(vector: Vector) -> tuple[str, Values]:
    said = claim.read_claim(
        vector.data, vector.hex("instance"), vector.header["desk"], vector.hex("challenge"), vector.hex("key")
    )
    return "ok", {"statement-hex": said.encode().hex()} if "statement-hex" in vector.header else {"statement": said}


def run_card(vector: Vector) -> tuple[str, Values]:
    card = referral.read_card(vector.data)
    out = hexes(
        {"label-hex": card.label.encode(), "sign": card.sign, "seal": card.seal, "fingerprint": card.fingerprint}
    )
    words = secret.fingerprint_words(card.fingerprint)
    days = numbers({"first": card.first, "last": card.last})
    return "ok", {**out, **days, "purpose": card.purpose, "fingerprint-words": words}


def run_dossier(vector: Vector) -> tuple[str, Values]:
    receiver = referral.Receiver(
        vector.hex("epoch-seed"), vector.hex("card-sha256"), vector.number("card-first"), vector.number("card-last")
    )
    read = referral.read_dossier(vector.data, vector.trust(), receiver)
    out = {"id": read.id, "reply-key": read.reply_key, "kem-secret": read.shared, "file-key": read.file_key}
    out["stream-header"] = read.stream_header
    for name, part in read.parts.items():
        out[f"sha256.{name}"] = sha256(part)
        if f"part.{name}" in vector.header:
            out[f"part.{name}"] = part
    return "ok", {**hexes(out), "desk": read.head.desk, "made": str(read.head.made)}


def run_answer(vector: Vector) -> tuple[str, Values]:
    expected = referral.Expected(
        vector.hex("instance"),
        vector.hex("dossier"),
        vector.hex("reply-seed"),
        public_half(vector.hex("sign-seed")),
        vector.number("card-first"),
        vector.number("card-last"),
        vector.number("today"),
    )
    read = referral.read_answer(vector.data, expected)
    texts = {"number": read.number, "result": read.result, "question": read.question, "remark": read.remark}
    out = {f"{name}-hex": said.encode() for name, said in texts.items()}
    return "ok", {**hexes(out), "kem-secret": read.shared.hex(), "day": str(read.day)}


def run_export(vector: Vector) -> tuple[str, Values]:
    read = read_export(vector.data, vector.trust())
    good = {"good-blobs": str(len(read.blobs))}
    if read.stage is not None:
        return read.stage, good
    blobs = {
        f"blob.{at}": f"{blob_id.hex()} {len(blob)} {sha256(blob).hex()}"
        for at, (blob_id, blob) in enumerate(read.blobs)
    }
    held = " ".join(f"{epoch}={count}" for epoch, count in read.held)
    returns = " ".join(f"{desk}={number}" for desk, number in read.returns)
    return "ok", {
        **good,
        **blobs,
        **numbers({"number": read.number, "day": read.day}),
        "held": held,
        "returns": returns,
    }
