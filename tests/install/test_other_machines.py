"""Commands for other people's machines: reporters, overseers, custodians, couriers at Windows or macOS.

Rule: Windows is emulated (tests/support/like_windows.py); what only a real Windows shows is in dropbox/GAPS.md.
"""

import ast
import datetime
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dropbox.courier import signer
from dropbox.crypto.secret import new_secret
from dropbox.crypto.signing import Trust
from dropbox.wire.calendar import day_of
from dropbox.wire.fields import u32
from dropbox.wire.request import StationRequest, encode_request
from tests.support.desks import INSTANCE, FakeInspectorate, make_store
from tests.support.exports import Server
from tests.support.like_windows import MODULES, NAMES, like_windows
from tests.support.server import PROJECT
from tests.test_layers import imported, within

TODAY = day_of(datetime.datetime.now(datetime.UTC).date())
STARTS = (
    *("ceremony.cli", "receiver.cli", "courier.commands"),
    *("offline.seal", "offline.claim", "offline.lpsk", "offline.statement"),
)
# Loaded late, for a socket or a page that the server's machine alone has.
AT_THE_SERVER = (
    "dropbox.courier.gate",
    "dropbox.courier.pages",
    "dropbox.courier.through_gate",
    "dropbox.courier.notice",
)
# Where a name of os that Windows or macOS lacks is asked for before it is used.
GUARDED = {
    "dropbox/disk/private.py": {"fchmod"},
    "dropbox/disk/pieces.py": {"O_TMPFILE", "posix_fadvise", "POSIX_FADV_DONTNEED"},
}


def closure() -> Iterator[tuple[str, ast.Module]]:
    """Path and tree of each module that the commands import when they are loaded, and of those that these import."""
    waiting, seen = [f"dropbox.{name}" for name in STARTS], set()
    while waiting:
        name = waiting.pop()
        path = PROJECT.joinpath(*name.split(".")).with_suffix(".py")
        if name in seen or not path.is_file() or within(name, AT_THE_SERVER):
            continue
        seen.add(name)
        tree = ast.parse(path.read_text("utf-8"))
        yield path.relative_to(PROJECT).as_posix(), tree
        waiting += [other for other, _ in imported(tree, PROJECT)]


def test_no_module_of_these_commands_needs_posix() -> None:
    """None imports a module of POSIX when it is loaded, or uses a name of os that Windows lacks without asking."""
    found = []
    for path, tree in closure():
        for node in tree.body:  # a guarded or late import is no child of the module itself
            if isinstance(node, ast.Import):
                found += [f"{path}: {one.name}" for one in node.names if one.name in MODULES]
            if isinstance(node, ast.ImportFrom) and node.module in MODULES:
                found.append(f"{path}: {node.module}")
        used = {
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "os"
        }
        found += [f"{path}: os.{name}" for name in (used & NAMES) - GUARDED.get(path, set())]
    assert found == []


@pytest.fixture
def papers(tmp_path: Path) -> FakeInspectorate:
    """What reporters, overseers and custodians have in a folder: root.pub, a keyring, texts, a statement, a list."""
    made = FakeInspectorate(today=TODAY)
    (tmp_path / "root.pub").write_bytes(made.anchor.encode())
    (tmp_path / "kunci.dbxk").write_bytes(made.keyring())
    (tmp_path / "revocations").write_bytes(made.revocations())
    for name, text in (("isi.txt", "Diminta setoran – “tiap bulan”.\r\n"), ("diri.txt", "Siti\n"), ("isi2.txt", "x\n")):
        (tmp_path / name).write_text(text, "utf-8", newline="")
    secret = new_secret()
    (tmp_path / "kode.txt").write_text(secret.code, "utf-8")
    (tmp_path / "kata.txt").write_text(secret.words, "utf-8")
    desk = made.desks["itjen"]
    body = desk.head(datetime.datetime.now(datetime.UTC).year - 1).encode() + u32(9) + u32(4) + bytes(32)
    (tmp_path / "log").write_bytes(desk.signed("log statement", body))
    (tmp_path / "meja.request").write_bytes(encode_request(StationRequest("itjen", INSTANCE, desk.station.public)))
    return made


def test_reporters_overseers_and_custodians_need_no_posix(papers: FakeInspectorate, tmp_path: Path) -> None:
    """Their commands end well, and print in a Windows code page, with nothing of POSIX and no zones of the system."""
    file = tmp_path / "foto ✂ “é”.png"  # letters that the code page lacks
    file.write_bytes(b"1")
    root, one = tmp_path / "root.pub", tmp_path
    codes, said = like_windows(
        tmp_path,
        ["seal", "--keyring", one / "kunci.dbxk", "--root-pub", root, "--to", one / "laporan ✂.dbx", "--desk", "itjen",
         "--text-file", one / "isi.txt", "--who", "Kepala", "--where", "Kota", "--file", file],
        ["claim", "--root", root, "--desk", "itjen", "--challenge", "ab" * 32, "--statement-file", one / "isi2.txt",
         "--code-file", one / "kode.txt", "--words-file", one / "kata.txt", "--out", one / "klaim"],
        ["lpsk", "--agenda", "A/1", "--identity-file", one / "diri.txt", "--summary-file", one / "isi.txt",
         "--kind", "physical", "--out", one / "lpsk.html"],
        ["statement", one / "log", "--root", root, "--revocations", one / "revocations"],
        ["keys", "show", root],
        ["keys", "show", one / "meja.request"],
        ["keys", "show", one / "log"],
    )  # fmt: skip
    assert codes == [0] * 7, said
    assert "\\u2702" in said
    assert (one / "laporan ✂.dbx").stat().st_size > 2 * 16_384


@pytest.mark.parametrize("page", ["cp437"])
def test_a_courier_needs_no_posix(papers: FakeInspectorate, tmp_path: Path, page: str) -> None:
    """Request, certificate, export and import end well, and the second export under the same name is refused."""
    store = make_store(tmp_path)
    trust = Trust(papers.anchor, TODAY)
    wanted = signer.request(store, trust)
    certificate = Server(papers.root, papers.anchor).certificate(TODAY - 10, TODAY + 300, server=wanted.server)
    store.close()
    (tmp_path / "server.cert").write_bytes(certificate)
    (tmp_path / "dropbox.toml").write_text('[server]\ndatabase = "sqlite:///store.db"\nroot_pub = "root.pub"\n')
    config = ["--config", tmp_path / "dropbox.toml"]
    codes, said = like_windows(
        tmp_path,
        ["courier", "request", tmp_path / "server.request", *config],
        ["courier", "import", tmp_path / "server.cert", *config],
        ["courier", "import", tmp_path / "revocations", *config],
        ["courier", "export", tmp_path / "export-1", *config],
        ["courier", "export", tmp_path / "export-1", *config],
        page=page,
    )
    assert codes == [0, 0, 0, 0, 1], said
    assert (tmp_path / "export-1").read_bytes().startswith(b"DBXE")
    assert not list(tmp_path.glob("*.partial"))


def test_a_private_file_must_be_in_the_users_own_folder(tmp_path: Path) -> None:
    """On Windows a key is made below the home folder only, and not in OneDrive."""
    home = tmp_path / "Siti"
    (home / "OneDrive - Itjen").mkdir(parents=True)
    for name in ("home", "other"):
        (tmp_path / name).mkdir()
    secret = home / "sandi"
    secret.write_text("lima kata acak untuk semua")
    words = ["--label", "KPK", "--passphrase-file", secret]
    codes, said = like_windows(
        home,
        ["referral", "keygen", "--to", home / "kunci", *words],
        ["referral", "keygen", "--to", tmp_path / "other" / "kunci", *words],
        ["referral", "keygen", "--to", home / "OneDrive - Itjen" / "kunci", *words],
        ["referral", "show", home / "kunci" / "receiver.pub"],
        ["keys", "show", home / "kunci" / "receiver.pub"],
    )
    assert codes == [0, 1, 1, 0, 0], said
    assert said.count("OneDrive") == 2
    assert not (home / "OneDrive - Itjen" / "kunci" / "receiver.key").exists()


def test_nothing_names_a_package_that_nobody_owns() -> None:
    """No sentence, page or guide sends a reader to the public index for this program."""
    paths = [*PROJECT.glob("dropbox/sentences/*.toml"), *PROJECT.glob("templates/**/*.html"), *PROJECT.glob("*.md")]
    paths += [
        path
        for part in ("dropbox", "keys")
        for path in (PROJECT / part).rglob("*.md")
        if "node_modules" not in path.parts
    ]
    asked = re.compile(
        r"\b(?:pip|pipx|uv)\b.* (?:install|download|wheel|add)\b(?!.*--no-index).*\bdropbox[-_]itjen", re.IGNORECASE
    )
    found = [path.name for path in paths for line in path.read_text("utf-8").splitlines() if asked.search(line)]
    assert found == []
    assert asked.search("run pip install 'dropbox-itjen[triage]'") or asked.search("pip  install dropbox-itjen")
