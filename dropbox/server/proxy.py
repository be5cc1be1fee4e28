"""Judges the configuration of the proxy in front of the site.

Rule: what a proxy writes to a disk is a reporter's address or plaintext, so every log and every buffer counts, in each
place that serves the site's host, also where no `server` names it and the default one answers. What it compresses tells
by its length what the site had hidden there (web/http/compression.py). What is not understood is said, and never
counted as well.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from dropbox.sentences.catalogue import Sentence
from dropbox.server.finding import Finding, Unseen
from dropbox.server.nginx import FOREIGN, Held, Route, UnreadableError, routes

DEFAULT: Final = Path("/etc/nginx/nginx.conf")
_OFF: Final = (("off",),)
_NOWHERE: Final = "/dev/null"
# With HTTP/1.0 nginx buffers a chunked body whatever the other directives say.
_UNBUFFERED: Final = {"proxy_request_buffering": "off", "proxy_buffering": "off", "proxy_http_version": "1.1"}
# These write bodies or answers to a disk, or hand them to another place.
_WRITING: Final = ("client_body_in_file_only", "mirror", "proxy_cache", "proxy_store")
_COMPRESSING: Final = ("brotli", "gzip", "zstd")  # off by themselves; Debian's own nginx.conf has gzip on
_LOOPBACK: Final = ("127.", "[::1]", "localhost:", "unix:")
_EXACT, _STAR, _PATTERN = range(3)  # nginx takes the first kind of name that fits (ngx_http_core_module, server_name)


def read_routes(path: Path | None, host: str) -> list[Route] | Sentence:
    """Return the places of an nginx configuration that serve a host.

    Args:
        path: the file with which nginx starts (default: Debian's).
        host: of the site's public address.

    Returns:
        The places, or a sentence that says why they were not looked at.
    """
    try:
        found = _serving(routes(path or DEFAULT), host.lower())
    except UnreadableError:
        return Sentence("unseen.nginx", path=path or DEFAULT)
    if not any(route.passes and _rank(route.hosts, host.lower()) is not None for route in found):
        return Sentence("unseen.nginx-host", path=path or DEFAULT, host=host)
    return found


def judge(found: Iterable[Route]) -> Iterator[Finding | Unseen]:
    """Yield what the places that serve the site do wrong, each code once, and what is not understood of them."""
    found = list(found)
    sentences = {
        "proxy-compresses": Sentence("server-status.proxy-compresses"),
        "proxy-logs": Sentence("server-status.proxy-logs"),
        "proxy-buffers": Sentence("server-status.proxy-buffers"),
        "proxy-small": Sentence("server-status.proxy-small"),
    }
    codes = dict.fromkeys(code for route in found for code in _faults(route))
    yield from (Finding(code, sentences[code]) for code in codes)
    names = {name for route in found for name in route.hosts if name.startswith("~") and _pattern(name) is None}
    names |= {name for route in found for name in route.hosts if "$" in name and not name.startswith("~")}
    names |= {name for route in found for name in route.held if FOREIGN.match(name)}
    if names:
        yield Unseen(Sentence("unseen.nginx-words", words=", ".join(sorted(names))))


def _serving(all_routes: list[Route], host: str) -> list[Route]:
    """Return the places to which requests of a host may come, for each address and port, and all streams."""
    chosen = [route for route in all_routes if route.is_stream]
    ranks = {route.hosts: _rank(route.hosts, host) for route in all_routes}
    for place in {place for route in all_routes for place in route.listens}:
        here = [route for route in all_routes if place in route.listens]
        best = min((rank for route in here if (rank := ranks[route.hosts]) is not None), default=None)
        if best is not None:
            chosen += [route for route in here if ranks[route.hosts] == best]
        elif not place.startswith(_LOOPBACK):
            chosen += [route for route in here if place in route.defaults]
    return [route for route in all_routes if any(route is one for one in chosen)]


def _rank(names: Iterable[str], host: str) -> int | None:
    """Return the kind of the best of the `server_name`s that are a host's, None if none is."""
    return min((rank for name in names if (rank := _rank_of(name, host)) is not None), default=None)


def _rank_of(name: str, host: str) -> int | None:
    if name.startswith("~") or "$" in name:
        pattern = _pattern(name)
        return _PATTERN if pattern is None or pattern.search(host) else None  # not understood: it may be the host's
    name = name.lower()
    suffix = name.removeprefix("*")
    if name == host:
        return _EXACT
    is_below = suffix.startswith(".") and f".{host}".endswith(suffix)
    return _STAR if is_below or (name.endswith(".*") and host.startswith(name[:-1])) else None


def _pattern(name: str) -> re.Pattern[str] | None:
    """Return the regular expression of a `server_name`, None if it is not understood."""
    try:
        return (
            re.compile(name.removeprefix("~").replace("(?<", "(?P<"), re.IGNORECASE) if name.startswith("~") else None
        )
    except re.error:
        return None


def _faults(route: Route) -> Iterator[str]:
    """Yield the codes of one place. Without a directive nginx logs, buffers, and takes bodies of 1 MiB."""
    held = route.held
    logs = held.get("access_log", _OFF if route.is_stream else ())  # a stream logs only if it is said
    if logs != _OFF or any(place[:1] != (_NOWHERE,) for place in held.get("error_log", ((),))):
        yield "proxy-logs"
    if any(_only(held, name) not in {"", "off"} for name in _WRITING):
        yield "proxy-buffers"
    if not route.passes:
        return
    if any(_only(held, name) != value for name, value in _UNBUFFERED.items()):
        yield "proxy-buffers"
    if any(_only(held, name) not in {"", "off"} for name in _COMPRESSING):
        yield "proxy-compresses"
    if _only(held, "client_max_body_size") != "0":
        yield "proxy-small"


def _only(held: Held, name: str) -> str:
    """Return the argument of a directive that has one, empty without it."""
    return next((words[0] for words in held.get(name, ()) if words), "")
