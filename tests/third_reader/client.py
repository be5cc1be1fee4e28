"""Upload what was sealed, as EXCHANGE.md, "Upload" says: by tus in parts, and by the plain form for a container."""

import base64
import http.client
import secrets

from .sealer import Sealed

TUS = {"Tus-Resumable": "1.0.0"}
BODY = {"Content-Type": "application/offset+octet-stream"}


def _request(port: int, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        response.read()
    finally:
        connection.close()
    return response


def upload_by_tus(port: int, message: Sealed, first: int) -> int:
    """Upload a blob: its first bytes with the creation, the rest with a PATCH after asking. The acknowledged offset."""
    metadata = f"id {base64.b64encode(message.blob_id).decode()},digest {base64.b64encode(message.digest).decode()}"
    length = {"Upload-Length": str(len(message.blob)), "Upload-Metadata": metadata}
    created = _request(port, "POST", "/unggah", TUS | BODY | length, message.blob[:first])
    assert created.status == 201, created.getheader("Dropbox-Error")
    if first == len(message.blob):
        return int(created.headers["Upload-Offset"])
    path = "/" + created.headers["Location"].removeprefix("http://").partition("/")[2]
    asked = _request(port, "HEAD", path, TUS)
    offset = int(asked.headers["Upload-Offset"])
    assert offset == first
    patched = _request(port, "PATCH", path, TUS | BODY | {"Upload-Offset": str(offset)}, message.blob[offset:])
    assert patched.status == 204, patched.getheader("Dropbox-Error")
    assert _request(port, "HEAD", path, TUS).status == 404
    return int(patched.headers["Upload-Offset"])


def upload_by_form(port: int, container: bytes) -> int:
    """Send a container as a form without JavaScript does: the status of the answer."""
    border = secrets.token_hex(16)
    head = f'--{border}\r\nContent-Disposition: form-data; name="container"; filename="laporan.dbx"\r\n\r\n'
    body = head.encode() + container + f"\r\n--{border}--\r\n".encode()
    return _request(
        port, "POST", "/kirim-berkas", {"Content-Type": f"multipart/form-data; boundary={border}"}, body
    ).status
