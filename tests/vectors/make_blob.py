"""Vectors of FORMAT "Blob": whole blobs, and one failure per file for every stage of "Opening"."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import nacl.bindings as sodium
from construction import (
    EPOCH,
    INSTANCE,
    KEMS,
    OTHER_INSTANCE,
    TODAY,
    Kem,
    Vector,
    fixed,
    flipped,
    lp,
    make_secret,
    prf,
    record,
    u8,
    u32,
)
from cryptography.hazmat.primitives.asymmetric import mlkem

CHUNK: Final = 65536
STANZA: Final = 1168
HEADER: Final = 26
CELL: Final = 16384
MESSAGE: Final = 0
FINAL: Final = 3
DESKS: Final = ("irjen", "itjen")  # in the keyring's order: a desk's place is its slot
KEYS: Final = {"irjen": KEMS[1], "itjen": KEMS[0]}
DECOY: Final = KEMS[2].ciphertext + fixed("decoy wrapped", 48)
SECRET: Final = make_secret("first", INSTANCE)
REPORT: Final = {
    "kind": b"report",
    "lang": b"id",
    "channel": b"wbs",
    "category": b"korupsi",
    "what": "Uang „pelicin“ diminta untuk izin — tiga kali.\r\nBukti terlampir. 🙏".encode(),
    "who": b"Kepala seksi",
    "where": b"Kantor wilayah",
}
ADDITION: Final = {"kind": b"addition", "what": b"Tambahan."}
FILE: Final = {"kind": b"file", "name": "foto “bukti” №1.jpg".encode(), "type": b"image/jpeg"}


@dataclass(frozen=True)
class Plan:
    """Everything that decides the bytes of one blob; failures bend one of the bytes that follow from it."""

    name: str
    fields: Mapping[str, bytes]
    file: bytes = b""
    desk: str = "itjen"
    desks: tuple[str, ...] = DESKS
    nonce: bytes = bytes(16)
    auth_key: bytes = SECRET.key("auth key")
    version: int = 1
    epoch: int = EPOCH
    instance: bytes = INSTANCE
    without: tuple[str, ...] = ()
    over: Mapping[str, bytes] = field(default_factory=dict)
    own: Kem | None = None

    @property
    def kem(self) -> Kem:
        """The addressed desk's epoch key and the encapsulation."""
        return self.own or KEYS[self.desk]

    @property
    def slot(self) -> int:
        """The addressed slot."""
        return self.desks.index(self.desk)

    @property
    def file_key(self) -> bytes:
        """32 bytes."""
        return fixed(f"file key {self.name}", 32)

    @property
    def stream_header(self) -> bytes:
        """24 bytes."""
        return fixed(f"stream header {self.name}", 24)

    def header(self) -> bytes:
        """26 bytes."""
        return b"DBXB" + u8(self.version) + u8(len(self.desks)) + u32(self.epoch) + self.instance

    def stanza(self) -> bytes:
        """The addressed one."""
        key_hash = hashlib.sha256(self.kem.public).digest()
        key = prf(self.kem.secret, "stanza", self.instance, u8(1), u8(self.slot), key_hash, self.kem.ciphertext)
        sealed = sodium.crypto_aead_chacha20poly1305_ietf_encrypt(self.file_key, None, bytes(12), key)
        return self.kem.ciphertext + sealed

    def stanzas(self) -> bytes:
        """Of all slots."""
        return b"".join(self.stanza() if desk == self.desk else DECOY for desk in self.desks)

    def commitment(self) -> bytes:
        """Over header and stanzas."""
        return prf(self.file_key, "commitment", self.header() + self.stanzas())

    def prefix(self) -> bytes:
        """What stands before the stream."""
        return self.header() + self.stanzas() + self.commitment()

    def values(self) -> dict[str, bytes]:
        """The record, `member` included."""
        base = {
            **self.fields,
            **SECRET.shared(),
            "nonce": self.nonce,
            "desk": self.desk.encode(),
            "sent": u32(TODAY),
            **self.over,
        }
        kept = {name: value for name, value in base.items() if name not in self.without}
        return kept | {"member": prf(self.auth_key, "member", self.commitment(), record(sorted(kept.items())))}

    def raw_record(self) -> bytes:
        """The record's bytes."""
        return record(sorted(self.values().items()))

    def content(self) -> bytes:
        """lp(record) ‖ file."""
        return lp(self.raw_record()) + self.file

    def sealed(self, padded: bytes, tags: Mapping[int, int] | None = None) -> bytes:
        """Prefix and stream of padded content; `tags` bends the tag of a chunk."""
        state = sodium.crypto_secretstream_xchacha20poly1305_state()
        # After init_pull with a header the state is what init_push leaves when it draws that header.
        sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, self.stream_header, prf(self.file_key, "stream"))
        chunks = [padded[at : at + CHUNK] for at in range(0, len(padded), CHUNK)]
        natural = dict.fromkeys(range(len(chunks)), MESSAGE) | {len(chunks) - 1: FINAL} | dict(tags or {})
        sealed = (
            sodium.crypto_secretstream_xchacha20poly1305_push(state, chunk, None, natural[at])
            for at, chunk in enumerate(chunks)
        )
        return self.prefix() + self.stream_header + b"".join(sealed)

    def blob(self, content: bytes | None = None) -> bytes:
        """The whole blob, or one with other content and right padding."""
        return self.sealed(padded(self.content() if content is None else content))


def padded(content: bytes) -> bytes:
    """Content, mark and zeros up to the smallest bucket."""
    bucket = CELL
    while bucket < len(content) + 1:
        bucket *= 2
    return (content + b"\x80").ljust(bucket, b"\x00")


def _inputs(plan: Plan) -> dict[str, str]:
    return {"instance": INSTANCE.hex(), "desk": plan.desk, "epoch-seed": plan.kem.seed.hex()}


TEXTS: Final = ("channel", "category", "what", "who", "where", "when", "protection", "identity", "act")
FOREIGN: Final = {b"report": {"act"}, b"addition": {"channel"}, b"file": {*TEXTS}}


def _kept(values: Mapping[str, bytes]) -> dict[str, str]:
    """What a reader gives of the reporter's fields, and the language that it believes."""
    kind = values["kind"]
    known = {name for name in TEXTS if name not in FOREIGN[kind]}
    names = [name for name in values if name in known or (name.startswith("x-") and kind != b"file")]
    lang = values.get("lang", b"").decode()
    kept = {"fields": " ".join(sorted(names)), "lang": lang if lang in ("id", "en") else ""}
    return kept | (
        {"name": _given(values["name"]), "type": _whole(values["type"][:255]).hex()} if kind == b"file" else {}
    )


def _whole(cut: bytes) -> bytes:
    """The characters of a cut text that are whole."""
    return cut.decode("utf-8", "ignore").encode()


def _given(name: bytes) -> str:
    """A file's name as a reader gives it on, in hex."""
    signs = _whole(name[-255:]).decode()
    return ("".join("_" if ord(sign) < 32 or sign in "\x7f/\\" else sign for sign in signs) or "-").encode().hex()


def _good(plan: Plan, comment: str, repeat: tuple[bytes, int] | None = None) -> Vector:
    file = {"file-repeat": f"{repeat[0].hex()} {repeat[1]}"} if repeat else {"file": plan.file.hex()}
    inputs = _inputs(plan) | {
        "epoch": str(plan.epoch),
        "slots": str(len(plan.desks)),
        "slot": str(plan.slot),
        "kem-eseed": plan.kem.eseed.hex(),
        "kem-secret": plan.kem.secret.hex(),
        "file-key": plan.file_key.hex(),
        "stream-header": plan.stream_header.hex(),
        "auth-key": plan.auth_key.hex(),
        **{f"record.{name}": value.hex() for name, value in sorted(plan.values().items())},
        **_kept(plan.values()),
        **file,
    }
    return Vector("blob", f"ok-{plan.name}", "ok", comment, inputs, plan.blob())


def _valid() -> Iterator[Vector]:
    yield _good(Plan("report", REPORT), "a first message: 16 KiB cell, second of two slots")
    unstated = {"channel": b"tidak-disebut"}
    yield _good(Plan("report-unstated", REPORT | unstated), "the reporter did not say in which role they report")
    yield _good(Plan("report-first-slot", REPORT, desk="irjen"), "the first of two slots is addressed")
    yield _good(Plan("one-desk", REPORT, desks=("itjen",)), "an installation of one desk")
    three = ("atas", "irjen", "itjen")
    yield _good(Plan("three-desks", REPORT, desks=three), "the last of three slots is addressed")
    long_text = ADDITION | {"what": b"Panjang. " * 2000}
    yield _good(Plan("addition", long_text, nonce=fixed("nonce addition", 16)), "a long addition takes the next bucket")
    yield _good(Plan("file", FILE, b"\xff\xd8\xff" + bytes(40) + b"\xd9"), "a file with a name")
    yield _good(Plan("empty-file", FILE), "an empty file")
    yield _good(Plan("file-like-padding", FILE, bytes.fromhex("008000008000")), "a file that ends like padding")
    room = CELL - 1 - len(Plan("full", FILE).content())
    yield _good(Plan("full", FILE, b"\x80" * room), "mark and content fill the bucket", (b"\x80", room))
    yield _good(Plan("full-and-one", FILE, b"\x80" * (room + 1)), "one byte more: next bucket", (b"\x80", room + 1))
    chunks = 25_000
    yield _good(
        Plan("two-chunks", FILE, b"\x00\x00\x80\x00" * chunks),
        "marks and zeros across the border of two chunks",
        (b"\x00\x00\x80\x00", chunks),
    )
    yield _good(Plan("unknown-name", REPORT, over={"later": b"x"}), "a name of a later version is ignored")
    more = {
        "when": b"2026",
        "protection": b"career,unknown",
        "identity": "Nama — terang".encode(),
        "x-amount": b"5 juta",
        "lang": b"en",
    }
    yield _good(Plan("report-every-name", REPORT | more), "every name of a report")
    yield _good(Plan("report-with-act", REPORT | {"act": b"withdraw"}), "an act in a report is ignored")
    yield _good(Plan("lang-other", REPORT | {"lang": b"fr"}), "another language counts as none")
    codes = {"channel": b"lain", "category": b"lain"}
    yield _good(Plan("codes-other", REPORT | codes), "codes that no list names are kept as they are")
    withdrawal = {"kind": b"addition", "what": b"", "act": b"withdraw", "protection": b"legal"}
    yield _good(Plan("withdrawal", withdrawal), "an act, and no text")
    yield _good(Plan("addition-with-channel", ADDITION | {"channel": b"wbs"}), "a channel in an addition is ignored")
    strange = {"identity": b"Nama", "what": b"\xff", "x-amount": b"\xff"}
    texts = Plan("file-with-texts", FILE | strange, b"x")
    yield _good(texts, "the reporter's fields in a file are ignored, UTF-8 or not")
    longest = {"name": ("é" * 127 + "x").encode(), "type": b"t" * 255}
    yield _good(Plan("file-long-name", FILE | longest, b"x"), "a name and a type of 255 bytes")
    for case, name in (
        ("empty", b""),
        ("path", b"../bukti.jpg"),
        ("backslash", b"..\\bukti.jpg"),
        ("zero", b"bukti.jpg\x00.exe"),
        ("line", b"bukti\n.jpg"),
        ("delete", b"bukti\x7f.jpg"),
        ("long", b"n" * 252 + b".jpg"),
        ("long-cut", "é".encode() * 126 + b".jpg"),
    ):
        yield _good(Plan(f"name-{case}", FILE | {"name": name}, b"x"), "a name that a reader does not give on as it is")
    yield _good(Plan("type-long", FILE | {"type": b"t" * 256}, b"x"), "a type of 256 bytes")
    yield _good(Plan("type-long-cut", FILE | {"type": "é".encode() * 128}, b"x"), "byte 255 is half a character")
    yield _good(Plan("file-no-type", FILE | {"type": b""}, b"x"), "a type of no byte")
    yield _good(Plan("byte-order-mark", ADDITION | {"what": b"\xef\xbb\xbfteks"}), "U+FEFF is a character like others")


def _fail(name: str, expect: str, comment: str, blob: bytes, **inputs: str) -> Vector:
    named = {key.replace("_", "-"): value for key, value in inputs.items()}
    return Vector("blob", name, expect, comment, _inputs(Plan("report", REPORT)) | named, blob)


def _malformed(plan: Plan) -> Iterator[Vector]:
    good = plan.blob()
    stage = "malformed"
    yield _fail("magic", stage, "wrong magic", b"DBXC" + good[4:])
    yield _fail("version", stage, "version 2, right in all else", replace(plan, version=2).blob())
    yield _fail("instance", stage, "made for another instance", replace(plan, instance=OTHER_INSTANCE).blob())
    none = replace(plan, desks=("itjen",))
    no_slots = flipped(none.header(), 5) + none.commitment() + none.blob()[HEADER + STANZA + 32 :]
    yield _fail("slots-0", stage, "no slot at all, and the length to it", no_slots)
    nine = (*("abcdefgh"), "itjen")
    yield _fail("slots-9", stage, "nine slots, and the length to it", replace(plan, desks=nine).blob())
    yield _fail("slots-3", stage, "three slots said, two there", good[:5] + b"\x03" + good[6:])
    yield _fail("empty", stage, "no bytes", b"")
    yield _fail("header-short", stage, "25 bytes", good[:25])
    yield _fail("stanza-truncated", stage, "ends within the second stanza", good[: HEADER + STANZA + 600])
    yield _fail("prefix-only", stage, "ends before the stream", good[: HEADER + 2 * STANZA + 32])
    yield _fail("one-byte-less", stage, "no legal length", good[:-1])
    yield _fail("one-byte-more", stage, "a byte after the end", good + b"\x00")


def _not_for(plan: Plan) -> Iterator[Vector]:
    good = plan.blob()
    own = HEADER + STANZA
    stage = "not-for-this-key"
    yield _fail("ct-flipped", stage, "a bit of the ML-KEM ciphertext", flipped(good, own + 7, 3))
    yield _fail("ct-x25519-flipped", stage, "a bit of the X25519 share", flipped(good, own + 1100, 1))
    yield _fail(
        "ct-x25519-high-bit", stage, "the bit that X25519 ignores, and X-Wing does not", flipped(good, own + 1119, 7)
    )
    low = good[: own + 1088] + bytes(32) + good[own + 1120 :]
    ml_kem = mlkem.MLKEM768PrivateKey.from_seed_bytes(hashlib.shake_256(plan.kem.seed).digest(96)[:64])
    ct_m, pk_x = plan.kem.ciphertext[:1088], plan.kem.public[1184:]
    agreed = hashlib.sha3_256(ml_kem.decapsulate(ct_m) + bytes(64) + pk_x + b"\\.//^\\").digest()
    zeros = replace(plan.kem, ciphertext=ct_m + bytes(32), secret=agreed)
    yield _fail(
        "ct-zero-agreed",
        stage,
        "an X25519 share of zeros, wrapped under the zeros that it gives: all else is right",
        replace(plan, own=zeros).blob(),
    )
    yield _fail("ct-low-order", stage, "an X25519 share of small order: an exception of the KEM", low)
    yield _fail("wrapped-flipped", stage, "a bit of the wrapped file key", flipped(good, own + 1120, 0))
    yield _fail("wrapped-tag-flipped", stage, "a bit of its tag", flipped(good, own + STANZA - 1, 0))
    yield _fail("other-desk", stage, "sealed to irjen, read by itjen", replace(plan, desk="irjen").blob())
    yield _fail("other-epoch", stage, "read with another key", good, epoch_seed=KEMS[2].seed.hex())
    swapped = good[:HEADER] + good[own : own + STANZA] + good[HEADER:own] + good[own + STANZA :]
    yield _fail("stanzas-swapped", stage, "our stanza in another slot", swapped)


def _commitment(plan: Plan) -> Iterator[Vector]:
    good = plan.blob()
    at = HEADER + 2 * STANZA
    stage = "commitment"
    yield _fail("commitment-flipped", stage, "one bit", flipped(good, at + 31, 7))
    other = replace(plan, name="another")
    yield _fail("commitment-of-another", stage, "of another blob", good[:at] + other.commitment() + good[at + 32 :])
    yield _fail("epoch-changed", stage, "the header's epoch", flipped(good, 9))
    yield _fail("decoy-flipped", stage, "a bit of the other desk's stanza", flipped(good, HEADER + 1150))
    first = replace(plan, name="first of two", desks=("itjen", "irjen"))
    yield _fail(
        "two-stanzas",
        stage,
        "both stanzas open with one key, and the commitment is to the second",
        plan.header()
        + first.stanza()
        + plan.stanza()
        + prf(plan.file_key, "commitment", plan.header() + first.stanza() + plan.stanza())
        + good[at + 32 :],
    )
    theirs = replace(plan, name="for irjen", desk="irjen")
    forged = plan.header() + theirs.stanza() + plan.stanza()
    committed = prf(theirs.file_key, "commitment", forged)
    yield _fail(
        "two-file-keys",
        stage,
        "irjen gets another file key, and the commitment is to that",
        forged + committed + good[at + 32 :],
    )


def _stream(plan: Plan) -> Iterator[Vector]:
    good = plan.blob()
    at = HEADER + 2 * STANZA + 32
    big = Plan("two-chunks-broken", FILE, b"\x2a" * 100_000)
    first, second = at + 24, at + 24 + CHUNK + 17
    whole = big.blob()
    stage = "stream"
    yield _fail("stream-header-flipped", stage, "a bit of the stream's header", flipped(good, at))
    yield _fail("chunk-flipped", stage, "a bit of the first chunk", flipped(good, at + 24 + 1000, 5))
    yield _fail("chunk-tag-flipped", stage, "the encrypted tag byte", flipped(good, at + 24))
    yield _fail("last-byte-flipped", stage, "the last bit of the blob", flipped(good, -1))
    swapped = whole[:first] + whole[second:] + whole[first:second]
    yield _fail("chunks-swapped", stage, "two chunks exchanged", swapped)
    early = big.sealed(padded(big.content()), {0: FINAL})
    yield _fail("final-early", stage, "FINAL on the first of two chunks", early)
    yield _fail("final-missing", stage, "MESSAGE on the last chunk", plan.sealed(padded(plan.content()), {0: MESSAGE}))
    for name, tag in (("push", 1), ("rekey", 2)):
        yield _fail(
            f"tag-{name}", stage, f"{name.upper()} on the last chunk", plan.sealed(padded(plan.content()), {0: tag})
        )
    yield _fail("truncated-at-a-chunk", stage, "cut to another legal length: FINAL is missing", whole[:second])
    payload = replace(plan, name="another").blob()[at:]
    yield _fail("stream-of-another", stage, "the stream of another blob", good[:at] + payload)


def _padding(plan: Plan) -> Iterator[Vector]:
    content = plan.content()
    file = Plan("padding-file", FILE)
    stage = "padding"
    yield _fail("no-mark", stage, "zeros alone behind the content", plan.sealed(content.ljust(CELL, b"\x00")))
    other = (content + b"\x01").ljust(CELL, b"\x00")
    yield _fail("other-mark", stage, "01 for the mark", plan.sealed(other))
    after = (content + b"\x80").ljust(CELL - 1, b"\x00") + b"\x01"
    yield _fail("byte-after-zeros", stage, "a last byte that is not zero", plan.sealed(after))
    full = file.content().ljust(CELL, b"A")
    yield _fail("no-room-for-mark", stage, "content up to the last byte", file.sealed(full))
    yield _fail("all-zeros", stage, "nothing but zeros", plan.sealed(bytes(CELL)))
    large = (content + b"\x80").ljust(2 * CELL, b"\x00")
    yield _fail("bucket-too-large", stage, "right, but the smaller bucket would do", plan.sealed(large))


def values_with(plan: Plan, **over: bytes) -> bytes:
    """The record with other values, `member` not made anew."""
    return record(sorted((plan.values() | over).items()))


def _record(plan: Plan) -> Iterator[Vector]:
    pairs = sorted(plan.values().items())
    raw = record(pairs)
    stage = "record"
    yield _fail("record-truncated", stage, "its length says more than there is", plan.blob(lp(raw + b"A")[:-1]))
    yield _fail("record-length-huge", stage, "its length is 2^32 - 1", plan.blob(b"\xff" * 4 + raw))
    yield _fail("record-empty-content", stage, "no content at all", plan.blob(b""))
    yield _fail(
        "record-count-high", stage, "one value more is announced", plan.blob(lp(b"\x00" + u8(len(pairs) + 1) + raw[2:]))
    )
    yield _fail("record-trailing", stage, "a byte behind its last value", plan.blob(lp(raw + b"\x00")))
    unsorted = [pairs[1], pairs[0], *pairs[2:]]
    yield _fail("record-unsorted", stage, "two names exchanged", plan.blob(lp(record(unsorted))))
    yield _fail("record-twice", stage, "a name twice", plan.blob(lp(record([pairs[0], *pairs]))))
    foreign = sorted([*pairs, ("What", b"x")])
    yield _fail("record-capital", stage, "a name with a capital letter", plan.blob(lp(record(foreign))))
    unnamed = [("", b"x"), *pairs]
    yield _fail("record-no-name", stage, "an empty name", plan.blob(lp(record(unnamed))))
    long_name = sorted([*pairs, ("x" * 33, b"x")])
    yield _fail("record-long-name", stage, "a name of 33 characters", plan.blob(lp(record(long_name))))
    keys = ("claim", "tag-key", "answer-key", "auth-key")
    texts = ("channel", "category", "what", "who", "where")
    for missing in ("thread", "nonce", "desk", "sent", "kind", *keys, *texts):
        comment = f"{missing} is missing"
        yield _fail(f"record-without-{missing}", stage, comment, replace(plan, without=(missing,)).blob())
    for missing in ("name", "type"):
        file = Plan(f"file-without-{missing}", FILE, b"x", without=(missing,))
        yield _fail(f"record-without-{missing}", stage, f"a file without a {missing}", file.blob())
    addition = Plan("addition-without-what", {"kind": b"addition"})
    yield _fail("record-addition-without-what", stage, "an addition without a text", addition.blob())
    critical = sorted([*pairs, ("must-know", b"x")])
    yield _fail("record-critical", stage, "a name that a later version demands", plan.blob(lp(record(critical))))
    bad_names = (("not-utf8", "a name that is not UTF-8", b"\xff.jpg"),)
    for name, comment, value in bad_names:
        yield _fail(f"name-{name}", stage, comment, Plan(f"name-{name}", FILE | {"name": value}, b"x").blob())
    for name, comment, value in (("not-utf8", "a type that is not UTF-8", b"\xff"),):
        yield _fail(f"type-{name}", stage, comment, Plan(f"type-{name}", FILE | {"type": value}, b"x").blob())
    short = values_with(plan, member=plan.values()["member"][:-1])
    yield _fail("record-short-member", stage, "a member of 31 bytes", plan.blob(lp(short)))
    memberless = [pair for pair in pairs if pair[0] != "member"]
    yield _fail("record-without-member", stage, "member is missing", plan.blob(lp(record(memberless))))
    bends: tuple[tuple[str, str, dict[str, bytes]], ...] = (
        ("record-other-desk", "sealed to itjen, and names irjen", {"desk": b"irjen"}),
        ("record-other-kind", "an unknown kind", {"kind": b"memo"}),
        ("record-short-thread", "a thread id of 31 bytes", {"thread": bytes(31)}),
        ("record-short-nonce", "a nonce of 15 bytes", {"nonce": bytes(15)}),
        ("record-short-claim", "a claim key of 31 bytes", {"claim": bytes(31)}),
        ("record-long-auth-key", "an auth key of 33 bytes", {"auth-key": bytes(33)}),
        ("record-long-day", "a day of five bytes", {"sent": bytes(5)}),
        ("record-lang-not-utf8", "a language that is not UTF-8", {"lang": b"\xff"}),
        ("record-detail-not-utf8", "an answer to a question that is not UTF-8", {"x-amount": b"\xff"}),
        ("record-text-cut", "a text that ends within a character", {"what": "Uang é".encode()[:-1]}),
        ("record-not-utf8", "a text that is not UTF-8", {"who": b"\xc3("}),
        ("record-surrogate", "a surrogate in UTF-8 is ill-formed", {"who": b"\xed\xa0\x80"}),
    )
    for name, comment, over in bends:
        yield _fail(name, stage, comment, replace(plan, over=over).blob())
    yield _fail("bytes-behind-a-text", stage, "file bytes behind a report", replace(plan, file=b"x").blob())
    big = Plan("long-record", FILE | {"later": b"n" * 64_512}, b"x")
    yield _fail("record-long-for-a-file", stage, "a record over 64512 bytes with file bytes behind it", big.blob())


def _member(plan: Plan) -> Iterator[Vector]:
    values = plan.values()
    stage = "member"
    bent = values | {"member": flipped(values["member"], 0)}
    yield _fail("member-flipped", stage, "one bit", plan.blob(lp(record(sorted(bent.items())))))
    stranger = make_secret("second", INSTANCE).key("auth key")
    yield _fail("member-of-a-stranger", stage, "made without the secret", replace(plan, auth_key=stranger).blob())
    lifted = values | {"member": replace(plan, name="another").values()["member"]}
    yield _fail("member-lifted", stage, "taken from another blob", plan.blob(lp(record(sorted(lifted.items())))))
    changed = values | {"who": b"Orang lain"}
    yield _fail("member-of-other-text", stage, "the text was changed", plan.blob(lp(record(sorted(changed.items())))))


def vectors() -> Iterator[Vector]:
    """Family blob/."""
    yield from _valid()
    plan = Plan("report", REPORT)
    for stage in (_malformed, _not_for, _commitment, _stream, _padding, _record, _member):
        yield from stage(plan)
