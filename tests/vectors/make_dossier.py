"""Vectors of FORMAT "Dossiers": cards, dossiers, answers."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Final

import nacl.bindings as sodium
from construction import (
    INSTANCE,
    KEMS,
    OTHER_INSTANCE,
    STATIONS,
    TODAY,
    WORD_LIST,
    Signer,
    Vector,
    anchor,
    certificate,
    certificate_body,
    fixed,
    flipped,
    head,
    labelled_hash,
    lp,
    prf,
    signed,
    u8,
    u16,
    u32,
)

CHUNK: Final = 65536
HOLDER: Final = Signer(fixed("receiver sign", 32))
OTHER_HOLDER: Final = Signer(fixed("another receiver sign", 32))
SEAL: Final = KEMS[0]
REPLY: Final = KEMS[1]
ID: Final = fixed("dossier id", 16)
LABEL: Final = "KPK, Direktorat Pelayanan Laporan"
PARTS: Final = {
    "bukti/001.png": fixed("picture", 40),
    "rujukan.json": b'{"versi_skema": 1}\n',
    "rujukan.pdf": b"%PDF-1.4\n",
}
FILE_KEY: Final = fixed("dossier file key", 32)
STREAM_HEADER: Final = fixed("dossier stream header", 24)
FINAL: Final = 3


# --- cards ------------------------------------------------------------------------------------------------------------


def card_lines(
    *,
    label: str = LABEL,
    purpose: str = "referral",
    first: int = TODAY - 10,
    last: int = TODAY + 300,
    sign: bytes = HOLDER.public,
    seal: bytes = SEAL.public,
) -> bytes:
    """The seven lines."""
    return (
        f"dropbox receiver key v1\nlabel: {label}\npurpose: {purpose}\nnot before: {first}\nnot after: {last}\n"
        f"sign: {sign.hex()}\nseal: {seal.hex()}\n"
    ).encode()


def card(lines: bytes | None = None, signer: Signer = HOLDER, label: str = "receiver card") -> bytes:
    """The file."""
    body = card_lines() if lines is None else lines
    return body + f"signature: {signer.sign(label, b'', body).hex()}\n".encode("ascii")


CARD: Final = card()


def _words(digest: bytes) -> str:
    bits = int.from_bytes(digest[:17], "big") >> 4
    return " ".join(WORD_LIST[bits >> shift & 2047] for shift in range(121, -1, -11))


def _cards() -> Iterator[Vector]:
    fingerprint = labelled_hash("receiver fingerprint", CARD)
    inputs = {
        "label-hex": LABEL.encode().hex(),
        "purpose": "referral",
        "first": str(TODAY - 10),
        "last": str(TODAY + 300),
        "sign": HOLDER.public.hex(),
        "seal": SEAL.public.hex(),
        "fingerprint": fingerprint.hex(),
        "fingerprint-words": _words(fingerprint),
    }

    def made(name: str, expect: str, comment: str, data: bytes, over: Mapping[str, str] | None = None) -> Vector:
        return Vector("card", name, expect, comment, inputs | dict(over or {}), data)

    yield made("ok", "ok", "a receiver's card", CARD)
    drill = card(card_lines(label="Uji „é“", purpose="drill"))
    print_ = labelled_hash("receiver fingerprint", drill)
    told = {"label-hex": "Uji „é“".encode().hex(), "purpose": "drill"}
    told |= {"fingerprint": print_.hex(), "fingerprint-words": _words(print_)}
    yield made("ok-drill", "ok", "a drill's, with signs beyond ASCII", drill, told)
    yield made("forged", "signature", "signed by another key", card(signer=OTHER_HOLDER))
    yield made("label", "signature", "signed under another label", card(label="referral answer"))
    yield made("changed", "signature", "another last day", CARD.replace(b"after: 21081", b"after: 21082"))
    longer = card(card_lines(last=TODAY - 10 + 733))
    yield made("too-long", "malformed", "good for 733 days", longer)
    yield made("backwards", "malformed", "ends before it begins", card(card_lines(last=TODAY - 11)))
    yield made("no-end", "malformed", "the last line feed is missing", CARD[:-1])
    yield made("long", "malformed", "a byte behind the end", CARD + b"\n")
    yield made("crlf", "malformed", "CR LF", CARD.replace(b"\n", b"\r\n"))
    yield made(
        "upper-case",
        "malformed",
        "hex in capitals",
        CARD.replace(b"sign: " + HOLDER.public.hex().encode(), b"sign: " + HOLDER.public.hex().upper().encode()),
    )
    yield made("blank-label", "malformed", "a blank before the label", card(card_lines(label=" KPK")))
    yield made("direction", "malformed", "a sign that turns the direction", card(card_lines(label="K\u202ePK")))
    yield made("long-label", "malformed", "81 characters", card(card_lines(label="K" * 81)))
    yield made("wide-blank", "malformed", "a blank beyond ASCII at its end", card(card_lines(label="KPK\u3000")))
    not_text = card_lines().replace(b"KPK", b"KP\xff")
    yield made("label-not-utf8", "malformed", "a label that is not UTF-8", card(not_text))
    yield made("no-label", "malformed", "no label", card(card_lines(label="")))
    yield made("last-day", "malformed", "a day of eight digits", card(card_lines(first=9_999_900, last=10_000_000)))
    yield made("purpose", "malformed", "an unknown purpose", card(card_lines(purpose="lain")))
    yield made("private", "malformed", "a private file", b"dropbox private file v1\nkind: receiver\n" + CARD)


# --- dossiers ---------------------------------------------------------------------------------------------------------


def contents(
    parts: Mapping[str, bytes] = PARTS,
    *,
    identity: bytes = ID,
    receiver: bytes = CARD,
    made: int = TODAY,
    desk: str = "itjen",
    instance: bytes = INSTANCE,
    count: int | None = None,
    number: int = 0,
    sizes: Mapping[str, int] | None = None,
) -> bytes:
    """The body that the station signs; names stand in the order given."""
    listed = b"".join(
        u8(len(name))
        + name.encode()
        + (sizes or {}).get(name, len(data)).to_bytes(8, "big")
        + hashlib.sha256(data).digest()
        for name, data in parts.items()
    )
    opening = head(desk, number, made, instance) + identity + hashlib.sha256(receiver).digest() + REPLY.public
    return opening + u16(len(parts) if count is None else count) + listed


def sealed(content: bytes, tags: Mapping[int, int] | None = None, header: bytes = b"DBXD" + u8(1) + INSTANCE) -> bytes:
    """A dossier of that content; `tags` bends the tag of a chunk."""
    seal_hash = hashlib.sha256(SEAL.public).digest()
    wrapping = prf(SEAL.secret, "dossier wrap", INSTANCE, u8(1), seal_hash, SEAL.ciphertext)
    wrapped = sodium.crypto_aead_chacha20poly1305_ietf_encrypt(FILE_KEY, None, bytes(12), wrapping)
    before = header + SEAL.ciphertext + wrapped
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    # After init_pull with a header the state is what init_push leaves when it draws that header.
    sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, STREAM_HEADER, prf(FILE_KEY, "dossier stream"))
    chunks = [content[at : at + CHUNK] for at in range(0, len(content), CHUNK)]
    natural = {len(chunks) - 1: FINAL} | dict(tags or {})
    stream = [
        sodium.crypto_secretstream_xchacha20poly1305_push(state, chunk, None, natural.get(at, 0))
        for at, chunk in enumerate(chunks)
    ]
    return before + prf(FILE_KEY, "dossier commitment", before) + STREAM_HEADER + b"".join(stream)


def _object(body: bytes, desk: str = "itjen", shown: bytes | None = None) -> bytes:
    return signed("dossier", body, desk, shown)


def _content(signed_object: bytes, parts: Mapping[str, bytes] = PARTS) -> bytes:
    return lp(signed_object) + b"".join(parts.values())


def _good_dossiers() -> Iterator[tuple[str, str, Mapping[str, bytes]]]:
    yield "ok", "a picture, the facts, the paper", PARTS
    smallest = {"rujukan.json": b"", "rujukan.pdf": b""}
    yield "ok-empty-parts", "two empty parts", smallest
    room = CHUNK - len(_content(_object(contents(smallest)), smallest))
    yield "ok-full-chunk", "the content fills one chunk", smallest | {"rujukan.pdf": fixed("full", room)}
    yield (
        "ok-next-chunk",
        "one byte more: a second chunk of one byte",
        smallest | {"rujukan.pdf": fixed("next", room + 1)},
    )


def _card_facts(first: int = TODAY - 10, last: int = TODAY + 300) -> dict[str, str]:
    """What a reader needs of the receiver's card."""
    file = card(card_lines(first=first, last=last))
    days = {"card-first": str(first), "card-last": str(last)}
    return {"card-sha256": hashlib.sha256(file).hexdigest(), "sign-seed": HOLDER.seed.hex(), **days}


def _dossiers() -> Iterator[Vector]:
    inputs = {
        "anchor": anchor().hex(),
        "today": str(TODAY),
        "revoked": "",
        "epoch-seed": SEAL.seed.hex(),
        "kem-secret": SEAL.secret.hex(),
        **_card_facts(),
        "file-key": FILE_KEY.hex(),
        "stream-header": STREAM_HEADER.hex(),
    }

    def made(name: str, expect: str, comment: str, data: bytes, over: Mapping[str, str] | None = None) -> Vector:
        return Vector("dossier", name, expect, comment, inputs | dict(over or {}), data)

    for name, comment, parts in _good_dossiers():
        named = {"id": ID.hex(), "reply-key": REPLY.public.hex(), "desk": "itjen", "made": str(TODAY)}
        files = {f"part.{part}": data.hex() for part, data in parts.items() if len(data) < 100}
        hashes = {f"sha256.{part}": hashlib.sha256(data).hexdigest() for part, data in parts.items()}
        yield made(name, "ok", comment, sealed(_content(_object(contents(parts)), parts)), named | files | hashes)
    good = sealed(_content(_object(contents())))
    later = {"today": str(TODAY + 400)}
    named = {"id": ID.hex(), "reply-key": REPLY.public.hex(), "desk": "itjen", "made": str(TODAY)}
    named |= {f"sha256.{part}": hashlib.sha256(data).hexdigest() for part, data in PARTS.items()}
    yield made("ok-later", "ok", "read when certificate and card are out of date", good, later | named)

    yield made("version", "malformed", "version 2", good[:4] + u8(2) + good[5:])
    yield made(
        "another-instance",
        "malformed",
        "the header is of another instance",
        sealed(_content(_object(contents())), header=b"DBXD" + u8(1) + OTHER_INSTANCE),
    )
    yield made("short-prefix", "malformed", "cut within the prefix", good[:1200])
    yield made("no-stream", "malformed", "cut before the stream's header ends", good[: 1221 + 23])
    yield made("no-chunk", "malformed", "cut behind the stream's header", good[: 1221 + 24])
    yield made(
        "another-receiver",
        "not-for-this-key",
        "the receiver's seed is another",
        good,
        {"epoch-seed": KEMS[2].seed.hex()},
    )
    cut = good[: 1221 + 24]
    strange = {"epoch-seed": KEMS[2].seed.hex()}
    yield made(
        "no-chunk-and-another-receiver", "not-for-this-key", "another's, and cut behind the header", cut, strange
    )
    yield made("no-chunk-and-commitment", "commitment", "a bit of the commitment, and cut", flipped(cut, 1221 - 1))
    yield made("ciphertext-bit", "not-for-this-key", "one bit of ct differs", flipped(good, 100))
    yield made("wrapped-bit", "not-for-this-key", "one bit of the wrapped key differs", flipped(good, 21 + 1120 + 5))
    yield made("commitment-bit", "commitment", "one bit of the commitment differs", flipped(good, 1221 - 1))
    yield made("chunk-bit", "stream", "one bit of the stream differs", flipped(good, -30))
    yield made("cut", "stream", "the last byte is missing", good[:-1])
    yield made("behind", "stream", "a byte behind the end", good + b"\0")
    yield made("not-final", "stream", "the last chunk is tagged MESSAGE", sealed(_content(_object(contents())), {0: 0}))
    two = {"rujukan.json": b"", "rujukan.pdf": fixed("two chunks", CHUNK)}
    yield made(
        "final-too-early",
        "stream",
        "the first of two chunks is tagged FINAL",
        sealed(_content(_object(contents(two)), two), {0: FINAL}),
    )
    listed = _object(contents())
    yield made(
        "signature-bit",
        "signature",
        "one bit of the station's signature differs",
        sealed(_content(flipped(listed, -1))),
    )
    forged = signed("dossier", contents(), "irjen", certificate(certificate_body(desk="itjen")))
    yield made("forged", "signature", "signed by another desk's station", sealed(_content(forged)))
    yield made(
        "another-label",
        "label",
        "a return bundle's magic and signature",
        sealed(_content(signed("return", contents()))),
    )
    yield made("unknown-magic", "malformed", "a magic of no object", sealed(_content(b"DBXX" + listed[4:])))
    yield made("another-desk", "desk", "the head names another desk", sealed(_content(_object(contents(desk="irjen")))))
    yield made("revoked", "revoked", "the certificate was revoked", good, {"revoked": STATIONS["itjen"].public.hex()})
    yield made(
        "another-card",
        "receiver",
        "made out for another card",
        sealed(_content(_object(contents(receiver=card(card_lines(last=TODAY + 301)))))),
    )
    yield made(
        "before-card",
        "day",
        "made before the card's first day",
        sealed(_content(_object(contents(made=TODAY - 10, receiver=card(card_lines(first=TODAY)))))),
        _card_facts(first=TODAY),
    )
    yield made(
        "after-card",
        "day",
        "made after the card's last day",
        sealed(_content(_object(contents(receiver=card(card_lines(last=TODAY - 1)))))),
        _card_facts(last=TODAY - 1),
    )
    yield made(
        "before-certificate",
        "day",
        "made before the certificate's first day",
        sealed(_content(_object(contents(made=TODAY - 11, receiver=card(card_lines(first=TODAY - 20)))))),
        _card_facts(first=TODAY - 20),
    )
    yield made("ahead", "day", "made two days ahead", sealed(_content(_object(contents(made=TODAY + 2)))))
    yield made(
        "part-changed",
        "parts",
        "another picture than the listed one",
        sealed(_content(listed, PARTS | {"bukti/001.png": fixed("other", 40)})),
    )
    yield made(
        "part-missing",
        "parts",
        "the last part is missing",
        sealed(_content(listed, {"bukti/001.png": PARTS["bukti/001.png"]})),
    )
    yield made("part-more", "parts", "a byte that no part lists", sealed(_content(listed) + b"x"))
    full = next(parts for name, _, parts in _good_dossiers() if name == "ok-full-chunk")
    yield made(
        "part-more-next-chunk",
        "parts",
        "a second chunk that no part lists",
        sealed(_content(_object(contents(full)), full) + b"x"),
    )
    yield made("number", "number", "its head has a number", sealed(_content(_object(contents(number=1)))))
    renewed = certificate(certificate_body(last=TODAY))
    yield made(
        "after-certificate",
        "day",
        "made after the certificate's last day",
        sealed(_content(_object(contents(made=TODAY + 1), shown=renewed))),
    )
    yield made("object-long", "parts", "a list of 65537 bytes", sealed(lp(bytes(65_537)) + b"".join(PARTS.values())))
    yield made("no-list", "parts", "the content ends within its list", sealed(_content(listed, {})[:-1]))
    yield made("chunk-too-short", "stream", "a chunk of 17 bytes", good[: 1221 + 24 + 17])
    yield made("list-behind", "malformed", "a byte behind the list", sealed(_content(_object(contents() + b"x"))))
    yield made("list-desk", "malformed", "no name of a desk", sealed(_content(_object(contents(desk="Itjen")))))
    huge = {"bukti/001.png": 2**30}
    yield made("parts-too-large", "malformed", "more than 2^30 bytes", sealed(_content(_object(contents(sizes=huge)))))
    many = {f"bukti/{at:03d}.txt": b"" for at in range(255)} | {"rujukan.json": b"", "rujukan.pdf": b""}
    yield made("parts-257", "malformed", "257 parts", sealed(_content(_object(contents(many)), many)))
    latin = contents({"rujukan.json": b"", "rujukan.pdf": b"", "surat.pdf": b""}).replace(b"surat", b"sur\xffat"[:5])
    yield made("name-not-utf8", "malformed", "a name that is not UTF-8", sealed(_content(_object(latin), {})))
    for name, comment, parts in (
        ("no-facts", "the facts are missing", {"rujukan.pdf": b""}),
        ("no-paper", "the paper is missing", {"rujukan.json": b""}),
        ("unordered", "names descend", {"rujukan.pdf": b"", "rujukan.json": b""}),
        ("foreign-name", "a name with a path", {"../rujukan.json": b"", "rujukan.json": b"", "rujukan.pdf": b""}),
        (
            "foreign-ending",
            "a program among the evidence",
            {"bukti/001.exe": b"", "rujukan.json": b"", "rujukan.pdf": b""},
        ),
    ):
        yield made(name, "malformed", comment, sealed(_content(_object(contents(parts)), parts)))
    yield made("count", "malformed", "the list is shorter than its count", sealed(_content(_object(contents(count=4)))))


# --- answers ----------------------------------------------------------------------------------------------------------

ANSWER: Final = {"number": "B-12/2026", "result": "received", "question": "Tahun berapa?", "remark": "Terima kasih."}


def answer_body(
    values: Mapping[str, str] = ANSWER, *, identity: bytes = ID, instance: bytes = INSTANCE, day: int = TODAY
) -> bytes:
    """What the receiver signs."""
    words = b"".join(lp(value.encode()) for value in values.values())
    return b"DBXN" + u8(1) + instance + identity + u32(day) + words


def answer_file(signed_body: bytes, identity: bytes = ID, key_header: bytes | None = None) -> bytes:
    """The file of a signed body."""
    header = b"DBXN" + u8(1) + identity
    reply_hash = hashlib.sha256(REPLY.public).digest()
    key = prf(REPLY.secret, "answer", key_header or header, reply_hash, REPLY.ciphertext)
    sealed_body = sodium.crypto_aead_chacha20poly1305_ietf_encrypt(signed_body, None, bytes(12), key)
    return header + REPLY.ciphertext + lp(sealed_body)


def _signed_answer(body: bytes, signer: Signer = HOLDER, label: str = "referral answer") -> bytes:
    return body + signer.sign(label, INSTANCE, body)


def _answers() -> Iterator[Vector]:
    inputs = {
        "instance": INSTANCE.hex(),
        "dossier": ID.hex(),
        "today": str(TODAY),
        **_card_facts(),
        "reply-seed": REPLY.seed.hex(),
        "kem-secret": REPLY.secret.hex(),
        "day": str(TODAY),
        **{f"{name}-hex": value.encode().hex() for name, value in ANSWER.items()},
    }

    def made(name: str, expect: str, comment: str, data: bytes, over: Mapping[str, str] | None = None) -> Vector:
        return Vector("answer", name, expect, comment, inputs | dict(over or {}), data)

    good = answer_file(_signed_answer(answer_body()))
    yield made("ok", "ok", "number, result, question and remark", good)
    only = {"number": "", "result": "returned", "question": "", "remark": ""}
    empty = {f"{name}-hex": value.encode().hex() for name, value in only.items()}
    yield made(
        "ok-result-alone", "ok", "a result and nothing else", answer_file(_signed_answer(answer_body(only))), empty
    )
    yield made("version", "malformed", "version 2", good[:4] + u8(2) + good[5:])
    yield made("cut", "malformed", "the last byte is missing", good[:-1])
    yield made("behind", "malformed", "a byte behind the end", good + b"\0")
    yield made("sealed-bit", "sealed", "one bit of the sealed body differs", flipped(good, -1))
    yield made("id-bit", "sealed", "one bit of the id in clear differs", flipped(good, 6))
    yield made("another-reply-key", "sealed", "the desk's seed is another", good, {"reply-seed": KEMS[2].seed.hex()})
    other = fixed("another dossier", 16)
    yield made(
        "another-dossier",
        "dossier",
        "signed about another dossier",
        answer_file(_signed_answer(answer_body(identity=other))),
    )
    elsewhere = answer_body(instance=OTHER_INSTANCE)
    yield made(
        "another-instance",
        "dossier",
        "signed for another instance",
        answer_file(elsewhere + HOLDER.sign("referral answer", OTHER_INSTANCE, elsewhere)),
    )
    yield made(
        "forged", "signature", "signed by another receiver", answer_file(_signed_answer(answer_body(), OTHER_HOLDER))
    )
    yield made(
        "label",
        "signature",
        "signed under another label",
        answer_file(_signed_answer(answer_body(), label="receiver card")),
    )
    yield made(
        "after-card",
        "day",
        "signed after the card's last day",
        good,
        _card_facts(last=TODAY - 1),
    )
    yield made(
        "before-card",
        "day",
        "signed before the card's first day",
        answer_file(_signed_answer(answer_body(day=TODAY - 11))),
    )
    yield made("ahead", "day", "signed in two days", answer_file(_signed_answer(answer_body(day=TODAY + 2))))
    yield made(
        "ok-tomorrow",
        "ok",
        "signed tomorrow",
        answer_file(_signed_answer(answer_body(day=TODAY + 1))),
        {"day": str(TODAY + 1)},
    )
    for name, comment, values in (
        ("long-number", "a number of 65 characters", {"number": "1" * 65}),
        ("question-long", "a question of 16385 bytes", {"question": "x" * 16_385}),
        ("remark-long", "a remark of 16385 bytes", {"remark": "x" * 16_385}),
        ("number-direction", "a sign that turns the direction", {"number": "a\u202eb"}),
    ):
        data = answer_file(_signed_answer(answer_body({**ANSWER, **values})))
        yield made(name, "malformed", comment, data)
    for name in ANSWER:
        raw = b"".join(lp(b"\xff" if field == name else value.encode()) for field, value in ANSWER.items())
        body = answer_body()[:41] + raw
        yield made(f"{name}-not-utf8", "malformed", f"a {name} that is not UTF-8", answer_file(_signed_answer(body)))
    yield made("sealed-long", "malformed", "65537 sealed bytes", good[:1141] + lp(bytes(65_537)))
    yield made("magic", "malformed", "another magic", b"DBXD" + good[4:])
    inner = answer_body()
    yield made(
        "inner-version", "malformed", "version 2 inside", answer_file(_signed_answer(inner[:4] + u8(2) + inner[5:]))
    )
    yield made(
        "id-in-clear",
        "dossier",
        "the id in clear is another's, and the seal fits it",
        answer_file(_signed_answer(answer_body(identity=other)), other),
    )
    nothing = dict.fromkeys(ANSWER, "") | {"question": " "}
    yield made("nothing", "malformed", "it says nothing", answer_file(_signed_answer(answer_body(nothing))))
    yield made(
        "result",
        "malformed",
        "an unknown result",
        answer_file(_signed_answer(answer_body(ANSWER | {"result": "guilty"}))),
    )
    yield made(
        "two-lines",
        "malformed",
        "a number of two lines",
        answer_file(_signed_answer(answer_body(ANSWER | {"number": "a\nb"}))),
    )
    yield made(
        "inner-behind", "malformed", "a byte behind the signature", answer_file(_signed_answer(answer_body()) + b"\0")
    )


def vectors() -> Iterator[Vector]:
    """Families card/, dossier/ and answer/."""
    yield from _cards()
    yield from _dossiers()
    yield from _answers()
