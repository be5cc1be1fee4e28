"""`dropbox triage statistics` and `register`, as a person uses them."""

import pytest
from count_world import START, year
from triage_world import PASSPHRASE, World
from work_world import new_case

from dropbox.triage.cli import run


@pytest.fixture
def desk(world: World) -> World:
    """A vault with the cases of a year, and its passphrase in a file."""
    with world.open() as vault:
        year(vault)
        new_case(vault, today=START + 200)
    path = world.folder / "kepala"
    path.write_text(PASSPHRASE + "\n")
    path.chmod(0o600)
    return world


def _run(world: World, *words: str) -> int:
    who = ["--officer", "kepala", "--passphrase-file", str(world.folder / "kepala")]
    return run([*words, "--vault", str(world.path()), *who])


def test_numbers_at_the_terminal(desk: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Shown, previewed, published once, listed; a report and a register as files."""
    assert _run(desk, "statistics", "show", "2025", "--lang", "en") == 0
    assert "Reports (WBS + Dumas): 9 (7 + 2)" in capsys.readouterr().out
    assert _run(desk, "statistics", "preview", "2025") == 0
    assert _run(desk, "statistics", "published") == 0
    assert "2025-01-01" not in capsys.readouterr().out
    assert _run(desk, "statistics", "publish", "2025-Q1") == 0
    assert _run(desk, "statistics", "publish", "2025-Q1") == 1
    assert "published once" in capsys.readouterr().err
    assert _run(desk, "statistics", "published") == 0
    assert "2025-01-01  2025-03-31" in capsys.readouterr().out
    for name in ("laporan.pdf", "laporan.xlsx"):
        assert _run(desk, "statistics", "report", "2025", "--to", str(desk.folder / name)) == 0
        assert (desk.folder / name).stat().st_mode & 0o777 == 0o600
    assert _run(desk, "statistics", "report", "2025") == 1
    assert _run(desk, "statistics", "show", "kapan saja") == 1


def test_a_register_at_the_terminal(desk: World, capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each case, or a file of the kind that its name ends in; nothing is overwritten."""
    assert _run(desk, "register", "2025", "--find", "pelayanan") == 0
    out = capsys.readouterr()
    assert "ITJEN-0001" in out.out
    assert "1 lines" in out.err
    target = desk.folder / "register.CSV"
    assert _run(desk, "register", "2025", "--to", str(target)) == 0
    assert len(target.read_text("utf-8-sig").splitlines()) == 10
    assert _run(desk, "register", "2025", "--to", str(target)) == 1
