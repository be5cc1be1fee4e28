"""The third implementation seals every `ok` blob of the vectors anew, byte for byte."""

from pathlib import Path

from .blob import split_blob
from .sealer import Address, Randomness, seal_blob
from .vector_file import Vector
from .xwing import public_key

VECTORS = Path(__file__).parents[1] / "vectors"


def test_blobs_made_again() -> None:
    """What a vector says was random, and its record and file, give the vector's bytes."""
    paths = sorted((VECTORS / "blob").glob("ok*.vec"))
    assert paths
    for path in paths:
        vector = Vector.read(path)
        envelope = split_blob(vector.data, vector.hex("instance"))
        address = Address(
            vector.hex("instance"), vector.header["desk"], envelope.epoch, vector.number("slot"), envelope.slots,
            public_key(vector.hex("epoch-seed")),
        )  # fmt: skip
        record = {key.removeprefix("record."): vector.hex(key) for key in vector.header if key.startswith("record.")}
        del record["member"]
        if "file-repeat" in vector.header:
            unit, times = vector.header["file-repeat"].split()
            file = bytes.fromhex(unit) * int(times)
        else:
            file = vector.hex("file")
        randomness = Randomness(vector.hex("file-key"), vector.hex("stream-header"), vector.hex("kem-eseed"))
        decoys = [stanza for slot, stanza in enumerate(envelope.stanzas) if slot != address.slot]
        assert (path.name, seal_blob(record, file, address, randomness, decoys)) == (path.name, vector.data)
