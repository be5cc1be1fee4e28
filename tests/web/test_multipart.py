"""A form means the same however the network cuts it."""

import pytest

from dropbox.web.http.multipart import FieldPart, FileBytes, FilePart, read_parts

LONG = "----WebKitFormBoundary" + "x" * 48  # 70 characters, the longest that RFC 2046 allows
FILES = (b"", b"a", b"\r", b"\n", b"\r\n", b"a\r\n--", b"a\r\r\n", bytes(90))


def _form(boundary: str, file: bytes) -> bytes:
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="what"\r\n\r\nx\r\n--{boundary}\r\n'
    head += 'Content-Disposition: form-data; name="files"; filename="a"\r\nContent-Type: image/png\r\n\r\n'
    return head.encode() + file + f"\r\n--{boundary}--\r\n".encode()


def _file(boundary: str, *pieces: bytes) -> bytes:
    parts = list(read_parts(boundary.encode(), iter(pieces)))
    assert parts[:2] == [FieldPart("what", "x"), FilePart("files", "a", "image/png")]
    return b"".join(part.data for part in parts[2:] if isinstance(part, FileBytes))


@pytest.mark.parametrize("boundary", ["b", LONG], ids=["short", "long"])
@pytest.mark.parametrize("file", FILES, ids=[str(len(file)) + repr(file[:4]) for file in FILES])
def test_a_file_is_the_same_wherever_a_form_is_cut(boundary: str, file: bytes) -> None:
    """Cut once at each place, and byte by byte, a form gives exactly the bytes of its file."""
    whole = _form(boundary, file)
    for at in range(len(whole) + 1):
        assert _file(boundary, whole[:at], whole[at:]) == file, at
    assert _file(boundary, *(whole[at : at + 1] for at in range(len(whole)))) == file
