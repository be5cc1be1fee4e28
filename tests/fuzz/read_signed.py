"""What the program makes of what root and stations sign."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from dropbox.courier.checking import check_return
from dropbox.crypto.answers import open_timeline
from dropbox.crypto.exports import open_server_certificate
from dropbox.crypto.key_bundle import open_keyed_bundle
from dropbox.crypto.keyring import verify_keyring
from dropbox.crypto.log_statements import open_log_statement
from dropbox.crypto.signing import (
    open_object,
    open_revocations,
    root_fingerprint,
    verify_certificate,
    verify_file,
)
from dropbox.limits import READER_AHEAD_DAYS
from dropbox.wire.board import Entry, parse_board
from dropbox.wire.bundle import parse_return
from dropbox.wire.keyring import parse_anchor, parse_key_bundle
from dropbox.wire.receipt import parse_receipts
from dropbox.wire.request import parse_request
from dropbox.wire.server import parse_server_request
from dropbox.wire.signed import Head, parse_object, split_certificate_file
from dropbox.wire.statistics import parse_statistics
from tests.fuzz.read_values import Values, Vector, trust_of

sys.path[:0] = [str(Path(__file__).parents[1] / "crypto")]
from boards_file import parse_boards  # noqa: E402  no Python program reads that file


def _head(head: Head) -> Values:
    return {"desk": head.desk, "number": str(head.number), "made": str(head.made)}


def _body(vector: Vector, label: str) -> bytes:
    dated = vector.header.get("dated") != "no"
    return open_object(trust_of(vector), vector.data, label, dated=dated).body


def _certificate_file(vector: Vector) -> Values:
    certificate, listed = split_certificate_file(vector.data)
    return {"certificate": certificate.hex(), "list": listed.hex()}


def _station_request(vector: Vector) -> Values:
    request = parse_request(vector.data)
    return {"desk": request.desk, "instance": request.instance.hex(), "station": request.station.hex()}


def _server_request(vector: Vector) -> Values:
    request = parse_server_request(vector.data)
    return {"instance": request.instance.hex(), "server": request.server.hex()}


def _file_signature(vector: Vector) -> Values:
    verify_file(parse_anchor(vector.hex("anchor")), vector.hex("file"), vector.data)
    return {}


def _boards(vector: Vector) -> Values:
    boards = parse_boards(replace(trust_of(vector), ahead=READER_AHEAD_DAYS), vector.data)
    return {"desks": " ".join(f"{shards[0].head.desk}:{len(shards)}" for shards in boards)}


def _anchor(vector: Vector) -> Values:
    anchor = parse_anchor(vector.data)
    named = {"instance": anchor.instance, "key": anchor.key, "fingerprint": root_fingerprint(anchor)}
    use = "demo" if anchor.demo else "real"
    return {"use": use, "last": str(anchor.last), **{name: value.hex() for name, value in named.items()}}


def _certificate(vector: Vector) -> Values:
    found = verify_certificate(trust_of(vector), vector.data)
    numbers = {"first": found.first, "last": found.last, "serial": found.serial}
    named = {"desk": found.desk, "station": found.station.hex()} | ({"successor": "yes"} if found.successor else {})
    return named | {name: str(value) for name, value in numbers.items()}


def _server_certificate(vector: Vector) -> Values:
    found = open_server_certificate(parse_anchor(vector.hex("anchor")), vector.data)
    numbers = {"first": found.first, "last": found.last, "serial": found.serial}
    return {"server": found.server.hex(), **{name: str(value) for name, value in numbers.items()}}


def _revocations(vector: Vector) -> Values:
    found = open_revocations(trust_of(vector).anchor, vector.data)
    keys = " ".join(key.hex() for key in found.keys)
    return {"number": str(found.number), "made": str(found.made), "keys": keys}


def _keyed(vector: Vector) -> Values:
    return {"epochs": " ".join(map(str, open_keyed_bundle(trust_of(vector), vector.data).keys))}


def _keys(vector: Vector) -> Values:
    bundle = parse_key_bundle(_body(vector, "keys"))
    hashes = " ".join(f"{epoch}={value.hex()}" for epoch, value in bundle.epochs.items())
    return {**_head(bundle.head), "previous": bundle.previous.hex(), "hashes": hashes}


def _receipts(vector: Vector) -> Values:
    receipts = parse_receipts(_body(vector, "receipts"))
    return {**_head(receipts.head), "blobs": " ".join(one.hex() for one in receipts.blobs)}


def entry_values(entries: list[dict[str, str | int]]) -> Values:
    """Entries of a timeline, without what is not said."""
    named = ((at, name, value) for at, entry in enumerate(entries) for name, value in sorted(entry.items()) if value)
    return {f"entry.{at}.{name}": str(value) for at, name, value in named}


def _entry(entry: Entry) -> dict[str, str | int]:
    numbers = {"day": entry.day, "next": entry.next, "texts": entry.texts, "files": entry.files}
    return {**numbers, "kind": entry.kind, "status": entry.status, "text": entry.text}


def _board(vector: Vector) -> Values:
    board = parse_board(_body(vector, "board"))
    head = board.head
    entries = open_timeline(
        vector.hex("tag-key"), vector.hex("answer-key"), head.instance, head.desk, head.number, board.find
    )
    place = {"number": str(head.number), "made": str(head.made)}
    return {"": "none"} if entries is None else place | entry_values([_entry(entry) for entry in entries])


def _return(vector: Vector) -> Values:
    returned = parse_return(_body(vector, "return"))
    labels = " ".join(parse_object(one).label for one in returned.objects)
    epochs = " ".join(map(str, returned.keys))
    return {**_head(returned.head), "labels": labels, "epochs": epochs, "list": returned.revocations.hex()}


def _imported(vector: Vector) -> Values:
    checked = check_return(trust_of(vector), vector.data, ["itjen"])
    return {"keys": " ".join(str(keys.bundle.head.number) for keys in checked.keys)}


def _statistics(vector: Vector) -> Values:
    found = {}
    for at, period in enumerate(parse_statistics(_body(vector, "statistics")).periods):
        found[f"period.{at}"] = f"{period.first} {period.last} {period.counted}"
        for place, table in enumerate(period.tables):
            rows = [[table.code, *table.columns]]
            rows += [[row.code, *("-" if value is None else str(value) for value in row.values)] for row in table.rows]
            found[f"table.{at}.{place}"] = "; ".join(" ".join(row) for row in rows)
    return found


def _keyring(vector: Vector) -> Values:
    trust = trust_of(vector)
    keyring = verify_keyring(vector.data, trust.anchor, trust.today)
    closed = sorted({*keyring.names()} - {*keyring.open_desks(trust.today)})
    return {"desks": " ".join(keyring.names()), "closed": " ".join(closed)}


def _log_statement(vector: Vector) -> Values:
    found = open_log_statement(trust_of(vector), vector.data)
    numbers = {"year": str(found.year), "lines": str(found.lines), "of-year": str(found.of_year)}
    return numbers | {"hash": found.hash.hex()}


SIGNED: dict[str, Callable[[Vector], Values]] = {
    "anchor": _anchor,
    "board": _board,
    "boards": _boards,
    "certificate": _certificate,
    "certificate-file": _certificate_file,
    "file-signature": _file_signature,
    "imported": _imported,
    "keyed": _keyed,
    "keyring": _keyring,
    "keys": _keys,
    "log-statement": _log_statement,
    "receipts": _receipts,
    "return": _return,
    "revocations": _revocations,
    "server-certificate": _server_certificate,
    "server-request": _server_request,
    "station-request": _station_request,
    "statistics": _statistics,
}
