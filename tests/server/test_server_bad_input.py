"""What breaks the rules over the wire is refused with a sentence, and nothing of it is stored or logged."""

import contextlib
import socket
import urllib.parse
from collections.abc import Iterator

import pytest

from tests.support.canary import Canary
from tests.support.client import File, Multipart, Page, Sending, generated
from tests.support.server import Server, SiteFolder, serving

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def thread(server: Server) -> dict[str, str]:
    """Hidden fields of the form for additions to a report that is there."""
    return server.client.report().hidden


@pytest.fixture
def unchanged(server: Server, thread: dict[str, str]) -> Iterator[None]:
    """The store holds afterwards what it held before."""
    before = server.blob_count()
    yield
    assert server.blob_count() == before
    assert server.unfinished() == 0


@pytest.fixture(scope="module")
def small_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A site that takes files of one MiB."""
    folder = tmp_path_factory.mktemp("small") / "site"
    with serving(SiteFolder(folder, settings="[limits]\nfile_mib = 1\n").make()) as running:
        yield running


def _raw_form(server: Server, length: str, more: str = "", canary: str = "x") -> Page:
    """A report whose head says what it likes about the body."""
    body = urllib.parse.urlencode(server.client.form(what=canary, who=f"a\r\n{canary}\r\n\r\nb" * 20))
    head = (
        "POST /lapor HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {length}\r\n{more}\r\n"
    )
    return server.client.raw(f"{head}{body}\r\n\r\n".encode())


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("length", ["-5", "abc", "+10", "1_0", "0x10", "1e3", "10, 20", "９"])
def test_a_length_that_is_no_number_is_refused(server: Server, length: str) -> None:
    """The server's own refusals are readable and end the connection."""
    page = _raw_form(server, length)
    assert (page.status, page.error) == (400, "bad-request")
    assert ("Connection", "close") in page.headers


@pytest.mark.usefixtures("unchanged")
def test_length_and_chunks_together_are_refused(server: Server) -> None:
    """Two framings at once are how requests are smuggled."""
    page = _raw_form(server, "10", "Transfer-Encoding: chunked\r\n")
    assert (page.status, page.error) == (400, "bad-request")


@pytest.mark.usefixtures("unchanged")
def test_a_length_that_is_too_small_neither_counts_nor_is_logged(server: Server, thread: dict[str, str]) -> None:
    """The rest of a body whose length lies is no request: it is refused, and its words do not reach the log."""
    canary = Canary.fresh()
    server.canaries.append(canary)
    page = _raw_form(server, "200", canary=canary.text)
    assert page.status == 422
    lines = "\r\n".join(f"{canary.text} {number}" for number in range(20_000))
    with server.client.sending(thread, File("f.txt", lines.encode()), length="3000") as sending:
        answer = sending.send().answer()
        with contextlib.suppress(ConnectionError):  # the rest is read as a next request, and the connection ended
            while sending.socket.recv(1 << 16):
                pass
    assert answer.status == 400
    assert not canary.found_in(server.log.read_bytes())


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("path", ["/lapor", "/status", "/tambah"])
@pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/form-data", ""])
def test_another_kind_of_body_is_refused(server: Server, path: str, kind: str) -> None:
    """A body that is no form of ours gets a sentence, not a guess."""
    page = server.client.request("POST", path, b"x=1" * 1000, {"Content-Type": kind})
    assert page.status == 400
    assert page.error == "bad-form"


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(("length", "shut"), [("9000000", True), ("250000", False), ("", False)])
def test_a_form_that_ends_early_is_not_taken(
    server: Server, thread: dict[str, str], length: str, *, shut: bool
) -> None:
    """A length too large, too small or missing leaves a half file: it is said so and not kept."""
    with server.client.sending(thread, generated("f.bin", 300_000), length=length) as sending:
        sending.send(200_000 if shut else None)
        if shut:
            sending.socket.shutdown(socket.SHUT_WR)
        page = sending.answer()
    assert page.status == 400
    assert page.error
    assert "Sambungan terputus" in page.text or "tidak dapat dibaca" in page.text


@pytest.mark.usefixtures("unchanged")
def test_a_report_whose_length_is_too_large_is_not_taken(server: Server) -> None:
    """A report that did not arrive whole is not half a report."""
    body = urllib.parse.urlencode(server.client.form()).encode()
    with socket.create_connection(("127.0.0.1", server.port), timeout=240) as connection:
        connection.sendall(
            b"POST /lapor HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(body) + 10, body)
        )
        connection.shutdown(socket.SHUT_WR)
        assert b"400" in connection.recv(64)


def test_chunked_encoding_is_as_good_as_a_length(server: Server) -> None:
    """Without Content-Length but with chunks, everything arrives."""
    hidden = server.client.report().hidden
    before = server.blob_count()
    page = server.client.add(hidden, ("what", "Potongan"), generated("chunks.bin", 2 * MIB), chunked=True)
    assert (page.status, page.error) == (200, "")
    assert server.blob_count() == before + 2


@pytest.mark.usefixtures("unchanged")
def test_ten_thousand_parts_are_too_many(server: Server, thread: dict[str, str]) -> None:
    """A form of ten thousand fields is refused, and its text is not half taken."""
    fields = [(f"f{number}", "x") for number in range(10_000)]
    page = server.client.add(thread, ("what", "Teks"), *fields)
    assert page.status == 413
    assert page.error
    assert "Teks" in (page.area("what"), page.area("typed"))
    many = "&".join(f"f{number}=x" for number in range(10_000))
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert server.client.request("POST", "/lapor", many, kind).status == 400


def test_ten_thousand_files_keep_those_that_were_taken(server: Server) -> None:
    """Files beyond the limit are refused; those before it are kept, the first ones named and the others counted."""
    hidden = server.client.report().hidden
    before = server.blob_count()
    page = server.client.add(hidden, *[File(f"{number}.txt", b"x") for number in range(10_000)])
    assert page.status == 413
    assert page.error
    assert server.blob_count() == before + 20
    assert "2.txt" in page.text
    assert "dan 17 berkas lain" in page.text
    assert "20.txt" not in page.text


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a" * 4096 + ".pdf", "a" * 251 + ".pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Budi\\bukti.docx", "bukti.docx"),
        ("tanda \u202etxt.exe", "tanda \u202etxt.exe"),
        ("📷 foto.jpg", "📷 foto.jpg"),
    ],
)
def test_odd_file_names_arrive_without_their_folders(server: Server, given: str, kept: str) -> None:
    """Only the last component is sealed, shortened from the front, in whatever script it is."""
    hidden = server.client.report().hidden
    page = server.client.add(hidden, File(given.replace("\\", "\\\\"), kept.encode()))
    assert page.status == 200
    assert kept in {held.opened.message.name for held in server.held() if held.kind == "file"}


def test_every_sign_of_a_text_arrives(server: Server) -> None:
    """NUL, right-to-left marks and emoji survive; bytes that are no UTF-8 become replacement signs, never a 500."""
    text = "nol \x00 kanan \u202e\u0627\u0628 📷 \r\nbaris"
    page = server.client.report(what=text)
    assert page.statuses == ["TERKIRIM"]
    texts = {held.opened.message.fields.get("what") for held in server.held()}
    assert text.replace("\r\n", "\n") in texts
    form = server.client.form()
    del form["what"]
    raw = urllib.parse.urlencode(form) + "&what=%ff%fe%ed%a0%80"
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert server.client.request("POST", "/lapor", raw, kind).status == 200


@pytest.mark.usefixtures("unchanged")
def test_a_field_of_a_megabyte_is_refused_and_kept_on_the_page(server: Server) -> None:
    """Too much text: the page says so and still holds all of it."""
    text = "panjang " * (MIB // 8)
    page = server.client.report(what=text)
    assert page.status == 422
    assert page.error
    assert page.area("what") == text


@pytest.mark.usefixtures("unchanged")
def test_a_form_beyond_all_measure_is_refused(server: Server) -> None:
    """More than a text form can hold: a readable 413, after everything was sent."""
    page = server.client.report(what="x" * (5 * MIB))
    assert (page.status, page.error) == (413, "too-large-text")


def test_a_file_over_the_limit_is_refused_readably(small_files: Server) -> None:
    """A plain client that sends everything first reads the 413; the text beside the file is kept, the file is not."""
    client = small_files.client
    hidden = client.report().hidden
    before = small_files.blob_count()
    page = client.add(hidden, ("what", "Lihat berkas"), generated("besar.bin", 24 * MIB), File("kecil.txt", b"k"))
    assert page.status == 413
    assert page.error
    assert "files" in page.hooks("data-error-field")
    assert small_files.blob_count() == before + 2
    assert small_files.unfinished() == 0


def test_a_file_just_under_the_limit_is_taken(small_files: Server) -> None:
    """Exactly the limit is within it."""
    hidden = small_files.client.report().hidden
    assert small_files.client.add(hidden, generated("pas.bin", MIB)).status == 200
    assert small_files.client.add(hidden, generated("lebih.bin", MIB + 1)).status == 413


def test_a_refused_upload_lets_the_connection_be_used_or_closed(server: Server) -> None:
    """After any answer the next request on a fresh connection is served."""
    body = Multipart([("code", "bukan kode"), ("words", "bukan kata"), generated("x.bin", 3 * MIB)])
    with Sending(server.port, "/tambah", body) as sending:
        assert sending.send().answer().status == 400
    assert server.client.get("/").status == 200
