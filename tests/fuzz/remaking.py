"""Mutates vectors, and signs and seals again what was mutated, so that each reader gets to the checks behind it.

Rule: a family's layers are all the places where bytes are hidden behind a signature, a hash or a seal; the layer with
no remaking is the file as it is. The same seed makes the same objects.
"""

import hashlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from dropbox.wire.bundle import parse_return
from dropbox.wire.signed import parse_object
from tests.fuzz.mutating import Mutator

_TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(_TESTS), str(_TESTS / "vectors")]
import construction as made  # noqa: E402
import make_blob  # noqa: E402
import make_board  # noqa: E402
import make_carried  # noqa: E402
import make_dossier  # noqa: E402
from construction import Signer, lp, u8, u16, u32  # noqa: E402
from third_reader.vector_file import Vector  # noqa: E402

_VECTORS = _TESTS / "vectors"
_BASE_MAX = 40_000  # bytes
_CLAIM = Signer(made.make_secret("first", made.INSTANCE).key("claim key"))
Layer = Callable[[Mutator, Vector, Vector], bytes]


# --- signed objects -----------------------------------------------------------------------------------------------


def _again(whole: bytes, body: bytes, certificate: bytes | None = None) -> bytes:
    """An object with another body, signed by the station that its certificate is for."""
    was = parse_object(whole)
    shown = was.certificate if certificate is None else certificate
    desk = next((desk for desk, signer in made.STATIONS.items() if signer.public in was.certificate), "itjen")
    return made.signed(was.label, body, desk, shown)


def _signed(mutate: Mutator, base: bytes, other: bytes) -> bytes:
    """An object with a mutated body, or under a mutated certificate."""
    was = parse_object(base)
    if mutate.chance.randrange(5):
        return _again(base, mutate.data(was.body, parse_object(other).body))
    return _again(base, was.body, made.certificate(mutate.data(was.certificate[4:-64], was.certificate)))


def _list(mutate: Mutator, base: bytes) -> bytes:
    body = mutate.data(base[8 : 8 + int.from_bytes(base[4:8], "big")], base)
    return b"DBXV" + lp(body) + made.ROOT.sign("revocations", made.INSTANCE, body)


def _lps(data: bytes, count: int) -> tuple[list[bytes], bytes]:
    """So many `lp(bytes)`, and what is behind them."""
    found = []
    for _ in range(count):
        length = int.from_bytes(data[:4], "big")
        found.append(data[4 : 4 + length])
        data = data[4 + length :]
    return found, data


def _packed(data: bytes) -> tuple[list[bytes], bytes]:
    return _lps(data[2:], int.from_bytes(data[:2], "big"))


def _pack(items: list[bytes]) -> bytes:
    return u16(len(items)) + b"".join(map(lp, items))


def _keyed(mutate: Mutator, keyed: bytes) -> bytes:
    (whole,), carried = _lps(keyed, 1)
    if mutate.chance.randrange(3):
        return lp(_signed(mutate, whole, whole)) + carried
    return lp(whole) + mutate.front(carried, carried, 60)


def _keyring(mutate: Mutator, base: Vector, _: Vector) -> bytes:
    bundles, rest = _packed(base.data)
    (listed,), _end = _lps(rest, 1)
    if mutate.chance.randrange(4):
        bundles = mutate.items(bundles, lambda one: _keyed(mutate, one))
    else:
        listed = _list(mutate, listed)
    return _pack(bundles) + lp(listed)


def _boards(mutate: Mutator, base: Vector, _: Vector) -> bytes:
    desks, _end = _packed(base.data)

    def change(desk: bytes) -> bytes:
        shards, _end = _packed(desk)
        # A vector of a desk that is left out has shards without a byte.
        return _pack(
            mutate.items(shards, lambda one: _signed(mutate, one, one) if one else mutate.data(desk[:64], one))
        )

    return _pack(mutate.items(desks, change))


def _inside_return(mutate: Mutator, base: Vector, other: Vector) -> bytes:
    """A return with mutated objects, keys or list, all signed again."""
    outer = parse_object(base.data)
    was = parse_return(outer.body)
    start = outer.body.index(_pack(list(was.objects)))
    strangers = [*parse_return(parse_object(other.data).body).objects, *was.objects]
    objects, listed = list(was.objects), was.revocations
    carried = outer.body[start + len(_pack(objects)) : -len(lp(listed))]
    match mutate.chance.randrange(6):
        case 0:
            listed = _list(mutate, listed)
        case 1:
            carried = mutate.front(carried, carried, 60)
        case 2 if strangers:
            objects.append(mutate.chance.choice(strangers))
        case _:
            objects = mutate.items(objects, lambda one: _signed(mutate, one, one))
    return _again(base.data, outer.body[:start] + _pack(objects) + carried + lp(listed))


# --- what is sealed -----------------------------------------------------------------------------------------------


def _stream(key: bytes, front: bytes, padded: bytes) -> bytes:
    state = make_blob.sodium.crypto_secretstream_xchacha20poly1305_state()
    make_blob.sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, front, key)
    chunks = [padded[at : at + make_blob.CHUNK] for at in range(0, len(padded), make_blob.CHUNK)] or [b""]
    push = make_blob.sodium.crypto_secretstream_xchacha20poly1305_push
    sealed = [push(state, chunk, None, make_blob.FINAL if chunk is chunks[-1] else 0) for chunk in chunks]
    return front + b"".join(sealed)


def _blob_of(base: Vector, padded: bytes) -> bytes:
    """A blob with this padded content: header, stanzas and file key are the base's."""
    prefix = base.data[: make_blob.HEADER + base.data[5] * make_blob.STANZA]
    key = base.hex("file-key")
    commitment = made.prf(key, "commitment", prefix)
    return prefix + commitment + _stream(made.prf(key, "stream"), base.hex("stream-header"), padded)


def _values(base: Vector) -> dict[str, bytes]:
    return {key[7:]: bytes.fromhex(value) for key, value in base.header.items() if key.startswith("record.")}


def _blob_record(mutate: Mutator, base: Vector, other: Vector) -> bytes:
    """A blob whose record has other values; `member` is mostly right for them."""
    values = mutate.record(_values(base), _values(other))
    if mutate.chance.randrange(4):
        prefix = base.data[: make_blob.HEADER + base.data[5] * make_blob.STANZA]
        commitment = made.prf(base.hex("file-key"), "commitment", prefix)
        kept = {name: value for name, value in values.items() if name != "member"}
        auth = values.get("auth-key", b"")[:64]
        values["member"] = made.prf(auth, "member", commitment, made.record(sorted(kept.items())))
    file = b"" if "file-repeat" in base.header else base.hex("file")
    named = {name: value for name, value in values.items() if len(name) < 256}
    return _blob_of(base, make_blob.padded(lp(made.record(sorted(named.items()))) + file))


def _blob_content(mutate: Mutator, base: Vector, other: Vector) -> bytes:
    """A blob whose content is not what a sealer writes, padded well or not."""
    content = lp(made.record(sorted(_values(base).items())))
    content = mutate.data(content, lp(made.record(sorted(_values(other).items()))))
    padded = make_blob.padded(content)
    if mutate.chance.randrange(4) == 0:
        size = len(padded)
        at = mutate.chance.choice((len(content), len(content), size - 1, mutate.chance.randrange(size)))
        padded = padded[:at] + mutate.chance.choice((b"\0", b"\x80", b"\1")) + padded[at + 1 :]
    return _blob_of(base, padded)


def _board_parts(mutate: Mutator, base: Vector, other: Vector) -> bytes:
    """A board whose cells open to a mutated timeline, or to mutated parts of it."""
    timeline = base.hex("timeline")
    if mutate.chance.randrange(3):
        timeline = mutate.data(timeline, other.hex("timeline"))
    parts = make_board.parts_of(timeline)
    if mutate.chance.randrange(3) == 0:
        parts = mutate.items(parts, lambda one: mutate.front(one, parts[0], 8).ljust(2048, b"\0")[:2048])
    if mutate.chance.randrange(8) == 0:
        parts = mutate.items(parts, lambda one: one[:-1])
    cells = make_board.cells_of(part[:2048] for part in parts)
    cells = [cell for cell in cells if len(cell) == make_board.CELL]
    return made.signed("board", make_board.body_of(cells + _DUMMIES[: 64 - len(cells)]))


_DUMMIES = make_board.dummies(64)


def _dossier_list(mutate: Mutator, _: Vector, __: Vector) -> bytes:
    """A dossier whose list of parts is mutated and signed, or whose content is mutated."""
    body = make_dossier.contents()
    parts = b"".join(make_dossier.PARTS.values())
    match mutate.chance.randrange(4):
        case 0:
            signed = made.signed("dossier", body)
            return make_dossier.sealed(mutate.data(lp(signed) + parts, parts))
        case 1:
            shown = made.certificate(mutate.data(made.certificate_body(), body[:200]))
            return make_dossier.sealed(lp(made.signed("dossier", body, "itjen", shown)) + parts)
        case 2:
            names = dict(make_dossier.PARTS)
            at = mutate.chance.choice(sorted(names))
            known = ("bukti/000.txt", "bukti/999.mkv", "surat.pdf", "bukti/001.PNG", "rujukan.json", "x", "../a")
            names[mutate.chance.choice(known)] = names.pop(at)
            ordered = dict(sorted(names.items())) if mutate.chance.randrange(4) else names
            content = lp(made.signed("dossier", make_dossier.contents(ordered))) + b"".join(ordered.values())
            return make_dossier.sealed(content)
        case _:
            return make_dossier.sealed(lp(made.signed("dossier", mutate.data(body, body))) + parts)


def _answer(mutate: Mutator, base: Vector, _: Vector) -> bytes:
    """A receiver's answer whose body is mutated, signed and sealed."""
    said = {name: base.hex(f"{name}-hex").decode() for name in ("number", "result", "question", "remark")}
    if mutate.chance.randrange(2):
        name = mutate.chance.choice(sorted(said))
        said[name] = mutate.chance.choice(
            ("", " \n", "\u00a0", "found", "not-found", "x" * 65, "\u202ea", "é\0", "10/A")
        )
        body = make_dossier.answer_body(said)
    else:
        body = mutate.data(make_dossier.answer_body(said), b"DBXN")
    return make_dossier.answer_file(body + make_dossier.HOLDER.sign("referral answer", made.INSTANCE, body))


def _card(mutate: Mutator, base: Vector, _: Vector) -> bytes:
    lines = base.data[: base.data.index(b"signature: ")]
    if mutate.chance.randrange(3):
        front = lines.index(b"\nsign: ")
        return make_dossier.card(mutate.signs(lines[:front]) + lines[front:])
    return make_dossier.card(mutate.data(lines, lines))


def _claim(mutate: Mutator, base: Vector, other: Vector) -> bytes:
    body = mutate.data(base.data[:-64], other.data)
    return body + _CLAIM.sign("claim", made.INSTANCE, body)


def _notice(mutate: Mutator, _: Vector, __: Vector) -> bytes:
    body = b"DBXT" + u8(1) + u32(made.TODAY) + u8(mutate.chance.randrange(5))
    sealed = make_carried._sealed(mutate.data(body, body) if mutate.chance.randrange(4) else body)
    columns = mutate.chance.choice((1, 3, 64, 70, 2000))
    mail = make_carried._mail(sealed, columns, mutate.chance.choice(("", "> ", ">>\t", "| ")))
    return mail if mutate.chance.randrange(2) else mutate.data(mail, mail)


def _export(mutate: Mutator, base: Vector, other: Vector) -> bytes:
    """An export with a mutated content or certificate, with hash and signature."""
    body = base.data[:-96]
    if mutate.chance.randrange(4):
        body = mutate.data(body, other.data)
    else:
        shown = made.server_certificate(mutate.data(body[37:103], body))
        body = body[:33] + shown + body[33 + 134 :]
    return body + hashlib.sha256(body).digest() + made.SERVER.sign("export", made.INSTANCE, body)


# --- the families -------------------------------------------------------------------------------------------------


def _raw(mutate: Mutator, base: Vector, other: Vector) -> bytes:
    return mutate.data(base.data, other.data)


def _lines(mutate: Mutator, base: Vector, _: Vector) -> bytes:
    return mutate.signs(base.data)


def _front(most: int) -> Layer:
    return lambda mutate, base, other: mutate.front(base.data, other.data, most)


def _object(mutate: Mutator, base: Vector, other: Vector) -> bytes:
    return _signed(mutate, base.data, other.data)


def _bodied(again: Callable[[bytes], bytes]) -> Layer:
    return lambda mutate, base, other: again(mutate.data(base.data[4:-64], other.data[4:-64]))


LAYERS: dict[str, tuple[Layer, ...]] = {
    **dict.fromkeys(("accepted", "certificate-file", "file-signature", "keyword-match"), (_raw,)),
    **dict.fromkeys(("anchor", "courier-key", "server-request", "station-request"), (_raw, _lines)),
    **dict.fromkeys(("keys", "receipts", "statistics", "log-statement"), (_raw, *[_object] * 4)),
    "certificate": (_raw, *[_bodied(made.certificate)] * 4),
    "server-certificate": (_raw, *[_bodied(made.server_certificate)] * 4),
    "revocations": (_raw, *[lambda mutate, base, _: _list(mutate, base.data)] * 4),
    "keyed": (_front(900), *[lambda mutate, base, _: _keyed(mutate, base.data)] * 3),
    "keyring": (_raw, *[_keyring] * 4),
    "return": (_raw, _object, *[_inside_return] * 3),
    "imported": (_raw, *[_inside_return] * 4),
    "board": (_raw, _front(500), *[_object] * 2, *[_board_parts] * 4),
    "boards": (_raw, *[_boards] * 4),
    "blob": (_front(1300), *[_blob_content] * 2, *[_blob_record] * 4),
    "container": (_front(120), _raw),
    "export": (_raw, *[_export] * 4),
    "dossier": (_raw, *[_dossier_list] * 4),
    "answer": (_raw, *[_answer] * 4),
    "card": (_raw, *[_card] * 4),
    "claim": (_raw, *[_claim] * 4),
    "notice": (_raw, *[_notice] * 4),
}
TYPED = ("secret", "confirm")  # what is mutated is in the header: people type it
FAMILIES = (*LAYERS, *TYPED)


def _typed(mutate: Mutator, base: Vector, words: list[str]) -> Vector:
    header = dict(base.header)
    if base.folder == "confirm":
        header["typed-hex"] = mutate.text(base.hex("typed-hex").decode(), words).encode().hex()
        return replace(base, header=header)
    for name in ("code", "words"):
        said = header.pop(name, None)
        typed = bytes.fromhex(header[f"{name}-hex"]).decode() if said is None else said
        if mutate.chance.randrange(3):
            typed = mutate.text(typed, words)
        header[f"{name}-hex"] = typed.encode().hex()
    return replace(base, header=header)


def _bases(family: str) -> list[Vector]:
    every = map(Vector.read, sorted((_VECTORS / family).glob("ok*.vec")))
    return [vector for vector in every if len(vector.data) < _BASE_MAX]


def mutants(family: str, count: int, seed: int) -> Iterator[Vector]:
    """Yield so many mutated objects of a family."""
    mutate, bases = Mutator(f"{family} {seed}"), _bases(family)
    words = made.WORD_LIST
    for _ in range(count):
        base, other = mutate.chance.choice(bases), mutate.chance.choice(bases)
        if family in TYPED:
            yield _typed(mutate, base, words)
        else:
            yield replace(base, data=mutate.chance.choice(LAYERS[family])(mutate, base, other))
