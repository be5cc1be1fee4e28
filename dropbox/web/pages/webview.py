"""Shows visitors inside another app the way out first: such an app may know who they are and what they open.

Rule: two headers are looked at for this one answer, and neither kept nor logged. Nobody is locked out: "continue here"
is an address (http.addresses.HERE), no cookie, and works for the whole journey.
"""

import re
from typing import Any, Final

from flask import Flask, Response, request

from dropbox.web.base.address import public_address
from dropbox.web.base.current import site
from dropbox.web.base.view import page
from dropbox.web.http.addresses import HERE
from dropbox.web.pages.qr import qr_svg

# Where a journey begins; whoever is past it has chosen already.
ENTRANCES: Final = ("home", "report", "report-server", "status", "status-server", "wbs", "dumas")
# Android tells a WebView by "; wv)"; the rest are the marks that apps put on the browser inside them.
_MARKS: Final = re.compile(
    r"; wv\)|\bFB(?:AN|AV|_IAB)\b|\bInstagram\b|\bLine/|\bWhatsApp\b|\bTelegram|\bTwitter|\bmusical_ly|\bBytedance"
    r"|\btrill_|\bTikTok|\bSnapchat|\bMicroMessenger\b|\bLinkedInApp\b|\bPinterest\b|\bKAKAOTALK\b|\bGSA/"
    r"|\bPUSAKA\b",
    re.IGNORECASE,
)
_APPLE_APP: Final = re.compile(r"\((?:iPhone|iPad|iPod)\b(?!.*\bSafari/).*AppleWebKit")
# An app's package, as Android's WebView tells it; a script's own "XMLHttpRequest" is none.
_PACKAGE: Final = re.compile(r"[a-z]\w*(?:\.\w+)+", re.IGNORECASE)
_BROWSERS: Final = (("Chrome", "com.android.chrome"), ("Tor Browser", "org.torproject.torbrowser"))


def is_inside_app(user_agent: str, requested_with: str) -> bool:
    """Whether a browser that calls itself so lives in another app."""
    inside = _MARKS.search(user_agent) or _APPLE_APP.search(user_agent) or _PACKAGE.fullmatch(requested_with)
    return bool(inside)


def comes_inside_app() -> bool:
    """Whether this request does."""
    return is_inside_app(request.headers.get("User-Agent", ""), request.headers.get("X-Requested-With", ""))


def ways_out(path: str) -> dict[str, Any]:
    """What a page needs to lead elsewhere: the address, its picture, and on Android links that open a browser.

    Args:
        path: of the page to go on with.
    """
    base, onion = public_address(), site().settings.onion
    address = base + path if base else ""
    openers = []
    if address and "Android" in request.headers.get("User-Agent", ""):
        for label, package in _BROWSERS:
            target = f"http://{onion}{path}" if onion and label == "Tor Browser" else address
            scheme, rest = target.split("://", 1)
            openers.append((label, f"intent://{rest}#Intent;scheme={scheme};package={package};end"))
    return {"address": address, "picture": qr_svg(address) if address else "", "openers": openers}


def _explain() -> Response | None:
    name = (request.endpoint or "").rpartition(".")[2].removeprefix("en-")
    if request.method != "GET" or name not in ENTRANCES or request.script_root.endswith(HERE):
        return None
    if not comes_inside_app():
        return None
    return page("inapp.html", onwards=HERE + request.path, scripts=["copy"], **ways_out(request.path))


def register(app: Flask) -> None:
    """Before every request."""
    app.before_request(_explain)
