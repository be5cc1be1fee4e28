"""The third reader opens what a running installation makes: downloads, export, blob, return, answer, container."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest

from dropbox.triage.vault import epochs
from dropbox.triage.vault.vault import Vault

from .blob import Opened, open_blob, split_blob
from .board import CellKeys, open_timeline
from .claim import read_claim
from .downloads import Keyring, epoch_of, read_boards, read_keyring
from .export import read_container, read_export
from .installation import Installation
from .primitives import sha256
from .returned import read_import
from .root import Trust, read_anchor
from .secret import ThreadKeys, read_code, read_words
from .xwing import public_key

TEXTS = {
    "what": "Kepala kantor minta uang untuk SK.\r\nSudah dua kali \U0001f64f.",
    "who": "Kepala kantor",
    "where": "Kabupaten Contoh",
    "desk": "itjen",
    "channel": "wbs",
    "category": "pungli",
    "x-how": "tunai",
}
ANSWER = "Laporan Anda sedang ditelaah \N{EM DASH} terima kasih."


def today() -> int:
    return (datetime.datetime.now(datetime.UTC).date() - datetime.date(1970, 1, 1)).days


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A running demo."""
    made = Installation(tmp_path_factory.mktemp("third") / "demo")
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def secret(site: Installation) -> tuple[str, str]:
    """Code and words of a report that was sent without JavaScript, taken in, answered, and answered in public."""
    code, words = site.report(TEXTS)
    export, bundle, answer = (str(site.folder / name) for name in ("export-1", "return-1", "answer.txt"))
    Path(answer).write_text(ANSWER, encoding="utf-8")
    site.run("courier", "export", export, *site.config)
    desk = site.desk("itjen")
    site.run("triage", "import", export, *desk)
    site.run("triage", "answer", "1", "--status", "TELAAH", "--text-file", answer, *desk)
    site.run("triage", "publish", bundle, *desk)
    site.run("courier", "import", bundle, *site.config)
    return code, words


@pytest.fixture(scope="module")
def trust(site: Installation) -> Trust:
    return Trust(read_anchor((site.folder / "root/root.pub").read_bytes()), today(), ahead=2)


@pytest.fixture(scope="module")
def keyring(site: Installation, trust: Trust) -> Keyring:
    return read_keyring(site.get("/data/kunci-lengkap"), trust)


@pytest.fixture(scope="module")
def seeds(site: Installation) -> dict[int, bytes]:
    """The desk's private keys about today, which the program gives: their files have the station's own form."""
    passphrase = (site.folder / "passphrase").read_text().strip()
    with Vault.open(site.folder / "vault-itjen", "kepala", passphrase) as vault:
        keys = {epoch: epochs.secret_key(vault, epoch) for epoch in {epoch_of(today() - 1), epoch_of(today() + 1)}}
    return {epoch: key.seed for epoch, key in keys.items() if key is not None}


def open_at_desk(blob: bytes, trust: Trust, seeds: dict[int, bytes]) -> Opened:
    instance = trust.anchor.instance
    return open_blob(blob, instance, "itjen", seeds[split_blob(blob, instance).epoch])


def thread_keys(secret: tuple[str, str], trust: Trust) -> ThreadKeys:
    code = read_code(secret[0])
    return ThreadKeys.derive(code, read_words(secret[1], code), trust.anchor.instance, "itjen")


def test_keyring(site: Installation, keyring: Keyring, trust: Trust, seeds: dict[int, bytes]) -> None:
    """Both keyring files lead to the root, and carry the public half of this week's key for two open desks."""
    assert [slot.certificate.desk for slot in keyring.slots if slot.open] == ["irjen", "itjen"]
    now = read_keyring(site.get("/data/kunci"), trust)
    epoch, key = next(iter(now.slots[1].carried.items()))
    assert key == keyring.slots[1].carried[epoch] == public_key(seeds[epoch])


def test_exported_blob(site: Installation, secret: tuple[str, str], trust: Trust, seeds: dict[int, bytes]) -> None:
    """An export counts; its blob holds what the reporter typed, the keys of code and words, and the id of its nonce."""
    export = read_export((site.folder / "export-1").read_bytes(), trust)
    assert export.stage is None
    [(blob_id, blob)] = export.blobs
    opened = open_at_desk(blob, trust, seeds)
    assert dict(export.held)[opened.envelope.epoch] == 1
    keys = thread_keys(secret, trust)
    assert opened.member
    assert {name: opened.record[name].decode() for name in TEXTS} == TEXTS | {"what": TEXTS["what"].replace("\r", "")}
    own = {"thread": keys.thread, "claim": keys.claim, "tag-key": keys.tag_key, "answer-key": keys.answer_key}
    assert {name: opened.record[name] for name in own} == own
    assert opened.record["auth-key"] == keys.auth_key
    assert blob_id == keys.blob_id(opened.record["nonce"])


def test_return_and_board(site: Installation, secret: tuple[str, str], trust: Trust) -> None:
    """A return has the blob's receipt; code and words open the answer in its board and in the downloaded one."""
    taken = read_import((site.folder / "return-1").read_bytes(), trust)
    [(_, blob)] = read_export((site.folder / "export-1").read_bytes(), trust).blobs
    assert sha256(blob) in taken.receipts[0]
    keys = thread_keys(secret, trust)
    cell_keys = CellKeys(trust.anchor.instance, "itjen", keys.tag_key, keys.answer_key)
    assert taken.board is not None
    _, entries = open_timeline(taken.cells, cell_keys, taken.board.head.number)
    assert entries[-1]["text"].decode() == ANSWER
    assert [entry["status"] for entry in entries if "status" in entry][-1] == b"TELAAH"

    boards = {board.signed.head.desk: board for board in read_boards(site.get("/data/papan"), trust)}
    assert sorted(boards) == ["irjen", "itjen"]
    downloaded = boards["itjen"]
    assert len(downloaded.cells) == 64
    assert open_timeline(downloaded.cells, cell_keys, downloaded.signed.head.number)[1] == entries


def test_sealed_off_line(site: Installation, trust: Trust, seeds: dict[int, bytes], tmp_path: Path) -> None:
    """What `dropbox seal` writes is a container: the text first, then the file, of one thread, and each opens."""
    evidence = bytes(range(256)) * 300
    (tmp_path / "kunci").write_bytes(site.get("/data/kunci-lengkap"))
    (tmp_path / "text.txt").write_text("Sudah lama.", encoding="utf-8")
    (tmp_path / "bukti.bin").write_bytes(evidence)
    site.run(
        "seal", "--keyring", str(tmp_path / "kunci"), "--root-pub", str(site.folder / "root/root.pub"),
        "--to", str(tmp_path / "laporan.dbx"), "--desk", "itjen", "--text-file", str(tmp_path / "text.txt"),
        "--who", "Kepala kantor", "--where", "Kabupaten Contoh", "--file", str(tmp_path / "bukti.bin"),
    )  # fmt: skip
    container = read_container((tmp_path / "laporan.dbx").read_bytes(), trust.anchor.instance)
    assert container.stage is None
    text, file = (open_at_desk(blob, trust, seeds) for _, _, blob in container.blobs)
    assert text.member
    assert file.member
    assert text.record["thread"] == file.record["thread"]
    assert text.record["what"].decode().strip() == "Sudah lama."
    assert (file.record["name"], file.file) == (b"bukti.bin", evidence)


def test_claim(site: Installation, secret: tuple[str, str], trust: Trust, tmp_path: Path) -> None:
    """A claim that `dropbox claim` makes verifies under the key that code and words give."""
    challenge = bytes(range(32))
    files = {"code": secret[0], "words": secret[1], "statement": "Saya yang menulis laporan ini."}
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
        (tmp_path / name).chmod(0o600)
    site.run(
        "claim", "--root", str(site.folder / "root/root.pub"), "--desk", "itjen", "--challenge", challenge.hex(),
        "--statement-file", str(tmp_path / "statement"), "--code-file", str(tmp_path / "code"),
        "--words-file", str(tmp_path / "words"), "--out", str(tmp_path / "claim"),
    )  # fmt: skip
    key = thread_keys(secret, trust).claim
    said = read_claim((tmp_path / "claim").read_bytes(), trust.anchor.instance, "itjen", challenge, key)
    assert said == files["statement"]
