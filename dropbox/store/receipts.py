"""Records receipts, and deletes the blobs that every required desk has collected.

Rule: a blob is deleted for no other reason. A receipt means: this desk has examined the blob, and it is in a verified
second copy of its vault. The caller verifies the signature before.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import BindParameter, Connection, Text, bindparam, delete, exists, func, select
from sqlalchemy.dialects.postgresql import insert as insert_or_skip  # SQLite's compiler takes its ON CONFLICT too

from dropbox.store.schema import blob, chunk, receipt

ALWAYS: Final = 2**31 - 1  # later than any epoch that a table can hold

# Only for stored blobs: a receipt for an unknown hash is a repeated receipt, after the deletion.
_REMEMBER = (
    insert_or_skip(receipt)
    .from_select(
        ["sha256", "desk"],
        select(blob.c.sha256, bindparam("by_desk", type_=Text)).where(blob.c.sha256 == bindparam("examined")),
    )
    .on_conflict_do_nothing()
)
_BY_ALL = (
    select(receipt.c.sha256)
    .join(blob, blob.c.sha256 == receipt.c.sha256)
    .where(
        receipt.c.desk.in_(bindparam("desks", expanding=True)),
        blob.c.epoch.between(bindparam("low"), bindparam("high")),
    )
    .group_by(receipt.c.sha256)
    .having(func.count() == bindparam("desk_count"))
)
_LENGTHS: BindParameter[int] = bindparam("lengths", expanding=True)
# Deletions of the usual lengths, and of the lengths for which former desks are required: chunks, then blobs.
_USUAL, _SPECIAL = (
    (
        delete(chunk).where(chunk.c.upload.in_(select(blob.c.upload).where(blob.c.sha256.in_(done)))),
        delete(blob).where(blob.c.sha256.in_(done)),
    )
    for done in (_BY_ALL.where(blob.c.length.not_in(_LENGTHS)), _BY_ALL.where(blob.c.length.in_(_LENGTHS)))
)
_OLDEST_WITHOUT = select(func.min(blob.c.epoch)).where(
    ~exists().where(receipt.c.sha256 == blob.c.sha256, receipt.c.desk == bindparam("of_desk"))
)
_DROP_RECEIPTS = delete(receipt).where(receipt.c.sha256.not_in(select(blob.c.sha256)))


@dataclass(frozen=True)
class FormerDesks:
    """Desks that are required, in addition to the others, for every blob of these lengths (bytes)."""

    desks: frozenset[str] = frozenset()
    lengths: frozenset[int] = frozenset()


NO_FORMER_DESKS: Final = FormerDesks()


class Receipts:
    """The receipts for stored blobs."""

    def record(
        self,
        tx: Connection,
        desk: str,
        sha256s: Iterable[bytes],
        required: Mapping[str, int],
        former: FormerDesks = NO_FORMER_DESKS,
    ) -> int:
        """Store a desk's receipts and delete the blobs that all required desks have collected.

        Hashes of unknown blobs are ignored; a repeated receipt changes nothing.

        Args:
            tx: a transaction of `Store.transaction`.
            desk: name of the desk that gave the receipts.
            sha256s: hashes of blobs, 32 bytes each.
            required: by desk, the last epoch for whose blobs a receipt is required (`ALWAYS`: for all); no blob is
                deleted of an epoch without a required desk.
            former: desks that are also required, for blobs of some lengths and any epoch.

        Returns:
            Number of deleted blobs.
        """
        rows = [{"by_desk": desk, "examined": sha256} for sha256 in sha256s]
        if rows:
            tx.execute(_REMEMBER, rows)
        rounds, low = [], 0
        for high in sorted({*required.values()}):
            rounds.append((_USUAL, {name for name, last in required.items() if last >= high}, low, high))
            low = high + 1
        if required:
            rounds.append((_SPECIAL, {*former.desks, *required}, 0, ALWAYS))
        deleted = 0
        for (drop_chunks, drop_blobs), desks, first, last in rounds:
            chosen = {"desks": [*desks], "desk_count": len(desks), "low": first, "high": last}
            chosen["lengths"] = [*former.lengths]
            tx.execute(drop_chunks, chosen)
            deleted += tx.execute(drop_blobs, chosen).rowcount
        tx.execute(_DROP_RECEIPTS)
        return deleted

    def oldest_without(self, connection: Connection, desk: str) -> int | None:
        """Return the epoch of the oldest blob without a receipt of a desk, or None; takes a connection of `read`."""
        oldest: int | None = connection.execute(_OLDEST_WITHOUT, {"of_desk": desk}).scalar()
        return oldest
