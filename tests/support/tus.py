"""Sends sealed blobs by tus, as the site's own scripts do: in parts, and on from where the last answer or HEAD says."""

from collections.abc import Callable
from typing import Final

from tests.support.client import Client, Page
from tests.support.sealed import Sealed

TUS: Final = {"Tus-Resumable": "1.0.0"}
STREAM: Final = TUS | {"Content-Type": "application/offset+octet-stream"}
Ask = Callable[[Callable[[Client], Page]], Page]


def send(ask: Ask, sealed: Sealed, parts: int) -> bool:
    """Send a blob; returns whether it was acknowledged whole, False if the site refuses it.

    Args:
        ask: asks a server, again and again until one answers.
        sealed: the blob.
        parts: in how many requests, if none is cut.
    """
    step = len(sealed.blob) // parts + 1
    while True:
        told = {"Upload-Length": str(len(sealed.blob)), "Upload-Metadata": sealed.metadata}
        begun = ask(lambda client: client.request("POST", "/unggah", None, TUS | told))  # noqa: B023  used at once
        if begun.status != 201:
            return False
        address, offset = _header(begun, "location"), 0
        while address:
            part, at = sealed.blob[offset : offset + step], {"Upload-Offset": str(offset)}
            answer = ask(lambda client: client.request("PATCH", address, part, STREAM | at))  # noqa: B023  used at once
            if answer.status == 204 and (kept := _header(answer, "upload-offset")):
                offset = int(kept)
                if offset == len(sealed.blob):
                    return True
                continue
            if answer.status not in (204, 400, 404, 409):
                return False
            state = ask(lambda client: client.request("HEAD", address, None, TUS))  # noqa: B023  used at once
            known = _header(state, "upload-offset")
            if state.status != 200 or not known:
                break  # it is complete or was dropped: sent again it is acknowledged, and stored once
            offset = int(known)


def _header(page: Page, name: str) -> str:
    """Return a header's value, empty if it is missing: http.client takes a head that was cut off for a whole one."""
    return next((value for key, value in page.headers if key.lower() == name), "")
