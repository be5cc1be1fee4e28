"""Measures the browser's modules under the site's strict policy: rate of sealing in Chromium, a text report at "Safer".

Rule: the modules are those of the site, bundled as for the site with a page of bench/page before them; nothing is sent.
"""

import contextlib
import json
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

from figures import Figure, ratios
from windows import window

from dropbox.web.http.headers import HEADERS

PROJECT: Final = Path(__file__).parents[1]
BROWSER: Final = PROJECT / "dropbox" / "web" / "browser"
_PAGE: Final = b'<!doctype html><title>bench</title><script type="module" src="/sealing.js"></script>'
_FILE_MIB: Final = 128
_PATIENCE_SECONDS: Final = 600.0


def _bundle() -> bytes:
    """Build the page's module as build.mjs builds those of the site."""
    told = ["--bundle", "--format=esm", "--target=es2020", "--platform=browser", "--loader:.txt=text", "--minify"]
    done = subprocess.run(
        [BROWSER / "node_modules" / ".bin" / "esbuild", PROJECT / "bench" / "page" / "sealing.js", *told],
        env={"NODE_PATH": str(BROWSER / "node_modules"), "PATH": f"{PROJECT / '.venv' / 'node'}:/usr/bin:/bin"},
        capture_output=True,
        check=True,
    )
    return done.stdout


@contextlib.contextmanager
def _served() -> Iterator[str]:
    """Serve the page with the site's own headers; yields its address."""
    files = {"/": ("text/html", _PAGE), "/sealing.js": ("text/javascript", _bundle())}

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Log nothing."""

        def do_GET(self) -> None:
            kind, body = files.get(self.path, ("text/plain", b""))
            self.send_response_only(200)
            for name, value in (*HEADERS, ("Content-Type", kind), ("Content-Length", str(len(body)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


def _found(name: str, address: str) -> dict[str, list[float]]:
    """Return the page's result when it is done."""
    with window(name) as browser:
        browser.open(address)
        browser.wait("[data-found], [data-fault]", seconds=_PATIENCE_SECONDS)
        if fault := browser.hook("data-fault"):
            raise RuntimeError(fault[0])
        found: dict[str, list[float]] = json.loads(browser.hook("data-found")[0])
    return found


def measure(rounds: int) -> list[Figure]:
    """Measure Chromium's rates, then a text in both browsers."""
    with _served() as address:
        fast = _found("chromium", f"{address}#rates,{rounds},{_FILE_MIB}")
        slow = _found("safer", f"{address}#rates,1,1")
        texts = {name: _found(name, f"{address}#text,{rounds}")["text"] for name in ("chromium", "safer")}
    aead = Figure("Chromium: noble's ChaCha20-Poly1305 alone, 64 KiB", fast["aead"], "MiB/s")
    seal = Figure(f"Chromium: seal a file of {_FILE_MIB} MiB, part by part", fast["seal"], "MiB/s", at_least=60)
    return [
        aead,
        seal,
        ratios("seal : ChaCha20-Poly1305 alone", seal, aead, 0.75),
        Figure("Chromium: its content digest before that", fast["digest"], "MiB/s"),
        Figure("Chromium: digest, then seal", fast["wholeRoad"], "MiB/s"),
        Figure('Firefox at "Safer": seal a file', slow["seal"], "MiB/s"),
        Figure("Chromium: seal a text report", texts["chromium"], "ms"),
        Figure('Firefox at "Safer": seal a text report', texts["safer"], "ms", at_most=1000),
    ]
