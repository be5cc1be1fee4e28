"""Asks as reporters' browsers do: the headers of several browsers and languages, in their order.

Recorded from Chromium 156 and Firefox ESR 153; Tor Browser's are Firefox's with its settings. Browsers send more to an
address that they trust (https, an onion, this machine): kinds of compression, what the answer is for, who they are.

Rule: a face says what its browser says, and no more: no header names this program.
"""

from dataclasses import dataclass
from typing import Final, Literal

from dropbox.verification.replica import Request
from dropbox.web.http.page_cache import DATA, STATIC

Use = Literal["document", "script", "style", "image", "empty"]  # Sec-Fetch-Dest

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
_MODE: Final[dict[Use, str]] = {
    "document": "navigate",
    "script": "cors",
    "style": "no-cors",
    "image": "no-cors",
    "empty": "cors",
}
_PRIORITY: Final[dict[Use, str]] = {"document": "u=0, i", "style": "u=2", "image": "u=6", "empty": "u=4"}
_USES: Final[dict[str, Use]] = {".js": "script", ".css": "style", ".svg": "image"}

_Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Face:
    """A kind of visitor.

    Attributes:
        name: in the report.
        engine: whose order of headers it has; `plain` sends almost none.
        agent: User-Agent.
        languages: Accept-Language.
        brand: platform and kind of Chromium, by which it names itself where it is trusted; else empty.
        app: package of the app in which it is seen, or empty.
        is_private: whether it sends Sec-GPC, as Tor Browser does.
    """

    name: str
    engine: Literal["chromium", "firefox", "plain"]
    agent: str
    languages: str = ""
    brand: tuple[str, str] = ("", "")
    app: str = ""
    is_private: bool = False

    def request(self, method: str, path: str, host: str, *, secure: bool) -> Request:
        """Return its request for an address.

        Args:
            method: GET or HEAD.
            path: of the address.
            host: as browsers write it.
            secure: whether the address is by https.
        """
        use = _use_of(path)
        name = host.rpartition(":")[0] or host
        is_trusted = secure or name.endswith(".onion") or name in ("localhost", "127.0.0.1")
        origin = f"{'https' if secure else 'http'}://{host}"
        headers = {"chromium": self._chromium, "firefox": self._firefox, "plain": self._plain}[self.engine]
        return Request(method, path, (("Host", host), *headers(use, origin, is_trusted)))

    def _chromium(self, use: Use, origin: str, is_trusted: bool) -> _Headers:  # noqa: FBT001
        platform, kind = self.brand
        who = [
            ("sec-ch-ua", f'"Not:A-Brand";v="8", "{kind}";v="156"'),
            ("sec-ch-ua-mobile", "?1" if platform == "Android" else "?0"),
            ("sec-ch-ua-platform", f'"{platform}"'),
        ]
        agent, accept = ("User-Agent", self.agent), ("Accept", _ACCEPT_CHROMIUM[use])
        headers = [("Connection", "keep-alive")]
        if use == "document":
            headers += [*(who if is_trusted else []), ("Upgrade-Insecure-Requests", "1"), agent, accept]
        else:
            headers += [("Origin", origin)] if use == "script" else []
            headers += [who[2], agent, who[0], who[1], accept] if is_trusted else [agent, accept]
        if self.app:
            headers.append(("X-Requested-With", self.app))
        if is_trusted:
            site = "none" if use == "document" else "same-origin"
            headers += [("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", _MODE[use])]
            headers += [("Sec-Fetch-User", "?1")] if use == "document" else []
            headers.append(("Sec-Fetch-Dest", use))
        return [*headers, ("Accept-Encoding", _encodings(is_trusted)), ("Accept-Language", self.languages)]

    def _firefox(self, use: Use, _origin: str, is_trusted: bool) -> _Headers:  # noqa: FBT001
        headers = [
            ("User-Agent", self.agent),
            ("Accept", _ACCEPT_FIREFOX[use]),
            ("Accept-Language", self.languages),
            ("Accept-Encoding", _encodings(is_trusted)),
        ]
        headers += [("Sec-GPC", "1")] if self.is_private else []
        headers.append(("Connection", "keep-alive"))
        if use == "document":
            headers.append(("Upgrade-Insecure-Requests", "1"))
        if is_trusted:
            site = "none" if use == "document" else "same-origin"
            headers += [("Sec-Fetch-Dest", use), ("Sec-Fetch-Mode", _MODE[use]), ("Sec-Fetch-Site", site)]
            headers += [("Sec-Fetch-User", "?1")] if use == "document" else []
        headers += [("Priority", _PRIORITY[use])] if use in _PRIORITY else []
        return headers

    def _plain(self, _use: Use, _origin: str, _is_trusted: bool) -> _Headers:  # noqa: FBT001
        return [("User-Agent", self.agent), ("Accept", "*/*")]


def _encodings(is_trusted: bool) -> str:  # noqa: FBT001
    return "gzip, deflate, br, zstd" if is_trusted else "gzip, deflate"


def _use_of(path: str) -> Use:
    if path.startswith(STATIC):
        return next((use for ending, use in _USES.items() if path.endswith(ending)), "document")
    return "empty" if path.startswith(DATA) else "document"


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
    Face("plain", "plain", "curl/8.14.1"),
)
