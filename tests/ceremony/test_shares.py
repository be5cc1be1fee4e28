"""The root in shares: any of them rebuild it, nothing else does, and old records are refused."""

import itertools
import os
import pty
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dropbox.ceremony import authority, recovery, shares
from dropbox.cli import main
from dropbox.crypto.private.private_files import Cost
from dropbox.disk import memory
from dropbox.disk.terminal import show_alone
from dropbox.errors import MalformedError, RefusedError, UntrustedError
from dropbox.wire.request import StationRequest
from tests.support.papers import Papers

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


@pytest.fixture(autouse=True)
def swaps(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The system's list of swap, which is empty."""
    monkeypatch.setattr(memory, "_SWAPS", tmp_path / "swaps")
    (tmp_path / "swaps").write_text("Filename Type Size Used Priority\n")
    return tmp_path / "swaps"


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
    for name in ("root.pub", "serials.txt", "revocations", "site-manifest"):
        (records / name).write_bytes((table / "root" / name).read_bytes())


@pytest.fixture
def split(run: Run, table: Path, monkeypatch: pytest.MonkeyPatch) -> Papers:
    """The papers of a set of five."""
    (table / "papers").mkdir()
    papers = Papers(table / "papers")
    papers.sit_down(monkeypatch)
    words = ("--root", table / "root", "--needed", 3, "--shares", 5, "--passphrase-file", table / "passphrase")
    code, out, err = run("split", *words)
    assert (code, papers.typed) == (0, []), err
    assert "any 3 of them" in out
    assert len(papers.screens) == 10
    return papers


def combine(run: Run, table: Path, papers: Papers, *, records: int, serial: int, number: int) -> tuple[int, str, str]:
    """Rebuild the root from three papers and from the records after that many certificates."""
    papers.typed = [row for share in (3, 4, 5) for row in papers.rows(share)]
    told = (
        "--records",
        table / f"records-{records}",
        "--last-serial",
        serial,
        "--last-list",
        number,
        "--last-manifest",
        0,
    )
    return run("combine", *told, "--to", table / "again", "--passphrase-file", table / "passphrase")


def test_a_root_comes_back_from_three_papers(run: Run, table: Path, split: Papers) -> None:
    """The new folder is the old one's equal: the same key, records and words, and the next serial."""
    code, out, err = combine(run, table, split, records=1, serial=1, number=2)
    assert code == 0, err
    old, new = (authority.open_root(table / name, PASSPHRASE) for name in ("root", "again"))
    assert (new.key.seed, new.anchor) == (old.key.seed, old.anchor)
    assert sorted(path.name for path in new.folder.iterdir()) == [
        *("revocations", "root.key", "root.pub", "serials.txt", "site-manifest")
    ]
    assert run("show", table / "again" / "root.pub")[1].splitlines()[-2] in out
    authority.certify(new, StationRequest("irjen", new.anchor.instance, bytes(32)), today=TODAY, days=9)
    assert [one.serial for one in authority.serials(new.folder)] == [1, 2]


def test_old_records_are_refused(run: Run, table: Path, split: Papers) -> None:
    """A copy from before the last ceremony would give a serial twice: the numbers of the minutes do not fit it."""
    certify(table, 2)
    code, _, err = combine(run, table, split, records=1, serial=2, number=3)
    assert (code, "minutes" in err, (table / "again").exists()) == (1, True, False)
    (table / "records-1" / "revocations").write_bytes((table / "records-2" / "revocations").read_bytes())
    assert combine(run, table, split, records=1, serial=2, number=3)[0] == 1
    assert combine(run, table, split, records=2, serial=2, number=3)[0] == 0


def test_records_newer_than_the_minutes_have_a_sentence_of_their_own(run: Run, table: Path, split: Papers) -> None:
    """After a ceremony that failed before its minutes; one number newer and the other older is no such case."""
    certify(table, 2)
    for serial, number, sentence in ((1, 2, "are newer"), (2, 2, "are newer"), (1, 9, "not those of the last")):
        code, _, err = combine(run, table, split, records=2, serial=serial, number=number)
        assert (code, sentence in err) == (1, True)


def test_a_drill_writes_nothing(run: Run, table: Path, split: Papers) -> None:
    """It names the shares that took part, and leaves every file as it was."""
    split.typed = [row for share in (1, 4, 5) for row in split.rows(share)]
    before = {path: path.read_bytes() for path in table.rglob("*") if path.is_file()}
    code, out, _ = run("drill", "--root-pub", table / "root" / "root.pub")
    assert (code, out.startswith("good: shares 1 4 5")) == (0, True)
    assert before == {path: path.read_bytes() for path in table.rglob("*") if path.is_file()}


def test_shares_of_another_root_are_refused(run: Run, table: Path, split: Papers) -> None:
    """They rebuild a key that is not that of root.pub."""
    split.typed = [row for share in (1, 2, 3) for row in split.rows(share)]
    authority.make_root(table / "other", demo=False, today=TODAY, days=9, passphrase=PASSPHRASE, cost=CHEAP)
    code, _, err = run("drill", "--root-pub", table / "other" / "root.pub")
    assert (code, "another key" in err) == (1, True)


def test_no_share_is_shown_or_typed_where_memory_may_reach_a_disk(run: Run, table: Path, swaps: Path) -> None:
    """Each of the three commands is refused while the machine swaps, and where that cannot be known."""
    commands = (
        ("split", "--root", table / "root", "--needed", 2, "--shares", 3),
        ("drill", "--root-pub", table / "root" / "root.pub"),
        (
            *("combine", "--records", table / "records-1", "--last-serial", 1, "--last-list", 2),
            *("--last-manifest", 0, "--to", table / "again"),
        ),
    )
    swaps.write_text("Filename Type Size Used Priority\n/dev/sda2 partition 1 0 -2\n")
    for words in commands:
        code, _, err = run(*words)
        assert (code, "swapoff -a" in err) == (1, True)
    swaps.unlink()
    assert [run(*words)[0] for words in commands] == [1, 1, 1]


def test_one_share_at_a_time_is_shown_and_typed_back(
    run: Run, table: Path, split: Papers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing but the papers' folder has words; a wrong row is asked again, and an empty one shows the share again."""
    assert all(("word" in screen) + screen.startswith("share: ") <= 1 for screen in split.screens)
    assert [screen.count("share: ") for screen in split.screens] == [0, 1] * 5
    assert "custodian: ____" in split.screens[1]
    row = split.rows(1)[0].encode()
    copied = [path for path in table.rglob("*") if path.is_file() and row in path.read_bytes()]
    assert all(path.parent == split.folder for path in copied)

    class Careless(Papers):
        def copy(self, lines: Iterable[str], question: str) -> None:
            super().copy(lines, question)
            if self.typed and self.screens[-1].startswith("share: 1") and len(self.screens) == 2:
                self.typed = [self.typed[0], self.typed[0], ""]

    (table / "second").mkdir()
    careless = Careless(table / "second")
    careless.sit_down(monkeypatch)
    told = ("--root", table / "root", "--needed", 2, "--shares", 2, "--passphrase-file", table / "passphrase")
    code, out, err = run("split", *told)
    assert (code, len(careless.screens), careless.typed) == (0, 5, [])
    assert "words 4 to 6 are not those" in err
    assert not [row for row in careless.rows(1) if row.strip() in out + err]


def test_a_second_set_never_mixes_with_the_first(run: Run, table: Path, split: Papers) -> None:
    """A share of another set does not count, and its custodian is asked again."""
    first = {number: split.rows(number) for number in (1, 2, 3)}
    told = ("--root", table / "root", "--needed", 3, "--shares", 5, "--passphrase-file", table / "passphrase")
    assert run("split", *told)[0] == 0
    split.typed = [*first[1], *split.rows(2), *first[2], *first[3]]
    code, out, err = run("drill", "--root-pub", table / "root" / "root.pub")
    assert (code, "different sets" in err, out.startswith("good: shares 1 2 3")) == (0, True, True)


def test_shares_are_typed_row_by_row(run: Run, table: Path, split: Papers) -> None:
    """A row with a wrong word is asked again, a share with a wrong checksum from its first row, and the end is good."""
    rows = split.rows(1)
    swapped = [*rows[:10], " ".join(reversed(rows[10].split()[1::2]))]
    split.typed = ["kanari bukan kata", *swapped, *rows, *split.rows(4), *split.rows(5)]
    code, out, err = run("drill", "--root-pub", table / "root" / "root.pub")
    assert (code, split.typed) == (0, [])
    assert out.startswith("good: shares 1 4 5")
    assert "words 1 to 3" in err
    assert "This share does not count" in err
    assert "kanari" not in out + err


def test_without_a_terminal_nothing_is_shown_or_asked(run: Run, table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No share is printed into a file or a pipe, and no word is read from one."""
    monkeypatch.setattr("getpass.getpass", _no_terminal)
    told = ("--root", table / "root", "--needed", 2, "--shares", 3, "--passphrase-file", table / "passphrase")
    for words in (("split", *told), ("drill", "--root-pub", table / "root" / "root.pub")):
        code, out, err = run(*words)
        assert (code, out, "at a terminal alone" in err) == (1, "", True)


def _no_terminal(_prompt: str) -> str:
    raise EOFError


def test_a_screen_is_cleared_after_its_share(monkeypatch: pytest.MonkeyPatch) -> None:
    """At a terminal the words stand between two clearings, also of what can be scrolled back."""
    ours, theirs = pty.openpty()
    with os.fdopen(os.dup(theirs), "r") as typed, os.fdopen(theirs, "w") as shown, monkeypatch.context() as patch:
        patch.setattr(sys, "stdin", typed)
        patch.setattr(sys, "stdout", shown)
        patch.setenv("TERM", "xterm")
        os.write(ours, b"\n")
        show_alone(["cobalt"], "Enter")
        said = ""
        while not said.endswith("\033[?1049l\033[H\033[2J\033[3J"):
            said += os.read(ours, 4096).decode()
        patch.setenv("TERM", "dumb")
        with pytest.raises(RefusedError):
            show_alone(["cobalt"], "Enter")
    os.close(ours)
    assert "\033[H\033[2J\033[3Jcobalt" in said
