"""Sets one constant set of headers on every response that leaves the application.

Rule: no page edits the policy. It is set at the WSGI level, so that 404, 405, 413 and 500 have it too.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final
from wsgiref.types import StartResponse, WSGIEnvironment

from dropbox.serving.headers import headers, policy

CSP: Final = policy()
HEADERS: Final = (
    *headers(CSP, "no-referrer"),
    ("Cross-Origin-Embedder-Policy", "require-corp"),
    ("X-Permitted-Cross-Domain-Policies", "none"),
)
_OURS: Final = frozenset(name.lower() for name, _ in HEADERS) | {
    "set-cookie",
    "server",
    "date",
    "last-modified",
    "etag",
}

Application = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]


class ConstantHeaders:
    """WSGI middleware: replaces whatever stood in these headers and drops any cookie, clock, date of file or tag."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer with the constant headers."""

        def start(status: str, given: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:  # noqa: ANN401
            kept = [(name, value) for name, value in given if name.lower() not in _OURS]
            return start_response(status, [*kept, *HEADERS], exc_info)

        return self._application(environ, start)
