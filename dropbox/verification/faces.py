"""Asks as reporters' browsers do: the headers of several browsers and languages, in their order.

Recorded from Chromium 156 and Firefox ESR 153, for each way to an address; Tor Browser's are Firefox's with its
settings. Safari's are from what others published, and were never recorded here. Browsers send more to an address that
they trust (https, an onion, this machine): kinds of compression, what the answer is for, who they are.

Rule: a face says what its browser says, and no more: no header names this program. No header says that
somebody is no reporter: it comes in each way in which reporters come.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from dropbox.verification.replica import Request
from dropbox.web.http.page_cache import DATA, STATIC

Use = Literal["document", "script", "style", "image", "empty"]  # Sec-Fetch-Dest
# How a visitor came: by a typed address, by a link of the site, by one of another site; or a script asks.
Way = Literal["typed", "link", "elsewhere", "script"]

_SITE: Final[dict[Way, str]] = {
    "typed": "none",
    "link": "same-origin",
    "elsewhere": "cross-site",
    "script": "same-origin",
}
_ELSEWHERE: Final = "https://www.google.com/"  # all that browsers say of a page of another site
_NO_STORE: Final = (("Pragma", "no-cache"), ("Cache-Control", "no-cache"))  # of fetch() with the cache `no-store`
_ACCEPT_CHROMIUM: Final[dict[Use, str]] = {
    "document": "text/html,application/xhtml+xml,application/xml;q=0.9,image/jxl,image/avif,image/webp,image/apng,"
    "*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
    "script": "*/*",
    "style": "text/css,*/*;q=0.1",
    "image": "image/jxl,image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
    "empty": "*/*",
}
_ACCEPT_FIREFOX: Final[dict[Use, str]] = {
    "document": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "script": "*/*",
    "style": "text/css,*/*;q=0.1",
    "image": "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
    "empty": "*/*",
}
_ACCEPT_WEBKIT: Final[dict[Use, str]] = {
    "document": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "script": "*/*",
    "style": "text/css,*/*;q=0.1",
    "image": "image/webp,image/avif,image/jxl,image/heic,image/heic-sequence,video/*;q=0.8,image/png,image/svg+xml,"
    "image/*;q=0.8,*/*;q=0.5",
    "empty": "*/*",
}
_MODE: Final[dict[Use, str]] = {
    "document": "navigate",
    "script": "cors",
    "style": "no-cors",
    "image": "no-cors",
    "empty": "same-origin",  # as the site's scripts ask
}
_PRIORITY: Final[dict[Use, str]] = {"document": "u=0, i", "style": "u=2", "image": "u=6", "empty": "u=4"}
_USES: Final[dict[str, Use]] = {".js": "script", ".css": "style", ".svg": "image"}

_Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class _Place:
    """What a request's headers say of its address, and of the page where the visitor was."""

    origin: str
    is_trusted: bool
    site: str
    has_referrer: bool


@dataclass(frozen=True)
class Face:
    """A kind of visitor.

    Attributes:
        name: in the report.
        engine: whose headers it has, in which order; `plain` sends almost none.
        agent: User-Agent.
        languages: Accept-Language.
        brand: platform and kind of Chromium, by which it names itself where it is trusted; else empty.
        app: package of the app in which it is seen, or empty.
        is_private: whether it sends Sec-GPC, as Tor Browser does.
    """

    name: str
    engine: Literal["chromium", "firefox", "webkit", "plain"]
    agent: str
    languages: str = ""
    brand: tuple[str, str] = ("", "")
    app: str = ""
    is_private: bool = False

    def request(self, method: str, path: str, host: str, *, secure: bool, way: Way) -> Request:
        """Return its request for an address.

        Args:
            method: GET or HEAD.
            path: of the address.
            host: as browsers write it.
            secure: whether the address is by https.
            way: one of `ways_to` the path.
        """
        use = _use_of(path, way)
        name = host.rpartition(":")[0] or host
        is_trusted = secure or name.endswith(".onion") or name in ("localhost", "127.0.0.1")
        has_referrer = way == "elsewhere" and secure and not self.app  # no browser says it without TLS, nor an app
        at = _Place(f"{'https' if secure else 'http'}://{host}", is_trusted, _site_of(use, way), has_referrer)
        headers = {
            "chromium": self._chromium,
            "firefox": self._firefox,
            "webkit": self._webkit,
            "plain": self._plain,
        }[self.engine]
        return Request(method, path, (("Host", host), *headers(use, at)))

    def _chromium(self, use: Use, at: "_Place") -> _Headers:
        platform, kind = self.brand
        who = [
            ("sec-ch-ua", f'"Not:A-Brand";v="8", "{kind}";v="156"'),
            ("sec-ch-ua-mobile", "?1" if platform == "Android" else "?0"),
            ("sec-ch-ua-platform", f'"{platform}"'),
        ]
        agent, accept = ("User-Agent", self.agent), ("Accept", _ACCEPT_CHROMIUM[use])
        headers = [("Connection", "keep-alive"), *(_NO_STORE if use == "empty" else ())]
        if use == "document":
            headers += [*(who if at.is_trusted else []), ("Upgrade-Insecure-Requests", "1"), agent, accept]
        else:
            headers += [("Origin", at.origin)] if use == "script" else []
            headers += [who[2], agent, who[0], who[1], accept] if at.is_trusted else [agent, accept]
        if self.app:
            headers.append(("X-Requested-With", self.app))
        if at.is_trusted:
            headers += [("Sec-Fetch-Site", at.site), ("Sec-Fetch-Mode", _MODE[use])]
            headers += [("Sec-Fetch-User", "?1")] if use == "document" else []
            headers.append(("Sec-Fetch-Dest", use))
        headers += [("Referer", _ELSEWHERE)] if at.has_referrer else []
        return [*headers, ("Accept-Encoding", _encodings(at.is_trusted)), ("Accept-Language", self.languages)]

    def _firefox(self, use: Use, at: "_Place") -> _Headers:
        headers = [
            ("User-Agent", self.agent),
            ("Accept", _ACCEPT_FIREFOX[use]),
            ("Accept-Language", self.languages),
            ("Accept-Encoding", _encodings(at.is_trusted)),
        ]
        headers += [("Referer", _ELSEWHERE)] if at.has_referrer else []
        headers += [("Sec-GPC", "1")] if self.is_private else []
        headers.append(("Connection", "keep-alive"))
        if use == "document":
            headers.append(("Upgrade-Insecure-Requests", "1"))
        if at.is_trusted:
            headers += [("Sec-Fetch-Dest", use), ("Sec-Fetch-Mode", _MODE[use]), ("Sec-Fetch-Site", at.site)]
            headers += [("Sec-Fetch-User", "?1")] if use == "document" else []
        headers += [("Priority", _PRIORITY[use])] if use in _PRIORITY else []
        return [*headers, *(_NO_STORE if use == "empty" else ())]

    def _webkit(self, use: Use, at: "_Place") -> _Headers:
        agent, accept = ("User-Agent", self.agent), ("Accept", _ACCEPT_WEBKIT[use])
        headers = [*(_NO_STORE if use == "empty" else ())]
        if at.is_trusted:
            headers += [("Sec-Fetch-Dest", use), agent, accept]
            headers += [("Sec-Fetch-Site", at.site), ("Sec-Fetch-Mode", _MODE[use])]
        else:
            headers += [("Upgrade-Insecure-Requests", "1")] if use == "document" else []
            headers += [accept, agent]
        headers += [("Referer", _ELSEWHERE)] if at.has_referrer else []
        headers.append(("Accept-Language", self.languages))
        headers += [("Priority", "u=0, i" if use == "document" else "u=3, i")] if use in ("document", "empty") else []
        encodings = "gzip, deflate, br" if at.is_trusted else "gzip, deflate"
        return [*headers, ("Accept-Encoding", encodings), ("Connection", "keep-alive")]

    def _plain(self, _use: Use, _at: "_Place") -> _Headers:
        return [("User-Agent", self.agent), ("Accept", "*/*")]


def _encodings(is_trusted: bool) -> str:  # noqa: FBT001
    return "gzip, deflate, br, zstd" if is_trusted else "gzip, deflate"


def ways_to(path: str) -> Sequence[Way]:
    """Return the ways in which browsers come to an address: pages by links; files below /data also by scripts."""
    if path.startswith(STATIC):
        return ("link",)  # a page names it
    return ("typed", "link", "elsewhere", "script") if path.startswith(DATA) else ("typed", "link", "elsewhere")


def _site_of(use: Use, way: Way) -> str:
    return _SITE[way] if use == "document" else "same-origin"


def _use_of(path: str, way: Way) -> Use:
    if path.startswith(STATIC):
        return next((use for ending, use in _USES.items() if path.endswith(ending)), "document")
    return "empty" if way == "script" else "document"


_CHROME: Final = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0"
FACES: Final = (
    Face(
        "tor-browser",
        "firefox",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:153.0) Gecko/20100101 Firefox/153.0",
        "en-US,en;q=0.9",
        is_private=True,
    ),
    Face(
        "tor-browser-android",
        "firefox",
        "Mozilla/5.0 (Android 10; Mobile; rv:153.0) Gecko/153.0 Firefox/153.0",
        "id,en-US;q=0.9,en;q=0.8",
        is_private=True,
    ),
    Face(
        "firefox",
        "firefox",
        "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
        "id,en-US;q=0.9,en;q=0.8",
    ),
    Face(
        "chromium",
        "chromium",
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_CHROME} Safari/537.36",
        "en-US,en;q=0.9",
        brand=("Windows", "Chromium"),
    ),
    Face(
        "android",
        "chromium",
        f"Mozilla/5.0 (Linux; Android 10; K) {_CHROME} Mobile Safari/537.36",
        "id-ID,id;q=0.9,en-US;q=0.8,en;q=0.7",
        brand=("Android", "Google Chrome"),
    ),
    Face(
        "inside-app",
        "chromium",
        "Mozilla/5.0 (Linux; Android 14; SM-A155F Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Version/4.0 Chrome/156.0.0.0 Mobile Safari/537.36",
        "id-ID,id;q=0.9,en-US;q=0.8,en;q=0.7",
        brand=("Android", "Android WebView"),
        app="com.whatsapp",
    ),
    Face(
        "iphone",
        "webkit",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        "Version/26.0 Mobile/15E148 Safari/604.1",
        "id-ID,id;q=0.9",
    ),
    Face("plain", "plain", "curl/8.14.1"),
)
