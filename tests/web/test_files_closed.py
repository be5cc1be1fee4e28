"""When files have used up their room, the site says so before and after, on both roads, and texts go on."""

import pytest

from dropbox.limits import MIB
from dropbox.settings.installation import load
from dropbox.store.database import Store
from dropbox.store.room import Shares
from dropbox.web.base.site import Site
from tests.support.desks import NOW
from tests.support.sealed import Browser
from tests.web.conftest import Place, hooks
from tests.web.test_container import Sealed as Contained
from tests.web.test_container import result, send
from tests.web.test_tus import Tus


@pytest.fixture
def narrow(place: Place) -> Place:
    """A site whose store may hold 20 MiB, of which files have used up their share."""
    url = str(place.site.store.connections.engine.url)
    store = Store.open(url, Shares(budget=20 * MIB, files_percent=6, unfinished_percent=6))
    site = Site(load(), place.site.anchor, store, clock=lambda: NOW)
    narrow = Place(site, place.inspectorate)
    reporter = narrow.reporter()
    assert hooks(reporter.add(reporter.send(), files=[("besar.bin", b"x" * 900_000)])).hooks.get("data-added-file")
    return narrow


def test_texts_and_small_files_go_on(narrow: Place) -> None:
    """On the road without JavaScript a file is refused with its reason, and a text beside it is kept."""
    reporter = narrow.reporter()
    sent = reporter.send()
    assert "data-files-closed" in hooks(sent).hooks
    assert reporter.status().status_code == 200
    before = len(narrow.blobs())
    files = [("besar.bin", b"x" * 900_000), ("kecil.txt", b"k" * 9_000)]
    answer = reporter.add(sent, what="Keterangan lain", files=files)
    assert answer.status_code == 507
    assert "kecil.txt" in answer.get_data(as_text=True)
    assert hooks(answer).hooks["data-error-field"] == ["files"]
    assert "hanya menerima tulisan dan berkas kecil" in answer.get_data(as_text=True)
    assert len(narrow.blobs()) == before + 2  # the text and the small file


@pytest.mark.parametrize(
    ("path", "words"), [("/status", "hanya menerima"), ("/en/kirim-berkas", "text and files up to")]
)
def test_it_is_said_before(narrow: Place, place: Place, path: str, words: str) -> None:
    """Pages on which files are chosen say it, and only while it is so."""
    assert words in narrow.client().get(path).get_data(as_text=True)
    assert "data-files-closed" not in place.client().get(path).get_data(as_text=True)


def test_uploads_are_refused_by_their_name(narrow: Place) -> None:
    """tus: a large creation and its whole body get the key that the page has a sentence for; a text is kept."""
    browser = Browser(narrow.inspectorate)
    client = Tus(narrow.client())
    file = browser.file(b"x" * 700_000)
    for answer in (client.create(file), client.send(file)):
        assert (answer.status_code, answer.headers["Dropbox-Error"]) == (507, "files-closed")
    assert client.send(browser.text()).status_code == 201


def test_a_container_keeps_its_texts(narrow: Place) -> None:
    """Of a container the text is kept, and the file is named with the reason."""
    sealed = Contained().add(narrow).add(narrow, b"x" * 700_000).add(narrow)
    answer = send(narrow, sealed.container)
    assert answer.status_code == 507
    assert result(answer) == (["2"], ["3"], ["2"])
    assert "hanya menerima tulisan dan berkas kecil" in answer.get_data(as_text=True)
