"""Reads an nginx configuration: which directives hold where a host's requests pass on to the site.

Rule: nothing is executed. A file that cannot be read ends the look; nothing is taken for granted about it.
Grammar and inheritance: nginx.org/en/docs/beginners_guide.html, ngx_http_core_module, ngx_http_proxy_module.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_TOKEN: Final = re.compile(r"""\s+|\#[^\n]*|([{};])|"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|((?:\\.|[^\s;{}"'])+)""")
_DEPTH_MAX: Final = 20  # of blocks and included files within each other
# Directives that hold below where they are written, until one of the same name is written further down.
_INHERITED: Final = frozenset(
    {
        "access_log",
        "client_max_body_size",
        "error_log",
        "proxy_buffering",
        "proxy_http_version",
        "proxy_request_buffering",
    }
)

Held = Mapping[str, tuple[tuple[str, ...], ...]]  # arguments of each directive of a name, by name


class UnreadableError(Exception):
    """A file of the configuration cannot be read, or is no configuration."""


@dataclass(frozen=True)
class Route:
    """A place that serves a host: a `server`, or a `location` in it.

    Attributes:
        hosts: the names of its `server`.
        passes: whether it hands requests on (`proxy_pass`).
        held: the directives that hold there.
    """

    hosts: frozenset[str]
    passes: bool
    held: Held


@dataclass
class _Block:
    """A block and what is written in it."""

    name: str
    directives: list[tuple[str, ...]] = field(default_factory=list)
    blocks: list["_Block"] = field(default_factory=list)


def routes(path: Path) -> list[Route]:
    """Return the places that serve a host, from the file with which nginx starts, or one that it includes.

    Raises:
        UnreadableError: a file cannot be read, or is no configuration.
    """
    top = _Block("")
    _read_into(top, path, path.parent, 0)
    https = [block for block in top.blocks if block.name == "http"] or [top]
    return [
        route
        for http in https
        for server in http.blocks
        if server.name == "server"
        for route in _routes_of(server, _under(_under({}, top), http) if http is not top else _under({}, top))
    ]


def _routes_of(server: _Block, above: Held) -> Iterator[Route]:
    hosts = frozenset(host for name, *hosts in server.directives if name == "server_name" for host in hosts)

    def walk(block: _Block, held: Held) -> Iterator[Route]:
        here = _under(held, block)
        yield Route(hosts, any(name == "proxy_pass" for name, *_ in block.directives), here)
        for below in block.blocks:
            yield from walk(below, here)

    yield from walk(server, above)


def _under(above: Held, block: _Block) -> Held:
    own: dict[str, tuple[tuple[str, ...], ...]] = {}
    for name, *arguments in block.directives:
        if name in _INHERITED:
            own[name] = (*own.get(name, ()), tuple(arguments))
    return {**above, **own}


def _read_into(block: _Block, path: Path, folder: Path, depth: int) -> None:
    """Put what a file has into a block; `depth` counts the files and blocks around it, so that a circle ends."""
    try:
        text = path.read_text("utf-8", "replace")
    except OSError:
        raise UnreadableError from None
    _fill(block, _tokens(text), folder, depth, is_file=True)


def _tokens(text: str) -> Iterator[tuple[str, bool]]:
    """Yield (word, whether it is punctuation)."""
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise UnreadableError
        at = match.end()
        if match[1]:
            yield match[1], True
        elif match.lastindex:
            yield match[match.lastindex], False


def _fill(block: _Block, tokens: Iterator[tuple[str, bool]], folder: Path, depth: int, *, is_file: bool) -> None:
    """Take words up to the end of a file, or to the bracket that closes a block."""
    if depth > _DEPTH_MAX:
        raise UnreadableError
    words: list[str] = []
    for word, is_punctuation in tokens:
        if not is_punctuation:
            words.append(word)
        elif word == ";" and words:
            _take(block, words, folder, depth)
            words = []
        elif word == "{" and words:
            block.blocks.append(_Block(words[0]))
            _fill(block.blocks[-1], tokens, folder, depth + 1, is_file=False)
            words = []
        elif word == "}" and not words and not is_file:
            return
        else:
            raise UnreadableError
    if words or not is_file:  # a semicolon or a bracket is missing
        raise UnreadableError


def _take(block: _Block, words: list[str], folder: Path, depth: int) -> None:
    if words[0] != "include":
        block.directives.append(tuple(words))
        return
    for pattern in words[1:]:
        # Relative names start at the folder of the first file; pathlib's glob takes no absolute pattern.
        base, rest = (Path("/"), pattern.lstrip("/")) if pattern.startswith("/") else (folder, pattern)
        is_pattern = any(sign in pattern for sign in "*?[")
        for path in sorted(base.glob(rest)) if is_pattern else [base / rest]:
            _read_into(block, path, folder, depth + 1)
