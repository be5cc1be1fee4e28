"""Reduces every address to its path. Nothing below this module ever sees a query string.

    GET, HEAD  /x?anything   ->  303 /x, before anything else; so tokens appended by apps are dropped
    other      /x?anything   ->  as /x
    /di-sini/x               ->  as /x, and every link of the page begins with /di-sini as well (pages.webview)

Rule: an address is answered from its path alone; nothing of a query is read, kept or repeated.
"""

import urllib.parse
from collections.abc import Iterable
from typing import Final
from wsgiref.types import StartResponse, WSGIEnvironment

from dropbox.web.http.headers import Application

HERE: Final = "/di-sini"  # chosen by whoever stays inside an app, and carried on by the path alone
_SAFE: Final = "/-._~!$&'()*+,;=:@"  # of RFC 3986, what may stand in a path as it is
_COPIES: Final = ("RAW_URI", "REQUEST_URI")  # servers put the whole address there too


class BareAddresses:
    """WSGI middleware."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from the path alone."""
        path = environ.get("PATH_INFO", "") or "/"
        if environ.get("QUERY_STRING") and environ.get("REQUEST_METHOD") in ("GET", "HEAD"):
            start_response("303 See Other", [("Location", _bare(path)), ("Content-Length", "0")])
            return [b""]
        environ["QUERY_STRING"] = ""
        for name in _COPIES:
            if name in environ:
                environ[name] = _bare(path)
        if path == HERE or path.startswith(HERE + "/"):
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + HERE
            environ["PATH_INFO"] = path.removeprefix(HERE) or "/"
        return self._application(environ, start_response)


def _bare(path: str) -> str:
    """The path as it stands in an address, beginning with one slash: with two it would name another host."""
    return "/" + urllib.parse.quote(path.encode("latin-1", "replace"), safe=_SAFE).lstrip("/")
