"""Every row of the generator is examined, searched, previewed and cleaned as an officer would."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
import rows
from PIL import Image
from rows.row import Row
from triage_world import SETTINGS, TODAY

from dropbox.triage.cases import casebook
from dropbox.triage.casework import search
from dropbox.triage.evidence import findings, recognition
from dropbox.triage.evidence.clean import export_cleaned
from dropbox.triage.evidence.preview import Viewer
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

Take = Callable[..., casebook.Case]
ROWS = rows.all_rows()


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_a_file_is_shown_as_it_was_sent(row: Row, take_files: Take, vault: Vault, tmp_path: Path) -> None:
    """Its kind, state, warnings, notes, parts, words, pages and cleaned copy are those of its row."""
    work = Work(vault, SETTINGS, TODAY)
    case = take_files((row.name, row.make()))
    found = findings.examine_file(work, case, 1)
    if row.recognized:
        recognition.recognize_file(work, case, 1)
        found = findings.examine_file(work, case, 1)
    (file,) = casebook.files(vault, case)
    parts = findings.parts(vault, file)
    noted = {name for name, _ in found.notes}
    assert (found.kind.code, found.state, tuple(found.warnings)) == (row.kind, row.state, row.warnings)
    assert set(row.notes) <= noted
    read = "\n".join(one.recognized for one in (found, *parts))
    assert not [word for word in row.recognized if word not in read], read
    texts = "\n".join([found.text, *(part.text for part in parts)])
    assert not [word for word in row.never if word in texts or word in {*noted, *found.warnings, found.state}]
    if row.parts is not None:
        assert tuple((part.place, part.kind.code) for part in parts) == row.parts
    for words in row.found:
        assert [hit.number for hit in search.search(work, words)] == [case.number], words
    if row.pages is not None or row.seen:
        _look(work, case, row)
    if row.copy or row.not_in_copy:
        done = export_cleaned(work, case, 1, tmp_path / "out")
        raw = (tmp_path / "out" / done.name).read_bytes()
        assert not [word for word in row.copy if word.encode() not in raw]
        assert not [word for word in row.not_in_copy if word in raw]


def _look(work: Work, case: casebook.Case, row: Row) -> None:
    with Viewer(work, case, 1) as viewer:
        assert row.pages in (None, viewer.page().pages)
        for number, x, y, colour in row.seen:
            with Image.open(io.BytesIO(viewer.page(number).png)) as image:
                seen = image.getpixel((x * image.width // 1000, y * image.height // 1000))
            assert all(abs(a - b) < 40 for a, b in zip(seen, colour, strict=True)), (number, x, y, seen)  # type: ignore[arg-type]


def test_names_of_rows_are_unique() -> None:
    """Two rows of one name would hide each other in a report of a failure."""
    names = [row.name for row in ROWS]
    assert [name for name in names if names.count(name) > 1] == []
