"""No plaintext touches a disk: every write of the production server is looked at, system call by system call."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.server.tracing import STRACE, made, written
from tests.support.canary import Canary
from tests.support.client import File
from tests.support.server import Server, SiteFolder, serving, wait_until

FILE_BYTES = 3 * 1024 * 1024  # beyond every buffer that spools to a temporary file, and three rows of the store
_LEAKS = {
    "plain": "word",
    "base64": "base64.b64encode(b'ab' + word.encode()).decode()",
    "hex": "word.encode().hex()",
    "utf-16": "word.encode('utf-16-be').decode('latin-1')",
}


def _repeated(canary: Canary) -> bytes:
    line = f"{canary.text} ".encode()
    return (line * (FILE_BYTES // len(line) + 1))[:FILE_BYTES]


def _traced_session(site: SiteFolder, log: Path) -> tuple[dict[str, Canary], Server]:
    """A reporter's whole visit under strace: form, report, files, status, a refused form, a broken upload."""
    canaries = {name: Canary.fresh() for name in ("field", "name", "body", "refused", "broken")}
    with serving(site, prefix=[*STRACE, str(log)]) as server:
        server.canaries += canaries.values()
        client = server.client
        form = client.form(what=f"Ada {canaries['field'].text} di sini.")
        canaries["code"] = Canary(form["code"].replace("-", ""))
        canaries["typed code"] = Canary(form["code"])
        canaries["words"] = Canary(form["words"])
        sent = client.post("/lapor", form)
        assert sent.statuses == ["TERKIRIM"]
        wrong = client.report(what=canaries["refused"].text, who="")
        assert wrong.status == 422
        assert canaries["refused"].text in wrong.area("what")
        with client.sending(sent.hidden, File("b.bin", _repeated(canaries["broken"]))) as sending:
            sending.send(FILE_BYTES // 2)
        added = client.add(sent.hidden, File(f"{canaries['name'].text}.txt", _repeated(canaries["body"])))
        assert added.status == 200
        assert client.open(form).statuses == ["TERKIRIM"]
        wait_until("the broken upload is forgotten", lambda: server.unfinished() == 0)
        server.canaries += canaries.values()
    return canaries, server


def test_no_write_of_the_server_holds_anything_that_a_reporter_sent(own_site: SiteFolder, tmp_path: Path) -> None:
    """Field, file name, file body, code and words reach no file in any shape, and no file but the store is made."""
    log = tmp_path / "strace.log"
    canaries, server = _traced_session(own_site, log)
    places = written(log)
    stored = sum(len(data) for place, data in places.items() if "store.db" in place)
    assert stored > FILE_BYTES, "the trace has not seen the store being written"
    for place, data in places.items():
        for name, canary in canaries.items():
            assert not canary.found_in(data), f"{name} was written to {place}"
    for path in own_site.folder.iterdir():
        for name, canary in canaries.items():
            assert not canary.found_in(path.read_bytes()), f"{name} stands in {path.name}"
    assert [held.opened.file_bytes for held in server.held() if held.kind == "file"] == [FILE_BYTES]


def test_the_server_makes_no_file_but_the_store_and_an_empty_heartbeat(own_site: SiteFolder, tmp_path: Path) -> None:
    """Beside the store's own files there are gunicorn's heartbeats, empty, and tempfile's probe, four bytes long."""
    log = tmp_path / "strace.log"
    _traced_session(own_site, log)
    store = str(own_site.folder / "store.db")
    others = {path for path in made(log) if not path.startswith(store) and path not in ("/dev/null", "/dev/tty")}
    contents = {path: data for path, data in written(log).items() if path in others}
    assert others, "the trace has not seen files being made"
    for path in others:
        if Path(path).name.startswith("wgunicorn-"):
            assert path not in contents, "the heartbeat file was written to"
        else:
            assert contents.get(path) == b"blat", f"an unexpected file: {path}"  # tempfile tries out its folder so


@pytest.mark.parametrize("shape", _LEAKS)
def test_the_search_finds_a_canary_that_is_written(shape: str, tmp_path: Path) -> None:
    """The same search over a program that does leak finds it: the tests above can fail."""
    canary, log, leak = Canary.fresh(), tmp_path / "strace.log", tmp_path / "leak.txt"
    program = (
        f"import base64, sys; word = sys.argv[1]; "
        f"open({str(leak)!r}, 'w', encoding='latin-1').write('xx' + {_LEAKS[shape]} + 'yy')"
    )
    subprocess.run([*STRACE, str(log), sys.executable, "-c", program, canary.text], check=True, timeout=240)
    assert canary.found_in(written(log)[str(leak)])
    assert str(leak) in made(log)
