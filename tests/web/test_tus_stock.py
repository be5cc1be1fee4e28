"""A tus client from PyPI, and one that breaks off, against the production server."""

import http.client
import io
import os
import socket
from collections.abc import Iterator

import pytest
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError
from tusclient.uploader import Uploader

from dropbox.limits import MIB
from tests.support.sealed import Browser, Sealed
from tests.support.server import Server, SiteFolder, serving, wait_until


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a site of its own."""
    with serving(SiteFolder(tmp_path_factory.mktemp("tus") / "site").make()) as running:
        yield running


@pytest.fixture
def browser(server: Server) -> Browser:
    """A browser that seals."""
    return Browser(server.site.inspectorate)


def uploader(server: Server, sealed: Sealed, **how: object) -> Uploader:
    """The stock client; it takes texts as metadata, so bytes are given as Latin-1."""
    client = TusClient(f"http://127.0.0.1:{server.port}/unggah")
    metadata = {"id": sealed.id.decode("latin-1"), "digest": sealed.digest.decode("latin-1")}
    return client.uploader(
        file_stream=io.BytesIO(sealed.blob), metadata=metadata, metadata_encoding="latin-1", retry_delay=0, **how
    )


def held(server: Server, sealed: Sealed) -> bytes | None:
    """The bytes that are held under the blob's id."""
    with server.site.store() as store:
        if store.blobs.digest_of(sealed.id) != sealed.digest:
            return None
        return b"".join(store.blobs.read(sealed.id))


def request(server: Server, method: str, path: str, body: bytes = b"", **headers: str) -> http.client.HTTPResponse:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=240)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, {"Tus-Resumable": "1.0.0", **named})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


@pytest.mark.parametrize("chunk", [4 * MIB, 30 * MIB], ids=["parts", "whole"])
def test_stock_client_uploads_20_mb(server: Server, browser: Browser, chunk: int) -> None:
    """It uploads a file of 20 MB in parts or at once, and the desk opens it."""
    content = os.urandom(20_000_000)
    sealed = browser.file(content)
    stock = uploader(server, sealed, chunk_size=chunk)
    stock.upload()
    assert stock.offset == len(sealed.blob)
    assert held(server, sealed) == sealed.blob
    (found,) = [each for each in server.held() if each.info.id == sealed.id]
    assert b"".join(server.file_of(found)) == content


def test_stock_client_goes_on_after_a_break(server: Server, browser: Browser) -> None:
    """A request that breaks off in the middle of a row is continued from what the server has."""
    sealed = browser.file(os.urandom(6 * MIB))
    stock = uploader(server, sealed, chunk_size=2 * MIB)
    stock.upload(stop_at=2 * MIB)
    path = stock.url.split(str(server.port))[1]
    head = (
        f"PATCH {path} HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: {2 * MIB}\r\n"
        f"Content-Type: application/offset+octet-stream\r\nContent-Length: {len(sealed.blob) - 2 * MIB}\r\n\r\n"
    )
    came = 3 * MIB + 100_000
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(head.encode() + sealed.blob[2 * MIB : came])
    wait_until("the server has kept what came", lambda: stock.get_offset() == came)
    again = uploader(server, sealed, url=stock.url)
    assert again.offset == came
    again.upload()
    assert held(server, sealed) == sealed.blob


def test_stock_client_after_the_last_answer_was_lost(server: Server, browser: Browser) -> None:
    """An address that is complete is unknown; sending all again is acknowledged and keeps one blob."""
    sealed = browser.file(os.urandom(100_000))
    first = uploader(server, sealed)
    first.upload()
    with pytest.raises(TusCommunicationError):
        first.get_offset()
    uploader(server, sealed).upload()
    assert held(server, sealed) == sealed.blob
    assert server.unfinished() == 0


def test_stock_client_hears_a_refusal(server: Server, browser: Browser) -> None:
    """A blob for another site is refused at its end, and its upload is gone."""
    sealed = browser.file(os.urandom(100_000))
    foreign = sealed.with_blob(sealed.blob[:10] + bytes(16) + sealed.blob[26:])
    with pytest.raises(TusCommunicationError) as refused:
        uploader(server, foreign).upload()
    assert refused.value.status_code == 422
    assert server.unfinished() == 0


def test_termination(server: Server, browser: Browser) -> None:
    """An upload that is given up is gone."""
    sealed = browser.file(os.urandom(3 * MIB))
    stock = uploader(server, sealed, chunk_size=MIB)
    stock.upload(stop_at=MIB)
    path = stock.url.split(str(server.port))[1]
    assert server.unfinished() == 1
    assert request(server, "DELETE", path).status == 204
    assert server.unfinished() == 0
    with pytest.raises(TusCommunicationError):
        stock.get_offset()


def test_refusals_before_the_body_can_be_read(server: Server, browser: Browser) -> None:
    """A part that is refused unread gets its answer, although half of it was not sent yet."""
    sealed = browser.file(os.urandom(6 * MIB))
    stock = uploader(server, sealed, chunk_size=MIB)
    stock.upload(stop_at=MIB)
    path = stock.url.split(str(server.port))[1]
    head = (
        f"PATCH {path} HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
        f"Content-Type: application/offset+octet-stream\r\nContent-Length: {1024 * 1024}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=240) as line:
        line.sendall(head.encode() + sealed.blob[: 512 * 1024])
        answer = http.client.HTTPResponse(line)
        answer.begin()
        assert (answer.status, answer.headers["Dropbox-Error"]) == (409, "wrong-offset")
    assert request(server, "DELETE", path).status == 204


def test_text_in_one_request(server: Server, browser: Browser) -> None:
    """A text cell comes and is acknowledged by one request."""
    sealed = browser.text()
    kind = "application/offset+octet-stream"
    told = {"Upload_Length": str(len(sealed.blob)), "Upload_Metadata": sealed.metadata, "Content_Type": kind}
    answer = request(server, "POST", "/unggah", sealed.blob, **told)
    assert (answer.status, answer.headers["Upload-Offset"]) == (201, str(len(sealed.blob)))
    assert held(server, sealed) == sealed.blob


def test_chunked_text(server: Server, browser: Browser) -> None:
    """A body in chunks of HTTP is taken as well."""
    sealed = browser.text()
    told = {"Upload-Length": str(len(sealed.blob)), "Upload-Metadata": sealed.metadata, "Tus-Resumable": "1.0.0"}
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=240)
    pieces = iter([sealed.blob[:5000], sealed.blob[5000:]])
    kind = {"Content-Type": "application/offset+octet-stream"}
    connection.request("POST", "/unggah", pieces, told | kind, encode_chunked=True)
    assert connection.getresponse().status == 201
    connection.close()
    assert held(server, sealed) == sealed.blob


def test_data_is_the_same_from_every_worker(server: Server) -> None:
    """Whichever worker answers, and on each new connection, the bytes are the same."""
    for path in ("/data/kunci", "/data/kunci-lengkap", "/data/root.pub", "/data/papan"):
        assert len({raw(server, path) for _ in range(8)}) == 1


def raw(server: Server, path: str) -> bytes:
    """The bytes of a file."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=240)
    connection.request("GET", path)
    body = connection.getresponse().read()
    connection.close()
    return body
