"""The third implementation and a running installation: each opens what the other makes."""

import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dropbox.triage.vault import epochs
from dropbox.triage.vault.vault import Vault

from .blob import Opened, open_blob, split_blob
from .board import CellKeys, open_timeline
from .claim import read_claim
from .client import upload_by_form, upload_by_tus
from .downloads import Keyring, epoch_of, read_boards, read_keyring
from .export import Export, read_container, read_export
from .installation import Installation
from .primitives import sha256
from .returned import read_import
from .root import Trust, read_anchor
from .sealer import Address, Sealed, seal_message, write_container
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
OWN = ("V93E-0S39-AEJN-B67S", "kalkun rindang terus viral etika simbol juga fasih")
OWN_REPORT = {
    "channel": b"wbs",
    "category": b"pungli",
    "what": "Dari segel ketiga \N{EM DASH} uji.".encode(),
    "who": b"Pelaksana",
    "where": b"Kanwil",
    "lang": b"id",
}
OWN_FILE = {"name": b"bukti.txt", "type": b"text/plain"}
EVIDENCE = b"isi berkas\n" * 5000
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
def trust(site: Installation) -> Trust:
    return Trust(read_anchor((site.folder / "root/root.pub").read_bytes()), today(), ahead=2)


@pytest.fixture(scope="module")
def keyring(site: Installation, trust: Trust) -> Keyring:
    return read_keyring(site.get("/data/kunci"), trust)


@pytest.fixture(scope="module")
def own(site: Installation, trust: Trust, keyring: Keyring) -> list[Sealed]:
    """Messages that the third implementation sealed and uploaded: report and file by tus, an addition by form."""
    code = read_code(OWN[0])
    keys = ThreadKeys.derive(code, read_words(OWN[1], code), trust.anchor.instance, "itjen")
    slot = [each.certificate.desk for each in keyring.slots].index("itjen")
    epoch, key = max(keyring.slots[slot].carried.items())
    address = Address(trust.anchor.instance, "itjen", epoch, slot, len(keyring.slots), key)
    report = seal_message("report", OWN_REPORT, b"", keys, address, bytes(16), today())
    file = seal_message("file", OWN_FILE, EVIDENCE, keys, address, bytes(12) + b"\0\1\0\0", today())
    addition = seal_message("addition", {"what": b"Tambahan."}, b"", keys, address, b"later form.." + bytes(4), today())
    assert upload_by_tus(site.port, file, first=1000) == len(file.blob)
    assert upload_by_tus(site.port, report, first=len(report.blob)) == len(report.blob)
    assert upload_by_tus(site.port, report, first=len(report.blob)) == len(report.blob)
    assert upload_by_form(site.port, write_container(trust.anchor.instance, [addition])) == 200
    return [report, file, addition]


@pytest.fixture(scope="module")
def export(site: Installation, trust: Trust, own: list[Sealed], secret: tuple[str, str]) -> Export:
    """What the courier takes to the workstation."""
    site.run("courier", "export", str(site.folder / "export-1"), *site.config)
    return read_export((site.folder / "export-1").read_bytes(), trust)


@pytest.fixture(scope="module")
def secret(site: Installation) -> tuple[str, str]:
    """Code and words of a report that was sent without JavaScript."""
    return site.report(TEXTS)


@pytest.fixture(scope="module")
def cases(site: Installation, export: Export) -> list[dict[str, Any]]:
    """The desk's cases after its import. The report without JavaScript is answered, and the answer published."""
    answer, bundle, desk = site.folder / "answer.txt", str(site.folder / "return-1"), site.desk("itjen")
    answer.write_text(ANSWER, encoding="utf-8")
    site.run("triage", "import", str(site.folder / "export-1"), *desk)
    listed: list[dict[str, Any]] = json.loads(site.run("triage", "list", "--json", *desk))
    number = next(case["case"] for case in listed if case["fields"]["who"] == TEXTS["who"]).rpartition("-")[2]
    site.run("triage", "answer", number, "--status", "TELAAH", "--text-file", str(answer), *desk)
    site.run("triage", "publish", bundle, *desk)
    site.run("courier", "import", bundle, *site.config)
    return listed


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
    everything = read_keyring(site.get("/data/kunci-lengkap"), trust)
    epoch, key = next(iter(keyring.slots[1].carried.items()))
    assert key == everything.slots[1].carried[epoch] == public_key(seeds[epoch])


def test_exported_blob(export: Export, secret: tuple[str, str], trust: Trust, seeds: dict[int, bytes]) -> None:
    """An export counts; a blob holds what was typed without JavaScript, and the keys of code and words."""
    assert export.stage is None
    assert len(export.blobs) == 4
    keys = thread_keys(secret, trust)
    blob = dict(export.blobs)[keys.blob_id(bytes(16))]
    opened = open_at_desk(blob, trust, seeds)
    assert opened.member
    assert {name: opened.record[name].decode() for name in TEXTS} == TEXTS | {"what": TEXTS["what"].replace("\r", "")}
    own_keys = {"thread": keys.thread, "claim": keys.claim, "tag-key": keys.tag_key, "answer-key": keys.answer_key}
    assert {name: opened.record[name] for name in own_keys} == own_keys
    assert opened.record["auth-key"] == keys.auth_key
    assert opened.record["nonce"] == bytes(16)
    assert dict(export.held)[opened.envelope.epoch] == len(export.blobs)


def test_own_messages(own: list[Sealed], export: Export, cases: list[dict[str, Any]]) -> None:
    """What the third implementation sealed is exported once each as it was sent, and is one proven case at the desk."""
    exported = dict(export.blobs)
    assert [exported[each.blob_id] for each in own] == [each.blob for each in own]
    [case] = [case for case in cases if case["fields"]["who"] == OWN_REPORT["who"].decode()]
    assert case["proven"]
    assert [message["kind"] for message in case["messages"]] == ["report", "addition"]
    assert case["fields"]["what"] == OWN_REPORT["what"].decode()
    [file] = case["files"]
    assert (file["name"], file["size"], file["sha256"]) == ("bukti.txt", len(EVIDENCE), sha256(EVIDENCE).hex())


def test_return_and_board(
    site: Installation, secret: tuple[str, str], trust: Trust, export: Export, cases: list[dict[str, Any]]
) -> None:
    """A return has all blobs' receipts; code and words open the answer in its board and in the downloaded one."""
    assert len(cases) == 2
    taken = read_import((site.folder / "return-1").read_bytes(), trust)
    assert {sha256(blob) for _, blob in export.blobs} == set(taken.receipts[0])
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
