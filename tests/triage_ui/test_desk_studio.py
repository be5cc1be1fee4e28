"""What is made of files in the background: in order, ended at once, in bounded memory, and for one case alone."""

import threading
import weakref
from collections.abc import Iterator

import pytest
import samples
from desk_world import let_in, make_desk
from test_desk_files import addresses, take_files
from triage_world import World

from dropbox.triage.cases import casebook
from dropbox.triage.evidence import jobs, leash
from dropbox.triage.evidence.kinds import KINDS
from dropbox.triage.evidence.preview import Page
from dropbox.triage.evidence.reasons import UnreadableError
from dropbox.triage.evidence.replies import Text
from dropbox.triage.ui.bench import Bench
from dropbox.triage.ui.drawn import Drawn
from dropbox.wire.blob import FILE
from tests.support.server import wait_until

_LONG = 60.0  # seconds after which a state that should come is missed


class Slow:
    """Work that goes on until its leash is cut or it is let go; counts its beginnings."""

    def __init__(self) -> None:
        self.begun = 0
        self.go = threading.Event()

    def __call__(self) -> None:
        self.begun += 1
        while not self.go.wait(0.01):
            leash.held().check()


@pytest.fixture
def bench() -> Iterator[Bench]:
    """A bench that is closed afterwards."""
    one = Bench("test")
    yield one
    one.close()


def page(size: int) -> Page:
    """A page of so many bytes."""
    return Page(KINDS["png"], 1, 1, png=bytes(size))


def test_a_bench_does_the_lower_rank_first(bench: Bench) -> None:
    """It ends what runs with a higher rank, which begins anew later; jobs of one rank keep their order."""
    slow, done = Slow(), []
    bench.ask("slow", slow, 3)
    wait_until("it runs", lambda: slow.begun == 1, _LONG)
    bench.ask("later", lambda: done.append("later"), 3)
    bench.ask("first", lambda: done.append("first"), 1)
    wait_until("it begins anew", lambda: slow.begun == 2 or done == ["first", "later"], _LONG)
    slow.go.set()
    wait_until("all are done", lambda: len(done) == 2 and bench.seconds("slow") is None, _LONG)
    assert (done, slow.begun) == (["first", "later"], 2)


def test_a_bench_outlives_an_error_and_drops_what_nobody_wants(bench: Bench) -> None:
    """A job that raises leaves the next one alone; a dropped job ends, whether it ran or waited."""
    slow, done = Slow(), []

    def broken() -> None:
        raise ValueError

    bench.ask("broken", broken)
    bench.ask("slow", slow)
    wait_until("it runs", lambda: slow.begun == 1, _LONG)
    bench.ask("waits", lambda: done.append("waits"))
    bench.drop(lambda key: key == "other")
    wait_until("it ended", lambda: bench.seconds("slow") is None, _LONG)
    bench.ask("other", lambda: done.append("other"))
    wait_until("the next is done", lambda: done == ["other"], _LONG)
    assert slow.begun == 1


def test_a_closed_bench_begins_nothing(bench: Bench) -> None:
    """The running job ends, and what is asked for afterwards is not done."""
    slow, done = Slow(), []
    bench.ask("slow", slow)
    wait_until("it runs", lambda: slow.begun == 1, _LONG)
    bench.close()
    wait_until("it ended", lambda: bench.seconds("slow") is None, _LONG)
    bench.ask("late", lambda: done.append("late"))
    assert (bench.seconds("late"), done) == (None, [])


def test_a_bench_keeps_nothing_of_a_job_that_ended(bench: Bench) -> None:
    """What its work held is freed although no other job follows, also after an error."""

    class Secret:
        def use(self) -> None:
            raise ValueError

    secret = Secret()
    held = weakref.ref(secret)
    bench.ask("job", secret.use)
    del secret
    wait_until("it is freed", lambda: held() is None, _LONG)
    assert bench.seconds("job") is None


def test_what_was_drawn_is_bounded_and_dropped() -> None:
    """What was not used for longest goes first; a page larger than the room is kept alone; after `drop` nothing is."""
    drawn = Drawn(10_000)
    drawn.put("one", page(4000))
    drawn.put("two", page(4000))
    assert drawn.get("one")
    drawn.put("three", page(4000))
    assert (bool(drawn.get("one")), drawn.get("two"), drawn.bytes <= 10_000) == (True, None, True)
    drawn.put("large", page(50_000))
    assert (bool(drawn.get("large")), drawn.get("one"), drawn.get("three")) == (True, None, None)
    drawn.put("failed", UnreadableError("time"))
    drawn.drop()
    drawn.put("late", page(1))
    assert (drawn.get("late"), drawn.get("failed"), drawn.bytes) == (None, None, 0)


def test_the_same_bytes_in_two_cases_are_opened_for_each(world: World) -> None:
    """Each view has its line in the log of its own case; a copy that is missing in one case is there in the other."""
    for number in (1, 2):
        take_files(world, ("foto.jpg", samples.photo()), number=number)
    client = make_desk(world)
    for case in (1, 2):
        (address,) = addresses(client, case)
        assert "data-picture" in client.look(address).text
    logged = client.vault.db.execute("select case_number from log where action = 'file.preview'")
    assert {number for (number,) in logged} == {1, 2}
    client.post("/kunci")
    client.unlock()
    (file,) = casebook.files(client.vault, casebook.find_case(client.vault, "1"))
    file.path.unlink()
    assert ["data-picture" in client.look(addresses(client, case)[0]).text for case in (1, 2)] == [False, True]
    client.desk.close("end")


def test_small_pictures_are_of_permitted_eyes(world: World) -> None:
    """An excluded officer finds none, one without the role is refused, and a locked desk leads to the door."""
    take_files(world, ("foto.jpg", samples.photo()))
    let_in(world, "budi", "petugas-penerima")
    let_in(world, "awas", "pengawas")
    client = make_desk(world)
    (message,) = client.vault.db.execute("select number from messages where kind = ?", (FILE,)).fetchone()
    small, states = f"/kasus/1/berkas/{message}/kecil.png", "/kasus/1/kecil"
    client.get(small)
    wait_until("it is drawn", lambda: client.get(states).json == [message], _LONG)
    assert client.get(small).mimetype == "image/png"
    client.vault.db.execute("insert into exclusions (case_number, officer, reason) values (1, 'budi', 'named')")
    client.post("/kunci")
    assert [client.get(path).status_code for path in (small, states)] == [302, 302]
    client.unlock("budi")
    assert [client.get(path).status_code for path in (small, states)] == [404, 404]
    client.post("/kunci")
    client.unlock("awas")
    assert [client.get(path).status_code for path in (small, states)] == [409, 409]
    client.desk.close("end")


def test_questions_of_the_page_keep_no_desk_open(world: World) -> None:
    """Quiet requests for states and small pictures do not move the idle clock, others do."""
    take_files(world, ("foto.jpg", samples.photo()))
    client = make_desk(world)
    (address,) = addresses(client)
    client.look(address)
    touched = client.desk._touched
    client.clock.now += 1
    for path in (f"{address}/keadaan", "/kasus/1/kecil", address):
        assert client.get(path, headers={"X-Quiet": "1"}).status_code == 200
    assert client.desk._touched == touched
    client.get(address)
    assert client.desk._touched == touched + 1
    client.desk.close("end")


def test_reading_words_ends_with_the_lock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages answer while a machine reads; what locking breaks off is kept neither as words nor as a failure."""
    slow = Slow()

    def words(*_: object) -> Text:
        slow()
        return Text({}, "")

    monkeypatch.setattr(jobs, "words", words)
    take_files(world, ("foto.jpg", samples.photo()))
    client = make_desk(world)
    (address,) = addresses(client)
    client.look(address)
    assert client.post(f"{address}/tulisan").status_code == 302
    wait_until("it reads", lambda: slow.begun == 1, _LONG)
    assert "Mesin sedang membacanya" in client.get(address).text
    assert client.get("/").status_code == 200
    client.post("/kunci")
    with world.open() as vault:
        facts, recognized = vault.db.execute("select facts, recognized from findings").fetchone()
    assert ("ocr" in facts, recognized) == (False, "")
