"""Measures what reporters ask of the site, as ratios to a bare Flask view: 8 clients, 2 workers, SQLite.

Rule: each round measures the bare view before and after the site, because other work moves both.
"""

import base64
import os
import re
import time
import urllib.parse
from collections import deque
from collections.abc import Callable
from pathlib import Path

from figures import Figure
from load import Talk, rate
from servers import Running

from dropbox.crypto.secret import new_secret, parse_secret
from dropbox.settings.installation import load
from dropbox.store.database import Store
from dropbox.web.checks.startup import build_site
from dropbox.web.report import form_token
from dropbox.wire.blob import Header
from dropbox.wire.calendar import epoch_of

TYPED = {
    "channel": "dumas",
    "desk": "itjen",
    "category": "pungli",
    "what": "Setiap bulan ada setoran dari madrasah kepada seksi. " * 19,
    "who": "Kepala seksi",
    "where": "Kantor kabupaten",
    "when": "",
    "step": "send",
}
SEALED_BYTES = 18_819  # a text cell and the slots of two desks
_HIDDEN = re.compile(rb'<input type="hidden" name="(\w+)" value="([^"]*)">')
_GET = b"GET /lapor/server HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
_ACKNOWLEDGED = b'data-status="TERKIRIM"'


def post(path: str, body: bytes) -> bytes:
    """Return a whole request."""
    kind = "application/x-www-form-urlencoded"
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def prepared_forms(config: Path, count: int) -> deque[bytes]:
    """Return filled forms with secrets and MACs, as from the form page."""
    store = Store.open(load(config).database)
    now = time.time()
    try:
        forms: deque[bytes] = deque()
        for _ in range(count):
            secret = new_secret()
            hidden = {"code": secret.code, "words": secret.words, "mac": form_token.make(store, secret, now)}
            hidden["confirm"] = secret.words.split()[secret.confirm_number - 1]
            forms.append(post("/lapor", urllib.parse.urlencode(TYPED | hidden).encode()))
        return forms
    finally:
        store.close()


def post_alone(forms: deque[bytes]) -> Talk:
    """Post one prepared form after the other."""

    def talk(answer: bytes | None) -> bytes | None:
        if answer is None:
            return forms.popleft()
        if _ACKNOWLEDGED not in answer:
            raise RuntimeError("a report was not acknowledged")
        return None

    return talk


def whole_report() -> Talk:
    """Get the form page, review, answer the question for a word, and post."""

    def talk(answer: bytes | None) -> bytes | None:
        if answer is None:
            return _GET
        if _ACKNOWLEDGED in answer:
            return None
        hidden = {name.decode(): value.decode() for name, value in _HIDDEN.findall(answer)}
        if "code" not in hidden:
            return post("/lapor", urllib.parse.urlencode(TYPED | {"step": "review"}).encode())
        number = parse_secret(hidden["code"], hidden["words"]).confirm_number
        confirm = {"confirm": hidden["words"].split()[number - 1]}
        return post("/lapor", urllib.parse.urlencode(TYPED | hidden | confirm).encode())

    return talk


def bare_post() -> Talk:
    """Post 1 KB to the bare view."""
    request = post("/", b"x" * 1024)

    def talk(answer: bytes | None) -> bytes | None:
        return request if answer is None else None

    return talk


def sealed_blobs(config: Path, count: int) -> deque[bytes]:
    """Return creations of tus with whole bodies of SEALED_BYTES, which the site takes for sealed reports."""
    site = build_site(load(config))
    try:
        front = Header(2, epoch_of(site.utc_day()), site.instance).encode()
    finally:
        site.store.close()
    blobs: deque[bytes] = deque()
    for _ in range(count):
        blob_id, digest = (base64.b64encode(os.urandom(32)).decode() for _ in range(2))
        head = (
            f"POST /unggah HTTP/1.1\r\nHost: 127.0.0.1\r\nTus-Resumable: 1.0.0\r\nUpload-Length: {SEALED_BYTES}\r\n"
            f"Upload-Metadata: id {blob_id},digest {digest}\r\n"
            f"Content-Type: application/offset+octet-stream\r\nContent-Length: {SEALED_BYTES}\r\n\r\n"
        )
        blobs.append(head.encode() + front + os.urandom(SEALED_BYTES - len(front)))
    return blobs


def _asking(request: Callable[[], bytes], statuses: tuple[bytes, ...]) -> Talk:
    """One request, whose answer must have one of these statuses."""

    def talk(answer: bytes | None) -> bytes | None:
        if answer is None:
            return request()
        if answer[9:12] not in statuses:
            raise RuntimeError("another answer was expected")
        return None

    return talk


def _roads(config: Path, seconds: float) -> dict[str, tuple[float, Callable[[], Callable[[], Talk]]]]:
    """Return, by name of what is asked, the least ratio to the bare view, and what prepares a round of it."""
    secret = new_secret()
    look_up = post("/status", urllib.parse.urlencode({"code": secret.code, "words": secret.words}).encode())

    def posts() -> Callable[[], Talk]:
        forms = prepared_forms(config, int(seconds * 1500))
        return lambda: post_alone(forms)

    def sealed() -> Callable[[], Talk]:
        blobs = sealed_blobs(config, int(seconds * 2500))
        return lambda: _asking(blobs.popleft, (b"201",))

    def get(path: str) -> Callable[[], Talk]:
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip, deflate, br\r\n\r\n".encode()
        return lambda: _asking(lambda: request, (b"200",))

    return {
        "report without JavaScript, its POST alone": (0.35, posts),
        "whole report without JavaScript: form, review, POST": (0.20, lambda: whole_report),
        "sealed report of 18.8 KB": (0.55, sealed),
        "look-up without JavaScript": (1.0, lambda: lambda: _asking(lambda: look_up, (b"404",))),
        "view of the form": (1.5, lambda: get("/lapor")),
        "view of the home page": (1.5, lambda: get("/")),
        "download of the boards": (1.5, lambda: get("/data/papan")),
    }


def measure(config: Path, ours: Running, bare: Running, rounds: int, seconds: float) -> list[Figure]:
    """Measure in alternating rounds, after a warm-up of each."""
    roads = _roads(config, seconds)
    rate(bare, bare_post, 0.5)
    for _, prepare in roads.values():
        rate(ours, prepare(), 0.5)
    rates: dict[str, list[float]] = {name: [] for name in roads}
    quotients: dict[str, list[float]] = {name: [] for name in roads}
    yardstick: list[float] = []
    for _ in range(rounds):
        for name, (_, prepare) in roads.items():
            before = rate(bare, bare_post, seconds)
            ask = prepare()
            rates[name].append(rate(ours, ask, seconds))
            yardstick.append((before + rate(bare, bare_post, seconds)) / 2)
            quotients[name].append(rates[name][-1] / yardstick[-1])
    lines = [Figure("bare Flask view: 16 KiB, one durable commit", yardstick, "/s")]
    for name, (least, _) in roads.items():
        lines.append(Figure(name, rates[name], "/s"))
        lines.append(Figure("  : bare view", quotients[name], "ratio", at_least=least))
    return lines
