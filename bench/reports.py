"""Measures 1 KB reports without JavaScript: 8 clients, 2 workers, SQLite; compared with a bare Flask view."""

import re
import time
import urllib.parse
from collections import deque
from pathlib import Path

from figures import Figure, ratios
from load import Talk, rate
from servers import Running

from dropbox.crypto.secret import new_secret, parse_secret
from dropbox.settings.installation import load
from dropbox.store.database import Store
from dropbox.web.report import form_token

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


def measure(config: Path, ours: Running, bare: Running, rounds: int, seconds: float) -> list[Figure]:
    """Measure in alternating rounds, after a warm-up of each."""
    forms = prepared_forms(config, 200)
    rate(ours, lambda: post_alone(forms), 0.3)
    rate(ours, whole_report, 0.5)
    rate(bare, bare_post, 0.5)
    alone: list[float] = []
    whole: list[float] = []
    yardstick: list[float] = []
    for _ in range(rounds):
        yardstick.append(rate(bare, bare_post, seconds))
        forms = prepared_forms(config, int(seconds * 1500))
        alone.append(rate(ours, lambda forms=forms: post_alone(forms), seconds))  # type: ignore[misc]
        whole.append(rate(ours, whole_report, seconds))
    bare_figure = Figure("bare Flask view: 16 KiB, one durable commit", yardstick, "/s")
    alone_figure = Figure("report, the POST alone", alone, "/s")
    return [
        bare_figure,
        alone_figure,
        ratios("POST alone : bare view", alone_figure, bare_figure, 0.35),
        Figure("whole report: form page, hidden fields, POST", whole, "/s", at_least=200),
    ]
