"""Small values: what two processes must agree on."""

from concurrent.futures import ThreadPoolExecutor

from store_samples import python

from dropbox.store.database import Store

CLAIM = """
import sys
from dropbox.store.database import Store
store = Store.open(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
print(*(day for day in range(20_000, 20_060) if store.state.claim_day("rewrite", day)))
store.close()
"""


def test_values(store: Store) -> None:
    """Values are put, replaced, listed and forgotten by name."""
    assert store.state.get("a") is None
    store.state.put("a", b"1")
    store.state.put("a", b"2")
    store.state.put("ab", b"")
    store.state.put("A", b"3")
    store.state.put("a%", b"4")
    assert store.state.get("a") == b"2"
    assert store.state.get("ab") == b""
    assert store.state.names("a") == ["a", "a%", "ab"]
    assert store.state.names("a%") == ["a%"]
    assert store.state.names("") == ["A", "a", "a%", "ab"]
    store.state.delete("a")
    store.state.delete("a")
    assert store.state.get("a") is None


def test_setdefault(store: Store) -> None:
    """The first value stays; everybody gets it."""
    assert store.state.setdefault("key", b"first") == b"first"
    assert store.state.setdefault("key", b"second") == b"first"


def test_setdefault_at_once(store: Store) -> None:
    """Of racing callers one wins, and all hear who."""
    with ThreadPoolExecutor(8) as threads:
        winners = set(threads.map(lambda i: store.state.setdefault("key", bytes([i])), range(16)))
    assert winners == {store.state.get("key")}


def test_next_number(store: Store) -> None:
    """Numbers start at 1 and go up by 1, each series for itself."""
    assert [store.state.next_number("a") for _ in range(3)] == [1, 2, 3]
    assert store.state.next_number("b") == 1


def test_next_number_at_once(store: Store) -> None:
    """No two callers get the same number, and none is left out."""
    with ThreadPoolExecutor(8) as threads:
        numbers = list(threads.map(lambda _: store.state.next_number("a"), range(64)))
    assert sorted(numbers) == list(range(1, 65))


def test_claim_day(store: Store) -> None:
    """A day is given once, days go forward, and each kind of work has its own."""
    assert store.state.claim_day("rewrite", 20_000)
    assert not store.state.claim_day("rewrite", 20_000)
    assert not store.state.claim_day("rewrite", 19_999)
    assert store.state.claim_day("rewrite", 20_001)
    assert store.state.claim_day("held list", 20_000)


def test_claim_day_from_threads(store: Store) -> None:
    """Of many threads that ask for a day, one gets it."""
    with ThreadPoolExecutor(8) as threads:
        for day in range(20_000, 20_010):
            won = list(threads.map(lambda _, day=day: store.state.claim_day("rewrite", day), range(8)))
            assert won.count(True) == 1


def test_claim_day_from_processes(url: str) -> None:
    """Of many processes that ask for a day, one gets it."""
    processes = [python(CLAIM, url) for _ in range(4)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    claimed: list[int] = []
    for process in processes:
        output, _ = process.communicate(timeout=240)
        assert process.returncode == 0
        claimed += map(int, output.split())
    assert sorted(claimed) == list(range(20_000, 20_060))
