"""`dropbox lpsk`: a request for protection that only its writer's machine ever sees."""

import datetime
import errno
import io
import re
from pathlib import Path

import pytest

from dropbox import cli
from dropbox.offline import lpsk
from dropbox.vocabulary.dates import spoken_date

WHO = "Siti <Kenarihijau>, 0812000111"


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    (tmp_path / "siapa.txt").write_text(WHO, "utf-8")
    (tmp_path / "apa.txt").write_text("Saya akan dimutasi & diancam.", "utf-8")
    out = tmp_path / "permohonan.html"
    files = ["--identity-file", str(tmp_path / "siapa.txt"), "--summary-file", str(tmp_path / "apa.txt")]
    return ["lpsk", "--agenda", "0007/ITJEN/2026", *files, "--kind", "career", "--kind", "legal", "--out", str(out)]


def test_the_paper_holds_who_they_are_and_nothing_else_does(
    tmp_path: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Escaped, private, without script or address; the terminal shows no word of it."""
    assert cli.main(words) == 0
    out = tmp_path / "permohonan.html"
    page = out.read_text("utf-8")
    assert "Siti &lt;Kenarihijau&gt;" in page
    assert "0007/ITJEN/2026" in page
    assert page.count("<li>") == 2
    assert not any(word in page for word in ("<script", "http:", "https:", "src=", "url("))
    assert "default-src 'none'" in page
    assert not re.search(r"\d{4}-\d{2}-\d{2}|<code>", page)
    assert f", {spoken_date(datetime.datetime.now().astimezone().date(), 'id')}</p>" in page
    assert out.stat().st_mode & 0o777 == 0o600
    shown = capsys.readouterr()
    assert "Siti" not in shown.out + shown.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["apa.txt", "permohonan.html", "siapa.txt"]


def test_mistakes_write_nothing(tmp_path: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A number that is none, an empty file, a missing one, a file that is there: a sentence without what was typed."""
    (tmp_path / "kosong.txt").write_text(" \n", "utf-8")
    for at, typed in (
        (2, "7<script>"),
        (4, str(tmp_path / "kosong.txt")),
        (6, str(tmp_path / "tidak-ada.txt")),
        (-1, str(tmp_path / "siapa.txt")),
    ):
        changed = list(words)
        changed[at] = typed
        assert cli.main(changed) == 1
        assert typed not in capsys.readouterr().err
    assert not (tmp_path / "permohonan.html").exists()
    assert (tmp_path / "siapa.txt").read_text("utf-8") == WHO


class _FullDisk(io.FileIO):
    """Takes ten bytes."""

    def write(self, data: bytes) -> int:  # type: ignore[override]
        super().write(data[:10])
        raise OSError(errno.ENOSPC, "no space")


def test_a_full_disk_leaves_no_half_request(tmp_path: Path, words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing with a name in it stays behind, and the same command works later."""
    monkeypatch.setattr(lpsk.os, "fdopen", _FullDisk)
    assert cli.main(words) == 1
    assert not (tmp_path / "permohonan.html").exists()
