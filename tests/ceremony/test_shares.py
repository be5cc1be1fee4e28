"""The root in shares: any of them rebuild it, nothing else does, and old records are refused."""

import itertools
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dropbox.ceremony import authority, custodians, recovery, shares
from dropbox.cli import main
from dropbox.crypto.private.private_files import Cost
from dropbox.disk import memory
from dropbox.errors import MalformedError, RefusedError, UntrustedError
from dropbox.wire.request import StationRequest

PASSPHRASE = "a long enough passphrase"
CHEAP = Cost(1, 64, 1)
TODAY = 20_780
SEED = bytes(range(32))
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def made() -> list[shares.Share]:
    """A set of five, of which three are needed."""
    return shares.split(SEED, 3, 5)


def test_any_three_of_five_rebuild_the_seed(made: list[shares.Share]) -> None:
    """In any choice and order, and all five together; each has 33 words and its number."""
    for some in itertools.combinations(made, 3):
        assert shares.join(some[::-1]) == SEED
    assert shares.join(made) == SEED
    assert [(one.number, one.needed, len(one.words.split())) for one in made] == [(n, 3, 33) for n in range(1, 6)]


def test_too_few_mixed_and_repeated_shares_are_refused(made: list[shares.Share]) -> None:
    """Each with its own sentence."""
    other = shares.split(SEED, 3, 5)
    for some, sentence in (
        ([], "too few"),
        (made[:2], "too few"),
        ([*made[:2], other[2]], "different sets"),
        ([made[0], made[0], made[1]], "twice"),
    ):
        with pytest.raises(RefusedError, match=sentence):
            shares.join(some)


def test_a_false_share_under_a_sets_number_is_noticed(made: list[shares.Share]) -> None:
    """Shares of another secret that claim the same set rebuild nothing."""
    other = shares.split(bytes(32), 3, 5)
    forged = shares.Share(made[0].set, 3, 3, other[2].words)
    with pytest.raises(RefusedError):
        shares.join([*made[:2], forged])


@given(place=st.integers(0, 32), word=st.sampled_from(sorted(shares._BY_PREFIX.values())))
@settings(max_examples=30, deadline=None)
def test_a_wrong_word_is_noticed(made: list[shares.Share], place: int, word: str) -> None:
    """One word in the place of another fails the checksum, whatever both are."""
    words = made[1].words.split()
    if words[place] == word:
        return
    words[place] = word
    with pytest.raises(MalformedError, match="checksum"):
        shares.parse(words)


def test_typed_words_may_be_short(made: list[shares.Share]) -> None:
    """Four letters are enough, in any case; what is not in the list is named by its place, not repeated."""
    words = [word[:4].upper() for word in made[2].words.split()]
    assert shares.parse(words) == made[2]
    with pytest.raises(MalformedError, match=r"^word 7 is not in the list of words$"):
        shares.parse([*words[:6], "kanari", *words[7:]])
    with pytest.raises(MalformedError, match="33 words, and here are 32"):
        shares.parse(words[1:])


@pytest.mark.parametrize(("needed", "count"), [(1, 1), (1, 3), (4, 3), (2, 17), (0, 0), (-1, 5)])
def test_numbers_of_shares_are_bounded(needed: int, count: int) -> None:
    """One share alone, more than there are, and more than 16 are refused."""
    with pytest.raises(RefusedError, match="at least 2"):
        shares.split(SEED, needed, count)


def test_only_the_key_of_root_pub_is_accepted(tmp_path: Path) -> None:
    """A whole set of shares of another key is refused."""
    anchor = authority.make_root(tmp_path / "root", demo=False, today=TODAY, days=9, passphrase=PASSPHRASE, cost=CHEAP)
    with pytest.raises(UntrustedError, match="another key"):
        recovery.root_key(SEED, anchor)


# ---- the commands ----------------------------------------------------------------------------------------------------


@pytest.fixture
def in_memory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A new folder in memory, on a machine that has no swap."""
    monkeypatch.setattr(memory, "_SWAPS", tmp_path / "swaps")
    (tmp_path / "swaps").write_text("Filename Type Size Used Priority\n")
    folder = Path("/dev/shm") / f"dropbox-test-{secrets.token_hex(8)}"
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `dropbox keys …` on TODAY; returns code, stdout, stderr."""
    monkeypatch.setattr("dropbox.ceremony.cli._today", lambda: TODAY)
    monkeypatch.setenv("DROPBOX_LANG", "en")

    def act(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["keys", *map(str, words)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return act


@pytest.fixture
def table(tmp_path: Path, run: Run) -> Path:
    """A folder with a root that has certified once, the records of that ceremony, and a passphrase file."""
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE)
    secret.chmod(0o600)
    authority.make_root(tmp_path / "root", demo=False, today=TODAY, days=999, passphrase=PASSPHRASE, cost=CHEAP)
    certify(tmp_path, 1)
    return tmp_path


def certify(table: Path, count: int) -> None:
    """Certify a desk once more, and carry the records into a new folder."""
    root = authority.open_root(table / "root", PASSPHRASE)
    authority.certify(root, StationRequest("itjen", root.anchor.instance, bytes([count]) * 32), today=TODAY, days=99)
    records = table / f"records-{count}"
    records.mkdir()
    for name in ("root.pub", "serials.txt", "revocations"):
        (records / name).write_bytes((table / "root" / name).read_bytes())


def split(run: Run, table: Path, to: Path) -> list[Path]:
    """The files of a set of five."""
    words = ("--root", table / "root", "--needed", 3, "--shares", 5, "--to", to)
    code, out, err = run("split", *words, "--passphrase-file", table / "passphrase")
    assert code == 0, err
    assert "any 3 of them" in out
    return [to / f"share-{number}.txt" for number in range(1, 6)]


def combine(
    run: Run, table: Path, files: list[Path], *, records: int, serial: int, number: int
) -> tuple[int, str, str]:
    """Rebuild the root from shares and from the records after that many certificates."""
    given_files = [word for path in files for word in ("--share", path)]
    told = ("--records", table / f"records-{records}", "--last-serial", serial, "--last-list", number)
    return run("combine", *told, "--to", table / "again", *given_files, "--passphrase-file", table / "passphrase")


def test_a_root_comes_back_from_three_papers(run: Run, table: Path, in_memory: Path) -> None:
    """The new folder is the old one's equal: the same key, records and words, and the next serial."""
    files = split(run, table, in_memory)
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    code, out, err = combine(run, table, files[2:], records=1, serial=1, number=2)
    assert code == 0, err
    old, new = (authority.open_root(table / name, PASSPHRASE) for name in ("root", "again"))
    assert (new.key.seed, new.anchor) == (old.key.seed, old.anchor)
    assert sorted(path.name for path in new.folder.iterdir()) == ["revocations", "root.key", "root.pub", "serials.txt"]
    assert run("show", table / "again" / "root.pub")[1].splitlines()[-2] in out
    authority.certify(new, StationRequest("irjen", new.anchor.instance, bytes(32)), today=TODAY, days=9)
    assert [one.serial for one in authority.serials(new.folder)] == [1, 2]


def test_old_records_are_refused(run: Run, table: Path, in_memory: Path) -> None:
    """A copy from before the last ceremony would give a serial twice: the numbers of the minutes do not fit it."""
    files = split(run, table, in_memory)
    certify(table, 2)
    code, _, err = combine(run, table, files, records=1, serial=2, number=3)
    assert (code, "minutes" in err, (table / "again").exists()) == (1, True, False)
    (table / "records-1" / "revocations").write_bytes((table / "records-2" / "revocations").read_bytes())
    assert combine(run, table, files, records=1, serial=2, number=3)[0] == 1
    assert combine(run, table, files, records=2, serial=2, number=3)[0] == 0


def test_a_drill_writes_nothing(run: Run, table: Path, in_memory: Path) -> None:
    """It names the shares that took part, refuses two of three, and leaves every file as it was."""
    files = split(run, table, in_memory)
    before = {path: path.read_bytes() for path in table.rglob("*") if path.is_file()}
    told = ("drill", "--root-pub", table / "root" / "root.pub")
    code, out, _ = run(*told, *[word for path in files for word in ("--share", path)])
    assert (code, out.startswith("good: shares 1 2 3 4 5")) == (0, True)
    code, _, err = run(*told, "--share", files[0], "--share", files[1])
    assert (code, "too few" in err) == (1, True)
    assert before == {path: path.read_bytes() for path in table.rglob("*") if path.is_file()}


def test_shares_are_written_into_memory_alone(run: Run, table: Path, in_memory: Path, tmp_path: Path) -> None:
    """A folder on a disk is refused, and so is one in memory while the machine swaps."""
    words = ("--root", table / "root", "--needed", 2, "--shares", 3, "--passphrase-file", table / "passphrase")
    code, _, err = run("split", *words, "--to", "/proc/shares")
    assert (code, "never onto a disk" in err) == (1, True)
    (tmp_path / "swaps").write_text("Filename Type Size Used Priority\n/dev/sda2 partition 1 0 -2\n")
    assert run("split", *words, "--to", in_memory)[0] == 1
    assert not in_memory.exists()


def test_a_share_is_a_private_file(run: Run, table: Path, in_memory: Path) -> None:
    """`keys show` names its kind and none of its words; its paper names set, number, threshold and root."""
    (path, *_) = split(run, table, in_memory)
    code, out, _ = run("show", path)
    text = path.read_text()
    words = [line for line in text.splitlines() if line.startswith("   1 ")]
    assert (code, "root-share" in out, len(words)) == (0, True, 1)
    assert not set(words[0].split()[1::2]) & set(out.split())
    assert "share: 1 of 5\nneeded: 3\nset: " in text
    assert "custodian: ____" in text


def test_a_paper_of_another_root_is_refused(run: Run, table: Path, in_memory: Path) -> None:
    """Its twelve words are not those of root.pub."""
    files = split(run, table, in_memory)
    authority.make_root(table / "other", demo=False, today=TODAY, days=9, passphrase=PASSPHRASE, cost=CHEAP)
    given_files = [word for path in files for word in ("--share", path)]
    code, _, err = run("drill", "--root-pub", table / "other" / "root.pub", *given_files)
    assert (code, "another root" in err) == (1, True)


def test_shares_are_typed_row_by_row(run: Run, table: Path, in_memory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row with a wrong word is asked again, a share with a wrong checksum from its first row, and the end is good."""
    files = split(run, table, in_memory)
    rows = [[line for line in path.read_text().splitlines() if line[:4].strip().isdigit()] for path in files]
    swapped = [*rows[0][:10], " ".join(reversed(rows[0][10].split()[1::2]))]
    typed = iter(["kanari bukan kata", *swapped, *rows[0], *rows[3], *rows[4]])
    monkeypatch.setattr(custodians, "asked_unseen", lambda _question, _option: next(typed))
    code, out, err = run("drill", "--root-pub", table / "root" / "root.pub")
    assert (code, list(typed)) == (0, [])
    assert out.startswith("good: shares 1 4 5")
    assert "words 1 to 3" in err
    assert "This share does not count" in err
    assert "kanari" not in out + err


def test_without_a_terminal_no_words_are_asked(run: Run, table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence names the option for files."""
    monkeypatch.setattr("getpass.getpass", _no_terminal)
    code, _, err = run("drill", "--root-pub", table / "root" / "root.pub")
    assert (code, "--share" in err) == (1, True)


def _no_terminal(_prompt: str) -> str:
    raise EOFError
