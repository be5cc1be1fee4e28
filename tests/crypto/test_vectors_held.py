"""Every file of tests/vectors/imported-after: an importer compares a return with what it holds."""

import functools
import tempfile
from pathlib import Path

from vector_files import VectorFile
from vector_stages import each, stops

from dropbox.courier.importing import Imported, import_bundle
from dropbox.published.trust import ALL_DESKS
from dropbox.sentences.catalogue import Sentence
from dropbox.store.database import Store
from dropbox.store.migrate import upgrade
from dropbox.wire.calendar import Day
from dropbox.wire.keyring import parse_anchor

DESK = "itjen"
SAID = {  # by the code of the sentence
    "courier.chain-restored": "restored",
    "courier.chain-new": "new",
    "courier.chain-unknown": "unknown",
    "courier.statistics-stay": "statistics-stay",
}


@functools.cache
def _empty() -> bytes:
    """The bytes of a store that holds nothing."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        upgrade(f"sqlite:///{path}")
        return path.read_bytes()


@each("imported-after")
def test_imported_after(vector: VectorFile) -> None:
    """A return is taken after others, or refused for what is held; what is held then is what the vector says."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        path.write_bytes(_empty())
        store = Store.open(f"sqlite:///{path}")
        anchor, today = parse_anchor(vector.hex("anchor")), Day(vector.number("today"))

        def take(untrusted: bytes) -> Imported:
            return import_bundle(store, anchor, untrusted, [DESK], today)

        for _, before in sorted(vector.numbered("held.").items()):
            assert take(before).is_new
        held = store.published.numbers()
        if stops(vector, lambda: take(vector.body)):
            assert store.published.numbers() == held
        else:
            _compare(vector, store, take(vector.body))
        store.close()


def _compare(vector: VectorFile, store: Store, done: Imported) -> None:
    """What came of a return that was taken, with the vector's lines."""
    said = [SAID[one.code] for one in done.warnings if isinstance(one, Sentence) and one.code in SAID]
    assert (done.is_new, said) == (vector.header["new"] == "yes", vector.header["said"].split())
    held = {
        "return": ("return", DESK),
        "list": ("revocations", ALL_DESKS),
        "bundle": ("keys", DESK),
        "board": ("board", DESK),
        "statistics": ("statistics", DESK),
    }
    numbers = store.published.numbers()
    for name, place in held.items():
        assert (name, numbers.get(place)) == (name, vector.number(name))
