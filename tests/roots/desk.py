"""An officer's browser in the small: opens the desk's start link, unlocks, looks at every file, writes a register.

Run in the workstation's network: `python -m tests.roots.desk LINK OFFICER PASSPHRASE`; prints one object of JSON.
"""

import http.cookiejar
import json
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

_CASES = 25  # of a practice vault
_PNG = b"\x89PNG"
_NOT_YET = 202
_LOOKED_AT = 4  # files: each is drawn in a sandbox of its own
_WAIT_SECONDS = 300


class _Browser:
    """Keeps cookies, sends forms with their token."""

    def __init__(self, link: str) -> None:
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)
        self._home = "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(link))
        self._opener.addheaders = [("Origin", self._home), ("Sec-Fetch-Site", "same-origin")]
        _, page = self.open(link)
        self._page = page.decode()
        self.first = self._page

    def open(self, path: str, fields: dict[str, str] | None = None) -> tuple[int, bytes]:
        """Return status and body of an answer."""
        data = urllib.parse.urlencode(fields).encode() if fields is not None else None
        try:
            with self._opener.open(urllib.parse.urljoin(self._home, path), data, timeout=600) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def send(self, path: str, page: str, **fields: str) -> str:
        """Send a form of a page, with its token; returns the page that follows."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found, page[:500]
        return self.open(path, {"csrf_token": found[1], **fields})[1].decode()


def visit(link: str, officer: str, passphrase: str) -> dict[str, object]:
    """Return what an officer saw: titles, files with a picture of their first page, and the answer to a register."""
    browser = _Browser(link)
    desk = browser.send("/buka", browser.first, officer=officer, passphrase=passphrase)
    files, drawn = set(), set()
    for number in range(1, _CASES + 1):
        _, case = browser.open(f"/kasus/{number}")
        files |= set(re.findall(rf"/kasus/{number}/berkas/\d+", case.decode()))
    for one in sorted(files)[:_LOOKED_AT]:
        browser.open(one)  # the desk draws the file that is open
        until = time.monotonic() + _WAIT_SECONDS
        while (picture := browser.open(f"{one}/halaman/1.png"))[0] == _NOT_YET and time.monotonic() < until:
            time.sleep(0.2)
        if picture[1].startswith(_PNG):
            drawn.add(one)
    _, book = browser.open("/buku-register")
    written = browser.send("/buku-register/berkas", book.decode(), masa="", kata="", kind="pdf")
    return {
        "first": _title(browser.first),
        "desk": _title(desk),
        "files": len(files),
        "drawn": sorted(drawn),
        "register": _title(written),
    }


def _title(page: str) -> str:
    found = re.search(r"<title>([^<]*)", page)
    return found[1].strip() if found else ""


if __name__ == "__main__":
    print(json.dumps(visit(*sys.argv[1:])))
