"""Vectors of FORMAT "Keys of the inspectorate", "Receipts" and "Return": the anchor and what hangs on it."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Final

import nacl.bindings as sodium
from construction import (
    ED25519_ORDER,
    EPOCH,
    INSTANCE,
    KEMS,
    MAGICS,
    NUMBER,
    OTHER_INSTANCE,
    OTHER_ROOT,
    ROOT,
    ROOT_LAST,
    SERIAL,
    STATIONS,
    TODAY,
    WORD_LIST,
    Vector,
    anchor,
    certificate,
    certificate_body,
    fixed,
    flipped,
    head,
    labelled_hash,
    lp,
    point_of,
    signed,
    u8,
    u16,
    u32,
)

ORDER_8: Final = bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
NEUTRAL: Final = u8(1) + bytes(31)
OF_ITJEN: Final = STATIONS["itjen"].public.hex()
OF_IRJEN: Final = STATIONS["irjen"].public.hex()
NEUTRAL_LONG: Final = b"\xee" + b"\xff" * 30 + b"\x7f"  # y = p + 1: another spelling of the neutral point


def given(root: bytes | None = None, today: int = TODAY, revoked: str = "") -> dict[str, str]:
    """What a verifier starts from."""
    return {"anchor": (anchor() if root is None else root).hex(), "today": str(today), "revoked": revoked}


def _fingerprint(root: bytes) -> dict[str, str]:
    digest = labelled_hash("root fingerprint", root)
    bits = int.from_bytes(digest, "big") >> 124
    words = (WORD_LIST[bits >> 11 * (11 - at) & 2047] for at in range(12))
    return {"fingerprint": digest.hex(), "fingerprint-words": " ".join(words)}


def anchors() -> Iterator[Vector]:
    """Family anchor/."""
    for name, use in (("real", "real"), ("demo", "demo")):
        good = anchor(use=use)
        inputs = {"instance": INSTANCE.hex(), "key": ROOT.public.hex(), "use": use, "last": str(ROOT_LAST)}
        yield Vector("anchor", f"ok-{name}", "ok", "root.pub", inputs | _fingerprint(good), good)
    good = anchor()
    bad = (
        ("no-end", "no line feed at the end", good[:-1]),
        ("blank-line", "an empty line at the end", good + b"\n"),
        ("carriage-returns", "CR LF", good.replace(b"\n", b"\r\n")),
        ("byte-order-mark", "a byte order mark", b"\xef\xbb\xbf" + good),
        (
            "capitals",
            "hex digits in capitals",
            good.replace(ROOT.public.hex().encode(), ROOT.public.hex().upper().encode()),
        ),
        ("short-key", "31 bytes of key", good.replace(ROOT.public.hex().encode(), ROOT.public.hex()[2:].encode())),
        ("version", "version 2", good.replace(b" v1\n", b" v2\n")),
        ("use", "another use", good.replace(b"use: real", b"use: test")),
        ("eight-digits", "a day of eight digits", anchor(last=10_000_000)),
        ("no-day", "no day", good.replace(str(ROOT_LAST).encode(), b"")),
        ("not-utf8", "a byte that is not ASCII", good[:-1] + b"\xff\n"),
        ("leading-zero", "a day with a leading zero", good.replace(b"after: ", b"after: 0")),
        ("private", "a private file in its place", b"dropbox private file v1\n" + good),
        ("empty", "no bytes", b""),
    )
    for name, comment, body in bad:
        yield Vector("anchor", name, "malformed", comment, {}, body)


def _odd_signatures() -> Iterator[tuple[str, str, bytes, bytes]]:
    """(name, comment, anchor, certificate) that a lax Ed25519 accepts."""
    body = certificate_body()
    good = certificate(body)
    signature = good[-64:]
    scalar = int.from_bytes(signature[32:], "little") + ED25519_ORDER
    yield "signature-s-plus-l", "S + L for S", anchor(), good[:-32] + scalar.to_bytes(32, "little")
    free = point_of(12345) + (12345).to_bytes(32, "little")
    yield (
        "key-small-order",
        "the root is the neutral point: this R, S fits all bodies",
        anchor(NEUTRAL),
        lp(body) + free,
    )
    yield "key-not-canonical", "the same point, y written as p + 1", anchor(NEUTRAL_LONG), lp(body) + free
    low = ROOT.odd_signature(NEUTRAL, 0, "certificate", INSTANCE, body)
    yield "r-small-order", "R is the neutral point", anchor(), lp(body) + low
    mixed = sodium.crypto_core_ed25519_add(point_of(777), ORDER_8)
    torsion = ROOT.odd_signature(mixed, 777, "certificate", INSTANCE, body)
    yield "r-torsion", "fits the equation with the cofactor alone", anchor(), lp(body) + torsion
    shifted = sodium.crypto_core_ed25519_add(ROOT.public, ORDER_8)
    yield "key-torsion", "signed by the root, checked with root + a point of order 8", anchor(shifted), good


def certificates() -> Iterator[Vector]:
    """Family certificate/."""

    def vector(name: str, expect: str, comment: str, body: bytes, inputs: dict[str, str] | None = None) -> Vector:
        return Vector("certificate", name, expect, comment, given() if inputs is None else inputs, body)

    def fields(desk: str, first: int, last: int, serial: int) -> dict[str, str]:
        numbers = {"first": str(first), "last": str(last), "serial": str(serial)}
        return {"desk": desk, "station": STATIONS[desk].public.hex(), **numbers}

    body, last = certificate_body(), TODAY + 60
    good = certificate(body)
    usual = fields("itjen", TODAY - 10, last, 7)
    yield vector("ok", "ok", "within its days", good, given() | usual)
    yield vector("ok-first-day", "ok", "on its first day", good, given(today=TODAY - 10) | usual)
    yield vector("ok-last-day", "ok", "on its last day", good, given(today=last) | usual)
    yield vector("ok-revoked-others", "ok", "another key is revoked", good, given(revoked=OF_IRJEN) | usual)
    irjen = certificate(certificate_body(desk="irjen", serial=8))
    yield vector("ok-irjen", "ok", "the other desk", irjen, given() | fields("irjen", TODAY - 10, last, 8))
    longest = certificate(certificate_body(first=TODAY, last=TODAY + 100))
    yield vector("ok-100-days", "ok", "100 days later", longest, given() | fields("itjen", TODAY, TODAY + 100, 7))
    demo = certificate(certificate_body(flags=1))
    heir = certificate(certificate_body(flags=2))
    yield vector("ok-successor", "ok", "the desk had another key before", heir, given() | usual | {"successor": "yes"})
    last_serial = certificate(certificate_body(serial=65535))
    ends = given() | fields("itjen", TODAY - 10, last, 65535)
    yield vector("ok-last-serial", "ok", "the last serial", last_serial, ends)
    yield vector("ok-demo", "ok", "a demo under a demo root", demo, given(anchor(use="demo")) | usual)

    bad: tuple[tuple[str, str, str, bytes], ...] = (
        ("empty", "malformed", "no bytes", b""),
        ("long-and-forged", "malformed", "a body of 600 bytes that nobody signed", lp(bytes(600)) + bytes(64)),
        ("truncated", "malformed", "63 bytes of signature", good[:-1]),
        ("trailing-byte", "malformed", "a byte after the signature", good + b"\x00"),
        ("version", "malformed", "version 2, signed", certificate(certificate_body(version=2))),
        ("magic", "malformed", "wrong magic, signed", certificate(b"DBXD" + body[4:])),
        ("flags", "malformed", "an unknown flag, signed", certificate(certificate_body(flags=4))),
        ("serial-0", "malformed", "serial 0, signed", certificate(certificate_body(serial=0))),
        ("serial-high", "malformed", "serial 65536, signed", certificate(certificate_body(serial=65536))),
        ("body-trailing-byte", "malformed", "a byte behind the flags, signed", certificate(body + b"\x00")),
        ("body-truncated", "malformed", "without the flags, signed", certificate(body[:-1])),
        ("body-long", "malformed", "a body of 513 bytes", certificate(body + bytes(513 - len(body)))),
        (
            "desk-not-ascii",
            "malformed",
            "a letter that is not ASCII",
            certificate(body.replace(b"itjen", b"itj\xc3\xa9")),
        ),
        ("desk-empty", "malformed", "a desk without a name", certificate(certificate_body(desk=""))),
        ("desk-capital", "malformed", "a capital letter", certificate(certificate_body(desk="Itjen"))),
        ("desk-digit-first", "malformed", "a digit first", certificate(certificate_body(desk="1tjen"))),
        ("desk-long", "malformed", "17 characters", certificate(certificate_body(desk="a" * 17))),
        ("desk-line-feed", "malformed", "a line feed at the end", certificate(certificate_body(desk="itjen\n"))),
        ("signature-flipped", "signature", "one bit of it", flipped(good, -40)),
        ("body-flipped", "signature", "one bit of the serial", flipped(good, -66)),
        ("other-root", "signature", "signed by another root", certificate(body, OTHER_ROOT)),
        ("wrong-label", "signature", "signed as revocations", certificate(body, label="revocations")),
        ("other-instance", "instance", "of another instance", certificate(certificate_body(instance=OTHER_INSTANCE))),
        ("demo", "use", "a demo under a real root", demo),
        (
            "backwards",
            "days",
            "its last day lies before its first",
            certificate(certificate_body(first=TODAY + 1, last=TODAY)),
        ),
        ("101-days", "days", "one day too many", certificate(certificate_body(first=TODAY, last=TODAY + 101))),
        ("expired", "date", "since yesterday", certificate(certificate_body(last=TODAY - 1))),
        ("not-yet", "date", "from tomorrow on", certificate(certificate_body(first=TODAY + 1))),
    )
    for name, expect, comment, untrusted in bad:
        yield vector(name, expect, comment, untrusted)
    elsewhere = lp(body) + ROOT.sign("certificate", OTHER_INSTANCE, body)
    yield vector("signed-for-other-instance", "signature", "the signature names another instance", elsewhere)
    yield vector("real-under-demo", "use", "a real one under a demo root", good, given(anchor(use="demo")))
    both = given(revoked=f"{OF_IRJEN} {OF_ITJEN}")
    yield vector("revoked", "revoked", "its key is revoked", good, both)
    again = certificate(certificate_body(serial=9))
    yield vector("revoked-again", "revoked", "a revoked key under another serial", again, both)
    late = certificate(certificate_body(last=TODAY - 1))
    yield vector("revoked-and-over", "revoked", "revoked, and out of date since yesterday", late, both)
    over = given(anchor(last=TODAY - 1))
    yield vector("root-expired", "root-expired", "the root's last day was yesterday", good, over)
    for name, comment, root, untrusted in _odd_signatures():
        yield vector(name, "signature", comment, untrusted, given(root))


def revocations() -> Iterator[Vector]:
    """Family revocations/."""
    one, two, three = (fixed(f"revoked {name}", 32) for name in "abc")
    one, two, three = sorted((one, two, three))

    def body(
        keys: tuple[bytes, ...],
        instance: bytes = INSTANCE,
        count: int | None = None,
        number: int = 3,
        day: int = TODAY - 20,
    ) -> bytes:
        opening = b"DBXV" + u8(1) + instance + u32(number) + u32(TODAY - 2)
        return opening + u16(len(keys) if count is None else count) + b"".join(key + u32(day) for key in keys)

    def listed(untrusted_body: bytes, label: str = "revocations") -> bytes:
        return b"DBXV" + lp(untrusted_body) + ROOT.sign(label, INSTANCE, untrusted_body)

    good, dated = listed(body((one, two, three))), {"number": "3", "made": str(TODAY - 2)}
    names = {"keys": " ".join(key.hex() for key in (one, two, three))}
    yield Vector("revocations", "ok", "ok", "three", given() | dated | names, good)
    yield Vector("revocations", "ok-none", "ok", "none", given() | dated | {"keys": ""}, listed(body(())))
    last = given() | {"number": "65535", "made": str(TODAY - 2), "keys": ""}
    yield Vector("revocations", "ok-last", "ok", "the last that there may be", last, listed(body((), number=65535)))
    bad = (
        ("unordered", "malformed", "not ascending", listed(body((two, one)))),
        ("twice", "malformed", "a key twice", listed(body((one, one)))),
        ("count-high", "malformed", "one key too few", listed(body((one,), count=2))),
        ("count-low", "malformed", "one key too many", listed(body((one, two), count=1))),
        ("number-0", "malformed", "number 0", listed(body((one,), number=0))),
        ("number-high", "malformed", "number 65536", listed(body((one,), number=65536))),
        ("day-after-made", "malformed", "a key revoked after the list was made", listed(body((one,), day=TODAY - 1))),
        ("trailing-byte", "malformed", "a byte after the signature", good + b"\x00"),
        ("truncated", "malformed", "63 bytes of signature", good[:-1]),
        ("magic", "malformed", "a certificate's magic", b"DBXC" + good[4:]),
        ("body-magic", "malformed", "a certificate's magic inside, signed", listed(b"DBXC" + body((one,))[4:])),
        ("version", "malformed", "version 2, signed", listed(b"DBXV" + u8(2) + body((one,))[5:])),
        ("body-trailing-byte", "malformed", "a byte after the last key, signed", listed(body((one,)) + b"\x00")),
        (
            "other-root",
            "signature",
            "signed by another root",
            b"DBXV" + lp(body((one,))) + OTHER_ROOT.sign("revocations", INSTANCE, body((one,))),
        ),
        ("signature-flipped", "signature", "one bit of it", flipped(good, -1)),
        ("wrong-label", "signature", "signed as a certificate", listed(body((one,)), "certificate")),
        ("other-instance", "instance", "of another instance", listed(body((one,), OTHER_INSTANCE))),
    )
    for name, expect, comment, untrusted in bad:
        yield Vector("revocations", name, expect, comment, given(), untrusted)


def _numbers_and_days(vector: Callable[..., Vector], label: str, rest: bytes) -> Iterator[Vector]:
    """A head that the certificate does not stand for, or of a day that has not come."""
    low, high = (SERIAL - 1) * 65536, SERIAL * 65536 + 1
    yield vector("number-low", "number", "the last number of the serial before", signed(label, head(number=low) + rest))
    yield vector("number-high", "number", "the first of the next serial", signed(label, head(number=high) + rest))
    yield vector("number-0", "number", "number 0", signed(label, head(number=0) + rest))
    early = signed(label, head(made=TODAY - 11) + rest)
    yield vector("made-before-certificate", "made", "made before the certificate's first day", early)
    last = certificate(certificate_body(last=TODAY))
    late = signed(label, head(made=TODAY + 1) + rest, "itjen", last)
    yield vector("made-after-certificate", "made", "made after the certificate's last day", late)
    yield vector("made-ahead", "made", "made the day after tomorrow", signed(label, head(made=TODAY + 2) + rest))


def object_failures(family: str, label: str, body: bytes, other: str) -> Iterator[Vector]:
    """Failures around any signed object of that label."""

    def vector(name: str, expect: str, comment: str, untrusted: bytes, **bent: str) -> Vector:
        return Vector(family, name, expect, comment, given() | {"label": label} | bent, untrusted)

    good = signed(label, body)
    rest = body[len(head()) :]
    expired = certificate(certificate_body(last=TODAY - 1))
    of_irjen = signed(label, body, "itjen", certificate(certificate_body(desk="irjen")))
    wrong = good[:-64] + STATIONS["itjen"].sign(other, INSTANCE, body)
    yield vector("object-signature-flipped", "signature", "one bit of the station's signature", flipped(good, -1))
    yield vector("object-body-flipped", "signature", "one bit of the body", flipped(good, -70))
    yield vector("object-wrong-label", "signature", f"signed as {other}", wrong)
    yield vector("object-other-kind", "label", f"a right object of the kind {other}", signed(other, body))
    yield vector(
        "object-other-station",
        "signature",
        "signed by irjen's station",
        good[:-64] + signed(label, body, "irjen")[-64:],
    )
    yield vector(
        "object-desk-mismatch", "desk", "itjen's certificate, irjen in the head", signed(label, head("irjen") + rest)
    )
    yield vector("object-desk-of-certificate", "desk", "irjen's certificate, itjen in the head", of_irjen)
    foreign = signed(label, head(instance=OTHER_INSTANCE) + rest)
    yield vector("object-other-instance", "desk", "another instance in the head", foreign)
    yield vector("object-expired", "date", "under a certificate that is over", signed(label, body, "itjen", expired))
    yield vector("object-revoked", "revoked", "under a revoked key", good, revoked=OF_ITJEN)
    if label != "log statement":  # whose number is a year, and whose day has a rule of its own
        yield from _numbers_and_days(vector, label, rest)
    yield vector("object-trailing-byte", "malformed", "a byte after the signature", good + b"\x00")
    yield vector("object-truncated", "malformed", "63 bytes of signature", good[:-1])
    long = certificate(certificate_body() + bytes(600))
    yield vector(
        "object-certificate-long",
        "malformed",
        "a certificate of more than 512 bytes",
        signed(label, body, "itjen", long),
    )
    yield vector(
        "object-certificate-forged",
        "signature",
        "its certificate is another root's",
        signed(label, body, "itjen", certificate(certificate_body(), OTHER_ROOT)),
    )
    yield vector("object-head-cut", "malformed", "a body that ends within its head", signed(label, body[:10]))
    if label != "log statement":
        number_cut, day_cut = (signed(label, head()[:-left]) for left in (6, 2))
        yield vector("object-head-cut-number", "malformed", "a body that ends within its number", number_cut)
        yield vector("object-head-cut-day", "malformed", "a body that ends within its day", day_cut)
    strange = MAGICS[other] + lp(bytes(600)) + lp(b"x") + bytes(64)
    yield vector(
        "object-other-kind-long", "malformed", f"of the kind {other}, with a certificate of 600 bytes", strange
    )
    yield vector("object-magic", "malformed", "an unknown magic", b"DBXX" + good[4:])
    yield vector("body-trailing-byte", "malformed", "a byte behind the body, signed", signed(label, body + b"\x00"))
    yield vector("body-truncated", "malformed", "a byte less, signed", signed(label, body[:-1]))


def _by_epoch(pairs: list[tuple[int, bytes]], count: int | None = None) -> bytes:
    return u8(len(pairs) if count is None else count) + b"".join(u32(epoch) + value for epoch, value in pairs)


def _key_body(pairs: list[tuple[int, bytes]], count: int | None = None) -> bytes:
    hashes = [(epoch, hashlib.sha256(key).digest()) for epoch, key in pairs]
    return head() + fixed("previous", 32) + _by_epoch(hashes, count)


WEEKS: Final = [(EPOCH, KEMS[0].public), (EPOCH + 1, KEMS[1].public)]


def keys() -> Iterator[Vector]:
    """Family keys/."""
    body = _key_body(WEEKS)
    inputs = given() | {
        "label": "keys",
        "desk": "itjen",
        "number": str(NUMBER),
        "made": str(TODAY),
        "previous": fixed("previous", 32).hex(),
        "epochs": " ".join(str(epoch) for epoch, _ in WEEKS),
        "epoch-seeds": " ".join(kem.seed.hex() for kem in KEMS[:2]),
    }
    yield Vector("keys", "ok", "ok", "two weeks", inputs, signed("keys", body))
    yield from object_failures("keys", "keys", body, "receipts")
    bad = (
        ("epochs-none", "no epoch", _key_body([])),
        ("epochs-65", "65 epochs", _key_body([(EPOCH + at, KEMS[0].public) for at in range(65)])),
        ("epochs-exchanged", "not ascending", _key_body(WEEKS[::-1])),
        ("epoch-twice", "an epoch twice", _key_body([WEEKS[0], WEEKS[0]])),
        ("epochs-count-high", "one hash too few", _key_body(WEEKS, 3)),
        ("epochs-count-low", "one hash too many", _key_body(WEEKS, 1)),
    )
    for name, comment, bent in bad:
        yield Vector("keys", name, "malformed", comment, given() | {"label": "keys"}, signed("keys", bent))


def keyed() -> Iterator[Vector]:
    """Family keyed/."""
    bundle = lp(signed("keys", _key_body(WEEKS)))
    other = KEMS[2].public

    def vector(name: str, expect: str, comment: str, untrusted: bytes, **more: str) -> Vector:
        return Vector("keyed", name, expect, comment, given() | more, untrusted)

    yield vector("ok", "ok", "the keys of two weeks", bundle + _by_epoch(WEEKS), epochs=f"{EPOCH} {EPOCH + 1}")
    yield vector("ok-one", "ok", "of this week alone", bundle + _by_epoch(WEEKS[:1]), epochs=str(EPOCH))
    yield vector(
        "ok-next", "ok", "of next week alone: closed today", bundle + _by_epoch(WEEKS[1:]), epochs=str(EPOCH + 1)
    )
    yield vector("ok-none", "ok", "no key: closed", bundle + _by_epoch([]), epochs="")
    bad = (
        ("key-of-another", "key", "another key than its hash names", _by_epoch([(EPOCH, other)])),
        ("key-flipped", "key", "one bit of the key", _by_epoch([(EPOCH, flipped(WEEKS[0][1], 600))])),
        (
            "keys-exchanged",
            "key",
            "each key under the other's epoch",
            _by_epoch([(EPOCH, WEEKS[1][1]), (EPOCH + 1, WEEKS[0][1])]),
        ),
        ("key-too-many", "key", "a key more than hashes", _by_epoch([*WEEKS, (EPOCH + 2, other)])),
        (
            "key-of-another-epoch",
            "key",
            "this week's key under a week without hash",
            _by_epoch([(EPOCH - 1, WEEKS[0][1])]),
        ),
        ("keys-unordered", "malformed", "not ascending", _by_epoch(WEEKS[::-1])),
        ("key-twice", "malformed", "a key twice", _by_epoch([WEEKS[0], WEEKS[0]])),
        ("count-high", "malformed", "one key too few", _by_epoch(WEEKS, 3)),
        ("count-low", "malformed", "one key too many", _by_epoch(WEEKS, 1)),
        ("count-65", "malformed", "65 keys", _by_epoch([], 65)),
        ("key-short", "malformed", "a byte less of the last key", _by_epoch(WEEKS)[:-1]),
        ("trailing-byte", "malformed", "a byte after the last key", _by_epoch(WEEKS) + b"\x00"),
        ("no-keys", "malformed", "the signed object alone", b""),
    )
    for name, expect, comment, keys_ in bad:
        yield vector(name, expect, comment, bundle + keys_)
    forged = lp(flipped(signed("keys", _key_body(WEEKS)), -1))
    yield vector("signature-flipped", "signature", "one bit of the station's signature", forged + _by_epoch(WEEKS))
    unsigned = lp(signed("keys", _key_body(WEEKS)) + b"\x00")
    yield vector("object-trailing-byte", "malformed", "a byte after the signature", unsigned + _by_epoch(WEEKS))
    receipts_ = lp(signed("receipts", _receipt_body([])))
    yield vector("other-kind", "label", "keys beside receipts", receipts_ + _by_epoch(WEEKS))


def _receipt_body(hashes: list[bytes], count: int | None = None) -> bytes:
    return head() + u32(len(hashes) if count is None else count) + b"".join(hashes)


def receipts() -> Iterator[Vector]:
    """Family receipts/."""
    hashes = sorted(fixed(f"blob {at}", 32) for at in range(3))
    label = {"label": "receipts"}
    good = given() | label | {"desk": "itjen", "number": str(NUMBER), "made": str(TODAY)}
    listed = {"blobs": " ".join(one.hex() for one in hashes)}
    yield Vector("receipts", "ok", "ok", "three blobs", good | listed, signed("receipts", _receipt_body(hashes)))
    yield Vector("receipts", "ok-none", "ok", "none", good | {"blobs": ""}, signed("receipts", _receipt_body([])))
    yield from object_failures("receipts", "receipts", _receipt_body(hashes), "board")
    bad = (
        ("unordered", "not ascending", _receipt_body(hashes[::-1])),
        ("twice", "a hash twice", _receipt_body([hashes[0], hashes[0]])),
        ("count-high", "one hash too few", _receipt_body(hashes, 4)),
        ("count-low", "one hash too many", _receipt_body(hashes, 2)),
        ("count-huge", "2^32 - 1 hashes", _receipt_body(hashes, 2**32 - 1)),
    )
    for name, comment, bent in bad:
        yield Vector("receipts", name, "malformed", comment, given() | label, signed("receipts", bent))


def returns() -> Iterator[Vector]:
    """Family return/."""
    inner = [
        signed("receipts", _receipt_body([fixed("blob 0", 32)])),
        signed("keys", _key_body(WEEKS[:1])),
    ]

    listed = u16(0) + b"the list of revocations is read apart"

    def body(count: int) -> bytes:
        return head() + u16(count) + b"".join(map(lp, inner)) + _by_epoch(WEEKS[:1]) + lp(listed)

    label = {"label": "return"}
    good = given() | label | {"desk": "itjen", "number": str(NUMBER), "made": str(TODAY)}
    yield Vector(
        "return",
        "ok",
        "ok",
        "receipts and keys",
        good | {"labels": "receipts keys", "epochs": str(EPOCH), "list": listed.hex()},
        signed("return", body(2)),
    )
    nothing = head() + u16(0) + _by_epoch([]) + lp(listed)
    yield Vector(
        "return",
        "ok-none",
        "ok",
        "no object",
        good | {"labels": "", "epochs": "", "list": listed.hex()},
        signed("return", nothing),
    )
    yield from object_failures("return", "return", body(2), "keys")
    for name, comment, count in (("count-high", "one object too few", 3), ("count-low", "one too many", 1)):
        yield Vector("return", name, "malformed", comment, given() | label, signed("return", body(count)))
    without = head() + u16(0) + _by_epoch([])
    yield Vector("return", "list-missing", "malformed", "no list", given() | label, signed("return", without))
    yield Vector("return", "keys-missing", "malformed", "no keys", given() | label, signed("return", without[:-1]))
    pair = head() + u16(0) + _by_epoch(WEEKS[::-1]) + lp(listed)
    yield Vector("return", "keys-unordered", "malformed", "keys out of order", given() | label, signed("return", pair))
    many = head() + u16(1025) + lp(b"") * 1025 + _by_epoch([]) + lp(listed)
    yield Vector("return", "count-1025", "malformed", "more than 1024 objects", given() | label, signed("return", many))


def vectors() -> Iterator[Vector]:
    """Families anchor/, certificate/, revocations/, keys/, keyed/, receipts/, return/."""
    for family in (anchors, certificates, revocations, keys, keyed, receipts, returns):
        yield from family()
