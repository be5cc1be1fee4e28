"""Defines the headers that every answer of a program with pages has.

Rule: nothing is loaded from elsewhere, framed, guessed by the browser or kept in a cache. A program may add headers and
open single directives of the policy; it removes nothing.
"""

from typing import Final

Headers = tuple[tuple[str, str], ...]

_DIRECTIVES: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "connect-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def policy(opened: dict[str, str] | None = None) -> str:
    """Return the content security policy, with the sources of some directives replaced or added."""
    return "; ".join(f"{name} {sources}" for name, sources in (_DIRECTIVES | (opened or {})).items())


def headers(content_policy: str, referrer_policy: str) -> Headers:
    """Return the headers of every answer.

    Args:
        content_policy: of `policy`.
        referrer_policy: `no-referrer`, or `same-origin` where a page goes back to the one before.
    """
    return (
        ("Content-Security-Policy", content_policy),
        ("Cache-Control", "no-store"),
        ("Referrer-Policy", referrer_policy),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), browsing-topics=(), interest-cohort=()"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("X-Robots-Tag", "noindex, nofollow"),
    )


def bare_refusal(error: BaseException, given: Headers) -> bytes:
    """Return an answer without a body: a client that does not send valid HTTP is no browser of this program."""
    from gunicorn.http.errors import ParseException  # noqa: PLC0415  gunicorn needs POSIX, the pages' headers do not

    status = "400 Bad Request" if isinstance(error, ParseException) else "500 Internal Server Error"
    lines = (status, *(f"{name}: {value}" for name, value in given), "Content-Length: 0", "Connection: close")
    return ("HTTP/1.1 " + "\r\n".join(lines) + "\r\n\r\n").encode("ascii")
