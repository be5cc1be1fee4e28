"""Writes right inputs of every target, from vectors and samples of evidence: `python -m tests.fuzz.seeds FOLDER`.

Rule: a seed is a small file of its kind; what libFuzzer finds from there is what the kept corpus holds.
"""

import base64
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

from dropbox.wire.fields import decode_record, encode_record, lp
from dropbox.wire.notice import SEALED_BYTES, encode_key, notice_text
from dropbox.wire.request import StationRequest, encode_request
from dropbox.wire.signed import encode_certificate_file, parse_object
from tests.fuzz import sealed_targets
from tests.fuzz.desk_targets import _INSIDE
from tests.fuzz.targets import TARGETS
from tests.wire.wire_samples import BLOB, SAMPLES, container

_TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(_TESTS / "triage_evidence"), str(_TESTS / "crypto")]
_MAX = 24_000  # bytes of one seed
_HEAD = b"POST /status HTTP/1.1\r\nHost: x\r\n"
_TUS = b"\nTus-Resumable: 1.0.0"
_PROMISE = (
    b"\nUpload-Length: 18819\nUpload-Metadata: id "
    + base64.b64encode(b"i" * 32)
    + b",digest "
    + base64.b64encode(b"d" * 32)
)
_STREAM = b"\nContent-Type: application/offset+octet-stream"

_FORM = (
    b'\x05--reporter\r\nContent-Disposition: form-data; name="what"\r\n\r\na\r\n--reporter\r\n'
    b'Content-Disposition: form-data; name="files"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nabc\r\n-- \r\n'
    b"--reporter--\r\n"
)
_REGISTER = (
    b"tanggal;uraian;asal;kanal;kategori;terlapor;tempat;waktu\n"
    b"2026-01-02;a;surat;wbs;pungli;b;c;d\n3 Mei 2026;e;;;;;;\n"
)
_PLAIN: dict[str, list[bytes]] = {
    "multipart": [_FORM, b"\xff--reporter--\r\n"],
    "form": [
        b"channel=wbs&desk=itjen&category=pungli&what=a%0D%0Ab&who=x&where=y&when=&step=review&reader=irjen&x-p1-name=z",
        b"code=V93E-0S39-AEJN-B67S&words=kalkun+rindang+terus+viral+etika+simbol+juga+fasih&mac=0&step=send&confirm=viral",
    ],
    "http": [
        b"\x20" + _HEAD + b"Content-Length: 3\r\n\r\nabc",
        b"\x03" + _HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1;a=b\r\nx\r\n0\r\nX: y\r\n\r\n",
        b"\xffGET /a?b=c HTTP/1.0\r\n\r\n",
    ],
    "tus": [
        b"POST " + _TUS + _PROMISE + b"\n\n",
        b"POST " + _TUS + _PROMISE + _STREAM + b"\n\nDBXB\x01\x02\0\0\x0b\x98",
        b"PATCH " + b"0" * 32 + _TUS + _STREAM + b"\nUpload-Offset: 0\n\nabc",
        b"OPTIONS \n\n",
        b"POST " + b"f" * 32 + _TUS + b"\nX-HTTP-Method-Override: HEAD\nSec-Fetch-Site: same-origin\n\n",
    ],
    "container-form": [SAMPLES["container"][1][:200]],
    "gate-answer": [
        b'{"kind":"GateError","error":{"code":"gate.busy-returns","values":{"a":{"code":"b.c","values":{}},"d":[1]}}}',
        b'{"number":3,"day":20781,"length":9,"sha256":"00","blobs":1,"notes":[{"code":"a.b","values":{}}],"is_urgent":true}',
        b'{"what":{"code":"a.b","values":{}},"is_new":true,"deleted":null,"warnings":[]}',
        b"[" * 3000,
        b'{"desks":' + b"[" * 3000,
    ],
    "register": [
        _REGISTER,
        'sep=,\r\ndate,what\r\n"Sunday, 01/02/26 00:00","x\ny"\r\n'.encode("utf-16"),
        b"date\twhat\n1.2.26\t\x93a\x94\n",
    ],
    "sandbox-reply": [
        b"\0+\0\0\0\x03abc\0\0\0\0+",
        b"\x01+\0\0\0\x01\0\0\0\x01\0\0\0\x01rgb",
        b"\x02+jpeg 0 1",
        b"\x03+\0\0\0\x06cut=9\nabc",
        b"\x04+\0\0\0\0webm",
        b"\x05+cut=1\nmarks=2\n",
        b"\x06+\0\0\0\0\0\x01a\0\x01b\0\0\0\0\0\0\0\x01",
        b"\x06d",
    ],
    "secret": [
        b"V93E-0S39-AEJN-B67S\nkalkun rindang terus viral etika simbol juga fasih",
        b"\nKode: V93E 0S39 AEJN B67S\nKata: kalkun rindang terus viral etika simbol juga fasih",
    ],
    "unpadder": [b"\x03abc\x80" + bytes(9), b"\0\x80\0\x80\x80\0", b"\x01" + bytes(5)],
    "private-file": [
        b" file v1\nkind: station\nname: a\nargon2id: t=3 m=65536 p=4\nsalt: " + b"0" * 32 + b"\n"
        b"" + base64.b64encode(bytes(60)) + b"\n"
    ],
    "rujukan": [b'{"versi_skema": 2}', b'{"versi_skema": 2, "a": ' + b"[" * 2000],
    "kind": [b"DBXR", b"dropbox root key v1\n", b"\0\0\0\0\0\0\0\0DBXC"],
    "notice": [b"DBXT\x01\0\0\x51\x2d\x01"],
    "notice-mail": [b"Subject: x\n\n> " + notice_text(bytes(SEALED_BYTES)).replace("\n", "\n> ").encode()],
    "courier-key": [encode_key(bytes(1216))],
    "station-request": [encode_request(StationRequest("itjen", bytes(16), bytes(32)))],
    "certificate-file": [encode_certificate_file(b"c", b"r")],
}


def _vectors(folder: str) -> Iterator[bytes]:
    from vector_files import family

    for vector in family(folder):
        yield vector.body


def _signed() -> dict[str, list[bytes]]:
    labels = list(sealed_targets.PARSERS)
    bodies: dict[str, list[bytes]] = {}
    for label in labels:
        folder = label.replace(" ", "-")
        if label != "dossier":
            for name, whole in _named(folder):
                if name.startswith("ok"):
                    bodies.setdefault(label, []).append(parse_object(whole).body)
    bodies["dossier"] = [SAMPLES["dossier contents"][1]]
    made = [bytes([labels.index(label)]) + body for label, found in bodies.items() for body in found]
    listed = next(body for name, body in _named("revocations") if name.startswith("ok"))
    inner = listed[8 : 8 + int.from_bytes(listed[4:8], "big")]
    item = bytes([labels.index("receipts")]) + lp(bodies["receipts"][0])
    board = bytes([labels.index("board")]) + lp(min(bodies["board"], key=len))
    certificate = next(body for name, body in _named("certificate") if name == "ok")
    server = next(body for name, body in _named("server-certificate") if name.startswith("ok"))
    return {
        "signed-body": made,
        "signed-return": [item + inner, board + inner, inner],
        "signed-certificate": [certificate[4:-64]],
        "signed-server-certificate": [server[4:-64]],
        "signed-revocations": [inner],
        "signed-export": [body[: -64 - 32] for name, body in _named("export") if name.startswith("ok")],
        "keyring-file": [body for name, body in _named("keyring") if name.startswith("ok")],
        "blob-content": list(_contents()),
    }


def _opened() -> dict[str, list[bytes]]:
    """What is sealed in the vectors of dossiers and boards, and texts of the ceremony."""
    from dropbox.wire.manifest import Answer, SiteManifest
    from tests.fuzz.opened_targets import made, make_board, make_claim, make_dossier, shares

    listed, parts = make_dossier.contents(), b"".join(make_dossier.PARTS.values())
    entries = make_board.timeline([make_board.RECEIVED, make_board.STATUS, make_board.ANSWER])
    claim = b"DBXM\1" + made.INSTANCE + made.desk_name("itjen") + make_claim.CHALLENGE + make_board.SECRET.claim
    policy = "default-src 'none'"
    site = SiteManifest(
        made.INSTANCE, 1, made.TODAY, "0.2.0", bytes(32), policy, b"{}", {"/": Answer(bytes(32), fixed=True)}
    )
    return {
        "signed-card": [make_dossier.card_lines()],
        "opened-dossier": [made.u16(len(listed)) + listed + parts],
        "dossier-stream": [made.lp(made.signed("dossier", listed)) + parts],
        "opened-answer": [make_dossier.answer_body()],
        "opened-timeline": [b"\0" + entries, b"\1" + b"".join(make_board.parts_of(entries))],
        "signed-claim": [claim + made.lp(make_claim.STATEMENT)],
        "site-manifest": [site.encode()],
        "share": [shares.split(bytes(range(32)), 2, 3)[0].words.encode()],
        "serials": [b"# serial desk first last station\n7 itjen 20000 20100 " + b"ab" * 32 + b"\n"],
    }


def _named(folder: str) -> Iterator[tuple[str, bytes]]:
    from vector_files import family

    for vector in family(folder):
        yield vector.name.rpartition("/")[2], vector.body


def _contents() -> Iterator[bytes]:
    from vector_files import family

    for vector in family("blob"):
        if vector.expect == "ok":
            values = vector.numbered("record.")
            yield lp(encode_record(values)) + (b"file" if "name" in values else b"")
            assert decode_record(encode_record(values)) == values


def _evidence() -> dict[str, list[bytes]]:
    import rows

    found: dict[str, list[bytes]] = {}
    for row in rows.all_rows():
        for name, code in _INSIDE.items():
            if row.kind == code and len(data := row.make()) <= _MAX:
                found.setdefault(name, []).append(data)
                found.setdefault("identity", []).append(data[:2000])
    return found


def browser_seeds() -> dict[str, list[bytes]]:
    """Seeds of the browser's targets (cutter_targets.mjs): small pictures with and without metadata, and our bytes."""
    from tests.support import picture_samples as pictures

    made: dict[str, list[bytes]] = {
        "exif": [pictures.exif()[6:], pictures.bare_exif()],
        "profile": [pictures.profile()],
    }
    for name, picture in [*((name, one) for name, one, _ in pictures.telling()), *pictures.silent()]:
        kind = {"jpg": "jpeg"}.get(name.rpartition(".")[2], name.rpartition(".")[2])
        if len(picture) <= _MAX:
            made.setdefault(kind, []).append(picture)
            made.setdefault("picture-kind", []).append(picture[:16])
    ours = {"record": "record", "timeline": "timeline", "part": "part", "board": "board", "keys": "key bundle"}
    ours |= {"keyed": "keyed bundle", "object": "object", "certificate": "certificate body", "anchor": "anchor"}
    ours |= {"revocations": "revocations"}
    return made | {f"browser-{name}": [SAMPLES[kind][1]] for name, kind in ours.items()}


def seeds() -> dict[str, list[bytes]]:
    """All seeds of Python's targets."""
    made: dict[str, list[bytes]] = {name.replace(" ", "-"): [sample] for name, (_, sample) in SAMPLES.items()}
    for folder in ("certificate", "revocations", "anchor", "export", "server-certificate", "claim"):
        made.setdefault(folder, []).extend(_vectors(folder))
    made["container"] = [container(BLOB)]
    made["receiver-card"] += _vectors("card")
    made["sealed-answer"] += _vectors("answer")
    for more in (_PLAIN, _signed(), _opened(), _evidence()):
        for name, found in more.items():
            made.setdefault(name, []).extend(found)
    return {name: [one for one in found if len(one) <= _MAX] for name, found in made.items()}


def main(folder: Path) -> None:
    """Write every seed as a file named by its hash."""
    made = seeds()
    assert made.keys() == TARGETS.keys(), made.keys() ^ TARGETS.keys()
    for name, found in (made | browser_seeds()).items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        for one in found:
            (folder / name / hashlib.sha256(one).hexdigest()[:16]).write_bytes(one)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
