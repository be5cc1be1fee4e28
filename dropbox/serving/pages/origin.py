"""Finds out from where a request comes, by what its browser says.

Rule: without such a word a request counts as our own; every change also needs the token of its form.
"""

from urllib.parse import urlsplit

from flask import request


def host() -> str:
    """Return the host of the request's address, without its port."""
    name, colon, port = request.host.rpartition(":")
    return name if colon and port.isdigit() else request.host


def is_foreign() -> bool:
    """Return whether another page sends the request.

    Another port of this machine is another origin, although browsers treat it as the same site, with the same cookies.
    """
    origin = request.headers.get("Origin", "")
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    return (bool(origin) and urlsplit(origin).netloc != request.host) or site not in ("same-origin", "none")
