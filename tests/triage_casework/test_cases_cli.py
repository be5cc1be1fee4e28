"""`dropbox triage inbox|search|note|…`, as a person or a script uses them."""

import json
from collections.abc import Callable

import pytest
from cases_world import add_officer, take
from triage_world import PASSPHRASE, World

from dropbox.triage.cli import run

Cli = Callable[..., int]


@pytest.fixture
def cli(world: World) -> Cli:
    """Two reports of one matter, and the command line over their vault."""
    secret = world.folder / "passphrase"
    secret.write_text(PASSPHRASE + "\n")
    secret.chmod(0o600)
    with world.open() as vault:
        for number in (1, 2):
            take(
                world, vault, number=number, what="Uang seragam lima ratus ribu", who="Sutrisno", where="MTsN 3 Kediri"
            )
        add_officer(vault, "fauzi", "Ahmad Fauzi")
    access = ("--vault", str(world.path()), "--passphrase-file", str(secret), "--officer", "kepala")
    return lambda *words: run([*words, *access])


def test_a_day_at_the_command_line(cli: Cli, capsys: pytest.CaptureFixture[str]) -> None:
    """Look, label, write, hand on, merge, undo; each says in words what it did."""
    for words, said in (
        (("note", "1", "--text", "Cek kuitansi"), "note 1 of ITJEN-0001"),
        (("tag", "1", "--add", "Dana BOS"), "dana-bos"),
        (("classify", "1", "--unit", "MTsN 3 Kediri", "--unit-type", "madrasah"), "agenda number is 0001/ITJEN/"),
        (("assign", "1", "--office", "dumas", "--to", "fauzi", "--text", "Mohon cek"), "dumas and fauzi"),
        (("assign", "1", "--withdraw"), "assigned to nobody"),
        (("merge", "2", "--into", "1"), "worked on as ITJEN-0001"),
        (("unmerge", "2"), "by itself again"),
    ):
        assert cli(*words) == 0, words
        out, err = capsys.readouterr()
        assert out == ""
        assert said in err
    assert cli("agenda", "2") == 0
    assert capsys.readouterr().out.startswith("0002/ITJEN/")
    assert cli("conflict", "1") == cli("orphans") == 0
    assert capsys.readouterr().out == "0\n"


def test_lists_are_for_people_and_for_programs(cli: Cli, capsys: pytest.CaptureFixture[str]) -> None:
    """A table and a sentence of counts, or JSON."""
    assert cli("inbox") == 0
    out, err = capsys.readouterr()
    assert [line.split()[1] for line in out.splitlines()[1:]] == ["ITJEN-0001", "ITJEN-0002"]
    assert "2 cases" in err
    assert "2 unread" in err
    assert cli("inbox", "--assigned", "-", "--text", "seragam", "--limit", "1", "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert (listed["total"], len(listed["rows"]), listed["rows"][0]["unread"]) == (2, 1, True)
    assert cli("search", "serag") == 0
    assert "[seragam]" in capsys.readouterr().out
    assert cli("search", "tidakada", "--json") == 0
    assert json.loads(capsys.readouterr().out) == []
    assert cli("duplicates", "1", "--json") == 0
    (likely,) = json.loads(capsys.readouterr().out)
    assert likely["case"] == "ITJEN-0002"


def test_reading_a_case_takes_its_mark_away(cli: Cli, capsys: pytest.CaptureFixture[str]) -> None:
    """`show` is reading."""
    assert cli("show", "1") == 0
    capsys.readouterr()
    assert cli("inbox", "--unread", "--json") == 0
    assert [row["case"] for row in json.loads(capsys.readouterr().out)["rows"]] == ["ITJEN-0002"]


@pytest.mark.parametrize(
    "words",
    [
        ("note", "9", "--text", "x"),
        ("note", "1", "--text", " "),
        ("tag", "1", "--add", "<b>"),
        ("classify", "1"),
        ("assign", "1"),
        ("assign", "1", "--to", "nobody"),
        ("merge", "1", "--into", "1"),
        ("unmerge", "1"),
        ("conflict", "1", "--lift", "kepala"),
    ],
)
def test_a_refusal_is_one_with_a_sentence(cli: Cli, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing on stdout, no traceback."""
    assert cli(*words) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.strip()) > 10
    assert "Traceback" not in err


def test_show_shows_what_it_marks_as_read(cli: Cli, capsys: pytest.CaptureFixture[str]) -> None:
    """What was merged into a case is read with it, so that it stands there too."""
    assert cli("merge", "2", "--into", "1") == 0
    assert cli("show", "1") == 0
    assert capsys.readouterr().out.count("Uang seragam") == 2
    assert cli("show", "1", "--json") == 0
    assert [one["case"] for one in json.loads(capsys.readouterr().out)["merged"]] == ["ITJEN-0002"]
