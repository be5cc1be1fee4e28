"""Judges the configuration of the proxy in front of the site.

Rule: what a proxy writes to a disk is a reporter's address or plaintext, so every log and every buffer counts, in each
place that serves the site's host.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from dropbox.sentences.catalogue import Sentence
from dropbox.server.finding import Finding
from dropbox.server.nginx import Held, Route, UnreadableError, routes

DEFAULT: Final = Path("/etc/nginx/nginx.conf")
_OFF: Final = (("off",),)
_NOWHERE: Final = "/dev/null"
# With HTTP/1.0 nginx buffers a chunked body whatever the other directives say.
_UNBUFFERED: Final = {"proxy_request_buffering": "off", "proxy_buffering": "off", "proxy_http_version": "1.1"}


def read_routes(path: Path | None, host: str) -> list[Route] | Sentence:
    """Return the places of an nginx configuration that serve a host.

    Args:
        path: the file with which nginx starts (default: Debian's).
        host: of the site's public address.

    Returns:
        The places, or a sentence that says why they were not looked at.
    """
    try:
        found = [route for route in routes(path or DEFAULT) if any(_serves(name, host) for name in route.hosts)]
    except UnreadableError:
        return Sentence("unseen.nginx", path=path or DEFAULT)
    if not any(route.passes for route in found):
        return Sentence("unseen.nginx-host", path=path or DEFAULT, host=host)
    return found


def judge(found: Iterable[Route]) -> Iterator[Finding]:
    """Yield what the places that serve the site do wrong, each code once."""
    sentences = {
        "proxy-logs": Sentence("server-status.proxy-logs"),
        "proxy-buffers": Sentence("server-status.proxy-buffers"),
        "proxy-small": Sentence("server-status.proxy-small"),
    }
    codes = dict.fromkeys(code for route in found for code in _faults(route))
    yield from (Finding(code, sentences[code]) for code in codes)


def _serves(name: str, host: str) -> bool:
    """Return whether a `server_name` is a host's; one with a star is that of every host below it."""
    suffix = name.removeprefix("*")
    return name == host or (suffix.startswith(".") and f".{host}".endswith(suffix))


def _faults(route: Route) -> Iterator[str]:
    """Yield the codes of one place. Without a directive nginx logs, buffers, and takes bodies of 1 MiB."""
    held = route.held
    if held.get("access_log") != _OFF or any(place[:1] != (_NOWHERE,) for place in held.get("error_log", ((),))):
        yield "proxy-logs"
    if not route.passes:
        return
    if any(_only(held, name) != value for name, value in _UNBUFFERED.items()):
        yield "proxy-buffers"
    if _only(held, "client_max_body_size") != "0":
        yield "proxy-small"


def _only(held: Held, name: str) -> str:
    """Return the argument of a directive that has one, empty without it."""
    return next((words[0] for words in held.get(name, ()) if words), "")
