"""What a hostile sender seals with the real public key: contents of any structure, and texts that would command."""

import os
import struct

from triage_world import DESKS, TODAY, Blob, World, new_thread

from dropbox.crypto.kem import EpochPublicKey
from dropbox.crypto.sealing import Address, Decoys, Sealer
from dropbox.wire.calendar import epoch_of
from dropbox.wire.fields import encode_record, lp, u8, u16, u32

SCRIPT = "<script>alert(1)</script>"
MARKUP = f"{SCRIPT}\"'><img src=x onerror=alert(2)>{{{{ 9119*9119 }}}}{{% raw %}}<!-- ]]> &lt; &#x202e; %0d%0a"
SIGNS = "\u202egnp.exe\u2066\u200b\u200d\ufeff\x00\x1b[2J\x1b]0;x\x07\x7f\x85\u2028\r\n=HYPERLINK('x')"
HOSTILE = MARKUP + SIGNS


def seal_raw(world: World, content: bytes) -> Blob:
    """A blob of our own key whose content is any bytes: what stands in place of lp(record) and file."""
    thread = new_thread()
    epoch = epoch_of(TODAY)
    address = Address(
        world.anchor.instance, epoch, len(DESKS), DESKS.index("itjen"), EpochPublicKey(world.public["itjen"][epoch])
    )
    sealer = Sealer(address, Decoys(), thread.auth_key, thread.shared())
    sealer._buffer, sealer._length = bytearray(content[:65536]), len(content)
    sealer._content = content
    head = sealer.start()
    if len(content) > 65536:  # one chunk at a time, as `update` would do
        sealer._buffer, sealer._length = bytearray(), 0
        sealer._content = b""
        return Blob(os.urandom(32), b"".join((head, *sealer.update(content), *sealer.finish())))
    return Blob(os.urandom(32), b"".join((head, *sealer.finish())))


def _record(**changes: bytes | None) -> dict[str, bytes]:
    """What a report's record has; None leaves a value out."""
    values = new_thread().shared() | {
        "desk": b"itjen", "sent": u32(TODAY), "nonce": bytes(16), "member": bytes(32), "kind": b"report",
        "channel": b"wbs", "category": b"pungli", "what": b"x", "who": b"y", "where": b"z", "lang": b"id",
    }  # fmt: skip
    return {name: value for name, value in (values | changes).items() if value is not None}


def _pairs(*pairs: tuple[bytes, bytes], count: int | None = None) -> bytes:
    """A record of any names in any order."""
    body = b"".join(u8(len(name)) + name + lp(value) for name, value in pairs)
    return lp(u16(len(pairs) if count is None else count) + body)


def _nested(depth: int) -> bytes:
    value = b"\x80"
    for _ in range(depth):
        value = lp(value)
    return value


def _sorted(record: dict[str, bytes]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value) for name, value in sorted(record.items())]


_GOOD = _sorted(_record())
LONG_TEXT = "x" * 100_000
STRUCTURES = {
    "nothing at all": b"",
    "a length alone": b"\0\0\0",
    "an empty record": lp(b""),
    "no names": lp(u16(0)),
    "a length of four gigabytes": struct.pack(">I", 2**32 - 1) + bytes(99),
    "a count of 65535": lp(u16(65535)),
    "a count that lies": _pairs(*_GOOD, count=len(_GOOD) + 1),
    "bytes behind the last name": lp(encode_record(_record()) + b"x"),
    "a value of four gigabytes": lp(u16(1) + u8(4) + b"what" + struct.pack(">I", 2**32 - 1)),
    "3000 lengths in one another": _pairs(*_sorted(_record(what=_nested(3000)))),
    "a record in a record": _pairs(*_sorted(_record(kind=encode_record(_record())))),
    "the same name twice": _pairs(*_GOOD, _GOOD[-1]),
    "names in another order": _pairs(*reversed(_GOOD)),
    "a name of capitals": _pairs((b"WHAT", b"x"), *_GOOD),
    "a name of no letter": _pairs((b"", b"x"), *_GOOD),
    "a name of 255 letters": _pairs(*_GOOD, (b"z" * 255, b"x")),
    "a name with a path": _pairs((b"../x", b"x"), *_GOOD),
    "no kind": lp(encode_record(_record(kind=None))),
    "a kind nobody knows": lp(encode_record(_record(kind=b"surat"))),
    "a kind of 100 kB": lp(encode_record(_record(kind=LONG_TEXT.encode()))),
    "another desk inside": lp(encode_record(_record(desk=b"irjen"))),
    "a desk that is a path": lp(encode_record(_record(desk=b"../itjen"))),
    "no text": lp(encode_record(_record(what=None))),
    "a thread of 31 bytes": lp(encode_record(_record(thread=bytes(31)))),
    "a nonce of no bytes": lp(encode_record(_record(nonce=b""))),
    "a key of a megabyte": lp(encode_record(_record(claim=bytes(1 << 20)))),
    "a date of eight bytes": lp(encode_record(_record(sent=bytes(8)))),
    "a date as text": lp(encode_record(_record(sent=b"9999-12-31"))),
    "half a surrogate": lp(encode_record(_record(what=b"\xed\xa0\x80"))),
    "a text of no UTF-8": lp(encode_record(_record(who=b"\xff\xfe"))),
    "a language of no UTF-8": lp(encode_record(_record(lang=b"\xc0\x80"))),
    "bytes behind a text": lp(encode_record(_record())) + b"MZ",
    "a file of a long record": lp(encode_record(_record(kind=b"file", name=b"a", type=LONG_TEXT.encode()))) + b"x",
}  # fmt: skip
