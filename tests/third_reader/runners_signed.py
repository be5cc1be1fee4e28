"""Run the vectors of what root and stations sign."""

from . import board, downloads, held, returned, root, secret, signed, site, statement
from .grammar import need
from .primitives import sha256
from .vector_file import Values, Vector, hexes, numbers
from .xwing import public_key


def run_anchor(vector: Vector) -> tuple[str, Values]:
    anchor = root.read_anchor(vector.data)
    out = {"instance": anchor.instance, "key": anchor.key, "fingerprint": anchor.fingerprint}
    words = secret.fingerprint_words(anchor.fingerprint)
    return "ok", {**hexes(out), "use": anchor.use, "last": str(anchor.last), "fingerprint-words": words}


def run_certificate(vector: Vector) -> tuple[str, Values]:
    certificate = root.verify_certificate(vector.data, vector.trust())
    out = numbers({"first": certificate.first, "last": certificate.last, "serial": certificate.serial})
    successor = {"successor": "yes"} if certificate.successor else {}
    return "ok", {"desk": certificate.desk, "station": certificate.station.hex(), **out, **successor}


def run_certificate_file(vector: Vector) -> tuple[str, Values]:
    certificate, listed = root.split_certificate_file(vector.data)
    return "ok", hexes({"certificate": certificate, "list": listed})


def run_station_request(vector: Vector) -> tuple[str, Values]:
    desk, instance, key = root.read_station_request(vector.data)
    return "ok", {"desk": desk, **hexes({"instance": instance, "station": key})}


def run_server_request(vector: Vector) -> tuple[str, Values]:
    instance, key = root.read_server_request(vector.data)
    return "ok", hexes({"instance": instance, "server": key})


def run_file_signature(vector: Vector) -> tuple[str, Values]:
    root.verify_file(vector.hex("file"), vector.data, vector.trust().anchor)
    return "ok", {}


def run_boards(vector: Vector) -> tuple[str, Values]:
    boards = downloads.read_boards(vector.data, vector.trust(ahead=2))
    return "ok", {"desks": " ".join(f"{each.signed.head.desk}:{each.shards}" for each in boards)}


def run_revocations(vector: Vector) -> tuple[str, Values]:
    listed = root.verify_revocations(vector.data, vector.trust().anchor)
    keys = " ".join(key.hex() for key in listed.keys)
    return "ok", {"number": str(listed.number), "made": str(listed.made), "keys": keys}


def run_server_certificate(vector: Vector) -> tuple[str, Values]:
    certificate = root.verify_server_certificate(vector.data, vector.trust().anchor)
    out = numbers({"first": certificate.first, "last": certificate.last, "serial": certificate.serial})
    return "ok", {"server": certificate.server.hex(), **out}


def run_keyed(vector: Vector) -> tuple[str, Values]:
    _, carried = signed.read_keyed(vector.data, vector.trust())
    return "ok", {"epochs": " ".join(map(str, carried))}


def _head(head: signed.Head) -> Values:
    return {"desk": head.desk, "number": str(head.number), "made": str(head.made)}


def run_keys(vector: Vector) -> tuple[str, Values]:
    bundle = signed.read_keys(vector.data, vector.trust())
    seeds = vector.header.get("epoch-seeds", "").split()
    hashes = [sha256(public_key(bytes.fromhex(seed))) for seed in seeds]
    need(hashes == list(bundle.hashes.values()), "epoch-seeds")
    epochs = " ".join(map(str, bundle.hashes))
    out = {"previous": bundle.previous.hex(), "epochs": epochs, "epoch-seeds": " ".join(seeds)}
    return "ok", _head(bundle.signed.head) | out


def run_receipts(vector: Vector) -> tuple[str, Values]:
    receipts, hashes = signed.read_receipts(vector.data, vector.trust())
    return "ok", {**_head(receipts.head), "blobs": " ".join(digest.hex() for digest in hashes)}


def run_board(vector: Vector) -> tuple[str, Values]:
    shard = board.read_shard(vector.data, vector.trust(), dated=vector.header.get("dated") != "no")
    head = shard.signed.head
    keys = board.CellKeys(
        vector.hex("instance"), vector.header["desk"], vector.hex("tag-key"), vector.hex("answer-key")
    )
    timeline, entries = board.open_timeline(shard.cells, keys, head.number)
    out = {f"entry.{at}.{name}": value.hex() for at, entry in enumerate(entries) for name, value in entry.items()}
    place = numbers({"shard": shard.shard, "shards": shard.shards}) if "shard" in vector.header else {}
    made = numbers({"number": head.number, "made": head.made})
    return "ok", made | {"timeline": timeline.hex()} | out | place


def run_return(vector: Vector) -> tuple[str, Values]:
    bundle = returned.read_return(vector.data, vector.trust())
    labels = " ".join(signed.split_object(untrusted).kind for untrusted in bundle.objects)
    out = {"labels": labels, "epochs": " ".join(map(str, bundle.carried)), "list": bundle.revocations.hex()}
    return "ok", _head(bundle.signed.head) | out


def run_imported(vector: Vector) -> tuple[str, Values]:
    taken = returned.read_import(vector.data, vector.trust())
    return "ok", {"keys": " ".join(str(bundle.signed.head.number) for bundle in taken.keys)}


def run_imported_after(vector: Vector) -> tuple[str, Values]:
    state = held.Held()
    for key in sorted(key for key in vector.header if key.startswith("held.")):
        state, is_new, _ = held.take(vector.hex(key), vector.trust(), state)
        assert is_new
    state, is_new, said = held.take(vector.data, vector.trust(), state)
    listed = state.revocations.number if state.revocations else 0
    out = {"return": state.returned[0], "list": listed, "bundle": max(state.bundles, default=0)}
    out |= {"board": state.board[0], "statistics": state.statistics[0]}
    return "ok", {"new": "yes" if is_new else "no", "said": " ".join(said), **numbers(out)}


def run_statistics(vector: Vector) -> tuple[str, Values]:
    _, periods = signed.read_statistics(vector.data, vector.trust())
    out = {}
    for at, period in enumerate(periods):
        out[f"period.{at}"] = f"{period.first} {period.last} {period.counted}"
        for place, table in enumerate(period.tables):
            rows = [[table.name, *table.columns]]
            rows += [[name, *("-" if value is None else str(value) for value in values)] for name, values in table.rows]
            out[f"table.{at}.{place}"] = "; ".join(" ".join(row) for row in rows)
    return "ok", out


def run_keyring(vector: Vector) -> tuple[str, Values]:
    slots = downloads.read_keyring(vector.data, vector.trust(ahead=2)).slots
    desks = " ".join(slot.certificate.desk for slot in slots)
    return "ok", {"desks": desks, "closed": " ".join(slot.certificate.desk for slot in slots if not slot.open)}


def run_log_statement(vector: Vector) -> tuple[str, Values]:
    stated = statement.read_log_statement(vector.data, vector.trust())
    out = numbers({"year": stated.head.number, "lines": stated.lines, "of-year": stated.of_year})
    return "ok", {**out, "hash": stated.hash.hex()}


def run_site_manifest(vector: Vector) -> tuple[str, Values]:
    manifest = site.read_manifest(vector.data, vector.trust().anchor)
    out = hexes({name: getattr(manifest, name) for name in ("program", "settings", "fingerprint")})
    rows = {f"answer.{at}": f"{row.address} {row.fixed} {row.sha256.hex()}" for at, row in enumerate(manifest.answers)}
    plain = {"version": manifest.version, "policy": manifest.policy}
    return "ok", {**numbers({"number": manifest.number, "made": manifest.made}), **plain, **out, **rows}
