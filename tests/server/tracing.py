"""Reads a log of strace: which bytes went into which file, and which files were made."""

import re
from collections.abc import Iterator
from pathlib import Path

CALLS = (
    "open,openat,openat2,creat,memfd_create,rename,renameat,renameat2,link,linkat,symlink,symlinkat,mkdir,mkdirat,bind"
)
WRITES = "write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg,sendmmsg"
# -xx: every string in hexadecimal, so that a log line is unambiguous; -yy: what a descriptor is; -s: nothing cut.
STRACE = ("strace", "-f", "-qq", "-yy", "-xx", "-s", "8000000", "-e", f"trace={CALLS},{WRITES}", "-o")

_LINE = re.compile(r"\d+\s+(\w+)\((.*)")
_DESCRIPTOR = re.compile(r"\d+<((?:\\x[0-9a-f]{2}|[^>\\])*)")
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')


def _unhex(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def _calls(log: Path) -> Iterator[tuple[str, str]]:
    with log.open("r", encoding="ascii") as lines:
        for line in lines:
            match = _LINE.match(line)
            if match:
                yield match[1], match[2]


def written(log: Path) -> dict[str, bytes]:
    """All bytes that went to each place but TCP connections (the answers, which rightly show code and words)."""
    places: dict[str, bytearray] = {}
    names = set(WRITES.split(","))
    for name, rest in _calls(log):
        descriptor = _DESCRIPTOR.match(rest)
        if name not in names or descriptor is None or descriptor[1].startswith("TCP"):
            continue
        place = _unhex(descriptor[1]).decode() if "\\x" in descriptor[1] else descriptor[1]
        for string, cut in _STRING.findall(rest):
            assert not cut, "strace has cut a string: raise -s"
            places.setdefault(place, bytearray()).extend(_unhex(string))
    return {place: bytes(data) for place, data in places.items()}


def made(log: Path) -> set[str]:
    """Paths that were created, opened for writing, given a new name, or bound to a socket."""
    paths = set()
    names = set(CALLS.split(","))
    for name, rest in _calls(log):
        if name not in names:
            continue
        if name == "bind" and "AF_UNIX" not in rest:
            continue
        opens = name.startswith("open")
        if opens and not re.search(r"O_(CREAT|WRONLY|RDWR|TMPFILE)", rest):
            continue
        paths.update(_unhex(string).decode() for string, _ in _STRING.findall(rest))
    return paths
