"""Makes requests of all kinds for every route of an application.

Rule: the schema is the application's own: its URL map, and the forms that stand on its pages. A route that is added is
asked from then on, and a field that is added is filled in. The same seed makes the same requests of the same pages.
"""

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final
from urllib.parse import quote_from_bytes, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

TOKEN: Final = "csrf_token"
_BOUNDARY: Final = b"fuzzed"
_VARIABLE = re.compile(r"<(?:(\w+):)?(\w+)>")
_NUMBERS: Final = (b"1", b"2", b"1", b"2", b"0", b"-1", b"12", b"9" * 19, b"9" * 40, b"9" * 5000, "٣".encode(), b"x")
_WORDS: Final = (b"id", b"en", b"x", b"kepala", b"ask", b"0" * 32, b"itjen", b"case", b"%00", b"style.css", b"..")
# What typed text may be besides what a page proposes.
_HOSTILE: Final = (
    *(b"", b" ", b"0", b"1", b"-1", b"9" * 19, b"9" * 40, b"9" * 5000, b"1e9", b"NaN", "٣".encode(), b"on"),
    *(b"2026-02-30", b"0000-00-00", b"9999-12-31", b"2026-11-30", b"31.12.2025", b"25:61", b"2026-W54"),
    *(b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"\r\nX: y", "\u202e\u200b\u0301".encode(), "😀".encode() * 50),
    *(b"<b>&\"'", b"%s{0}{{7*7}}", b"../x", b"a" * 100_001, b"x", b"x y z", b"x@y.go.id", b"0812 3456 789"),
)
_HEADERS: Final = (
    ("Accept", ("text/html", "*/*", "x", "application/json;q=2")),
    ("Accept-Encoding", ("gzip", "br;q=9", "identity;q=0, *;q=0")),
    ("Accept-Language", ("en", "id;q=x", "*" * 5000)),
    ("Content-Type", ("text/plain", "application/json", "multipart/form-data", "x", "application/offset+octet-stream")),
    ("Cookie", ("desk=x", "a=\x7f", ";;;=", "x=" + "y" * 5000)),
    ("Expect", ("100-continue", "x")),
    ("Host", ("example.org", "127.0.0.1.example.org", "localhost:99999", "[::1", "x y", "")),
    ("If-Match", ("*", '"x"')),
    ("If-Modified-Since", ("x", "Mon, 30 Feb 2026 00:00:00 GMT", "Thu, 01 Jan 99999 00:00:00 GMT")),
    ("If-None-Match", ("*", 'W/"', '"x"')),
    ("If-Range", ("x", '"x"')),
    ("Origin", ("null", "https://example.org", "x")),
    ("Range", ("bytes=0-0", "bytes=5-1", "bytes=-9999999999999999999", "bytes=0-0,2-3", "x=1-2")),
    ("Referer", ("x", "https://[", "https://example.org/")),
    ("Sec-Fetch-Site", ("cross-site", "same-origin", "x")),
    ("Tus-Resumable", ("1.0.0", "1.0.0", "9")),
    ("Upload-Length", ("16384", "0", "-1", "9" * 30, "x")),
    ("Upload-Metadata", ("x", "nonce !", "a YQ==,a YQ==")),
    ("Upload-Offset", ("0", "1", "-1", "9" * 30)),
    ("X-HTTP-Method-Override", ("DELETE", "HEAD", "x")),
    ("X-Fuzzed", ("\xff\xfe", "\0", "\t", "z" * 9000)),
)
_METHODS: Final = ("HEAD", "OPTIONS", "PUT", "DELETE", "TRACE", "PROPFIND", "get")
_BODIES: Final = (b"", b"\0" * 4096, b"{}", b"&=&;%", b"a=%", b"=" * 70_000, b"a=1&" * 3000, b"--fuzzed\r\n\r\n")


@dataclass(frozen=True)
class Route:
    """A method and a rule of the URL map."""

    method: str
    rule: str


@dataclass(frozen=True)
class Asked:
    """One request."""

    route: Route
    path: str  # with its query, ASCII
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = field(default=b"", repr=False)
    other: str = ""  # a method that is sent instead of the route's

    @property
    def method(self) -> str:
        """The method that is sent."""
        return self.other or self.route.method

    def __str__(self) -> str:
        return f"{self.method} {self.route.rule} as {self.path[:300]} {self.headers} {self.body[:1000]!r}"


def routes_of(app: Flask) -> list[Route]:
    """Return every route that an application has of its own, in an order that does not change.

    HEAD runs the same function as GET, and OPTIONS is Flask's where GET or POST is served beside it, but for tus.
    """
    found = set()
    for rule in app.url_map.iter_rules():
        own = rule.methods or set()
        own = own - {"HEAD", "OPTIONS"} if rule.provide_automatic_options is not False else own
        found |= {(rule.rule, method) for method in own}
    return [Route(method, rule) for rule, method in sorted(found)]


Made = tuple[list[tuple[str, str]], bytes]  # headers and a body


@dataclass
class _Form:
    method: str
    action: str
    fields: dict[str, set[bytes]] = field(default_factory=dict)


class _Page(HTMLParser):
    """The forms of a page, with what each control proposes, and the addresses that the page names."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, _Form] = {}
        self.links: list[str] = []
        self._form = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = values.get("id") or f"#{len(self.forms)}"
            self._at(self._form).method = values.get("method", "get").upper()
            self._at(self._form).action = values.get("action", "")
        elif tag == "a" and "href" in values:
            self.links.append(values["href"])
        elif tag in ("input", "textarea", "select", "button") and "name" in values:
            owner = values.get("form") or self._form
            self._select = values["name"] if tag == "select" else ""
            self._at(owner).fields.setdefault(values["name"], set()).add(values.get("value", "").encode())
        elif tag == "option" and self._select:
            self._at(self._form).fields.setdefault(self._select, set()).add(values.get("value", "").encode())

    def _at(self, name: str) -> _Form:
        return self.forms.setdefault(name, _Form("GET", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = ""


@dataclass
class Schema:
    """What an application takes: its routes, and the fields of its forms as far as its pages were seen."""

    app: Flask
    choice: random.Random
    fields: dict[Route, dict[str, set[bytes]]] = field(default_factory=dict)
    paths: dict[Route, set[str]] = field(default_factory=dict)  # addresses that pages name
    token: str = ""
    # Bodies with their headers by the beginning of a rule: what no form of a page sends.
    made: Mapping[str, Callable[[random.Random], "Made"]] = field(default_factory=dict)

    def learn(self, at: str, page: str) -> None:
        """Add the forms and links of a page to what is known."""
        read = _Page()
        read.feed(page)
        for form in read.forms.values():
            route = self._know(form.method, form.action or at)
            for name, values in form.fields.items():
                if name == TOKEN:
                    self.token = max(values).decode()
                elif route:
                    known = self.fields.setdefault(route, {}).setdefault(name, set())
                    known |= set(sorted(values)[: max(0, 40 - len(known))])
        for link in read.links:
            self._know("GET", link)

    def learn_place(self, route: Route, place: str) -> None:
        """Add the address of something that a request has made (`Location`), for every method that it may take."""
        for method in ("GET", *_METHODS[:4], "PATCH") if place.startswith(route.rule) else ():
            self._know(method, place)

    def _know(self, method: str, address: str) -> Route | None:
        """The route of an address; remembers the address for it."""
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            return None
        try:
            rule, _ = self.app.url_map.bind("localhost").match(parts.path or "/", method, return_rule=True)
        except (HTTPException, RequestRedirect):
            return None
        route = Route(method, rule.rule)
        known = self.paths.setdefault(route, set())
        if len(known) < 20:
            known.add(parts.path)
        return route

    def plain(self, route: Route) -> Asked:
        """Make the request that nobody has tampered with: first values, an empty form."""
        path = _VARIABLE.sub(lambda found: "1" if found[1] == "int" else "x", route.rule)
        return Asked(route, next(iter(sorted(self.paths.get(route, ()))), path))

    def tampered(self, route: Route) -> Asked:
        """Make a request of the route: near to what its form sends, some of it anything."""
        path, pick = self._path(route), self.choice
        typed = list(self._typed(route))
        headers = [(name, pick.choice(values)) for name, values in _HEADERS if pick.random() < 0.05]
        other = pick.choice(_METHODS) if pick.random() < 0.04 else ""
        begun = next((begun for begun in self.made if route.rule.startswith(begun)), None)
        if begun is not None and pick.random() < 0.7:
            own, body = self.made[begun](pick)
            named = {name for name, _ in headers}
            headers += [(name, value) for name, value in own if name not in named]
            return Asked(route, path, tuple(headers), body, other)
        if route.method in ("GET", "HEAD", "OPTIONS", "DELETE"):
            return Asked(
                route, f"{path}?{_urlencoded(typed)[:8000].decode()}" if typed else path, tuple(headers), b"", other
            )
        how = pick.random()
        if how < 0.6:
            kind, body = "application/x-www-form-urlencoded", _urlencoded(typed)
        elif how < 0.9:
            kind, body = f"multipart/form-data; boundary={_BOUNDARY.decode()}", self._multipart(typed)
        else:
            kind, body = "application/x-www-form-urlencoded", pick.choice(_BODIES)
        if not any(name == "Content-Type" for name, _ in headers):
            headers.append(("Content-Type", kind))
        if pick.random() < 0.05:
            body = body[: pick.randrange(len(body) + 1)]
        return Asked(route, path, tuple(headers), body, other)

    def _path(self, route: Route) -> str:
        known = sorted(self.paths.get(route, ()))
        if known and self.choice.random() < 0.6:
            return self.choice.choice(known)

        def value(found: re.Match[str]) -> str:
            pool = _NUMBERS if found[1] == "int" else (*_WORDS, *_HOSTILE)
            return quote_from_bytes(self.choice.choice(pool)[:6000], safe="") or "x"

        return _VARIABLE.sub(value, route.rule)

    def _typed(self, route: Route) -> Iterator[tuple[bytes, bytes]]:
        pick = self.choice
        if self.token and route.method == "POST" and pick.random() < 0.98:
            wrong = pick.random() < 0.03
            yield TOKEN.encode(), pick.choice((self.token[:-1].encode(), *_HOSTILE)) if wrong else self.token.encode()
        wild = pick.choice((0.0, 0.1, 0.5))  # a form with one wrong field goes further than one with ten
        for name, values in sorted(self.fields.get(route, {}).items()):
            for _ in range(pick.choice((0, 1, 1, 1, 1, 1, 1, 1, 1, 2))):
                known = pick.random() >= wild
                yield name.encode(), pick.choice(sorted(values) if known else _HOSTILE)
        if pick.random() < 0.1:
            yield pick.choice((b"x", b"", b"\xff", b"page", b"file", b"q")), pick.choice(_HOSTILE)

    def _multipart(self, typed: list[tuple[bytes, bytes]]) -> bytes:
        lines = []
        for name, value in typed:
            quoted = name.replace(b'"', b"%22")
            is_file = self.choice.random() < 0.3 and name != TOKEN.encode()
            more = b'; filename="%s"' % self.choice.choice((b"a.pdf", b"", b"../x", b"\xff.csv")) if is_file else b""
            lines.append(b'--%s\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n' % (_BOUNDARY, quoted, more))
            lines.append(value + b"\r\n")
        return b"".join(lines) + b"--%s--\r\n" % _BOUNDARY


def _urlencoded(typed: list[tuple[bytes, bytes]]) -> bytes:
    return "&".join(f"{quote_from_bytes(name)}={quote_from_bytes(value)}" for name, value in typed).encode()
