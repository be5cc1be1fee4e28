"""Files that are made to do harm: each does none, and is called what it is."""

import os
import resource
from collections.abc import Callable
from pathlib import Path

import pytest
import samples
from triage_world import SETTINGS, TODAY

from dropbox.triage.cases import casebook
from dropbox.triage.evidence import findings
from dropbox.triage.evidence.findings import examine_files, finding
from dropbox.triage.evidence.preview import Viewer
from dropbox.triage.evidence.reasons import UnreadableError
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

Take = Callable[..., casebook.Case]

# Of each: a name, what makes its bytes, and the kind, state and warnings that are found.
HOSTILE = {
    "png-bomb": ("a.png", samples.png_bomb, "png", "bomb", []),
    "laughter": ("a.docx", samples.docx_with_laughter, "docx", "bomb", []),
    "docx-bomb": ("a.docx", samples.docx_bomb, "docx", "bomb", []),
    "members": ("a.zip", lambda: samples.archive({f"{n}": "" for n in range(10_001)}), "zip", "read", []),
    "remote-template": ("a.docx", samples.docx_with_remote_template, "docx", "read", ["external", "macro"]),
    "pdf-script": ("a.pdf", lambda: samples.pdf(extra=samples.PDF_WITH_SCRIPT), "pdf", "read", ["script"]),
    "pdf-launch": ("a.pdf", lambda: samples.pdf(extra=samples.PDF_WITH_LAUNCH), "pdf", "read", ["launch"]),
    "page": ("a.html", lambda: samples.PAGE, "html", "read", ["script", "external"]),
    "drawing": ("a.svg", lambda: samples.DRAWING, "svg", "read", ["script", "external"]),
    "laughing-drawing": ("a.svg", lambda: b"<!DOCTYPE s [<!ENTITY a 'b'>]><svg>&a;</svg>", "svg", "read", ["entities"]),
    "program-as-photo": ("foto.jpg", lambda: samples.PROGRAM, "program", "unsupported", ["misnamed"]),
    "polyglot": (
        *("a.jpg", lambda: samples.photo() + samples.archive({"a": "x"}), "jpeg", "read"),
        ["polyglot", "place"],
    ),
    "playlist": ("a.mp3", lambda: b"ID3\x04" + b"#EXTM3U\nfile:///etc/passwd\n" * 9, "text", "read", []),
}


# Each of five hundred members costs a sandbox: minutes.
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.soak] * (name == "members")) for name in HOSTILE]
)
def test_it_does_no_harm_and_is_named(take_files: Take, vault: Vault, name: str) -> None:
    """Kind, state and warnings of each; the workstation's own memory does not grow with what the file claims."""
    file_name, make, kind, state, warnings = HOSTILE[name]
    case = take_files((file_name, make()))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert examine_files(Work(vault, SETTINGS, TODAY), case).new == 1
    (file,) = casebook.files(vault, case)
    found = finding(vault, file)
    assert found is not None
    assert (found.kind.code, found.state) == (kind, state)
    assert [warning for warning in found.warnings if warning != "misnamed" or name == "program-as-photo"] == sorted(
        warnings, key=found.warnings.index
    )
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


def test_ten_thousand_members_are_counted_when_time_is_over(
    take_files: Take, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An archive of 10 001 empty members is read; the finding counts those that were not opened."""
    monkeypatch.setattr(findings, "PARTS_SECONDS", -1)
    case = take_files(("a.zip", HOSTILE["members"][1]()))
    examined = findings.examine_file(Work(vault, SETTINGS, TODAY), case, 1)
    assert (examined.kind.code, examined.state, dict(examined.notes)["parts-cut"]) == ("zip", "read", 10_001)


def test_a_picture_bomb_is_not_drawn(take_files: Take, vault: Vault) -> None:
    """A hundred thousand pixels squared stay packed."""
    case = take_files(("a.png", samples.png_bomb()))
    with Viewer(Work(vault, SETTINGS, TODAY), case, 1) as viewer, pytest.raises(UnreadableError) as caught:
        viewer.page()
    assert caught.value.reason == "bomb"


def test_ten_thousand_pages_cost_what_one_costs(take_files: Take, vault: Vault) -> None:
    """They are counted, and the last is drawn without the others."""
    case = take_files(("a.pdf", samples.pdf(pages=10_000)))
    with Viewer(Work(vault, SETTINGS, TODAY), case, 1) as viewer:
        assert viewer.page(10_000).pages == 10_000


def _truncated() -> list[tuple[str, bytes]]:
    whole = {"a.pdf": samples.pdf()[:400], "a.docx": samples.docx()}
    return [(name, data[: len(data) * 2 // 3]) for name, data in whole.items()]


def test_truncated_files_are_called_damaged(take_files: Take, vault: Vault) -> None:
    """Two thirds of a document: a sentence, no crash."""
    files = _truncated()
    case = take_files(*files)
    for number in range(1, len(files) + 1):
        with Viewer(Work(vault, SETTINGS, TODAY), case, number) as viewer, pytest.raises(UnreadableError) as caught:
            viewer.page()
        assert caught.value.reason == "damaged"


def test_no_plaintext_touches_a_disk(take_files: Take, vault: Vault, world: object, tmp_path: Path) -> None:
    """After previews of a text, a document and a picture, the words lie in no file below the test's folder or /tmp."""
    secret = "KenariYangTidakBolehTertulis"
    case = take_files(("a.txt", secret.encode()), ("a.docx", samples.docx(secret)), ("a.pdf", samples.pdf(text=secret)))
    examine_files(Work(vault, SETTINGS, TODAY), case)
    for number in (1, 2, 3):
        with Viewer(Work(vault, SETTINGS, TODAY), case, number) as viewer:
            viewer.page()
    places = [tmp_path, *(path for path in map(Path, ("/tmp", "/var/tmp", "/dev/shm")) if path.is_dir())]
    new = [path for place in places for path in _files_below(place, depth=99 if place == tmp_path else 1)]
    assert any(path.name == "vault.db" for path in new)
    assert [path for path in new if secret.encode() in _read(path)] == []


def _files_below(folder: Path, depth: int) -> list[Path]:
    found = []
    for path in folder.iterdir():
        if path.is_symlink():
            continue
        if path.is_file():
            found.append(path)
        elif path.is_dir() and depth > 1 and os.access(path, os.R_OK):
            found += _files_below(path, depth - 1)
    return found


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.stat().st_size < 1 << 24 else b""
    except OSError:  # another program's, gone meanwhile
        return b""
