"""The off-line sealer as the site gives it out: the same bytes for all, locked in by its policy, signed by the root."""

import base64
import dataclasses
import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dropbox.settings.installation import load
from dropbox.web.app import create_app
from dropbox.web.pages import sealer
from dropbox.wire.signed import FileSignature
from tests.support.desks import INSTANCE, FakeInspectorate, make_site
from tests.web.conftest import Place, hooks

PROJECT = Path(__file__).parents[2]
SCRIPT = 'console.log("bytes & <tags>");\n'


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A static folder in which the browser modules were built."""
    folder = tmp_path / "static"
    folder.mkdir()
    (folder / "sealer.js").write_text(SCRIPT)
    for name in ("style.css", "slip.css"):
        (folder / name).write_bytes((PROJECT / "dropbox/web/static" / name).read_bytes())
    monkeypatch.setattr(sealer, "_STATIC", folder)
    return folder


@pytest.fixture
def sealing_place(built: Path, place: Place) -> Iterator[Place]:
    """A site that has a sealer."""
    yield place


def page_of(place: Place) -> str:
    return place.client().get("/pengunci.html").get_data(as_text=True)


def test_it_is_a_download(sealing_place: Place) -> None:
    """A file to keep, not a page to use: the site's own policy would let none of it run."""
    answer = sealing_place.client().get("/pengunci.html")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="pengunci.html"'
    assert "sha256" not in answer.headers["Content-Security-Policy"]


def test_its_policy_allows_its_own_script_and_style_alone(sealing_place: Place) -> None:
    """The hashes are those of what stands in the tags, and nothing else is allowed."""
    text = page_of(sealing_place)
    (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text)
    inside = {
        "script-src": re.findall(r"<script[^>]*>(.*?)</script>", text, re.DOTALL),
        "style-src": re.findall(r"<style>(.*?)</style>", text, re.DOTALL),
    }
    hashed = {
        name: "'sha256-" + base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() + "'"
        for name, (one,) in inside.items()
    }
    rules = [f"{name} {value}" for name, value in hashed.items()]
    assert policy == "; ".join(["default-src 'none'", *rules, "base-uri 'none'", "form-action 'none'"])
    assert text.index("Content-Security-Policy") < text.index("<style>")


def test_it_names_no_other_place(sealing_place: Place) -> None:
    """No link, image, form or address leads anywhere; the root key and both languages are in it."""
    text = page_of(sealing_place)
    assert not re.search(r'<form|<img|<link|<iframe|\bsrc=|url\(|@import|https?://|href="(?!#)', text)
    anchor = sealing_place.inspectorate.anchor.encode().decode()
    assert text.count(f'data-root="{anchor}"') == 2
    assert "Pengunci tanpa internet" in text
    assert "Offline locker" in text
    assert text.count("<h1 tabindex") == 6  # of the page, the review and the end, in two languages


def test_everybody_gets_the_same_bytes(built: Path, tmp_path: Path) -> None:
    """On another day, in another process, from another store, in any language: the bytes are the same."""
    inspectorate = FakeInspectorate()
    made = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        site, _ = make_site(tmp_path / name, inspectorate)
        client = create_app(site).test_client()
        client.get("/en/kunci")
        made.append(client.get("/pengunci.html", headers={"Accept-Language": "en"}).get_data())
        site.store.close()
    code = (
        "import sys; from pathlib import Path; from dropbox.settings.installation import load\n"
        "from dropbox.web.pages import sealer\n"
        "from dropbox.web.app import create_app; from dropbox.web.base.site import Site\n"
        "from dropbox.store.database import Store; from dropbox.wire.keyring import parse_anchor\n"
        "sealer._STATIC = Path(sys.argv[1])\n"
        "site = Site(load(), parse_anchor(bytes.fromhex(sys.argv[2])), Store.open(sys.argv[3]))\n"
        "sys.stdout.buffer.write(sealer.sealer_of(create_app(site)).html); site.store.close()"
    )
    database = f"sqlite:///{tmp_path / 'one' / 'store.db'}"
    done = subprocess.run(
        [sys.executable, "-c", code, built, inspectorate.anchor.encode().hex(), database],
        capture_output=True,
        check=True,
        env={"PYTHONPATH": str(PROJECT), "PYTHONHASHSEED": "7"},
    )
    assert made == [done.stdout] * 2


def test_keys_page_shows_its_hash(sealing_place: Place) -> None:
    """The hash is the file's, and both downloads stand beside it; unsigned is said to be so."""
    client = sealing_place.client()
    answer = client.get("/kunci")
    digest = hashlib.sha256(client.get("/pengunci.html").get_data()).hexdigest()
    text = answer.get_data(as_text=True)
    assert digest in text
    assert 'href="/data/kunci-lengkap" download="kunci.dbxk"' in text
    assert "data-sealer-signed" not in hooks(answer).hooks
    assert client.get("/pengunci.html.sig").status_code == 404


def test_without_built_modules_there_is_none(place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The rest of the site works."""
    monkeypatch.setattr(sealer, "_STATIC", tmp_path)
    client = place.client()
    assert client.get("/pengunci.html").status_code == 404
    assert "data-sealer-sha256" not in hooks(client.get("/kunci")).hooks


@pytest.mark.parametrize("is_good", [True, False])
def test_a_signature_is_offered_when_it_is_the_roots(built: Path, tmp_path: Path, *, is_good: bool) -> None:
    """One that fits is offered with what it proves; one of another file is not."""
    inspectorate = FakeInspectorate()
    path = tmp_path / "pengunci.html.sig"
    settings = dataclasses.replace(load(), sealer_signature=path)
    site, _ = make_site(tmp_path, inspectorate, settings)
    file = create_app(site).test_client().get("/pengunci.html").get_data()
    body = file if is_good else file + b" "
    signature = inspectorate.root.sign("file", INSTANCE, body)
    path.write_bytes(FileSignature(INSTANCE, hashlib.sha256(body).digest(), signature).encode())
    client = create_app(site).test_client()
    assert ("data-sealer-signed" in hooks(client.get("/en/kunci")).hooks) is is_good
    given = client.get("/pengunci.html.sig")
    assert (given.status_code == 200 and given.get_data() == path.read_bytes()) is is_good
    site.store.close()


def test_a_script_that_ends_its_own_tag_is_refused(place: Place) -> None:
    """Such a build is never given out."""
    app = create_app(place.site)
    with pytest.raises(sealer.ConfigurationError):
        sealer.build(app, place.site, "'</SCRIPT>'", "")
