"""Lets LibreOffice draw a document as a PDF, or save an older one in a newer format, inside the sandbox.

Rule: arguments are fixed and the file names are ours; no macro runs and no link is followed (documents.steering).
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import zipfile
from pathlib import Path
from typing import Any, Final

from dropbox.triage.evidence.inside import office
from dropbox.triage.evidence.inside.reply import DONE, CannotError, write

_FOLDER: Final = Path("/tmp")  # noqa: S108  the sandbox's own /tmp, in memory
_SCRIPT: Final = (
    "import sys; sys.path[:0] = [sys.argv.pop()];"
    " from dropbox.triage.evidence.inside.documents.steering.main import main; sys.exit(main(*sys.argv[1:]))"
)
_CODE: Final = Path(__file__).parents[5]
_PYTHON: Final = "/usr/bin/python3"  # Debian's: python3-uno belongs to it
_UNO: Final = Path("/usr/lib/python3/dist-packages/uno.py")
_PIPE: Final = "office"
_PIECE: Final = 1 << 20
_WAIT_SECONDS: Final = 0.2
_BODIES: Final = ("word/document.xml", "content.xml")
_LAID_OUT: Final = re.compile(rb"<(/?)(?:w|text|table):(p|tbl|table)(?:\s[^<>]*[^/<>])?>")
_TAG_MAX: Final = 4096
_BODY_MAX: Final = 1 << 30
_PARAGRAPHS_MAX: Final = 100_000  # some 2000 pages: the time that the job has
_TABLES_MAX: Final = 100  # tables in tables: Word itself allows fewer
_ZIP: Final = b"PK"
# LibreOffice before 7.5 leaves out the letters of colour fonts (emoji) in a PDF: plain ones are used instead.
_FONTS: Final = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>
<include>/etc/fonts/fonts.conf</include><cachedir>/tmp/fonts</cachedir><selectfont><rejectfont>
<pattern><patelt name="color"><bool>true</bool></patelt></pattern></rejectfont></selectfont></fontconfig>"""
_QUIET: Final[dict[str, Any]] = {
    "stdin": subprocess.DEVNULL,
    "stdout": subprocess.DEVNULL,
    "stderr": subprocess.DEVNULL,
    "env": {
        "PATH": "/usr/bin",
        "HOME": str(_FOLDER),
        "LANG": "C.UTF-8",
        "FONTCONFIG_FILE": str(_FOLDER / "fonts.conf"),
    },
}
_NEW_ENDINGS: Final = {"xls": "xlsx", "xlsb": "xlsx", "ppt": "pptx"}


def pdf(ending: str, most: int) -> None:
    """Write the document on standard input as a PDF in which all of it can be seen.

    Args:
        ending: of the file name that LibreOffice sees.
        most: bytes that the PDF may have.

    Raises:
        CannotError: `no-office` (not installed), `damaged`, `bomb` or `too-large`.
    """
    document, made = _document(ending), _FOLDER / "document.pdf"
    if _UNO.is_file():
        _run(document, made, "")
    if not made.is_file():  # without python3-uno, or where it fails: as it would be printed
        _print(document, "pdf")
    _give_out(made, most)


def newer(ending: str, most: int) -> None:
    """Write the document on standard input in an OOXML format; arguments and errors as of `pdf`."""
    document = _document(ending)
    made = _FOLDER / f"document.new.{_NEW_ENDINGS.get(ending, 'docx')}"
    if _UNO.is_file():
        _run(document, "", made)
    if not made.is_file():
        _print(document, made.suffix[1:])
        made = document.with_suffix(made.suffix)
    _give_out(made, most)


def _document(ending: str) -> Path:
    if shutil.which("soffice") is None:
        raise CannotError("no-office")
    if os.pread(0, len(_ZIP), 0) == _ZIP:
        _weigh(office.open_archive())  # stops bombs and truncated documents here
        os.lseek(0, 0, os.SEEK_SET)
    (_FOLDER / "fonts.conf").write_text(_FONTS, "utf-8")
    path = _FOLDER / f"document.{ending}"
    with path.open("wb") as file:
        while piece := os.read(0, _PIECE):
            file.write(piece)
    return path


def _weigh(archive: zipfile.ZipFile) -> None:
    """Refuse what LibreOffice does not lay out in the time that a job has, before it tries."""
    for name in archive.namelist():
        if name not in _BODIES:
            continue
        count, depth, rest = 0, 0, b""
        for piece in office.unpack(archive, name, [_BODY_MAX]):
            for match in _LAID_OUT.finditer(rest + piece):
                if match[2] == b"p":
                    count += not match[1]
                else:
                    depth += -1 if match[1] else 1
                if count > _PARAGRAPHS_MAX or depth > _TABLES_MAX:
                    raise CannotError("too-large")
            rest = (
                piece[piece.rfind(b"<") :]
                if b"<" in piece[-_TAG_MAX:] and b">" not in piece[piece.rfind(b"<") :]
                else b""
            )


def _office(*arguments: str) -> list[str]:
    profile = f"-env:UserInstallation=file://{_FOLDER}/profile"
    return ["soffice", profile, "--headless", "--norestore", "--nologo", "--nolockcheck", *arguments]


def _run(document: Path, made: Path | str, new: Path | str) -> None:
    """Start LibreOffice and the script that steers it through a pipe (a local socket below /tmp)."""
    started = subprocess.Popen(
        _office("--nodefault", f"--accept=pipe,name={_PIPE};urp;"), start_new_session=True, **_QUIET
    )
    arguments = [_PIPE, str(document), str(made), str(new), str(_CODE)]
    script = subprocess.Popen([_PYTHON, "-I", "-B", "-c", _SCRIPT, *arguments], **_QUIET)
    while script.poll() is None and started.poll() is None:  # where LibreOffice crashes, the script would wait for it
        with contextlib.suppress(subprocess.TimeoutExpired):
            script.wait(_WAIT_SECONDS)
    script.kill()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(started.pid, signal.SIGKILL)
    started.wait()


def _print(document: Path, target: str) -> None:
    subprocess.run(_office("--convert-to", target, "--outdir", str(_FOLDER), str(document)), check=False, **_QUIET)


def _give_out(made: Path, most: int) -> None:
    if not made.is_file():
        raise CannotError("damaged")
    if made.stat().st_size > most:
        raise CannotError("too-large")
    write(DONE)
    with made.open("rb") as file:
        while piece := file.read(_PIECE):
            write(piece)
