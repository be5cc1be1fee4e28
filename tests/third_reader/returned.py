"""Verify a return as an importer that holds nothing does (FORMAT.md, "Return: workstation to server")."""

from dataclasses import dataclass, replace
from itertools import pairwise

from .board import Shard, join_shards, read_shard
from .grammar import Cursor, Stop, need
from .primitives import sha256
from .root import Certificate, Revocations, Trust, verify_revocations
from .signed import (
    KeyBundle,
    Period,
    Signed,
    check_carried,
    read_carried,
    read_keys,
    read_receipts,
    read_statistics,
    split_object,
    verify_object,
)


@dataclass(frozen=True)
class Return:
    """A return bundle whose own signature holds; what it brings is not verified."""

    signed: Signed
    objects: list[bytes]
    carried: dict[int, bytes]
    revocations: bytes


def read_return(data: bytes, trust: Trust) -> Return:
    """Steps 1 and 2. Raises Stop."""
    signed = verify_object(data, "return", trust)
    cursor = Cursor(signed.rest)
    count = cursor.u16()
    need(count <= 1024, "malformed")
    objects = [cursor.lp() for _ in range(count)]
    carried = read_carried(cursor)
    revocations = cursor.lp()
    cursor.end()
    return Return(signed, objects, carried, revocations)


@dataclass(frozen=True)
class Imported:
    """What an importer takes of a return."""

    head: Signed
    revocations: Revocations
    keys: list[KeyBundle]
    carried: dict[int, bytes]
    receipts: list[list[bytes]]
    cells: dict[bytes, bytes]
    board: Signed | None
    board_bytes: bytes
    statistics: list[Period]
    statistics_head: Signed | None


def check_chain(bundles: list[KeyBundle], certificate: Certificate) -> None:
    """Step 5: numbers from the serial's first on, each naming the one before. Raises Stop: malformed, chain."""
    first = 65536 * (certificate.serial - 1) + 1
    need([bundle.signed.head.number for bundle in bundles] == list(range(first, first + len(bundles))), "malformed")
    need(
        all(later.previous == sha256(earlier.signed.body) for earlier, later in pairwise(bundles)),
        "chain",
    )


def read_import(data: bytes, trust: Trust) -> Imported:
    """Steps 1 to 8; step 9 depends on what is held already. Raises Stop."""
    returned = read_return(data, trust)
    certificate = returned.signed.certificate
    revocations = verify_revocations(returned.revocations, trust.anchor)
    revocations.check_age(trust)
    need(certificate.station not in revocations.keys, "revoked")
    trust = replace(trust, revoked=trust.revoked | revocations.keys.keys())

    own = split_object(data).certificate
    keys: list[KeyBundle] = []
    receipts: list[list[bytes]] = []
    shards: list[tuple[Shard, bytes]] = []
    statistics: list[tuple[Signed, list[Period]]] = []
    for untrusted in returned.objects:
        parts = split_object(untrusted)
        need(parts.kind in {"keys", "board", "receipts", "statistics"}, "label")
        need(parts.certificate == own, "certificate")
        match parts.kind:
            case "keys":
                keys.append(read_keys(untrusted, replace(trust, ahead=certificate.last)))
            case "board":
                shards.append((read_shard(untrusted, trust), untrusted))
            case "receipts":
                receipts.append(read_receipts(untrusted, trust)[1])
            case "statistics":
                statistics.append(read_statistics(untrusted, trust))
            case _:
                raise Stop("label")

    keys.sort(key=lambda bundle: bundle.signed.head.number)
    check_chain(keys, certificate)
    if keys:
        need(keys[-1].signed.head.made <= trust.today + trust.ahead, "made")
    need(returned.carried.keys() == (keys[-1].hashes.keys() if keys else set()), "malformed")
    if keys:
        check_carried(returned.carried, keys[-1])
    shards.sort(key=lambda pair: pair[0].shard)
    cells = join_shards([shard for shard, _ in shards]) if shards else {}
    need(len(statistics) <= 1, "malformed")
    return Imported(
        returned.signed,
        revocations,
        keys,
        returned.carried,
        receipts,
        cells,
        shards[0][0].signed if shards else None,
        b"".join(untrusted for _, untrusted in shards),
        statistics[0][1] if statistics else [],
        statistics[0][0] if statistics else None,
    )
