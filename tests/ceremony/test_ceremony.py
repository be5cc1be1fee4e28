"""The ceremony: private files are their owner's alone, serials are used once, and what it signs is believed."""

import errno
import hashlib
import io
import os
import resource
import stat
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import dropbox
from dropbox.ceremony import authority, manifests, recovery
from dropbox.ceremony.describe import describe
from dropbox.cli import main
from dropbox.crypto.exports import open_server_certificate
from dropbox.crypto.private.private_files import Cost
from dropbox.crypto.signing import Trust, open_revocations, verify_certificate
from dropbox.crypto.words import word_list
from dropbox.errors import (
    ConfigurationError,
    MalformedError,
    NotFoundError,
    RefusedError,
    StorageFullError,
    UntrustedError,
    WrongPassphraseError,
)
from dropbox.sentences.catalogue import Sentence
from dropbox.wire.keyring import PRIVATE_FILE_LINE, RootAnchor, parse_anchor
from dropbox.wire.manifest import Answer, SiteManifest
from dropbox.wire.request import StationRequest, encode_request
from dropbox.wire.server import ServerRequest
from dropbox.wire.signed import Certificate, split_certificate_file

PASSPHRASE = "a long enough passphrase"
CHEAP = Cost(1, 64, 1)
TODAY = 20_780
PROJECT = Path(dropbox.__file__).parents[1]


@pytest.fixture
def root(tmp_path: Path) -> authority.Root:
    """A root in tmp_path/root."""
    authority.make_root(tmp_path / "root", demo=False, today=TODAY, days=1000, passphrase=PASSPHRASE, cost=CHEAP)
    return authority.open_root(tmp_path / "root", PASSPHRASE)


def request_of(root: authority.Root, desk: str = "itjen", station: bytes = b"\x07" * 32) -> StationRequest:
    return StationRequest(desk, root.anchor.instance, station)


def given(root: authority.Root, **choices: Any) -> Certificate:
    """The certificate that the ceremony gives today, verified."""
    raw, _ = split_certificate_file(authority.certify(root, request_of(root, **choices), today=TODAY, days=10))
    return verify_certificate(Trust(root.anchor, TODAY), raw)


def serials(folder: Path) -> set[int]:
    return {one.serial for one in authority.serials(folder)}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_files_and_modes(root: authority.Root) -> None:
    """root.key is wrapped and private, root.pub public, nothing else is there."""
    assert sorted(path.name for path in root.folder.iterdir()) == [
        *("revocations", "root.key", "root.pub", "serials.txt", "site-manifest")
    ]
    assert mode(root.folder) == 0o700
    assert mode(root.folder / "root.key") == 0o600
    key = (root.folder / "root.key").read_bytes()
    assert key.startswith(PRIVATE_FILE_LINE + b"\nkind: root\nname: root\nargon2id: ")
    assert root.key.seed not in key
    assert root.key.seed.hex().encode() not in key
    assert parse_anchor((root.folder / "root.pub").read_bytes()) == root.anchor


def test_default_cost_is_the_one_of_limits(tmp_path: Path) -> None:
    """A root is wrapped at full cost unless a test asks for less."""
    authority.make_root(tmp_path / "root", demo=False, today=TODAY, days=1, passphrase=PASSPHRASE)
    assert b"argon2id: t=3 m=65536 p=4\n" in (tmp_path / "root" / "root.key").read_bytes()


def test_readable_by_others_is_refused(root: authority.Root) -> None:
    (root.folder / "root.key").chmod(0o640)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        authority.open_root(root.folder, PASSPHRASE)


def test_open_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "root").chmod(0o755)
    with pytest.raises(ConfigurationError, match="chmod 700"):
        authority.make_root(tmp_path / "root", demo=False, today=TODAY, days=1, passphrase=PASSPHRASE, cost=CHEAP)


def test_a_disk_without_permissions_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where every folder is open to others, as on FAT, the sentence names the file systems and not chmod."""
    make = Path.mkdir

    def as_on_fat(path: Path, mode: int = 0o777, *, parents: bool = False, exist_ok: bool = False) -> None:
        make(path, mode, parents, exist_ok)
        path.chmod(0o755)

    monkeypatch.setattr(Path, "mkdir", as_on_fat)
    with pytest.raises(ConfigurationError, match="exFAT"):
        authority.make_root(tmp_path / "root", demo=False, today=TODAY, days=1, passphrase=PASSPHRASE, cost=CHEAP)
    assert list((tmp_path / "root").iterdir()) == []


def test_wrong_passphrase(root: authority.Root) -> None:
    with pytest.raises(WrongPassphraseError):
        authority.open_root(root.folder, PASSPHRASE + "x")


def test_exchanged_anchor(root: authority.Root) -> None:
    """A root.pub with another instance beside the key is noticed."""
    (root.folder / "root.pub").write_bytes(replace(root.anchor, instance=bytes(16)).encode())
    with pytest.raises(RefusedError, match="belong together"):
        authority.open_root(root.folder, PASSPHRASE)


def test_a_root_is_made_once(root: authority.Root) -> None:
    before = {path.name: path.read_bytes() for path in root.folder.iterdir()}
    with pytest.raises(RefusedError, match="made once"):
        authority.make_root(root.folder, demo=False, today=TODAY, days=1, passphrase=PASSPHRASE, cost=CHEAP)
    assert {path.name: path.read_bytes() for path in root.folder.iterdir()} == before


def test_repr_shows_no_seed(root: authority.Root) -> None:
    assert root.key.seed.hex() not in repr(root)
    assert repr(root.key.seed) not in repr(root)


# --- the project's keys/ folder ------------------------------------------------------------------------------


def test_keys_folder_holds_no_private_file() -> None:
    """Nor does any file that git would carry."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        check=False,
    ).stdout.split(b"\0")
    files = [PROJECT / name.decode() for name in listed if name]
    for path in {*files, *(PROJECT / "keys").rglob("*")}:
        if path.is_file():
            with path.open("rb") as file:
                assert file.read(len(PRIVATE_FILE_LINE)) != PRIVATE_FILE_LINE, path


def test_keys_folder_explains_itself() -> None:
    assert "No private file may ever be here" in (PROJECT / "keys" / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", ["keys", "keys/root", "sub/../keys"])
def test_root_is_never_made_in_keys(tmp_path: Path, name: str) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "sub").mkdir()
    with pytest.raises(RefusedError, match="public"):
        authority.make_root(tmp_path / name, demo=True, today=TODAY, days=1, passphrase=PASSPHRASE, cost=CHEAP)
    assert not (tmp_path / "keys").exists()


def test_link_to_keys(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(PROJECT / "keys")
    assert authority.in_keys_folder(tmp_path / "link")
    assert not authority.in_keys_folder(tmp_path / "keys")


# --- certificates ---------------------------------------------------------------------------------------------


def test_certificate_is_believed(root: authority.Root) -> None:
    """On its first and last day, and on no other."""
    raw, _ = split_certificate_file(authority.certify(root, request_of(root), today=TODAY, days=100))
    certificate = verify_certificate(Trust(root.anchor, TODAY), raw)
    assert (certificate.desk, certificate.station, certificate.serial) == ("itjen", b"\x07" * 32, 1)
    assert not certificate.demo
    assert verify_certificate(Trust(root.anchor, TODAY + 100), raw) == certificate
    for day in (TODAY - 1, TODAY + 101):
        with pytest.raises(UntrustedError):
            verify_certificate(Trust(root.anchor, day), raw)


def test_serials_go_on(root: authority.Root) -> None:
    """Each is written down and none is given twice."""
    for desk in ("itjen", "irjen"):
        authority.certify(root, request_of(root, desk), today=TODAY, days=10)
    authority.certify(root, request_of(root), today=TODAY, days=10, serial=40)
    authority.certify(root, request_of(root), today=TODAY, days=10)
    assert serials(root.folder) == {1, 2, 40, 41}
    lines = (root.folder / "serials.txt").read_text().splitlines()[1:]
    assert lines[1] == f"2 irjen {TODAY} {TODAY + 10} {'07' * 32}"
    with pytest.raises(RefusedError, match="used before"):
        authority.certify(root, request_of(root), today=TODAY, days=10, serial=2)


@pytest.mark.parametrize("serial", [0, -1, 2**16, 2**32])
def test_impossible_serial(root: authority.Root, serial: int) -> None:
    with pytest.raises(RefusedError, match="a serial is"):
        authority.certify(root, request_of(root), today=TODAY, days=10, serial=serial)


def test_missing_serials(root: authority.Root) -> None:
    """Without the list nothing is signed: a serial could be given twice."""
    (root.folder / "serials.txt").unlink()
    with pytest.raises(NotFoundError, match="serials"):
        authority.certify(root, request_of(root), today=TODAY, days=10)
    with pytest.raises(NotFoundError, match="serials"):
        authority.revoke(root, {1}, TODAY)


@pytest.mark.parametrize("name", ["serials.txt", "revocations", "site-manifest"])
def test_a_record_that_cannot_be_read_is_not_called_missing(
    root: authority.Root, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The error says that it cannot be read: nobody should replace it by an older copy."""
    read = Path.read_bytes

    def failing(path: Path) -> bytes:
        if path.name == name:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", failing)
    body = proposal(root.anchor.instance, 1)
    with pytest.raises(ConfigurationError) as raised:
        if name == "site-manifest":
            manifests.sign(root, body)
        else:
            authority.revoke(root, set(), TODAY)
    assert raised.value.code == "file.name-unreadable"


def test_a_record_in_a_folder_that_may_not_be_entered_is_not_called_missing(
    root: authority.Root, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The records of a copy say that the file cannot be read, not that it should be brought from elsewhere."""
    look, opened = Path.lstat, io.open

    def refuse(path: Any, call: Callable[..., Any], *more: Any, **named: Any) -> Any:
        if str(path).endswith("serials.txt"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return call(path, *more, **named)

    monkeypatch.setattr(Path, "lstat", lambda path: refuse(path, look))
    monkeypatch.setattr(io, "open", lambda path, *more, **named: refuse(path, opened, *more, **named))
    with pytest.raises(NotFoundError) as raised:
        recovery.read_records(root.folder)
    assert raised.value.code == "file.name-unreadable"


def test_damaged_serials(root: authority.Root) -> None:
    (root.folder / "serials.txt").write_text("one itjen\n")
    with pytest.raises(MalformedError):
        authority.certify(root, request_of(root), today=TODAY, days=10)


def test_what_is_not_certified(root: authority.Root) -> None:
    """More than 100 days, beyond the root's end, another instance; and no serial is spent on it."""
    request = request_of(root)
    with pytest.raises(RefusedError, match="100"):
        authority.certify(root, request, today=TODAY, days=101)
    with pytest.raises(RefusedError, match="outlive"):
        authority.certify(root, request, today=TODAY + 950, days=51)
    with pytest.raises(RefusedError, match="another root"):
        authority.certify(root, replace(request, instance=bytes(16)), today=TODAY, days=1)
    assert serials(root.folder) == set()


def test_revocations_accumulate(root: authority.Root) -> None:
    """Each list has the next number, the key of each serial that was named, and every earlier key."""
    raw = [
        authority.certify(root, request_of(root, station=station * 32), today=TODAY, days=10)
        for station in (b"a", b"b", b"c")
    ]
    authority.revoke(root, {3}, TODAY)
    listed = open_revocations(root.anchor, authority.revoke(root, {1}, TODAY + 1))
    assert (listed.number, listed.made) == (6, TODAY + 1)
    assert listed.keys == {b"a" * 32: TODAY + 1, b"c" * 32: TODAY}
    trust = Trust(root.anchor, TODAY, frozenset(listed.keys))
    assert verify_certificate(trust, split_certificate_file(raw[1])[0]).serial == 2
    with pytest.raises(UntrustedError, match="revoked"):
        verify_certificate(trust, split_certificate_file(raw[0])[0])


def test_a_revoked_key_is_never_certified_again(root: authority.Root) -> None:
    """A revocation ends the key under every serial, and the ceremony says why it refuses; another key it certifies."""
    given(root)
    given(root)
    authority.revoke(root, {2}, TODAY)
    assert authority.revoked_serials(root) == [1, 2]
    with pytest.raises(RefusedError, match="this key was revoked"):
        authority.certify(root, request_of(root), today=TODAY, days=10)
    assert serials(root.folder) == {1, 2}, "a refused certificate spends no serial"
    assert given(root, station=b"n" * 32).serial == 3


def test_a_successor_is_called_one(root: authority.Root) -> None:
    """The first key of a desk and its renewals are none; every later certificate of another key is one."""
    assert not given(root).successor
    assert not given(root).successor
    assert not given(root, desk="irjen", station=b"i" * 32).successor
    assert given(root, station=b"n" * 32).successor


def test_each_certificate_comes_with_a_list_of_its_day(root: authority.Root) -> None:
    """Numbers rise; the day is the certificate's."""
    days, made = (TODAY, TODAY + 50, TODAY + 50), []
    for day in days:
        _, listed = split_certificate_file(authority.certify(root, request_of(root), today=day, days=10))
        made.append((open_revocations(root.anchor, listed).number, open_revocations(root.anchor, listed).made))
    assert made == [(2, TODAY), (3, TODAY + 50), (4, TODAY + 50)]


def test_a_clock_behind_the_last_list_is_refused(root: authority.Root) -> None:
    """No serial is spent and no list signed that every reader would refuse."""
    given(root)
    authority.revoke(root, set(), TODAY + 400)
    before = {path.name: path.read_bytes() for path in root.folder.iterdir()}
    with pytest.raises(RefusedError, match="set the clock right"):
        authority.certify(root, request_of(root), today=TODAY + 1, days=10)
    with pytest.raises(RefusedError, match="set the clock right"):
        authority.revoke(root, {1}, TODAY + 1)
    assert {path.name: path.read_bytes() for path in root.folder.iterdir()} == before


def test_without_the_list_of_revocations_nothing_is_signed(root: authority.Root) -> None:
    """A list that is missing, or names a key that serials.txt never had, is refused: a revoked key could come back."""
    given(root)
    authority.revoke(root, {1}, TODAY)
    kept = (root.folder / "serials.txt").read_bytes()
    (root.folder / "serials.txt").write_bytes(kept.splitlines(keepends=True)[0])
    with pytest.raises(RefusedError, match="do not belong together"):
        authority.certify(root, request_of(root, station=b"n" * 32), today=TODAY, days=10)
    (root.folder / "serials.txt").write_bytes(kept)
    (root.folder / "revocations").unlink()
    with pytest.raises(NotFoundError, match="revocations"):
        authority.certify(root, request_of(root, station=b"n" * 32), today=TODAY, days=10)
    with pytest.raises(NotFoundError, match="revocations"):
        authority.revoke(root, {1}, TODAY)


def test_unknown_serial_is_not_revoked(root: authority.Root) -> None:
    with pytest.raises(RefusedError, match="never given"):
        authority.revoke(root, {5}, TODAY)


# --- the command line -------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a passphrase file, and a root made by the command."""
    path = tmp_path / "passphrase"
    path.write_text(PASSPHRASE + "\n")
    path.chmod(0o600)
    assert main(["keys", "root", "--to", str(tmp_path / "root"), "--passphrase-file", str(path)]) == 0
    return tmp_path


def keys(folder: Path, *arguments: str, private: bool = True) -> int:
    """Run `dropbox keys …` with paths in the folder for arguments with an @."""
    given = [argument.replace("@", f"{folder}/") for argument in arguments]
    more = ["--root", f"{folder}/root", "--passphrase-file", f"{folder}/passphrase"] if private else []
    return main(["keys", *given, *more])


def anchor_of(folder: Path) -> RootAnchor:
    return parse_anchor((folder / "root" / "root.pub").read_bytes())


def test_root_prints_the_fingerprint(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Twelve words of the list, the same that `show` prints, with the advice to read them aloud."""
    capsys.readouterr()
    assert main(["keys", "root", "--to", f"{folder}/other", "--passphrase-file", f"{folder}/passphrase"]) == 0
    made = capsys.readouterr().out
    assert "Read the twelve words aloud" in made
    assert keys(folder, "show", "@other/root.pub", private=False) == 0
    words = capsys.readouterr().out.splitlines()[-2].strip()
    assert len(words.split()) == 12
    assert set(words.split()) <= set(word_list())
    assert words in made


def test_fingerprints_are_stable() -> None:
    """The fingerprint of a given root.pub never changes: it is on posters. Computed here from FORMAT.md alone."""
    anchor = RootAnchor(bytes(range(16)), bytes(range(32)), demo=False, last=21_000)
    label, file = b"dropbox/v1/root fingerprint", anchor.encode()
    message = len(label).to_bytes(4, "big") + label + len(file).to_bytes(4, "big") + file
    digest = hashlib.blake2b(message, digest_size=32).hexdigest()
    words, shown = (line.strip() for line in describe(file)[-2:])
    assert shown.replace(" ", "") == digest
    assert digest.startswith("548984fb9982c956573304591fb7cb97")
    bits = bin(int("1" + digest, 16))[3:]  # the 1 keeps leading zeros
    assert words.split() == [word_list()[int(bits[at : at + 11], 2)] for at in range(0, 132, 11)]


@pytest.mark.parametrize("words", [("certify", "@request"), ("revoke", "1")])
def test_a_number_is_used_only_if_its_file_can_be_written(
    folder: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that is not there is noticed before; after a disk that fails later the minutes' numbers are printed."""
    monkeypatch.setenv("DROPBOX_LANG", "en")
    (folder / "request").write_bytes(encode_request(StationRequest("itjen", anchor_of(folder).instance, b"\x09" * 32)))
    assert keys(folder, "certify", "@request", "--to", "@first") == 0
    records = {path: path.read_bytes() for path in (folder / "root").iterdir()}
    assert keys(folder, *words, "--to", "@stick/new") == 1
    assert {path: path.read_bytes() for path in (folder / "root").iterdir()} == records
    capsys.readouterr()

    def full(path: Path, *_data: object, **_mode: object) -> None:
        raise StorageFullError("file.name-unwritable", name=path.name, system=28)

    monkeypatch.setattr("dropbox.ceremony.cli.write_whole", full)
    assert keys(folder, *words, "--to", "@new") == 1
    serial = 2 if words[0] == "certify" else 1
    said = capsys.readouterr().out
    assert "numbers were used up" in said
    assert f"last serial {serial}, list of revocations 3" in said


@pytest.mark.parametrize("words", [("certify", "@request"), ("revoke", "1"), ("sign-manifest", "@proposal")])
def test_without_a_record_nothing_is_signed(
    root: authority.Root,
    tmp_path: Path,
    words: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A missing record is named before a number is used up: the act could not end with its minutes."""
    monkeypatch.setenv("DROPBOX_LANG", "en")
    monkeypatch.setattr("dropbox.ceremony.cli._today", lambda: TODAY)
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    (tmp_path / "passphrase").chmod(0o600)
    (tmp_path / "request").write_bytes(encode_request(request_of(root)))
    (tmp_path / "proposal").write_bytes(proposal(root.anchor.instance, 1))
    given(root)
    for name in ("site-manifest", "revocations", "serials.txt", "root.pub"):
        (root.folder / name).rename(tmp_path / name)
        records = {path: path.read_bytes() for path in root.folder.iterdir()}
        assert keys(tmp_path, *words, "--to", "@new") == 1
        assert name in capsys.readouterr().err
        assert {path: path.read_bytes() for path in root.folder.iterdir()} == records
        assert not (tmp_path / "new").exists()
        (tmp_path / name).rename(root.folder / name)
    assert keys(tmp_path, *words, "--to", "@new") == 0


def proposal(instance: bytes, number: int) -> bytes:
    """The body of a site's manifest with one address."""
    answers = {"/": Answer(bytes(32), fixed=False)}
    return SiteManifest(instance, number, TODAY, "0.2.0", bytes(32), "default-src 'none'", b"{}", answers).encode()


def test_the_records_of_a_new_root_say_that_no_manifest_is_signed(root: authority.Root) -> None:
    """The line is not empty, and `show` explains it."""
    kept = (root.folder / "site-manifest").read_bytes()
    assert kept == authority.NO_MANIFEST
    assert describe(kept) == [Sentence("describe.no-manifest")]


@pytest.mark.parametrize("kept", [b"", authority.NO_MANIFEST[:-1], b"# serial desk\n", b"DBXH"])
def test_an_empty_or_foreign_record_of_manifests_is_refused(root: authority.Root, kept: bytes) -> None:
    """A record that was cut does not count as "none yet": the root would sign an older manifest."""
    manifests.sign(root, proposal(root.anchor.instance, 7))
    (root.folder / "site-manifest").write_bytes(kept)
    with pytest.raises(MalformedError, match="site-manifest"):
        manifests.sign(root, proposal(root.anchor.instance, 6))
    with pytest.raises(MalformedError, match="site-manifest"):
        recovery.read_records(root.folder)
    assert (root.folder / "site-manifest").read_bytes() == kept


def test_another_roots_manifest_is_no_record(root: authority.Root, tmp_path: Path) -> None:
    """The newest number is this root's own, and nobody else's."""
    authority.make_root(tmp_path / "other", demo=False, today=TODAY, days=9, passphrase=PASSPHRASE, cost=CHEAP)
    other = authority.open_root(tmp_path / "other", PASSPHRASE)
    (root.folder / "site-manifest").write_bytes(manifests.sign(other, proposal(other.anchor.instance, 1)))
    with pytest.raises(UntrustedError, match="site-manifest"):
        manifests.sign(root, proposal(root.anchor.instance, 2))


def test_a_manifests_number_does_not_jump(root: authority.Root) -> None:
    """A server that proposes the last number there is cannot end verification for this root."""
    instance = root.anchor.instance
    for refused, signed in ((65_535, 1), (102, 101), (202, 201)):
        with pytest.raises(RefusedError, match="proposes a higher number"):
            manifests.sign(root, proposal(instance, refused))
        manifests.sign(root, proposal(instance, signed))
    assert recovery.read_records(root.folder).last_manifest == 201


def test_ceremony_by_command(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Request, certificate, revocation: each file is made and told; the advice names no import that does not exist."""
    request = StationRequest("itjen", anchor_of(folder).instance, b"\x09" * 32)
    (folder / "request").write_bytes(encode_request(request))
    assert keys(folder, "show", "@request", private=False) == 0
    asked = capsys.readouterr().out
    assert keys(folder, "certify", "@request", "--to", "@itjen.cert") == 0
    told = capsys.readouterr().out
    assert asked.splitlines()[2] in told
    assert keys(folder, "certify", "@request", "--to", "@itjen.cert") == 1
    assert serials(folder / "root") == {1}, "a refused certificate spends no serial"
    assert keys(folder, "revoke", "1", "--to", "@revoked") == 0
    revoked = capsys.readouterr().out
    assert "at the server" in revoked
    assert "these serials no longer hold: 1" in revoked
    assert keys(folder, "show", "@itjen.cert", private=False) == 0
    assert keys(folder, "show", "@revoked", private=False) == 0
    shown = capsys.readouterr().out
    assert "certificate 1 of the desk itjen" in shown
    assert "list 3 of revocations" in shown
    assert "no signature was verified" in shown


def test_serials_end_where_a_stations_numbers_would(root: authority.Root) -> None:
    """After 65535 the next serial is refused with a sentence; the last one is not."""
    authority.certify(root, request_of(root), today=TODAY, days=10, serial=65_535)
    with pytest.raises(RefusedError, match="65535"):
        authority.certify(root, request_of(root), today=TODAY, days=10)


def test_the_command_guards_its_process(folder: Path) -> None:
    """No core dump, and what it writes is its owner's alone, but for what is made to be carried."""
    assert max(resource.getrlimit(resource.RLIMIT_CORE)) in (0, 1)  # 0 where it was before
    assert os.umask(0o077) == 0o077
    assert mode(folder / "root" / "root.pub") == 0o644
    assert mode(folder / "root" / "serials.txt") == 0o600


@pytest.mark.parametrize("days", ["0", "101", "-3"])
def test_days_out_of_range(folder: Path, days: str) -> None:
    (folder / "request").write_bytes(encode_request(StationRequest("itjen", anchor_of(folder).instance, bytes(32))))
    assert keys(folder, "certify", "@request", "--to", "@c", "--days", days) in {1, 2}
    assert not (folder / "c").exists()


def test_show_of_a_private_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Clearly, and without its contents."""
    capsys.readouterr()
    assert keys(folder, "show", "@root/root.key", private=False) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("this is a private file (kind: root)\n")
    assert "salt" not in shown


@pytest.mark.parametrize("content", [b"", b"kanari-4711", b"dropbox root key v1\nkanari-4711", b"DBXRkanari-4711"])
def test_show_of_anything_else(folder: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "x").write_bytes(content)
    capsys.readouterr()
    assert keys(folder, "show", "@x", private=False) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "kanari" not in shown.err
    assert "internal error" not in shown.err


def test_private_file_as_request(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert keys(folder, "certify", "@root/root.key", "--to", "@c") == 1
    assert "private file" in capsys.readouterr().err


def test_short_passphrase(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "p").write_text("short\n")
    (tmp_path / "p").chmod(0o600)
    assert main(["keys", "root", "--to", str(tmp_path / "root"), "--passphrase-file", str(tmp_path / "p")]) == 1
    assert "12 characters" in capsys.readouterr().err
    assert not (tmp_path / "root").exists()


def test_typed_passphrase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked twice; two different ones make nothing."""
    typed = iter([PASSPHRASE, PASSPHRASE + "x", PASSPHRASE, PASSPHRASE])
    monkeypatch.setattr("getpass.getpass", lambda _: next(typed))
    assert main(["keys", "root", "--to", str(tmp_path / "root")]) == 1
    assert not (tmp_path / "root").exists()
    assert main(["keys", "root", "--to", str(tmp_path / "root")]) == 0


def test_file_signatures(root: authority.Root, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The root signs one file: that file is verified under that root.pub, and nothing else is."""
    file, secret, signature = tmp_path / "pengunci.html", tmp_path / "passphrase", tmp_path / "pengunci.html.sig"
    file.write_bytes(b"<!doctype html>")
    secret.write_text(PASSPHRASE)
    secret.chmod(0o600)
    sign = ["keys", "sign-file", file, "--root", root.folder, "--to", signature, "--passphrase-file", secret]
    check = ["keys", "verify", file, signature, "--root-pub", root.folder / "root.pub"]
    assert main([*map(str, sign)]) == 0
    assert hashlib.sha256(file.read_bytes()).hexdigest() in capsys.readouterr().out
    assert main([*map(str, check)]) == 0
    assert capsys.readouterr().out.startswith("good: ")
    assert main([*map(str, sign)]) == 1  # not overwritten
    good = signature.read_bytes()
    for bad in (good[:-1], good + b"x", good[:-1] + bytes([good[-1] ^ 1]), good[:5] + bytes(16) + good[21:], b""):
        signature.write_bytes(bad)
        assert main([*map(str, check)]) == 1
    signature.write_bytes(good)
    file.write_bytes(b"<!doctype html> ")
    assert main([*map(str, check)]) == 1
    assert "another file" in capsys.readouterr().err
    other = tmp_path / "other"
    authority.make_root(other, demo=True, today=TODAY, days=9, passphrase=PASSPHRASE, cost=CHEAP)
    file.write_bytes(b"<!doctype html>")
    assert main([*map(str, [*check[:-1], other / "root.pub"])]) == 1


def test_a_file_signature_is_no_other_signature(root: authority.Root) -> None:
    """The label keeps a signed file from being taken for a list of revocations."""
    from dropbox.crypto.signing import verify_file
    from dropbox.wire.signed import FileSignature, Revocations

    body = Revocations(root.anchor.instance, 1, TODAY, {bytes(32): TODAY}).encode()
    signature = root.key.sign("revocations", root.anchor.instance, body)
    with pytest.raises(UntrustedError):
        verify_file(
            root.anchor,
            body,
            FileSignature(root.anchor.instance, hashlib.sha256(body).digest(), signature).encode(),
        )


def test_the_server_is_certified_for_exports_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its request is told from a desk's, its words are shown, 400 days are its most, and its key is no desk's."""
    anchor = anchor_of(folder)
    (folder / "request").write_bytes(ServerRequest(anchor.instance, b"\x0b" * 32).encode())
    assert keys(folder, "show", "@request", private=False) == 0
    asked = capsys.readouterr().out
    assert "to sign exports" in asked
    assert keys(folder, "certify", "@request", "--to", "@server.cert", "--days", "401") == 1
    assert keys(folder, "certify", "@request", "--to", "@server.cert") == 0
    assert asked.splitlines()[2] in capsys.readouterr().out
    certificate = open_server_certificate(anchor, (folder / "server.cert").read_bytes())
    assert (certificate.server, certificate.last - certificate.first) == (b"\x0b" * 32, 400)
    assert keys(folder, "show", "@server.cert", private=False) == 0
    assert "of the server" in capsys.readouterr().out
    (folder / "desk").write_bytes(encode_request(StationRequest("itjen", anchor.instance, b"\x0b" * 32)))
    assert keys(folder, "certify", "@desk", "--to", "@itjen.cert") == 1
    assert "for a desk and not for the server" in capsys.readouterr().err
    assert keys(folder, "revoke", str(certificate.serial), "--to", "@revoked") == 0
    assert keys(folder, "certify", "@request", "--to", "@again") == 1
    assert "revoked" in capsys.readouterr().err
