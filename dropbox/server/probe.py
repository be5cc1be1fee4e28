"""Measures, with a request of its own, whether the proxy in front of the site holds bodies back, or compresses.

Rule: nothing is stored: the request goes to an address that does not exist, holds zeros, and never ends. If the
site's answer comes all the same, nothing waited for the end.
"""

import socket
import ssl
import urllib.parse
from collections.abc import Iterator
from typing import Final

from dropbox.limits import GATHER_BYTES, KIB, PROBE_SECONDS
from dropbox.sentences.catalogue import Sentence
from dropbox.server.finding import Finding, Unseen

_PROMISED_BYTES: Final = 768 * KIB  # less than nginx takes by default (1 MiB)
_PATH: Final = "/" + "0" * 32
_HEAD_MAX_BYTES: Final = 16 * KIB
_OURS: Final = b"content-security-policy:"
_COMPRESSED: Final = b"\r\ncontent-encoding:"  # which the site never sets in an answer to a POST


def measure(url: str) -> Iterator[Finding | Unseen]:
    """Yield what is wrong with the proxy of a site, or why that was not seen.

    Args:
        url: the site's public address, `https://` or `http://` and a host.
    """
    parts = urllib.parse.urlsplit(url)
    head = (
        f"POST {_PATH} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n"
        "Accept-Encoding: gzip, deflate, br, zstd\r\n"
        f"Content-Type: application/octet-stream\r\nContent-Length: {_PROMISED_BYTES}\r\n\r\n"
    )
    try:
        answer = _answer(parts, head.encode("ascii") + bytes(GATHER_BYTES + KIB))
    except OSError:  # no such host, no way to it, or a certificate that is not its own
        yield Unseen(Sentence("unseen.url"))
        return
    status, ours = answer.partition(b" ")[2][:3], _OURS in answer.lower()
    if not answer:
        yield Finding("proxy-buffers", Sentence("server-status.proxy-waits", seconds=PROBE_SECONDS))
    elif status == b"413" and not ours:
        yield Finding("proxy-small", Sentence("server-status.proxy-small"))
    elif ours and _COMPRESSED in answer.lower():
        yield Finding("proxy-compresses", Sentence("server-status.proxy-compresses"))
    elif not ours:
        yield Unseen(Sentence("unseen.not-the-site"))


def _answer(parts: urllib.parse.SplitResult, request: bytes) -> bytes:
    """Return the head of the answer, empty if none comes in time; raises OSError if the site is not reached."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    with socket.create_connection((parts.hostname or "", port), PROBE_SECONDS) as plain:
        secured = parts.scheme == "https"
        to_site = ssl.create_default_context().wrap_socket(plain, server_hostname=parts.hostname) if secured else plain
        with to_site:
            to_site.sendall(request)
            answer = b""
            try:
                while b"\r\n\r\n" not in answer and len(answer) < _HEAD_MAX_BYTES and (piece := to_site.recv(KIB)):
                    answer += piece
            except TimeoutError:
                pass
            return answer
