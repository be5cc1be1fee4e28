"""A site on a fresh store, and a reporter's browser without JavaScript."""

import functools
import html.parser
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dropbox.crypto.private import opening
from dropbox.crypto.secret import parse_secret
from dropbox.settings.installation import load
from dropbox.web.app import create_app
from dropbox.web.base.site import Site
from dropbox.wire.calendar import epoch_of
from tests.support.desks import INSTANCE, TODAY, FakeInspectorate, make_site


class Hooks(html.parser.HTMLParser):
    """Collects data- hooks, form fields and errors of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.hooks: dict[str, list[str]] = {}
        self.inputs: dict[str, str] = {}
        self.checked: dict[str, str] = {}
        self.areas: dict[str, str] = {}
        self.fields: dict[str, list[str]] = {}  # what a browser sends of them: text areas apart
        self._area: str | None = None
        self._select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note hooks and fields."""
        values = {name: value or "" for name, value in attrs}
        for name, value in values.items():
            if name.startswith("data-"):
                self.hooks.setdefault(name, []).append(value)
        if tag == "input" and values.get("type") in ("radio", "checkbox"):
            if "checked" in values:
                self.checked[values["name"]] = values.get("value", "on")
                self.fields.setdefault(values["name"], []).append(values.get("value", "on"))
        elif tag == "input" and values.get("name"):
            self.inputs[values["name"]] = values.get("value", "")
            self.fields.setdefault(values["name"], []).append(values.get("value", ""))
        elif tag == "select":
            self._select = values["name"]
        elif tag == "option" and self._select and "selected" in values:
            self.fields[self._select] = [values["value"]]
        elif tag == "textarea":
            self._area = values.get("name") or "typed"
            self.areas[self._area] = ""

    def handle_endtag(self, tag: str) -> None:
        """A text area or a select ends."""
        if tag == "select":
            self._select = ""
        if tag == "textarea" and self._area is not None:
            self.areas[self._area] = self.areas[self._area].removeprefix("\n")
            self._area = None

    def handle_data(self, data: str) -> None:
        """Text inside a text area."""
        if self._area is not None:
            self.areas[self._area] += data


def hooks(response: TestResponse) -> Hooks:
    """The hooks of a response."""
    return Hooks(response.get_data(as_text=True))


REPORT = {
    "channel": "wbs",
    "desk": "itjen",
    "category": "pungli",
    "what": "Diminta setoran setiap bulan.",
    "who": "Kepala kantor",
    "where": "Kankemenag Kota Contoh",
    "when": "sejak Januari",
}


def submitted(page: Hooks, **pressed: str) -> dict[str, str | list[str]]:
    """What a browser sends of a page's form when the button of that name and value is pressed."""
    areas = {name: text.replace("\n", "\r\n") for name, text in page.areas.items()}
    return {**page.fields, **areas, **pressed}


def sending_fields(page: Hooks) -> dict[str, str]:
    """The secret of a review page, and what its reporter types and presses to send the report."""
    secret = {name: page.inputs[name] for name in ("code", "words", "mac")}
    number = parse_secret(secret["code"], secret["words"]).confirm_number
    return {**secret, "step": "send", "confirm": secret["words"].split()[number - 1]}


@dataclass
class Reporter:
    """A browser without JavaScript."""

    client: FlaskClient
    prefix: str = ""
    secret: dict[str, str] = field(default_factory=dict)

    def review(self, **typed: str | list[str]) -> TestResponse:
        """Fill the form and go on to the review."""
        hidden = {name: self.secret[name] for name in ("code", "words", "mac") if self.secret}
        data = {**REPORT, **hidden, "step": "review", **typed}
        return self.client.post(self.prefix + "/lapor", data=data)

    def form(self) -> dict[str, str]:
        """Go to the review: its hidden secret, and what sends a report from there."""
        self.secret = sending_fields(hooks(self.review()))
        return dict(self.secret)

    def send(self, **changes: str) -> TestResponse:
        """Send a report on the review opened last (a fresh one if none)."""
        hidden = self.secret or self.form()
        return self.client.post(self.prefix + "/lapor", data={**REPORT, **hidden, **changes})

    def status(self) -> TestResponse:
        """Open the thread with code and words."""
        data = {"code": self.secret["code"], "words": self.secret["words"]}
        return self.client.post(self.prefix + "/status", data=data)

    def add(self, page: TestResponse, what: str = "", files: list[tuple[str, bytes]] | None = None) -> TestResponse:
        """Send the additions form of a page."""
        inputs = hooks(page).inputs
        fields = {name: inputs[name] for name in ("code", "words", "nonce", "desk")} | {"what": what}
        return self.client.post(
            self.prefix + "/tambah", data=multipart(fields, files or [("", b"")]), content_type=MULTIPART
        )


MULTIPART = "multipart/form-data; boundary=----reporter"


def multipart(fields: dict[str, str], files: list[tuple[str, bytes]]) -> bytes:
    """A form as browsers write it: quotes and line ends in names are percent-encoded."""
    out = b""
    for name, value in fields.items():
        out += f'------reporter\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    for name, body in files:
        shown = name.replace('"', "%22")
        head = f'Content-Disposition: form-data; name="files"; filename="{shown}"'
        out += f"------reporter\r\n{head}\r\nContent-Type: application/octet-stream\r\n\r\n".encode() + body + b"\r\n"
    return out + b"------reporter--\r\n"


@dataclass
class Place:
    """A running site with its desks."""

    site: Site
    inspectorate: FakeInspectorate

    @functools.cached_property
    def app(self) -> Flask:
        """The application, made once: it keeps nothing of one request for another."""
        return create_app(self.site)

    def client(self) -> FlaskClient:
        """A browser."""
        return self.app.test_client()

    def reporter(self, prefix: str = "") -> Reporter:
        """A reporter."""
        return Reporter(self.client(), prefix)

    def blobs(self) -> list[bytes]:
        """All stored blobs."""
        return [b"".join(self.site.store.blobs.read(info.id)) for info in self.site.store.blobs.snapshot()]

    def opened(self, desk: str = "itjen") -> list[tuple[opening.Opened, bytes]]:
        """What a desk can open, with file bytes, texts first."""
        key = self.inspectorate.desks[desk].epochs[epoch_of(TODAY)]
        found = []
        for blob in self.blobs():
            try:
                opened = opening.check(io.BytesIO(blob).read, len(blob), INSTANCE, desk, key)
            except opening.NotForThisKeyError:
                continue
            read = io.BytesIO(blob).read
            body = b"".join(opening.file_pieces(read, len(blob), INSTANCE, opened.file_key))
            found.append((opened, body))
        return sorted(found, key=lambda pair: (pair[0].message.kind, pair[0].message.nonce))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A site at NOW with two desks."""
    os.environ.pop("DROPBOX_ENV", None)
    site, inspectorate = make_site(tmp_path)
    yield Place(site, inspectorate)
    site.store.close()


@pytest.fixture
def small_place(tmp_path: Path) -> Iterator[Place]:
    """A site that takes files of 1 MiB and three of them."""
    settings = replace(load(), file_max_bytes=1024 * 1024, files_max=3)
    site, inspectorate = make_site(tmp_path, settings=settings)
    yield Place(site, inspectorate)
    site.store.close()
