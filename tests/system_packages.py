"""Installs the system packages that the tests need and this machine lacks (Debian, Ubuntu); says which and why.

`make test` runs it first. With everything there it does nothing and says nothing.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from ctypes.util import find_library
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_FONT_FOLDERS: Final = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))


@dataclass(frozen=True)
class _Need:
    """A package, what it is for, and how to tell that it is there."""

    package: str
    purpose: str
    is_there: Callable[[], bool]


def _program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def _library(name: str) -> Callable[[], bool]:
    return lambda: find_library(name) is not None


def _file(path: str) -> Callable[[], bool]:
    return lambda: Path(path).exists()


def _has_fonts() -> bool:
    return any(folder.is_dir() and next(folder.rglob("*.ttf"), None) for folder in _FONT_FOLDERS)


def _office_part(name: str) -> Callable[[], bool]:
    return lambda: Path(f"/usr/lib/libreoffice/program/lib{name}lo.so").is_file()


def _letters(language: str) -> Callable[[], bool]:
    return lambda: any(Path("/usr/share/tesseract-ocr").glob(f"*/tessdata/{language}.traineddata"))


_NEEDS: Final = (
    _Need("chromium", "opens the pages as reporters do, with JavaScript and without", _program("chromium")),
    _Need("firefox-esr", "the same in the browser that Tor Browser is made of", _program("firefox-esr")),
    _Need("bubblewrap", "the sandbox in which the workstation looks into files", _program("bwrap")),
    _Need("libseccomp2", "the sandbox's list of allowed system calls", _library("seccomp")),
    _Need("ffmpeg", "sound and video, encoded anew; makes the tests' own", _program("ffmpeg")),
    _Need("libreoffice-writer-nogui", "pages of documents, as pictures", _program("soffice")),
    _Need("libreoffice-calc-nogui", "the same of tables", _office_part("sc")),
    _Need("libreoffice-impress-nogui", "the same of slides", _office_part("sd")),
    _Need("libarchive13", "lists and opens RAR, 7z, tar and other archives, in the sandbox", _library("archive")),
    _Need("libreoffice-draw-nogui", "the same of drawings", _file("/usr/lib/libreoffice/program/pagein-draw")),
    _Need(
        "python3-uno", "steers LibreOffice: hidden parts are drawn too", _file("/usr/lib/python3/dist-packages/uno.py")
    ),
    _Need("fonts-noto-core", "Arabic, Javanese and other letters", _file("/usr/share/fonts/truetype/noto")),
    _Need("fonts-symbola", "emoji in pictures of documents", _file("/usr/share/fonts/truetype/ancient-scripts")),
    _Need("tesseract-ocr", "words in pictures", _program("tesseract")),
    _Need("tesseract-ocr-ind", "the same in Indonesian", _letters("ind")),
    _Need("tesseract-ocr-ara", "the same in Arabic", _letters("ara")),
    _Need("spin", "searches all states of the model of the exchange", _program("spin")),
    _Need("gcc", "compiles what spin makes of the model", _program("gcc")),
    _Need("libc6-dev", "the headers for that", _file("/usr/include/stdio.h")),
    _Need("faketime", "another day, on which a release must be the same", _program("faketime")),
    _Need("lintian", "Debian's own checks of the packages", _program("lintian")),
    _Need("strace", "proves that no plaintext is written to a disk", _program("strace")),
    _Need("systemd", "reads the server's units (it need not run)", _program("systemd-analyze")),
    _Need("systemd-container", "boots them", _program("systemd-nspawn")),
    _Need("mmdebstrap", "clean Debian machines for the packages", _program("mmdebstrap")),
    _Need(
        "tor",
        "a private network of it for the browsers (Debian also starts its own service: `systemctl disable --now tor`)",
        _program("tor", "/usr/sbin/tor"),
    ),
    _Need("fonts-dejavu-core", "letters for the pictures of the pages", _has_fonts),
)


def _as_root() -> list[str] | None:
    """What to put before a command so that it runs as root; None when there is no way."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    asked = subprocess.run(["sudo", "-n", "true"], check=False, capture_output=True)
    return ["sudo", "-n"] if asked.returncode == 0 else None


def _fail(why: str, missing: list[_Need]) -> int:
    names = " ".join(need.package for need in missing)
    print(f"The tests need {names}: {why}. Install them by hand, then run `make test` again.", file=sys.stderr)
    return 1


def _apt(prefix: list[str], *arguments: str) -> bool:
    command = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y", *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        print(done.stdout[-2000:] + done.stderr[-2000:], file=sys.stderr)
    return done.returncode == 0


def main() -> int:
    """Install what is missing; returns the exit code."""
    missing = [need for need in _NEEDS if not need.is_there()]
    if not missing:
        return 0
    prefix = _as_root()
    if shutil.which("apt-get") is None:
        return _fail("this machine has no apt-get", missing)
    if prefix is None:
        return _fail("that takes root, and neither are we root nor does `sudo -n` work", missing)
    for need in missing:
        print(f"installing {need.package}: {need.purpose}", flush=True)
    if not _apt(prefix, "update"):
        print("apt-get update failed; trying with the lists that are here", file=sys.stderr)
    if not _apt(prefix, "install", "--no-install-recommends", *(need.package for need in missing)):
        return _fail("apt-get could not install them", missing)
    still = [need for need in missing if not need.is_there()]
    return _fail("apt-get says that it has installed them, but they cannot be found", still) if still else 0


if __name__ == "__main__":
    sys.exit(main())
