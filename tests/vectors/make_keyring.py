"""Vectors of FORMAT "Keyring file" and of what an importer makes of a whole "Return"."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Final

from construction import (
    EPOCH,
    INSTANCE,
    KEMS,
    NINE,
    OTHER_ROOT,
    ROOT,
    STATIONS,
    TODAY,
    Signer,
    Vector,
    certificate,
    certificate_body,
    fixed,
    flipped,
    head,
    lp,
    signed,
    u8,
    u16,
    u32,
)
from make_signed import given

SERIALS: Final = {"irjen": 8, "itjen": 7}
WEEKS: Final = ((EPOCH, KEMS[0].public), (EPOCH + 1, KEMS[1].public))
OTHER: Final = ((EPOCH, KEMS[2].public),)
ZEROS: Final = bytes(32)


def first_number(serial: int) -> int:
    """The first number under a serial."""
    return (serial - 1) * 65536 + 1


def by_epoch(pairs: Sequence[tuple[int, bytes]]) -> bytes:
    """u8(n) ‖ n × ( u32(epoch) ‖ value )."""
    return u8(len(pairs)) + b"".join(u32(epoch) + value for epoch, value in pairs)


def listed(*keys: bytes, made: int = TODAY - 2, signer: Signer = ROOT, number: int = 3) -> bytes:
    """A list that revokes these keys."""
    pairs = b"".join(key + u32(made) for key in sorted(keys))
    body = b"DBXV" + u8(1) + INSTANCE + u32(number) + u32(made) + u16(len(keys)) + pairs
    return b"DBXV" + lp(body) + signer.sign("revocations", INSTANCE, body)


def keys_body(
    desk: str, number: int, previous: bytes = ZEROS, made: int = TODAY, weeks: Sequence[tuple[int, bytes]] = WEEKS
) -> bytes:
    """A key bundle."""
    hashes = [(epoch, hashlib.sha256(key).digest()) for epoch, key in weeks]
    return head(desk, number, made) + previous + by_epoch(hashes)


def keyed(
    desk: str,
    *,
    serial: int | None = None,
    first: int = TODAY - 10,
    last: int = TODAY + 60,
    made: int = TODAY - 1,
    carried: Sequence[tuple[int, bytes]] = WEEKS,
    signer: Signer = ROOT,
    bend: int = 0,
) -> bytes:
    """A keyed bundle; `bend` turns a bit of its signature over."""
    serial = SERIALS[desk] if serial is None else serial
    shown = certificate(certificate_body(desk=desk, serial=serial, first=first, last=last), signer)
    one = signed("keys", keys_body(desk, first_number(serial), made=made), desk, shown)
    return lp(flipped(one, -1) if bend else one) + by_epoch(carried)


def _other_kind(bundle: bytes) -> bytes:
    """The keyed bundle with the magic of receipts."""
    return bundle[:4] + b"DBXP" + bundle[8:]


def file(*bundles: bytes, revocations: bytes | None = None) -> bytes:
    """A keyring file."""
    shown = listed() if revocations is None else revocations
    return u16(len(bundles)) + b"".join(map(lp, bundles)) + lp(shown)


def keyrings() -> Iterator[Vector]:
    """Family keyring/."""

    def vector(name: str, expect: str, comment: str, untrusted: bytes, desks: str = "", closed: str = "") -> Vector:
        shown = {"desks": desks, "closed": closed} if expect == "ok" else {}
        return Vector("keyring", name, expect, comment, given() | shown, untrusted)

    irjen, itjen = keyed("irjen"), keyed("itjen")
    both, of_irjen = "irjen itjen", listed(STATIONS["irjen"].public)
    over = TODAY - 1
    yield vector("ok", "ok", "two desks", file(irjen, itjen), both)
    yield vector("ok-over", "ok", "one out of date", file(keyed("irjen", last=over), itjen), both, "irjen")
    begins = keyed("irjen", first=TODAY + 1, made=TODAY + 1)
    yield vector("ok-begins-tomorrow", "ok", "one under a certificate of tomorrow", file(begins, itjen), both, "irjen")
    yield vector("ok-no-keys", "ok", "one without keys", file(keyed("irjen", carried=()), itjen), both, "irjen")
    yield vector("ok-revoked", "ok", "a revoked one has no slot", file(irjen, itjen, revocations=of_irjen), "itjen")
    for name, comment, bundle in (
        ("over", "revoked and out of date at once", keyed("irjen", last=over)),
        ("again", "revoked, under another serial", keyed("irjen", serial=9)),
        ("key", "revoked, and a key that its hash does not fit", keyed("irjen", carried=OTHER)),
        ("signature", "revoked, and the bundle's signature is wrong", keyed("irjen", bend=1)),
        ("ahead", "revoked, and made on a day to come", keyed("irjen", made=TODAY + 30)),
    ):
        yield vector(f"ok-revoked-{name}", "ok", comment, file(bundle, itjen, revocations=of_irjen), "itjen")
    changed = file(_other_kind(irjen), itjen, revocations=of_irjen)
    yield vector("ok-revoked-label", "ok", "revoked, and an object of another kind", changed, "itjen")
    old = listed(made=TODAY - 100)
    yield vector("ok-list-100-days", "ok", "a list of 100 days ago", file(irjen, itjen, revocations=old), both)
    ahead = file(irjen, keyed("itjen", made=TODAY + 2), revocations=listed(made=TODAY + 2))
    yield vector("ok-ahead", "ok", "a bundle and the list made in two days", ahead, both)
    bad = (
        ("list-missing", "malformed", "no list", file(irjen, itjen, revocations=b"")),
        ("list-old", "list", "made 101 days ago", file(irjen, itjen, revocations=listed(made=TODAY - 101))),
        ("list-ahead", "list", "made in three days", file(irjen, itjen, revocations=listed(made=TODAY + 3))),
        ("list-forged", "signature", "another root's", file(irjen, itjen, revocations=listed(signer=OTHER_ROOT))),
        ("made-ahead", "made", "one made in three days", file(irjen, keyed("itjen", made=TODAY + 3))),
        (
            "made-ahead-and-other-week",
            "made",
            "one made in three days, and the other's keys are of the next week alone",
            file(keyed("irjen", carried=WEEKS[1:]), keyed("itjen", made=TODAY + 3)),
        ),
        ("key", "key", "a key that its hash does not fit", file(keyed("irjen", carried=OTHER), itjen)),
        ("bundle-forged", "signature", "a bit of a bundle's signature", file(keyed("irjen", bend=1), itjen)),
        (
            "revoked-certificate-forged",
            "signature",
            "a revoked key under a certificate that another root signed",
            file(keyed("irjen", signer=OTHER_ROOT), itjen, revocations=of_irjen),
        ),
        ("all-over", "date", "no desk is open", file(keyed("irjen", last=over), keyed("itjen", last=over))),
        (
            "receipts-and-certificate-forged",
            "signature",
            "an object of another kind under a certificate that another root signed",
            file(_other_kind(keyed("irjen", signer=OTHER_ROOT)), itjen),
        ),
        (
            "all-revoked",
            "revoked",
            "every key is revoked",
            file(irjen, itjen, revocations=listed(*(STATIONS[desk].public for desk in ("itjen", "irjen")))),
        ),
        (
            "revoked-object-long",
            "malformed",
            "a revoked one's object has a byte behind it",
            file(
                lp(
                    signed(
                        "keys",
                        keys_body("irjen", first_number(8)),
                        "irjen",
                        certificate(certificate_body(desk="irjen", serial=8)),
                    )
                    + b"x"
                )
                + by_epoch(WEEKS),
                itjen,
                revocations=of_irjen,
            ),
        ),
        (
            "list-old-and-forged",
            "list",
            "an old list, and a bundle's signature is wrong",
            file(keyed("irjen", bend=1), itjen, revocations=listed(made=TODAY - 101)),
        ),
        (
            "ahead-and-forged",
            "made",
            "the first made in three days, the second forged",
            file(keyed("irjen", made=TODAY + 3), keyed("itjen", bend=1)),
        ),
        (
            "unordered-and-forged",
            "signature",
            "not ascending, and the last is forged",
            file(itjen, irjen, keyed("itjen", bend=1)),
        ),
        (
            "other-week",
            "date",
            "keys of another week alone",
            file(keyed("irjen", carried=WEEKS[1:]), keyed("itjen", carried=WEEKS[1:])),
        ),
        (
            "receipts",
            "label",
            "receipts for keys",
            file(
                lp(
                    signed(
                        "receipts",
                        head("irjen", first_number(8)) + u32(0),
                        "irjen",
                        certificate(certificate_body(desk="irjen", serial=8)),
                    )
                )
                + by_epoch([]),
                itjen,
            ),
        ),
        ("truncated", "malformed", "a byte less", file(irjen, itjen)[:-1]),
        ("nine", "malformed", "nine desks", file(*(keyed(desk, serial=9, carried=WEEKS[:1]) for desk in NINE))),
        ("unordered", "malformed", "not ascending", file(itjen, irjen)),
        ("desk-twice", "malformed", "a desk twice", file(itjen, itjen)),
        ("none", "malformed", "no desk", file()),
        ("trailing-byte", "malformed", "a byte behind the list", file(irjen, itjen) + b"\x00"),
    )
    for name, expect, comment, untrusted in bad:
        yield vector(name, expect, comment, untrusted)


BASE: Final = first_number(SERIALS["itjen"])
ONE: Final = keys_body("itjen", BASE)
TWO: Final = keys_body("itjen", BASE + 1, hashlib.sha256(ONE).digest())


def of_keys(*bodies: bytes, shown: bytes | None = None) -> list[bytes]:
    """Signed key bundles."""
    return [signed("keys", body, "itjen", shown) for body in bodies]


def board(shard: int = 0, shards: int = 1, number: int = BASE, made: int = TODAY) -> bytes:
    """A shard without cells."""
    return signed("board", head(number=number, made=made) + u16(shard) + u16(shards) + u32(0))


def _statistics() -> bytes:
    days = u32(TODAY - 99) + u32(TODAY - 10) + u32(TODAY)
    name, column, row = (u8(len(one)) + one for one in (b"channel", b"cases", b"total"))
    return signed(
        "statistics", head(number=BASE) + u8(1) + days + u8(1) + name + u8(1) + column + u16(1) + row + u32(9)
    )


def returned(
    objects: Sequence[bytes],
    carried: Sequence[tuple[int, bytes]] = (),
    revocations: bytes | None = None,
    shown: bytes | None = None,
    number: int = BASE,
) -> bytes:
    """A return."""
    packed = u16(len(objects)) + b"".join(map(lp, objects))
    body = head(number=number) + packed + by_epoch(carried) + lp(listed() if revocations is None else revocations)
    return signed("return", body, "itjen", shown)


def imported() -> Iterator[Vector]:
    """Family imported/."""
    receipts = signed("receipts", head(number=BASE) + u32(1) + fixed("blob 0", 32))
    own = listed(STATIONS["itjen"].public)
    renewed = certificate(certificate_body(last=TODAY + 61))
    first = certificate(certificate_body(serial=1))
    late = keys_body("itjen", BASE, fixed("previous", 32))
    gap = keys_body("itjen", BASE + 2, hashlib.sha256(ONE).digest())
    ahead = keys_body("itjen", BASE, made=TODAY + 40)
    after_ahead = keys_body("itjen", BASE + 1, hashlib.sha256(ahead).digest())
    newest_ahead = keys_body("itjen", BASE + 1, hashlib.sha256(ONE).digest(), made=TODAY + 2)
    after_days = keys_body("itjen", BASE, made=TODAY + 61)
    after_after_days = keys_body("itjen", BASE + 1, hashlib.sha256(after_days).digest())
    skewed = keys_body("itjen", BASE + 1, fixed("previous", 32))
    whole = [*of_keys(ONE, TWO), board(0, 2), board(1, 2), receipts, _statistics()]
    good: tuple[tuple[str, str, str, bytes], ...] = (
        ("ok", f"{BASE} {BASE + 1}", "everything", returned(whole, WEEKS)),
        ("ok-any-order", f"{BASE} {BASE + 1}", "everything, from the last on", returned(whole[::-1], WEEKS)),
        ("ok-nothing", "", "the list alone", returned([])),
        ("ok-renewed", str(BASE), "the first of a serial names one before", returned(of_keys(late), WEEKS)),
        (
            "ok-keys-ahead",
            f"{BASE} {BASE + 1}",
            "the older of two made in 40 days",
            returned(of_keys(ahead, after_ahead), WEEKS),
        ),
        ("ok-list-100-days", "", "a list of 100 days ago", returned([], revocations=listed(made=TODAY - 100))),
    )
    for name, numbers, comment, untrusted in good:
        yield Vector("imported", name, "ok", comment, given() | {"keys": numbers}, untrusted)
    one_previous = of_keys(keys_body("itjen", 1, fixed("previous", 32)), shown=first)
    bad = (
        ("list-missing", "malformed", "no list", returned([], revocations=b"")),
        ("list-old", "list", "made 101 days ago", returned([], revocations=listed(made=TODAY - 101))),
        ("list-ahead", "list", "made in two days", returned([], revocations=listed(made=TODAY + 2))),
        ("list-forged", "signature", "another root's", returned([], revocations=listed(signer=OTHER_ROOT))),
        ("list-own-key", "revoked", "it names its own station", returned([], revocations=own)),
        ("return-inside", "label", "a return in a return", returned([returned([])])),
        ("other-certificate", "certificate", "keys under another one", returned(of_keys(ONE, shown=renewed), WEEKS)),
        ("keys-gap", "malformed", "the second key bundle is missing", returned(of_keys(ONE, gap), WEEKS)),
        ("keys-not-first", "malformed", "the first is missing", returned(of_keys(TWO), WEEKS)),
        ("keys-twice", "malformed", "two of one number", returned(of_keys(ONE, late), WEEKS)),
        ("keys-ahead", "made", "the newest of two made in two days", returned(of_keys(ONE, newest_ahead), WEEKS)),
        (
            "keys-ahead-and-key",
            "made",
            "the same, and a key that its hash does not fit",
            returned(of_keys(ONE, newest_ahead), (*OTHER, WEEKS[1])),
        ),
        (
            "keys-after-certificate",
            "made",
            "the older of two made on a day after the certificate's",
            returned(of_keys(after_days, after_after_days), WEEKS),
        ),
        ("keys-skewed", "chain", "the second names another one before it", returned(of_keys(ONE, skewed), WEEKS)),
        (
            "keys-number-1",
            "malformed",
            "number 1 names one before it",
            returned(one_previous, WEEKS, shown=first, number=1),
        ),
        ("carried-none", "malformed", "no keys beside their bundle", returned(of_keys(ONE))),
        ("carried-few", "malformed", "a key less than its bundle names", returned(of_keys(ONE), WEEKS[:1])),
        ("carried-other", "key", "a key that its hash does not fit", returned(of_keys(ONE), (*OTHER, WEEKS[1]))),
        ("carried-alone", "malformed", "keys and no bundle", returned([receipts], WEEKS)),
        ("board-part", "malformed", "one shard of two", returned([board(0, 2)])),
        ("board-twice", "malformed", "a shard twice", returned([board(), board()])),
        ("board-numbers", "malformed", "shards of two boards", returned([board(0, 2), board(1, 2, BASE + 1)])),
        ("board-days", "malformed", "shards of two days", returned([board(0, 2), board(1, 2, made=TODAY - 1)])),
        ("board-shards", "malformed", "one says two shards, one four", returned([board(0, 2), board(1, 4)])),
        ("board-second", "malformed", "the second shard alone", returned([board(1, 2)])),
        ("dossier-inside", "label", "a dossier's list in a return", returned([signed("dossier", head(number=0))])),
        ("object-unknown", "malformed", "an unknown magic in a return", returned([b"DBXX" + receipts[4:]])),
        ("object-forged", "signature", "a bit of an object's signature", returned([flipped(receipts, -1)])),
        (
            "object-desk",
            "desk",
            "an object of another desk",
            returned([signed("receipts", head("irjen", BASE) + u32(0))]),
        ),
        (
            "receipts-unordered",
            "malformed",
            "receipts descend, and what follows is forged",
            returned(
                [signed("receipts", head(number=BASE) + u32(2) + b"\x01" * 32 + bytes(32)), flipped(receipts, -1)]
            ),
        ),
        (
            "statistics-malformed",
            "malformed",
            "statistics without a period",
            returned([signed("statistics", head(number=BASE) + u8(0))]),
        ),
        (
            "forged-and-list-old",
            "list",
            "an old list, and an object is forged",
            returned([flipped(receipts, -1)], revocations=listed(made=TODAY - 101)),
        ),
        ("statistics-twice", "malformed", "statistics twice", returned([_statistics(), _statistics()])),
    )
    for name, expect, comment, untrusted in bad:
        yield Vector("imported", name, expect, comment, given(), untrusted)


def vectors() -> Iterator[Vector]:
    """Families keyring/ and imported/."""
    yield from keyrings()
    yield from imported()
