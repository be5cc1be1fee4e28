"""Python and JavaScript read and write the same bytes; the modules' own tests, types and build run too."""

import io
import json
import os
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nacl.bindings as sodium
import pytest
from node_runs import BROWSER, ROOT, run

from dropbox import limits
from dropbox.crypto.answers import dummy_cell, seal_timeline
from dropbox.crypto.envelope import Envelope, sealed_name
from dropbox.crypto.kdf import prf
from dropbox.crypto.private.opening import check, file_pieces
from dropbox.crypto.sealing import Address, Decoys, Sealer, seal_text
from dropbox.crypto.secret import ReporterSecret, form_nonce, new_secret, parse_secret
from dropbox.crypto.signing import root_fingerprint
from dropbox.crypto.words import fingerprint_words
from dropbox.wire.board import Board, Entry, padded_count
from dropbox.wire.bundle import pack_objects
from dropbox.wire.calendar import epoch_of
from dropbox.wire.container import ContainerReader
from dropbox.wire.fields import encode_record, lp, u32
from dropbox.wire.keyring import KeyBundle, KeyedBundle, parse_keyed_bundle
from tests.support.desks import INSTANCE, TODAY, FakeDesk, FakeInspectorate

JavaScript = Callable[..., Any]
EPOCH = epoch_of(TODAY)
REPORT = {
    "channel": "wbs",
    "category": "korupsi",
    "what": "Uang „pelicin“ diminta.\r\nTiga kali — 🙏",
    "who": "Kepala seksi",
    "where": "Kanwil",
    "when": "",
}


@pytest.fixture(scope="module")
def inspectorate() -> FakeInspectorate:
    return FakeInspectorate()


def keyring(inspectorate: FakeInspectorate, revoked: tuple[bytes, ...] = ()) -> bytes:
    objects = pack_objects(desk.key_bundle() for desk in inspectorate.desks.values())
    return objects + lp(inspectorate.revocations(1, *revoked))


def trust(inspectorate: FakeInspectorate, **more: object) -> dict[str, object]:
    return {
        "anchor": inspectorate.anchor.encode().decode(),
        "keyring": keyring(inspectorate),
        "today": TODAY,
    } | more


def test_modules_pass_their_own_tests(installed: Path) -> None:
    """`node --test` over the vectors, the properties, libsodium.js and the trust of files."""
    run("node", "--test", *map(str, sorted((ROOT / "tests/js").glob("*.test.mjs"))))


def test_modules_are_typed(installed: Path) -> None:
    """`tsc --checkJs`, strict."""
    run("node", "node_modules/typescript/bin/tsc", "--project", "tsconfig.json")


def test_build_is_reproducible_and_needs_no_eval(installed: Path, tmp_path: Path) -> None:
    """Two builds give the same bytes; they name no folder of this machine and need neither eval nor WebAssembly."""
    for name in ("one", "other"):
        run("node", "build.mjs", str(tmp_path / name))
    built = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    assert built == {path.name: path.read_bytes() for path in (tmp_path / "other").iterdir()}
    assert built
    vocabulary = rb"(?!ns\.adobe\.com/|purl\.org/dc/|fallback\.namespace/)"  # ExifReader: XML knows them by such names
    for name, content in built.items():
        address = rb"https?://" + (vocabulary if name in ("metadata.js", "sealer.js") else b"")
        assert not re.search(rb"\beval\b|new Function|WebAssembly|" + address, content)
        assert os.fsencode(ROOT) not in content


_UNPACK = """
const { brotliDecompressSync, gunzipSync } = require("node:zlib");
const { readFileSync } = require("node:fs");
const [name] = process.argv.slice(1);
const plain = readFileSync(name);
const unpacked = [gunzipSync(readFileSync(name + ".gz")), brotliDecompressSync(readFileSync(name + ".br"))];
console.log(unpacked.every((one) => one.equals(plain)));
"""


def test_build_writes_smaller_variants(installed: Path, tmp_path: Path) -> None:
    """Every script, and the styles, in Brotli and in gzip, which is smaller than half and gives the same bytes back."""
    run("node", "build.mjs", str(tmp_path))
    for name in ("style.css", "slip.css"):
        (tmp_path / name).write_bytes((ROOT / "dropbox/web/static" / name).read_bytes())
    plain = {path for path in tmp_path.iterdir() if path.suffix in (".js", ".css")}
    assert {path.name for path in tmp_path.iterdir()} == {
        f"{path.name}{end}" for path in plain for end in ("", ".br", ".gz")
    }
    for path in plain:
        assert run("node", "-e", _UNPACK, str(path)).strip() == "true"
        sizes = [path.with_name(path.name + end).stat().st_size for end in (".br", ".gz", "")]
        assert sizes == sorted(sizes)
    assert (tmp_path / "report.js.br").stat().st_size < (tmp_path / "report.js").stat().st_size / 2


def test_lock_names_no_address() -> None:
    """Packages are known by name, version and hash; where they come from is the installation's affair."""
    text = (BROWSER / "package-lock.json").read_text()
    assert "http" not in text
    packages = {name: package for name, package in json.loads(text)["packages"].items() if name}
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    wanted = json.loads((BROWSER / "package.json").read_text())
    for name, version in (wanted["dependencies"] | wanted["devDependencies"]).items():
        assert packages[f"node_modules/{name}"]["version"] == version


def test_modules_stay_small_and_away_from_the_page() -> None:
    """No module is longer than 200 lines or knows of a document, a network or a storage."""
    foreign = r"\b(document|window|\w+Storage|indexedDB|fetch|XMLHttpRequest|navigator|Date\.now|Math\.random)\b"
    for path in (BROWSER / "src").rglob("*.js"):
        if "page" in path.relative_to(BROWSER).parts:
            continue
        text = path.read_text()
        assert len(text.splitlines()) < 200, path.name
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.DOTALL)
        assert not re.search(foreign, code), path.name
        assert "Rule:" in text, path.name


def test_numbers_agree(javascript: JavaScript) -> None:
    """limits.js holds what limits.py holds, and nothing else but what it marks."""
    numbers = javascript("limits")
    assert {name for name in numbers if not hasattr(limits, name)} == {"CLOCK_DOUBT_DAYS"}
    for name, value in numbers.items():
        assert getattr(limits, name, value) == value, name


def test_secret_made_by_javascript_is_ours(javascript: JavaScript) -> None:
    """Code, words and all keys agree."""
    made = javascript("newSecret", instance=INSTANCE, desk="itjen")
    secret = parse_secret(made["code"], made["words"])
    keys = secret.keys(INSTANCE, "itjen")
    assert made["keys"] == {
        "thread": keys.thread,
        "claim": keys.claim,
        "tagKey": keys.tag_key,
        "answerKey": keys.answer_key,
        "authKey": keys.auth_key,
        "idKey": keys.id_key,
        "digestKey": keys.digest_key,
    }


def _seal(javascript: JavaScript, inspectorate: FakeInspectorate, secret: ReporterSecret, **more: object) -> Any:
    given = {"code": secret.code, "words": secret.words, "desk": "itjen", "form": bytes(12), "index": 0, "attempt": 0}
    return javascript("seal", **trust(inspectorate), **(given | more))


def _opened(blob: bytes, desk: FakeDesk) -> Any:
    return check(io.BytesIO(blob).read, len(blob), INSTANCE, desk.name, desk.epochs[EPOCH])


@pytest.mark.parametrize("desk", ["irjen", "itjen"])
def test_report_sealed_by_javascript(javascript: JavaScript, inspectorate: FakeInspectorate, desk: str) -> None:
    """It opens at its desk, joins its thread, and has Python's id and digest."""
    secret = new_secret()
    made = _seal(javascript, inspectorate, secret, desk=desk, kind="report", typed=REPORT)
    opened = _opened(made["blob"], inspectorate.desks[desk])
    keys = secret.keys(INSTANCE, desk)
    assert opened.is_member
    assert opened.message.fields == REPORT
    assert (opened.message.thread, opened.message.keys["claim"]) == (keys.thread, keys.claim)
    assert (opened.message.kind, opened.message.sent, opened.message.lang) == ("report", TODAY, "id")
    assert made["id"] == keys.blob_id(bytes(16))
    digest = keys.content_digest()
    values = {name: value.encode() for name, value in REPORT.items()}
    digest.update(encode_record(values | {"kind": b"report", "desk": desk.encode()}))
    assert made["digest"] == digest.value(made["id"])


@pytest.mark.parametrize("size", [0, 1, 65_536, 1_000_003])
def test_file_sealed_by_javascript(javascript: JavaScript, inspectorate: FakeInspectorate, size: int) -> None:
    """Its bytes come out as they went in, and id and digest are Python's."""
    secret, form = new_secret(), secrets.token_bytes(12)
    file = secrets.token_bytes(size // 2) + bytes(size - size // 2)
    typed = {"name": "foto “bukti” №1.jpg", "type": "image/jpeg"}
    made = _seal(javascript, inspectorate, secret, kind="file", typed=typed, file=file, form=form, index=3, attempt=1)
    opened = _opened(made["blob"], inspectorate.desks["itjen"])
    assert opened.is_member
    assert (opened.message.name, opened.message.type) == (typed["name"], typed["type"])
    blob = made["blob"]
    assert b"".join(file_pieces(io.BytesIO(blob).read, len(blob), INSTANCE, opened.file_key)) == file
    keys = secret.keys(INSTANCE, "itjen")
    assert made["id"] == keys.blob_id(form_nonce(form, 3, 1))
    digest = keys.content_digest()
    digest.update(lp(typed["name"].encode()) + lp(typed["type"].encode()) + file)
    assert made["digest"] == digest.value(made["id"])


def test_container_made_by_javascript(javascript: JavaScript, inspectorate: FakeInspectorate) -> None:
    """Python reads it blob by blob, under its own ids and digests, and the desk opens text and files."""
    secret, contents = new_secret(), [b"", secrets.token_bytes(200_000)]
    files = [{"name": f"map/{at}.jpg", "type": "image/jpeg", "content": one} for at, one in enumerate(contents)]
    given = {"code": secret.code, "words": secret.words, "desk": "itjen", "typed": REPORT, "files": files}
    made = javascript("container", **trust(inspectorate), **given)
    reader = ContainerReader(io.BytesIO(made).read, INSTANCE)
    found = [(entry, b"".join(reader.pieces())) for entry in reader.entries()]
    keys = secret.keys(INSTANCE, "itjen")
    envelope = Envelope(keys, "itjen", "id", TODAY)
    digests = [
        envelope.text_digest("report", REPORT),
        *(envelope.file_digest(f"{at}.jpg", "image/jpeg") for at in range(2)),
    ]
    for index, (entry, blob) in enumerate(found):
        opened = _opened(blob, inspectorate.desks["itjen"])
        assert opened.is_member
        if index:
            pieces = file_pieces(io.BytesIO(blob).read, len(blob), INSTANCE, opened.file_key)
            assert b"".join(pieces) == contents[index - 1]
            digests[index].update(contents[index - 1])
        else:
            assert opened.message.fields == REPORT
        assert entry.id == keys.blob_id(form_nonce(bytes(12), index, 0))
        assert entry.digest == digests[index].value(entry.id)
    assert len(found) == reader.count == 3


@pytest.mark.parametrize("size", [None, 0, 200_000])
def test_sealed_by_python_opens_in_javascript(
    javascript: JavaScript, inspectorate: FakeInspectorate, size: int | None
) -> None:
    """A text and files, by the opener that the JavaScript tests keep for themselves."""
    desk = inspectorate.desks["irjen"]
    address = Address(INSTANCE, EPOCH, 2, 0, desk.epochs[EPOCH].public)
    keys = new_secret().keys(INSTANCE, "irjen")
    kind = {"kind": b"addition", "what": "é 🙏".encode()}
    if size is not None:
        kind = {"kind": b"file", "name": b"x", "type": b""}
    record = keys.shared() | kind | {"nonce": bytes(16), "desk": b"irjen", "sent": u32(TODAY)}
    file = secrets.token_bytes(size or 0)
    if size is None:
        blob = seal_text(address, Decoys(), keys.auth_key, record)
    else:
        sealer = Sealer(address, Decoys(), keys.auth_key, record)
        blob = b"".join((sealer.start(), *sealer.update(file), *sealer.finish()))
    opened = javascript("open", blob=blob, instance=INSTANCE, desk="irjen", seed=desk.epochs[EPOCH].seed)
    assert (opened["isMember"], opened["slots"], opened["epoch"], opened["file"]) == (True, 2, EPOCH, file)
    member = opened["record"].pop("member")
    assert opened["record"] == record
    assert len(member) == 32


def _shards(desk: FakeDesk, cells: list[bytes], shards: int) -> bytes:
    filled = sorted([*cells, *(dummy_cell() for _ in range(padded_count(len(cells)) - len(cells)))])
    size = len(filled) // shards
    return pack_objects(
        desk.signed(
            "board",
            Board(desk.head(9), at, shards, tuple(filled[at * size : (at + 1) * size])).encode(),
        )
        for at in range(shards)
    )


@pytest.mark.parametrize("shards", [1, 4])
def test_board_made_by_python(javascript: JavaScript, inspectorate: FakeInspectorate, shards: int) -> None:
    """JavaScript finds its own timeline on the boards of two desks, and a stranger finds none."""
    secret, stranger = new_secret(), new_secret()
    keys = secret.keys(INSTANCE, "itjen")
    entries = [
        Entry(TODAY - 3, "received", texts=1, files=2),
        Entry(TODAY, "message", text="Jawaban — 🙏 " * 400, next=TODAY + 14),
    ]
    cells = seal_timeline(keys.tag_key, keys.answer_key, INSTANCE, "itjen", 9, entries)
    irjen, itjen = inspectorate.desks["irjen"], inspectorate.desks["itjen"]
    boards = pack_objects([_shards(irjen, [], 1), _shards(itjen, cells, shards)])
    asked = trust(inspectorate, boards=boards)
    found = javascript("timelines", **asked, code=secret.code, words=secret.words)
    shown = [
        {name: getattr(entry, name) for name in ("day", "kind", "status", "text", "next", "texts", "files")}
        for entry in entries
    ]
    assert found == [{"desk": "itjen", "made": TODAY, "old": False, "entries": shown}]
    assert javascript("timelines", **asked, code=stranger.code, words=stranger.words) == []


def test_keyring_is_refused_by_reason(javascript: JavaScript, inspectorate: FakeInspectorate) -> None:
    """What Python signs and JavaScript must not use."""
    good = trust(inspectorate)
    assert javascript("refusal", **good) == "ok"
    other = FakeInspectorate()
    assert javascript("refusal", **good | {"keyring": keyring(other)}) == ["UntrustedError", "signature"]
    revoked = keyring(inspectorate, tuple(desk.station.public for desk in inspectorate.desks.values()))
    assert javascript("refusal", **good | {"keyring": revoked}) == ["UntrustedError", "revoked"]
    assert javascript("refusal", **good | {"today": TODAY + 91}) == ["UntrustedError", "date"]
    assert javascript("refusal", **good | {"today": 0}) == ["WrongClockError", "clock"]
    real = inspectorate.anchor.encode().replace(b"use: demo", b"use: real").decode()
    assert javascript("refusal", **good | {"anchor": real}) == ["UntrustedError", "use"]
    forged = KeyBundle(inspectorate.desks["itjen"].head(1), bytes(32), {EPOCH: bytes(32)}).encode()
    itjen = KeyedBundle(inspectorate.desks["irjen"].signed("keys", forged), {}).encode()
    bent = inspectorate.keyring([inspectorate.desks["irjen"].key_bundle(), itjen])
    assert javascript("refusal", **good | {"keyring": bent}) == ["UntrustedError", "desk"]
    mixed = KeyedBundle(
        parse_keyed_bundle(inspectorate.desks["itjen"].key_bundle()).signed, inspectorate.desks["irjen"].public_keys
    ).encode()
    bent = inspectorate.keyring([inspectorate.desks["irjen"].key_bundle(), mixed])
    assert javascript("refusal", **good | {"keyring": bent}) == ["UntrustedError", "key"]


def _state(stream: Any) -> bytes:
    return bytes(sodium.crypto_secretstream.ffi.buffer(stream.statebuf)[:44])


@pytest.mark.parametrize("counter", [b"\x01\x00\x00\x00", b"\xff\xff\x00\x00", b"\xfe\xff\xff\xff"])
def test_secretstream_counts_and_rekeys_like_libsodium(javascript: JavaScript, counter: bytes) -> None:
    """Carry of the counter, rekeying when it comes round, and rekeying by tag."""
    key, header = secrets.token_bytes(32), secrets.token_bytes(24)
    stream = sodium.crypto_secretstream_xchacha20poly1305_state()
    sodium.crypto_secretstream_xchacha20poly1305_init_pull(stream, header, key)
    sodium.crypto_secretstream.ffi.buffer(stream.statebuf)[32:36] = counter
    state = _state(stream)
    messages = [secrets.token_bytes(size) for size in (0, 1, 63, 64, 65, 1000)]
    tags = [0, 0, 1, 2, 0, 3]
    expected = [
        sodium.crypto_secretstream_xchacha20poly1305_push(stream, message, None, tag)
        for message, tag in zip(messages, tags, strict=True)
    ]
    assert javascript("stream", key=key, header=header, state=state, messages=messages, tags=tags) == expected


def test_small_rules_agree(javascript: JavaScript, inspectorate: FakeInspectorate) -> None:
    """Told secrets, names of files, and the root's words."""
    secret = new_secret()
    words = secret.words.split()
    runs = [
        "x " + " ".join(words[4:]),
        " ".join(words[:3]),
        secret.words.upper(),
        " ".join(word[:4] for word in words[2:6]),
    ]
    texts = [secret.code.lower(), "é" + secret.code, "", *runs]
    told = javascript("isRevealedBy", code=secret.code, words=secret.words, texts=texts)
    assert told == [secret.is_revealed_by(text) for text in texts]
    names = ["a.jpg", "C:\\fakepath\\b.jpg", "x/y/", "é" * 300 + ".pdf", "🙏" * 80, "x" + "🙏" * 64]
    assert javascript("names", names=names) == [sealed_name(name) for name in names]
    anchor = inspectorate.anchor
    words_aloud = fingerprint_words(root_fingerprint(anchor))
    assert javascript("fingerprint", anchor=anchor.encode()) == words_aloud
    assert len(prf(bytes(32), "x")) == 32
