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
        "brotli",
        "client_body_in_file_only",
        "client_max_body_size",
        "error_log",
        "gzip",
        "mirror",
        "proxy_buffering",
        "proxy_cache",
        "proxy_http_version",
        "proxy_request_buffering",
        "proxy_store",
        "zstd",
    }
)
# Directives that hand requests to programs or services of which this reader knows nothing.
FOREIGN: Final = re.compile(
    r"js_|perl|lua_|.*_by_lua|modsecurity|otel_|opentracing|opentelemetry|zipkin|post_action|dav_"
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
        listens: addresses and ports of its `server`.
        defaults: those where it also serves the hosts that no other `server` names.
        is_stream: whether it hands on whole connections (`stream`); these have no host.
    """

    hosts: frozenset[str]
    passes: bool
    held: Held
    listens: frozenset[str] = frozenset()
    defaults: frozenset[str] = frozenset()
    is_stream: bool = False


@dataclass
class _Block:
    """A block and what is written in it."""

    name: str
    directives: list[tuple[str, ...]] = field(default_factory=list)
    blocks: list["_Block"] = field(default_factory=list)


def routes(path: Path) -> list[Route]:
    """Return the places that serve hosts or hand connections on, from the file with which nginx starts.

    Raises:
        UnreadableError: a file cannot be read, or is no configuration.
    """
    top = _Block("")
    _read_into(top, path, path.parent, 0)
    outer = _under({}, top)
    https = [block for block in top.blocks if block.name == "http"]
    within = [(server, _under(outer, http)) for http in https for server in http.blocks if server.name == "server"]
    if not https:
        within = [(server, outer) for server in top.blocks if server.name == "server"]
    defaults = _defaults([server for server, _ in within])
    streams = [block for block in top.blocks if block.name == "stream"]
    return [
        *(route for server, above in within for route in _routes_of(server, above, defaults)),
        *(
            Route(frozenset(), passes=False, held=_under(_under(outer, stream), server), is_stream=True)
            for stream in streams
            for server in stream.blocks
            if server.name == "server"
        ),
    ]


def _listens(server: _Block) -> dict[str, bool]:
    """Return where a `server` listens, and whether it is marked as the default there."""
    found: dict[str, bool] = {}
    for name, *words in server.directives:
        if name == "listen" and words:
            is_default = "default_server" in words or "default" in words
            place = _place(words[0])
            found[place] = found.get(place, False) or is_default
    return found or {_place("80"): False}


def _place(address: str) -> str:
    """Return `address:port` of an argument of `listen`: without an address any, without a port 80."""
    if address.isdecimal():
        return f"*:{address}"
    if address.startswith("unix:"):
        return address
    host, has_port, port = address.rpartition(":")
    if not has_port or address.endswith("]"):
        host, port = address, ""
    return f"{'*' if host in {'*', '0.0.0.0'} else host.lower()}:{port or '80'}"  # noqa: S104  nothing listens


def _defaults(servers: list[_Block]) -> dict[str, _Block]:
    """Return the default `server` of each place: the one that is marked, otherwise the first."""
    chosen: dict[str, tuple[_Block, bool]] = {}
    for server in servers:
        for place, is_marked in _listens(server).items():
            if place not in chosen or (is_marked and not chosen[place][1]):
                chosen[place] = (server, is_marked)
    return {place: server for place, (server, _) in chosen.items()}


def _routes_of(server: _Block, above: Held, defaults: Mapping[str, _Block]) -> Iterator[Route]:
    hosts = frozenset(host for name, *hosts in server.directives if name == "server_name" for host in hosts)
    listens = frozenset(_listens(server))
    own = frozenset(place for place in listens if defaults[place] is server)

    def walk(block: _Block, held: Held) -> Iterator[Route]:
        here = _under(held, block)
        passes = any(name == "proxy_pass" for name, *_ in block.directives)
        yield Route(hosts, passes, here, listens, own)
        for below in block.blocks:
            yield from walk(below, here)

    yield from walk(server, above)


def _under(above: Held, block: _Block) -> Held:
    own: dict[str, tuple[tuple[str, ...], ...]] = {}
    for name, *arguments in block.directives:
        if name in _INHERITED or FOREIGN.match(name):
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
