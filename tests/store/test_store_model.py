"""Whatever is asked in whatever order, the store does what a dictionary would."""

import hashlib
from collections.abc import Callable
from unittest.mock import patch

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from store_samples import NOW, contents, info_for

from dropbox.errors import MalformedError, NotFoundError
from dropbox.store import chunks, schema
from dropbox.store.blobs import STAGED, Outcome
from dropbox.store.database import Store
from dropbox.store.receipts import ALWAYS
from dropbox.store.rewrite import rewrite

IDS = st.sampled_from([hashlib.sha256(bytes([i])).digest() for i in range(3)])
BODIES = st.binary(max_size=25)
DESKS = ("irjen", "itjen")


class StoreMachine(RuleBasedStateMachine):
    """The store beside two dictionaries, with rows of 10 bytes."""

    uploads = Bundle("uploads")
    store: Store = None  # type: ignore[assignment]  # each test sets it

    def __init__(self) -> None:
        super().__init__()
        with self.store.transaction() as tx:
            for table in schema.metadata.sorted_tables:
                tx.execute(table.delete())
        self.held: dict[bytes, bytes] = {}
        self.staged: dict[bytes, bytes] = {}
        self.receipts: set[tuple[bytes, str]] = set()

    def expect(self, body: bytes) -> Outcome:
        """What storing `body` must do, whatever its id."""
        return Outcome.ALREADY_HELD if body in self.held.values() else Outcome.STORED

    def keep(self, blob_id: bytes, body: bytes) -> None:
        """Under its id, or beside another content of that id."""
        beside = hashlib.sha256(blob_id + hashlib.sha256(body).digest()).digest()
        self.held[beside if blob_id in self.held else blob_id] = body

    def offer(self, action: Callable[[], object], expected: object) -> None:
        """Do it, and compare."""
        found: object
        try:
            found = action()
        except NotFoundError as fault:
            found = type(fault)
        assert found is expected

    @rule(blob_id=IDS, body=BODIES)
    def put(self, blob_id: bytes, body: bytes) -> None:
        expected = self.expect(body)
        self.offer(lambda: self.store.blobs.put(info_for(body, blob_id=blob_id), body), expected)
        if expected is Outcome.STORED:
            self.keep(blob_id, body)

    @rule(target=uploads)
    def begin(self) -> bytes:
        address: bytes = self.store.blobs.begin(NOW)
        self.staged[address] = b""
        return address

    @rule(address=uploads, body=BODIES)
    def append(self, address: bytes, body: bytes) -> None:
        if address in self.staged:
            self.staged[address] += body
            assert self.store.blobs.append(address, body) == len(self.staged[address])
        else:
            self.offer(lambda: self.store.blobs.append(address, body), NotFoundError)

    @rule(address=uploads, blob_id=IDS)
    def complete(self, address: bytes, blob_id: bytes) -> None:
        body = self.staged.get(address)
        if body is None:
            self.offer(lambda: self.store.blobs.complete(address, info_for(b"?" * 99, blob_id=blob_id)), NotFoundError)
            return
        expected = self.expect(body)
        self.offer(lambda: self.store.blobs.complete(address, info_for(body, blob_id=blob_id)), expected)
        if expected is Outcome.STORED:
            self.keep(blob_id, body)
        del self.staged[address]

    @rule(address=uploads)
    def complete_wrongly(self, address: bytes) -> None:
        if address in self.staged:
            try:
                self.store.blobs.complete(address, info_for(self.staged[address] + b"?"))
            except MalformedError:
                return
            raise AssertionError

    @rule(address=uploads)
    def abort(self, address: bytes) -> None:
        self.store.blobs.abort(address)
        self.staged.pop(address, None)

    @rule(blob_id=IDS, desk=st.sampled_from(DESKS))
    def give_receipt(self, blob_id: bytes, desk: str) -> None:
        sha256 = hashlib.sha256(self.held.get(blob_id, b"not held")).digest()
        with self.store.transaction() as tx:
            deleted = self.store.receipts.record(tx, desk, [sha256], dict.fromkeys(DESKS, ALWAYS))
        if blob_id in self.held:
            self.receipts.add((blob_id, desk))
        if all((blob_id, each) in self.receipts for each in DESKS):
            self.receipts -= {(blob_id, each) for each in DESKS}
            del self.held[blob_id]
            assert deleted == 1
        else:
            assert deleted == 0

    @rule()
    def sweep(self) -> None:
        assert self.store.blobs.sweep(NOW) == 0

    @invariant()
    def same(self) -> None:
        assert {info.id: body for info, body in contents(self.store).items()} == self.held
        assert {each: b"".join(self.store.blobs.read_upload(each)) for each in self.staged} == self.staged
        remaining = {STAGED: len(self.staged)} | ({7: len(self.held)} if self.held else {})
        assert self.store.blobs.remaining() == remaining

    def teardown(self) -> None:
        before = contents(self.store)
        rewrite(self.store)
        assert contents(self.store) == before


def test_store_is_a_dictionary(store: Store) -> None:
    """Any sequence of calls leaves what the same sequence leaves in a dictionary."""
    checks = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
    quick = settings(
        max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=checks, database=None
    )
    with patch.object(chunks, "STORE_CHUNK_BYTES", 10), patch.object(StoreMachine, "store", store):
        run_state_machine_as_test(StoreMachine, settings=quick)
